"""Undoing: what stood before stands again whatever was decided, and nobody else's word is lost."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.domain.acts import Role
from desktop_app.domain.district_answers import PLACED
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.assigning import AssigningDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.correcting import Correction, CorrectionDesk, Proof
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.passing import PassingDesk
from desktop_app.services.review import DistrictDesk, ReviewDesk
from desktop_app.services.undoing import UndoDesk
from desktop_app.services.workplace import Workplace
from tests.services.conftest import Exchange
from tests.services.kit import let_in, log_in, registered
from tests.services.test_passing import another, child, status
from tests.sync.site import PASSWORD, SCHOOL, Site, hand, reply, take


class Places:
    """Fresh folders that stand for sticks."""

    def __init__(self, root: Path) -> None:
        self._root, self._numbers = root, count()

    def next(self) -> Path:
        return self._root / f"stick {next(self._numbers)}"


@pytest.fixture
def stick_places(tmp_path: Path) -> Places:
    return Places(tmp_path)


ADDRESS = ("ADDRESS_DIFFERS", "hukou_address")
EMPTY: list[object] = [None] * 5
PROOF = Proof("slip", "HKB", "户字 0412", "2018-04-02")


def mend(workplace: Workplace, record: str, **fields: str) -> None:
    stored = AmendmentDesk(workplace).open(record)
    AmendmentDesk(workplace).amend(record, {**stored.form, **fields}, stored.form)


@pytest.fixture
def record(laptop: Workplace) -> str:
    for name, role in (
        ("周敏", Role.REVIEWER),
        ("王芳", Role.REVIEWER),
        ("刘素琴", Role.REGISTRAR),
    ):
        let_in(laptop, name, role)
    return registered(laptop)


@pytest.fixture
def reviewer(site: Site, laptop: Workplace, record: str) -> Workplace:
    return log_in(site, laptop, "周敏")


# --- the law ------------------------------------------------------------------------------------

DECIDED = st.sampled_from(["pass", "many", "address", "other"])
STEPS = st.lists(st.one_of(DECIDED, st.just("undo")), min_size=1, max_size=7)
NUMBERS = count(401, 2)


@pytest.fixture
def children(site: Site, laptop: Workplace) -> tuple[Workplace, list[str]]:
    let_in(laptop, "周敏", Role.REVIEWER)
    made = [another(laptop, next(NUMBERS), f"高思{one}") for one in "一二三四五六七八九十"]
    return log_in(site, laptop, "周敏"), made


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_was_decided_undoing_gives_back_what_stood_before(
    children: tuple[Workplace, list[str]], steps: list[str]
) -> None:
    workplace, records = children
    record = records[len(steps) % len(records)]
    UndoDesk(workplace).undo([record])  # what an earlier example left
    before: list[object] | None = None
    for step in (*steps, "undo"):
        stood = status(workplace, record)
        if step != "undo":
            before = stood
            decide(workplace, record, step)
            passed = step in {"pass", "many"}
            assert status(workplace, record)[0] == ("passed" if passed else "returned")
        else:
            undone = UndoDesk(workplace).undo([record])
            assert undone.records == ((record,) if before is not None else ())
            assert [one.why for one in undone.kept] == (["nothing"] if before is None else [])
            assert status(workplace, record) == (stood if before is None else before)
            before = None


def decide(workplace: Workplace, record: str, step: str) -> None:
    """Decide as a reviewer does; passing many is for what waits, so others are passed alone."""
    clean = PassingDesk(workplace).preview().clean
    if step == "many" and record in clean:
        PassingDesk(workplace).pass_many({record: clean[record]}, PASSWORD)
    elif step in {"pass", "many"}:
        ReviewDesk(workplace).approve([record])
    elif step == "address":
        ReviewDesk(workplace).send_back(record, *ADDRESS)
    else:
        ReviewDesk(workplace).send_back(record, "OTHER", "", "门牌看不清")


# --- what comes back ------------------------------------------------------------------------------


def test_a_send_back_undone_leaves_no_reason_no_field_and_no_words(
    reviewer: Workplace, record: str
) -> None:
    ReviewDesk(reviewer).send_back(record, "OTHER", "hukou_address", "门牌看不清")
    assert UndoDesk(reviewer).undo([record]).names == ("罗雨桐",)
    assert status(reviewer, record) == EMPTY
    assert not AmendmentDesk(reviewer).open(record).reason
    assert PassingDesk(reviewer).preview().clean.keys() == {record}


def test_a_decision_is_undone_after_a_restart_too(
    site: Site, reviewer: Workplace, record: str
) -> None:
    ReviewDesk(reviewer).send_back(record, *ADDRESS)
    again = log_in(site, reviewer, "周敏")
    assert UndoDesk(again).undo([record]).records == (record,)
    assert status(again, record) == EMPTY


def test_only_the_last_decision_is_undone_and_a_new_one_may_be_again(
    reviewer: Workplace, record: str
) -> None:
    desk, undo = ReviewDesk(reviewer), UndoDesk(reviewer)
    desk.send_back(record, *ADDRESS)
    back = status(reviewer, record)
    desk.approve([record])
    assert undo.undo([record]).records == (record,)
    assert status(reviewer, record) == back
    assert [one.why for one in undo.undo([record]).kept] == ["nothing"]
    desk.approve([record])
    assert undo.undo([record]).records == (record,)
    assert status(reviewer, record) == back
    told = [one.act for one in CaseDesk(reviewer).open(record).events]
    assert told == ["registered", "returned", "passed", "undone", "passed", "undone"]


def test_who_has_the_case_in_hand_still_has_it(reviewer: Workplace, record: str) -> None:
    AssigningDesk(reviewer).take(record)
    ReviewDesk(reviewer).approve([record])
    UndoDesk(reviewer).undo([record])
    assert child(reviewer, record).text("assigned_to") == reviewer.person


def test_a_case_named_twice_is_undone_once(reviewer: Workplace, record: str) -> None:
    ReviewDesk(reviewer).approve([record])
    undone = UndoDesk(reviewer).undo([record, record])
    assert undone.records == (record,)
    assert [one.why for one in undone.kept] == ["nothing"]


def test_what_was_amended_since_the_send_back_is_shown_again_after_a_pass_was_undone(
    site: Site, reviewer: Workplace, record: str
) -> None:
    ReviewDesk(reviewer).send_back(record, *ADDRESS)
    registrar = log_in(site, reviewer, "刘素琴")
    mend(registrar, record, hukou_address="3组28号", current_address="3组28号")
    again = log_in(site, registrar, "周敏")
    shown = ExaminationDesk(again).open(record).steps
    assert ("户籍地址", "3组27号", "3组28号") in {
        (one.changed.label, one.changed.before, one.changed.after) for one in shown
    }
    ReviewDesk(again).approve([record])
    UndoDesk(again).undo([record])
    assert ExaminationDesk(again).open(record).steps == shown
    mend(again, record, guardian_phone="13800005555")
    assert ExaminationDesk(again).open(record).steps[: len(shown)] == shown


def test_a_second_send_back_undone_shows_what_was_changed_after_the_first(
    site: Site, reviewer: Workplace, record: str
) -> None:
    ReviewDesk(reviewer).send_back(record, *ADDRESS)
    registrar = log_in(site, reviewer, "刘素琴")
    mend(registrar, record, hukou_address="3组28号", current_address="3组28号")
    again = log_in(site, registrar, "周敏")
    shown = ExaminationDesk(again).open(record).steps
    ReviewDesk(again).send_back(record, *ADDRESS)
    UndoDesk(again).undo([record])
    found = ExaminationDesk(again).open(record).steps
    assert found == shown
    assert {one.person for one in found} == {"刘素琴"}


# --- what stays -----------------------------------------------------------------------------------


def test_a_registration_taken_back_meanwhile_is_gone(reviewer: Workplace, record: str) -> None:
    ReviewDesk(reviewer).send_back(record, *ADDRESS)
    with reviewer.journal.begin(reviewer.actor()) as work:
        work.remove("applicant", record)
    kept = UndoDesk(reviewer).undo([record, "never-heard-of"]).kept
    assert [(one.name, one.why) for one in kept] == [("", "gone"), ("", "gone")]


def test_nothing_was_decided_so_nothing_is_undone(reviewer: Workplace, record: str) -> None:
    assert [one.why for one in UndoDesk(reviewer).undo([record]).kept] == ["nothing"]
    assert UndoDesk(reviewer).undo([]).kept == ()
    assert [one.act for one in CaseDesk(reviewer).open(record).events] == ["registered"]


@pytest.mark.parametrize("answer", sorted(PLACED))
def test_a_pass_the_district_built_on_stays(
    reviewer: Workplace, record: str, district: Workplace, stick_places: Places, answer: str
) -> None:
    ReviewDesk(reviewer).approve([record])
    take(district, hand(reviewer, stick_places.next()).path)
    DistrictDesk(district).decide(SCHOOL, [record], answer, "OTHER", "已定")
    take(reviewer, reply(district, stick_places.next()).path)
    assert [one.why for one in UndoDesk(reviewer).undo([record]).kept] == ["decided"]
    assert status(reviewer, record)[0] == "passed"


def test_undoing_a_pass_leaves_the_answer_given_to_a_later_question(
    site: Site,
    reviewer: Workplace,
    record: str,
    district: Workplace,
    stick_places: Places,
) -> None:
    for _ in range(2):  # the first question is answered by a pass, the second by a correction
        take(district, hand(reviewer, stick_places.next()).path)
        DistrictDesk(district).decide(SCHOOL, [record], "queried", "OTHER", "以哪一页为准")
        take(reviewer, reply(district, stick_places.next()).path)
        if child(reviewer, record).text("review") == "passed":
            break
        ReviewDesk(reviewer).approve([record])
    registrar = log_in(site, reviewer, "刘素琴")
    stored = AmendmentDesk(registrar).open(record)
    wanted = Correction(record, {**stored.form, "guardian_phone": "13800007777"}, stored.form)
    desk = CorrectionDesk(registrar)
    desk.correct(wanted, PROOF, desk.second("王芳", PASSWORD))
    answered = child(registrar, record).text("answers")
    assert answered
    again = log_in(site, registrar, "周敏")
    UndoDesk(again).undo([record])
    assert child(again, record).text("answers") == answered
    assert not ExaminationDesk(again).open(record).asked


def test_undoing_a_pass_that_answered_the_district_leaves_its_question_open_again(
    reviewer: Workplace, record: str, district: Workplace, stick_places: Places
) -> None:
    take(district, hand(reviewer, stick_places.next()).path)
    DistrictDesk(district).decide(SCHOOL, [record], "queried", "OTHER", "以哪一页为准")
    take(reviewer, reply(district, stick_places.next()).path)
    ReviewDesk(reviewer).approve([record])
    assert CaseDesk(reviewer).open(record).answered
    assert UndoDesk(reviewer).undo([record]).records == (record,)
    case = CaseDesk(reviewer).open(record)
    assert (case.asked, case.answered, case.review) == (True, False, "")


def test_two_reviewers_decided_apart_and_neither_undoes_the_other(
    site: Site, laptop: Workplace, other: Workplace, record: str, meet: Exchange
) -> None:
    let_in(other, "陈静", Role.REVIEWER)
    meet()
    meet()
    here, there = log_in(site, laptop, "周敏"), log_in(site, other, "陈静")
    ReviewDesk(here).approve([record])
    ReviewDesk(there).send_back(record, *ADDRESS)
    for one, two in ((here, there), (there, here)):
        place = site.folder / f"aside {one.folder.name}"
        take(two, hand(one, place).path)
    before = [status(one, record) for one in (here, there)]
    assert before[0] == before[1]
    for one in (here, there):
        (kept,) = UndoDesk(one).undo([record]).kept
        assert kept.why in {"others", "changed"}
    assert [status(one, record) for one in (here, there)] == before
