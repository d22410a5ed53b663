"""A correction counts by two persons let in, one of whom may review; the desk says so beforehand."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.acts import (
    REVIEWERS,
    SCHOOL_ROLES,
    Role,
    may_correct,
    persons_for,
    roles_for,
)
from desktop_app.domain.declare import Value
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.authority import Authority
from desktop_app.feeds.fold import REMOVE
from desktop_app.feeds.grants import build
from desktop_app.feeds.judging import DESK_RANK, PERSON_RANK, judge
from desktop_app.feeds.operation import Operation
from desktop_app.feeds.shape import Verdict
from tests.feeds.kit import OTHER_SCHOOL, Feed, Somebody, holds

TICKET, PRINCIPAL, REVIEWER, REGISTRAR, LEDGER, OFFICER, STRANGER = map(
    Somebody, ["ticket", "principal", "reviewer", "registrar", "ledger", "officer", "stranger"]
)
VALUES: dict[str, Value] = {
    "applicant": "r1",
    "fields": "applicant.birth_date",
    "reason": "evidence",
    "material": "HKB",
}
ROLES = st.frozensets(st.sampled_from(sorted(SCHOOL_ROLES)))


class School:
    """A school with a person of every role, on two laptops, and a stranger."""

    def __init__(self) -> None:
        self.desk = Feed("desk", lead=TICKET)
        self.second = Feed("second")
        self.district = Feed("district", district=True)
        self.desk.grant(PRINCIPAL, Role.PRINCIPAL, by=TICKET)
        for whom, role in (
            (REVIEWER, Role.REVIEWER),
            (REGISTRAR, Role.REGISTRAR),
            (LEDGER, Role.LEDGER_OFFICER),
        ):
            self.desk.grant(whom, role, by=PRINCIPAL)

    def authority(self, *more: Feed) -> Authority:
        feeds = (self.desk, self.second, self.district, *more)
        trust = [one for feed in feeds for one in feed.trust()]
        return build(holds, [OFFICER.public], trust, RECORD_TYPES)

    def judged(self, feed: Feed, operation: Operation, *more: Feed) -> Verdict:
        authority = self.authority(*more)
        return judge(operation, operation.payload(), feed.facts, authority, RECORD_TYPES).verdict

    def correct(
        self, *signers: Somebody, feed: Feed | None = None, by: Somebody | None = None
    ) -> Verdict:
        """Judge a correction written now; the first who signs writes it."""
        writer = by or signers[0]
        wanted = feed or self.desk
        name = f"c{len(wanted.operations)}"
        filed = wanted.write("correction", name, VALUES, person=writer.id, signers=signers)
        return self.judged(wanted, filed)


@pytest.fixture
def school() -> School:
    return School()


# --- who may --------------------------------------------------------------------------------------


@given(first=ROLES, second=ROLES, swap=st.booleans())
def test_what_the_desk_allows_is_what_counts(
    first: frozenset[Role], second: frozenset[Role], swap: bool
) -> None:
    feed = Feed("desk", lead=TICKET)
    feed.grant(PRINCIPAL, Role.PRINCIPAL, by=TICKET)
    one, two = Somebody("one"), Somebody("two")
    for whom, roles in ((one, first), (two, second)):
        if roles:
            feed.grant(whom, *roles, by=TICKET)
    writer, other = (two, one) if swap else (one, two)
    filed = feed.write("correction", "c1", VALUES, person=writer.id, signers=[writer, other])
    authority = build(holds, [OFFICER.public], feed.trust(), RECORD_TYPES)
    verdict = judge(filed, filed.payload(), feed.facts, authority, RECORD_TYPES).verdict
    assert (verdict is Verdict.ELIGIBLE) == may_correct((first, second))
    assert verdict in {Verdict.ELIGIBLE, Verdict.NOT_ALLOWED}


@given(st.lists(ROLES, max_size=4))
def test_two_with_a_role_and_a_reviewer_among_them_whatever_their_order(
    persons: list[frozenset[Role]],
) -> None:
    allowed = may_correct(persons)
    expected = len(persons) >= 2 and all(persons) and any(one & REVIEWERS for one in persons)
    assert allowed == expected
    for order in itertools.permutations(persons):
        assert may_correct(order) == allowed


@pytest.mark.parametrize(
    ("signers", "verdict"),
    [
        ((REGISTRAR, REVIEWER), Verdict.ELIGIBLE),
        ((REVIEWER, REGISTRAR), Verdict.ELIGIBLE),
        ((REGISTRAR, PRINCIPAL), Verdict.ELIGIBLE),
        ((REVIEWER, PRINCIPAL), Verdict.ELIGIBLE),
        ((LEDGER, REVIEWER), Verdict.ELIGIBLE),
        ((REGISTRAR, LEDGER, REVIEWER), Verdict.ELIGIBLE),
        ((REVIEWER,), Verdict.NOT_ALLOWED),
        ((PRINCIPAL,), Verdict.NOT_ALLOWED),
        ((REVIEWER, REVIEWER), Verdict.NOT_ALLOWED),
        ((REGISTRAR, LEDGER), Verdict.NOT_ALLOWED),
        ((REVIEWER, STRANGER), Verdict.NOT_ALLOWED),
        ((STRANGER, REVIEWER), Verdict.NOT_ALLOWED),
    ],
)
def test_the_persons_of_a_correction(
    school: School, signers: tuple[Somebody, ...], verdict: Verdict
) -> None:
    assert school.correct(*signers) is verdict


def test_without_any_signature_it_is_not_signed(school: School) -> None:
    assert school.correct(by=REVIEWER) is Verdict.NOT_SIGNED


def test_two_who_sign_for_a_third_write_nothing(school: School) -> None:
    assert school.correct(REVIEWER, PRINCIPAL, by=REGISTRAR) is Verdict.NOT_ALLOWED


def test_a_forged_second_signature_is_none(school: School) -> None:
    class Forger(Somebody):
        @property
        def id(self) -> str:
            return REVIEWER.id

    assert school.correct(PRINCIPAL, Forger("forger")) is Verdict.NOT_ALLOWED
    assert school.correct(PRINCIPAL, REVIEWER) is Verdict.ELIGIBLE


def test_a_signature_taken_from_another_correction_does_not_carry(school: School) -> None:
    class Copied(Somebody):
        def sign(self, message: bytes) -> object:  # type: ignore[override]
            return REVIEWER.sign(b"another correction" + message)

        @property
        def id(self) -> str:
            return REVIEWER.id

    assert school.correct(REGISTRAR, Copied("copied")) is Verdict.NOT_ALLOWED


# --- where and when -------------------------------------------------------------------------------


def test_it_counts_on_every_laptop_of_the_school(school: School) -> None:
    assert school.correct(REGISTRAR, REVIEWER, feed=school.second) is Verdict.ELIGIBLE
    assert school.correct(REVIEWER, feed=school.second) is Verdict.NOT_ALLOWED


def test_no_other_school_and_no_district_corrects(school: School) -> None:
    elsewhere = Feed("elsewhere", scope=OTHER_SCHOOL, lead=Somebody("their ticket"))
    filed = elsewhere.write(
        "correction", "c1", VALUES, person=REGISTRAR.id, signers=[REGISTRAR, REVIEWER]
    )
    theirs_alone = build(holds, [OFFICER.public], elsewhere.trust(), RECORD_TYPES)
    found = judge(filed, filed.payload(), elsewhere.facts, theirs_alone, RECORD_TYPES)
    assert found.verdict is Verdict.NOT_ALLOWED
    theirs = school.district.write(
        "correction", "c2", VALUES, person=OFFICER.id, signers=[OFFICER, REVIEWER]
    )
    assert school.judged(school.district, theirs) is not Verdict.ELIGIBLE


def test_whose_signatures_ended_before_it_signs_it_in_vain(school: School) -> None:
    assert school.correct(REGISTRAR, REVIEWER) is Verdict.ELIGIBLE
    until = f"{school.desk.name}:{len(school.desk.operations)}"
    earlier = school.desk.operations[-1]
    school.desk.end(REVIEWER, until, by=PRINCIPAL)
    assert school.judged(school.desk, earlier) is Verdict.ELIGIBLE
    assert school.correct(REGISTRAR, REVIEWER) is Verdict.NOT_ALLOWED
    assert school.correct(REGISTRAR, PRINCIPAL) is Verdict.ELIGIBLE


def test_a_grant_that_comes_later_lets_it_count(school: School) -> None:
    late = Somebody("late")
    filed = school.desk.write(
        "correction", "c1", VALUES, person=REGISTRAR.id, signers=[REGISTRAR, late]
    )
    assert school.judged(school.desk, filed) is Verdict.NOT_ALLOWED
    school.desk.grant(late, Role.REVIEWER, by=PRINCIPAL)
    assert school.judged(school.desk, filed) is Verdict.ELIGIBLE


def test_a_revoked_laptop_corrects_nothing_more(school: School) -> None:
    filed = school.desk.write(
        "correction", "c1", VALUES, person=REGISTRAR.id, signers=[REGISTRAR, REVIEWER]
    )
    common = Feed("district", scope="district:410411", district=True)
    common.limit(school.desk, filed.sequence - 1, by=OFFICER)
    assert school.judged(school.desk, filed, common) is Verdict.REVOKED


@given(st.randoms(use_true_random=False))
def test_the_order_in_which_grants_are_heard_of_changes_no_verdict(chance: random.Random) -> None:
    school = School()
    filed = [
        school.desk.write("correction", f"c{at}", VALUES, person=pair[0].id, signers=pair)
        for at, pair in enumerate(itertools.permutations((REGISTRAR, REVIEWER, LEDGER), 2))
    ]
    trust = school.desk.trust()
    chance.shuffle(trust)
    authority = build(holds, [OFFICER.public], trust, RECORD_TYPES)
    facts = school.desk.facts
    shuffled = [judge(one, one.payload(), facts, authority, RECORD_TYPES).verdict for one in filed]
    assert shuffled == [school.judged(school.desk, one) for one in filed]


# --- what it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"fields": "x" * 1001}, Verdict.BAD_VALUE),
        ({"note": "字" * 201}, Verdict.BAD_VALUE),
        ({"evidence": 412}, Verdict.BAD_VALUE),
        ({"before": "2018-03-14"}, Verdict.UNKNOWN_FIELD),
        ({"note": None, "evidence": "户字 0412 2018-04-02"}, Verdict.ELIGIBLE),
    ],
)
def test_the_shape_of_a_correction(
    school: School, more: dict[str, Value], verdict: Verdict
) -> None:
    filed = school.desk.write(
        "correction", "c1", VALUES | more, person=REGISTRAR.id, signers=[REGISTRAR, REVIEWER]
    )
    assert school.judged(school.desk, filed) is verdict


def test_a_correction_changed_afterwards_needs_two_again(school: School) -> None:
    values: dict[str, Value] = {"reason": "slip"}
    for signers, verdict in (
        ((REVIEWER,), Verdict.NOT_ALLOWED),
        ((REGISTRAR, REVIEWER), Verdict.ELIGIBLE),
    ):
        edited = school.desk.write(
            "correction", "c1", values, act="edit", person=signers[0].id, signers=signers
        )
        assert school.judged(school.desk, edited) is verdict


def test_a_correction_is_not_taken_away_by_a_desk(school: School) -> None:
    for signers, verdict in (((), Verdict.NOT_SIGNED), ((REGISTRAR,), Verdict.NOT_ALLOWED)):
        person = signers[0].id if signers else "somebody"
        removed = school.desk.write(
            "correction", "c1", {"reason": None}, act=REMOVE, person=person, signers=signers
        )
        assert school.judged(school.desk, removed) is verdict


def test_the_writers_signature_gives_it_a_persons_rank(school: School) -> None:
    for signers, rank in (((REGISTRAR, REVIEWER), PERSON_RANK), ((STRANGER,), DESK_RANK)):
        filed = school.desk.write("correction", "c1", VALUES, person=signers[0].id, signers=signers)
        authority = school.authority()
        found = judge(filed, filed.payload(), school.desk.facts, authority, RECORD_TYPES)
        assert found.rank == rank


def test_a_complaint_and_its_answer_need_no_signature(school: School) -> None:
    appeal: dict[str, Value] = {"applicant": "r1", "matter": "materials", "standing": "open"}
    made = school.desk.write("appeal", "a1", appeal)
    answered = school.desk.write("appeal", "a1", {"standing": "answered"}, act="edit")
    assert school.judged(school.desk, made) is Verdict.ELIGIBLE
    assert school.judged(school.desk, answered) is Verdict.ELIGIBLE
    wrongs: tuple[dict[str, Value], ...] = ({"due_on": 5}, {"words": "字" * 401})
    for bad in wrongs:
        wrong = school.desk.write("appeal", "a2", appeal | bad)
        assert school.judged(school.desk, wrong) is Verdict.BAD_VALUE


@pytest.mark.parametrize("kind", sorted(RECORD_TYPES))
def test_no_other_kind_asks_two_persons_by_count(kind: str) -> None:
    assert persons_for(kind) == (2 if kind == "correction" else 1)
    if persons_for(kind) > 1:
        assert roles_for(kind, ()) == REVIEWERS
