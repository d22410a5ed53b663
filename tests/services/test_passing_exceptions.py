"""Passing many: every reason that keeps a case back, each alone and all at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.assigning import AssigningDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.passing import PassingDesk, Why
from desktop_app.services.people import PeopleDesk
from desktop_app.services.review import BULK, ReviewDesk
from desktop_app.services.wording import paper_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from tests.services.kit import let_in, log_in
from tests.services.test_passing import another, child, status
from tests.sync.site import PASSWORD, SCHOOL, Site

ADDRESS = ("ADDRESS_DIFFERS", "hukou_address")
Change = Callable[[Workplace, str], None]


@pytest.fixture
def records(laptop: Workplace) -> list[str]:
    let_in(laptop, "周敏", Role.REVIEWER)
    let_in(laptop, "王芳", Role.REVIEWER)
    return [another(laptop, 301, "王子涵"), another(laptop, 303, "魏振豪")]


@pytest.fixture
def reviewer(site: Site, laptop: Workplace, records: list[str]) -> Workplace:
    return log_in(site, laptop, "周敏")


def edit(workplace: Workplace, record: str, **values: str | bool) -> None:
    """Write what another laptop or an older program might have written."""
    with workplace.journal.begin(workplace.actor()) as work:
        work.edit("applicant", record, dict(values), act="elsewhere")


def why(workplace: Workplace, record: str) -> tuple[Why, ...]:
    found = {one.record: one.why for one in PassingDesk(workplace).preview().flagged}
    return found.get(record, ())


# --- why a case stays -----------------------------------------------------------------------------


def test_a_number_in_dispute_keeps_a_case_back(reviewer: Workplace, records: list[str]) -> None:
    edit(reviewer, records[0], number_disputed=True)
    assert [one.code for one in why(reviewer, records[0])] == ["conflict"]
    assert not why(reviewer, records[1])


def test_missing_papers_are_named_each_once(reviewer: Workplace, records: list[str]) -> None:
    edit(reviewer, records[0], missing_materials="GID HKB GID")
    (found,) = why(reviewer, records[0])
    assert found.code == "missing"
    assert found.told == tuple(paper_label(reviewer.policy, one) for one in ("GID", "HKB"))


def test_a_birth_date_beside_the_number_is_a_finding(
    reviewer: Workplace, records: list[str]
) -> None:
    edit(reviewer, records[0], birth_date="2018-03-15")
    (found,) = why(reviewer, records[0])
    assert (found.code, found.told) == ("finding", ("birth",))


def test_what_waits_to_be_keyed_again_stays_and_what_matched_does_not(
    reviewer: Workplace, records: list[str]
) -> None:
    edit(reviewer, records[0], second_keying="waiting")
    assert why(reviewer, records[0]) == (Why("second_keying"),)
    for settled in ("matched", "settled"):
        edit(reviewer, records[0], second_keying=settled)
        assert not why(reviewer, records[0])


def test_what_somebody_else_has_in_hand_stays_with_their_name(
    site: Site, reviewer: Workplace, records: list[str]
) -> None:
    AssigningDesk(reviewer).take(records[0])
    assert not why(reviewer, records[0])  # one's own is passed with the others
    other = log_in(site, reviewer, "王芳")
    assert why(other, records[0]) == (Why("assigned", ("周敏",)),)
    AssigningDesk(other).take(records[0], child(other, records[0]).text("assigned_to"))
    assert not why(other, records[0])


def test_ones_own_registration_stays_and_another_reviewer_passes_it(
    site: Site, laptop: Workplace, records: list[str]
) -> None:
    assert why(laptop, records[0]) == (Why("own_work"),)
    mine = log_in(site, laptop, "王芳")
    assert set(PassingDesk(mine).preview().clean) == set(records)


def test_a_send_back_tells_its_reason_before_and_after_it_is_amended(
    reviewer: Workplace, records: list[str]
) -> None:
    ReviewDesk(reviewer).send_back(records[0], *ADDRESS)
    label = reviewer.policy.reasons["ADDRESS_DIFFERS"].label
    assert why(reviewer, records[0]) == (Why("returned", (label,)),)
    MaterialsDesk(reviewer).mark(records[0], Mark("HKB", "pending_original"))
    MaterialsDesk(reviewer).mark(records[0], Mark("HKB", "accepted"))
    assert why(reviewer, records[0]) == (Why("amended", (label,)),)


def test_every_reason_is_told_at_once(site: Site, reviewer: Workplace, records: list[str]) -> None:
    ReviewDesk(reviewer).send_back(records[0], *ADDRESS)
    AssigningDesk(reviewer).take(records[0])
    edit(
        reviewer,
        records[0],
        number_disputed=True,
        missing_materials="GID",
        birth_date="2018-03-15",
        second_keying="waiting",
    )
    principal = log_in(site, reviewer, "赵志强")
    assert [one.code for one in why(principal, records[0])] == [
        "conflict",
        "returned",
        "missing",
        "finding",
        "own_work",
        "assigned",
        "second_keying",
    ]


def test_a_case_passed_already_is_in_neither_list(reviewer: Workplace, records: list[str]) -> None:
    ReviewDesk(reviewer).approve([records[0]])
    preview = PassingDesk(reviewer).preview()
    assert (preview.flagged, set(preview.clean)) == ((), {records[1]})


# --- what was shown is what is passed -------------------------------------------------------------


def phone(workplace: Workplace, record: str) -> None:
    stored = AmendmentDesk(workplace).open(record)
    changed = {**stored.form, "guardian_phone": "13800009999"}
    AmendmentDesk(workplace).amend(record, changed, stored.form)


def paper(workplace: Workplace, record: str) -> None:
    MaterialsDesk(workplace).mark(record, Mark("HKB", "accepted", number="0412"))


def taken(workplace: Workplace, record: str) -> None:
    AssigningDesk(workplace).take(record)


def passed(workplace: Workplace, record: str) -> None:
    ReviewDesk(workplace).approve([record])


def returned(workplace: Workplace, record: str) -> None:
    ReviewDesk(workplace).send_back(record, *ADDRESS)


def gone(workplace: Workplace, record: str) -> None:
    with workplace.journal.begin(workplace.actor()) as work:
        work.remove("applicant", record)


@pytest.mark.parametrize("change", [phone, paper, taken, passed, returned, gone])
def test_whatever_was_changed_since_it_was_shown_is_left_and_named(
    site: Site, reviewer: Workplace, records: list[str], change: Change
) -> None:
    clean = PassingDesk(reviewer).preview().clean
    other = log_in(site, reviewer, "王芳")
    change(other, records[0])
    before = None if change is gone else status(other, records[0])
    again = log_in(site, other, "周敏")
    done = PassingDesk(again).pass_many(clean, PASSWORD)
    assert done.records == (records[1],)
    (left,) = done.overtaken
    assert (left.record, left.name) == (records[0], "" if change is gone else "王子涵")
    if before is not None:
        assert status(again, records[0]) == before


def test_what_no_preview_has_shown_is_not_passed(reviewer: Workplace, records: list[str]) -> None:
    made_up = {records[0]: "0" * 64, "never-heard-of": "0" * 64}
    done = PassingDesk(reviewer).pass_many(made_up, PASSWORD)
    assert done.records == ()
    assert {one.record for one in done.overtaken} == made_up.keys()
    assert status(reviewer, records[0])[0] is None


def test_the_same_list_a_second_time_passes_nothing(
    reviewer: Workplace, records: list[str]
) -> None:
    desk = PassingDesk(reviewer)
    clean = desk.preview().clean
    assert len(desk.pass_many(clean, PASSWORD).records) == 2
    again = desk.pass_many(clean, PASSWORD)
    assert (again.records, len(again.overtaken)) == ((), 2)
    assert desk.preview().clean == {}
    assert ListDesk(reviewer).counts()["passed"] == 2


def test_nothing_to_pass_is_nothing_written(reviewer: Workplace, records: list[str]) -> None:
    heads = child(reviewer, records[0]).heads
    assert PassingDesk(reviewer).pass_many({}, PASSWORD).records == ()
    assert child(reviewer, records[0]).heads == heads


def test_each_carries_an_act_of_its_own_signed_by_the_reviewer(
    reviewer: Workplace, records: list[str]
) -> None:
    desk = PassingDesk(reviewer)
    desk.pass_many(desk.preview().clean, PASSWORD)
    for record in records:
        with reviewer.database.read() as connection:
            (act,) = [
                one
                for one in queries.history(connection, SCHOOL, record, ("applicant",))
                if one.act == BULK
            ]
        assert (act.person, act.signers, act.verdict) == (
            reviewer.person,
            (reviewer.person,),
            "",
        )
        event = CaseDesk(reviewer).open(record).events[-1]
        assert (event.act, event.subject, event.person) == ("passed", "many", "周敏")


def test_too_many_wrong_passwords_lock_passing_out_and_nothing_is_passed(
    reviewer: Workplace, records: list[str]
) -> None:
    desk = PassingDesk(reviewer)
    clean = desk.preview().clean
    codes = []
    for _ in range(8):
        with pytest.raises(RuleError) as refused:
            desk.pass_many(clean, "some-other-word")
        codes.append(refused.value.code)
    assert codes[0] == "vault.wrong_password"
    assert codes[-1] != "vault.wrong_password"
    with pytest.raises(RuleError) as refused:
        desk.pass_many(clean, PASSWORD)
    assert refused.value.code == codes[-1]
    assert [status(reviewer, one)[0] for one in records] == [None, None]


def test_a_colleagues_password_does_not_pass(
    site: Site, reviewer: Workplace, records: list[str]
) -> None:
    principal = log_in(site, reviewer, "赵志强")
    PeopleDesk(principal).add("陈静", "another-word-77", {Role.REVIEWER})
    again = log_in(site, principal, "周敏")
    desk = PassingDesk(again)
    with pytest.raises(RuleError, match=r"vault\.wrong_password"):
        desk.pass_many(desk.preview().clean, "another-word-77")
    assert status(again, records[0])[0] is None


def test_a_flag_tells_name_and_receipt_of_its_case(reviewer: Workplace, records: list[str]) -> None:
    ReviewDesk(reviewer).send_back(records[1], *ADDRESS)
    (flagged,) = PassingDesk(reviewer).preview().flagged
    row = child(reviewer, records[1])
    assert (flagged.record, flagged.name) == (records[1], "魏振豪")
    assert flagged.receipt == row.text("receipt_number") != ""
