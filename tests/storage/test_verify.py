"""Whatever is changed behind the program's back is found, and named by its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import CancelledError, UntrustedError, WorkplaceError
from desktop_app.storage import oplog
from desktop_app.storage.backup import check_copy, copy_database
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.scans import ScanStore
from desktop_app.storage.schema import MIGRATIONS
from desktop_app.storage.verify import verify
from tests.storage.kit import PRINCIPAL, Laptop, some_key

MakeLaptop = Callable[..., Laptop]


@pytest.fixture
def full(make_laptop: MakeLaptop) -> Laptop:
    """Make a laptop with conflicts, removals, void and signed operations of two desks."""
    one, other = make_laptop("one"), make_laptop("other")
    one.grant(PRINCIPAL, Role.PRINCIPAL, Role.REVIEWER)
    records = [one.register(receipt_number=f"X-{number}") for number in range(4)]
    one.give(other)
    for laptop, name in ((one, "王"), (other, "汪")):
        laptop.edit("applicant", records[0], full_name=name)
        laptop.edit("applicant", records[1], category=name)
    one.edit("applicant", records[2], PRINCIPAL, signed=True, review="passed")
    one.edit("applicant", records[2], review="returned")
    one.remove("applicant", records[3])
    other.give(one)
    return one


def flaws(laptop: Laptop) -> set[str]:
    return {flaw.code for flaw in laptop.verify().flaws}


def test_what_nobody_touched_is_sound(full: Laptop) -> None:
    report = full.verify()
    assert report.sound
    assert report.flaws == ()
    assert (report.feeds, report.scans, report.missing_scans) == (2, 0, 0)
    assert report.operations == sum(row.sequence for row in full.feeds().values())
    assert report.records == 9
    assert report.digest == full.digest()


PAYLOAD = "UPDATE operation SET payload = CAST(replace(payload, '王', '黄') AS BLOB)"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (PAYLOAD, "operation_bytes"),
        ("UPDATE operation SET header = x'00' WHERE sequence = 3", "operation_bytes"),
        ("UPDATE operation SET header = x'00' WHERE sequence = 3", "record_unreadable"),
        ("UPDATE operation SET payload = NULL WHERE sequence = 3", "record_shown"),
        ("DELETE FROM operation WHERE sequence = 3", "operation_place"),
        ("DELETE FROM operation WHERE sequence = 3", "record_extra"),
        ("DELETE FROM operation WHERE id = (SELECT max(id) FROM operation)", "feed_head"),
        ("UPDATE operation SET kind = 'scan' WHERE sequence = 3", "operation_columns"),
        ("UPDATE operation SET signed = 1 WHERE sequence = 3", "operation_columns"),
        ("UPDATE operation SET hash = x'00' WHERE sequence = 3", "operation_columns"),
        ("UPDATE feed SET sequence = sequence + 1 WHERE number = 1", "feed_head"),
        ("UPDATE feed SET hash = x'00' WHERE number = 1", "feed_head"),
        ("UPDATE feed SET public_key = zeroblob(32) WHERE number = 1", "feed_name"),
        (
            "UPDATE feed SET signed_sequence = 2, signed_hash = x'00' WHERE number = 1",
            "head_signature",
        ),
        ("UPDATE projected_applicant SET full_name = '黄'", "record_shown"),
        ("UPDATE projected_applicant SET heads = ''", "record_shown"),
        ("UPDATE projected_applicant SET state = 0", "record_shown"),
        ("UPDATE projected_applicant SET created_at = 0", "record_shown"),
        ("UPDATE projected_applicant SET review = 'returned'", "record_shown"),
        ("DELETE FROM projected_guardian", "record_missing"),
        (
            """INSERT INTO projected_scan (scope, record, heads, created_by, created_in, created_at,
             changed_at, state) SELECT scope, record, heads, created_by, created_in, created_at,
             changed_at, state FROM projected_guardian LIMIT 1""",
            "record_extra",
        ),
        ("UPDATE projected_head SET value = '黄'", "heads_listed"),
        ("DELETE FROM projected_head", "heads_listed"),
        ("DELETE FROM projected_attention", "attention_listed"),
        ("UPDATE projected_attention SET verdict = 'revoked'", "attention_listed"),
        ("INSERT INTO projected_attention VALUES (1, 1, 'revoked')", "attention_listed"),
        ("DELETE FROM projected_gone", "gone_listed"),
        ("DELETE FROM projected_search WHERE rowid = 1", "search_rows"),
    ],
)
def test_what_was_changed_is_found(full: Laptop, statement: str, code: str) -> None:
    with full.database.write() as connection:
        connection.exec_driver_sql(statement)
    assert code in flaws(full)


def test_a_whole_feed_rewritten_by_somebody_without_its_key_is_found(full: Laptop) -> None:
    """The chain of a forged feed may be perfect; the author's signed head is not."""
    row = full.feeds()[full.feed]
    with full.database.write() as connection:
        oplog.sign_head(connection, full.feed, row.sequence, row.hash, b"by the author")
    asked: list[FeedRow] = []

    def holds(signed: FeedRow) -> bool:
        asked.append(signed)
        return signed.signature == b"by the author"

    assert verify(full.journal, holds).sound
    assert [one.facts.feed for one in asked] == [full.feed]
    found = verify(full.journal, lambda _: False).flaws
    assert [(flaw.code, flaw.place) for flaw in found] == [("head_signature", full.feed)]


def test_an_older_head_never_takes_the_place_of_a_later_one(full: Laptop) -> None:
    row = full.feeds()[full.feed]
    with full.database.write() as connection:
        oplog.sign_head(connection, full.feed, row.sequence, row.hash, b"later")
        oplog.sign_head(connection, full.feed, 1, b"x", b"earlier")
    assert full.feeds()[full.feed].signature == b"later"


def test_damaged_pages_are_counted(full: Laptop) -> None:
    full.database.checkpoint()
    content = bytearray(full.path.read_bytes())
    for page in (5, 9):
        content[page * 4096 + 2000] ^= 1
    full.path.write_bytes(content)
    report = full.verify()
    assert [(flaw.code, flaw.place) for flaw in report.flaws] == [("pages", "2")]
    assert not report.sound


def test_a_great_many_flaws_are_counted_and_some_are_named(full: Laptop) -> None:
    with full.journal.begin(full.actor()) as work:
        for _ in range(300):
            work.create("scan_key", {"scan": "r"})
    with full.database.write() as connection:
        connection.exec_driver_sql("UPDATE projected_scan_key SET scan = 's'")
    report = full.verify()
    assert len(report.flaws) == 200
    assert report.more_flaws == 100


def test_it_tells_how_far_it_is_and_can_be_stopped(full: Laptop) -> None:
    with full.journal.begin(full.actor()) as work:
        for _ in range(1100):
            work.create("access", {"what": "view"})
    steps: list[int] = []
    verify(full.journal, lambda _: True, progress=steps.append)
    assert steps == [1000, 1000]

    def stop(_: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        verify(full.journal, lambda _: True, progress=stop)


def test_sealed_pages_are_read_and_missing_ones_counted(full: Laptop, tmp_path: Path) -> None:
    scans = ScanStore(tmp_path / "scans")
    here, altered = scans.store(b"one page"), scans.store(b"another")
    for digest in (here, altered, "0" * 64):
        full.create("scan", applicant="r", material="HKB", page=1, digest=digest, size=8)
    scans.path(altered).write_bytes(b"altered")
    report = verify(full.journal, lambda _: True, scans)
    assert (report.scans, report.missing_scans) == (3, 1)
    assert [(flaw.code, flaw.place) for flaw in report.flaws] == [("scan_altered", altered[:12])]
    assert verify(full.journal, lambda _: True).missing_scans == 0


def test_no_flaw_names_anything_of_a_child(full: Laptop) -> None:
    with full.database.write() as connection:
        connection.exec_driver_sql("UPDATE projected_applicant SET full_name = '黄'")
        connection.exec_driver_sql(PAYLOAD)
    text = repr(replace(full.verify()))
    assert not any(word in text for word in ("王", "黄", "单", "4199"))


# --- copies ------------------------------------------------------------------------------------------


def test_a_copy_is_the_same_state_under_the_same_key(full: Laptop, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    digest = copy_database(full.database, target)
    assert digest == full.digest() == check_copy(target, some_key)
    copy = Laptop(tmp_path / "elsewhere")
    copy.close()
    copy.path.write_bytes(target.read_bytes())
    again = Laptop(tmp_path / "elsewhere", fresh=False)
    assert again.verify().sound
    assert again.digest() == digest
    again.close()
    with again.database.raw() as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    again.close()


def test_a_copy_never_takes_the_place_of_a_file(full: Laptop, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_bytes(b"something")
    with pytest.raises(WorkplaceError) as caught:
        copy_database(full.database, target)
    assert caught.value.code == "backup.exists"
    assert target.read_bytes() == b"something"


def test_a_damaged_copy_or_another_key_does_not_pass(full: Laptop, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    copy_database(full.database, target)
    with pytest.raises(UntrustedError):
        check_copy(target, lambda: bytearray(48))
    content = bytearray(target.read_bytes())
    content[-2000] ^= 1
    target.write_bytes(content)
    with pytest.raises(WorkplaceError) as caught:
        check_copy(target, some_key)
    assert caught.value.code == "backup.damaged"


def test_writing_goes_on_while_a_copy_is_checked(full: Laptop, tmp_path: Path) -> None:
    """The copy is of one moment; what is registered later is not in it."""
    before = copy_database(full.database, tmp_path / "one.db")
    full.register()
    assert copy_database(full.database, tmp_path / "two.db") != before
    assert check_copy(tmp_path / "one.db", some_key) == before
