"""How numbers are typed and shown: bare in value, grouped on the screen only.

Full-width digits, a final X of any case or look, and spaces from a paste are accepted whatever the
input method is doing; anything else never gets in.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# What a hand or an input method produces where an X is meant; ``*`` is the number pad's.
_CHECK_LETTERS = frozenset("Xx×ХхΧχ*")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Which characters a number holds, how many, and how they are grouped on the screen."""

    length: int
    groups: tuple[int, ...] = ()
    separator: str = " "
    final_x: bool = False
    letters: bool = False
    groups_if: str = ""

    def bare(self, text: str) -> str:
        """Keep the characters that belong to the number, in their plain form."""
        kept: list[str] = []
        for raw in text:
            sign = self._plain(raw, len(kept))
            if sign:
                kept.append(sign)
        return "".join(kept)

    def _plain(self, raw: str, place: int) -> str:
        """Give the plain form of one character at a place, or nothing."""
        if self.final_x and raw in _CHECK_LETTERS and place == self.length - 1:
            return "X"
        sign = unicodedata.normalize("NFKC", raw)
        if self.final_x and sign in {"X", "x"} and place == self.length - 1:
            return "X"
        if len(sign) != 1 or not sign.isascii():
            return ""
        if sign.isdigit() or (self.letters and sign.isalnum()):
            return sign.upper()
        return ""

    def shown(self, bare: str) -> str:
        """Group a bare number for the eye."""
        if not self.groups or not bare.startswith(self.groups_if):
            return bare
        parts: list[str] = []
        start = 0
        for size in (*self.groups, len(bare)):
            if start < len(bare):
                parts.append(bare[start : start + size])
            start += size
        return self.separator.join(parts)

    def caret(self, bare: str, count: int) -> int:
        """Tell where on the screen the caret stands after ``count`` characters of a number."""
        shown = self.shown(bare)
        seen = 0
        for place, sign in enumerate(shown):
            if seen == count:
                return place
            seen += sign != self.separator
        return len(shown)


RESIDENT_ID = NumberFormat(18, (6, 8, 4), final_x=True)
"""A resident identity number 公民身份号码 (GB 11643), shown 6-8-4."""
PHONE = NumberFormat(12, (3, 4, 4), groups_if="1")
"""A phone number; a mobile is shown 3-4-4, a landline as it was typed."""
DOCUMENT = NumberFormat(20, letters=True)
"""Any other document number: letters and digits."""
SCHOOL_CODE = NumberFormat(10)
"""A school identification code 学校标识码 of ten digits."""


RECOVERY_CODE = NumberFormat(35, (5, 5, 5, 5, 5, 5, 5), separator="-", letters=True)
"""A printed recovery code 恢复码: seven groups of five."""
TICKET_CODE = NumberFormat(15, (5, 5, 5), separator="-", letters=True)
"""A ticket's code 票码 as printed: three groups of five."""
FINGERPRINT = NumberFormat(16, (4, 4, 4, 4), separator="-", letters=True)
"""A key's fingerprint 指纹 as printed and as it is read out: four groups of four."""
