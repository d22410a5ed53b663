"""The repair list 待改清单: which rows of a workbook could not go in, and why, in sentences.

It names rows and columns and never repeats a cell, so it may lie on a stick.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from desktop_app.commands.answer import Line, word
from desktop_app.commands.asking import need_folder_of
from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.errors import RuleError
from desktop_app.durable.files import write_atomically
from desktop_app.messages.catalogue import Language, sentence
from desktop_app.services.intake import Repair

_KINDS = frozenset({".json", ".xlsx"})
_COLUMNS = ("row", "column", "code", "reason")


def repair_lines(repairs: Iterable[Repair], lang: Language) -> list[Line]:
    """Say every repair: row, column, the code of the reason, and its sentence."""
    return [
        {
            "row": repair.row,
            "column": repair.column,
            "code": repair.code,
            "reason": sentence(RuleError(repair.code, **repair.details), lang).what,
        }
        for repair in repairs
    ]


def check_name(path: Path | None) -> None:
    """Refuse a place the list cannot be written to, before anything is registered.

    Raises:
        RuleError: ``command.repairs_out``: the name says neither workbook nor JSON.
        WorkplaceError: there is no such folder.
    """
    if path is not None and path.suffix.lower() not in _KINDS:
        raise RuleError("command.repairs_out")
    need_folder_of(path, "--repairs-out")


def write_repairs(path: Path, lines: Sequence[Line], lang: Language) -> None:
    """Write the list as a workbook, or as JSON where the name ends so.

    Raises:
        WorkplaceError: the disk refused.
    """
    if path.suffix.lower() == ".json":
        write_atomically(path, json.dumps(lines, ensure_ascii=False, indent=1).encode() + b"\n")
    else:
        headers = tuple(word(name, lang) for name in _COLUMNS)
        rows = [tuple(str(line[name]) for name in _COLUMNS) for line in lines]
        write_workbook(path, [SheetContent(word("repairs", lang), headers, rows)])
