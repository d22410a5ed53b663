"""The vault of a data folder: who may open the database, and how.

A random master key gives all other keys. It is sealed to each person's own X25519 key; what opens
that is the person's password, through Argon2id. So nobody's password is needed to let somebody
else go (``session``). The printed recovery code and the district's escrow are two more holders.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Self

import msgspec

from desktop_app.domain.errors import ProductError, RuleError, UntrustedError
from desktop_app.security import kdf
from desktop_app.security.box import WrongKeyError
from desktop_app.security.keys import SigningKey
from desktop_app.security.passwords import Password, require_strong
from desktop_app.security.persons import (
    PersonKeys,
    check_name,
    make_person,
    make_recovery,
    open_masters,
    open_person,
    open_recovery,
    prove,
    public_keys,
)
from desktop_app.security.seal import SealKey
from desktop_app.security.session import MASTER_BYTES, Session
from desktop_app.security.slots import (
    SUITE,
    EscrowSlot,
    PersonSlot,
    RecoverySlot,
    SlotCopy,
    SlotFile,
    Slots,
)
from desktop_app.security.tries import Clock, Tries

VAULT_ID_BYTES = 16


class Vault:
    """A locked vault: it names who can open it, and opens to one of them."""

    def __init__(self, folder: Path, clock: Clock = time.time) -> None:
        """Look at the vault of a data folder; ``open`` and ``create`` are the ways in."""
        self._file = SlotFile(folder)
        self._tries = Tries(self._file.folder, clock)

    @staticmethod
    def exists(folder: Path) -> bool:
        """Tell whether a data folder has a vault, whole or damaged."""
        return SlotFile(folder).present

    @classmethod
    def create(
        cls, folder: Path, person_name: str, password: Password, *, clock: Clock = time.time
    ) -> tuple[Session, str]:
        """Make the vault of a new data folder; give a session and the code to print.

        Raises:
            RuleError: there is a vault already, the name is none, or the password is weak.
            WorkplaceError: the disk refused.
        """
        vault = cls(folder, clock)
        if vault._file.present:
            raise RuleError("vault.exists")
        name = check_name(person_name)
        require_strong(password, name)
        number, vault_id = 1, secrets.token_bytes(VAULT_ID_BYTES)
        masters = {number: bytearray(secrets.token_bytes(MASTER_BYTES))}
        slot, sign, seal = make_person(vault_id, name, password, masters)
        recovery, code = make_recovery(vault_id, masters)
        slots = Slots(
            suite=SUITE,
            vault=vault_id,
            generation=1,
            salt=secrets.token_bytes(kdf.SALT_BYTES),
            current=number,
            next=None,
            again=False,
            persons=(slot,),
            recovery=recovery,
            escrow=None,
        )
        vault._file.write(slots, masters[number])
        return vault._session(slots, (name, sign, seal), masters), code

    @classmethod
    def open(cls, folder: Path, *, clock: Clock = time.time) -> Self:
        """Find the vault of a data folder; it stays locked.

        Raises:
            WorkplaceError: ``vault.missing``.
            UntrustedError: ``vault.damaged``: neither copy of the slot file is whole, or it is of
                a suite this program does not know.
        """
        vault = cls(folder, clock)
        vault._copies()
        return vault

    def people(self) -> tuple[PersonKeys, ...]:
        """Name everybody who can open it, for the login page."""
        return public_keys(self._copies()[0].slots)

    def unlock(self, name: str, password: Password) -> Session:
        """Open the vault as a person, at the cost of one Argon2id run.

        Raises:
            RuleError: ``vault.wrong_password`` (tries_left, wait in seconds), ``vault.wait``
                (seconds), ``vault.no_person``.
            UntrustedError: ``vault.damaged``: the slot file is not what its holders wrote.
        """
        name, copies = check_name(name), self._copies()
        first = copies[0].slots.person(name)
        if first is None:
            raise RuleError("vault.no_person")
        self._tries.begin(name)
        try:
            sign, seal = open_person(copies[0].slots.vault, first, password)
        except WrongKeyError as error:
            raise self._tries.refusal(name) from error
        for copy in copies:
            slot = copy.slots.person(name)
            if slot is not None and slot.box == first.box:
                masters = _opened(slot, seal)
                if prove(copy, masters):
                    self._tries.succeed(name)
                    self._file.mend(copy)
                    return self._session(copy.slots, (name, sign, seal), masters)
        raise UntrustedError("vault.damaged")

    def recover(self, code: str, new_person_name: str, new_password: Password) -> Session:
        """Open the vault with the printed code, and make a slot for a person with new keys.

        A person of that name loses the old slot. A new master key is made, so the session has a
        rotation pending. The code was typed where others may have seen it: have the session
        make a new one.

        Raises:
            RuleError: the code is mistyped or another vault's, the name is none, or the password
                is weak.
            UntrustedError: ``vault.damaged``.
        """
        for copy in self._copies():
            key = open_recovery(copy.slots.vault, copy.slots.recovery, code)
            masters = _opened(copy.slots.recovery, key)
            if prove(copy, masters):
                return self._enter(copy, masters, new_person_name, new_password)
        raise UntrustedError("vault.damaged")

    def recover_by_escrow(
        self, key: SealKey, new_person_name: str, new_password: Password
    ) -> Session:
        """Open the vault with the district's key, like ``recover``.

        Raises:
            RuleError: ``vault.no_escrow``, or as ``recover``.
            UntrustedError: ``vault.damaged``.
        """
        for copy in self._copies():
            escrow = copy.slots.escrow
            if escrow is None or escrow.recipient != key.recipient:
                raise RuleError("vault.no_escrow")
            masters = _opened(escrow, key)
            if prove(copy, masters):
                return self._enter(copy, masters, new_person_name, new_password)
        raise UntrustedError("vault.damaged")

    def _copies(self) -> list[SlotCopy]:
        copies = [copy for copy in self._file.copies() if copy.slots.suite == SUITE]
        if not copies:
            raise UntrustedError("vault.unknown_suite")
        return copies

    def _enter(
        self, copy: SlotCopy, masters: dict[int, bytearray], name: str, password: Password
    ) -> Session:
        """Make a slot for whoever recovered the vault, then a new master key."""
        name = check_name(name)
        require_strong(password, name)
        slots = copy.slots
        slot, sign, seal = make_person(slots.vault, name, password, masters)
        others = tuple(each for each in slots.persons if each.name != name)
        session = self._session(slots, (name, sign, seal), masters)
        session.store_with_new_master(msgspec.structs.replace(slots, persons=(*others, slot)))
        self._tries.succeed(name)
        return session

    def _session(
        self,
        slots: Slots,
        keys: tuple[str, SigningKey, SealKey],
        masters: dict[int, bytearray],
    ) -> Session:
        return Session(self._file, self._tries, slots, keys, masters)


def _opened(holder: RecoverySlot | EscrowSlot | PersonSlot, key: SealKey) -> dict[int, bytearray]:
    """Open a holder's master keys; a copy in which they do not open proves nothing."""
    try:
        return open_masters(holder.masters, key)
    except ProductError:
        return {}
