"""A registration desk with everything real behind it, and a hand that counts its keys."""

from __future__ import annotations

import atexit
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.documents.notice import NoticeView
from desktop_app.documents.own_information import OwnInformation
from desktop_app.documents.receipt import ReceiptView
from desktop_app.domain.duplicates import Finding
from desktop_app.domain.errors import WorkplaceError
from desktop_app.domain.identity import make_check_digit
from desktop_app.security import kdf
from desktop_app.services.amendment import Stored
from desktop_app.services.consents import SELF_REPORT, ConsentDesk, Standing
from desktop_app.services.own_information import OwnInformationDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import DuplicateHint
from desktop_app.services.setup import NewFolder, create_workplace
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.guardian import GuardianPage, GuardianPrint
from desktop_app.ui.pages.notice import NoticePage
from desktop_app.ui.pages.private_note import PrivateNotePage
from desktop_app.ui.pages.receipt_sight import ReceiptPage, Sight
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.registration_amending import Opening
from desktop_app.ui.pages.registration_case import RegistrationDesks, Start
from desktop_app.ui.printing.sheet import receipt_image, receipt_pdf
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.window import Window
from tests.documents.papers import VIEW
from tests.ui.showcase import MASTHEAD, NAVIGATION

CHEAP = kdf.Cost(memory=8, passes=1, lanes=1)
"""Passwords are stretched at almost no cost; that they cost much is tested with the vault."""
SCHOOL, CLERK, PASSWORD = "2141041101", "刘素琴", "sunflower-41"
VILLAGE = "410411200201"
ENTER, ESC, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space


def number(birth: str = "20180314", order: int = 264) -> str:
    """Give a valid number in the region that does not exist."""
    body = f"419999{birth}{order:03d}"
    return body + make_check_digit(body)


CHILD, TWIN, FATHER = number(), number(order=272), number("19890522", 141)


def filled(**more: str) -> dict[str, str]:
    """Give a form that may be saved as it stands."""
    return {
        "id_number": CHILD,
        "full_name": "罗雨桐",
        "ethnic_code": "01",
        "hukou_village": VILLAGE,
        "hukou_address": "3组27号",
        "same_address": "1",
        "category": "A1",
        "boarding_code": "1",
        "guardian_name": "罗志远",
        "guardian_relation": "51",
        "guardian_id_number": FATHER,
        "guardian_phone": "13800001612",
        "notice_read": "1",
        **more,
    }


def make_school(folder: Path) -> Workplace:
    """Set up a school's folder."""
    new = NewFolder(folder, "school", SCHOOL, "湛河湾小学", CLERK)
    return create_workplace(new, PASSWORD, shipped_policy())[0]


class NeverAnswering(Tasks):
    """A worker thread that has been closed and answers nothing: pages as they stand at first."""

    def __init__(self) -> None:
        super().__init__(lambda _error: None, lambda _bug: None)
        self.close()

    def run(self, *_work: object, **_more: object) -> Any:
        return None


@lru_cache(maxsize=1)
def standing_school() -> Workplace:
    """Set up one school for all tests that only look at a page; it lasts as long as the process."""
    folder = tempfile.TemporaryDirectory()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kdf, "STANDARD", CHEAP)
        workplace = make_school(Path(folder.name) / "data")
    atexit.register(folder.cleanup)
    atexit.register(workplace.close)
    return workplace


def standing_registration() -> RegistrationPage:
    """Give a registration page that is only looked at, on a filled form."""
    page = RegistrationPage(NeverAnswering(), RegistrationDesks.of(standing_school()), Tray())
    for name, value in filled().items():
        page.form.take(name, value)
    return page


def standing_amendment() -> RegistrationPage:
    """Give a registration page on a case that was sent back, as after the question of Esc."""
    page = RegistrationPage(NeverAnswering(), RegistrationDesks.of(standing_school()), Tray())
    stored = Stored("r1", "罗雨桐", "ZHW-2-0822-0001-11", filled(), (), "其他", "门牌", "full_name")
    page.amender._show(Opening(stored, Start((), {}, 0)))
    page.form.take("guardian_phone", "13900001111")
    page.amender.leave()
    return page


def standing_asked() -> RegistrationPage:
    """Give a registration page on a case about which the district asks as much as it may."""
    page = RegistrationPage(NeverAnswering(), RegistrationDesks.of(standing_school()), Tray())
    asks = "区里要求说明：户籍与住址不一致：" + "请核对户口簿首页和地址页，" * 16
    number = "ZHW-2-0822-0001-11"
    stored = Stored("r1", "买买提·吐尔逊", number, filled(), (), question=asks[:216])
    page.amender._show(Opening(stored, Start((), {}, 0)))
    return page


def standing_question() -> RegistrationPage:
    """Give a registration page that asks about a look-alike."""
    page = standing_registration()
    finding = Finding("D4", "r2", stops=False, why=("birth_date",), way_through="sibling_group")
    hint = DuplicateHint(finding, "罗雨晨", "", "", "", 0, "", "", "")
    page.doubter.ask((hint,), "full_name")
    return page


def standing_receipt() -> ReceiptPage:
    """Give a receipt that is only looked at."""
    page = ReceiptPage(ReceiptDesk(standing_school()), NeverAnswering())
    page._show(Sight(VIEW, receipt_image(VIEW, 800)))
    return page


def standing_private_note() -> PrivateNotePage:
    """Give a private page that is only looked at."""

    def store(note: str, *, agreed: bool) -> None:
        raise AssertionError((note, agreed))

    return PrivateNotePage(shipped_policy(), lambda: "", store, lambda: None)


def standing_notice() -> NoticePage:
    """Give the notice as it stands beside the form."""
    return NoticePage(
        shipped_policy(),
        "湛河湾小学",
        lambda: frozenset({"photo"}),
        lambda _told, _agreed: None,
        lambda: None,
        NeverAnswering(),
        lambda _view: None,
    )


class Tray:
    """A printer that draws every sheet and keeps it in memory; it may be switched off."""

    def __init__(self) -> None:
        self.sheets: list[tuple[ReceiptView, bytes]] = []
        self.trouble = ""

    def require(self) -> None:
        if self.trouble == "print.none":
            raise WorkplaceError("print.none")

    def print_receipt(self, view: ReceiptView) -> None:
        if self.trouble:
            raise WorkplaceError("print.refused")
        self.sheets.append((view, receipt_pdf(view)))


class Hand:
    """Presses real keys where the focus is, and counts them."""

    def __init__(self) -> None:
        self.keys = 0

    def press(self, *keys: Qt.Key, control: bool = False, shift: bool = False) -> None:
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        held |= Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        for key in keys:
            self.keys += 1
            QTest.keyClick(focused(), key, held)

    def take_back(self) -> None:
        """Take the last case back: the key, and the one that says yes to the question."""
        self.press(Qt.Key.Key_Z, Qt.Key.Key_Return, control=True)

    def type(self, words: str) -> None:
        self.keys += len(words)
        QTest.keyClicks(focused(), words)

    def compose(self, letters: str) -> None:
        """Leave pinyin letters half composed."""
        self.keys += len(letters)
        for end in range(1, len(letters) + 1):
            QApplication.sendEvent(focused(), QInputMethodEvent(letters[:end], []))

    def commit(self, words: str, letters: str) -> None:
        """Type characters by their pinyin letters and one key that selects them."""
        self.compose(letters)
        self.keys += 1
        event = QInputMethodEvent("", [])
        event.setCommitString(words)
        QApplication.sendEvent(focused(), event)


def focused() -> QWidget:
    """The widget that has the focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


class Room:
    """A window with the registration page and the private one, at an open school."""

    def __init__(self, workplace: Workplace, tasks: Tasks, stage: str = "P1") -> None:
        self.workplace, self.tasks = workplace, tasks
        self.desks = RegistrationDesks.of(workplace, stage)
        self.tray = Tray()
        self.said: list[str] = []
        self.notices: list[NoticeView] = []
        self.page = RegistrationPage(tasks, self.desks, self.tray)
        self.form = self.page.form
        self.window = Window()
        self.window.resize(1366, 768)
        self.private = PrivateNotePage(
            self.desks.policy,
            lambda: self.page.note,
            self.page.take_note,
            lambda: self.window.open_page("register"),
            lambda: SELF_REPORT in self.page.consented,
        )
        self.notice = NoticePage(
            self.desks.policy,
            "湛河湾小学",
            lambda: self.page.consented,
            self.page.take_consents,
            lambda: self.window.open_page("register"),
            tasks,
            self.notices.append,
        )
        for page in (self.page, self.private, self.notice):
            self.window.add_page(page)
        self.page.strip_changed.connect(self.window.set_strip)
        self.page.said.connect(self._hear)
        self.page.page_asked.connect(self.window.open_page)
        self.window.set_masthead(MASTHEAD)
        self.window.set_navigation(NAVIGATION)

    def _hear(self, state: State, bold: str, plain: str) -> None:
        self.said.append(f"{bold} {plain}".strip())
        self.window.say(state, bold, plain)

    def open(self) -> None:
        self.window.open_page("register")
        self.settle()

    def settle(self) -> None:
        """Let the worker thread and everything it led to come to rest."""
        end, quiet = time.monotonic() + 20, 0
        while quiet < 3:
            assert time.monotonic() < end, "the worker thread never came to rest"
            QApplication.processEvents()
            quiet = 0 if self.tasks.busy else quiet + 1
            time.sleep(0.001)

    def fill(self, **more: str) -> None:
        """Fill the form as a person would have, without counting keys."""
        for name, value in filled(**more).items():
            self.form.take(name, value)
        self.settle()

    def check(self, lead: str) -> tuple[State | None, str]:
        """Tell what stands beside a row."""
        line = self.form.line(lead).check
        return line.state, line.words


def standing_guardian() -> GuardianPage:
    """Give what a guardian may ask, with one thing agreed to."""
    workplace = standing_school()

    def print_sheet(view: OwnInformation) -> None:
        raise AssertionError(view)

    printing = GuardianPrint(lambda: None, print_sheet)
    page = GuardianPage(
        OwnInformationDesk(workplace),
        ConsentDesk(workplace),
        NeverAnswering(),
        printing,
        lambda: None,
    )
    page._record = "r1"
    page._show(Standing("2024-1", "ab12" * 16, "read_aloud", "51", frozenset({"photo"})))
    return page
