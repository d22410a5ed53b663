"""Codes that are printed and typed back: recovery codes, ticket codes, fingerprints.

The alphabet is Crockford's base32 (no I, L, O, U), so O for 0 and I or l for 1 are understood.
Codes are groups of four characters and a check character, so a slip of the finger is named by
its group. Fingerprints are compared, so they need no check character.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from desktop_app.domain.errors import RuleError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DATA_PER_GROUP = 4
GROUP = DATA_PER_GROUP + 1
BITS_PER_SYMBOL = 5
FINGERPRINT_SYMBOLS = 16

_CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1"})
_FIELD = 0b100101  # x^5 + x^2 + 1, irreducible over GF(2)


def make_code(groups: int) -> str:
    """Draw a random code of ``groups`` groups, 20 bits each, ready to print."""
    drawn = (
        "".join(secrets.choice(ALPHABET) for _ in range(DATA_PER_GROUP)) for _ in range(groups)
    )
    return "-".join(
        data + _check_symbol(data, number) for number, data in enumerate(drawn, start=1)
    )


def read_code(typed: str, groups: int) -> bytearray:
    """Read a typed code back to its secret symbols.

    Raises:
        RuleError: ``paper.length``, or ``paper.mistyped`` with the number of the first wrong group.
    """
    text = _tidy(typed)
    if len(text) != groups * GROUP:
        raise RuleError("paper.length", wanted=groups * GROUP, typed=len(text))
    secret = bytearray()
    for number in range(1, groups + 1):
        group = text[(number - 1) * GROUP : number * GROUP]
        data, check = group[:DATA_PER_GROUP], group[DATA_PER_GROUP:]
        if not set(group) <= set(ALPHABET) or check != _check_symbol(data, number):
            raise RuleError("paper.mistyped", group=number)
        secret += data.encode()
    return secret


def fingerprint(public: bytes) -> str:
    """Give the 80-bit fingerprint of a public key as it is printed: four groups of four."""
    number = int.from_bytes(hashlib.sha256(public).digest()[:10])
    symbols = "".join(
        ALPHABET[number >> shift & 31]
        for shift in range((FINGERPRINT_SYMBOLS - 1) * BITS_PER_SYMBOL, -1, -BITS_PER_SYMBOL)
    )
    return "-".join(symbols[start : start + 4] for start in range(0, FINGERPRINT_SYMBOLS, 4))


def same_fingerprint(typed: str, public: bytes) -> bool:
    """Compare a fingerprint typed from paper with a public key.

    Raises:
        RuleError: what was typed cannot be a fingerprint.
    """
    text = _tidy(typed)
    if len(text) != FINGERPRINT_SYMBOLS or not set(text) <= set(ALPHABET):
        raise RuleError("paper.length", wanted=FINGERPRINT_SYMBOLS, typed=len(text))
    return secrets.compare_digest(text, _tidy(fingerprint(public)))


def _tidy(typed: str) -> str:
    """Undo full-width input, lower case, any spaces and dashes, and confused letters."""
    upper = unicodedata.normalize("NFKC", typed).upper()
    kept = (
        symbol for symbol in upper if not symbol.isspace() and unicodedata.category(symbol) != "Pd"
    )
    return "".join(kept).translate(_CONFUSED)


def _check_symbol(data: str, number: int) -> str:
    """Weigh each symbol with its own power in GF(32), and add the group's number.

    Distinct weights find every single wrong symbol and every swap of two; the number finds
    groups typed in another order.
    """
    total, weight = number % len(ALPHABET), 1
    for symbol in data:
        weight = _times(weight, 2)
        total ^= _times(weight, ALPHABET.index(symbol))
    return ALPHABET[total]


def _times(left: int, right: int) -> int:
    """Multiply in GF(32)."""
    product = 0
    for bit in range(BITS_PER_SYMBOL):
        if right >> bit & 1:
            product ^= left << bit
    for bit in range(2 * BITS_PER_SYMBOL - 2, BITS_PER_SYMBOL - 1, -1):
        if product >> bit & 1:
            product ^= _FIELD << (bit - BITS_PER_SYMBOL)
    return product
