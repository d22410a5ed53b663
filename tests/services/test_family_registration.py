"""How a child comes, who brings it, and of which family it is: from the form to the case and back."""

from __future__ import annotations

import itertools

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.codes_care import GUARDIAN_RELATION
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.package import Policy
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.form import CASE_MARKS, KEEP_THEIR_ROLL, assess
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.merging import MergeDesk
from desktop_app.services.registration import Decision, RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row, read_row
from tests.services.conftest import Exchange
from tests.services.kit import form, let_in, log_in, number, registered
from tests.sync.site import Site

YOUNG = number("20190305", 417)
"""Five years old on the day that counts."""
BROTHERS = (
    {"id_number": number("20171102", 272), "full_name": "罗雨晨"},
    {"id_number": number("20160902", 272), "full_name": "罗雨阳"},
    {"id_number": number("20180820", 338), "full_name": "罗雨辉"},
)


def child(workplace: Workplace, record: str) -> Row:
    with workplace.database.read() as connection:
        row = read_row(connection, RECORD_TYPES["applicant"], workplace.seat.scope, record)
    assert row is not None
    return row


def families(workplace: Workplace, *records: str) -> list[str]:
    return [child(workplace, one).text("family") for one in records]


# --- the form -----------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ["", "new", *sorted(KEEP_THEIR_ROLL)])
def test_only_whoever_is_new_is_asked_for_their_age(policy: Policy, entry: str) -> None:
    found = assess(form(id_number=YOUNG, entry=entry), policy, "P1")
    assert found.blocks is (entry in {"", "new"})
    assert found.age is not None
    assert found.age.state == "under"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("entry", "moved"),
        ("entry", "Transfer"),
        ("agent_relation", "00"),
        ("agent_relation", "祖父"),
        ("second_keying", "perhaps"),
    ],
)
def test_a_mark_that_is_no_code_is_shown_where_the_papers_are(
    policy: Policy, name: str, text: str
) -> None:
    found = assess(form(**{name: text}), policy, "P1")
    assert found.blocks
    problem = found.problem_of("category")
    assert problem is not None
    assert (problem.code, problem.blocks) == ("form.not_in_list", True)


def test_the_papers_of_a_form_are_those_of_its_case(policy: Policy) -> None:
    relations = [one.value for one in GUARDIAN_RELATION.entries]
    for entry, agent in itertools.product(["", "new", *KEEP_THEIR_ROLL], ["", *relations[:2]]):
        found = assess(form(entry=entry, agent_relation=agent), policy, "P1").checklist
        plain = policy.checklist("A1", entry, agent)
        assert found is not None
        assert plain is not None
        assert (found.required, found.optional) == (plain.required, plain.optional)
        wanted = ["ROLL"] * (entry == "transfer") + ["AUTH"] * bool(agent)
        assert [*found.next_materials()] == wanted


def test_a_letter_seen_at_once_is_noted_with_the_registration(laptop: Workplace) -> None:
    filled = form(agent_relation="61", entry="transfer")
    seen = {"material.AUTH": "accepted", "material.ROLL": "accepted"}
    made = RegistrationDesk(laptop).register(filled | seen)
    assert made.missing == ()
    checks = MaterialsDesk(laptop).open(made.record).checklist.checks
    assert {code: one.state for code, one in checks.items()} == {
        "HKB": "accepted",
        "GID": "accepted",
        "ROLL": "accepted",
        "AUTH": "accepted",
    }


def test_a_letter_nobody_asks_for_is_not_noted(laptop: Workplace) -> None:
    made = RegistrationDesk(laptop).register(form() | {"material.AUTH": "accepted"})
    assert "AUTH" not in MaterialsDesk(laptop).open(made.record).checklist.checks


def test_taken_back_a_case_comes_back_with_its_marks(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    first = desk.register(form()).record
    more = {"entry": "reinstated", "agent_relation": "62", "family": first}
    more |= {"second_keying": "waiting", "paper_date": "2024-08-20"}
    more |= {"list_fault": "full_name:misspelt"}
    record = desk.register(form(**BROTHERS[0], **more)).record
    taken = desk.take_back(record)
    assert {name: taken[name] for name in CASE_MARKS} == more
    again = desk.register(taken).record
    assert {name: child(laptop, again).text(name) for name in CASE_MARKS} == more


# --- families -----------------------------------------------------------------------------------


def test_whichever_brother_is_named_the_family_is_the_first_childs(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    made = [desk.register(form()).record]
    for more in BROTHERS:
        made.append(desk.register(form(**more, family=made[-1])).record)
    assert families(laptop, *made) == [made[0]] * 4
    names = [[one.name for one in CaseDesk(laptop).open(record).siblings] for record in made]
    everybody = ["罗雨桐", "罗雨晨", "罗雨阳", "罗雨辉"]
    assert names == [[one for one in everybody if one != mine] for mine in everybody]


def test_a_child_alone_has_no_family(laptop: Workplace) -> None:
    first, second = registered(laptop), registered(laptop, **BROTHERS[0])
    assert families(laptop, first, second) == ["", ""]
    assert CaseDesk(laptop).open(first).siblings == ()


def test_naming_the_first_child_writes_it_once(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    first = desk.register(form()).record
    desk.register(form(**BROTHERS[0], family=first))
    heads = child(laptop, first).heads
    desk.register(form(**BROTHERS[1], family=first))
    assert child(laptop, first).heads == heads


def test_triplets_are_one_family_whoever_was_registered_alone(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    elder = desk.register(form(**BROTHERS[0])).record
    alone = desk.register(form()).record
    second = form(id_number=number(order=272), full_name="罗雨晴", family=elder)
    named = desk.register(second).record
    third = form(id_number=number(order=280), full_name="罗雨霏")
    asked = {(one.finding.rule, one.finding.other) for one in desk.duplicates(third)}
    assert asked == {("D4", alone), ("D4", named)}
    said = [Decision("D4", one, "siblings") for one in (alone, named)]
    last = desk.register(third, said).record
    assert families(laptop, elder, alone, named, last) == [elder] * 4
    twins = [child(laptop, one).values["multiple_birth"] for one in (elder, alone, named, last)]
    assert twins == [None, True, True, True]


def test_twins_told_of_later_join_when_the_case_is_amended(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    first = desk.register(form()).record
    second = desk.register(form(id_number=number(order=272), full_name="罗雨晨")).record
    assert families(laptop, first, second) == ["", ""]
    amendments = AmendmentDesk(laptop)
    stored = amendments.open(second)
    amendments.amend(second, stored.form, stored.form, [Decision("D4", first, "siblings")])
    assert families(laptop, first, second) == [first] * 2
    assert [child(laptop, one).values["multiple_birth"] for one in (first, second)] == [True] * 2
    (kept,) = amendments.open(first).decisions
    assert (kept.rule, kept.other, kept.decision) == ("D4", second, "siblings")


def test_a_child_said_to_be_of_a_family_later_names_it_as_the_others_do(laptop: Workplace) -> None:
    first, second = registered(laptop), registered(laptop, **BROTHERS[0])
    third = registered(laptop, **BROTHERS[1])
    desk = AmendmentDesk(laptop)
    for record, named in ((second, first), (third, second)):
        stored = desk.open(record)
        made = desk.amend(record, dict(stored.form) | {"family": named}, stored.form)
        assert made.changed == ("family",)
    assert families(laptop, first, second, third) == [first] * 3
    assert len(CaseDesk(laptop).open(first).siblings) == 2


def test_a_child_put_into_a_family_by_mistake_is_taken_out_alone(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    first = desk.register(form()).record
    second = desk.register(form(**BROTHERS[0], family=first)).record
    third = desk.register(form(**BROTHERS[1], family=first)).record
    amendments = AmendmentDesk(laptop)
    stored = amendments.open(third)
    apart = {name: text for name, text in stored.form.items() if name != "family"}
    assert amendments.amend(third, apart, stored.form).changed == ("family",)
    assert families(laptop, first, second, third) == [first, first, ""]
    assert [one.name for one in CaseDesk(laptop).open(first).siblings] == ["罗雨晨"]


def test_a_child_taken_back_is_nobodys_brother_any_more(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    first = desk.register(form()).record
    second = desk.register(form(**BROTHERS[0], family=first)).record
    third = desk.register(form(**BROTHERS[1], family=first)).record
    desk.take_back(first)
    cases = CaseDesk(laptop)
    assert [one.name for one in cases.open(second).siblings] == ["罗雨阳"]
    fourth = desk.register(form(**BROTHERS[2], family=second)).record
    assert families(laptop, second, third, fourth) == [first] * 3


def test_a_brother_keyed_twice_and_merged_is_one_brother(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    first = registered(laptop)
    meet()
    twice = [registered(one, **BROTHERS[0], family=first) for one in (laptop, other)]
    meet()
    MergeDesk(laptop).merge(twice[1], twice[0])
    assert [one.record for one in CaseDesk(laptop).open(first).siblings] == [twice[0]]
    meet()
    assert [one.record for one in CaseDesk(other).open(first).siblings] == [twice[0]]
    MergeDesk(laptop).separate(twice[1])
    assert {one.record for one in CaseDesk(laptop).open(first).siblings} == {*twice}


# --- amended ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "missing"),
    [
        ({"entry": "transfer"}, ("ROLL",)),
        ({"entry": "reinstated"}, ()),
        ({"entry": "deferred"}, ()),
        ({"agent_relation": "61"}, ("AUTH",)),
        ({"entry": "transfer", "agent_relation": "61"}, ("ROLL", "AUTH")),
        ({"entry": "new"}, ()),
    ],
)
def test_what_a_case_turns_out_to_be_asks_for_its_papers(
    laptop: Workplace, marks: dict[str, str], missing: tuple[str, ...]
) -> None:
    record = registered(laptop)
    desk = AmendmentDesk(laptop)
    stored = desk.open(record)
    made = desk.amend(record, dict(stored.form) | marks, stored.form)
    assert (made.changed, made.missing) == (tuple(marks), missing)
    assert child(laptop, record).text("missing_materials") == " ".join(missing)
    back = desk.amend(record, stored.form, desk.open(record).form)
    assert (back.changed, back.missing) == (tuple(marks), ())


def test_a_paper_brought_for_a_case_that_changed_is_kept_for_when_it_changes_back(
    laptop: Workplace,
) -> None:
    record = registered(laptop, entry="transfer")
    assert MaterialsDesk(laptop).mark(record, Mark("ROLL", "accepted")).next_materials() == ()
    desk = AmendmentDesk(laptop)
    stored = desk.open(record)
    plain = {name: text for name, text in stored.form.items() if name != "entry"}
    assert desk.amend(record, plain, stored.form).missing == ()
    assert "ROLL" not in MaterialsDesk(laptop).open(record).checklist.checks
    now = desk.open(record)
    assert desk.amend(record, dict(now.form) | {"entry": "transfer"}, now.form).missing == ()


def test_no_paper_of_an_agent_is_taken_where_nobody_came_instead(laptop: Workplace) -> None:
    record = registered(laptop)
    desk = AmendmentDesk(laptop)
    stored = desk.open(record)
    desk.amend(record, dict(stored.form) | {"material.AUTH": "accepted"}, stored.form)
    assert "AUTH" not in MaterialsDesk(laptop).open(record).rows


# --- examined -----------------------------------------------------------------------------------


def verdicts(workplace: Workplace, record: str) -> dict[str, tuple[str, str]]:
    lines = ExaminationDesk(workplace).open(record).fields
    return {line.key: (line.against, line.verdict) for line in lines}


@pytest.mark.parametrize("entry", sorted(KEEP_THEIR_ROLL))
def test_no_reviewer_is_told_that_a_child_who_keeps_its_roll_is_too_young(
    laptop: Workplace, entry: str
) -> None:
    record = registered(laptop, id_number=YOUNG, entry=entry)
    found = verdicts(laptop, record)
    assert found["age"] == ("under", "")
    assert found["birth"][1] == "same"


def test_the_papers_of_a_case_are_examined_with_those_it_adds(
    site: Site, laptop: Workplace
) -> None:
    record = registered(laptop, entry="transfer", agent_relation="61")
    let_in(laptop, "周敏", Role.REVIEWER)
    desk = ExaminationDesk(log_in(site, laptop, "周敏"))
    case = desk.open(record)
    assert [(one.material, one.state) for one in case.papers] == [
        ("HKB", "accepted"),
        ("GID", "accepted"),
        ("ROLL", "missing"),
        ("AUTH", "missing"),
    ]
    assert case.missing == 2


@pytest.mark.parametrize(
    ("field", "key", "here", "there"),
    [
        ("full_name", "name", "罗雨桐", "罗雨"),
        ("full_name", "name", "罗雨", "罗雨桐"),
        ("hukou_address", "home", "3组27号", "组27号"),
        ("hukou_address", "home", "7号", "3组27号"),
        ("birth_date", "birth", "2018-03-14", "2018-03"),
    ],
)
def test_a_value_that_is_a_piece_of_the_other_stands_beside_it_all_the_same(
    laptop: Workplace,
    other: Workplace,
    meet: Exchange,
    field: str,
    key: str,
    here: str,
    there: str,
) -> None:
    record = registered(laptop)
    meet()
    for one, text in ((laptop, here), (other, there)):
        with one.journal.begin(one.actor()) as work:
            work.edit("applicant", record, {field: "另"})
            work.edit("applicant", record, {field: text})
    meet()
    for one in (laptop, other):
        shown = child(one, record).text(field)
        (apart,) = {here, there} - {shown}
        lines = [line for line in ExaminationDesk(one).open(record).fields if line.key == key]
        assert [line.others for line in lines] == [(apart,)] * len(lines)
        assert [line.verdict for line in lines] == ["differs"]
