"""The pages of exchange and close of day as they stand, on made-up values; nothing is asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from desktop_app.documents.day_sheet import OpenItem
from desktop_app.domain.acts import SCHOOL_ROLES, Role
from desktop_app.services.day import DaySummary
from desktop_app.services.people import PersonLine
from desktop_app.services.progress import Step
from desktop_app.services.ticket_book import Stub
from desktop_app.services.ticket_desk import GivenTicket, SchoolTickets
from desktop_app.sync.asked import Asked
from desktop_app.sync.bundle_notes import BundleNote
from desktop_app.sync.desk import Board, IntakeLine
from desktop_app.sync.intake import IntakeDetail
from desktop_app.sync.joining import JoinStanding
from desktop_app.sync.siteboard import SiteBoard
from desktop_app.sync.standing import Counts
from desktop_app.ui.pages.day import DayDesks, DayPage, Today
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.pages.intake import IntakePage
from desktop_app.ui.pages.join import JoinPage
from desktop_app.ui.pages.people import Crew, PeoplePage
from desktop_app.ui.pages.people import Mode as PeopleMode
from desktop_app.ui.pages.tickets import TicketPage
from desktop_app.ui.views import BannerView, State
from tests.ui import merging
from tests.ui.registering import NeverAnswering

AT = 1_724_300_000_000
NAME = "2141041101-abcdefgh-2.enb"
SAFE = BannerView(State.DONE, "可以拔出 U 盘", "第 10 包：178 名儿童，941 条记录，回读一致")


def note(number: int, *, outgoing: bool, partner: str, state: str) -> BundleNote:
    return BundleNote(number, AT + number, outgoing, partner, 941, 12, state, 0, NAME)


BOARD = Board(
    counts=Counts(178, 178, 141, 96),
    bundles=(
        note(11, outgoing=True, partner="district", state="again"),
        note(10, outgoing=True, partner="district", state="carried"),
        note(9, outgoing=True, partner="district", state="received"),
        note(8, outgoing=False, partner="siblings", state="pending"),
        note(7, outgoing=False, partner="", state="refused"),
        note(6, outgoing=False, partner="district", state="taken_in"),
        note(5, outgoing=True, partner="2141041102", state="carried"),
        note(4, outgoing=False, partner="siblings", state="waiting"),
        note(3, outgoing=False, partner="siblings", state="failed"),
    ),
    missing="65-96",
    forks="",
    joined=True,
    asked=(
        Asked("2", ranges="65-96"),
        Asked("2", receipt="ZHW-2-0824-0128-6", paper="户口簿", page=2),
        Asked("3", receipt="ZHW-3-0824-0031-2", paper="房产证明", page=1, here=False),
    ),
)


class Nothing:
    """A desk nobody asks."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


def exchange() -> ExchangePage:
    """Give the exchange page after a bundle was handed over."""
    page = ExchangePage(
        Nothing(),  # type: ignore[arg-type]
        NeverAnswering(),
        print_list=lambda _made: None,
        find=tuple,
    )
    page._show(BOARD)
    page.out.end("完成", SAFE)
    return page


def exchange_at_work() -> ExchangePage:
    """Give the exchange page while bundles are taken in."""
    page = ExchangePage(Nothing(), NeverAnswering(), find=tuple)  # type: ignore[arg-type]
    page._show(BOARD)
    page._prepare(receiving=True)
    page.taken.begin("收包中")
    page.taken.count(Step(96, 143, "bundle.taking_in"), 2)
    page.set_busy(busy=True)
    return page


def exchange_listing() -> ExchangePage:
    """Give the exchange page with its list in place of the work, as after F2 at large type."""
    page = exchange()
    page.other_side()
    return page


def intake() -> IntakePage:
    """Give the district's intake with schools in every state."""
    labels = {"2141041101": "湛河湾小学"}
    page = IntakePage(Nothing(), NeverAnswering(), labels, find=tuple)  # type: ignore[arg-type]
    states = ("forked", "gaps", "waiting", "none", "whole")
    page._show([IntakeLine(f"214104110{n}", 96, 4, n, AT, 1, one) for n, one in enumerate(states)])
    page.show_banner(SAFE)
    return page


def intake_school() -> IntakePage:
    """Give one school at the intake, with everything that can be told of it."""
    page = intake()
    details = (
        IntakeDetail("forked", "3", first=41),
        IntakeDetail("missing", "2", 65, 96, 32, 8, AT),
        IntakeDetail("waiting", "…q3ka", count=143, bundle=2, at=AT),
        IntakeDetail("refused", "", bundle=7, at=AT, reason="bundle.truncated"),
        IntakeDetail("refused", "", at=AT, mended=True),
        IntakeDetail("scans", "2", count=4),
        IntakeDetail("whole", "1", 1, 941, 96),
    )
    page._show_school("2141041101", details)
    return page


def day() -> DayPage:
    """Give the close of day with something open."""
    desks = DayDesks(Nothing(), Nothing())  # type: ignore[arg-type]
    page = DayPage(desks, NeverAnswering(), may_sign=True, print_sheet=lambda: None)
    summary = DaySummary(dt.date(2024, 8, 22), 92, 88, 11, 1)
    items = tuple(OpenItem(f"ZHW-2-0822-{n:04d}-11", "未审", name="罗*桐") for n in range(40))
    page._show(Today(summary, None, items, SiteBoard(merging.LINES)))
    page.show_banner(SAFE)
    return page


def people() -> PeoplePage:
    """Give the people of a computer, one of each standing."""
    page = PeoplePage(Nothing(), NeverAnswering())  # type: ignore[arg-type]
    both = frozenset({Role.REGISTRAR, Role.REVIEWER})
    lines = (
        PersonLine("a", "赵志强", frozenset(SCHOOL_ROLES), False, True, AT),
        PersonLine("b", "刘素琴", both, False, True, AT),
        PersonLine("c", "周敏", both, True, False, AT),
        PersonLine("d", "孟庆川", both, False, False, AT),
        PersonLine("e", "高建设", frozenset(), False, True),
    )
    page._show(Crew(lines, SCHOOL_ROLES, "a"))
    page.table.go_to_row(1)
    return page


def people_adding() -> PeoplePage:
    """Give the form of a new person, as after F4."""
    page = people()
    page._go(PeopleMode.ADD)
    return page


def people_ending() -> PeoplePage:
    """Give the question before a person is ended, as after T."""
    page = people()
    page._ask_end()
    return page


def people_renewing() -> PeoplePage:
    """Give the question before the recovery code is renewed, as after F7."""
    page = people()
    page._go(PeopleMode.RENEW)
    return page


def people_code() -> PeoplePage:
    """Give a new recovery code, as after F7."""
    page = people()
    page._show_code("ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2-34567-89ABC")
    return page


def join() -> JoinPage:
    """Give a computer that has not joined, with a ticket on the stick."""
    page = JoinPage(Nothing(), NeverAnswering(), find=tuple)  # type: ignore[arg-type]
    page._show(JoinStanding(False, "", 0, ""))
    page.take_files([Path("/media/ZHW/2141041101-2.ticket")])
    page.show_banner(SAFE)
    return page


def joined() -> JoinPage:
    """Give a computer that has joined."""
    page = JoinPage(Nothing(), NeverAnswering(), find=tuple)  # type: ignore[arg-type]
    page._show(JoinStanding(True, "湛河区教体局", 1, "ZHW-2"))
    return page


def tickets() -> TicketPage:
    """Give the district's schools with their tickets."""
    page = TicketPage(Nothing(), NeverAnswering(), find=tuple)  # type: ignore[arg-type]
    names = ("湛河湾小学", "轻工路小学", "北渡镇中心学校")
    marks: tuple[tuple[str, ...], ...] = (("1", "2", "3"), (), ("1",))
    page._show(
        [
            SchoolTickets(
                f"214104110{place}", name, given, str(len(given) + 1), given[:2], is_example=True
            )
            for place, (name, given) in enumerate(zip(names, marks, strict=True))
        ]
    )
    return page


def tickets_paper() -> TicketPage:
    """Give the paper of a ticket that was just made."""
    page = tickets()
    stub = Stub("4", 29998, 39996)
    path = Path("/media/ZHW/2141041100-4.ticket")
    code, print_ = "ABCDE-FGHJK-MNPQR", "ABCD-EFGH-JKMN-PQRS"
    page._made(GivenTicket(path, "2141041100", stub, code, print_, 7))
    return page
