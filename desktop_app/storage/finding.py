"""Search: lines that match every word, lines that match some, and where each was hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from desktop_app.domain.parent_code import parent_code
from desktop_app.storage.applicant_file import ApplicantFile, applicant_files
from desktop_app.storage.database import Connection
from desktop_app.storage.lists import AT_MOST, LINE, ApplicantLine, lines_of
from desktop_app.storage.search import (
    Word,
    expression,
    folded_text,
    pinyin_keys,
    tail_key,
    words_of,
)

_FIND = (
    f"SELECT {LINE} FROM projected_search CROSS JOIN projected_applicant"  # noqa: S608
    " ON projected_applicant.id = projected_search.rowid"
    " WHERE projected_search MATCH ? AND scope = ?"
    f" ORDER BY projected_search.rowid DESC {AT_MOST}"
)
_WHERE = {
    "id_number": "id_number",
    "birth_certificate": "birth_certificate",
    "receipt_number": "receipt",
    "national_student_no": "national_student_no",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a word was found.

    ``where`` is name, pinyin, id_number, birth_certificate, receipt, code, national_student_no,
    guardian, guardian_pinyin, guardian_id_number or phone.
    """

    word: str
    where: str


class FoundLine(ApplicantLine, frozen=True):
    """A line of the list, with every place where a word of the search was found."""

    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``both`` has the lines that match every word, ``any`` those that match only some."""

    both: tuple[FoundLine, ...]
    any: tuple[FoundLine, ...]


def search(connection: Connection, scope: str, text: str, limit: int) -> SearchResult:
    """Find applicants by what a person typed; the latest first, the most words first."""
    words = words_of(text)
    if not words:
        return SearchResult((), ())
    every = expression(words)
    both = _find(connection, scope, every, words, limit)
    if len(words) == 1 or len(both) >= limit:
        return SearchResult(both, ())
    some = f"({expression(words, every=False)}) NOT ({every})"
    found = _find(connection, scope, some, words, limit - len(both))
    ranked = sorted(found, key=lambda line: -len({hit.word for hit in line.hits}))
    return SearchResult(both, tuple(ranked))


def _find(
    connection: Connection, scope: str, query: str, words: Sequence[Word], limit: int
) -> tuple[FoundLine, ...]:
    rows = connection.exec_driver_sql(_FIND, (query, scope, limit)).all()
    lines = lines_of(rows)
    files = {
        file.record: file
        for file in applicant_files(connection, [(scope, line.record) for line in lines])
    }
    return tuple(_found(line, _hits(files[line.record], words)) for line in lines)


def _found(line: ApplicantLine, hits: tuple[Hit, ...]) -> FoundLine:
    return FoundLine(**msgspec.structs.asdict(line), hits=hits)


def _hits(file: ApplicantFile, words: Sequence[Word]) -> tuple[Hit, ...]:
    """Say where each word is found, in the order in which the line shows it."""
    return tuple(Hit(word.text, where) for word in words for where in _places(file, word))


def _places(file: ApplicantFile, word: Word) -> list[str]:
    if word.kind == "tail":
        found = [(where, file.all_values("applicant", field)) for field, where in _WHERE.items()]
        receipts = file.all_values("applicant", "receipt_number")
        found.append(("code", frozenset(map(parent_code, receipts))))
        found += [
            ("guardian_id_number", file.all_values("guardian", "id_number")),
            ("phone", file.all_values("guardian", "phone")),
        ]
        wanted = tail_key(word.text)
        return [
            where
            for where, values in found
            if any(tail_key(value).startswith(wanted) for value in values)
        ]
    names = [
        ("name", "pinyin", file.all_values("applicant", "full_name")),
        ("guardian", "guardian_pinyin", file.all_values("guardian", "full_name")),
    ]
    if word.kind == "name":
        return [
            where
            for where, _, values in names
            if any(word.text in folded_text(one) for one in values)
        ]
    return [
        where
        for _, where, values in names
        if any(key.startswith(word.text) for one in values for key in pinyin_keys(one))
    ]
