"""Readings of Chinese characters, every one of a heteronym: 单 is found under dan and shan."""

from __future__ import annotations

import itertools
import os
from functools import lru_cache

MOST_SPELLINGS = 24

_SURNAMES = {"单": "shan", "仇": "qiu", "曾": "zeng", "区": "ou", "查": "zha", "解": "xie"}
"""Readings only surnames have, where the dictionary's lists leave them out."""


@lru_cache(maxsize=4096)
def readings(sign: str) -> tuple[str, ...]:
    """Give the readings of one character without tones, ü as v; a letter reads as itself."""
    if sign.isascii():
        return (sign.lower(),) if sign.isalnum() else ()
    # Imported on first use, since no start should pay for its dictionary; and without that of
    # phrases, which says nothing of single characters and takes fifty megabytes.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, pinyin

    found = pinyin(sign, style=Style.NORMAL, heteronym=True, v_to_u=False, errors="ignore")
    spelled = [reading for options in found for reading in options if reading.isalpha()]
    if sign in _SURNAMES:
        spelled.append(_SURNAMES[sign])
    return tuple(dict.fromkeys(reading.lower() for reading in spelled))


def spellings(name: str) -> tuple[str, ...]:
    """Give the full pinyin of a name, one for every combination of readings, a few at most."""
    spelled = [options for options in map(readings, name) if options]
    combinations = itertools.islice(itertools.product(*spelled), MOST_SPELLINGS)
    return tuple(dict.fromkeys("".join(one) for one in combinations if one))
