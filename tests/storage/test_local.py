"""Drafts, numbers, settings and sealed pages belong to this computer alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import ProductError, RuleError, UntrustedError, WorkplaceError
from desktop_app.storage import numbers
from desktop_app.storage.drafts import Draft, Drafts
from desktop_app.storage.numbers import close_blocks, grant_block, next_number, numbers_left
from desktop_app.storage.scans import ScanStore
from desktop_app.storage.settings import Settings
from tests.storage.kit import Laptop

# --- drafts ------------------------------------------------------------------------------------------


def test_a_draft_comes_back_as_it_was_typed(laptop: Laptop) -> None:
    drafts = Drafts(laptop.database)
    drafts.save(Draft("d1", "anna", {"full_name": "单 ", "id_number": "4199?"}, "id_number"))
    laptop.close()
    again = Drafts(laptop.database).of_person("anna")
    assert [(one.id, dict(one.fields), one.caret) for one in again] == [
        ("d1", {"full_name": "单 ", "id_number": "4199?"}, "id_number")
    ]


def test_a_draft_is_its_persons_alone(laptop: Laptop) -> None:
    drafts = Drafts(laptop.database)
    drafts.save(Draft("d1", "anna", {"full_name": "单"}, ""))
    drafts.save(Draft("d1", "boris", {"full_name": "王"}, ""))
    drafts.save(Draft("d2", "boris", {}, ""))
    drafts.drop("d1", "boris")
    assert [dict(one.fields) for one in drafts.of_person("anna")] == [{"full_name": "单"}]
    assert [one.id for one in drafts.of_person("boris")] == ["d2"]
    assert drafts.count() == 2
    drafts.drop("d1", "anna")
    assert drafts.of_person("anna") == ()


def test_a_draft_leaves_no_operation(laptop: Laptop) -> None:
    before = laptop.digest()
    Drafts(laptop.database).save(Draft("d1", "anna", {"full_name": "单"}, ""))
    assert laptop.digest() == before
    assert laptop.operations() == []


# --- numbers -----------------------------------------------------------------------------------------


def take(laptop: Laptop, count: int) -> list[tuple[str, int]]:
    with laptop.database.write() as connection:
        return [next_number(connection) for _ in range(count)]


def grant(laptop: Laptop, mark: str, first: int, last: int) -> None:
    with laptop.database.write() as connection:
        grant_block(connection, mark, first, last)


def test_numbers_come_in_order_block_by_block_and_then_no_more(laptop: Laptop) -> None:
    grant(laptop, "ZHW-2", 8, 10)
    grant(laptop, "ZHW-2", 21, 21)
    with laptop.database.read() as connection:
        assert numbers_left(connection) == 4
    assert take(laptop, 4) == [("ZHW-2", 8), ("ZHW-2", 9), ("ZHW-2", 10), ("ZHW-2", 21)]
    with pytest.raises(RuleError) as caught:
        take(laptop, 1)
    assert caught.value.code == "number.exhausted"
    with laptop.database.read() as connection:
        assert numbers_left(connection) == 0


def take_and_fail(laptop: Laptop) -> None:
    with laptop.database.write() as connection:
        next_number(connection)
        raise ZeroDivisionError


def test_a_number_of_work_that_failed_is_given_again_and_no_other_is(laptop: Laptop) -> None:
    grant(laptop, "ZHW-2", 1, 9)
    with pytest.raises(ZeroDivisionError):
        take_and_fail(laptop)
    taken = take(laptop, 2)
    laptop.close()
    assert taken + take(laptop, 1) == [("ZHW-2", 1), ("ZHW-2", 2), ("ZHW-2", 3)]


@pytest.mark.parametrize(
    ("first", "last"), [(5, 15), (1, 10), (9, 9), (1, 30), (20, 20), (0, 3), (40, 39), (-3, -1)]
)
def test_a_block_that_overlaps_or_is_empty_is_refused(
    laptop: Laptop, first: int, last: int
) -> None:
    grant(laptop, "ZHW-2", 9, 20)
    with pytest.raises(RuleError) as caught:
        grant(laptop, "ZHW-2", first, last)
    assert caught.value.code == "number.overlap"


def test_the_same_block_again_changes_nothing_and_another_mark_is_its_own(
    laptop: Laptop,
) -> None:
    grant(laptop, "ZHW-2", 1, 3)
    taken = take(laptop, 2)
    grant(laptop, "ZHW-2", 1, 3)
    grant(laptop, "ZHW-3", 1, 3)
    assert taken + take(laptop, 2) == [("ZHW-2", 1), ("ZHW-2", 2), ("ZHW-2", 3), ("ZHW-3", 1)]


def test_a_tickets_block_closes_the_others(laptop: Laptop) -> None:
    grant(laptop, "0001-A", 1, 9999)
    take(laptop, 2)
    grant(laptop, "ZHW-2", 1, 3)
    with laptop.database.write() as connection:
        close_blocks(connection, "ZHW-2")
        assert numbers_left(connection) == 3
        assert numbers.used_marks(connection) == {"0001-A", "ZHW-2"}
    assert take(laptop, 1) == [("ZHW-2", 1)]


# --- settings ----------------------------------------------------------------------------------------


def test_a_setting_is_kept_and_has_a_default(laptop: Laptop) -> None:
    settings = Settings(laptop.database)
    assert settings.get("printer", "none") == "none"
    settings.set("printer", "desk")
    settings.set("printer", "hall")
    laptop.close()
    assert Settings(laptop.database).get("printer", "none") == "hall"


# --- sealed pages ------------------------------------------------------------------------------------


def code_of(store: ScanStore, digest: str) -> str:
    with pytest.raises(ProductError) as caught:
        store.read(digest)
    return caught.value.code


@given(st.lists(st.binary(min_size=1, max_size=200), max_size=5))
def test_pages_come_back_by_their_digest(
    tmp_path_factory: pytest.TempPathFactory, pages: list[bytes]
) -> None:
    store = ScanStore(tmp_path_factory.mktemp("pages") / "scans")
    digests = [store.store(page) for page in pages]
    assert [store.read(digest) for digest in digests] == pages
    assert list(store.digests()) == sorted(set(digests))
    assert store.missing([*digests, "0" * 64]) == ["0" * 64]


def test_a_page_that_is_not_here_or_altered_is_named(tmp_path: Path) -> None:
    store = ScanStore(tmp_path / "scans")
    assert list(store.digests()) == []
    digest = store.store(b"sealed")
    assert store.store(b"sealed") == digest
    assert code_of(store, "0" * 64) == "scan.missing"
    store.path(digest).write_bytes(b"other")
    assert code_of(store, digest) == "scan.altered"


@pytest.mark.parametrize("name", ["", "../x", "0" * 63, "A" * 64, "0" * 64 + "/"])
def test_only_a_digest_names_a_page(tmp_path: Path, name: str) -> None:
    store = ScanStore(tmp_path)
    assert code_of(store, name) == "scan.name"


def test_a_store_gives_the_families_a_person_may_meet(tmp_path: Path) -> None:
    store = ScanStore(tmp_path / "scans")
    with pytest.raises(WorkplaceError):
        store.read("0" * 64)
    with pytest.raises(UntrustedError):
        store.holds("x")
