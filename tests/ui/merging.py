"""The page 午间汇总 as it stands, on made-up laptops; nothing is asked."""

from __future__ import annotations

from typing import Any

from desktop_app.services.progress import Step
from desktop_app.sync.round import Round, RoundStanding
from desktop_app.sync.siteboard import LaptopLine, SiteBoard
from desktop_app.ui.pages.merge import MergePage
from desktop_app.ui.views import BannerView, State
from tests.ui.registering import NeverAnswering

AT = 1_724_300_000_000
LINES = (
    LaptopLine("a", "2", ("刘素琴", "周敏"), True, 96, 941, 0, 0, 0, heard=True),
    LaptopLine("b", "1", ("赵志强",), False, 128, 1204, AT, 0, 0, heard=True),
    LaptopLine("c", "3", ("孟庆川",), False, 41, 377, AT, 12, 96, heard=True),
    LaptopLine("d", "…q3ka", (), False, 0, 0, 0, 0, 941, heard=False),
    LaptopLine("e", "4", (), False, 7, 60, AT, 0, 0, heard=True, revoked=True),
)


class Nothing:
    """A desk nobody asks."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


def standing() -> MergePage:
    """Give the page after a hand-over, with laptops of every state."""
    page = MergePage(Nothing(), NeverAnswering(), find=tuple)  # type: ignore[arg-type]
    now = Round("2024-08-22", 1, AT, 143, AT + 1, 941)
    page._show(RoundStanding(now, SiteBoard(LINES), joined=True))
    page.show_banner(BannerView(State.DONE, "可以拔出 U 盘", "交出去 941 条，回读一致。下一台：3"))
    return page


def board() -> MergePage:
    """Give the page with the board in place of the steps, as after F2 at large type."""
    page = standing()
    page.other_side()
    return page


def at_work() -> MergePage:
    """Give the page while a stick is taken in, counted in records."""
    page = standing()
    page.work_on_stick(lambda _: None, lambda _: None)
    page._count(Step(96, 143, "bundle.taking_in"))
    return page
