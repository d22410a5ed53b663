"""Puts the pages of a seat together once somebody has logged in.

One entry a page: its key, icon, word, the seats it is for, and what makes it. A page that comes
later is one more function and one more line. Pages get service objects and know no workplace.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from desktop_app.domain.acts import Role
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.ui.changes import Changes
from desktop_app.ui.masthead_values import Numbers, masthead_view, read_numbers
from desktop_app.ui.notices import opening_banner
from desktop_app.ui.page import Page
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import clock_of
from desktop_app.ui.views import NavItem
from desktop_app.ui.window import Window

SCHOOL_SEATS = frozenset({"desk", "school"})
EVERY_SEAT = SCHOOL_SEATS | {"district"}
_MINUTE = 1000 * 15  # milliseconds between two looks at the clock


@dataclass(frozen=True, slots=True)
class Site:
    """What pages are made from."""

    workplace: Workplace
    tasks: Tasks
    window: Window
    changes: Changes


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the navigation."""

    key: str
    icon: str
    label: str
    make: Callable[[Site], Page]
    seats: frozenset[str] = EVERY_SEAT
    badge: Callable[[Numbers], int] | None = None


def _tr(words: str) -> str:
    return QCoreApplication.translate("Compose", words)


def entries() -> tuple[Entry, ...]:
    """List the pages in the order of the navigation."""
    return (Entry("exchange", "usb", _tr("交换"), _exchange),)


def _exchange(site: Site) -> Page:
    page = ExchangePage(ExchangeDesk(site.workplace), site.tasks)
    site.changes.when({"applicant", "acknowledgement"}, page.refresh, page)
    return page


class Composed(QObject):
    """The pages of an open workplace, its masthead and its badges."""

    def __init__(self, site: Site, listed: tuple[Entry, ...]) -> None:
        super().__init__(site.window)
        self.site = site
        self.pages = {entry.key: entry.make(site) for entry in listed}
        self._entries = listed
        self._numbers = Numbers()
        self._roles: frozenset[Role] = frozenset()
        self._counting = False
        self._again = False
        for page in self.pages.values():
            site.window.add_page(page)
        site.changes.changed.connect(self.count)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._clock.start(_MINUTE)
        self._show()

    def open_first(self) -> None:
        """Show the first page, with what should be known of the folder."""
        first = next(iter(self.pages.values()))
        self.site.window.open_page(first.nav_key)
        first.show_banner(opening_banner(self.site.workplace))
        self.count()

    def count(self) -> None:
        """Count anew on the worker thread; what changes meanwhile is counted once more."""
        if self._counting:
            self._again = True
            return
        self._counting = True
        self.site.tasks.run(self._read, self._take, on_finish=self._counted, owner=self)

    def _read(self, _progress: Progress) -> tuple[Numbers, frozenset[Role]]:
        """Read counts and roles (on the worker thread)."""
        workplace = self.site.workplace
        return read_numbers(workplace), self._roles or PeopleDesk(workplace).roles()

    def _take(self, found: tuple[Numbers, frozenset[Role]]) -> None:
        self._numbers, self._roles = found
        self._show()

    def _counted(self) -> None:
        self._counting = False
        if self._again:
            self._again = False
            self.count()

    def _show(self) -> None:
        """Show counts in masthead and navigation."""
        window, numbers = self.site.window, self._numbers
        window.set_masthead(masthead_view(self.site.workplace, self._roles, numbers))
        window.set_navigation(
            [
                NavItem(
                    entry.key,
                    entry.icon,
                    entry.label,
                    entry.badge(numbers) if entry.badge is not None else 0,
                )
                for entry in self._entries
            ]
        )

    def _tick(self) -> None:
        """Keep the clock right."""
        self.site.window.masthead.set_clock(clock_of(datetime.now().astimezone()))


def compose(workplace: Workplace, tasks: Tasks, window: Window) -> Composed:
    """Make the pages of a seat and show the first."""
    changes = Changes(window)
    workplace.listeners.append(changes.tell)
    site = Site(workplace, tasks, window, changes)
    listed = tuple(one for one in entries() if workplace.seat.kind in one.seats)
    composed = Composed(site, listed)
    composed.open_first()
    return composed
