"""The manifest of a bundle: what it says of itself, in bytes that have one form only.

Canonical JSON: the bytes must equal their own re-encoding, so that no key stands twice, no white
space hides and no number has two spellings. A later format may add fields, as long as it says that
this reader can still read it (``minimum_reader``); a format 1 manifest has exactly these.
"""

from __future__ import annotations

import re
import string
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from desktop_app.domain.errors import UntrustedError

FORMAT = 1
"""The format every reader reads; its manifests have exactly its fields."""
WRITTEN = 2
"""The format that is written: the first, and the versions of program and policy package, which
others pass over."""
READER = 1
SUITE = "age-x25519/ed25519/sha-256/zstd"
SUBMISSION, ANSWER = "submission", "answer"
LARGEST = 4 * 1024**2
MOST_RECIPIENTS = 256
LARGEST_PAYLOAD = 4 * 1024**3
LARGEST_PLAIN = 7 * 1024**3
LARGEST_SCAN = 4 * 1024**2
LARGEST_COUNT = 2**31

_HEX = frozenset(string.digits + "abcdef")
_SHA256_LENGTH = 64
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9a-z]{1,12}){0,4}")
_POLICY = re.compile(r"[a-z][a-z0-9-]{2,30}-[0-9]{1,4}-[0-9a-f]{12}")


class Carrier(msgspec.Struct, frozen=True):
    """Who packed and signed the bundle: the replica's feed and key, and what proves them."""

    feed: str
    scope: str
    public: str
    identity: str


class PayloadFacts(msgspec.Struct, frozen=True):
    """What must come out of the payload: sizes in bytes, digest of the sealed bytes."""

    size: int
    digest: str
    compressed: int
    plain: int
    feeds: int
    operations: int


class Piece(msgspec.Struct, frozen=True):
    """A scan, or the district document, by its size and SHA-256."""

    digest: str
    size: int


class DistrictPieces(msgspec.Struct, frozen=True):
    """The district document that travels along, and its signature."""

    document: Piece
    signature: Piece


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The whole manifest (docs/format-bundle.md, Manifest)."""

    format: int
    minimum_reader: int
    suite: str
    purpose: str
    number: int
    program: str | UnsetType = UNSET
    policy: str | UnsetType = UNSET
    scope: str
    carrier: Carrier
    recipients: list[str]
    payload: PayloadFacts
    district: DistrictPieces | None
    scans: list[Piece]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Manifest).decode
_decode_any = msgspec.json.Decoder().decode


def write_manifest(manifest: Manifest) -> bytes:
    """Give the exact bytes of a manifest."""
    return _encode(manifest)


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest and check everything that needs nothing else.

    Raises:
        UntrustedError: ``bundle.newer_format``, ``bundle.unknown_suite``, ``bundle.too_large``, or
            ``bundle.malformed`` for anything that is not canonical or not sensible.
    """
    try:
        loose: Any = _decode_any(data)
        _refuse_unless(isinstance(loose, dict) and _encode(loose) == data)
        _refuse_newer(loose)
        manifest = _decode(data)
        # In format 1 every field is known: dropping none must give the same bytes.
        _refuse_unless(manifest.format > FORMAT or _encode(manifest) == data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UntrustedError("bundle.malformed") from error
    _check(manifest)
    return manifest


def _refuse_newer(loose: dict[str, Any]) -> None:
    """Say that the program is too old before saying that it understands nothing."""
    minimum = loose.get("minimum_reader")
    if type(minimum) is not int or minimum < 1:
        raise UntrustedError("bundle.malformed")
    if minimum > READER:
        raise UntrustedError("bundle.newer_format", needs=minimum)
    if loose.get("suite") != SUITE:
        raise UntrustedError("bundle.unknown_suite")


def _check(manifest: Manifest) -> None:
    """Check sizes, digests and counts for sense and within the caps."""
    payload = manifest.payload
    _refuse_unless(manifest.format >= FORMAT)
    _refuse_unless(0 < manifest.number < LARGEST_COUNT)
    for said, shape in ((manifest.program, _VERSION), (manifest.policy, _POLICY)):
        if said is not UNSET:
            _refuse_unless(manifest.format > FORMAT and shape.fullmatch(said) is not None)
    _refuse_unless(manifest.purpose in {SUBMISSION, ANSWER})
    _refuse_unless(0 < len(manifest.recipients) <= MOST_RECIPIENTS)
    _refuse_unless(manifest.recipients == sorted(set(manifest.recipients)))
    _refuse_unless(min(payload.size, payload.compressed, payload.plain) > 0)
    _refuse_unless(min(payload.feeds, payload.operations) >= 0)
    _refuse_unless(max(payload.feeds, payload.operations) < LARGEST_COUNT)
    digests = [payload.digest, *(scan.digest for scan in manifest.scans)]
    if manifest.district is not None:
        digests += [manifest.district.document.digest, manifest.district.signature.digest]
    _refuse_unless(all(map(is_digest, digests)))
    scans = [scan.digest for scan in manifest.scans]
    _refuse_unless(scans == sorted(set(scans)))
    _refuse_unless(all(scan.size > 0 for scan in manifest.scans))
    _refuse_larger(payload.size, LARGEST_PAYLOAD)
    _refuse_larger(payload.plain, LARGEST_PLAIN)
    _refuse_larger(payload.compressed, payload.size)
    _refuse_larger(max((scan.size for scan in manifest.scans), default=0), LARGEST_SCAN)


def is_digest(text: str) -> bool:
    """Say whether a text is a SHA-256 in lower-case hexadecimal."""
    return len(text) == _SHA256_LENGTH and _HEX.issuperset(text)


def _refuse_larger(size: int, limit: int) -> None:
    if size > limit:
        raise UntrustedError("bundle.too_large", limit=limit)


def _refuse_unless(condition: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise UntrustedError("bundle.malformed")
