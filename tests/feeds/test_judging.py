"""Authority is a function of the set: grants, ends and limits in whatever order they came."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.authority import Authority, TrustOperation
from desktop_app.feeds.fold import REMOVE
from desktop_app.feeds.grants import build, read_places
from desktop_app.feeds.judging import DESK_RANK, DISTRICT_RANK, PERSON_RANK, Judgement, judge
from desktop_app.feeds.operation import Operation, Payload, Signature, read
from desktop_app.feeds.shape import Verdict
from tests.feeds.kit import DISTRICT, Feed, Somebody, holds

TICKET, PRINCIPAL, REVIEWER, REGISTRAR, OFFICER, STRANGER = map(
    Somebody, ["ticket", "principal", "reviewer", "registrar", "officer", "stranger"]
)


class Site:
    """A school whose principal was let in by the ticket, and its district's two feeds."""

    def __init__(self) -> None:
        self.desk = Feed("desk", lead=TICKET)
        self.second = Feed("second")
        self.district = Feed("district", district=True)
        self.common = Feed("district", scope=DISTRICT, district=True)
        self.desk.grant(PRINCIPAL, Role.PRINCIPAL, Role.REGISTRAR, by=TICKET)

    def trust(self) -> list[TrustOperation]:
        return [
            op
            for feed in (self.desk, self.second, self.district, self.common)
            for op in feed.trust()
        ]

    def authority(self, operations: Iterable[TrustOperation] | None = None) -> Authority:
        trust = self.trust() if operations is None else operations
        return build(holds, [OFFICER.public], trust, RECORD_TYPES)

    def judge(self, feed: Feed, operation: Operation) -> Judgement:
        return judge(operation, operation.payload(), feed.facts, self.authority(), RECORD_TYPES)

    def verdict(self, feed: Feed, operation: Operation) -> Verdict:
        return self.judge(feed, operation).verdict

    def review(self, by: Somebody, feed: Feed | None = None, **changed: object) -> Verdict:
        """Judge a review written now."""
        values: dict[str, Value] = {"review": "passed"}
        given: dict[str, object] = {"act": "review", "person": by.id, "signers": [by]} | changed
        wanted = feed or self.desk
        operation = wanted.write("applicant", "r1", values, **given)  # type: ignore[arg-type]
        return self.verdict(wanted, operation)


@pytest.fixture
def site() -> Site:
    return Site()


# --- what anybody may write ----------------------------------------------------------------------


def test_a_registration_needs_no_signature(site: Site) -> None:
    operation = site.desk.write("applicant", "r1", {"full_name": "李"})
    assert site.judge(site.desk, operation) == Judgement(Verdict.ELIGIBLE, DESK_RANK)


def test_a_signature_of_a_known_person_raises_the_rank(site: Site) -> None:
    known = site.desk.write(
        "applicant", "r1", {"full_name": "李"}, person=PRINCIPAL.id, signers=[PRINCIPAL]
    )
    assert site.judge(site.desk, known).rank == PERSON_RANK
    unknown = site.desk.write(
        "applicant", "r1", {"full_name": "李"}, person=STRANGER.id, signers=[STRANGER]
    )
    assert site.judge(site.desk, unknown).rank == DESK_RANK
    forged = site.desk.write(
        "applicant", "r1", {"full_name": "李"}, person=PRINCIPAL.id, signers=[STRANGER]
    )
    assert site.judge(site.desk, forged).rank == DESK_RANK


def test_the_district_has_the_highest_rank(site: Site) -> None:
    operation = site.district.write(
        "applicant", "r1", {"district_status": "received"}, person=OFFICER.id, signers=[OFFICER]
    )
    assert site.judge(site.district, operation) == Judgement(Verdict.ELIGIBLE, DISTRICT_RANK)


@pytest.mark.parametrize(
    ("kind", "values", "changed", "verdict"),
    [
        ("unheard_of", {"x": 1}, {}, Verdict.UNKNOWN_KIND),
        ("applicant", {"full_name": "李"}, {"schema": 2}, Verdict.NEWER_SCHEMA),
        ("applicant", {"faith": "x"}, {}, Verdict.UNKNOWN_FIELD),
        ("applicant", {"season": "2024"}, {}, Verdict.BAD_VALUE),
        ("applicant", {"season": True}, {}, Verdict.BAD_VALUE),
        ("applicant", {"multiple_birth": 1}, {}, Verdict.BAD_VALUE),
        ("applicant", {"full_name": "李" * 51}, {}, Verdict.BAD_VALUE),
        ("applicant", {"district_status": "admitted"}, {}, Verdict.NOT_OWNER),
        ("acknowledgement", {"feed": "f"}, {}, Verdict.NOT_OWNER),
        ("feed_limit", {"sequence": 1}, {}, Verdict.NOT_OWNER),
        ("day_close", {"day": "2024-08-24"}, {}, Verdict.NOT_SIGNED),
        ("person", {"full_name": "李"}, {}, Verdict.NOT_SIGNED),
        ("applicant", {"faith": None}, {"act": REMOVE}, Verdict.UNKNOWN_FIELD),
        ("applicant", {"full_name": "李"}, {"act": REMOVE}, Verdict.BAD_VALUE),
        ("person", {"full_name": None}, {"act": REMOVE}, Verdict.NOT_ALLOWED),
        ("applicant", {"district_status": None}, {"act": REMOVE}, Verdict.ELIGIBLE),
        ("bundle_export", {"number": 1}, {}, Verdict.NOT_SIGNED),
    ],
)
def test_what_does_not_fit_is_named(
    site: Site, kind: str, values: dict[str, Value], changed: dict[str, str], verdict: Verdict
) -> None:
    operation = site.desk.write(kind, "r1", values, **changed)  # type: ignore[arg-type]
    assert site.verdict(site.desk, operation) is verdict


def test_the_district_cannot_write_what_is_the_schools(site: Site) -> None:
    values: dict[str, Value] = {"full_name": "李"}
    operation = site.district.write("applicant", "r1", values, person=OFFICER.id, signers=[OFFICER])
    assert site.verdict(site.district, operation) is Verdict.NOT_OWNER


def test_either_side_may_hand_over_a_bundle(site: Site) -> None:
    for feed, person in ((site.desk, PRINCIPAL), (site.district, OFFICER)):
        operation = feed.write(
            "bundle_export", "e1", {"number": 1}, person=person.id, signers=[person]
        )
        assert site.verdict(feed, operation) is Verdict.ELIGIBLE


def test_a_later_format_waits(site: Site) -> None:
    line = site.desk.write("applicant", "r1", {"full_name": "李"}).line()
    later = read(line.replace(b'"format":1', b'"format":2'))
    assert site.verdict(site.desk, later) is Verdict.LATER_FORMAT


def test_an_erased_operation_has_no_values_and_grants_nothing(site: Site) -> None:
    operation = site.desk.write("applicant", "r1", {"full_name": "李"})
    erased = judge(operation, None, site.desk.facts, site.authority(), RECORD_TYPES)
    assert erased.eligible
    grant = site.desk.grant(REVIEWER, Role.REVIEWER, by=PRINCIPAL)
    judged = judge(grant, None, site.desk.facts, site.authority(), RECORD_TYPES)
    assert judged.verdict is Verdict.ELIGIBLE
    trust = [replace(op, payload=Payload("", {})) for op in site.trust()]
    assert PRINCIPAL.id not in site.authority(trust).persons


# --- grants --------------------------------------------------------------------------------------


def test_the_tickets_key_lets_the_first_principal_in(site: Site) -> None:
    assert site.authority().persons[PRINCIPAL.id].roles == {Role.PRINCIPAL, Role.REGISTRAR}
    assert site.verdict(site.desk, site.desk.operations[0]) is Verdict.ELIGIBLE


def test_a_grant_counts_in_every_feed_of_the_scope(site: Site) -> None:
    assert site.review(REVIEWER, site.second) is Verdict.NOT_ALLOWED
    site.desk.grant(REVIEWER, Role.REVIEWER, by=PRINCIPAL)
    assert site.review(REVIEWER, site.second) is Verdict.ELIGIBLE


def test_a_grant_that_comes_after_the_act_allows_it(site: Site) -> None:
    operation = site.second.write(
        "applicant", "r1", {"review": "passed"}, person=REVIEWER.id, signers=[REVIEWER]
    )
    assert site.verdict(site.second, operation) is Verdict.NOT_ALLOWED
    site.desk.grant(REVIEWER, Role.REVIEWER, by=PRINCIPAL)
    assert site.verdict(site.second, operation) is Verdict.ELIGIBLE


@pytest.mark.parametrize(
    ("by", "roles", "allowed"),
    [
        (PRINCIPAL, [Role.REVIEWER], True),
        (PRINCIPAL, [Role.REVIEWER, Role.LEDGER_OFFICER, Role.REGISTRAR], True),
        (PRINCIPAL, [Role.PRINCIPAL], False),
        (PRINCIPAL, [Role.OFFICER], False),
        (PRINCIPAL, [Role.REVIEWER, Role.AUDITOR], False),
        (TICKET, [Role.PRINCIPAL], True),
        (TICKET, [Role.OFFICER], False),
        (REGISTRAR, [Role.REVIEWER], False),
        (STRANGER, [Role.REVIEWER], False),
    ],
)
def test_who_may_grant_what_in_a_school(
    site: Site, by: Somebody, roles: list[Role], *, allowed: bool
) -> None:
    site.desk.grant(REGISTRAR, Role.REGISTRAR, by=PRINCIPAL)
    operation = site.desk.grant(REVIEWER, *roles, by=by)
    expected = Verdict.ELIGIBLE if allowed else Verdict.NOT_ALLOWED
    assert site.verdict(site.desk, operation) is expected
    assert (REVIEWER.id in site.authority().persons) is allowed


def test_an_officer_grants_anything_in_the_districts_feeds_only(site: Site) -> None:
    auditor, principal, colleague = map(Somebody, ["auditor", "new", "colleague"])
    site.common.grant(colleague, Role.OFFICER, by=OFFICER)
    site.common.grant(auditor, Role.AUDITOR, by=colleague)
    site.district.grant(principal, Role.PRINCIPAL, by=OFFICER)
    refused = site.desk.grant(STRANGER, Role.REVIEWER, by=OFFICER)
    persons = site.authority().persons
    assert persons[colleague.id].roles == {Role.OFFICER}
    assert persons[auditor.id].roles == {Role.AUDITOR}
    assert persons[principal.id].roles == {Role.PRINCIPAL}
    assert STRANGER.id not in persons
    assert site.verdict(site.desk, refused) is Verdict.NOT_ALLOWED


def test_the_lead_of_a_districts_feed_lets_the_first_officer_in() -> None:
    first = Somebody("first")
    feed = Feed("district", scope=DISTRICT, district=True, lead=first)
    feed.grant(first, Role.OFFICER, by=first)
    assert build(holds, [], feed.trust(), RECORD_TYPES).persons[first.id].roles == {Role.OFFICER}


def test_a_school_person_grants_nothing_in_a_districts_feed(site: Site) -> None:
    operation = site.district.grant(STRANGER, Role.REVIEWER, by=PRINCIPAL)
    assert site.verdict(site.district, operation) is Verdict.NOT_ALLOWED


def test_roles_add_up(site: Site) -> None:
    site.desk.grant(REVIEWER, Role.REVIEWER, by=PRINCIPAL)
    site.second.grant(REVIEWER, Role.REGISTRAR, by=PRINCIPAL)
    assert site.authority().persons[REVIEWER.id].roles == {Role.REVIEWER, Role.REGISTRAR}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sign_key", "zz"),
        ("sign_key", "00"),
        ("sign_key", STRANGER.public.hex()),
        ("sign_key", REVIEWER.public.hex().upper()),
        ("sign_key", None),
        ("roles", None),
    ],
)
def test_a_grant_whose_key_is_not_the_persons_is_none(
    site: Site, name: str, value: str | None
) -> None:
    values = REVIEWER.introduced_as(Role.REVIEWER) | {name: value}
    operation = site.desk.write(
        "person", REVIEWER.id, values, person=PRINCIPAL.id, signers=[PRINCIPAL]
    )
    assert site.verdict(site.desk, operation) is Verdict.BAD_VALUE
    assert set(site.authority().persons) == {PRINCIPAL.id, OFFICER.id}


def test_a_name_may_be_put_right_by_who_may_grant(site: Site) -> None:
    for by, verdict in ((PRINCIPAL, Verdict.ELIGIBLE), (STRANGER, Verdict.NOT_ALLOWED)):
        operation = site.desk.write(
            "person", REVIEWER.id, {"full_name": "王"}, person=by.id, signers=[by]
        )
        assert site.verdict(site.desk, operation) is verdict


# --- signatures ----------------------------------------------------------------------------------


def test_an_act_needs_a_role_that_may_do_it(site: Site) -> None:
    site.desk.grant(REGISTRAR, Role.REGISTRAR, by=PRINCIPAL)
    assert site.review(PRINCIPAL) is Verdict.ELIGIBLE
    assert site.review(REGISTRAR) is Verdict.NOT_ALLOWED
    assert site.review(PRINCIPAL, signers=[]) is Verdict.NOT_SIGNED


def test_nobody_acts_under_anothers_name(site: Site) -> None:
    site.desk.grant(REVIEWER, Role.REVIEWER, by=PRINCIPAL)
    assert site.review(REVIEWER, person=PRINCIPAL.id) is Verdict.NOT_ALLOWED
    assert site.review(REVIEWER, person=PRINCIPAL.id, signers=[REVIEWER, PRINCIPAL]) is (
        Verdict.ELIGIBLE
    )


def test_a_second_persons_signature_may_bring_the_role(site: Site) -> None:
    site.desk.grant(REGISTRAR, Role.REGISTRAR, by=PRINCIPAL)
    assert site.review(REGISTRAR, signers=[REGISTRAR, PRINCIPAL]) is Verdict.ELIGIBLE


@pytest.mark.parametrize("signature", ["", "!!", "é", "AAAA", "AA=="])
def test_a_broken_signature_is_no_signature(site: Site, signature: str) -> None:
    class Broken(Somebody):
        def sign(self, message: bytes) -> Signature:
            return Signature(self.id, signature)

    assert site.review(Broken("principal")) is Verdict.NOT_ALLOWED


def test_a_signature_holds_for_its_own_header_only(site: Site) -> None:
    good = site.desk.write(
        "applicant", "r1", {"review": "passed"}, person=PRINCIPAL.id, signers=[PRINCIPAL]
    )
    assert good.header is not None
    stolen = good.header.signatures[0]

    class Thief(Somebody):
        def sign(self, message: bytes) -> Signature:
            return stolen

    assert site.review(PRINCIPAL, signers=[Thief("x")]) is Verdict.NOT_ALLOWED


# --- ends ----------------------------------------------------------------------------------------


def test_an_ended_person_counts_up_to_the_places_named(site: Site) -> None:
    site.desk.grant(REVIEWER, Role.REVIEWER, by=PRINCIPAL)
    early = site.second.write(
        "applicant", "r1", {"review": "passed"}, person=REVIEWER.id, signers=[REVIEWER]
    )
    late = site.second.write(
        "applicant", "r2", {"review": "passed"}, person=REVIEWER.id, signers=[REVIEWER]
    )
    elsewhere = site.desk.write(
        "applicant", "r3", {"review": "passed"}, person=REVIEWER.id, signers=[REVIEWER]
    )
    assert {site.verdict(site.second, one) for one in (early, late)} == {Verdict.ELIGIBLE}
    site.desk.end(REVIEWER, f"{site.second.name}:{early.sequence}", by=PRINCIPAL)
    assert site.verdict(site.second, early) is Verdict.ELIGIBLE
    assert site.verdict(site.second, late) is Verdict.NOT_ALLOWED
    assert site.verdict(site.desk, elsewhere) is Verdict.NOT_ALLOWED


def test_of_two_ends_the_lower_wins_and_a_place_in_one_alone_counts_for_nothing(
    site: Site,
) -> None:
    site.desk.grant(REVIEWER, Role.REVIEWER, by=PRINCIPAL)
    site.desk.end(REVIEWER, "a:5 b:9 c:1", by=PRINCIPAL)
    site.district.end(REVIEWER, "a:7 b:2", by=OFFICER)
    assert site.authority().ends[REVIEWER.id] == {"a": 5, "b": 2}


@pytest.mark.parametrize(
    ("by", "whom", "allowed"),
    [
        (PRINCIPAL, REVIEWER, True),
        (REVIEWER, REVIEWER, True),
        (REVIEWER, PRINCIPAL, False),
        (PRINCIPAL, OFFICER, False),
        (TICKET, OFFICER, False),
        (TICKET, PRINCIPAL, True),
        (STRANGER, REVIEWER, False),
    ],
)
def test_who_may_end_whom_in_a_school(
    site: Site, by: Somebody, whom: Somebody, *, allowed: bool
) -> None:
    site.desk.grant(REVIEWER, Role.REVIEWER, by=PRINCIPAL)
    operation = site.desk.end(whom, "", by=by)
    assert (whom.id in site.authority().ends) is allowed
    # An end that ends its own writer is judged by what stood before it.
    if by is not whom:
        expected = Verdict.ELIGIBLE if allowed else Verdict.NOT_ALLOWED
        assert site.verdict(site.desk, operation) is expected


def test_whom_an_ended_person_granted_later_is_not_granted(site: Site) -> None:
    before = site.desk.grant(REVIEWER, Role.REVIEWER, by=PRINCIPAL)
    site.desk.grant(STRANGER, Role.REVIEWER, by=PRINCIPAL)
    site.district.end(PRINCIPAL, f"{site.desk.name}:{before.sequence}", by=OFFICER)
    persons = site.authority().persons
    assert REVIEWER.id in persons
    assert STRANGER.id not in persons


def test_an_ended_ticket_lets_nobody_in_any_more(site: Site) -> None:
    site.district.end(TICKET, f"{site.desk.name}:1", by=OFFICER)
    site.desk.grant(STRANGER, Role.PRINCIPAL, by=TICKET)
    assert STRANGER.id not in site.authority().persons
    assert PRINCIPAL.id in site.authority().persons


@pytest.fixture
def colleagues(site: Site) -> tuple[Somebody, Somebody]:
    """Let two officers in by grants, at places 1 and 2 of the common feed."""
    one, other = Somebody("one"), Somebody("other")
    for whom in (one, other):
        site.common.grant(whom, Role.OFFICER, by=OFFICER)
    return one, other


def test_revenge_behind_the_end_does_not_count(
    site: Site, colleagues: tuple[Somebody, Somebody]
) -> None:
    one, other = colleagues
    site.common.end(other, f"{site.common.name}:3", by=one)
    site.common.end(one, f"{site.common.name}:9", by=other)
    ends = site.authority().ends
    assert other.id in ends
    assert one.id not in ends


def test_who_end_each_other_before_the_others_act_are_both_ended(
    site: Site, colleagues: tuple[Somebody, Somebody]
) -> None:
    one, other = colleagues
    site.common.end(other, f"{site.common.name}:2", by=one)
    site.common.end(one, f"{site.common.name}:2", by=other)
    assert {one.id, other.id} <= set(site.authority().ends)


def test_no_colleague_ends_an_officer_the_district_document_names(
    site: Site, colleagues: tuple[Somebody, Somebody]
) -> None:
    operation = site.common.end(OFFICER, "", by=colleagues[0])
    assert site.verdict(site.common, operation) is Verdict.NOT_ALLOWED
    assert not site.authority().ends
    site.common.end(OFFICER, "", by=OFFICER)
    assert OFFICER.id in site.authority().ends


# --- limits --------------------------------------------------------------------------------------


def test_a_revoked_feed_counts_up_to_its_limit_and_the_lower_limit_wins(site: Site) -> None:
    operations = [site.second.write("applicant", f"r{n}", {"full_name": "李"}) for n in range(4)]
    site.common.limit(site.second, 3, by=OFFICER)
    site.district.limit(site.second, 2, by=OFFICER)
    site.common.limit(site.second, 4, by=OFFICER)
    verdicts = [site.verdict(site.second, operation) for operation in operations]
    assert verdicts == [Verdict.ELIGIBLE] * 2 + [Verdict.REVOKED] * 2


@pytest.mark.parametrize("by", [PRINCIPAL, STRANGER])
def test_only_an_officer_revokes_and_only_in_the_districts_feed(site: Site, by: Somebody) -> None:
    assert site.verdict(site.district, site.district.limit(site.second, 0, by=by)) is (
        Verdict.NOT_ALLOWED
    )
    assert site.verdict(site.desk, site.desk.limit(site.second, 0, by=OFFICER)) is (
        Verdict.NOT_OWNER
    )
    assert not site.authority().limits


def test_grants_behind_a_limit_are_none(site: Site) -> None:
    site.desk.grant(STRANGER, Role.REVIEWER, by=PRINCIPAL)
    assert STRANGER.id in site.authority().persons
    site.common.limit(site.desk, 1, by=OFFICER)
    assert STRANGER.id not in site.authority().persons
    assert PRINCIPAL.id in site.authority().persons


def test_a_limit_of_an_officer_ended_before_is_none(site: Site) -> None:
    colleague = Somebody("colleague")
    site.common.grant(colleague, Role.OFFICER, by=OFFICER)
    site.common.limit(site.second, 1, by=colleague)
    assert site.authority().limits == {site.second.name: 1}
    site.common.end(colleague, f"{site.common.name}:1", by=OFFICER)
    assert site.authority().limits == {}


# --- laws ----------------------------------------------------------------------------------------


def quarrel() -> Site:
    """Make a site in which nearly everybody grants, ends and revokes."""
    site = Site()
    colleague = Somebody("colleague")
    site.common.grant(colleague, Role.OFFICER, by=OFFICER)
    site.desk.grant(REVIEWER, Role.REVIEWER, by=PRINCIPAL)
    site.second.grant(REGISTRAR, Role.REGISTRAR, by=PRINCIPAL)
    site.second.grant(STRANGER, Role.REVIEWER, by=REGISTRAR)
    site.district.grant(REGISTRAR, Role.PRINCIPAL, by=colleague)
    site.second.end(REVIEWER, f"{site.desk.name}:9", by=REGISTRAR)
    site.common.end(OFFICER, f"{site.common.name}:2", by=colleague)
    site.common.end(colleague, f"{site.common.name}:3", by=OFFICER)
    site.common.limit(site.second, 2, by=colleague)
    site.district.limit(site.desk, 2, by=OFFICER)
    site.desk.end(REGISTRAR, "x:1", by=PRINCIPAL)
    return site


QUARREL = quarrel()
KNOWN = QUARREL.trust()


@given(st.sets(st.integers(0, len(KNOWN) - 1)), st.randoms(use_true_random=False))
def test_the_order_of_trust_operations_changes_nothing(
    chosen: set[int], chance: random.Random
) -> None:
    some = [KNOWN[place] for place in chosen]
    shuffled = some + some[:2]
    chance.shuffle(shuffled)
    assert QUARREL.authority(shuffled) == QUARREL.authority(some)


def test_no_order_of_the_first_five_changes_anything() -> None:
    first = KNOWN[:5]
    expected = QUARREL.authority(first)
    assert all(
        QUARREL.authority(list(order)) == expected for order in itertools.permutations(first)
    )


def test_trust_operations_that_do_not_fit_count_for_nothing(site: Site) -> None:
    site.desk.write(
        "person",
        REVIEWER.id,
        REVIEWER.introduced_as(Role.REVIEWER) | {"age": 1},
        person=PRINCIPAL.id,
        signers=[PRINCIPAL],
    )
    site.desk.write(
        "person",
        STRANGER.id,
        STRANGER.introduced_as(Role.REVIEWER),
        schema=2,
        person=PRINCIPAL.id,
        signers=[PRINCIPAL],
    )
    site.desk.end(PRINCIPAL, "9" * 4001, by=TICKET)
    authority = site.authority()
    assert set(authority.persons) == {PRINCIPAL.id, OFFICER.id}
    assert not authority.ends


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", {}),
        ("a:1 b:2", {"a": 1, "b": 2}),
        ("a:3 a:1 a:2", {"a": 1}),
        ("a a: a:x a:-1 a:１ :5", {"": 5}),
        ("a:" + "9" * 3000, {}),
    ],
)
def test_places_are_read_as_far_as_they_can_be(text: str, places: dict[str, int]) -> None:
    assert read_places(text) == places
