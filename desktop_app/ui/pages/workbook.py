"""导入名册: families from a village's table, looked at row by row before anything is written.

One thing at a time: the tables on the stick, what one of them would do, or the rows that wait to be
mended. The table is read in a process of its own; nothing goes in that was not shown first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.durable.sticks import plugged_in
from desktop_app.policy.package import Policy
from desktop_app.services.blank_form import BookFile, save_blank_form, tables_in
from desktop_app.services.intake import Intake, Preview, WorkbookDesk
from desktop_app.services.repairing import RepairDesk, RepairLine
from desktop_app.ui.exchanging import ExchangingPage, Find
from desktop_app.ui.look import Shape, look
from desktop_app.ui.pages.workbook_parts import (
    WHICH,
    FileSheet,
    PreviewSheet,
    RepairSheet,
    entered_banner,
    name_of,
)
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State


class Mode(Enum):
    """What is being done: choosing a table, seeing what it does, mending, taking a row off."""

    FILES = 0
    PREVIEW = 1
    REPAIRS = 2
    AWAY = 3


@dataclass(frozen=True, slots=True)
class WorkbookDesks:
    """The use cases of the page."""

    workbooks: WorkbookDesk
    repairs: RepairDesk
    policy: Policy


class WorkbookPage(ExchangingPage):
    """导入名册, at a school."""

    nav_key = "workbook"
    within = "today"

    draft_opened = Signal(str)
    """A draft made of a row is to be gone on with in the form."""

    def __init__(
        self,
        desks: WorkbookDesks,
        tasks: Tasks,
        leave: Callable[[], object],
        *,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the use cases, the worker's door, what goes back, and what finds sticks."""
        super().__init__(tasks, find, parent)
        self._desks, self._leave = desks, leave
        self.mode = Mode.FILES
        self._asked: RepairLine | None = None
        self.lines.addWidget(self.place)
        self.sheets = QStackedWidget(self)
        self.files = FileSheet(tasks.run, self.sheets)
        self.preview = PreviewSheet(tasks.run, desks.policy, self.sheets)
        self.repairs = RepairSheet(tasks.run, self.sheets)
        for sheet in (self.files, self.preview, self.repairs):
            self.sheets.addWidget(sheet)
        self.lines.addWidget(self.sheets, 1)
        self.lines.addWidget(self.progress)
        self.lines.addWidget(self.banner_place)
        self.files.table.opened.connect(lambda _key: self.look_into())
        self.repairs.table.opened.connect(lambda _key: self.mend())
        self.arrange()

    def arrange(self) -> None:
        """Show the place of the stick where a table is chosen; leave the room to the lists."""
        narrow = look().shape is Shape.NARROW
        self.place.setVisible(self.mode is Mode.FILES)
        shown = QSizePolicy.Policy.Preferred
        for sheet in (self.files, self.preview, self.repairs):
            sheet.set_narrow(narrow=narrow)
            # What is not to be seen needs no room.
            there = shown if sheet is self.sheets.currentWidget() else QSizePolicy.Policy.Ignored
            sheet.setSizePolicy(shown, there)
        self.files.set_brief(brief=narrow)
        self.repairs.set_brief(brief=narrow and self.mode is Mode.AWAY)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("导入名册")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        if self.busy:
            return [KeyAction("Esc", self.tr("停下（不丢）"), self.stop, short=self.tr("停下"))]
        keys = {
            Mode.FILES: self._file_keys,
            Mode.PREVIEW: self._preview_keys,
            Mode.REPAIRS: self._repair_keys,
            Mode.AWAY: self._away_keys,
        }
        return keys[self.mode]()

    def _file_keys(self) -> list[KeyAction]:
        seen = self.tr("看这个表格")
        why = self.tr("先插上有表格的 U 盘，或按 F3 输入文件夹；也可以按 Ctrl+V 粘贴")
        shared = [one for one in self.shared_keys() if one.key != "Esc"]
        blank = self.tr("存空白登记表")
        return [
            KeyAction("Esc", self.tr("返回"), self._leave),
            KeyAction("F2", self.tr("待改清单"), self._to_repairs, short=self.tr("待改")),
            *shared,
            KeyAction("F5", self.tr("重新看 U 盘"), self.look_for_sticks, short=self.tr("重看")),
            KeyAction("F7", blank, self.save_blank, short=self.tr("空白表")),
            KeyAction("Ctrl+V", self.tr("粘贴"), self.paste),
            KeyAction(
                "F10",
                seen,
                self.look_into,
                short=self.tr("看表"),
                primary=True,
                enabled=self.files.chosen is not None,
                why=why,
            ),
        ]

    def _preview_keys(self) -> list[KeyAction]:
        preview = self.preview.preview
        good = preview.counts[0] if preview is not None else 0
        bad = preview.counts[1] if preview is not None else 0
        other, leave = self.tr("换状态"), self.tr("不录，返回")
        words = self.tr("录入能录的") if good else self.tr("记到待改清单")
        return [
            KeyAction("Esc", leave, partial(self._go, Mode.FILES), self.tr("返回")),
            KeyAction("Alt+←", other, partial(self._other_rows, -1), shown=False),
            KeyAction("Alt+→", other, partial(self._other_rows, 1), shown=False),
            KeyAction(
                "F10",
                words,
                self.enter,
                short=self.tr("录入") if good else self.tr("记下"),
                primary=True,
                enabled=bool(good or bad),
                why=self.tr("没有可录的行：孩子都已经在名单里"),
            ),
        ]

    def _repair_keys(self) -> list[KeyAction]:
        chosen = self.repairs.chosen is not None
        none = self.tr("没有要改的行")
        mend, away = self.tr("在登记表里改"), self.tr("不要这一行…")
        return [
            KeyAction("Esc", self.tr("返回"), self._leave),
            KeyAction("F2", self.tr("选表格"), partial(self._go, Mode.FILES)),
            KeyAction(
                "T", away, self.ask_away, self.tr("不要…"), enabled=chosen, warns=True, why=none
            ),
            KeyAction(
                "F10", mend, self.mend, self.tr("改"), enabled=chosen, primary=True, why=none
            ),
        ]

    def _away_keys(self) -> list[KeyAction]:
        back, away = partial(self._go, Mode.REPAIRS), self.tr("不要这一行")
        return [
            KeyAction("Esc", self.tr("留着，返回"), back, self.tr("返回")),
            KeyAction(
                "F10",
                away,
                self.put_away,
                self.tr("不要"),
                primary=True,
                warns=True,
            ),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return {
            Mode.FILES: self.tr("↑↓ 选表格 · Enter 看"),
            Mode.PREVIEW: self.tr("↑↓ 看每一行 · Alt+→ 换状态"),
            Mode.REPAIRS: self.tr("↑↓ 选一行 · Enter 打开"),
            Mode.AWAY: "",
        }[self.mode]

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("导入名册"),
            self.tr("先看后录：能录的录入，有问题的留在待改清单，同一个表录两次也不会重复登记。"),
            explanation=self.tr("被 Excel 弄坏的号码（末尾 000、4.1E+17）认得出来，不猜。"),
        )

    def on_enter(self) -> None:
        """Take the focus to the list."""
        super().on_enter()
        self._take_focus()

    def on_leave(self) -> None:
        """Leave no question open behind another page; a table that was read stays."""
        super().on_leave()
        if self.mode is Mode.AWAY:
            self._go(Mode.REPAIRS)

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch the rows that wait, and look at the stick again."""
        self._tasks.run(lambda _: self._desks.repairs.lines(), self._show_repairs, owner=self)
        self.read_place()

    def _show_repairs(self, lines: Sequence[RepairLine]) -> None:
        self.repairs.show_lines(lines)
        self.keys_changed.emit()

    def read_place(self) -> None:
        """Look for tables where the stick is, or in the folder that was typed."""
        self.list_place(tables_in, self._show_files)

    def _show_files(self, files: Sequence[BookFile]) -> None:
        had = self.files.chosen is not None
        self.files.show_files(files, place=self.place.place is not None)
        if had != (self.files.chosen is not None):
            self.keys_changed.emit()

    # --- what is done -----------------------------------------------------------------------

    def _go(self, mode: Mode) -> None:
        """Begin something, or leave it without a change."""
        if self.busy:
            return
        self.mode = mode
        self.show_banner(None)
        self.sheets.setCurrentIndex(2 if mode is Mode.AWAY else mode.value)
        self.arrange()
        self.keys_changed.emit()
        self._take_focus()

    def _take_focus(self) -> None:
        sheets = (self.files, self.preview, self.repairs, self.repairs)
        sheets[self.mode.value].table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_place(self) -> None:
        """Show the place of the stick, where something stands in its stead."""
        if self.mode is not Mode.FILES:
            self._go(Mode.FILES)

    def place_entered(self) -> None:
        """Go from the place to the tables that lie there."""
        self._take_focus()

    def _to_repairs(self) -> None:
        self._go(Mode.REPAIRS)

    def look_into(self) -> None:
        """Read the table of now and show what it would do (F10)."""
        chosen = self.files.chosen
        if chosen is not None and not self.busy:
            self._look(chosen.path, chosen.path.name)

    def paste(self) -> None:
        """Look at what was copied in Excel or WPS (Ctrl+V)."""
        text = QGuiApplication.clipboard().text()
        if self.busy or self.mode is not Mode.FILES:
            return
        if not text.strip():
            words = self.tr("没有可粘贴的文字")
            now = self.tr("请在 Excel 或 WPS 里连表头一起选中、复制，再到这里按 Ctrl+V。")
            self.show_banner(BannerView(State.NEEDS, words, now))
            return
        self._look(text.encode("utf-8", "replace"), "")

    def _look(self, source: Path | bytes, name: str) -> None:
        words = self.tr("正在看{name}，Esc 停下").format(name=name or self.tr("粘贴的内容"))
        self.work(
            lambda progress: self._desks.workbooks.look(source, name, progress),
            self._looked,
            on_step=self._count,
            meanwhile=BannerView(State.WAITING, words),
        )

    def _looked(self, preview: Preview) -> None:
        self.preview.show_preview(preview)
        self._go(Mode.PREVIEW)

    def _other_rows(self, step: int) -> None:
        at = WHICH.index(self.preview.which)
        self.preview.show_which(WHICH[(at + step) % len(WHICH)])

    def enter(self) -> None:
        """Register the good rows, and keep the others to be mended (F10)."""
        preview = self.preview.preview
        if self.busy or self.mode is not Mode.PREVIEW or preview is None:
            return
        words = self.tr("正在录入，Esc 停下（已录入的不丢）")
        self.work(
            lambda progress: self._desks.workbooks.enter(preview, progress),
            self._entered,
            partial(self._refused, Mode.FILES),
            self._count,
            meanwhile=BannerView(State.WAITING, words),
        )

    def _entered(self, taken: Intake) -> None:
        self._go(Mode.REPAIRS if taken.rejected_rows > taken.duplicates else Mode.FILES)
        self.show_banner(entered_banner(taken))

    def _refused(self, mode: Mode, error: ProductError) -> None:
        self._go(mode)
        self.show_error(error)

    def save_blank(self) -> None:
        """Write the blank form for a village to the stick (F7)."""
        place = self.where()
        if place is not None:
            there, policy = place.expanduser(), self._desks.policy
            self.work(lambda _: save_blank_form(policy, there).name, self._saved)

    def _saved(self, name: str) -> None:
        words = self.tr("存好了：{name}").format(name=name)
        now = self.tr("交给村里填；填好拷回来，在这里选它。里面没有孩子的资料。")
        self.show_banner(BannerView(State.DONE, words, now))

    def mend(self) -> None:
        """Open the row of now in the form (F10)."""
        line = self.repairs.chosen
        if line is not None and self.mode is Mode.REPAIRS and not self.busy:
            self.work(lambda _: self._desks.repairs.open(line.id), self.draft_opened.emit)

    def ask_away(self) -> None:
        """Ask before a row is taken off the list (T)."""
        line = self.repairs.chosen
        if line is None or self.busy:
            return
        self._go(Mode.AWAY)
        self._asked = line
        words = self.tr("不要“{name}”这一行？").format(name=name_of(line))
        now = self.tr("读到的内容会删掉，以后再导入同一行也不再列出；名单里的人不变。")
        self.show_banner(BannerView(State.NEEDS, words, now))

    def put_away(self) -> None:
        """Take the row of now off the list (F10)."""
        line = self._asked
        if self.busy or self.mode is not Mode.AWAY or line is None:
            return
        self.work(
            lambda _: self._desks.repairs.put_away(line.id),
            lambda _: self._put_away(name_of(line)),
            partial(self._refused, Mode.REPAIRS),
        )

    def _put_away(self, name: str) -> None:
        self._go(Mode.REPAIRS)
        words = self.tr("“{name}”这一行不在清单里了").format(name=name)
        self.show_banner(BannerView(State.DONE, words))
