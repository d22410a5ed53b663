"""Letting a laptop in without a ticket 核对身份: its fingerprint is compared by telephone.

What the laptop left on the stick (its hello) names its key and who leads on it. The officer types
the fingerprint that the school reads out; only where it is the key's own does anything happen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain.acts import SCHOOL_ROLES, Role, write_roles
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.feeds.identity import key_id
from desktop_app.security.paper import same_fingerprint
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.people import PeopleDesk
from desktop_app.services.setup import FIRST_ROLES
from desktop_app.services.ticket_book import Stub, TicketBook
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import load_feeds
from desktop_app.storage.work import Work
from desktop_app.sync import hello
from desktop_app.sync.hello import Hello
from desktop_app.sync.identity import prove
from desktop_app.sync.reach import limited_feeds

LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class Admitted:
    """A laptop that was let in: its school, its feed, and the mark and numbers it was given."""

    school: str
    feed: str
    stub: Stub


def admit(
    workplace: Workplace,
    said: Hello,
    fingerprint: str,
    name: str,
    roles: Iterable[Role] = FIRST_ROLES,
) -> Admitted:
    """Let the laptop of a hello in, and grant whoever leads on it.

    Its certificate and the grant go with the next answer; mark and numbers are of the same book as
    those of tickets.

    Args:
        workplace: the district's, open.
        said: the hello, which its own key has signed.
        fingerprint: what the school read out by telephone.
        name: of whoever leads on the laptop, as the officer was told.
        roles: what they may sign as; the others on the laptop are granted by them.

    Raises:
        RuleError: ``join.fingerprint`` and whatever else is not in order; nothing has changed.
        WorkplaceError: the disk refused.
    """
    office, book = DistrictOffice(workplace), TicketBook(workplace)
    office.fingerprint()  # there must be a document
    granting = frozenset(roles)
    _check(workplace, said, fingerprint)
    _check_person(workplace, name.strip(), granting)
    workplace.ensure_feed(said.scope)
    stub = book.allot(said.scope)
    with book.giving(said.scope, stub):
        line = office.certify(said.scope, said.key, stub.mark, stub.first, stub.last)
        with workplace.journal.begin(workplace.actor(), said.scope) as work:
            _prove(workplace, work, said, line)
            _grant(work, said, name.strip(), granting)
            person = key_id(bytes.fromhex(said.people[0].sign))
            values: dict[str, Value] = {
                "feed": said.feed,
                "certificate": line,
                "person": person,
            }
            work.create("admission", values, record=said.feed, signed=True)
    hello.remember(workplace, said)
    return Admitted(said.scope, said.feed, stub)


def _check(workplace: Workplace, said: Hello, fingerprint: str) -> None:
    """Refuse whoever needs not or may not be let in."""
    district = workplace.district
    if district is None or district.school(said.scope) is None:
        raise RuleError("join.unknown_school", school=said.scope)
    with workplace.database.read() as connection:
        feeds = load_feeds(connection)
        revoked = limited_feeds(connection, feeds)
    if said.feed in revoked:
        raise RuleError("join.revoked")
    if not same_fingerprint(fingerprint, said.key):
        raise RuleError("join.fingerprint")
    if hello.is_proven(said, feeds, district):
        raise RuleError("join.let_in_before")


def _check_person(workplace: Workplace, name: str, roles: frozenset[Role]) -> None:
    if not PeopleDesk(workplace).grantable():
        raise RuleError("people.not_allowed")
    if not roles or not roles <= SCHOOL_ROLES:
        raise RuleError("people.roles")
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise RuleError("vault.bad_name", longest=LONGEST_NAME)


def _prove(workplace: Workplace, work: Work, said: Hello, line: str) -> None:
    """Note what speaks for the feed from now on."""
    facts = prove(said.key, said.scope, line, workplace.district)
    if facts is None:  # the district has a document, so the certificate was judged
        raise LookupError
    if said.feed in work.feeds:
        work.prove_feed(facts, line.encode())
    else:
        work.add_feed(facts, said.key, line.encode())


def _grant(work: Work, said: Hello, name: str, roles: frozenset[Role]) -> None:
    """Grant whoever leads on the laptop; somebody known already is granted anew.

    Raises:
        RuleError: ``join.person_ended``.
    """
    leader = said.people[0]
    person = key_id(bytes.fromhex(leader.sign))
    values: dict[str, Value] = {
        "full_name": name,
        "roles": write_roles(roles),
        "sign_key": leader.sign,
        "seal_key": leader.seal,
    }
    try:
        before = work.row("person", person)
    except StaleError:
        work.create("person", values, record=person, signed=True)
        return
    if before.values.get("ended") is True:
        raise RuleError("join.person_ended")
    work.edit("person", person, values, signed=True)
