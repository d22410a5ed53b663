"""Realistic made-up families for the demonstration, for trials and for measurements.

The same seed gives the same families. They are what a rural desk meets: mostly village households,
some of every category of the policy, twins, grandparents who come instead of parents, children
without a number, permits and passports, too young and too old ones, and a few who look like
somebody already registered.
"""

from __future__ import annotations

import random

from desktop_app.commands.families_broken import BrokenRow, plant_broken_rows
from desktop_app.commands.families_maker import Maker
from desktop_app.commands.families_sheet import Expected, VillageSheet, write_village_workbook
from desktop_app.commands.families_values import LOOK_ALIKES, TWIN, UNDER_AGE, Family
from desktop_app.policy.package import Policy

__all__ = [
    "BrokenRow",
    "Expected",
    "Family",
    "VillageSheet",
    "make_families",
    "plant_broken_rows",
    "write_village_workbook",
]

_LEAST_FOR_LOOK_ALIKES = 20


def make_families(
    count: int, seed: int, policy: Policy, stage: str = "P1", school: str = ""
) -> tuple[Family, ...]:
    """Make a number of families.

    Args:
        count: how many children; from 40 on, every category of the stage occurs.
        seed: the same one gives the same families.
        policy: whose categories, villages and season are used.
        stage: P1 小学一年级 or J1 初中一年级.
        school: the code of the school they come to, whose catchment most of them live in; without
            one they live all over the district.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up people, no secret
    maker = Maker(chance, policy, stage, school)
    wanted = _look_alikes_wanted(count)
    households: list[tuple[Family, ...]] = []
    made = 0
    for category in maker.categories():
        if made >= count - len(wanted):
            break
        room = count - len(wanted) - made
        households.append(maker.household(category, room))
        made += len(households[-1])
    plain = [one for household in households for one in household if _can_be_mistaken(one)]
    households += [(maker.look_alike(maker.chance.choice(plain), trait),) for trait in wanted]
    maker.chance.shuffle(households)
    return tuple(one for household in households for one in household)


def _look_alikes_wanted(count: int) -> list[str]:
    if count < _LEAST_FOR_LOOK_ALIKES:
        return []
    return [trait for trait in LOOK_ALIKES for _ in range(1 + count // 200)]


def _can_be_mistaken(family: Family) -> bool:
    return family.id_type == "1" and not family.traits & {TWIN, UNDER_AGE}
