"""The district's document: who certifies, who answers and which schools there are.

``district.json`` is numbered and signed by the district's offline root key. A laptop accepts the
first one by the root's fingerprint, typed from paper, and later ones only from the same root with
a number that does not go down (design §5, District root).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import msgspec

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.security import paper, sshsig
from desktop_app.security.keyfile import ROOT, load_key, save_key
from desktop_app.security.keys import PUBLIC_BYTES, SigningKey
from desktop_app.security.passwords import Password
from desktop_app.security.seal import check_recipient

LIMIT = 4 << 20
KIND = "enrollment-district"
FORMAT = 1
HIGHEST_NUMBER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class School:
    """A school of the district: its 10-digit code, its name, the mark in its receipt numbers."""

    code: str
    name: str
    mark: str


@dataclass(frozen=True, slots=True)
class Officer:
    """A person of the district who signs acts: their public key and roles, no name."""

    public: bytes
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class District:
    """What one numbered document says."""

    code: str
    name: str
    number: int
    root: bytes
    authorities: tuple[bytes, ...]
    """Public keys that sign certificates and tickets."""
    feed_keys: tuple[bytes, ...]
    """Public keys of the district's own replicas."""
    recipients: tuple[str, ...]
    """age recipients to whom bundles for the district are sealed."""
    officers: tuple[Officer, ...] = ()
    schools: tuple[School, ...] = ()

    def school(self, code: str) -> School | None:
        """Find a school by its code."""
        return next((school for school in self.schools if school.code == code), None)


@dataclass(frozen=True, slots=True)
class SignedDistrict:
    """A district's document as it travels: exact bytes and the root's signature over them."""

    data: bytes
    signature: str


class _Document(msgspec.Struct, frozen=True):
    """The outermost form; members this version does not know are passed over."""

    kind: str
    format: int
    district: District


class DistrictRoot:
    """The root key, while it is out of the safe."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    @classmethod
    def create(cls) -> Self:
        """Make a new root."""
        return cls(SigningKey.generate())

    @classmethod
    def load(cls, path: Path, passphrase: Password) -> Self:
        """Read the root from its stick.

        Raises:
            RuleError, UntrustedError, WorkplaceError: as ``keyfile.load_key``.
        """
        return cls(load_key(path, passphrase, ROOT))

    def save(self, path: Path, passphrase: Password) -> None:
        """Write the root to its stick.

        Raises:
            RuleError, WorkplaceError: as ``keyfile.save_key``.
        """
        save_key(path, self._key, passphrase, ROOT)

    @property
    def public(self) -> bytes:
        """The root's public key."""
        return self._key.public

    @property
    def fingerprint(self) -> str:
        """What is printed, and typed when a laptop joins: 16 characters in groups of four."""
        return paper.fingerprint(self._key.public)

    def publish(self, district: District, *, previous: District | None = None) -> SignedDistrict:
        """Sign a document; the root stated in it is this one, whatever it said.

        Raises:
            RuleError: ``district.number_not_higher`` than the previous document's.
            UntrustedError: ``district.malformed``: no reader would accept it.
        """
        if previous is not None and district.number <= previous.number:
            raise RuleError("district.number_not_higher", number=previous.number)
        district = _checked(replace(district, root=self._key.public))
        data = msgspec.json.encode(_Document(KIND, FORMAT, district)) + b"\n"
        return SignedDistrict(data, sshsig.sign(self._key, sshsig.DISTRICT, data))


def read(
    signed: SignedDistrict, *, fingerprint: str | None = None, previous: District | None = None
) -> District:
    """Read a document that is proven by a typed fingerprint or by the one held before.

    Raises:
        RuleError: the fingerprint is mistyped.
        UntrustedError: ``district.malformed``, ``district.other_root``, ``district.older``,
            ``district.two_versions`` (the same number, other content), or a wrong signature.
    """
    if fingerprint is None and previous is None:
        raise UntrustedError("district.other_root")
    district = parse(signed.data)
    if fingerprint is not None and not paper.same_fingerprint(fingerprint, district.root):
        raise UntrustedError("district.other_root")
    if previous is not None and (district.root, district.code) != (previous.root, previous.code):
        raise UntrustedError("district.other_root")
    sshsig.verify(district.root, sshsig.DISTRICT, signed.data, signed.signature)
    if previous is not None and district.number < previous.number:
        raise UntrustedError("district.older", number=district.number, held=previous.number)
    if previous is not None and district.number == previous.number and district != previous:
        raise UntrustedError("district.two_versions", number=district.number)
    return district


def parse(data: bytes) -> District:
    """Decode a document without any proof; for the district's own, which it has just made.

    Raises:
        UntrustedError: ``district.malformed``.
    """
    if len(data) > LIMIT:
        raise UntrustedError("district.malformed")
    try:
        document = msgspec.json.decode(data, type=_Document)
    except (ValueError, RecursionError) as error:
        raise UntrustedError("district.malformed") from error
    if (document.kind, document.format) != (KIND, FORMAT):
        raise UntrustedError("district.malformed")
    return _checked(document.district)


def _checked(district: District) -> District:
    """Insist on sound keys and a sound number."""
    publics = (
        district.root,
        *district.authorities,
        *district.feed_keys,
        *(officer.public for officer in district.officers),
    )
    sound = all(len(public) == PUBLIC_BYTES for public in publics)
    codes = [school.code for school in district.schools]
    if not sound or not 1 <= district.number <= HIGHEST_NUMBER or len(set(codes)) != len(codes):
        raise UntrustedError("district.malformed")
    for recipient in district.recipients:
        check_recipient(recipient)
    return district
