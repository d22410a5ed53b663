"""Rows broken, or merely odd, in the ways that villages' workbooks are.

Every broken row carries the code of the reason that must stand beside it on the repair list. Odd
ones carry none: they must be taken in as they are.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop_app.commands.families_cells import Cell
from desktop_app.commands.families_papers import with_check_digit
from desktop_app.commands.families_values import LOOK_ALIKES, TWIN, UNDER_AGE, Family

BROKEN_SHARE = 0.04
ODD_SHARE = 0.03
_SPOILED = frozenset({TWIN, UNDER_AGE, *LOOK_ALIKES})
_NEVER = "20180230"
_WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789X"}


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A family whose row is written with one cell otherwise than it should be."""

    family: Family
    kind: str
    field: str
    cell: Cell
    code: str | None
    """The reason on the repair list; none where the row must be accepted all the same."""


Make = Callable[[Family], Cell]
Kind = tuple[str, str, str | None, Make]


def _rounded(family: Family) -> Cell:
    """Write what remains of a number after Excel kept fifteen digits of it."""
    return Cell(family.id_number[:15] + "000")


def _as_number(family: Family) -> Cell:
    """Write the number as a number cell; X would have kept it text."""
    return Cell(family.id_number[:17] + "0", "number")


def _wrong_check_digit(family: Family) -> Cell:
    right = family.id_number[17]
    return Cell(family.id_number[:17] + ("1" if right != "1" else "2"))


def _impossible_day(family: Family) -> Cell:
    return Cell(with_check_digit(f"{family.id_number[:6]}{_NEVER}{family.id_number[14:17]}"))


def _fifteen_digits(family: Family) -> Cell:
    return Cell(family.id_number[:6] + family.id_number[8:17])


def _short_year(family: Family) -> Cell:
    year, month, day = family.birth_date.split("-")
    return Cell(f"{year[2:]}.{int(month)}.{int(day)}")


def _without_value(family: Family) -> Cell:
    return Cell("", "formula", f'CONCATENATE("{family.full_name[:1]}","{family.full_name[1:]}")')


def _empty(_family: Family) -> Cell:
    return Cell("")


_BROKEN: tuple[Kind, ...] = (
    ("rounded", "id_number", "cell.excel_damaged", _rounded),
    ("scientific number", "id_number", "cell.excel_number", lambda _: Cell("4.1E+17", "number")),
    ("scientific text", "id_number", "cell.excel_damaged", lambda _: Cell("4.1E+17")),
    ("number cell", "id_number", "cell.excel_number", _as_number),
    ("check digit", "id_number", "identity.checksum", _wrong_check_digit),
    ("fifteen digits", "id_number", "identity.fifteen_digits", _fifteen_digits),
    ("impossible day in number", "id_number", "identity.date", _impossible_day),
    ("impossible day", "birth_date", "cell.date_unreal", lambda _: Cell(_NEVER)),
    ("short year", "birth_date", "cell.date_two_digit_year", _short_year),
    ("no name", "full_name", "cell.missing", _empty),
    ("formula without value", "full_name", "cell.formula_empty", _without_value),
    ("no guardian", "guardian_name", "cell.missing", _empty),
    ("unknown category", "category", "form.not_in_list", lambda _: Cell("本地户口")),
    ("error value", "guardian_phone", "cell.error_value", lambda _: Cell("#N/A", "error")),
)
_ODD: tuple[Kind, ...] = (
    ("full-width digits", "id_number", None, lambda one: Cell(one.id_number.translate(_WIDE))),
    (
        "number with spaces",
        "id_number",
        None,
        lambda one: Cell(f" {one.id_number[:6]} {one.id_number[6:14]} {one.id_number[14:]} "),
    ),
    ("small x", "id_number", None, lambda one: Cell(one.id_number.lower())),
    ("phone as number", "guardian_phone", None, lambda one: Cell(one.guardian_phone, "number")),
    (
        "formula with value",
        "guardian_name",
        None,
        lambda one: Cell(one.guardian_name, "formula", f'TRIM("{one.guardian_name} ")'),
    ),
    ("name with a space", "full_name", None, lambda one: Cell(" ".join(one.full_name))),
    ("full-width date", "birth_date", None, lambda one: Cell(one.birth_date.translate(_WIDE))),
)
KINDS = tuple(kind[0] for kind in _BROKEN)
ODD_KINDS = tuple(kind[0] for kind in _ODD)


def plant_broken_rows(families: Sequence[Family], seed: int) -> tuple[BrokenRow, ...]:
    """Choose about four rows of a hundred to be broken, and three to be odd.

    Twins and look-alikes are left alone, since their rows are there for another reason. From three
    hundred families on, every kind occurs.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up people, no secret
    plain = [one for one in families if _is_plain(one)]
    chance.shuffle(plain)
    planted: list[BrokenRow] = []
    for kinds, share in ((_BROKEN, BROKEN_SHARE), (_ODD, ODD_SHARE)):
        count = min(len(plain), _how_many(len(families), len(kinds), share))
        first = chance.randrange(len(kinds))
        for number in range(count):
            kind, field, code, make = kinds[(first + number) % len(kinds)]
            family = plain.pop()
            planted.append(BrokenRow(family, kind, field, make(family), code))
    return tuple(planted)


def _how_many(families: int, kinds: int, share: float) -> int:
    count = round(families * share)
    return max(count, kinds) if families >= 300 else count


def _is_plain(family: Family) -> bool:
    """Say whether a row would be taken in if it were left alone, and every kind fits it."""
    is_usual = unicodedata.normalize("NFKC", family.full_name) == family.full_name
    return bool(
        family.id_type == "1"
        and family.guardian_phone
        and is_usual
        and "·" not in family.full_name
        and not family.traits & _SPOILED
    )
