"""People 人员: who works at this computer, with which roles, and who no longer does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain.acts import SCHOOL_ROLES, Role, read_roles, write_roles
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.security.passwords import Password
from desktop_app.security.persons import PersonKeys
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


class PeopleDesk:
    """Let persons in and end them; the lead signs both."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def add(self, name: str, password: Password, roles: Iterable[Role]) -> PersonKeys:
        """Make a person's slot and keys, and grant the roles with the acting lead's signature.

        Raises:
            RuleError: no role, a role only the district grants, a taken name or a weak password.
        """
        wanted = frozenset(roles)
        if not wanted or not wanted <= self._grantable():
            raise RuleError("people.roles")
        keys = self._workplace.session.add_person(name, password)
        grant(self._workplace, self._workplace.actor(), keys, wanted)
        return keys

    def _grantable(self) -> frozenset[Role]:
        return frozenset(Role) if self._workplace.seat.kind == "district" else SCHOOL_ROLES

    def end(self, name: str) -> None:
        """End a person here: their slot goes, the master key is new, later signatures are void.

        Raises:
            RuleError: it is the acting person, or nobody of that name.
        """
        session = self._workplace.session
        keys = next((one for one in session.people() if one.name == name), None)
        if keys is None:
            raise RuleError("people.unknown")
        if keys.person_id == self._workplace.person:
            raise RuleError("people.self")
        with self._workplace.journal.begin(
            self._workplace.actor(), self._workplace.seat.scope
        ) as work:
            places = " ".join(
                f"{feed}:{row.sequence}"
                for feed, row in sorted(oplog.load_feeds(work.connection).items())
                if row.facts.scope == work.scope
            )
            values: dict[str, Value] = {"ended": True, "acts_until": places}
            work.edit("person", keys.person_id, values, act="end", signed=True)
        session.remove_person(name)
        finish_rotation(session, self._workplace.database, self._workplace.computer)

    def lines(self) -> tuple[PersonLine, ...]:
        """List everybody granted here, and whether they open this computer."""
        here = {one.person_id for one in self._workplace.session.people()}
        with self._workplace.journal.begin(
            self._workplace.actor(), self._workplace.seat.scope
        ) as work:
            rows = work.rows("person")
        return tuple(
            PersonLine(
                key=row.record,
                name=row.text("full_name"),
                roles=read_roles(row.text("roles")),
                ended=row.values.get("ended") is True,
                opens_this_computer=row.record in here,
            )
            for row in rows
        )

    def roles(self) -> frozenset[Role]:
        """Give the acting person's roles as granted."""
        for line in self.lines():
            if line.key == self._workplace.person and not line.ended:
                return line.roles
        return frozenset({Role.OFFICER}) if self._is_named_officer() else frozenset()

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
