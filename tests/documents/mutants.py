"""Damaged copies of a good file: of its bytes, and of the parts inside a zip."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator

_TOKENS = (
    b"<", b">", b"&", b'"', b"/>", b"<c>", b"<row>", b"</row>", b"<f>1</f>", b"<v/>", b't="s"', b't="e"',
    b"A1", b"XFD1048576", b"-1", b"999999999999", b"1E400", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"&amp;", b"&#0;",
)  # fmt: skip


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Damage one to four places."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed) + 1)
        kind = chance.randrange(5)
        if kind == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del changed[at : at + chance.randint(1, 64)]
        elif kind == 2:
            changed[at:at] = chance.choice(_TOKENS)
        elif kind == 3:
            span = changed[at : at + chance.randint(1, 256)]
            changed[at:at] = span * chance.randint(1, 8)
        else:
            changed[at : at + 4] = chance.randbytes(4)
    return bytes(changed)


def mutants(good: bytes, count: int, chance: random.Random) -> Iterator[bytes]:
    """Damage a zip: a third in its bytes, two thirds in one part that is zipped again."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for number in range(count):
        if number % 3 == 0:
            yield mutate(good, chance)
            continue
        name = chance.choice(list(members))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, data in members.items():
                archive.writestr(member, mutate(data, chance) if member == name else data)
        yield out.getvalue()
