"""The parts of 跨校查重: pairs as rows, the two registrations side by side, the reasons."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.domain.codes import CODE_LISTS
from desktop_app.services.cross_school import DIFFERENT, OPEN, SAME, Compared, Crossing
from desktop_app.ui.units import column
from desktop_app.ui.views import Column, PillCell, Row, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Fact, Panel


def _tr(words: str) -> str:
    return QCoreApplication.translate("Crossing", words)


def crossing_columns() -> tuple[Column, ...]:
    """Name the columns of the list of pairs."""
    return (
        Column(_tr("像"), 58, strong=True),
        Column(_tr("姓名"), 0, strong=True),
        Column(_tr("左 / 右"), 0, secondary=True, compact=False),
        Column(_tr("状态"), 124),
    )


def crossing_row(one: Crossing) -> Row:
    """Say one pair as a row."""
    names = one.names[0] if one.names[0] == one.names[1] else " / ".join(one.names)
    return Row(
        one.key, (str(one.found.score), names, " / ".join(one.schools), PillCell(*_state(one)))
    )


def _state(one: Crossing) -> tuple[State, str]:
    if one.disputed:
        return State.CONFLICT, _tr("说法不一")
    states = {
        SAME: (State.DONE, _tr("保留右边") if one.keeps == one.pair[1] else _tr("保留左边")),
        DIFFERENT: (State.DONE, _tr("不同的孩子")),
        OPEN: (State.UNFINISHED, _tr("先放着")),
    }
    return states.get(one.decision, (State.WAITING, _tr("待判断")))


def why_words(one: Crossing) -> str:
    """Say why two registrations are in the list."""
    names = {
        "id_number": _tr("证件号"),
        "birth_certificate": _tr("出生证号"),
        "guardian_number": _tr("监护人证件"),
        "name": _tr("姓名"),
        "pinyin": _tr("读音"),
        "address": _tr("住址"),
        "birth_date": _tr("出生日期"),
        "phone": _tr("电话"),
        "sex": _tr("性别"),
    }
    same = [name for name in one.found.same if name != "pinyin" or "name" not in one.found.same]
    words = "、".join(words for name, words in names.items() if name in same)
    return _tr("{score} 分：{words}相同").format(score=one.found.score, words=words)


def compared_columns() -> tuple[Column, ...]:
    """Name the columns of the two registrations side by side."""
    return (
        Column(_tr("项目"), 100, secondary=True),
        Column(_tr("左边"), 0),
        Column(_tr("右边"), 0),
        Column("", 84, secondary=True, compact=False),
    )


def compared_rows(one: Crossing) -> list[Row]:
    """Say two registrations as rows; which came first stands with the school."""
    first = [_tr("（先登记）") if place == one.earlier else "" for place in (0, 1)]
    head = [school + word for school, word in zip(one.schools, first, strict=True)]
    rows = [Row("", (_tr("学校"), head[0], head[1], ""), strong=True)]
    for line in one.fields:
        told = bool(line.left or line.right)
        values = (line.left or "—", line.right or "—") if told else ("—", "—")
        rows.append(Row(line.label, (line.label, *values, _mark(line))))
    return rows


def _mark(line: Compared) -> PillCell | str:
    """Mark what differs; what is equal is said quietly."""
    if line.differs:
        return PillCell(State.NEEDS, _tr("不同"))
    return _tr("相同") if line.same else ""


class Reasons(Panel):
    """What is about to be decided, and the reasons one may give."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_tr("选一个理由"), parent)
        self._words = Text("", "strong", self, wrap=True)
        self.body.addWidget(self._words)
        lines = column(None, 4)
        self.facts: dict[str, Fact] = {}
        for place, code in enumerate(CODE_LISTS["cross_reason"].entries, start=1):
            fact = self.facts[code.value] = Fact(str(place), code.label, self, width=24)
            lines.addWidget(fact)
        self.body.addLayout(lines)
        self.body.addStretch(1)

    def ask(self, words: str, reasons: Container[str]) -> None:
        """Say what is about to be decided, and the reasons that can be true of it."""
        self._words.setText(words)
        for code, fact in self.facts.items():
            fact.setVisible(code in reasons)
