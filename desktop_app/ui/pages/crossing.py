"""跨校查重, at the district: two registrations side by side; one key decides, then a reason.

What is decided goes to either school apart; neither is told of the other child. Esc leaves the
question before anything is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.domain.codes import CODE_LISTS
from desktop_app.services.cross_school import (
    DIFFERENT,
    OPEN,
    SAME,
    Crossing,
    CrossSchoolDesk,
)
from desktop_app.storage.crossing import Place
from desktop_app.ui.look import Shape, look
from desktop_app.ui.page import Page
from desktop_app.ui.pages.crossing_parts import (
    Reasons,
    compared_columns,
    compared_rows,
    crossing_columns,
    crossing_row,
    why_words,
)
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.table import WholeTable


@dataclass(frozen=True, slots=True)
class Choice:
    """What is about to be decided, and waits for its reason."""

    crossing: Crossing
    decision: str
    keeps: Place | None
    words: str


class CrossingPage(Page):
    """跨校查重, at the district."""

    nav_key = "crossing"

    def __init__(self, desk: CrossSchoolDesk, tasks: Tasks, parent: QWidget | None = None) -> None:
        """Take the desk and the door to the worker thread."""
        super().__init__(parent)
        self._desk, self._tasks = desk, tasks
        self._found: dict[str, Crossing] = {}
        self._other_side = False
        self._after = ""
        self.choice: Choice | None = None
        self._build()
        self.arrange()

    def _build(self) -> None:
        """Put the list and the two registrations in their places."""
        halves = row(None, 9)
        self.panel = Panel(self.tr("两所学校都登记的"), self, margins=(0, 0, 0, 0))
        self.totals = Text("", "caption", self.panel)
        self.panel.add_to_head(self.totals)
        self.table = WholeTable(crossing_columns(), self._tasks.run, self.panel, row=36)
        self.model = self.table.rows
        self.table.say_nothing(self.tr("没有两所学校都登记的孩子。收了新的包，按 F5 再比一遍。"))
        self.table.moved.connect(self._moved)
        self.table.opened.connect(lambda _key: self.other_side())
        self.panel.body.addWidget(self.table)
        halves.addWidget(self.panel, 1)
        self.side = QStackedWidget(self)
        self.compared = Panel(self.tr("左右对照"), self.side, margins=(0, 0, 0, 0))
        self._sheet = WholeTable(compared_columns(), self._tasks.run, self.compared, row=34)
        self.fields = self._sheet.rows
        self._sheet.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.compared.body.addWidget(self._sheet)
        self.reasons = Reasons(self.side)
        self.side.addWidget(self.compared)
        self.side.addWidget(self.reasons)
        halves.addWidget(self.side, 1)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)

    def arrange(self) -> None:
        """Stand side by side; at large type the list, or after F6 the two registrations."""
        wide = look().shape is Shape.WIDE
        narrow = look().shape is Shape.NARROW
        beside = self._other_side or self.choice is not None
        parts: tuple[tuple[QWidget, bool], ...] = (
            (self.panel, wide or not beside),
            (self.side, wide or beside),
        )
        show_panes(parts)
        stand_beside(self.side, 620, beside=wide)
        for table in (self.table, self._sheet):
            set_units(table, min_height=70 if narrow else 142)
        for panel in (self.panel, self.compared):
            panel.set_head_visible(visible=not narrow)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("跨校查重")

    def key_actions(self) -> list[KeyAction]:
        """List the keys for what is being done."""
        if self.choice is not None:
            leave = KeyAction("Esc", self.tr("不改，返回"), self.leave, short=self.tr("返回"))
            return [leave, *self._reason_keys()]
        keys = [KeyAction("F5", self.tr("重新比对"), self.refresh, short=self.tr("比对"))]
        if look().shape is not Shape.WIDE:
            keys.append(KeyAction("F6", self.tr("另一边"), self.other_side))
        return [*keys, *self._deciding_keys()]

    def _reason_keys(self) -> list[KeyAction]:
        word, why = self.tr("选原因"), self.tr("要保留的这一边是后登记的")
        if self.choice is not None and self.choice.decision == DIFFERENT:
            why = self.tr("这是留在哪所学校的理由，两个孩子用不上")
        codes, possible = CODE_LISTS["cross_reason"].values, self._possible()
        return [
            KeyAction(
                str(place),
                word,
                partial(self.decide, code),
                shown=False,
                enabled=code in possible,
                why=why,
            )
            for place, code in enumerate(codes, start=1)
        ]

    def _possible(self) -> Sequence[str]:
        """Give the reasons that can be true of what is about to be decided."""
        choice = self.choice
        return () if choice is None else choice.crossing.reasons(choice.decision, choice.keeps)

    def _deciding_keys(self) -> list[KeyAction]:
        here = self._here() is not None
        why = self.tr("没有要判断的")
        words = (
            ("1", self.tr("保留左边"), self.tr("左边"), partial(self.keep, 0)),
            ("2", self.tr("保留右边"), self.tr("右边"), partial(self.keep, 1)),
            ("3", self.tr("不同的孩子"), self.tr("不同"), self.tell_apart),
            ("F8", self.tr("先放着"), "", self.put_aside),
        )
        return [
            KeyAction(key, label, call, short=short, enabled=here, why=why)
            for key, label, short, call in words
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("↑↓ 选一对") if self.choice is None else self.tr("按数字选理由")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("跨校查重"),
            self.tr("一个孩子在两所学校登记，先登记的有效，家长选定前两边都留着，不退孩子。"),
            explanation=self.tr(
                "分数只用来排先后，不做决定。学校只收到自己孩子的结果和理由，看不到另一所学校的孩子。"
            ),
        )

    def on_enter(self) -> None:
        """Take the focus and fresh pairs."""
        self.refresh()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_leave(self) -> None:
        """Leave a question unanswered."""
        if self.choice is not None:
            self.leave()

    def other_side(self) -> None:
        """Show the two registrations in place of the list, or the list again (F6)."""
        self._other_side = not self._other_side
        self.arrange()
        self.keys_changed.emit()
        (self if self._other_side else self.table).setFocus(Qt.FocusReason.OtherFocusReason)

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Compare all schools anew (F5)."""
        self._tasks.run(lambda _: self._desk.crossings(), self._show, owner=self)

    def _show(self, found: Sequence[Crossing]) -> None:
        """List the pairs, unless they are listed already."""
        self._found = {one.key: one for one in found}
        after, self._after = self._after, ""
        rows = [crossing_row(one) for one in found]
        open_ones = sum(one.is_open for one in found)
        words = self.tr("待判断 {open} 对 · 已判断 {done} 对")
        self.totals.setText(words.format(open=open_ones, done=len(found) - open_ones))
        self.table.show_rows(rows)
        if after in self._found:
            self.table.go_to_row(self.model.place(after))
        self._moved(self.table.current_key)

    def _here(self) -> Crossing | None:
        return self._found.get(self.table.current_key)

    def _moved(self, _key: str) -> None:
        """Show the two registrations of the row of now."""
        here = self._here()
        self._sheet.show_rows([] if here is None else compared_rows(here))
        title = self.tr("左右对照") if here is None else why_words(here)
        self.compared.set_title(title)
        self.keys_changed.emit()

    # --- deciding ---------------------------------------------------------------------------

    def keep(self, side: int) -> None:
        """Say that it is one child, who stays at the school of this side (1, 2)."""
        here = self._here()
        if here is not None:
            words = self.tr("{name}：{stays}保留，{goes}那一份作废").format(
                name=here.names[side], stays=here.schools[side], goes=here.schools[1 - side]
            )
            self._ask(Choice(here, SAME, here.pair[side], words))

    def tell_apart(self) -> None:
        """Say that they are two children (3)."""
        here = self._here()
        if here is not None:
            self._ask(Choice(here, DIFFERENT, None, self.tr("不同的孩子：两边都保留")))

    def put_aside(self) -> None:
        """Leave it open (F8)."""
        here = self._here()
        if here is not None and not self.busy:
            self._write(Choice(here, OPEN, None, self.tr("先放着，两边都保留")), "")

    def _ask(self, choice: Choice) -> None:
        """Ask for the reason; nothing is written yet."""
        if self.busy:
            return
        self.show_banner(None)
        self.choice = choice
        self.reasons.ask(choice.words, self._possible())
        self._turn(1)

    def leave(self) -> None:
        """Change nothing (Esc)."""
        self.choice = None
        self._turn(0)

    def _turn(self, side: int) -> None:
        self.side.setCurrentIndex(side)
        self.arrange()
        self.keys_changed.emit()
        self.focus_on(self.table)

    def decide(self, reason: str) -> None:
        """Decide, with a reason (1 to 5)."""
        choice = self.choice
        if choice is not None and not self.busy:
            self.leave()
            self._write(choice, reason)

    def _write(self, choice: Choice, reason: str) -> None:
        """Sign the decision for either school."""
        pair, decision, keeps = choice.crossing.pair, choice.decision, choice.keeps
        self.run_alone(
            self._tasks,
            lambda _: self._desk.decide(pair, decision, keeps, reason),
            lambda _: self._decided(choice),
            on_end=self.refresh,
        )

    def _decided(self, choice: Choice) -> None:
        """Say what was decided, and go on with the next pair that waits."""
        self._after = self._next_waiting(choice.crossing.key)
        now = self.tr(
            "下一个回包带给两所学校；哪一边都看不到另一边的孩子。改主意就回到那一对再按一次。"
        )
        self.show_banner(BannerView(State.DONE, choice.words, now))

    def _next_waiting(self, key: str) -> str:
        """Give the next pair of the list nobody has decided about, empty where there is none."""
        keys = list(self._found)
        place = keys.index(key) if key in keys else 0
        rest = [*keys[place + 1 :], *keys[:place]]
        return next((one for one in rest if not self._found[one].decision), "")
