"""Makes the page on which paper forms are keyed again, behind 今日名单."""

from __future__ import annotations

from functools import partial

from desktop_app.services.people import PeopleDesk
from desktop_app.services.second_keying import SecondKeyingDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.second_keying import SecondKeyingPage
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window


def promise_keying(page: TodayPage, workplace: Workplace, tasks: Tasks, window: Window) -> None:
    """Promise the page that Shift+F4 of 今日名单 leads to."""
    leave = partial(window.open_page, page.nav_key)

    def make() -> SecondKeyingPage:
        return SecondKeyingPage(SecondKeyingDesk(workplace), PeopleDesk(workplace), tasks, leave)

    window.promise_page(SecondKeyingPage.nav_key, make)
    page.keying_wanted.connect(partial(window.open_page, SecondKeyingPage.nav_key))
