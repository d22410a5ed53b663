"""What is said of a bundle in which an ended laptop wrote on: whose, which, about how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop_app.domain.errors import RuleError
from desktop_app.services.leftover import count_children
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync.marks import laptop_name, mark_of


def late_details(workplace: Workplace, feeds: Sequence[str]) -> dict[str, str | int]:
    """Name school and mark of the laptops, and count the children they wrote about too late."""
    with workplace.database.read() as connection:
        rows = load_feeds(connection)
    known = {one: rows[one] for one in feeds if one in rows}
    schools = dict.fromkeys(row.facts.scope for row in known.values())
    labels = workplace.policy.schools
    marks = (laptop_name(one, mark_of(row, workplace.district)) for one, row in known.items())
    return {
        "school": "、".join(labels[one].label if one in labels else one for one in schools),
        "laptop": "、".join(marks),
        "count": sum(count_children(workplace, feeds).values()),
    }


def said_of(code: str, details: Mapping[str, str | int]) -> RuleError:
    """Give a finding as an error, so that its sentence is filled with its details."""
    return RuleError(code, **details)
