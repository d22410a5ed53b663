"""This computer: the replica's own key, and the anchor that notices a restored or copied folder.

It lies beside the data folder, so that restoring the data does not restore it. The key file is
sealed and MACed under keys of the vault. The anchor (per feed: last own sequence and hash) is
three checked slots written in place: two in turn after each commit, without fsync, and a third
only by ``sync``, after the others are on the disk, so that a power cut never tears all of them.
Exact form: docs/format-security.md, This computer.
"""

from __future__ import annotations

import enum
import hmac
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import msgspec

from desktop_app.domain.errors import ProductError, RuleError, UntrustedError, WorkplaceError
from desktop_app.durable.files import (
    disk_errors,
    make_private_folder,
    overwrite_at,
    read_limited,
    remove_durably,
    write_atomically,
)
from desktop_app.security import box, kdf
from desktop_app.security.box import WrongKeyError
from desktop_app.security.keys import SigningKey
from desktop_app.security.memory import wipe
from desktop_app.security.session import Session

KEY_FILE = "key"
ANCHOR_FILE = "anchor"
SLOT_BYTES = 256 * 1024
IN_TURN = 2
SYNCED = 2
SLOTS = 3

Heads = dict[str, tuple[int, str]]
"""Per feed: the last own sequence, and the hash there in hex."""

_MAGIC = b"enrollment-computer 1\n"
_MAC_BYTES = 32
_LENGTH_BYTES = 4
_LIMIT = 64 * 1024
_ANCHOR_INFO = b"enrollment-computer anchor"


class Standing(enum.Enum):
    """How the database stands to this computer's anchor (design §5)."""

    SAME = "same"
    AHEAD_OK = "ahead"
    """A commit after the anchor was last written: normal."""
    RESTORED = "restored"
    """The database is behind: an older copy was put back."""
    COPIED = "copied"
    """The folder is not the one it was made as: another computer may still have that."""
    MISSING = "missing"
    """No key or no anchor that this vault opens."""
    FORKED = "forked"
    """Another hash at the anchor's sequence: two histories."""


class _Secret(msgspec.Struct, frozen=True):
    """What the key file seals: the replica's key and where the folder was made."""

    private: bytes
    device: int
    folder: int
    anchor: int


class _Anchor(msgspec.Struct, frozen=True):
    """What a slot seals; of several, the highest counter counts."""

    counter: int
    heads: Heads


class ThisComputer:
    """The open folder: the replica's key, and the anchor it moves forward."""

    def __init__(self, folder: Path, secret: _Secret) -> None:
        """Use ``create`` and ``open``."""
        self._folder = folder
        self._secret = secret
        self.key = SigningKey.from_private_bytes(secret.private)
        self._anchor_key = kdf.derive(secret.private, _ANCHOR_INFO, self.key.public)
        self._state = self._read_anchor()

    @classmethod
    def create(cls, folder: Path, session: Session, *, successor: bool = False) -> Self:
        """Make the folder with a new replica key; ``successor`` replaces what is there.

        Raises:
            RuleError: ``computer.exists``.
            WorkplaceError: the disk refused.
        """
        if (folder / KEY_FILE).exists() and not successor:
            raise RuleError("computer.exists")
        make_private_folder(folder)
        remove_durably(folder / KEY_FILE)
        # Written in full now, so that writing in place later never has to find room.
        write_atomically(folder / ANCHOR_FILE, bytes(SLOTS * SLOT_BYTES))
        private = SigningKey.generate().private_bytes()
        device, inodes = _place(folder)
        secret = _Secret(bytes(private), device, *inodes)
        wipe(private)
        made = cls(folder, secret)
        made._state = _Anchor(0, {})
        made.sync()
        made.reseal(session)
        return made

    @classmethod
    def open(cls, folder: Path, session: Session) -> Self:
        """Open the folder with the login's keys.

        Raises:
            WorkplaceError: ``computer.missing``.
            UntrustedError: ``computer.damaged``: not sealed by this vault; ``computer.copied``:
                it is not the folder that was made here.
        """
        secret, newest = _unseal(folder, session)
        _, inodes = _place(folder)
        # The device number is kept for diagnosis only: Linux numbers disks anew at every start.
        if inodes != (secret.folder, secret.anchor):
            raise UntrustedError("computer.copied")
        opened = cls(folder, secret)
        if not newest:
            opened.reseal(session)
        return opened

    @property
    def anchor_lost(self) -> bool:
        """Whether no slot of the anchor can be read."""
        return self._state is None

    def anchor(self) -> Heads:
        """Per feed, the last own sequence and hash that the anchor knows."""
        return dict(self._state.heads) if self._state else {}

    def advance(self, feed: str, sequence: int, hash_hex: str) -> None:
        """Note a feed's new head, right after the commit; see ``advance_all``."""
        self.advance_all({feed: (sequence, hash_hex)})

    def advance_all(self, heads: Mapping[str, tuple[int, str]]) -> None:
        """Note new heads in one write, without waiting for the disk; never backwards.

        Call it after the commit: an anchor ahead of the database means a restored database.

        Raises:
            WorkplaceError: the disk refused; the commit stands all the same.
        """
        known = self.anchor()
        newer = {
            feed: head for feed, head in heads.items() if head[0] > known.get(feed, (0, ""))[0]
        }
        if newer:
            counter = self._state.counter + 1 if self._state else 1
            self._state = _Anchor(counter, {**known, **newer})
            self._write_slot(counter % IN_TURN, durable=False)

    def sync(self) -> None:
        """Make the anchor durable: at lock, export and close.

        Raises:
            WorkplaceError: the disk refused.
        """
        if self._state is not None:
            self._write_slot(SYNCED, durable=True)

    def reseal(self, session: Session) -> None:
        """Seal the key file under the session's newest keys, before the old ones go.

        Raises:
            WorkplaceError: the disk refused.
        """
        sealing, mac = session.newest_file_keys()
        sealed = box.lock(sealing, msgspec.json.encode(self._secret), _MAGIC)
        body = _MAGIC + sealed
        write_atomically(self._folder / KEY_FILE, body + hmac.digest(bytes(mac), body, "sha256"))
        wipe(sealing, mac)

    def standing(
        self, feed: str, sequence_in_db: int, hash_at: Callable[[int], str | None]
    ) -> Standing:
        """Compare the database's head of an own feed with the anchor."""
        if self._state is None:
            return Standing.MISSING
        sequence, hash_hex = self._state.heads.get(feed, (0, ""))
        if sequence > sequence_in_db:
            return Standing.RESTORED
        if sequence and hash_at(sequence) != hash_hex:
            return Standing.FORKED
        return Standing.SAME if sequence == sequence_in_db else Standing.AHEAD_OK

    def close(self) -> None:
        """Sync, and forget the anchor's key.

        Raises:
            WorkplaceError: the disk refused.
        """
        self.sync()
        wipe(self._anchor_key)

    def _write_slot(self, slot: int, *, durable: bool) -> None:
        sealed = box.lock(self._anchor_key, msgspec.json.encode(self._state), _MAGIC)
        data = len(sealed).to_bytes(_LENGTH_BYTES) + sealed
        if len(data) > SLOT_BYTES:
            raise WorkplaceError("computer.too_many_feeds")
        path = self._folder / ANCHOR_FILE
        overwrite_at(path, slot * SLOT_BYTES, data, durable=durable)

    def _read_anchor(self) -> _Anchor | None:
        try:
            data = read_limited(self._folder / ANCHOR_FILE, SLOTS * SLOT_BYTES)
        except ProductError:
            return None
        slots = [self._read_slot(data[n * SLOT_BYTES : (n + 1) * SLOT_BYTES]) for n in range(SLOTS)]
        return max(
            (slot for slot in slots if slot is not None),
            key=lambda slot: slot.counter,
            default=None,
        )

    def _read_slot(self, data: bytes) -> _Anchor | None:
        """Read one slot; one that is torn, flipped or never written counts as not there."""
        length = int.from_bytes(data[:_LENGTH_BYTES])
        sealed = data[_LENGTH_BYTES : _LENGTH_BYTES + length]
        try:
            plain = box.unlock(self._anchor_key, sealed, _MAGIC)
        except WrongKeyError:
            return None
        return msgspec.json.decode(plain, type=_Anchor)


def standing(
    folder: Path,
    session: Session,
    feed: str,
    sequence_in_db: int,
    hash_at: Callable[[int], str | None],
) -> Standing:
    """Judge a folder from outside: what is missing, foreign or copied included.

    Raises:
        WorkplaceError: the disk failed, which says nothing about the folder.
    """
    try:
        computer = ThisComputer.open(folder, session)
    except (UntrustedError, WorkplaceError) as error:
        if error.code == "computer.copied":
            return Standing.COPIED
        if error.code in {"computer.missing", "computer.damaged"}:
            return Standing.MISSING
        raise
    return computer.standing(feed, sequence_in_db, hash_at)


def _unseal(folder: Path, session: Session) -> tuple[_Secret, bool]:
    """Open the key file; say whether it is under the newest keys."""
    path = folder / KEY_FILE
    if not path.exists():
        raise WorkplaceError("computer.missing")
    data = read_limited(path, _LIMIT)
    body, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    for position, (sealing_key, mac_key) in enumerate(session.file_keys()):
        expected = hmac.digest(bytes(mac_key), body, "sha256")
        if hmac.compare_digest(mac, expected) and body.startswith(_MAGIC):
            plain = box.unlock(sealing_key, body[len(_MAGIC) :], _MAGIC)
            secret = msgspec.json.decode(plain, type=_Secret)
            wipe(plain)
            return secret, position == 0
    raise UntrustedError("computer.damaged")


def _place(folder: Path) -> tuple[int, tuple[int, int]]:
    """Name the folder and its anchor as the file system knows them; a copy has other names."""
    with disk_errors():
        status = folder.stat()
        try:
            anchor = (folder / ANCHOR_FILE).stat().st_ino
        except FileNotFoundError:
            anchor = 0
    return status.st_dev, (status.st_ino, anchor)
