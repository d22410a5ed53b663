"""The checklist knows what is missing and what would settle it; it never refuses a child."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import RuleError
from desktop_app.domain.materials import (
    SETTLED,
    AllOf,
    AnyOf,
    Checklist,
    MaterialCheck,
    Paper,
    Requirement,
    repair_deadline,
)

HKB, GID, RESP = Paper("HKB"), Paper("GID"), Paper("RESP")
WORK = AnyOf((Paper("LABOR"), Paper("BIZ"), Paper("SOC")))
MIGRANT = AllOf((HKB, GID, AnyOf((RESP, WORK))))
BOUGHT = AllOf((HKB, AnyOf((Paper("PROP"), AllOf((Paper("PCON"), Paper("TAX")))))))


def test_one_of_the_work_proofs_is_enough() -> None:
    for proof in ("RESP", "LABOR", "BIZ", "SOC"):
        done = Checklist(MIGRANT).accept("HKB").accept("GID").accept(proof)
        assert done.is_complete
        assert done.missing() == ()
        assert done.next_materials() == ()


def test_missing_names_whole_choices() -> None:
    begun = Checklist(MIGRANT).accept("HKB")
    assert begun.missing() == (GID, AnyOf((RESP, WORK)))
    assert begun.next_materials() == ("GID", "RESP")
    assert [line.state for line in begun.lines()] == ["accepted", "missing", "missing"]


def test_parts_of_an_option_count_together() -> None:
    half = Checklist(BOUGHT).accept("HKB").accept("PCON")
    assert not half.is_complete
    assert half.accept("TAX").is_complete
    assert half.accept("PROP").is_complete


def test_next_materials_take_the_shortest_way() -> None:
    begun = Checklist(BOUGHT)
    assert begun.next_materials() == ("HKB", "PROP")
    long = AllOf((AnyOf((AllOf((Paper("A"), Paper("B"))), AllOf((Paper("C"), Paper("D"))))),))
    assert Checklist(long).accept("D").next_materials() == ("C",)


def test_what_the_category_does_not_ask_is_refused() -> None:
    with pytest.raises(RuleError) as caught:
        Checklist(MIGRANT).accept("PROP")
    assert caught.value.code == "material.not_asked"
    assert caught.value.details == {"material": "PROP"}
    with pytest.raises(RuleError):
        Checklist(MIGRANT).withdraw("PROP")


def test_optional_papers_are_taken_and_never_missed() -> None:
    checklist = Checklist(AllOf((HKB,)), optional=("DIS",)).accept("HKB")
    assert checklist.is_complete
    assert checklist.accept("DIS").is_complete


def test_states_are_kept_with_reason_and_day() -> None:
    checklist = (
        Checklist(MIGRANT)
        .defer("HKB", "2024-08-28")
        .ask_correction("GID", "EXPIRED", "2024-08-25")
        .reject("RESP", "OTHER_COUNTY")
        .waive("SOC", "人社比对")
    )
    assert [line.state for line in checklist.lines()] == [
        "pending_original",
        "correction_required",
        "waived",
    ]
    assert checklist.checks["RESP"] == MaterialCheck("RESP", "rejected", "OTHER_COUNTY")
    assert checklist.deadline() == "2024-08-28"
    assert checklist.accept("HKB").deadline() == "2024-08-25"
    assert checklist.accept("HKB").accept("GID").deadline() is None
    assert checklist.accept("HKB").accept("GID").is_complete
    assert checklist.withdraw("SOC").lines()[2].state == "rejected"


def test_a_line_shows_the_papers_noted_for_it() -> None:
    line = Checklist(MIGRANT).accept("BIZ").reject("RESP", "EXPIRED").lines()[2]
    assert [check.material for check in line.checks] == ["RESP", "BIZ"]
    assert line.is_settled


requirements = st.recursive(
    st.sampled_from("ABCDE").map(Paper),
    lambda parts: (
        st.lists(parts, min_size=1, max_size=3).map(lambda p: AllOf(tuple(p)))
        | st.lists(parts, min_size=1, max_size=3).map(lambda p: AnyOf(tuple(p)))
    ),
    max_leaves=8,
)


@given(requirements, st.sets(st.sampled_from("ABCDE")))
def test_bringing_the_next_materials_always_completes(part: Requirement, brought: set[str]) -> None:
    checklist = Checklist(AllOf((part,)))
    for code in brought & set(part.codes()):
        checklist = checklist.accept(code)
    assert checklist.is_complete == all(line.state in SETTLED for line in checklist.lines())
    assert checklist.is_complete == (checklist.next_materials() == ())
    for code in checklist.next_materials():
        checklist = checklist.accept(code)
    assert checklist.is_complete


@given(requirements, st.sampled_from("ABCDE"))
def test_one_more_accepted_paper_never_undoes(part: Requirement, code: str) -> None:
    checklist = Checklist(AllOf((part,)))
    if code in set(part.codes()):
        before = len(checklist.missing())
        assert len(checklist.accept(code).missing()) <= before


def test_families_have_three_working_days_at_least() -> None:
    days = ("2024-08-26", "2024-08-27", "2024-08-28", "2024-08-29")
    assert repair_deadline("2024-08-25", days) == "2024-08-28"
    assert repair_deadline("2024-09-10", days) == "2024-09-10"
    assert repair_deadline("2024-08-25", days, least=1) == "2024-08-26"
    assert repair_deadline("2024-08-25", (), least=0) == "2024-08-25"
    with pytest.raises(ValueError, match="working_days"):
        repair_deadline("2024-08-25", days[:2])
