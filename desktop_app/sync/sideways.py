"""Which bundles were packed for the other laptops of the school, on the round of the stick.

The bundle is the same as the district gets; only where the stick goes next is another matter.
"""

from __future__ import annotations

import contextlib

from desktop_app.domain.errors import WorkplaceError
from desktop_app.services.workplace import Workplace

_SETTING = "exchange.sideways"
_MOST = 400
"""So many are remembered, the latest."""


def handed_sideways(workplace: Workplace) -> frozenset[int]:
    """Give the numbers of the bundles that were packed for the round."""
    return frozenset(map(int, workplace.settings.get(_SETTING, "").split()))


def note_sideways(workplace: Workplace, number: int) -> None:
    """Remember a bundle as packed for the round; a disk that refuses costs the word alone."""
    numbers = sorted({*handed_sideways(workplace), number})[-_MOST:]
    with contextlib.suppress(WorkplaceError):
        workplace.settings.set(_SETTING, " ".join(map(str, numbers)))
