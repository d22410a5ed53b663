"""How alike two registrations are: a sum anybody can work out again, and twins left in peace."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.duplicates import Candidate
from desktop_app.domain.resemblance import HIGHEST, is_worth_a_look, resemblance

CHILD = Candidate(
    "a",
    "2141041101",
    id_numbers=frozenset({"419999201803142640"}),
    name_keys=frozenset({"单梓涵"}),
    pinyin_keys=frozenset({"shanzihan"}),
    sexes=frozenset({"2"}),
    birth_dates=frozenset({"2018-03-14"}),
    guardian_numbers=frozenset({"419999198905221417"}),
)
TWIN = replace(
    CHILD,
    record="b",
    school="2141041102",
    id_numbers=frozenset({"419999201803142667"}),
    name_keys=frozenset({"单梓晨"}),
    pinyin_keys=frozenset({"shanzichen"}),
)

some = st.frozensets(st.sampled_from("xyz"), max_size=2)
candidates = st.builds(
    Candidate,
    record=st.sampled_from("ab"),
    school=st.just("2141041101"),
    id_numbers=some,
    name_keys=some,
    pinyin_keys=some,
    sexes=some,
    birth_dates=some,
    guardian_numbers=some,
    phones=some,
    birth_certificates=some,
)


def test_twins_of_one_family_are_two_children() -> None:
    found = resemblance(CHILD, TWIN)
    assert found.rules == ("D4",)
    assert not is_worth_a_look(found)


def test_a_name_is_not_counted_again_by_its_pinyin() -> None:
    other = replace(CHILD, record="b", school="2141041102")
    number_alone = replace(other, name_keys=frozenset(), guardian_numbers=frozenset())
    assert resemblance(CHILD, other).score == HIGHEST
    assert resemblance(CHILD, number_alone).score == 60 + 10 + 15 + 5


def test_two_numbers_speak_against_it_and_one_name_alone_is_not_enough() -> None:
    namesake = replace(
        TWIN,
        name_keys=CHILD.name_keys,
        pinyin_keys=CHILD.pinyin_keys,
        guardian_numbers=frozenset(),
        id_numbers=frozenset({"419999201803149999"}),
    )
    found = resemblance(CHILD, namesake)
    assert (found.rules, found.score) == ((), 20 + 15 + 5 - 30)
    assert not is_worth_a_look(found)


@given(one=candidates, other=candidates)
def test_it_is_symmetric_and_stays_within_a_hundred(one: Candidate, other: Candidate) -> None:
    there, back = resemblance(one, other), resemblance(other, one)
    assert there == back
    assert 0 <= there.score <= HIGHEST
