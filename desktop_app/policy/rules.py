"""Read the files about categories, papers, reasons and dates."""

from __future__ import annotations

from collections.abc import Collection

from desktop_app.domain.categories import HUKOU, KINDS, ZONES, Category
from desktop_app.domain.codes_case import STAGE
from desktop_app.domain.dates import parse_iso
from desktop_app.domain.materials import AllOf, AnyOf, Paper, Requirement
from desktop_app.policy.entries import (
    Correction,
    Material,
    RankingKey,
    Reason,
    Retention,
    Window,
)
from desktop_app.policy.reading import Entry

CODE_SHAPE = "[A-Z][A-Z0-9_]{0,15}"
STAGES = STAGE.values
RANKING_FIELDS = frozenset(
    {"tier", "hukou_moved_in_on", "parent_moved_in_on", "property_dated", "seeded_random"}
)
MATERIAL_FIELDS = frozenset(
    {
        "number",
        "valid_to",
        "issued_on",
        "holder",
        "household_number",
        "registered_on",
        "moved_in_on",
        "category",
        "grade",
        "document_number",
    }
)
"""What may be noted of a paper; there is no field for an employer, a post or an income."""
_MOST_NESTED = 4


def read_categories(
    file: Entry, materials: Collection[str], beside: Collection[str] = ()
) -> dict[str, Category]:
    """Read categories.toml; every material must be declared. Some keys there are no category."""
    found: dict[str, Category] = {}
    for code, entry in file.named(beside):
        required = AllOf(read_requirements(entry, "require", materials))
        found[code] = Category(
            code=code,
            label=entry.text("label", limit=40),
            kind=entry.code("kind", KINDS),
            tier=entry.number("tier", 0, 9),
            zone_by=entry.code("zone_by", ZONES),
            required=required,
            optional=entry.codes("optional", materials, default=()),
            stages=entry.codes("stages", STAGES),
            basis=entry.basis(),
            needs_basis_document=entry.flag("needs_basis_document", default=False),
            aliases=entry.texts("aliases", default=()),
            desk_label=entry.text("desk_label", default="", limit=40),
            hukou=entry.code("hukou", HUKOU, default=""),
        )
        entry.text("note", default="")
        earlier = [one for name, kind in found.items() if name != code for one in kind.aliases]
        for alias in found[code].aliases:
            if alias in earlier:  # a workbook's word would mean two categories
                entry.fault("policy.twice", alias)
        entry.done()
    return found


def read_requirements(
    entry: Entry, key: str, materials: Collection[str]
) -> tuple[Requirement, ...]:
    """Read the requirements of an entry; every material must be declared."""
    return _requirements(entry, entry.raw(key), materials, 0)


def _requirements(
    entry: Entry, value: object, materials: Collection[str], depth: int
) -> tuple[Requirement, ...]:
    """Read a list of requirements, at most four deep."""
    if not isinstance(value, list) or not value or depth > _MOST_NESTED:
        if value is not None:
            entry.fault("policy.wrong_type", "require")
        return ()
    read = [_requirement(entry, part, materials, depth) for part in value]
    return tuple(part for part in read if part is not None)


def _requirement(
    entry: Entry, value: object, materials: Collection[str], depth: int
) -> Requirement | None:
    """Read a material's code, or a table with the one key any_of or all_of."""
    if isinstance(value, str):
        if value not in materials:
            entry.fault("policy.unknown_material", value)
            return None
        return Paper(value)
    if isinstance(value, dict) and len(value) == 1:
        (key, parts), *_ = value.items()
        if key in {"any_of", "all_of"}:
            read = _requirements(entry, parts, materials, depth + 1)
            if not read:
                return None
            return AnyOf(read) if key == "any_of" else AllOf(read)
    entry.fault("policy.wrong_type", "require")
    return None


def read_materials(file: Entry, reasons: Collection[str]) -> dict[str, Material]:
    """Read materials.toml; every reason must be declared."""
    found: dict[str, Material] = {}
    for code, entry in file.named():
        found[code] = Material(
            code=code,
            label=entry.text("label", limit=60),
            issuer=entry.text("issuer", limit=60),
            verifier=entry.text("verifier", limit=60),
            original_seen=entry.flag("original_seen"),
            keep=entry.code("keep", {"none", "number", "copy"}),
            fields=entry.codes("fields", MATERIAL_FIELDS, default=()),
            validity=entry.text("validity", default="", limit=60),
            reasons=entry.codes("reasons", reasons, default=()),
            when=entry.code(
                "when", {"registration", "system", "after_start"}, default="registration"
            ),
            basis=entry.basis(),
            is_childs_own=entry.flag("of_child", default=False),
        )
        entry.done()
    return found


def read_reasons(file: Entry, fields: Collection[str]) -> dict[str, Reason]:
    """Read reasons.toml: coded reasons for corrections and for sending a case back."""
    found: dict[str, Reason] = {}
    for code, entry in file.named():
        field = entry.code("field", fields, default="")
        found[code] = Reason(
            code=code,
            label=entry.text("label", limit=40),
            remedy=entry.text("remedy", limit=120),
            scope=entry.code("scope", {"material", "record", "both"}),
            field=field or None,
            basis=entry.basis(),
        )
        entry.done()
    return found


def read_windows(file: Entry) -> tuple[Window, ...]:
    """Read the dated steps of calendar.toml; each closes after it opens."""
    found: list[Window] = []
    for entry in file.tables("window", "code"):
        window = Window(
            code=entry.pattern("code", "[a-z][a-z0-9_]{1,30}"),
            label=entry.text("label", limit=40),
            stages=entry.codes("stages", STAGES),
            opens=entry.moment("opens"),
            closes=entry.moment("closes"),
            basis=entry.basis(),
        )
        if window.opens >= window.closes:
            entry.fault("policy.wrong_date", "opens ≥ closes")
        if window.code in {one.code for one in found}:
            entry.fault("policy.twice", window.code)
        entry.done()
        found.append(window)
    return tuple(found)


def read_correction(file: Entry) -> Correction:
    """Read until when papers may come, with the season's holidays and moved working days."""
    entry = file.table("correction")
    correction = Correction(
        repair_until=entry.date("repair_until"),
        repair_time=entry.pattern("repair_time", "([01][0-9]|2[0-3]):[0-5][0-9]"),
        least_working_days=entry.number("least_working_days", 3, 30),
        holidays=_days(entry, "holidays"),
        extra_workdays=_days(entry, "extra_workdays"),
        basis=entry.basis(),
    )
    entry.done()
    return correction


def _days(entry: Entry, key: str) -> tuple[str, ...]:
    days = entry.texts(key, default=())
    for day in days:
        if parse_iso(day) is None:
            entry.fault("policy.wrong_date", f"{key}={day}")
    return days


def read_retention(file: Entry) -> Retention:
    """Read how long each kind of data is kept after the season, in days."""
    entry = file.table("retention")
    retention = Retention(
        unsuccessful=entry.number("unsuccessful_days", 1, 365),
        match_list_source=entry.number("match_list_source_days", 0, 30),
        material_rows=entry.number("material_rows_days", 1, 3650),
        images=entry.number("images_days", 0, 365),
        basis=entry.basis(),
    )
    entry.done()
    return retention


def read_ranking(file: Entry) -> tuple[RankingKey, ...]:
    """Read the published order of applicants over plan; chance may only stand last."""
    keys: list[RankingKey] = []
    for entry in file.tables("ranking", "by"):
        keys.append(
            RankingKey(
                by=entry.code("by", RANKING_FIELDS),
                ascending=entry.flag("ascending", default=True),
            )
        )
        entry.basis()
        entry.done()
    if "seeded_random" in [key.by for key in keys[:-1]]:
        file.fault("policy.chance_not_last")
    return tuple(keys)
