"""The list of 答复: the children of one school or of all, by what is to be done about them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.answers import AnswerDesk
from desktop_app.storage.answering import ANSWER_FILTERS, CORRECTED
from desktop_app.storage.lists import ALL
from desktop_app.ui.models.keyset import Chunk, Key, KeysetModel
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.pages.answers_parts import Listed, answer_columns, chunk, walk
from desktop_app.ui.pages.today_parts import Chips
from desktop_app.ui.tasks import OnError, Tasks
from desktop_app.ui.units import row
from desktop_app.ui.views import State
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.table import DataTable

_MOST_PAGES = 20


class AnswerList(Panel):
    """Chips and table; ``shown`` tells that a list came, and maybe another child of now."""

    shown = Signal()

    def __init__(
        self, desk: AnswerDesk, tasks: Tasks, on_error: OnError, parent: QWidget | None = None
    ) -> None:
        """Take the desk and the door to the worker thread."""
        super().__init__(self.tr("所有学校"), parent, margins=(0, 0, 0, 0))
        self._desk = desk
        self.school = ""
        self._place = 0
        self._wanted = ""
        self._lists: Latest[Listed] = Latest(tasks, on_error, self)
        self._totals = Text("", "caption", self)
        self.add_to_head(self._totals)
        holder = Plain(self)
        line = row(holder, 8, (13, 8, 13, 8))
        self.chips = Chips(holder, ANSWER_FILTERS)
        line.addWidget(self.chips, 1)
        self.body.addWidget(holder)
        self.model = KeysetModel(answer_columns(), tasks.run, self._fetch, self)
        self.table = DataTable(self.model, self, row=36)
        self.table.say_nothing(
            self.tr("这一类没有孩子。Alt+← Alt+→ 换一类；收了新的包，这里就有。")
        )
        self.body.addWidget(self.table, 1)
        self.chips.chosen.connect(lambda _which: self._other_list())

    def show_school(self, school: str, which: str) -> None:
        """Show a list of one school, or of all where none is named."""
        self.school, self._place = school, 0
        self.chips.choose(which)
        self.refresh()

    def show_child(self, key: str) -> None:
        """Fetch anew and stand on a child: in this list, or in that of all where it is not here."""
        self._wanted = key
        self.refresh()

    def refresh(self) -> None:
        """Fetch lines and counts anew; who was the one of now stays so."""
        self.set_title(self._desk.school_name(self.school) if self.school else self.tr("所有学校"))
        desk, which, school = self._desk, self.chips.current, self.school
        pages = min(_MOST_PAGES, max(1, self.model.seen_pages))
        wanted, most = self._wanted, _MOST_PAGES
        self._lists.ask(
            lambda: walk(desk, which, school, most if wanted else pages, wanted), self.show_list
        )

    def _other_list(self) -> None:
        self._place = 0
        self.refresh()

    def _fetch(self, after: Key | None) -> Chunk:
        """Fetch a page of the list that is shown (on the worker thread)."""
        key = None
        if after is not None:
            school, _, record = after[1].partition(" ")
            key = (school, after[0], record)
        return chunk(self._desk.page(self.chips.current, self.school, key))

    def show_list(self, listed: Listed) -> None:
        """Show a list; where the child of now has left it, the next one is shown."""
        before = self._wanted or self.table.current_key
        self._place = max(self._place, self.table.currentIndex().row(), 0)
        place = self._place
        waits = {CORRECTED: State.NEEDS} if listed.unseen else {}
        self.chips.set_counts(listed.counts, waits)
        self.model.begin(listed.chunks)
        again = self.model.place(before) if before else -1
        last = self.model.rowCount() - 1
        self.table.go_to_row(again if again >= 0 else min(place, max(last, 0)))
        self._place = 0
        if self._wanted and again < 0 and self.chips.current != ALL:
            self.chips.choose(ALL)
            return
        self._wanted = ""
        words = self.tr("共 {count} 件")
        if listed.unseen and self.chips.current == CORRECTED:
            words = self.tr("共 {count} 件，{unseen} 件区里还没看")
        count = listed.counts.get(self.chips.current, 0)
        self._totals.setText(words.format(count=count, unseen=listed.unseen))
        self.shown.emit()

    def step(self, by: int) -> None:
        """Go to the next child or the one before."""
        self.table.go_to_row(self.table.currentIndex().row() + by)
