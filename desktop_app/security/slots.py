"""The slot file of a vault: who opens it and with what, kept twice and MACed whole.

Exact form: docs/format-security.md, Slot file. This module reads, checks and writes it; what the
keys mean is told in ``vault`` and ``session``.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from desktop_app.domain.errors import ProductError, UntrustedError, WorkplaceError
from desktop_app.durable.files import make_private_folder, read_limited, write_atomically
from desktop_app.security import kdf
from desktop_app.security.box import TypedBox
from desktop_app.security.roster import (
    COPIES,
    FOLDER,
    LIMIT,
    SUITE,
    frame,
    is_present,
    slot_paths,
    unframe,
)

__all__ = ["COPIES", "FOLDER", "SUITE", "EscrowSlot", "PersonSlot", "SlotCopy", "SlotFile", "Slots"]

_MAC_INFO = b"enrollment-vault slots"


class Wrapped(msgspec.Struct, frozen=True):
    """A master key, by its number, sealed to one recipient."""

    master: int
    sealed: bytes


class PersonSlot(msgspec.Struct, frozen=True):
    """One person: their public keys, their private keys in a box, the master keys for them."""

    name: str
    sign: bytes
    recipient: str
    box: TypedBox
    masters: tuple[Wrapped, ...]


class RecoverySlot(msgspec.Struct, frozen=True):
    """The printed code: its own age identity in a box, the master keys for it."""

    recipient: str
    box: bytes
    masters: tuple[Wrapped, ...]


class EscrowSlot(msgspec.Struct, frozen=True):
    """The district, which can open the vault of a school that lost everything else."""

    recipient: str
    masters: tuple[Wrapped, ...]


class Slots(msgspec.Struct, frozen=True):
    """The whole content; ``next`` is set while the database is being given a new key."""

    suite: str
    vault: bytes
    generation: int
    salt: bytes
    current: int
    next: int | None
    again: bool
    persons: tuple[PersonSlot, ...]
    recovery: RecoverySlot
    escrow: EscrowSlot | None

    @property
    def newest(self) -> int:
        """The number of the master key under which the file is MACed."""
        return self.current if self.next is None else self.next

    def person(self, name: str) -> PersonSlot | None:
        """Find a person's slot by name."""
        return next((slot for slot in self.persons if slot.name == name), None)


_Holder = TypeVar("_Holder", PersonSlot, RecoverySlot, EscrowSlot)


def each_holder(
    slots: Slots, change: Callable[[str, tuple[Wrapped, ...]], Iterable[Wrapped]]
) -> Slots:
    """Change the sealed master keys of everybody who holds them: persons, recovery, escrow."""

    def changed(holder: _Holder) -> _Holder:
        masters = tuple(change(holder.recipient, holder.masters))
        return msgspec.structs.replace(holder, masters=masters)

    return msgspec.structs.replace(
        slots,
        persons=tuple(changed(slot) for slot in slots.persons),
        recovery=changed(slots.recovery),
        escrow=changed(slots.escrow) if slots.escrow else None,
    )


@dataclass(frozen=True, slots=True)
class SlotCopy:
    """One readable copy: its content, and the exact bytes and MAC it was read with."""

    slots: Slots
    body: bytes
    mac: bytes

    def proven_by(self, master: bytes | bytearray) -> bool:
        """Tell whether the copy was written by somebody who held this master key."""
        return hmac.compare_digest(self.mac, _mac(master, self.slots.vault, self.body))


class SlotFile:
    """The two copies in the vault folder of one data folder."""

    def __init__(self, data_folder: Path) -> None:
        self.folder = data_folder / FOLDER
        self._data_folder = data_folder
        self._paths = slot_paths(data_folder)

    @property
    def present(self) -> bool:
        """Whether anything was ever written here."""
        return is_present(self._data_folder)

    def copies(self) -> list[SlotCopy]:
        """Read the copies that are whole, newest first; the MAC is still to be checked.

        Raises:
            WorkplaceError: ``vault.missing``.
            UntrustedError: ``vault.damaged``: neither copy is whole.
        """
        if not self.present:
            raise WorkplaceError("vault.missing")
        found = [copy for copy in map(_read_copy, self._paths) if copy is not None]
        if not found:
            raise UntrustedError("vault.damaged")
        return sorted(found, key=lambda copy: copy.slots.generation, reverse=True)

    def write(self, slots: Slots, master: bytes | bytearray) -> None:
        """Write both copies, one after the other, so that one is whole at any moment.

        Raises:
            WorkplaceError: the disk refused.
        """
        make_private_folder(self.folder)
        data = encode(slots, master)
        for path in self._paths:
            write_atomically(path, data)

    def mend(self, good: SlotCopy) -> None:
        """Make both copies say what a proven one says, where they differ."""
        data = frame(good.body, good.mac)
        for path in self._paths:
            try:
                same = read_limited(path, LIMIT) == data
            except ProductError:
                same = False
            if not same:
                write_atomically(path, data)


def encode(slots: Slots, master: bytes | bytearray) -> bytes:
    """Give the exact bytes of the slot file."""
    body = msgspec.json.encode(slots)
    return frame(body, _mac(master, slots.vault, body))


def _read_copy(path: Path) -> SlotCopy | None:
    """Read one copy; one that is missing, torn or no slot file counts as not there."""
    try:
        body, mac = unframe(read_limited(path, LIMIT))
        return SlotCopy(msgspec.json.decode(body, type=Slots), body, mac)
    except (ProductError, ValueError):  # includes msgspec's own
        return None


def _mac(master: bytes | bytearray, vault: bytes, body: bytes) -> bytes:
    return hmac.digest(bytes(kdf.derive(master, _MAC_INFO, vault)), body, "sha256")
