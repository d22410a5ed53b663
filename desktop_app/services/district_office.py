"""The district office 区级: its root, its certificate authority, its document, its tickets.

The root key goes to a stick of its own and from there into a safe; it signs the numbered
``district.json``. The authority, which signs tickets, is needed at every joining, so it lies in the
data folder, sealed to the officers' own keys: whoever logs in as an officer can use it, and nobody
else. A lost authority is replaced by publishing the next document with another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.files import make_private_folder, read_limited, write_atomically
from desktop_app.security.admission import issue_admission
from desktop_app.security.district import District, DistrictRoot, Officer, School
from desktop_app.security.keys import SigningKey
from desktop_app.security.memory import wipe
from desktop_app.security.paper import fingerprint
from desktop_app.security.passwords import Password
from desktop_app.security.persons import PersonKeys
from desktop_app.security.seal import open_bytes, seal_bytes
from desktop_app.security.ticket import MOST_ENDED, Grant, issue_ticket
from desktop_app.services.people import PeopleDesk
from desktop_app.services.serials import fresh_serial
from desktop_app.services.setup import renew_district
from desktop_app.services.trust_store import held_district, store_district
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows

ROOT_FILE = "root.key"
AUTHORITY_FILE = "authority.age"
_AUTHORITY_LIMIT = 64 * 1024
_OFFICER_ROLES = (Role.OFFICER.value,)


def is_unpublished(workplace: Workplace) -> bool:
    """Tell whether the district's document leaves out its computer's key, as after a restore.

    Whatever such a computer packs is refused by every school, until the next document names it.
    """
    document = workplace.district
    if workplace.seat.kind != "district" or document is None:
        return False
    return workplace.computer.key.public not in document.feed_keys


@dataclass(frozen=True, slots=True)
class Published:
    """What a district has said: the document's number, and what its root's paper shows."""

    number: int
    fingerprint: str
    schools: int


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """A ticket: the file for the stick and the code for the paper."""

    file: bytes
    code: str
    mark: str
    serial: int


class DistrictOffice:
    """What only the district does: its document and its tickets."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open district workplace.

        Raises:
            RuleError: it is a school's.
        """
        if workplace.seat.kind != "district":
            raise RuleError("office.not_district")
        self._workplace = workplace

    def found(self, root_folder: Path, passphrase: Password) -> Published:
        """Make root and authority, and publish the first document.

        Raises:
            RuleError: there is a root in that folder, or the passphrase is weak.
            WorkplaceError: the disk refused.
        """
        path = root_folder / ROOT_FILE
        if path.exists():
            raise RuleError("office.root_exists")
        make_private_folder(root_folder)
        root, authority = DistrictRoot.create(), SigningKey.generate()
        root.save(path, passphrase)
        workplace = self._workplace
        document = District(
            code=workplace.seat.code,
            name=workplace.seat.name,
            number=1,
            root=root.public,
            authorities=(authority.public,),
            feed_keys=(workplace.computer.key.public,),
            recipients=(),
            schools=self._schools(),
        )
        return self._publish(root, document, authority, None)

    def _schools(self) -> tuple[School, ...]:
        """Give the schools of the policy package in use."""
        schools = self._workplace.policy.schools
        return tuple(School(code, one.label, one.mark) for code, one in schools.items())

    def publish_again(self, root_folder: Path, passphrase: Password) -> Published:
        """Publish the next document: today's officers, this computer and the schools are in it.

        A school that the policy package in use no longer lists stays: what it has sent is held.
        An authority this officer cannot open, as after a restore by the code, gets another beside
        it: what the old one signed goes on to count.

        Raises:
            RuleError: the passphrase is wrong.
            UntrustedError: the root's file is damaged.
        """
        root = DistrictRoot.load(root_folder / ROOT_FILE, passphrase)
        before, authority = self._document(), self._authority_or_another()
        keys = dict.fromkeys((*before.feed_keys, self._workplace.computer.key.public))
        schools = {one.code: one for one in (*before.schools, *self._schools())}
        document = replace(
            before,
            number=before.number + 1,
            authorities=tuple(dict.fromkeys((*before.authorities, authority.public))),
            feed_keys=tuple(keys),
            schools=tuple(schools.values()),
        )
        return self._publish(root, document, authority, before)

    def _publish(
        self,
        root: DistrictRoot,
        document: District,
        authority: SigningKey,
        before: District | None,
    ) -> Published:
        people = self._officers()
        recipients = tuple(one.recipient for one in people)
        officers = tuple(Officer(one.sign_public, _OFFICER_ROLES) for one in people)
        document = replace(document, recipients=recipients, officers=officers)
        signed = root.publish(document, previous=before)
        self._keep_authority(authority, people)
        store_district(self._workplace.database, signed.data, signed.signature.encode())
        renew_district(self._workplace)
        return Published(document.number, root.fingerprint, len(document.schools))

    def _officers(self) -> tuple[PersonKeys, ...]:
        """Give the keys of those who are officers now and log in at this computer."""
        named = {
            line.key
            for line in PeopleDesk(self._workplace).lines()
            if Role.OFFICER in line.roles and not line.ended
        }
        return tuple(one for one in self._workplace.session.people() if one.person_id in named)

    def _keep_authority(self, authority: SigningKey, people: tuple[PersonKeys, ...]) -> None:
        private = authority.private_bytes()
        sealed = seal_bytes(private, [one.recipient for one in people])
        wipe(private)
        write_atomically(self._workplace.folder / AUTHORITY_FILE, sealed)

    def _authority(self) -> SigningKey:
        sealed = read_limited(self._workplace.folder / AUTHORITY_FILE, _AUTHORITY_LIMIT)
        private = open_bytes(sealed, [self._workplace.session.seal])
        return SigningKey.from_private_bytes(bytes(private))

    def _authority_or_another(self) -> SigningKey:
        try:
            return self._authority()
        except UntrustedError as error:
            if error.code != "seal.not_for_us":
                raise
        return SigningKey.generate()

    def _document(self) -> District:
        if self._workplace.district is None:
            raise RuleError("office.not_founded")
        return self._workplace.district

    def fingerprint(self) -> str:
        """Give what stands on the paper that travels with tickets.

        Raises:
            RuleError: the district has no document yet.
        """
        return fingerprint(self._document().root)

    def issue(self, school: str, mark: str, first: int, last: int) -> IssuedTicket:
        """Make a ticket that lets one laptop of a school join.

        Raises:
            RuleError: no such school, or the mark or the numbers will not do.
        """
        document = self._document()
        serial = fresh_serial(self._workplace)
        ended = self._ended(school)
        grant = Grant(school, mark, first, last, document.recipients[0], ended)
        signed = held_district(self._workplace.database)
        if signed is None:
            raise RuleError("office.not_founded")
        file, code = issue_ticket(self._authority(), signed, grant, serial)
        return IssuedTicket(file, code, mark, serial)

    def _ended(self, school: str) -> tuple[str, ...]:
        """Name the feeds of a school that were ended, those of late first."""
        kind, scopes = RECORD_TYPES["feed_limit"], (self._workplace.seat.scope, school)
        with self._workplace.database.read() as connection:
            limits = [row for scope in scopes for row in read_rows(connection, kind, scope, {})]
        latest = sorted(limits, key=lambda row: -row.created_at)[:MOST_ENDED]
        return tuple(dict.fromkeys(row.text("feed") for row in latest))

    def certify(self, school: str, replica: bytes, mark: str, first: int, last: int) -> str:
        """Certify a laptop's own key, whose fingerprint was compared; give the certificate's line.

        Raises:
            RuleError: no such school, or the mark or the numbers will not do.
        """
        document = self._document()
        if document.school(school) is None:
            raise RuleError("ticket.unknown_school")
        grant = Grant(school, mark, first, last, document.recipients[0])
        return issue_admission(self._authority(), replica, grant, fresh_serial(self._workplace))
