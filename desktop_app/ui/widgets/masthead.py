"""The ink-blue head of the window: where, when, who, three counters, last exchange, clock."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop_app.ui.icons import Icon
from desktop_app.ui.look import Shape, look
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import Counter, MastheadView
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.practice import PracticeChip, paint_stripes
from desktop_app.ui.widgets.shapes import Mark, StateShape


def _said(number: int | None) -> str:
    """Say a count, or that it is being counted."""
    return "…" if number is None else str(number)


class _Counter(QWidget):
    """A shape, a number and a word."""

    def __init__(self, view: Counter, parent: QWidget) -> None:
        super().__init__(parent)
        line = row(self, 5)
        self._shape = StateShape(view.state, 16, self, on_bar=True)
        self._number = Text(_said(view.number), "counter", self, tone="bar")
        self._word = Text(view.word, "check", self, tone="barsub")
        for part in (self._shape, self._number, self._word):
            line.addWidget(part)

    def set_view(self, view: Counter) -> None:
        """Show another number."""
        self._shape.set_state(view.state)
        self._number.setText(_said(view.number))
        self._word.setText(view.word)


class _NavWord(Text):
    """The place of the navigation at 200 %: ``1 登记 ▾``."""

    clicked = Signal()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Open the navigation."""
        self.clicked.emit()


def _line(parent: QWidget) -> QFrame:
    """Make the thin upright line between parts."""
    line = QFrame(parent)
    line.setProperty("r", "barline")
    line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    line.setFixedWidth(1)
    set_units(line, height=24)
    return line


class Masthead(Plain):
    """The head of the window; drops what is secondary as the type grows."""

    nav_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "masthead")
        set_units(self, height=46)
        line = row(self, 10, (12, 0, 14, 0))
        line.addWidget(Mark(32, self))
        self._chip = PracticeChip(self)
        self._chip.hide()
        line.addWidget(self._chip)
        self._nav = _NavWord("", "title", self, tone="bar")
        self._nav.clicked.connect(self.nav_clicked)
        self._nav_line = _line(self)
        self._place = Text("", "title", self, tone="bar", elide=True)
        self._season = Text("", "check", self, tone="barsub", elide=True)
        self._seat_line = _line(self)
        self._seat = Text("", "strong", self, tone="bar", elide=True)
        self._person = Text("", "check", self, tone="barsub", elide=True)
        lead: tuple[QWidget, ...] = (self._nav, self._nav_line, self._place, self._season)
        for part in (*lead, self._seat_line, self._seat, self._person):
            line.addWidget(part)
        line.addStretch(1)
        self._counters: list[_Counter] = []
        self._counter_line = row(None, 12)
        line.addLayout(self._counter_line)
        self._exchange_line = _line(self)
        self._usb = Icon("usb", "barsub", 16, self)
        self._exchange = Text("", "check", self, tone="barsub", elide=True)
        self._clock_line = _line(self)
        self._clock = Text("", "code", self, tone="bar")
        tail: tuple[QWidget, ...] = (self._exchange_line, self._usb, self._exchange)
        for part in (*tail, self._clock_line, self._clock):
            line.addWidget(part)
        self._view = MastheadView()
        self._practice = False
        self.fit()

    def set_practice(self) -> None:
        """Say on every page, readable in grey too, that all of this is made up 练习."""
        self._practice = True
        self._chip.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, and in practice the striped band at its foot."""
        super().paintEvent(event)
        if self._practice:
            painter = QPainter(self)
            high = look().u(8)
            paint_stripes(painter, QRect(0, self.height() - high, self.width(), high), look().u(9))
            painter.end()

    @property
    def view(self) -> MastheadView:
        """Tell what is shown."""
        return self._view

    def set_view(self, view: MastheadView) -> None:
        """Show other values."""
        self._view = view
        self._place.setText(view.place)
        self._season.setText(view.season)
        self._seat.setText(view.seat)
        self._person.setText(view.person)
        self._exchange.setText(view.exchange)
        self._clock.setText(view.clock)
        while len(self._counters) < len(view.counters):
            made = _Counter(view.counters[len(self._counters)], self)
            self._counters.append(made)
            self._counter_line.addWidget(made)
        for counter, widget in zip(view.counters, self._counters, strict=False):
            widget.set_view(counter)
        for index, widget in enumerate(self._counters):
            widget.setVisible(index < len(view.counters))
        self.fit()

    def set_clock(self, clock: str) -> None:
        """Show the time of now."""
        self._clock.setText(clock)

    def set_nav(self, words: str) -> None:
        """Name the page of now, for the largest type."""
        self._nav.setText(f"{words} ▾")

    def fit(self) -> None:
        """Show what the scale has room for."""
        shape, view = look().shape, self._view
        wide, narrow = shape is Shape.WIDE, shape is Shape.NARROW
        self._nav.setVisible(narrow)
        self._nav_line.setVisible(narrow)
        self._season.setVisible(wide and bool(view.season))
        self._seat_line.setVisible(wide and bool(view.seat))
        self._seat.setVisible(wide and bool(view.seat))
        self._person.setVisible(not narrow and bool(view.person))
        exchange = wide and bool(view.exchange)
        self._exchange_line.setVisible(exchange)
        self._usb.setVisible(exchange)
        self._exchange.setVisible(exchange)
        self._clock_line.setVisible(bool(view.clock))

    def minimumSizeHint(self) -> QSize:
        """Shrink: the texts are cut, the counters never."""
        now = look()
        counters = sum(one.sizeHint().width() for one in self._counters if one.isVisibleTo(self))
        nav = self._nav.sizeHint().width() if now.shape is Shape.NARROW else 0
        nav += self._chip.sizeHint().width() if self._practice else 0
        return QSize(counters + nav + self._clock.sizeHint().width() + now.u(180), now.u(46))
