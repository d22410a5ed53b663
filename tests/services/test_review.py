"""Review and decisions: another person's signature, and the district's own feed."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.passing import PassingDesk
from desktop_app.services.progress import Progress
from desktop_app.services.review import DistrictDesk, ReviewDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row
from desktop_app.sync.answers import answer
from desktop_app.sync.inbox import take_in
from desktop_app.sync.outbox import export
from tests.services.kit import form, let_in, log_in, number, registered
from tests.sync.site import SCHOOL, Site


def child(workplace: Workplace, record: str, scope: str = SCHOOL) -> Row:
    with workplace.journal.begin(workplace.actor(), scope) as work:
        return work.row("applicant", record)


@pytest.fixture
def record(laptop: Workplace) -> str:
    let_in(laptop, "周敏", Role.REVIEWER)
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    return registered(laptop)


def test_nobody_passes_their_own_work(laptop: Workplace, record: str) -> None:
    with pytest.raises(RuleError, match=r"review\.own_work"):
        ReviewDesk(laptop).approve([record])


def test_a_reviewer_passes_what_another_registered(
    site: Site, laptop: Workplace, record: str
) -> None:
    reviewer = log_in(site, laptop, "周敏")
    assert ReviewDesk(reviewer).approve([record]) == 1
    assert child(reviewer, record).values["review"] == "passed"


def test_a_registrar_without_the_role_cannot_pass_however_they_try(
    site: Site, laptop: Workplace, record: str
) -> None:
    registrar = log_in(site, laptop, "刘素琴")
    with pytest.raises(RuleError, match=r"review\.not_reviewer"):
        ReviewDesk(registrar).approve([record])
    with registrar.journal.begin(registrar.actor()) as work:
        work.edit("applicant", record, {"review": "passed"}, act="review", signed=True)
    assert child(registrar, record).values["review"] is None


def test_whoever_amended_a_case_may_send_it_back_and_never_pass_it(
    site: Site, laptop: Workplace, record: str
) -> None:
    let_in(laptop, "王芳", Role.REVIEWER)
    reviewer = log_in(site, laptop, "周敏")
    desk = ReviewDesk(reviewer)
    AmendmentDesk(reviewer).amend(record, form(hukou_address="5组8号"))
    for _ in range(2):  # sending it back and bringing it again changes nothing of that
        with pytest.raises(RuleError, match=r"review\.own_change"):
            desk.approve([record])
        assert ExaminationDesk(reviewer).open(record).has_own_change
        desk.send_back(record, "ADDRESS_DIFFERS", "hukou_address")
    other = log_in(site, reviewer, "王芳")
    assert not ExaminationDesk(other).open(record).has_own_change
    assert ReviewDesk(other).approve([record]) == 1
    assert child(other, record).values["review"] == "passed"


def test_a_changed_guardian_is_a_changed_case(site: Site, laptop: Workplace, record: str) -> None:
    reviewer = log_in(site, laptop, "周敏")
    AmendmentDesk(reviewer).amend(record, form(guardian_phone="13900001111"))
    with pytest.raises(RuleError, match=r"review\.own_change"):
        ReviewDesk(reviewer).approve([record])
    assert not PassingDesk(reviewer).preview().clean
    assert child(reviewer, record).values["review"] is None


def test_noting_papers_is_the_reviewers_own_work_and_stops_nothing(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, "周敏", Role.REVIEWER)
    record = registered(laptop, **{"material.GID": "pending_original"})
    reviewer = log_in(site, laptop, "周敏")
    MaterialsDesk(reviewer).mark(record, Mark("GID", "accepted"))
    assert list(PassingDesk(reviewer).preview().clean) == [record]
    assert ReviewDesk(reviewer).approve([record]) == 1


def test_an_incomplete_one_stops_the_whole_lot(site: Site, laptop: Workplace, record: str) -> None:
    late = registered(laptop, id_number=number(order=300), **{"material.GID": "pending_original"})
    reviewer = log_in(site, laptop, "周敏")
    with pytest.raises(RuleError, match=r"review\.incomplete"):
        ReviewDesk(reviewer).approve([record, late])
    assert child(reviewer, record).values["review"] is None


def test_sending_back_names_reason_and_field(site: Site, laptop: Workplace, record: str) -> None:
    reviewer = log_in(site, laptop, "周敏")
    desk = ReviewDesk(reviewer)
    with pytest.raises(RuleError, match=r"review\.reason"):
        desk.send_back(record, "WHIM")
    desk.send_back(record, "ADDRESS_DIFFERS", "hukou_address")
    row = child(reviewer, record)
    assert (row.text("review"), row.text("review_field")) == ("returned", "hukou_address")
    desk.approve([record])
    assert child(reviewer, record).values["review_field"] is None


def test_the_district_answers_in_its_own_feed_and_a_refusal_needs_a_reason(
    district: Workplace, laptop: Workplace, record: str, stick: Path
) -> None:
    stick.mkdir()
    export(laptop, stick, Progress())
    take_in(district, [stick], Progress())
    desk = DistrictDesk(district)
    with pytest.raises(RuleError, match=r"decision\.reason"):
        desk.decide(SCHOOL, [record], "queried")
    with pytest.raises(RuleError, match=r"decision\.unknown"):
        desk.decide(SCHOOL, [record], "refused")
    assert desk.decide(SCHOOL, [record], "district_passed") == 1
    assert child(district, record).values["district_status"] == "district_passed"


def test_what_is_passed_anew_after_a_question_is_the_school_s_answer_until_it_is_asked_again(
    site: Site, district: Workplace, laptop: Workplace, record: str, stick: Path
) -> None:
    reviewer = log_in(site, laptop, "周敏")
    ReviewDesk(reviewer).approve([record])
    for place in range(2):
        there = stick / f"there {place}"
        there.mkdir(parents=True)
        export(reviewer, there, Progress())
        take_in(district, [there], Progress())
        DistrictDesk(district).decide(SCHOOL, [record], "queried", "OTHER", "以哪一页为准")
        answered = stick / f"back {place}"
        answered.mkdir()
        answer(district, SCHOOL, answered, Progress())
        take_in(reviewer, [answered], Progress())
        assert ExaminationDesk(reviewer).open(record).asked
        assert [one.state for one in ListDesk(reviewer).page("asked").lines] == ["asked"]
        ReviewDesk(reviewer).approve([record])
        assert not ExaminationDesk(reviewer).open(record).asked
        assert ListDesk(reviewer).counts()["asked"] == 0
        assert ListDesk(reviewer).page("all").lines[0].state == "answered"


def test_a_school_cannot_write_the_districts_answer(laptop: Workplace, record: str) -> None:
    with laptop.journal.begin(laptop.actor()) as work:
        work.edit("applicant", record, {"district_status": "admitted"}, signed=True)
    assert child(laptop, record).values["district_status"] is None
    assert child(laptop, record).values["full_name"] == form()["full_name"]
