"""A registration amended by command: what is written, what is refused, and what nobody loses."""

from __future__ import annotations

from typing import Any

import pytest

from desktop_app.commands.families import Family
from tests.commands.site import PRINCIPAL, REGISTRAR, REVIEWER, Site, done, lacking, lines_of, run


@pytest.fixture(scope="module")
def family(registered: Site) -> Family:
    """Choose a family with a number and all its papers."""
    assert registered.sheet is not None
    return next(one for one in registered.sheet.registered if one.id_number)


@pytest.fixture(scope="module")
def passed(registered: Site, family: Family) -> Family:
    """Choose another one, since what is passed stays so for the tests beside it."""
    assert registered.sheet is not None
    return next(
        one
        for one in registered.sheet.registered
        if one.id_number and one != family and not lacking(one)
    )


def receipt_of(site: Site, family: Family) -> str:
    return str(lines_of(site, family)[0]["receipt_number"])


def shown(site: Site, text: str) -> list[dict[str, Any]]:
    told = done("find", *site.as_person(REGISTRAR), text)
    found = told["applicants"]
    assert isinstance(found, list)
    return found


def test_only_what_differs_is_written_and_told(registered: Site, family: Family) -> None:
    receipt = receipt_of(registered, family)
    words = ["amend", *registered.as_person(REGISTRAR), receipt]
    told = done(*words, "--set", "guardian_phone=13900001234", "--set", "boarding_code=2")
    assert told["receipt_number"] == receipt
    assert sorted(told["changed"]) == ["boarding_code", "guardian_phone"]
    assert [one["receipt_number"] for one in shown(registered, "1234")][:1] == [receipt]
    again = done(*words, "--set", "guardian_phone=13900001234")
    assert again["changed"] == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["guardian_phone"], "command.usage"),
        (["district_status=admitted"], "command.code"),
        (["receipt_number=X"], "command.code"),
        (["full_name="], "form.incomplete"),
        (["id_number=419999201803140011"], "form.incomplete"),
    ],
)
def test_what_will_not_do_is_refused_and_nothing_is_changed(
    registered: Site, family: Family, given: list[str], code: str
) -> None:
    receipt = receipt_of(registered, family)
    before = done("digest", *registered.as_person(PRINCIPAL))["digest"]
    words = [part for one in given for part in ("--set", one)]
    ran = run("amend", *registered.as_person(REGISTRAR), receipt, *words)
    assert ran.code == code
    assert done("digest", *registered.as_person(PRINCIPAL))["digest"] == before


def test_a_passed_case_is_sent_back_first_and_its_amender_does_not_pass_it(
    registered: Site, passed: Family
) -> None:
    receipt = receipt_of(registered, passed)
    reviewer = registered.as_person(REVIEWER)
    principal = registered.as_person(PRINCIPAL)
    done("review", "approve", *reviewer, receipt)
    words = [receipt, "--set", "guardian_phone=13900005678"]
    assert run("amend", *reviewer, *words).code == "amend.passed"
    back = ["--reason", "ADDRESS_DIFFERS", "--field", "hukou_address"]
    done("review", "send-back", *reviewer, receipt, *back)
    assert done("amend", *reviewer, *words)["changed"] == ["guardian_phone"]
    assert run("review", "approve", *reviewer, receipt).code == "review.own_change"
    assert done("review", "approve", *principal, receipt)["approved"] == 1


def test_the_fields_are_listed_with_their_names() -> None:
    fields = done("codes", "fields")["fields"]
    assert fields["guardian_phone"]
    assert "district_status" not in fields
