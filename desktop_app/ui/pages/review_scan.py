"""The right pane of 材料审核: a sealed page, opened into memory only."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.services.examination import ScanLine
from desktop_app.ui.icons import Icon
from desktop_app.ui.look import look
from desktop_app.ui.units import row
from desktop_app.ui.widgets.keys import KeyCap
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Panel

_LARGEST = 4.0
_STEP = 0.5
_MARGIN = 14


class Sight(QWidget):
    """Draws a page on a dark ground: whole, or enlarged around a place one moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._words = ""
        self._turns = 0
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def image(self) -> QImage:
        """Give the page that is shown."""
        return self._image

    @property
    def zoom(self) -> float:
        """Tell how many times larger than whole the page is drawn."""
        return self._zoom

    def show_image(self, image: QImage) -> None:
        """Show a page whole and upright; an empty one shows the words alone."""
        self._image, self._turns, self._zoom = image, 0, 1.0
        self._centre = QPointF(0.5, 0.5)
        self.update()

    def say(self, words: str) -> None:
        """Show words in place of a page."""
        self._words = words
        self.setAccessibleName(words)
        self.show_image(QImage())

    @property
    def turns(self) -> int:
        """Tell by how many quarters the page is turned for the eye."""
        return self._turns

    def turn(self) -> None:
        """Turn the page by a quarter."""
        self._turns = (self._turns + 1) % 4
        self.update()

    def enlarge(self) -> None:
        """Enlarge by a step; after the largest the page is whole again."""
        self._zoom = self._zoom + _STEP if self._zoom < _LARGEST else 1.0
        self.update()

    def shift(self, right: float, down: float) -> None:
        """Move what is in sight of an enlarged page, in parts of the page."""
        x = min(1.0, max(0.0, self._centre.x() + right / self._zoom))
        y = min(1.0, max(0.0, self._centre.y() + down / self._zoom))
        self._centre = QPointF(x, y)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Need little; a page is drawn as large as there is room."""
        return QSize(look().u(160), look().u(120))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and page."""
        now = look()
        painter = QPainter(self)
        painter.fillRect(self.rect(), now.colour("ink2" if now.theme == "light" else "bg"))
        if self._image.isNull():
            painter.setFont(now.font("body"))
            painter.setPen(now.colour("surface" if now.theme == "light" else "ink2"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(40, 0, -40, 0), flags, self._words)
        else:
            self._draw(painter)
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        turned = self._image
        if self._turns:
            turned = self._image.transformed(QTransform().rotate(90 * self._turns))
        margin = look().u(_MARGIN)
        room = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        fit = min(room.width() / turned.width(), room.height() / turned.height()) * self._zoom
        width, height = turned.width() * fit, turned.height() * fit
        left = _placed(room.x(), room.width(), width, self._centre.x())
        top = _placed(room.y(), room.height(), height, self._centre.y())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, width, height), turned)


def _placed(start: float, room: float, length: float, centre: float) -> float:
    """Place a length in a room: in the middle where it fits, else by the centre in sight."""
    if length <= room:
        return start + (room - length) / 2
    return start - (length - room) * centre


class ScanPane(Panel):
    """Title, page, and the sentence that says what it means to look."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, head=46, margins=(0, 0, 0, 0))
        self._pages: tuple[ScanLine, ...] = ()
        self._place = 0
        self._keys = Plain(self)
        line = row(self._keys, 5)
        for caps, words in (
            (("[", "]"), self.tr("翻页")),
            (("+",), self.tr("放大")),
            (("T",), self.tr("转")),
        ):
            for cap in caps:
                line.addWidget(KeyCap(cap, self._keys))
            line.addWidget(Text(words, "caption", self._keys))
        self.add_to_head(self._keys)
        self.sight = Sight(self)
        self.body.setSpacing(0)
        self.body.addWidget(self.sight, 1)
        self._mend = Plain(self)
        line = row(self._mend, 5, (14, 6, 14, 0))
        for caps, words in (
            ((",", "."), self.tr("换次序")),
            (("X",), self.tr("重拍这页")),
            (("Shift+T",), self.tr("照这样转好存下")),
        ):
            for cap in caps:
                line.addWidget(KeyCap(cap, self._mend))
            line.addWidget(Text(words, "caption", self._mend))
        line.addStretch(1)
        self.body.addWidget(self._mend)
        foot = Plain(self)
        line = row(foot, 6, (14, 6, 14, 6))
        line.addWidget(Icon("lock", "ink2", 16, foot))
        words = self.tr("政策要求才扫描；已加密封存，看图留痕")
        line.addWidget(Text(words, "caption", foot, elide=True), 1)
        self.body.addWidget(foot)
        self.set_pages(())

    @property
    def page(self) -> ScanLine | None:
        """Tell the page of now, or None."""
        return self._pages[self._place] if self._pages else None

    @property
    def pages(self) -> tuple[ScanLine, ...]:
        """Give the pages of the case, in their order."""
        return self._pages

    @property
    def count(self) -> int:
        """Count the pages of the case."""
        return len(self._pages)

    def set_pages(self, pages: tuple[ScanLine, ...], keep: str = "") -> None:
        """Take the pages of a case; the page of an id is kept in sight where it is one of them."""
        self._pages = pages
        ids = [one.scan for one in pages]
        self._place = ids.index(keep) if keep in ids else 0
        self._say()
        if not pages:
            self.sight.say(self.tr("这件没有扫描件。\n政策要求才扫描：拍好按 P，或按 F4 选一张。"))

    def step(self, by: int) -> bool:
        """Go to another page; tell whether there is one."""
        place = self._place + by
        if not 0 <= place < len(self._pages):
            return False
        self._place = place
        self._say()
        return True

    def show_image(self, scan: str, image: QImage) -> None:
        """Show a page that was opened, unless another is wanted by now."""
        if self.page is not None and self.page.scan == scan:
            self.sight.show_image(image)

    def _say(self) -> None:
        page = self.page
        self._keys.setVisible(page is not None)
        self._mend.setVisible(page is not None)
        if page is None:
            self.set_title(self.tr("扫描件"))
            return
        self.sight.say(self.tr("正在打开…"))
        words = self.tr("{paper} {place} / {count} 页")
        self.set_title(
            words.format(paper=page.label, place=self._place + 1, count=len(self._pages))
        )
