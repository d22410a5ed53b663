"""The laptops of the whole site, and how they come and go: what every rule stands on."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import ProductError
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.security import computer
from desktop_app.services.people import PeopleDesk
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace
from desktop_app.storage import journal
from desktop_app.sync.inbox import TakenIn
from tests.story.site_checks import children, known
from tests.sync.site import (
    OTHER_SCHOOL,
    PASSWORD,
    SCHOOL,
    Site,
    feed_of,
    hand,
    register,
    reply,
    shipped_policy,
    take,
)

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
CHILDREN = 2
"""Registered at each laptop before the first day."""
LEAD, SECOND = "赵志强", "王秀英"
DAY = 24 * 3600 * 1000
SCHOOLS = (SCHOOL, SCHOOL, SCHOOL, OTHER_SCHOOL, OTHER_SCHOOL)
WHICH = st.integers(min_value=0, max_value=len(SCHOOLS) - 1)
SOMEBODY = st.integers(min_value=-1, max_value=len(SCHOOLS) - 1)
"""A laptop, or the district."""
EITHER = st.sampled_from([SCHOOL, OTHER_SCHOOL])
ANY = st.integers(min_value=0, max_value=10**6)

Places = tuple[int, tuple[int, int]]
"""How a file system knows this computer's own folder."""


@dataclass
class Desk:
    """One laptop: where it is, and what it remembers of itself."""

    workplace: Workplace
    backup: Path | None = None
    disk: Path | None = None
    """The other one of two equal disks, shut; whichever is not in use."""

    @property
    def school(self) -> str:
        return self.workplace.seat.scope

    @property
    def feed(self) -> str:
        return feed_of(self.workplace)


class Desks(RuleBasedStateMachine):
    """A district and five laptops of two schools, and a clock that may be wrong."""

    driven = 0
    """Steps of all runs so far."""

    @initialize()
    def found(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.offset = 0
        self.same: dict[Path, Places] = {}
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(journal, "wall_milliseconds", self.wrong_time)
        self.really = computer._place
        self.patch.setattr(computer, "_place", self.place_of)
        self.site = Site(self.folder / "site", shipped_policy())
        self.site.folder.mkdir()
        self.district = self.site.found()
        self.desks = [
            Desk(self.site.laptop(self.district, f"laptop {n}", school))
            for n, school in enumerate(SCHOOLS)
        ]
        for desk in self.desks:
            PeopleDesk(desk.workplace).add(SECOND, PASSWORD, {Role.REGISTRAR})
            for _ in range(CHILDREN):
                register(desk.workplace, id_number="")
        self.pile: list[Path] = []
        self.ended: set[str] = set()
        self.names = 0
        for desk in self.desks:
            take(self.district, hand(desk.workplace, self.fresh()).path)
        for school in (SCHOOL, OTHER_SCHOOL):  # so that many know the same, and may disagree
            self.take_home(school)

    @invariant()
    def count(self) -> None:
        Desks.driven += 1

    def wrong_time(self) -> int:
        return wall_milliseconds() + self.offset

    @rule(days=st.sampled_from([-4000, -2, 0, 0, 1, 3, 9000]))
    def set_the_clock(self, days: int) -> None:
        self.offset = days * DAY

    def fresh(self) -> Path:
        self.names += 1
        place = self.folder / f"place {self.names}"
        place.mkdir()
        return place

    def stick(self, school: str) -> Path:
        return self.folder / f"stick {school}"

    def child(self, desk: Desk, chance: int) -> str | None:
        rows = children(desk.workplace, desk.school)
        return rows[chance % len(rows)] if rows else None

    def who(self, which: int) -> Workplace:
        return self.district if which < 0 else self.desks[which].workplace

    def revoked(self, desk: Desk) -> bool:
        return desk.feed in self.ended

    def bring(self, workplace: Workplace, path: Path) -> list[TakenIn]:
        """Take a bundle in: what was held before is held after it, in the log or apart."""
        before = known(workplace)
        taken = take(workplace, path)
        assert before <= known(workplace), "something is held no more"
        return taken

    def take_home(self, school: str) -> None:
        """Bring the district's answer to a school; where all laptops are ended nobody is served."""
        desks = [desk for desk in self.desks if desk.school == school]
        with told_no(*(["bundle.nobody_there"] if all(map(self.revoked, desks)) else [])):
            back = reply(self.district, self.fresh(), school).path
            for desk in desks:
                self.bring(desk.workplace, back)

    # --- folders that are shut and opened -----------------------------------------------------

    def place_of(self, folder: Path) -> Places:
        """Give the names of a disk's folders; a copy of the whole disk has the same ones."""
        return self.same[folder] if folder in self.same else self.really(folder)

    def leave(self, desk: Desk) -> Path:
        desk.workplace.close()
        self.site.opened.remove(desk.workplace)
        return desk.workplace.folder

    def open(self, folder: Path) -> Workplace:
        return self.enter(open_workplace(folder, LEAD, PASSWORD, self.site.policy))

    def enter(self, workplace: Workplace) -> Workplace:
        self.site.opened.append(workplace)
        return workplace

    def succeed(self, desk: Desk) -> None:
        """Copy the data folder to another computer, which goes on under a new feed."""
        lost, old = desk.feed, self.leave(desk)
        target = self.fresh() / "copied"
        shutil.copytree(old, target)
        desk.workplace = self.open(target)
        assert desk.feed != lost


@contextlib.contextmanager
def told_no(*codes: str) -> Iterator[None]:
    """Let the program refuse for one of these reasons, and for no other."""
    try:
        yield
    except ProductError as error:
        if error.code not in codes:
            raise
