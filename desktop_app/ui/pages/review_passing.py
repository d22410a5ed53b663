"""成批通过: the exceptions first with why, how many will be passed, one password, all at once.

Nothing is passed that was not shown: what somebody has changed since then stays, and is named.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.security.memory import wipe
from desktop_app.services.passing import Flagged, PassedMany, PassingDesk, Preview, Why
from desktop_app.services.progress import Progress
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.examined import field_title
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.models.listing import short_receipt
from desktop_app.ui.page import Page
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import Column, HelpView, KeyAction, PillCell, Row, State
from desktop_app.ui.widgets.inputs import PasswordInput
from desktop_app.ui.widgets.labels import Hairline, Plain, Text
from desktop_app.ui.widgets.panel import EmptyState, Panel
from desktop_app.ui.widgets.table import WholeTable

_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


def _tr(words: str) -> str:
    return QCoreApplication.translate("Passing", words)


def columns() -> tuple[Column, ...]:
    """Name the columns of what stays."""
    return (
        Column(_tr("姓名"), 104, strong=True),
        Column(_tr("先看"), 112),
        Column(_tr("为什么不成批通过"), 0),
        Column(_tr("回执"), 110, secondary=True, compact=False),
    )


def flagged_row(one: Flagged) -> Row:
    """Say who stays, and every reason."""
    first = one.why[0].code
    return Row(
        one.record,
        (
            one.name,
            PillCell(_state_of(first), _word_of(first)),
            "；".join(map(why_words, one.why)),
            short_receipt(one.receipt),
        ),
    )


def _state_of(code: str) -> State:
    if code == "conflict":
        return State.CONFLICT
    if code == "returned":
        return State.REFUSED
    return State.WAITING if code in {"own_work", "own_change", "assigned"} else State.NEEDS


def _word_of(code: str) -> str:
    return {
        "conflict": _tr("冲突"),
        "missing": _tr("缺材料"),
        "expired": _tr("已过期"),
        "returned": _tr("已退回"),
        "amended": _tr("改过"),
        "finding": _tr("有差异"),
        "own_work": _tr("要换人"),
        "own_change": _tr("要换人"),
        "assigned": _tr("别人在办"),
        "second_keying": _tr("待复录"),
        "list_fault": _tr("名册有误"),
    }[code]


def why_words(why: Why) -> str:
    """Say one reason as people do."""
    told = "、".join(field_title(one) for one in why.told) if why.code == "finding" else ""
    told = told or "、".join(filter(None, why.told))
    words = {
        "conflict": _tr("有两种说法，或号码有争议"),
        "missing": _tr("还缺 {told}"),
        "expired": _tr("{told}已过期"),
        "returned": _tr("退回登记台还没改：{told}"),
        "amended": _tr("退回后改过，请看改动：{told}"),
        "finding": _tr("{told}和证件或规则不一致"),
        "own_work": _tr("是您自己登记的"),
        "own_change": _tr("您改过这一件"),
        "assigned": _tr("{told} 在办"),
        "second_keying": _tr("纸质表还没复录"),
        "list_fault": _tr("登记台说名册有误：{told}"),
    }
    return words[why.code].format(told=told)


class PassingPage(Page):
    """成批通过, from 材料审核."""

    nav_key = "passing"
    within = "review"

    passed = Signal(object)
    """The `PassedMany` that was signed."""

    def __init__(
        self,
        desk: PassingDesk,
        tasks: Tasks,
        leave: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the door to the worker thread, and what goes back to 材料审核."""
        super().__init__(parent)
        self._desk, self._tasks, self._leave = desk, tasks, leave
        self.preview: Preview | None = None
        self._latest: Latest[Preview] = Latest(tasks, self.show_error, self)
        self._build()
        self._say()
        self.arrange()

    def _build(self) -> None:
        self.panel = Panel("", self, head=46, margins=(0, 0, 0, 0), title_role="page")
        self.panel.body.setSpacing(0)
        self.table = WholeTable(columns(), self._tasks.run, self.panel, row=40)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.panel.body.addWidget(self.table, 1)
        words = self.tr("没有要单独看的件")
        self._none = EmptyState("clipboard-check", words, "", None, self.panel)
        self.panel.body.addWidget(self._none, 1)
        self.panel.body.addWidget(Hairline(self.panel))
        foot = Plain(self.panel)
        line = row(foot, 10, (14, 10, 14, 12))
        self._count = Text("", "title", foot)
        line.addWidget(self._count)
        self._rule = Text(self.tr("一次密码，每件各签一名"), "secondary", foot, elide=True)
        line.addWidget(self._rule, 1)
        line.addWidget(Text(self.tr("您的密码"), "label", foot))
        self.password = PasswordInput(foot, name="own_password")
        self.password.setAccessibleName(self.tr("您的密码"))
        self.password.changed.connect(lambda _value: self.keys_changed.emit())
        set_units(self.password, min_width=240)
        line.addWidget(self.password)
        self.panel.body.addWidget(foot)
        self.lines.addWidget(self.panel, 1)
        self.lines.addWidget(self.banner_place)

    def arrange(self) -> None:
        """Give the table what room there is."""
        narrow = look().shape is Shape.NARROW
        set_units(self.table, min_height=70 if narrow else 142)
        self._rule.setVisible(look().shape is Shape.WIDE)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("成批通过")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        words = self.tr("签名，全部通过")
        why = self.tr("先输您的密码") if self.clean else self.tr("没有可以成批通过的件")
        may = self.clean > 0 and not self.password.is_blank()
        return [
            KeyAction("Esc", self.tr("不批，返回"), self.leave, self.tr("返回")),
            KeyAction("F10", words, self.sign, self.tr("通过"), enabled=may, primary=True, why=why),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("↑↓ 看留下的")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.title,
            self.tr("登记人与审核人须为两人；缺材料、有差异、有争议的一件件看。"),
            explanation=self.tr("通过后在材料审核按 Ctrl+Z 可以全部撤销，通过和撤销都留痕。"),
        )

    def on_enter(self) -> None:
        """Look at everything that is not passed."""
        self.preview = None
        self._say()
        self._latest.ask(self._desk.preview, self._show)
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_leave(self) -> None:
        """Keep neither password nor list behind another page."""
        self._latest.forget()
        self.password.set_value("")
        self.preview = None
        self.table.show_rows(())
        self.show_banner(None)

    # --- the preview ------------------------------------------------------------------------

    @property
    def clean(self) -> int:
        """Count what would be passed."""
        return len(self.preview.clean) if self.preview is not None else 0

    def _show(self, preview: Preview) -> None:
        self.preview = preview
        self.table.show_rows(map(flagged_row, preview.flagged))
        self._say()

    def _say(self) -> None:
        """Say how many stay, and how many would be passed."""
        preview = self.preview
        stays = len(preview.flagged) if preview is not None else 0
        words = self.tr("成批通过：留下 {count} 件，请单独看").format(count=stays)
        self.panel.set_title(words if preview is not None else self.tr("成批通过：正在看每一件…"))
        self._count.setText(self.tr("将通过 {count} 件").format(count=self.clean))
        shown, hidden = (self.table, self._none) if stays else (self._none, self.table)
        hidden.setVisible(False)  # first: both at once would need more than the screen at 200 %
        shown.setVisible(True)
        self.keys_changed.emit()

    # --- what is done -----------------------------------------------------------------------

    def leave(self) -> None:
        """Go back without a change."""
        self._leave()

    def sign(self) -> None:
        """Pass all that is clean, with the password given (F10)."""
        preview = self.preview
        if preview is None or not preview.clean or self.busy or self.password.is_blank():
            return
        password = self.password.take()

        def work(_progress: Progress) -> PassedMany:
            try:
                return self._desk.pass_many(preview.clean, password)
            finally:
                wipe(password)

        self.run_alone(self._tasks, work, self._done)

    def _done(self, passed: PassedMany) -> None:
        self._leave()
        self.passed.emit(passed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list while the password has the focus."""
        if event.key() in _MOVES and self.table.isVisible():
            QApplication.sendEvent(self.table, event)
            return
        super().keyPressEvent(event)
