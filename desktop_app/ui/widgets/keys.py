"""Key caps and the buttons that carry them: the key stands before the word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from desktop_app.ui.icons import Icon
from desktop_app.ui.look import Shape, look
from desktop_app.ui.units import set_units, tight
from desktop_app.ui.views import KeyAction
from desktop_app.ui.widgets.labels import Text, restyle


class KeyCap(QLabel):
    """A key as it is printed on the keyboard.

    Solid means it works now; ``later`` (outline, grey) means it works after the panel's own key.
    """

    def __init__(self, key: str, parent: QWidget | None = None, *, later: bool = False) -> None:
        super().__init__(key, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setProperty("r", "keycap")
        self.setProperty("st", "later" if later else "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        set_units(self, height=22)

    def set_later(self, *, later: bool) -> None:
        """Tell whether the key works only after the panel's own key."""
        restyle(self, st="later" if later else "")

    def sizeHint(self) -> QSize:
        """Measure the cap; a single letter still gets a cap as wide as a key."""
        now = look()
        width = QFontMetrics(now.font("keycap")).horizontalAdvance(self.text()) + now.u(14)
        return QSize(max(width, now.u(26)), now.u(22))

    def minimumSizeHint(self) -> QSize:
        """Never cut a key."""
        return self.sizeHint()

    def fit(self) -> None:
        """Take the size of a new scale."""
        self.updateGeometry()


class KeyButton(QPushButton):
    """A button with a key cap, perhaps an icon, and a word.

    ``full`` wording is used while there is room, `KeyAction.short` at large type or when told.
    """

    def __init__(
        self, action: KeyAction, parent: QWidget | None = None, *, later: bool = False
    ) -> None:
        super().__init__(parent)
        self._action = action
        self._mode = "full"
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{action.key} {action.label}".strip())
        self.setEnabled(action.enabled)
        look_of = "primary" if action.primary else ("stop" if action.warns else "")
        self.setProperty("st", look_of)
        layout = QHBoxLayout(self)
        tight(layout, 8, (8, 0, 10, 0))
        self._cap = self._make_cap(action, later=later)
        self._icon = self._make_icon(action)
        self._word = Text("", "keyword", self)
        self._word.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._word.setProperty("st", look_of)
        for part in (self._cap, self._icon, self._word):
            if part is not None:
                layout.addWidget(part)
        set_units(self, height=36)
        self.set_mode("full")
        self.clicked.connect(self._pressed)

    def _make_cap(self, action: KeyAction, *, later: bool) -> KeyCap | None:
        """Make the key cap, if there is a key."""
        if not action.key:
            return None
        cap = KeyCap(action.key, self, later=later)
        if action.primary:
            cap.setProperty("st", "primary")
        return cap

    def _make_icon(self, action: KeyAction) -> Icon | None:
        """Make the icon, if one is named."""
        if not action.icon:
            return None
        on_accent = action.primary and action.enabled
        return Icon(action.icon, "onpri" if on_accent else "ink2", 18, self)

    def _pressed(self) -> None:
        """Do what the key does."""
        if self.isEnabled():
            self._action.callback()

    @property
    def action_view(self) -> KeyAction:
        """Give what the button does and says."""
        return self._action

    def take(self, action: KeyAction) -> bool:
        """Do another thing from now on, if that changes nothing a person sees; say whether.

        Not while the mouse holds it: the release would do what nobody pressed.
        """
        if self.isDown() or replace(action, callback=self._action.callback) != self._action:
            return False
        self._action = action
        return True

    def set_mode(self, mode: str) -> None:
        """Choose ``full`` wording, ``short`` wording, or the ``key`` alone."""
        self._mode = mode
        words = self._words_in(mode)
        self._word.setText(words)
        self._word.setVisible(bool(words))
        if self._icon is not None:
            self._icon.setVisible(_has_icon_beside(words))
        self.setToolTip(self._action.label if not words else "")
        self.updateGeometry()

    def _words_in(self, mode: str) -> str:
        """Choose the wording of a mode."""
        action = self._action
        short = action.short or action.label
        words = {"full": action.label, "short": short, "key": ""}[mode]
        if look().shape is not Shape.WIDE and mode == "full":
            words = short
        return words if words or action.key else short

    def fit(self) -> None:
        """Take wording and size of a new scale."""
        self.set_mode(self._mode)

    def width_in(self, mode: str) -> int:
        """Measure the button as it would be in a mode: cap, icon and word."""
        now = look()
        words = self._words_in(mode)
        width = now.u(18)
        if self._cap is not None:
            width += self._cap.sizeHint().width()
        if self._icon is not None and _has_icon_beside(words):
            width += self._icon.sizeHint().width() + now.u(8)
        if words:
            metrics = QFontMetrics(now.font("body", bold=bool(self._word.property("st"))))
            width += metrics.horizontalAdvance(words) + 4
            width += now.u(8) if self._cap is not None or self._icon is not None else now.u(4)
        return width

    def sizeHint(self) -> QSize:
        """Measure the button in the mode of now."""
        return QSize(self.width_in(self._mode), look().u(36))

    def minimumSizeHint(self) -> QSize:
        """Never cut a word."""
        return self.sizeHint()


def _has_icon_beside(words: str) -> bool:
    """Say whether there is room for an icon: in large type it stands in for the word only."""
    return look().shape is not Shape.NARROW or not words


def key_button(
    key: str, label: str, callback: Callable[[], object], parent: QWidget | None = None
) -> KeyButton:
    """Make a plain key button for use inside a page."""
    return KeyButton(KeyAction(key, label, callback), parent)
