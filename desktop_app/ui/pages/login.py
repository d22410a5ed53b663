"""The login page: who sits at this computer, and the password. Paints before anything heavy.

It knows no service: a callable takes the person and the password, and answers by `refused`,
`show_error`, or by taking the page away. The caret stands in the password field from the start;
the arrow keys choose the person from there.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.errors import ProductError, RuleError
from desktop_app.ui.icons import Icon
from desktop_app.ui.look import Shape, look
from desktop_app.ui.page import Page
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import (
    HelpView,
    KeyAction,
    LoginView,
    PersonView,
    State,
)
from desktop_app.ui.widgets.inputs import PasswordInput
from desktop_app.ui.widgets.keys import KeyButton, KeyCap
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Sheet
from desktop_app.ui.widgets.persons import PersonList
from desktop_app.ui.widgets.pill import StateLine
from desktop_app.ui.widgets.scroll import FocusScroll
from desktop_app.ui.widgets.shapes import Mark

OnLogin = Callable[[str, bytearray], object]


class LoginPage(Page):
    """Who is at this computer 谁在这台电脑前."""

    nav_key = "login"
    bare = True
    margins = (0, 0, 0, 0)

    def __init__(
        self,
        view: LoginView,
        on_login: OnLogin,
        *,
        on_recovery: Callable[[], object] | None = None,
        on_language: Callable[[], object] | None = None,
        on_power: Callable[[], object] | None = None,
        on_practice: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._on_login = on_login
        self._on_recovery = on_recovery
        self._on_language = on_language
        self._on_power = on_power
        self._on_practice = on_practice
        self._place = 0
        self._wait = 0
        self._error: ProductError | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._second_over)
        self._build()
        self._choose(0)

    # --- layout -----------------------------------------------------------------------------

    def _build(self) -> None:
        """Put the dark side and the sheet beside each other."""
        whole = Plain(self)
        self._halves = row(whole, 0)
        self._side = self._make_side()
        self._halves.addWidget(self._side)
        content = Plain(None, "content")
        centre = QVBoxLayout(content)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.addStretch(1)
        self._sheet = self._make_sheet(content)
        middle = row(None, 0)  # stretches, since an aligned item is not asked for its height
        middle.addStretch(1)
        middle.addWidget(self._sheet)
        middle.addStretch(1)
        centre.addLayout(middle)
        if self._on_recovery is not None:
            words = self.tr("忘了密码：请负责人重设，或按 F6 用封存信封里的恢复码")
        else:
            words = self.tr("忘了密码：请负责人重新加人；都忘了，用封存信封里的恢复码恢复备份")
        self._forgotten = Text(words, "caption", content)
        centre.addWidget(self._forgotten, 0, Qt.AlignmentFlag.AlignHCenter)
        centre.addStretch(1)
        self._scroll = FocusScroll(content, whole, least=290)
        self._halves.addWidget(self._scroll, 1)
        self.lines.addWidget(whole, 1)

    def _make_side(self) -> Plain:
        """Make the dark side: mark, product, place, and three promises."""
        side = Plain(self, "bar")
        lines = column(side, 10, (56, 56, 24, 40))
        lines.addWidget(Mark(64, side))
        lines.addSpacing(look().u(16))
        lines.addWidget(Text(self.tr("阳光招生离线工作站"), "big", side, tone="bar", wrap=True))
        for words in (self._view.place, self._view.season):
            lines.addWidget(Text(words, "check", side, tone="barsub", wrap=True))
        lines.addStretch(1)
        promises = (
            ("plug-connected-x", self.tr("本机不联网，也不需要网")),
            ("lock", self.tr("资料加密保存，丢机不丢密")),
            ("receipt", self.tr("不收取任何费用")),
        )
        for icon, words in promises:
            line = row(None, 10)
            line.addWidget(Icon(icon, "gold", 18, side))
            line.addWidget(Text(words, "check", side, tone="barsub"))
            line.addStretch(1)
            lines.addLayout(line)
        for words in (self._view.phone, self._view.version):
            lines.addWidget(Text(words, "check", side, tone="barsub", wrap=True))
        return side

    def _make_sheet(self, parent: QWidget) -> Sheet:
        """Make the sheet with persons, password and the button."""
        sheet = Sheet(parent)
        set_units(sheet, width=560)
        lines = column(sheet, 8, (32, 26, 32, 26))
        head = row(None, 6)
        head.addWidget(Text(self.tr("谁在这台电脑前？"), "page", sheet))
        head.addStretch(1)
        for key in ("↑", "↓"):
            head.addWidget(KeyCap(key, sheet))
        head.addWidget(Text(self.tr("选人"), "caption", sheet))
        lines.addLayout(head)
        self._list = PersonList(self._view.persons, sheet)
        self._list.chosen.connect(self._choose)
        lines.addWidget(self._list)
        lines.addSpacing(look().u(6))
        self._add_password(sheet, lines)
        self.lines.removeWidget(self.banner_place)
        lines.addWidget(self.banner_place)
        self._enter = KeyButton(
            KeyAction("Enter", self.tr("登录"), self.submit, primary=True), sheet
        )
        foot = row(None, 14)
        foot.addWidget(self._enter)
        self._notice = StateLine(sheet)
        foot.addWidget(self._notice, 1)
        lines.addLayout(foot)
        return sheet

    def _add_password(self, sheet: QWidget, lines: QBoxLayout) -> None:
        """Add the password with its label and its notice."""
        head = row(None, 8)
        head.addWidget(Text(self.tr("密码"), "strong", sheet))
        head.addStretch(1)
        self._caps = StateLine(sheet)
        head.addWidget(self._caps)
        lines.addLayout(head)
        self.password = PasswordInput(sheet, name="password")
        self.password.setAccessibleName(self.tr("密码"))
        set_units(self.password, height=42)
        self.password.caps_seen.connect(self._tell_caps)
        lines.addWidget(self.password)
        lines.addSpacing(look().u(4))

    def arrange(self) -> None:
        """Give the dark side less room as the type grows, and none at 200 %."""
        shape = look().shape
        narrow = shape is Shape.NARROW
        self._side.setVisible(not narrow)
        self._forgotten.setVisible(not narrow)
        sheet = self._sheet.layout()
        if sheet is not None:
            set_units(sheet, margins=(24, 10, 24, 10) if narrow else (32, 26, 32, 26))
        set_units(self._side, width=470 if shape is Shape.WIDE else 300)
        layout = self._side.layout()
        if layout is not None:
            left = 56 if shape is Shape.WIDE else 28
            set_units(layout, margins=(left, 56 if shape is Shape.WIDE else 28, 20, 32))

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("登录")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        keys = []
        if self._on_recovery is not None:
            label, short = self.tr("用恢复码"), self.tr("恢复码")
            keys.append(KeyAction("F6", label, self._on_recovery, short=short))
        if self._on_language is not None:
            keys.append(KeyAction("F2", "English / 中文", self._on_language, short="EN / 中"))
        if self._on_practice is not None:
            keys.append(
                KeyAction("F7", self.tr("练习（编的人）"), self._on_practice, self.tr("练习"))
            )
        if self._on_power is not None:
            keys.append(KeyAction("", self.tr("退出"), self._on_power, icon="power", right=True))
        return keys

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("登录"),
            self.tr("先用 ↑ ↓ 选自己的名字，再输密码，按 Enter。"),
            explanation=self.tr("密码只有本人知道，别人不能代设、也看不到。人离开座位请按 F12。"),
        )

    def on_enter(self) -> None:
        """Put the caret into the password."""
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- persons and password ---------------------------------------------------------------

    @property
    def person(self) -> PersonView | None:
        """Tell the person chosen."""
        persons = self._view.persons
        return persons[self._place] if persons else None

    def _choose(self, place: int) -> None:
        """Choose a person by place; another person starts with an empty password."""
        if not self._view.persons:
            return
        if place != self._place:
            self.password.set_value("")
        self._place = place
        self._list.set_current(place)
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_caps(self, on: object) -> None:
        """Warn of Caps Lock."""
        self._caps.say(State.NEEDS if on else None, self.tr("大写锁定开着") if on else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with the arrows, log in with Enter; both come here from the password field."""
        last = len(self._view.persons) - 1
        if event.key() == Qt.Key.Key_Down:
            self._choose(min(last, self._place + 1))
        elif event.key() == Qt.Key.Key_Up:
            self._choose(max(0, self._place - 1))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.submit()
        else:
            super().keyPressEvent(event)

    def submit(self) -> None:
        """Hand person and password over, unless something is missing or must be waited for."""
        person = self.person
        if person is None or self.busy or self._wait:
            return
        if self.password.is_blank():
            self._notice.say(State.NEEDS, self.tr("请先输密码"))
            return
        self._notice.say(State.WAITING, self.tr("正在打开资料库"))
        self.show_banner(None)
        self.set_busy(busy=True)
        self._on_login(person.key, self.password.take())

    def set_busy(self, *, busy: bool) -> None:
        """Close field and button while the answer is awaited."""
        super().set_busy(busy=busy)
        self._enter.setEnabled(not busy and not self._wait)
        self.password.setReadOnly(busy)
        if not busy:
            self._notice.say(None, "")
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def refused(self, error: ProductError) -> None:
        """Say why the door stays shut; details ``wait`` or ``seconds`` hold back the next try."""
        self.set_busy(busy=False)
        self._error = error
        wait = error.details.get("wait", error.details.get("seconds", 0))
        self._wait = int(wait)
        self._enter.setEnabled(not self._wait)
        self._show_refusal()
        if self._wait:
            self._timer.start()

    @property
    def refusal(self) -> ProductError | None:
        """Tell why the door stayed shut at the last try."""
        return self._error

    def _second_over(self) -> None:
        """Count the wait down; what has been typed meanwhile stays."""
        self._wait = max(0, self._wait - 1)
        self._show_refusal()
        if not self._wait:
            self._timer.stop()
            self._enter.setEnabled(not self.busy)

    def _show_refusal(self) -> None:
        """Show the refusal, with the seconds that are left."""
        error = self._error
        if error is None:
            return
        waits = RuleError("vault.wait", seconds=self._wait)
        self.show_error(waits if self._wait else error)
        self._scroll.follow()
