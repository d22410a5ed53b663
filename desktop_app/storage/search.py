"""Find anyone by name, pinyin, ID tail, phone tail, receipt number or parent code, offline.

One full-text row per applicant: one code point per token for names (a trigram index cannot answer
one or two characters), pinyin of every reading from every starting character, and numbers written
backwards so that a tail is a prefix. All heads of a field are indexed, not only the one shown.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from desktop_app.domain.parent_code import parent_code, read_code
from desktop_app.storage import oplog
from desktop_app.storage.oplog import Key
from desktop_app.storage.pinyin import MOST_SPELLINGS, readings

_RECEIPT = "receipt_number"
_NUMBERS = ("id_number", "birth_certificate", _RECEIPT, "phone", "national_student_no")
_NAME = "full_name"
_APPLICANT = (_NAME, "id_number", "birth_certificate", _RECEIPT, "national_student_no")
_GUARDIAN = (_NAME, "id_number", "phone")
SUBJECT = "applicant"
"""The kind that is searched for."""

_PLAIN = re.compile("[0-9a-z]+")
_BETWEEN = "g"
"""Stands between names, so that no phrase reaches from one into the next; no code point has it."""

_READ_APPLICANTS = (
    "SELECT record, id, state, full_name, id_number, birth_certificate, receipt_number,"
    " national_student_no FROM projected_applicant WHERE scope = ? AND record IN (??)"
)
_READ_GUARDIANS = (
    "SELECT applicant, record, state, full_name, id_number, phone FROM projected_guardian"
    " WHERE scope = ? AND applicant IN (??)"
)

Place = tuple[str, str]
"""Scope and record of an applicant."""


@dataclass(slots=True)
class Known:
    """Every name and number by which an applicant may be asked for."""

    names: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    def add(self, name: str, value: object) -> None:
        """Note a field's value where people search by it."""
        if isinstance(value, str) and value:
            if name == _NAME:
                self.names.add(value)
            elif name in _NUMBERS:
                self.numbers.add(value)
                if name == _RECEIPT and (code := parent_code(value)):
                    self.numbers.add(code)


def index(connection: Connection, applicants: Iterable[Place]) -> None:
    """Write the search rows of applicants anew; those that do not stand are left out."""
    by_scope: dict[str, list[str]] = defaultdict(list)
    for scope, record in sorted(applicants):
        by_scope[scope].append(record)
    for scope, records in by_scope.items():
        for chunk in oplog.chunks(records):
            numbers, known = _gather(connection, scope, chunk)
            rows = [
                (numbers[record], *document(one.names, one.numbers))
                for record, one in known.items()
            ]
            if rows:
                connection.exec_driver_sql(
                    "INSERT OR REPLACE INTO projected_search (rowid, names, keys) VALUES (?, ?, ?)",
                    rows,
                )


def _gather(
    connection: Connection, scope: str, records: Sequence[str]
) -> tuple[dict[str, int], dict[str, Known]]:
    """Read what is searched for some applicants: their row's number, names and numbers."""
    numbers: dict[str, int] = {}
    known: dict[str, Known] = {}
    disputed: list[tuple[str, str, str]] = []
    applicants = connection.exec_driver_sql(
        oplog.spread(_READ_APPLICANTS, records), (scope, *records)
    )
    for record, number, state, *values in applicants:
        numbers[record], known[record] = number, Known()
        for name, value in zip(_APPLICANT, values, strict=True):
            known[record].add(name, value)
        if state:
            disputed.append((SUBJECT, record, record))
    guardians = connection.exec_driver_sql(
        oplog.spread(_READ_GUARDIANS, records), (scope, *records)
    )
    for applicant, record, state, *values in guardians:
        if applicant in known:
            for name, value in zip(_GUARDIAN, values, strict=True):
                known[applicant].add(name, value)
            if state:
                disputed.append(("guardian", record, applicant))
    _add_heads(connection, scope, disputed, known)
    return numbers, known


def _add_heads(
    connection: Connection,
    scope: str,
    disputed: Iterable[tuple[str, str, str]],
    known: dict[str, Known],
) -> None:
    """Add the values that do not show, so that a child is found by any of them."""
    for kind, record, applicant in disputed:
        heads = connection.exec_driver_sql(
            "SELECT field, value FROM projected_head WHERE scope = ? AND kind = ? AND record = ?",
            (scope, kind, record),
        )
        for name, value in heads:
            known[applicant].add(name, value)


def drop(connection: Connection, key: Key) -> None:
    """Take an applicant's search row away before its row is."""
    scope, kind, record = key
    if kind == SUBJECT:
        connection.exec_driver_sql(
            "DELETE FROM projected_search WHERE rowid ="
            " (SELECT id FROM projected_applicant WHERE scope = ? AND record = ?)",
            (scope, record),
        )


def document(names: Iterable[str], numbers: Iterable[str]) -> tuple[str, str]:
    """Give the two texts indexed for an applicant: characters, and pinyin and number keys."""
    characters = [
        " ".join(map(_sign, filter(_is_sign, folded_text(name)))) for name in sorted(names)
    ]
    keys = dict.fromkeys(key for name in sorted(names) for key in pinyin_keys(name))
    keys |= dict.fromkeys(tail_key(number) for number in sorted(numbers))
    return f" {_BETWEEN} ".join(characters), " ".join(keys)


def folded_text(text: str) -> str:
    """Give the form in which texts are searched: NFKC, no case."""
    return unicodedata.normalize("NFKC", text).lower()


def _is_sign(sign: str) -> bool:
    """Say whether a character is searched as itself: letters beyond ASCII, rare ones included."""
    return not sign.isascii() and (sign.isalnum() or unicodedata.category(sign) in {"Co", "Cn"})


def _sign(sign: str) -> str:
    """Write a character as its code point: the tokenizer does not know the newest ones."""
    return f"{ord(sign):x}"


def tail_key(number: str) -> str:
    """Give the key of a number: written backwards, so that a tail is a prefix of it."""
    bare = "".join(_PLAIN.findall(number.lower()))
    return "0" + bare[::-1]


def pinyin_keys(name: str) -> list[str]:
    """Give full pinyin and initials of a name from each of its characters on, every reading."""
    spelled = [options for options in map(readings, name) if options]
    found: dict[str, None] = {}
    for start in range(len(spelled)):
        combinations = itertools.product(*spelled[start:])
        for combination in itertools.islice(combinations, MOST_SPELLINGS):
            found["".join(combination)] = None
            found["".join(part[0] for part in combination)] = None
    return list(found)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a search: characters of a name, pinyin, or the tail of a number."""

    kind: str
    text: str

    @property
    def term(self) -> str:
        """Give the full-text term that finds the word."""
        if self.kind == "name":
            return 'names : "' + " ".join(map(_sign, self.text)) + '"'
        key = tail_key(self.text) if self.kind == "tail" else self.text
        return f'keys : "{key}"*'


def words_of(text: str) -> tuple[Word, ...]:
    """Read what a person typed; full-width signs, hyphens and stray signs do not matter.

    Digits, and letters mixed with digits, search tails of ID, phone and receipt numbers, and parent
    codes; letters search pinyin and initials; other characters search names.
    """
    folded = folded_text(text).replace("-", "")
    words = []
    for part in folded.split():
        characters = "".join(filter(_is_sign, part))
        if characters:
            words.append(Word("name", characters))
        words += [
            Word("pinyin", plain) if plain.isalpha() else Word("tail", _as_printed(plain))
            for plain in _PLAIN.findall(part)
        ]
    return tuple(dict.fromkeys(words))


def _as_printed(typed: str) -> str:
    """Give a parent code as it is printed, where one was typed; anything else stays as it is."""
    return read_code(typed).lower() or typed


def expression(words: Iterable[Word], *, every: bool = True) -> str:
    """Turn words into a full-text query that asks for every one of them, or for any."""
    return (" AND " if every else " OR ").join(word.term for word in words)
