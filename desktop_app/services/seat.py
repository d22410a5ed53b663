"""Which seat a data folder serves: desk 登记台, school lead 校级 or district 区级."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.durable.files import read_limited, write_atomically

if TYPE_CHECKING:
    from desktop_app.storage.database import Database

SEAT_FILE = "seat.json"
_PINNED = "seat_pinned"
_LARGEST = 4096
KINDS = ("desk", "school", "district")


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat: what it may do, whose feeds it writes, and the name shown at login."""

    kind: str
    code: str
    name: str

    @property
    def scope(self) -> str:
        """Give the scope this seat writes for."""
        return f"district:{self.code}" if self.kind == "district" else self.code


def check_seat(kind: str, code: str) -> None:
    """Check a seat asked for at set-up.

    Raises:
        RuleError: no such seat, or the code has not its ten (district: six) digits.
    """
    if kind not in KINDS:
        raise RuleError("seat.unknown", seat=kind[:20])
    length = 6 if kind == "district" else 10
    if not (code.isascii() and code.isdigit() and len(code) == length):
        raise RuleError("seat.code", digits=length)


def write_seat(folder: Path, seat: Seat) -> None:
    """Write the seat beside the vault; it holds no personal data and is shown before login."""
    text = json.dumps(asdict(seat), ensure_ascii=False, separators=(",", ":"))
    write_atomically(folder / SEAT_FILE, text.encode())


def pin_seat(database: Database, seat: Seat) -> None:
    """Keep the seat in the encrypted database, where nobody without a password can change it."""
    from desktop_app.storage.settings import write_setting  # not before the login is painted

    with database.write() as connection:
        write_setting(connection, _PINNED, json.dumps(asdict(seat)))


def hold_seat(database: Database, seat: Seat) -> None:
    """Hold the seat file against what the database says of itself.

    Raises:
        UntrustedError: the file beside the vault was changed.
    """
    from desktop_app.storage.settings import read_setting

    with database.read() as connection:
        pinned = read_setting(connection, _PINNED)
    if pinned and json.loads(pinned) != asdict(seat):
        raise UntrustedError("seat.changed")


def read_seat(folder: Path) -> Seat:
    """Read a folder's seat.

    Raises:
        UntrustedError: the file is damaged.
        WorkplaceError: there is none.
    """
    try:
        seat = _seat(json.loads(read_limited(folder / SEAT_FILE, _LARGEST).decode()))
        check_seat(seat.kind, seat.code)
    except (ValueError, RecursionError, RuleError) as error:  # no JSON, or no UTF-8
        raise UntrustedError("seat.damaged") from error
    return seat


def _seat(found: object) -> Seat:
    """Take a seat out of decoded JSON; what a later version adds is passed over.

    Raises:
        ValueError: it is none.
    """
    given = found if isinstance(found, dict) else {}
    values = [value for name in Seat.__slots__ if isinstance(value := given.get(name), str)]
    if len(values) != len(Seat.__slots__):
        raise ValueError("seat")
    return Seat(*values)
