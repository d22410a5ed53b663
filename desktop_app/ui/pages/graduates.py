"""毕业生名单, at the district: the list is looked at, assigned, written; and who has come.

One thing at a time: the schools with their counts, one school's children, the workbooks on the
stick, what one of them would do, or the question which school a child goes to. Nothing is written
that was not shown first.
"""

from __future__ import annotations

from enum import IntEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.domain.errors import WorkplaceError
from desktop_app.durable.sticks import plugged_in
from desktop_app.services.graduates import GraduateDesk, LeaverPreview, Listed, SchoolCount
from desktop_app.ui.exchanging import ExchangingPage, Find
from desktop_app.ui.pages.graduates_parts import (
    AssignForm,
    child_columns,
    child_rows,
    file_columns,
    left_lines,
    preview_columns,
    preview_rows,
    school_columns,
    school_row,
    sheets_in,
)
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import BannerView, Column, HelpView, KeyAction, Row, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.table import WholeTable


class Mode(IntEnum):
    """What is shown."""

    SCHOOLS = 0
    CHILDREN = 1
    FILES = 2
    PREVIEW = 3
    ASSIGN = 4


class GraduatesPage(ExchangingPage):
    """毕业生名单, at the district."""

    nav_key = "graduates"

    def __init__(
        self,
        desk: GraduateDesk,
        tasks: Tasks,
        *,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the door to the worker thread, and what finds sticks."""
        super().__init__(tasks, find, parent)
        self._desk = desk
        self._schools = desk.junior_schools()
        self._preview: LeaverPreview | None = None
        self._source: Mode = Mode.SCHOOLS
        self.school = ""
        self.mode = Mode.SCHOOLS
        self._build()
        self._go(Mode.SCHOOLS)

    def _build(self) -> None:
        self.lines.addWidget(self.place)
        self.panel = Panel(self.tr("毕业生名单"), self, margins=(0, 0, 0, 0))
        self.counts = Text("", "strong", self.panel, elide=True)
        self.panel.add_to_head(self.counts)
        self.stack = QStackedWidget(self.panel)
        self.tables = {
            Mode.SCHOOLS: self._table(school_columns(), self.tr("没有初中。先发布政策包。")),
            Mode.CHILDREN: self._table(child_columns(), self.tr("这所初中还没有名单。")),
            Mode.FILES: self._table(file_columns(), self.tr("这里没有表格，按 F3 换位置。")),
            Mode.PREVIEW: self._table(preview_columns(), self.tr("表格是空的。")),
        }
        self.tables[Mode.SCHOOLS].opened.connect(self._open_school)
        self.tables[Mode.FILES].opened.connect(lambda key: self._read(Path(key)))
        self.tables[Mode.PREVIEW].opened.connect(lambda _key: self.ask())
        self.assigning = AssignForm(self._schools, self.stack)
        self.assigning.form.filled.connect(self._assigned)
        for part in (*self.tables.values(), self.assigning):
            self.stack.addWidget(part)
        self.panel.body.addWidget(self.stack)
        self.lines.addWidget(self.panel, 1)
        self.lines.addWidget(self.progress)
        self.lines.addWidget(self.banner_place)

    def _table(self, columns: tuple[Column, ...], nothing: str) -> WholeTable:
        made = WholeTable(columns, self._tasks.run, self, row=36)
        made.say_nothing(nothing)
        made.moved.connect(lambda _key: self.keys_changed.emit())
        return made

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("毕业生名单")

    def key_actions(self) -> list[KeyAction]:
        """List the keys for what is shown."""
        if self.mode is Mode.SCHOOLS:
            read = self.tr("看 U 盘上的名单")
            return [
                KeyAction("Enter", self.tr("看孩子"), self._open_here, enabled=bool(self._here())),
                *self.shared_keys(),
                KeyAction("F10", read, self.choose, short=self.tr("看名单"), primary=True),
            ]
        back = KeyAction("Esc", self.tr("返回"), self._back, enabled=not self.busy)
        if self.busy:
            back = next(one for one in self.shared_keys() if one.key == "Esc")
        if self.mode is Mode.FILES:
            return [back, KeyAction("Enter", self.tr("看这个表格"), self._open_here, primary=True)]
        if self.mode is Mode.ASSIGN:
            words = self.tr("归这所初中")
            return [back, KeyAction("F10", words, self._assigned, self.tr("定了"), primary=True)]
        assign = KeyAction(
            "F2", self.tr("定学校…"), self.ask, self.tr("定学校"), enabled=self._may_assign()
        )
        if self.mode is Mode.CHILDREN:
            return [back, assign]
        write, save = self.tr("写进名单"), self.tr("存待改清单")
        return [
            back,
            assign,
            KeyAction("F7", save, self.save_left, self.tr("存清单"), enabled=self._has_left()),
            KeyAction("F10", write, self.write, primary=True),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        if self.mode is Mode.ASSIGN:
            return self.tr("拼音选学校 · Enter 定")
        return self.tr("↑↓ 选")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.title,
            self.tr("小学毕业生按对口的小学、再按村归各初中；没有规则的由人来定。"),
            explanation=self.tr("名单随回包到各初中，报名时一查就填好；谁没到，两边都看得见。"),
        )

    def on_enter(self) -> None:
        """Take the focus to what is shown."""
        super().on_enter()
        self._take_focus()

    # --- moving -----------------------------------------------------------------------------

    def _go(self, mode: Mode) -> None:
        self.mode = mode
        self.stack.setCurrentIndex(int(mode))
        self.place.setVisible(mode in {Mode.SCHOOLS, Mode.FILES})
        self._say_counts()
        self.keys_changed.emit()
        self._take_focus()

    def _take_focus(self) -> None:
        if self.mode is Mode.ASSIGN:
            self.assigning.form.go_to("school")
        else:
            self.tables[self.mode].setFocus(Qt.FocusReason.OtherFocusReason)

    def _here(self) -> str:
        return self.tables[self.mode].current_key if self.mode in self.tables else ""

    def _back(self) -> None:
        """Go back one step; a workbook that was not written is put away."""
        self.show_banner(None)
        if self.mode is Mode.ASSIGN:
            self._go(self._source)
            return
        self._preview = None
        self._go(Mode.SCHOOLS)
        self.refresh()

    def _open_here(self) -> None:
        here = self._here()
        if here and self.mode is Mode.SCHOOLS:
            self._open_school(here)
        elif here and self.mode is Mode.FILES:
            self._read(Path(here))

    def _say_counts(self) -> None:
        preview = self._preview
        if self.mode is Mode.PREVIEW and preview is not None:
            words = self.tr("进名单 {good} · 要定学校 {open} · 要改表格 {wrong} · 已在名单 {held}")
            many = preview.counts
            words = words.format(
                good=many.get("good", 0),
                open=many.get("unassigned", 0),
                wrong=many.get("wrong", 0),
                held=many.get("held", 0),
            )
            if many.get("alike", 0):
                words += self.tr(" · 像同一人 {count}").format(count=many["alike"])
            self.counts.setText(words)
        elif self.mode is Mode.CHILDREN:
            self.counts.setText(self._schools.get(self.school, ""))
        elif self.mode is not Mode.SCHOOLS:
            self.counts.setText("")

    # --- the schools ------------------------------------------------------------------------

    def refresh(self) -> None:
        """Count the schools anew."""
        if self.mode is Mode.SCHOOLS:
            self._tasks.run(lambda _: self._desk.counts(), self.show_schools, owner=self)

    def show_schools(self, counts: tuple[SchoolCount, ...]) -> None:
        """Show the schools."""
        self.tables[Mode.SCHOOLS].show_rows(map(school_row, counts))
        listed, come = sum(one.listed for one in counts), sum(one.come for one in counts)
        words = self.tr("应到 {listed} · 已到 {come} · 未到 {absent}")
        if self.mode is Mode.SCHOOLS:
            self.counts.setText(words.format(listed=listed, come=come, absent=listed - come))
        self.keys_changed.emit()

    def _open_school(self, school: str) -> None:
        self.school = school
        desk = self._desk

        def read(_progress: object) -> list[Row]:
            children, come = desk.children(school), desk.come(school)
            return list(child_rows(children, come, desk.faults(school)))

        self._tasks.run(read, self._show_children, self.show_error, owner=self)

    def _show_children(self, rows: list[Row]) -> None:
        self.tables[Mode.CHILDREN].show_rows(rows)
        self._go(Mode.CHILDREN)

    # --- a workbook -------------------------------------------------------------------------

    def choose(self) -> None:
        """Look which workbooks lie at the place; one alone is read at once (F10)."""
        place = self.where()
        if place is not None:
            there = place.expanduser()
            self.show_banner(None)
            self._tasks.run(lambda _: _listed(there), self._offer, self.show_error, owner=self)

    def _offer(self, found: tuple[Path, ...]) -> None:
        if len(found) == 1:
            self._read(found[0])
            return
        self.tables[Mode.FILES].show_rows(Row(str(one), (one.name,)) for one in found)
        self._go(Mode.FILES)

    def _read(self, path: Path) -> None:
        self.work(
            lambda progress: self._desk.look(path, progress),
            self.show_preview,
            on_step=self._count,
        )

    def show_preview(self, preview: LeaverPreview) -> None:
        """Show what a workbook would do."""
        self._preview = preview
        self.tables[Mode.PREVIEW].show_rows(preview_rows(preview, self._schools))
        self._go(Mode.PREVIEW)

    def write(self) -> None:
        """Write the children who have a school (F10)."""
        preview = self._preview
        if preview is None or self.busy:
            return
        if not preview.counts.get("good"):
            what = self.tr("没有能进名单的：先按 F2 定学校，或改好表格再读")
            self.show_banner(BannerView(State.NEEDS, what, self.tr("什么也没写。")))
            return
        self.work(
            lambda progress: self._desk.enter(preview, progress),
            partial(self._written, preview.left()),
            on_step=self._count,
        )

    def _written(self, left: LeaverPreview, listed: Listed) -> None:
        """Say what went in; what did not stays on the page and in the workbook."""
        if left.lines:
            self.show_preview(left)
        else:
            self._preview = None
            self._go(Mode.SCHOOLS)
        words = self.tr("{count} 个孩子进了名单").format(count=sum(listed.entered.values()))
        rest = self.tr(
            "没定学校 {open} 行、要改 {wrong} 行没写，列在上面；改好再读同一个表，不会重。"
        )
        now = self.tr("随下一次回包到各初中。")
        if listed.alike:
            alike = self.tr("像同一人的 {count} 行没写，要人定。")
            now += alike.format(count=listed.alike)
        if listed.unassigned or listed.rejected_rows:
            now += rest.format(open=listed.unassigned, wrong=listed.rejected_rows)
        self.show_banner(BannerView(State.DONE, words, now))

    def _has_left(self) -> bool:
        return self._preview is not None and bool(self._preview.left().lines)

    def save_left(self) -> None:
        """Save which rows do not go in, and why, as a workbook beside the list (F7)."""
        place, preview = self.where(), self._preview
        if place is None or preview is None or self.busy or not self._has_left():
            return
        there, lines = place.expanduser(), left_lines(preview.left(), self._schools)
        self.work(lambda _: self._desk.save_left(there, lines), self._saved)

    def _saved(self, path: Path) -> None:
        words = self.tr("待改清单存好了：{name}").format(name=path.name)
        now = self.tr("里面只有行号、状态和原因，没有孩子的资料；改好原表，再读一次。")
        self.show_banner(BannerView(State.DONE, words, now))

    # --- assigning --------------------------------------------------------------------------

    def _may_assign(self) -> bool:
        if self.mode is Mode.CHILDREN:
            return bool(self._here())
        preview, here = self._preview, self._here()
        open_states = {"unassigned", "good", "alike"}
        return preview is not None and any(
            str(line.row) == here and line.state in open_states for line in preview.lines
        )

    def ask(self) -> None:
        """Ask which school the child of now goes to (F2)."""
        if self.busy or not self._may_assign():
            return
        table = self.tables[self.mode]
        shown = table.rows.row_at(table.currentIndex().row())
        name = str(shown.cells[0 if self.mode is Mode.CHILDREN else 1]) if shown else ""
        self._source = self.mode
        self.assigning.ask(self.tr("{name} 归哪所初中？").format(name=name))
        self._go(Mode.ASSIGN)

    def _assigned(self) -> None:
        """Take the school that was chosen."""
        school = self.assigning.school.value()
        if not school or self.mode is not Mode.ASSIGN or self.busy:
            return
        source = self._source
        here = self.tables[source].current_key
        if source is Mode.PREVIEW and self._preview is not None:
            self.show_preview(self._preview.assigned(int(here), school))
            return
        self._go(source)
        self.work(
            lambda _: self._desk.move(here, self.school, school),
            partial(self._moved, school),
        )

    def _moved(self, school: str, _nothing: None) -> None:
        words = self.tr("改到{school}了").format(school=self._schools.get(school, school))
        self.show_banner(BannerView(State.DONE, words, self.tr("随下一次回包告诉两所初中。")))
        self._open_school(self.school)


def _listed(place: Path) -> tuple[Path, ...]:
    """Name the workbooks at a place.

    Raises:
        WorkplaceError: the place cannot be read.
    """
    try:
        return sheets_in(place)
    except OSError as error:
        raise WorkplaceError("graduate.no_place") from error
