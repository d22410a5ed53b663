"""A paper is checked from a shell as at the desk: whose, of when, until when, why; and erased by rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from desktop_app.domain.declare import Value
from desktop_app.services.materials import MaterialsDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.setup import open_workplace
from tests.commands.site import (
    OFFICER,
    PASSWORDS,
    PRINCIPAL,
    REGISTRAR,
    REVIEWER,
    SCHOOL,
    Site,
    done,
    lines_of,
    run,
)

STATES = ("accepted", "waived", "pending_original", "correction_required", "rejected")
WHOLE = ("--number", "H-1", "--dated", "20240816", "--valid-to", "2034-08-16", "--owner", "51")


@pytest.fixture(scope="module")
def receipts(registered: Site) -> list[str]:
    """Give the numbers of children of whom household register and guardian's card are asked."""
    assert registered.sheet is not None
    found = []
    for family in registered.sheet.registered:
        asked = shipped_policy().categories[family.category].checklist().required.codes()
        if family.id_number and {"HKB", "GID"} <= set(asked):
            found.append(str(lines_of(registered, family)[0]["receipt_number"]))
    assert len(found) >= 3
    return found


def words(site: Site, receipt: str, material: str, state: str, *more: str) -> list[str]:
    me = site.as_person(REGISTRAR)
    return ["check", *me, receipt, "--material", material, "--state", state, *more]


def noted(site: Site, receipt: str, material: str) -> Mapping[str, Value]:
    """Give what is noted of a paper, as the desk reads it."""
    policy = shipped_policy()
    workplace = open_workplace(site.school, REGISTRAR, PASSWORDS[REGISTRAR], policy)
    try:
        with workplace.journal.begin(workplace.actor()) as work:
            (child,) = work.rows("applicant", receipt_number=receipt)
        return MaterialsDesk(workplace).open(child.record).rows[material].values
    finally:
        workplace.close()


def test_whatever_is_known_of_a_paper_is_written_with_it(
    registered: Site, receipts: list[str]
) -> None:
    done(*words(registered, receipts[0], "HKB", "accepted", *WHOLE))
    kept = noted(registered, receipts[0], "HKB")
    assert {name: kept[name] for name in ("number", "dated", "valid_to", "owner", "result")} == {
        "number": "H-1",
        "dated": "2024-08-16",
        "valid_to": "2034-08-16",
        "owner": "51",
        "result": "accepted",
    }
    done(*words(registered, receipts[0], "HKB", "accepted"))
    kept = noted(registered, receipts[0], "HKB")
    assert [kept[name] for name in ("number", "dated", "valid_to", "owner")] == [None] * 4


def test_other_reasons_are_given_in_words_or_not_at_all(
    registered: Site, receipts: list[str]
) -> None:
    receipt = receipts[1]
    asked = words(registered, receipt, "HKB", "correction_required", "--reason", "OTHER")
    assert run(*asked).code == "review.note"
    assert run(*asked, "--note", "  ").code == "review.note"
    assert run(*asked, "--note", "长" * 201).code == "review.note_long"
    told = done(*asked, "--note", "照片  看不清")
    assert told["complete"] is False
    assert any(one.startswith("HKB ") for one in told["missing"])
    assert told["due"]
    kept = noted(registered, receipt, "HKB")
    assert (kept["reason"], kept["reason_note"]) == ("OTHER", "照片 看不清")


def test_whose_a_paper_is_must_be_a_relation(registered: Site, receipts: list[str]) -> None:
    for owner in ("00", "父亲的", "5", "51 52"):
        asked = words(registered, receipts[2], "GID", "accepted", "--owner", owner)
        assert run(*asked).code == "materials.owner"


def test_every_state_says_what_is_missing_until_when_and_the_last_one_stands(
    registered: Site, receipts: list[str]
) -> None:
    receipt = receipts[2]
    for state in STATES:
        more = ["--reason", "PAGE_MISSING"] if state in STATES[3:] else []
        told = done(*words(registered, receipt, "GID", state, *more))
        open_still = any(one.startswith("GID ") for one in told["missing"])
        assert open_still is (state not in {"accepted", "waived"})
        assert told["complete"] is not bool(told["missing"])
        assert bool(told["due"]) is (state in {"pending_original", "correction_required"})
        if told["due"]:
            assert dt.date.fromisoformat(told["due"]).isoformat() == told["due"]
    assert noted(registered, receipt, "GID")["result"] == "rejected"
    done(*words(registered, receipt, "GID", "accepted"))
    kept = noted(registered, receipt, "GID")
    assert (kept["reason"], kept["due_on"]) == (None, None)


def test_the_district_checks_no_paper_for_a_school(registered: Site, receipts: list[str]) -> None:
    me = registered.as_person(OFFICER)
    asked = ["check", *me, receipts[0], "--material", "HKB", "--state", "accepted"]
    assert run(*asked).code == "command.receipt"


def test_a_school_nobody_holds_has_no_list_of_what_is_due(registered: Site) -> None:
    officer, principal = registered.as_person(OFFICER), registered.as_person(PRINCIPAL)
    for me in (officer, principal):
        assert run("retention", *me, "--school", "2141041199").code == "command.school"
        assert run("retention", *me, "--school", "x").code == "command.school"
    told = done("retention", *principal, "--school", SCHOOL)
    assert told["rules"] == done("retention", *principal)["rules"]
    stick = registered.root / "stick"
    done("export", *principal, "--to", stick)
    done("ingest", *officer, "--inbox", stick)
    at_district = done("retention", *officer, "--school", SCHOOL)
    assert at_district["rules"] == told["rules"]


def test_every_rule_is_refused_before_its_day_and_for_a_season_nobody_has(
    registered: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.services.retention.stray_year", lambda _season: 0)
    monkeypatch.setattr("desktop_app.services.retention.local_day", lambda: dt.date(2024, 8, 24))
    principal = registered.as_person(PRINCIPAL)
    by_two = ["--second", REVIEWER, "--second-password-file", registered.password(REVIEWER)]
    before = done("digest", *principal)
    for rule in ("images", "unsuccessful", "material_rows"):
        for season in ("2024", "99999", "-7"):
            asked = ["retention", *principal, "--erase", rule, f"--season={season}"]
            assert run(*asked, *by_two).code == "retention.not_due"
    lists = ["retention", *principal, "--erase", "match_list_source"]
    assert run(*lists, *by_two).code == "retention.rule"
    assert done("digest", *principal) == before


def test_rows_of_papers_are_erased_by_two_persons_once_their_years_are_over(
    registered: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.services.retention.stray_year", lambda _season: 0)
    day = dt.date(2027, 11, 1)
    monkeypatch.setattr("desktop_app.services.retention.local_day", lambda: day)
    principal = registered.as_person(PRINCIPAL)
    (rows,) = [
        one for one in done("retention", *principal)["rules"] if one["rule"] == "material_rows"
    ]
    assert rows["is_due"]
    erase = ["retention", *principal, "--erase", "material_rows"]
    assert run(*erase).code == "erasure.not_allowed"
    wrong = ["--second", REVIEWER, "--second-password-file", registered.password(PRINCIPAL)]
    assert run(*erase, *wrong).code == "vault.wrong_password"
    by_two = ["--second", REVIEWER, "--second-password-file", registered.password(REVIEWER)]
    told = done(*erase, *by_two)
    assert told["erased_operations"] >= rows["records"]
    left = done("retention", *principal)["rules"]
    assert "material_rows" not in [one["rule"] for one in left]
    assert run(*erase, *by_two).code == "retention.nothing"
    assert done("verify", *principal)["holds"]
