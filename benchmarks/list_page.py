"""Target 5: a page of fifty applicants, walked from the newest far into the season."""

from __future__ import annotations

import shutil
import statistics
import time
from pathlib import Path

import msgspec

from benchmarks.measure import Case, Gate, opened
from benchmarks.registrations import register
from benchmarks.season import ACTOR, SCOPE, begin_feed, open_journal, open_raw
from desktop_app.storage.lists import Page, PageKey, applicant_page

FILE, NEWEST = "season.db", "newest.msgpack"
APPLICANTS, PER_WORK = 3000, 500
PAGE, PAGES, WALKS = 50, 40, 5
DEEP_RATIO = 1.3
_TRIES = 60

SELECT = (
    "SELECT record, full_name, sex, birth_date, id_type, id_number, category, hukou_village,"
    " receipt_number, missing_materials, review, review_reason, review_field, district_status,"
    " district_reason, state, created_by, created_in, created_at, changed_at"
    " FROM projected_applicant WHERE scope = ? AND (created_at, record) < (?, ?)"
    " ORDER BY created_at DESC, record DESC LIMIT 51"
)


def prepare(folder: Path) -> None:
    """Make a school's file of several seasons."""
    journal = open_journal(folder / FILE)
    begin_feed(journal)
    for first in range(0, APPLICANTS, PER_WORK):
        with journal.begin(ACTOR) as work:
            for number in range(first, first + PER_WORK):
                register(work, number)
    journal.database.checkpoint()
    with journal.database.read() as connection:
        found = connection.exec_driver_sql("SELECT created_at, record FROM projected_applicant")
        newest = sorted(map(tuple, found), reverse=True)[: PAGE * PAGES]
    (folder / NEWEST).write_bytes(msgspec.msgpack.encode([record for _, record in newest]))
    journal.database.close()


class Limit:
    """The SELECT through the driver, rows as tuples."""

    def open(self, prepared: Path, own: Path) -> None:
        """Open a copy."""
        shutil.copy(prepared / FILE, own / FILE)
        self._newest = msgspec.msgpack.decode((prepared / NEWEST).read_bytes())
        self._db = open_raw(own / FILE)

    def run(self) -> None:
        """Walk the pages, several times over."""
        for _ in range(WALKS):
            self._walk()

    def _walk(self) -> None:
        self._seen: list[str] = []
        at, record = 2**62, ""
        for _ in range(PAGES):
            rows = self._db.execute(SELECT, (SCOPE, at, record)).fetchall()
            self._seen += [row[0] for row in rows[:PAGE]]
            record, at = rows[PAGE - 1][0], rows[PAGE - 1][18]

    def check(self) -> None:
        """Assert that the newest came, each once and in order."""
        assert self._seen == self._newest

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class Ours:
    """The query the list's model asks, page by page, each in a read transaction of its own."""

    def open(self, prepared: Path, own: Path) -> None:
        """Open a copy."""
        shutil.copy(prepared / FILE, own / FILE)
        self._newest = msgspec.msgpack.decode((prepared / NEWEST).read_bytes())
        self._database = open_journal(own / FILE).database

    def page(self, after: PageKey | None) -> Page:
        """Give one page."""
        with self._database.read() as connection:
            return applicant_page(connection, SCOPE, "all", after, PAGE)

    def run(self) -> None:
        """Walk the pages, several times over."""
        for _ in range(WALKS):
            self._walk()

    def _walk(self) -> None:
        self._seen: list[str] = []
        after: PageKey | None = None
        for _ in range(PAGES):
            page = self.page(after)
            self._seen += [line.record for line in page.lines]
            after = page.after

    def check(self) -> None:
        """Assert that the newest came, each once and in order."""
        assert self._seen == self._newest

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def deep_page(prepared: Path) -> tuple[Gate, ...]:
    """Compare a page near the list's end with the first one, turn by turn."""
    with opened((Ours,), prepared, 0) as (side,):
        assert isinstance(side, Ours)
        after = None
        for _ in range(APPLICANTS // PAGE - 2):
            after = side.page(after).after
        assert after is not None
        first, deep = [], []
        for _ in range(_TRIES):
            first.append(_seconds(side, None))
            deep.append(_seconds(side, after))
    ratio = statistics.median(deep) / statistics.median(first)
    return (Gate("deep page/first", round(ratio, 2), f"≤ {DEEP_RATIO}", ratio <= DEEP_RATIO),)


def _seconds(side: Ours, after: PageKey | None) -> float:
    begun = time.perf_counter()
    page = side.page(after)
    taken = time.perf_counter() - begun
    assert len(page.lines) == PAGE
    return taken


CASES = (
    Case(
        number=5,
        title="a list page of 50",
        target=2.0,
        prepare=prepare,
        limit=Limit,
        ours=Ours,
        gates=deep_page,
    ),
)
