"""Saving at the registration page: what stops it, what is asked once, and the save itself.

The form is empty before the paper moves; what can be done about the case afterwards is
`AfterSave`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.errors import ProductError
from desktop_app.domain.paper_dates import PAPER_DATE
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.services.amendment import Amended
from desktop_app.services.consents import SELF_REPORT
from desktop_app.services.correcting import Correction
from desktop_app.services.form import CONSENTED, PAPER, Form
from desktop_app.services.private_notes import is_sealed
from desktop_app.services.registration import Registered
from desktop_app.ui.page import Page
from desktop_app.ui.pages.registration_after import AfterSave
from desktop_app.ui.pages.registration_case import (
    Doubted,
    LastCase,
    RegistrationDesks,
    amend_case,
    end_correction,
    save_case,
)
from desktop_app.ui.pages.registration_live import LiveForm
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import BannerView, State

_MOST_NAMED = 6
_CERTIFICATE = {"D1": "id_number", "D6": "birth_certificate"}
"""The number that is somebody else's, by the rule that found it."""
_NUMBERS = ("id_type", "id_number", "birth_certificate")


class Saver(QObject):
    """Saves the case on the screen."""

    correction_asked = Signal(object)
    """A passed case was changed: the `Correction` two persons are to sign."""
    amended = Signal(int)
    """A registered case was amended: how much was changed."""
    saved = Signal(object, object)
    """The record's id and the values of the form it was made of."""
    doubted = Signal(object)
    """Nothing was saved: look-alikes nobody has decided about, as `DuplicateHint` values."""
    said = Signal(object, str, str)

    def __init__(
        self, page: Page, live: LiveForm, after: AfterSave, desks: RegistrationDesks, tasks: Tasks
    ) -> None:
        super().__init__(page)
        self._page, self._live, self._after = page, live, after
        self._desks, self._tasks = desks, tasks
        self._asked_day = ""
        """The draft that was asked for the day on its paper."""

    @property
    def last(self) -> LastCase | None:
        """Tell the case saved last."""
        return self._after.last

    # --- what stops it ----------------------------------------------------------------------

    def obstacles(self) -> tuple[str, ...]:
        """Name the fields that stop a save, in the order of the form."""
        found = self._live.found
        blocked = [one.field for one in found.problems if one.blocks]
        return tuple(dict.fromkeys((*self._live.unsaid(), *blocked, *found.needed)))

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
            what = self.tr("这个号码已经有人登记，先判断是不是同一个孩子")
            now = self.tr("谁也没被拒绝：不是同一个孩子就按 1 写明理由，照样登记。")
        else:
            what = self.tr("这个孩子已经登记过，回执号 {number}").format(number=hint.receipt_number)
            now = self.tr("不用再登记一次；这件按 F8 先放一放，或在 F5 里改判断。")
        self._page.show_banner(BannerView(State.REFUSED, what, now))
        return True

    def undated(self) -> bool:
        """Ask once for the day on a paper form; saved again without, the paper does not say."""
        case = self._live.case
        dated = self._live.found.value(PAPER_DATE)
        if not case.marks.get(PAPER) or dated or case.amends or case.draft == self._asked_day:
            return False
        self._asked_day = case.draft
        what = self.tr("纸表日期还没填，先没有存这一件")
        now = self.tr("照纸表填上；纸表上没写日期，就再按一次 F10，记作“没写”。")
        self._page.show_banner(BannerView(State.NEEDS, what, now))
        return True

    def unconsented(self) -> bool:
        """Say whether a private declaration stands there that no guardian agreed to; say so."""
        note, agreed = self._live.case.note, self._live.case.marks.get(CONSENTED, "")
        if not note or is_sealed(note) or SELF_REPORT in agreed.split():
            return False
        what = self.tr("私密申报还没有监护人的同意，先没有存这一件")
        now = self.tr("填的都留着。按 F7 请监护人勾同意；不愿意就把那一页清空，照样能登记。")
        self._page.show_banner(BannerView(State.NEEDS, what, now))
        return True

    # --- saving -----------------------------------------------------------------------------

    def save(self, form: Form) -> None:
        """Save the case on the worker thread; the page hears nothing until it is done."""
        if self.unconsented():
            return
        case = self._live.case
        name = self._live.found.value("full_name")
        if case.opened is not None and case.opened.passed and self._live.changed():
            decisions = tuple(case.decisions.values())
            opened = case.opened
            asked = Correction(opened.record, dict(form), dict(opened.form), decisions)
            self.correction_asked.emit(asked)
            return
        if case.opened is not None:
            self._page.run_alone(
                self._tasks,
                lambda _progress: amend_case(self._desks, case, form),
                partial(self._is_amended, name),
                self._is_refused,
                answer_first=True,
            )
            return
        self._page.run_alone(
            self._tasks,
            lambda _progress: save_case(self._desks, case, form),
            partial(self._is_saved, name, dict(form)),
            self._is_refused,
            answer_first=True,
        )

    def _is_saved(self, name: str, form: Mapping[str, str], made: Registered | Doubted) -> None:
        """Make room for the next case, show this one in the strip, and print; or ask first."""
        if isinstance(made, Doubted):
            self._live.take_hints(made.hints)
            self.doubted.emit(made.open)
            return
        self.saved.emit(made.record, form)
        at = wall_milliseconds()
        self._after.keep(LastCase(made.record, name, made.receipt_number, not made.missing, at))

    def take_corrected(self, made: Amended) -> None:
        """Go on after a correction was signed: its draft goes, its receipt is printed anew."""
        case, name = self._live.case, self._live.found.value("full_name")
        if case.opened is None or case.opened.record != made.record:
            return
        self._page.run_alone(
            self._tasks,
            lambda _progress: end_correction(self._desks, case),
            lambda _done: self._is_amended(name, made),
            self._is_refused,
            answer_first=True,
        )

    def _is_amended(self, name: str, made: Amended) -> None:
        """Show the amended case in the strip, and print its receipt anew."""
        self.amended.emit(len(made.changed))
        if not made.changed:
            self.said.emit(State.WAITING, self.tr("没有改动，什么也没存"), name)
            return
        complete, at, count = not made.missing, wall_milliseconds(), len(made.changed)
        self._after.keep(
            LastCase(made.record, name, made.receipt_number, complete, at, changed=count)
        )

    def _is_refused(self, error: ProductError) -> None:
        """Say why it was not saved, and look at the form again."""
        self._page.show_error(error)
        self._live.look_anew()
