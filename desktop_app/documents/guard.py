"""Pure check of an .xlsx file before the workbook parser touches it.

Shell first (``container``), then every XML part the parser would open, streamed through expat
(``sheet_scan``): no document type, caps on rows, columns, cells, merges, styles, shared strings
and declared counts. Values are not read here. A file that passes is still parsed in a child
process behind limits (``reader_child``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.documents.container import Container, bomb, damaged, open_container
from desktop_app.documents.sheet_scan import SheetFacts, scan_sheet, walk
from desktop_app.domain.errors import UntrustedError

MAX_SHEETS = 64
MAX_STYLES = 131_072
MAX_SHARED_STRINGS = 4_000_000
MAX_SMALL_PART_BYTES = 8 * 1024 * 1024

_MAIN_TYPES = (
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
)
_TYPES = "[content_types].xml"
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_COUNTED = {
    "xl/sharedstrings.xml": {"si": MAX_SHARED_STRINGS},
    "xl/styles.xml": {"xf": MAX_STYLES, "numFmt": MAX_STYLES, "font": MAX_STYLES},
}


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the reader may rely on: the sheet to read, its facts, the other visible sheets."""

    sheet: str
    facts: SheetFacts
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One sheet as ``xl/workbook.xml`` lists it."""

    name: str
    visible: bool
    relation: str


def inspect_workbook(data: bytes) -> Inspected:
    """Check a whole workbook file and choose the first visible sheet that holds anything.

    Raises:
        UntrustedError: the file is not a plain .xlsx within the caps; the code says why.
    """
    container = open_container(data)
    _check_type(container)
    for part, limits in _COUNTED.items():
        if part in container.names:
            _check_counts(container, part, limits)
    parts = _worksheet_parts(container)
    visible = [entry for entry in _entries(container) if entry.visible and entry.relation in parts]
    for entry in visible:
        facts = scan_sheet(container.chunks(parts[entry.relation]))
        if facts.last_row:
            others = tuple(other.name for other in visible if other is not entry)
            return Inspected(entry.name, facts, others)
    raise UntrustedError("workbook.empty")


def _check_type(container: Container) -> None:
    types = container.small(_TYPES, MAX_SMALL_PART_BYTES)
    walk((types,), lambda _name, _attributes: None)
    if b"macroEnabled" in types:
        raise UntrustedError("workbook.has_macros")
    if not any(kind in types for kind in _MAIN_TYPES):
        raise UntrustedError("workbook.wrong_type")


def _check_counts(container: Container, part: str, limits: Mapping[str, int]) -> None:
    seen: Counter[str] = Counter()

    def count(name: str, _attributes: Mapping[str, str]) -> None:
        if name in limits:
            seen[name] += 1
            if seen[name] > limits[name]:
                raise bomb(name)

    walk(container.chunks(part), count)


def _entries(container: Container) -> list[_Entry]:
    """List the sheets in their order.

    Raises:
        UntrustedError: too many, or two of one name (the parser finds a sheet by its name).
    """
    entries: list[_Entry] = []

    def collect(name: str, attributes: Mapping[str, str]) -> None:
        if name != "sheet":
            return
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        visible = attributes.get("state", "visible") == "visible"
        entries.append(_Entry(attributes.get("name", ""), visible, relation))
        if len(entries) > MAX_SHEETS:
            raise bomb("sheets")

    walk((container.small(_WORKBOOK, MAX_SMALL_PART_BYTES),), collect)
    if len({entry.name for entry in entries}) != len(entries):
        raise damaged("sheet_twice")
    return entries


def _worksheet_parts(container: Container) -> dict[str, str]:
    """Map relation id to the member that holds the worksheet, inside ``xl/`` only."""
    parts: dict[str, str] = {}

    def collect(name: str, attributes: Mapping[str, str]) -> None:
        if name != "Relationship" or not attributes.get("Type", "").endswith("/worksheet"):
            return
        target = attributes.get("Target", "").removeprefix("/")
        member = target if target.startswith("xl/") else f"xl/{target}"
        if attributes.get("Id", "") in parts or member.casefold() not in container.names:
            raise damaged("sheet_missing")
        parts[attributes.get("Id", "")] = member.casefold()

    walk((container.small(_RELATIONS, MAX_SMALL_PART_BYTES),), collect)
    return parts
