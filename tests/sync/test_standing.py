"""Declared, carried, received, decided are four words; and a bundle can be looked into."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from desktop_app.domain.errors import UntrustedError
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync.inspect import inspect
from desktop_app.sync.reach import limited_feeds, off_the_limit
from desktop_app.sync.standing import Counts, count_records, feed_standings
from tests.sync.site import (
    OTHER_SCHOOL,
    SCHOOL,
    Site,
    feed_of,
    hand,
    register,
    register_many,
    reply,
    take,
)
from tests.sync.stages import Stage, counts, record_stages


def test_a_record_goes_through_four_stages_and_back_when_it_is_edited(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    applicant = register(laptop)
    stages = [record_stages(laptop)[applicant]]
    handed = hand(laptop, stick)
    stages.append(record_stages(laptop)[applicant])
    take(district, handed.path)
    # Being written to a stick is not being received: only the answer says so.
    assert record_stages(laptop)[applicant] is Stage.CARRIED
    take(laptop, reply(district, stick).path)
    stages.append(record_stages(laptop)[applicant])
    with laptop.journal.begin(laptop.actor(), SCHOOL) as work:
        work.edit("applicant", applicant, {"category": "A1"})
    assert record_stages(laptop)[applicant] is Stage.DECLARED
    with district.journal.begin(district.actor(), SCHOOL) as work:
        status = {"district_status": "district_passed"}
        work.edit("applicant", applicant, status, act="decide", signed=True)
    take(laptop, reply(district, stick).path)
    stages.append(record_stages(laptop)[applicant])
    assert stages == [Stage.DECLARED, Stage.CARRIED, Stage.RECEIVED, Stage.DECIDED]
    assert count_records(laptop) == counts(laptop) == Counts(1, 1, 1, 1)


def test_counts_add_up(district: Workplace, laptop: Workplace, stick: Path) -> None:
    register_many(laptop, 3)
    hand(laptop, stick).path.rename(stick / "a.enb")
    take(district, stick / "a.enb")
    take(laptop, reply(district, stick).path)
    register_many(laptop, 2)
    hand(laptop, stick)
    register_many(laptop, 1)
    assert count_records(laptop) == Counts(declared=6, carried=5, received=3, decided=0)
    (standing,) = feed_standings(laptop)
    assert standing.own
    assert standing.declared > standing.carried > standing.received > 0
    assert count_records(laptop) == counts(laptop)
    assert count_records(laptop, OTHER_SCHOOL) == counts(laptop, OTHER_SCHOOL) == Counts(0, 0, 0, 0)


def test_what_one_laptop_carried_and_another_had_received_is_counted_once(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    other = site.laptop(district, "other")
    applicant = register(laptop)
    register_many(laptop, 2)
    take(district, hand(laptop, stick).path, hand(other, stick).path)
    answered = reply(district, stick).path
    take(other, answered)
    take(laptop, answered)
    with other.journal.begin(other.actor(), SCHOOL) as work:
        work.edit("applicant", applicant, {"category": "A1"})
    register_many(other, 1)
    for workplace in (district, laptop, other):
        assert count_records(workplace, SCHOOL) == counts(workplace, SCHOOL)
    assert count_records(other) == Counts(declared=4, carried=2, received=2, decided=0)
    take(district, hand(other, stick).path)
    assert count_records(other) == counts(other) == Counts(4, 4, 2, 0)
    assert count_records(laptop) == counts(laptop) == Counts(3, 3, 3, 0)


def test_counting_is_one_statement_that_walks_only_what_is_behind(laptop: Workplace) -> None:
    register_many(laptop, 3)
    with laptop.database.read() as connection:
        asked: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *said: asked.append(said[2]))
        found = exchange.count_stages(connection, SCHOOL, [(1, 2, 0)])
        assert found[0] == 3
        assert len(asked) == 1
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN " + exchange.count_stages_sql(1),
            (1, 2, 0, SCHOOL, SCHOOL, SCHOOL),
        )
        steps = [str(row[3]) for row in plan]
    walks = [step for step in steps if " o " in f"{step} "]
    assert walks
    assert all("SEARCH o USING" in step and "(feed=? AND sequence>?)" in step for step in walks)


def test_a_carried_bundle_of_a_feed_no_longer_held_disturbs_nobody(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    register(laptop)
    hand(laptop, stick)
    with laptop.database.write() as connection:
        connection.exec_driver_sql("UPDATE carried SET heads = heads || ' gone:7'")
    assert count_records(laptop).carried == 1
    assert len(feed_standings(laptop)) == 1


def test_a_bundle_says_who_and_what_without_a_key(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    register(laptop)
    handed = hand(laptop, stick)
    seen = inspect(handed.path)
    assert (seen.purpose, seen.number, seen.scope) == ("submission", 1, SCHOOL)
    assert seen.carrier == feed_of(laptop)
    assert not seen.carrier_proved
    assert seen.feeds is None
    assert seen.sealed == "bundle.wrong_recipient"
    assert seen.operations == handed.operations
    assert seen.district_document
    with_key = inspect(handed.path, district)
    assert with_key.carrier_proved
    assert with_key.sealed == ""
    assert with_key.feeds is not None
    (feed,) = with_key.feeds
    assert (feed.feed, feed.after, feed.to, feed.proved) == (
        feed_of(laptop),
        0,
        handed.operations,
        True,
    )


def test_another_schools_bundle_may_be_looked_at(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    stranger = site.laptop(district, "stranger", OTHER_SCHOOL)
    seen = inspect(hand(laptop, stick).path, stranger)
    assert seen.carrier_proved
    assert (seen.feeds, seen.sealed) == (None, "bundle.wrong_recipient")


def test_damage_is_said(laptop: Workplace, stick: Path) -> None:
    path = hand(laptop, stick).path
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UntrustedError, match=r"bundle\.truncated"):
        inspect(path)


def test_a_limit_of_a_laptop_never_heard_of_parts_nobody(district: Workplace) -> None:
    district.ensure_feed(SCHOOL)
    with district.journal.begin(district.actor(), SCHOOL) as work:
        work.create("feed_limit", {"feed": "a" * 20, "sequence": 3, "hash": "0" * 64}, signed=True)
    with district.database.read() as connection:
        feeds = load_feeds(connection)
        assert limited_feeds(connection, feeds) == {"a" * 20: 3}
        assert off_the_limit(connection, feeds) == frozenset()
