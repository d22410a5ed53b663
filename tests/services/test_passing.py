"""Passing many at once, and taking it back: exceptions with why, one commit, states exact."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.passing import PassingDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.undoing import UndoDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row
from tests.services.kit import form, let_in, log_in, number, registered
from tests.sync.site import PASSWORD, SCHOOL, Site

STATUS = ("review", "review_reason", "review_field", "review_note", "amended")


def child(workplace: Workplace, record: str) -> Row:
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        return work.row("applicant", record)


def status(workplace: Workplace, record: str) -> list[object]:
    return [child(workplace, record).values.get(name) for name in STATUS]


def another(workplace: Workplace, order: int, name: str, **more: str) -> str:
    """Register a child of another family."""
    family = {
        "id_number": number(order=order),
        "full_name": name,
        "guardian_name": f"{name[0]}建军",
        "guardian_id_number": number("19890522", order),
        "guardian_phone": f"138000{order:05d}",
    }
    return registered(workplace, **family | more)


@pytest.fixture
def records(laptop: Workplace) -> dict[str, str]:
    let_in(laptop, "周敏", Role.REVIEWER)
    let_in(laptop, "王芳", Role.REVIEWER)
    return {
        "one": another(laptop, 301, "王子涵"),
        "two": another(laptop, 303, "魏振豪"),
        "late": another(laptop, 305, "汪芷晗", **{"material.GID": "pending_original"}),
        "back": another(laptop, 307, "文浩然"),
        "mended": another(laptop, 309, "韦若曦"),
        "mine": another(laptop, 311, "邬思远"),
    }


@pytest.fixture
def reviewer(site: Site, laptop: Workplace, records: dict[str, str]) -> Workplace:
    workplace = log_in(site, laptop, "周敏")
    desk = ReviewDesk(workplace)
    desk.send_back(records["back"], "ADDRESS_DIFFERS", "hukou_address")
    desk.send_back(records["mended"], "ADDRESS_DIFFERS", "hukou_address")
    AmendmentDesk(workplace).amend(records["mine"], _mended(workplace, records["mine"], "5组8号"))
    workplace = log_in(site, workplace, "王芳")
    changed = _mended(workplace, records["mended"], "6组1号")
    AmendmentDesk(workplace).amend(records["mended"], changed)
    return log_in(site, workplace, "周敏")


def _mended(workplace: Workplace, record: str, address: str) -> dict[str, str]:
    opened = dict(AmendmentDesk(workplace).open(record).form)
    return opened | {"hukou_address": address, "current_address": address}


def test_the_exceptions_are_listed_with_why_and_the_rest_is_clean(
    reviewer: Workplace, records: dict[str, str]
) -> None:
    preview = PassingDesk(reviewer).preview()
    why = {one.record: [why.code for why in one.why] for one in preview.flagged}
    assert why == {
        records["late"]: ["missing"],
        records["back"]: ["returned"],
        records["mended"]: ["amended"],
        records["mine"]: ["own_change"],
    }
    assert set(preview.clean) == {records["one"], records["two"]}


def test_one_password_passes_all_clean_ones_and_undo_restores_every_state(
    reviewer: Workplace, records: dict[str, str]
) -> None:
    desk = PassingDesk(reviewer)
    before = {one: status(reviewer, one) for one in records.values()}
    clean = desk.preview().clean
    with pytest.raises(RuleError, match=r"vault\.wrong_password"):
        desk.pass_many(clean, "some-other-word")
    assert {one: status(reviewer, one) for one in records.values()} == before
    done = desk.pass_many(clean, PASSWORD)
    assert (set(done.records), done.overtaken) == ({records["one"], records["two"]}, ())
    assert status(reviewer, records["one"])[0] == "passed"
    assert status(reviewer, records["late"])[0] is None
    undone = UndoDesk(reviewer).undo(done.records)
    assert (undone.records, undone.kept) == (done.records, ())
    assert {one: status(reviewer, one) for one in records.values()} == before
    told = [(one.act, one.person) for one in CaseDesk(reviewer).open(records["one"]).events]
    assert told[-2:] == [("passed", "周敏"), ("undone", "周敏")]
    assert [one.why for one in UndoDesk(reviewer).undo(done.records).kept] == ["nothing"] * 2


def test_what_somebody_changed_since_it_was_shown_is_named_and_left(
    site: Site, reviewer: Workplace, records: dict[str, str]
) -> None:
    clean = PassingDesk(reviewer).preview().clean
    other = log_in(site, reviewer, "王芳")
    AmendmentDesk(other).amend(records["two"], _mended(other, records["two"], "9组9号"))
    again = log_in(site, other, "周敏")
    done = PassingDesk(again).pass_many(clean, PASSWORD)
    assert done.records == (records["one"],)
    assert [(one.record, one.name) for one in done.overtaken] == [(records["two"], "魏振豪")]
    assert status(again, records["two"])[0] is None


def test_a_decision_somebody_acted_on_since_is_not_undone(
    site: Site, reviewer: Workplace, records: dict[str, str]
) -> None:
    ReviewDesk(reviewer).send_back(records["one"], "ADDRESS_DIFFERS", "hukou_address")
    ReviewDesk(reviewer).approve([records["two"]])
    other = log_in(site, reviewer, "王芳")
    AmendmentDesk(other).amend(records["one"], _mended(other, records["one"], "9组9号"))
    theirs = UndoDesk(other).undo([records["two"]])
    assert [one.why for one in theirs.kept] == ["others"]
    again = log_in(site, other, "周敏")
    undone = UndoDesk(again).undo([records["one"], records["two"]])
    assert undone.records == (records["two"],)
    assert [(one.name, one.why) for one in undone.kept] == [("王子涵", "changed")]
    assert status(again, records["one"])[0] == "returned"
    assert status(again, records["one"])[4] is True


def test_undoing_a_send_back_makes_the_case_wait_as_it_did(
    reviewer: Workplace, records: dict[str, str]
) -> None:
    before = status(reviewer, records["mended"])
    assert before[0] == "returned"
    ReviewDesk(reviewer).approve([records["mended"]])
    UndoDesk(reviewer).undo([records["mended"]])
    assert status(reviewer, records["mended"]) == before


def test_whoever_is_no_reviewer_passes_nothing(site: Site, laptop: Workplace) -> None:
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    record = registered(laptop)
    registrar = log_in(site, laptop, "刘素琴")
    with pytest.raises(RuleError, match=r"review\.not_reviewer"):
        PassingDesk(registrar).preview()
    with pytest.raises(RuleError, match=r"review\.not_reviewer"):
        UndoDesk(registrar).undo([record])
    assert form()["full_name"] == child(registrar, record).text("full_name")
