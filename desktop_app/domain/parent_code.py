"""Parent codes 查询码: six signs of a receipt number that a parent can read out on the telephone.

The laptop's mark and its count, as five signs, and a sixth that checks them; the first is a digit,
so that a code is never taken for a name in letters. Signs that are mixed up when read or heard
(I, L, O, U, V) do not occur, and are taken for what was meant where they are typed. Of a school's
laptops numbered 1 to 91 no two codes are the same for 10,000 children each; where two families do
share one, which laptops without a ticket cannot exclude, a search shows both.
"""

from __future__ import annotations

from desktop_app.domain.receipt_number import is_receipt

LENGTH = 6
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTWXYZ"
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": ""})
_PER_LAPTOP = 10_000
_NUMBERED = 91
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PLACES = _NUMBERED + 26 * len(_LETTERS)
_SPREAD, _BEGIN = 3_628_273, 4_100_411
"""Neighbours in a queue get codes that look nothing alike; the first shares no factor with all the
codes there are, so that they stay different."""


def parent_code(receipt: str) -> str:
    """Give the code of a receipt number, or nothing where it is none."""
    if not is_receipt(receipt):
        return ""
    _, mark, _, number, _ = receipt.split("-")
    value = _place(mark) * _PER_LAPTOP + int(number) % _PER_LAPTOP
    value = (value * _SPREAD + _BEGIN) % (_PLACES * _PER_LAPTOP)
    base, signs = len(_SIGNS), ""
    for _ in range(LENGTH - 1):
        value, rest = divmod(value, base)
        signs = _SIGNS[rest] + signs
    return signs + _check(signs)


def read_code(text: str) -> str:
    """Give the code that was typed, as it is printed, or nothing where it is none."""
    typed = text.upper().translate(_MEANT)
    holds = (
        len(typed) == LENGTH
        and typed[0].isdigit()
        and set(typed) <= set(_SIGNS)
        and _check(typed[:-1]) == typed[-1]
    )
    return typed if holds else ""


def _place(mark: str) -> int:
    """Give a laptop its place: by its number, or by its letters where it has no ticket."""
    if mark.isdigit() and 1 <= int(mark) <= _NUMBERED:
        return int(mark) - 1
    if len(mark) > 1 and mark[0].isalpha() and mark[1] in _LETTERS:
        return _NUMBERED + (ord(mark[0]) - ord("A")) * len(_LETTERS) + _LETTERS.index(mark[1])
    return int.from_bytes(mark.encode(), "big") % _PLACES


def _check(signs: str) -> str:
    """Check five signs: 31 is prime, so one wrong sign or two exchanged are always found."""
    total = sum((at + 2) * _SIGNS.index(sign) for at, sign in enumerate(signs))
    return _SIGNS[total % len(_SIGNS)]
