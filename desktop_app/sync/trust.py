"""From bytes to verified values, in one fixed order; this page is the specification.

``examine`` needs no private key and proves who packed a bundle:

1. *Sizes.* Every byte of the file is accounted for by the fixed form (``bundle``).
2. *Hashes.* Payload and scans have the digests the manifest names.
3. *Outer signature.* The key the manifest names signed it, for bundles and nothing else.
4. *District document.* One that travels along must be of the root trusted here; a later number is
   used from here on, an earlier one is left aside.
5. *Carrier.* The key writes the feed it names; a certificate or ticket of this district's
   authority lets it speak for that school, which is the school of the bundle. Answers are signed
   by a key the district document names. A carrier nobody speaks for *waits*.

``verify`` proves what is in it:

6. *Decrypt* to the end. The digest of step 2 already binds the sealed bytes to the carrier's
   signature; age, zstd and the tar inside each prove their own end.
7. *Heads.* One canonical line per feed; feed id ↔ key ↔ scope; the scope is the bundle's school or
   the district's own; the feed's author signed the statement; identity as in step 5, where a feed
   that nobody speaks for waits alone.
8. *Operations.* Every line canonical, its payload there, its place in the chain, and the last hash
   the signed one; as many feeds and operations as the manifest says.

``replay`` hands on the very operations that were proved, where they were few enough to be kept in
memory. Otherwise it decrypts a second time, and ends by comparing the content's digest with what
``verify`` saw: nothing but what was verified can have been handed on. So no plain text ever lies on
a disk, and no doubtful byte comes near the database (docs/adr/0010).

Nothing here reads a clock, writes a file or knows the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.identity import feed_id
from desktop_app.feeds.operation import Operation
from desktop_app.security import district as documents
from desktop_app.security import sshsig
from desktop_app.security.district import District, SignedDistrict
from desktop_app.security.seal import SealKey
from desktop_app.sync import bundle
from desktop_app.sync.bundle import Outer, pieces_of, read_outer, sections
from desktop_app.sync.content import TELL_EVERY, ContentCheck, ContentReplay, Told
from desktop_app.sync.heads import Head, Span
from desktop_app.sync.identity import prove, prove_district
from desktop_app.sync.manifest import ANSWER, Carrier, Manifest


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is trusted to begin with.

    ``scope`` is the school whose bundles are taken, None at the district, which takes any of its
    schools. ``proven`` are the feeds proved here before: their names commit to their keys, so
    they stay proved when a later bundle brings less.
    """

    scope: str | None
    district: District | None
    proven: Mapping[str, FeedFacts]


@dataclass(frozen=True, slots=True)
class Examined:
    """A bundle whose carrier signed what is in the file; ``carrier`` is None where it waits."""

    outer: Outer
    carrier: FeedFacts | None
    district: District | None
    newer: SignedDistrict | None

    @property
    def manifest(self) -> Manifest:
        """Give the signed manifest."""
        return self.outer.manifest


@dataclass(frozen=True, slots=True)
class Verified:
    """A bundle whose content is proved; ``facts`` lack the feeds that wait for an identity."""

    examined: Examined
    spans: Mapping[str, Span]
    facts: Mapping[str, FeedFacts]
    digest: str
    kept: Sequence[Operation] | None = None
    """The operations in their order, None where they were too many to be kept."""


def examine(file: BinaryIO, grounds: Grounds, told: Told) -> Examined:
    """Prove who packed a bundle (steps 1 to 5).

    Raises:
        UntrustedError: it is refused; the code says at which step.
        WorkplaceError: the disk failed.
    """
    outer = read_outer(file)
    _check_hashes(file, outer, told)
    manifest = outer.manifest
    _check_signature(manifest.carrier, outer)
    newer = _newer_document(outer, grounds.district)
    district = grounds.district if newer is None else newer[1]
    if grounds.scope is not None and manifest.scope != grounds.scope:
        raise UntrustedError("bundle.other_school")
    carrier = _prove_carrier(manifest, district, grounds)
    return Examined(outer, carrier, district, None if newer is None else newer[0])


def _check_hashes(file: BinaryIO, outer: Outer, told: Told) -> None:
    """Step 2: payload and scans are the bytes the manifest means."""
    for name, section, digest in sections(outer):
        found = hashlib.sha256()
        for piece in pieces_of(file, section):
            found.update(piece)
            told(0)
        if found.hexdigest() != digest:
            raise UntrustedError("bundle.altered", part=name)


def _check_signature(carrier: Carrier, outer: Outer) -> None:
    """Step 3: the carrier's key, for this namespace, over these bytes."""
    try:
        public = bytes.fromhex(carrier.public)
        sshsig.verify(public, bundle.NAMESPACE, outer.manifest_bytes, outer.signature)
    except (UntrustedError, ValueError) as error:
        raise UntrustedError("bundle.bad_signature") from error
    if feed_id(public, carrier.scope) != carrier.feed:
        raise UntrustedError("bundle.bad_signature")


def _newer_document(outer: Outer, held: District | None) -> tuple[SignedDistrict, District] | None:
    """Step 4: give the document that travels along if it is later than the one held."""
    if outer.document is None or held is None:
        return None
    try:
        signed = SignedDistrict(outer.document[0], outer.document[1].decode("ascii"))
        found = documents.read(signed, previous=held)
    except UnicodeDecodeError as error:
        raise UntrustedError("bundle.altered", part=bundle.DOCUMENT_SIGNATURE) from error
    except UntrustedError as error:
        if error.code == "district.older":
            return None
        if error.code == "district.other_root":
            # Read without proof: it only says whose document this claims to be.
            code = documents.parse(outer.document[0]).code
            raise UntrustedError("bundle.other_district", district=code) from error
        raise
    return (signed, found) if found.number > held.number else None


def _prove_carrier(
    manifest: Manifest, district: District | None, grounds: Grounds
) -> FeedFacts | None:
    """Step 5: who the carrier is, and that this bundle is theirs to pack."""
    carrier = manifest.carrier
    if carrier.scope != manifest.scope:
        raise UntrustedError("bundle.other_school")
    public = bytes.fromhex(carrier.public)
    if manifest.purpose == ANSWER:
        return prove_district(public, carrier.scope, district)
    known = grounds.proven.get(carrier.feed)
    return known or prove(public, carrier.scope, carrier.identity, district)


def verify(
    file: BinaryIO,
    examined: Examined,
    keys: Iterable[SealKey],
    grounds: Grounds,
    held: Mapping[str, int],
    told: Told,
) -> Verified:
    """Prove everything in a bundle (steps 6 to 8).

    Args:
        file: the file that was examined.
        examined: what ``examine`` gave.
        keys: the keys it may be sealed to.
        grounds: what is trusted to begin with.
        held: the last sequence held of each feed, whose hash in the bundle is to be known.
        told: is told how many operations were checked.

    Raises:
        UntrustedError: it is refused; nothing of it may be used.
        WorkplaceError: the disk failed.
    """
    check = ContentCheck(examined.manifest, examined.district, grounds.proven, held, told)
    digest = check.read(file, examined.outer.payload, keys)
    return Verified(examined, check.spans, check.facts, digest, check.kept)


def replay(
    file: BinaryIO,
    verified: Verified,
    keys: Iterable[SealKey],
    on_operation: Callable[[Head, Operation], None],
    told: Told,
) -> None:
    """Hand the operations of a verified bundle on, in their order.

    What was handed on counts only when this has returned: the caller's transaction must not be
    committed before.

    Raises:
        UntrustedError: the file is no longer what was verified.
        WorkplaceError: the disk failed.
    """
    if verified.kept is not None:
        for done, operation in enumerate(verified.kept, start=1):
            on_operation(verified.spans[operation.feed].head, operation)
            if done % TELL_EVERY == 0:
                told(done)
        return
    again = ContentReplay(verified.examined.manifest, verified.spans, on_operation, told)
    if again.read(file, verified.examined.outer.payload, keys) != verified.digest:
        raise UntrustedError("bundle.altered", part=bundle.PAYLOAD)
