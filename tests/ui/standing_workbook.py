"""The pages 导入名册 and 导出名单 as they stand in front of people."""

from __future__ import annotations

from pathlib import Path

from desktop_app.durable.sticks import Stick
from desktop_app.services.blank_form import BookFile
from desktop_app.services.intake import COLUMNS, Judged, Preview, Repair
from desktop_app.services.policies import shipped_policy
from desktop_app.services.repairing import RepairLine
from desktop_app.ui.pages.workbook import Mode, WorkbookDesks, WorkbookPage
from desktop_app.ui.pages.workbook_export import ExportPage
from tests.ui.registering import NeverAnswering
from tests.ui.standing import AT, Nothing

FORM = {
    "full_name": "罗雨桐",
    "id_number": "419999201803142641",
    "hukou_village": "410411200201",
    "category": "A1",
    "guardian_name": "罗志远",
}
WRONG = (
    Repair(4, "证件号", "cell.excel_damaged", {}, "4.19999E+17"),
    Repair(4, "民族", "form.not_in_list", {}, "火星"),
)
HELD = Repair(5, "证件号", "form.duplicate", {"rule": "D1"})
LINES = (
    *(Judged(row, FORM) for row in range(10, 40)),
    Judged(4, {**FORM, "full_name": "买买提·阿卜杜拉·艾合买提江"}, WRONG),
    Judged(6, {**FORM, "full_name": ""}, (Repair(6, "儿童姓名", "cell.missing"),)),
    Judged(5, FORM, (HELD,), held=True),
)
PREVIEW = Preview(
    source="湛河湾村2024年秋季入学登记表（最后一次）.xlsx",
    lines=LINES,
    matched=tuple(one.header for one in COLUMNS[:16]),
    missing=tuple(one.header for one in COLUMNS[16:]),
    unknown=("备注", "家长微信", "有没有上过幼儿园"),
    skipped_blank=3,
    others=("说明",),
)
REPAIRS = tuple(
    RepairLine(
        f"r{row}",
        PREVIEW.source,
        row,
        FORM,
        WRONG,
        "刘素琴",
        AT,
        "王建军" if row % 3 == 0 else "",
        False,
    )
    for row in range(4, 24)
)


def workbook() -> WorkbookPage:
    """Give a stick with tables."""
    desks = WorkbookDesks(Nothing(), Nothing(), shipped_policy())  # type: ignore[arg-type]
    page = WorkbookPage(desks, NeverAnswering(), lambda: None, find=tuple)
    page.place.set_sticks([Stick(Path("/stick"), "ZHW", 11_200_000_000, 16_000_000_000)])
    page._show_files([BookFile(Path(f"/stick/村{n}.xlsx"), 48_000 * n, AT) for n in range(1, 30)])
    return page


def preview() -> WorkbookPage:
    """Give what a table would do, as after F10."""
    page = workbook()
    page._looked(PREVIEW)
    return page


def repairs() -> WorkbookPage:
    """Give the rows that wait to be mended."""
    page = workbook()
    page._show_repairs(REPAIRS)
    page._go(Mode.REPAIRS)
    return page


def putting_away() -> WorkbookPage:
    """Give the question before a row is taken off the list, as after T."""
    page = repairs()
    page.ask_away()
    return page


def export() -> ExportPage:
    """Give 导出名单 with numbers whole, as after F8."""
    page = ExportPage(Nothing(), NeverAnswering(), lambda: None, find=tuple)  # type: ignore[arg-type]
    page._show((178, True))
    page.turn()
    return page
