"""A field whose value is one of a list, typed by pinyin initials, code or characters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from desktop_app.ui.icons import icon_pixmap
from desktop_app.ui.look import look
from desktop_app.ui.views import Option
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.matching import digit_chooses, find_options, plain_query
from desktop_app.ui.widgets.picklist import VISIBLE, PickList

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}


_NUMBER = 3
"""So many digits in a row are a number that was meant for another field."""
_DOOR_SIGNS = ("组", "号", "队", "-")


class PickInput(TextInput):
    """A pick field: its value is the code of an entry, what stands in it is the label.

    The list opens on typing or with the Down key, takes Enter, a digit or a click, and closes with
    Esc, which brings the former value back, marked, so that the next key types anew. Emptied by
    hand it has no value. What matches nothing never becomes a value.
    """

    number_typed = Signal(str)
    """Digits in a row, which are no choice; the former value stands again."""
    let_go = Signal(str)
    """What was typed, chose nothing, and was left; the former value stands again."""

    def __init__(
        self, options: Sequence[Option] = (), parent: QWidget | None = None, *, name: str = ""
    ) -> None:
        super().__init__(parent, name=name)
        self.setProperty("r", "pick")
        self._options = tuple(options)
        self._chosen: Option | None = None
        self._list: PickList | None = None
        self._watched: tuple[QObject, ...] = ()
        self._stepped = False
        self.passes_numbers = self.passes_doors = False
        """Whether a number, or a door as in 3组 or 3-27, typed here belongs into another field."""
        self._run, self._before_run = "", ""
        self.nothing = ""
        """What the list says where nothing matches, in place of its general hint."""
        self.textEdited.connect(self._edited)

    @property
    def chosen(self) -> Option | None:
        """Tell the entry chosen."""
        return self._chosen

    @property
    def options(self) -> tuple[Option, ...]:
        """Give the entries that are offered."""
        return self._options

    @property
    def unsettled(self) -> str:
        """Tell what is typed here and chooses nothing, or more than one entry."""
        typed = self._typed()
        return "" if not typed or self._meant(typed) is not None else typed

    @property
    def is_open(self) -> bool:
        """Tell whether the list is open."""
        return self._list is not None and self._list.isVisible()

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other entries; a value that is no longer among them is dropped."""
        code = self.value()
        self._options = tuple(options)
        self.set_value(code)

    def value(self) -> str:
        """Give the code chosen, or nothing."""
        return self._chosen.code if self._chosen is not None else ""

    def set_value(self, value: str) -> None:
        """Choose by code; nothing is reported."""
        self._chosen = next((one for one in self._options if one.code == value), None)
        super().set_value(self._chosen.label if self._chosen is not None else "")
        self.setCursorPosition(0)

    def _text_changed(self) -> None:
        """Report nothing while a query is typed; `_choose` reports the choice."""

    # --- the list ---------------------------------------------------------------------------

    def _edited(self, text: str) -> None:
        """Open the list on what has been typed."""
        self._stepped = False
        if not text and self._list is None:
            return
        found = find_options(self._options, text)
        placed = () if found else self._at_place(text)
        if placed:
            self._choose(placed[0])
            self.commit()
            return
        self._open(found)

    def _at_place(self, text: str) -> tuple[Option, ...]:
        """Give the entry a digit means where no code begins so: its place in the whole list."""
        place = _digit(text)
        return self._options[max(0, place - 1) : place] if 0 < place <= VISIBLE else ()

    def _open(self, shown: tuple[Option, ...]) -> None:
        """Show the list with some entries."""
        if self._list is None:
            self._list = PickList(self.window())
            self._list.nothing = self.nothing
            self._list.picked.connect(self._choose)
            self._watch()
        self._list.set_options(shown, self._chosen if not self._typed() else None)
        self._list.set_numbered(numbered=self._digits_choose("1"))
        self._list.place_under(self)
        self._list.show()
        self.update()

    def _typed(self) -> str:
        """Tell what is typed over the label of the value."""
        label = self._chosen.label if self._chosen is not None else ""
        return "" if self.text() == label else self.text()

    def _watch(self) -> None:
        """Follow moves of the field within the window, so that the list stays under it."""
        parents: list[QObject] = []
        parent = self.parentWidget()
        while parent is not None:
            parents.append(parent)
            parent.installEventFilter(self)
            parent = None if parent.isWindow() else parent.parentWidget()
        self._watched = tuple(parents)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lay the list out again when something it hangs on moved."""
        moved = event.type() in {QEvent.Type.Move, QEvent.Type.Resize}
        if moved and self._list is not None and self._list.isVisible():
            self._list.place_under(self)
        return super().eventFilter(watched, event)

    def close_list(self) -> None:
        """Put the list away."""
        for parent in self._watched:
            parent.removeEventFilter(self)
        self._watched = ()
        if self._list is not None:
            self._list.hide()
            self._list.deleteLater()
            self._list = None
        self._stepped = False
        self.update()

    def _choose(self, option: object) -> None:
        """Take an entry as the value."""
        if not isinstance(option, Option):
            raise TypeError(option)
        before = self.value()
        self._chosen = option
        self._restore()
        if option.code != before:
            self.changed.emit(option.code)

    def _restore(self) -> None:
        """Bring the label of the value back; while the caret is here, typing replaces it."""
        self._quiet = True
        self.setText(self._chosen.label if self._chosen is not None else "")
        self._quiet = False
        self.setCursorPosition(0)
        self.close_list()
        if self.hasFocus():
            self.selectAll()

    def _settle(self) -> None:
        """Decide what a typed query means when the field is left: one match, or none."""
        query = plain_query(self._typed())
        if self._chosen is not None and not self.text():
            self._clear()
            return
        if not query:
            self._restore()
            return
        meant = self._meant(query)
        if meant is not None:
            self._choose(meant)
        else:
            self._restore()
            self.let_go.emit(query)

    def _meant(self, typed: str) -> Option | None:
        """Give the one entry that is meant by what is typed, or nothing."""
        query = plain_query(typed)
        found = find_options(self._options, query)
        exact = [one for one in found if query in {one.code.lower(), plain_query(one.label)}]
        return (exact or list(found))[0] if len(found) == 1 or len(exact) == 1 else None

    def _clear(self) -> None:
        """Drop the value: the field was emptied by hand."""
        self._chosen = None
        self.close_list()
        self.changed.emit("")

    # --- keys and mouse ---------------------------------------------------------------------

    def _digits_choose(self, digit: str) -> bool:
        """Tell whether a digit chooses now."""
        typed = self._typed()
        return digit_chooses(self._options, typed, digit, stepped=self._stepped)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steer the list; everything else is typing."""
        if self._is_number(event):
            event.accept()
            return
        if not self.composing and self._steer(event):
            event.accept()
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not self.composing:
            if self._is_unknown():
                event.accept()  # what stands here is nothing: the list says so, the caret stays
                return
            self._enter()
        super().keyPressEvent(event)

    def _is_number(self, event: QKeyEvent) -> bool:
        """Follow digits typed in a row; give them away once they plainly are no choice."""
        if event.text() == "-" and self._run and self.passes_doors:
            self._pass_on(self._run + "-")
            return True
        if _digit(event.text()) < 0 or (self.is_open and self._stepped):
            self._run = ""
            return False
        self._before_run = self._before_run if self._run else self.value()
        self._run += event.text()
        if len(self._run) < _NUMBER or not self.passes_numbers:
            return False
        self._pass_on(self._run)
        return True

    def _pass_on(self, typed: str) -> None:
        """Give away what was typed for another field; the former value stands again."""
        self._run = ""
        self.close_list()
        self.set_value(self._before_run)
        self.number_typed.emit(typed)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Take words; those that make a door of the digits before them belong elsewhere."""
        words = event.commitString()
        if self._run and self.passes_doors and words.startswith(_DOOR_SIGNS):
            super().inputMethodEvent(QInputMethodEvent("", []))  # nothing is composed any more
            self._pass_on(self._run + words)
            return
        super().inputMethodEvent(event)

    def _is_unknown(self) -> bool:
        """Tell whether the open list has nothing for what is typed."""
        return bool(self._typed()) and self._list is not None and self._list.current is None

    def _enter(self) -> None:
        """Take the current entry of the open list; the form then moves on."""
        current = self._list.current if self._list is not None else None
        if current is not None and (self._typed() or self._stepped):
            self._choose(current)
        elif self._chosen is not None and not self.text():
            self._clear()
        else:
            self._restore()

    def _steer(self, event: QKeyEvent) -> bool:
        """Handle a key of the list; tell whether it was one."""
        key = event.key()
        step = _STEPS.get(Qt.Key(key))
        if step is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._step(step)
            return True
        if not self.is_open or self._list is None:
            return False
        if key == Qt.Key.Key_Escape:
            self._restore()
            return True
        digit = _digit(event.text())
        if digit >= 0 and self._digits_choose(str(digit)):
            option = self._list.numbered(digit)
            if option is not None:
                self._choose(option)
                self.commit()
            return True
        return False

    def _step(self, by: int) -> None:
        """Open the list, or move in it; from now on digits choose."""
        opening = not self.is_open
        if opening:
            self._open(find_options(self._options, self._typed()))
        self._stepped = True
        if self._list is not None:
            self._list.set_numbered(numbered=True)
            if not opening:
                self._list.step(by)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the list with the mouse too."""
        super().mousePressEvent(event)
        if not self.is_open and not self.isReadOnly():
            self._step(1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the label, so that typing replaces it."""
        super().focusInEvent(event)
        self._run = ""
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Settle the query when the field is left."""
        self._settle()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Never leave a list behind."""
        self.close_list()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and its chevron."""
        super().paintEvent(event)
        now = look()
        side = now.u(18)
        name = "chevron-up" if self.is_open else "chevron-down"
        arrow = icon_pixmap(name, side, now.hex("ink2"), self.devicePixelRatioF())
        painter = QPainter(self)
        spot = QPoint(self.width() - side - now.u(8), (self.height() - side) // 2)
        painter.drawPixmap(spot, arrow)
        painter.end()


def _digit(text: str) -> int:
    """Give the digit a text is, -1 where it is none."""
    return int(text) if len(text) == 1 and text.isascii() and text.isdigit() else -1
