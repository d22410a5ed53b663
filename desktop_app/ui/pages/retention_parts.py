"""The parts of 到期清理: rows, what the page is for, the question with its second person."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.services.retention import RuleLine
from desktop_app.ui.models.listing import NOTHING
from desktop_app.ui.units import column
from desktop_app.ui.views import Column, PillCell, Row, State
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.inputs import PasswordInput, TextInput
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Sheet


def _tr(words: str) -> str:
    return QCoreApplication.translate("Retention", words)


def rule_word(rule: str) -> str:
    """Name what a rule covers."""
    return {
        "images": _tr("扫描件图像"),
        "material_rows": _tr("材料核验记录"),
        "unsuccessful": _tr("没录取和撤回的报名"),
        "match_list_source": _tr("比对名单"),
    }[rule]


def rule_columns(*, at_district: bool) -> tuple[Column, ...]:
    """Name the columns; the district sees whose records they are."""
    whose = (Column(_tr("学校"), 0, strong=True),) if at_district else ()
    return (
        *whose,
        Column(_tr("什么"), 168 if at_district else 0, strong=not at_district),
        Column(_tr("年度"), 70, compact=not at_district),
        Column(_tr("保存到"), 116),
        Column(_tr("孩子"), 70, compact=not at_district),
        Column(_tr("记录"), 80, compact=False),
        Column(_tr("状态"), 116),
    )


def rule_row(line: RuleLine, schools: Mapping[str, str], *, believed: bool) -> Row:
    """Say a rule of a season as a row; nothing is due by a clock that is not believed."""
    state = PillCell(State.WAITING, _tr("没到期"))
    if line.is_due:
        state = PillCell(State.NEEDS, _tr("到期"))
    elif not believed:
        state = PillCell(State.REFUSED, _tr("日期不准"))
    whose = (schools.get(line.school, line.school),) if line.school else ()
    return Row(
        line.key,
        (
            *whose,
            rule_word(line.rule),
            str(line.season),
            line.after,
            str(line.children) if line.children else NOTHING,
            str(line.records),
            state,
        ),
    )


class Telling(Sheet):
    """What the page is for."""

    def __init__(self, parent: QWidget | None = None, *, at_district: bool) -> None:
        super().__init__(parent)
        signs = _tr("清理要校长和另外一人都签名；清理后各台电脑、区里都读不出，不能恢复。")
        if at_district:
            signs = _tr("清理由招生办签名；学校那边收了回包也读不出，不能恢复。")
        lines = column(self, 12, (20, 16, 20, 16))
        lines.addWidget(Text(_tr("到期的才清理，从不自动清理"), "title", self))
        self._now = Text("", "strong", self, wrap=True)
        lines.addWidget(self._now)
        for words in (
            _tr("保存多久由政策包规定，从招生日历最后一天算起。"),
            signs,
            _tr("谁清理了什么、什么时候，留痕一直在。"),
        ):
            lines.addWidget(Text(words, "body", self, wrap=True))
        lines.addStretch(1)

    def say(self, words: str) -> None:
        """Say how it stands now."""
        self._now.setText(words)


class EraseForm(Sheet):
    """The question before something is erased: what, and who signs as the second person."""

    def __init__(self, parent: QWidget | None = None, *, at_district: bool) -> None:
        super().__init__(parent)
        self._at_district = at_district
        lines = column(self, 10, (20, 16, 20, 12))
        self._title = Text("", "title", self, wrap=True)
        lines.addWidget(self._title)
        words = _tr("清理后谁也读不出，不能恢复。不清理按 Esc。")
        if at_district:
            words = _tr("清理后谁也读不出，不能恢复。不清理按 Esc；清理按 F10。")
        lines.addWidget(Text(words, "body", self, wrap=True))
        self.form = Form(self)
        who = self.form.group(_tr("第二个人签名"), cell=116)
        who.field(_tr("姓名"), TextInput(name="name", longest=50), width=220)
        who.field(_tr("密码"), PasswordInput(name="password"), width=220)
        self.form.setVisible(not at_district)
        lines.addWidget(self.form)
        lines.addStretch(1)

    @property
    def asked(self) -> str:
        """Tell the question."""
        return self._title.text()

    def ask(self, line: RuleLine, school: str = "") -> None:
        """Ask about a rule of a season, from an empty form; the district names the school."""
        self.form.clear()
        words = _tr("清理{school} {year} 年度的{what}：{children} 个孩子，{records} 条？")
        self._title.setText(
            words.format(
                school=school,
                year=line.season,
                what=rule_word(line.rule),
                children=line.children,
                records=line.records,
            )
        )

    def is_right(self) -> bool:
        """Tell whether both fields are there; an officer of the district signs alone."""
        if self._at_district:
            return True
        values = self.form.values()
        return self.form.refuse({one: _tr("还没填") for one in values if not values[one]})

    def take(self) -> tuple[str, bytearray]:
        """Hand name and password over, and empty the password field."""
        password = self.form.control("password")
        if not isinstance(password, PasswordInput):
            raise TypeError(password)
        return self.form.value("name"), password.take()
