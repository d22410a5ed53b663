"""What is kept of a paper: whose, of when, good until when; the last mark stands, whole or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.codes_care import GUARDIAN_RELATION
from desktop_app.domain.errors import ProductError
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.materials import Mark, MaterialsDesk, is_expired
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from tests.services.kit import form, registered
from tests.sync.site import row_of, shipped_policy

STATES = ("accepted", "waived", "pending_original", "correction_required", "rejected")
SETTLED = {"accepted", "waived"}
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31)).map(dt.date.isoformat)


@pytest.fixture
def record(laptop: Workplace) -> str:
    return registered(laptop, **{"material.HKB": "", "material.GID": ""})


def missing(laptop: Workplace, record: str) -> str:
    return str(row_of(laptop, "applicant", record)["missing_materials"])


def marked(state: str) -> Mark:
    """Give the household register's mark of a state, with a reason where one is asked for."""
    return Mark("HKB", state, reason="PAGE_MISSING" if state in STATES[3:] else "")


def refused(desk: MaterialsDesk, record: str, mark: Mark) -> str:
    with pytest.raises(ProductError) as caught:
        desk.mark(record, mark)
    return caught.value.code


@given(DAYS, DAYS)
def test_a_paper_is_good_on_its_last_day_and_past_it_on_the_next(valid_to: str, today: str) -> None:
    assert is_expired(valid_to, today) is (
        dt.date.fromisoformat(valid_to) < dt.date.fromisoformat(today)
    )
    assert not is_expired("", today)
    assert not is_expired(valid_to, "")


def test_every_relation_may_own_a_paper_and_nothing_else(laptop: Workplace, record: str) -> None:
    desk = MaterialsDesk(laptop)
    for entry in GUARDIAN_RELATION.entries:
        desk.mark(record, Mark("GID", "accepted", owner=entry.value))
        assert desk.open(record).rows["GID"].text("owner") == entry.value
    before = desk.open(record).rows["GID"].heads
    for owner in ("00", "没有这种关系", "5", "51 51"):
        assert refused(desk, record, Mark("GID", "accepted", owner=owner)) == "materials.owner"
    assert desk.open(record).rows["GID"].heads == before
    desk.mark(record, Mark("GID", "accepted"))
    assert desk.open(record).rows["GID"].values["owner"] is None


def test_dates_are_kept_as_the_calendar_writes_them_and_no_day_that_is_none(
    laptop: Workplace, record: str
) -> None:
    desk = MaterialsDesk(laptop)
    for typed in ("20240229", "2024-02-29", "2024.2.29", "2024年2月29日"):
        desk.mark(record, Mark("HKB", "accepted", dated=typed, valid_to=typed))
        row = desk.open(record).rows["HKB"]
        assert (row.text("dated"), row.text("valid_to")) == ("2024-02-29",) * 2
    for typed in ("20230229", "2024-13-01", "今天", "0", "2024-02-30", "2024-00-10"):
        for mark in (Mark("HKB", "accepted", dated=typed), Mark("HKB", "waived", valid_to=typed)):
            assert refused(desk, record, mark) == "materials.date"
    assert desk.open(record).rows["HKB"].text("dated") == "2024-02-29"


def test_the_last_mark_stands_alone_whatever_was_noted_before(
    laptop: Workplace, record: str
) -> None:
    desk = MaterialsDesk(laptop)
    for first in STATES:
        for last in STATES:
            desk.mark(record, marked(first))
            checklist = desk.mark(record, marked(last))
            opened = desk.open(record)
            assert len(opened.rows) == 1
            row = opened.rows["HKB"]
            assert row.text("result") == last
            assert (row.values["original_seen"] is True) is (last == "accepted")
            assert bool(row.text("due_on")) is (last in {"pending_original", "correction_required"})
            assert bool(row.text("reason")) is (last in STATES[3:])
            assert opened.checklist == checklist
            assert ("HKB" in missing(laptop, record).split()) is (last not in SETTLED)


def test_a_mark_that_is_refused_leaves_child_and_paper_as_they_were(
    laptop: Workplace, record: str
) -> None:
    desk = MaterialsDesk(laptop)
    before = row_of(laptop, "applicant", record)
    for mark, code in (
        (Mark("HKB", "rejected", reason="OTHER"), "review.note"),
        (Mark("HKB", "rejected", reason="OTHER", note="长" * 201), "review.note_long"),
        (Mark("HKB", "rejected"), "materials.reason"),
        (Mark("", "accepted"), "material.not_asked"),
        (Mark("PROP", "accepted"), "material.not_asked"),
        (Mark("HKB", ""), "materials.state"),
        (Mark("HKB", "missing"), "materials.state"),
    ):
        assert refused(desk, record, mark) == code
    assert desk.open(record).rows == {}
    assert row_of(laptop, "applicant", record) == before
    assert refused(desk, "nobody", Mark("HKB", "accepted")) == "record.gone"
    RegistrationDesk(laptop).take_back(record)
    assert refused(desk, record, Mark("HKB", "accepted")) == "record.gone"


def test_an_expired_paper_is_told_on_its_row_and_only_there(
    laptop: Workplace, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = int(dt.datetime.fromisoformat("2024-08-20T12:00:00").astimezone().timestamp() * 1000)
    monkeypatch.setattr("desktop_app.services.calendar.wall_milliseconds", lambda: noon)
    desk = MaterialsDesk(laptop)
    desk.mark(record, Mark("HKB", "accepted", valid_to="2024-08-20"))
    desk.mark(record, Mark("GID", "accepted", valid_to="2024-08-19"))
    papers = {one.material: one.expired for one in ExaminationDesk(laptop).open(record).papers}
    assert papers == {"HKB": False, "GID": True}


def test_a_child_of_another_category_keeps_what_was_seen_and_owes_what_is_new(
    laptop: Workplace, record: str
) -> None:
    desk = MaterialsDesk(laptop)
    desk.mark(record, Mark("HKB", "accepted", number="H-1"))
    amended = form(category="A7", **{"material.HKB": "accepted", "material.GID": ""})
    AmendmentDesk(laptop).amend(record, amended)
    opened = desk.open(record)
    assert opened.rows["HKB"].text("number") == "H-1"
    assert set(missing(laptop, record).split()) == {"GID", "PCON"}
    assert set(opened.checklist.next_materials()) == {"GID", "PCON"}


def test_every_category_can_be_completed_paper_by_paper_and_in_no_more_than_it_says() -> None:
    for category in shipped_policy().categories.values():
        checklist = category.checklist()
        told = checklist.next_materials()
        for place, material in enumerate(told):
            assert not checklist.is_complete
            assert checklist.next_materials() == told[place:]
            checklist = checklist.accept(material)
        assert checklist.is_complete
