"""The pages of the queue, of kept filters and of one's own figures as they stand, on made-up tickets; nothing is asked."""

from __future__ import annotations

from desktop_app.domain.queueing import Ticket
from desktop_app.services.filters import Filter, FilterDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.queueing import QueueDesk, QueueView
from desktop_app.services.statistics import Day, StatisticsDesk, Work
from desktop_app.ui.pages.filters import FilterPage
from desktop_app.ui.pages.queue import QueueChoices, QueuePage
from desktop_app.ui.pages.registration_choices import choices_of
from desktop_app.ui.pages.statistics import StatisticsPage
from desktop_app.ui.views import BannerView, State
from tests.ui.registering import SCHOOL, NeverAnswering, standing_school

AT = 1_724_300_000_000
STANDINGS = ("called", "waiting", "waiting", "entered", "left", "done", "waiting")


def tickets() -> tuple[Ticket, ...]:
    villages = tuple(shipped_policy().villages)
    return tuple(
        Ticket(f"t{place}", "KQR", place + 1, standing, villages[place % 3], "A1", "KQR", "", AT)
        for place, standing in enumerate(STANDINGS * 3)
    )


def queue() -> QueuePage:
    policy = shipped_policy()
    choices = choices_of(policy, "P1", SCHOOL)
    page = QueuePage(
        QueueDesk(standing_school()),
        policy,
        QueueChoices(choices.villages, choices.categories),
        NeverAnswering(),
        lambda _slip: None,
    )
    page._show(QueueView(tickets(), may=True))
    page.show_banner(BannerView(State.NEEDS, "请 KQR-003 号，湛河湾村", "人来了按 Enter 开始登记"))
    return page


def giving() -> QueuePage:
    page = queue()
    page._begin()
    page.form.form.set_values({"category": "B1"})
    page._category_changed("B1")
    return page


def filters() -> FilterPage:
    policy = shipped_policy()
    villages = choices_of(policy, "P1", SCHOOL).villages
    page = FilterPage(
        FilterDesk(standing_school()), policy, villages, NeverAnswering(), lambda: None
    )
    page._show({"湛河湾待补": Filter("", "missing", "410411200201"), "王家": Filter("wang")})
    page.begin()
    return page


def statistics() -> StatisticsPage:
    page = StatisticsPage(StatisticsDesk(standing_school()), NeverAnswering(), lambda: None)
    own, desk = Work(31, 2170, 3255, 2, 4), Work(74, 6300, 8110, 5, 9)
    page.show_days([Day("2024-08-24", own, desk), Day("2024-08-23", Work(), desk)])
    return page
