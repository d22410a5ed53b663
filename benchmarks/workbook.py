"""Targets 3, 8 and 9: workbooks read, taken into the database, and written.

3: the limit replays the very rows ours wrote with the driver's executemany, all statements of a
kind at once in one transaction, and reads no workbook. Ours reads, checks, compares, journals and
folds. 8: the limit is the guard and calamine in a child that counts; ours gives every cell to this
process, coded and checked. 9: the limit joins the bytes of the rows and deflates them.

    python -m benchmarks.workbook 100000     one taking in of so many families, ours against raw
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import event

from benchmarks.measure import Case, is_full
from benchmarks.season import open_raw
from desktop_app.documents.reader import read_workbook
from desktop_app.documents.writer import SheetContent, workbook_bytes, write_workbook
from desktop_app.domain.identity import make_check_digit
from desktop_app.security import kdf
from desktop_app.services.intake import WorkbookDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.setup import NewFolder, create_workplace, open_workplace
from desktop_app.services.workplace import Workplace

ROWS = 10_000
FOLDER, TEMPLATE, RAW = "school", "template", "raw.db"
STATEMENTS, KEY_FILE = "statements.msgpack", "key"
_SCHOOL, _PERSON, _PASSWORD = "2141041101", "赵志强", "sunflower-41"
_BATCHES = 3
"""One run that is not counted, and two that are."""
_CHEAP = kdf.Cost(memory=8, passes=1, lanes=1)
_HEADERS = (
    "儿童姓名", "证件号", "民族", "户籍村（居）", "户籍地址", "报名类别", "就读方式", "监护人姓名",
    "与儿童关系", "监护人证件号", "联系电话", "已带材料", "告知书已签",
)  # fmt: skip
_FAMILY, _GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "雨桐子涵梓萱浩宇欣怡俊杰诗琪佳明思远"
_REGION = "419999"


def _number(born: str, order: int) -> str:
    body = f"{_REGION}{born}{order:03d}"
    return body + make_check_digit(body)


def _name(number: int) -> str:
    many = len(_GIVEN)
    first = _FAMILY[number // many**2 % len(_FAMILY)]
    return first + _GIVEN[number // many % many] + _GIVEN[number % many]


def family(number: int) -> tuple[str, ...]:
    """Give the row of a made-up family; no two are alike."""
    order, day = divmod(number + 101 * 336, 336)
    year, month = divmod(day // 28 + 8, 12)  # from September 2017 to August 2018
    born = f"201{7 + year}{1 + month:02d}{1 + day % 28:02d}"
    parent = f"1985{1 + month:02d}{1 + day % 28:02d}"
    return (
        _name(number), _number(born, order), "汉", "湛河湾村", f"{1 + number % 9}组{number}号",
        "A1", "走读", _name(number + 7), "父亲", _number(parent, order), f"138{number:08d}",
        "户口簿、监护人身份证", "是",
    )  # fmt: skip


def families(first: int, count: int) -> list[tuple[str, ...]]:
    """Give rows of families."""
    return [family(number) for number in range(first, first + count)]


def _write(path: Path, first: int, count: int) -> None:
    write_workbook(path, [SheetContent("登记表", _HEADERS, families(first, count))])


# --- 3: into the database ---------------------------------------------------------------------


def at_once() -> int:
    """Say how many families a run takes in."""
    return 2_000 if is_full() else 150


def prepare_school(folder: Path) -> None:
    """Make a school, and record what ours writes into it."""
    prepare_of(folder, at_once())


def prepare_of(folder: Path, count: int, batches: int = _BATCHES) -> None:
    """Make a school, its workbooks, and record what ours writes of them."""
    kdf.STANDARD = _CHEAP
    new = NewFolder(folder / TEMPLATE / FOLDER, "school", _SCHOOL, "湛河湾小学", _PERSON)
    workplace, _ = create_workplace(new, _PASSWORD, shipped_policy())
    (folder / KEY_FILE).write_bytes(bytes(workplace.session.database_key()))
    workplace.database.checkpoint()
    workplace.close()
    for batch in range(batches):
        _write(folder / f"{batch}.xlsx", batch * count, count)
    shutil.copytree(folder / TEMPLATE, folder / "recorded")
    workplace = _opened(folder / "recorded")
    # A copied folder goes on as a successor: what is replayed begins where that one did.
    workplace.database.checkpoint()
    shutil.copy(workplace.database.path, folder / RAW)
    recorded = [list(_record(workplace, folder / f"{n}.xlsx", count)) for n in range(batches)]
    workplace.close()
    (folder / STATEMENTS).write_bytes(msgspec.msgpack.encode(recorded))
    shutil.rmtree(folder / "recorded")


def _opened(folder: Path) -> Workplace:
    kdf.STANDARD = _CHEAP
    return open_workplace(folder / FOLDER, _PERSON, _PASSWORD, shipped_policy())


def _record(workplace: Workplace, path: Path, count: int) -> Iterator[tuple[str, list[Any]]]:
    """Take a workbook in, and give its writing statements with the values of all their runs."""
    heard: dict[str, list[Any]] = {}

    def hear(_c: Any, _k: Any, statement: str, values: Any, _x: Any, many: bool) -> None:  # noqa: FBT001
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            # Many runs at once give no rows back.
            bare = statement.partition(" RETURNING ")[0]
            heard.setdefault(bare, []).extend(values if many else [values])

    engine = workplace.database._engine  # noqa: SLF001
    event.listen(engine, "before_cursor_execute", hear)
    taken = WorkbookDesk(workplace).take_in(path)
    event.remove(engine, "before_cursor_execute", hear)
    assert (len(taken.registered), taken.repairs) == (count, ())
    yield from heard.items()


class RawRows:
    """The same rows through the driver alone."""

    def open(self, prepared: Path, own: Path) -> None:
        """Copy the school and open its file."""
        shutil.copy(prepared / RAW, own / RAW)
        self._db = open_raw(own / RAW, key=(prepared / KEY_FILE).read_bytes())
        self._todo = iter(msgspec.msgpack.decode((prepared / STATEMENTS).read_bytes()))
        self._before = self._expected = 0

    def run(self) -> None:
        """Write the rows of a workbook."""
        todo = next(self._todo)
        self._db.execute("BEGIN IMMEDIATE")
        for statement, values in todo:
            self._db.executemany(statement, values)
        self._db.execute("COMMIT")

    def check(self) -> None:
        """Assert that they stand."""
        now = self._db.execute("SELECT count(*) FROM projected_applicant").fetchone()[0]
        step = now - self._before
        assert step > 0
        assert self._expected in {0, step}
        self._before, self._expected = now, step

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class TakenIn:
    """The product: read, checked, compared, journalled, folded."""

    def open(self, prepared: Path, own: Path) -> None:
        """Copy the school and log in."""
        shutil.copytree(prepared / TEMPLATE, own / TEMPLATE)
        self._workplace = _opened(own / TEMPLATE)
        self._todo = iter(sorted(prepared.glob("[0-9].xlsx")))

    def run(self) -> None:
        """Take a workbook in."""
        self._taken = WorkbookDesk(self._workplace).take_in(next(self._todo))

    def check(self) -> None:
        """Assert that every family stands."""
        assert self._taken.repairs == ()
        assert len(self._taken.registered) > 0

    def close(self) -> None:
        """Log out."""
        self._workplace.close()


# --- 8: read ----------------------------------------------------------------------------------

_BOOK = "village.xlsx"
_COUNT_ROWS = """
import io, sys
from desktop_app.documents.guard import inspect_workbook
from python_calamine import CalamineWorkbook
data = sys.stdin.buffer.read()
name = inspect_workbook(data).sheet
print(len(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()))
"""


def prepare_book(folder: Path) -> None:
    """Write a workbook of ten thousand families."""
    _write(folder / _BOOK, 0, ROWS)


class Counted:
    """Guard and parser in a child that only counts."""

    def open(self, prepared: Path, own: Path) -> None:
        """Know the workbook."""
        del own
        self._path = prepared / _BOOK

    def run(self) -> None:
        """Count its rows."""
        with self._path.open("rb") as file:
            done = subprocess.run(
                [sys.executable, "-E", "-s", "-c", _COUNT_ROWS],
                stdin=file,
                capture_output=True,
                check=True,
            )
        self._rows = int(done.stdout) - 1

    def check(self) -> None:
        """Assert that all were there."""
        assert self._rows == ROWS

    def close(self) -> None:
        """Nothing is open."""


class Read:
    """The product's reader, every cell in this process."""

    def open(self, prepared: Path, own: Path) -> None:
        """Know the workbook."""
        del own
        self._path = prepared / _BOOK

    def run(self) -> None:
        """Read it."""
        self._sheet = read_workbook(self._path)

    def check(self) -> None:
        """Assert that every cell is there."""
        assert len(self._sheet.rows) == ROWS
        assert tuple(cell.text for cell in self._sheet.rows[-1].cells) == family(ROWS - 1)

    def close(self) -> None:
        """Nothing is open."""


# --- 9: write ---------------------------------------------------------------------------------

_LEVEL = 4
_OPEN, _CLOSE = b'<c r="A1" s="1" t="inlineStr"><is><t>', b"</t></is></c>"


def prepare_rows(_folder: Path) -> None:
    """Need nothing: both sides make the rows they write."""


class Deflated:
    """The bytes of the cells joined with their markup, and deflated."""

    def open(self, prepared: Path, own: Path) -> None:
        """Make the bytes of the cells."""
        del prepared, own
        self._rows = [[cell.encode() for cell in row] for row in families(0, ROWS)]

    def run(self) -> None:
        """Join and deflate them."""
        pieces: list[bytes] = []
        for row in self._rows:
            pieces.append(b"<row>")
            for cell in row:
                pieces += (_OPEN, cell, _CLOSE)
            pieces.append(b"</row>")
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
        self._done = packer.compress(b"".join(pieces)) + packer.flush()

    def check(self) -> None:
        """Assert that it inflates again."""
        assert zlib.decompress(self._done, -15).count(b"<row>") == ROWS

    def close(self) -> None:
        """Nothing is open."""


class Written:
    """The product's writer."""

    def open(self, prepared: Path, own: Path) -> None:
        """Make the rows."""
        del prepared, own
        self._rows: Sequence[tuple[str, ...]] = families(0, ROWS)

    def run(self) -> None:
        """Write them as a workbook."""
        self._done = workbook_bytes([SheetContent("登记表", _HEADERS, self._rows)])

    def check(self) -> None:
        """Assert that the last row is there."""
        with zipfile.ZipFile(io.BytesIO(self._done)) as archive:
            assert family(ROWS - 1)[1].encode() in archive.read("xl/worksheets/sheet1.xml")

    def close(self) -> None:
        """Nothing is open."""


CASES = (
    Case(
        number=3,
        title="families of a workbook into the database",
        target=3.0,
        prepare=prepare_school,
        limit=RawRows,
        ours=TakenIn,
    ),
    Case(
        number=8,
        title="10k rows of a workbook read",
        target=1.3,
        prepare=prepare_book,
        limit=Counted,
        ours=Read,
    ),
    Case(
        number=9,
        title="10k rows written as a workbook",
        target=1.5,
        prepare=prepare_rows,
        limit=Deflated,
        ours=Written,
    ),
)


def main(arguments: Sequence[str]) -> int:
    """Take in so many families once, and write the same rows raw."""
    count = int(arguments[0]) if arguments else ROWS
    with tempfile.TemporaryDirectory(prefix="bench-workbook-") as place:
        folder = Path(place)
        prepare_of(folder, count, batches=1)
        spent = {}
        for side in (RawRows(), TakenIn()):
            own = folder / type(side).__name__
            own.mkdir()
            side.open(folder, own)
            begun = time.perf_counter()
            side.run()
            spent[type(side).__name__] = time.perf_counter() - begun
            side.check()
            side.close()
    raw, ours = spent["RawRows"], spent["TakenIn"]
    print(f"{count} families: raw {raw:.1f} s, ours {ours:.1f} s, {ours / raw:.2f} times")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
