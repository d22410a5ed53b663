"""Makes the pages of a busy desk from an open site: the queue and what hangs on it."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from desktop_app.documents.queue_slip import SlipView, queue_slip_html
from desktop_app.services.filters import Filter, FilterDesk
from desktop_app.services.graduates import GraduateDesk
from desktop_app.services.queueing import QueueDesk
from desktop_app.services.statistics import StatisticsDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.changes import Changes
from desktop_app.ui.pages.filters import FilterPage
from desktop_app.ui.pages.graduates import GraduatesPage
from desktop_app.ui.pages.people import PeoplePage
from desktop_app.ui.pages.queue import QueueChoices, QueuePage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.registration_case import RegistrationDesks
from desktop_app.ui.pages.registration_meter import Meter
from desktop_app.ui.pages.registration_queue import QueueLink
from desktop_app.ui.pages.statistics import StatisticsPage
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.printing.sheet import Draw, draw_page
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window


class PagePrinter(Protocol):
    """What prints a page."""

    def require(self) -> None:
        """Refuse where there is no printer."""

    def print_page(self, draw: Draw, title: str) -> None:
        """Print one page; ``title`` holds no personal data."""


class OpenSite(Protocol):
    """What a page is made from, as ``compose`` has it."""

    @property
    def tasks(self) -> Tasks:
        """The worker thread."""

    @property
    def window(self) -> Window:
        """The window."""

    @property
    def changes(self) -> Changes:
        """What tells of changed records."""

    @property
    def printer(self) -> PagePrinter:
        """What prints."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("Compose", words)


def promise_filters(
    page: TodayPage,
    workplace: Workplace,
    tasks: Tasks,
    window: Window,
    desks: RegistrationDesks | None,
) -> None:
    """Promise the page of the filters that are kept for 今日名单."""
    leave = partial(window.open_page, page.nav_key)

    def use(wanted: Filter, words: str) -> None:
        page.apply(wanted, words)
        leave()

    def make() -> FilterPage:
        villages = desks.choices.villages if desks is not None else ()
        made = FilterPage(FilterDesk(workplace), workplace.policy, villages, tasks, leave)
        made.chosen.connect(use)
        return made

    def show() -> None:
        made = window.page_of(FilterPage.nav_key)
        if isinstance(made, FilterPage):
            made.remember(page.filter)
            window.open_page(made.nav_key)

    window.promise_page(FilterPage.nav_key, make)
    page.filters_wanted.connect(show)


def measure(page: RegistrationPage, workplace: Workplace, tasks: Tasks, window: Window) -> Meter:
    """Have entry at the form measured for one's own figures."""
    meter = Meter(page, StatisticsDesk(workplace), tasks)
    window.winId()
    meter.listen(window.windowHandle())
    return meter


def promise_statistics(
    page: PeoplePage, workplace: Workplace, tasks: Tasks, window: Window
) -> None:
    """Promise the page of one's own figures, reached from the people of this computer."""
    leave = partial(window.open_page, page.nav_key)
    make = partial(StatisticsPage, StatisticsDesk(workplace), tasks, leave)
    window.promise_page(StatisticsPage.nav_key, make)
    page.offer_statistics(partial(window.open_page, StatisticsPage.nav_key))


def queue_page(site: OpenSite, workplace: Workplace, desks: RegistrationDesks | None) -> QueuePage:
    """Make the page of the queue; a ticket taken there goes into the registration form."""
    window, printer = site.window, site.printer
    if desks is None:
        raise LookupError("queue")
    desk = QueueDesk(workplace)
    choices = QueueChoices(desks.choices.villages, desks.choices.categories)

    def print_slip(view: SlipView) -> None:
        markup = queue_slip_html(view)
        printer.print_page(lambda device, painter: draw_page(device, painter, markup), _tr("号条"))

    page = QueuePage(desk, desks.policy, choices, site.tasks, print_slip)
    register = window.page_of("register")
    if isinstance(register, RegistrationPage):
        link = QueueLink(register, desk, site.tasks)

        def take(ticket: str, village: str, category: str) -> None:
            window.open_page(RegistrationPage.nav_key)
            link.begin(ticket, village, category)

        page.taken.connect(take)
    site.changes.when({"queue_ticket"}, page.refresh, page)
    return page


def graduates_page(site: OpenSite, workplace: Workplace) -> GraduatesPage:
    """Make the page of the list of primary graduates, at the district."""
    page = GraduatesPage(GraduateDesk(workplace), site.tasks)
    site.changes.when({"graduate", "applicant"}, page.refresh, page)
    return page
