"""Children the district has answered: their school forgets what is its own, and no ghost comes back.

The answers are real ones, carried by bundles: the district's operations lie in the school's log, and
a school cannot erase them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.errors import ProductError
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.progress import Progress
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.retention import UNSUCCESSFUL, RetentionDesk, RetentionOffice, RuleLine
from desktop_app.services.review import DistrictDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.journal import Actor
from desktop_app.sync.verifying import verify_workplace
from tests.services.kit import number, registered
from tests.services.test_retention_rules import Day, day, second, with_days
from tests.sync.site import SCHOOL, hand, reply, take

__all__ = ["day", "second"]


@pytest.fixture
def answered(laptop: Workplace, district: Workplace, tmp_path: Path) -> str:
    """A child who goes to another school, as the district answered."""
    child = registered(laptop, id_number=number(order=301), full_name="王子涵")
    take(district, hand(laptop, tmp_path / "declared").path)
    DistrictDesk(district).decide(SCHOOL, [child], "elsewhere", "OTHER", "去了别校")
    take(laptop, reply(district, tmp_path / "answer").path)
    return child


@pytest.fixture
def due(laptop: Workplace, district: Workplace, day: Day) -> RetentionDesk:
    """Stand at a day on which the rule of children without a place is due."""
    laptop.policy = with_days(laptop.policy, UNSUCCESSFUL, 1)
    district.policy = laptop.policy
    day("2024-11-03")
    return RetentionDesk(laptop)


def withdrawn(laptop: Workplace, order: int, name: str) -> str:
    child = registered(laptop, id_number=number(order=order), full_name=name)
    RegistrationDesk(laptop).take_back(child)
    return child


def line(desk: RetentionDesk | RetentionOffice) -> RuleLine | None:
    return next((one for one in desk.standing().lines if one.rule == UNSUCCESSFUL), None)


def listed(workplace: Workplace) -> list[str]:
    with workplace.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT record FROM projected_applicant")
        return [str(row[0]) for row in rows]


def said(workplace: Workplace, name: str) -> int:
    """Count the operations that still hold a name."""
    with workplace.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT count(*) FROM operation WHERE instr(CAST(payload AS TEXT), ?) > 0", (name,)
        )
        return int(rows.scalar_one())


def refused(desk: RetentionDesk, second: Actor) -> str:
    with pytest.raises(ProductError) as caught:
        desk.erase(UNSUCCESSFUL, 2024, second)
    return caught.value.code


def test_a_school_forgets_an_answered_child_once_and_nothing_is_due_after(
    laptop: Workplace, answered: str, second: Actor, due: RetentionDesk
) -> None:
    withdrawn(laptop, 303, "王子轩")
    found = line(due)
    assert found is not None
    assert (found.children, found.is_due) == (2, True)
    due.carry_out(found, second, Progress())
    assert line(due) is None, "what is left is the district's to erase"
    assert refused(due, second) == "retention.nothing"
    assert listed(laptop) == []
    assert said(laptop, "王子涵") + said(laptop, "王子轩") == 0
    assert verify_workplace(laptop, Progress()).sound


def test_who_withdraws_later_is_forgotten_too(
    laptop: Workplace, answered: str, second: Actor, due: RetentionDesk
) -> None:
    due.erase(UNSUCCESSFUL, 2024, second)
    withdrawn(laptop, 305, "王子宇")
    due.erase(UNSUCCESSFUL, 2024, second)
    assert said(laptop, "王子宇") == 0
    assert listed(laptop) == []


@pytest.mark.parametrize("reason", ["request", "expired"])
def test_an_answered_child_who_withdrew_and_is_erased_stands_nowhere_again(
    laptop: Workplace,
    district: Workplace,
    answered: str,
    second: Actor,
    tmp_path: Path,
    reason: str,
) -> None:
    """The removal stays, or the district's answer alone would make a child without a name."""
    RegistrationDesk(laptop).take_back(answered)
    desk = ErasureDesk(laptop)
    desk.erase(answered, reason, second)
    with pytest.raises(ProductError) as caught:
        desk.erase(answered, reason, second)
    assert caught.value.code == "record.gone"
    take(district, hand(laptop, tmp_path / "erased").path)
    assert listed(laptop) == listed(district) == []


def test_the_district_forgets_the_rest_and_the_school_with_it(
    laptop: Workplace,
    district: Workplace,
    answered: str,
    second: Actor,
    due: RetentionDesk,
    tmp_path: Path,
) -> None:
    due.erase(UNSUCCESSFUL, 2024, second)
    take(district, hand(laptop, tmp_path / "erased").path)
    office = RetentionOffice(district)
    found = line(office)
    assert found is not None
    assert found.children == 1
    office.carry_out(found, None, Progress())
    assert line(office) is None
    take(laptop, reply(district, tmp_path / "back").path)
    assert said(laptop, "去了别校") == said(district, "去了别校") == 0
    assert listed(laptop) == listed(district) == []


def test_nothing_is_erased_but_what_was_asked_about(
    laptop: Workplace, answered: str, second: Actor, due: RetentionDesk
) -> None:
    asked = line(due)
    assert asked is not None
    ErasureDesk(laptop).erase(answered, "expired", second)
    other = withdrawn(laptop, 307, "王子宇")
    found = line(due)
    assert found is not None
    assert (found.children, found.records) == (asked.children, asked.records), "as many"
    with pytest.raises(ProductError) as caught:
        due.carry_out(asked, second, Progress())
    assert caught.value.code == "retention.changed"
    assert said(laptop, "王子宇") > 0
    assert other not in listed(laptop), "withdrawn, and still held"
