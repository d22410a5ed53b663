"""An unlocked vault: one person's keys and the master key, and what they may change with them.

The rule behind every method: whenever somebody loses access, a new master key is made and sealed
to those who stay, without anybody's password. The database then needs the new key too, so the
slot file carries both until ``finish_rotation`` (order: slot file with current and next, rekey,
verify, next only).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Protocol

import msgspec

from desktop_app.domain.errors import RuleError, StaleError, UntrustedError
from desktop_app.security import kdf
from desktop_app.security.box import WrongKeyError
from desktop_app.security.keys import SigningKey
from desktop_app.security.memory import wipe
from desktop_app.security.passwords import Password, require_strong
from desktop_app.security.persons import (
    PersonKeys,
    change_box,
    check_name,
    make_person,
    make_recovery,
    open_masters,
    public,
    public_keys,
    wrap,
)
from desktop_app.security.seal import SealKey, check_recipient
from desktop_app.security.slots import (
    EscrowSlot,
    PersonSlot,
    SlotFile,
    Slots,
    each_holder,
)
from desktop_app.security.tries import Tries

MASTER_BYTES = 32

_DATABASE = b"enrollment-vault database"
_MAC = b"enrollment-vault mac"
_SEALING = b"enrollment-vault sealing"


class Resealed(Protocol):
    """Something kept under the session's keys that must move to the next ones."""

    def reseal(self, session: Session) -> None:
        """Seal it again under the session's newest keys."""


class Session:
    """One person at an open vault. Made by ``vault.Vault``; ``close`` wipes what can be wiped."""

    def __init__(
        self,
        file: SlotFile,
        tries: Tries,
        slots: Slots,
        keys: tuple[str, SigningKey, SealKey],
        masters: dict[int, bytearray],
    ) -> None:
        self.person_name, self.sign, self.seal = keys
        self._file = file
        self._tries = tries
        self._slots = slots
        self._masters = masters

    # --- what the vault says ------------------------------------------------------------------

    @property
    def generation(self) -> int:
        """The slot file's number, counting every write."""
        return self._slots.generation

    def people(self) -> tuple[PersonKeys, ...]:
        """Everybody who can open this vault."""
        return public_keys(self._slots)

    # --- keys -----------------------------------------------------------------------------------

    def database_key(self) -> bytearray:
        """Key and salt of the database, 32 + 16 bytes; whoever asks wipes them."""
        return self._key(self._slots.current, _DATABASE) + self._slots.salt

    def mac_key(self) -> bytearray:
        """The key under which this computer's own files are MACed."""
        return self._key(self._slots.current, _MAC)

    def sealing_key(self) -> bytearray:
        """The key under which this computer's own files are sealed."""
        return self._key(self._slots.current, _SEALING)

    @property
    def rotation_pending(self) -> bool:
        """Whether the database still has to be given its next key."""
        return self._slots.next is not None

    def next_database_key(self) -> bytearray:
        """Key and salt the database is to have; the salt stays.

        Raises:
            RuleError: ``vault.no_rotation``.
        """
        return self._key(self._next(), _DATABASE) + self._slots.salt

    def next_database_key_kept(self) -> Callable[[], bytearray]:
        """Give what gives the next key, and still does when the rotation is over.

        A database holds on to it for every connection it opens later.

        Raises:
            RuleError: ``vault.no_rotation``.
        """
        number, salt = self._next(), self._slots.salt
        return lambda: self._key(number, _DATABASE) + salt

    def newest_file_keys(self) -> tuple[bytearray, bytearray]:
        """The sealing and MAC keys under which this computer's files are to be written now."""
        number = self._slots.newest
        return self._key(number, _SEALING), self._key(number, _MAC)

    def file_keys(self) -> list[tuple[bytearray, bytearray]]:
        """All sealing and MAC keys a file of this computer may be under, newest first."""
        numbers = sorted(self._masters, reverse=True)
        return [(self._key(number, _SEALING), self._key(number, _MAC)) for number in numbers]

    # --- people -----------------------------------------------------------------------------------

    def add_person(self, name: str, password: Password) -> PersonKeys:
        """Let another person in, with keys of their own.

        Raises:
            RuleError: the name is taken or none, or the password is weak.
            StaleError: this person was removed meanwhile.
        """
        name = check_name(name)
        slots = self._fresh()
        if slots.person(name):
            raise RuleError("vault.name_taken")
        require_strong(password, name)
        slot, *_ = make_person(slots.vault, name, password, self._masters)
        self._store(msgspec.structs.replace(slots, persons=(*slots.persons, slot)))
        return public(slot)

    def remove_person(self, name: str) -> None:
        """Take a person's slot away and make a new master key; the database must follow.

        Raises:
            RuleError: there is no such person, or it is the one who asks.
        """
        slots = self._fresh()
        if name == self.person_name:
            raise RuleError("vault.own_slot")
        if slots.person(name) is None:
            raise RuleError("vault.no_person")
        rest = tuple(slot for slot in slots.persons if slot.name != name)
        self.store_with_new_master(msgspec.structs.replace(slots, persons=rest))

    def change_password(self, old: Password, new: Password) -> None:
        """Put this person's keys into a new box; the keys stay.

        Raises:
            RuleError: the old password is wrong, it is too early for another try, or the new
                one is weak.
        """
        slots = self._fresh()
        slot = self._own(slots)
        require_strong(new, self.person_name)
        self._tries.begin(self.person_name)
        try:
            changed = change_box(slots.vault, slot, old, new)
        except WrongKeyError as error:
            raise self._tries.refusal(self.person_name) from error
        self._tries.succeed(self.person_name)
        persons = tuple(changed if each.name == slot.name else each for each in slots.persons)
        self._store(msgspec.structs.replace(slots, persons=persons))

    # --- recovery, escrow, rotation -----------------------------------------------------------

    def new_recovery_code(self) -> str:
        """Make a new code to print; the old one ends, so a new master key is made too."""
        slots = self._fresh()
        recovery, code = make_recovery(slots.vault, self._masters)
        self.store_with_new_master(msgspec.structs.replace(slots, recovery=recovery))
        return code

    def set_escrow(self, recipient: str | None) -> None:
        """Let the holder of an age identity (the district) open this vault, or nobody.

        Raises:
            UntrustedError: it is no age recipient.
        """
        slots = self._fresh()
        before = slots.escrow
        if before is not None and before.recipient == recipient:
            return
        escrow = None
        if recipient is not None:
            escrow = EscrowSlot(check_recipient(recipient), wrap(self._masters, recipient))
        changed = msgspec.structs.replace(slots, escrow=escrow)
        if before is None:
            self._store(changed)
        else:
            self.store_with_new_master(changed)

    def rotate(self) -> None:
        """Make a new master key; from now until ``finish_rotation`` the file holds both."""
        self.store_with_new_master(self._fresh())

    def store_with_new_master(self, slots: Slots) -> None:
        """Write a changed slot file and start a rotation; one under way is followed by another.

        For this package: everybody else calls the method that says what is changed.
        """
        if slots.next is not None:
            self._store(msgspec.structs.replace(slots, again=True))
            return
        number = slots.current + 1
        self._masters[number] = bytearray(secrets.token_bytes(MASTER_BYTES))
        slots = msgspec.structs.replace(slots, next=number)
        self._store(each_holder(slots, lambda recipient, _: wrap(self._masters, recipient)))

    def finish_rotation(self, *resealed: Resealed) -> None:
        """Drop the old master key, once the database has been verified under the next one.

        If somebody else lost access meanwhile, the next rotation begins at once: repeat while
        ``rotation_pending``.

        Raises:
            RuleError: ``vault.no_rotation``.
        """
        slots = self._fresh()
        newest = self._next()
        for each in resealed:
            each.reseal(self)
        again = slots.again
        slots = msgspec.structs.replace(slots, current=newest, next=None, again=False)
        self._store(each_holder(slots, lambda _, held: [w for w in held if w.master == newest]))
        self._forget({newest})
        if again:
            self.rotate()

    def close(self) -> None:
        """Wipe the master keys; the session is of no use afterwards."""
        self._forget(set())

    # --- inside -----------------------------------------------------------------------------------

    def _key(self, number: int, info: bytes) -> bytearray:
        return kdf.derive(self._masters[number], info, self._slots.vault)

    def _next(self) -> int:
        if self._slots.next is None:
            raise RuleError("vault.no_rotation")
        return self._slots.next

    def _own(self, slots: Slots) -> PersonSlot:
        """Find this person's slot, if it is still theirs."""
        slot = slots.person(self.person_name)
        if slot is None or slot.recipient != self.seal.recipient:
            raise StaleError("vault.changed")
        return slot

    def _fresh(self) -> Slots:
        """Read the file again: another person may have changed it while this one was logged in."""
        copy = self._file.copies()[0]
        if copy.slots.generation < self._slots.generation:
            raise UntrustedError("vault.rolled_back")
        own = self._own(copy.slots)
        masters = open_masters(own.masters, self.seal, known=self._masters)
        if not copy.proven_by(masters[copy.slots.newest]):
            raise UntrustedError("vault.damaged")
        self._masters, self._slots = masters, copy.slots
        return copy.slots

    def _store(self, slots: Slots) -> None:
        """Write the next generation and go on from there."""
        slots = msgspec.structs.replace(slots, generation=slots.generation + 1)
        self._file.write(slots, self._masters[slots.newest])
        self._slots = slots

    def _forget(self, kept: set[int]) -> None:
        for number in set(self._masters) - kept:
            wipe(self._masters.pop(number))
