"""Slots of persons and of the printed recovery code: made, opened, put into a new box."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from desktop_app.domain.errors import RuleError
from desktop_app.feeds.identity import key_id
from desktop_app.security import box, kdf, paper
from desktop_app.security.box import WrongKeyError
from desktop_app.security.keys import PRIVATE_BYTES, SigningKey
from desktop_app.security.memory import wipe
from desktop_app.security.passwords import Password, password_bytes
from desktop_app.security.seal import SealKey, open_bytes, seal_bytes
from desktop_app.security.slots import PersonSlot, RecoverySlot, SlotCopy, Slots, Wrapped

RECOVERY_GROUPS = 7  # 140 random bits: too many to guess, so no Argon2id is needed
LONGEST_NAME = 40

_RECOVERY_INFO = b"enrollment-vault recovery"


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """What everybody may know of a person: the public halves."""

    name: str
    sign_public: bytes
    recipient: str

    @property
    def person_id(self) -> str:
        """The person's id in operations."""
        return key_id(self.sign_public)


def check_name(name: str) -> str:
    """Give a person's name as it is kept: NFC, no outer spaces.

    Raises:
        RuleError: ``vault.bad_name``.
    """
    tidy = unicodedata.normalize("NFC", name).strip()
    printable = all(unicodedata.category(symbol)[0] != "C" for symbol in tidy)
    if not tidy or len(tidy) > LONGEST_NAME or not printable:
        raise RuleError("vault.bad_name", longest=LONGEST_NAME)
    return tidy


def wrap(masters: Mapping[int, bytearray], recipient: str) -> tuple[Wrapped, ...]:
    """Seal master keys to a recipient, the older first."""
    return tuple(
        Wrapped(number, seal_bytes(masters[number], [recipient])) for number in sorted(masters)
    )


def make_person(
    vault: bytes, name: str, password: Password, masters: Mapping[int, bytearray]
) -> tuple[PersonSlot, SigningKey, SealKey]:
    """Make a person's own keys and the slot that their password opens (one Argon2id run)."""
    sign, seal = SigningKey.generate(), SealKey.generate()
    slot = PersonSlot(
        name=name,
        sign=sign.public,
        recipient=seal.recipient,
        box=_pack(vault, (name, sign, seal), password),
        masters=wrap(masters, seal.recipient),
    )
    return slot, sign, seal


def open_person(vault: bytes, slot: PersonSlot, password: Password) -> tuple[SigningKey, SealKey]:
    """Open a person's keys with their password (one Argon2id run).

    Raises:
        WrongKeyError: the password is wrong.
        UntrustedError: the slot was tampered with.
    """
    typed = password_bytes(password)
    try:
        plain = box.unlock_typed(typed, slot.box, _context(vault, slot))
    finally:
        wipe(typed)
    # What opens is what was packed: the box is tied to the public halves that stand beside it.
    sign = SigningKey.from_private_bytes(bytes(plain[:PRIVATE_BYTES]))
    seal = SealKey.from_secret(plain[PRIVATE_BYTES:])
    wipe(plain)
    return sign, seal


def change_box(vault: bytes, slot: PersonSlot, old: Password, new: Password) -> PersonSlot:
    """Put a person's keys into a box for another password.

    Raises:
        WrongKeyError: the old password is wrong.
    """
    sign, seal = open_person(vault, slot, old)
    return msgspec.structs.replace(slot, box=_pack(vault, (slot.name, sign, seal), new))


def make_recovery(vault: bytes, masters: Mapping[int, bytearray]) -> tuple[RecoverySlot, str]:
    """Make a recovery slot and the code that opens it, which is shown once and never kept."""
    seal, code = SealKey.generate(), paper.make_code(RECOVERY_GROUPS)
    key = _recovery_key(vault, code)
    secret = seal.secret()
    slot = RecoverySlot(
        recipient=seal.recipient,
        box=box.lock(key, secret, _RECOVERY_INFO + vault),
        masters=wrap(masters, seal.recipient),
    )
    wipe(key, secret)
    return slot, code


def open_recovery(vault: bytes, slot: RecoverySlot, code: str) -> SealKey:
    """Open the recovery slot with what was typed from paper.

    Raises:
        RuleError: mistyped, or the code of another vault.
    """
    key = _recovery_key(vault, code)
    try:
        secret = box.unlock(key, slot.box, _RECOVERY_INFO + vault)
    except WrongKeyError as error:
        raise RuleError("vault.wrong_code") from error
    finally:
        wipe(key)
    seal = SealKey.from_secret(secret)
    wipe(secret)
    return seal


def open_masters(
    wrapped: tuple[Wrapped, ...], key: SealKey, known: Mapping[int, bytearray] | None = None
) -> dict[int, bytearray]:
    """Open master keys sealed to a holder; those already known are not opened again.

    Raises:
        UntrustedError: they do not open.
    """
    known = known or {}
    return {
        each.master: known.get(each.master) or bytearray(open_bytes(each.sealed, [key]))
        for each in wrapped
    }


def public_keys(slots: Slots) -> tuple[PersonKeys, ...]:
    """Name everybody of a slot file."""
    return tuple(public(slot) for slot in slots.persons)


def prove(copy: SlotCopy, masters: dict[int, bytearray]) -> bool:
    """Tell whether a copy was written with the newest of these master keys."""
    newest = masters.get(copy.slots.newest)
    return newest is not None and copy.slots.current in masters and copy.proven_by(newest)


def public(slot: PersonSlot) -> PersonKeys:
    """Give the public halves of a person's slot."""
    return PersonKeys(slot.name, slot.sign, slot.recipient)


def _recovery_key(vault: bytes, code: str) -> bytearray:
    symbols = paper.read_code(code, RECOVERY_GROUPS)
    key = kdf.derive(symbols, _RECOVERY_INFO, vault)
    wipe(symbols)
    return key


def _pack(vault: bytes, keys: tuple[str, SigningKey, SealKey], password: Password) -> box.TypedBox:
    """Lock a person's private keys under their password."""
    name, sign, seal = keys
    private, secret = sign.private_bytes(), seal.secret()
    plain, typed = private + secret, password_bytes(password)
    try:
        return box.lock_typed(typed, plain, _bind(vault, name, sign.public, seal.recipient))
    finally:
        wipe(private, secret, plain, typed)


def _context(vault: bytes, slot: PersonSlot) -> bytes:
    return _bind(vault, slot.name, slot.sign, slot.recipient)


def _bind(vault: bytes, name: str, sign: bytes, recipient: str) -> bytes:
    """Tie a box to its vault, its person and their public keys."""
    parts = (b"enrollment-vault person", vault, sign, recipient.encode(), name.encode())
    return b"\0".join(parts)
