"""A whole site over days: laptops of two schools and their district, driven at random.

People register, change, remove and erase children, merge records of one child in chains and take it
back, and settle what was written apart; the officer decides, erases, publishes policy packages and
takes them back; bundles are lost, doubled and reordered on their way; laptops are restored from old
backups, copied, ended, their whole disks are put back so that one feed has two branches, and their
clocks are wrong. Whatever happened: once everybody has heard of everything, every list is the same
list, ``verify`` folds it again to the same tables, no operation anybody still holds is missing at
the district, whole or rightly erased, in a log or apart and counted, and every child stands in the
lists or under the twin that was decided.
"""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from desktop_app.security import kdf
from desktop_app.services.policies import current_choice
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.sync.verifying import verify_workplace
from tests.story.site_checks import (
    apart,
    digest,
    everybody_stands,
    header,
    in_logs,
    known,
    told_apart,
)
from tests.story.site_desks import Desks
from tests.story.site_disks import Disks
from tests.story.site_people import People
from tests.story.site_sticks import Sticks
from tests.story.site_twins import Twins
from tests.sync.site import OTHER_SCHOOL, SCHOOL, content, hand

PARTS = 4
EXAMPLES = max(3, int(os.environ.get("ENROLLMENT_EXAMPLES", "100")) // 25 // PARTS)
STEPS = int(os.environ.get("ENROLLMENT_STEPS", "260"))
LEAST = 500
"""Steps of each part, whatever is drawn; with the four parts, thousands."""
ROUNDS = 8


class WholeSite(People, Twins, Sticks, Disks):
    """The machine: every rule is something that happens on an August day."""

    def teardown(self) -> None:
        if not hasattr(self, "desks"):
            return
        try:
            self.lay_open()
            self.settle()
            self.check()
        finally:
            self.patch.undo()
            self.site.close()
            shutil.rmtree(self.folder)

    def settle(self) -> None:
        """Exchange until nobody has anything new; a successor joins with a ticket first."""
        for _ in range(ROUNDS):
            for desk in self.desks:
                if desk.workplace.own_feed().identity is None:
                    self.site.join(self.district, desk.workplace)
                self.bring(self.district, hand(desk.workplace, self.fresh()).path)
            self.settle_forks()
            for school in (SCHOOL, OTHER_SCHOOL):
                self.take_home(school)
            if self.equal():
                return

    def equal(self) -> bool:
        return all(
            len({digest(one, school) for one in self.holders(school)}) == 1
            for school in (SCHOOL, OTHER_SCHOOL)
        )

    def holders(self, school: str) -> list[Workplace]:
        """Give everybody who must hold a school's list; who was revoked is not served."""
        served = [one for one in self.desks if one.school == school and not self.revoked(one)]
        return [self.district, *(one.workplace for one in served)]

    def check(self) -> None:
        assert self.equal(), "equal sets, unequal lists"
        at_district, known_there = content(self.district), known(self.district)
        for workplace in (self.district, *(desk.workplace for desk in self.desks)):
            assert not verify_workplace(workplace, Progress()).flaws
            assert in_logs(workplace) <= known_there, "one is missing"
            assert told_apart(workplace) == len(apart(workplace)), "apart, and nobody is told"
        for school in (SCHOOL, OTHER_SCHOOL):
            for workplace in self.holders(school):
                for feed, lines in content(workplace).items():
                    there = at_district.get(feed, [])[: len(lines)]
                    assert list(map(header, there)) == list(map(header, lines)), "another branch"
                    # Whoever was revoked is not served, and may not have heard what is erased.
                    assert there == lines, "one is erased at one place only"
                everybody_stands(workplace, school)
        self.one_package()

    def one_package(self) -> None:
        """Everybody who is served chooses one package, and works by it once they open again."""
        served = [desk for desk in self.desks if not self.revoked(desk)]
        self.reopen(-1)
        for desk in served:
            desk.workplace = self.opened_again(desk.workplace)
        open_ones = [self.district, *(desk.workplace for desk in served)]
        assert len({current_choice(one).record for one in open_ones}) == 1
        assert len({one.policy.version for one in open_ones}) == 1


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kdf, "STANDARD", kdf.Cost(memory=8, passes=1, lanes=1))


SETTINGS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_happens_all_lists_become_one_and_nothing_is_lost(part: int) -> None:
    """Parts are drawn anew each and run beside each other; together they are thousands of steps."""
    assert part < PARTS
    before = Desks.driven
    while Desks.driven - before < LEAST:
        run_state_machine_as_test(WholeSite, settings=SETTINGS)
