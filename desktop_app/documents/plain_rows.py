"""Recognise rows as spreadsheet programs write them, so that most of a sheet is counted in bulk.

A callback per tag costs more than all parsing. A block that is nothing but plain rows, letter for
letter, can be counted with one expression; everything else takes the slow way (``sheet_scan``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_END = b"</row>"
_START = b"<row "
_LONGEST_WAIT = 1024 * 1024
"""Bytes without the end of a row after which a block is cut anyway."""

_PLAIN = re.compile(
    rb"(?:"
    rb'<row r="[0-9]{1,7}"(?: [A-Za-z0-9.:]++="[^"<>]*+")*+(?:/>|>'
    rb'(?:<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]++")?+(?: t="(?:inlineStr|str|s|n|b)")?+(?:/>|>'
    rb'(?:<v>[^<>]*+</v>|<is><t(?: xml:space="preserve")?+>[^<>]*+</t></is>)</c>))*+'
    rb"</row>)"
    rb")++"
)
"""No errors (``t="e"``), formulas, comments or prefixes: those rows take the slow way."""
_PLACES = re.compile(r'<(?:row r="([0-9]+)"|c r="([A-Z]+)([0-9]+)"[^>]*?(/?)>)')

Place = tuple[str, str, str, str]
"""Row number, or column letters, row number and ``/`` where the cell is empty."""


def blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stream behind the ends of rows and before the first of them."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = rest.rfind(_END) + len(_END)
        if cut < len(_END):
            if len(rest) < _LONGEST_WAIT:
                continue
            cut = len(rest)
        yield from _before_and_from_the_first_row(rest[:cut])
        rest = rest[cut:]
    yield rest


def _before_and_from_the_first_row(block: bytes) -> Iterator[bytes]:
    first = block.find(_START)
    if first > 0:
        yield block[:first]
        block = block[first:]
    yield block


def is_plain(block: bytes) -> bool:
    """Tell whether a block is nothing but plain rows."""
    return _PLAIN.fullmatch(block) is not None


def places(block: bytes) -> list[Place]:
    """List the rows and cells of a plain block in their order."""
    return _PLACES.findall(block.decode())
