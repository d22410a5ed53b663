"""The ticket book: no mark is given twice to a school, and blocks follow one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.errors import RuleError, WorkplaceError
from desktop_app.security.ticket import HIGHEST_NUMBER
from desktop_app.services.ticket_book import BLOCK, Stub, TicketBook
from desktop_app.services.workplace import Workplace
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site, hand, take

UNKNOWN = "2141041199"


def give(book: TicketBook, school: str, *asked: object) -> Stub:
    stub = book.allot(school, *asked)  # type: ignore[arg-type]
    with book.giving(school, stub):
        pass
    return stub


def test_marks_and_blocks_follow_one_another(district: Workplace) -> None:
    book = TicketBook(district)
    assert give(book, UNKNOWN) == Stub("1", 1, BLOCK)
    assert give(book, UNKNOWN) == Stub("2", BLOCK + 1, 2 * BLOCK)
    assert give(book, OTHER_SCHOOL + "x") == Stub("1", 1, BLOCK)


def test_a_mark_is_given_once(district: Workplace) -> None:
    book = TicketBook(district)
    give(book, UNKNOWN, "1")
    with pytest.raises(RuleError) as refused:
        book.allot(UNKNOWN, "1")
    assert refused.value.code == "office.mark_given"
    assert refused.value.details == {"mark": "1", "free": "2"}


def test_the_book_outlives_the_program(site: Site, district: Workplace) -> None:
    give(TicketBook(district), UNKNOWN, "7", 5, 9)
    district.close()
    site.opened.remove(district)
    again = site.reopen(district.folder.name)
    assert TicketBook(again).given(UNKNOWN) == (Stub("7", 5, 9),)
    assert TicketBook(again).allot(UNKNOWN) == Stub("1", 10, BLOCK + 9)


def test_a_ticket_that_was_not_made_leaves_its_mark_free(district: Workplace) -> None:
    book = TicketBook(district)
    stub = book.allot(UNKNOWN)
    with pytest.raises(WorkplaceError), book.giving(UNKNOWN, stub):
        raise WorkplaceError("disk.full", cause="ENOSPC")
    assert book.given(UNKNOWN) == ()


def test_blocks_begin_anew_where_numbers_run_out(district: Workplace) -> None:
    book = TicketBook(district)
    give(book, UNKNOWN, None, HIGHEST_NUMBER - 5)
    assert book.given(UNKNOWN)[0].last == HIGHEST_NUMBER
    assert book.allot(UNKNOWN) == Stub("2", 1, BLOCK)


def test_what_a_laptop_proved_stands_for_a_lost_stub(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    book = TicketBook(district)
    known = book.given(SCHOOL)
    take(district, hand(laptop, stick).path)
    (proved,) = set(book.given(SCHOOL)) - set(known)
    with pytest.raises(RuleError):
        book.allot(SCHOOL, proved.mark)
    assert book.allot(SCHOOL).first == proved.last + 1
