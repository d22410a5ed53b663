"""The head of 今日名单: the field of search, what it found, and the chips of the lists."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.services.lists import Found
from desktop_app.ui.look import Shape, look
from desktop_app.ui.pages.today_parts import Chips, SearchInput
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import State
from desktop_app.ui.widgets.keys import KeyCap
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.pill import StatusPill


class ListHead(Plain):
    """Search and chips over the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 8, (13, 11, 13, 10))
        first, second = row(None, 10), row(None, 10)
        self.search = SearchInput(self)
        self.found = Text("", "strong", self)
        self._spent = Text("", "caption", self)
        how = self.tr("拼音首字母、姓名、证件或电话尾号、回执号")
        self._how = Text(how, "caption", self, elide=True)
        for part, stretch in ((self.search, 5), (self.found, 0), (self._spent, 0)):
            first.addWidget(part, stretch)
        first.addStretch(1)
        first.addWidget(self._how)
        self.keying = StatusPill(State.NEEDS, "", self)
        self._keying_cap = KeyCap("Shift+F4", self)
        first.addWidget(self._keying_cap)
        first.addWidget(self.keying)
        self.say_keying(0)
        self.chips = Chips(self)
        self.switch = Text("", "caption", self)
        self.name_village("")
        second.addWidget(self.chips, 1)
        second.addWidget(self.switch)
        lines.addLayout(first)
        lines.addLayout(second)

    def arrange(self) -> None:
        """Leave the room to the field and the chips where there is little."""
        wide = look().shape is Shape.WIDE
        self._spent.setVisible(wide)
        self.switch.setVisible(wide)
        self._how.setVisible(wide and bool(self.found.text()))
        set_units(self.search, max_width=340 if wide else 2000)

    def name_village(self, words: str) -> None:
        """Say which village alone is shown, or how another list is chosen."""
        self.switch.setText(words or self.tr("Alt ← → 换状态"))

    def say_keying(self, count: int) -> None:
        """Say how many paper forms wait for their second keying, and which key goes there."""
        self.keying.set_state(State.NEEDS, self.tr("待复录 {count}").format(count=count))
        for part in (self._keying_cap, self.keying):
            part.setVisible(count > 0)

    def show_found(self, found: Found | None) -> None:
        """Say how many match every word, how many only some, and how long it took."""
        self.found.setText("" if found is None else self._words(found))
        spent = self.tr("{seconds:.2f} 秒")
        self._spent.setText(
            "" if found is None else spent.format(seconds=found.milliseconds / 1000)
        )
        self._how.setVisible(found is not None and look().shape is Shape.WIDE)

    def _words(self, found: Found) -> str:
        if found.more and not found.some:
            words = self.tr("都符合 {every} 人以上")
        elif found.more:
            words = self.tr("都符合 {every} 人 · 符合一项 {some} 人以上")
        elif look().shape is Shape.NARROW:
            words = self.tr("都符合 {every} · 符合一项 {some}")
        else:
            words = self.tr("都符合 {every} 人 · 符合一项 {some} 人")
        return words.format(every=found.every, some=found.some)
