"""What is due by rule is listed, erased by two persons after a question, and never by a clock alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from desktop_app.documents.images import PreparedScan
from desktop_app.domain.acts import Role
from desktop_app.domain.errors import ProductError
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.retention import IMAGES, LISTS, ROWS, UNSUCCESSFUL, RetentionDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.journal import Actor
from tests.services.kit import form, let_in, number
from tests.sync.site import PASSWORD

PAGE = PreparedScan(jpeg=b"\xff\xd8 made-up page \xff\xd9", width=8, height=8, thumbnail=b"")
SECOND = "王秀英"
Day = Callable[[str], None]


@pytest.fixture
def second(laptop: Workplace) -> Actor:
    let_in(laptop, SECOND, Role.REVIEWER)
    return ErasureDesk(laptop).second(SECOND, bytearray(PASSWORD, "utf-8"))


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch, laptop: Workplace) -> Day:
    """Set the clock's day, for what asks for it here."""

    def set_to(text: str) -> None:
        now = dt.date.fromisoformat(text)
        year = laptop.policy.season_year
        monkeypatch.setattr("desktop_app.services.retention.local_day", lambda: now)
        monkeypatch.setattr(
            "desktop_app.services.retention.stray_year",
            lambda _season: 0 if now.year == year else now.year,
        )

    return set_to


def register(laptop: Workplace, order: int) -> str:
    filled = form(id_number=number(order=order), full_name=f"王子{'涵轩宇'[order % 3]}")
    return RegistrationDesk(laptop).register(filled).record


def counts(desk: RetentionDesk) -> dict[str, tuple[int, int, bool]]:
    return {one.rule: (one.children, one.records, one.is_due) for one in desk.standing().lines}


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ProductError) as caught:
        call()
    return caught.value.code


def test_images_are_forgotten_by_two_persons_after_the_season_and_the_child_stays(
    laptop: Workplace, second: Actor, day: Day
) -> None:
    desk, scans, child = RetentionDesk(laptop), ScanDesk(laptop), register(laptop, 101)
    first = scans.attach_prepared(child, "HKB", PAGE)
    kept = scans.attach_prepared(child, "HKB", PAGE, instead=first)
    day("2026-03-01")
    assert desk.standing().stray_year == 2026
    assert counts(desk)[IMAGES] == (1, 4, False)
    assert refused(lambda: desk.erase(IMAGES, 2024, second)) == "retention.clock"
    day("2024-10-31")
    assert refused(lambda: desk.erase(IMAGES, 2024, second)) == "retention.not_due"
    day("2024-11-01")
    assert counts(desk)[IMAGES] == (1, 4, True)
    assert counts(desk)[ROWS][2] is False
    assert refused(lambda: desk.erase(IMAGES, 2024)) == "erasure.not_allowed"
    assert len(list(laptop.scans.digests())) == 2
    erased = desk.erase(IMAGES, 2024, second)
    assert (erased.operations >= 4, erased.pages) == (True, 2)
    assert list(laptop.scans.digests()) == []
    assert refused(lambda: scans.read(kept)) == "record.gone"
    assert IMAGES not in counts(desk)
    assert refused(lambda: desk.erase(IMAGES, 2024, second)) == "retention.nothing"
    with laptop.journal.begin(laptop.actor()) as work:
        assert work.row("applicant", child).text("full_name")
        assert len(work.rows("material_check", applicant=child)) == 2
        assert work.rows("scan_key") == []
    with laptop.database.read() as connection:
        left = connection.exec_driver_sql(
            "SELECT count(*) FROM operation WHERE kind = 'scan_key' AND payload IS NOT NULL"
            " AND instr(CAST(payload AS TEXT), 'AGE-SECRET-KEY') > 0"
        ).scalar_one()
    assert left == 0


def test_who_got_no_place_or_withdrew_goes_after_90_days_and_nobody_else(
    laptop: Workplace, second: Actor, day: Day
) -> None:
    desk = RetentionDesk(laptop)
    stays, withdrawn, elsewhere = (register(laptop, 101 + 2 * order) for order in range(3))
    RegistrationDesk(laptop).take_back(withdrawn)
    with laptop.database.write() as connection:  # as the district's answer is folded
        connection.exec_driver_sql(
            "UPDATE projected_applicant SET district_status = 'elsewhere' WHERE record = ?",
            (elsewhere,),
        )
    day("2024-12-31")
    assert counts(desk)[UNSUCCESSFUL] == (2, 2, False)
    laptop.policy = dataclasses.replace(
        laptop.policy, retention=dataclasses.replace(laptop.policy.retention, unsuccessful=30)
    )
    desk = RetentionDesk(laptop)
    assert counts(desk)[UNSUCCESSFUL] == (2, 2, True)
    assert desk.erase(UNSUCCESSFUL, 2024, second).operations > 4
    assert UNSUCCESSFUL not in counts(desk)
    with laptop.journal.begin(laptop.actor()) as work:
        assert [row.record for row in work.rows("applicant")] == [stays]


def test_rows_of_an_old_season_fall_due_under_the_package_of_a_later_year(
    laptop: Workplace, second: Actor, day: Day
) -> None:
    child = register(laptop, 101)
    shipped = laptop.policy
    later = tuple(
        dataclasses.replace(one, closes=one.closes.replace("2024", "2028"))
        for one in shipped.windows
    )
    laptop.policy = dataclasses.replace(shipped, season_year=2028, windows=later)
    desk = RetentionDesk(laptop)
    day("2028-06-01")
    (rows,) = [one for one in desk.standing().lines if one.rule == ROWS]
    assert (rows.season, rows.after, rows.is_due) == (2024, "2027-10-31", True)
    desk.erase(ROWS, 2024, second)
    with laptop.journal.begin(laptop.actor()) as work:
        assert work.rows("material_check", applicant=child) == []
        assert work.row("applicant", child).text("full_name")


def test_a_school_is_not_offered_what_the_district_wrote(
    laptop: Workplace, district: Workplace, second: Actor, day: Day
) -> None:
    day("2024-11-02")
    assert refused(lambda: RetentionDesk(laptop).erase(LISTS, 2024, second)) == "retention.rule"
    assert RetentionDesk(district, laptop.seat.code).standing().lines == ()
