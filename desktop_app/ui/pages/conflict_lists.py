"""The three lists of 核对: what is to be decided, what is merged, what is held without counting."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from desktop_app.services.attention import AttentionDesk, HeldLine
from desktop_app.services.conflicts import (
    LATER,
    REMOVED,
    ConflictDesk,
    Dispute,
    QueueLine,
    QueueSlice,
    split_key,
)
from desktop_app.services.merging import MergeDesk, TwinView
from desktop_app.ui.models.keyset import Chunk, Key
from desktop_app.ui.pages.conflict_leftover import TakingUp
from desktop_app.ui.pages.conflict_parts import held_cells, queue_cells
from desktop_app.ui.views import Row


class Which(Enum):
    """Which of the three lists is shown."""

    QUEUE = 0
    MERGED = 1
    HELD = 2

    @property
    def next(self) -> Which:
        """Give the list after this one, the first after the last."""
        return Which((self.value + 1) % len(Which))


@dataclass(frozen=True, slots=True)
class ConflictDesks:
    """What the page works with; the district merges nothing."""

    conflicts: ConflictDesk
    merging: MergeDesk
    attention: AttentionDesk
    taking_up: TakingUp


@dataclass(frozen=True, slots=True)
class Answer:
    """A list from its beginning, and how much there is of it."""

    which: Which
    chunk: Chunk
    count: int


@dataclass(frozen=True, slots=True)
class LineRow(Row):
    """A row that remembers what it was made of."""

    line: QueueLine | HeldLine | None = None


def _tr(words: str) -> str:
    return QCoreApplication.translate("ConflictLists", words)


def list_title(which: Which, count: int) -> str:
    """Say which list it is, and how much there is of it."""
    words = {
        Which.QUEUE: _tr("要定的 {count} 处"),
        Which.MERGED: _tr("已合并的 {count} 件"),
        Which.HELD: _tr("没算数的 {count} 处"),
    }
    return words[which].format(count=count)


def list_key_words(which: Which) -> tuple[str, str]:
    """Say what F2 goes to from a list, in full and short."""
    words = {
        Which.QUEUE: (_tr("看已合并的"), _tr("已合并")),
        Which.MERGED: (_tr("看没算数的"), _tr("没算数")),
        Which.HELD: (_tr("看要定的"), _tr("要定的")),
    }
    return words[which]


def first_page(desks: ConflictDesks, which: Which) -> Answer:
    """Fetch the first page of a list, and count it (on the worker thread)."""
    count = desks.attention.count() if which is Which.HELD else 0
    if which is Which.QUEUE:
        count = desks.conflicts.count()
    return Answer(which, page_of(desks, which, None), count)


def page_of(desks: ConflictDesks, which: Which, after: Key | None) -> Chunk:
    """Fetch a page of a list (on the worker thread)."""
    if which is Which.HELD:
        begin = None if after is None else (after[0], int(after[1]))
        held = desks.attention.page(begin)
        rows = [LineRow(line.key, held_cells(line), line=line) for line in held.lines]
        end = None if held.after is None else (held.after[0], str(held.after[1]))
        return Chunk(tuple(rows), end)
    conflicts = desks.conflicts
    found: QueueSlice = conflicts.page(after) if which is Which.QUEUE else conflicts.merged(after)
    rows = [LineRow(line.key, queue_cells(line), line=line) for line in found.lines]
    return Chunk(tuple(rows), found.after)


def open_matter(desks: ConflictDesks, line: QueueLine) -> Dispute | TwinView:
    """Read what a line says (on the worker thread)."""
    _, rest = split_key(line.key)
    if line.what in {"value", LATER, REMOVED}:
        return desks.conflicts.open(line.key)
    one, other = rest.split("\t")[-2:]
    return desks.merging.compare(one, other)
