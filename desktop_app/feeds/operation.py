"""One change, frozen when written: header, payload, and their exact bytes.

A line of a feed is ``{"header":{…},"payload":{…}}``. The header is chained and signed over; the
payload holds 16 random bytes and the values, so that a digest of an ID number cannot be guessed.
Bytes are stored and forwarded as they came: a line must equal its own re-encoding, which rules out
duplicate keys, white space, NUL, surrogates and floats (docs/format.md, Operation).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from desktop_app.domain.errors import UntrustedError

FORMAT = 1
LARGEST_LINE = 256 * 1024
LARGEST_INTEGER = 2**53
_LINE_FRAME = len(b'{"header":,"payload":}')
HASH_LENGTH = 32
SALT_LENGTH = 16
GENESIS = bytes(HASH_LENGTH)
REFERENCE_HASH = 12

_BELOW = msgspec.Meta(lt=LARGEST_INTEGER)
_Count = Annotated[int, _BELOW, msgspec.Meta(ge=0)]
_Place = Annotated[int, _BELOW, msgspec.Meta(gt=0)]
_Hash = Annotated[str, msgspec.Meta(min_length=2 * HASH_LENGTH, max_length=2 * HASH_LENGTH)]
_Salt = Annotated[str, msgspec.Meta(min_length=2 * SALT_LENGTH, max_length=2 * SALT_LENGTH)]
Scalar = str | Annotated[int, _BELOW, msgspec.Meta(gt=-LARGEST_INTEGER)] | bool | None

_UNSOUND = re.compile("[\0\ud800-\udfff]")

# Tuples, since an empty one is no new object, and nothing that the collector must walk: operations
# are read by the ten thousand, and no cycle can be made of frozen bytes and texts.


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A person's Ed25519 signature over an operation, base64."""

    key: str
    signature: str


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """What is chained: who changed which fields of which record, replacing what."""

    format: int
    feed: str
    sequence: _Place
    previous: _Hash
    kind: str
    record: str
    act: str
    schema: _Count
    person: str
    stamp: tuple[_Count, _Count]
    sets: dict[str, tuple[str, ...]]
    digest: str
    signatures: tuple[Signature, ...]


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The salt and the values of the fields the header names."""

    salt: _Salt
    values: dict[str, Scalar]


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    header: msgspec.Raw
    payload: msgspec.Raw


class _Core(msgspec.Struct, frozen=True):
    """What every format, also a later one, must carry to be chained and forwarded."""

    format: int
    feed: str
    sequence: int
    previous: str
    kind: str
    record: str
    digest: str


_encode = msgspec.json.Encoder().encode
_decode_line = msgspec.json.Decoder(_Line).decode
_decode_header = msgspec.json.Decoder(Header).decode
_decode_core = msgspec.json.Decoder(_Core).decode
_decode_payload = msgspec.json.Decoder(Payload).decode
_decode_any = msgspec.json.Decoder().decode


class Operation(msgspec.Struct, frozen=True, gc=False):
    """An operation with the exact bytes it was written as.

    ``header`` is None where a later format is not understood: such an operation is kept, chained
    and forwarded, but not folded. ``payload_bytes`` is None where the payload was erased.
    """

    feed: str
    sequence: int
    kind: str
    record: str
    hash: bytes
    previous: bytes
    header_bytes: bytes
    payload_bytes: bytes | None
    header: Header | None

    @property
    def id(self) -> str:
        """Give ``feed:sequence``."""
        return f"{self.feed}:{self.sequence}"

    @property
    def reference(self) -> str:
        """Give the name by which later operations replace this one."""
        return reference(self.feed, self.sequence, self.hash)

    def payload(self) -> Payload | None:
        """Decode the payload; None where it was erased or a later format is not understood."""
        if self.payload_bytes is None or self.header is None:
            return None
        return _decode_payload(self.payload_bytes)

    def line(self) -> bytes:
        """Give the line as it is exported, without a line feed."""
        payload = b"null" if self.payload_bytes is None else self.payload_bytes
        return b'{"header":' + self.header_bytes + b',"payload":' + payload + b"}"


def reference(feed: str, sequence: int, header_hash: bytes) -> str:
    """Name an operation so that nobody can name one that has not been written yet."""
    return f"{feed}:{sequence}:{header_hash.hex()[:REFERENCE_HASH]}"


def chain_hash(previous: bytes, header_bytes: bytes) -> bytes:
    """Give ``SHA-256(previous ‖ header)``."""
    return hashlib.sha256(previous + header_bytes).digest()


@dataclass(frozen=True, slots=True)
class Change:
    """What a use case wants written, before it has a place in a feed."""

    kind: str
    record: str
    act: str
    schema: int
    values: Mapping[str, Scalar]
    replaces: Mapping[str, Sequence[str]]


Signer = Callable[[bytes], Signature]


def write(
    change: Change,
    *,
    feed: str,
    sequence: int,
    previous: bytes,
    person: str,
    stamp: tuple[int, int],
    salt: bytes,
    signers: Sequence[Signer] = (),
) -> Operation:
    """Freeze a change as the next operation of a feed.

    Each signer is given the header's bytes without signatures; security adds the act's context.

    Raises:
        ValueError: a value may not stand in an operation, or there is too much of them (a bug:
            services check before).
    """
    if not sound(change.values):
        message = "a value may not stand in an operation"
        raise ValueError(message)
    payload_bytes = _encode(Payload(salt.hex(), dict(change.values)))
    header = Header(
        format=FORMAT,
        feed=feed,
        sequence=sequence,
        previous=previous.hex(),
        kind=change.kind,
        record=change.record,
        act=change.act,
        schema=change.schema,
        person=person,
        stamp=stamp,
        sets={name: tuple(change.replaces.get(name, ())) for name in change.values},
        digest=hashlib.sha256(payload_bytes).hexdigest(),
        signatures=(),
    )
    if signers:
        signed = signed_bytes(header)
        header = msgspec.structs.replace(header, signatures=tuple(sign(signed) for sign in signers))
    header_bytes = _encode(header)
    if len(header_bytes) + len(payload_bytes) + _LINE_FRAME > LARGEST_LINE:
        message = "an operation would be too large to be taken in elsewhere"
        raise ValueError(message)
    return Operation(
        feed=feed,
        sequence=sequence,
        kind=change.kind,
        record=change.record,
        hash=chain_hash(previous, header_bytes),
        previous=previous,
        header_bytes=header_bytes,
        payload_bytes=payload_bytes,
        header=header,
    )


def signed_bytes(header: Header) -> bytes:
    """Give the bytes a person signs: the header as it would be without signatures."""
    return _encode(msgspec.structs.replace(header, signatures=()))


def read(line: bytes) -> Operation:
    """Read a line of a feed, checking everything that does not need its neighbours.

    Raises:
        UntrustedError: too long, not canonical, digest wrong, or a value no operation may hold.
    """
    if len(line) > LARGEST_LINE:
        raise UntrustedError("operation.too_large", size=len(line))
    try:
        parts = _decode_line(line)
    except (ValueError, RecursionError) as error:
        raise UntrustedError("operation.malformed") from error
    operation = from_parts(bytes(parts.header), bytes(parts.payload))
    _refuse_unless(operation.line() == line)
    return operation


def from_parts(header_bytes: bytes, payload_bytes: bytes) -> Operation:
    """Read an operation from its header and payload bytes, with all checks of ``read``.

    Raises:
        UntrustedError: see ``read``.
    """
    if len(header_bytes) + len(payload_bytes) > LARGEST_LINE:
        raise UntrustedError("operation.too_large", size=len(header_bytes) + len(payload_bytes))
    try:
        operation = held(header_bytes, None if payload_bytes == b"null" else payload_bytes)
        _check_header(operation)
        _check_payload(operation)
    except (ValueError, RecursionError) as error:
        raise UntrustedError("operation.malformed") from error
    return operation


def held(header_bytes: bytes, payload_bytes: bytes | None) -> Operation:
    """Build an operation from bytes that were checked when they were taken in."""
    try:
        header: Header | None = _decode_header(header_bytes)
    except msgspec.ValidationError:
        header = None
    if header is not None and header.format != FORMAT:
        header = None
    core = header if header is not None else _decode_core(header_bytes)
    _refuse_unless(header is not None or core.format > FORMAT)
    previous = bytes.fromhex(core.previous)
    _refuse_unless(len(previous) == HASH_LENGTH and core.previous == previous.hex())
    return Operation(
        feed=core.feed,
        sequence=core.sequence,
        kind=core.kind,
        record=core.record,
        hash=chain_hash(previous, header_bytes),
        previous=previous,
        header_bytes=header_bytes,
        payload_bytes=payload_bytes,
        header=header,
    )


def _check_header(operation: Operation) -> None:
    """Check that a header is canonical and holds no value that may not stand in one."""
    data, header = operation.header_bytes, operation.header
    _refuse_unless(0 < operation.sequence < LARGEST_INTEGER)
    if header is None:
        decoded = _decode_any(data)
        _refuse_unless(_encode(decoded) == data and _plain(decoded))
        return
    _refuse_unless(_encode(header) == data)
    # Decoding everything a second time is worth it only where a NUL may be hidden in some text.
    _refuse_unless(b"\\u0000" not in data or _plain(_decode_any(data)))


def _check_payload(operation: Operation) -> None:
    """Check the payload's bytes against the header's digest and the rules for values."""
    data = operation.payload_bytes
    if data is None:
        return
    core = operation.header or _decode_core(operation.header_bytes)
    _refuse_unless(hashlib.sha256(data).hexdigest() == core.digest)
    if operation.header is None:
        decoded = _decode_any(data)
        _refuse_unless(_encode(decoded) == data and _plain(decoded))
        return
    payload = _decode_payload(data)
    _refuse_unless(_encode(payload) == data)
    # Canonical bytes hold no surrogate, and a NUL only as this escape.
    _refuse_unless(b"\\u0000" not in data or sound(payload.values))
    _refuse_unless(payload.values.keys() == operation.header.sets.keys())
    _refuse_unless(bytes.fromhex(payload.salt).hex() == payload.salt)


def sound(values: Mapping[str, Scalar]) -> bool:
    """Say whether every value may stand in an operation: no NUL, no surrogate, no huge integer."""
    return all(_sound(value) for value in values.values())


def _sound(value: Scalar) -> bool:
    if isinstance(value, str):
        return _UNSOUND.search(value) is None
    return value is None or abs(value) < LARGEST_INTEGER


def _plain(value: Any) -> bool:
    """Say whether decoded JSON holds nothing but text, small integers, booleans, lists, maps."""
    if isinstance(value, dict):
        return all(_plain(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return all(map(_plain, value))
    return (value is None or isinstance(value, str | int)) and _sound(value)


def _refuse_unless(condition: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise UntrustedError("operation.malformed")
