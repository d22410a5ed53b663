"""A morning of the queue from a shell: who comes next, what is refused, who may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.commands.site import PRINCIPAL, REGISTRAR, REVIEWER, SCHOOL, Site, done, run

VILLAGE, OTHER = "410411200201", "410411200203"


@pytest.fixture(scope="module")
def desk(joined: Site) -> list[str]:
    """Give the words of the registrar of a school that joined."""
    return joined.as_person(REGISTRAR)


def give(desk: list[str], village: str = "", category: str = "") -> dict[str, Any]:
    words = ["--village", village] if village else []
    return done("queue", "give", *desk, *words, *(["--category", category] if category else []))


def states(desk: list[str]) -> dict[str, str]:
    listed = done("queue", "list", *desk)["queue"]
    return {line["queue_number"]: line["queue_state"] for line in listed}


def empty(desk: list[str]) -> None:
    """Have everybody of the day done with, so that each test begins with nobody waiting."""
    for number, state in states(desk).items():
        if state in {"waiting", "called"}:
            done("queue", "mark", *desk, number, "--state", "left")


def test_numbers_go_up_under_one_mark_and_are_called_in_turn(desk: list[str]) -> None:
    empty(desk)
    given = [give(desk)["queue_number"] for _ in range(3)]
    marks, numbers = zip(*(one.rsplit("-", 1) for one in given), strict=True)
    assert len(set(marks)) == 1
    first = int(numbers[0])
    assert [int(one) for one in numbers] == [first, first + 1, first + 2]
    called = [done("queue", "next", *desk)["queue_number"] for _ in given]
    assert called == given
    assert run("queue", "next", *desk).code == "queue.nobody"


def test_a_village_is_called_apart_and_the_others_keep_their_turn(desk: list[str]) -> None:
    empty(desk)
    away, here, there = give(desk), give(desk, VILLAGE, "A1"), give(desk, OTHER, "A1")
    called = done("queue", "next", *desk, "--village", OTHER)
    assert (called["queue_number"], called["village"]) == (there["queue_number"], OTHER)
    assert called["called_at_desk"] == there["queue_number"].rsplit("-", 1)[0]
    assert run("queue", "next", *desk, "--village", OTHER).code == "queue.nobody"
    rest = [done("queue", "next", *desk)["queue_number"] for _ in range(2)]
    assert rest == [away["queue_number"], here["queue_number"]]


def test_a_number_may_be_typed_small_and_with_spaces(desk: list[str]) -> None:
    empty(desk)
    number = give(desk)["queue_number"]
    marked = done("queue", "mark", *desk, f" {number.lower()} ", "--state", "left")
    assert (marked["queue_number"], marked["queue_state"]) == (number, "left")


def test_who_left_may_wait_again_and_nobody_is_done_who_was_not_entered(desk: list[str]) -> None:
    empty(desk)
    number = give(desk)["queue_number"]
    done("queue", "mark", *desk, number, "--state", "left")
    refused = run("queue", "mark", *desk, number, "--state", "done")
    assert refused.code == "queue.moved"
    assert number in refused.line, "the sentence says which number"
    done("queue", "mark", *desk, number, "--state", "waiting")
    again = run("queue", "mark", *desk, number, "--state", "waiting")
    assert again.code == "queue.moved", "it waits already"
    assert states(desk)[number] == "waiting"
    assert done("queue", "next", *desk)["queue_number"] == number


@pytest.mark.parametrize("words", [["--village", "1"], ["--category", "Z9"]])
def test_what_the_policy_does_not_know_gets_no_number(desk: list[str], words: list[str]) -> None:
    before = states(desk)
    assert run("queue", "give", *desk, *words).code == "queue.unknown"
    assert states(desk) == before


@pytest.mark.parametrize("number", ["X-1", "", "1", "ZHW", "０-1"])
def test_a_number_nobody_has_is_not_marked(desk: list[str], number: str) -> None:
    before = states(desk)
    assert run("queue", "mark", *desk, number, "--state", "left").code == "queue.no_number"
    assert states(desk) == before


def test_the_papers_told_are_those_of_the_category_and_none_without_one(desk: list[str]) -> None:
    empty(desk)
    told = {category: give(desk, VILLAGE, category)["papers"] for category in ("A1", "A4", "B1")}
    assert all(told.values())
    assert len({tuple(papers) for papers in told.values()}) == len(told)
    assert give(desk)["papers"] == []


def test_whoever_is_no_registrar_sees_the_list_and_moves_nobody(
    joined: Site, desk: list[str]
) -> None:
    empty(desk)
    number = give(desk)["queue_number"]
    me = joined.as_person(REVIEWER)
    before = states(desk)
    assert states(me) == before
    for words in (["give"], ["next"], ["mark", number, "--state", "left"]):
        assert run("queue", words[0], *me, *words[1:]).code == "queue.not_allowed"
    assert states(desk) == before


def test_on_an_empty_day_the_list_says_that_nobody_waits(tmp_path: Path) -> None:
    site = Site(tmp_path)
    me = site.as_person(PRINCIPAL)
    done("init", *me, "--seat", "school", "--code", SCHOOL)
    assert done("queue", "list", *me) == {"queue_waiting": 0, "queue": []}
    give(me)
    give(me)
    done("queue", "next", *me)
    assert done("queue", "list", *me)["queue_waiting"] == 1


def test_nobody_is_named_in_the_list(desk: list[str]) -> None:
    give(desk, VILLAGE, "A1")
    listed = done("queue", "list", *desk)["queue"]
    assert listed
    keys = {"queue_number", "queue_state", "village", "category", "called_at_desk"}
    assert all(set(line) == keys for line in listed)
