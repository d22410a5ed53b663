"""Names 姓名 as they stand in the household register: rare characters, long names, letters.

Almost everything is let through, since the register decides how a child is called. What blocks
would hurt other programs or other readers: control and direction signs, broken characters, signs
that no name holds.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from desktop_app.domain.errors import Problem
from desktop_app.domain.placeholders import is_placeholder

MAX_LENGTH = 50
_USUAL_LENGTH = range(2, 26)
_DOTS = re.compile(r"(?<=\S) *[·•‧∙⋅・･·.．。] *(?=\S)")  # noqa: RUF001
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_FORMULA_STARTS = ("=", "+", "-", "@")
_RADICALS = re.compile("[\u2e80-\u2fdf]")
"""Look-alikes of whole characters that texts copied from documents hold in their place."""
_CODE_POINT = re.compile(r"[Uu][+＋]?([0-9A-Fa-f]{4,6})(?![0-9A-Fa-f])")
_LETTER_SIGNS = set(" '’-.,")
_HANZI = (
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    # Planes 2 and 3 as a whole: Python's tables are older than the newest registers.
    (0x20000, 0x3FFFD),
)
_VARIATION = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))


@dataclass(frozen=True, slots=True)
class NameCheck:
    """A name as typed, as stored, and as compared."""

    original: str
    name: str
    key: str
    problems: tuple[Problem, ...]

    @property
    def blocks(self) -> bool:
        """Whether any finding stops a save."""
        return any(problem.blocks for problem in self.problems)


def tidy_name(text: str) -> str:
    """Write a name as it is stored: trimmed, one kind of dot, spaces only between letters.

    The characters themselves are kept as typed: replacing a rare form by a usual one would be a
    wrong name.
    """
    seen = _trim(_RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text))
    letters = seen if _has_hanzi(seen) else _trim(unicodedata.normalize("NFKC", seen))
    if _has_hanzi(letters):
        return _DOTS.sub("·", letters.translate(_FULL_WIDTH)).replace(" ", "")
    return re.sub(r"[•‧∙⋅・･]", "·", letters)


def by_code_point(text: str) -> str:
    """Write the characters that were typed by code point: 张U+343C is 张㐼.

    Only what is a Chinese character is written; anything else stays as it was typed.
    """
    return _CODE_POINT.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    letter = chr(min(int(found[1], 16), 0x10FFFF))
    return letter if is_hanzi(letter) else found[0]


def _trim(text: str) -> str:
    """Leave out what cannot be seen and make every gap one space."""
    return " ".join(text.translate(_INVISIBLE).split())


def name_key(text: str) -> str:
    """Give the form by which names are compared: NFKC, no dots, spaces, signs or case."""
    folded = unicodedata.normalize("NFKC", tidy_name(text)).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or is_hanzi(letter))


def check_name(text: str, field: str = "full_name") -> NameCheck:
    """Check a name of a child or guardian."""
    name = tidy_name(text)
    return NameCheck(text, name, name_key(name), tuple(_problems(name, field)))


def _problems(name: str, field: str) -> list[Problem]:
    """List what is wrong with a tidied name."""
    if not name:
        return [Problem(field, "name.empty", blocks=True)]
    if name.startswith(_FORMULA_STARTS):
        return [Problem(field, "name.formula", blocks=True)]
    if any(_is_dangerous(letter) for letter in name):
        return [Problem(field, "name.control", blocks=True)]
    if len(name) > MAX_LENGTH:
        return [Problem(field, "name.too_long", blocks=True, details={"limit": MAX_LENGTH})]
    if any(_is_foreign_sign(letter) for letter in name):
        return [Problem(field, "name.characters", blocks=True)]
    warnings = [
        ("name.private_use", any(unicodedata.category(letter) == "Co" for letter in name)),
        ("name.mixed", _has_hanzi(name) and any(_is_letter(letter) for letter in name)),
        ("name.length", len(name) not in _USUAL_LENGTH),
        ("name.test_word", is_placeholder(name)),
        ("name.dots", "··" in name or name[0] == "·" or name[-1] == "·"),
    ]
    return [Problem(field, code, blocks=False) for code, is_so in warnings if is_so]


def _within(letter: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    """Say whether a character lies in one of the ranges."""
    return any(low <= ord(letter) <= high for low, high in ranges)


def is_hanzi(letter: str) -> bool:
    """Say whether a character is a Chinese character, the newest extensions included."""
    return _within(letter, _HANZI)


def _has_hanzi(name: str) -> bool:
    return any(is_hanzi(letter) or unicodedata.category(letter) == "Co" for letter in name)


def _is_letter(letter: str) -> bool:
    """Say whether a character belongs to a name in Latin letters, accents included."""
    return unicodedata.category(letter) in {"Mn", "Mc"} or (
        letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN")
    )


def _is_dangerous(letter: str) -> bool:
    """Say whether a character is a control, direction sign, surrogate or no character at all."""
    if is_hanzi(letter) or _within(letter, _VARIATION):
        return False
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


def _is_foreign_sign(letter: str) -> bool:
    """Say whether a harmless character has no business in a name (digits, brackets, emoji)."""
    if is_hanzi(letter) or _is_letter(letter) or _within(letter, _VARIATION):
        return False
    return not (letter in _LETTER_SIGNS or letter == "·" or unicodedata.category(letter) == "Co")
