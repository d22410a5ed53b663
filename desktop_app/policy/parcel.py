"""A policy package as one text, the way an operation carries it (ADR 0014).

Base64 of gzip of a JSON object, file name → text: ``base64 -d | gunzip`` shows what it says. What
comes back is only bytes; whether they make a package says ``load``.
"""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.policy.load import FILES

LARGEST_TEXT = 200_000
"""Characters; an operation has at most 262,144 bytes."""
LARGEST_PLAIN = 4 * 1024**2
_GZIP = 16 + zlib.MAX_WBITS


def pack(files: Mapping[str, bytes]) -> str:
    """Pack the files of a package that was loaded without a fault.

    Raises:
        RuleError: ``policy.too_large``: no operation can carry it.
    """
    plain = msgspec.json.encode({name: files[name].decode() for name in FILES})
    text = base64.b64encode(gzip.compress(plain, mtime=0)).decode()
    if len(plain) > LARGEST_PLAIN or len(text) > LARGEST_TEXT:
        raise RuleError("policy.too_large", limit=LARGEST_TEXT // 1000)
    return text


def unpack(text: str) -> Mapping[str, bytes]:
    """Give the files of a packed package.

    Raises:
        UntrustedError: ``policy.damaged``: it is no such text, or would fill the memory.
    """
    try:
        opening = zlib.decompressobj(_GZIP)
        packed = base64.b64decode(text, validate=True)
        plain = opening.decompress(packed, LARGEST_PLAIN)
        # Too much padding is passed over in silence: only the one spelling is the text.
        if not opening.eof or opening.unused_data or base64.b64encode(packed).decode() != text:
            raise UntrustedError("policy.damaged")
        named = msgspec.json.decode(plain, type=dict[str, str])
        files = {name: said.encode() for name, said in named.items()}
    except (ValueError, zlib.error) as error:
        raise UntrustedError("policy.damaged") from error
    if files.keys() != set(FILES):
        raise UntrustedError("policy.damaged")
    return MappingProxyType(files)
