"""Saving at the registration page: save, print, print again, take back.

A receipt is printed of a committed record only, and a printer that fails stops nothing: the form is
empty before the paper moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.errors import ProductError
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.services.amendment import Amended
from desktop_app.services.form import Form
from desktop_app.services.registration import Registered
from desktop_app.ui.page import Page
from desktop_app.ui.pages.registration_case import (
    LastCase,
    Printed,
    RegistrationDesks,
    amend_case,
    print_receipt,
    save_case,
)
from desktop_app.ui.pages.registration_likeness import LikenessPanel
from desktop_app.ui.pages.registration_live import LiveForm
from desktop_app.ui.pages.registration_stored import with_same_address
from desktop_app.ui.printing.printer import ReceiptPrinter
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import moment
from desktop_app.ui.views import BannerView, KeyAction, State, StripView

_MOST_NAMED = 6
_CERTIFICATE = {"D1": "id_number", "D6": "birth_certificate"}
"""The number that is somebody else's, by the rule that found it."""
_NUMBERS = ("id_type", "id_number", "birth_certificate")


class Saver(QObject):
    """Saves the case on the screen, and keeps the last one at hand."""

    amended = Signal(int)
    """A registered case was amended: how much was changed."""
    saved = Signal(object, object)
    """The record's id and the values of the form it was made of."""
    taken_back = Signal(object)
    """The fields of the form that comes back."""
    strip_changed = Signal(object)
    said = Signal(object, str, str)
    replacing = Signal()
    """Another form is about to come: what stands on the screen is to be kept first."""

    def __init__(
        self,
        page: Page,
        live: LiveForm,
        likeness: LikenessPanel,
        desks: RegistrationDesks,
        printer: ReceiptPrinter,
        tasks: Tasks,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._live = live
        self._likeness = likeness
        self._desks = desks
        self._printer = printer
        self._tasks = tasks
        self._last: LastCase | None = None
        self._printing = False
        self._told = ""

    @property
    def last(self) -> LastCase | None:
        """Tell the case saved last."""
        return self._last

    # --- saving -----------------------------------------------------------------------------

    def obstacles(self) -> tuple[str, ...]:
        """Name the fields that stop a save, in the order of the form."""
        found = self._live.found
        blocked = [one.field for one in found.problems if one.blocks]
        return tuple(dict.fromkeys((*blocked, *found.needed)))

    def say_obstacles(self, labels: tuple[str, ...]) -> None:
        """List the few real blocks; what was typed is kept."""
        named = "、".join(labels[:_MOST_NAMED])
        what = self.tr("还有 {count} 格要填对：{fields}").format(count=len(labels), fields=named)
        self._page.show_banner(
            BannerView(State.NEEDS, what, self.tr("填的都留着；光标已到第一格，改好再按 F10。"))
        )

    def taken_fields(self) -> tuple[str, ...]:
        """Name the numbers that are somebody else's and that nobody has disputed."""
        fields = (_CERTIFICATE[one.finding.rule] for one in self._live.taken())
        return tuple(dict.fromkeys(fields))

    def undecided(self) -> bool:
        """Say whether look-alikes that stop a save stand open; then say so.

        A registered case whose number is left alone is saved without: nobody is registered by it.
        """
        taken = self._live.taken()
        if self._live.case.amends and not {*_NUMBERS} & {*self._live.changed()}:
            return False
        if not taken:
            return False
        hint = taken[0]
        if (hint.finding.rule, hint.finding.other) not in self._live.case.decisions:
            what = self.tr("这个号码已经有人登记，先在右边判断")
            now = self.tr("谁也没被拒绝：不是同一个孩子就按 1 写明理由，照样登记。")
        else:
            what = self.tr("这个孩子已经登记过，回执号 {number}").format(number=hint.receipt_number)
            now = self.tr("不用再登记一次；这件按 F8 先放一放，或在 F5 里改判断。")
        self._page.show_banner(BannerView(State.REFUSED, what, now))
        return True

    def save(self, form: Form) -> None:
        """Save the case on the worker thread; the page hears nothing until it is done."""
        case = self._live.case
        name = self._live.found.value("full_name")
        self._page.set_busy(busy=True)
        if case.opened is not None:
            self._tasks.run(
                lambda _progress: amend_case(self._desks, case, form),
                partial(self._is_amended, name),
                self._is_refused,
                on_finish=lambda: self._page.set_busy(busy=False),
                owner=self,
            )
            return
        self._tasks.run(
            lambda _progress: save_case(self._desks, case, form),
            partial(self._is_saved, name, dict(form)),
            self._is_refused,
            on_finish=lambda: self._page.set_busy(busy=False),
            owner=self,
        )

    def _is_saved(self, name: str, form: Mapping[str, str], made: Registered) -> None:
        """Show the case in the strip, make room for the next one, and print."""
        self._last = LastCase(
            made.record, name, made.receipt_number, not made.missing, wall_milliseconds()
        )
        self._page.show_banner(None)
        self.saved.emit(made.record, form)
        self._show_strip()
        words = self.tr("已保存") if self._told else self.tr("已保存，回执正在打印")
        self.said.emit(State.DONE, words, name)
        self.print_last()

    def _is_amended(self, name: str, made: Amended) -> None:
        """Show the amended case in the strip, and print its receipt anew."""
        self._page.show_banner(None)
        if not made.changed:
            self.amended.emit(0)
            self.said.emit(State.WAITING, self.tr("没有改动，什么也没存"), name)
            return
        self._last = LastCase(
            made.record,
            name,
            made.receipt_number,
            not made.missing,
            wall_milliseconds(),
            changed=len(made.changed),
        )
        self.amended.emit(len(made.changed))
        self._show_strip()
        words = self.tr("已存改动 {count} 处").format(count=len(made.changed))
        self.said.emit(State.DONE, words, name)
        self.print_last()

    def _is_refused(self, error: ProductError) -> None:
        """Say why it was not saved, and look at the form again."""
        self._page.show_error(error)
        self._live.look_anew()

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
        if self._last is not None and self._last.record == printed.record:
            self._last = replace(self._last, copies=printed.copies)
        self._show_strip()
        if printed.trouble is None:
            self._told = ""
            if self._last is not None and self._last.changed >= 0 and printed.copies > 1:
                words = self.tr("新回执已送打印，请收回旧的")
                self.said.emit(State.DONE, words, self._last.name)
        elif self._told != printed.trouble.code:
            self._told = printed.trouble.code
            self._page.show_error(printed.trouble)
        else:
            self._say_unprinted(printed.trouble)

    def _say_unprinted(self, trouble: ProductError) -> None:
        """Say quietly what a banner has said before: the queue goes on without paper."""
        words = {
            "print.none": self.tr("没有打印机，回执可稍后补打"),
            "print.refused": self.tr("打印机没接下，回执可稍后补打"),
        }.get(trouble.code, self.tr("回执没打出来，可稍后补打"))
        name = self._last.name if self._last is not None else ""
        self.said.emit(State.WAITING, words, name)

    # --- taking back ------------------------------------------------------------------------

    def take_back(self) -> None:
        """Take the last case back; its form comes back to be mended (Ctrl+Z)."""
        last = self._last
        if last is None:
            self.said.emit(State.WAITING, self.tr("还没有上一件，没有可撤销的"), "")
        elif last.changed >= 0:
            words = self.tr("改动已存，不在这里撤销")
            self.said.emit(State.WAITING, words, self.tr("要再改，在今日名单按 F2"))
            return
        if last is None or self._page.busy:
            return
        self.replacing.emit()
        self._page.set_busy(busy=True)
        self._tasks.run(
            lambda _progress: self._desks.desk.take_back(last.record),
            partial(self._is_back, last),
            on_finish=lambda: self._page.set_busy(busy=False),
            on_error=self._page.show_error,
            owner=self,
        )

    def _is_back(self, last: LastCase, form: Mapping[str, str]) -> None:
        """Give the form back; a paper that was handed out must come back too."""
        self._last = None
        self._page.show_banner(None)
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
        self.strip_changed.emit(
            StripView(self._lead(last), last.name, state, word, text, short, self.last_keys())
        )

    def _lead(self, last: LastCase) -> str:
        return self.tr("上一件") if last.changed < 0 else self.tr("刚改的")

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
        return (
            KeyAction("Ctrl+Z", undo[0], self.take_back, undo[1], shown=shown),
            KeyAction("F9", again[0], self.print_last, again[1], shown=shown),
        )
