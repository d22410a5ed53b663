"""What must hold of everybody's lists, whatever happened before: read anew, by simpler means."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.attention import BRANCH, AttentionDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage import merged
from desktop_app.storage.branches import count_apart
from desktop_app.storage.digest import state_digest
from desktop_app.storage.rows import read_rows
from tests.sync.site import content

Edge = tuple[str, str]
"""A record that was put into another, and that one."""


def digest(workplace: Workplace, school: str) -> str:
    with workplace.database.read() as connection:
        return state_digest(connection, school)


# --- nothing is lost --------------------------------------------------------------------------


def header(line: bytes) -> bytes:
    """Give what of an operation no erasure takes away; verify proves the rest."""
    return line.partition(b',"payload":')[0]


def in_logs(workplace: Workplace) -> set[bytes]:
    return {header(line) for lines in content(workplace).values() for line in lines}


def apart(workplace: Workplace) -> set[bytes]:
    """Give what stands apart of forked feeds."""
    with workplace.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT header FROM quarantine").scalars()
        return {b'{"header":' + one for one in rows}


def known(workplace: Workplace) -> set[bytes]:
    """Give every operation that is held: in a log, or apart and counted, and in one of them."""
    log, beside = in_logs(workplace), apart(workplace)
    assert log.isdisjoint(beside), "in the log, and apart"
    with workplace.database.read() as connection:
        counted = sum(count for _, count in count_apart(connection).values())
    assert counted == len(beside), "apart, and not counted"
    return log | beside


def told_apart(workplace: Workplace) -> int:
    """Count what a person is told stands apart."""
    lines = AttentionDesk(workplace).page().lines
    return sum(line.count for line in lines if line.waits_for == BRANCH)


# --- nobody is in two places or in none -------------------------------------------------------


def children(workplace: Workplace, school: str) -> list[str]:
    with workplace.database.read() as connection:
        rows = read_rows(connection, RECORD_TYPES["applicant"], school, {})
    return [row.record for row in rows]


def twins(workplace: Workplace, school: str) -> dict[str, str]:
    """Give whoever is merged, with whom into."""
    with workplace.database.read() as connection:
        held, _ = merged.noted(connection, school)
    return {record: into for record, (into, _) in held.items()}


def edges(workplace: Workplace, school: str) -> list[Edge]:
    """Give what the decisions in force say, each."""
    with workplace.database.read() as connection:
        return sorted(one.edge for one in merged.merge_decisions(connection, school))


def ends(decided: Iterable[Edge], standing: Collection[str]) -> dict[str, str]:
    """Say under whom everybody stands, by following every way to where it goes no further.

    Plainer than the program's own: a place nobody leads on from is one that all it leads to lead
    back to; of such a ring the lowest stays, and of several places the lowest is meant.
    """
    goes: dict[str, set[str]] = {}
    for gone, stays in decided:
        if gone in standing and stays in standing:
            goes.setdefault(gone, set()).add(stays)
            goes.setdefault(stays, set())
    reached = {record: _reached(goes, record) for record in goes}
    found = {}
    for record, ahead in reached.items():
        last = {
            min(reached[one] | {one})
            for one in ahead | {record}
            if all(one in reached[other] for other in reached[one] - {one})
        }
        if min(last) != record:
            found[record] = min(last)
    return found


def _reached(goes: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        for one in goes[ahead.pop()] - found:
            found.add(one)
            ahead.append(one)
    return found


def everybody_stands(workplace: Workplace, school: str) -> None:
    """Nobody is in two places or in none: in the lists, or under the twin that was decided."""
    here, under = set(children(workplace, school)), twins(workplace, school)
    assert set(under) <= here, "merged, and gone"
    assert set(under.values()) <= here - set(under), "merged into somebody who does not stand"
    assert under == ends(edges(workplace, school), here), "under another than was decided"
    if workplace.seat.kind != "district":
        counts = ListDesk(workplace).counts()
        assert counts["all"] - counts["draft"] == len(here) - len(under), "a child in no list"
