"""The pages that hang on 材料审核, with made-up cases and no thread: for tests of looks alone."""

from __future__ import annotations

from typing import cast

from desktop_app.services.passing import Flagged, PassingDesk, Preview, Why
from desktop_app.ui.page import Page
from desktop_app.ui.pages.review_passing import PassingPage
from desktop_app.ui.tasks import Tasks
from tests.ui.now import Now

_WHY = (
    (Why("missing", ("监护人身份证", "居住证")), Why("own_work")),
    (Why("conflict"),),
    (Why("returned", ("地址和户口簿不一致",)),),
    (Why("amended", ("地址和户口簿不一致",)),),
    (Why("finding", ("number", "zone")),),
    (Why("assigned", ("王建军",)),),
    (Why("own_change"), Why("second_keying")),
)


class _Desk:
    """A preview of sixty clean cases and a few that stay."""

    def preview(self) -> Preview:
        flagged = tuple(
            Flagged(f"f{place}", "万紫涵", f"2141041101-D3-26-{place:04d}-08", _WHY[place % 7])
            for place in range(14)
        )
        return Preview(flagged, {f"c{place}": "" for place in range(60)})


def passing() -> Page:
    """Make 成批通过."""
    page = PassingPage(cast(PassingDesk, _Desk()), cast(Tasks, Now()), lambda: None)
    page.password.set_value("sunflower-41")
    return page
