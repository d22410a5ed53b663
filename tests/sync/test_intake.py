"""What the district is told of one school: received, missing, refused and why, waiting for whom."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop_app.domain.declare import Value
from desktop_app.policy.package import Policy
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.sync import packing
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.intake import UNNAMED, IntakeDetail, intake_details
from desktop_app.sync.marks import laptop_name, mark_of
from desktop_app.sync.naming import read_feed, read_name
from desktop_app.sync.outbox import export
from tests.sync.site import (
    OTHER_SCHOOL,
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    register,
    register_many,
    reply,
    take,
)


def kinds(district: Workplace, school: str = SCHOOL) -> list[str]:
    return [one.kind for one in intake_details(district, school)]


def test_a_school_that_never_came_has_nothing_to_tell(district: Workplace) -> None:
    assert intake_details(district, SCHOOL) == ()


def test_what_came_whole_is_told_by_laptop(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    register_many(laptop, 5)
    take(district, hand(laptop, stick).path)
    (whole,) = ExchangeDesk(district).details(SCHOOL)
    held = len(content(district)[feed_of(laptop)])
    assert whole == IntakeDetail("whole", "1", 1, held, 5)
    assert not whole.needs_look
    assert intake_details(district, OTHER_SCHOOL) == ()


def test_a_gap_names_laptop_range_and_bundle_until_it_is_filled(
    district: Workplace, laptop: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_many(laptop, 5)
    first = hand(laptop, stick)
    register(laptop, "李梓涵")
    with monkeypatch.context() as patch:
        places = dict.fromkeys(content(laptop), 0) | {feed_of(laptop): first.operations}
        patch.setattr(packing, "begins", lambda *_, **__: places)
        second = hand(laptop, stick)
    take(district, second.path)
    (gap,) = intake_details(district, SCHOOL)
    assert (gap.kind, gap.laptop, gap.bundle) == ("missing", "1", 2)
    assert (gap.first, gap.last, gap.count) == (1, first.operations, first.operations)
    assert gap.needs_look
    take(district, first.path)
    assert kinds(district) == ["whole"]


def test_a_refusal_keeps_its_reason_and_is_mended_by_what_comes_later(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    register_many(laptop, 2)
    good = hand(laptop, stick).path
    bad = stick / "bad" / good.name
    bad.parent.mkdir()
    data = bytearray(good.read_bytes())
    data[len(data) // 2] ^= 1
    bad.write_bytes(data)
    (refused,) = take(district, bad)
    (told,) = intake_details(district, SCHOOL)
    assert (told.kind, told.reason, told.bundle) == ("refused", refused.reason, 1)
    assert told.needs_look
    take(district, good)
    later = intake_details(district, SCHOOL)
    assert [(one.kind, one.mended) for one in later] == [("whole", False), ("refused", True)]
    assert not later[1].needs_look


def test_a_stranger_s_bundle_is_never_made_up_for_whatever_name_it_wears(
    site: Site, policy: Policy, tmp_path: Path, stick: Path
) -> None:
    district = site.found()
    laptop = site.laptop(district, "laptop")
    far = Site(tmp_path / "far", policy)
    far.folder.mkdir()
    register(stranger := far.laptop(far.found(), "laptop"))
    foreign = hand(stranger, stick / "far").path
    register(laptop)
    good = hand(laptop, stick).path
    as_ours = Path(shutil.copy(foreign, stick / "far" / good.name))
    far.close()
    (refused,) = take(district, as_ours)
    take(district, good)
    assert refused.reason == "bundle.other_district"
    assert kinds(district) == ["whole"]
    (told,) = intake_details(district, UNNAMED)
    assert (told.reason, told.mended, told.name) == (refused.reason, False, good.name)
    lines = {one.school: one for one in ExchangeDesk(district).intake()}
    assert (lines[SCHOOL].bundles, lines[SCHOOL].refused) == (1, 0)
    assert (lines[UNNAMED].bundles, lines[UNNAMED].refused) == (0, 1)


def test_another_laptop_s_bundle_makes_up_for_no_damaged_one(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    second = site.laptop(district, "second")
    register(laptop)
    register(second)
    first = hand(laptop, stick).path
    whole = first.read_bytes()
    first.write_bytes(whole[: len(whole) // 2])
    take(district, first)
    take(district, hand(second, stick).path)
    refused = next(one for one in intake_details(district, SCHOOL) if one.kind == "refused")
    assert (refused.mended, refused.name) == (False, first.name)


def test_what_came_is_counted_without_own_answers_and_refused_files(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    register(laptop)
    take(district, hand(laptop, stick).path)
    reply(district, stick)
    (stick / "no name.enb").write_bytes(b"")
    taken = take(district, stick)
    assert sorted(one.outcome for one in taken) == ["refused", "taken_in", "taken_in"]
    lines = {one.school: one for one in ExchangeDesk(district).intake()}
    assert (lines[SCHOOL].bundles, lines[SCHOOL].refused) == (1, 0)
    assert ExchangeDesk(district).intake()[1].school == UNNAMED
    (empty,) = intake_details(district, UNNAMED)
    assert (empty.kind, empty.name) == ("refused", "no name.enb")


def test_who_has_not_joined_waits_and_a_page_that_did_not_come_is_counted(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    stranger = site.set_up("stranger", "school", SCHOOL)
    stranger.district = laptop.district
    register_many(stranger, 3)
    stick.mkdir()
    sent = export(stranger, stick, Progress())
    take(district, sent.path)
    (waits,) = intake_details(district, SCHOOL)
    assert (waits.kind, waits.bundle, waits.count) == ("waiting", 1, sent.operations)
    assert waits.laptop == laptop_name(feed_of(stranger), "")
    register(laptop)
    digest = laptop.scans.store(b"sealed page")
    with laptop.journal.begin(laptop.actor()) as work:
        scan: dict[str, Value] = {"applicant": "a", "material": "HKB", "page": 1}
        scan |= {"digest": digest, "size": 11}
        work.create("scan", scan)
    alone = stick / "alone"
    export_without_scans(laptop, alone)
    take(district, alone)
    assert kinds(district) == ["waiting", "scans", "whole"]


def export_without_scans(laptop: Workplace, folder: Path) -> None:
    """Hand over while the page lies nowhere, as after it was lost from the disk."""
    folder.mkdir()
    shutil.rmtree(laptop.folder / "scans")
    hand(laptop, folder)


def test_a_fork_is_named_with_its_place(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    take(district, hand(laptop, stick).path)
    with district.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO quarantine (feed, sequence, hash, reason, header) VALUES (?, 3, x'00',"
            " 'fork', x'00')",
            (feed_of(laptop),),
        )
    assert [(one.kind, one.first) for one in intake_details(district, SCHOOL)] == [
        ("forked", 3),
        ("whole", 1),
    ]


def test_the_mark_stands_in_what_proved_the_laptop(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    second = site.laptop(district, "second")
    row = second.own_feed()
    assert mark_of(row, second.district) == "2"
    assert mark_of(row, None) == ""
    stranger = site.set_up("stranger", "school", SCHOOL).own_feed()
    assert mark_of(stranger, second.district) == ""
    assert laptop_name("abcdefgh", "") == "…efgh"


def test_a_refusal_noted_by_an_older_program_has_no_reason(district: Workplace) -> None:
    old = exchange.Received("d" * 64, f"{SCHOOL}-abcdefgh-7.enb", "", 0, 0, "refused", 50, {})
    with district.database.write() as connection:
        exchange.note_received(connection, old)
        assert exchange.received_bundles(connection) == [old]
    (told,) = intake_details(district, SCHOOL)
    assert (told.kind, told.reason, told.bundle) == ("refused", "", 7)


def test_a_name_says_school_and_number_or_nothing() -> None:
    assert read_name("2141041101-abcdefgh-12.enb") == (SCHOOL, 12)
    assert read_name("2141041101-abcdefgh-12-3.enb") == (SCHOOL, 12)
    assert read_name("2141041101-abcdefgh-1234567890.enb") == ("", 0)
    assert read_name("../x.enb") == ("", 0)
    assert read_feed("2141041101-abcdefgh-12-3.enb") == "abcdefgh"
    assert read_feed("../x.enb") == ""
