"""What a PDF says when it is copied or searched, character by character as it was drawn.

Qt writes for every font which character each glyph is, but it only knows characters of four hex
digits, and of several that share a glyph it names the first: 𫘬 is left out, 父 becomes the radical
⽗. Here the glyphs are noted while a document is drawn, in the order in which Qt numbers them, and
the tables are written anew behind the file. A table that does not fit what was noted is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtGui import QFont, QPdfWriter, QRawFont, QTextDocument, QTextLayout

_FLAGS = (
    QTextLayout.GlyphRunRetrievalFlag.RetrieveGlyphIndexes
    | QTextLayout.GlyphRunRetrievalFlag.RetrieveStringIndexes
)
_TABLE = re.compile(rb"/ToUnicode (\d+) 0 R")
_RANGE = re.compile(r"<([0-9A-F]{4})> <[0-9A-F]{4}> (?:\[([^\]]*)\]|<([0-9A-F]{4})>)")
_MOST = 100
"""So many lines one block of a table may have."""
_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_FOOT = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


@dataclass(slots=True)
class _Font:
    """A font with its glyphs, in the order in which they were drawn first, and what each says."""

    face: QRawFont
    glyphs: dict[int, str] = field(default_factory=dict)

    def fits(self, table: Mapping[int, str]) -> bool:
        """Say whether Qt's own table is about these glyphs in this order."""
        drawn = list(self.glyphs)
        return all(
            number <= len(drawn)
            and list(self.face.glyphIndexesForString(said))[:1] == [drawn[number - 1]]
            for number, said in table.items()
        )


class TextPdf(QPdfWriter):
    """A PDF that notes what is drawn into it."""

    def begin_noting(self) -> None:
        """Begin with nothing drawn."""
        self._fonts: list[_Font] = []

    def note(self, document: QTextDocument) -> None:
        """Note a document that is drawn next."""
        block = document.begin()
        while block.isValid():
            self._note(block.layout(), block.text())
            block = block.next()

    def note_words(self, words: str, font: QFont) -> None:
        """Note words that a painter draws next."""
        layout = QTextLayout(words, font, self)
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        self._note(layout, words)

    def _note(self, layout: QTextLayout, text: str) -> None:
        units = text.encode("utf-16-le", "surrogatepass")
        drawn: list[tuple[int, int, _Font]] = []
        # The layout of a block does not know its own length, and gives its runs in any order.
        for run in layout.glyphRuns(0, len(units) // 2, _FLAGS):
            font = self._font(run.rawFont())
            pairs = zip(run.stringIndexes(), run.glyphIndexes(), strict=False)
            drawn += [(at, glyph, font) for at, glyph in pairs]
        for at, glyph, font in sorted(drawn, key=lambda one: one[0]):
            font.glyphs.setdefault(glyph, _sign(units, at))

    def _font(self, face: QRawFont) -> _Font:
        name = (face.familyName(), face.styleName())
        for one in self._fonts:
            if (one.face.familyName(), one.face.styleName()) == name:
                return one
        self._fonts.append(_Font(face))
        return self._fonts[-1]

    def mended(self, data: bytes) -> bytes:
        """Give the PDF with its tables written anew, as far as they fit what was noted."""
        tables = {int(number): _read(data, int(number)) for number in _TABLE.findall(data)}
        made: dict[int, bytes] = {}
        left = list(self._fonts)
        for number, table in sorted(tables.items(), key=lambda one: not one[1]):
            fitting = [font for font in left if font.fits(table)]
            if len(fitting) == 1:
                left.remove(fitting[0])
                made[number] = _written(fitting[0].glyphs.values())
        return _behind(data, made) if made else data


def _sign(units: bytes, at: int) -> str:
    """Give the character that begins at a place counted in units of sixteen bits."""
    high = int.from_bytes(units[2 * at : 2 * at + 2], "little")
    pair = 0xD800 <= high <= 0xDBFF
    return units[2 * at : 2 * at + (4 if pair else 2)].decode("utf-16-le", "replace")


def _read(data: bytes, number: int) -> dict[int, str]:
    """Read one of Qt's tables: which character each glyph is."""
    found = re.search(rb"\n%d 0 obj\n.*?stream\n(.*?)endstream" % number, data, re.DOTALL)
    text = found[1].decode("latin-1") if found is not None else ""
    table: dict[int, str] = {}
    for first, several, single in _RANGE.findall(text):
        said = re.findall("[0-9A-F]{4}", several or single)
        table |= {int(first, 16) + at: chr(int(one, 16)) for at, one in enumerate(said)}
    return {at: said for at, said in table.items() if at and said != "\0"}


def _written(signs: Iterable[str]) -> bytes:
    """Write a table: the glyphs are numbered from one on, in their order."""
    lines = [
        f"<{at:04X}> <{sign.encode('utf-16-be').hex().upper()}>"
        for at, sign in enumerate(signs, 1)
        if sign
    ]
    parts = [_HEAD]
    for start in range(0, len(lines), _MOST):
        some = lines[start : start + _MOST]
        parts += [f"{len(some)} beginbfchar\n", "\n".join(some), "\nendbfchar\n"]
    return "".join((*parts, _FOOT)).encode("ascii")


def _behind(data: bytes, streams: Mapping[int, bytes]) -> bytes:
    """Write objects anew behind a PDF, as an update of it (ISO 32000-1, 7.5.6)."""
    before = int(data[data.rindex(b"startxref") :].split()[1])
    begin = data.rindex(b"trailer")
    trailer = data[begin : data.index(b"startxref", begin)].rstrip()
    body, places = bytearray(data), []
    for number, stream in sorted(streams.items()):
        places.append(b"%d 1\n%010d 00000 n \n" % (number, len(body)))
        body += b"%d 0 obj\n<< /Length %d >>\nstream\n" % (number, len(stream))
        body += stream + b"endstream\nendobj\n"
    at = len(body)
    body += b"xref\n" + b"".join(places)
    body += trailer.removesuffix(b">>") + b"/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n" % (before, at)
    return bytes(body)
