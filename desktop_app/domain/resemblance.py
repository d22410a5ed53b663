"""How much two registrations at different schools look like one child (rule D2 and its kin).

A sum of points over what is equal, so that a person can work it out again by hand. It puts a list
in order and decides nothing: whether it is one child, an officer says after a telephone call.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.duplicates import Candidate, find_duplicates, same_fields

POINTS: dict[str, int] = {
    "id_number": 60,
    "birth_certificate": 50,
    "guardian_number": 25,
    "name": 20,
    "birth_date": 15,
    "phone": 10,
    "pinyin": 10,
    "address": 5,
    "sex": 5,
}
"""What an equal value is worth; a name that is equal is not counted again by its pinyin."""

OTHER_NUMBER = 30
"""Taken off where both have a number, and no two of them are equal."""

HIGHEST, WORTH_A_LOOK = 100, 35
TWINS = "D4"


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How alike two registrations are: points of a hundred, what is equal, which rules say so."""

    score: int
    same: tuple[str, ...]
    rules: tuple[str, ...]


def resemblance(one: Candidate, other: Candidate) -> Resemblance:
    """Say how alike two registrations are; symmetric."""
    same = tuple(same_fields(one, other))
    counted = [name for name in same if name != "pinyin" or "name" not in same]
    points = sum(POINTS[name] for name in counted)
    if one.id_numbers and other.id_numbers and "id_number" not in same:
        points -= OTHER_NUMBER
    rules = dict.fromkeys(found.rule for found in find_duplicates(one, [other]))
    return Resemblance(max(0, min(HIGHEST, points)), same, tuple(rules))


def is_worth_a_look(found: Resemblance) -> bool:
    """Say whether an officer should look at two registrations.

    Twins (D4 and nothing else) are two children of one family, wherever they are registered.
    """
    if set(found.rules) == {TWINS}:
        return False
    return bool(found.rules) or found.score >= WORTH_A_LOOK
