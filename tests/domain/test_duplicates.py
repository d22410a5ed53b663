"""Duplicate rules: each finds its case, all are symmetric, none is without a way through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.duplicates import WAYS, Candidate, blocking_keys, find_duplicates
from desktop_app.domain.identity import make_check_digit


def with_digit(body: str) -> str:
    return body + make_check_digit(body)


NUMBER = with_digit("41999920180314264")
TWIN_NUMBER = with_digit("41999920180314272")
OTHER_NUMBER = with_digit("41999920170101001")
CHILD = Candidate(
    record="r1",
    school="2141041101",
    id_numbers=frozenset({NUMBER}),
    name_keys=frozenset({"罗雨桐"}),
    pinyin_keys=frozenset({"luoyutong"}),
    sexes=frozenset({"2"}),
    birth_dates=frozenset({"2018-03-14"}),
    guardian_numbers=frozenset({with_digit("41999919890522141")}),
    phones=frozenset({"13800001612"}),
    birth_certificates=frozenset({"S410000001"}),
)
STRANGER = Candidate(
    record="r2",
    school="2141041101",
    id_numbers=frozenset({OTHER_NUMBER}),
    name_keys=frozenset({"王小明"}),
    pinyin_keys=frozenset({"wangxiaoming"}),
    sexes=frozenset({"1"}),
    birth_dates=frozenset({"2017-01-01"}),
    guardian_numbers=frozenset({with_digit("41999919900101003")}),
    phones=frozenset({"13900002222"}),
    birth_certificates=frozenset({"R410000009"}),
)
NOBODY = frozenset[str]()

CASES = {
    "D1": replace(STRANGER, id_numbers=frozenset({OTHER_NUMBER, NUMBER})),
    "D2": replace(STRANGER, id_numbers=frozenset({NUMBER}), school="2141041102"),
    "D3": replace(
        STRANGER,
        id_numbers=NOBODY,
        name_keys=CHILD.name_keys,
        sexes=CHILD.sexes,
        birth_dates=CHILD.birth_dates,
    ),
    "D4": replace(STRANGER, guardian_numbers=CHILD.guardian_numbers, birth_dates=CHILD.birth_dates),
    "D5": replace(
        STRANGER,
        name_keys=frozenset({"罗宇彤"}),
        pinyin_keys=CHILD.pinyin_keys,
        phones=CHILD.phones,
        birth_dates=CHILD.birth_dates,
    ),
    "D6": replace(STRANGER, birth_certificates=CHILD.birth_certificates),
    "D7": replace(STRANGER, id_numbers=frozenset({NUMBER[:15] + "9" + NUMBER[16:]})),
}


@pytest.mark.parametrize(("rule", "other"), CASES.items())
def test_each_rule_finds_its_case_and_offers_a_way(rule: str, other: Candidate) -> None:
    found = find_duplicates(CHILD, [other])
    assert [one.rule for one in found] == [rule]
    assert found[0].other == "r2"
    assert found[0].way_through == WAYS[rule]
    assert found[0].stops is (rule in {"D1", "D6"})


def test_strangers_and_the_record_itself_are_no_findings() -> None:
    assert find_duplicates(CHILD, [STRANGER, CHILD]) == ()


def test_why_names_what_is_the_same() -> None:
    twin = replace(
        CHILD,
        record="r9",
        id_numbers=frozenset({TWIN_NUMBER}),
        name_keys=frozenset({"罗雨晨"}),
        pinyin_keys=frozenset({"luoyuchen"}),
        birth_certificates=NOBODY,
    )
    found = find_duplicates(CHILD, [twin])
    assert [(one.rule, one.way_through) for one in found] == [("D4", "sibling_group")]
    assert found[0].why == ("sex", "birth_date", "guardian_number", "phone")


def test_twins_with_neighbouring_numbers_are_not_taken_for_a_slip() -> None:
    near = with_digit("41999920180314265")
    twin = replace(STRANGER, id_numbers=frozenset({near}))
    assert find_duplicates(CHILD, [twin]) == ()
    renamed = replace(twin, name_keys=CHILD.name_keys)
    assert [one.rule for one in find_duplicates(CHILD, [renamed])] == ["D7"]


def test_a_number_is_found_by_all_versions_laptops_wrote() -> None:
    two = replace(CHILD, id_numbers=frozenset({NUMBER, OTHER_NUMBER}))
    assert [one.rule for one in find_duplicates(two, [STRANGER])] == ["D1"]


def test_same_name_and_birth_with_two_good_numbers_is_chance() -> None:
    namesake = replace(
        STRANGER,
        name_keys=CHILD.name_keys,
        sexes=CHILD.sexes,
        birth_dates=CHILD.birth_dates,
    )
    assert find_duplicates(CHILD, [namesake]) == ()


def test_stopping_findings_come_first() -> None:
    others = [replace(CASES["D7"], record="a"), replace(CASES["D1"], record="b")]
    assert [one.rule for one in find_duplicates(CHILD, others)] == ["D1", "D7"]


def pick(*values: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


def slips(number: str) -> list[str]:
    """Give the number, and numbers one slip away with and without a mended check digit."""
    subs = [number[:i] + "7" + number[i + 1 :] for i in range(18)]
    swaps = [number[:i] + number[i + 1] + number[i] + number[i + 2 :] for i in range(17)]
    mended = [with_digit(one[:17]) for one in subs + swaps if one[:17].isdigit()]
    return sorted({number, *subs, *swaps, *mended})


candidates = st.builds(
    Candidate,
    record=st.sampled_from(["a", "b"]),
    school=st.sampled_from(["2141041101", "2141041102"]),
    id_numbers=st.frozensets(st.sampled_from([*slips(NUMBER), "E12345678"]), max_size=2),
    name_keys=pick("罗雨桐", "罗宇彤"),
    pinyin_keys=pick("luoyutong", "luoyuchen"),
    sexes=pick("1", "2"),
    birth_dates=pick("2018-03-14", "2018-03-15"),
    guardian_numbers=pick("g1", "g2"),
    phones=pick("p1", "p2"),
    birth_certificates=pick("S410000001", "S410000002"),
)


@given(candidates, candidates)
def test_findings_are_symmetric(one: Candidate, other: Candidate) -> None:
    there = {(f.rule, f.why, f.stops) for f in find_duplicates(one, [other])}
    back = {(f.rule, f.why, f.stops) for f in find_duplicates(other, [one])}
    assert there == back


@given(candidates, candidates)
def test_records_that_share_a_finding_share_a_key(one: Candidate, other: Candidate) -> None:
    if find_duplicates(one, [other]):
        assert blocking_keys(one) & blocking_keys(other)


@pytest.mark.parametrize("slip", slips(NUMBER))
def test_no_single_slip_escapes_the_keys(slip: str) -> None:
    one = Candidate("a", "s", id_numbers=frozenset({NUMBER}))
    other = Candidate("b", "s", id_numbers=frozenset({slip}))
    assert blocking_keys(one) & blocking_keys(other)


def test_a_passport_number_is_a_key_of_its_own() -> None:
    passport = Candidate("a", "s", id_numbers=frozenset({"E12345678"}))
    assert blocking_keys(passport) == {"id:E12345678"}
    assert find_duplicates(passport, [replace(passport, record="b")])[0].rule == "D1"


def test_keys_of_an_empty_record_are_none() -> None:
    assert blocking_keys(Candidate("a", "s")) == frozenset()
