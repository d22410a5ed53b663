"""Identity documents 身份证件: tidy what was typed, check it, derive what it holds.

Rules of GB 11643-1999 and ISO 7064 MOD 11-2, after domain reference §3. Only length, check digit
and an impossible date block; regions and disagreements warn, since no child is refused for a
table's or somebody else's mistake. The expected check digit is never told: it would turn a guess
into a valid number.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from desktop_app.domain.dates import parse_iso
from desktop_app.domain.errors import Problem
from desktop_app.domain.regions import is_known_region, region_name

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_ROLL_NUMBER = re.compile(r"[GLJ][0-9]{17}[0-9X]")
_HMT_NUMBER = re.compile(r"8[123]0000[0-9]{11}[0-9X]")
_FOREIGN_NUMBER = re.compile(r"9[0-9]{16}[0-9X]")
_FOREIGN_OLD_NUMBER = re.compile(r"[A-Z]{3}[0-9]{12}")
_PASS = re.compile(r"[0-9A-Z()]{5,20}")
_TYPED_LIKE = str.maketrans("OIL", "011")
_CROSSES = str.maketrans(dict.fromkeys("ХхΧχ×✕✖⨯Ⅹ", "X"))  # noqa: RUF001
_PASS_SHAPES = {
    "6": re.compile(r"H[0-9]{8,10}|[A-Z]{1,2}[0-9]{6}\(?[0-9A]\)?|[HK][A-Z]?[0-9]{7,8}"),
    "7": re.compile(r"M[0-9]{8,10}|[157][0-9]{6}\(?[0-9]\)?|M[AB]?[0-9]{7,8}"),
    "8": re.compile(r"[0-9]{8}(?:[0-9]{2})?|[0-9]{8}\([0-9A-Z]{1,2}\)"),
}
_HMT_EXPORT = {"810000": "6", "820000": "7", "830000": "8"}


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """What a document number says, and what is wrong with it."""

    id_type: str
    number: str
    sex: str | None = None
    birth: str | None = None
    region: str | None = None
    region_name: str | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether any finding stops a save."""
        return any(problem.blocks for problem in self.problems)

    @property
    def status(self) -> str:
        """The code of 证件情况; a child without a number is registered and gets a task."""
        if self.id_type == "1":
            return "id_ok"
        if self.id_type == "Z":
            return "id_pending_hukou"
        return "foreign" if self.id_type in {"9", "A", "F"} else "hmt"


def make_check_digit(first17: str) -> str:
    """Compute the MOD 11-2 check digit of the first 17 digits.

    Raises:
        ValueError: not exactly 17 digits.
    """
    if re.fullmatch(r"[0-9]{17}", first17) is None:
        raise ValueError("first17")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECK_DIGITS[total % 11]


def has_valid_checksum(number: str) -> bool:
    """Say whether 18 characters have the shape and the check digit of an identity number."""
    return _NUMBER.fullmatch(number) is not None and number[17] == make_check_digit(number[:17])


def tidy_number(text: str) -> str:
    """Write a typed number as it is stored: half-width, upper case, no spaces, a Latin X.

    O, l and I become digits only in 18 characters that are an identity number otherwise; a
    passport keeps its letters.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_CROSSES))
    plain = "".join(
        letter for letter in plain if not letter.isspace() and unicodedata.category(letter) != "Cf"
    )
    plain = plain.upper().translate(_CROSSES)
    bare = re.sub(r"[-‐-―]", "", plain)  # noqa: RUF001
    if re.fullmatch(r"[0-9OIL]{17}[0-9OILX]", bare) and sum(map(str.isdigit, bare)) >= 12:
        return bare.translate(_TYPED_LIKE)
    return bare if bare.isdigit() or _NUMBER.fullmatch(bare) else plain


def looks_excel_damaged(text: str) -> bool:
    """Say whether a workbook has ruined an identity number: 4.1E+17, or …000 after 15 digits."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if re.fullmatch(r"[0-9](\.[0-9]+)?E\+?1[4-9]", plain):
        return True
    if re.fullmatch(r"[0-9]{15,19}\.0*", plain):
        return True
    return re.fullmatch(r"[0-9]{15}000", plain) is not None and not has_valid_checksum(plain)


def check_identity(
    id_type: str,
    number: str,
    *,
    sex: str | None = None,
    birth: str | None = None,
    field: str = "id_number",
) -> IdentityCheck:
    """Check a document number of a type against itself and against what else was typed.

    Args:
        id_type: a value of the code list ``id_type``.
        number: as typed; it is tidied first.
        sex: 1 or 2 as typed, if typed.
        birth: ISO date as typed, if typed.
        field: the form field that the findings stand beside.
    """
    tidy = tidy_number(number)
    if id_type == "Z":
        found = _Z_WITH_NUMBER if tidy else _Z_EMPTY
        return IdentityCheck("Z", tidy, problems=(Problem(field, found, blocks=False),))
    if not tidy:
        missing = Problem(field, "identity.empty", blocks=True)
        return IdentityCheck(id_type, tidy, problems=(missing,))
    if id_type in {"1", "H"} or (id_type == "F" and not _FOREIGN_OLD_NUMBER.fullmatch(tidy)):
        return _check_numbered(id_type, tidy, sex, birth, field)
    return IdentityCheck(id_type, tidy, problems=_pass_problems(id_type, tidy, field))


_Z_EMPTY = "identity.no_number"
_Z_WITH_NUMBER = "identity.number_without_type"


def _check_numbered(
    id_type: str, number: str, sex: str | None, birth: str | None, field: str
) -> IdentityCheck:
    """Check the documents whose number is built by GB 11643."""
    code = _shape_fault(id_type, number)
    if code is not None:
        return IdentityCheck(id_type, number, problems=(Problem(field, code, blocks=True),))
    born = _birth_of(number)
    if born is None:
        fault = Problem(field, "identity.date", blocks=True)
        return IdentityCheck(id_type, number, problems=(fault,))
    # Of the foreigners' card only the birth date block is published; its sequence is not read.
    read_sex = None if number[0] == "9" else ("1" if int(number[16]) % 2 else "2")
    region = None if number[0] == "9" else number[:6]
    warnings = [
        ("identity.region", region is not None and not is_known_region(region)),
        ("identity.is_hmt", id_type == "1" and _HMT_NUMBER.fullmatch(number) is not None),
        ("identity.is_foreign", id_type == "1" and number[0] == "9"),
        ("identity.sex_differs", None not in {sex, read_sex} and sex != read_sex),
        ("identity.birth_differs", birth is not None and birth != born.isoformat()),
        ("identity.maybe_rounded", number.endswith("000")),
    ]
    return IdentityCheck(
        id_type,
        number,
        sex=read_sex,
        birth=born.isoformat(),
        region=region,
        region_name=region_name(region) if region else None,
        problems=tuple(Problem(field, code, blocks=False) for code, is_so in warnings if is_so),
    )


def _shape_fault(id_type: str, number: str) -> str | None:
    """Name what is wrong with the characters of a number, the most helpful word first."""
    if looks_excel_damaged(number):
        return "identity.excel_damaged"
    if re.fullmatch(r"[0-9]{15}", number):
        return "identity.fifteen_digits"
    if len(number) != 18:
        return "identity.length"
    if _NUMBER.fullmatch(number) is None:
        return "identity.characters"
    if id_type == "H" and _HMT_NUMBER.fullmatch(number) is None:
        return "identity.not_hmt"
    if id_type == "F" and _FOREIGN_NUMBER.fullmatch(number) is None:
        return "identity.not_foreign"
    return None if has_valid_checksum(number) else "identity.checksum"


def _birth_of(number: str) -> dt.date | None:
    """Read the date block, 1900 to 2099; a later year is a slip of the finger."""
    born = parse_iso(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    return born if born is not None and 1900 <= born.year <= 2099 else None


def _pass_problems(id_type: str, number: str, field: str) -> tuple[Problem, ...]:
    """Check passports and travel permits, whose patterns are known too loosely to block."""
    if _PASS.fullmatch(number) is None and not _FOREIGN_OLD_NUMBER.fullmatch(number):
        return (Problem(field, "identity.pass_characters", blocks=True),)
    shape = _PASS_SHAPES.get(id_type)
    if shape is not None and shape.fullmatch(number) is None:
        return (Problem(field, "identity.pass_shape", blocks=False),)
    return ()


def check_birth_certificate(number: str, birth: str | None, field: str) -> tuple[Problem, ...]:
    """Check a birth certificate 出生医学证明 number; it only ever warns.

    One letter and nine digits; the letter runs with the year of issue, A for 2000.
    """
    tidy = tidy_number(number)
    if re.fullmatch(r"[A-Z][0-9]{9}", tidy) is None:
        return (Problem(field, "birth_certificate.shape", blocks=False),)
    year = 2000 + ord(tidy[0]) - ord("A")
    if birth is not None and not -1 <= year - int(birth[:4]) <= 1:
        return (Problem(field, "birth_certificate.year", blocks=False),)
    return ()


def check_disability_card(number: str, id_number: str, field: str) -> tuple[Problem, ...]:
    """Check a disability card 残疾人证 number: the child's 18 characters, category, grade, B+n."""
    tidy = tidy_number(number)
    if re.fullmatch(r"[0-9]{17}[0-9X][1-7][1-4](?:B[0-9]{1,2})?", tidy) is None:
        return (Problem(field, "disability_card.shape", blocks=False),)
    if id_number and tidy[:18] != id_number:
        return (Problem(field, "disability_card.other_person", blocks=False),)
    return ()


def is_roll_number(text: str) -> bool:
    """Say whether a text has the shape of a national roll number 全国学籍号 (G, L or J and 18)."""
    return _ROLL_NUMBER.fullmatch(text) is not None


def export_id_type(id_type: str, number: str, *, hmt_as_resident: bool) -> str:
    """Give the value that the roll form knows for a document type.

    The roll has no value for residence permits and the new foreigners' card; the district says
    whether a permit counts as 1 (resident) or as 6, 7, 8 by where its holder is from.
    """
    if id_type == "F":
        return "9"
    if id_type == "H":
        return "1" if hmt_as_resident else _HMT_EXPORT.get(number[:6], "Z")
    return id_type
