"""Whose a feed is: what proves that a replica's key may write for a school or the district.

An identity is text of a few lines: the chain of the ticket the laptop joined with, a direct
certificate, or both. The district's own replicas need none, since ``district.json`` names their
keys. No identity is no accusation: such a feed waits until an officer has compared fingerprints.
"""

from __future__ import annotations

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.identity import feed_id, is_common, key_id
from desktop_app.security import certificate
from desktop_app.security.district import District
from desktop_app.security.ticket import ROLE, verify_ticket_chain

_CHAIN_BEGINS = "{"
LARGEST = 64 * 1024


def write_identity(chain: str, direct: str | None = None) -> bytes:
    """Put a ticket chain and a direct certificate together."""
    lines = [chain] if direct is None else [chain, direct]
    return "\n".join(lines).encode()


def prove(public: bytes, scope: str, identity: str, district: District | None) -> FeedFacts | None:
    """Prove a school's feed; None where nothing speaks for it, or nothing is known to judge by.

    Raises:
        UntrustedError: ``bundle.unknown_signer``: something speaks for it that does not hold.
    """
    if not identity or district is None:
        return None
    lead: bytes | None = None
    if len(identity) > LARGEST or is_common(scope):
        raise UntrustedError("bundle.unknown_signer", cause="form")
    try:
        for line in identity.split("\n"):
            if line.startswith(_CHAIN_BEGINS):
                use = verify_ticket_chain(line, district.authorities, replica=public, scope=scope)
                lead = use.ticket
            else:
                _prove_direct(line, public, scope, district)
    except UntrustedError as error:
        raise UntrustedError("bundle.unknown_signer", cause=error.code) from error
    return FeedFacts(
        feed=feed_id(public, scope),
        scope=scope,
        district=False,
        lead=None if lead is None else key_id(lead),
        lead_public=lead,
    )


def _prove_direct(line: str, public: bytes, scope: str, district: District) -> None:
    """Check a direct certificate: this key, this school, and not the key of a mere ticket."""
    proven = certificate.read(line, district.authorities)
    if (proven.public, proven.scope) != (public, scope) or ROLE in proven.roles:
        raise UntrustedError("certificate.wrong_principal")


def prove_district(public: bytes, scope: str, district: District | None) -> FeedFacts | None:
    """Prove a feed of the district by its document; None where there is no document.

    Raises:
        UntrustedError: ``bundle.unknown_signer``: the document does not name the key, or the
            scope is none of this district's.
    """
    if district is None:
        return None
    known = scope == f"district:{district.code}" or district.school(scope) is not None
    if public not in district.feed_keys or not known:
        raise UntrustedError("bundle.unknown_signer", cause="district")
    return FeedFacts(feed=feed_id(public, scope), scope=scope, district=True)
