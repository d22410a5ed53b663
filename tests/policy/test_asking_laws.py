"""Questions of any shape are sound or named; what a case adds to its papers comes once."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.codes_care import GUARDIAN_RELATION
from desktop_app.domain.codes_desk import ENTRY
from desktop_app.domain.materials import AllOf, AnyOf, Paper, Requirement
from desktop_app.policy.asking import read_additions, read_questions
from desktop_app.policy.entries import DEFAULT_BASIS, Addition, Question
from desktop_app.policy.package import Policy
from desktop_app.policy.reading import Entry, Faults

CATEGORIES = ("A1", "B1", "D3")
CODES = ("one", "two", "three", "four")
Table = dict[str, object]


def question(code: str, *leads: str, text: str = "问什么？") -> Table:
    """Write a question whose answers lead to questions (in words) or categories."""
    answers = [
        {"label": f"答{at}", ("category" if lead[:1].isupper() else "next"): lead}
        for at, lead in enumerate(leads)
    ]
    return {"code": code, "text": text, "basis": DEFAULT_BASIS, "answers": answers}


def read(*tables: Table) -> tuple[tuple[Question, ...], set[str]]:
    """Read questions, and give the rules they break."""
    faults = Faults()
    entry = Entry("categories.toml", {"question": list(tables)}, faults)
    found = read_questions(entry, CATEGORIES)
    return found, {one.rule for one in faults.found}


# --- questions ----------------------------------------------------------------------------------

graphs = st.integers(1, len(CODES)).flatmap(
    lambda count: st.fixed_dictionaries(
        {
            code: st.lists(
                st.sampled_from([*CODES[:count], *CATEGORIES, *CATEGORIES]), min_size=2, max_size=3
            )
            for code in CODES[:count]
        }
    )
)


def reached(graph: Mapping[str, list[str]], start: str) -> set[str]:
    """Give every question that may be asked after one, by trying all of them."""
    found: set[str] = set()
    fresh = {start}
    while fresh:
        found |= fresh
        fresh = {lead for code in fresh for lead in graph[code] if lead in graph} - found
    return found


@given(graphs)
def test_exactly_circles_and_questions_nobody_is_asked_are_faults(
    graph: dict[str, list[str]],
) -> None:
    first = next(iter(graph))
    asked = reached(graph, first)
    circle = any(
        code in reached(graph, lead) for code in asked for lead in graph[code] if lead in graph
    )
    expected = {"policy.question_circle"} if circle else set()
    if asked != {*graph}:
        expected.add("policy.question_unasked")
    _, rules = read(*(question(code, *leads) for code, leads in graph.items()))
    assert rules == expected


@given(graphs, st.data())
def test_whoever_answers_a_sound_package_comes_to_a_category(
    graph: dict[str, list[str]], data: st.DataObject
) -> None:
    questions, rules = read(*(question(code, *leads) for code, leads in graph.items()))
    known = {one.code: one for one in questions}
    at = questions[0]
    for _ in questions:
        answer = at.answers[data.draw(st.integers(0, len(at.answers) - 1))]
        if answer.category:
            assert answer.category in CATEGORIES
            return
        at = known[answer.next]
    assert "policy.question_circle" in rules


@pytest.mark.parametrize(
    ("tables", "rule"),
    [
        ([question("one", "A1")], "policy.out_of_range"),
        ([question("one", *["A1"] * 10)], "policy.out_of_range"),
        ([question("one", "A1", "Q9")], "policy.code_not_listed"),
        ([question("one", "A1", "nobody")], "policy.code_not_listed"),
        ([question("one", "A1", "one")], "policy.question_circle"),
        ([question("one", "A1", "B1"), question("two", "A1", "B1")], "policy.question_unasked"),
        ([question("one", "A1", "B1"), question("one", "A1", "B1")], "policy.twice"),
        ([question("one", "A1", "B1", text="问" * 41)], "policy.too_long"),
        ([question("one", "A1", "B1", text="")], "policy.missing_key"),
        ([question("One", "A1", "B1")], None),
        ([question("one", "A1", "") | {"sound": "ding"}], "policy.unknown_key"),
        ([question("one", "A1", "")], "policy.missing_key"),
    ],
)
def test_what_is_amiss_with_a_question_is_named(tables: list[Table], rule: str | None) -> None:
    _, rules = read(*tables)
    assert rules if rule is None else rule in rules


def test_nine_answers_are_as_many_as_there_are_keys() -> None:
    assert read(question("one", *["A1"] * 9))[1] == set()


def test_a_question_may_be_come_to_in_two_ways() -> None:
    tables = [
        question("one", "two", "three"),
        question("two", "three", "A1"),
        question("three", "B1", "D3"),
    ]
    found, rules = read(*tables)
    assert rules == set()
    assert [one.code for one in found] == ["one", "two", "three"]


def test_a_chain_without_end_is_a_fault_and_no_crash() -> None:
    count = 2000
    tables = [question(f"q{at}", "A1", f"q{at + 1}") for at in range(count)]
    _, rules = read(*tables, question(f"q{count}", "A1", "B1"))
    assert "policy.out_of_range" in rules


def test_no_questions_are_no_fault() -> None:
    faults = Faults()
    assert read_questions(Entry("categories.toml", {}, faults), CATEGORIES) == ()
    assert read_additions(Entry("categories.toml", {}, faults), ["ROLL"]) == ()
    assert faults.found == []


# --- what a case adds ---------------------------------------------------------------------------

KEEPING = [one.value for one in ENTRY.entries if one.value != "new"]
ENTRIES = ["", "new", *KEEPING]
RELATIONS = ["", *(one.value for one in GUARDIAN_RELATION.entries)]


def additions(*tables: Table) -> tuple[tuple[Addition, ...], set[str]]:
    faults = Faults()
    entry = Entry("categories.toml", {"added": list(tables)}, faults)
    found = read_additions(entry, ["ROLL", "AUTH"])
    return found, {one.rule for one in faults.found}


@pytest.mark.parametrize("when", [*KEEPING, "agent"])
def test_every_way_of_coming_but_the_usual_one_may_ask_for_more(when: str) -> None:
    found, rules = additions({"when": when, "require": ["ROLL"], "basis": DEFAULT_BASIS})
    assert rules == set()
    assert [(one.when, [*one.required.codes()], one.optional) for one in found] == [
        (when, ["ROLL"], ())
    ]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"when": "new"}, "policy.code_not_listed"),
        ({"when": "someone"}, "policy.code_not_listed"),
        ({"require": ["HKB"]}, "policy.unknown_material"),
        ({"optional": ["HKB"]}, "policy.code_not_listed"),
        ({"require": []}, "policy.wrong_type"),
        ({"more": 1}, "policy.unknown_key"),
    ],
)
def test_what_is_amiss_with_an_addition_is_named(changed: Table, rule: str) -> None:
    _, rules = additions({"when": "agent", "require": ["ROLL"], "basis": DEFAULT_BASIS} | changed)
    assert rule in rules


def test_every_checklist_of_the_package_asks_for_each_paper_once(policy: Policy) -> None:
    cases = itertools.product(policy.categories, ENTRIES, ("", "61"))
    for category, entry, agent in cases:
        plain, found = policy.checklist(category), policy.checklist(category, entry, agent)
        assert plain is not None
        assert found is not None
        parts, optional = found.required.parts, found.optional
        assert parts[: len(plain.required.parts)] == plain.required.parts
        assert len({*parts}) == len(parts)
        assert len({*optional}) == len(optional)
        assert not {*optional} & {*found.required.codes()}
        assert {*found.required.codes(), *optional} <= {*policy.materials}
        assert {*plain.optional} <= {*optional, *found.required.codes()}
        assert ("ROLL" in found.required.codes()) is (entry == "transfer")
        assert ("AUTH" in found.required.codes()) is bool(agent)


def test_who_comes_instead_changes_nothing_about_the_letter(policy: Policy) -> None:
    lists = {agent: policy.checklist("A1", "", agent) for agent in RELATIONS}
    assert lists.pop("") == policy.checklist("A1")
    assert len({str(one) for one in lists.values()}) == 1


@pytest.mark.parametrize("entry", ["", "new", "nonsense", "agent "])
def test_what_is_no_special_way_of_coming_adds_nothing(policy: Policy, entry: str) -> None:
    assert policy.checklist("A2", entry) == policy.checklist("A2")


PAPERS = ("HKB", "GID", "PROP", "PCON", "ROLL", "AUTH")
parts = st.one_of(
    st.sampled_from(PAPERS).map(Paper),
    st.lists(st.sampled_from(PAPERS).map(Paper), min_size=2, max_size=3).map(
        lambda some: AnyOf(tuple(some))
    ),
)
wholes = st.lists(parts, max_size=3).map(lambda some: AllOf(tuple(some)))
optionals = st.lists(st.sampled_from(PAPERS), max_size=2, unique=True).map(tuple)


def enough(part: Requirement, seen: frozenset[str]) -> bool:
    """Say by the meaning of the words whether what was seen is enough."""
    if isinstance(part, Paper):
        return part.code in seen
    if isinstance(part, AnyOf):
        return any(enough(one, seen) for one in part.options)
    return all(enough(one, seen) for one in part.parts)


@given(wholes, optionals, wholes, optionals, st.frozensets(st.sampled_from(PAPERS)))
def test_a_case_is_complete_when_its_category_and_every_addition_are(
    policy: Policy,
    moved: AllOf,
    moved_may: tuple[str, ...],
    brought: AllOf,
    brought_may: tuple[str, ...],
    seen: frozenset[str],
) -> None:
    extra = (
        Addition("transfer", moved, moved_may, DEFAULT_BASIS),
        Addition("agent", brought, brought_may, DEFAULT_BASIS),
    )
    changed = replace(policy, additions=extra)
    plain, found = changed.checklist("A2"), changed.checklist("A2", "transfer", "61")
    assert plain is not None
    assert found is not None
    wanted = AllOf((*plain.required.parts, moved, brought))
    assert enough(found.required, seen) is enough(wanted, seen)
    assert not {*found.optional} & {*found.required.codes()}
    assert len({*found.required.parts}) == len(found.required.parts)
    known = {*found.required.codes(), *found.optional}
    for code in seen & known:
        found = found.accept(code)
    assert found.is_complete is enough(wanted, seen)
    assert {*wanted.codes()} <= known
    assert {*moved_may, *brought_may} <= known
