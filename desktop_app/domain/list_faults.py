"""What of a child's entry in the list of primary graduates is wrong 名册有误, field by field.

The list fills the form of a junior school, and what the roll says of a child is not typed over: a
field is opened one by one, with a reason, and the district reads both.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.domain.codes_desk import LIST_FAULT

FAULTS = "list_fault"
ROLL_FIELDS = (
    "id_number",
    "full_name",
    "sex",
    "birth_date",
    "primary_school",
    "national_student_no",
)
"""What the roll says of a child; the kind of a document goes with its number.

Home, guardian and telephone are the family's own to tell.
"""


def read_faults(text: str) -> dict[str, str]:
    """Read the fields said to be wrong, each with its reason; what nobody knows is left out."""
    pairs = (one.partition(":") for one in text.split())
    return {
        field: reason for field, _, reason in pairs if field in ROLL_FIELDS and reason in LIST_FAULT
    }


def write_faults(faults: Mapping[str, str]) -> str:
    """Write them the way ``read_faults`` reads them, in the order of the form."""
    return " ".join(f"{field}:{faults[field]}" for field in ROLL_FIELDS if field in faults)


def locked_fields(
    entry: Mapping[str, str], form: Mapping[str, str], faults: Mapping[str, str]
) -> frozenset[str]:
    """Name the fields that stand as the list has them and that nobody has said to be wrong."""
    return frozenset(
        name
        for name in ROLL_FIELDS
        if entry.get(name) and entry[name] == form.get(name) and name not in faults
    )
