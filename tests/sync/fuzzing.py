"""A small coverage-guided fuzzer: what reaches a line no input reached before is kept and varied.

Lines are watched with ``sys.settrace`` in the modules that read what a stick brings; no other tool
is needed. Whatever is raised but ``UntrustedError`` is a bug.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from desktop_app.domain.errors import UntrustedError
from desktop_app.messages.catalogue import shipped

WATCHED = ("desktop_app/sync/", "desktop_app/feeds/", "desktop_app/security/")
_LONGEST = 200_000

Target = Callable[[bytes], object]
Place = tuple[str, int]


@dataclass
class Found:
    """What a run came to: inputs tried, taken and kept, lines reached, and refusals by code."""

    tried: int = 0
    taken: int = 0
    corpus: list[bytes] = field(default_factory=list)
    lines: set[Place] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)


def watched(target: Target, data: bytes) -> tuple[set[Place], str]:
    """Give the lines a target runs through, and the code it refused with, if it did.

    Raises:
        Exception: anything but ``UntrustedError`` passes through: it is what is looked for.
    """
    lines: set[Place] = set()

    def on_line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            lines.add((frame.f_code.co_filename, frame.f_lineno))
        return on_line

    def on_call(frame: FrameType, _event: str, _: Any) -> Any:
        name = frame.f_code.co_filename.replace("\\", "/")
        return on_line if any(part in name for part in WATCHED) else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        target(data)
    except UntrustedError as error:
        return lines, error.code
    finally:
        sys.settrace(before)
    return lines, ""


def mutate(chance: random.Random, corpus: list[bytes]) -> bytes:
    """Vary an input of the corpus: bits, bytes, numbers, pieces of itself and of another."""
    data = bytearray(chance.choice(corpus))
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        piece = data[at : min(end, at + 64)]
        match chance.randrange(8):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(data):
                data[at] = chance.choice(b'\0\n"\\{}[]:,0129-eatfn\x80\xff ')
            case 2:
                del data[at : at + len(piece)]
            case 3:
                data[at:at] = piece * chance.choice((1, 2, 50))
            case 4:
                other = chance.choice(corpus)
                start = chance.randrange(len(other) + 1)
                data[at : at + len(piece)] = other[start : start + chance.randrange(1, 600)]
            case 5:
                data[at:at] = chance.choice(WORDS)
            case 6:
                data[at : at + len(piece)] = chance.choice(WORDS)
            case _:
                del data[at:]
    return bytes(data[:_LONGEST])


WORDS = (b"null", b"true", b"-1", b"1e999", b"9007199254740993", b'"\\u0000"', b'"\\ud800"', b"[]",
         b"{}", b'""', b"[" * 3000, b'{"a":' * 3000, b"\n", b'"format":2,', b'"from":0,', b"\0" * 512,
         "阳".encode(), b"\xef\xbb\xbf", b'"payload":null')  # fmt: skip


def fuzz(target: Target, seeds: list[bytes], seconds: float, seed: int) -> Found:
    """Fuzz a target for a time; every seed must be one it takes or refuses properly."""
    chance, found = random.Random(seed), Found()
    end = time.monotonic() + seconds
    waiting = list(seeds)
    while waiting or time.monotonic() < end:
        data = waiting.pop() if waiting else mutate(chance, found.corpus)
        try:
            lines, code = watched(target, data)
        except Exception as error:
            message = f"{type(error).__name__} for {data[:2000]!r}"
            raise AssertionError(message) from error
        assert not code or code in shipped(), code
        found.tried += 1
        found.taken += not code
        found.codes.add(code)
        if not found.corpus or lines - found.lines:
            found.lines |= lines
            found.corpus.append(data)
    return found
