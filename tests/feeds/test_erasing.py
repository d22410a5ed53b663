"""What is erased is a function of the set, and no end and no limit brings it back."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.acts import Role
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.authority import Authority
from desktop_app.feeds.erasing import Erasures, read_references, write_references
from desktop_app.feeds.fold import REMOVE
from desktop_app.feeds.grants import build
from desktop_app.feeds.judging import judge
from desktop_app.feeds.operation import Operation
from desktop_app.feeds.shape import Verdict
from tests.feeds.kit import DISTRICT, OTHER_SCHOOL, Feed, Somebody, holds

TICKET, PRINCIPAL, REGISTRAR, OFFICER, STRANGER = map(
    Somebody, ["ticket", "principal", "registrar", "officer", "stranger"]
)


class Site:
    """A school with two laptops, its district's feeds, and a child written on the second."""

    def __init__(self) -> None:
        self.desk = Feed("desk", lead=TICKET)
        self.second = Feed("second")
        self.elsewhere = Feed("elsewhere", scope=OTHER_SCHOOL, lead=TICKET)
        self.district = Feed("district", district=True)
        self.common = Feed("district", scope=DISTRICT, district=True)
        for feed in (self.desk, self.elsewhere):
            feed.grant(PRINCIPAL, Role.PRINCIPAL, by=TICKET)
            feed.grant(REGISTRAR, Role.REGISTRAR, by=PRINCIPAL)
        self.child = self.second.write("applicant", "r1", {"full_name": "李"})

    @property
    def feeds(self) -> list[Feed]:
        return [self.desk, self.second, self.district, self.common]

    def authority(self, chance: random.Random | None = None, *more: Feed) -> Authority:
        trust = [op for feed in (*self.feeds, *more) for op in feed.trust()]
        if chance is not None:
            chance.shuffle(trust)
        return build(holds, [OFFICER.public], trust, RECORD_TYPES)

    def verdict(self, feed: Feed, operation: Operation) -> Verdict:
        authority = self.authority()
        return judge(operation, operation.payload(), feed.facts, authority, RECORD_TYPES).verdict

    def erase(self, feed: Feed, *signers: Somebody, of: Operation | None = None) -> Operation:
        """Erase an operation, the child's where none is named."""
        values = {"operations": (of or self.child).reference, "reason": "request"}
        person = signers[0].id if signers else "nobody"
        name = f"e{len(feed.operations)}"
        return feed.write("erasure", name, values, person=person, signers=signers)


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_principal_and_a_second_person_erase(site: Site) -> None:
    erasure = site.erase(site.desk, PRINCIPAL, REGISTRAR)
    assert site.verdict(site.desk, erasure) is Verdict.ELIGIBLE
    assert site.verdict(site.second, site.child) is Verdict.ERASED
    stripped = msgspec.structs.replace(site.child, payload_bytes=None)
    assert site.verdict(site.second, stripped) is Verdict.ERASED


@pytest.mark.parametrize(
    ("signers", "verdict"),
    [
        ((), Verdict.NOT_SIGNED),
        ((PRINCIPAL,), Verdict.NOT_ALLOWED),
        ((PRINCIPAL, PRINCIPAL), Verdict.NOT_ALLOWED),
        ((PRINCIPAL, STRANGER), Verdict.NOT_ALLOWED),
        ((STRANGER, PRINCIPAL, REGISTRAR), Verdict.NOT_ALLOWED),
        ((REGISTRAR, PRINCIPAL), Verdict.ELIGIBLE),
    ],
)
def test_it_takes_two_whom_the_school_knows(
    site: Site, signers: tuple[Somebody, ...], verdict: Verdict
) -> None:
    assert site.verdict(site.desk, site.erase(site.desk, *signers)) is verdict
    erased = site.verdict(site.second, site.child) is Verdict.ERASED
    assert erased is (verdict is Verdict.ELIGIBLE)


def test_an_officer_erases_alone_in_the_districts_feed_and_nowhere_else(site: Site) -> None:
    here = site.erase(site.desk, OFFICER)
    assert site.verdict(site.desk, here) is Verdict.NOT_ALLOWED
    assert site.verdict(site.second, site.child) is Verdict.ELIGIBLE
    there = site.erase(site.district, OFFICER)
    assert site.verdict(site.district, there) is Verdict.ELIGIBLE
    assert site.verdict(site.second, site.child) is Verdict.ERASED


def test_a_school_erases_nothing_of_the_district_nor_of_another_school(site: Site) -> None:
    values = {"district_status": "queried"}
    answer = site.district.write(
        "applicant", "r1", values, act="edit", person=OFFICER.id, signers=[OFFICER]
    )
    site.erase(site.desk, PRINCIPAL, REGISTRAR, of=answer)
    assert site.verdict(site.district, answer) is Verdict.ELIGIBLE
    site.erase(site.elsewhere, PRINCIPAL, REGISTRAR)
    site.erase(site.common, OFFICER)
    assert not site.authority(None, site.elsewhere).erases(site.child, site.second.facts)
    site.erase(site.district, OFFICER, of=answer)
    assert site.verdict(site.district, answer) is Verdict.ERASED


def test_what_people_answer_for_stays(site: Site) -> None:
    grant = site.desk.operations[1]
    look = site.desk.write("access", "a1", {"applicant": "r1", "what": "view"})
    for one in (grant, look, site.erase(site.desk, PRINCIPAL, REGISTRAR, of=grant)):
        site.erase(site.district, OFFICER, of=one)
        assert site.verdict(site.desk, one) is not Verdict.ERASED


def test_an_erasure_is_never_removed(site: Site) -> None:
    erasure = site.erase(site.desk, PRINCIPAL, REGISTRAR)
    gone = {"operations": None, "reason": None}
    removal = site.desk.write("erasure", erasure.record, gone, act=REMOVE)
    assert site.verdict(site.desk, removal) is Verdict.NOT_ALLOWED
    assert site.verdict(site.second, site.child) is Verdict.ERASED


def test_neither_an_end_nor_a_limit_takes_it_back(site: Site) -> None:
    erasure = site.erase(site.desk, PRINCIPAL, REGISTRAR)
    before = site.authority().erasures
    site.common.end(PRINCIPAL, "", by=OFFICER)
    site.common.limit(site.desk, 1, by=OFFICER)
    assert site.verdict(site.desk, erasure) is Verdict.REVOKED
    assert site.verdict(site.second, site.child) is Verdict.ERASED
    assert site.authority().erasures == before


@given(st.randoms(use_true_random=False))
def test_any_order_of_what_is_known_erases_the_same(chance: random.Random) -> None:
    site = Site()
    other = site.second.write("applicant", "r2", {"full_name": "王"})
    site.erase(site.desk, PRINCIPAL, REGISTRAR)
    site.erase(site.district, OFFICER, of=other)
    site.erase(site.second, PRINCIPAL, STRANGER, of=other)
    known = site.authority(chance).erased_in(site.second.scope)
    assert known == Erasures(
        school=frozenset({site.child.reference}), district=frozenset({other.reference})
    )
    assert known.beyond(Erasures(school=known.school)) == known.district


@given(st.sets(st.from_regex(r"[a-z2-7]{20}:[0-9]{1,4}:[0-9a-f]{12}", fullmatch=True)))
def test_references_are_read_as_they_were_written(references: set[str]) -> None:
    assert read_references(write_references(references)) == references
