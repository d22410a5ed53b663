"""What people do on an August day: they register, change, remove, erase, settle and decide."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from desktop_app.services.conflicts import REMOVED, VALUE, ConflictDesk
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.review import DistrictDesk
from tests.story.site_checks import children, everybody_stands
from tests.story.site_desks import (
    ANY,
    EITHER,
    SECOND,
    SOMEBODY,
    WHICH,
    Desks,
    told_no,
)
from tests.sync.site import PASSWORD, register

STATUS = st.sampled_from(["district_passed", "queried", "admitted", "duplicate_void"])
FIELDS = ("full_name", "current_address", "category", "primary_school")


class People(Desks):
    """Everybody at their desk, and the officer at the district."""

    @rule(which=WHICH)
    def register(self, which: int) -> None:
        register(self.desks[which].workplace, id_number="")

    @rule(which=WHICH, chance=ANY, name=st.sampled_from(FIELDS), text=st.sampled_from("一二三四"))
    def edit(self, which: int, chance: int, name: str, text: str) -> None:
        desk = self.desks[which]
        record = self.child(desk, chance)
        if record is not None:
            with desk.workplace.journal.begin(desk.workplace.actor(), desk.school) as work:
                work.edit("applicant", record, {name: text})

    @rule(which=WHICH, chance=ANY)
    def remove(self, which: int, chance: int) -> None:
        desk = self.desks[which]
        record = self.child(desk, chance)
        if record is not None:
            with desk.workplace.journal.begin(desk.workplace.actor(), desk.school) as work:
                work.remove("applicant", record)
            everybody_stands(desk.workplace, desk.school)

    @rule(which=WHICH, chance=ANY)
    def erase(self, which: int, chance: int) -> None:
        """Principal and registrar forget a child; nobody listens where the laptop was revoked.

        Not on one of two equal disks: what is erased on the branch that does not stand stays
        erased where that was heard (ADR 0013, said openly).
        """
        desk = self.desks[which]
        if desk.disk is not None:
            return
        record = self.child(desk, chance)
        if record is not None:
            erasing = ErasureDesk(desk.workplace)
            with told_no("erasure.not_allowed"):
                erasing.erase(record, "request", erasing.second(SECOND, PASSWORD))

    @rule(school=EITHER, chance=ANY)
    def erase_at_the_district(self, school: str, chance: int) -> None:
        """The officer forgets a child; what a school writes of it meanwhile stands, disputed."""
        held = children(self.district, school)
        if held:
            record = held[chance % len(held)]
            ErasureDesk(self.district).erase(record, "withdrawn", school=school)

    @rule(which=SOMEBODY, chance=ANY)
    def settle_a_conflict(self, which: int, chance: int) -> None:
        """Somebody chooses what stands of values written apart, or about a disputed removal."""
        desk = ConflictDesk(self.who(which))
        lines = [one for one in desk.page().lines if one.what in {VALUE, REMOVED}]
        if not lines:
            return
        line = lines[chance % len(lines)]
        if line.what == REMOVED:
            (desk.keep if chance % 2 else desk.remove_again)(line.key)
        else:
            sides = desk.open(line.key).sides
            desk.adopt(line.key, sides[chance % len(sides)].reference)

    @rule(school=EITHER, chance=ANY, status=STATUS)
    def decide(self, school: str, chance: int, status: str) -> None:
        """The officer answers what the district has heard of."""
        held = children(self.district, school)
        if held:
            record = held[chance % len(held)]
            DistrictDesk(self.district).decide(school, [record], status, "ADDRESS_DIFFERS")
