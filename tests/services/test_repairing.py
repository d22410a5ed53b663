"""The repair list: it survives, is opened as a draft, empties itself, and lists nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.errors import CancelledError, RuleError, StaleError
from desktop_app.services.form import YES
from desktop_app.services.intake import WorkbookDesk
from desktop_app.services.progress import Progress
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.repairing import RepairDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage import repairs as kept
from tests.services.kit import number
from tests.services.test_intake import GOOD, HEADERS, children, row

BAD = row(full_name="王子涵", id_number="4.19999E+17", ethnic_code="火星")
DAMAGED = row(full_name="李梓萱", id_number="419999201803140000", guardian_name="李建军")


def book(folder: Path, *rows: tuple[str, ...], name: str = "village.xlsx") -> Path:
    path = folder / name
    write_workbook(path, [SheetContent("登记", HEADERS, rows)])
    return path


def test_a_look_writes_nothing_and_says_what_would_become_of_each_row(
    laptop: Workplace, tmp_path: Path
) -> None:
    path = book(tmp_path, GOOD, BAD, GOOD, row(full_name="王子涵"))
    seen = WorkbookDesk(laptop).look(path, path.name)
    assert seen.counts == (1, 2, 1)
    assert [(one.row, one.is_good, one.held) for one in seen.lines] == [
        (2, True, False),
        (3, False, False),
        (4, False, True),
        (5, False, False),
    ]
    assert "儿童姓名" in seen.matched
    assert "双胞胎" in seen.missing
    assert children(laptop) == []
    assert RepairDesk(laptop).lines() == ()
    taken = WorkbookDesk(laptop).enter(seen)
    assert (len(taken.registered), taken.rejected_rows, taken.duplicates) == (1, 3, 2)
    assert [one.row for one in RepairDesk(laptop).lines()] == [3, 5]


def test_the_same_workbook_twice_makes_nobody_and_no_line_twice(
    laptop: Workplace, tmp_path: Path
) -> None:
    desk, repairs = WorkbookDesk(laptop), RepairDesk(laptop)
    desk.take_in(book(tmp_path, GOOD, BAD, DAMAGED))
    again = book(tmp_path, DAMAGED, BAD, GOOD, name="copy.xlsx")
    seen = desk.look(again, again.name)
    assert seen.counts == (0, 2, 1)
    desk.enter(seen)
    assert len(children(laptop)) == 1
    assert [(one.source, one.row) for one in repairs.lines()] == [
        ("village.xlsx", 3),
        ("village.xlsx", 4),
    ]


def test_a_row_becomes_a_draft_with_what_was_read_and_leaves_when_it_is_registered(
    laptop: Workplace, tmp_path: Path
) -> None:
    WorkbookDesk(laptop).take_in(book(tmp_path, BAD, DAMAGED))
    desk, repairs = RegistrationDesk(laptop), RepairDesk(laptop)
    first, second = repairs.lines()
    assert [(one.column, one.code, one.found) for one in first.repairs] == [
        ("证件号", "cell.excel_damaged", "4.19999E+17")
    ]
    assert repairs.open(first.id) == first.id
    (draft,) = desk.drafts()
    assert (draft.id, draft.fields["full_name"]) == (first.id, "王子涵")
    assert draft.fields["id_number"] == "4.19999E+17"
    assert (draft.fields["hukou_village"], draft.fields["same_address"]) == ("410411200201", YES)
    assert repairs.lines()[0].mine
    repairs.open(first.id)
    with pytest.raises(RuleError, match=r"repair\.in_hand"):
        repairs.put_away(first.id)
    mended = {**draft.fields, "id_number": number(order=300), "ethnic_code": "01"}
    desk.register(mended)
    desk.drop_draft(draft.id)
    assert [one.id for one in repairs.lines()] == [second.id]
    with pytest.raises(StaleError, match=r"repair\.gone"):
        repairs.open(first.id)
    repairs.put_away(second.id)
    assert (repairs.lines(), repairs.count()) == ((), 0)
    WorkbookDesk(laptop).take_in(book(tmp_path, BAD, DAMAGED))
    assert repairs.lines() == (), "what was mended or put away is not listed again"
    with laptop.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT form, problems, source FROM repair").all()
    assert {tuple(one) for one in rows} == {("", "", "")}, "nothing that was read is left"


def test_a_row_somebody_else_has_open_is_not_opened(laptop: Workplace, tmp_path: Path) -> None:
    WorkbookDesk(laptop).take_in(book(tmp_path, BAD))
    repairs = RepairDesk(laptop)
    (line,) = repairs.lines()
    with laptop.database.write() as connection:
        found = kept.find(connection, line.id)
        assert found is not None
        kept.take_in_hand(connection, found, "somebody")
    with pytest.raises(RuleError, match=r"repair\.in_hand"):
        repairs.open(line.id)


def test_a_workbook_that_was_stopped_keeps_what_went_in_and_what_is_to_be_mended(
    laptop: Workplace, tmp_path: Path
) -> None:
    path = book(tmp_path, BAD, GOOD, row(full_name="王子涵", id_number=number(order=300)))

    class StopAtTheThird(Progress):
        def step(self, done: int, total: int, note_code: str = "") -> None:
            super().step(done, total, note_code)
            if (done, note_code) == (1, "intake"):
                self.cancel()

    with pytest.raises(CancelledError):
        WorkbookDesk(laptop).take_in(path, StopAtTheThird())
    assert [child.text("full_name") for child in children(laptop)] == ["罗雨桐"]
    assert [one.row for one in RepairDesk(laptop).lines()] == [2]


def test_a_block_from_the_clipboard_is_looked_at_like_a_workbook(laptop: Workplace) -> None:
    block = "\r\n".join("\t".join(cells) for cells in (HEADERS, GOOD, BAD)).encode()
    assert WorkbookDesk(laptop).look(block, "").counts == (1, 1, 0)
