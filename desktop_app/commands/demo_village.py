"""The village of the demo: its families, the workbook it sends, and what must come of each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_app.commands.answer import Json, Line
from desktop_app.commands.families import (
    BrokenRow,
    Family,
    VillageSheet,
    make_families,
    plant_broken_rows,
    write_village_workbook,
)
from desktop_app.commands.families_values import UNDER_AGE
from desktop_app.policy.package import Policy
from desktop_app.services.intake import Repair, header_of

_LEFT_OPEN = 4
"""Of so many planted rows, one is left on the list for the next day."""


@dataclass(frozen=True, slots=True)
class Village:
    """A workbook with its families and what was planted in it."""

    path: Path
    families: tuple[Family, ...]
    planted: tuple[BrokenRow, ...]
    sheet: VillageSheet

    def mended_forms(self) -> list[Mapping[str, str]]:
        """Give the right forms of most refused rows, as the registrar learns them by telephone."""
        broken = [row.family for row in self.planted if row.code is not None]
        taken = {id(family) for family in self.sheet.registered}
        spoiled = {id(family) for family in broken}
        twice = [
            family
            for family in self.families
            if id(family) not in taken | spoiled and UNDER_AGE not in family.traits
        ]
        kept = [one for at, one in enumerate(broken, start=1) if at % _LEFT_OPEN]
        return [family.form() for family in (*kept, *twice)]


def make_village(path: Path, count: int, seed: int, policy: Policy, school: str) -> Village:
    """Make families, plant broken rows among them, and write the workbook."""
    families = make_families(count, seed, policy, school=school)
    planted = plant_broken_rows(families, seed)
    sheet = write_village_workbook(path, families, planted, policy)
    return Village(path, families, planted, sheet)


def proof_of(village: Village, repairs: Iterable[Repair]) -> dict[str, Json]:
    """Prove that each planted row stands on the repair list with its reason, and no other row."""
    listed = {(one.row, one.column, one.code) for one in repairs}
    rows: list[Line] = [
        {
            "row": one.row,
            "column": header_of(one.field),
            "code": one.code,
            "listed": (one.row, header_of(one.field), one.code) in listed,
        }
        for one in village.sheet.expected
    ]
    others = sorted({row for row, _, _ in listed} - {one.row for one in village.sheet.expected})
    proved = all(row["listed"] for row in rows) and not others
    return {"rows": rows, "unexpected_rows": others, "proved": proved}
