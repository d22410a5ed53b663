"""Makes the pages a guardian is shown: the notice beside the form, and what is held of a child."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication

from desktop_app.documents.notice import NoticeView, notice_html
from desktop_app.documents.own_information import OwnInformation, own_information_html
from desktop_app.services.arrivals import ArrivalDesk
from desktop_app.services.consents import SELF_REPORT, ConsentDesk
from desktop_app.services.own_information import OwnInformationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.desk_pages import OpenSite
from desktop_app.ui.pages.arrivals import ArrivalsPage
from desktop_app.ui.pages.guardian import GuardianPage, GuardianPrint
from desktop_app.ui.pages.notice import NoticePage
from desktop_app.ui.pages.private_note import PrivateNotePage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.printing.sheet import draw_page


def _tr(words: str) -> str:
    return QCoreApplication.translate("Compose", words)


def beside_the_form(
    site: OpenSite, workplace: Workplace, page: RegistrationPage, leave: Callable[[], object]
) -> None:
    """Add the pages that the form leads to: the private declaration and the notice."""
    window, policy = site.window, workplace.policy

    def print_notice(view: NoticeView) -> None:
        markup = notice_html(replace(view, practice=workplace.practice))
        site.printer.print_page(
            lambda device, painter: draw_page(device, painter, markup), _tr("告知书")
        )

    private = PrivateNotePage(
        policy, lambda: page.note, page.take_note, leave, lambda: SELF_REPORT in page.consented
    )
    notice = NoticePage(
        policy,
        workplace.seat.name,
        lambda: page.consented,
        page.take_consents,
        leave,
        site.tasks,
        print_notice,
    )
    window.add_page(private)
    window.add_page(notice)


def behind_a_case(site: OpenSite, workplace: Workplace, page: TodayPage) -> None:
    """Promise the pages that 今日名单 leads to: a guardian asks, a child has not come."""
    window = site.window
    leave = partial(window.open_page, page.nav_key)

    def print_sheet(view: OwnInformation) -> None:
        markup = own_information_html(view)
        site.printer.print_page(
            lambda device, painter: draw_page(device, painter, markup), _tr("孩子的信息")
        )

    def make() -> GuardianPage:
        return GuardianPage(
            OwnInformationDesk(workplace),
            ConsentDesk(workplace),
            site.tasks,
            GuardianPrint(site.printer.require, print_sheet),
            leave,
        )

    def show(record: str, name: str) -> None:
        made = window.page_of(GuardianPage.nav_key)
        if isinstance(made, GuardianPage):
            window.open_page(made.nav_key)
            made.open(record, name)

    window.promise_page(
        ArrivalsPage.nav_key,
        lambda: ArrivalsPage(ArrivalDesk(workplace), site.tasks, leave),
    )
    page.absent_wanted.connect(partial(window.open_page, ArrivalsPage.nav_key))
    window.promise_page(GuardianPage.nav_key, make)
    page.guardian_wanted.connect(show)
