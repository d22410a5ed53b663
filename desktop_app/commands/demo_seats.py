"""The seats of the demo: a district and a school, set up from nothing, and people who log in.

Every password is drawn anew and lives in this process alone; each step logs in again as whoever
does it, the way people take turns at one computer.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.domain.acts import Role
from desktop_app.policy.package import Policy
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.people import PeopleDesk
from desktop_app.services.setup import NewFolder, create_workplace, open_workplace
from desktop_app.services.workplace import Workplace, closing
from desktop_app.sync.joining import use_ticket

OFFICER, PRINCIPAL, REGISTRAR, REVIEWER = "周敏", "陈国梁", "刘芳", "王建军"
MARK, FIRST_NUMBER, LAST_NUMBER = "2", 1, 999_999
_PASSWORD_BYTES = 12


@dataclass(slots=True)
class Seats:
    """The folders of the demo and the people who use them."""

    out: Path
    policy: Policy
    school: str
    recovery_code: str = ""
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def district_data(self) -> Path:
        """Give the district's data folder."""
        return self.out / "district"

    @property
    def school_data(self) -> Path:
        """Give the school's data folder."""
        return self.out / "school"

    def folder(self, name: str) -> Path:
        """Make a folder beside them, such as a stick, and give it."""
        folder = self.out / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def password(self, name: str) -> str:
        """Draw a person's password, once."""
        return self.passwords.setdefault(name, secrets.token_urlsafe(_PASSWORD_BYTES))

    @contextlib.contextmanager
    def district(self) -> Iterator[Workplace]:
        """Log in as the officer."""
        with closing(self._open(self.district_data, OFFICER)) as workplace:
            yield workplace

    @contextlib.contextmanager
    def at_school(self, name: str) -> Iterator[Workplace]:
        """Log in at the school as one of its people."""
        with closing(self._open(self.school_data, name)) as workplace:
            yield workplace

    def _open(self, folder: Path, name: str) -> Workplace:
        return open_workplace(folder, name, self.password(name), self.policy)


def set_up_district(seats: Seats) -> tuple[bytes, str, str]:
    """Set up the district, and give a ticket for the school: file, code, fingerprint."""
    new = NewFolder(
        seats.district_data, "district", seats.policy.district, seats.policy.district_label, OFFICER
    )
    workplace, _ = create_workplace(new, seats.password(OFFICER), seats.policy)
    with closing(workplace):
        office = DistrictOffice(workplace)
        published = office.found(seats.folder("district-root"), seats.password("root"))
        ticket = office.issue(seats.school, MARK, FIRST_NUMBER, LAST_NUMBER)
        return ticket.file, ticket.code, published.fingerprint


def set_up_school(seats: Seats, ticket: bytes, code: str, fingerprint: str) -> None:
    """Set up the school, join with the ticket, and let registrar and reviewer in."""
    label = seats.policy.schools[seats.school].label
    new = NewFolder(seats.school_data, "school", seats.school, label, PRINCIPAL)
    workplace, seats.recovery_code = create_workplace(new, seats.password(PRINCIPAL), seats.policy)
    with closing(workplace):
        use_ticket(workplace, ticket, code, fingerprint)
        people = PeopleDesk(workplace)
        people.add(REGISTRAR, seats.password(REGISTRAR), [Role.REGISTRAR])
        people.add(REVIEWER, seats.password(REVIEWER), [Role.REVIEWER])
