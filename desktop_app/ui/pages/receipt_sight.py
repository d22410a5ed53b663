"""A receipt on the screen 看回执: what would be printed, drawn from the same page, in memory only.

It counts no copy and writes nothing; the picture is gone when the page is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from desktop_app.documents.receipt import ReceiptView
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.ui.look import look
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.page import Page
from desktop_app.ui.printing.sheet import HEIGHT_MM, WIDTH_MM, receipt_image
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import set_units
from desktop_app.ui.views import HelpView, KeyAction
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel

_WIDEST = 900
_PIXELS = 1654
"""Pixels across: an A4 page at 200 dots an inch, sharp at every size of type."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A receipt and its picture."""

    view: ReceiptView
    image: QImage


class ReceiptPage(Page):
    """One receipt as it would be printed; F9 goes back and prints it."""

    nav_key = "receipt"

    def __init__(self, desk: ReceiptDesk, tasks: Tasks, parent: QWidget | None = None) -> None:
        """Take what knows the receipt, and the door to the worker thread."""
        super().__init__(parent)
        self._desk = desk
        self._latest: Latest[Sight] = Latest(tasks, self.show_error, self)
        self._leave: Callable[[], object] = lambda: None
        self._print: Callable[[], object] = lambda: None
        self._sheet = Panel(
            self.tr("看回执"), self, head=46, margins=(0, 0, 0, 0), title_role="page"
        )
        self._note = Text(self.tr("只在屏幕上看，不算一份"), "secondary", self._sheet, elide=True)
        self._sheet.add_to_head(self._note)
        self.paper = Paper(self._sheet)
        self._scroll = QScrollArea(self._sheet)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setProperty("r", "sheetscroll")
        self._scroll.setWidget(self.paper)
        set_units(self._scroll, min_height=120)
        self._sheet.body.addWidget(self._scroll)
        self.lines.addWidget(self._sheet, 1)
        self.lines.addWidget(self.banner_place)

    def look_at(
        self, record: str, leave: Callable[[], object], print_it: Callable[[], object]
    ) -> None:
        """Draw the receipt of a record; take what goes back, and what prints it there."""
        self._leave, self._print = leave, print_it
        self._latest.ask(lambda: self._drawn(record), self._show)

    def _drawn(self, record: str) -> Sight:
        """Draw (on the worker thread)."""
        view = self._desk.view(record)
        return Sight(view, receipt_image(view, _PIXELS))

    def _show(self, sight: Sight) -> None:
        words = self.tr("看回执：{name}　{number}")
        self._sheet.set_title(words.format(name=sight.view.name, number=sight.view.number))
        self.paper.show_image(sight.image)
        self._scroll.verticalScrollBar().setValue(0)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("看回执")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        words = (self.tr("打印回执"), self.tr("打印"))
        return [
            KeyAction("Esc", self.tr("返回"), self.leave),
            KeyAction("F9", words[0], self.print_it, words[1], primary=True, icon="printer"),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("↑↓ PgUp PgDn 上下看")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.title,
            self.tr("上半张给家长，下半张学校留存。证件号和电话遮住中间，不写特殊群体。"),
            explanation=self.tr("屏幕上看的不留档、不计份数；F9 打印才算一份。"),
        )

    def on_enter(self) -> None:
        """Let the arrow keys move the paper."""
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_leave(self) -> None:
        """Leave no picture of a child's receipt behind the other pages."""
        self._latest.forget()
        self.paper.show_image(None)
        self._sheet.set_title(self.title)
        self.show_banner(None)

    def leave(self) -> None:
        """Go back to where it was asked for."""
        self._leave()

    def print_it(self) -> None:
        """Go back to where it was asked for, and print there (F9)."""
        leave, print_it = self._leave, self._print
        leave()
        print_it()


class Paper(QWidget):
    """An A4 page as wide as there is room, white whatever the screen wears."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_image(self, image: QImage | None) -> None:
        """Show a page, or none."""
        self.image = image
        self.fit()
        self.update()

    def fit(self) -> None:
        """Keep the shape of the paper."""
        self.setMinimumHeight(self._sheet().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the width asks for."""
        super().resizeEvent(event)
        self.fit()

    def _sheet(self) -> QRect:
        """Tell where the paper lies; nowhere without a picture."""
        if self.image is None:
            return QRect()
        across = min(self.width(), look().u(_WIDEST))
        height = round(across * HEIGHT_MM / WIDTH_MM)
        return QRect((self.width() - across) // 2, 0, across, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the page in the middle."""
        if self.image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._sheet(), self.image)
        painter.end()
