"""Old workbooks: every cap bites, every chain ends, and an honest shell of any shape is read."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.documents import old_guard
from desktop_app.documents.compound import MAGIC, Compound
from desktop_app.documents.old_guard import inspect_old
from desktop_app.documents.sheet_scan import MAX_AREA, MAX_COLUMNS
from desktop_app.domain.errors import UntrustedError
from tests.documents.old_workbooks import (
    OLD,
    ROWS,
    begin,
    book_stream,
    cell,
    compound,
    old_workbook,
    record,
    sheet_stream,
)

END, FREE, TABLE, MORE_TABLES = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFC
NAMES = ("Workbook", "Book", "WORKBOOK", "book")


def refusal(data: bytes) -> tuple[str, object]:
    with pytest.raises(UntrustedError) as caught:
        inspect_old(data)
    return caught.value.code, caught.value.details.get("reason")


def put(data: bytes, at: int, *numbers: int) -> bytes:
    value = struct.pack(f"<{len(numbers)}I", *numbers)
    return data[:at] + value + data[at + len(value) :]


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
    return head.ljust(116, b"\0") + struct.pack("<IQ", start, size)


class Shell:
    """A compound file laid out sector by sector, so that each of its tables can be spoiled."""

    def __init__(self, shift: int = 9) -> None:
        self.size, self.shift = 1 << shift, shift
        self.body: list[bytes] = []
        self.table: list[int] = []
        self.directory = self.mini = END

    def add(self, data: bytes) -> int:
        """Lay data into sectors of their own and give the first."""
        first = len(self.body)
        cut = range(0, len(data), self.size)
        self.body += [data[at : at + self.size].ljust(self.size, b"\0") for at in cut]
        self.table += [*range(first + 1, len(self.body)), END]
        return first

    def bytes(self, *, lists: int = 0) -> bytes:
        """Close the shell; ``lists`` sectors beyond the header name sectors of the table."""
        each = self.size // 4
        count = max(1, lists * (each - 1) + 109 if lists else 1)
        first = len(self.body)
        table = self.table + [TABLE] * count + [MORE_TABLES] * lists
        table += [FREE] * (count * each - len(table))
        raw = struct.pack(f"<{len(table)}I", *table)
        places = [*range(first, first + count)]
        more = b""
        for number in range(lists):
            some = places[109 + number * (each - 1) :][: each - 1]
            last = END if number == lists - 1 else first + count + number + 1
            more += struct.pack(f"<{each}I", *some, *[FREE] * (each - 1 - len(some)), last)
        head = MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, self.shift, 6)
        head = head.ljust(44, b"\0") + struct.pack("<II", count, self.directory)
        head = head.ljust(60, b"\0") + struct.pack("<II", self.mini, self.mini != END)
        head += struct.pack("<II", first + count if lists else END, lists)
        head += struct.pack("<109I", *places[:109], *[FREE] * (109 - len(places)))
        return head.ljust(self.size, b"\0") + b"".join(self.body) + raw + more


def shell_of(stream: bytes, shift: int = 9, name: str = "Workbook") -> Shell:
    """Lay a stream into sectors of its own."""
    shell = Shell(shift)
    start = shell.add(stream)
    named = entry("Root Entry", 5, END, 0) + entry(name, 2, start, len(stream))
    shell.directory = shell.add(named)
    return shell


def small_shell(stream: bytes, table: Callable[[int], list[int]]) -> bytes:
    """Lay a stream below 4096 bytes into the root's pieces of 64; ``table`` chains them."""
    shell = Shell()
    room = shell.add(stream.ljust(-(-len(stream) // 64) * 64, b"\0"))
    count = -(-len(stream) // 64)
    numbers = table(count)
    shell.mini = shell.add(struct.pack(f"<{len(numbers)}I", *numbers))
    named = entry("Root Entry", 5, room, count * 64) + entry("Workbook", 2, 0, len(stream))
    shell.directory = shell.add(named)
    return shell.bytes()


def chained(count: int) -> list[int]:
    return [*range(1, count), END]


SMALL = book_stream({"报名": sheet_stream(ROWS)})
LARGE = SMALL + bytes(5000)


# --- shells of any shape -------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [9, 12])
@pytest.mark.parametrize("name", NAMES)
def test_the_stream_is_found_in_sectors_of_either_size_under_either_name(
    shift: int, name: str
) -> None:
    data = shell_of(LARGE, shift, name).bytes()
    assert Compound(data).workbook() == LARGE
    assert inspect_old(data).facts.last_row == len(ROWS)


@given(st.binary(min_size=1, max_size=4095))
def test_a_small_stream_comes_back_from_its_pieces(stream: bytes) -> None:
    assert Compound(small_shell(stream, chained)).workbook() == stream


def test_a_table_named_by_sectors_beyond_the_header_is_joined() -> None:
    data = shell_of(LARGE).bytes(lists=2)
    assert Compound(data).workbook() == LARGE


def test_both_names_at_once_give_the_newer_book() -> None:
    both = compound({"Book": bytes(5000), "Workbook": SMALL})
    assert Compound(both).workbook().startswith(SMALL)


# --- chains that lie -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda data: put(data, 68, 1), "compound_table"),
        (lambda data: put(data, 68, 0xFFFF), "compound_table"),
        (lambda data: put(data, 44, 10_000), "compound_table"),
        (lambda data: put(data, 44, 110), None),
        (lambda data: put(data, 76, 0xFFFF), "compound_table"),
        (lambda data: put(data, 48, END), "compound_directory"),
        (lambda data: data[:-512], "compound_table"),
    ],
)
def test_tables_that_lie_are_refused_or_change_nothing(
    spoil: Callable[[bytes], bytes], reason: str | None
) -> None:
    data = spoil(shell_of(LARGE).bytes(lists=2))
    if reason is None:
        # Fewer sectors of the table are asked for than there are: those that are hold the chains.
        assert inspect_old(data).sheet == "报名"
    else:
        assert refusal(data) == ("workbook.damaged", reason)


def test_a_list_of_tables_that_leads_to_itself_ends() -> None:
    good = shell_of(LARGE).bytes(lists=2)
    (first,) = struct.unpack_from("<I", good, 68)
    each = 512 * (first + 2)
    looped = put(put(good, each - 4, first), 44, len(good) // 512 - 1)
    assert Compound(looped).workbook() == LARGE, (
        "its first round holds the chains, no round is last"
    )


@pytest.mark.parametrize(
    "table",
    [
        lambda count: [0] * count,
        lambda count: [*range(1, count), 0],
        lambda count: [*range(1, count), count + 5000],
    ],
    ids=["at once", "in a circle", "beyond"],
)
def test_a_small_chain_that_does_not_end_is_refused(table: Callable[[int], list[int]]) -> None:
    assert refusal(small_shell(SMALL, table)) == ("workbook.damaged", "compound_chain")


def test_a_small_chain_that_ends_early_is_too_short() -> None:
    cut = small_shell(SMALL, lambda count: [END, *chained(count)[1:]])
    assert refusal(cut) == ("workbook.damaged", "compound_stream")


def test_a_directory_that_does_not_begin_with_its_root_is_refused() -> None:
    shell = Shell()
    start = shell.add(LARGE)
    shell.directory = shell.add(entry("Workbook", 2, start, len(LARGE)))
    assert refusal(shell.bytes()) == ("workbook.damaged", "compound_directory")


@given(st.integers(0, len(OLD) - 1), st.binary(min_size=1, max_size=8))
def test_any_damage_meets_a_verdict(at: int, damage: bytes) -> None:
    spoiled = OLD[:at] + damage + OLD[at + len(damage) :]
    try:
        found = inspect_old(spoiled)
    except UntrustedError as error:
        verdict = error.code
    else:
        verdict = f"workbook.read {found.facts.last_row}"
    assert verdict.startswith("workbook.")
    assert verdict != "workbook.read 0"


# --- caps and what counts as a cell --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "refused"),
    [
        ("MAX_CELLS", 3, ("workbook.bomb", "cells")),
        ("MAX_AREA", 3, ("workbook.bomb", "cells")),
        ("MAX_COLUMNS", 1, ("workbook.too_wide", None)),
        ("MAX_SHEETS", 1, ("workbook.bomb", "sheets")),
        ("MAX_ODD_CELLS", 1, ("workbook.bomb", "odd_cells")),
    ],
)
def test_every_cap_bites_at_one_more_and_not_before(
    name: str, value: int, refused: tuple[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = old_workbook([(("error",), "b"), ("c", ("formula",))], 说明=[("a",)])
    monkeypatch.setattr(old_guard, name, value + 1)
    assert inspect_old(data).facts.last_column == 2
    monkeypatch.setattr(old_guard, name, value)
    assert refusal(data) == refused


def many(row: int, first: int, count: int) -> bytes:
    """Write many numbers of one row in one record."""
    return record(0x00BD, struct.pack("<HH", row, first) + bytes(6 * count + 2))


def book_of(*records: bytes) -> bytes:
    sheet = begin(16) + b"".join(records) + record(0x000A)
    return compound({"Workbook": book_stream({"报名": sheet})})


@given(st.integers(0, 65_535), st.integers(0, MAX_COLUMNS - 1), st.integers(1, MAX_COLUMNS))
def test_many_numbers_in_one_record_are_counted_each(row: int, first: int, count: int) -> None:
    data = book_of(many(row, first, count))
    if (row + 1) * min(first + count, MAX_COLUMNS) > MAX_AREA:
        assert refusal(data) == ("workbook.bomb", "cells")
    elif first + count > MAX_COLUMNS:
        assert refusal(data)[0] == "workbook.too_wide"
    else:
        facts = inspect_old(data).facts
        assert (facts.last_row, facts.last_column) == (row + 1, first + count)


@pytest.mark.parametrize(
    ("result", "odd"),
    [
        (struct.pack("<d", 2.5), None),
        (b"\x00" + bytes(5) + b"\xff\xff", None),
        (b"\x01\x00\x01" + bytes(3) + b"\xff\xff", None),
        (b"\x02\x00\x2a" + bytes(3) + b"\xff\xff", "error"),
        (b"\x03" + bytes(5) + b"\xff\xff", "formula"),
    ],
    ids=["number", "text", "bool", "error", "no value"],
)
def test_a_formula_is_odd_only_without_a_value(result: bytes, odd: str | None) -> None:
    place = struct.pack("<HHH", 4, 2, 0)
    facts = inspect_old(book_of(record(0x0006, place + result + bytes(8)))).facts
    assert dict(facts.odd) == ({} if odd is None else {(5, 3): odd})


def test_a_chart_within_a_sheet_is_passed_over() -> None:
    chart = begin(32) + cell(900, 200, "x") + record(0x000A)
    facts = inspect_old(book_of(cell(0, 0, "a"), chart, cell(1, 0, "b"))).facts
    assert (facts.last_row, facts.last_column) == (2, 1)


def test_a_hidden_or_empty_sheet_is_passed_over_and_named_only_if_shown() -> None:
    sheets = {"暗": sheet_stream(ROWS), "空": sheet_stream(()), "报名": sheet_stream(ROWS)}
    found = inspect_old(compound({"Workbook": book_stream(sheets, hidden="暗")}))
    assert (found.sheet, found.others) == ("报名", ("空",))


def test_two_sheets_of_one_name_are_refused() -> None:
    twice = struct.pack("<IBBBB", 0, 0, 0, 2, 1) + "报名".encode("utf-16-le")
    stream = book_stream({"报名": sheet_stream(ROWS)}, more=record(0x0085, twice))
    assert refusal(compound({"Workbook": stream})) == ("workbook.damaged", "sheet_twice")


@pytest.mark.parametrize("kind", [0x0203, 0x00FD, 0x0204, 0x027E, 0x00D6, 0x0006, 0x0205, 0x00BD])
@pytest.mark.parametrize("length", [0, 3, 5])
def test_a_cell_too_short_for_its_place_is_refused(kind: int, length: int) -> None:
    assert refusal(book_of(record(kind, bytes(length)))) == ("workbook.damaged", "cell")
