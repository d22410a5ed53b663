"""Receipt numbers 回执号: school, desk, day, count and two check digits, never personal data.

``ZHW-2-0824-0128-09``: the school's mark, the desk's, month and day, the count of the desk's
block, and the check digits of ISO 7064 MOD 97-10 over all of it (letters count as 10 to 35, as in
bank account numbers), which find every single wrong sign and every exchange of neighbours and can
be read out on the telephone.
"""

from __future__ import annotations

import re

_SHAPE = re.compile(r"([A-Z0-9]{1,6})-([A-Z0-9]{1,3})-([0-9]{4})-([0-9]{4,6})-([0-9]{2})")


def check_digits(text: str) -> str:
    """Give the two check digits of digits and capital letters.

    Raises:
        ValueError: any other character.
    """
    return f"{98 - _spelled(text) * 100 % 97:02d}"


def _spelled(text: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in text))


def format_receipt(school_mark: str, desk_mark: str, month_day: str, number: int) -> str:
    """Write a receipt number.

    Raises:
        ValueError: marks, day or number do not fit the form.
    """
    body = f"{school_mark}-{desk_mark}-{month_day}-{number:04d}"
    written = f"{body}-{check_digits(body.replace('-', ''))}"
    if _SHAPE.fullmatch(written) is None:
        raise ValueError(body)
    return written


def is_receipt(text: str) -> bool:
    """Say whether this is a receipt number whose check digits hold."""
    found = _SHAPE.fullmatch(text)
    return found is not None and check_digits("".join(found.groups()[:-1])) == found[5]
