"""The pages about papers as they stand, on made-up values; nothing is asked."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.services.follow_up import FollowUp, FollowUpLine, OwedPaper
from desktop_app.services.retention import RetentionDesk, RetentionOffice, RuleLine, Standing
from desktop_app.ui.pages.follow_up import FollowUpPage
from desktop_app.ui.pages.retention import RetentionPage
from desktop_app.ui.views import BannerView, State
from tests.ui.registering import NeverAnswering, standing_school
from tests.ui.standing import Nothing

PAPERS = (
    OwedPaper("HKB", "户口簿", "pending_original", "", "2024-08-28"),
    OwedPaper("LEASE", "租房合同", "correction_required", "没有备案", "2024-08-29"),
    OwedPaper("GID", "监护人身份证", "missing", "", "2024-08-30"),
)
VILLAGES = ("湛河湾村", "北渡社区", "曹镇村")


def lines() -> tuple[FollowUpLine, ...]:
    return tuple(
        FollowUpLine(
            f"r{place}",
            "罗雨桐",
            f"KQR-1-0824-{place:04}-5",
            VILLAGES[place % 3],
            PAPERS[: 1 + place % 3],
            PAPERS[0].due,
            place < 2,
            "138****1234",
        )
        for place in range(30)
    )


def follow_up() -> FollowUpPage:
    page = FollowUpPage(
        Nothing(),  # type: ignore[arg-type]
        NeverAnswering(),
        lambda _notice: None,
    )
    page.show_list(FollowUp(lines()))
    page.show_banner(BannerView(State.DONE, "罗雨桐的补正通知已送打印", "请家长签收。"))
    return page


def follow_up_empty() -> FollowUpPage:
    page = follow_up()
    page.show_banner(None)
    page.show_list(FollowUp(()))
    return page


RULES = (
    RuleLine("images", 2024, 0, "2024-10-31", 341, 1204, is_due=True),
    RuleLine("unsuccessful", 2024, 90, "2025-01-29", 12, 12, is_due=False),
    RuleLine("material_rows", 2024, 1095, "2027-10-31", 341, 1402, is_due=False),
)


def retention() -> RetentionPage:
    page = RetentionPage(RetentionDesk(standing_school()), NeverAnswering(), may_erase=True)
    page.show_rules(Standing(RULES, 2024, 0))
    return page


def retention_office() -> RetentionPage:
    desk, names = RetentionOffice(standing_school()), {"2141041101": "湛河区曹镇乡湛河湾小学"}
    page = RetentionPage(desk, NeverAnswering(), may_erase=True, schools=names)
    lines = tuple(replace(one, school="2141041101") for one in RULES)
    page.show_rules(Standing(lines, 2024, 0))
    return page


def retention_office_asking() -> RetentionPage:
    page = retention_office()
    page._ask()
    return page


def retention_asking() -> RetentionPage:
    page = retention()
    page._ask()
    return page
