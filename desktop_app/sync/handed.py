"""What was handed over last, kept on this computer so that its list 移交清单 outlives a restart."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import msgspec

from desktop_app.domain.errors import WorkplaceError
from desktop_app.services.workplace import Workplace
from desktop_app.sync.writing import Volume

_SETTING = "exchange.handed_over"


class HandedOver(msgspec.Struct, frozen=True):
    """A bundle as the list that goes with the stick names it; kept until the next hand-over."""

    name: str
    number: int
    size: int
    operations: int
    registered: int
    scans: int
    digest: str


def remember(workplace: Workplace, made: Sequence[Volume]) -> None:
    """Keep what the list of these bundles says, in place of the ones before.

    They are carried by now, so a disk that refuses costs the list alone.
    """
    lines = msgspec.convert(made, list[HandedOver], from_attributes=True)
    with contextlib.suppress(WorkplaceError):
        workplace.settings.set(_SETTING, msgspec.json.encode(lines).decode())


def recall(workplace: Workplace) -> tuple[HandedOver, ...]:
    """Give what was handed over last from this computer, at the district every answer of it."""
    text = workplace.settings.get(_SETTING, "[]")
    return msgspec.json.decode(text, type=tuple[HandedOver, ...])
