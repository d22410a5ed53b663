"""Admissions: the direct certificate of a laptop that joins without a ticket 准入证书.

An officer has compared the fingerprint of the laptop's own key by telephone; the district's
authority then certifies that very key for one school, with the mark and the block of numbers a
ticket would have given. Unlike a ticket there is nothing in it that a finder could use.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.domain.errors import UntrustedError
from desktop_app.security import certificate
from desktop_app.security.certificate import Certificate
from desktop_app.security.keys import SigningKey
from desktop_app.security.ticket import Grant, read_grant, write_grant

ROLE = "laptop"
_NOTE = "enrollment-laptop"


def issue_admission(authority: SigningKey, replica: bytes, grant: Grant, serial: int) -> str:
    """Certify a laptop's own key; give the line as it stands in the feed's identity.

    Raises:
        RuleError: ``ticket.bad_numbers``.
        UntrustedError: the escrow is no recipient.
    """
    principals = [certificate.principal_of(grant.school)]
    facts = write_grant(grant)
    return certificate.issue(authority, replica, principals, serial, [ROLE], _NOTE, facts)


def read_admission(
    line: str, authorities: Iterable[bytes], *, replica: bytes, scope: str
) -> tuple[Certificate, Grant]:
    """Prove that one of these authorities let this very key in for this school.

    Raises:
        UntrustedError: another key or school, no admission, an unknown authority or a wrong
            signature.
    """
    proven = certificate.read(line, authorities)
    if (proven.public, proven.scope) != (replica, scope) or proven.roles != (ROLE,):
        raise UntrustedError("certificate.wrong_principal")
    return proven, read_grant(proven)
