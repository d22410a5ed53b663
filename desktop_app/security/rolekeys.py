"""Role keys: one age key per school and role, whose private half is sealed to the role's persons.

Sensitive free text and scan keys are sealed to role keys. A person who joins a role gets the
private half sealed to their own key; one who leaves makes a new role key necessary for what is
written from then on (what they could read before, they have read).
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.domain.errors import UntrustedError
from desktop_app.security.memory import wipe
from desktop_app.security.seal import SealKey, open_bytes, seal_bytes

_LONGEST = 256  # bytes of a private half in text form


def make_role_key() -> SealKey:
    """Make the key of a role; its ``recipient`` is public."""
    return SealKey.generate()


def wrap_role_key(role: SealKey, recipients: Iterable[str]) -> bytes:
    """Seal a role's private half to the persons of the role.

    Raises:
        UntrustedError: a recipient is none.
    """
    secret = role.secret()
    try:
        return seal_bytes(secret, recipients)
    finally:
        wipe(secret)


def unwrap_role_key(wrapped: bytes, own: SealKey, *, recipient: str) -> SealKey:
    """Open a role's private half with one's own key.

    Raises:
        UntrustedError: it is not for us, or it is another role's than ``recipient`` says.
    """
    secret = bytearray(open_bytes(wrapped, [own], limit=_LONGEST))
    try:
        role = SealKey.from_secret(secret)
    finally:
        wipe(secret)
    if role.recipient != recipient:
        raise UntrustedError("seal.other_key")
    return role
