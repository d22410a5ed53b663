"""Sealed pages: which of them go along, in what order, and how many a volume takes.

Pages go to the district alone, those it has not said it holds. What it asked for by name goes
first; the others begin after the page carried last and go around, so that several small sticks
bring all of them. A page that lies on the stick already is not written again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.domain.errors import UntrustedError
from desktop_app.security import sshsig
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.database import Connection
from desktop_app.storage.exchange import ScanPlace
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.settings import write_setting
from desktop_app.sync import tape
from desktop_app.sync.bundle import NAMESPACE, SUFFIX, read_outer
from desktop_app.sync.manifest import LARGEST_SCAN
from desktop_app.sync.reach import LONGEST_SCANS, Acknowledged

MOST_PAGES = 16_384
"""In one volume: the names of more would not fit into its manifest."""

_BESIDE = 256
"""Bytes a page takes in manifest and checksums."""

_DIGEST_LENGTH = 64
_SETTING = "exchange.last_page"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The pages the district lacks: those it asked for by name, and those it knows nothing of."""

    asked: Sequence[ScanPlace]
    others: Sequence[ScanPlace]


def wanted_pages(
    connection: Connection, scope: str, acknowledged: Mapping[str, Acknowledged]
) -> Wanted:
    """Give the pages the district has not said it holds, in the order they were taken in."""
    pages = exchange.scans_of(connection, scope)
    asked = [page for page in pages if _is_named(page, acknowledged.get(page.feed))]
    last_named = {page.feed: page.sequence for page in asked}
    others = [
        page
        for page in pages
        if (said := acknowledged.get(page.feed)) is None
        or page.sequence > said.sequence
        or (_is_cut(said) and page.sequence > last_named.get(page.feed, 0))
    ]
    return Wanted(asked, [page for page in others if page not in set(asked)])


def _is_named(page: ScanPlace, said: Acknowledged | None) -> bool:
    return said is not None and page.digest in said.scans


def _is_cut(said: Acknowledged) -> bool:
    """Say whether a list of missing pages is so long that its end was left off."""
    return (len(said.scans) + 1) * (_DIGEST_LENGTH + 1) > LONGEST_SCANS


def in_order(workplace: Workplace, wanted: Wanted, target: Path, own: FeedRow) -> list[ScanPlace]:
    """Give the pages that go, each once, in their order, with the sizes they have on this disk."""
    feed, _, sequence = workplace.settings.get(_SETTING).partition(":")
    last = (feed, int(sequence or 0))
    there = _lying_on(target, own)
    others = [page for page in wanted.others if page.digest not in there]
    after = [page for page in others if (page.feed, page.sequence) > last]
    before = [page for page in others if (page.feed, page.sequence) <= last]
    once = {page.digest: page for page in reversed([*wanted.asked, *after, *before])}
    sized = [
        replace(page, size=_size_here(workplace, page.digest)) for page in reversed(once.values())
    ]
    return [page for page in sized if 0 < page.size <= LARGEST_SCAN]


def _size_here(workplace: Workplace, digest: str) -> int:
    """Give a page's size on this disk, 0 where it is not here; what a record says may be wrong."""
    try:
        return workplace.scans.path(digest).stat().st_size
    except OSError:
        return 0


def _lying_on(folder: Path, own: FeedRow) -> frozenset[str]:
    """Give the pages in this computer's bundles on a stick, which were read back when written."""
    found: set[str] = set()
    for path in sorted(folder.glob(f"{own.facts.scope}-{own.facts.feed[:8]}-*{SUFFIX}")):
        with contextlib.suppress(OSError, UntrustedError), path.open("rb") as file:
            outer = read_outer(file)
            sshsig.verify(own.public, NAMESPACE, outer.manifest_bytes, outer.signature)
            found.update(outer.scans)
    return frozenset(found)


def note_last(connection: Connection, wanted: Wanted, taken: Iterable[ScanPlace]) -> None:
    """Note where the next hand-over goes on: what was asked for by name moves nothing."""
    asked = {page.digest for page in wanted.asked}
    last = [page for page in taken if page.digest not in asked][-1:]
    for page in last:
        write_setting(connection, _SETTING, f"{page.feed}:{page.sequence}")


def fill(pages: Sequence[ScanPlace], room: int) -> tuple[list[ScanPlace], list[ScanPlace]]:
    """Take the pages that fit into so many bytes, in their order; give them and the rest."""
    taken: list[ScanPlace] = []
    rest: list[ScanPlace] = []
    for page in pages:
        size = tape.occupied(page.size) + _BESIDE
        fits = size <= room and len(taken) < MOST_PAGES
        (taken if fits else rest).append(page)
        room -= size if fits else 0
    return taken, rest
