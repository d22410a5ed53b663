"""Laws of the intake: what a look says is what is entered, and twice is once."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.documents import launch
from desktop_app.documents.writer import SheetContent, workbook_bytes
from desktop_app.domain.errors import CancelledError, RuleError, UntrustedError
from desktop_app.services import intake
from desktop_app.services.intake import Intake, Preview, WorkbookDesk
from desktop_app.services.progress import Progress
from desktop_app.services.repairing import RepairDesk
from desktop_app.services.workplace import Workplace
from tests.documents.old_workbooks import old_workbook
from tests.services.kit import number, registered
from tests.services.test_intake import GOOD, HEADERS, children, row

Cells = tuple[str, ...]
NAMES = ("罗雨桐", "王子涵", "李梓萱", "张浩然", "刘诗涵", "陈宇轩")
SPOILED = (
    {"full_name": ""},
    {"id_number": "4.19999E+17"},
    {"id_number": number()[:-1] + "5"},
    {"category": "Q7"},
    {"ethnic_code": "火星"},
    {"notice_read": "否"},
    {"guardian_phone": "138"},
)


def child(at: int, **other: str) -> Cells:
    """Give the good row of one of a village's children, everybody with parents of their own."""
    own = {
        "id_number": number(order=100 + 2 * at),
        "full_name": NAMES[at % len(NAMES)],
        "guardian_name": f"罗志{chr(0x4E00 + at)}",
        "guardian_id_number": number("19890522", 100 + at),
        "guardian_phone": f"1380000{at:04d}",
    }
    return row(**(own | other))


def table(rows: Sequence[Cells]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADERS, *rows])
    return out.getvalue().encode()


def told(taken: Intake) -> tuple[int, int, int]:
    """Count as a look counts: gone in, to be mended, here already."""
    return len(taken.registered), taken.rejected_rows, taken.duplicates


def reasons(lines: Preview | Intake) -> list[tuple[int, str, str]]:
    found = (
        [one for line in lines.lines for one in line.repairs]
        if isinstance(lines, Preview)
        else lines.repairs
    )
    return [(one.row, one.column, one.code) for one in found]


@pytest.fixture
def desk(laptop: Workplace) -> WorkbookDesk:
    return WorkbookDesk(laptop)


# --- the look and what is entered ----------------------------------------------------------------

VILLAGE = st.lists(
    st.one_of(
        st.integers(0, 7).map(child),
        st.tuples(st.integers(0, 7), st.sampled_from(SPOILED)).map(
            lambda one: child(one[0], **one[1])
        ),
        st.just(("",) * len(HEADERS)),
    ),
    min_size=1,
    max_size=9,
)


@given(VILLAGE)
@settings(max_examples=6)
def test_what_a_look_says_is_what_is_entered_and_the_second_time_nobody(
    desk: WorkbookDesk, laptop: Workplace, rows: list[Cells]
) -> None:
    # The same desk throughout: the law holds whoever is registered already.
    data, before = table(rows), len(children(laptop))
    filled = [one for one in rows if any(one)]
    seen = desk.look(data, "village.csv")
    good, mended, held = seen.counts
    assert good + mended + held == len(seen.lines) == len(filled)
    assert len(children(laptop)) == before, "a look writes nothing"
    taken = desk.enter(seen)
    assert (len(taken.registered), taken.rejected_rows) == (good, mended + held)
    assert reasons(taken) == reasons(seen)
    assert len(children(laptop)) == before + good
    waiting = RepairDesk(laptop).count()
    again = desk.look(data, "copy.csv")
    assert (again.counts[0], again.counts[1] + again.counts[2]) == (0, len(filled))
    desk.enter(again)
    assert (len(children(laptop)), RepairDesk(laptop).count()) == (before + good, waiting)


def test_whoever_was_registered_since_the_look_is_not_registered_again(
    desk: WorkbookDesk, laptop: Workplace
) -> None:
    seen = desk.look(table([GOOD, child(1)]), "")
    assert seen.counts == (2, 0, 0)
    registered(laptop)
    taken = desk.enter(seen)
    assert told(taken) == (1, 1, 1)
    assert [one.row for one in taken.repairs] == [2]
    assert RepairDesk(laptop).count() == 0, "who is here already needs no mending"


def test_another_child_of_the_same_number_waits_for_somebody_who_looks(
    desk: WorkbookDesk, laptop: Workplace
) -> None:
    registered(laptop)
    seen = desk.look(table([row(full_name="王子涵")]), "")
    assert seen.counts == (0, 1, 0)
    desk.enter(seen)
    assert [one.repairs[0].code for one in RepairDesk(laptop).lines()] == ["form.duplicate"]


def test_a_preview_entered_twice_registers_once(desk: WorkbookDesk, laptop: Workplace) -> None:
    seen = desk.look(table([GOOD, child(1), child(2, category="Q7")]), "v.csv")
    assert told(desk.enter(seen)) == (2, 1, 0)
    assert told(desk.enter(seen)) == (0, 3, 2)
    assert (len(children(laptop)), RepairDesk(laptop).count()) == (2, 1)


def test_taking_in_says_what_looking_said(
    desk: WorkbookDesk, laptop: Workplace, tmp_path: Path
) -> None:
    path = tmp_path / "v.csv"
    path.write_bytes(table([child(0), child(1, category="Q7"), child(0), child(2)]))
    seen = desk.look(path, path.name)
    taken = desk.take_in(path)
    assert reasons(taken) == reasons(seen)
    assert told(taken) == (2, 2, 1)
    assert [one.form["full_name"] for one in RepairDesk(laptop).lines()] == ["王子涵"]


# --- transactions and stopping -------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_twins_of_a_row_are_met_across_transactions_as_within_one(
    desk: WorkbookDesk, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_BATCH", batch)
    rows = [child(0), child(1), child(0), child(2), child(1), child(2), child(0)]
    seen = desk.look(table(rows), "")
    taken = desk.enter(seen)
    assert seen.counts == (3, 0, 4)
    assert told(taken) == (3, 4, 4)
    assert [one.row for one in taken.repairs] == [4, 6, 7, 8]


@pytest.mark.parametrize("stop", [0, 1, 3, 4])
def test_stopping_and_going_on_ends_where_one_go_ends(
    desk: WorkbookDesk, laptop: Workplace, stop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_BATCH", 2)
    seen = desk.look(table([child(at) for at in range(4)] + [child(5, category="Q7")]), "v")

    class Stopping(Progress):
        def step(self, done: int, total: int, note_code: str = "") -> None:
            if done == stop:
                self.cancel()
            super().step(done, total, note_code)

    with pytest.raises(CancelledError):
        desk.enter(seen, Stopping())
    went_in = len(children(laptop))
    assert went_in == min(stop, 4), "what stood before the stop stays, nothing behind it goes in"
    assert told(desk.enter(seen)) == (4 - went_in, 1 + went_in, went_in)
    assert (len(children(laptop)), RepairDesk(laptop).count()) == (4, 1)


def test_a_look_that_is_stopped_writes_nothing(desk: WorkbookDesk, laptop: Workplace) -> None:
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(CancelledError):
        desk.look(table([GOOD, row(category="Q7")]), "", stopped)
    assert (children(laptop), RepairDesk(laptop).count()) == ([], 0)


# --- every kind of table -------------------------------------------------------------------------


def kinds(rows: Sequence[Cells]) -> dict[str, bytes]:
    """Write the same rows in every kind that is read."""
    text = table(rows).decode()
    tabs = io.StringIO()
    csv.writer(tabs, delimiter="\t").writerows([HEADERS, *rows])
    return {
        "xlsx": workbook_bytes([SheetContent("登记", HEADERS, rows)]),
        "xls": old_workbook([HEADERS, *rows]),
        "utf-8": text.encode(),
        "excel's utf-8": text.encode("utf-8-sig"),
        "gb18030": text.encode("gb18030"),
        "block": tabs.getvalue().encode(),
    }


def test_every_kind_of_table_is_judged_alike_and_a_row_has_one_name_in_all(
    desk: WorkbookDesk, laptop: Workplace
) -> None:
    rows = [GOOD, child(1, id_number="4.19999E+17"), child(2, full_name=""), GOOD]
    looks = {kind: desk.look(data, kind) for kind, data in kinds(rows).items()}
    assert {kind: seen.counts for kind, seen in looks.items()} == dict.fromkeys(looks, (1, 2, 1))
    lines = {kind: [(one.row, one.name, one.form) for one in s.lines] for kind, s in looks.items()}
    assert all(one == lines["xlsx"] for one in lines.values())
    for seen in looks.values():
        desk.enter(seen)
    assert (len(children(laptop)), RepairDesk(laptop).count()) == (1, 2)


def test_rows_that_differ_have_names_of_their_own(desk: WorkbookDesk) -> None:
    rows = [child(at, **spoiled) for at in range(3) for spoiled in SPOILED]
    names = [one.name for one in desk.look(table(rows), "").lines if not one.is_good]
    assert len(set(names)) == len(names) >= len(rows) - 3, "a short phone is doubted, not refused"
    assert "" not in names


def test_columns_are_told_as_matched_missing_and_unknown(desk: WorkbookDesk) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([(*HEADERS, "备注", "序号"), (*GOOD, "x", "1")])
    seen = desk.look(out.getvalue().encode(), "")
    assert set(seen.matched) == set(HEADERS)
    assert set(seen.matched) | set(seen.missing) == {one.header for one in intake.COLUMNS}
    assert not set(seen.matched) & set(seen.missing)
    assert seen.unknown == ("备注", "序号")


@pytest.mark.parametrize("header", ["儿童姓名", "证件号", "户籍村（居）", "报名类别", "监护人姓名"])
def test_without_a_column_that_must_be_there_nothing_is_judged(
    desk: WorkbookDesk, laptop: Workplace, header: str
) -> None:
    at = HEADERS.index(header)
    out = io.StringIO()
    csv.writer(out).writerows([one[:at] + one[at + 1 :] for one in (HEADERS, GOOD)])
    with pytest.raises(RuleError) as refused:
        desk.look(out.getvalue().encode(), "")
    assert refused.value.code == "column.missing"
    assert header in str(refused.value.details["column"])
    assert children(laptop) == []


def test_a_reader_that_dies_leaves_the_desk_as_it_was(
    desk: WorkbookDesk, laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "child_command", lambda _name: ["/bin/false"])
    with pytest.raises(UntrustedError, match=r"workbook\.unreadable"):
        desk.look(table([GOOD]), "")
    assert (children(laptop), RepairDesk(laptop).count()) == ([], 0)
