"""Text fields: a line of words, safe with an input method, and numbers grouped on the screen.

All fields of the kit speak `value`, `set_value`, `is_blank`, and the signals ``changed`` (the value
changed by hand) and ``committed`` (the field was left or Enter pressed with a changed value).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QClipboard,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QValidator,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from desktop_app.ui.units import set_units
from desktop_app.ui.widgets.formats import NumberFormat
from desktop_app.ui.widgets.labels import restyle


class TextInput(QLineEdit):
    """A line of words; nothing is reported while an input method is composing."""

    changed = Signal(str)
    committed = Signal(str)

    def __init__(
        self, parent: QWidget | None = None, *, name: str = "", longest: int = 200
    ) -> None:
        super().__init__(parent)
        self._composing = False
        self._quiet = False
        self._last = ""
        self.setMaxLength(longest)
        self.setObjectName(name)
        self.setProperty("r", "input")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_units(self, height=34, min_width=48)
        self.textChanged.connect(self._text_changed)

    @property
    def composing(self) -> bool:
        """Tell whether an input method holds unfinished words."""
        return self._composing

    def value(self) -> str:
        """Give the words without blanks at the ends."""
        return self.text().strip()

    def set_value(self, value: str) -> None:
        """Show a value; nothing is reported."""
        self._quiet = True
        self.setText(value)
        self._quiet = False
        self._last = self.value()

    def is_blank(self) -> bool:
        """Tell whether nothing has been entered."""
        return not self.value()

    def set_state(self, state: str) -> None:
        """Colour the field: "needs", "refused", or nothing."""
        restyle(self, st=state)

    def _text_changed(self) -> None:
        """Report a change made by hand."""
        if not self._quiet:
            self.changed.emit(self.value())

    def commit(self) -> None:
        """Report the value when it differs from the last one reported."""
        if not self._composing and self.value() != self._last:
            self._last = self.value()
            self.committed.emit(self._last)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Follow the state of composing; the words arrive by commit only."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit when the field is left."""
        self._composing = False
        super().focusOutEvent(event)
        self.commit()

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+Z to the page when there is no typing to take back."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.isUndoAvailable()
        ):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Commit on Enter and let the form move on; keep Enter from it while composing."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._composing:
                event.accept()
                return
            self.commit()
            event.ignore()
            return
        super().keyPressEvent(event)


class _NumberRule(QValidator):
    """Turns whatever was typed, pasted or committed into the grouped form of the number."""

    def __init__(self, rule: NumberFormat, parent: QObject) -> None:
        super().__init__(parent)
        self.rule = rule

    def validate(self, text: str, caret: int) -> object:
        """Regroup the text; refuse what would make the number too long."""
        bare = self.rule.bare(text)
        if len(bare) > self.rule.length:
            return QValidator.State.Invalid, text, caret
        before = len(self.rule.bare(text[:caret]))
        place = len(self.rule.shown(bare)) if caret >= len(text) else self.rule.caret(bare, before)
        return QValidator.State.Acceptable, self.rule.shown(bare), place


class NumberInput(TextInput):
    """A number: its value stays bare, the screen shows it in groups."""

    def __init__(
        self, rule: NumberFormat, parent: QWidget | None = None, *, name: str = ""
    ) -> None:
        super().__init__(parent, name=name)
        self.setProperty("r", "number")
        self._rule = _NumberRule(rule, self)
        self._apply_hints()
        self.setValidator(self._rule)

    @property
    def rule(self) -> NumberFormat:
        """Tell the format of the number."""
        return self._rule.rule

    def set_rule(self, rule: NumberFormat) -> None:
        """Change the format (another kind of document) and keep what fits of the value."""
        value = self.value()
        self._rule.rule = rule
        self._apply_hints()
        self.set_value(rule.bare(value)[: rule.length])

    def _apply_hints(self) -> None:
        """Ask the input method for plain digits; ignored by some, hence the validator."""
        hints = Qt.InputMethodHint.ImhPreferLatin | Qt.InputMethodHint.ImhNoPredictiveText
        if not self.rule.letters and not self.rule.final_x:
            hints |= Qt.InputMethodHint.ImhDigitsOnly
        self.setInputMethodHints(hints)

    def value(self) -> str:
        """Give the bare number."""
        return self.rule.bare(self.text())

    def set_value(self, value: str) -> None:
        """Show a number in groups; nothing is reported."""
        super().set_value(self.rule.shown(self.rule.bare(value)))

    def missing(self) -> int:
        """Count the digits still to come."""
        return self.rule.length - len(self.value())

    def inputMethodQuery(self, query: Qt.InputMethodQuery, _argument: Any = None) -> Any:
        """Switch the input method off for this field where the platform listens."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the bare number, and let Backspace and Delete step over a group gap."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.hasSelectedText():
            self._copy()
            return
        if event.matches(QKeySequence.StandardKey.Cut) and self.hasSelectedText():
            self._copy()
            self.del_()
            return
        self._step_over_gap(event)
        super().keyPressEvent(event)

    def _copy(self) -> None:
        """Put the selected digits on the clipboard, without the gaps."""
        text = self.selectedText().replace(self.rule.separator, "")
        QGuiApplication.clipboard().setText(text, QClipboard.Mode.Clipboard)

    def _step_over_gap(self, event: QKeyEvent) -> None:
        """Move the caret past a gap so that a key press takes a digit."""
        if self.hasSelectedText():
            return
        place, text = self.cursorPosition(), self.text()
        if event.key() == Qt.Key.Key_Backspace and text[place - 1 : place] == self.rule.separator:
            self.setCursorPosition(place - 1)
        elif event.key() == Qt.Key.Key_Delete and text[place : place + 1] == self.rule.separator:
            self.setCursorPosition(place + 1)


class PasswordInput(TextInput):
    """A password; wiped on request, never copied, watched for the Caps Lock key."""

    caps_seen = Signal(bool)

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent, name=name, longest=128)
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def value(self) -> str:
        """Give the password as typed, blanks at its ends included."""
        return self.text()

    def take(self) -> bytearray:
        """Hand the password over as bytes the receiver can wipe, and empty the field."""
        taken = bytearray(self.text(), "utf-8")
        self.set_value("")
        return taken

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Notice a letter whose case does not fit the Shift key: Caps Lock is on."""
        sign = event.text()
        if len(sign) == 1 and sign.isalpha() and sign.isascii():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_seen.emit(sign.isupper() != shift)
        super().keyPressEvent(event)
