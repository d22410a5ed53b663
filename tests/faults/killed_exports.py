"""A child program that is killed in the midst of an export, at its n-th write, fsync or rename.

It runs with ``failing.c`` loaded before libc. Every round is a process of its own that opens the
laptop's folder; whatever the kill has left is looked at by another. One line of JSON per kill tells
what was found.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from desktop_app.security import kdf
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.sync import writing
from desktop_app.sync.outbox import WORK
from desktop_app.sync.verifying import verify_workplace
from tests.faults.failing_calls import KINDS, say
from tests.sync.site import Site, content, feed_of, hand, register_pages, shipped_policy, take

POINTS = KINDS["write"] | KINDS["sync"] | KINDS["rename"]
PAGES, PAGE = 4, 5000


class Stick:
    """A school, its district and the stick between them, each opened by whoever works there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "stick"
        self.path.mkdir(exist_ok=True)
        self.note = folder / "taken-off"
        self.libc = ctypes.CDLL(None)

    @property
    def taken_off(self) -> int:
        """Give the number of the last bundle that was taken off the stick."""
        return int(self.note.read_text()) if self.note.exists() else 0

    def site(self) -> Site:
        return Site(self.folder / "site", shipped_policy())

    def found(self) -> None:
        """Set up, and hand over once: a laptop's first export is like no other."""
        site = self.site()
        site.folder.mkdir()
        laptop = site.laptop(site.found(), "laptop")
        register_pages(laptop, [bytes([n]) * PAGE for n in range(PAGES)])
        hand(laptop, self.path)
        site.close()

    def export(self, nth: int) -> int:
        """Export, killed at the n-th point; give how many points there were."""
        laptop = self.site().reopen("laptop")
        self.libc.fault_arm(
            str(self.folder).encode(), POINTS, ctypes.c_long(nth), -signal.SIGKILL, 0
        )
        hand(laptop, self.path)
        return int(self.libc.fault_seen())

    def look(self) -> None:
        """Judge what a kill has left, and let the next export repair it."""
        site = self.site()
        laptop, district = site.reopen("laptop"), site.reopen("district")
        assert laptop.succeeded is None, "the computer took itself for another"
        before = self.carried(laptop)
        made = hand(laptop, self.path)
        assert self.carried(laptop) == before + 1, "the next export is not noted"
        assert not list(self.path.glob("*.part")), "half a file stayed on the stick"
        work = laptop.folder / WORK
        assert not work.exists() or not list(work.iterdir()), "scratch files stayed"
        flaws = verify_workplace(laptop, Progress()).flaws
        assert not flaws, f"flaws: {flaws}"
        taken = take(district, self.path)
        assert {one.outcome for one in taken} == {"taken_in"}, [one.reason for one in taken]
        feed = feed_of(laptop)
        assert content(district)[feed] == content(laptop)[feed], "the district holds something else"
        assert set(district.scans.digests()) == set(laptop.scans.digests()), "pages are missing"
        for path in self.path.glob("*.enb"):
            path.unlink()
        self.note.write_text(str(made.number))
        for digest in list(district.scans.digests()):
            district.scans.path(digest).unlink()
        site.close()

    def carried(self, laptop: Workplace) -> int:
        """Count what is noted as carried; what was noted since the last look lies there, whole."""
        with laptop.database.read() as connection:
            noted = exchange.carried_bundles(connection)
        for one in noted:
            if one.number > self.taken_off:
                data = (self.path / one.name).read_bytes()
                assert hashlib.sha256(data).hexdigest() == one.digest, "carried, and not there"
        return len(noted)


def apart(act: Callable[[], object]) -> tuple[int, str]:
    """Do something in a process of its own; give how that ended, and what it said."""
    hear, tell = os.pipe()
    child = os.fork()
    if not child:
        said = ""
        try:
            said = str(act() or "")
        except BaseException as error:  # noqa: BLE001 - a bug's exception is what is looked for
            place = traceback.extract_tb(error.__traceback__)[-1]
            said = f"wrong {type(error).__name__}: {error} at {place.filename}:{place.lineno}"
        os.write(tell, said.encode())
        os._exit(0)
    os.close(tell)
    with os.fdopen(hear, "rb") as listening:
        told = listening.read().decode()
    return os.waitpid(child, 0)[1], told


def main(folder: Path, every: int) -> None:
    """Kill at every n-th point of an export; each point once where ``every`` is 1."""
    kdf.STANDARD = kdf.Cost(memory=8, passes=1, lanes=1)
    writing.LARGEST_VOLUME = 40_000  # so that the pages need a volume of their own
    stick = Stick(folder)
    for act in (stick.found, stick.look):
        _, said = apart(act)
        assert not said, said
    _, said = apart(partial(stick.export, 0))
    points = int(said)
    _, wrong = apart(stick.look)
    say({"points": points, "wrong": wrong})
    killed, nth = True, 1
    while killed:  # the number of points varies by a few with the database's own log
        status, said = apart(partial(stick.export, nth))
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        wrong = "" if said.isdecimal() else said
        say({"nth": nth, "killed": killed, "wrong": wrong or apart(stick.look)[1]})
        nth += every


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
