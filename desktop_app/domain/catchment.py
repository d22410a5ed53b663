"""Catchment 划片: which school a village, group or estate belongs to, with the rule that says so.

Text zones with road borders cannot be judged without a map, so the desk picks a village or
community and a person confirms (domain reference §6.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop_app.domain.address import address_key

KINDS = ("single", "multi", "feeder")
"""单校划片, 多校划片, 对口直升."""


@dataclass(frozen=True, slots=True)
class CatchmentRule:
    """One published line of the catchment table."""

    village: str
    school: str
    stage: str
    kind: str
    basis: str
    groups: tuple[int, ...] = ()
    """Villagers' groups 村民小组; none means the whole village."""
    estates: tuple[str, ...] = ()
    """Estates 小区 of a community; none means the whole community."""
    primary: str = ""
    """The primary school 对口小学 whose graduates go here; such a rule names no village."""

    @property
    def is_whole(self) -> bool:
        """Whether the rule covers a village or community entirely."""
        return not self.groups and not self.estates

    def covers(self, group: int | None, estate: str | None) -> bool:
        """Say whether the rule names this very group or estate."""
        if group is not None and group in self.groups:
            return True
        return estate is not None and address_key(estate) in map(address_key, self.estates)


def find_rules(
    rules: Iterable[CatchmentRule],
    stage: str,
    village: str,
    group: int | None = None,
    estate: str | None = None,
) -> tuple[CatchmentRule, ...]:
    """Find the rules for a place; what names the group or estate goes before the whole village.

    Several rules mean a multi-school zone, or that the group decides and is not known yet.
    """
    here = [rule for rule in rules if rule.stage == stage and rule.village == village]
    exact = [rule for rule in here if rule.covers(group, estate)]
    if exact:
        return tuple(exact)
    whole = [rule for rule in here if rule.is_whole]
    return tuple(whole if whole or group is not None or estate is not None else here)


def uncovered(
    rules: Sequence[CatchmentRule], stage: str, villages: Iterable[str]
) -> tuple[str, ...]:
    """List the villages that no rule names: a gap (self-check item T1-1 a)."""
    named = {rule.village for rule in rules if rule.stage == stage}
    return tuple(village for village in villages if village not in named)


def overlapping(rules: Sequence[CatchmentRule]) -> tuple[tuple[str, str], ...]:
    """List (village, stage) pairs two single-school rules claim alike (self-check item T1-1 b)."""
    claims: dict[tuple[str, str, str], set[str]] = {}
    for rule in rules:
        if rule.kind == "multi" or rule.primary:
            continue
        parts = [*map(str, rule.groups), *map(address_key, rule.estates)] or [""]
        for part in parts:
            claims.setdefault((rule.village, rule.stage, part), set()).add(rule.school)
    found = {key[:2]: None for key, schools in claims.items() if len(schools) > 1}
    return tuple(found)


def schools_by_village(rules: Iterable[CatchmentRule], stage: str) -> Mapping[str, tuple[str, ...]]:
    """Give every village's schools of a stage, for the poster of the catchment table."""
    table: dict[str, list[str]] = {}
    for rule in rules:
        if rule.primary:
            continue
        schools = table.setdefault(rule.village, [])
        if rule.stage == stage and rule.school not in schools:
            schools.append(rule.school)
    return {village: tuple(schools) for village, schools in table.items() if schools}
