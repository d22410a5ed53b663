"""Lists taken out: masked by role, whole by the principal alone, logged, and safe in Excel."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.blank_form import save_blank_form, tables_in
from desktop_app.services.exporting import ExportDesk
from desktop_app.services.intake import WorkbookDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows
from tests.services.kit import let_in, log_in, number, registered
from tests.services.test_intake import children
from tests.sync.site import Site

WHY = "=HYPERLINK(1)"


def cells(path: Path, sheet: int = 0) -> list[list[object]]:
    book = openpyxl.load_workbook(path)
    return [[one.value for one in row] for row in book.worksheets[sheet].iter_rows()]


def log(workplace: Workplace) -> list[tuple[str, str]]:
    with workplace.database.read() as connection:
        rows = read_rows(connection, RECORD_TYPES["access"], workplace.seat.scope, {})
    return [(row.text("what"), row.text("reason")) for row in rows]


def test_a_list_is_masked_marked_and_logged(laptop: Workplace, tmp_path: Path) -> None:
    registered(laptop)
    registered(laptop, full_name="王子涵", id_number=number(order=300), hukou_address="=1+1")
    done = ExportDesk(laptop).export("all", tmp_path, WHY)
    assert (done.rows, done.whole) == (2, False)
    path = tmp_path / done.name
    heads, first, second, _, mark = cells(path)
    by = dict(zip(map(str, heads), first, strict=True))
    assert (by["姓名"], by["证件号"], by["联系电话"]) == (
        "罗*桐",
        f"419999********{number()[-4:]}",
        "138****1234",
    )
    assert (by["户籍地址"], by["出生日期"], by["户籍村（居）"]) == (None, "2018-03", "湛河湾村")
    assert second[1] == "王*涵"
    assert str(mark[0]).endswith(f"导出，用途：{WHY}")
    note = {str(row[0]): row[1] for row in cells(path, 1)}
    assert (note["用途"], note["证件号和电话"]) == (WHY, "已遮盖")
    assert log(laptop) == [("export", WHY)] * 2
    again = ExportDesk(laptop).export("all", tmp_path, WHY)
    assert again.name != done.name, "nothing is written over"


def test_the_principal_takes_numbers_out_whole_as_text(laptop: Workplace, tmp_path: Path) -> None:
    registered(laptop, hukou_address="=1+1")
    done = ExportDesk(laptop).export("all", tmp_path, "学籍", whole=True)
    sheet = openpyxl.load_workbook(tmp_path / done.name).worksheets[0]
    by = {str(head.value): one for head, one in zip(sheet[1], sheet[2], strict=True)}
    assert (by["证件号"].value, by["证件号"].data_type) == (number(), "s")
    assert (by["户籍地址"].value, by["户籍地址"].data_type) == ("=1+1", "s")


def test_nobody_else_and_nobody_without_a_reason(
    site: Site, laptop: Workplace, tmp_path: Path
) -> None:
    registered(laptop)
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    desk = ExportDesk(laptop)
    with pytest.raises(RuleError, match=r"export\.reason"):
        desk.export("all", tmp_path, "  ")
    with pytest.raises(RuleError, match=r"export\.nobody"):
        desk.export("returned", tmp_path, "x")
    registrar = ExportDesk(laptop := log_in(site, laptop, "刘素琴"))
    assert not registrar.may_whole()
    with pytest.raises(RuleError, match=r"export\.principal"):
        registrar.export("all", tmp_path, "x", whole=True)
    assert log(laptop) == []
    assert list(tmp_path.glob("*.xlsx")) == []


def test_what_is_filled_into_the_blank_form_comes_in(laptop: Workplace, tmp_path: Path) -> None:
    path = save_blank_form(laptop.policy, tmp_path)
    assert save_blank_form(laptop.policy, tmp_path).name == "空白登记表-2.xlsx"
    (tmp_path / "~$空白登记表.xlsx").write_bytes(b"x")
    assert {one.path.name for one in tables_in(tmp_path)} == {
        "空白登记表.xlsx",
        "空白登记表-2.xlsx",
    }
    assert tables_in(tmp_path / "gone") == ()
    book = openpyxl.load_workbook(path)
    form = book["登记表"]
    filled = {
        "儿童姓名": "罗雨桐",
        "证件号": number(),
        "民族": "汉族",
        "户籍村（居）": "湛河湾村",
        "报名类别": f"A1 {laptop.policy.categories['A1'].label}",
        "监护人姓名": "罗志远",
        "与儿童关系": "父亲",
        "告知书已签": "是",
    }
    for column, head in enumerate(form[1], start=1):
        form.cell(2, column, filled.get(str(head.value).rstrip("*")))
    book.save(path)
    seen = WorkbookDesk(laptop).look(path, path.name)
    assert [one.repairs for one in seen.lines] == [()]
    WorkbookDesk(laptop).enter(seen)
    assert [child.text("category") for child in children(laptop)] == ["A1"]
