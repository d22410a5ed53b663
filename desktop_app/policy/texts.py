"""Read the files of sentences: self-check, field help, notice, receipts."""

from __future__ import annotations

from collections.abc import Collection

from desktop_app.policy.entries import (
    CheckItem,
    CheckPart,
    Duty,
    FieldHelp,
    Notice,
    SelfCheck,
    Wording,
)
from desktop_app.policy.reading import Entry

_LEVELS = ("school", "district", "province")


def read_self_check(file: Entry) -> SelfCheck:
    """Read self_check.toml: the items, the prohibitions and the duties."""
    return SelfCheck(
        items=_read_check_items(file, "item"),
        prohibitions=_read_check_items(file, "prohibition"),
        duties=_read_duties(file),
    )


def _read_check_items(file: Entry, key: str) -> tuple[CheckItem, ...]:
    """Read the self-check items or the prohibitions of self_check.toml."""
    found: list[CheckItem] = []
    for entry in file.tables(key, "code"):
        item = CheckItem(
            code=entry.pattern("code", "T[1-9]-[1-9][0-9]?|JX[0-9]{2}"),
            task=entry.text("task", limit=40),
            question=entry.text("question", limit=200),
            parts=_parts(entry),
            clauses=_clauses(entry),
            levels=entry.codes("levels", _LEVELS),
            expected=entry.code("expected", ("yes", "no")),
            evidence=entry.text("evidence", limit=200),
            basis=entry.basis(),
        )
        if item.code in {one.code for one in found}:
            entry.fault("policy.twice", item.code)
        entry.done()
        found.append(item)
    return tuple(found)


def _parts(entry: Entry) -> tuple[CheckPart, ...]:
    """Read the lettered parts of an item, in order from a."""
    texts = entry.texts("parts", default=())
    return tuple(CheckPart(chr(ord("a") + at), text) for at, text in enumerate(texts))


def _clauses(entry: Entry) -> tuple[str, ...]:
    """Read which 是否 clauses of the two notices an item answers (Z district, M ministry)."""
    known = [f"{notice}{number}" for notice in "ZM" for number in range(1, 26)]
    return entry.codes("clauses", known, default=())


def _read_duties(file: Entry) -> tuple[Duty, ...]:
    """Read the duties of 工作要求 in self_check.toml."""
    found: list[Duty] = []
    for entry in file.tables("duty", "code"):
        found.append(
            Duty(
                code=entry.pattern("code", "W[0-9]{1,2}"),
                text=entry.text("text", limit=120),
                notices=entry.codes("notices", ("Z", "M")),
                basis=entry.basis(),
            )
        )
        entry.done()
    return tuple(found)


def read_field_help(file: Entry, fields: Collection[str]) -> dict[str, FieldHelp]:
    """Read field_help.toml; a field that the registration form lacks is refused (feature A3)."""
    found: dict[str, FieldHelp] = {}
    for name, entry in file.named():
        if name not in fields:
            entry.fault("policy.field_not_on_form", name)
        found[name] = FieldHelp(
            field=name,
            label=entry.text("label", limit=20),
            sentence=entry.text("sentence", limit=200),
            basis=entry.basis(),
            is_required=entry.flag("required", default=False),
        )
        entry.done()
    return found


def read_notice(file: Entry) -> Notice:
    """Read notice.toml, the information notice to guardians."""
    return Notice(
        version=file.pattern("version", "[0-9]{4}-[0-9]{1,2}"),
        title=file.text("title", limit=40),
        paragraphs=file.texts("paragraphs"),
        declaration=file.text("declaration"),
        basis=file.basis(),
    )


def read_wording(file: Entry) -> dict[str, Wording]:
    """Read wording.toml, the sentences of receipts and slips."""
    found: dict[str, Wording] = {}
    for code, entry in file.named():
        found[code] = Wording(code, entry.text("text", limit=200), entry.basis())
        entry.done()
    return found
