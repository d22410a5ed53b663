"""Tickets: how a laptop joins with no network.

A ticket is for one laptop: a fresh Ed25519 key that the district's authority certifies for one
school, with the mark and the block of numbers for receipts. It travels as a file; the private key
in it opens with a code that travels on paper. The laptop makes its own keys, and the ticket
certifies them on the spot, so its first bundle can be verified by everybody. A ticket used for
two laptops shows as one serial under two keys. Exact form: docs/format-security.md, Ticket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.security import box, certificate, district, paper, sshsig
from desktop_app.security.box import TypedBox, WrongKeyError
from desktop_app.security.certificate import Certificate
from desktop_app.security.district import District, SignedDistrict
from desktop_app.security.keys import SigningKey
from desktop_app.security.memory import wipe
from desktop_app.security.seal import check_recipient

ROLE = "ticket"
CODE_GROUPS = 3  # 60 random bits, behind Argon2id
LIMIT = 8 << 20
HIGHEST_NUMBER = 999_999
"""A receipt number has six digits at most, and three signs for the desk."""

_KIND = "enrollment-ticket"
_USE = "enrollment-ticket-use"
_SUCCESSION = "enrollment-ticket-succession"
_MARK = re.compile(r"[0-9A-Z]{1,3}")
_NUMBERS = re.compile(r"([1-9][0-9]{0,9})-([1-9][0-9]{0,9})")
_CHAIN_LIMIT = 64 * 1024
MOST_ENDED = 200
"""Names of 20 characters: a certificate stays far below what stock tools read."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a ticket gives: a school, the laptop's mark, its numbers (both ends included)."""

    school: str
    mark: str
    first: int
    last: int
    escrow: str
    """The age recipient to whom the laptop's vault is to be entrusted."""
    ended: tuple[str, ...] = ()
    """The school's feeds the district has ended: a laptop that writes one begins another."""


@dataclass(frozen=True, slots=True)
class TicketUse:
    """A proven use: this replica key may write for this scope by this ticket."""

    replica: bytes
    scope: str
    grant: Grant
    serial: int
    ticket: bytes
    """The ticket's public key."""
    succession: bool = False
    """Whether the replica is a lost one, for which its successor's ticket speaks."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """An opened ticket, with the district's document it came with."""

    certificate: Certificate
    grant: Grant
    district: District
    signed_district: SignedDistrict
    key: SigningKey

    def certify(self, feed_public: bytes, scope: str, *, succession: bool = False) -> str:
        """Certify a replica key for this ticket's school; give the chain as it travels.

        Args:
            feed_public: this laptop's own key, or a lost one's that it succeeds.
            scope: the school.
            succession: the key is a lost laptop's, which nobody spoke for while it lived.

        Raises:
            RuleError: ``ticket.other_school``.
        """
        if scope != self.certificate.scope:
            raise RuleError("ticket.other_school")
        kind = _SUCCESSION if succession else _USE
        statement = msgspec.json.encode(
            _Statement(kind, feed_public, scope, self.certificate.serial)
        )
        line = self.certificate.line
        signature = sshsig.sign(self.key, sshsig.TICKET, statement, certificate=line)
        return msgspec.json.encode(_Chain(line, statement.decode(), signature)).decode()


_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class _TicketFile(msgspec.Struct, frozen=True):
    kind: str
    certificate: str
    district: bytes
    district_signature: str
    box: TypedBox


class _Statement(msgspec.Struct, frozen=True):
    kind: str
    key: bytes
    scope: str
    serial: int


class _Chain(msgspec.Struct, frozen=True):
    certificate: str
    statement: str
    signature: str


def issue_ticket(
    authority: SigningKey, signed: SignedDistrict, grant: Grant, serial: int
) -> tuple[bytes, str]:
    """Make a ticket; give the file and the code for the paper.

    Raises:
        RuleError: ``ticket.unknown_school``, ``ticket.bad_numbers``.
        UntrustedError: the escrow is no recipient.
    """
    listed = district.parse(signed.data)
    if listed.school(grant.school) is None or authority.public not in listed.authorities:
        raise RuleError("ticket.unknown_school")
    facts = write_grant(grant)
    if grant.ended:
        facts["ended"] = " ".join(sorted(grant.ended)[:MOST_ENDED])
    key, code = SigningKey.generate(), paper.make_code(CODE_GROUPS)
    principals = [certificate.principal_of(grant.school)]
    line = certificate.issue(authority, key.public, principals, serial, [ROLE], _KIND, facts)
    typed, private = paper.read_code(code, CODE_GROUPS), key.private_bytes()
    locked = box.lock_typed(typed, private, _context(line))
    wipe(typed, private)
    content = _TicketFile(_KIND, line, signed.data, signed.signature, locked)
    return msgspec.json.encode(content) + b"\n", code


def open_ticket(data: bytes, paper_code: str, fingerprint: str) -> Ticket:
    """Open a ticket with what was typed from paper: its code and the district's fingerprint.

    Raises:
        RuleError: the code or the fingerprint is mistyped, or ``ticket.wrong_code``.
        UntrustedError: ``ticket.malformed``, another district's, or not what its authority signed.
    """
    content = _decode(data, LIMIT, _TicketFile)
    if content.kind != _KIND:
        raise UntrustedError("ticket.malformed")
    signed = SignedDistrict(content.district, content.district_signature)
    known = district.read(signed, fingerprint=fingerprint)
    proven, grant = _read_certificate(content.certificate, known.authorities)
    typed = paper.read_code(paper_code, CODE_GROUPS)
    try:
        private = box.unlock_typed(typed, content.box, _context(proven.line))
    except WrongKeyError as error:
        raise RuleError("ticket.wrong_code") from error
    finally:
        wipe(typed)
    if len(private) != len(proven.public):
        raise UntrustedError("ticket.malformed")
    key = SigningKey.from_private_bytes(bytes(private))
    wipe(private)
    if key.public != proven.public:
        raise UntrustedError("ticket.malformed")
    return Ticket(proven, grant, known, signed, key)


def verify_ticket_chain(
    chain: str | bytes, authorities: Iterable[bytes], *, replica: bytes, scope: str
) -> TicketUse:
    """Prove that a ticket of one of these authorities certified this replica for this scope.

    Raises:
        UntrustedError: ``ticket.malformed``, ``ticket.other_use`` (another replica, school or
            serial), an unknown authority, or a wrong signature.
    """
    text = chain.encode() if isinstance(chain, str) else chain
    content = _decode(text, _CHAIN_LIMIT, _Chain)
    proven, grant = _read_certificate(content.certificate, authorities)
    statement = content.statement.encode()
    sshsig.verify(proven.public, sshsig.TICKET, statement, content.signature)
    said = _decode(statement, _CHAIN_LIMIT, _Statement)
    succession = said.kind == _SUCCESSION
    meant = _Statement(_SUCCESSION if succession else _USE, replica, scope, proven.serial)
    if said != meant or scope != proven.scope:
        raise UntrustedError("ticket.other_use")
    return TicketUse(replica, scope, grant, proven.serial, proven.public, succession)


def _read_certificate(line: str, authorities: Iterable[bytes]) -> tuple[Certificate, Grant]:
    """Prove a ticket's certificate, and read what it grants."""
    proven = certificate.read(line, authorities)
    if proven.roles != (ROLE,):
        raise UntrustedError("ticket.malformed")
    return proven, read_grant(proven)


def write_grant(grant: Grant) -> dict[str, str]:
    """Write what is granted as the facts of a certificate.

    Raises:
        RuleError: ``ticket.bad_numbers``.
        UntrustedError: the escrow is no recipient.
    """
    if not _MARK.fullmatch(grant.mark) or not 1 <= grant.first <= grant.last <= HIGHEST_NUMBER:
        raise RuleError("ticket.bad_numbers")
    return {
        "mark": grant.mark,
        "numbers": f"{grant.first}-{grant.last}",
        "escrow": check_recipient(grant.escrow),
    }


def read_grant(proven: Certificate) -> Grant:
    """Read what a proven certificate grants.

    Raises:
        UntrustedError: ``ticket.malformed``.
    """
    facts = proven.facts
    mark, numbers = facts.get("mark", ""), _NUMBERS.fullmatch(facts.get("numbers", ""))
    if not _MARK.fullmatch(mark) or numbers is None:
        raise UntrustedError("ticket.malformed")
    first, last = int(numbers[1]), int(numbers[2])
    if not first <= last <= HIGHEST_NUMBER:
        raise UntrustedError("ticket.malformed")
    escrow = check_recipient(facts.get("escrow", ""))
    ended = tuple(facts.get("ended", "").split())
    return Grant(proven.scope, mark, first, last, escrow, ended)


def _decode(data: bytes, limit: int, kind: type[_Struct]) -> _Struct:
    if len(data) > limit:
        raise UntrustedError("ticket.malformed")
    try:
        return msgspec.json.decode(data, type=kind)
    except (ValueError, RecursionError) as error:
        raise UntrustedError("ticket.malformed") from error


def _context(line: str) -> bytes:
    return b"enrollment-ticket\0" + line.encode()
