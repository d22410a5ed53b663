"""Pages of lists on desks that hold nobody, without a thread: for tests of looks alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from desktop_app.domain.errors import ProductError
from desktop_app.services.assigning import AssigningDesk
from desktop_app.services.capture import CaptureDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.lists import FILTERS, Found, ListDesk, ListLine, ListSlice
from desktop_app.services.materials import MaterialsDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.progress import Progress
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.undoing import UndoDesk
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.review_desks import ReviewDesks
from desktop_app.ui.pages.today import TodayDesks, TodayPage
from desktop_app.ui.printing.printer import ReceiptPrinter
from desktop_app.ui.tasks import Tasks


class Now:
    """Runs a use case at once, in place of the worker thread."""

    def run(
        self,
        use_case: Callable[[Progress], object],
        on_success: Callable[[object], None],
        _on_error: Callable[[ProductError], None] | None = None,
        *,
        on_finish: Callable[[], None] | None = None,
        owner: object = None,
    ) -> None:
        """Answer before returning."""
        del owner
        on_success(use_case(Progress()))
        if on_finish is not None:
            on_finish()


class Drafts:
    """Lists of a person who has drafts alone."""

    def __init__(self, count: int) -> None:
        self._lines = tuple(
            ListLine(
                record=f"d{place}",
                state="draft",
                name="万紫涵",
                receipt="",
                category="A1",
                village="湛河湾村",
                missing=(),
                due="",
                reason="",
                answer="",
                at=0,
                desk="",
                needed=4,
            )
            for place in range(count)
        )

    def counts(self) -> dict[str, int]:
        return dict.fromkeys(FILTERS, 0) | {"all": len(self._lines), "queue": 0}

    def has_several_laptops(self) -> bool:
        return True

    def page(
        self, which: str, _after: object = None, _limit: int = 50, village: str = ""
    ) -> ListSlice:
        assert not village
        return ListSlice(self._lines if which == "all" else (), None)

    def pages(self, which: str, _count: int, *, village: str = "") -> tuple[ListSlice, ...]:
        assert not village
        return (self.page(which),)

    def search(self, _text: str, _which: str, *, village: str) -> Found:
        assert not village
        return Found((), 0, 0, 1)


def today(count: int = 200) -> TodayPage:
    """Make 今日名单 with drafts alone."""
    desks = TodayDesks(cast(ListDesk, Drafts(count)), cast(CaseDesk, None), cast(ReceiptDesk, None))
    return TodayPage(desks, cast(ReceiptPrinter, None), cast(Tasks, Now()))


def review() -> ReviewPage:
    """Make 材料审核 with nothing waiting."""
    desks = ReviewDesks(
        lists=cast(ListDesk, Drafts(0)),
        examination=cast(ExaminationDesk, None),
        materials=cast(MaterialsDesk, None),
        review=cast(ReviewDesk, None),
        undoing=cast(UndoDesk, None),
        assigning=cast(AssigningDesk, None),
        scans=cast(ScanDesk, None),
        capture=cast(CaptureDesk, None),
    )
    return ReviewPage(desks, shipped_policy(), cast(Tasks, Now()))
