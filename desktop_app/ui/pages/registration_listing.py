"""The list of primary graduates in a junior school's form: found by a few keys, it fills the rest.

A child is found by pinyin, name or the tail of a number; what the list knows is filled at once and
Enter goes on to what it does not know. What the roll says of the child is locked; the family's
papers count, and a field is opened with a reason (``registration_faults``).
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from desktop_app.domain.list_faults import FAULTS
from desktop_app.services.arrivals import ArrivalDesk, Book
from desktop_app.ui.pages.registration_choices import graduate_options
from desktop_app.ui.pages.registration_parts import RegistrationParts
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import Option, State

GRADUATE = "graduate"
_RESIDENT_LENGTH = 18


class ListLink(QObject):
    """Fills the form of a registration page from the list, and keeps the list fresh."""

    def __init__(
        self, page: RegistrationParts, desk: ArrivalDesk, book: Book, tasks: Tasks
    ) -> None:
        """Follow the form; ``book`` is the list as it stands now."""
        super().__init__(page)
        self._page, self._desk, self._tasks = page, desk, tasks
        self._book = book
        self._filling = False
        page.live.fill_of = self._fill_of
        page.form.changed.connect(self._changed)

    def refresh(self) -> None:
        """Read the list anew: a bundle came, or a child was registered."""

        def read(_progress: object) -> tuple[Book, tuple[Option, ...]]:
            book = self._desk.book()
            return book, graduate_options(book.entries)

        self._tasks.run(read, self._take, owner=self)

    def _take(self, found: tuple[Book, tuple[Option, ...]]) -> None:
        self._book = found[0]
        self._page.form.offer_graduates(found[1])

    def _fill_of(self, entry: str) -> Mapping[str, str]:
        return self._book.fills.get(entry, {})

    def _changed(self, name: str, value: str) -> None:
        """Fill the form when a child was chosen, or when a whole number is one of the list."""
        if self._filling or self._page.live.case.amends or not self._page.form.lists_graduates:
            return
        self._page.live.listed.discard(name)
        if name == GRADUATE:
            self._fill(value)
        elif name == "id_number" and len(value) == _RESIDENT_LENGTH:
            found = "" if self._page.form.value(GRADUATE) else self._book.by_number(value)
            if found:
                self._page.form.set_values({GRADUATE: found})
                self._fill(found)

    def _fill(self, entry: str) -> None:
        """Fill what the list knows; what another entry filled before and nobody changed goes."""
        page = self._page
        fill = dict(self._book.fills.get(entry, {}))
        values = dict.fromkeys(page.live.listed, "") | fill
        if "hukou_address" in fill:
            values.setdefault("hukou_village", "")  # carried over, it would be another child's
        self._filling = True
        try:
            page.live.case.marks.pop(FAULTS, None)
            page.form.set_values(values)
            page.form.follow()
            page.live.listed = {name for name in fill if name != GRADUATE}
            page.live.carried = {
                name: text for name, text in page.live.carried.items() if name not in values
            }
            page.form.changed.emit(GRADUATE, entry)
            page.form.committed.emit(GRADUATE, entry)
        finally:
            self._filling = False
        if fill:
            known = next((one for one in self._book.entries if one.record == entry), None)
            come = known is not None and known.come
            words = self.tr("名单上这个孩子已经登记过，按 F5 查重") if come else ""
            words = words or self.tr("名单带出 {count} 格，请对证件").format(count=len(fill) - 1)
            page.said.emit(State.NEEDS if come else State.DONE, words, "")
