"""A bundle's file name: whose it is and its number, for people; nothing is believed of it."""

from __future__ import annotations

import re

_NAME = re.compile(r"([0-9]{6,10})-([a-z2-7]{8})-([0-9]{1,9})(?:-[0-9]{1,9})?\.enb")


def read_name(name: str) -> tuple[str, int]:
    """Read school and number from a bundle's name; a strange name says nothing."""
    found = _NAME.fullmatch(name)
    return (found[1], int(found[3])) if found else ("", 0)


def read_feed(name: str) -> str:
    """Read from a bundle's name how the feed of its laptop begins; a strange name says nothing."""
    found = _NAME.fullmatch(name)
    return found[2] if found else ""
