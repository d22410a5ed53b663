"""Dates as people write them, read strictly: a date that does not exist is no date."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_WRITTEN = re.compile(
    r"([0-9]{4})(?:([0-9]{2})([0-9]{2})|([-/.年])([0-9]{1,2})(?:\4|月)([0-9]{1,2})日?)"
)


_SHORT_YEAR = re.compile(r"[0-9]{2}(?:[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?|[0-9]{4})")


def has_short_year(text: str) -> bool:
    """Say whether a date was written with a year of two digits: 18.5.3, 180503.

    Six digits that may still grow into a whole date (201805) are no such date.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return _SHORT_YEAR.fullmatch(plain) is not None and not re.match("(19|20)[0-9]{4}", plain)


def parse_date(text: str) -> dt.date | None:
    """Read 20180314, 2018-3-14, 2018/3/14, 2018.3.14 or 2018年3月14日 in any width.

    Years of two digits and days that do not exist (20180230) give None; nothing is guessed.
    """
    found = _WRITTEN.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if found is None or (found[4] == "年") != ("月" in found[0]):
        return None
    try:
        return dt.date(int(found[1]), int(found[2] or found[5]), int(found[3] or found[6]))
    except ValueError:
        return None


def parse_iso(text: str) -> dt.date | None:
    """Read the one form that records hold, 2018-03-14."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
        return None
    return parse_date(text)
