"""The primary schools of a feeder rule: known ones only, of primary pupils, and of such rules."""

from __future__ import annotations

from desktop_app.domain.feeder import feeder_rules, one_school
from desktop_app.policy.load import load_files
from desktop_app.policy.package import Policy
from tests.policy.conftest import Change, FaultsOf

FILE = "catchment.toml"
NAMED = 'primaries = ["2141041105", "2141041106"]'


def test_every_public_primary_school_but_one_names_its_junior_school(policy: Policy) -> None:
    found = {
        code: one_school(feeder_rules(policy.catchment, code, []))
        for code, school in policy.schools.items()
        if school.stage == "P1" and school.is_public
    }
    assert found["2141041101"] == "3141041101"
    assert found["2141041105"] == "3141041102"
    assert [code for code, school in found.items() if not school] == ["2141041110"]


def test_a_school_that_is_none_or_no_primary_one_is_refused(faults_of: FaultsOf) -> None:
    unknown = faults_of(FILE, NAMED, 'primaries = ["2141041999"]')
    assert unknown == {("catchment.toml:15", "policy.code_not_listed")}
    assert faults_of(FILE, NAMED, 'primaries = ["3141041101"]') == unknown
    twice = faults_of(FILE, NAMED, 'primaries = ["2141041105", "2141041105"]')
    assert twice == {("catchment.toml:15", "policy.twice")}


def test_another_kind_of_rule_names_no_primary_school(faults_of: FaultsOf) -> None:
    found = faults_of(FILE, f'kind = "feeder"\n{NAMED}', f'kind = "single"\n{NAMED}')
    assert found == {("catchment.toml:15", "policy.unknown_key")}


def test_a_rule_may_name_primary_schools_alone(change: Change) -> None:
    made = load_files(
        change(
            FILE,
            NAMED,
            f'{NAMED}\nbasis = "示例，区教体局公布后替换"\n\n[[rule]]\n'
            'row = "15V"\nstage = "J1"\nschool = "3141041102"\nkind = "feeder"',
        )
    )
    rules = [one for one in made.catchment if one.primary == "2141041106"]
    assert [one.village for one in rules] == [""]
