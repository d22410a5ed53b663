"""Find anyone by name, pinyin, ID tail, phone tail or receipt number, offline.

One full-text row per applicant: one character per token for names (a trigram index cannot answer
one or two characters), pinyin of every reading from every starting character, and numbers written
backwards so that a tail is a prefix. All heads of a field are indexed, not only the one shown.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from sqlalchemy import Connection

from desktop_app.storage.pinyin import readings

_NUMBERS = ("id_number", "birth_certificate", "receipt_number", "phone", "national_student_no")
_WORD = re.compile(r"[0-9a-z]+|[^\W\d_]", re.IGNORECASE)
_MOST_READINGS = 24

Key = tuple[str, str, str]


def index(connection: Connection, touched: Iterable[Key]) -> None:
    """Write the search rows of the applicants among, or behind, the records touched."""
    applicants: dict[tuple[str, str], None] = {}
    for scope, kind, record in touched:
        if kind == "applicant":
            applicants[scope, record] = None
        elif kind == "guardian":
            found = connection.exec_driver_sql(
                "SELECT applicant FROM projected_guardian WHERE scope = ? AND record = ?",
                (scope, record),
            ).scalar()
            if isinstance(found, str):
                applicants[scope, found] = None
    for scope, record in applicants:
        _index_one(connection, scope, record)


def drop(connection: Connection, key: Key) -> None:
    """Take an applicant's search row away before its row is."""
    scope, kind, record = key
    if kind == "applicant":
        connection.exec_driver_sql(
            "DELETE FROM projected_search WHERE rowid IN"
            " (SELECT id FROM projected_applicant WHERE scope = ? AND record = ?)",
            (scope, record),
        )


def _index_one(connection: Connection, scope: str, record: str) -> None:
    row = connection.exec_driver_sql(
        "SELECT id, full_name, id_number, birth_certificate, receipt_number, national_student_no,"
        " state FROM projected_applicant WHERE scope = ? AND record = ?",
        (scope, record),
    ).one_or_none()
    if row is None:
        return
    number, name, *numbers, state = row
    names, keys = {name}, set(numbers)
    guardians = connection.exec_driver_sql(
        "SELECT record, full_name, id_number, phone, state FROM projected_guardian"
        " WHERE scope = ? AND applicant = ?",
        (scope, record),
    ).all()
    records = [("applicant", record)] if state else []
    for guardian, guardian_name, id_number, phone, guardian_state in guardians:
        names.add(guardian_name)
        keys |= {id_number, phone}
        records += [("guardian", guardian)] if guardian_state else []
    for kind, one in records:
        heads = connection.exec_driver_sql(
            "SELECT field, value FROM projected_head WHERE scope = ? AND kind = ? AND record = ?",
            (scope, kind, one),
        )
        for field, value in heads:
            if field == "full_name":
                names.add(value)
            elif field in _NUMBERS:
                keys.add(value)
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO projected_search (rowid, names, keys) VALUES (?, ?, ?)",
        (number, *document({n for n in names if n}, {k for k in keys if k})),
    )


def document(names: Iterable[str], numbers: Iterable[str]) -> tuple[str, str]:
    """Give the two texts indexed for an applicant: characters, and pinyin and number keys."""
    characters = []
    keys: dict[str, None] = {}
    for name in sorted(names):
        characters.append(" ".join(_WORD.findall(name.lower())))
        for key in pinyin_keys(name):
            keys[key] = None
    for number in sorted(numbers):
        bare = "".join(_WORD.findall(number.lower()))
        keys["0" + bare[::-1]] = None
    return " | ".join(characters), " ".join(keys)


def pinyin_keys(name: str) -> list[str]:
    """Give full pinyin and initials of a name from each of its characters on, every reading."""
    spelled = [readings(sign) for sign in name]
    spelled = [options for options in spelled if options]
    found: dict[str, None] = {}
    for start in range(len(spelled)):
        combinations = itertools.product(*spelled[start:])
        for combination in itertools.islice(combinations, _MOST_READINGS):
            found["".join(combination)] = None
            found["".join(part[0] for part in combination)] = None
    return list(found)


def expression(text: str, *, every: bool = True) -> str | None:
    """Turn what a person typed into a full-text query; None where nothing can be searched.

    Words are joined by AND, or by OR where ``every`` is false. Digits search tails of ID, phone
    and receipt numbers; letters search pinyin and initials; other characters search names.
    """
    terms = []
    for word in text.replace("-", "").split():
        term = _term("".join(_WORD.findall(word.lower())))
        if term is not None:
            terms.append(term)
    return (" AND " if every else " OR ").join(terms) or None


def _term(word: str) -> str | None:
    if not word:
        return None
    if word.isascii():
        if word.isalpha():
            return f'keys : "{word}"*'
        return f'keys : "0{word[::-1]}"*'
    characters = [sign for sign in _WORD.findall(word) if not sign.isascii()]
    return 'names : "' + " ".join(characters) + '"' if characters else None
