"""The blank form 空白登记表 a village fills in, and the tables that lie on a stick."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_app.documents.template import FormColumn, write_template
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.durable.files import disk_errors
from desktop_app.policy.package import Policy
from desktop_app.services.intake_rows import CODED, COLUMNS

KINDS = frozenset({".xlsx", ".xls", ".et", ".csv"})
MOST_FILES = 200
BLANK = "空白登记表"
_YES_NO = ("是", "否")
_MARKED = frozenset({"multiple_birth", "notice_read"})
_MANY = 60
"""A list longer than this is typed, not chosen."""


@dataclass(frozen=True, slots=True)
class BookFile:
    """A table that lies in a folder; ``changed_at`` is in UTC milliseconds."""

    path: Path
    size: int
    changed_at: int


def tables_in(place: Path) -> tuple[BookFile, ...]:
    """Give the tables of a folder, the latest first; a folder that is gone has none."""
    try:
        with os.scandir(place) as entries:
            found = list(_tables(entries))
    except OSError:
        return ()
    found.sort(key=lambda one: (-one.changed_at, one.path.name))
    return tuple(found[:MOST_FILES])


def _tables(entries: Iterator[os.DirEntry[str]]) -> Iterator[BookFile]:
    for entry in entries:
        path = Path(entry.path)
        # "~$" begins the lock Excel leaves beside a workbook that is open.
        if path.suffix.lower() in KINDS and not path.name.startswith((".", "~$")):
            known = entry.stat()
            if entry.is_file():
                yield BookFile(path, known.st_size, int(known.st_mtime * 1000))


def form_columns(policy: Policy) -> tuple[FormColumn, ...]:
    """Give the columns of the blank form with what may be chosen in each."""
    return tuple(FormColumn(one, "", _choices(policy, one.field)) for one in COLUMNS)


def _choices(policy: Policy, field: str) -> tuple[str, ...]:
    if field in _MARKED:
        return _YES_NO
    if field == "category":
        return tuple(f"{code} {one.label}" for code, one in policy.categories.items())
    if field in {"hukou_village", "current_village"}:
        # A family may live elsewhere: what is not in the list is typed.
        return ()
    listed = CODED.get(field)
    labels = tuple(one.label for one in CODE_LISTS[listed].entries) if listed else ()
    return labels if len(labels) <= _MANY else ()


def save_blank_form(policy: Policy, place: Path) -> Path:
    """Write the blank form into a folder, beside whatever lies there already.

    Raises:
        WorkplaceError: the disk refused.
    """
    path = unused(place, BLANK, ".xlsx")
    write_template(path, form_columns(policy))
    return path


def unused(place: Path, name: str, suffix: str) -> Path:
    """Give a file name nothing lies under yet: a filled-in form is never written over.

    Raises:
        WorkplaceError: the folder cannot be looked at.
    """
    path, number = place / f"{name}{suffix}", 1
    with disk_errors():
        while path.exists():
            number += 1
            path = place / f"{name}-{number}{suffix}"
    return path
