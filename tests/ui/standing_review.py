"""The pages that hang on 材料审核, with made-up cases and no thread: for tests of looks alone."""

from __future__ import annotations

from typing import cast

from desktop_app.services.changes import Changed
from desktop_app.services.correcting import Correction, CorrectionDesk
from desktop_app.services.passing import Flagged, PassingDesk, Preview, Why
from desktop_app.services.policies import shipped_policy
from desktop_app.ui.page import Page
from desktop_app.ui.pages.correction import CorrectionPage
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


class _Corrections:
    """Two fields that would be changed, and two who may sign."""

    def changes(self, _wanted: Correction) -> tuple[Changed, ...]:
        return (
            Changed("出生日期", "2018-03-14", "2018-03-15"),
            Changed("证件号", "419999201803142644", "419999201803152640"),
        )

    def seconds(self) -> tuple[str, ...]:
        return ("周敏", "赵志强")


def correction() -> Page:
    """Make 更正 with a case on it."""
    desk = cast(CorrectionDesk, _Corrections())
    page = CorrectionPage(desk, shipped_policy(), cast(Tasks, Now()), lambda: None)
    page.begin(Correction("r1", {}, {}))
    return page


def correction_seen() -> Page:
    """Make 更正 with what would change in sight, as F2 shows it at large type."""
    page = correction()
    assert isinstance(page, CorrectionPage)
    page.swap()
    return page
