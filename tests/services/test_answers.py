"""Answering at the district: pairs nobody has decided about, answers that stand, corrections since."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.answers import DISTRICT_PASSED, AnswerDesk, Place, Twin
from desktop_app.services.correcting import Correction, CorrectionDesk, Proof
from desktop_app.services.cross_school import DIFFERENT, SAME, CrossSchoolDesk
from desktop_app.services.review import DistrictDesk
from desktop_app.services.sent_back import note_amended
from desktop_app.services.workplace import Workplace
from desktop_app.ui.masthead_values import read_numbers
from tests.services.kit import let_in, number, registered
from tests.sync.site import (
    OTHER_SCHOOL,
    PASSWORD,
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    register,
    reply,
    take,
)


def passed(school: Workplace, record: str) -> str:
    """Have a school pass a child."""
    with school.journal.begin(school.actor(), school.seat.scope) as work:
        work.edit("applicant", record, {"review": "passed"}, act="review", signed=True)
    return record


class District:
    """A district with two schools, and the stick that goes round."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.stick = folder / "stick"
        self.held = site.found()
        self.one = site.laptop(self.held, "one", SCHOOL)
        self.other = site.laptop(self.held, "other", OTHER_SCHOOL)
        self.desk = AnswerDesk(self.held)

    def carry(self) -> None:
        for school in (self.one, self.other):
            take(self.held, hand(school, self.stick).path)

    def written(self) -> int:
        return len(content(self.held)[feed_of(self.held, SCHOOL)])


@pytest.fixture
def district(site: Site, tmp_path: Path) -> District:
    return District(site, tmp_path)


def test_a_child_of_an_undecided_pair_is_not_ready_until_somebody_has_decided(
    district: District,
) -> None:
    here = Place(SCHOOL, passed(district.one, register(district.one)))
    there = Place(OTHER_SCHOOL, passed(district.other, register(district.other)))
    alone = Place(
        SCHOOL, passed(district.one, register(district.one, "李四", id_number=number(order=305)))
    )
    district.carry()
    desk, office = district.desk, DistrictDesk(district.held)
    case = desk.open(here)
    assert not case.ready
    assert case.twins == (Twin(desk.school_name(OTHER_SCHOOL), placed=False),)
    assert desk.open(alone).ready
    assert office.undecided(SCHOOL, [here.record, alone.record]) == (1, 0)
    # Passed there all the same: here it is told.
    desk.give(there, DISTRICT_PASSED)
    assert desk.open(here).twins[0].placed
    assert office.undecided(SCHOOL, [here.record, alone.record]) == (1, 1)
    assert office.undecided(OTHER_SCHOOL, [there.record]) == (1, 0)
    crossing = CrossSchoolDesk(district.held)
    (pair,) = crossing.crossings()
    crossing.decide(pair.pair, DIFFERENT, reason="papers")
    assert desk.open(here).ready
    assert office.undecided(SCHOOL, [here.record]) == (0, 0)
    crossing.decide(pair.pair, SAME, (there.school, there.record), "family")
    assert (desk.open(here).ready, desk.open(here).void) == (False, True)


def test_an_answer_that_stands_is_not_signed_again_and_a_question_answered_may_be_asked_anew(
    district: District,
) -> None:
    place = Place(SCHOOL, passed(district.one, register(district.one)))
    district.carry()
    district.desk.give(place, "queried", "ADDRESS_DIFFERS")
    held = district.written()
    with pytest.raises(RuleError, match=r"decision\.same_answer"):
        district.desk.give(place, "queried", "ADDRESS_DIFFERS")
    assert DistrictDesk(district.held).decide(SCHOOL, [place.record], "queried", "OTHER", "x") == 1
    assert district.written() == held + 1
    take(district.one, reply(district.held, district.stick).path)
    passed(district.one, place.record)
    with district.one.journal.begin(district.one.actor(), SCHOOL) as work:
        work.edit("applicant", place.record, {"current_address": "轻工路 9 号"})
        note_amended(work, place.record)
    district.carry()
    assert DistrictDesk(district.held).decide(SCHOOL, [place.record], "queried", "OTHER", "x") == 1


def test_a_correction_after_the_answer_waits_until_the_child_is_answered_anew(
    district: District,
) -> None:
    let_in(district.one, "周敏", Role.REVIEWER)
    record = passed(district.one, registered(district.one, id_number=number(order=301)))
    place = Place(SCHOOL, record)
    district.carry()
    district.desk.give(place, DISTRICT_PASSED)
    take(district.one, reply(district.held, district.stick).path)
    assert read_numbers(district.held).to_answer == 0
    correct(district.one, record, "9组9号")
    district.carry()
    assert (district.desk.unseen(), read_numbers(district.held).to_answer) == (1, 1)
    for which in ("decided", "corrected", "all"):
        assert [one.state for one in district.desk.page(which).lines] == ["corrected_since"]
    assert district.desk.open(place).state == "corrected_since"
    district.desk.give(place, DISTRICT_PASSED)
    assert (district.desk.unseen(), read_numbers(district.held).to_answer) == (0, 0)
    assert [one.state for one in district.desk.page("corrected").lines] == ["decided"]
    with pytest.raises(RuleError, match=r"decision\.same_answer"):
        district.desk.give(place, DISTRICT_PASSED)
    correct(district.one, record, "8组8号")
    district.carry()
    assert district.desk.unseen() == 1


def correct(school: Workplace, record: str, address: str) -> None:
    """Correct a passed child with the second person."""
    desk, stored = CorrectionDesk(school), AmendmentDesk(school).open(record)
    form = dict(stored.form) | {"hukou_address": address}
    wanted = Correction(record, form, stored.form, stored.decisions)
    proof = Proof("evidence", "HKB", "户字 0412", "2018-04-02", "补登")
    desk.correct(wanted, proof, desk.second("周敏", PASSWORD))
