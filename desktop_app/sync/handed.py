"""What was handed over last, kept on this computer so that its list 移交清单 outlives a restart."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Protocol

import msgspec

from desktop_app.domain.errors import WorkplaceError
from desktop_app.services.workplace import Workplace

_SETTING = "exchange.handed_over"


class Made(Protocol):
    """A bundle that was written: what its line of the list says."""

    @property
    def name(self) -> str:
        """Its file's name."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def size(self) -> int:
        """Its bytes."""

    @property
    def operations(self) -> int:
        """How many operations it holds."""

    @property
    def registered(self) -> int:
        """How many applicants it is about."""

    @property
    def scans(self) -> int:
        """How many pages go with it."""

    @property
    def digest(self) -> str:
        """Its SHA-256."""


class HandedOver(msgspec.Struct, frozen=True):
    """A bundle as the list that goes with the stick names it; kept until the next hand-over."""

    name: str
    number: int
    size: int
    operations: int
    registered: int
    scans: int
    digest: str


def remember(workplace: Workplace, made: Sequence[Made]) -> None:
    """Keep what the list of these bundles says, in place of the ones before.

    They are carried by now, so a disk that refuses costs the list alone.
    """
    lines = [
        HandedOver(
            one.name,
            one.number,
            one.size,
            one.operations,
            one.registered,
            one.scans,
            one.digest,
        )
        for one in made
    ]
    with contextlib.suppress(WorkplaceError):
        workplace.settings.set(_SETTING, msgspec.json.encode(lines).decode())


def recall(workplace: Workplace) -> tuple[HandedOver, ...]:
    """Give what was handed over last from this computer, at the district every answer of it."""
    text = workplace.settings.get(_SETTING, "[]")
    return msgspec.json.decode(text, type=tuple[HandedOver, ...])
