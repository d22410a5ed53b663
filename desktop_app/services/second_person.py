"""A second person's signature 双人: who signs beside the acting person, and opens nothing by it."""

from __future__ import annotations

from desktop_app.security.passwords import Password
from desktop_app.security.vault import Vault
from desktop_app.services.workplace import Workplace, signer_of
from desktop_app.storage.journal import Actor


def second_person(workplace: Workplace, name: str, password: Password) -> Actor:
    """Let a second person sign at the acting person's computer.

    Raises:
        RuleError: wrong password, or locked out for a while.
    """
    session = Vault.open(workplace.folder).unlock(name, password)
    try:
        return Actor(session.sign.key_id, signer_of(session.sign))
    finally:
        session.close()
