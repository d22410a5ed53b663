"""Merges in chains: one into the next, taken back in between, and elsewhere decided otherwise."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st
from hypothesis.stateful import rule

from desktop_app.services.merging import MergeDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage import merged
from tests.story.site_checks import children, edges, everybody_stands, twins
from tests.story.site_desks import ANY, WHICH, Desk, Desks, told_no
from tests.sync.site import hand

LENGTH = st.integers(min_value=2, max_value=4)


class Twins(Desks):
    """Somebody takes records for one child; another laptop may see it another way."""

    @rule(which=WHICH, chance=ANY, other=ANY)
    def merge(self, which: int, chance: int, other: int) -> None:
        desk = self.desks[which]
        gone, stays = self.child(desk, chance), self.child(desk, other)
        if gone is not None and stays is not None:
            put(desk, gone, stays)

    @rule(which=WHICH, chance=ANY, length=LENGTH, turned=st.booleans())
    def merge_along(self, which: int, chance: int, length: int, *, turned: bool) -> None:
        """Records many know are put one into the next: two laptops choose overlapping ones."""
        desk = self.desks[which]
        row = self.shared(desk, chance)[: length + 1]
        for gone, stays in pairs(row, turned=turned):
            put(desk, gone, stays)

    @rule(which=WHICH, chance=ANY, length=LENGTH, turned=st.booleans(), apart=st.booleans())
    def merge_along_apart(
        self, which: int, chance: int, length: int, *, turned: bool, apart: bool
    ) -> None:
        """Two laptops put overlapping children into each other, and meet when both have.

        Where they were ``apart``, one takes a link back in between before it hears of the other.
        """
        one = self.desks[which]
        at, other = next(
            (n, two)
            for n, two in enumerate(self.desks)
            if two is not one and two.school == one.school
        )
        row = self.shared(one, chance)[: length + 1]
        for gone, stays in pairs(row, turned=False):
            put(one, gone, stays)
        known_there = set(children(other.workplace, other.school))
        for gone, stays in pairs([one for one in row[1:] if one in known_there], turned=turned):
            put(other, gone, stays)
        if apart:
            self.unmerge_in_between(which=which, chance=chance)
        self.meet(which=which, other=at)

    @rule(which=WHICH, chance=ANY)
    def unmerge_in_between(self, which: int, chance: int) -> None:
        """A link of a chain is taken back: what was put into it stays under it."""
        desk = self.desks[which]
        decided = edges(desk.workplace, desk.school)
        under = twins(desk.workplace, desk.school)
        between = sorted({stays for _, stays in decided if stays in under})
        if between:
            separate(desk, between[chance % len(between)])

    @rule(which=WHICH, chance=ANY, again=st.booleans())
    def unmerge(self, which: int, chance: int, *, again: bool) -> None:
        """A merge is taken back, or confirmed by somebody who has seen both."""
        desk = self.desks[which]
        held = sorted(twins(desk.workplace, desk.school))
        if held and again:
            MergeDesk(desk.workplace).confirm(held[chance % len(held)])
            everybody_stands(desk.workplace, desk.school)
        elif held:
            separate(desk, held[chance % len(held)])

    @rule(which=WHICH, other=WHICH)
    def meet(self, which: int, other: int) -> None:
        """Two laptops of a school exchange sideways, and see what each did without the other."""
        one, two = self.desks[which], self.desks[other]
        if one is not two and one.school == two.school:
            for giver, taker in ((one, two), (two, one)):
                self.bring(taker.workplace, hand(giver.workplace, self.stick(giver.school)).path)
            for desk in (one, two):
                everybody_stands(desk.workplace, desk.school)

    def shared(self, desk: Desk, chance: int) -> list[str]:
        """Give the children the district has heard of too, from one of them on."""
        heard = set(children(self.district, desk.school))
        row = [one for one in children(desk.workplace, desk.school) if one in heard]
        at = chance % len(row) if row else 0
        return row[at:] + row[:at]


def pairs(row: list[str], *, turned: bool) -> list[tuple[str, str]]:
    """Give each with the next, one way or the other."""
    ordered = row[::-1] if turned else row
    return list(itertools.pairwise(ordered))


def put(desk: Desk, gone: str, stays: str) -> None:
    """Merge, and see that it is noted beside what was decided before, and nothing else."""
    before = edges(desk.workplace, desk.school)
    with told_no("merge.itself", "conflict.settled"):
        MergeDesk(desk.workplace).merge(gone, stays)
        assert edges(desk.workplace, desk.school) == sorted([*before, (gone, stays)])
    everybody_stands(desk.workplace, desk.school)


def separate(desk: Desk, record: str) -> None:
    """Take a merge back; where nothing is contradicted only this one is."""
    before = edges(desk.workplace, desk.school)
    tangled = matter(desk.workplace, record) == merged.TANGLED
    MergeDesk(desk.workplace).separate(record)
    after = edges(desk.workplace, desk.school)
    if tangled:
        assert set(after) < set(before)
    else:
        assert after == [one for one in before if one[0] != record]
        assert record not in twins(desk.workplace, desk.school), "it stands again"
    everybody_stands(desk.workplace, desk.school)


def matter(workplace: Workplace, record: str) -> str:
    with workplace.database.read() as connection:
        held, _ = merged.noted(connection, workplace.seat.scope)
    return held[record][1]
