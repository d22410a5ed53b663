"""Joining with no network: a ticket certifies this laptop on the spot (design §5, Joining)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.domain.acts import write_roles
from desktop_app.domain.errors import RuleError
from desktop_app.durable.files import read_limited
from desktop_app.feeds.authority import FeedFacts
from desktop_app.security.ticket import LIMIT, Ticket, open_ticket
from desktop_app.services.practice import refuse_practice
from desktop_app.services.rotation import finish_rotation
from desktop_app.services.setup import FIRST_ROLES, begin_anew
from desktop_app.services.ticket_desk import SUFFIX
from desktop_app.services.trust_store import load_district, store_district
from desktop_app.services.workplace import Workplace, signer_of
from desktop_app.storage import exchange
from desktop_app.storage.numbers import close_blocks, grant_block, open_marks
from desktop_app.storage.work import Actor, Work
from desktop_app.sync.identity import write_identity

MOST_TICKETS = 50
"""A district may put the tickets of a school's laptops, or of all schools, on one stick."""


@dataclass(frozen=True, slots=True)
class JoinStanding:
    """Whether this computer has joined, and whom; ``district`` is empty before the first time.

    A successor holds the district's document and still has to join: nobody vouches for its key.
    """

    joined: bool
    district: str
    number: int
    mark: str


class JoiningDesk:
    """The use cases of the page on which a school's computer joins 接入区局."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace of a school."""
        self._workplace = workplace

    def standing(self) -> JoinStanding:
        """Say how this computer stands to the district."""
        district = self._workplace.district
        joined = district is not None and has_joined(self._workplace)
        with self._workplace.database.read() as connection:
            marks = open_marks(connection) if joined else ()
        name, number = ("", 0) if district is None else (district.name, district.number)
        return JoinStanding(joined, name, number, marks[-1] if marks else "")

    def tickets(self, place: Path) -> tuple[Path, ...]:
        """Find tickets in a folder or a stick, or take the file named; this school's come first.

        A place that is not there, or is just being pulled, has none.
        """
        try:
            if place.is_file():
                return (place,)
            found = [*place.glob(f"*{SUFFIX}"), *place.glob(f"*/*{SUFFIX}")]
        except OSError:
            return ()
        own = self._workplace.seat.code
        listed = sorted(found, key=lambda one: (not one.name.startswith(own), one.name))
        return tuple(listed[:MOST_TICKETS])

    def join(self, ticket: Path, paper_code: str, fingerprint: str) -> JoinStanding:
        """Join with a ticket's file and what stands on its paper.

        Raises:
            ProductError: as ``use_ticket``, or the file cannot be read.
        """
        use_ticket(self._workplace, read_limited(ticket, LIMIT), paper_code, fingerprint)
        return self.standing()


def has_joined(workplace: Workplace) -> bool:
    """Say whether the district vouches for what this computer writes."""
    return bool(workplace.own_feed().identity)


def use_ticket(workplace: Workplace, ticket: bytes, paper_code: str, fingerprint: str) -> None:
    """Let this laptop join with a ticket: from now on everybody can prove what it writes.

    The ticket certifies the replica's key, gives the numbers for receipts, brings the district's
    document and its escrow, and grants the acting person the first roles in this feed. A laptop
    that the district has ended begins another feed: what it wrote in the old one would not count.

    Raises:
        RuleError: what was typed is wrong, the ticket is another school's, or this is no school.
        UntrustedError: the ticket is not what the district's authority signed.
        WorkplaceError: the disk refused.
    """
    if workplace.seat.kind == "district":
        raise RuleError("ticket.other_school")
    refuse_practice(workplace)
    opened = open_ticket(ticket, paper_code, fingerprint)
    _check_school(opened, workplace.seat.scope)
    if workplace.own_feed().facts.feed in opened.grant.ended:
        begin_anew(workplace)
    own = workplace.own_feed()
    chain = opened.certify(own.public, own.facts.scope)
    # The document first: if the power goes now, the ticket can simply be used again.
    signed = opened.signed_district
    store_district(workplace.database, signed.data, signed.signature.encode())
    workplace.district = load_district(workplace.database)
    facts = FeedFacts(
        feed=own.facts.feed,
        scope=own.facts.scope,
        district=False,
        lead=opened.key.key_id,
        lead_public=opened.key.public,
    )
    actor = Actor(workplace.person, signer_of(opened.key))
    workplace.introduce = None
    with workplace.journal.begin(actor, own.facts.scope) as work:
        work.prove_feed(facts, write_identity(chain))
        _speak_for_predecessors(work, opened, facts)
        _take_numbers(work, opened)
        _grant_first_roles(workplace, work)
    workplace.session.set_escrow(opened.grant.escrow)
    finish_rotation(workplace.session, workplace.database, workplace.computer)


def _check_school(opened: Ticket, ours: str) -> None:
    """Refuse another school's ticket, and name both schools."""
    theirs = opened.grant.school
    if theirs != ours:
        named = {one.code: f"{one.name}（{one.code}）" for one in opened.district.schools}
        raise RuleError(
            "join.other_school", ours=named.get(ours, ours), theirs=named.get(theirs, theirs)
        )


def _speak_for_predecessors(work: Work, opened: Ticket, own: FeedFacts) -> None:
    """Certify the feeds this folder was written with before, by computers that never joined.

    Feeds that nobody speaks for wait outside of the journal, so one that is held without an
    identity and is not our own any more is what a copied or restored folder left behind.
    """
    for row in list(work.feeds.values()):
        theirs = row.own or row.facts.district or row.facts.scope != own.scope
        if row.identity is None and row.sequence and not theirs:
            chain = opened.certify(row.public, own.scope, succession=True)
            work.prove_feed(replace(own, feed=row.facts.feed), write_identity(chain))


def _take_numbers(work: Work, opened: Ticket) -> None:
    """Take the ticket's block of receipt numbers and give no more from any other."""
    school = opened.district.school(opened.grant.school)
    mark = opened.grant.mark if school is None else f"{school.mark}-{opened.grant.mark}"
    grant_block(work.connection, mark, opened.grant.first, opened.grant.last)
    close_blocks(work.connection, mark)


def _grant_first_roles(workplace: Workplace, work: Work) -> None:
    """Have the ticket's key grant the acting person: it leads in this feed, on every computer."""
    keys = next(one for one in workplace.session.people() if one.person_id == workplace.person)
    work.create(
        "person",
        {
            "full_name": keys.name,
            "roles": write_roles(FIRST_ROLES),
            "sign_key": keys.sign_public.hex(),
            "seal_key": keys.recipient,
        },
        record=keys.person_id,
        signed=True,
    )


def tickets_used_twice(workplace: Workplace) -> list[tuple[str, tuple[str, ...]]]:
    """Give the tickets (by their key's id) with which several laptops joined, with their feeds."""
    with workplace.database.read() as connection:
        return exchange.shared_leads(connection)
