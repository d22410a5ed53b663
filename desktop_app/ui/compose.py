"""Puts the pages of a seat together once somebody has logged in.

One entry a page: its key, icon, word, the seats it is for, and what makes it. A page that comes
later is one more function and one more line. Pages get service objects and know no workplace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from desktop_app.documents.day_sheet import day_sheet_html
from desktop_app.documents.hand_over import hand_over_html
from desktop_app.domain.acts import Role
from desktop_app.services.answers import AnswerDesk
from desktop_app.services.assigning import AssigningDesk
from desktop_app.services.attention import AttentionDesk
from desktop_app.services.capture import CaptureDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.conflicts import ConflictDesk
from desktop_app.services.day import DayDesk
from desktop_app.services.day_sheet import DaySheetDesk
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.materials import MaterialsDesk
from desktop_app.services.merging import MergeDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.undoing import UndoDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.accepting import RequestDesk
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.handed import HandedOver
from desktop_app.sync.joining import JoiningDesk
from desktop_app.sync.round import RoundDesk
from desktop_app.ui.changes import Changes
from desktop_app.ui.desk_pages import (
    graduates_page,
    measure,
    promise_filters,
    promise_statistics,
    queue_page,
)
from desktop_app.ui.guardian_pages import behind_a_case, beside_the_form
from desktop_app.ui.keying_pages import promise_keying
from desktop_app.ui.list_pages import behind_the_list
from desktop_app.ui.masthead_values import Numbers
from desktop_app.ui.office_pages import (
    appeals_page,
    crossing_page,
    laptops_page,
    policies_page,
    tickets_page,
)
from desktop_app.ui.page import Page
from desktop_app.ui.pages.answers import AnswersPage
from desktop_app.ui.pages.conflict_leftover import TakingUp
from desktop_app.ui.pages.conflict_lists import ConflictDesks
from desktop_app.ui.pages.conflicts import ConflictPage
from desktop_app.ui.pages.day import DayDesks, DayPage
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.pages.intake import IntakePage
from desktop_app.ui.pages.join import JoinPage
from desktop_app.ui.pages.merge import MergePage
from desktop_app.ui.pages.people import PeoplePage
from desktop_app.ui.pages.receipt_sight import ReceiptPage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.registration_case import RegistrationDesks
from desktop_app.ui.pages.request import RequestPage
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.review_desks import ReviewDesks
from desktop_app.ui.pages.today import TodayDesks, TodayPage
from desktop_app.ui.paper_pages import follow_up_page, retention_page
from desktop_app.ui.printing.practice import PracticePrinter
from desktop_app.ui.printing.printer import ReceiptPrinter, SystemPrinter
from desktop_app.ui.printing.sheet import Draw, draw_page
from desktop_app.ui.review_pages import with_correction, with_passing
from desktop_app.ui.shell import Entry, Shell
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window

SCHOOL_SEATS = frozenset({"desk", "school"})
SCHOOL_PAGES = (
    *("register", "review", "today", "exchange", "merge", "conflict", "day", "people", "join"),
    *("queue", "follow_up", "retention", "appeals"),
)
"""The navigation of a school, in its order: a digit opens each."""
DISTRICT_PAGES = (
    *("intake", "answers", "crossing", "conflict", "people", "graduates", "tickets", "laptops"),
    *("policies", "appeals", "retention"),
)
"""The navigation of the district."""
_BADGES: Mapping[str, Callable[[Numbers], int]] = {
    "review": lambda numbers: numbers.waiting,
    "intake": lambda numbers: numbers.needs_look,
    "answers": lambda numbers: numbers.to_answer,
    "crossing": lambda numbers: numbers.pairs,
    "conflict": lambda numbers: numbers.to_decide,
    "appeals": lambda numbers: numbers.complaints,
}
"""What waits on a page, as its badge counts it."""
PRACTISED = frozenset({"register", "review", "today", "queue", "day"})
"""The pages of practice: none that a stick, the district or another laptop has a part in."""
_CASES = frozenset({"applicant", "guardian", "material_check", "scan"})
"""The kinds of record that lists and cases show."""
_DECIDED = _CASES | {"duplicate_decision", "cross_duplicate", "person", "feed_limit"}
"""The kinds of record that make or settle something to be decided."""


class Printer(ReceiptPrinter, Protocol):
    """What the pages print with."""

    def print_page(self, draw: Draw, title: str) -> None:
        """Print one page; ``title`` holds no personal data.

        Raises:
            WorkplaceError: there is no printer, or it refuses.
        """


@dataclass(frozen=True, slots=True)
class Parts:
    """An open workplace with what its pages show first; made on the worker thread."""

    workplace: Workplace
    roles: frozenset[Role]
    registration: RegistrationDesks | None


@dataclass(frozen=True, slots=True)
class Site:
    """What pages are made from."""

    parts: Parts
    tasks: Tasks
    window: Window
    changes: Changes
    printer: Printer


def prepare(workplace: Workplace) -> Parts:
    """Read what the pages show first; called on the worker thread."""
    school = workplace.policy.schools.get(workplace.seat.code)
    stage = school.stage if school is not None else "P1"
    at_school = workplace.seat.kind in SCHOOL_SEATS
    return Parts(
        workplace=workplace,
        roles=PeopleDesk(workplace).roles(),
        registration=RegistrationDesks.of(workplace, stage) if at_school else None,
    )


def compose(parts: Parts, tasks: Tasks, window: Window, printer: Printer | None = None) -> Shell:
    """Make the pages of a seat and show the first; what prints is the system's printer."""
    changes = Changes(window)
    parts.workplace.listeners.append(changes.tell)
    practice = parts.workplace.practice
    prints: Printer = printer or SystemPrinter()
    site = Site(parts, tasks, window, changes, PracticePrinter(prints) if practice else prints)
    listed = entries(site)
    if practice:  # with the keys the pages have in the real window
        placed = enumerate(listed, 1)
        listed = [replace(one, place=at) for at, one in placed if one.key in PRACTISED]
        window.mark_practice()
    shell = Shell(parts.workplace, parts.roles, tasks, window, listed)
    changes.changed.connect(shell.count)
    shell.open_first()
    return shell


def _tr(words: str) -> str:
    return QCoreApplication.translate("Compose", words)


def entries(site: Site) -> Sequence[Entry]:
    """List the pages of a seat in the order of its navigation."""
    pages = {one.key: one for one in _every_page(site)}
    at_school = site.parts.workplace.seat.kind in SCHOOL_SEATS
    return [pages[key] for key in (SCHOOL_PAGES if at_school else DISTRICT_PAGES)]


def _every_page(site: Site) -> Iterator[Entry]:
    """Give every page of the navigation, of whatever seat."""

    def of(make: Callable[[Site, Workplace], Page]) -> Callable[[], Page]:
        return partial(make, site, site.parts.workplace)

    listed = (
        ("register", "user-plus", _tr("登记"), partial(_register, site)),
        ("review", "clipboard-check", _tr("材料审核"), partial(_review, site)),
        ("today", "list-search", _tr("今日名单"), partial(_today, site)),
        ("exchange", "usb", _tr("交换"), partial(_exchange, site)),
        ("merge", "arrows-join", _tr("午间汇总"), partial(_merge, site)),
        ("intake", "inbox", _tr("接收"), partial(_intake, site)),
        ("answers", "message-check", _tr("答复"), partial(_answers, site)),
        ("crossing", "arrows-diff", _tr("跨校查重"), of(crossing_page)),
        ("conflict", "scale", _tr("核对"), partial(_conflict, site)),
        ("day", "calendar-check", _tr("日结"), partial(_day, site)),
        ("people", "users", _tr("人员"), partial(_people, site)),
        ("join", "plug-connected", _tr("接入区局"), partial(_join, site)),
        ("queue", "users-group", _tr("排号"), partial(_queue, site)),
        ("follow_up", "checklist", _tr("补正清单"), of(follow_up_page)),
        ("retention", "hourglass", _tr("到期清理"), partial(_retention, site)),
        ("graduates", "school", _tr("毕业生名单"), of(graduates_page)),
        ("tickets", "ticket", _tr("发接入票"), of(tickets_page)),
        ("laptops", "devices", _tr("电脑"), of(laptops_page)),
        ("policies", "file-certificate", _tr("政策包"), of(policies_page)),
        ("appeals", "message-report", _tr("诉求"), of(appeals_page)),
    )
    for key, icon, label, make in listed:
        yield Entry(key, icon, label, make, _BADGES.get(key))


# --- the pages --------------------------------------------------------------------------------


def _register(site: Site) -> Page:
    desks = site.parts.registration
    if desks is None:
        raise LookupError("register")
    window = site.window
    page = RegistrationPage(site.tasks, desks, site.printer)
    page.strip_changed.connect(window.set_strip)
    measure(page, site.parts.workplace, site.tasks, window)
    site.changes.when({"graduate", "applicant"}, page.list_link.refresh, page)
    page.said.connect(window.say)
    page.page_asked.connect(window.open_page)
    page.receipt_asked.connect(partial(_see, window, page.nav_key, page.after.print_last))
    window.promise_page(ReceiptPage.nav_key, partial(ReceiptPage, desks.receipts, site.tasks))
    leave = partial(window.open_page, page.nav_key)
    beside_the_form(site, site.parts.workplace, page, leave)
    return with_correction(page, site.parts.workplace, site.tasks, window)


def _review(site: Site) -> Page:
    workplace = site.parts.workplace
    desks = ReviewDesks(
        lists=ListDesk(workplace),
        examination=ExaminationDesk(workplace),
        materials=MaterialsDesk(workplace),
        review=ReviewDesk(workplace),
        undoing=UndoDesk(workplace),
        assigning=AssigningDesk(workplace),
        scans=ScanDesk(workplace),
        capture=CaptureDesk(workplace),
    )
    page = ReviewPage(desks, workplace.policy, site.tasks)
    site.changes.when(_CASES, page.refresh, page)
    page.amend_wanted.connect(partial(_amend, site.window, page.nav_key))
    return with_passing(page, workplace, site.tasks, site.window)


def _amend(window: Window, origin: str, record: str) -> None:
    """Open a registered case in the form, and go back to where it was asked for."""
    register = window.page_of("register")
    if isinstance(register, RegistrationPage):
        register.amend(record, origin)
        window.open_page(register.nav_key)


def _go_on(window: Window, draft: str) -> None:
    """Go on with a draft in the form."""
    register = window.page_of("register")
    if isinstance(register, RegistrationPage):
        window.open_page(register.nav_key)
        register.open_draft(draft)


def _see(window: Window, origin: str, print_it: Callable[[], object], record: str) -> None:
    """Show a receipt on the screen; F9 there goes back and prints where it was asked for."""
    sight = window.page_of(ReceiptPage.nav_key)
    if isinstance(sight, ReceiptPage):
        sight.within = origin
        sight.look_at(record, partial(window.open_page, origin), print_it)
        window.open_page(sight.nav_key)


def _today(site: Site) -> Page:
    workplace, window = site.parts.workplace, site.window
    desks = TodayDesks(ListDesk(workplace), CaseDesk(workplace), ReceiptDesk(workplace))
    page = TodayPage(desks, site.printer, site.tasks)
    site.changes.when(_CASES, page.refresh, page)

    def show(record: str) -> None:
        review = window.page_of("review")
        if isinstance(review, ReviewPage):
            review.show_record(record)
            window.open_page(review.nav_key)

    page.opened.connect(show)
    page.papers_wanted.connect(show)
    page.draft_opened.connect(partial(_go_on, window))
    page.amend_wanted.connect(partial(_amend, window, page.nav_key))
    page.receipt_asked.connect(partial(_see, window, page.nav_key, page.print_again))
    promise_filters(page, workplace, site.tasks, window, site.parts.registration)
    behind_a_case(site, workplace, page)
    behind_the_list(page, workplace, site.tasks, window, partial(_go_on, window))
    promise_keying(page, workplace, site.tasks, window)
    return page


def _exchange(site: Site) -> Page:
    desk = ExchangeDesk(site.parts.workplace)

    def print_list(made: Sequence[HandedOver]) -> None:
        markup = hand_over_html(desk.paper(made))
        _print(site, markup, _tr("移交清单"))

    page = ExchangePage(desk, site.tasks, labels=_labels(site), print_list=print_list)
    page.join_wanted.connect(partial(site.window.open_page, "join"))
    site.changes.when({"applicant", "acknowledgement"}, page.refresh, page)
    return page


def _merge(site: Site) -> Page:
    page = MergePage(RoundDesk(site.parts.workplace), site.tasks)
    site.changes.when({"applicant", "guardian", "material_check"}, page.refresh, page)
    return page


def _conflict(site: Site) -> Page:
    workplace = site.parts.workplace
    desks = ConflictDesks(
        ConflictDesk(workplace),
        MergeDesk(workplace),
        AttentionDesk(workplace),
        TakingUp.of(workplace),
    )
    page = ConflictPage(desks, site.tasks)
    page.draft_opened.connect(partial(_go_on, site.window))
    site.changes.when(_DECIDED, page.refresh, page)
    return page


def _day(site: Site) -> Page:
    workplace = site.parts.workplace
    sheets = DaySheetDesk(workplace)

    def print_sheet() -> None:
        _print(site, day_sheet_html(sheets.view()), _tr("日结单"))

    page = DayPage(
        DayDesks(DayDesk(workplace), sheets, RoundDesk(workplace), ExchangeDesk(workplace)),
        site.tasks,
        may_sign=Role.PRINCIPAL in site.parts.roles,
        print_sheet=print_sheet,
    )
    site.changes.when({"applicant", "day_close", "bundle_export"}, page.refresh, page)
    return page


def _intake(site: Site) -> Page:
    page = IntakePage(ExchangeDesk(site.parts.workplace), site.tasks, _labels(site))

    def show_children(school: str) -> None:
        answers = site.window.page_of("answers")
        if isinstance(answers, AnswersPage):
            answers.show_school(school)
            site.window.open_page(answers.nav_key)

    page.children_wanted.connect(show_children)
    site.changes.when({"applicant", "acknowledgement"}, page.refresh, page)
    return page


def _answers(site: Site) -> Page:
    workplace = site.parts.workplace
    page = AnswersPage(
        AnswerDesk(workplace), workplace.policy, partial(CaseDesk, workplace), site.tasks
    )
    site.changes.when(_CASES, page.refresh, page)
    return page


def _people(site: Site) -> Page:
    page = PeoplePage(PeopleDesk(site.parts.workplace), site.tasks)
    if site.parts.registration is not None:
        promise_statistics(page, site.parts.workplace, site.tasks, site.window)
    site.changes.when({"person"}, page.refresh, page)
    return page


def _join(site: Site) -> Page:
    window = site.window
    page = JoinPage(JoiningDesk(site.parts.workplace), site.tasks)
    page.exchange_wanted.connect(partial(window.open_page, "exchange"))
    leave = partial(window.open_page, page.nav_key)
    asking = RequestPage(RequestDesk(site.parts.workplace), site.tasks, leave)
    window.add_page(asking)
    page.request_wanted.connect(partial(window.open_page, asking.nav_key))
    return page


def _queue(site: Site) -> Page:
    return queue_page(site, site.parts.workplace, site.parts.registration)


def _retention(site: Site) -> Page:
    may_erase = not site.parts.roles.isdisjoint({Role.PRINCIPAL, Role.OFFICER})
    return retention_page(site, site.parts.workplace, may_erase=may_erase)


def _labels(site: Site) -> dict[str, str]:
    """Name schools by code."""
    schools = site.parts.workplace.policy.schools
    return {code: one.label for code, one in schools.items()}


def _print(site: Site, markup: str, title: str) -> None:
    """Print one page; called on the worker thread."""
    site.printer.print_page(lambda device, painter: draw_page(device, painter, markup), title)
