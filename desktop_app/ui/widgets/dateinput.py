"""A field for a date, typed the way people write dates: 20180503, 2018.5.3, 2018年5月3日."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QWidget

from desktop_app.domain.dates import parse_date
from desktop_app.ui.widgets.inputs import TextInput

_LONGEST = 16
_SIGNS = re.compile(r"[0-9./年月日 -]*")
# Chinese punctuation: what the keys for the full stop and the slash give while pinyin is on.
_PUNCTUATION = str.maketrans({"。": ".", "、": "/", "·": ".", "—": "-"})
_EIGHT = re.compile("[0-9]{8}")


def plain_date(text: str) -> str:
    """Write what was typed in half width, blanks at its ends left out."""
    return unicodedata.normalize("NFKC", text.translate(_PUNCTUATION)).strip()


def written(text: str) -> str:
    """Write a date as ISO text; what is no date stays as it was typed."""
    plain = plain_date(text)
    day = parse_date(plain)
    return day.isoformat() if day is not None else plain


class _DateRule(QValidator):
    """Lets in what dates are written with; eight digits are grouped as soon as they are whole."""

    def validate(self, text: str, caret: int) -> object:
        """Put every sign in its plain form; refuse what no date holds."""
        plain = unicodedata.normalize("NFKC", text.translate(_PUNCTUATION))
        if _SIGNS.fullmatch(plain) is None:
            return QValidator.State.Invalid, text, caret
        if _EIGHT.fullmatch(plain) and caret >= len(text):
            plain = written(plain)
            caret = len(plain)
        return QValidator.State.Acceptable, plain, caret


class DateInput(TextInput):
    """A date: its value is ISO text as soon as a day can be read, else what was typed."""

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent, name=name, longest=_LONGEST)
        self.setProperty("r", "number")
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhPreferLatin | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.setValidator(_DateRule(self))

    def value(self) -> str:
        """Give the day as ISO text, or what was typed."""
        return written(self.text())

    def set_value(self, value: str) -> None:
        """Show a date; nothing is reported."""
        super().set_value(written(value))

    def commit(self) -> None:
        """Write the day out in full, then report it."""
        if self.text() != self.value():
            self._quiet = True
            self.setText(self.value())
            self._quiet = False
        super().commit()

    def inputMethodQuery(self, query: Qt.InputMethodQuery, _argument: Any = None) -> Any:
        """Switch the input method off for this field where the platform listens."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query)
