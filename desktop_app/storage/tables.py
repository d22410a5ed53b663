"""The projected tables: their shape follows the record declarations, and they are only ever remade.

Every index here serves a query of ``queries`` or ``duplicates``; a test holds that none of them
scans or sorts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from desktop_app.domain.declare import RecordType
from desktop_app.domain.district_answers import ASKED, QUERIED
from desktop_app.feeds.fold import FOLD_VERSION

_TYPES = {str: "TEXT", int: "INTEGER", bool: "INTEGER"}

ENVELOPE = (
    "scope",
    "record",
    "heads",
    "created_by",
    "created_in",
    "created_at",
    "changed_at",
    "state",
)
"""The columns every projected table has before its declared fields."""

CONFLICT, OTHERS, DISPUTED_REMOVAL = 1, 2, 4
"""Bits of ``state``: values a person must choose between, values not shown, a removal undone."""

REMOVAL = ""
"""Stands as the field of a disputed removal among the values a person must choose between."""

UNMERGED = "twin IS NULL"
"""The condition of every applicant in the lists: not put into a twin (``merged``)."""

_ASKED = ", ".join(f"'{one}'" for one in sorted(ASKED))

ANSWERED = (
    f"(district_status = '{QUERIED}'"
    " AND coalesce(instr(heads, 'district_status=' || answers) > 0, 0))"
)
"""The school has answered the very question that stands: its answer names the operation that asked.

No clock has a say in it, and a question asked again is open again.
"""

LISTS: Mapping[str, str] = {
    "complete": "coalesce(missing_materials, '') = ''",
    "missing": "missing_materials <> ''",
    "to_review": "(review IS NULL OR review = 'returned' AND amended = 1)",
    "returned": "review = 'returned' AND coalesce(amended, 0) <> 1",
    "passed": "review = 'passed'",
    "conflict": "state & 1 <> 0",
    "asked": f"district_status IN ({_ASKED}) AND NOT {ANSWERED}",
    "answered": f"review = 'passed' AND {ANSWERED}",
    "unanswered": "review = 'passed' AND district_status IS NULL",
    "decided": "district_status IS NOT NULL",
}
"""The lists of applicants, each with the condition its partial index is made for."""

NEAR: Mapping[str, str] = {
    "a": "substr({0}, 1, 14)",
    "b": "substr({0}, 9, 9)",
    "c": "substr({0}, 1, 6) || substr({0}, 15, 3)",
    "d": "substr({0}, 1, 13) || substr({0}, 16, 2)",
}
"""Pieces of an ID number of which one slip leaves one whole (``domain.duplicates``, D7)."""

HEADS_OF_ID = "kind = 'applicant' AND field = 'id_number'"

_FIXED = (
    (
        "CREATE INDEX projected_applicant_created ON projected_applicant"
        f" (scope, created_at, record) WHERE {UNMERGED}"
    ),
    (
        "CREATE INDEX projected_applicant_assigned ON projected_applicant"
        f" (scope, assigned_to, created_at, record) WHERE assigned_to IS NOT NULL AND {UNMERGED}"
    ),
    (
        "CREATE INDEX projected_applicant_merged ON projected_applicant (scope, twin, record)"
        " WHERE twin IS NOT NULL"
    ),
    (
        "CREATE INDEX projected_duplicate_decision_stays"
        " ON projected_duplicate_decision (scope, record) WHERE stays IS NOT NULL"
    ),
    (
        "CREATE INDEX projected_duplicate_decision_other"
        " ON projected_duplicate_decision (scope, other, applicant)"
    ),
    "CREATE INDEX projected_applicant_birth ON projected_applicant (birth_date, sex, scope)",
    "CREATE INDEX projected_applicant_named ON projected_applicant (birth_date, full_name, scope)",
    f"CREATE INDEX projected_applicant_feed ON projected_applicant (created_in) WHERE {UNMERGED}",
    (
        "CREATE INDEX projected_applicant_decided_feed ON projected_applicant (created_in)"
        f" WHERE district_status IS NOT NULL AND {UNMERGED}"
    ),
    (
        "CREATE INDEX projected_material_check_due"
        " ON projected_material_check (scope, due_on, record) WHERE due_on IS NOT NULL"
    ),
    "CREATE INDEX projected_correction_made ON projected_correction (scope, created_at, record)",
    "CREATE INDEX projected_acknowledgement_feed ON projected_acknowledgement (feed, sequence)",
    """CREATE TABLE projected_head (
        scope TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, field TEXT NOT NULL,
        reference TEXT NOT NULL, value ANY, person TEXT NOT NULL, feed TEXT NOT NULL,
        at INTEGER NOT NULL, conflict INTEGER NOT NULL,
        PRIMARY KEY (scope, kind, record, field, reference)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX projected_head_value ON projected_head (kind, field, value)",
    (
        "CREATE INDEX projected_head_conflict ON projected_head (scope, kind, record, field)"
        " WHERE conflict = 1"
    ),
    """CREATE TABLE projected_twin (
        scope TEXT NOT NULL, record TEXT NOT NULL, twin TEXT NOT NULL, matter TEXT NOT NULL,
        PRIMARY KEY (scope, record)
    ) STRICT, WITHOUT ROWID""",
    (
        "CREATE INDEX projected_twin_matter ON projected_twin (scope, record, matter)"
        " WHERE matter <> ''"
    ),
    """CREATE TABLE projected_attention (
        feed INTEGER NOT NULL, sequence INTEGER NOT NULL, verdict TEXT NOT NULL,
        PRIMARY KEY (feed, sequence)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE projected_gone (
        scope TEXT NOT NULL, applicant TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (scope, applicant, kind, record)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX projected_gone_record ON projected_gone (scope, kind, record)",
    (
        "CREATE VIRTUAL TABLE projected_search USING fts5"
        " (names, keys, content='', contentless_delete=1, tokenize='ascii')"
    ),
)


def projected_statements(record_types: Mapping[str, RecordType]) -> list[str]:
    """Give the statements that make the projected tables."""
    statements = [_table(record_type) for record_type in record_types.values()]
    for record_type in record_types.values():
        table = table_of(record_type.kind)
        statements += [
            f"CREATE INDEX {table}_{name} ON {table} ({name}, scope)"
            for name, declared in record_type.fields.items()
            if declared.item.indexed
        ]
    return [*statements, *_FIXED, *_list_indexes(), *_near_indexes()]


def _list_indexes() -> Iterator[str]:
    for name, condition in LISTS.items():
        yield (
            f"CREATE INDEX projected_applicant_list_{name}"
            f" ON projected_applicant (scope, created_at, record) WHERE {condition} AND {UNMERGED}"
        )


def _near_indexes() -> Iterator[str]:
    for name, piece in NEAR.items():
        number = piece.format("id_number")
        yield (
            f"CREATE INDEX projected_applicant_near_{name} ON projected_applicant ({number})"
            " WHERE length(id_number) = 18"
        )
        yield (
            f"CREATE INDEX projected_head_near_{name} ON projected_head ({piece.format('value')})"
            f" WHERE {HEADS_OF_ID}"
        )


def table_of(kind: str) -> str:
    """Give the name of a kind's projected table."""
    return f"projected_{kind}"


def _table(record_type: RecordType) -> str:
    columns = ", ".join(
        f"{name} {_TYPES[declared.type]}" for name, declared in record_type.fields.items()
    )
    beside = "twin TEXT, " if record_type.kind == "applicant" else ""
    return (
        f"CREATE TABLE {table_of(record_type.kind)} (id INTEGER PRIMARY KEY, scope TEXT NOT NULL,"
        " record TEXT NOT NULL, heads TEXT NOT NULL, created_by TEXT NOT NULL,"
        " created_in TEXT NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,"
        f" state INTEGER NOT NULL, {columns}, {beside}UNIQUE (scope, record)) STRICT"
    )


def shape(record_types: Mapping[str, RecordType]) -> str:
    """Give the fingerprint of the projected tables, the declarations and the fold."""
    declared = [
        f"{kind} {known.schema} {field.name} {field.type.__name__} {field.item}"
        for kind, known in record_types.items()
        for field in known.fields.values()
    ]
    text = "\n".join([str(FOLD_VERSION), *declared, *projected_statements(record_types)])
    return hashlib.sha256(text.encode()).hexdigest()


def make_projected(connection: Connection, record_types: Mapping[str, RecordType]) -> None:
    """Drop whatever projected tables there are and make them empty in their present shape."""
    tables = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'projected_%'"
        " AND name NOT LIKE 'projected_search_%'"
    ).scalars()
    for name in list(tables):
        connection.exec_driver_sql(f"DROP TABLE {name}")
    for statement in projected_statements(record_types):
        connection.exec_driver_sql(statement)


def note_projected(
    connection: Connection, record_types: Mapping[str, RecordType], officers: str
) -> None:
    """Note what the projected tables were folded by: their shape, and the officers' keys."""
    connection.exec_driver_sql(
        "INSERT INTO setting (name, value) VALUES ('projected_shape', ?), ('projected_officers', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (shape(record_types), officers),
    )


def noted_projected(connection: Connection) -> tuple[str, str]:
    """Give the shape and the officers' keys the projected tables were folded by."""
    found = {
        row[0]: str(row[1])
        for row in connection.exec_driver_sql(
            "SELECT name, value FROM setting"
            " WHERE name IN ('projected_shape', 'projected_officers')"
        )
    }
    return found.get("projected_shape", ""), found.get("projected_officers", "")
