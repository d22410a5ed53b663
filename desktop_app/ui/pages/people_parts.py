"""The parts of the page 人员: rows, what it is for, the form of a new person, the question."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.domain.acts import ROLE_LABELS, Role
from desktop_app.domain.errors import ProductError
from desktop_app.security.passwords import LEAST, LEAST_DIGITS
from desktop_app.services.people import PersonLine
from desktop_app.ui.text import moment
from desktop_app.ui.units import column
from desktop_app.ui.views import Column, PillCell, Row, State
from desktop_app.ui.widgets.choice import CheckInput
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.inputs import PasswordInput, TextInput
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Sheet

_CELL = 104
_ROLE = "role."
_ORDER = (
    Role.REGISTRAR,
    Role.REVIEWER,
    Role.LEDGER_OFFICER,
    Role.PRINCIPAL,
    Role.OFFICER,
    Role.AUDITOR,
)
_FIELDS = {
    "vault.name_taken": "name",
    "vault.bad_name": "name",
    "vault.weak_password": "password",
    "people.roles": "role.registrar",
}


def _tr(words: str) -> str:
    return QCoreApplication.translate("People", words)


def field_of(error: ProductError) -> str:
    """Name the field a refusal is about, or nothing."""
    return _FIELDS.get(error.code, "")


def role_words(roles: Iterable[Role]) -> str:
    """Name roles in one order."""
    return "、".join(ROLE_LABELS[role] for role in _ORDER if role in set(roles))


def person_columns() -> tuple[Column, ...]:
    """Name the columns of the list."""
    return (
        Column(_tr("姓名"), 110, strong=True),
        Column(_tr("角色"), 0),
        Column(_tr("状态"), 120),
        Column(_tr("从何时起"), 130, secondary=True, compact=False),
    )


def person_row(line: PersonLine, *, acting: str) -> Row:
    """Say one person as a row."""
    name = _tr("{name}（您）").format(name=line.name) if line.key == acting else line.name
    return Row(
        line.key,
        (
            name,
            role_words(line.roles) or _tr("还没有授权"),
            _standing(line),
            moment(line.since) if line.since else "—",
        ),
    )


def _standing(line: PersonLine) -> PillCell:
    if line.ended:
        return PillCell(State.UNFINISHED, _tr("已停用"))
    if not line.roles:
        return PillCell(State.NEEDS, _tr("等授权"))
    if not line.opens_this_computer:
        return PillCell(State.WAITING, _tr("在别的电脑"))
    return PillCell(State.DONE, _tr("在用"))


class Telling(Sheet):
    """What the page is for, and whether the acting person may do anything here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 12, (20, 16, 20, 16))
        lines.addWidget(Text(_tr("谁可以用这台电脑"), "title", self))
        self._rights = Text("", "strong", self, wrap=True)
        lines.addWidget(self._rights)
        for words in (
            _tr("一人一个姓名、一个密码。登记的人和审核的人须为两人，合用密码就分不清。"),
            _tr("没有授权的人签的名不算数。恢复后换了钥匙的人：先停用旧的，再用 F4 加一次。"),
            _tr("调走、离职当天就停用：密码马上作废，资料库换新钥匙，以前签的名仍有效。"),
        ):
            lines.addWidget(Text(words, "body", self, wrap=True))
        lines.addStretch(1)

    def show_rights(self, words: str) -> None:
        """Say what the acting person may do."""
        self._rights.setText(words)


class AddPerson(Sheet):
    """The form of a new person: name, roles, the first password twice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 0, (1, 1, 1, 1))
        self.form = Form(self)
        who = self.form.group(_tr("新的人"), cell=_CELL)
        who.field(_tr("姓名"), TextInput(name="name", longest=50), width=220)
        self._roles = self.form.group(_tr("角色"), cell=_CELL)
        self._ticks: dict[Role, CheckInput] = {}
        for role in _ORDER:
            tick = CheckInput(ROLE_LABELS[role], name=f"{_ROLE}{role.value}")
            self._ticks[role] = tick
            self._roles.field("", tick, wanted=False)
        secret = self.form.group(_tr("第一个密码"), cell=_CELL)
        secret.field(_tr("密码"), PasswordInput(name="password"), width=220)
        secret.field(_tr("再输一遍"), PasswordInput(name="again"), width=220)
        lines.addWidget(self.form)
        notes = column(None, 6, (20, 10, 20, 12))
        rule = _tr(
            "至少 {least} 个字符（只用数字要 {digits} 位），不连号、不重复、不用姓名；请本人来输。"
        )
        words = rule.format(least=LEAST, digits=LEAST_DIGITS)
        notes.addWidget(Text(words, "secondary", self, wrap=True))
        lines.addLayout(notes)
        lines.addStretch(1)

    def begin(self, grantable: frozenset[Role]) -> None:
        """Empty the form, and offer the roles that may be granted."""
        self.form.clear()
        for role, tick in self._ticks.items():
            tick.setEnabled(role in grantable)
            self.form.line(tick.objectName()).setVisible(role in grantable)

    def is_right(self) -> bool:
        """Tell whether the form may be sent; everything that is wrong is marked at once."""
        values = self.form.values()
        wrong = {name: _tr("还没填") for name in ("name", "password", "again") if not values[name]}
        if values["again"] != values["password"]:
            wrong.setdefault("again", _tr("两遍不一样"))
        if not self._chosen():
            first = next(one for one in self._ticks.values() if one.isEnabled())
            wrong[first.objectName()] = _tr("至少勾一个")
        return self.form.refuse(wrong)

    def _chosen(self) -> frozenset[Role]:
        return frozenset(role for role, tick in self._ticks.items() if tick.isChecked())

    def take(self) -> tuple[str, frozenset[Role], bytearray]:
        """Hand name, roles and password over, and empty the password fields."""
        password = self.form.control("password")
        if not isinstance(password, PasswordInput):
            raise TypeError(password)
        self.form.set_values({"again": ""})
        return self.form.value("name"), self._chosen(), password.take()


class EndPerson(Sheet):
    """The question before a person is ended, worded with their name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 12, (20, 16, 20, 16))
        self._title = Text("", "page", self, wrap=True)
        lines.addWidget(self._title)
        words = _tr("密码马上作废，这台电脑换新钥匙，不能撤回；要回来就再加一次，钥匙是新的。")
        lines.addWidget(Text(words, "body", self, wrap=True))
        lines.addWidget(Text(_tr("以前签的名、登记的件都不受影响。"), "body", self, wrap=True))
        self._keys = Text(_tr("不停用按 Esc；停用按 F10。"), "strong", self, wrap=True)
        lines.addWidget(self._keys)
        lines.addStretch(1)

    @property
    def asked(self) -> str:
        """Tell the question."""
        return self._title.text()

    def ask(self, line: PersonLine) -> None:
        """Ask about a person."""
        words = _tr("停用 {name}（{roles}）？")
        roles = role_words(line.roles) or _tr("没有授权")
        self._title.setText(words.format(name=line.name, roles=roles))


class RenewCode(Sheet):
    """The question before the recovery code is renewed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 12, (20, 16, 20, 16))
        lines.addWidget(Text(_tr("换恢复码？"), "page", self))
        for words in (
            _tr("旧信封里的恢复码当场作废，不能撤回。新的只显示一次，请先备好纸笔和信封。"),
            _tr("密码不变，资料不受影响。"),
        ):
            lines.addWidget(Text(words, "body", self, wrap=True))
        lines.addWidget(Text(_tr("不换按 Esc；换按 F10。"), "strong", self, wrap=True))
        lines.addStretch(1)
