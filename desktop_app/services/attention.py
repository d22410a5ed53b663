"""Needs attention 待处理: what is held and handed on but does not count yet, and what it waits for.

Nothing of it is lost. It is judged again by itself, when grants or revocations change and when a
newer program opens the database; nobody has to do anything here but what the line says.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.laptops import Names
from desktop_app.services.leftover import LeftActs, LeftChild, LeftoverDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage import matters, overview, queries
from desktop_app.storage.branches import count_apart
from desktop_app.storage.leftover import VOID
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
    VOID: LAPTOP,
}


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One operation that does not count; ``kind`` is empty where the program does not know it.

    Where it waits for ``BRANCH`` it is all that stands apart of one laptop: ``count`` operations.
    Where it waits for ``LAPTOP`` it is all that an ended laptop wrote too late about one child, or
    about none. ``school`` is named at the district alone.
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
    child: LeftChild | None = None
    school: str = ""


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
        self._leftover = LeftoverDesk(workplace)

    def count(self) -> int:
        """Count what is held without counting: what an ended laptop wrote counts by child."""
        with self._workplace.database.read() as connection:
            apart = sum(count for _, count in count_apart(connection).values())
            children, acts = self._leftover.lists(connection)
            rest = overview.count_attention(connection, VOID)
        return rest + apart + len(children) + len(acts)

    def page(self, after: AttentionKey | None = None, limit: int = 50) -> HeldSlice:
        """Give a page of the list.

        It begins with the children an ended laptop wrote about too late and with what stands apart
        of forked laptops; then feed by feed; what is about no child comes last.
        """
        with self._workplace.database.read() as connection:
            found = queries.attention(connection, after, limit + 1, VOID)
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
            more = len(found) > limit
            left, acts = self._leftover.lists(connection)
            if after is None:
                apart = count_apart(connection).items()
                lines[:0] = [_apart(feed, count, names) for feed, (_, count) in apart]
                lines[:0] = map(_left, left)
            if not more:
                lines += map(_acts, acts)
        return HeldSlice(tuple(lines), shown[-1].key if more else None)


def _left(one: LeftChild) -> HeldLine:
    """Say what an ended laptop wrote too late about a child."""
    return HeldLine(
        key=f"{LAPTOP}:{one.key}",
        waits_for=LAPTOP,
        verdict=VOID,
        kind=RECORD_TYPES["applicant"].label,
        name=one.name,
        receipt=one.receipt,
        person=one.person,
        at=one.at,
        laptop=one.laptop,
        count=one.operations,
        child=one,
        school=one.school,
    )


def _acts(one: LeftActs) -> HeldLine:
    """Say what else an ended laptop wrote too late."""
    return HeldLine(
        key=f"{LAPTOP}:{one.feed}",
        waits_for=LAPTOP,
        verdict=VOID,
        kind="、".join(filter(None, one.labels)),
        name="",
        receipt="",
        person="",
        at=0,
        laptop=one.laptop,
        count=one.operations,
        school=one.school,
    )


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
