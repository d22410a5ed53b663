"""Scenarios 19 and 20 at the window: a day is closed, sealed, carried away and printed.

Three hundred and fifty registered, four nobody has reviewed and two drafts: the page lists the six,
each gets its explanation by key, the principal signs, the bundle goes to the stick and is read
back, and the sheet has the totals, the six with their reasons, and the digest of the bundle.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.documents.day_sheet import day_sheet_html
from desktop_app.domain.acts import Role
from desktop_app.services.day import DayDesk
from desktop_app.services.day_sheet import DaySheetDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.drafts import Draft, Drafts
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.inspect import inspect
from desktop_app.sync.round import RoundDesk
from desktop_app.ui.pages.day import DayDesks, DayPage
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.window import Window
from tests.services.kit import let_in, log_in
from tests.story.children import children
from tests.story.hands import Hands, plugged, rows
from tests.sync.site import Site

Key = Qt.Key
FULL = os.environ.get("ENROLLMENT_SCENARIOS") == "full"
RECORDS = 350 if FULL else 60
UNREVIEWED, DRAFTS = 4, 2
CLERK, LEAD = "刘素琴", "赵志强"
WHY = tuple(f"reason {at}" for at in range(1, UNREVIEWED + DRAFTS + 1))


@pytest.fixture
def school(site: Site, laptop: Workplace) -> Workplace:
    """Give the school in the evening, the principal at the desk."""
    let_in(laptop, CLERK, Role.REGISTRAR)
    clerk = log_in(site, laptop, CLERK)
    desk = RegistrationDesk(clerk)
    records = [desk.register(one).record for one in children(RECORDS)]
    for at in range(DRAFTS):
        draft = Draft(f"d{at}", clerk.person, {"full_name": "夏侯半成"}, "full_name")
        Drafts(clerk.database).save(draft)
    lead = log_in(site, clerk, LEAD)
    assert ReviewDesk(lead).approve(records[:-UNREVIEWED]) == RECORDS - UNREVIEWED
    return lead


class Evening(Hands):
    """The pages of the evening at one window."""

    def __init__(
        self, school: Workplace, window: Window, tasks: Tasks, qtbot: QtBot, stick: Path
    ) -> None:
        super().__init__(window, tasks, qtbot)
        stick.mkdir()
        self.sheet = DaySheetDesk(school)
        self.printed: list[str] = []
        desks = DayDesks(DayDesk(school), self.sheet, RoundDesk(school), ExchangeDesk(school))
        self.day = DayPage(desks, tasks, may_sign=True, print_sheet=self._print)
        self.exchange = ExchangePage(ExchangeDesk(school), tasks, find=plugged(stick))
        self.add(self.day, self.exchange)
        self.open("day")

    def _print(self) -> None:
        self.printed.append(day_sheet_html(self.sheet.view()))

    def rows(self) -> list[list[str]]:
        return rows(self.day.model)


@pytest.fixture
def evening(school: Workplace, window: Window, tasks: Tasks, qtbot: QtBot, stick: Path) -> Evening:
    return Evening(school, window, tasks, qtbot, stick)


def test_scenario_19_the_close_lists_what_is_open_and_takes_an_explanation_of_each(
    evening: Evening, school: Workplace, stick: Path
) -> None:
    day = evening.day
    assert day.registered.words == f"{RECORDS} 件"
    assert (day.unreviewed.words, day.drafts.words) == (f"{UNREVIEWED} 件", f"{DRAFTS} 件")
    items = evening.rows()
    assert [row[2] for row in items] == ["未审"] * UNREVIEWED + ["没填完"] * DRAFTS
    assert [row[0] for row in items[UNREVIEWED:]] == ["草稿1", "草稿2"]
    evening.press(Key.Key_F10)  # nothing is signed before all six are explained
    assert evening.sheet.closed() is None
    for at, why in enumerate(WHY):
        assert day.left.named().endswith(items[at][2])
        evening.type(why)
        evening.press(Key.Key_Return)
        if at == 2:
            evening.press(Key.Key_F10)
            assert evening.sheet.closed() is None
    assert [row[3] for row in evening.rows()] == list(WHY)
    evening.press(Key.Key_F10)
    closed = evening.sheet.closed()
    assert closed is not None
    assert closed.person == LEAD
    assert [row[3] for row in evening.rows()] == list(WHY)
    # The bundle is sealed, read back, and goes away with the stick.
    evening.open("exchange")
    evening.press(Key.Key_F10)
    banner = evening.exchange.out.notice.view
    assert banner is not None
    assert (banner.state, banner.what) == (State.DONE, "可以拔出 U 盘")
    (bundle,) = stick.glob("*.enb")
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    evening.open("day")
    evening.press(Key.Key_F9)
    (sheet,) = evening.printed
    shown = re.sub(r"\s+", "", re.sub(r"<[^>]*>|&nbsp;", " ", sheet))
    assert f"合计{RECORDS}{RECORDS}0{RECORDS - UNREVIEWED}" in shown
    for (item, _, what, _), why in zip(items, WHY, strict=True):
        assert f"{item}▲{what}{why.replace(' ', '')}" in shown
    assert digest in shown
    assert f"还没办完的（{UNREVIEWED + DRAFTS}）" in shown
    assert ListDesk(school).page("all").lines[0].name not in shown
    assert "夏侯" not in shown


def test_scenario_19_one_explanation_serves_whatever_has_none_of_its_own(
    evening: Evening,
) -> None:
    evening.press(Key.Key_Down)
    evening.type("its own")
    evening.press(Key.Key_Return)
    evening.type("for the others")
    evening.press(Key.Key_F10)
    assert evening.sheet.closed() is not None
    said = [row[3] for row in evening.rows()]
    assert said == ["for the others", "its own", *["for the others"] * 4]


def test_scenario_20_the_bundle_of_a_closed_day_opens_to_whom_it_names_alone(
    evening: Evening, site: Site, district: Workplace, stick: Path
) -> None:
    evening.type("tomorrow")
    evening.press(Key.Key_F10)
    evening.open("exchange")
    evening.press(Key.Key_F10)
    (bundle,) = stick.glob("*.enb")
    seen = inspect(bundle, district)
    assert (seen.number, seen.carrier_proved, bool(seen.feeds)) == (1, True, True)
    assert seen.operations > RECORDS
    stranger = site.laptop(district, "stranger", "2141041102")
    assert inspect(bundle, stranger).sealed == "bundle.wrong_recipient"
    assert inspect(bundle).feeds is None
