"""Receipt numbers 回执号: school, desk, day, count and two check digits, never personal data.

``ZHW-2-0824-0128-09``: the school's mark, the desk's, month and day, the count of the desk's
block, and two check digits modulo 97 over all of it, each sign taken as a number of two digits, so
that every single wrong sign and every exchange of neighbours is found (97 is prime and larger than
any difference of two signs). Digits can be read out on the telephone.
"""

from __future__ import annotations

import re

_SHAPE = re.compile(r"([A-Z0-9]{1,6})-([A-Z0-9]{1,3})-([0-9]{4})-([0-9]{4,6})-([0-9]{2})")


_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
_MODULUS = 97


def check_digits(body: str) -> str:
    """Give the two check digits of a number written with digits, capital letters and hyphens.

    Raises:
        ValueError: any other character.
    """
    rest = 0
    for sign in body:
        rest = (rest * 100 + _SIGNS.index(sign)) % _MODULUS
    return f"{rest:02d}"


def format_receipt(school_mark: str, desk_mark: str, month_day: str, number: int) -> str:
    """Write a receipt number.

    Raises:
        ValueError: marks, day or number do not fit the form.
    """
    body = f"{school_mark}-{desk_mark}-{month_day}-{number:04d}"
    written = f"{body}-{check_digits(body)}"
    if _SHAPE.fullmatch(written) is None:
        raise ValueError(body)
    return written


def is_receipt(text: str) -> bool:
    """Say whether this is a receipt number whose check digits hold."""
    found = _SHAPE.fullmatch(text)
    return found is not None and check_digits(text.rpartition("-")[0]) == found[5]
