"""Phone numbers: tidied and looked at; a strange one warns and never stops a registration."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from desktop_app.domain.errors import Problem

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:0[0-9]{2,3})?[2-9][0-9]{6,7}")


@dataclass(frozen=True, slots=True)
class PhoneCheck:
    """A phone number as stored: mobile, landline, other or none."""

    number: str
    kind: str
    problems: tuple[Problem, ...]


def tidy_phone(text: str) -> str:
    """Write a phone number as digits alone; 86 in front goes, an extension stays after '-'."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    plain = re.sub(r"转|#|ext\.?", "x", plain, flags=re.IGNORECASE)
    main, _, extension = plain.partition("x")
    digits = re.sub(r"[^0-9]", "", main)
    if re.fullmatch(r"(?:00)?86" + _MOBILE.pattern, digits):
        digits = digits[-11:]
    inner = re.sub("[^0-9]", "", extension)
    return f"{digits}-{inner}" if digits and inner else digits + inner


def check_phone(text: str, field: str = "phone") -> PhoneCheck:
    """Check a phone number; digits still missing are counted for the person who is typing."""
    number = tidy_phone(text)
    main = number.partition("-")[0]
    if _MOBILE.fullmatch(number):
        return PhoneCheck(number, "mobile", ())
    if _LANDLINE.fullmatch(main):
        return PhoneCheck(number, "landline", ())
    if not number:
        return PhoneCheck("", "none", (Problem(field, "phone.empty", blocks=False),))
    if re.fullmatch(r"1[3-9][0-9]*", main) and len(main) < 11:
        short = Problem(field, "phone.short", blocks=False, details={"missing": 11 - len(main)})
        return PhoneCheck(number, "other", (short,))
    return PhoneCheck(number, "other", (Problem(field, "phone.shape", blocks=False),))
