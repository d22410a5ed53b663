"""Families and forms keyed again, where two laptops do not know of each other yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.conflicts import ConflictDesk
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.materials import MaterialsDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.registration import Decision, RegistrationDesk
from desktop_app.services.second_keying import FIRST, SECOND, SecondKeyingDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.verifying import verify_workplace
from tests.services.kit import form, number, registered
from tests.sync.site import PASSWORD, Site, exchange_all, row_of, state

FIRST_CHILD = {"id_number": number(), "full_name": "罗雨桐"}
SECOND_CHILD = {"id_number": number("20171102", 272), "full_name": "罗雨晨"}
THIRD_CHILD = {"id_number": number("20160902", 272), "full_name": "罗雨阳"}
TYPED = {
    "full_name": "罗雨桐",
    "id_number": number(),
    "birth_date": "2018-03-14",
    "guardian_id_number": number("19890522", 141),
    "guardian_phone": "13800001234",
}


class Pair:
    """Two laptops of a school and the district they meet through."""

    def __init__(self, site: Site, district: Workplace, folder: Path) -> None:
        self.district = district
        self.one, self.other = site.laptop(district, "one"), site.laptop(district, "other")
        self._folders = (folder / f"meeting {at}" for at in range(99))

    @property
    def both(self) -> tuple[Workplace, Workplace]:
        return self.one, self.other

    def meet(self) -> None:
        """Let everybody hear of everything, and come to one state that verifies."""
        exchange_all(self.district, self.both, next(self._folders))
        assert len({state(one) for one in (*self.both, self.district)}) == 1
        for one in self.both:
            assert verify_workplace(one, Progress()).flaws == ()

    def family(self, *records: str) -> list[object]:
        """Give of which family they are, as both laptops and the district say it alike."""
        said = [
            [row_of(where, "applicant", one).get("family") for one in records]
            for where in (*self.both, self.district)
        ]
        assert said[0] == said[1] == said[2]
        return said[0]

    def mark(self, record: str) -> object:
        (found,) = {
            row_of(where, "applicant", record).get("second_keying")
            for where in (*self.both, self.district)
        }
        return found

    def conflicts(self) -> list[str]:
        lines = [ConflictDesk(one).page().lines for one in self.both]
        assert [one.what for one in lines[0]] == [one.what for one in lines[1]]
        return [one.what for one in lines[0]]


@pytest.fixture
def pair(site: Site, district: Workplace, tmp_path: Path) -> Pair:
    return Pair(site, district, tmp_path / "sticks")


# --- families -----------------------------------------------------------------------------------


def test_brothers_registered_at_two_laptops_become_one_family_without_a_question(
    pair: Pair,
) -> None:
    first = registered(pair.one, **FIRST_CHILD)
    pair.meet()
    second = registered(pair.one, **SECOND_CHILD, family=first)
    third = registered(pair.other, **THIRD_CHILD, family=first)
    pair.meet()
    assert pair.family(first, second, third) == [first] * 3
    assert pair.conflicts() == []
    for one in pair.both:
        assert [each.name for each in CaseDesk(one).open(second).siblings] == ["罗雨桐", "罗雨阳"]
        assert all(line.has_family for line in ListDesk(one).page("all").lines)


def test_a_first_child_taken_back_meanwhile_stays_away_and_the_brothers_stay_brothers(
    pair: Pair,
) -> None:
    first = registered(pair.one, **FIRST_CHILD)
    second = registered(pair.one, **SECOND_CHILD, family=first)
    pair.meet()
    RegistrationDesk(pair.one).take_back(first)
    third = registered(pair.other, **THIRD_CHILD, family=first)
    pair.meet()
    assert pair.family(second, third) == [first] * 2
    for one in pair.both:
        assert row_of(one, "applicant", first) == {}
        assert [each.name for each in CaseDesk(one).open(second).siblings] == ["罗雨阳"]


def test_a_brother_who_comes_by_stick_before_the_first_child_waits_for_it(
    pair: Pair, tmp_path: Path
) -> None:
    first = registered(pair.one, **FIRST_CHILD)
    pair.meet()
    second = registered(pair.other, **SECOND_CHILD, family=first)
    RegistrationDesk(pair.other).take_back(second)
    again = registered(pair.other, **SECOND_CHILD, family=first)
    pair.meet()
    assert pair.family(first, again) == [first] * 2
    assert row_of(pair.one, "applicant", second) == {}


def test_one_child_put_into_two_families_apart_is_in_one_of_them_everywhere(pair: Pair) -> None:
    heads = [registered(pair.one, **FIRST_CHILD), registered(pair.one, **THIRD_CHILD)]
    child = registered(pair.one, **SECOND_CHILD)
    pair.meet()
    for workplace, head in zip(pair.both, heads, strict=True):
        desk = AmendmentDesk(workplace)
        stored = desk.open(child)
        desk.amend(child, dict(stored.form) | {"family": head}, stored.form)
    pair.meet()
    (family,) = pair.family(child)
    assert family in heads
    assert pair.family(*heads) == heads
    assert pair.conflicts() == []
    for one in pair.both:
        assert [each.record for each in CaseDesk(one).open(child).siblings] == [family]


def test_twins_said_to_be_twins_at_two_laptops_are_marked_once(pair: Pair) -> None:
    first = registered(pair.one, **FIRST_CHILD)
    pair.meet()
    twins = []
    for workplace, order, name in ((pair.one, 272, "罗雨晴"), (pair.other, 280, "罗雨霏")):
        filled = form(id_number=number(order=order), full_name=name)
        said = [Decision("D4", first, "siblings")]
        twins.append(RegistrationDesk(workplace).register(filled, said).record)
    pair.meet()
    assert pair.family(first, *twins) == [first] * 3
    assert pair.conflicts() == []
    for one in pair.both:
        for record in (first, *twins):
            assert row_of(one, "applicant", record)["multiple_birth"] is True
            assert len(CaseDesk(one).open(record).siblings) == 2


def test_how_a_child_came_and_who_brought_it_are_told_at_the_other_laptop(pair: Pair) -> None:
    record = registered(pair.one, **FIRST_CHILD, entry="transfer", agent_relation="61")
    pair.meet()
    case = CaseDesk(pair.other).open(record)
    assert (case.entry, case.agent) == ("转入", "祖父")
    checklist = MaterialsDesk(pair.other).open(record).checklist
    assert checklist.next_materials() == ("ROLL", "AUTH")
    papers = [one.material for one in ExaminationDesk(pair.other).open(record).papers]
    assert papers == ["HKB", "GID", "ROLL", "AUTH"]


def test_way_of_coming_and_agent_amended_apart_both_stand(pair: Pair) -> None:
    record = registered(pair.one, **FIRST_CHILD)
    pair.meet()
    for workplace, marks in (
        (pair.one, {"entry": "transfer"}),
        (pair.other, {"agent_relation": "61"}),
    ):
        desk = AmendmentDesk(workplace)
        stored = desk.open(record)
        desk.amend(record, dict(stored.form) | marks, stored.form)
    pair.meet()
    assert pair.conflicts() == []
    for one in pair.both:
        asked = MaterialsDesk(one).open(record).checklist
        assert [*asked.required.codes()] == ["HKB", "GID", "ROLL", "AUTH"]
        assert asked.next_materials() == ("ROLL", "AUTH")


# --- keyed again --------------------------------------------------------------------------------


def second_person(pair: Pair, site: Site) -> Workplace:
    """Let a second person in at the other laptop, who sits down there."""
    PeopleDesk(pair.other).add("周敏", PASSWORD, (Role.REGISTRAR,))
    pair.other.close()
    site.opened.remove(pair.other)
    pair.other = site.reopen(pair.other.folder.name, "周敏")
    return pair.other


def test_a_form_keyed_at_one_laptop_is_keyed_again_at_the_other(site: Site, pair: Pair) -> None:
    record = registered(pair.one, **FIRST_CHILD, second_keying="waiting")
    desk = SecondKeyingDesk(second_person(pair, site))
    assert desk.waiting() == ()
    pair.meet()
    assert [(one.record, one.is_own) for one in desk.waiting()] == [(record, False)]
    assert desk.settle(record, TYPED) == "matched"
    assert [one.record for one in SecondKeyingDesk(pair.one).waiting()] == [record]
    pair.meet()
    assert SecondKeyingDesk(pair.one).waiting() == ()
    assert pair.mark(record) == "matched"


def test_two_who_settle_apart_come_to_one_answer(site: Site, pair: Pair) -> None:
    PeopleDesk(pair.one).add("刘素琴", PASSWORD, (Role.REGISTRAR,))
    record = registered(pair.one, **FIRST_CHILD, second_keying="waiting")
    workplace = second_person(pair, site)
    pair.one.close()
    site.opened.remove(pair.one)
    pair.one = site.reopen("one", "刘素琴")
    pair.meet()
    assert SecondKeyingDesk(workplace).settle(record, TYPED) == "matched"
    typed = TYPED | {"guardian_phone": "13800004321"}
    keep = {"guardian_phone": SECOND}
    assert SecondKeyingDesk(pair.one).settle(record, typed, keep) == "settled"
    pair.meet()
    assert pair.mark(record) in {"matched", "settled"}
    assert pair.conflicts() == []
    for one in pair.both:
        assert SecondKeyingDesk(one).waiting() == ()
        assert AmendmentDesk(one).open(record).form["guardian_phone"] == "13800004321"


def test_what_was_amended_at_the_first_laptop_is_compared_as_it_is_now(
    site: Site, pair: Pair
) -> None:
    record = registered(pair.one, **FIRST_CHILD, second_keying="waiting")
    desk = SecondKeyingDesk(second_person(pair, site))
    pair.meet()
    amendments = AmendmentDesk(pair.one)
    stored = amendments.open(record)
    amendments.amend(record, dict(stored.form) | {"guardian_phone": "13800009999"}, stored.form)
    assert desk.compare(record, TYPED) == ()
    pair.meet()
    (found,) = desk.compare(record, TYPED)
    assert (found.field, found.first, found.second) == (
        "guardian_phone",
        "13800009999",
        "13800001234",
    )
    assert desk.settle(record, TYPED, {"guardian_phone": FIRST}) == "settled"
    pair.meet()
    assert AmendmentDesk(pair.one).open(record).form["guardian_phone"] == "13800009999"


def test_a_form_taken_back_where_it_was_keyed_leaves_the_others_queue(
    site: Site, pair: Pair
) -> None:
    record = registered(pair.one, **FIRST_CHILD, second_keying="waiting")
    desk = SecondKeyingDesk(second_person(pair, site))
    pair.meet()
    RegistrationDesk(pair.one).take_back(record)
    pair.meet()
    assert desk.waiting() == ()


def test_whoever_keyed_it_first_is_known_at_every_laptop(site: Site, pair: Pair) -> None:
    record = registered(pair.one, **FIRST_CHILD, second_keying="waiting")
    workplace = second_person(pair, site)
    pair.meet()
    (theirs,) = SecondKeyingDesk(workplace).waiting()
    (mine,) = SecondKeyingDesk(pair.one).waiting()
    assert theirs.by == mine.by == pair.one.person
    assert (theirs.is_own, mine.is_own) == (False, True)
    with pytest.raises(RuleError, match=r"keying\.own"):
        SecondKeyingDesk(pair.one).settle(record, TYPED)
