"""Taking along what is other schools' (捎带): a central school carries its villages' bundles.

Whoever carries a stick may carry everybody's files; this is for the laptop in between. A bundle of
another school is kept, sealed as it is, if its outside is proved: the district speaks for whoever
packed it, for that school. It can be opened by nobody here. Every hand-over puts what is kept on
the stick too, until an answer for that school passes, or somebody drops it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.durable.files import (
    disk_errors,
    fsync_directory,
    make_private_folder,
    remove_durably,
)
from desktop_app.durable.stick import Hashing, require_space, write_verified
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.sync.bundle import SUFFIX, read_outer
from desktop_app.sync.manifest import ANSWER, Manifest
from desktop_app.sync.trust import Grounds, examine

RELAY, RELAYED = "relay", "relayed"
RELAYING = "bundle.relaying"
LARGEST = 2 * 1024**3
"""Bytes kept for others altogether; more is refused, so that nobody can fill this disk."""

_PIECE = 1024 * 1024
_PLACE = re.compile(r"-[0-9]+")


@dataclass(frozen=True, slots=True)
class Passing:
    """A bundle of another school that waits to be carried on."""

    path: Path
    scope: str
    carrier: str
    number: int
    answer: bool
    size: int


def listed(workplace: Workplace) -> tuple[Passing, ...]:
    """List what is kept for others, by name; what can no longer be read is left out.

    Raises:
        WorkplaceError: the disk refused.
    """
    folder = workplace.folder / RELAY
    with disk_errors():
        paths = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
    found = []
    for path in paths:
        with contextlib.suppress(UntrustedError), disk_errors(), path.open("rb") as file:
            found.append(_passing(path, read_outer(file).manifest))
    return tuple(found)


def _passing(path: Path, manifest: Manifest) -> Passing:
    return Passing(
        path=path,
        scope=manifest.scope,
        carrier=manifest.carrier.feed,
        number=manifest.number,
        answer=manifest.purpose == ANSWER,
        size=path.stat().st_size,
    )


def keep(workplace: Workplace, copied: Path, name: str) -> Passing | None:
    """Keep the copy of another school's bundle; None where it is not to be carried from here.

    An answer takes the place of what its school handed in before, and of earlier answers to it.

    Raises:
        UntrustedError: its outside does not hold.
        WorkplaceError: ``relay.full``; or the disk refused.
    """
    if workplace.seat.kind == "district":
        return None
    with disk_errors(), copied.open("rb") as file:
        examined = examine(file, Grounds(None, workplace.district, {}), _nobody)
        found = _passing(copied, examined.manifest)
    if examined.carrier is None or found.scope == workplace.seat.scope:
        return None
    held = listed(workplace)
    if found.answer:
        if any(_is_later_answer(one, found) for one in held):
            return found
        drop(workplace, found.scope)
    elif _is_answered(workplace, found, held):
        return found
    elif sum(one.size for one in held) + found.size > LARGEST:
        raise WorkplaceError("relay.full", limit=LARGEST // 10**6)
    folder = workplace.folder / RELAY
    make_private_folder(folder)
    with disk_errors():
        path = copied.replace(folder / _name(found, name))
    fsync_directory(folder)
    fsync_directory(copied.parent)
    return Passing(path, found.scope, found.carrier, found.number, found.answer, found.size)


def _is_later_answer(one: Passing, found: Passing) -> bool:
    same = (one.scope, one.carrier, one.answer) == (found.scope, found.carrier, True)
    return same and one.number >= found.number


def _is_answered(workplace: Workplace, found: Passing, held: Sequence[Passing]) -> bool:
    """Say whether a bundle was carried on before, and an answer for its school has passed since."""
    if not any(one.answer and one.scope == found.scope for one in held):
        return False
    with workplace.database.read() as connection:
        return any(one.digest == found.path.stem for one in exchange.received_bundles(connection))


def _name(found: Passing, name: str) -> str:
    """Give a bundle the name its manifest gives it; of the old one only a volume's place counts."""
    stem = f"{found.scope}-{found.carrier[:8]}-{found.number}"
    place = name.removesuffix(SUFFIX).removeprefix(stem)
    return f"{stem}{place if _PLACE.fullmatch(place) else ''}{SUFFIX}"


def _nobody(_: int) -> None:
    """Tell nobody."""


def put_on(workplace: Workplace, target: Path, progress: Progress) -> int:
    """Copy what is kept for others to a stick, each file read back; count those that lie there.

    A stick without room for them costs nobody their own bundle, so only cancelling is raised.

    Raises:
        CancelledError: the person stopped it.
    """
    there = 0
    kept = listed(workplace)
    for done, one in enumerate(kept):
        progress.step(done, len(kept), RELAYING)
        place = target / one.path.name
        with contextlib.suppress(WorkplaceError):
            if not _is_there(place, one):
                require_space(target, one.size)
                write_verified(place, _Copying(one.path))
            there += 1
    return there


def _is_there(place: Path, one: Passing) -> bool:
    """Say whether the stick has these very bytes already."""
    with disk_errors():
        if not place.is_file() or place.stat().st_size != one.size:
            return False
        with place.open("rb") as there, one.path.open("rb") as here:
            while piece := here.read(_PIECE):
                if there.read(_PIECE) != piece:
                    return False
    return True


@dataclass(frozen=True, slots=True)
class _Copying:
    """Writes a file's content."""

    path: Path

    def __call__(self, file: Hashing) -> None:
        with self.path.open("rb") as source:
            while piece := source.read(_PIECE):
                file.write(piece)


def drop(workplace: Workplace, scope: str = "") -> int:
    """Drop what is kept of a school, or all of it; count the files.

    Raises:
        WorkplaceError: the disk refused.
    """
    gone = [one for one in listed(workplace) if scope in {"", one.scope}]
    for one in gone:
        remove_durably(one.path)
    return len(gone)
