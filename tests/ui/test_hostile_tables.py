"""导入名册 with tables made to deceive, and damaged copies: the window lives, nothing is lost.

Every one goes the way of any table: chosen on the page by keys, read by the child behind the guard.
A part of them in ``make test``; every kind and two thousand copies in ``make hostile``.
"""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.errors import UntrustedError
from desktop_app.messages.catalogue import BUG, sentence
from desktop_app.services.progress import Progress
from desktop_app.services.repairing import RepairDesk
from desktop_app.sync.verifying import verify_workplace
from desktop_app.ui.pages.workbook import Mode, WorkbookPage
from tests.documents.hostile_workbooks import HOSTILE
from tests.documents.mutants import mutants, mutate
from tests.documents.old_workbooks import HOSTILE_OLD, HOSTILE_TEXT, old_workbook
from tests.services.test_intake import GOOD, HEADERS
from tests.sync.counting import COUNTED
from tests.ui.conftest import Heard, press, rest
from tests.ui.test_workbook import (
    BAD,
    SECOND,
    Seat,
    cheap_passwords,
    children,
    mode_of,
    school,
    seat,
)

__all__ = ["cheap_passwords", "school", "seat"]
Key = Qt.Key
WHOLE = os.environ.get("ENROLLMENT_HOSTILE") == "full"
COPIES = 2000 if WHOLE else 12
SEED = int(os.environ.get("ENROLLMENT_HOSTILE_SEED", "41"))
KINDS = {"xlsx": HOSTILE, "xls": HOSTILE_OLD, "csv": HOSTILE_TEXT}
SAMPLE = {
    "xlsx": ("macro_part", "zip_bomb", "cut_off", "string_that_is_not_there"),
    "xls": ("chain_in_a_circle", "macros", "two_far_corners"),
    "csv": ("a_picture", "quotation_without_end", "nothing"),
}
ROWS = (HEADERS, GOOD, BAD, SECOND)
_SMALL = 64 * 1024
_INSIDE = 1024 * 1024
_FOLDER = 100
_ENTERED = 3
"""Of the damaged copies that can be shown, every so-manieth is entered too."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file for the page; ``code`` is what it must be refused with, where that is known."""

    name: str
    data: bytes
    code: str = ""


def hostile() -> Iterator[Table]:
    """Give the kinds made to deceive."""
    for suffix, corpus in KINDS.items():
        for name in corpus if WHOLE else SAMPLE[suffix]:
            code, make = corpus[name]
            yield Table(f"{name}.{suffix}", make(), code)


def copies(folder: Path, chance: random.Random) -> Iterator[Table]:
    """Give damaged copies without end: by turns of a good table and of one made to deceive."""
    path = folder / "village.xlsx"
    write_workbook(path, [SheetContent("登记", HEADERS, ROWS[1:])])
    text = "\r\n".join(",".join(line) for line in ROWS).encode()
    good = [("xlsx", path.read_bytes()), ("xls", old_workbook(ROWS)), ("csv", text)]
    bad = [
        (suffix, made)
        for suffix, corpus in KINDS.items()
        for _code, make in corpus.values()
        if len(made := make()) <= _SMALL
    ]
    streams = [[(suffix, damaged(data, chance)) for suffix, data in one] for one in (good, bad)]
    number = 0
    while True:
        suffix, stream = chance.choice(streams[number % 2])
        yield Table(f"{number:04}.{suffix}", next(stream))
        number += 1


def damaged(data: bytes, chance: random.Random) -> Iterator[bytes]:
    """Damage a file again and again: the parts within it too, where it is a zip that opens."""
    if opens(data):
        yield from mutants(data, COPIES, chance)
    while True:
        yield mutate(data, chance)


def opens(data: bytes) -> bool:
    """Tell whether a zip can be unpacked here and packed again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = sum(one.file_size for one in archive.infolist())
            return inside <= _INSIDE and archive.testzip() is None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        return False


class Person:
    """Looks into table after table by keys."""

    def __init__(self, seat: Seat, heard: Heard, place: Path) -> None:
        self.seat, self.heard, self.place = seat, heard, place
        self.folders = 0
        self.told: Counter[str] = Counter()
        seat.press(Key.Key_F4)

    @property
    def page(self) -> WorkbookPage:
        return self.seat.workbook

    def key(self, key: Qt.Key) -> None:
        press(key)
        rest(self.seat.qtbot, self.seat.tasks)

    def lay(self, tables: Sequence[Table]) -> None:
        """Put tables on a stick and go to them; they are listed by name."""
        self.folders += 1
        folder = self.place / f"stick-{self.folders}"
        folder.mkdir()
        for one in tables:
            (folder / one.name).write_bytes(one.data)
            os.utime(folder / one.name, (1, 1))
        self.seat.type_place(folder)

    def look_into(self, tables: Sequence[Table], shown: Callable[[Table], None]) -> None:
        """Look into tables one after another; each is refused with its sentence, or shown."""
        for one in sorted(tables, key=lambda one: one.name):
            chosen = self.page.files.chosen
            assert chosen is not None
            assert chosen.path.name == one.name
            self.key(Key.Key_F10)
            assert self.seat.window.page is self.page
            assert (self.heard.bugs, self.heard.errors) == ([], []), one.name
            if mode_of(self.page) is Mode.PREVIEW:
                assert not one.code, one.name
                shown(one)
            else:
                self.refused(one)
            self.key(Key.Key_Down)

    def refused(self, one: Table) -> None:
        """Hold what the page says to what must be said."""
        view = self.page.banner_place.view
        assert view is not None, one.name
        assert view.number not in {"", sentence(BUG).number}, (one.name, view)
        assert "没有" in view.now, (one.name, "whether anything was taken in")
        if one.code:
            assert view.number == sentence(UntrustedError(one.code)).number, one.name
        self.told[view.what] += 1

    def turn_back(self, _table: Table) -> None:
        """Leave a table that was shown."""
        self.told["shown"] += 1
        self.key(Key.Key_Escape)

    def enter_some(self, table: Table) -> None:
        """Enter every few tables that were shown, whatever stands in them; leave the others."""
        preview = self.page.preview.preview
        assert preview is not None
        if self.told["shown"] % _ENTERED or not any(preview.counts[:2]):
            self.turn_back(table)
            return
        self.told["shown"] += 1
        self.told["entered"] += 1
        self.key(Key.Key_F10)
        if mode_of(self.page) is Mode.REPAIRS:
            self.key(Key.Key_F2)


@pytest.fixture
def person(seat: Seat, heard: Heard, tmp_path: Path) -> Person:
    """Somebody who has entered an honest table, of which one row waits to be mended."""
    made = Person(seat, heard, tmp_path)
    rows = ROWS[1:]
    write_workbook(tmp_path / "good.xlsx", [SheetContent("登记", HEADERS, rows)])
    made.lay([Table("good.xlsx", (tmp_path / "good.xlsx").read_bytes())])
    seat.press(Key.Key_F10, Key.Key_F10, Key.Key_F2)
    assert children(seat.workplace) == {"罗雨桐", "李一"}
    assert mode_of(made.page) is Mode.FILES
    return made


def waiting(seat: Seat) -> list[str]:
    """Give the lines that wait to be mended."""
    return [one.id for one in RepairDesk(seat.workplace).lines()]


def test_every_hostile_table_meets_its_sentence_and_the_window_lives(
    person: Person, seat: Seat, record_property: Callable[[str, object], None]
) -> None:
    tables, before = [*hostile()], waiting(seat)
    person.lay(tables)
    person.look_into(tables, person.turn_back)
    assert person.told.total() == len(tables)
    assert person.told["shown"] == 0
    assert (children(seat.workplace), waiting(seat)) == ({"罗雨桐", "李一"}, before)
    record_property(COUNTED, f"{len(tables)} kinds of hostile tables, {len(person.told)} sentences")


def test_damaged_copies_are_refused_or_shown_and_nothing_is_lost(
    person: Person,
    seat: Seat,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    before, made = waiting(seat), copies(tmp_path, random.Random(SEED))
    for done in range(0, COPIES, _FOLDER):
        tables = [next(made) for _ in range(min(_FOLDER, COPIES - done))]
        person.lay(tables)
        person.look_into(tables, person.enter_some)
        if WHOLE:
            with capsys.disabled():
                print(f"{done + len(tables)} of {COPIES}", dict(person.told))  # noqa: T201
    assert person.told.total() - person.told["entered"] == COPIES
    assert 0 < person.told["shown"] < COPIES
    assert children(seat.workplace) >= {"罗雨桐", "李一"}
    assert {*waiting(seat)} >= {*before}
    report = verify_workplace(seat.workplace, Progress())
    assert report.sound, report.flaws
    record_property(
        COUNTED,
        f"{COPIES} damaged copies: {person.told['shown']} shown, {person.told['entered']} of them"
        f" entered, {len(children(seat.workplace))} children and {len(waiting(seat))} lines to mend",
    )
