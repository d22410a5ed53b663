"""The lists of the page 导入名册: tables on the stick, what one would do, rows to be mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import RuleError
from desktop_app.domain.masks import mask_number
from desktop_app.messages.catalogue import sentence
from desktop_app.policy.package import Policy
from desktop_app.services.blank_form import BookFile
from desktop_app.services.intake import Intake, Judged, Preview, Repair, header_of
from desktop_app.services.repairing import RepairLine
from desktop_app.services.wording import village_label
from desktop_app.ui.pages.policies_lists import ListSheet
from desktop_app.ui.text import language, moment, size
from desktop_app.ui.views import BannerView, Cell, Column, PillCell, Row, State
from desktop_app.ui.widgets.paging import Runner

ALL, GOOD, BAD, HELD = "all", "good", "bad", "held"
WHICH = (ALL, BAD, GOOD, HELD)
_SHOWN = ("full_name", "id_number", "hukou_village", "category", "guardian_name")
_LONGEST = 20


def _tr(words: str) -> str:
    return QCoreApplication.translate("Workbook", words)


def reason(one: Repair) -> str:
    """Say what is wrong with one cell: its column, what it shows, why it cannot be taken."""
    said = sentence(RuleError(one.code, **one.details), language()).what
    shown = _tr("（表里是“{found}”）").format(found=_short(one.found)) if one.found else ""
    return _tr("{column}{shown}：{why}").format(column=one.column, shown=shown, why=said)


def _why(one: Repair) -> str:
    said = sentence(RuleError(one.code, **one.details), language()).what
    return _tr("{column}：{why}").format(column=one.column, why=said.rstrip("。"))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}…"


def _value(policy: Policy, field: str, text: str) -> str:
    if field == "hukou_village":
        return village_label(policy, text)
    return mask_number(text) if field == "id_number" else text


class RowsSheet(ListSheet):
    """A list of the page, which gives its words up where there is no room."""

    def set_brief(self, *, brief: bool) -> None:
        """Leave out the words over and under the list, or show them."""
        self._words.setVisible(not brief)
        self.foot.setVisible(not brief)


class FileSheet(RowsSheet):
    """The tables that lie on the stick."""

    def __init__(self, run: Runner, parent: QWidget | None = None) -> None:
        columns = (
            Column(_tr("表格"), 0, strong=True),
            Column(_tr("大小"), 110, secondary=True),
            Column(_tr("改于"), 150, secondary=True),
        )
        super().__init__(columns, run, parent)
        self._files: dict[str, BookFile] = {}
        how = _tr(
            "Excel、WPS 存的都行（xlsx、xls、et、csv）；也可以在 Excel 里复制，到这里按 Ctrl+V。"
        )
        self.head(_tr("选一个表格"), how)
        self.foot.setText(_tr("先给您看每一行录不录得进，再按 F10 才录入。原来的文件不会改动。"))

    def show_files(self, files: Sequence[BookFile], *, place: bool) -> None:
        """Show tables, or why there are none."""
        self._files = {str(one.path): one for one in files}
        none = _tr("这里没有表格。按 F3 换个文件夹，按 F7 存一份空白登记表给村里填")
        self.table.say_nothing(none if place else _tr("插上 U 盘，或按 F3 输入文件夹"))
        self.table.show_rows(
            Row(key, (one.path.name, size(one.size), moment(one.changed_at)))
            for key, one in self._files.items()
        )

    @property
    def chosen(self) -> BookFile | None:
        """Give the table of now."""
        return self._files.get(self.table.current_key)


class PreviewSheet(ListSheet):
    """What becomes of every row, before anything is written."""

    def __init__(self, run: Runner, policy: Policy, parent: QWidget | None = None) -> None:
        columns = (
            Column(_tr("行"), 52, secondary=True),
            Column(_tr("结果"), 104),
            Column(_tr("姓名"), 124, strong=True),
            Column(_tr("证件号"), 200),
            Column(_tr("户籍村（居）"), 130, compact=False),
            Column(_tr("类别"), 84, compact=False),
            Column(_tr("监护人"), 110, compact=False),
            Column(_tr("要改什么"), 0),
        )
        super().__init__(columns, run, parent)
        self._policy = policy
        self._lines: dict[str, Judged] = {}
        self.preview: Preview | None = None
        self.which = ALL
        self.table.moved.connect(self._moved)

    def show_preview(self, preview: Preview) -> None:
        """Show a table that was read; where something is to be mended, that first."""
        self.preview = preview
        self.show_which(BAD if preview.counts[1] else ALL)
        self.table.go_to_row(0)

    def show_which(self, which: str) -> None:
        """Show all rows, or those of one kind."""
        preview = self.preview
        if preview is None:
            return
        self.which = which
        good, bad, held = preview.counts
        words = {
            ALL: _tr("全部 {all} 行"),
            GOOD: _tr("能录的 {good} 行"),
            BAD: _tr("要改的 {bad} 行"),
            HELD: _tr("已在名单的 {held} 行"),
        }
        name = preview.source or _tr("粘贴的内容")
        numbers = {"all": len(preview.lines), "good": good, "bad": bad, "held": held}
        shown = words[which].format(**numbers)
        said = _tr("能录 {good}，要改 {bad}，已在名单 {held}，空行 {blank} · 认出 {columns} 列")
        self.head(
            f"{name} · {shown}",
            said.format(**numbers, blank=preview.skipped_blank, columns=len(preview.matched)),
            self._not_read(preview),
        )
        self._lines = {f"{one.row}": one for one in preview.lines if _is(one, which)}
        self.table.say_nothing(_tr("没有这样的行。按 Alt+→ 看别的"))
        self.table.show_rows(self._row(key, one) for key, one in self._lines.items())
        self._moved()

    def _not_read(self, preview: Preview) -> str:
        """Say which columns and sheets are left out."""
        left = []
        if preview.unknown:
            named = "、".join(_short(one) for one in preview.unknown)
            left.append(_tr("不认识、不录的列：{named}").format(named=named))
        if preview.others:
            named = "、".join(_short(one) for one in preview.others)
            left.append(_tr("没看的工作表：{named}").format(named=named))
        return "；".join(left)

    def _row(self, key: str, one: Judged) -> Row:
        wrong = {repair.column: repair for repair in one.repairs}
        cells: list[Cell] = [key, _verdict(one)]
        for field in _SHOWN:
            repair = wrong.get(header_of(field))
            if repair is None or one.held:
                cells.append(_value(self._policy, field, one.form.get(field, "")))
            else:
                shown = repair.found or _value(self._policy, field, one.form.get(field, ""))
                cells.append(PillCell(State.REFUSED, _short(shown) or _tr("空")))
        cells.append("" if one.held else "；".join(map(_why, one.repairs)))
        return Row(key, tuple(cells))

    def _moved(self, _key: str = "") -> None:
        one = self._lines.get(self.table.current_key)
        if one is None:
            self.foot.setText("")
        elif one.held:
            self.foot.setText(_tr("这个孩子已经在名单里，不会再录一次。"))
        elif one.is_good:
            self.foot.setText(_tr("这一行录得进。"))
        else:
            self.foot.setText(" ".join(map(reason, one.repairs)))


def _is(one: Judged, which: str) -> bool:
    kind = GOOD if one.is_good else HELD if one.held else BAD
    return which in {ALL, kind}


def _verdict(one: Judged) -> PillCell:
    if one.is_good:
        return PillCell(State.DONE, _tr("能录"))
    if one.held:
        return PillCell(State.UNFINISHED, _tr("已在名单"))
    return PillCell(State.REFUSED, _tr("要改"))


class RepairSheet(RowsSheet):
    """The rows that wait for somebody to mend them."""

    def __init__(self, run: Runner, parent: QWidget | None = None) -> None:
        columns = (
            Column(_tr("姓名"), 130, strong=True),
            Column(_tr("要改的"), 0),
            Column(_tr("从哪里来"), 250, secondary=True, compact=False),
            Column(_tr("行"), 60, secondary=True, compact=False),
            Column(_tr("谁在改"), 110, compact=False),
        )
        super().__init__(columns, run, parent)
        self._lines: dict[str, RepairLine] = {}
        self.table.moved.connect(self._moved)
        self.table.say_nothing(_tr("没有要改的行。按 F2 选表格"))
        self.show_lines(())

    def show_lines(self, lines: Iterable[RepairLine]) -> None:
        """Show the rows that wait."""
        self._lines = {one.id: one for one in lines}
        self.head(
            _tr("待改清单：{count} 行").format(count=len(self._lines)),
            _tr("按 Enter 在登记表里打开，读到的都填好了；登记以后这一行自动离开清单。"),
        )
        self.table.show_rows(_repair_row(one) for one in self._lines.values())
        self._moved()

    @property
    def chosen(self) -> RepairLine | None:
        """Give the row of now."""
        return self._lines.get(self.table.current_key)

    def _moved(self, _key: str = "") -> None:
        one = self.chosen
        self.foot.setText("" if one is None else " ".join(map(reason, one.repairs)))


def name_of(line: RepairLine) -> str:
    """Name the child of a row, as far as a name was read."""
    return line.form.get("full_name", "") or _tr("没写姓名")


def _repair_row(one: RepairLine) -> Row:
    columns = "、".join(dict.fromkeys(repair.column for repair in one.repairs))
    source = one.source or _tr("粘贴的内容")
    hand = _tr("您在改") if one.mine else one.in_hand_of
    return Row(one.id, (name_of(one), PillCell(State.REFUSED, columns), source, f"{one.row}", hand))


def entered_banner(taken: Intake) -> BannerView:
    """Say what came of a table that was entered."""
    words = _tr("录入了 {good} 家").format(good=len(taken.registered))
    held = taken.duplicates
    waits = taken.rejected_rows - held
    said = []
    if waits:
        said.append(_tr("{bad} 行留在待改清单，一行不丢").format(bad=waits))
    if held:
        said.append(_tr("{held} 行的孩子和名单里的重复，没有再录").format(held=held))
    now = _tr("已录入的在今日名单里，等审核。")
    return BannerView(State.DONE, words, "；".join([*said, now]))
