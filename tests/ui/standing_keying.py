"""The page of the second keying and the questions of the form as they stand; nothing is asked."""

from __future__ import annotations

from desktop_app.services.people import PeopleDesk
from desktop_app.services.second_keying import Difference, SecondKeyingDesk, Waiting
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.second_keying import Queue, SecondKeyingPage
from tests.ui.registering import NeverAnswering, standing_registration, standing_school

AT = 1_724_300_000_000


def keying() -> SecondKeyingPage:
    school = standing_school()
    page = SecondKeyingPage(
        SecondKeyingDesk(school), PeopleDesk(school), NeverAnswering(), lambda: None
    )
    lines = tuple(
        Waiting(
            f"r{n}", f"ZHW-2-0822-{n:04}-11", "湛河湾村", AT, "b", n > 4, paper_date="2024-08-20"
        )
        for n in range(1, 8)
    )
    page._show(Queue(lines, {"b": "刘素琴"}))
    return page


def deciding() -> SecondKeyingPage:
    page = keying()
    differences = [
        Difference("full_name", "买买提·吐尔逊", "买买提·吐尔迅"),
        Difference("guardian_phone", "13800001612", "13800001621"),
    ]
    page._compared("r1", differences)
    return page


def asking() -> RegistrationPage:
    page = standing_registration()
    page.asker.find_category()
    return page


def special() -> RegistrationPage:
    page = standing_registration()
    page.live.case.marks |= {"entry": "deferred", "agent_relation": "63", "family": "r1"}
    page.live.refresh()
    page.asker.ask_marks()
    return page
