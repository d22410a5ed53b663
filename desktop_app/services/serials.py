"""Serial numbers of what the district certifies: drawn at random, written down, never used twice.

Drawn and not counted, so that a district that goes on from an old backup repeats none either.
"""

from __future__ import annotations

import secrets

from desktop_app.services.workplace import Workplace

_BITS = 48
_SETTING = "serial."


def fresh_serial(workplace: Workplace) -> int:
    """Draw a serial that was never given here, and write it down before anybody sees it."""
    given = workplace.settings.named(_SETTING)
    serial = secrets.randbits(_BITS) | 1
    while str(serial) in given:
        serial = secrets.randbits(_BITS) | 1
    workplace.settings.set(f"{_SETTING}{serial}", "given")
    return serial
