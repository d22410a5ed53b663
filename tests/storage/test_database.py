"""The database opens safely or says what is wrong, in words a person may be told."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from desktop_app.domain.errors import ProductError, UntrustedError, WorkplaceError
from desktop_app.durable.folder import Ballast
from desktop_app.storage.database import PRAGMAS, Database
from desktop_app.storage.schema import MIGRATIONS
from tests.storage.kit import Laptop, some_key

PAGE = 4096
OPEN_FILES = Path("/proc/self/fd")


def other_key() -> bytearray:
    return bytearray(b"\x22" * 48)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """Give a closed database with some registrations."""
    laptop = Laptop(tmp_path / "made")
    for _ in range(3):
        laptop.register()
    laptop.close()
    return laptop.path


def code_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(ProductError) as caught:
        attempt()
    return caught.value.code


def fingerprint(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_settings_that_trials_found_safe_are_in_force(
    memory_security: None, laptop: Laptop
) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "cache_size": -49152,
        "trusted_schema": 0,
        "cipher_memory_security": "1",
        "user_version": len(MIGRATIONS),
    }
    with laptop.database.raw() as connection:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    assert found == wanted


def test_a_setting_that_does_not_hold_is_refused(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.storage.database._ASSERTED", ("cache_size",))
    monkeypatch.setitem(PRAGMAS, "cache_size", "0x10")
    assert code_of(lambda: Database(closed, some_key)) == "database.unsafe_setting"


def test_nothing_of_a_child_can_be_read_in_the_files(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path)
    laptop.register()
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    laptop.close()
    for needle in ("单梓涵".encode(), b"419999201803142640", b"SQLite format", b"applicant"):
        assert not any(needle in content for content in files)


def test_a_wrong_key_opens_nothing_and_changes_nothing(closed: Path) -> None:
    before = fingerprint(closed.parent)
    assert code_of(lambda: Database(closed, other_key)) == "database.wrong_key_or_damaged"
    assert fingerprint(closed.parent) == before


def test_the_key_given_is_wiped(closed: Path) -> None:
    given: list[bytearray] = []

    def key() -> bytearray:
        given.append(some_key())
        return given[-1]

    Database(closed, key).close()
    assert given
    assert all(one == bytes(48) for one in given)


def test_no_error_shows_parameters(laptop: Laptop) -> None:
    with pytest.raises(Exception, match="no such column") as caught, laptop.database.write() as c:
        c.exec_driver_sql("UPDATE setting SET nowhere = ?", ("单梓涵",))
    assert "单梓涵" not in str(caught.value)


def test_a_newer_file_is_refused_before_anything_is_written(closed: Path) -> None:
    database = Database(closed, some_key)
    with database.raw() as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    database.close()
    before = fingerprint(closed.parent)
    assert code_of(lambda: Database(closed, some_key)) == "database.newer"
    assert fingerprint(closed.parent) == before


def test_a_file_of_every_earlier_program_is_brought_up_to_date(tmp_path: Path) -> None:
    made = Laptop(tmp_path)
    made.create("access", what="view")
    digest, wanted = made.digest(), declared(made.database)
    made.close()
    for version in range(1, len(MIGRATIONS)):
        database = Database(tmp_path / "data.db", some_key)
        with database.raw() as connection:
            for later in MIGRATIONS[version:]:
                for statement in reversed(later):
                    kind, name = statement.split()[1:3]
                    connection.execute(f"DROP {kind} {name}")
            connection.execute(f"PRAGMA user_version={version}")
        assert declared(database) < wanted
        database.close()
        again = Laptop(tmp_path, fresh=False)
        assert declared(again.database) == wanted
        assert again.verify().sound
        assert again.digest() == digest
        again.close()


def declared(database: Database) -> set[str]:
    """Give every statement by which the database was made."""
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {str(row[0]) for row in rows}


def test_a_newer_file_with_a_log_is_refused_too(closed: Path, tmp_path: Path) -> None:
    """After a crash the number may stand in the log alone."""
    database = Database(closed, some_key)
    with database.raw() as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
        copy = tmp_path / "crashed"
        copy.mkdir()
        for name in ("data.db", "data.db-wal"):
            (copy / name).write_bytes((closed.parent / name).read_bytes())
    database.close()
    assert code_of(lambda: Laptop(copy, fresh=False)) == "database.newer"


def damage(path: Path, *pages: int) -> None:
    content = bytearray(path.read_bytes())
    for page in pages:
        content[page * PAGE + 100] ^= 1
    path.write_bytes(content)


def test_a_damaged_page_is_found_and_counted(closed: Path) -> None:
    database = Database(closed, some_key)
    assert database.damaged_pages() == 0
    database.close()
    damage(closed, 3, 7)
    database = Database(closed, some_key)
    assert database.damaged_pages() == 2
    database.close()


def test_reading_a_damaged_page_says_damaged(closed: Path) -> None:
    count = closed.stat().st_size // PAGE
    damage(closed, *range(1, count))
    assert code_of(lambda: Laptop(closed.parent, fresh=False)) in {
        "database.damaged",
        "database.wrong_key_or_damaged",
    }


def test_a_damaged_beginning_cannot_be_told_from_a_wrong_key(closed: Path) -> None:
    damage(closed, 0)
    assert code_of(lambda: Database(closed, some_key)) == "database.wrong_key_or_damaged"


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="names of open files are read there")
@pytest.mark.parametrize("with_log", [False, True])
def test_an_opening_that_fails_leaves_no_file_open(closed: Path, *, with_log: bool) -> None:
    """Else its view of the log outlives it, and misleads whoever opens what is put back there."""
    if with_log:
        closed.with_name("data.db-wal").write_bytes(b"what a power cut left")
    damage(closed, 0)
    with pytest.raises(UntrustedError):  # kept, and with it whatever its frames hold
        Database(closed, some_key)
    still = [one for one in OPEN_FILES.iterdir() if one.resolve().is_relative_to(closed.parent)]
    assert still == []


def test_one_bad_read_is_not_called_damage(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is opened once more and checked before anybody is told it is broken."""
    laptop.register()
    malformed = "database disk image is malformed"
    with pytest.raises(WorkplaceError) as passing, laptop.database.read():
        raise sqlcipher.DatabaseError(malformed)
    assert passing.value.code == "database.read_failed"
    monkeypatch.setattr("desktop_app.storage.database._count_damaged", lambda _: 1)
    with pytest.raises(UntrustedError) as lasting, laptop.database.read():
        raise sqlcipher.DatabaseError(malformed)
    assert lasting.value.code == "database.damaged"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("database or disk is full", "database.disk_full"),
        ("attempt to write a readonly database", "database.read_only"),
        ("database is locked", "database.busy"),
        ("unable to open database file", "database.cannot_open"),
        ("disk I/O error", "database.disk_error"),
    ],
)
def test_every_fault_of_the_disk_has_its_code(laptop: Laptop, text: str, code: str) -> None:
    with pytest.raises(WorkplaceError) as caught, laptop.database.write():
        raise sqlcipher.DatabaseError(text)
    assert caught.value.code == code


def test_what_is_a_bug_stays_a_bug(laptop: Laptop) -> None:
    with pytest.raises(Exception, match="syntax error"), laptop.database.read() as connection:
        connection.exec_driver_sql("SELEC 1")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    place = tmp_path / "nowhere" / "data.db"
    assert code_of(lambda: Database(place, some_key)) == "database.cannot_open"


def fill_the_disk(database: Database) -> None:
    with database.raw() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")


def test_a_full_disk_loses_nothing_and_gives_up_the_reserve_once(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path)
    record = laptop.register()
    laptop.close()
    reserve = Ballast(tmp_path, 1000)
    reserve.hold()
    laptop.database = Database(laptop.path, some_key, reserve=reserve)
    laptop.journal = laptop.open_journal()
    fill_the_disk(laptop.database)

    def register_many() -> None:
        with laptop.journal.begin(laptop.actor()) as work:
            for _ in range(300):
                work.create("applicant", {"full_name": "李" * 50})

    assert code_of(register_many) == "database.disk_full_reserve"
    assert not reserve.held
    assert code_of(register_many) == "database.disk_full"
    assert laptop.shown(record) == "单梓涵"
    assert laptop.verify().sound
    laptop.close()


def test_what_cannot_be_written_is_still_read(laptop: Laptop) -> None:
    record = laptop.register()
    with laptop.database.raw() as connection:
        connection.execute("PRAGMA query_only=1")
    assert code_of(laptop.register) == "database.read_only"
    assert laptop.shown(record) == "单梓涵"


def test_two_writers_wait_for_each_other(laptop: Laptop) -> None:
    """A writer begins at once as one, so it never fails in the middle for being late."""
    with laptop.database.read() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM feed")
        record = laptop.register()
        assert reader.exec_driver_sql("SELECT count(*) FROM projected_applicant").scalar() == 0
    assert laptop.shown(record) == "单梓涵"


def test_another_key_is_given_to_the_whole_file(closed: Path) -> None:
    laptop = Laptop(closed.parent, fresh=False)
    before = laptop.digest()
    laptop.database.rekey(other_key)
    assert laptop.digest() == before
    assert laptop.verify().sound
    laptop.register()
    after = laptop.digest()
    laptop.close()
    assert code_of(lambda: Database(closed, some_key)) == "database.wrong_key_or_damaged"
    laptop.database = Database(closed, other_key)
    assert laptop.digest() == after
    laptop.close()


@pytest.mark.parametrize("ends", ["read", "write"])
def test_a_reader_who_left_early_never_turns_a_later_one_back(laptop: Laptop, ends: str) -> None:
    """The driver of this database resets a statement when a forgotten reader is collected."""
    statement = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    statement += " LIMIT ?"
    begin = laptop.database.read if ends == "read" else laptop.database.write
    with begin() as connection:
        forgotten = iter(connection.exec_driver_sql(statement, (9,)))
        assert next(forgotten)[0] == 1
    with laptop.database.read() as connection:
        later = iter(connection.exec_driver_sql(statement, (5,)))
        assert [next(later)[0], next(later)[0]] == [1, 2]
        del forgotten
        gc.collect()
        assert [row[0] for row in later] == [3, 4, 5]
        assert len(connection.exec_driver_sql(statement, (7,)).all()) == 7
