"""Scenario 23: the district's answers come back on the stick, each to its record.

Of 350 children 340 are accepted, 6 refused and 4 asked about. At the school each record shows its
answer, the ten stand in a list of their own with the reason, and a stranger's answer is refused.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.services.case_file import CaseDesk
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.lists import ListDesk
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import DistrictDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.joining import use_ticket
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.pages.intake import IntakePage
from desktop_app.ui.pages.today import TodayDesks, TodayPage
from desktop_app.ui.printing.printer import SystemPrinter
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.window import Window
from tests.story.children import children
from tests.story.hands import Hands, plugged, rows
from tests.sync.site import PASSWORD, SCHOOL, Site, content, hand, reply, take

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
FULL = os.environ.get("ENROLLMENT_SCENARIOS") == "full"
ACCEPTED, REFUSED, QUERIED = (340, 6, 4) if FULL else (60, 6, 4)
RECORDS = ACCEPTED + REFUSED + QUERIED
REASON = "ADDRESS_DIFFERS"


@pytest.fixture
def records(laptop: Workplace) -> list[str]:
    desk = RegistrationDesk(laptop)
    return [desk.register(one).record for one in children(RECORDS)]


class Round(Hands):
    """The exchange pages of both ends, and the school's list, with one stick."""

    def __init__(self, school: Workplace, district: Workplace, hands: Hands, stick: Path) -> None:
        super().__init__(hands.window, hands.tasks, hands.qtbot)
        self.school = ExchangePage(ExchangeDesk(school), self.tasks, find=plugged(stick))
        self.office = IntakePage(ExchangeDesk(district), self.tasks, {}, find=plugged(stick))
        desks = TodayDesks(ListDesk(school), CaseDesk(school), ReceiptDesk(school))
        self.today = TodayPage(desks, SystemPrinter(), self.tasks)
        self.add(self.school, self.office, self.today)

    @property
    def cards(self) -> list[str]:
        cards = self.school.cards
        four = (cards.declared, cards.carried, cards.received, cards.decided)
        return [card.words.partition(" ")[0] for card in four]


@pytest.fixture
def hands(
    window: Window, tasks: Tasks, qtbot: QtBot, laptop: Workplace, district: Workplace, stick: Path
) -> Iterator[Round]:
    stick.mkdir()
    made = Round(laptop, district, Hands(window, tasks, qtbot), stick)
    yield made
    made.rest()


def test_scenario_23_each_record_shows_its_answer_and_ten_stand_in_a_list_with_the_reason(
    hands: Round, laptop: Workplace, district: Workplace, records: list[str]
) -> None:
    hands.open("exchange")
    hands.press(Key.Key_F10)
    hands.open("intake")
    hands.press(Key.Key_F4)
    office = DistrictDesk(district)
    refused, queried = records[:REFUSED], records[REFUSED : REFUSED + QUERIED]
    office.decide(SCHOOL, records[REFUSED + QUERIED :], "district_passed")
    office.decide(SCHOOL, refused, "duplicate_void", "别校已录取")
    office.decide(SCHOOL, queried, "queried", REASON)
    hands.press(Key.Key_F10)
    hands.open("exchange")
    assert hands.cards[3] == "0"
    hands.press(Key.Key_F6)
    assert hands.cards == [str(RECORDS)] * 4
    banner = hands.school.taken.notice.view
    assert banner is not None
    assert banner.state is State.DONE
    # Each record shows its answer.
    lists = ListDesk(laptop)
    answers = Counter(line.answer for page in lists.pages("all", 9) for line in page.lines)
    assert answers == {"区复核通过": ACCEPTED, "重复件作废": REFUSED, "区要求说明": QUERIED}
    # The ten stand in a list of their own, reached by keys, each with its reason.
    assert lists.counts()["asked"] == REFUSED + QUERIED
    hands.open("today")
    while hands.today.chips.current != "asked":
        hands.chord(Key.Key_Right, ALT)
    shown = rows(hands.today.list.model)
    assert len(shown) == REFUSED + QUERIED
    assert {row[4] for row in shown} == {"区问"}
    assert Counter(row[5] for row in shown) == {
        "重复件作废：别校已录取": REFUSED,
        "区要求说明：地址与户口簿不符": QUERIED,
    }
    case = CaseDesk(laptop).open(queried[0])
    assert case.asked
    assert [one.detail for one in case.events if one.act == "decided"] == [
        "区要求说明：地址与户口簿不符"
    ]


def test_scenario_23_a_stranger_s_answer_is_refused_at_the_window_and_changes_nothing(
    hands: Round, laptop: Workplace, records: list[str], site: Site, stick: Path, tmp_path: Path
) -> None:
    """Somebody with a root of their own founds a district of the same code, and answers."""
    false = site.set_up("false", "district", "410411")
    DistrictOffice(false).found(site.folder / "false root", PASSWORD)
    bait = site.set_up("bait", "school", SCHOOL)
    ticket = DistrictOffice(false).issue(SCHOOL, "9", 1, 100)
    use_ticket(bait, ticket.file, ticket.code, DistrictOffice(false).fingerprint())
    take(false, hand(bait, tmp_path / "bait").path)
    reply(false, stick, SCHOOL)
    before = content(laptop)
    hands.open("exchange")
    hands.press(Key.Key_F6)
    banner = hands.school.taken.notice.view
    assert banner is not None
    assert banner.state is not State.DONE
    assert banner.number.startswith("B")
    assert content(laptop) == before
    assert hands.cards[2:] == ["0", "0"]
    assert ListDesk(laptop).counts()["asked"] == 0
    assert len(records) == RECORDS
