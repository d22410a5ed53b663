"""What happens to computers: saved, lost, copied, ended; and whole disks put back, which fork."""

from __future__ import annotations

import shutil

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from desktop_app.services.backup import back_up
from desktop_app.services.restoring import restore_by_password
from desktop_app.services.workplace import computer_folder
from desktop_app.storage.branches import count_apart
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync.laptops import LaptopDesk
from tests.story.site_desks import LEAD, WHICH, Desk, Desks, told_no
from tests.sync.site import PASSWORD, hand

MOST_ENDED = 2
"""Laptops that are ended though their feed is whole; the others are enough to go on."""
LEAST_ENDED = 2
"""A feed is ended behind its first operation: before it, there was no laptop."""
BACK = st.integers(min_value=0, max_value=3)


class Disks(Desks):
    """Backups, copies and disks of the laptops, and the district's limits for them."""

    @rule(which=WHICH)
    def back_up(self, which: int) -> None:
        desk = self.desks[which]
        desk.backup = self.fresh()
        back_up(desk.workplace, desk.backup)

    @precondition(lambda self: any(desk.backup for desk in self.desks))
    @rule(which=WHICH)
    def lose_and_restore(self, which: int) -> None:
        """The laptop is gone; its backup goes on as a successor, under a new feed."""
        desk = self.desks[which]
        if desk.backup is None:
            return
        lost = desk.feed
        self.leave(desk)
        target = self.fresh() / "restored"
        made = restore_by_password(desk.backup, target, LEAD, PASSWORD, self.site.policy)
        desk.workplace = self.enter(made.workplace)
        assert desk.feed != lost

    @rule(which=WHICH)
    def copy(self, which: int) -> None:
        """The data folder is copied to another disk; the copy goes on, under a new feed."""
        self.succeed(self.desks[which])

    @rule(which=WHICH)
    def copy_the_disk(self, which: int) -> None:
        """The whole disk is copied, this computer's own folder with it: nothing tells of it."""
        desk = self.desks[which]
        if desk.disk is not None:
            return
        feed, folder, copied = desk.feed, self.leave(desk), self.fresh() / "disk"
        here, there = computer_folder(folder), computer_folder(copied)
        shutil.copytree(folder, copied)
        shutil.copytree(here, there)
        self.same[there] = self.place_of(here)
        desk.disk, desk.workplace = copied, self.open(folder)
        assert desk.feed == feed

    @precondition(lambda self: any(desk.disk for desk in self.desks))
    @rule(which=WHICH)
    def change_disks(self, which: int) -> None:
        """The copy is put back, or both go on in turn: both write what comes next in one feed."""
        desk = self.desks[which]
        if desk.disk is not None:
            other, desk.disk = desk.disk, self.leave(desk)
            desk.workplace = self.open(other)
            assert desk.workplace.succeeded is None, "nothing tells that it is a copy"

    @rule(which=WHICH, back=BACK, other=st.booleans())
    def revoke(self, which: int, back: int, *, other: bool) -> None:
        """The district ends a laptop's feed where it last heard of it, or before.

        Of a forked one it may mean a place of the branch that stands apart.
        """
        desk = self.desks[which]
        forked = desk.feed in self.forked()
        if forked or sum(map(self.revoked, self.desks)) < MOST_ENDED:
            self.end(desk.feed, back, other=other and forked)

    def forked(self) -> set[str]:
        """Give the feeds of which the district holds two branches."""
        with self.district.database.read() as connection:
            return set(count_apart(connection))

    def end(self, feed: str, back: int, *, other: bool) -> None:
        with self.district.database.read() as connection:
            row = load_feeds(connection).get(feed)
            rows = connection.exec_driver_sql(
                "SELECT max(sequence) FROM quarantine WHERE feed = ?", (feed,)
            )
            beside = rows.scalar() or 0
        last = beside if other else 0 if row is None else row.sequence
        if last < LEAST_ENDED:
            return
        with told_no("revoke.beyond", "revoke.before"):
            LaptopDesk(self.district).revoke(feed, max(1, last - back), other=other)
            self.ended.add(feed)

    # --- at the end of the week ---------------------------------------------------------------

    def lay_open(self) -> None:
        """Both disks of whoever had two are there: each is a laptop of its own from now on."""
        for desk in list(self.desks):
            if desk.disk is not None:
                self.desks.append(Desk(self.open(desk.disk)))
                desk.disk = None

    def settle_forks(self) -> None:
        """The officer ends every forked laptop, at one branch or the other; its people go on.

        What both disks of it hold goes on under a new feed each, with a ticket each.
        """
        for feed in sorted(self.forked() - self.ended):
            choice = sum(feed.encode())
            self.end(feed, choice % 3, other=bool(choice % 2))
            if feed not in self.ended:
                self.end(feed, 0, other=False)
        for desk in self.desks:
            if desk.feed in self.forked() & self.ended:
                self.succeed(desk)
                self.site.join(self.district, desk.workplace)
                self.bring(self.district, hand(desk.workplace, self.fresh()).path)
