"""The registration page 登记: one child after the other, by keyboard alone.

F10 saves, prints and leaves an empty form with the caret in the number; Ctrl+Z takes the last case
back. What happens while somebody types is in `LiveForm`, what is kept in `Keeper`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from desktop_app.domain.paper_dates import PAPER_DATE
from desktop_app.services.registration import Decision
from desktop_app.ui.pages.registration_asking import Asker
from desktop_app.ui.pages.registration_case import (
    Case,
    RegistrationDesks,
    Start,
    left_at,
    load_start,
)
from desktop_app.ui.pages.registration_families import NextChild
from desktop_app.ui.pages.registration_faults import FaultAsker
from desktop_app.ui.pages.registration_keys import Calls, Standing, registration_keys
from desktop_app.ui.pages.registration_listing import ListLink
from desktop_app.ui.pages.registration_panels import ACCEPTED
from desktop_app.ui.pages.registration_parts import RegistrationParts
from desktop_app.ui.printing.printer import ReceiptPrinter
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import BannerView, KeyAction, State, StripView
from desktop_app.ui.widgets.heldkeys import HeldKeys

ASKED_AFTER = ("same_address",)
"""What Enter has passed over by the time a later field asks for it."""


class RegistrationPage(RegistrationParts):
    """One form, three panels, the last case in the strip: what is done with them."""

    def __init__(
        self,
        tasks: Tasks,
        desks: RegistrationDesks,
        printer: ReceiptPrinter,
        parent: QWidget | None = None,
    ) -> None:
        """Take the worker thread, the use cases and the printer."""
        super().__init__(tasks, desks, printer, parent)
        self._started = False
        self.list_link = ListLink(self, desks.arrivals, desks.book, tasks)
        self.asker = Asker(self, self.back_to_form)
        self.next_child = NextChild(self, self.asker)
        self.faults = FaultAsker(self, self.asker)
        self._locks = False
        self._calls = self._make_calls()
        self._held = HeldKeys(self)
        self._connect()
        self.live.refresh()
        self.view.show_saved("")

    def _make_calls(self) -> Calls:
        view = self.view
        return {
            "F2": partial(self.open_panel, view.catchment),
            "F3": partial(self.page_asked.emit, "today"),
            "F4": self.repeater.repeat,
            "F5": partial(self.open_panel, view.likeness),
            "F6": partial(self.open_panel, view.materials),
            "F7": self.open_private,
            "Shift+F7": self.open_notice,
            "F8": self.park,
            "Shift+F2": self.asker.find_category,
            "Shift+F4": self.next_child.begin,
            "Shift+F5": self.faults.ask,
            "Shift+F6": self.asker.ask_marks,
            "F10": self.save,
            "Esc": self.back_to_form,
        }

    def _connect(self) -> None:
        """Connect the parts."""
        view, form = self.view, self.form
        form.changed.connect(self._field_changed)
        form.committed.connect(self.keeper.soon)
        form.entered.connect(self._field_entered)
        form.filled.connect(self._all_filled)
        view.panel_asked.connect(self.open_panel)
        view.materials.marked.connect(self._mark_paper)
        view.likeness.decide.connect(self._decided)
        view.drafts.chosen.connect(self._take_up)
        for panel in (view.materials, view.likeness, view.drafts):
            panel.left.connect(self.back_to_form)
        self.live.refreshed.connect(self._show_head)
        self.live.refreshed.connect(self._follow_locks)
        self.live.judged.connect(self._show_head)
        self.amender.read.connect(self._take_start)
        self.amender.resumed.connect(self._take_up)
        self.amender.begun.connect(self._begin_amending)
        self.amender.ended.connect(self._begin_next)
        self.amender.left.connect(self.page_asked)
        self.amender.former.connect(self.open_draft)
        self.keeper.kept.connect(view.show_saved)
        self.keeper.refused.connect(self.show_error)
        self.keeper.listed.connect(self._show_drafts)
        self.saver.saved.connect(self._saved)
        self.saver.amended.connect(self.amender.finish)
        self.saver.doubted.connect(lambda hints: self.doubter.ask(hints, self.keeper.caret))
        self.saver.said.connect(self.said)
        self.after.replacing.connect(self.on_leave)
        self.after.taken_back.connect(self._taken_back)
        self.after.strip_changed.connect(self._show_strip)
        self.after.said.connect(self.said)
        self.after.sight_asked.connect(self.receipt_asked)

    # --- what the window asks ---------------------------------------------------------------

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        return registration_keys(
            Standing(
                lists=self.form.lists_graduates,
                locked=bool(self.live.locked),
                over_form=self.view.opened is not None,
                drafts=self.may_take_up,
                amends=bool(self.live.case.amends),
                asking=self.amender.asking,
                leaving=self.amender.keys(),
                doubting=self.doubter.keys(),
                undoing=self.after.asking_keys(),
                idle=self.after.idle_keys(),
            ),
            self._calls,
        )

    def arrange(self) -> None:
        """Follow the shape of the look."""
        entered = self.view.entered
        self.view.arrange()
        if entered is not None:
            self.view.enter(entered)
        self.live.refresh()
        if self.amender.says(self.banner_place.view):
            self.show_banner(None)
        self.keys_changed.emit()

    def on_enter(self) -> None:
        """Bring the newest draft back at its caret, or go on where the caret was."""
        self._go(self.keeper.caret if self._started else self.form.first)
        if not self._started:
            self._started = True
            self._tasks.run(lambda _p: load_start(self._desks), self._begin, owner=self)
        else:
            self.keeper.soon()
            self.live.look_anew()  # a bundle taken in meanwhile may hold the same child
            self.amender.bring_back()

    def on_leave(self) -> None:
        """Keep what was typed, the field of now included."""
        self.doubter.forget()
        self.show_banner(None)  # it was read here, and would take the room of the next family
        current = self.form.current()
        if current:
            self.form.control(current).commit()
        self.keeper.now(leaving=True)

    def _begin(self, start: Start) -> None:
        """Take up the newest draft; say whose it is, not that something was recovered."""
        self._take_start(start)
        if start.drafts and self.form.is_empty:
            self._take_up(start.drafts[0].id)
        self._show_head()

    def _take_start(self, start: Start) -> None:
        self.view.likeness.know_people(start.people)
        self.head.number = start.registered + 1
        self.keeper.take_list(start.drafts)

    def show_banner(self, view: BannerView | None) -> None:
        """Show a message, or whose case is amended; at the largest type over the cards."""
        view = view or self.amender.banner()
        if view != self.banner_place.view:
            self.view.make_room(crowded=view is not None)
            super().show_banner(view)

    # --- following the form -----------------------------------------------------------------

    def _field_changed(self, name: str) -> None:
        """Follow a change made by hand."""
        self.live.carried.pop(name, None)
        if name == PAPER_DATE:
            self.asker.note_paper_date(self.form.value(name))
        self.amender.go_on()
        self.doubter.forget()
        self.after.forget_question()
        self.show_banner(None)
        self.live.refresh()

    def _field_entered(self, name: str) -> None:
        """Remember where the caret is; it is part of the draft."""
        if name and name != self.keeper.caret:
            self.keeper.caret = name
            self.help_changed.emit()
            self.keeper.soon()
            QTimer.singleShot(0, self, self.live.show_checks)

    def _all_filled(self) -> None:
        """Say that nothing is left to fill, or that the number is still somebody else's."""
        if self.amender.goes_to_asked():
            return
        if self.live.taken():
            words = self.tr("号码已有人登记")
            self.said.emit(State.REFUSED, words, self.tr("按 F5 判断，再按 F10"))
            return
        missing = [name for name in self.saver.obstacles() if name in ASKED_AFTER]
        if missing and self.form.may_enter(missing[0]):
            self._go(missing[0])  # what only a later field asks for
            words = self.tr("这一类按现住址划片")
            self.said.emit(State.NEEDS, words, self.tr("与户籍地相同按空格；不同，Enter 到村再填"))
            return
        self.said.emit(State.DONE, self.tr("都填好了"), self.tr("F6 看材料，F10 保存并打印"))

    def _show_head(self) -> None:
        """Show whose form it is, which number, and what is still needed."""
        self.head.show()
        self._show_drafts()

    def _follow_locks(self) -> None:
        """Show the key that opens what the list has locked while anything is."""
        if self._locks != bool(self.live.locked):
            self._locks = bool(self.live.locked)
            self.keys_changed.emit()

    def _show_drafts(self) -> None:
        """Show the other drafts while the form is empty."""
        wanted = self.may_take_up
        self.view.drafts.show_drafts(self.keeper.lines())
        if self.view.show_drafts_instead(wanted=wanted):
            self.keys_changed.emit()

    @property
    def may_take_up(self) -> bool:
        """Tell whether the form is free for a draft, and there is one."""
        free = self.keeper.is_empty and not self.live.case.amends
        return free and bool(self.keeper.others())

    def _show_strip(self, view: StripView | None) -> None:
        """Tell the strip about the last case, and the key to the next child of its family."""
        last = self.after.last
        if view is not None and last is not None and last.changed < 0:
            words = (self.tr("同一家再登一个"), self.tr("同一家"))
            family = KeyAction("Shift+F4", words[0], self.next_child.begin, words[1], shown=False)
            view = replace(view, keys=(*view.keys, family))
        self.strip_changed.emit(view)

    # --- panels -----------------------------------------------------------------------------

    def open_panel(self, panel: QWidget) -> None:
        """Enter a panel; its own key pressed again goes back."""
        if panel.hasFocus() or (self.view.opened is panel):
            self.back_to_form()
            return
        self.doubter.forget()
        self.view.enter(panel)
        self.keys_changed.emit()

    def back_to_form(self) -> None:
        """Go back to the field the caret was in."""
        caret = self.keeper.caret  # a panel that goes away with the focus would move it
        self.view.leave()
        self._go(caret)
        self.keys_changed.emit()

    def _go(self, name: str) -> None:
        form = self.form
        form.go_to(name if form.may_enter(name) else form.first_open(form.first))

    def _mark_paper(self, code: str, state: str) -> None:
        """Note what became of a paper; what is stored of one is never taken away."""
        opened = self.live.case.opened
        if opened is not None and opened.has_paper(code):
            state = state or ACCEPTED
        if state:
            self.live.case.materials[code] = state
        else:
            self.live.case.materials.pop(code, None)
        self.live.refresh()
        self.keeper.soon()

    def _decided(self, made: tuple[Decision, ...]) -> None:
        """Take a decision about a look-alike, and go back when it was the last."""
        self.live.decide(made)
        self.keeper.soon()
        if not self.view.likeness.open_children:
            self.back_to_form()

    # --- putting aside -----------------------------------------------------------

    def park(self) -> None:
        """Put the case aside as a draft; on an empty form, list the drafts to go on with."""
        if self.may_take_up:
            self.open_panel(self.view.drafts)
            return
        if self.keeper.is_empty and not self.live.case.amends:
            self.tell(self.tr("表还空着，没有要放下的，也没有草稿"))
            return
        name = self.live.found.value("full_name") or self.tr("这一件")
        self.on_leave()
        self._begin_next()
        self.keeper.load_list()
        words = self.tr("{name} 先放下了").format(name=name)
        self.said.emit(State.UNFINISHED, words, self.tr("都存着；按 F8 取回接着填"))

    def open_draft(self, draft: str) -> None:
        """Go on with a draft chosen elsewhere; the case on the screen is put aside."""
        self.on_leave()
        self._started = True
        self._tasks.run(
            lambda _p: load_start(self._desks), partial(self._open_draft, draft), owner=self
        )

    def _open_draft(self, draft: str, start: Start) -> None:
        self._take_start(start)
        if any(one.id == draft for one in start.drafts):
            self._take_up(draft)

    def _take_up(self, draft_id: str) -> None:
        """Go on with a draft: at its caret if it was left there, else at its first open field."""
        draft = self.keeper.take_up(draft_id)
        self.back_to_form()
        left = left_at(draft)
        self._go(left or self.form.resume(draft.caret, self.saver.obstacles()))
        self.show_banner(None)
        name = self.live.found.value("full_name") or self.tr("还没写姓名")
        words = self.tr("接着改：{name}") if self.live.case.amends else self.tr("接着填：{name}")
        self.said.emit(State.UNFINISHED, words.format(name=name), "")

    def amend(self, record: str, origin: str = "") -> None:
        """Open a registered case in the form; ``origin`` is the page to go back to."""
        self.on_leave()
        self._started = True
        self.amender.open(record, origin)

    def _begin_amending(self) -> None:
        """Say whose case is open, with the caret where something is asked."""
        self.show_banner(None)
        self._go(self.amender.place(self.form))
        self.keys_changed.emit()
        if self.amender.wants_papers:
            self.open_panel(self.view.materials)

    def _begin_next(self) -> None:
        """Empty the form; village, category, boarding and ethnic group stay."""
        carried = self.repeater.carried()
        self.keeper.forget()
        marks = self.asker.begin()
        self.live.carried = {**carried, **marks}
        self.live.take_up(Case(marks=marks), carried)
        self.show_banner(None)
        self.view.show_saved("")
        self.view.leave()
        self._go(self.form.first)
        self.keys_changed.emit()

    # --- saving -----------------------------------------------------------------------------

    def save(self) -> None:
        """Save and print (F10); what stops it is listed, and the caret is at the first field."""
        if self.busy:
            return
        current = self.form.current()
        if current:
            self.form.control(current).commit()
        self.amender.go_on()
        if self.doubter.asking:
            self.live.decide(self.doubter.answer())
        if self.keeper.is_empty and not self.live.case.amends:
            self.tell(self.tr("表还空着，先填孩子的证件号"))
            self._go(self.form.first)
            return
        self.live.strict = True
        self.live.refresh()
        obstacles = self.saver.obstacles()
        if obstacles:
            here = [name for name in obstacles if self.form.may_enter(name)] or [self.form.first]
            self.saver.say_obstacles(tuple(map(self.form.label_of, obstacles)))
            self.view.leave()
            self._go(here[0])
        elif not self._is_asked_first():
            self.saver.save(self.live.typed())

    def _is_asked_first(self) -> bool:
        """Go where something is asked before a save; tell whether anything is."""
        if self.saver.undated():
            self._go(PAPER_DATE)
            return True
        if self.saver.undecided():
            self.view.enter(self.view.likeness)
            self.keys_changed.emit()
            return True
        return False

    def set_busy(self, *, busy: bool) -> None:
        """Hold what is typed during a save for the form that stands there afterwards."""
        super().set_busy(busy=busy)
        if busy:
            self._held.hold()
        else:
            self.keeper.soon()
            self._held.release()

    def _saved(self, record: str, form: Mapping[str, str]) -> None:
        """Begin the next case."""
        if not self.live.case.from_row:
            self.repeater.before = dict(form)
        self.head.number += 1
        self._begin_next()
        self.keeper.load_list()
        self.registered.emit(record)

    def _taken_back(self, fields: Mapping[str, str]) -> None:
        """Show the form that came back, and keep it as a draft at once."""
        self.keeper.forget()
        self.keeper.load_list()
        self.head.number -= 1
        self.live.take_up(Case.of_form(fields), fields)
        self.show_banner(None)
        self._go("full_name")
        self.keeper.soon()
