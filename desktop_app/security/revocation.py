"""OpenSSH revocation lists (KRL), for auditors who verify with ``ssh-keygen -Y verify -r``.

The program itself takes revocations from the feeds; this list says the same to stock tools. The
format is OpenSSH's PROTOCOL.krl, version 1: one section of certificate serials per authority and
one of whole keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop_app.security.sshwire import public_blob, string, uint64

_MAGIC = b"SSHKRL\n\0"
_FORMAT = 1
_CERTIFICATES = b"\x01"
_KEYS = b"\x02"
_SERIALS = b"\x20"


def revocation_list(
    number: int,
    seconds: int,
    serials: Mapping[bytes, Iterable[int]],
    keys: Iterable[bytes] = (),
    *,
    comment: str = "",
) -> bytes:
    """Write a revocation list.

    Args:
        number: counts up with every list.
        seconds: when it was made, in seconds since 1970 UTC.
        serials: revoked certificate serials (from 1) by their authority's public key.
        keys: revoked Ed25519 public keys, whatever certificate they come with.
        comment: shown by ``ssh-keygen -Q -l``.

    Raises:
        ValueError: a serial below 1; OpenSSH would refuse the whole list.
    """
    parts = [
        _MAGIC,
        _FORMAT.to_bytes(4),
        uint64(number),
        uint64(seconds),
        uint64(0),  # no flags are defined
        string(b""),
        string(comment.encode()),
    ]
    for authority in sorted(serials):
        numbers = sorted(set(serials[authority]))
        if numbers and numbers[0] < 1:
            raise ValueError(numbers[0])
        listed = b"".join(map(uint64, numbers))
        inner = string(public_blob(authority)) + string(b"") + _SERIALS + string(listed)
        if numbers:
            parts += [_CERTIFICATES, string(inner)]
    blobs = b"".join(string(public_blob(key)) for key in sorted(set(keys)))
    if blobs:
        parts += [_KEYS, string(blobs)]
    return b"".join(parts)
