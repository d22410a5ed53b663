"""A form: groups of field rows, walked with Enter to the next field that is still needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from desktop_app.ui.units import column, row
from desktop_app.ui.views import State
from desktop_app.ui.widgets.choice import CheckInput, Derived
from desktop_app.ui.widgets.field import Control, FieldRow, GroupCell, values_of
from desktop_app.ui.widgets.labels import Hairline, Plain


class FieldGroup(QWidget):
    """A group of rows behind one head cell."""

    def __init__(self, title: str, form: Form, *, cell: int = 62) -> None:
        super().__init__(form)
        self._form = form
        line = row(self, 0)
        line.addWidget(GroupCell(title, self, width=cell))
        inner = Plain(self)
        self._rows = column(inner, 0, (0, 2, 0, 2))
        line.addWidget(inner, 1)

    def row(self, label: str) -> FieldRow:
        """Add a row."""
        made = FieldRow(label, self)
        self._rows.addWidget(made, 1)
        return made

    def add_widget(self, widget: QWidget) -> None:
        """Add a line that is no field."""
        self._rows.addWidget(widget)

    def field(
        self,
        label: str,
        control: QWidget,
        *,
        width: int = 0,
        narrow: int = 0,
        wanted: bool = True,
    ) -> FieldRow:
        """Add a row with one control and make it a field of the form."""
        made = self.row(label)
        self._form.put(made, control, width=width, narrow=narrow, wanted=wanted)
        return made


class Form(QWidget):
    """Groups of rows with one order of fields.

    ``changed`` and ``committed`` carry the name of a field and its bare value. ``filled`` tells
    that Enter found no field that still needs anything.
    """

    changed = Signal(str, str)
    committed = Signal(str, str)
    filled = Signal()
    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controls: dict[str, Control] = {}
        self._derived: dict[str, Derived] = {}
        self._rows: dict[str, FieldRow] = {}
        self._wanted: set[str] = set()
        self._refused: set[str] = set()
        self._active: FieldRow | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    def group(self, title: str, *, cell: int = 62, stretch: int = 0) -> FieldGroup:
        """Add a group; groups are parted by a hairline."""
        if self._layout.count():
            self._layout.addWidget(Hairline(self))
        made = FieldGroup(title, self, cell=cell)
        self._layout.addWidget(made, stretch)
        return made

    def put(
        self,
        line: FieldRow,
        control: QWidget,
        *,
        width: int = 0,
        narrow: int = 0,
        wanted: bool = True,
    ) -> None:
        """Add a control to a row and make it a field, under its object name.

        Enter stops at a ``wanted`` field that is blank; ticks and derived values are passed over
        unless they are wanted (a tick) or never (a derived value).
        """
        name = control.objectName()
        if not name or name in self._rows:
            raise ValueError(name)
        line.add(control, width, narrow)
        self._rows[name] = line
        if isinstance(control, Derived):
            self._derived[name] = control
            return
        if not isinstance(control, Control):
            raise TypeError(name)
        self._controls[name] = control
        if wanted:
            self._wanted.add(name)
        control.changed.connect(partial(self._tell_changed, name))  # type: ignore[attr-defined]
        control.committed.connect(  # type: ignore[attr-defined]
            partial(self._tell_committed, name)
        )

    def _tell_changed(self, name: str, value: str) -> None:
        """Pass a change on; a refusal stands until the value changes."""
        if name in self._refused:
            self.mark(name, None)
        self.changed.emit(name, value)

    def _tell_committed(self, name: str, value: str) -> None:
        """Pass a committed value on."""
        self.committed.emit(name, value)

    # --- values -----------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """List the fields a hand can fill, in order."""
        return tuple(self._controls)

    def control(self, name: str) -> Control:
        """Give the control of a field."""
        return self._controls[name]

    def line(self, name: str) -> FieldRow:
        """Give the row of a field."""
        return self._rows[name]

    def value(self, name: str) -> str:
        """Give the bare value of a field."""
        return self._controls[name].value()

    def values(self) -> Mapping[str, str]:
        """Give all bare values by name."""
        return values_of(self._controls)

    def set_values(self, values: Mapping[str, str]) -> None:
        """Show values without reporting them; names the form does not have are left alone."""
        for name, value in values.items():
            if name in self._controls:
                self._controls[name].set_value(value)

    def derive(self, name: str, value: str) -> None:
        """Show a value that follows from another field."""
        self._derived[name].set_value(value)

    def clear(self) -> None:
        """Empty all fields and checks."""
        for derived in self._derived.values():
            derived.set_value("")
        for name, control in self._controls.items():
            control.set_value("")
            self.mark(name, None)

    def mark(self, name: str, state: State | None, words: str = "", short: str = "") -> None:
        """Show the check of a field: done, needs (yellow), refused (red), or nothing."""
        loud = state in {State.NEEDS, State.REFUSED}
        if state is State.REFUSED:
            self._refused.add(name)
        else:
            self._refused.discard(name)
        if name in self._controls:
            self._controls[name].set_state(str(state) if loud and state else "")
        self._rows[name].say(state, words, short)

    def refuse(self, wrong: Mapping[str, str]) -> bool:
        """Mark all that is wrong, go to the first of it, and tell whether nothing is."""
        for name in self.names():
            if name in wrong:
                self.mark(name, State.REFUSED, wrong[name])
            elif name in self._refused:
                self.mark(name, None)
        if wrong:
            self.go_to(next(name for name in self.names() if name in wrong))
        return not wrong

    def want(self, name: str, *, wanted: bool) -> None:
        """Tell whether Enter stops at a field while it is blank."""
        if wanted:
            self._wanted.add(name)
        else:
            self._wanted.discard(name)

    # --- walking ----------------------------------------------------------------------------

    def _reachable(self, name: str) -> bool:
        """Tell whether a field can be entered now."""
        widget = self._widget(name)
        locked = isinstance(widget, QLineEdit) and widget.isReadOnly()
        return widget.isEnabled() and widget.isVisibleTo(self) and not locked

    def _widget(self, name: str) -> QWidget:
        """Give the control of a field as a widget."""
        control = self._controls[name]
        if not isinstance(control, QWidget):
            raise TypeError(name)
        return control

    def needed(self) -> tuple[str, ...]:
        """List the fields that still need a hand, in order."""
        return tuple(
            name
            for name, control in self._controls.items()
            if self._reachable(name)
            and (name in self._refused or (name in self._wanted and control.is_blank()))
        )

    def current(self) -> str:
        """Name the field that has the focus, or nothing."""
        focus = QApplication.focusWidget()
        for name in self._controls:
            if self._widget(name) is focus:
                return name
        return ""

    def go_to(self, name: str) -> None:
        """Put the caret into a field; what stands there is kept, not marked for overwriting."""
        self._widget(name).setFocus(Qt.FocusReason.OtherFocusReason)

    def go_first(self) -> None:
        """Put the caret into the first field that needs something, else into the first."""
        self.go_to(next(iter(self.needed() or self.names())))

    def advance(self) -> None:
        """Go to the next field still needed, from the top again after the last."""
        names = list(self._controls)
        here = names.index(self.current()) if self.current() else -1
        needed = [name for name in self.needed() if name != self.current()]
        after = [name for name in needed if names.index(name) > here]
        target = next(iter(after or needed), "")
        if target:
            self.go_to(target)
        else:
            self.filled.emit()

    def go_back(self) -> None:
        """Go to the field before, needed or not."""
        names = [name for name in self._controls if self._reachable(name)]
        here = self.current()
        if here in names and names.index(here) > 0:
            self.go_to(names[names.index(here) - 1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with Enter and Shift+Enter."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.go_back()
        else:
            self.advance()

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Let the row with the focus wear the band."""
        line = _row_of(now, self)
        if line is not self._active:
            if self._active is not None:
                self._active.set_active(active=False)
            self._active = line
            if line is not None:
                line.set_active(active=True)
        if line is not None:
            self.entered.emit(self.current())


def _row_of(widget: QWidget | None, within: QWidget) -> FieldRow | None:
    """Find the row a widget lies in, if it lies in the form."""
    found: FieldRow | None = None
    while widget is not None and widget is not within:
        if isinstance(widget, FieldRow):
            found = widget
        widget = widget.parentWidget()
    return found if widget is within else None


def first_blank(form: Form, names: Iterable[str]) -> str:
    """Name the first of some fields that is blank, or nothing."""
    return next((name for name in names if form.control(name).is_blank()), "")


def ticks(form: Form) -> tuple[str, ...]:
    """Name the fields that are ticks."""
    return tuple(name for name in form.names() if isinstance(form.control(name), CheckInput))
