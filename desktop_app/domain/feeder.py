"""Which junior school a primary graduate goes to 对口: by the school they leave, or by their home.

The school they leave goes before the village they live in. Where the rules name several schools,
or none, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.domain.catchment import CatchmentRule, find_rules

JUNIOR = "J1"


def feeder_rules(
    rules: Iterable[CatchmentRule],
    primary: str,
    homes: Iterable[tuple[str, int | None]],
) -> tuple[CatchmentRule, ...]:
    """Find the rules that say where a graduate goes.

    Args:
        rules: the published catchment table.
        primary: the code of the primary school they leave, empty where it is not known.
        homes: village and villagers' group of the household and of where they live now, the one
            that counts first.
    """
    listed = tuple(rule for rule in rules if rule.stage == JUNIOR)
    by_school = tuple(rule for rule in listed if primary and rule.primary == primary)
    if by_school:
        return by_school
    for village, group in homes:
        by_home = find_rules(listed, JUNIOR, village, group) if village else ()
        if by_home:
            return by_home
    return ()


def one_school(rules: Iterable[CatchmentRule]) -> str:
    """Give the school all rules agree on, or nothing."""
    schools = {rule.school for rule in rules}
    return schools.pop() if len(schools) == 1 else ""
