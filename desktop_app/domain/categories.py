"""Categories of applicants 报名类别: what a policy says of one, and which one a family belongs to.

The categories themselves are policy data (domain reference §5.2). What stands here in code is the
question a triage desk asks; special groups are never asked for at a public desk.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.materials import AllOf, Checklist

KINDS = ("ordinary", "priority", "guarantee", "modifier", "lottery")
"""Ordinary ones are ranked by tier; guarantees are placed first; modifiers join another one."""

ZONES = ("hukou_village", "current_address", "sibling_school", "district_places", "none")
"""What decides the school: where the household is registered, where the child lives, …"""

HERE, ELSEWHERE = HUKOU = ("here", "elsewhere")
"""Where the household of a category is registered, seen from the district."""


@dataclass(frozen=True, slots=True)
class Category:
    """One category of a policy package."""

    code: str
    label: str
    kind: str
    tier: int
    zone_by: str
    required: AllOf
    optional: tuple[str, ...]
    stages: tuple[str, ...]
    basis: str
    needs_basis_document: bool = False
    """Whether each case must name the document that grants it (notice task 1, item T1-6)."""
    aliases: tuple[str, ...] = ()
    """What people call it: a desk finds it by them, a workbook may hold them; none is printed."""
    desk_label: str = ""
    """What tells it from others at a public desk, where its label may not be shown."""
    hukou: str = ""
    """Of ``HUKOU``, where a household registered in the district, or outside of it, is part of its
    very definition; empty where it may be either."""

    def checklist(self) -> Checklist:
        """Start a checklist for a family of this category."""
        return Checklist(self.required, self.optional)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a triage desk 分诊 sees of a family, in their own papers' words."""

    hukou: str
    """zone (本片区), district (本区他片), elsewhere, collective, none, hmt or foreign."""
    home: str = "none"
    """own, grandparents, bought (no certificate yet), resettled, rented or none."""
    work: str = "none"
    """employed, business or none; asked of migrant families alone."""
    is_rural: bool = False
    has_returned: bool = False
    is_twin: bool = False
    has_sibling_here: bool = False
    wants_private: bool = False


_BY_HOME = {
    "own": "A2",
    "grandparents": "A3",
    "bought": "A7",
    "resettled": "A6",
    "rented": "A4",
    "none": "A4",
}
_BY_HUKOU = {"hmt": "E1", "foreign": "E2", "none": "D3", "collective": "A5"}


def suggest_categories(situation: Situation) -> tuple[str, ...]:
    """Suggest category codes for a family, the fitting one first; a person decides."""
    return (*_main_categories(situation), *_modifiers(situation))


def _main_categories(situation: Situation) -> tuple[str, ...]:
    """Choose by register first, then by home, as Henan plans do (domain reference §5.1)."""
    if situation.hukou in _BY_HUKOU:
        return (_BY_HUKOU[situation.hukou],)
    if situation.hukou == "elsewhere":
        return _migrant_categories(situation)
    returned = ("B4",) if situation.has_returned else ()
    if situation.hukou == "zone" and situation.is_rural:
        return (*returned, "A1")
    return (*returned, _BY_HOME.get(situation.home, "A4"))


def _migrant_categories(situation: Situation) -> tuple[str, ...]:
    """Choose for a family registered elsewhere; B1 stands open to every one of them."""
    if situation.home in {"own", "bought"}:
        return ("B3", "B1")
    return ("B2", "B1") if situation.work == "business" else ("B1",)


def _modifiers(situation: Situation) -> tuple[str, ...]:
    asked = (
        ("F1", situation.has_sibling_here),
        ("F2", situation.is_twin),
        ("P1", situation.wants_private),
    )
    return tuple(code for code, is_so in asked if is_so)
