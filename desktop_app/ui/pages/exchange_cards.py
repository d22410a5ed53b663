"""The four cards of the exchange page: declared, carried, received, decided."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.sync.desk import Board
from desktop_app.ui.text import moment
from desktop_app.ui.units import row
from desktop_app.ui.views import State
from desktop_app.ui.widgets.bigcount import BigCount


class StandingCards(QWidget):
    """本校已登记 → 已拷进 U 盘 → 区级已收 → 区级已答复."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = row(self, 9)
        self.declared = BigCount(
            State.UNFINISHED, self.tr("本校已登记"), self.tr("本机有的，合并后的总数"), self
        )
        self.carried = BigCount(
            State.UNFINISHED, self.tr("已拷进 U 盘"), self.tr("写进 U 盘并回读核对过"), self
        )
        self.received = BigCount(
            State.UNFINISHED, self.tr("区级已收"), self.tr("以区级签名的回执为准"), self
        )
        self.decided = BigCount(
            State.UNFINISHED, self.tr("区级已答复"), self.tr("区级给了结果的"), self
        )
        for card in (self.declared, self.carried, self.received, self.decided):
            line.addWidget(card, 1)

    def show_board(self, board: Board) -> None:
        """Show other counts; a shape is green only where nothing is left behind."""
        counts, unit = board.counts, self.tr("件")
        total = counts.declared
        out, come = board.last_out, board.last_answer
        self.declared.say(total, unit, "", State.DONE if total else State.UNFINISHED)
        number = self.tr("第 {number} 包").format(number=out.number) if out is not None else ""
        self.carried.say(counts.carried, unit, number, _state(counts.carried, total))
        left = total - counts.received
        words = self.tr("还差 {count} 件").format(count=left) if left and counts.carried else ""
        if board.missing:
            words = self.tr("区级说缺 {missing}").format(missing=board.missing)
        self.received.say(counts.received, unit, words, _state(counts.received, total))
        when = self.tr("回包 {when}").format(when=moment(come.at)) if come is not None else ""
        self.decided.say(counts.decided, unit, when, _state(counts.decided, total))


def _state(count: int, total: int) -> State:
    """Name the state of a count among all."""
    if not count:
        return State.UNFINISHED
    return State.DONE if count >= total else State.WAITING
