"""核对: what laptops wrote apart, decided by a person; merged records; and what does not count yet.

Three lists in one place, changed by F2: what is to be decided, what is merged, and what is held
without counting. What a line says stands beside it; at large type F6 changes between the two.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.services.attention import LAPTOP, HeldLine
from desktop_app.services.conflicts import PAIRED, REMOVED, Dispute, QueueLine
from desktop_app.services.leftover import LeftContent
from desktop_app.services.merging import TwinView
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.keyset import Chunk, Key, KeysetModel
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.page import Page
from desktop_app.ui.pages.conflict_leftover import LeftBehind, left_card
from desktop_app.ui.pages.conflict_lists import (
    Answer,
    ConflictDesks,
    LineRow,
    Which,
    first_page,
    list_key_words,
    list_title,
    open_matter,
    page_of,
)
from desktop_app.ui.pages.conflict_parts import (
    Choice,
    Choices,
    about_words,
    dispute_choices,
    held_title,
    held_words,
    matter_words,
    nothing_words,
    queue_columns,
    sides_shown,
    twin_choices,
)
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column, row
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.scroll import FocusScroll
from desktop_app.ui.widgets.table import DataTable

DIGITS = "123456789"


class ConflictPage(Page):
    """核对, at every seat; ``draft_opened`` names a draft to go on with in the form."""

    draft_opened = Signal(str)

    nav_key = "conflict"

    def __init__(self, desks: ConflictDesks, tasks: Tasks, parent: QWidget | None = None) -> None:
        """Take the desks and the door to the worker thread."""
        super().__init__(parent)
        self._desks, self._tasks = desks, tasks
        self.which = Which.QUEUE
        self._opened: Dispute | TwinView | None = None
        self._choices: tuple[Choice, ...] = ()
        self._other_side = False
        self._lists: Latest[Answer] = Latest(tasks, self.show_error, self)
        self._details: Latest[Dispute | TwinView] = Latest(tasks, self._refused, self)
        self.left_behind = LeftBehind(self, desks.taking_up, tasks)
        self.left_behind.draft_made.connect(self.draft_opened)
        self.left_behind.shown.connect(self._show_left)
        self._build()
        self.arrange()

    def _build(self) -> None:
        """Put the list and what a line says in their places."""
        halves = row(None, 9)
        self.panel = Panel("", self, margins=(0, 0, 0, 0))
        self.model = KeysetModel(queue_columns(), self._tasks.run, self._fetch, self)
        self.table = DataTable(self.model, self.panel, row=38)
        self.table.say_nothing(self.tr("没有要看的了"))
        self.table.moved.connect(lambda _key: self._look())
        self.table.opened.connect(lambda _key: self._turn(other=True))
        self.panel.body.addWidget(self.table)
        halves.addWidget(self.panel, 0)
        content = Plain(self, "content")
        lines = column(content, 9, (0, 0, 0, 0))
        self.head = Text("", "page", content, elide=True)
        self.about = Text("", "body", content, wrap=True)
        self.choices = Choices(content)
        self.choices.picked.connect(self._choose)
        for part in (self.head, self.about, self.choices):
            lines.addWidget(part)
        lines.addStretch(1)
        self.detail = FocusScroll(content, self, least=150)
        halves.addWidget(self.detail, 1)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)
        self._title_panel(0)

    def arrange(self) -> None:
        """Stand side by side; at large type one of the two."""
        wide = look().shape is Shape.WIDE
        parts = (
            (self.panel, wide or not self._other_side),
            (self.detail, wide or self._other_side),
        )
        show_panes(parts)
        stand_beside(self.panel, 380, beside=wide)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("核对")

    def key_actions(self) -> list[KeyAction]:
        """List the keys for the line of now."""
        keys = [self._list_key()]
        if look().shape is not Shape.WIDE:
            keys.append(KeyAction("F6", self.tr("另一边"), self._turn))
        if self._other_side:
            down, up = partial(self._scroll, 1), partial(self._scroll, -1)
            keys.append(KeyAction("PgDown", self.tr("往下看"), down, shown=False))
            keys.append(KeyAction("PgUp", self.tr("往上看"), up, shown=False))
        return [*keys, *self._decision_keys()]

    def _list_key(self) -> KeyAction:
        full, short = list_key_words(self.which)
        return KeyAction("F2", full, self.next_list, short=short)

    def _decision_keys(self) -> list[KeyAction]:
        """List what can be decided: nothing that is out of sight."""
        if look().shape is not Shape.WIDE and not self._other_side:
            return []
        if isinstance(self._opened, Dispute):
            return [*self._card_keys(), self._primary(self.tr("签名并采用"), self.tr("采用"))]
        if not isinstance(self._opened, TwinView):
            return self.left_behind.keys()
        if self._opened.matter == PAIRED:
            two, same = self.tr("不是同一个孩子"), self.tr("同一个孩子，留这件")
            apart = KeyAction("N", two, self.separate, short=self.tr("两个人"))
            return [*self._card_keys(), apart, self._primary(same, self.tr("留这件"))]
        apart = KeyAction("N", self.tr("分开，各算各的"), self.separate, short=self.tr("分开"))
        if not self._opened.matter:
            return [apart]
        return [apart, self._primary(self.tr("仍并成一件"), self.tr("仍合并"))]

    def _primary(self, words: str, short: str) -> KeyAction:
        return KeyAction("F10", words, self.decide, short=short, primary=True)

    def _card_keys(self) -> list[KeyAction]:
        take = self.tr("采用这一种")
        return [
            KeyAction("Alt+←", self.tr("左边"), partial(self._step, -1)),
            KeyAction("Alt+→", self.tr("右边"), partial(self._step, 1)),
            *(
                KeyAction(digit, take, partial(self._take, place), shown=False)
                for place, digit in enumerate(DIGITS[: len(self._choices)])
            ),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        pair = isinstance(self._opened, TwinView) and self._opened.matter == PAIRED
        if self.line is None:
            return ""
        digits = pair or isinstance(self._opened, Dispute)
        return self.tr("↑↓ 换一处 · 数字键直接采用") if digits else self.tr("↑↓ 换一处")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("核对"),
            self.tr("姓名、证件号写得不一样，由人来定，不看钟；电话、住址先用后写的，一键换回。"),
            explanation=self.tr("选一个不会删掉另一个，两种都留在经过里。合并的两件随时可以分开。"),
        )

    def on_enter(self) -> None:
        """Take the focus and a fresh list."""
        self.refresh()
        self._take_focus()

    def _take_focus(self) -> None:
        self.focus_on(self.table)

    # --- lists ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch the list of now from its beginning."""
        which = self.which
        self._lists.ask(lambda: first_page(self._desks, which), self._show)

    def _fetch(self, after: Key | None) -> Chunk:
        return page_of(self._desks, self.which, after)

    def _show(self, answer: Answer) -> None:
        """Show a list, and go where the person was."""
        if answer.which is not self.which:
            return
        before, place = self.table.current_key, self.table.currentIndex().row()
        self.model.begin([answer.chunk])
        again = self.model.place(before) if before else -1
        self.table.go_to_row(again if again >= 0 else min(place, self.model.rowCount() - 1))
        whole = answer.which is Which.MERGED
        self._title_panel(self.model.rowCount() if whole else answer.count)
        self._look()

    def _title_panel(self, count: int) -> None:
        self.panel.set_title(list_title(self.which, count))

    def next_list(self) -> None:
        """Show the next of the three lists (F2)."""
        if self.busy:
            return
        self.which = self.which.next
        self.show_banner(None)
        self.refresh()

    # --- the line of now --------------------------------------------------------------------

    @property
    def line(self) -> QueueLine | HeldLine | None:
        """Give the line of now, None where there is none or it is on its way."""
        place = self.table.currentIndex().row()
        found = self.model.row_at(place) if 0 <= place < self.model.rowCount() else None
        return found.line if isinstance(found, LineRow) else None

    def _look(self) -> None:
        """Show what the line of now says."""
        line = self.line
        self._opened, self._choices = None, ()
        if isinstance(line, QueueLine):
            self.left_behind.look(None)
            opening = partial(open_matter, self._desks, line)
            self._details.ask(opening, partial(self._show_opened, line))
            return
        self._details.forget()
        self.choices.show_choices((), digits=False)
        if line is None:
            self._say(self.tr("没有要看的了"), nothing_words(self.which.value))
        elif line.waits_for == LAPTOP:
            self._say(held_title(line), self.left_behind.words(line))
        else:
            self._say(held_title(line), held_words(line))
        self.left_behind.look(line.child if line is not None else None)
        self.keys_changed.emit()

    def _show_left(self, content: LeftContent) -> None:
        """Show what a registration would have been that came too late."""
        self.choices.show_choices((left_card(content),), digits=False)
        self.keys_changed.emit()

    def _show_opened(self, line: QueueLine, opened: Dispute | TwinView) -> None:
        """Show one matter with its cards."""
        self._opened = opened
        twin = isinstance(opened, TwinView)
        self._choices = twin_choices(opened) if isinstance(opened, TwinView) else ()
        if isinstance(opened, Dispute):
            self._choices = dispute_choices(opened)
        number = opened.masked_number if isinstance(opened, Dispute) else ""
        self._say(f"{line.name}  {matter_words(line)}", about_words(line, number))
        shown = [place for place, side in enumerate(sides_shown(opened)) if side]
        digits = not twin or line.what == PAIRED
        self.choices.show_choices(self._choices, digits=digits, at=shown[0] if shown else 0)
        self.keys_changed.emit()

    def _say(self, head: str, about: str) -> None:
        self.head.setText(head)
        self.about.setText(about)

    def _refused(self, error: ProductError) -> None:
        """Say that the line of now was settled meanwhile, and show what there is."""
        self.show_error(error)
        self.refresh()

    def _turn(self, *, other: bool | None = None) -> None:
        """Change between the list and what its line says, where there is room for one (F6)."""
        self._other_side = not self._other_side if other is None else other
        self.arrange()
        self.keys_changed.emit()
        self._take_focus()

    def _scroll(self, pages: int) -> None:
        """Show more of what a line says, where there is no room for all of it."""
        bar = self.detail.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep())

    # --- decisions --------------------------------------------------------------------------

    def _step(self, by: int) -> None:
        self._choose(self.choices.at + by)

    def _choose(self, place: int) -> None:
        self.choices.choose(place)

    def _take(self, place: int) -> None:
        """Choose a card and decide for it, by its digit."""
        self.choices.choose(place)
        self.decide()

    def decide(self) -> None:
        """Sign for the card that is meant (F10)."""
        line, opened = self.line, self._opened
        if self.busy or not isinstance(line, QueueLine) or opened is None or not self._choices:
            return
        chosen = self._choices[self.choices.at]
        if isinstance(opened, TwinView):
            self._merge(opened, chosen)
        elif opened.what == REMOVED:
            conflicts = self._desks.conflicts
            act = conflicts.keep if chosen.key == "keep" else conflicts.remove_again
            self._work(partial(act, line.key), self.tr("定好了：{0}").format(chosen.title))
        else:
            adopt = partial(self._desks.conflicts.adopt, line.key, chosen.key)
            self._work(adopt, self.tr("定好了：{0}").format(chosen.value))

    def _merge(self, opened: TwinView, chosen: Choice) -> None:
        records = [side.record for side in opened.sides]
        if opened.matter == PAIRED:
            gone = next(record for record in records if record != chosen.key)
            merge = partial(self._desks.merging.merge, gone, chosen.key)
            again = self.tr("要分开：按 F2 看已合并的，再按 N。")
            self._work(merge, self.tr("并好了，留下 {0}").format(chosen.title), again)
        elif opened.matter:
            confirm = partial(self._desks.merging.confirm, records[0])
            self._work(confirm, self.tr("仍并成一件"))

    def separate(self) -> None:
        """Say that they are two children, or take a merge back (N)."""
        opened = self._opened
        if self.busy or not isinstance(opened, TwinView):
            return
        one, other = (side.record for side in opened.sides)
        if opened.matter == PAIRED:
            act = partial(self._desks.merging.dispute, one, other)
            self._work(act, self.tr("记下了：两个孩子，号码有争议"))
        else:
            act = partial(self._desks.merging.separate, one)
            self._work(act, self.tr("分开了，两件都在名单里"))

    def _work(self, use_case: Callable[[], None], words: str, more: str = "") -> None:
        now = self.tr("已签名留档，原来的写法都在经过里。") + more
        self.run_alone(
            self._tasks,
            lambda _: use_case(),
            lambda _: self.show_banner(BannerView(State.DONE, words, now)),
            on_end=self.refresh,
        )
