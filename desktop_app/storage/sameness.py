"""Who certainly or nearly certainly is the same child: what a workbook's row is compared with.

At the desk ``likeness`` fetches everybody a person should look at; a workbook has nobody who looks,
and only the same number, the same certificate, or the same name, sex and birth date stop a row.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop_app.domain.duplicates import Candidate
from desktop_app.domain.names import name_key
from desktop_app.storage.applicant_file import ApplicantFile, applicant_files
from desktop_app.storage.database import Connection

_EQUAL = {
    name: f"SELECT record FROM projected_applicant WHERE scope = ? AND {name} = ?"  # noqa: S608
    for name in ("id_number", "birth_certificate")
}
# See ``likeness``: bare, ``kind = ?`` has SQLite prepare the statement anew at every binding.
_HEADS = (
    "SELECT record FROM projected_head WHERE scope = ? AND kind = +? AND field = +? AND value = ?"
)
_BORN = (
    "SELECT record, full_name, sex, state FROM projected_applicant"
    " WHERE scope = ? AND birth_date = ?"
)


def same_children(
    connection: Connection, scope: str, probe: Candidate
) -> tuple[ApplicantFile, ...]:
    """Give the registrations of a school that may be the probe's own, merged ones left out."""
    places = {(scope, record) for record in _records(connection, scope, probe)}
    return tuple(applicant_files(connection, places, merged=False)) if places else ()


def _records(connection: Connection, scope: str, probe: Candidate) -> Iterator[str]:
    for field, values in (
        ("id_number", probe.id_numbers),
        ("birth_certificate", probe.birth_certificates),
    ):
        for value in values:
            for (record,) in connection.exec_driver_sql(_EQUAL[field], (scope, value)):
                yield record
            given = (scope, "applicant", field, value)
            for (record,) in connection.exec_driver_sql(_HEADS, given):
                yield record
    for birth in probe.birth_dates:
        for record, name, sex, state in connection.exec_driver_sql(_BORN, (scope, birth)):
            # ``state``: values that do not show may be the same.
            if state or (sex in probe.sexes and name_key(name or "") in probe.name_keys):
                yield record
        given = (scope, "applicant", "birth_date", birth)
        for (record,) in connection.exec_driver_sql(_HEADS, given):
            yield record
