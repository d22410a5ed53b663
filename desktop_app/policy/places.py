"""Read the files about townships, villages, schools and their catchment."""

from __future__ import annotations

import re
from collections.abc import Mapping

from desktop_app.domain.catchment import KINDS, CatchmentRule
from desktop_app.domain.codes_case import SCHOOL_KIND
from desktop_app.policy.entries import School, Township, Village
from desktop_app.policy.reading import Entry
from desktop_app.policy.rules import STAGES

_REGION = "[0-9]{12}"
_FEEDER = "feeder"
_KIND_OF_STAGE = {"P1": "21", "J1": "31"}


def read_townships(file: Entry, district: str) -> dict[str, Township]:
    """Read the townships of places.toml; their codes lie in the district."""
    found: dict[str, Township] = {}
    for entry in file.tables("township", "code"):
        township = Township(
            entry.pattern("code", re.escape(district) + "[0-9]{3}000"),
            entry.text("label", limit=20),
        )
        entry.basis()
        entry.done()
        if township.code in found:
            entry.fault("policy.twice", township.code)
        found[township.code] = township
    return found


def read_villages(file: Entry, townships: Mapping[str, Township]) -> dict[str, Village]:
    """Read the villages and communities of places.toml; each lies in a declared township."""
    found: dict[str, Village] = {}
    for entry in file.tables("village", "code"):
        code = entry.pattern("code", _REGION)
        if f"{code[:9]}000" not in townships:
            entry.fault("policy.unknown_township", code)
        if code in found:
            entry.fault("policy.twice", code)
        found[code] = Village(
            code=code,
            label=entry.text("label", limit=20),
            township=f"{code[:9]}000",
            groups=entry.number("groups", 0, 60, default=0),
            estates=entry.texts("estates", default=()),
            is_invented=entry.flag("invented", default=False),
        )
        entry.basis()
        entry.done()
    return found


def read_schools(file: Entry, townships: Mapping[str, Township]) -> dict[str, School]:
    """Read schools.toml; a code's first digits are the kind that its stage needs."""
    found: dict[str, School] = {}
    for code, entry in file.named():
        stage = entry.code("stage", STAGES)
        kind = _KIND_OF_STAGE.get(stage, "")
        if len(code) != 10 or not code.isdigit() or code[:2] not in SCHOOL_KIND:
            entry.fault("policy.wrong_shape", code)
        elif kind and code[:2] != kind:
            entry.fault("policy.school_kind", code)
        found[code] = School(
            code=code,
            label=entry.text("label", limit=40),
            mark=entry.pattern("mark", "[A-Z]{3}"),
            stage=stage,
            township=entry.code("township", townships),
            is_public=entry.flag("public"),
            classes=entry.number("classes", 0, 40),
            class_size=entry.number("class_size", 1, 55),
            address=entry.text("address", limit=80),
            phone=entry.text("phone", limit=30),
            is_example=entry.flag("example", default=False),
            basis=entry.basis(),
        )
        entry.done()
    marks = [school.mark for school in found.values()]
    for mark in sorted({mark for mark in marks if marks.count(mark) > 1}):
        file.fault("policy.twice", mark)
    return found


def read_catchment(
    file: Entry, villages: Mapping[str, Village], schools: Mapping[str, School]
) -> tuple[CatchmentRule, ...]:
    """Read catchment.toml; one line may give several whole villages to a school."""
    found: list[CatchmentRule] = []
    for entry in file.tables("rule", "row"):
        entry.pattern("row", "[0-9A-Z-]{1,12}")
        stage = entry.code("stage", STAGES)
        school = entry.code("school", schools)
        if school in schools and schools[school].stage != stage:
            entry.fault("policy.school_kind", school)
        kind = entry.code("kind", KINDS)
        primaries = _primaries(entry, kind, schools)
        here = entry.codes("villages", villages, default=() if primaries else None)
        groups, estates = entry.numbers("groups"), entry.texts("estates", default=())
        if len(here) > 1 and (groups or estates):
            entry.fault("policy.groups_of_several_villages")
        _check_parts(entry, [villages[code] for code in here if code in villages], groups, estates)
        basis = entry.basis()
        found += [
            CatchmentRule(village, school, stage, kind, basis, groups, estates) for village in here
        ]
        found += [
            CatchmentRule("", school, stage, kind, basis, primary=primary) for primary in primaries
        ]
        entry.done()
    return tuple(found)


def _primaries(entry: Entry, kind: str, schools: Mapping[str, School]) -> tuple[str, ...]:
    """Read the primary schools of a feeder rule 对口; other rules name none."""
    if kind != _FEEDER:
        return ()
    listed = [code for code, school in schools.items() if school.stage == "P1"]
    return entry.codes("primaries", listed, default=())


def _check_parts(
    entry: Entry, here: list[Village], groups: tuple[int, ...], estates: tuple[str, ...]
) -> None:
    """Note groups and estates that their village does not have."""
    for village in here:
        for group in groups:
            if group > village.groups:
                entry.fault("policy.unknown_group", f"{village.code} {group}")
        for estate in estates:
            if estate not in village.estates:
                entry.fault("policy.unknown_estate", f"{village.code} {estate}")
