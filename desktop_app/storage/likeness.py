"""Who might be the same child: fetched by index, to be judged by ``domain.duplicates``.

Hidden values count too: a record is found by any value a laptop ever wrote for it that still
stands, not only by the one that shows. A finding is never a constraint, so more may be fetched
than is alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from desktop_app.domain.address import place_key
from desktop_app.domain.duplicates import Candidate
from desktop_app.domain.names import name_key
from desktop_app.feeds.identity import is_common
from desktop_app.storage.applicant_file import ApplicantFile, applicant_files
from desktop_app.storage.database import Connection
from desktop_app.storage.tables import HEADS_OF_ID, NEAR

_ID_LENGTH = 18

_EQUAL = {
    name: f"SELECT scope, record FROM projected_applicant WHERE {name} = ?"  # noqa: S608
    for name in ("id_number", "birth_certificate")
}
_NEAR = {
    name: (
        f"SELECT scope, record FROM projected_applicant WHERE {piece.format('id_number')} = ?"  # noqa: S608
        " AND length(id_number) = 18"
    )
    for name, piece in NEAR.items()
}
_NEAR_HEADS = {
    name: (
        f"SELECT scope, record FROM projected_head WHERE {piece.format('value')} = ?"  # noqa: S608
        f" AND {HEADS_OF_ID}"
    )
    for name, piece in NEAR.items()
}
# A bare ``kind = ?`` is compared with the conditions of the partial indexes, and every binding then
# has SQLite prepare the statement anew.
_HEADS = "SELECT scope, record FROM projected_head WHERE kind = +? AND field = +? AND value = ?"
_BORN = (
    "SELECT scope, record, full_name, sex, state, hukou_village, hukou_address, current_village,"
    " current_address FROM projected_applicant WHERE birth_date = ?"
)
_GUARDED = {
    name: (
        "SELECT guardian.scope, guardian.applicant FROM projected_guardian AS guardian"  # noqa: S608
        " CROSS JOIN projected_applicant AS applicant ON applicant.scope = guardian.scope"
        " AND applicant.record = guardian.applicant"
        f" WHERE guardian.{name} = ? AND (applicant.birth_date = ? OR applicant.state <> 0)"
    )
    for name in ("id_number", "phone")
}
_WARD = "SELECT scope, applicant FROM projected_guardian WHERE scope = ? AND record = ?"

Place = tuple[str, str]


def duplicate_candidates(
    connection: Connection, scope: str | None, probe: Candidate
) -> tuple[ApplicantFile, ...]:
    """Give everybody who may share a finding with the probe, itself and merged ones left out.

    Args:
        connection: a read or write transaction.
        scope: a school's code; None, or a district's scope, looks across all schools held.
        probe: what is known of the child at the desk.
    """
    wanted = None if scope is None or is_common(scope) else scope
    places = {
        place
        for place in _places(connection, probe)
        if wanted in {None, place[0]} and place[1] != probe.record
    }
    return tuple(applicant_files(connection, places, merged=False))


def _places(connection: Connection, probe: Candidate) -> Iterator[Place]:
    for field, values in (
        ("id_number", probe.id_numbers),
        ("birth_certificate", probe.birth_certificates),
    ):
        for value in values:
            yield from _read(connection, _EQUAL[field], value)
            yield from _read(connection, _HEADS, "applicant", field, value)
    for number in probe.id_numbers:
        if len(number) == _ID_LENGTH:
            yield from _near(connection, number)
    for birth in probe.birth_dates:
        yield from _born(connection, probe, birth)
        yield from _read(connection, _HEADS, "applicant", "birth_date", birth)
    yield from _guarded(connection, probe)


def _near(connection: Connection, number: str) -> Iterator[Place]:
    """Give those whose number shares a piece that one slip would leave whole."""
    pieces = {
        "a": number[:14],
        "b": number[8:17],
        "c": number[:6] + number[14:17],
        "d": number[:13] + number[15:17],
    }
    for name, piece in pieces.items():
        yield from _read(connection, _NEAR[name], piece)
        yield from _read(connection, _NEAR_HEADS[name], piece)


def _born(connection: Connection, probe: Candidate, birth: str) -> Iterator[Place]:
    """Give those born on a day who share name and sex or a home, or have values hidden."""
    for scope, record, name, sex, state, *homes in connection.exec_driver_sql(_BORN, (birth,)):
        alike = sex in probe.sexes and name_key(name or "") in probe.name_keys
        if alike or state or _lives_alike(probe, homes):
            yield (scope, record)


def _lives_alike(probe: Candidate, homes: Sequence[str | None]) -> bool:
    """Say whether one of two homes, each a village and a door, is the probe's."""
    if not probe.addresses:
        return False
    pairs = zip(homes[::2], homes[1::2], strict=True)
    return any(place_key(place or "", door or "") in probe.addresses for place, door in pairs)


def _guarded(connection: Connection, probe: Candidate) -> Iterator[Place]:
    """Give the wards of guardians with the same number or telephone, born on the same day."""
    for field, values in (("id_number", probe.guardian_numbers), ("phone", probe.phones)):
        for value in values:
            for birth in probe.birth_dates:
                yield from _read(connection, _GUARDED[field], value, birth)
            hidden: Iterable[Place] = list(_read(connection, _HEADS, "guardian", field, value))
            for scope, guardian in hidden:
                yield from _read(connection, _WARD, scope, guardian)


def _read(connection: Connection, statement: str, *parameters: str) -> Iterator[Place]:
    for scope, record in connection.exec_driver_sql(statement, parameters):
        if record is not None:
            yield (scope, record)
