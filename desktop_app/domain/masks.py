"""Masks for lists, receipts, exports (domain reference §12): enough to know, not to copy."""

from __future__ import annotations

import re

_HIDDEN = "*"
_KEPT = "·. "


def _cover(text: str, head: int, tail: int) -> str:
    """Hide the middle of a text; what is too short to have a middle is hidden whole."""
    if len(text) <= head + tail:
        return _HIDDEN * len(text)
    return text[:head] + _HIDDEN * (len(text) - head - tail) + text[len(text) - tail :]


def mask_number(number: str) -> str:
    """Mask a document number: 410411********1230, short ones keep two characters a side."""
    if len(number) >= 15:
        return _cover(number, 6, 4)
    if len(number) >= 8:
        return _cover(number, 2, 2)
    return _HIDDEN * len(number)


def mask_name(name: str) -> str:
    """Mask a name: 张*丰, 张*, 买**·**提; one letter at least is hidden, dots stay."""
    places = [at for at, letter in enumerate(name) if letter not in _KEPT]
    kept = {places[0]} if len(places) >= 2 else set()
    if len(places) >= 3:
        kept.add(places[-1])
    return "".join(
        letter if letter in _KEPT or at in kept else _HIDDEN for at, letter in enumerate(name)
    )


def mask_phone(phone: str) -> str:
    """Mask a phone number: 138****1234; landlines keep two digits a side."""
    if len(phone) == 11 and phone.isdigit():
        return _cover(phone, 3, 4)
    return _cover(phone, 2, 2)


_LAST_PLACE = re.compile(r"\D*(?:村|社区|居委会)|\D*(?:街道|镇|乡)")
"""Up to the village, and never past a digit: behind the house may stand another village's name."""


def mask_address(address: str) -> str:
    """Cut an address at its village or community: 湛河湾村***."""
    found = _LAST_PLACE.match(address)
    return (found[0] if found else address[:3] if len(address) > 6 else "") + _HIDDEN * 3
