"""The district renews its keys, is restored or rolled back, and only some hear of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop_app.domain.declare import Value
from desktop_app.security.computer import Standing
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import DATABASE_NAME, Workplace, computer_folder
from desktop_app.storage import exchange
from desktop_app.sync.verifying import verify_workplace
from tests.sync.site import (
    PASSWORD,
    SCHOOL,
    Site,
    content,
    exchange_all,
    feed_of,
    hand,
    register,
    reply,
    row_of,
    state,
    take,
)


def decide(district: Workplace, record: str, status: str) -> None:
    with district.journal.begin(district.actor(), SCHOOL) as work:
        work.edit("applicant", record, {"district_status": status}, signed=True)


def shut(site: Site, workplace: Workplace) -> Path:
    folder = workplace.folder
    workplace.close()
    site.opened.remove(workplace)
    return folder


def test_a_new_document_that_reached_one_laptop_only_parts_nobody(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """Half a rotation: the laptop that has not heard of it works on and is believed."""
    other = site.laptop(district, "other")
    exchange_all(district, [laptop, other], tmp_path / "first")
    DistrictOffice(district).publish_again(site.folder / "root", PASSWORD)
    take(laptop, reply(district, tmp_path / "new").path)
    assert laptop.district is not None
    assert other.district is not None
    assert (laptop.district.number, other.district.number) == (2, 1)
    child, second = register(laptop), register(other, "李梓涵")
    # Sideways the later document travels along; the other way the older one is left aside.
    (old_way,) = take(laptop, hand(other, tmp_path / "old").path)
    (new_way,) = take(other, hand(laptop, tmp_path / "sideways").path)
    assert (old_way.outcome, new_way.outcome) == ("taken_in", "taken_in")
    assert (laptop.district.number, other.district.number) == (2, 2)
    exchange_all(district, [laptop, other], tmp_path / "second")
    for one in (district, laptop, other):
        assert row_of(one, "applicant", child)
        assert row_of(one, "applicant", second)
        assert not verify_workplace(one, Progress()).flaws
    assert len({state(one) for one in (district, laptop, other)}) == 1


def test_a_district_put_back_from_a_copy_gets_its_decisions_and_the_children_again(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """It goes on under a new feed; what it has forgotten its schools still hold."""
    early = register(laptop)
    exchange_all(district, [laptop], tmp_path / "first")
    folder = shut(site, district)
    copy = (folder / DATABASE_NAME).read_bytes()
    district = site.reopen("district")
    late = register(laptop, "李梓涵")
    take(district, hand(laptop, tmp_path / "late").path)
    decide(district, early, "district_passed")
    decide(district, late, "district_passed")
    take(laptop, reply(district, tmp_path / "decided").path)
    old_feed = feed_of(district, SCHOOL)
    told = content(laptop)[old_feed]
    shut(site, district)
    (folder / DATABASE_NAME).write_bytes(copy)
    district = site.reopen("district")
    assert district.succeeded is Standing.RESTORED
    assert len(content(district)[old_feed]) < len(told)
    assert row_of(district, "applicant", late) == {}
    DistrictOffice(district).publish_again(site.folder / "root", PASSWORD)
    before = content(laptop)
    exchange_all(district, [laptop], tmp_path / "again", rounds=3)
    for feed, lines in before.items():
        assert content(laptop)[feed][: len(lines)] == lines
    assert content(district)[old_feed][: len(told)] == told
    for one in (district, laptop):
        for record in (early, late):
            assert row_of(one, "applicant", record)["district_status"] == "district_passed"
        assert not verify_workplace(one, Progress()).flaws
    assert state(district) == state(laptop)


def test_a_district_rolled_back_with_its_whole_disk_is_named_as_forked(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """Nothing on that disk can tell; the schools hold what it said, and change nothing of it."""
    child = register(laptop)
    exchange_all(district, [laptop], tmp_path / "first")
    folder = shut(site, district)
    for place in (folder, computer_folder(folder)):
        shutil.copytree(place, tmp_path / "image" / place.name)
    district = site.reopen("district")
    decide(district, child, "district_passed")
    take(laptop, reply(district, tmp_path / "true").path)
    feed = feed_of(district, SCHOOL)
    held = content(laptop)
    shut(site, district)
    for path in (tmp_path / "image").rglob("*"):
        if path.is_file():
            place = site.folder / path.relative_to(tmp_path / "image")
            with place.open("r+b") as file:
                file.write(path.read_bytes())
                file.truncate()
    district = site.reopen("district")
    assert district.succeeded is None
    decide(district, child, "district_rejected")
    (taken,) = take(laptop, reply(district, tmp_path / "false").path)
    assert taken.forks == (feed,)
    assert content(laptop) == held
    assert row_of(laptop, "applicant", child)["district_status"] == "district_passed"
    with laptop.database.read() as connection:
        assert feed in exchange.forks(connection)
    assert not verify_workplace(laptop, Progress()).flaws


def test_values_of_a_decision_are_the_districts_alone(
    district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """A desk that writes the district's field is stored, listed and does not count."""
    child = register(laptop)
    with laptop.journal.begin(laptop.actor(), SCHOOL) as work:
        values: dict[str, Value] = {"district_status": "district_passed"}
        work.edit("applicant", child, values, signed=True)
    take(district, hand(laptop, tmp_path / "stick").path)
    for one in (laptop, district):
        assert row_of(one, "applicant", child)["district_status"] is None
        with one.database.read() as connection:
            verdicts = connection.exec_driver_sql("SELECT verdict FROM projected_attention")
            assert "not_owner" in {str(row[0]) for row in verdicts}
