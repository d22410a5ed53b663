"""The private page 私密申报: what a family tells of its own will, away from the public form.

It holds nothing after it is left: the text goes back to the case by a callback, and is sealed when
the case is saved. Everything is blank beforehand and may stay so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop_app.policy.package import Policy
from desktop_app.services.private_notes import LONGEST, is_sealed
from desktop_app.ui.page import Page
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import HelpView, KeyAction, State
from desktop_app.ui.widgets.choice import CheckInput
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.pill import StateLine
from desktop_app.ui.widgets.scroll import FocusScroll

_BETWEEN = "；"


class StoreNote(Protocol):
    """What takes a declaration, and whether the guardian agreed to it."""

    def __call__(self, note: str, *, agreed: bool) -> None:
        """Take it."""


class PrivateNotePage(Page):
    """Ticks for what is told most often, and a field for everything else."""

    nav_key = "private"
    within = "register"

    def __init__(
        self,
        policy: Policy,
        read: Callable[[], str],
        store: StoreNote,
        leave: Callable[[], object],
        agreed: Callable[[], bool] = lambda: False,
        parent: QWidget | None = None,
    ) -> None:
        """Take what reads and stores the declaration of the case, and what goes back to it.

        ``agreed`` says whether the guardian has agreed to the declaration that stands there.
        """
        super().__init__(parent)
        self._policy = policy
        self._read = read
        self._store = store
        self._leave = leave
        self._agreed = agreed
        self._sealed = ""
        self._given_up = False
        self._ticks: list[CheckInput] = []
        self._build()

    def _build(self) -> None:
        """Lay the page out."""
        sheet = Panel(self.tr("私密申报"), self, head=46, title_role="page")
        content = Plain(sheet)
        lines = column(content, 8, (8, 4, 8, 8))
        entry = self._policy.field_help.get("private_note")
        words = entry.sentence if entry is not None else ""
        lines.addWidget(Text(words, "strong", content, wrap=True))
        more = self.tr("只有审核员、台账员、校长和区里看得到；不上回执、不上名单、不在登记页显示。")
        lines.addWidget(Text(more, "secondary", content, wrap=True))
        for place, told in enumerate(self._told(), 1):
            line = row(None, 8)
            tick = CheckInput(told, content, name=f"told{place}")
            self._ticks.append(tick)
            line.addWidget(tick)
            line.addStretch(1)
            lines.addLayout(line)
        lines.addWidget(Text(self.tr("需要学校知道、照顾的（可不写）"), "label", content))
        self.text = _Words(content)
        self.text.setAccessibleName(self.tr("需要学校知道、照顾的"))
        set_units(self.text, min_height=96)
        self.text.textChanged.connect(self._count)
        lines.addWidget(self.text, 1)
        self._left = StateLine(content)
        lines.addWidget(self._left)
        line = row(None, 8)
        self.consent = CheckInput(
            self.tr("监护人同意申报：只用于照顾孩子，随时可撤回"), content, name="self_report"
        )
        line.addWidget(self.consent)
        line.addStretch(1)
        lines.addLayout(line)
        scroll = FocusScroll(content, sheet, role="sheetscroll")
        sheet.body.addWidget(scroll)
        self.lines.addWidget(sheet, 1)
        self.lines.addWidget(self.banner_place)

    def _told(self) -> tuple[str, ...]:
        """List what families tell most often."""
        return (
            self.tr("孩子有残疾或长期患病，需要便利"),
            self.tr("孤儿或父母都不能抚养"),
            self.tr("家庭经济困难"),
            self.tr("父母都外出，老人照看"),
            self.tr("单亲或监护有争议，请留意接送"),
        )

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("私密申报")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        return [
            KeyAction("Esc", self.tr("不填，返回"), self.give_up, short=self.tr("返回")),
            KeyAction("F10", self.tr("存好，回到登记"), self.store, self.tr("存好"), primary=True),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("空格勾选 · Enter 下一项")

    def help_view(self) -> HelpView | None:
        """Give the policy sentence."""
        entry = self._policy.field_help.get("private_note")
        if entry is None:
            return None
        return HelpView(entry.label, entry.sentence, entry.basis, "", self._policy.title)

    def on_enter(self) -> None:
        """Show the declaration of the case; one sealed before stays closed."""
        note = self._read()
        self._given_up = False
        self._sealed = note if is_sealed(note) else ""
        parts = [] if self._sealed else note.split(_BETWEEN)
        for tick in self._ticks:
            tick.set_value("1" if tick.accessibleName() in parts else "")
        known = {tick.accessibleName() for tick in self._ticks}
        self.text.setPlainText(_BETWEEN.join(part for part in parts if part not in known))
        self.consent.set_value("1" if note and not self._sealed and self._agreed() else "")
        self._count()
        self._ticks[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def on_leave(self) -> None:
        """Leave nothing on the page; what was typed goes to the case, also before a lock."""
        if not self._given_up:
            agreed = not self.consent.is_blank()
            self._store(self.value()[:LONGEST] or self._sealed, agreed=agreed)
        self._clear()

    # --- keys -------------------------------------------------------------------------------

    def value(self) -> str:
        """Give the declaration as text."""
        told = [tick.accessibleName() for tick in self._ticks if not tick.is_blank()]
        return _BETWEEN.join(part for part in (*told, self.text.toPlainText().strip()) if part)

    def store(self) -> None:
        """Hand the declaration to the case and go back; a sealed one is kept if nothing is new."""
        if len(self.value()) > LONGEST:
            self._count()
            return
        if self.value() and self.consent.is_blank():
            self._left.say(State.REFUSED, self.tr("监护人同意了才能存：空格勾上，再按 F10"))
            self.consent.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._leave()

    def give_up(self) -> None:
        """Go back without a change."""
        self._given_up = True
        self._leave()

    def _clear(self) -> None:
        for tick in self._ticks:
            tick.set_value("")
        self.text.setPlainText("")
        self.consent.set_value("")

    def _count(self) -> None:
        """Say how much room is left, or that something was sealed before."""
        over = len(self.value()) - LONGEST
        if over > 0:
            self._left.say(State.REFUSED, self.tr("多了 {count} 个字").format(count=over))
        elif self._sealed and not self.value():
            self._left.say(State.DONE, self.tr("以前申报的已封存，不改就留着"))
        else:
            self._left.say(None, self.tr("还可写 {count} 个字").format(count=-over))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with Enter from tick to tick to the text."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            backwards = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.focusNextPrevChild(not backwards)
            return
        super().keyPressEvent(event)


class _Words(QPlainTextEdit):
    """Several lines of plain text; Tab leaves it, Esc is the page's."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Esc to the page."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)
