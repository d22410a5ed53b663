"""What the two ways to join share: a form whose first field is a file that lies on the stick."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop_app.ui.exchanging import ExchangingPage, Find
from desktop_app.ui.look import Shape, look
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import Option, State
from desktop_app.ui.widgets.form import FieldGroup, Form
from desktop_app.ui.widgets.formats import NumberFormat
from desktop_app.ui.widgets.inputs import NumberInput
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.pick import PickInput

FILE = "file"
CELL = 104


class StickFormPage(ExchangingPage):
    """A file that is found on the stick, and what is read off paper or heard by telephone."""

    def __init__(self, tasks: Tasks, find: Find, parent: QWidget | None = None) -> None:
        """Take the door to the worker thread, and what finds sticks."""
        super().__init__(tasks, find, parent)
        self._typed: dict[str, NumberFormat] = {}
        self._files: tuple[Path, ...] = ()
        self.panel = Panel("")
        self.form = Form(self.panel)
        self.notes: list[Text] = []

    # --- what a page fills in ---------------------------------------------------------------

    def files_in(self, _place: Path) -> Sequence[Path]:
        """Name the files in a folder that may be chosen (on the worker thread)."""
        return ()

    def found_words(self, count: int) -> str:
        """Say how many files were found, or that there is none."""
        return str(count)

    @property
    def missing_words(self) -> str:
        """Say what to do where no file is chosen."""
        return ""

    # --- layout -----------------------------------------------------------------------------

    def offer_file(self, label: str) -> None:
        """Begin the form with the file."""
        stick = self.form.group(self.tr("U 盘上"), cell=CELL)
        stick.field(label, PickInput(name=FILE), width=330, narrow=326)

    def ask_typed(self, group: FieldGroup, name: str, label: str, rule: NumberFormat) -> None:
        """Ask for a number by hand, all of its groups in sight at once for comparing."""
        made = NumberInput(rule, name=name)
        made.setProperty("r", "input")
        group.field(label, made, width=330, narrow=326)
        self._typed[name] = rule

    def arrange(self) -> None:
        """Leave the notes out at the largest type."""
        narrow = look().shape is Shape.NARROW
        for note in self.notes:
            note.setVisible(not narrow)
        self.panel.set_head_visible(visible=not narrow)

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("Enter 到下一个还需填的格")

    # --- the file ---------------------------------------------------------------------------

    def read_place(self) -> None:
        """Look for files where the stick is, or in the folder that was typed."""
        self.list_place(self.files_in, self.take_files)

    def take_files(self, found: Sequence[Path]) -> None:
        """Offer the files that were found; the first is chosen until another is."""
        if tuple(found) == self._files:
            return
        self._files = tuple(found)
        options = [Option(str(path), path.name, (), str(path.parent)) for path in self._files]
        control = self.form.control(FILE)
        if not isinstance(control, PickInput):
            raise TypeError(control)
        control.set_options(options)
        if options and control.value() not in {one.code for one in options}:
            control.set_value(options[0].code)
        state = State.DONE if options else State.UNFINISHED
        self.form.mark(FILE, state, self.found_words(len(options)))
        if control.hasFocus() and options:
            self.form.advance()

    def place_entered(self) -> None:
        """Go from the place to the first field that is still needed."""
        self.form.go_first()

    # --- what was filled in -----------------------------------------------------------------

    def is_right(self) -> bool:
        """Tell whether the form may be sent; everything that is wrong is marked at once."""
        values = self.form.values()
        wrong = {} if values[FILE] else {FILE: self.missing_words}
        for name, rule in self._typed.items():
            short = rule.length - len(values[name])
            if short:
                wrong[name] = self.tr("还差 {count} 位").format(count=short)
        if self.form.refuse(wrong):
            return True
        if FILE in wrong and not self._files:
            self.place.ask()
        return False

    def forget_typed(self) -> None:
        """Empty what was typed, and take the marks away."""
        for name in self.form.names():
            self.form.mark(name, None)
        self.form.set_values(dict.fromkeys(self._typed, ""))
