"""What sticks do: they are carried to anybody, twice, late, or lost; and what comes with them."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from desktop_app.domain.errors import RuleError
from desktop_app.services.policies import common_scope, current_choice, published
from desktop_app.services.policy_desk import PolicyDesk
from desktop_app.services.workplace import Workplace
from tests.services.packages import make_package, preschool
from tests.story.site_checks import everybody_stands
from tests.story.site_desks import ANY, EITHER, SOMEBODY, WHICH, Desks
from tests.sync.site import hand, reply
from tests.sync.test_policy_packages import publish_unchecked

MOST_PACKAGES = 4


class Sticks(Desks):
    """Bundles and answers on their way, and policy packages in them."""

    @rule(which=WHICH)
    def export(self, which: int) -> None:
        """Each school has one stick with everybody's hello on it."""
        desk = self.desks[which]
        made = hand(desk.workplace, self.stick(desk.school))
        self.pile.append(Path(shutil.move(made.path, self.fresh())))

    @rule(school=EITHER)
    def answer(self, school: str) -> None:
        with contextlib.suppress(RuleError):  # nobody of that school has been heard of yet
            self.pile.append(reply(self.district, self.fresh(), school).path)

    @precondition(lambda self: bool(self.pile))
    @rule(chance=ANY, to=SOMEBODY)
    def deliver(self, chance: int, to: int) -> None:
        """Bring a bundle to anybody: whose it is not refuses it, twice is once; nothing is lost."""
        path = self.pile[chance % len(self.pile)]
        target = self.who(to)
        for taken in self.bring(target, path):
            assert taken.outcome in {"taken_in", "pending", "waiting", "refused", "relayed"}, taken
            assert taken.outcome != "refused" or taken.reason in {
                "bundle.other_school",
                "bundle.wrong_recipient",
            }, taken.reason
        if to >= 0:
            everybody_stands(target, target.seat.scope)

    @precondition(lambda self: bool(self.pile))
    @rule(chance=ANY)
    def lose(self, chance: int) -> None:
        del self.pile[chance % len(self.pile)]

    # --- policy packages ----------------------------------------------------------------------

    @rule(forbidden=st.booleans())
    def publish(self, *, forbidden: bool) -> None:
        """The district publishes a package; another program of it one nobody may use (FB01)."""
        number = len(self.packages()) + 2
        if number > MOST_PACKAGES + 1:
            return
        if forbidden:
            publish_unchecked(self.district, preschool(self.fresh(), number), number)
        else:
            desk = PolicyDesk(self.district)
            folder = make_package(self.fresh(), number, lock_minutes=number)
            desk.publish(desk.examine(folder))

    @rule(chance=ANY, again=st.booleans())
    def withdraw(self, chance: int, *, again: bool) -> None:
        """The district takes a package back, or brings it back."""
        packages = self.packages()
        if packages:
            PolicyDesk(self.district).withdraw(packages[chance % len(packages)], again=again)

    @rule(which=SOMEBODY)
    def reopen(self, which: int) -> None:
        """A night passes: whoever opens works by the package in force, until they shut again."""
        if which < 0:
            self.district = self.opened_again(self.district)
        else:
            desk = self.desks[which]
            desk.workplace = self.opened_again(desk.workplace)

    def opened_again(self, workplace: Workplace) -> Workplace:
        self.site.opened.remove(workplace)
        workplace.close()
        found = self.open(workplace.folder)
        assert found.policy.version == current_choice(found).policy.version
        return found

    def packages(self) -> list[str]:
        scope = common_scope(self.district)
        with self.district.database.read() as connection:
            return sorted(row.record for row in published(connection, scope))
