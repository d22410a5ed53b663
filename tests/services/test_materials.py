"""The materials desk: what was seen, what may come late, what must be mended."""

from __future__ import annotations

import pytest

from desktop_app.domain.errors import RuleError
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row
from tests.services.kit import form, registered, without


def child(workplace: Workplace, record: str) -> Row:
    with workplace.journal.begin(workplace.actor()) as work:
        return work.row("applicant", record)


@pytest.fixture
def record(laptop: Workplace) -> str:
    filled = without(form(), "material.HKB", "material.GID")
    return registered(laptop, **{name: filled.get(name, "") for name in form()})


def test_an_original_seen_needs_no_image_but_may_carry_number_and_date(
    laptop: Workplace, record: str
) -> None:
    desk = MaterialsDesk(laptop)
    desk.mark(record, Mark("HKB", "accepted", number="H-1", dated="20240816"))
    opened = desk.open(record)
    assert opened.rows["HKB"].values["original_seen"] is True
    assert opened.rows["HKB"].values["dated"] == "2024-08-16"
    assert child(laptop, record).text("missing_materials") == "GID"


def test_the_last_paper_completes_the_list(laptop: Workplace, record: str) -> None:
    desk = MaterialsDesk(laptop)
    desk.mark(record, Mark("HKB", "accepted"))
    assert desk.mark(record, Mark("GID", "waived", reason="公安名册")).is_complete
    assert child(laptop, record).text("missing_materials") == ""


def test_a_late_paper_keeps_its_day_and_stays_missing(laptop: Workplace, record: str) -> None:
    desk = MaterialsDesk(laptop)
    desk.mark(record, Mark("GID", "pending_original"))
    assert desk.open(record).rows["GID"].text("due_on") == desk.deadline()
    assert "GID" in child(laptop, record).text("missing_materials")


@pytest.mark.parametrize("state", ["correction_required", "rejected"])
def test_asking_for_more_needs_a_reason(laptop: Workplace, record: str, state: str) -> None:
    desk = MaterialsDesk(laptop)
    with pytest.raises(RuleError, match=r"materials\.reason"):
        desk.mark(record, Mark("HKB", state))
    desk.mark(record, Mark("HKB", state, reason="PAGE_MISSING"))
    assert desk.open(record).rows["HKB"].text("reason") == "PAGE_MISSING"


def test_marking_again_changes_the_same_row(laptop: Workplace, record: str) -> None:
    desk = MaterialsDesk(laptop)
    desk.mark(record, Mark("HKB", "rejected", reason="PAGE_MISSING"))
    desk.mark(record, Mark("HKB", "accepted"))
    assert len(desk.open(record).rows) == 1
    assert desk.open(record).rows["HKB"].values["reason"] is None


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (Mark("VACC", "accepted"), "material.not_asked"),
        (Mark("HKB", "perhaps"), "materials.state"),
        (Mark("HKB", "accepted", dated="20240230"), "materials.date"),
        (Mark("HKB", "accepted", valid_to="24年"), "materials.date"),
    ],
)
def test_what_is_not_asked_or_no_date_changes_nothing(
    laptop: Workplace, record: str, mark: Mark, code: str
) -> None:
    desk = MaterialsDesk(laptop)
    with pytest.raises(RuleError) as refused:
        desk.mark(record, mark)
    assert refused.value.code == code
    assert desk.open(record).rows == {}
