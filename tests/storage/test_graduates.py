"""Who of the list has come: junior applicants of the school, and nobody else."""

from __future__ import annotations

import pytest

from desktop_app.domain.declare import Value
from desktop_app.storage import merged
from desktop_app.storage.graduates import applicant_of, arrived
from tests.feeds.kit import SCHOOL
from tests.storage.conftest import MakeLaptop
from tests.storage.kit import CHILD, Laptop

ENTRY, OTHER_ENTRY = "019af000-0000-7000-8000-000000000001", "019af000-0000-7000-8000-000000000002"
ELSEWHERE = "2141041102"


@pytest.fixture
def laptop(make_laptop: MakeLaptop) -> Laptop:
    return make_laptop()


def write(laptop: Laptop, *, stage: str = "J1", **more: Value) -> str:
    """Write an applicant."""
    with laptop.journal.begin(laptop.actor(), laptop.scope) as work:
        return work.create("applicant", CHILD | {"stage": stage} | more)


def come(laptop: Laptop, scope: str = SCHOOL) -> dict[str, str]:
    with laptop.database.read() as connection:
        return arrived(connection, scope)


def who(laptop: Laptop, entry: str, scope: str = SCHOOL) -> str:
    with laptop.database.read() as connection:
        return applicant_of(connection, scope, entry)


def test_an_applicant_names_the_entry_or_why_there_is_none_or_nothing(laptop: Laptop) -> None:
    listed = write(laptop, graduate=ENTRY)
    off = write(laptop, graduate="returning", full_name="返乡娃")
    unsaid = write(laptop, full_name="孟一诺")
    assert come(laptop) == {listed: ENTRY, off: "returning", unsaid: ""}
    assert who(laptop, ENTRY) == listed
    assert who(laptop, OTHER_ENTRY) == ""


def test_a_primary_pupil_is_nobody_of_the_list(laptop: Laptop) -> None:
    write(laptop, stage="P1", graduate=ENTRY)
    assert come(laptop) == {}


def test_another_school_counts_its_own(laptop: Laptop) -> None:
    write(laptop, graduate=ENTRY)
    assert come(laptop, ELSEWHERE) == {}
    assert who(laptop, ENTRY, ELSEWHERE) == ""


def test_who_was_taken_back_has_not_come_and_may_come_again(laptop: Laptop) -> None:
    first = write(laptop, graduate=ENTRY)
    with laptop.journal.begin(laptop.actor(), laptop.scope) as work:
        work.remove("applicant", first)
    assert come(laptop) == {}
    assert who(laptop, ENTRY) == ""
    again = write(laptop, graduate=ENTRY)
    assert (come(laptop), who(laptop, ENTRY)) == ({again: ENTRY}, again)


def test_an_amendment_moves_the_child_to_another_entry(laptop: Laptop) -> None:
    record = write(laptop, graduate=ENTRY)
    with laptop.journal.begin(laptop.actor(), laptop.scope) as work:
        work.edit("applicant", record, {"graduate": OTHER_ENTRY})
    assert (who(laptop, ENTRY), who(laptop, OTHER_ENTRY)) == ("", record)
    with laptop.journal.begin(laptop.actor(), laptop.scope) as work:
        work.edit("applicant", record, {"graduate": None})
    assert come(laptop) == {record: ""}


def test_of_a_child_registered_twice_one_has_come(laptop: Laptop) -> None:
    """What was merged into another registration is no second arrival."""
    stays, gone = write(laptop, graduate=ENTRY), write(laptop, graduate=ENTRY)
    assert set(come(laptop)) == {stays, gone}
    with laptop.journal.begin(laptop.actor(), laptop.scope) as work:
        values: dict[str, Value] = {
            "rule": "D1",
            "applicant": gone,
            "other": stays,
            "decision": "same",
            "stays": stays,
            "seen": merged.seen_of(work.connection, work.scope, gone),
        }
        work.create("duplicate_decision", values)
    assert come(laptop) == {stays: ENTRY}
    assert who(laptop, ENTRY) == stays
