"""Turn an error's code and details into the sentences a person reads.

The sentences lie in ``resources/text/messages/<area>.toml``, one table per code; this module reads
them once, checks their shape and fills details in. It decides nothing and shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Literal

from desktop_app.domain.errors import Detail, ProductError
from desktop_app.durable.places import resource_path

Language = Literal["zh", "en"]

BUG = "program.bug"
"""The code whose sentence is said for anything that has none of its own."""

_NUMBER = re.compile(r"[SDWBTPXU]\d{3}")
_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_KEYS = frozenset({"number", "what", "safe", "now", "en"})


class CatalogueError(Exception):
    """The shipped sentences are malformed: a bug of the package, found by the tests."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The sentences of one code, as shipped, details still as ``{name}``."""

    number: str
    what: str
    safe: str
    now: str
    en: str

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of the details that the sentences ask for."""
        texts = (self.what, self.safe, self.now, self.en)
        return frozenset(
            name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None
        )


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to a person: what happened, is my data safe, what now, and the number.

    In English all of it stands in ``what``.
    """

    what: str
    safe: str
    now: str
    number: str

    @property
    def line(self) -> str:
        """The whole message on one line, the number last, as commands print it."""
        # A list of faults has lines of its own in the window; a command says everything on one.
        said = [" ".join(part.splitlines()) for part in (self.what, self.safe, self.now) if part]
        if self.safe or self.now:
            return f"{''.join(said)}（{self.number}）"
        return f"{' '.join(said)} ({self.number})"


def sentence(error: BaseException | str, lang: Language = "zh") -> Message:
    """Say an error to a person; whatever has no sentence of its own is said to be a bug.

    A code alone stands for an error without details, as findings and warnings have.
    """
    return said(error, lang, shipped())


def said(error: BaseException | str, lang: Language, entries: Mapping[str, Entry]) -> Message:
    """Say an error with the sentences given."""
    if isinstance(error, ProductError):
        code, details = error.code, error.details
    else:
        code, details = error if isinstance(error, str) else BUG, {}
    entry = entries.get(code)
    if entry is None:
        entry, details = entries[BUG], {}
    if lang == "en":
        return Message(_fill(entry.en, details), "", "", entry.number)
    return Message(
        _fill(entry.what, details),
        _fill(entry.safe, details),
        _fill(entry.now, details),
        entry.number,
    )


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Entry]:
    """Read the sentences that ship with the program, once per process."""
    return read_catalogue(resource_path("text", "messages"))


def read_catalogue(folder: Path) -> dict[str, Entry]:
    """Read every ``*.toml`` of a folder.

    Raises:
        CatalogueError: a code or number stands twice, a key is missing or unknown, a placeholder
            is more than a name, or the sentence for bugs is missing. All faults are named at once.
    """
    import tomllib  # not before a sentence is wanted: the first paint does without

    entries: dict[str, Entry] = {}
    numbers: dict[str, str] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        for code, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            place = f"{path.name}: {code}"
            problems = _faults(code, table)
            if code in entries:
                problems.append("stands twice")
            if not problems:
                entry = Entry(**table)
                if (other := numbers.setdefault(entry.number, code)) != code:
                    problems.append(f"number {entry.number} belongs to {other}")
                entries[code] = entry
            faults.extend(f"{place}: {problem}" for problem in problems)
    if BUG not in entries:
        faults.append(f"{BUG} is missing")
    if faults:
        raise CatalogueError("\n".join(faults))
    return entries


def _faults(code: str, table: object) -> list[str]:
    """Name what is wrong with the table of one code."""
    if not isinstance(table, dict) or set(table) != _KEYS:
        return [f"needs exactly {', '.join(sorted(_KEYS))}; write the code in quotes"]
    if not all(isinstance(value, str) and value.strip() == value for value in table.values()):
        return ["every value is trimmed text"]
    found = [f"{key} is empty" for key in sorted(_KEYS) if not table[key]]
    if not _CODE.fullmatch(code):
        found.append("the code is not dotted lower case")
    if not _NUMBER.fullmatch(table["number"]):
        found.append("the number is not a letter of SDWBTPXU and three digits")
    found.extend(f"{key} holds a bad placeholder" for key in _KEYS if not _is_plain(table[key]))
    return found


def _is_plain(text: str) -> bool:
    """Tell whether a sentence holds nothing but names in braces."""
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        return False
    return all(
        name is None or (name.isidentifier() and not spec and conversion is None)
        for _, name, spec, conversion in pieces
    )


def _fill(text: str, details: Mapping[str, Detail]) -> str:
    """Put details into a sentence; one that is not known stays a question mark."""
    filled: list[str] = []
    for literal, name, _, _ in Formatter().parse(text):
        filled.append(literal)
        if name is not None:
            filled.append(str(details.get(name, "？")))
    return "".join(filled)
