"""Target 19: a photographed page shrunk, sealed and stored durably, as a registrar takes it in.

The limit is what the parts can do at best in one process: decode at a fraction of the work, shrink,
encode, seal, write, fsync, rename. Ours does the same in a child that has no keys, makes a
thumbnail, and notes the page in the journal, which costs a process and one more fsync.
"""

from __future__ import annotations

import hashlib
import io
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from benchmarks.bundle import open_folder, set_up
from benchmarks.measure import Case
from benchmarks.registrations import register
from desktop_app.documents.image_child import PAGE_SIDE
from desktop_app.durable.files import write_atomically
from desktop_app.security.seal import SealKey, seal_bytes
from desktop_app.services.scans import ScanDesk

PAGE = "page.jpg"
PER_RUN = 3
_A4 = (2480, 3508)
"""300 dpi, as scanning programs save."""
_QUALITY = 82
_INKED = 0.7


def prepare(folder: Path) -> None:
    """Set up a school with a child, and a page full of detail."""
    school = set_up(folder, "school", "2141041101")
    with school.journal.begin(school.actor(), school.seat.scope) as work:
        child = register(work, 0)
    school.close()
    (folder / "child").write_text(child, encoding="utf-8")
    _paper().save(folder / PAGE, "JPEG", quality=85)


def _paper() -> Image.Image:
    """Draw a sheet of print with a stamp, as grainy as a scanner makes it."""
    chance = random.Random(19)
    grain = Image.frombytes("L", (620, 877), bytes(chance.choices(range(232, 256), k=620 * 877)))
    sheet = grain.resize(_A4, Image.Resampling.BILINEAR).convert("RGB")
    pen = ImageDraw.Draw(sheet)
    for line in range(200, _A4[1] - 200, 62):
        for place in range(220, _A4[0] - 220, 44):
            if chance.random() < _INKED:
                pen.rectangle((place, line, place + 30, line + 6), fill=(30, 30, 40))
                pen.rectangle((place + 12, line, place + 18, line + 34), fill=(30, 30, 40))
    pen.ellipse((1500, 2500, 2100, 3100), outline=(190, 30, 40), width=16)
    return sheet


class Limit:
    """Pillow, age and the file system, in this process."""

    def open(self, prepared: Path, own: Path) -> None:
        """Name the page."""
        self._page, self._own = prepared / PAGE, own
        self._made: list[Path] = []

    def run(self) -> None:
        """Shrink, seal, store."""
        for _ in range(PER_RUN):
            image = Image.open(io.BytesIO(self._page.read_bytes()), formats=("JPEG",))
            size = (_A4[0] * PAGE_SIDE // _A4[1], PAGE_SIDE)
            image.draft("RGB", size)
            image.load()
            upright = ImageOps.exif_transpose(image)
            small = upright.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
            out = io.BytesIO()
            small.save(out, "JPEG", quality=_QUALITY)
            sealed = seal_bytes(out.getvalue(), [SealKey.generate().recipient])
            place = self._own / hashlib.sha256(sealed).hexdigest()
            write_atomically(place, sealed)
            self._made.append(place)

    def check(self) -> None:
        """Assert that the pages lie there, and make room."""
        assert len(self._made) == PER_RUN
        for place in self._made:
            assert place.stat().st_size > 1
            place.unlink()
        self._made = []

    def close(self) -> None:
        """Nothing is open."""


class Ours:
    """The use case behind the key."""

    def open(self, prepared: Path, _own: Path) -> None:
        """Open the school's folder."""
        self._page = prepared / PAGE
        self._child = (prepared / "child").read_text(encoding="utf-8")
        self._school = open_folder(prepared, "school")
        self._desk = ScanDesk(self._school)
        self._made: list[str] = []

    def run(self) -> None:
        """Take the pages in."""
        self._made = [self._desk.attach(self._child, "HKB", self._page) for _ in range(PER_RUN)]

    def check(self) -> None:
        """Assert that the pages open, and take them away."""
        for scan in self._made:
            jpeg = self._desk.read(scan)
            assert Image.open(io.BytesIO(jpeg)).size[1] <= PAGE_SIDE
        with self._school.journal.begin(self._school.actor()) as work:
            for scan in self._made:
                work.remove("scan", scan)

    def close(self) -> None:
        """Close the folder."""
        self._school.close()


CASES = (
    Case(
        number=19,
        title="a page taken in",
        target=1.3,
        prepare=prepare,
        limit=Limit,
        ours=Ours,
    ),
)
