"""Who may be registered at two schools: pairs of places across scopes, read by index.

Hidden values count too. A pair is never a constraint, so more may be fetched than is alike; how
alike they are ``domain.resemblance`` says. As many statements are needed for a district of fifty
thousand children as for one of ten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from desktop_app.storage.database import Connection
from desktop_app.storage.tables import CONFLICT

Place = tuple[str, str]
"""Scope and record of an applicant."""
Pair = tuple[Place, Place]
"""Two places in different scopes, the lower first."""

_GROUPS = (
    *(
        f"SELECT child.{name}, '', child.scope, child.record FROM (SELECT {name} AS value"  # noqa: S608
        f" FROM projected_applicant WHERE {name} > '' GROUP BY {name}"
        " HAVING min(scope) <> max(scope)) AS shared"
        f" CROSS JOIN projected_applicant AS child ON child.{name} = shared.value"
        for name in ("id_number", "birth_certificate")
    ),
    (
        "SELECT child.birth_date, child.full_name, child.scope, child.record FROM"
        " (SELECT birth_date AS day, full_name AS name FROM projected_applicant"
        " WHERE birth_date > '' GROUP BY birth_date, full_name"
        " HAVING min(scope) <> max(scope)) AS shared"
        " CROSS JOIN projected_applicant AS child"
        " ON child.birth_date = shared.day AND child.full_name = shared.name"
    ),
    *(
        f"SELECT guardian.{name}, child.birth_date, child.scope, child.record FROM"  # noqa: S608
        f" (SELECT {name} AS value FROM projected_guardian WHERE {name} > '' GROUP BY {name}"
        " HAVING min(scope) <> max(scope)) AS shared"
        f" CROSS JOIN projected_guardian AS guardian ON guardian.{name} = shared.value"
        " CROSS JOIN projected_applicant AS child ON child.scope = guardian.scope"
        " AND child.record = guardian.applicant"
        for name in ("id_number", "phone")
    ),
)
"""Value, second value, scope, record: whoever shares both and not the scope is a pair."""

_HIDDEN = (
    *(
        "SELECT head.scope, head.record, child.scope, child.record FROM projected_head AS head"  # noqa: S608
        f" CROSS JOIN projected_applicant AS child ON child.{name} = head.value"
        " AND child.scope <> head.scope"
        f" WHERE head.kind = 'applicant' AND head.field = '{name}'"
        for name in ("id_number", "birth_certificate")
    ),
    (
        "SELECT head.scope, head.record, other.scope, other.record FROM projected_head AS head"
        " CROSS JOIN projected_head AS other ON other.kind = 'applicant'"
        " AND other.field = 'id_number' AND other.value = head.value AND other.scope > head.scope"
        " WHERE head.kind = 'applicant' AND head.field = 'id_number'"
    ),
    *(
        "SELECT head.scope, head.record, child.scope, child.record FROM projected_head AS head"  # noqa: S608
        " CROSS JOIN projected_applicant AS self ON self.scope = head.scope"
        " AND self.record = head.record"
        f" CROSS JOIN projected_applicant AS child ON child.birth_date = {day}"
        f" AND child.full_name = {name} AND child.scope <> head.scope"
        f" WHERE head.kind = 'applicant' AND head.field = '{field}'"
        for field, day, name in (
            ("full_name", "self.birth_date", "head.value"),
            ("birth_date", "head.value", "self.full_name"),
        )
    ),
)

_MERGED = "SELECT scope, record FROM projected_applicant WHERE twin IS NOT NULL AND scope > ''"

_MATTERS = (
    "SELECT matter, scope, applicant, decision, keeps, reason, changed_at, state"
    " FROM projected_cross_duplicate WHERE matter > '' ORDER BY matter, scope"
)


@dataclass(frozen=True, slots=True)
class Half:
    """One school's half of a decision; ``keeps`` where the decision is that it is one child."""

    place: Place
    decision: str
    keeps: bool | None
    reason: str
    at: int
    disputed: bool


def crossing_matters(connection: Connection) -> dict[str, tuple[Half, ...]]:
    """Give what the district has decided, both halves by their matter."""
    found: dict[str, list[Half]] = defaultdict(list)
    for matter, scope, applicant, decision, keeps, reason, at, state in connection.exec_driver_sql(
        _MATTERS
    ):
        half = Half(
            (scope, applicant),
            decision or "",
            None if keeps is None else bool(keeps),
            reason or "",
            at,
            bool(state & CONFLICT),
        )
        found[matter].append(half)
    return {matter: tuple(halves) for matter, halves in found.items()}


def crossing_pairs(connection: Connection) -> set[Pair]:
    """Give every two applicants of different schools who may be one child.

    A record that its school has put into another of the same child is left out.
    """
    found: set[Pair] = set()
    for statement in _GROUPS:
        groups: dict[tuple[str, str], set[Place]] = defaultdict(set)
        for value, second, scope, record in connection.exec_driver_sql(statement):
            groups[value, second or ""].add((scope, record))
        for places in groups.values():
            found.update(_apart(places))
    for statement in _HIDDEN:
        for scope, record, other_scope, other in connection.exec_driver_sql(statement):
            found.update(_apart({(scope, record), (other_scope, other)}))
    merged = {(scope, record) for scope, record in connection.exec_driver_sql(_MERGED)}
    return {pair for pair in found if not merged & set(pair)}


def _apart(places: Iterable[Place]) -> Iterator[Pair]:
    """Give the pairs whose scopes differ, the lower place first."""
    for one, other in combinations(sorted(places), 2):
        if one[0] != other[0]:
            yield one, other
