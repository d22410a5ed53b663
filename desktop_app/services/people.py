"""People 人员: who works at this computer, with which roles, and who no longer does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain.acts import SCHOOL_ROLES, Role, read_roles, write_roles
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.security.passwords import Password
from desktop_app.security.persons import PersonKeys
from desktop_app.services.code_copied import await_copy, confirm_copy
from desktop_app.services.rotation import finish_rotation
from desktop_app.services.workplace import Workplace
from desktop_app.storage import oplog
from desktop_app.storage.journal import Actor

_LEAST_NAME = 2


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person as the people page lists them."""

    key: str
    name: str
    roles: frozenset[Role]
    ended: bool
    opens_this_computer: bool
    since: int = 0
    """UTC milliseconds of the grant; 0 where there is none."""


class PeopleDesk:
    """Let persons in and end them; the lead signs both."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def add(self, name: str, password: Password, roles: Iterable[Role]) -> PersonKeys:
        """Make a person's slot and keys, and grant the roles with the acting lead's signature.

        Nothing is made before it is sure that the grant will count: a slot without a grant would
        open everything to somebody nobody let in.

        Raises:
            RuleError: the acting person may let nobody in, no role or one they cannot grant, a
                taken name or a weak password.
        """
        wanted, grantable = frozenset(roles), self.grantable()
        if not grantable:
            raise RuleError("people.not_allowed")
        if not wanted or not wanted <= grantable:
            raise RuleError("people.roles")
        keys = self._workplace.session.add_person(name, password)
        grant(self._workplace, self._workplace.actor(), keys, wanted)
        return keys

    def grantable(self) -> frozenset[Role]:
        """Give the roles the acting person's signature grants (``feeds.grants`` judges alike)."""
        roles = self.roles()
        if self._workplace.seat.kind == "district":
            return frozenset(Role) if Role.OFFICER in roles else frozenset()
        if self._leads():
            return SCHOOL_ROLES
        return SCHOOL_ROLES - {Role.PRINCIPAL} if Role.PRINCIPAL in roles else frozenset()

    def _leads(self) -> bool:
        """Say whether this computer's feed itself names the acting person its lead."""
        return self._workplace.own_feed().facts.lead == self._workplace.person

    def end(self, name: str) -> None:
        """End a person here: their slot goes, the master key is new, later signatures are void.

        Raises:
            RuleError: the acting person may end nobody, it is themselves, or nobody of that name.
        """
        if not self.grantable():
            raise RuleError("people.not_allowed")
        session = self._workplace.session
        keys = next((one for one in session.people() if one.name == name), None)
        if keys is None:
            raise RuleError("people.unknown")
        if keys.person_id == self._workplace.person:
            raise RuleError("people.self")
        if any(line.key == keys.person_id and line.roles for line in self.lines()):
            self._write_end(keys.person_id)
        session.remove_person(name)
        finish_rotation(session, self._workplace.database, self._workplace.computer)

    def new_recovery_code(self) -> str:
        """Give a new recovery code for this computer; the one in the envelope opens nothing more.

        Raises:
            RuleError: the acting person may let nobody in.
        """
        if not self.grantable():
            raise RuleError("people.not_allowed")
        return self._workplace.session.new_recovery_code()

    def code_to_copy(self) -> str:
        """Give a new recovery code that is to be typed back from its paper.

        Raises:
            RuleError: the acting person may let nobody in.
            WorkplaceError: the disk refused; the old code still opens.
        """
        if self.grantable():
            await_copy(self._workplace.folder)
        return self.new_recovery_code()

    def confirm_copy(self) -> None:
        """Remember that the code was typed back.

        Raises:
            WorkplaceError: the disk refused.
        """
        confirm_copy(self._workplace.folder)

    @property
    def acting(self) -> str:
        """Give the acting person's key id."""
        return self._workplace.person

    def _write_end(self, key: str) -> None:
        with self._workplace.journal.begin(
            self._workplace.actor(), self._workplace.seat.scope
        ) as work:
            places = " ".join(
                f"{feed}:{row.sequence}"
                for feed, row in sorted(oplog.load_feeds(work.connection).items())
                if row.facts.scope == work.scope
            )
            values: dict[str, Value] = {"ended": True, "acts_until": places}
            work.edit("person", key, values, act="end", signed=True)

    def lines(self) -> tuple[PersonLine, ...]:
        """List everybody granted here, and whoever else opens this computer, without a role."""
        here = {one.person_id: one.name for one in self._workplace.session.people()}
        with self._workplace.journal.begin(
            self._workplace.actor(), self._workplace.seat.scope
        ) as work:
            rows = work.rows("person")
        granted = {row.record for row in rows}
        bare = tuple(
            PersonLine(key, name, frozenset(), ended=False, opens_this_computer=True)
            for key, name in here.items()
            if key not in granted
        )
        return bare + tuple(
            PersonLine(
                key=row.record,
                name=row.text("full_name"),
                roles=read_roles(row.text("roles")),
                ended=row.values.get("ended") is True,
                opens_this_computer=row.record in here,
                since=row.created_at,
            )
            for row in rows
        )

    def roles(self) -> frozenset[Role]:
        """Give the acting person's roles as granted."""
        for line in self.lines():
            if line.key == self._workplace.person and line.roles and not line.ended:
                return line.roles
        if self._leads():
            district = self._workplace.seat.kind == "district"
            return frozenset({Role.OFFICER}) if district else SCHOOL_ROLES
        return frozenset({Role.OFFICER}) if self._is_named_officer() else frozenset()

    def must_count(self) -> None:
        """Stop somebody whose signature nobody would count, before they believe it did.

        Raises:
            RuleError: ``people.not_granted``.
        """
        if not self.roles():
            raise RuleError("people.not_granted")

    def _is_named_officer(self) -> bool:
        return self._workplace.session.sign.public in self._workplace.officers()


def grant(workplace: Workplace, actor: Actor, keys: PersonKeys, roles: Iterable[Role]) -> None:
    """Write the grant that introduces a person's public keys, signed by ``actor``."""
    with workplace.journal.begin(actor, workplace.seat.scope) as work:
        work.create(
            "person",
            {
                "full_name": keys.name,
                "roles": write_roles(roles),
                "sign_key": keys.sign_public.hex(),
                "seal_key": keys.recipient,
            },
            record=keys.person_id,
            signed=True,
        )
