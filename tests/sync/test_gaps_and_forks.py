"""What does not fit what is held waits, or is kept apart; it is named and never forced."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.domain.declare import Value
from desktop_app.feeds.operation import read
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.sync import packing
from tests.sync.site import (
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    kept,
    register,
    register_many,
    reply,
    row_of,
    take,
)


def without_identity(workplace: Workplace) -> bytes:
    """Make a laptop forget what proves it, as one that never had a ticket; give what it was."""
    identity = workplace.own_feed().identity
    assert identity is not None
    with_identity(workplace, None)
    return identity


def with_identity(workplace: Workplace, identity: bytes | None) -> None:
    with workplace.database.write() as connection:
        connection.exec_driver_sql("UPDATE feed SET identity = ? WHERE own = 1", (identity,))


def test_a_gap_waits_is_named_and_is_filled(
    district: Workplace, laptop: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_many(laptop, 5)
    first = hand(laptop, stick)
    register(laptop, "李梓涵")
    feed = feed_of(laptop)
    with monkeypatch.context() as patch:
        places = dict.fromkeys(content(laptop), 0) | {feed: first.operations}
        patch.setattr(packing, "begins", lambda *_, **__: places)
        second = hand(laptop, stick)
    (pending,) = take(district, second.path)
    assert pending.outcome == "pending"
    assert pending.gaps == {feed: (1, first.operations)}
    assert content(district)[feed] == []
    assert len(kept(district)) == 1
    assert take(district)[0:] == []
    with district.database.read() as connection:
        (noted,) = exchange.received_bundles(connection)
    assert (noted.outcome, dict(noted.gaps)) == ("pending", pending.gaps)
    results = take(district, first.path)
    assert [one.outcome for one in results] == ["taken_in", "taken_in"]
    assert content(district)[feed] == content(laptop)[feed]
    assert kept(district) == []


def test_a_gap_is_told_to_the_school_in_the_answer(
    site: Site, district: Workplace, laptop: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(district, hand(laptop, stick).path)
    held = len(content(district)[feed_of(laptop)])
    register_many(laptop, 5)
    feed = feed_of(laptop)
    with monkeypatch.context() as patch:
        places = dict.fromkeys(content(laptop), 0) | {feed: held + 3}
        patch.setattr(packing, "begins", lambda *_, **__: places)
        take(district, hand(laptop, stick).path)
    take(laptop, reply(district, stick).path)
    assert row_of(laptop, "acknowledgement", feed)["missing"] == f"{held + 1}-{held + 3}"
    take(district, hand(laptop, stick).path)
    take(laptop, reply(district, stick).path)
    assert row_of(laptop, "acknowledgement", feed)["missing"] is None


def clone(workplace: Workplace, target: Path) -> None:
    """Copy a closed data folder and its computer's folder aside, as an image of the disk."""
    shutil.copytree(workplace.folder.parent, target, ignore=shutil.ignore_patterns("district*"))


def put_back(target: Path, folder: Path) -> None:
    """Write an image back in place: to the file system it is the same disk."""
    for path in target.rglob("*"):
        place = folder / path.relative_to(target)
        if path.is_file():
            with place.open("r+b" if place.exists() else "wb") as file:
                file.write(path.read_bytes())
                file.truncate()


def twin_of(site: Site, laptop: Workplace, stick: Path, folder: Path) -> tuple[Workplace, Path]:
    """Put an image of a laptop back once it went on; give the twin, and what went on without it."""
    laptop = site.again(laptop)
    laptop.close()
    site.opened.remove(laptop)
    clone(laptop, folder / "image")
    laptop = site.reopen("laptop")
    register(laptop)
    one = hand(laptop, stick).path.rename(folder / "one.enb")
    laptop.close()
    site.opened.remove(laptop)
    put_back(folder / "image", site.folder)
    return site.reopen("laptop"), one


def test_a_cloned_disk_shows_as_a_fork_and_both_branches_are_kept(
    site: Site, district: Workplace, laptop: Workplace, stick: Path, tmp_path: Path
) -> None:
    take(district, hand(laptop, stick).path)
    laptop, one = twin_of(site, laptop, stick, tmp_path)
    assert laptop.succeeded is None
    register(laptop, "李梓涵")
    register(laptop, "王梓涵")
    two = hand(laptop, stick).path
    assert take(district, one)[0].outcome == "taken_in"
    held = content(district)
    (forked,) = take(district, two)
    feed = feed_of(laptop)
    assert forked.forks == (feed,)
    assert forked.fresh == 0
    assert content(district) == held
    with district.database.read() as connection:
        first = exchange.forks(connection)[feed][0]
        apart = connection.exec_driver_sql("SELECT count(*) FROM quarantine").scalar_one()
    assert apart == len(content(laptop)[feed]) - first + 1
    assert take(district, one)[0].outcome == "taken_in"
    reply(district, stick)
    said = row_of(district, "acknowledgement", feed)
    assert said["forks"] == str(first)


def test_a_laptop_without_identity_waits_until_it_has_one(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    identity = without_identity(laptop)
    register(laptop)
    (waiting,) = take(district, hand(laptop, stick).path)
    assert (waiting.outcome, waiting.fresh) == ("waiting", 0)
    assert feed_of(laptop) not in content(district)
    assert len(kept(district)) == 1
    with_identity(laptop, identity)
    results = take(district, hand(laptop, stick).path)
    assert results[0].outcome == "taken_in"
    assert content(district)[feed_of(laptop)] == content(laptop)[feed_of(laptop)]


def test_a_feed_without_identity_waits_alone(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    other = site.laptop(district, "other")
    take(district, hand(laptop, stick).path, hand(other, stick).path)
    answered = reply(district, stick).path
    take(laptop, answered)
    take(other, answered)
    stranger = feed_of(other)
    register(laptop)
    with laptop.database.write() as connection:
        connection.exec_driver_sql("UPDATE feed SET identity = NULL WHERE feed = ?", (stranger,))
    fresh = site.set_up("second", "school", SCHOOL)
    site.join(district, fresh)
    (unknown,) = take(fresh, hand(laptop, stick).path)
    assert unknown.reason == "bundle.wrong_recipient"
    with district.database.write() as connection:
        connection.exec_driver_sql(
            "DELETE FROM operation WHERE feed IN (SELECT number FROM feed WHERE feed = ?)",
            (stranger,),
        )
        connection.exec_driver_sql("DELETE FROM feed WHERE feed = ?", (stranger,))
    (waiting,) = take(district, hand(laptop, stick).path)
    assert waiting.outcome == "waiting"
    assert waiting.waiting == (stranger,)
    assert waiting.fresh > 0
    assert content(district)[feed_of(laptop)] == content(laptop)[feed_of(laptop)]


def test_what_a_revoked_laptop_still_writes_is_kept_named_and_void(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    before = register(laptop)
    take(district, hand(laptop, stick).path)
    feed = feed_of(laptop)
    with district.journal.begin(district.actor(), district.seat.scope) as work:
        held = work.feeds[feed]
        limit: dict[str, Value] = {"feed": feed, "sequence": held.sequence, "hash": held.hash.hex()}
        work.create("feed_limit", limit, record=feed, signed=True)
    after = register(laptop, "李梓涵")
    (taken,) = take(district, hand(laptop, stick).path)
    assert (taken.outcome, taken.revoked) == ("taken_in", (feed,))
    assert content(district)[feed] == content(laptop)[feed]
    assert row_of(district, "applicant", before)
    assert row_of(district, "applicant", after) == {}


def test_what_is_erased_comes_into_no_branch_apart(
    site: Site, district: Workplace, laptop: Workplace, stick: Path, tmp_path: Path
) -> None:
    take(district, hand(laptop, stick).path)
    laptop, one = twin_of(site, laptop, stick, tmp_path)
    child = register(laptop, "李梓涵")
    two = hand(laptop, stick).path
    take(district, one)
    lines = [read(line.rstrip(b"\n")) for line in content(laptop)[feed_of(laptop)]]
    named = "\n".join(one.reference for one in lines if one.record == child)
    district.ensure_feed(SCHOOL)
    with district.journal.begin(district.actor(), SCHOOL) as work:
        work.create("erasure", {"operations": named, "reason": "request"}, signed=True)
    (forked,) = take(district, two)
    assert forked.finding == "taken.forked"
    with district.database.read() as connection:
        apart = connection.exec_driver_sql("SELECT header, payload FROM quarantine").all()
    gone = [payload is None for header, payload in apart if child.encode() in header]
    assert gone
    assert all(gone)
    told = forked.told
    assert told is not None
    assert told.code == "taken.forked"
    assert replace(forked, forks=()).told is None
