"""Messages in the page: what happened, is the data safe and what now, a code, two keys at most."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import BannerView
from desktop_app.ui.widgets.keys import KeyButton
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.shapes import StateShape

_MOST_HEIGHT = 130


class Banner(QFrame):
    """One message; errors are banners in the page, never boxes over it."""

    def __init__(self, view: BannerView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.setProperty("r", "banner")
        self.setProperty("st", str(view.state))
        # As high as its place, which asks for what the words take at this width.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        line = row(self, 12, (16, 9, 12, 9))
        shape = StateShape(view.state, 20, self)
        line.addWidget(shape, 0, Qt.AlignmentFlag.AlignVCenter)
        words = column(None, 3)
        what = self.tr("{what}（代码 {number}）").format(
            what=view.what.rstrip("。"), number=view.number
        )
        head = Text(what if view.number else view.what, "strong", self, wrap=True, elide=True)
        head.setProperty("st", str(view.state))
        words.addWidget(head)
        if view.now:
            words.addWidget(Text(view.now, "secondary", self, wrap=True, elide=True))
        line.addLayout(words, 1)
        for action in view.keys[:2]:
            line.addWidget(KeyButton(action, self), 0, Qt.AlignmentFlag.AlignVCenter)
        set_units(self, min_height=44)
        self.setAccessibleName(view.what)


class BannerPlace(QWidget):
    """The place on a page where its one banner stands; takes no room while there is none.

    However long a message is, the keys of the page stay on the screen: past five lines it is cut.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = row(self, 0)
        self._banner: Banner | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        set_units(self, max_height=_MOST_HEIGHT)
        self.hide()

    @property
    def view(self) -> BannerView | None:
        """Tell the message that is shown."""
        return self._banner.view if self._banner is not None else None

    def show_banner(self, view: BannerView | None) -> None:
        """Show a message in place of the former one, or none."""
        if self._banner is not None:
            self._line.removeWidget(self._banner)
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None
        if view is not None:
            self._banner = Banner(view, self)
            self._line.addWidget(self._banner)
        self.setVisible(view is not None)
