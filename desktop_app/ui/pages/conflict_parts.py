"""Parts of 核对: the rows of its lists, and the cards one chooses from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.attention import BRANCH, GRANT, LAPTOP, PROGRAM, HeldLine
from desktop_app.services.conflicts import (
    LATER,
    MERGED,
    PAIRED,
    REMOVED,
    VALUE,
    Dispute,
    QueueLine,
    Side,
)
from desktop_app.services.laptops import DISTRICT, OWN
from desktop_app.services.merging import TwinSide, TwinView
from desktop_app.storage.merged import CHANGED, TANGLED
from desktop_app.ui.models.listing import short_receipt
from desktop_app.ui.text import moment
from desktop_app.ui.units import column, row
from desktop_app.ui.views import Cell, Column
from desktop_app.ui.widgets.keys import KeyCap
from desktop_app.ui.widgets.labels import Hairline, Plain, Text
from desktop_app.ui.widgets.panel import Card, Fact, clear_layout

NOTHING = "—"


def _tr(words: str) -> str:
    return QCoreApplication.translate("Conflict", words)


def laptop_words(laptop: str) -> str:
    """Name a laptop: this one, the district's, or by its mark."""
    if laptop == OWN:
        return _tr("本机")
    if laptop == DISTRICT:
        return _tr("区局")
    if laptop.startswith("…"):
        return _tr("尾号 {tail} 的电脑").format(tail=laptop[1:])
    return _tr("{mark} 号台").format(mark=laptop)


def matter_words(line: QueueLine) -> str:
    """Say in a few words what is to be decided."""
    words = {
        VALUE: _tr("{label} 两种说法"),
        LATER: _tr("{label} 两种写法，先显示后写的"),
        REMOVED: _tr("{label}：有人撤销，有人还在改"),
        TANGLED: _tr("几台电脑合并得不一样"),
        CHANGED: _tr("并掉的那件后来又改过"),
        MERGED: _tr("已并入 {label}"),
    }
    label = short_receipt(line.label) if line.what == MERGED else line.label
    return words.get(line.what, _tr("两件证件号相同")).format(label=label)


def queue_columns() -> tuple[Column, ...]:
    """Give the columns of the queue."""
    return (Column(_tr("孩子"), 128, strong=True), Column(_tr("情况"), 0, secondary=True))


def queue_cells(line: QueueLine) -> tuple[Cell, ...]:
    """Make the cells of a line of the queue."""
    return (line.name or NOTHING, matter_words(line))


def held_cells(line: HeldLine) -> tuple[Cell, ...]:
    """Make the cells of an operation that does not count."""
    return (line.name or line.kind or held_title(line), waiting_words(line))


def held_title(line: HeldLine) -> str:
    """Name what does not count: whose it is, or what kind of thing."""
    if line.waits_for == BRANCH:
        return _tr("{laptop}的另一支").format(laptop=laptop_words(line.laptop))
    return line.name or line.kind or _tr("还看不懂的资料")


def nothing_words(which: int) -> str:
    """Say why a list is empty: the queue, the merged, the held."""
    return (
        _tr("几台电脑写的都合得上。按 F2 看已合并的和没算数的。"),
        _tr("没有合并过的登记。"),
        _tr("收到的每一条都算数。"),
    )[which]


def about_words(line: QueueLine, number: str) -> str:
    """Explain a matter, with the receipt and the masked number of whom it is about."""
    receipt = _tr("回执 {receipt}").format(receipt=line.receipt) if line.receipt else ""
    words = {
        VALUE: _tr("两种说法都一直保留，选一个不会删掉另一个。没定之前，回执上注明正在核对。"),
        LATER: _tr("各台没碰头时写的，名单里先用后写的；另一种也留着。要换，按它的数字键。"),
        REMOVED: _tr("一台电脑撤销了这一件，另一台不知道，还在改。没定之前它留在名单里。"),
        PAIRED: _tr("同一个证件号登记了两件。是同一个孩子就留一件，另一件并进去，随时可以分开。"),
        TANGLED: _tr("两台电脑各自合并，方向不一样。先留最早登记的一件，一件也没有丢。"),
        CHANGED: _tr("并掉的那一件，有人不知道，后来又改过。改的内容都在，看过再定。"),
        MERGED: _tr("并掉的一件不在名单和统计里，查得到，原样保存。按 N 分开就回到原样。"),
    }[line.what]
    return "\n".join(filter(None, (" · ".join(filter(None, (receipt, number))), words)))


def held_words(line: HeldLine) -> str:
    """Say of an operation who wrote it where, why it does not count, and what will make it."""
    if line.waits_for == BRANCH:
        return "\n".join((*held_sentences(line), _tr("没有丢：原样保存。")))
    who, kind = line.person or _tr("不认识的人"), line.kind or _tr("新种类")
    when = moment(line.at) if line.at else NOTHING
    place = " · ".join((who, when, laptop_words(line.laptop), kind))
    return "\n".join((place, *held_sentences(line), _tr("没有丢：原样保存，照常转交。")))


def waiting_words(line: HeldLine) -> str:
    """Say what an operation waits for."""
    words = {
        PROGRAM: _tr("等新版程序"),
        GRANT: _tr("等授权"),
        LAPTOP: _late_words(line),
        BRANCH: _tr("{count} 条另放着").format(count=line.count),
    }
    return words.get(line.waits_for, _tr("不合规则，只留底"))


def place_words(line: HeldLine) -> str:
    """Say on which laptop it was written, and at the district of which school."""
    return " ".join(filter(None, (line.school, laptop_words(line.laptop))))


def _late_words(line: HeldLine) -> str:
    """Say of what an ended laptop wrote too late how it stands."""
    child, where = line.child, place_words(line)
    if child is None:
        return _tr("{where}停用后 {count} 条").format(where=where, count=line.count)
    if child.anew:
        return _tr("名单里已经一样") if child.counts else _tr("已重新登记")
    if child.counts:
        return _tr("{where}停用后改的").format(where=where)
    if child.removed:
        return _tr("{where}自己撤销了").format(where=where)
    return _tr("{where}停用后登记的").format(where=where)


def held_sentences(line: HeldLine) -> tuple[str, str]:
    """Say why an operation does not count, and what will make it."""
    if line.waits_for == PROGRAM:
        why = _tr("这条是更新的程序写的，本机的程序还看不懂。")
        return why, _tr("装上新版程序后自动算进来，什么也不用重填。")
    if line.waits_for == GRANT:
        why = _tr("写的人还没有这样做的授权，签名不算数。")
        return why, _tr("校长或区局给了授权，这条就自动算进来。")
    if line.waits_for == BRANCH:
        why = _tr("这台电脑分成了两支，多半是整盘复制过；这一支有 {count} 条，没有算进名单。")
        return why.format(count=line.count), _tr(
            "算哪一支由区级停用它时指定；这一支登记过的孩子请重新登记。"
        )
    why = _tr("内容不合规则：这一格它不能写，或写的不是这一格的值。")
    return why, _tr("原样留底并照常转交，不算进名单。请对方在自己的电脑上改正。")


@dataclass(frozen=True, slots=True)
class Choice:
    """One card: what is chosen by it, how it looks."""

    key: str
    title: str
    value: str
    facts: tuple[tuple[str, str], ...]


def dispute_choices(dispute: Dispute) -> tuple[Choice, ...]:
    """Give the cards of a field with several values, or of a disputed removal."""
    if dispute.what != REMOVED:
        return tuple(_value_choice(side) for side in dispute.sides)
    keep = Choice("keep", _tr("留下"), _tr("照改后的样子留下"), ((_tr("结果"), _tr("名单里还在")),))
    facts = tuple(fact for side in dispute.sides for fact in _written(side))
    return (keep, Choice("remove", _tr("照样撤销"), _tr("再撤销一次"), facts))


def _value_choice(side: Side) -> Choice:
    title = _tr("{laptop}写的").format(laptop=laptop_words(side.laptop))
    shown = ((_tr("现在"), _tr("没定之前先显示这个")),) if side.shown else ()
    return Choice(side.reference, title, side.value or _tr("（空）"), (*_written(side), *shown))


def _written(side: Side) -> tuple[tuple[str, str], ...]:
    return (
        (_tr("谁"), side.person or NOTHING),
        (_tr("何时"), moment(side.at)),
        (_tr("哪台"), laptop_words(side.laptop)),
    )


def twin_choices(view: TwinView) -> tuple[Choice, ...]:
    """Give the cards of two records of perhaps one child."""
    return tuple(_twin_choice(side) for side in view.sides)


def _twin_choice(side: TwinSide) -> Choice:
    facts = (
        (_tr("证件号"), side.masked_number),
        (_tr("出生"), f"{side.birth_date} {side.sex}".strip()),
        (_tr("监护人"), side.guardian or NOTHING),
        (_tr("材料"), _tr("{count} 份").format(count=side.papers)),
        (_tr("谁"), side.person or NOTHING),
        (_tr("何时"), moment(side.at)),
        (_tr("哪台"), laptop_words(side.laptop)),
    )
    title = _tr("回执 {receipt}").format(receipt=short_receipt(side.receipt))
    if not side.stays:
        title = _tr("{title} · 已并掉").format(title=title)
    return Choice(side.record, title, side.name, facts)


class ChoiceCard(Card):
    """One of several, with the digit that takes it at once."""

    def __init__(self, choice: Choice, digit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 5, (16, 10, 14, 10))
        head = row(None, 8)
        if digit:
            head.addWidget(KeyCap(digit, self))
        head.addWidget(Text(choice.title, "strong", self, elide=True), 1)
        lines.addLayout(head)
        lines.addWidget(Text(choice.value, "page", self, wrap=True))
        lines.addWidget(Hairline(self))
        for caption, value in choice.facts:
            lines.addWidget(Fact(caption, value, self, width=58))
        lines.addStretch(1)


class Choices(Plain):
    """The cards side by side; one of them is meant."""

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = row(self, 10)
        self.cards: list[ChoiceCard] = []
        self._at = 0

    def show_choices(self, choices: Sequence[Choice], *, digits: bool, at: int = 0) -> None:
        """Show other cards."""
        clear_layout(self._lines)
        self.cards = []
        for place, choice in enumerate(choices):
            card = ChoiceCard(choice, str(place + 1) if digits else "", self)
            card.clicked.connect(lambda place=place: self.picked.emit(place))
            self._lines.addWidget(card, 1)
            self.cards.append(card)
        self.choose(at)

    @property
    def at(self) -> int:
        """Tell which card is meant."""
        return self._at

    def choose(self, place: int) -> None:
        """Mean another card; beyond the last it stays where it is."""
        self._at = min(max(place, 0), max(len(self.cards) - 1, 0))
        for number, card in enumerate(self.cards):
            card.set_active(active=number == self._at)


def sides_shown(opened: Dispute | TwinView) -> list[bool]:
    """Say of each card whether it is what shows now."""
    if isinstance(opened, TwinView):
        return [side.stays for side in opened.sides]
    return [side.shown for side in opened.sides] if opened.what != REMOVED else [True, False]
