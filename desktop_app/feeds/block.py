"""Many operations read together: the same checks as ``operation.read``, without its detours.

A block is lines of a feed, each with its line feed. It is decoded in one call, typed and strict,
and encoded again in one call; where both agree to the byte every line is canonical. What has no
place in an ordinary block (a later format, an erased payload, a line of unusual length, anything
wrong) is left to ``operation.read``, which tells what it is. So this module says yes or nothing,
and every yes is one that ``operation.read`` would give (``tests/feeds/test_block.py``).
"""

from __future__ import annotations

import hashlib

import msgspec

from desktop_app.feeds.operation import (
    FORMAT,
    LARGEST_LINE,
    Header,
    Operation,
    Payload,
)


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    header: Header
    payload: Payload


_encode_lines = msgspec.json.Encoder().encode_lines
_decode_lines = msgspec.json.Decoder(_Line).decode_lines

_NUL = b"\\u0000"
"""Canonical JSON holds a NUL only as this escape, and a line feed nowhere."""
_FRAME = b'{"header":%b,"payload":%b}\n'


def read_block(block: bytes) -> list[Operation] | None:
    """Read whole lines, checking everything that does not need their neighbours.

    Returns:
        The operations in their order; None where ``operation.read`` must look at each line.
    """
    if len(block) > LARGEST_LINE or _NUL in block:
        return None
    try:
        decoded = _decode_lines(block)
        parts = _encode_lines([part for one in decoded for part in (one.header, one.payload)])
        written = parts.split(b"\n")[:-1]
        if _FRAME * len(decoded) % tuple(written) != block or not _are_whole(decoded, written):
            return None
        return _linked([one.header for one in decoded], written)
    except (ValueError, RecursionError):
        return None


def _are_whole(lines: list[_Line], written: list[bytes]) -> bool:
    """Check what no type says: format, names, salts in hexadecimal, and digests.

    Raises:
        ValueError: a salt is not hexadecimal at all.
    """
    sha256 = hashlib.sha256
    salts = "".join([line.payload.salt for line in lines])
    return (
        bytes.fromhex(salts).hex() == salts
        and {line.header.format for line in lines} <= {FORMAT}
        and [sha256(data).hexdigest() for data in written[1::2]]
        == [line.header.digest for line in lines]
        and [line.payload.values.keys() for line in lines]
        == [line.header.sets.keys() for line in lines]
    )


def _linked(headers: list[Header], written: list[bytes]) -> list[Operation] | None:
    """Hash every header; the previous hash it names must be written as hashes are.

    Raises:
        ValueError: a previous hash is not hexadecimal at all.
    """
    operations, sha256, reached = [], hashlib.sha256, b""
    for header, header_bytes, payload_bytes in zip(
        headers, written[::2], written[1::2], strict=True
    ):
        previous = reached
        if header.previous != previous.hex():
            previous = bytes.fromhex(header.previous)
            if header.previous != previous.hex():
                return None
        reached = sha256(previous + header_bytes).digest()
        operations.append(
            Operation(
                header.feed,
                header.sequence,
                header.kind,
                header.record,
                reached,
                previous,
                header_bytes,
                payload_bytes,
                header,
            )
        )
    return operations
