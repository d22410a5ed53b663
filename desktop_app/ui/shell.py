"""The shell around the pages of an open workplace: masthead, navigation, badges, clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from desktop_app.domain.acts import Role
from desktop_app.services.calendar import stray_year
from desktop_app.services.workplace import Workplace
from desktop_app.ui.masthead_values import Numbers, masthead_view, read_numbers
from desktop_app.ui.notices import opening_banner
from desktop_app.ui.package_news import PackageNews, Said
from desktop_app.ui.page import Page
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import clock_of
from desktop_app.ui.views import NavItem, State
from desktop_app.ui.waiting import waiting_banner
from desktop_app.ui.window import Window

_BETWEEN = 100  # milliseconds between the making of two pages
_CLOCK = 15_000  # milliseconds between two looks at the clock


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the navigation; ``badge`` counts what waits there."""

    key: str
    icon: str
    label: str
    make: Callable[[], Page]
    badge: Callable[[Numbers], int] | None = None
    place: int = 0
    """Its place in the navigation from 1, where entries before it are left out."""


class Shell(QObject):
    """Makes the pages, shows the first, and keeps counts and clock right."""

    def __init__(
        self,
        workplace: Workplace,
        roles: frozenset[Role],
        tasks: Tasks,
        window: Window,
        entries: Sequence[Entry],
    ) -> None:
        """Take the workplace, who sits there, and the pages to be made."""
        super().__init__(window)
        self._workplace = workplace
        self._roles = roles
        self._tasks = tasks
        self._window = window
        self._entries = tuple(entries)
        self._numbers = Numbers()
        self._known = False
        self._counting = False
        self._again = False
        self._told_spare: bool | None = None
        self._packages = PackageNews(workplace)
        self._unsaid: list[Said] = []
        window.strip.fell_silent.connect(self._say_next)
        for entry in self._entries:
            window.promise_page(entry.key, entry.make)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._clock.start(_CLOCK)
        self._show()

    @property
    def pages(self) -> dict[str, Page]:
        """Give every page by its key, making those that nobody has wanted yet."""
        found = {entry.key: self._window.page_of(entry.key) for entry in self._entries}
        return {key: page for key, page in found.items() if page is not None}

    def open_first(self) -> None:
        """Show the first page, with what should be known of the folder; then the rest."""
        self._window.open_page(self._first_key())
        banner = opening_banner(self._workplace)
        if not self._roles and (banner is None or banner.state is State.WAITING):
            banner = waiting_banner(district=self._workplace.seat.kind == "district")
        if banner is not None and self._window.page is not None:
            self._window.page.show_banner(banner)
        self._mind_the_clock()
        QTimer.singleShot(_BETWEEN, self, self._go_on)

    def _first_key(self) -> str:
        """Name the page to begin with: who only reviews has nothing to do at the empty form."""
        only_reviews = self._roles == frozenset({Role.REVIEWER})
        wanted = (one.key for one in self._entries if only_reviews and one.key == "review")
        return next(wanted, self._entries[0].key)

    def _mind_the_clock(self) -> None:
        """Say once in the strip that the clock stands in another year than the season."""
        season = self._workplace.policy.season_year
        year = stray_year(season)
        if year and self._workplace.seat.kind != "district":
            words = self.tr("电脑日期是 {year} 年，这一季是 {season} 年秋季").format(
                year=year, season=season
            )
            now = self.tr("请核对电脑时钟；补交期限照这一季的日子，不按今天往后数")
            self._window.say(State.NEEDS, words, now)

    def _go_on(self) -> None:
        """Make one page that waits, a while after the one before; at last count.

        Doing all of it before the first page is shown would keep whoever has logged in waiting.
        Once the screen is locked nothing more is done.
        """
        page, waiting = self._window.page, self._window.promised
        if page is None or page.bare:
            return
        if waiting:
            self._window.page_of(waiting[0])
            QTimer.singleShot(_BETWEEN, self, self._go_on)
        else:
            self.count()

    def count(self) -> None:
        """Count anew on the worker thread; what changes meanwhile is counted once more."""
        if self._tasks.closed:
            return
        if self._counting:
            self._again = True
            return
        self._counting = True
        self._tasks.run(
            lambda _: read_numbers(self._workplace),
            self._take,
            on_finish=self._counted,
            owner=self,
        )

    def _take(self, numbers: Numbers) -> None:
        """Show other counts."""
        self._numbers, self._known = numbers, True
        self._show()
        self._mind_the_numbers()
        self._unsaid += self._packages.fresh(numbers.packages)
        self._say_next()

    def _say_next(self) -> None:
        """Say of policy packages what was not said yet, each once the strip is silent."""
        if self._unsaid and not self._window.strip.speaking:
            self._window.say(State.NEEDS, *self._unsaid.pop(0))

    def _mind_the_numbers(self) -> None:
        """Say once that receipt numbers run out, and once that they have; nobody is turned away."""
        block = self._numbers.block
        if block is None or not block.is_low or block.spare is self._told_spare:
            return
        self._told_spare = block.spare
        what = self.tr("回执号只剩 {left} 个了，照常登记").format(left=block.left)
        now = self.tr("请向区招生办要一张新的接入票，在“接入区局”用上")
        if block.spare:
            what = self.tr("区里给的回执号用完了，已改用本机备用号，照常登记")
        self._window.say(State.NEEDS, what, now)

    def _counted(self) -> None:
        """Count once more where something changed meanwhile."""
        self._counting = False
        if self._again:
            self._again = False
            self.count()

    def _show(self) -> None:
        """Show counts in masthead and navigation."""
        numbers = self._numbers
        view = masthead_view(self._workplace, self._roles, numbers)
        if not self._known:  # nought would be a statement
            counters = tuple(replace(one, number=None) for one in view.counters)
            view = replace(view, counters=counters, exchange="")
        self._window.set_masthead(view)
        self._window.set_navigation(
            [
                NavItem(
                    entry.key,
                    entry.icon,
                    entry.label,
                    entry.badge(numbers) if entry.badge is not None else 0,
                    entry.place,
                )
                for entry in self._entries
            ]
        )

    def _tick(self) -> None:
        """Keep the clock right."""
        self._window.masthead.set_clock(clock_of(datetime.now().astimezone()))
