"""What is still held is read from the log: what was removed or taken again too, what is erased not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.feeds.erasing import ERASURE, write_references
from desktop_app.storage import belongings, retention
from tests.feeds.kit import OTHER_SCHOOL
from tests.storage.conftest import MakeLaptop
from tests.storage.kit import PRINCIPAL, REVIEWER, Laptop

PAGE: dict[str, Value] = {"material": "HKB", "page": 1, "size": 9}


def held(laptop: Laptop, kind: str, scope: str | None = None) -> dict[str, dict[str, object]]:
    with laptop.database.read() as connection:
        found = list(retention.records(connection, scope or laptop.scope, kind))
    assert len({one.record for one in found}) == len(found)
    return {one.record: dict(one.values) for one in found}


def add_page(laptop: Laptop, child: str, digest: str) -> tuple[str, str]:
    """Write a page and its key; give both records."""
    with laptop.journal.begin(laptop.actor(), laptop.scope) as work:
        page = work.create("scan", PAGE | {"applicant": child, "digest": digest * 64})
        values: dict[str, Value] = {"scan": page, "identity": f"key {digest}", "sealed": False}
        return page, work.create("scan_key", values)


def forget(laptop: Laptop, *records: tuple[str, str]) -> int:
    """Erase everything that was said of some records, as principal and reviewer may."""
    with laptop.journal.begin(laptop.actor(PRINCIPAL), laptop.scope) as work:
        keys = [(laptop.scope, *one) for one in records]
        named = belongings.references(work.connection, keys, district=False)
        values: dict[str, Value] = {"operations": write_references(named), "reason": "request"}
        work.create(ERASURE, values, signed=True, also=[laptop.actor(REVIEWER)])
    return len(named)


def by_two(laptop: Laptop) -> Laptop:
    laptop.grant(PRINCIPAL, Role.PRINCIPAL)
    laptop.grant(REVIEWER, Role.REVIEWER)
    return laptop


def test_a_record_that_was_never_made_is_not_held(laptop: Laptop) -> None:
    assert held(laptop, "applicant") == {}
    laptop.register()
    assert held(laptop, "scan") == {}
    assert held(laptop, "applicant", OTHER_SCHOOL) == {}


def test_what_was_removed_is_held_until_it_is_erased(laptop: Laptop) -> None:
    child = by_two(laptop).register()
    page, key = add_page(laptop, child, "a")
    laptop.remove("scan_key", key)
    laptop.remove("scan", page)
    assert laptop.row("scan", page) is None
    assert held(laptop, "scan")[page]["digest"] == "a" * 64
    assert held(laptop, "scan_key")[key]["identity"] == "key a"
    assert forget(laptop, ("scan", page), ("scan_key", key)) == 2, "the removals stay"
    assert held(laptop, "scan") == held(laptop, "scan_key") == {}
    assert held(laptop, "applicant")[child]["season"] == 2024


def test_a_removal_alone_says_nothing(laptop: Laptop) -> None:
    child = by_two(laptop).register()
    page, _ = add_page(laptop, child, "a")
    laptop.remove("scan", page)
    assert forget(laptop, ("scan", page)) == 1
    assert forget(laptop, ("scan", page)) == 0
    assert laptop.row("scan", page) is None
    assert page not in held(laptop, "scan")


def test_what_never_changes_is_given_whichever_operation_says_it(laptop: Laptop) -> None:
    child = laptop.register()
    page, _ = add_page(laptop, child, "a")
    for number in range(2, 5):
        laptop.edit("scan", page, page=number)
    (one,) = held(laptop, "scan").values()
    assert (one["applicant"], one["digest"], one["material"]) == (child, "a" * 64, "HKB")


def test_text_of_what_is_no_text_is_empty(laptop: Laptop) -> None:
    child = laptop.register()
    add_page(laptop, child, "a")
    with laptop.database.read() as connection:
        (one,) = retention.records(connection, laptop.scope, "scan")
    assert (one.text("page"), one.text("nothing"), one.text("applicant")) == ("", "", child)


def test_who_stands_in_the_lists_is_given_with_the_district_s_answer(laptop: Laptop) -> None:
    stays, gone = laptop.register(), laptop.register(receipt_number="ZHW-2-0824-0002-06")
    laptop.remove("applicant", gone)
    with laptop.database.read() as connection:
        assert retention.standing(connection, laptop.scope) == {stays: ""}
        assert retention.standing(connection, OTHER_SCHOOL) == {}


def test_what_belongs_to_a_child_has_the_pages_taken_again_and_no_other_child_s(
    laptop: Laptop,
) -> None:
    child = laptop.register()
    other = laptop.register(receipt_number="ZHW-2-0824-0002-06")
    old, old_key = add_page(laptop, child, "a")
    laptop.remove("scan_key", old_key)
    laptop.remove("scan", old)
    new, new_key = add_page(laptop, child, "b")
    add_page(laptop, other, "c")
    with laptop.database.read() as connection:
        keys = belongings.of_applicant(connection, laptop.scope, child)
        assert belongings.pages(connection, laptop.scope, child) == ["a" * 64, "b" * 64]
        assert belongings.pages(connection, laptop.scope, other) == ["c" * 64]
        assert belongings.pages(connection, laptop.scope, "nobody") == []
    pages = {(kind, record) for _, kind, record in keys if kind in {"scan", "scan_key"}}
    assert pages == {
        ("scan", old),
        ("scan_key", old_key),
        ("scan", new),
        ("scan_key", new_key),
    }


def test_another_holder_finds_the_same(laptop: Laptop, make_laptop: MakeLaptop) -> None:
    child = by_two(laptop).register()
    page, key = add_page(laptop, child, "a")
    laptop.remove("scan_key", key)
    laptop.remove("scan", page)
    add_page(laptop, child, "b")
    other = make_laptop("other")
    laptop.give(other)
    for kind in ("applicant", "scan", "scan_key"):
        assert held(other, kind) == held(laptop, kind)
    with laptop.database.read() as here, other.database.read() as there:
        mine = belongings.of_applicant(here, laptop.scope, child)
        assert belongings.of_applicant(there, laptop.scope, child) == mine
    forget(laptop, *((kind, record) for _, kind, record in mine))
    laptop.give(other)
    for kind in ("applicant", "guardian", "scan", "scan_key"):
        assert held(other, kind) == held(laptop, kind) == {}


@given(steps=st.lists(st.sampled_from(["add", "again", "remove", "erase"]), max_size=10))
@settings(max_examples=12)
def test_every_page_ever_taken_is_held_until_it_is_erased(
    make_laptop: MakeLaptop, steps: list[str]
) -> None:
    laptop = by_two(make_laptop("law", synchronous="OFF"))
    child = laptop.register()
    shown: list[tuple[str, str]] = []
    expected: dict[str, str] = {}
    for place, step in enumerate(steps):
        if step in {"again", "remove"} and shown:
            page, key = shown.pop()
            laptop.remove("scan_key", key)
            laptop.remove("scan", page)
        if step in {"add", "again"}:
            shown.append(add_page(laptop, child, f"{place:x}"))
            expected[shown[-1][0]] = f"{place:x}" * 64
        if step == "erase" and shown:
            page, key = shown.pop(0)
            forget(laptop, ("scan", page), ("scan_key", key))
            del expected[page]
    assert {page: one["digest"] for page, one in held(laptop, "scan").items()} == expected
    assert {one["scan"] for one in held(laptop, "scan_key").values()} == set(expected)
    with laptop.database.read() as connection:
        assert belongings.pages(connection, laptop.scope, child) == sorted(expected.values())
