"""Keying a paper form again: who may, what counts as equal, and what becomes of the case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import ProductError, RuleError, StaleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.merging import MergeDesk
from desktop_app.services.passing import PassingDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.second_keying import KEYED, SECOND, SecondKeyingDesk, tidy_keyed
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_row
from tests.services.kit import form, let_in, log_in, number, registered, without
from tests.sync.site import Site

OTHER = "周敏"
TYPED = {
    "full_name": "罗雨桐",
    "id_number": number(),
    "birth_date": "2018-03-14",
    "guardian_id_number": number("19890522", 141),
    "guardian_phone": "13800001234",
}
WRONG = {
    "full_name": "罗雨彤",
    "id_number": number(order=280),
    "birth_date": "2018-03-15",
    "guardian_id_number": number("19890522", 169),
    "guardian_phone": "13800004321",
}


@pytest.fixture
def papers(laptop: Workplace) -> list[str]:
    """Register two paper forms, and let a second person and a reviewer in."""
    let_in(laptop, OTHER, Role.REGISTRAR, Role.REVIEWER)
    return [
        registered(laptop, second_keying="waiting"),
        registered(
            laptop, id_number=number(order=272), full_name="罗雨晨", second_keying="waiting"
        ),
    ]


@pytest.fixture
def second(site: Site, laptop: Workplace, papers: list[str]) -> Workplace:
    """Sit down as the second person."""
    return log_in(site, laptop, OTHER)


def mark(workplace: Workplace, record: str) -> str:
    with workplace.database.read() as connection:
        row = read_row(connection, RECORD_TYPES["applicant"], workplace.seat.scope, record)
    return "" if row is None else row.text("second_keying")


def code_of(desk: SecondKeyingDesk, record: str, typed: dict[str, str], **keep: str) -> str:
    with pytest.raises(ProductError) as caught:
        desk.settle(record, typed, keep)
    return caught.value.code


# --- what is equal ------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from([*KEYED, "category"]), st.text(max_size=30)))
def test_whatever_is_typed_is_tidied_once(typed: dict[str, str]) -> None:
    tidy = tidy_keyed(typed)
    assert (*tidy,) == KEYED
    assert tidy_keyed({name: f" {text}\t" for name, text in typed.items()}) == tidy


@pytest.mark.parametrize(
    "changed",
    [
        {"full_name": " 罗 雨 桐 "},
        {"full_name": "罗U+96E8桐"},
        {"id_number": number().lower()},
        {"id_number": f"{number()[:6]} {number()[6:14]} {number()[14:]}"},
        {"id_number": number().translate(str.maketrans("0123456789", "０１２３４５６７８９"))},
        {"birth_date": "20180314"},
        {"birth_date": "2018年3月14日"},
        {"guardian_phone": "+86 138-0000-1234"},
        {"guardian_phone": "１３８００００１２３４"},
    ],
)
def test_spelling_alone_is_no_difference(
    second: Workplace, papers: list[str], changed: dict[str, str]
) -> None:
    assert SecondKeyingDesk(second).compare(papers[0], TYPED | changed) == ()


def test_each_value_that_differs_is_told_with_both_and_nothing_is_written(
    second: Workplace, papers: list[str]
) -> None:
    desk = SecondKeyingDesk(second)
    before = second.own_feed().sequence
    for name in KEYED:
        (found,) = desk.compare(papers[0], TYPED | {name: WRONG[name]})
        assert (found.field, found.first, found.second) == (name, TYPED[name], WRONG[name])
        (empty,) = desk.compare(papers[0], TYPED | {name: ""}) if name != "full_name" else (found,)
        assert empty.first == TYPED[name]
    assert [one.field for one in desk.compare(papers[0], WRONG)] == [*KEYED]
    assert second.own_feed().sequence == before
    assert mark(second, papers[0]) == "waiting"


def test_a_guardian_without_number_or_telephone_is_keyed_as_empty(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, OTHER, Role.REGISTRAR)
    filled = without(form(second_keying="waiting"), "guardian_phone", "guardian_id_number")
    record = RegistrationDesk(laptop).register(filled).record
    desk = SecondKeyingDesk(log_in(site, laptop, OTHER))
    assert desk.settle(record, without(TYPED, "guardian_phone", "guardian_id_number")) == "matched"


def test_a_child_without_a_number_says_so_and_is_keyed_by_its_birth_date(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, OTHER, Role.REGISTRAR)
    filled = without(form(id_type="Z", category="D3", second_keying="waiting"), "id_number")
    record = RegistrationDesk(laptop).register(filled | {"sex": "2", "birth_date": "20180314"})
    desk = SecondKeyingDesk(log_in(site, laptop, OTHER))
    assert [one.has_number for one in desk.waiting()] == [False]
    typed = TYPED | {"id_number": "", "birth_date": "2018-3-15"}
    (found,) = desk.compare(record.record, typed)
    assert (found.field, found.second) == ("birth_date", "2018-03-15")
    assert desk.settle(record.record, typed, {"birth_date": SECOND}) == "settled"
    stored = AmendmentDesk(desk._workplace).open(record.record).form
    assert stored["birth_date"] == "2018-03-15"


# --- who may, and when --------------------------------------------------------------------------


def test_nobody_keys_their_own_form_again(laptop: Workplace, papers: list[str]) -> None:
    desk = SecondKeyingDesk(laptop)
    before = laptop.own_feed().sequence
    assert code_of(desk, papers[0], TYPED) == "keying.own"
    with pytest.raises(RuleError, match=r"keying\.own"):
        desk.compare(papers[0], TYPED)
    assert laptop.own_feed().sequence == before


def test_ones_own_form_stays_ones_own_where_another_changed_it(
    site: Site, second: Workplace, papers: list[str]
) -> None:
    desk = AmendmentDesk(second)
    stored = desk.open(papers[0])
    desk.amend(papers[0], dict(stored.form) | {"boarding_code": "2"}, stored.form)
    first = SecondKeyingDesk(log_in(site, second, "赵志强"))
    assert code_of(first, papers[0], TYPED) == "keying.own"


def test_a_case_that_never_waited_is_not_keyed_again(site: Site, laptop: Workplace) -> None:
    let_in(laptop, OTHER, Role.REGISTRAR)
    record = registered(laptop)
    desk = SecondKeyingDesk(log_in(site, laptop, OTHER))
    assert desk.waiting() == ()
    assert code_of(desk, record, TYPED) == "keying.over"


def test_a_case_taken_back_meanwhile_is_told(second: Workplace, papers: list[str]) -> None:
    RegistrationDesk(second).take_back(papers[0])
    desk = SecondKeyingDesk(second)
    with pytest.raises(StaleError):
        desk.compare(papers[0], TYPED)
    assert [one.record for one in desk.waiting()] == [papers[1]]


def test_a_case_merged_into_another_is_not_keyed_again(
    second: Workplace, papers: list[str]
) -> None:
    MergeDesk(second).merge(papers[1], papers[0])
    desk = SecondKeyingDesk(second)
    assert [one.record for one in desk.waiting()] == [papers[0]]
    MergeDesk(second).separate(papers[1])
    assert [one.record for one in desk.waiting()] == papers


def test_the_queue_names_nobody(second: Workplace, papers: list[str]) -> None:
    lines = SecondKeyingDesk(second).waiting()
    assert [one.record for one in lines] == papers
    for line in lines:
        shown = repr(line)
        assert not any(value in shown for value in TYPED.values())
        assert "罗" not in shown
        assert line.village == "湛河湾村"
        assert line.receipt


def test_others_forms_come_before_ones_own_and_the_oldest_first(
    site: Site, second: Workplace, papers: list[str]
) -> None:
    mine = registered(
        second, id_number=number("20180501", 338), full_name="吴桐", second_keying="waiting"
    )
    assert [one.record for one in SecondKeyingDesk(second).waiting()] == [*papers, mine]
    first = SecondKeyingDesk(log_in(site, second, "赵志强"))
    assert [(one.record, one.is_own) for one in first.waiting()] == [
        (mine, False),
        (papers[0], True),
        (papers[1], True),
    ]


# --- what becomes of it -------------------------------------------------------------------------


def test_a_match_writes_the_mark_and_nothing_else(second: Workplace, papers: list[str]) -> None:
    before = AmendmentDesk(second).open(papers[0]).form
    sequence = second.own_feed().sequence
    assert SecondKeyingDesk(second).settle(papers[0], TYPED) == "matched"
    after = AmendmentDesk(second).open(papers[0]).form
    assert dict(after) == dict(before) | {"second_keying": "matched"}
    assert second.own_feed().sequence == sequence + 1
    assert CaseDesk(second).open(papers[0]).second_keying == "两遍一致"


@pytest.mark.parametrize("name", KEYED)
def test_what_the_first_keyed_may_stay_for_every_value(
    second: Workplace, papers: list[str], name: str
) -> None:
    desk = SecondKeyingDesk(second)
    before = AmendmentDesk(second).open(papers[0]).form
    typed = TYPED | {name: WRONG[name]}
    assert code_of(desk, papers[0], typed) == "keying.undecided"
    assert code_of(desk, papers[0], typed, **{name: "third"}) == "keying.undecided"
    assert desk.settle(papers[0], typed, {name: "first"}) == "settled"
    after = AmendmentDesk(second).open(papers[0]).form
    assert dict(after) == dict(before) | {"second_keying": "settled"}


@pytest.mark.parametrize("name", [one for one in KEYED if one != "birth_date"])
def test_what_the_second_keyed_is_kept_alone(
    second: Workplace, papers: list[str], name: str
) -> None:
    before = AmendmentDesk(second).open(papers[0]).form
    typed = TYPED | {name: WRONG[name]}
    assert SecondKeyingDesk(second).settle(papers[0], typed, {name: SECOND}) == "settled"
    after = dict(AmendmentDesk(second).open(papers[0]).form)
    assert after == dict(before) | {name: WRONG[name], "second_keying": "settled"}


def test_a_number_that_is_somebody_elses_is_not_kept(second: Workplace, papers: list[str]) -> None:
    desk = SecondKeyingDesk(second)
    before = second.own_feed().sequence
    typed = TYPED | {"id_number": number(order=272)}
    assert code_of(desk, papers[0], typed, id_number=SECOND) == "form.duplicate"
    assert second.own_feed().sequence == before
    assert mark(second, papers[0]) == "waiting"


def test_nothing_waiting_is_passed_with_many(second: Workplace, papers: list[str]) -> None:
    passing = PassingDesk(second)
    flagged = {one.record: {why.code for why in one.why} for one in passing.preview().flagged}
    assert all("second_keying" in flagged[one] for one in papers)
    SecondKeyingDesk(second).settle(papers[0], TYPED)
    flagged = {one.record: {why.code for why in one.why} for one in passing.preview().flagged}
    assert "second_keying" not in flagged.get(papers[0], set())
    assert "second_keying" in flagged[papers[1]]


def test_a_passed_case_is_still_matched_but_never_changed_by_keying(
    second: Workplace, papers: list[str]
) -> None:
    for record in papers:
        ReviewDesk(second).approve([record])
    desk = SecondKeyingDesk(second)
    typed = TYPED | {"full_name": "罗雨彤"}
    assert code_of(desk, papers[0], typed, full_name=SECOND) == "amend.passed"
    assert desk.settle(papers[0], typed, {"full_name": "first"}) == "settled"
