"""Look for personal data in clear: every file of some folders, whatever it is packed in.

Needles are searched in every text encoding a Chinese desktop writes, and grouped as screens and
prints group them. What is compressed is opened from where its magic stands, at any depth, so that
torn archives, blobs in a database and leftovers in a temporary file are looked into alike. Nothing
is written to disk, and no file is held in memory whole, PDF text excepted.
"""

from __future__ import annotations

import io
import logging
import stat
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pypdf

from tests.story.inflate import MAGIC, MAGIC_LENGTH, Decoder, decoder_for

CHUNK = 1 << 20
MAX_DEPTH = 6
MAX_PDF_BYTES = 64 << 20
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
_GROUPS = {18: (6, 14), 11: (3, 7)}
"""Where identity numbers (6-8-4) and phone numbers (3-4-4) are cut when they are shown."""
_WORDS: dict[int, Literal["Q", "I"]] = {8: "Q", 4: "I"}
"""Sizes of the machine words looked up, and their codes."""
_SEPARATORS = (" ", "-", "\u00a0", "\u2009", "\u202f", "\u3000")


@dataclass(frozen=True, slots=True)
class Hit:
    """A needle found: in which file, through which wrappings, in what form, and where."""

    path: Path
    inside: tuple[str, ...]
    needle: str
    form: str
    offset: int


@dataclass(slots=True)
class Report:
    """What was found and how much was looked through, so that an empty hunt is no proof."""

    hits: list[Hit] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    opened: int = 0
    """Compressed streams that were looked into."""


def hunt(folders: Iterable[Path], needles: Iterable[str]) -> list[Hit]:
    """Search every file below the folders, its name included, for every needle.

    Names of two characters are four bytes in some encodings: among tens of megabytes of ciphertext
    a few stand by chance. Hunt for longer names, numbers and telephones.
    """
    return hunt_report(folders, needles).hits


def hunt_report(folders: Iterable[Path], needles: Iterable[str]) -> Report:
    """Search as ``hunt`` does, and say how much was searched.

    Raises:
        ValueError: there is no needle, or one is shorter than four bytes in some encoding.
        FileNotFoundError: a folder is not there, so nothing could be proved of it.
    """
    patterns = Patterns(needles)
    report = Report()
    for folder in folders:
        for path in _files(folder):
            name = str(path.relative_to(folder)) if path != folder else path.name
            _search_file(path, name, patterns, report)
    return report


def _files(folder: Path) -> Iterator[Path]:
    if not folder.exists():
        raise FileNotFoundError(folder)
    for path in [folder, *sorted(folder.rglob("*"))]:
        if stat.S_ISREG(path.lstat().st_mode):
            yield path


class Patterns:
    """Every form of every needle, found in one pass over the bytes.

    The first four or eight bytes of each form are looked up in a set at every place, by machine
    words: the number of needles costs nothing, so a whole season is hunted at once.
    """

    def __init__(self, needles: Iterable[str]) -> None:
        self.forms: dict[bytes, list[tuple[str, str]]] = {}
        for needle in dict.fromkeys(needles):
            for form, data in _forms(needle):
                if len(data) < min(_WORDS):
                    raise ValueError("needle")
                if (needle, form) not in self.forms.setdefault(data, []):
                    self.forms[data].append((needle, form))
        if not self.forms:
            raise ValueError("needles")
        self.longest = max(map(len, self.forms))
        self._by_anchor: dict[int, dict[int, list[bytes]]] = {size: {} for size in _WORDS}
        for data in self.forms:
            size = max(size for size in _WORDS if size <= len(data))
            anchor = int.from_bytes(data[:size], sys.byteorder)
            self._by_anchor[size].setdefault(anchor, []).append(data)
        self._anchors = {size: frozenset(known) for size, known in self._by_anchor.items()}

    def find(self, data: bytes) -> Iterator[tuple[int, str, str]]:
        """Give place, needle and form of everything that stands in the data, overlaps too."""
        for size in _WORDS:
            for anchor in self._present(data, size):
                for at in _places(data, anchor.to_bytes(size, sys.byteorder)):
                    for form in self._by_anchor[size][anchor]:
                        if data.startswith(form, at):
                            yield from ((at, *needle) for needle in self.forms[form])

    def _present(self, data: bytes, size: int) -> frozenset[int]:
        """Give the anchors that stand anywhere in the data."""
        found: frozenset[int] = frozenset()
        for offset in range(min(size, len(data))):
            end = offset + (len(data) - offset) // size * size
            words = array(_WORDS[size], data[offset:end])
            found |= self._anchors[size].intersection(words)
        return found


def _places(data: bytes, wanted: bytes) -> Iterator[int]:
    at = data.find(wanted)
    while at >= 0:
        yield at
        at = data.find(wanted, at + 1)


def _forms(needle: str) -> Iterator[tuple[str, bytes]]:
    """Give the bytes a needle may have been written as."""
    for text, grouped in _written(needle):
        for encoding in ENCODINGS:
            yield grouped + encoding, text.encode(encoding)
        if not text.isascii():
            yield grouped + "json", _json_escaped(text, "04x")
            yield grouped + "json", _json_escaped(text, "04X")


def _written(needle: str) -> Iterator[tuple[str, str]]:
    cuts = _GROUPS.get(len(needle)) if needle[:-1].isdigit() else None
    for text in dict.fromkeys((needle, needle.lower(), needle.upper())):
        yield text, ""
        if cuts is not None:
            first, second = cuts
            parts = (text[:first], text[first:second], text[second:])
            yield from ((sign.join(parts), "grouped ") for sign in _SEPARATORS)


def _json_escaped(text: str, digits: str) -> bytes:
    units = text.encode("utf-16-be")
    codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    return "".join(chr(one) if one < 128 else f"\\u{one:{digits}}" for one in codes).encode()


OnHit = Callable[[tuple[str, ...], str, str, int], None]
OnOpen = Callable[[], None]


class _Stream:
    """One stream of bytes, searched as it passes; what is packed in it becomes a stream too."""

    def __init__(self, patterns: Patterns, on_hit: OnHit, on_open: OnOpen, depth: int = 0) -> None:
        self._patterns = patterns
        self._on_hit = on_hit
        self._on_open = on_open
        self._depth = depth
        self._overlap = max(patterns.longest, MAGIC_LENGTH) - 1
        self._tail = b""
        self._base = 0
        self._next_magic = 0
        self._children: list[tuple[Decoder, _Stream]] = []

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if not self._base and not self._tail and self._depth:
            self._on_open()
        for decoder, child in self._children:
            child.feed_from(decoder, chunk)
        data = self._tail + chunk
        for at, needle, form in self._patterns.find(data):
            self._on_hit((), needle, form, self._base + at)
        if self._depth < MAX_DEPTH:
            self._look_for_magic(data)
        self._children = [pair for pair in self._children if not pair[0].is_over]
        keep = min(len(data), self._overlap)
        self._tail = data[len(data) - keep :]
        self._base += len(data) - keep

    def feed_from(self, decoder: Decoder, data: bytes) -> None:
        """Take what a decoder makes of the next bytes."""
        for piece in decoder.feed(data):
            self.feed(piece)

    def _look_for_magic(self, data: bytes) -> None:
        for found in MAGIC.finditer(data, max(0, self._next_magic - self._base)):
            start = self._base + found.start()
            self._next_magic = self._base + found.end()
            decoder = decoder_for(found.group())
            on_hit = _nested(self._on_hit, f"{decoder.name}@{start}")
            child = _Stream(self._patterns, on_hit, self._on_open, self._depth + 1)
            child.feed_from(decoder, data[found.start() :])
            self._children.append((decoder, child))


def _nested(on_hit: OnHit, where: str) -> OnHit:
    def report(inside: tuple[str, ...], needle: str, form: str, offset: int) -> None:
        on_hit((where, *inside), needle, form, offset)

    return report


def _search_file(path: Path, name: str, patterns: Patterns, report: Report) -> None:
    """Search one file, its name, and its text where it is a PDF; each form is told once."""
    found: dict[tuple[tuple[str, ...], str, str], Hit] = {}

    def on_hit(inside: tuple[str, ...], needle: str, form: str, offset: int) -> None:
        found.setdefault((inside, needle, form), Hit(path, inside, needle, form, offset))

    def on_open() -> None:
        report.opened += 1

    stream = _Stream(patterns, on_hit, on_open)
    report.files += 1
    with path.open("rb") as file:
        is_pdf = file.read(5) == b"%PDF-"
        file.seek(0)
        while chunk := file.read(CHUNK):
            report.bytes += len(chunk)
            stream.feed(chunk)
    texts: Mapping[str, str] = {"name": name, "pdf text": _pdf_text(path) if is_pdf else ""}
    for where, text in texts.items():
        for at, needle, form in patterns.find(text.encode("utf-8", "surrogateescape")):
            on_hit((where,), needle, form, at)
    report.hits.extend(found.values())


def _pdf_text(path: Path) -> str:
    """Give what a reader of the PDF sees: fonts give glyph numbers, not characters.

    A damaged file gives what could be read; its bytes were searched all the same.
    """
    if path.stat().st_size > MAX_PDF_BYTES:
        raise ValueError("pdf too large to be read whole")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[str] = []
    try:
        for page in pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages:
            pages.append(page.extract_text())  # noqa: PERF401 - pages before a bad one count
    except Exception:  # noqa: BLE001 - whatever a broken file makes the library raise
        pages.append("")
    return "\n".join(pages)
