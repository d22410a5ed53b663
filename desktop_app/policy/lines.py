"""In which line of a package's file an entry's key stands, for the officer who mends it.

TOML is read without lines, so the text is searched for the entry and then for the key in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADER = re.compile(r'\s*\[\[?\s*"?([^\[\]"]+?)"?\s*\]\]?\s*(?:#.*)?')
_NAMED = re.compile(r'\s*(?:code|row|number|label)\s*=\s*"?([^"#]*?)"?\s*(?:#.*)?')
_Block = tuple[str, int, list[str]]
"""The name in a header, empty before the first; the line it begins with, and its lines."""


def line_of(text: str, entry: str, key: str) -> int:
    """Give the line, from 1, of a key of an entry; the entry's own where the key is not there.

    ``entry`` is empty for the top of a file; 0 where the entry is not found.
    """
    for name, first, lines in _blocks(text):
        if entry and not _is_entry(name, lines, entry):
            continue
        found = re.compile(rf'\s*"?{re.escape(key)}"?\s*=') if key else None
        for place, line in enumerate(lines):
            if found is not None and found.match(line):
                return first + place
        return first if entry else 0
    return 0


def _is_entry(name: str, lines: list[str], entry: str) -> bool:
    """Tell whether a block is the entry: by its header, or by what names it in a list."""
    if name.rpartition(".")[2] == entry:
        return True
    named = (_NAMED.fullmatch(line) for line in lines)
    return next((one.group(1) == entry for one in named if one is not None), False)


def _blocks(text: str) -> Iterator[_Block]:
    name, first = "", 1
    lines: list[str] = []
    for place, line in enumerate(text.splitlines(), 1):
        header = _HEADER.fullmatch(line)
        if header is not None:
            yield name, first, lines
            name, first, lines = header.group(1), place, []
        lines.append(line)
    yield name, first, lines
