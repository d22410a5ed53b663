"""The slot file of a vault: who opens it and with what, kept twice and MACed whole.

Exact form: docs/format-security.md, Slot file. This module reads, checks and writes it; what the
keys mean is told in ``vault`` and ``session``.
"""

from __future__ import annotations

import hashlib
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

FOLDER = "vault"
COPIES = ("slots.a", "slots.b")
LIMIT = 1 << 20
SUITE = "age-x25519+ed25519+aes256gcm+argon2id+hkdf-sha256"

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
        self._paths = tuple(self.folder / name for name in COPIES)

    @property
    def present(self) -> bool:
        """Whether anything was ever written here."""
        return any(path.exists() for path in self._paths)

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
        data = _frame(good.body, good.mac)
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
    return _frame(body, _mac(master, slots.vault, body))


def _read_copy(path: Path) -> SlotCopy | None:
    """Read one copy; one that is missing, torn or no slot file counts as not there."""
    try:
        data = read_limited(path, LIMIT)
    except ProductError:
        return None
    body, _, tail = data.removesuffix(b"\n").rpartition(b"\n")
    mac, _, checksum = tail.partition(b" ")
    if data != body + b"\n" + tail + b"\n" or checksum.decode("latin-1") != _checksum(body, mac):
        return None
    try:
        slots = msgspec.json.decode(body, type=Slots)
        return SlotCopy(slots, body, bytes.fromhex(mac.decode("ascii")))
    except ValueError:  # includes msgspec's own
        return None


def _frame(body: bytes, mac: bytes) -> bytes:
    """Put the MAC and a checksum behind the content: the one proves, the other finds bit rot."""
    text = mac.hex().encode()
    return body + b"\n" + text + b" " + _checksum(body, text).encode() + b"\n"


def _checksum(body: bytes, mac: bytes) -> str:
    return hashlib.sha256(body + b"\n" + mac).hexdigest()


def _mac(master: bytes | bytearray, vault: bytes, body: bytes) -> bytes:
    return hmac.digest(bytes(kdf.derive(master, _MAC_INFO, vault)), body, "sha256")
