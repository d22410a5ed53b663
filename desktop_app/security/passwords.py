"""What counts as a password, and how what was typed becomes bytes."""

from __future__ import annotations

import itertools
import unicodedata

from desktop_app.domain.errors import RuleError

Password = str | bytearray
"""A ``bytearray`` (UTF-8) stays the caller's to wipe; our own copies are wiped here."""

LEAST = 8
LEAST_DIGITS = 10
LEAST_DIFFERENT = 4
LONGEST = 128
_COMMON = (
    "password",
    "admin",
    "qwerty",
    "qwertyui",
    "asdfgh",
    "zxcvbn",
    "1q2w3e4r",
    "abcd",
    "iloveyou",
)


def password_bytes(password: Password) -> bytearray:
    """Give the bytes that are stretched: full-width input counts as its plain form (NFKC).

    Raises:
        RuleError: ``vault.weak_password`` when it is too long or no text.
    """
    if isinstance(password, bytearray) and password.isascii():
        return bytearray(password)
    try:
        text = password if isinstance(password, str) else password.decode()
        plain = bytearray(unicodedata.normalize("NFKC", text).encode())
    except UnicodeError as error:
        raise RuleError("vault.weak_password", reason="text", least=LEAST) from error
    return plain


def require_strong(password: Password, name: str) -> None:
    """Refuse a password that a neighbour would try first.

    At least 8 characters, or 10 if they are digits alone; four different ones; no straight run
    such as 12345678; not the person's name, not a word from everybody's list.

    Raises:
        RuleError: ``vault.weak_password``; the reason is one of short, long, digits, simple, name.
    """
    plain = password_bytes(password)
    text = plain.decode(errors="replace")
    plain[:] = bytes(len(plain))
    reason = _weakness(text, name)
    if reason:
        least = LEAST_DIGITS if reason == "digits" else LEAST
        raise RuleError("vault.weak_password", reason=reason, least=least)


def _weakness(text: str, name: str) -> str:
    """Name what is wrong with a password, or nothing."""
    lower = text.casefold()
    if len(text) < LEAST:
        return "short"
    if len(text) > LONGEST:
        return "long"
    if len(set(text)) < LEAST_DIFFERENT or _is_run(text) or _is_common(lower):
        return "simple"
    if name.casefold() == lower:
        return "name"
    if text.isdigit() and len(text) < LEAST_DIGITS:
        return "digits"
    return ""


def _is_run(text: str) -> bool:
    """Tell 12345678 and hgfedcba: every step the same."""
    steps = {ord(right) - ord(left) for left, right in itertools.pairwise(text)}
    return steps in ({1}, {-1}, {0})


def _is_common(lower: str) -> bool:
    """Tell a word of everybody's list, with or without digits behind it."""
    return lower.rstrip("0123456789!@#.") in _COMMON
