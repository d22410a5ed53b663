"""One school at the intake: each thing in a line, and its sentence with the next step below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.messages.catalogue import sentence
from desktop_app.sync.intake import IntakeDetail
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import language, moment
from desktop_app.ui.units import set_units
from desktop_app.ui.views import BannerView, Column, PillCell, Row, State
from desktop_app.ui.widgets.banner import BannerPlace
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.table import WholeTable


def _tr(words: str) -> str:
    return QCoreApplication.translate("IntakeDetail", words)


class DetailPanel(Panel):
    """What came of one school and what did not."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        """Take the door to the worker thread."""
        super().__init__("", parent, margins=(0, 0, 0, 0))
        self._details: dict[str, IntakeDetail] = {}
        columns = (
            Column(_tr("电脑"), 90, strong=True),
            Column(_tr("情况"), 130),
            Column(_tr("哪一段"), 0),
            Column(_tr("时间"), 140, secondary=True, compact=False),
        )
        self.table = WholeTable(columns, tasks.run, self, row=36)
        self.model = self.table.rows
        self.table.moved.connect(self._tell)
        self.body.addWidget(self.table, 1)
        self.telling = BannerPlace(self)
        self.body.addWidget(self.telling)

    def show_details(self, school: str, details: Sequence[IntakeDetail]) -> None:
        """Show the lines of a school."""
        self.set_title(school)
        self._details = {str(place): one for place, one in enumerate(details)}
        self.table.show_rows(_row(key, one) for key, one in self._details.items())
        self._tell(self.table.current_key)

    def _tell(self, key: str) -> None:
        """Say the line of now in a sentence, with the next step."""
        here = self._details.get(key)
        self.telling.show_banner(nothing_came() if here is None else told(here))

    def set_narrow(self, *, narrow: bool) -> None:
        """Save the height of the head at the largest type."""
        self.set_head_visible(visible=not narrow)
        set_units(self.table, min_height=70 if narrow else 142)


def _row(key: str, one: IntakeDetail) -> Row:
    return Row(
        key,
        (
            one.laptop or "—",
            PillCell(*_state(one)),
            _which(one),
            moment(one.at) if one.at else "—",
        ),
    )


def _state(one: IntakeDetail) -> tuple[State, str]:
    states = {
        "whole": (State.DONE, _tr("已收")),
        "missing": (State.NEEDS, _tr("缺前面的")),
        "scans": (State.NEEDS, _tr("缺扫描件")),
        "forked": (State.CONFLICT, _tr("分叉待查")),
        "waiting": (State.WAITING, _tr("等核身份")),
        "refused": (State.REFUSED, _tr("没有收")),
    }
    if one.mended:
        return State.DONE, _tr("后来的已收")
    return states[one.kind]


def _which(one: IntakeDetail) -> str:
    number = _tr("第 {number} 包").format(number=one.bundle) if one.bundle else _tr("一个包")
    words = {
        "whole": _tr("收到第 {last} 条，登记 {count} 件"),
        "missing": _tr("第 {first}–{last} 条，共 {count} 条"),
        "scans": _tr("{count} 张"),
        "forked": _tr("从第 {first} 条起有两种，{count} 条另放着"),
        "waiting": _tr("{number}，{count} 条记录"),
        "refused": " · ".join(word for word in (number if one.bundle else "", one.name) if word)
        or number,
    }
    return words[one.kind].format(first=one.first, last=one.last, count=one.count, number=number)


def nothing_came() -> BannerView:
    """Say that nothing of a school came."""
    return BannerView(
        State.UNFINISHED, _tr("这所学校还没有来过包"), _tr("请学校在“交换”页装包，拷到 U 盘送来。")
    )


def told(one: IntakeDetail) -> BannerView:
    """Say one line in a sentence: what happened, is anything lost, what now."""
    state, word = _state(one)
    if one.kind == "refused":
        said = sentence(one.reason or "bundle.refused_before", language())
        now = f"{said.safe}{said.now}"
        if one.mended:
            now = _tr("这个文件没有收；文件名上写的那台电脑后来的包收到了，不用再做什么。")
        return BannerView(state, said.what, now, said.number)
    words = {
        "whole": (_tr("这台电脑的都收到了"), _tr("按 F10 出回包，学校就知道收到了哪里。")),
        "missing": (
            _tr("后面的包先到了，中间缺一段"),
            _tr("后到的包留着，没有丢。按 F10 出回包，回包里写明要哪一段；学校再装一次包就补齐。"),
        ),
        "scans": (
            _tr("记录收到了，扫描件还没有来"),
            _tr("按 F10 出回包，回包里点名要这些扫描件；学校下一包会带上。"),
        ),
        "forked": (
            _tr("同一台电脑写出了两种记录，多半是硬盘被整盘复制过"),
            _tr("两种都留着，先收到的在用。请打电话问学校哪台是原来的，停用另一台。"),
        ),
        "waiting": (
            _tr("装包的电脑还没有接入，不知道是谁的"),
            _tr("包留着，没有丢。请打电话核对那台电脑的指纹，或发一张接入票；核对后自动接着收。"),
        ),
    }
    what, now = words[one.kind]
    return BannerView(
        state, _tr("{laptop}：{what}").format(laptop=one.laptop or word, what=what), now
    )
