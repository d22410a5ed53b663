"""What can still be done about the case saved last: print, print again, look at it, take it back.

A receipt is printed of a committed record only, and a printer that fails stops nothing. Taking back
asks first, by name: the key is also the one a hand presses to undo a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.domain.errors import ProductError
from desktop_app.domain.masks import mask_name
from desktop_app.ui.page import Page
from desktop_app.ui.pages.registration_case import (
    LastCase,
    Printed,
    RegistrationDesks,
    print_receipt,
)
from desktop_app.ui.pages.registration_stored import with_same_address
from desktop_app.ui.printing.printer import ReceiptPrinter
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import moment
from desktop_app.ui.views import KeyAction, State, StripView

_PATIENCE = 8000
"""Milliseconds the question stands: as long as the strip says it."""


class AfterSave(QObject):
    """Keeps the case saved last at hand."""

    taken_back = Signal(object)
    """The fields of the form that comes back."""
    strip_changed = Signal(object)
    said = Signal(object, str, str)
    replacing = Signal()
    """Another form is about to come: what stands on the screen is to be kept first."""
    sight_asked = Signal(str)
    """The receipt of a record is to be seen."""

    def __init__(
        self, page: Page, desks: RegistrationDesks, printer: ReceiptPrinter, tasks: Tasks
    ) -> None:
        super().__init__(page)
        self._page, self._desks, self._printer, self._tasks = page, desks, printer, tasks
        self._last: LastCase | None = None
        self._printing = False
        self._told = ""
        self._question = QTimer(self)
        self._question.setSingleShot(True)
        self._question.setInterval(_PATIENCE)
        self._question.timeout.connect(page.keys_changed)

    @property
    def last(self) -> LastCase | None:
        """Tell the case saved last."""
        return self._last

    def keep(self, last: LastCase) -> None:
        """Take the case that was just saved or amended, say so, and print its receipt."""
        self._last = last
        self.forget_question()
        self._show_strip()
        words = self.tr("已保存")
        if last.changed >= 0:
            words = self.tr("已存改动 {count} 处").format(count=last.changed)
        self.said.emit(State.DONE, words, last.name)
        self.print_last()

    # --- printing ---------------------------------------------------------------------------

    def print_last(self) -> None:
        """Print the receipt of the last case, once more if it was printed before (F9)."""
        last = self._last
        if last is None:
            self.said.emit(State.WAITING, self.tr("还没有上一件，没有回执可打"), "")
        if last is None or self._printing:
            return
        self._printing = True
        self._tasks.run(
            lambda _progress: print_receipt(self._desks, self._printer, last.record),
            self._is_printed,
            self._page.show_error,
            on_finish=self._may_print,
            owner=self,
        )

    def _may_print(self) -> None:
        self._printing = False

    def _is_printed(self, printed: Printed) -> None:
        """Count the copy, or say that the queue goes on without paper."""
        last = self._last
        mine = last is not None and last.record == printed.record
        if last is not None and mine:
            self._last = last = replace(last, copies=printed.copies)
        self._show_strip()
        if printed.trouble is None:
            self._told = ""
            if last is not None and mine:
                self._say_printed(last)
        elif self._told != printed.trouble.code:
            self._told = printed.trouble.code
            self._page.show_error(printed.trouble)
        else:
            self._say_unprinted(printed.trouble)

    def _say_printed(self, last: LastCase) -> None:
        """Say that the paper is on its way, once the printer has taken it."""
        words = self.tr("已保存，回执已送打印")
        if last.copies > 1:
            words = self.tr("回执已再打一份")
        if last.changed >= 0:
            words = self.tr("已存改动 {count} 处，回执已送打印").format(count=last.changed)
            if last.copies > 1:
                words = self.tr("新回执已送打印，请收回旧的")
        self.said.emit(State.DONE, words, last.name)

    def _say_unprinted(self, trouble: ProductError) -> None:
        """Say quietly what a banner has said before: the queue goes on without paper."""
        words = {
            "print.none": self.tr("没有打印机，回执可稍后补打"),
            "print.refused": self.tr("打印机没接下，回执可稍后补打"),
        }.get(trouble.code, self.tr("回执没打出来，可稍后补打"))
        name = self._last.name if self._last is not None else ""
        self.said.emit(State.WAITING, words, name)

    def look(self) -> None:
        """Show the receipt of the last case on the screen (Shift+F9); no copy is counted."""
        if self._last is None:
            self.said.emit(State.WAITING, self.tr("还没有上一件，没有回执可看"), "")
        else:
            self.sight_asked.emit(self._last.record)

    # --- taking back ------------------------------------------------------------------------

    @property
    def asking(self) -> bool:
        """Tell whether it was asked if the last case is to be taken back."""
        return self._question.isActive()

    def ask(self) -> None:
        """Ask whether the last case is to be taken back, and say whose it is (Ctrl+Z)."""
        last = self._last
        if last is None:
            self.said.emit(State.WAITING, self.tr("还没有上一件，没有可撤销的"), "")
        elif last.changed >= 0:
            words = self.tr("改动已存，不在这里撤销")
            self.said.emit(State.WAITING, words, self.tr("要再改，在今日名单按 F2"))
        elif not self._page.busy:
            self._question.start()
            words = self.tr("要撤销 {name} 这一件吗？").format(name=mask_name(last.name))
            how = self.tr("按 Ctrl+Enter 撤销，Esc 不撤。回执 {number}")
            self.said.emit(State.NEEDS, words, how.format(number=last.receipt))
            self._page.keys_changed.emit()

    def forget_question(self, *, told: bool = False) -> None:
        """Leave the case as it is; ``told`` says so."""
        if self.asking:
            self._question.stop()
            self._page.keys_changed.emit()
            if told:
                self.said.emit(State.WAITING, self.tr("没有撤销，登记还在"), "")

    def take_back(self) -> None:
        """Take the last case back, once it was asked; its form comes back to be mended."""
        last = self._last
        if last is None or not self.asking or self._page.busy:
            return
        self.forget_question()
        self.replacing.emit()
        self._page.run_alone(
            self._tasks,
            lambda _progress: self._desks.desk.take_back(last.record),
            partial(self._is_back, last),
        )

    def _is_back(self, last: LastCase, form: Mapping[str, str]) -> None:
        """Give the form back; a paper that was handed out must come back too."""
        self._last = None
        self.taken_back.emit(with_same_address(form))
        self._show_strip()
        words = self.tr("已撤回 {name}").format(name=last.name)
        after = self.tr("原回执 {number} 作废，请收回").format(number=last.receipt)
        self.said.emit(State.UNFINISHED, words, after if last.copies else "")

    # --- the strip --------------------------------------------------------------------------

    def _show_strip(self) -> None:
        """Tell the strip about the last case."""
        last = self._last
        if last is None:
            self.strip_changed.emit(None)
            return
        state = State.DONE if last.complete else State.NEEDS
        word = self.tr("已办") if last.complete else self.tr("待补")
        printed = self.tr("已打印 {count} 份").format(count=last.copies)
        paper = printed if last.copies else self.tr("还没打印")
        text = self.tr("回执 {number}　{at} 已保存、{paper}")
        text = text.format(number=last.receipt, at=moment(last.at), paper=paper)
        short = f"{moment(last.at)} {paper}"
        lead = self.tr("上一件") if last.changed < 0 else self.tr("刚改的")
        self.strip_changed.emit(
            StripView(lead, last.name, state, word, text, short, self.last_keys())
        )

    def asking_keys(self) -> list[KeyAction]:
        """List the answers to the question; Enter of either block of keys counts."""
        if not self.asking:
            return []
        words = (self.tr("撤销这一件"), self.tr("撤销"))
        stay = KeyAction("Esc", self.tr("不撤销"), partial(self.forget_question, told=True))
        return [
            stay,
            KeyAction("Ctrl+Enter", words[0], self.take_back, words[1], warns=True),
            KeyAction("Ctrl+Return", words[0], self.take_back, words[1], shown=False),
        ]

    def idle_keys(self) -> list[KeyAction]:
        """List the keys of the last case that stand nowhere now, but never are silent."""
        if self._last is None:
            return list(self._keys(shown=False))
        return [self._keys(shown=False)[0]] if self._last.changed >= 0 else []

    def last_keys(self) -> tuple[KeyAction, ...]:
        """List the keys of the last case; an amendment is not undone by one key."""
        keys = self._keys(shown=True)
        return keys[1:] if self._last is not None and self._last.changed >= 0 else keys

    def _keys(self, *, shown: bool) -> tuple[KeyAction, ...]:
        """Make the keys of the last case; they say so when there is none."""
        undo = (self.tr("撤销这一件"), self.tr("撤销"))
        again = (self.tr("重打回执"), self.tr("重打"))
        sight = (self.tr("看回执"), self.tr("看"))
        return (
            KeyAction("Ctrl+Z", undo[0], self.ask, undo[1], shown=shown),
            KeyAction("F9", again[0], self.print_last, again[1], shown=shown),
            # The strip names it; the bar at 200 % has no room for it.
            KeyAction("Shift+F9", sight[0], self.look, sight[1], shown=False),
        )
