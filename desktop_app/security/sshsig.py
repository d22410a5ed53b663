"""Signatures over files, in OpenSSH's SSHSIG form, so that ``ssh-keygen -Y verify`` proves them.

A signature is made for one namespace, which keeps a bundle's signature from serving as a
district's. What is signed is the SHA-512 of the content, so large files are streamed once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from desktop_app.domain.errors import UntrustedError
from desktop_app.durable.files import disk_errors
from desktop_app.security.keys import SigningKey
from desktop_app.security.keys import verify as verify_raw
from desktop_app.security.sshwire import (
    ED25519,
    Reader,
    WireError,
    public_blob,
    string,
    subject_of,
)

BUNDLE = "enrollment-bundle"
FEED = "enrollment-feed"
DISTRICT = "enrollment-district"
TICKET = "enrollment-ticket"
HELLO = "enrollment-hello"
NAMESPACES = (BUNDLE, FEED, DISTRICT, TICKET, HELLO)

_MAGIC = b"SSHSIG"
_VERSION = 1
_HASH = b"sha512"
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_LINE = 70
_LONGEST = 16 * 1024  # characters; one with a certificate inside has about 900
_CHUNK = 1 << 20
_WHITESPACE = str.maketrans("", "", " \t\n\v\f\r")  # C's idea of it, as ssh-keygen has


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature claims; nothing of it is proven yet."""

    key_blob: bytes
    """The signer's public key, or their certificate, as SSH writes it."""
    public: bytes
    namespace: str
    raw: bytes

    @property
    def certificate_line(self) -> str | None:
        """The signer's certificate, if the signature brings one."""
        kind = Reader(self.key_blob).string()
        if kind == ED25519:
            return None
        return f"{kind.decode('ascii')} {base64.b64encode(self.key_blob).decode()}"


def digest_of(file: BinaryIO) -> bytes:
    """Hash a file from where it stands to its end.

    Raises:
        WorkplaceError: it could not be read.
    """
    digest = hashlib.sha512()
    with disk_errors():
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.digest()


def sign(key: SigningKey, namespace: str, message: bytes, *, certificate: str | None = None) -> str:
    """Sign a message; see ``sign_digest``."""
    return sign_digest(key, namespace, hashlib.sha512(message).digest(), certificate=certificate)


def sign_file(
    key: SigningKey, namespace: str, file: BinaryIO, *, certificate: str | None = None
) -> str:
    """Sign a file from where it stands to its end; see ``sign_digest``."""
    return sign_digest(key, namespace, digest_of(file), certificate=certificate)


def sign_digest(
    key: SigningKey, namespace: str, digest: bytes, *, certificate: str | None = None
) -> str:
    """Sign the SHA-512 of something and give the armored signature.

    With the signer's certificate line inside, a stock verifier needs only the authority's key.
    """
    blob = public_blob(key.public)
    if certificate is not None:
        blob = base64.b64decode(certificate.split(" ")[1])
    raw = key.sign(_signed_data(namespace, digest))
    body = b"".join(
        (
            _MAGIC,
            _VERSION.to_bytes(4),
            string(blob),
            string(namespace.encode()),
            string(b""),
            string(_HASH),
            string(string(ED25519) + string(raw)),
        )
    )
    text = base64.b64encode(body).decode()
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    return "\n".join((_BEGIN, *lines, _END, ""))


def read(armored: str | bytes) -> Signature:
    """Take an armored signature apart, without believing it.

    Raises:
        UntrustedError: ``signature.malformed``: no Ed25519 signature over SHA-512.
    """
    try:
        return _parse(_dearmor(armored))
    except ValueError as error:  # includes WireError, UnicodeError and binascii.Error
        raise UntrustedError("signature.malformed") from error


def verify(public: bytes, namespace: str, message: bytes, armored: str | bytes) -> Signature:
    """Check a signature over a message; see ``verify_digest``."""
    return verify_digest(public, namespace, hashlib.sha512(message).digest(), armored)


def verify_file(public: bytes, namespace: str, file: BinaryIO, armored: str | bytes) -> Signature:
    """Check a signature over a file from where it stands to its end; see ``verify_digest``."""
    return verify_digest(public, namespace, digest_of(file), armored)


def verify_digest(public: bytes, namespace: str, digest: bytes, armored: str | bytes) -> Signature:
    """Check that the holder of ``public`` signed this SHA-512 for this namespace.

    A certificate inside is handed back and not judged here: ``certificate.read`` does that.

    Raises:
        UntrustedError: ``signature.malformed``, ``signature.other_key``,
            ``signature.other_purpose`` or ``signature.wrong``.
    """
    signature = read(armored)
    if signature.public != public:
        raise UntrustedError("signature.other_key")
    if signature.namespace != namespace:
        raise UntrustedError("signature.other_purpose")
    verify_raw(public, _signed_data(namespace, digest), signature.raw)
    return signature


def _signed_data(namespace: str, digest: bytes) -> bytes:
    fields = (namespace.encode(), b"", _HASH, digest)
    return _MAGIC + b"".join(string(field) for field in fields)


def _dearmor(armored: str | bytes) -> bytes:
    text = armored if isinstance(armored, str) else armored.decode("latin-1")
    inside, end, _ = text.removeprefix(_BEGIN + "\n").partition("\n" + _END)
    if len(text) > _LONGEST or not text.startswith(_BEGIN + "\n") or not end:
        raise WireError
    packed = inside.translate(_WHITESPACE)
    body = base64.b64decode(packed, validate=True)
    if base64.b64encode(body).decode() != packed:
        raise binascii.Error
    return body


def _parse(body: bytes) -> Signature:
    reader = Reader(body)
    if reader.take(len(_MAGIC)) != _MAGIC or reader.uint32() != _VERSION:
        raise WireError
    blob, namespace, reserved, hash_name = (reader.string() for _ in range(4))
    inner = Reader(reader.string())
    reader.end()
    kind, raw = inner.string(), inner.string()
    inner.end()
    if reserved or hash_name != _HASH or kind != ED25519:
        raise WireError
    return Signature(blob, subject_of(blob), namespace.decode(), raw)
