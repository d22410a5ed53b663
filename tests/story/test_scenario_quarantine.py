"""Scenario 25: of two hundred children one has a page the disk has spoilt; nobody else waits for it.

The bundle goes out without that page and comes in all the same: every record is accepted, 199 with
their page, and one stands aside with its reason at both ends until the paper was scanned again.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.documents.images import PreparedScan
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.intake import SCANS
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.pages.intake import IntakePage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.window import Window
from tests.story.children import children
from tests.story.hands import Hands, plugged, rows
from tests.sync.site import SCHOOL, content, feed_of, row_of

Key = Qt.Key
RECORDS = 200
PAPER = "HKB"


def page_of(sign: int) -> PreparedScan:
    """Give a page as the guard gives it; what it shows is of no matter here."""
    return PreparedScan(b"\xff\xd8" + sign.to_bytes(2, "big") * 40, 10, 10, b"\xff\xd8")


@pytest.fixture
def spoilt(laptop: Workplace) -> str:
    """Register everybody with a page each, and have the disk spoil one; give its child."""
    desk, scans = RegistrationDesk(laptop), ScanDesk(laptop)
    records = [desk.register(one).record for one in children(RECORDS)]
    made = [scans.attach_prepared(one, PAPER, page_of(at)) for at, one in enumerate(records)]
    at = RECORDS // 2
    place = laptop.scans.path(str(row_of(laptop, "scan", made[at])["digest"]))
    place.write_bytes(place.read_bytes()[:-1] + b"\0")
    return records[at]


def set_aside(district: Workplace) -> list[int]:
    """Count the pages that are named as missing, laptop by laptop."""
    found = ExchangeDesk(district).details(SCHOOL)
    return [one.count for one in found if one.kind == SCANS]


def test_scenario_25_one_broken_page_among_two_hundred_is_set_aside_with_its_reason_and_a_retry(
    spoilt: str,
    laptop: Workplace,
    district: Workplace,
    window: Window,
    tasks: Tasks,
    qtbot: QtBot,
    stick: Path,
) -> None:
    stick.mkdir()
    hands = Hands(window, tasks, qtbot)
    school = ExchangePage(ExchangeDesk(laptop), tasks, find=plugged(stick))
    office = IntakePage(ExchangeDesk(district), tasks, {}, find=plugged(stick))
    hands.add(school, office)
    hands.open("exchange")
    hands.press(Key.Key_F10)
    banner = school.out.notice.view
    assert banner is not None
    assert (banner.state, banner.what) == (State.NEEDS, "可以拔出 U 盘")
    assert f"{RECORDS} 名儿童" in banner.now
    assert "还有 1 页图像没带上" in banner.now
    # The district: everybody is accepted, and one page is named as missing.
    hands.open("intake")
    hands.press(Key.Key_F4)
    (line,) = [one for one in ExchangeDesk(district).intake() if one.school == SCHOOL]
    assert (line.registered, line.refused) == (RECORDS, 0)
    assert set_aside(district) == [1]
    assert len(list(district.scans.digests())) == RECORDS - 1
    hands.press(Key.Key_Return)
    assert "缺扫描件" in str(rows(office.detail.table.rows))
    accepted = content(district)
    hands.press(Key.Key_Escape, Key.Key_F10)
    # The school reads which page it is, and that it has to be scanned again.
    hands.open("exchange")
    hands.press(Key.Key_F6)
    first = rows(school.model)[0]
    assert first[4] == "要重扫"
    receipt = row_of(laptop, "applicant", spoilt)["receipt_number"]
    assert first[5].startswith(f"{receipt} 户口簿 第 1 张")
    # Scanned again, it goes along with the next bundle, and nothing stands aside any more.
    ScanDesk(laptop).attach_prepared(spoilt, PAPER, page_of(60_000))
    qtbot.waitUntil(lambda: not school.packed_just_now)  # or F10 would be a key pressed twice
    hands.press(Key.Key_F10)
    hands.open("intake")
    hands.press(Key.Key_F4)
    assert set_aside(district) == []
    assert len(list(district.scans.digests())) == RECORDS
    hands.press(Key.Key_F10)
    hands.open("exchange")
    hands.press(Key.Key_F6)
    assert "要重扫" not in str(rows(school.model))
    held = content(district)[feed_of(laptop)]
    assert held[: len(accepted[feed_of(laptop)])] == accepted[feed_of(laptop)]
    assert held == content(laptop)[feed_of(laptop)]
