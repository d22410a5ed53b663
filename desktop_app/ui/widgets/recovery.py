"""A recovery code 恢复码: shown once, and proved to be on paper by typing two groups back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.ui.units import column
from desktop_app.ui.views import State
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Sheet

CELL = 104
# What is read off paper for what was printed; the alphabet of printed codes has no I, L, O.
_CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def plain_code(typed: str) -> str:
    """Bring a typed code to the letters that were printed."""
    return typed.upper().translate(_CONFUSED)


def _sign(place: int) -> str:
    """Give the circled number of a group; nobody takes it for a part of the code."""
    return chr(ord("①") + place)


class RecoverySheet(Sheet):
    """The recovery code 恢复码, shown once, and the fields that prove it was written down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 14, (24, 20, 24, 20))
        lines.addWidget(Text(self.tr("把恢复码抄在纸上"), "page", self))
        words = self.tr(
            "只显示这一次。一组一组抄好（圈里的数是第几组），装进信封，封口签名，交负责人保管。"
            "密码全忘了时，只有它能打开资料。"
        )
        lines.addWidget(Text(words, "body", self, wrap=True))
        self._code = Text("", "big", self, wrap=True)
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        lines.addWidget(self._code)
        self.form = Form(self)
        group = self.form.group(self.tr("照纸输回"), cell=CELL)
        self._fields = [TextInput(self, name="first"), TextInput(self, name="second")]
        self._rows = [group.field("", field, width=200) for field in self._fields]
        lines.addWidget(self.form)
        lines.addStretch(1)
        self._groups: list[str] = []
        self._asked: list[int] = []

    def show_code(self, code: str) -> None:
        """Show the code and ask for its second and its last group."""
        self._groups = code.split("-")
        self._asked = [1, len(self._groups) - 1]
        # A number and its group stay together where the line breaks.
        numbered = (f"{_sign(place)}\u00a0{group}" for place, group in enumerate(self._groups))
        self._code.setText("  ".join(numbered))
        for line, place in zip(self._rows, self._asked, strict=True):
            line.set_label(self.tr("第 {place} 组").format(place=place + 1))
        self.form.go_first()

    def confirmed(self) -> bool:
        """Tell whether the groups were typed back; marks those that were not."""
        right = True
        for field, place in zip(self._fields, self._asked, strict=True):
            same = plain_code(field.value()) == plain_code(self._groups[place])
            words = self.tr("一致") if same else self.tr("不一样，请看纸")
            self.form.mark(field.objectName(), State.DONE if same else State.REFUSED, words)
            right = right and same
        if not right:
            self.form.go_first()
        return right

    def forget(self) -> None:
        """Take the code off the screen for good."""
        self._groups = []
        self._code.setText("")
        self.form.clear()
