"""The pages 电脑 and 不用票接入 as they stand in front of people, for looking at and for measuring."""

from __future__ import annotations

from pathlib import Path

from desktop_app.sync.accepting import Accepted
from desktop_app.sync.laptops import MEMBER, REVOKED, STRANGER, LaptopLine
from desktop_app.sync.programs import Versions
from desktop_app.ui.pages.laptops import LaptopPage, Mode
from desktop_app.ui.pages.request import RequestPage
from tests.ui.registering import NeverAnswering
from tests.ui.standing import Nothing

PRINT = "ABCD-EFGH-JKMN-PQRS"
LINES = (
    LaptopLine("2141041101", "湛河湾小学", "a" * 20, PRINT, STRANGER, bundles=1),
    LaptopLine(
        "2141041102",
        "轻工路小学",
        "b" * 20,
        PRINT,
        MEMBER,
        "2",
        ("赵志强",),
        812,
        twins=("c" * 20,),
    ),
    LaptopLine(
        "2141041104",
        "北渡镇中心学校",
        "d" * 20,
        PRINT,
        MEMBER,
        "1",
        ("陈国梁", "刘素琴"),
        96,
        fork=41,
        apart=12,
        packed_with=Versions("1.0.0", "zhanhe-1-0123456789ab"),
        policy="zhanhe-2-ba9876543210",
    ),
    LaptopLine("2141041101", "湛河湾小学", "e" * 20, PRINT, MEMBER, "1", ("周敏",), 1204),
    LaptopLine(
        "2141041101", "湛河湾小学", "f" * 20, PRINT, REVOKED, "3", ("孟庆川",), 310, limit=288
    ),
)


def laptops() -> LaptopPage:
    """Give the laptops of a district, one of each standing; who waits is chosen."""
    page = LaptopPage(Nothing(), NeverAnswering(), find=tuple)  # type: ignore[arg-type]
    page._show(LINES)
    page.table.go_to_row(0)
    return page


def laptops_reading() -> LaptopPage:
    """Give one laptop read, as after Enter; its disk was copied and it joined with a used ticket."""
    page = laptops()
    page.table.go_to_row(2)
    page._go(Mode.READ)
    return page


def laptops_admitting() -> LaptopPage:
    """Give the form in which a fingerprint is typed, as after F10."""
    page = laptops()
    page._go(Mode.ADMIT)
    return page


def laptops_ending() -> LaptopPage:
    """Give the question before a laptop is ended, as after T."""
    page = laptops()
    page.table.go_to_row(3)
    page._ask_end()
    return page


def laptops_forked() -> LaptopPage:
    """Give the same question for a laptop whose disk was copied: which branch stands."""
    page = laptops()
    page.table.go_to_row(2)
    page._ask_end()
    return page


class Asking:
    """What a page is told before it asks anybody."""

    fingerprint = PRINT


def request() -> RequestPage:
    """Give a computer without a ticket, whose answer lies on the stick."""
    page = RequestPage(Asking(), NeverAnswering(), object, find=tuple)  # type: ignore[arg-type]
    page._show(False)
    page.take_files([Path("/media/ZHW/2141041101-chvqe3cd-3.enb")])
    page._done(Accepted(False, "湛河区教体局", ()))
    return page
