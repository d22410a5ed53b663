"""Needs attention 待处理: what is held and handed on but does not count yet, and what it waits for.

Nothing of it is lost. It is judged again by itself, when grants or revocations change and when a
newer program opens the database; nobody has to do anything here but what the line says.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.laptops import Names
from desktop_app.services.workplace import Workplace
from desktop_app.storage import matters, overview, queries
from desktop_app.storage.branches import count_apart
from desktop_app.storage.overview import AttentionKey, AttentionLine

PROGRAM, GRANT, LAPTOP, NOBODY = "program", "grant", "laptop", "nobody"
"""What an operation waits for: a newer program, a grant of its person, the laptop's standing; or
nothing, since it breaks a rule that will not change."""
BRANCH = "branch"
"""What the operations of a forked laptop that stand apart wait for: an officer who decides."""

_WAITS = {
    "later_format": PROGRAM,
    "unknown_kind": PROGRAM,
    "newer_schema": PROGRAM,
    "unknown_field": PROGRAM,
    "not_signed": GRANT,
    "not_allowed": GRANT,
    "revoked": LAPTOP,
}


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One operation that does not count; ``kind`` is empty where the program does not know it.

    Where it waits for ``BRANCH`` it is all that stands apart of one laptop: ``count`` operations.
    """

    key: str
    waits_for: str
    verdict: str
    kind: str
    name: str
    receipt: str
    person: str
    at: int
    laptop: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class HeldSlice:
    """A page of the list; ``after`` begins the next one, None where there is none."""

    lines: tuple[HeldLine, ...]
    after: AttentionKey | None


class AttentionDesk:
    """The list of what is held without counting."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def count(self) -> int:
        """Count what is held without counting."""
        with self._workplace.database.read() as connection:
            apart = sum(count for _, count in count_apart(connection).values())
            return overview.count_attention(connection) + apart

    def page(self, after: AttentionKey | None = None, limit: int = 50) -> HeldSlice:
        """Give a page of the list: what stands apart of forked laptops, then feed by feed."""
        with self._workplace.database.read() as connection:
            found = queries.attention(connection, after, limit + 1)
            shown = found[:limit]
            keys = [(one.scope, one.kind, one.record, "") for one in shown]
            owners = matters.children_of(connection, keys)
            places = [(key[0], owners[key]) for key in keys]
            children = matters.children(connection, places)
            names = Names(connection, self._workplace)
            lines = [
                _line(one, children.get(place), names)
                for one, place in zip(shown, places, strict=True)
            ]
            if after is None:
                lines[:0] = [
                    _apart(feed, count, names)
                    for feed, (_, count) in count_apart(connection).items()
                ]
        return HeldSlice(tuple(lines), shown[-1].key if len(found) > limit else None)


def _apart(feed: str, count: int, names: Names) -> HeldLine:
    """Say how much of a laptop stands apart from the branch that counts."""
    laptop = names.laptop(feed)
    return HeldLine(f"{feed}:{BRANCH}", BRANCH, "", "", "", "", "", 0, laptop, count)


def _line(one: AttentionLine, child: matters.Child | None, names: Names) -> HeldLine:
    known = RECORD_TYPES.get(one.kind)
    return HeldLine(
        key=f"{one.number}:{one.sequence}",
        waits_for=_WAITS.get(one.verdict, NOBODY),
        verdict=one.verdict,
        kind="" if known is None else known.label,
        name="" if child is None else child.name,
        receipt="" if child is None else child.receipt,
        person=names.person(one.person) if one.person else "",
        at=one.at,
        laptop=names.laptop(one.feed),
    )
