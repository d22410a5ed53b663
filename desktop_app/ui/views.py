"""Plain values the window and its pages are fed with; no Qt, no records, no services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """A state as shape, colour and word together (readable in grey print)."""

    DONE = "done"
    NEEDS = "needs"
    REFUSED = "refused"
    WAITING = "waiting"
    CONFLICT = "conflict"
    UNFINISHED = "unfinished"


def nothing() -> None:
    """Do nothing; the callback of a key that only shows."""


@dataclass(frozen=True, slots=True)
class KeyAction:
    """A key of the bottom bar: what is printed on it, and what it does.

    ``key`` is written as on the key cap: "F10", "A", "Ctrl+Z", "Alt+←", "Enter". ``short`` is the
    wording for large type. A key that is ``shown=False`` works but stands elsewhere on the page.
    ``why`` is said when a key is pressed that has nothing to do now.
    """

    key: str
    label: str
    callback: Callable[[], object] = nothing
    short: str = ""
    enabled: bool = True
    primary: bool = False
    warns: bool = False
    icon: str = ""
    right: bool = False
    shown: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """One of the three counters of the masthead; no number stands until it was counted."""

    state: State
    number: int | None
    word: str


@dataclass(frozen=True, slots=True)
class MastheadView:
    """What the masthead says."""

    place: str = ""
    season: str = ""
    seat: str = ""
    person: str = ""
    counters: tuple[Counter, ...] = ()
    exchange: str = ""
    clock: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation; its place is its Alt+digit, 0 where the list tells it."""

    key: str
    icon: str
    label: str
    badge: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True)
class StripView:
    """The strip above the key bar: the last case, with what can still be done about it."""

    lead: str = ""
    name: str = ""
    state: State | None = None
    word: str = ""
    text: str = ""
    short: str = ""
    keys: tuple[KeyAction, ...] = ()


@dataclass(frozen=True, slots=True)
class BannerView:
    """One message in the page: what happened, is the data safe and what now, and a code."""

    state: State
    what: str
    now: str = ""
    number: str = ""
    keys: tuple[KeyAction, ...] = ()


@dataclass(frozen=True, slots=True)
class HelpView:
    """The policy sentence for the field of now (F1), with its source and version."""

    title: str
    sentence: str
    source: str = ""
    explanation: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person who may log in on this computer."""

    key: str
    name: str
    role: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LoginView:
    """What the login page knows before anything is unlocked."""

    place: str = ""
    season: str = ""
    persons: tuple[PersonView, ...] = ()
    phone: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One line of the check of this computer at first use."""

    state: State
    word: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a pick list.

    ``keys`` are the ways to type it: pinyin initials and full pinyin, one for each reading.
    ``note`` stands at the right end (how often it was used, for instance).
    """

    code: str
    label: str
    keys: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PillCell:
    """A table cell drawn as a state pill."""

    state: State
    word: str


@dataclass(frozen=True, slots=True)
class HitCell:
    """A table cell with search hits: ``spans`` are (start, length) pairs drawn bold on yellow."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BarCell:
    """A table cell with a counted bar, such as 64 / 96."""

    done: int
    total: int


Cell = str | PillCell | HitCell | BarCell


def cell_text(cell: Cell) -> str:
    """Say a cell in words, for copying and for screen readers."""
    if isinstance(cell, PillCell):
        return cell.word
    if isinstance(cell, BarCell):
        return f"{cell.done} / {cell.total}"
    return cell.text if isinstance(cell, HitCell) else cell


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its record id and its cells, one for each column."""

    key: str
    cells: tuple[Cell, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list; width in design units, 0 takes the rest.

    ``compact`` columns stay at large type; ``secondary`` ones are drawn smaller and paler.
    """

    title: str
    width: int
    secondary: bool = False
    compact: bool = True
    strong: bool = False
