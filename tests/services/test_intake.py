"""Families from a workbook: good rows go in, each bad row says its own reason, nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.errors import CancelledError, RuleError
from desktop_app.services.intake import Intake, WorkbookDesk, header_of
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row
from tests.services.kit import number

HEADERS = (
    "儿童姓名",
    "证件号",
    "民族",
    "户籍村（居）",
    "户籍地址",
    "报名类别",
    "监护人姓名",
    "与儿童关系",
    "监护人证件号",
    "联系电话",
    "已带材料",
    "告知书已签",
)
GOOD = (
    "罗雨桐",
    number(),
    "汉",
    "湛河湾村",
    "3组27号",
    "A1",
    "罗志远",
    "父亲",
    number("19890522", 141),
    "13800001234",
    "户口簿、监护人身份证",
    "是",
)


def row(**other: str) -> tuple[str, ...]:
    """Give the good row with some columns changed, named by field."""
    changed = {header_of(name): text for name, text in other.items()}
    return tuple(changed.get(header, cell) for header, cell in zip(HEADERS, GOOD, strict=True))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "village.xlsx"


def take(workplace: Workplace, path: Path, rows: Sequence[Sequence[str]]) -> Intake:
    write_workbook(path, [SheetContent("登记", HEADERS, rows)])
    return WorkbookDesk(workplace).take_in(path)


def children(workplace: Workplace) -> list[Row]:
    with workplace.journal.begin(workplace.actor()) as work:
        return work.rows("applicant")


def test_a_good_row_is_registered_as_if_typed(laptop: Workplace, sheet: Path) -> None:
    taken = take(laptop, sheet, [GOOD])
    assert (len(taken.registered), taken.repairs) == (1, ())
    (child,) = children(laptop)
    assert child.values["hukou_village"] == "410411200201"
    assert child.values["ethnic_code"] == "01"
    assert child.text("missing_materials") == ""


@pytest.mark.parametrize(
    ("other", "column", "code"),
    [
        ({"full_name": ""}, "儿童姓名", "cell.missing"),
        ({"id_number": "419999201803140000"}, "证件号", "cell.excel_damaged"),
        ({"id_number": "4.19999E+17"}, "证件号", "cell.excel_damaged"),
        ({"id_number": number()[:-1] + "5"}, "证件号", "identity.checksum"),
        ({"category": "Q7"}, "报名类别", "form.not_in_list"),
        ({"ethnic_code": "火星"}, "民族", "form.not_in_list"),
        ({"notice_read": "否"}, "告知书已签", "form.required"),
    ],
)
def test_a_bad_row_stands_on_the_repair_list_with_its_reason(
    laptop: Workplace, sheet: Path, other: dict[str, str], column: str, code: str
) -> None:
    second = row(id_number=number(order=300), full_name="王子涵")
    taken = take(laptop, sheet, [row(**other), second])
    assert [(one.row, one.column, one.code) for one in taken.repairs] == [(2, column, code)]
    assert [child.text("full_name") for child in children(laptop)] == ["王子涵"]


@pytest.mark.parametrize(("word", "code"), [("随迁子女", "B1"), ("随迁", "B1"), ("经商", "B2")])
def test_a_category_may_be_written_as_people_call_it(
    laptop: Workplace, sheet: Path, word: str, code: str
) -> None:
    taken = take(laptop, sheet, [row(category=word)])
    assert taken.repairs == ()
    assert [child.text("category") for child in children(laptop)] == [code]


def test_the_same_child_twice_goes_in_once_and_is_listed(laptop: Workplace, sheet: Path) -> None:
    taken = take(laptop, sheet, [GOOD, GOOD])
    assert (len(taken.registered), taken.duplicates) == (1, 1)
    assert taken.repairs[0].code == "form.duplicate"


NUMBERLESS = {"id_number": "", "full_name": "王子涵"}
BORN = ("证件类型", "性别", "出生日期")


def numberless(sex: str = "女", **other: str) -> tuple[str, ...]:
    """Give a row of a child without a number; its columns go with ``BORN``."""
    return (*row(**(NUMBERLESS | other)), "无证件", sex, "2018-03-14")


def take_born(workplace: Workplace, path: Path, *rows: Sequence[str]) -> Intake:
    write_workbook(path, [SheetContent("登记", (*HEADERS, *BORN), rows)])
    return WorkbookDesk(workplace).take_in(path)


def test_a_child_without_a_number_is_not_made_twice(laptop: Workplace, sheet: Path) -> None:
    first = take_born(laptop, sheet, numberless())
    assert (len(first.registered), first.repairs) == (1, ())
    again = take_born(laptop, sheet, numberless())
    assert (again.registered, again.duplicates) == ((), 1)
    assert [(one.column, one.code) for one in again.repairs] == [("儿童姓名", "form.alike")]
    by_phone = take_born(laptop, sheet, numberless(guardian_name="罗志勇"))
    assert [one.code for one in by_phone.repairs] == ["form.alike"]
    assert len(children(laptop)) == 1


def test_another_child_without_a_number_goes_in(laptop: Workplace, sheet: Path) -> None:
    elsewhere = {
        "guardian_name": "王志勇",
        "guardian_phone": "13900005678",
        "guardian_id_number": number("19900101", 11),
    }
    taken = take_born(laptop, sheet, numberless(), numberless("男"), numberless(**elsewhere))
    assert (len(taken.registered), taken.repairs) == (3, ())


def test_a_column_that_stands_there_often_is_named_once(laptop: Workplace, sheet: Path) -> None:
    write_workbook(sheet, [SheetContent("登记", HEADERS * 5, [GOOD * 5])])
    with pytest.raises(RuleError) as refused:
        WorkbookDesk(laptop).take_in(sheet)
    assert (refused.value.code, refused.value.details["column"]) == (
        "column.twice",
        "、".join(HEADERS),
    )


def test_a_missing_column_is_named_and_nothing_goes_in(laptop: Workplace, sheet: Path) -> None:
    write_workbook(sheet, [SheetContent("登记", HEADERS[:1] + HEADERS[2:], [GOOD[:1] + GOOD[2:]])])
    with pytest.raises(RuleError) as refused:
        WorkbookDesk(laptop).take_in(sheet)
    assert refused.value.details["column"] == "证件号"
    assert children(laptop) == []


def test_stopping_keeps_what_went_in(laptop: Workplace, sheet: Path) -> None:
    write_workbook(
        sheet,
        [SheetContent("登记", HEADERS, [GOOD, row(id_number=number(order=300))])],
    )

    class StopAfterFirst(Progress):
        """Stops when the first row was told."""

        def step(self, done: int, total: int, note_code: str = "") -> None:
            super().step(done, total, note_code)
            self.cancel()

    with pytest.raises(CancelledError):
        WorkbookDesk(laptop).take_in(sheet, StopAfterFirst())
    assert len(children(laptop)) == 1
