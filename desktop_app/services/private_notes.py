"""Private declarations 私密申报: what a family tells of its own will, sealed to those who need it.

The text is sealed with age to the persons who review and keep the ledgers of the school and to the
district; who types it at a public desk cannot open it again. Nothing of it is in any list.
"""

from __future__ import annotations

import base64
import binascii

from desktop_app.domain.acts import Role, read_roles
from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.security.seal import open_bytes, seal_bytes
from desktop_app.services.access_log import note_access
from desktop_app.services.people import PeopleDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.journal import Work

LONGEST = 500
"""Characters of a declaration; the sealed text must fit its field for many readers."""
_MARK = "age:"
_AGE = b"age-encryption.org/v1\n"
_LIMIT = 64 * 1024
_READERS = frozenset({Role.REVIEWER, Role.LEDGER_OFFICER, Role.PRINCIPAL})


def is_sealed(note: str) -> bool:
    """Say whether a text is a sealed declaration and not one that is being typed.

    The mark alone is not enough: whoever types it at the head of a text gets the text sealed.
    """
    if not note.startswith(_MARK):
        return False
    try:
        return base64.b64decode(note.removeprefix(_MARK), validate=True).startswith(_AGE)
    except ValueError:
        return False


class PrivateNotes:
    """The use cases of the private page."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def attach(self, record: str, note: str) -> None:
        """Seal a declaration and keep it with a registration; one sealed before is kept as it is.

        Raises:
            RuleError: it is too long.
            StaleError: the registration is not there, or no longer.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            work.edit("applicant", record, {"private_note": self.sealed(work, note)})

    def sealed(self, work: Work, note: str) -> str:
        """Seal a declaration to whoever may read it, within a transaction.

        Raises:
            RuleError: it is too long.
        """
        if is_sealed(note):
            return note
        if len(note) > LONGEST:
            raise RuleError("private.too_long", limit=LONGEST)
        return self._seal(work, note)

    def _seal(self, work: Work, note: str) -> str:
        readers = {
            row.text("seal_key")
            for row in work.rows("person")
            if row.values.get("ended") is not True and read_roles(row.text("roles")) & _READERS
        }
        if self._workplace.district is not None:
            readers |= set(self._workplace.district.recipients)
        sealed = seal_bytes(note.encode(), sorted(readers - {""}))
        return _MARK + base64.b64encode(sealed).decode()

    def read(self, record: str) -> str:
        """Open a declaration for somebody who needs it, and log that they looked.

        Raises:
            RuleError: ``people.not_granted``: nobody would count who looked.
            UntrustedError: it is not sealed to the acting person, or was altered.
            StaleError: the registration is not there, or no longer.
        """
        PeopleDesk(self._workplace).must_count()
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            sealed = work.row("applicant", record).text("private_note")
            if not sealed:
                return ""
            note_access(work, record, "unmask")
        try:
            data = base64.b64decode(sealed.removeprefix(_MARK), validate=True)
        except binascii.Error as error:
            raise UntrustedError("private.damaged") from error
        return open_bytes(data, [self._workplace.session.seal], limit=_LIMIT).decode()
