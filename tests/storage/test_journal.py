"""One write path: what is written shows at once, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import event

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import StaleError, UntrustedError
from desktop_app.feeds.identity import feed_id
from desktop_app.storage.journal import new_record_id
from tests.feeds.kit import OTHER_SCHOOL, Feed, Somebody
from tests.storage.kit import CHILD, CLERK, OFFICER, PRINCIPAL, REVIEWER, Laptop

MakeLaptop = Callable[..., Laptop]


def test_what_is_created_is_read_back_in_the_same_work(laptop: Laptop) -> None:
    with laptop.journal.begin(laptop.actor()) as work:
        record = work.create("applicant", CHILD)
        row = work.row("applicant", record)
        assert row.values["full_name"] == "单梓涵"
        assert row.values["multiple_birth"] is None
        assert (row.created_by, row.created_in, row.state) == (CLERK.id, laptop.feed, 0)
        assert [one.record for one in work.rows("applicant", category="A1")] == [record]
        assert work.rows("applicant", category="B2") == []
    assert laptop.shown(record) == "单梓涵"
    assert laptop.verify().sound


def test_booleans_come_back_as_booleans(laptop: Laptop) -> None:
    record = laptop.register(multiple_birth=True, sibling_enrolled=False)
    assert laptop.shown(record, "multiple_birth") is True
    assert laptop.shown(record, "sibling_enrolled") is False


def test_a_commit_says_what_changed_and_where_the_feed_ends(laptop: Laptop) -> None:
    laptop.commits.clear()
    laptop.register()
    row = laptop.feeds()[laptop.feed]
    assert [one.kinds for one in laptop.commits] == [{"applicant", "guardian"}]
    assert laptop.commits[0].heads == {laptop.feed: (row.sequence, row.hash)}


def fail_after(
    laptop: Laptop,
    kind: str,
    values: dict[str, Value],
    by: Somebody = CLERK,
    record: str | None = None,
) -> None:
    """Write something, fold it, write more, and fail."""
    with laptop.journal.begin(laptop.actor(by)) as work:
        work.create(kind, values, record=record, signed=by is not CLERK)
        work.flush()
        work.create("guardian", {"full_name": "x"})
        raise ZeroDivisionError


def test_work_that_fails_leaves_nothing(laptop: Laptop) -> None:
    before = laptop.digest()
    laptop.commits.clear()
    with pytest.raises(ZeroDivisionError):
        fail_after(laptop, "applicant", CHILD)
    assert laptop.digest() == before
    assert laptop.commits == []
    laptop.register()
    assert laptop.verify().sound


def test_authority_worked_out_in_work_that_fails_is_forgotten(laptop: Laptop) -> None:
    laptop.grant(PRINCIPAL, Role.PRINCIPAL)
    with pytest.raises(ZeroDivisionError):
        fail_after(laptop, "person", REVIEWER.introduced_as(Role.REVIEWER), PRINCIPAL, REVIEWER.id)
    record = laptop.register()
    laptop.edit("applicant", record, REVIEWER, signed=True, review="passed")
    assert laptop.shown(record, "review") is None
    assert laptop.attention() == ["not_allowed"]


def test_an_edit_names_what_it_saw_and_keeps_the_rest(laptop: Laptop) -> None:
    record = laptop.register()
    laptop.edit("applicant", record, category="B1", full_name="单子涵")
    laptop.edit("applicant", record, category=None)
    assert laptop.shown(record, "category") is None
    assert laptop.shown(record) == "单子涵"
    row = laptop.row("applicant", record)
    assert row is not None
    assert row.state == 0
    assert laptop.verify().sound


def test_two_edits_in_one_work_build_on_each_other(laptop: Laptop) -> None:
    record = laptop.register()
    with laptop.journal.begin(laptop.actor()) as work:
        work.edit("applicant", record, {"category": "B1"})
        work.edit("applicant", record, {"category": "B2"})
    row = laptop.row("applicant", record)
    assert row is not None
    assert (row.values["category"], row.state) == ("B2", 0)


def test_what_is_gone_cannot_be_written(laptop: Laptop) -> None:
    record = laptop.register()
    laptop.remove("applicant", record)
    assert laptop.shown(record) == "gone"
    for one in (record, "never"):
        with pytest.raises(StaleError) as caught:
            laptop.edit("applicant", one, category="B1")
        assert caught.value.code == "record.gone"
        with pytest.raises(StaleError):
            laptop.remove("applicant", one)
    assert laptop.verify().sound


def test_a_record_created_twice_is_folded(laptop: Laptop) -> None:
    record = laptop.register()
    with laptop.journal.begin(laptop.actor()) as work:
        work.create("applicant", CHILD | {"full_name": "王"}, record=record)
    row = laptop.row("applicant", record)
    assert row is not None
    assert row.in_conflict
    assert laptop.verify().sound


def test_a_disputed_removal_can_be_kept(make_laptop: MakeLaptop) -> None:
    one, other = make_laptop("one"), make_laptop("other")
    record = one.register()
    one.give(other)
    one.remove("applicant", record)
    other.edit("applicant", record, category="B1")
    one.give(other)
    other.give(one)
    row = one.row("applicant", record)
    assert row is not None
    assert row.removal_disputed
    with one.journal.begin(one.actor()) as work:
        work.keep("applicant", record)
    row = one.row("applicant", record)
    assert row is not None
    assert not row.removal_disputed
    assert row.values["category"] == "B1"
    one.give(other)
    assert one.digest() == other.digest()
    assert one.verify().sound


def test_a_work_needs_to_know_which_feed_it_writes(make_laptop: MakeLaptop) -> None:
    laptop = make_laptop()
    laptop.begin_feed(OTHER_SCHOOL, None)
    with pytest.raises(LookupError), laptop.journal.begin(laptop.actor()):
        pass
    with laptop.journal.begin(laptop.actor(), OTHER_SCHOOL) as work:
        assert work.scope == OTHER_SCHOOL
        assert work.feeds.keys() == {laptop.feed, feed_id(laptop.replica.public, OTHER_SCHOOL)}
    with (
        pytest.raises(LookupError),
        laptop.journal.begin() as nobody,
    ):
        nobody.create("applicant", CHILD)


def test_schools_in_one_database_do_not_touch_each_other(make_laptop: MakeLaptop) -> None:
    """The same record id in two feeds of two scopes is two records."""
    one, other = make_laptop("one"), make_laptop("two", scope=OTHER_SCHOOL)
    record = one.register()
    with other.journal.begin(other.actor()) as work:
        work.create("applicant", CHILD | {"full_name": "王"}, record=record)
    other.give(one)
    assert one.shown(record) == "单梓涵"
    theirs = one.row("applicant", record, OTHER_SCHOOL)
    assert theirs is not None
    assert theirs.values["full_name"] == "王"
    assert one.verify().sound


def test_what_does_not_count_is_stored_and_listed(laptop: Laptop) -> None:
    laptop.create("day_close", CLERK, signed=True, day="2024-08-24")
    feed = Feed("stranger")
    for kind in ("unheard_of", "applicant"):
        feed.write(kind, "r1", {"x": 1})
    with laptop.journal.begin() as work:
        work.add_feed(feed.facts, feed.public, None)
        work.take_in(feed.name, feed.operations)
        work.take_in(feed.name, [])
    assert sorted(laptop.attention()) == ["not_allowed", "unknown_field", "unknown_kind"]
    assert laptop.feeds()[feed.name].sequence == 2
    assert laptop.verify().sound


@pytest.mark.parametrize("choice", ["gap", "again", "fork", "other", "first"])
def test_what_does_not_continue_the_feed_is_not_taken(laptop: Laptop, choice: str) -> None:
    feed, fork, other = Feed("far"), Feed("far"), Feed("elsewhere")
    for one in (feed, fork, other):
        for number in range(4):
            one.write("applicant", f"{one is fork}{number}", {"full_name": "李"})
    pieces = {
        "gap": feed.operations[3:],
        "again": feed.operations[1:3],
        "fork": fork.operations[2:],
        "other": other.operations[2:],
        "first": feed.operations[:1],
    }
    with laptop.journal.begin() as work:
        work.add_feed(feed.facts, feed.public, None)
        work.take_in(feed.name, feed.operations[:2])
    before = laptop.digest()
    with pytest.raises(UntrustedError) as caught:
        laptop.take(feed.name, pieces[choice])
    assert caught.value.code == "feed.broken_chain"
    assert laptop.digest() == before


def test_an_operation_stripped_of_its_payload_is_named_before_the_commit(laptop: Laptop) -> None:
    feed = Feed("far")
    operation = feed.write("applicant", "r1", {"full_name": "李"})
    laptop_feed = feed.facts
    with laptop.journal.begin() as work:
        work.add_feed(laptop_feed, feed.public, None)
    stripped = msgspec.structs.replace(operation, payload_bytes=None)
    with laptop.journal.begin() as work:
        work.take_in(feed.name, [stripped])
        assert work.stripped() == {feed.name: 1}


def test_the_clock_follows_what_was_taken_in(make_laptop: MakeLaptop) -> None:
    laptop = make_laptop()
    feed = Feed("far", moment=0)
    ahead = 60 * 60 * 1000
    with laptop.journal.begin() as work:
        work.add_feed(feed.facts, feed.public, None)
    laptop.create("access", what="view")
    last = laptop.operations()[-1].header
    assert last is not None
    feed.write("applicant", "r1", {"full_name": "李"}, stamp=(last.stamp[0] + ahead, 0))
    laptop.take(feed.name, feed.operations)
    laptop.create("access", what="view")
    own = laptop.operations()[-1].header
    assert own is not None
    assert own.stamp[0] >= last.stamp[0] + ahead
    reopened = laptop.open_journal()
    assert reopened.clock.tick() > own.stamp


def test_record_ids_are_time_ordered_uuids_of_version_7() -> None:
    names = [new_record_id() for _ in range(50)]
    assert len(set(names)) == 50
    assert [name[:13] for name in names] == sorted(name[:13] for name in names)
    shape = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert all(shape.fullmatch(name) for name in names)


# --- authority, through the database ---------------------------------------------------------------


def reviewed(laptop: Laptop, by: Somebody = REVIEWER) -> str:
    record = laptop.register()
    laptop.edit("applicant", record, by, signed=True, review="passed")
    return record


def test_a_grant_that_comes_later_lets_the_act_count(laptop: Laptop) -> None:
    laptop.grant(PRINCIPAL, Role.PRINCIPAL)
    record = reviewed(laptop)
    assert laptop.shown(record, "review") is None
    laptop.grant(REVIEWER, Role.REVIEWER)
    assert laptop.shown(record, "review") == "passed"
    assert laptop.attention() == []
    assert laptop.verify().sound


def test_proving_a_feed_lets_its_lead_count(make_laptop: MakeLaptop) -> None:
    laptop = make_laptop(lead=None)
    laptop.grant(PRINCIPAL, Role.PRINCIPAL, Role.REVIEWER)
    record = reviewed(laptop, PRINCIPAL)
    assert laptop.shown(record, "review") is None
    facts = laptop.feeds()[laptop.feed].facts
    proved = type(facts)(facts.feed, facts.scope, facts.district, PRINCIPAL.id, PRINCIPAL.public)
    with laptop.journal.begin() as work:
        work.prove_feed(proved, b"ticket")
    assert laptop.shown(record, "review") == "passed"
    assert laptop.feeds()[laptop.feed].identity == b"ticket"
    assert laptop.verify().sound


def test_a_revoked_laptop_counts_up_to_its_limit(make_laptop: MakeLaptop) -> None:
    desk, other = make_laptop("desk"), make_laptop("other")
    district = make_laptop("district", scope="district:410411", district=True, lead=None)
    kept, lost = desk.register(), desk.register(full_name="王")
    desk.give(other)
    other.edit("applicant", kept, category="B1")
    other.give(desk)
    district.create("feed_limit", OFFICER, signed=True, feed=desk.feed, sequence=2, hash="0" * 64)
    district.give(desk)
    assert desk.shown(kept) == "单梓涵"
    assert desk.shown(kept, "category") == "B1"
    assert desk.shown(lost) == "gone"
    assert desk.attention() == ["revoked"] * 2
    district.create("feed_limit", OFFICER, signed=True, feed=desk.feed, sequence=0, hash="0" * 64)
    district.give(desk)
    assert desk.shown(kept, "category") == "B1"
    assert desk.shown(kept) is None
    assert desk.verify().sound


def test_new_officers_are_judged_by_at_the_next_work(make_laptop: MakeLaptop) -> None:
    desk = make_laptop("desk", officers=())
    district = make_laptop(
        "district", scope="district:410411", district=True, lead=None, officers=()
    )
    gone, kept = desk.register(), desk.register()
    district.create("feed_limit", OFFICER, signed=True, feed=desk.feed, sequence=0, hash="0" * 64)
    district.give(desk)
    assert desk.shown(gone) == "单梓涵"
    desk.officers = (OFFICER.public,)
    with desk.journal.begin():
        pass
    assert desk.shown(gone) == desk.shown(kept) == "gone"
    assert desk.verify().sound
    desk.officers = ()
    with desk.journal.begin():
        pass
    assert desk.shown(gone) == "单梓涵"
    assert desk.verify().sound


def test_judging_a_scope_again_changes_nothing_that_was_right(laptop: Laptop) -> None:
    laptop.grant(PRINCIPAL, Role.PRINCIPAL, Role.REVIEWER)
    record = reviewed(laptop, PRINCIPAL)
    before = laptop.digest()
    with laptop.journal.begin() as work:
        work.judge_again(laptop.scope)
    assert laptop.digest() == before
    assert laptop.shown(record, "review") == "passed"


# --- shape of the tables ---------------------------------------------------------------------------


def test_folding_everything_gives_what_folding_as_it_came_gave(laptop: Laptop) -> None:
    """Also where signed records of late kinds and trust operations are many."""
    laptop.grant(PRINCIPAL, Role.PRINCIPAL, Role.REVIEWER)
    laptop.grant(REVIEWER, Role.REVIEWER)
    records = [reviewed(laptop) for _ in range(5)]
    for record in records:
        laptop.create("scan", PRINCIPAL, signed=True, applicant=record, digest="0" * 64)
        laptop.create("access", PRINCIPAL, signed=True, applicant=record, what="view")
    laptop.remove("applicant", records[0])
    before = laptop.digest()
    laptop.journal.fold_everything()
    assert laptop.digest() == before
    assert laptop.verify().sound
    assert laptop.attention() == []


def test_tables_of_another_shape_are_made_anew_at_the_next_start(laptop: Laptop) -> None:
    record = laptop.register()
    before = laptop.digest()
    with laptop.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE projected_access")
        connection.exec_driver_sql("DELETE FROM projected_applicant")
        connection.exec_driver_sql(
            "UPDATE setting SET value = 'older' WHERE name = 'projected_shape'"
        )
    laptop.journal = laptop.open_journal()
    assert laptop.digest() == before
    assert laptop.shown(record) == "单梓涵"
    assert laptop.verify().sound


def test_tables_of_the_present_shape_are_left_as_they_are(laptop: Laptop) -> None:
    laptop.register()
    statements: list[str] = []

    @event.listens_for(laptop.database._engine, "before_cursor_execute")
    def hear(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    laptop.open_journal()
    assert not [one for one in statements if one.startswith(("CREATE", "DROP", "INSERT"))]
