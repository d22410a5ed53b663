"""The close-of-day sheet 日结单: counts by desk, what is open, and the seals of the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop_app.documents.day_sheet import DaySheetView, DeskLine, OpenItem, SealLine
from desktop_app.domain.masks import mask_name
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.calendar import day_bounds, local_day, local_time
from desktop_app.services.explaining import Explanations, draft_name, read_explanations
from desktop_app.services.sent_back import RETURNED
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange, oplog, queries
from desktop_app.storage.database import Connection
from desktop_app.storage.drafts import Drafts
from desktop_app.storage.exchange import Carried
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.queries import ApplicantLine
from desktop_app.storage.rows import Row, read_rows

SENT_BACK = "已退回"
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Closed:
    """A close of day that stands: who signed it, when, how open items were explained, drafts."""

    person: str
    at: int
    explanation: str
    drafts: int


class DaySheetDesk:
    """What was closed, and the sheet that goes into the file."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def closed(self, day: dt.date | None = None) -> Closed | None:
        """Say whether a day was closed, today where none is given; the last close counts."""
        wanted = (day or local_day()).isoformat()
        with self._workplace.database.read() as connection:
            rows = self._closes(connection, wanted)
            names = self._names(connection)
        if not rows:
            return None
        last = rows[-1]
        drafts = last.values.get("drafts")
        return Closed(
            names.get(last.created_by, ""),
            last.created_at,
            last.text("explanation"),
            drafts if isinstance(drafts, int) else 0,
        )

    def _closes(self, connection: Connection, day: str) -> list[Row]:
        scope = self._workplace.seat.scope
        rows = read_rows(connection, RECORD_TYPES["day_close"], scope, {})
        return sorted(
            (row for row in rows if row.text("day") == day), key=lambda row: row.created_at
        )

    def _names(self, connection: Connection) -> Mapping[str, str]:
        rows = read_rows(connection, RECORD_TYPES["person"], self._workplace.seat.scope, {})
        return {row.record: row.text("full_name") for row in rows}

    def view(self, day: dt.date | None = None) -> DaySheetView:
        """Give the sheet of a day, today where none is given."""
        workplace, wanted = self._workplace, day or local_day()
        closed = self.closed(wanted)
        with workplace.database.read() as connection:
            lines = self._lines(connection, wanted)
            names = self._names(connection)
            feeds = oplog.load_feeds(connection).values()
            bundles = exchange.carried_bundles(connection)
        at = "" if closed is None else f"{local_time(closed.at):%Y-%m-%d %H:%M}"
        said = read_explanations("" if closed is None else closed.explanation)
        drafts = self._drafts() if closed is None else closed.drafts
        return DaySheetView(
            school=workplace.seat.name,
            season=f"{workplace.policy.season_year} 秋季",
            day=wanted.isoformat(),
            desks=tuple(_desk_lines(lines, names)),
            open_items=tuple(_open_items(lines, drafts, said)),
            seals=(*_feed_seals(feeds, workplace.seat.scope), *_bundle_seals(bundles, wanted)),
            closed_by="" if closed is None else closed.person,
            closed_at=at,
            practice=workplace.practice,
        )

    def open_items(self, day: dt.date | None = None) -> tuple[OpenItem, ...]:
        """Name what is not finished of a day, by receipt number; drafts of this computer last."""
        closed = self.closed(day)
        said = read_explanations("" if closed is None else closed.explanation)
        with self._workplace.database.read() as connection:
            lines = self._lines(connection, day or local_day())
        return tuple(_open_items(lines, self._drafts(), said))

    def _drafts(self) -> int:
        return Drafts(self._workplace.database).count()

    def _lines(self, connection: Connection, day: dt.date) -> list[ApplicantLine]:
        """Give what was registered on a day, in the order of its making."""
        begin, end = day_bounds(day)
        found: list[ApplicantLine] = []
        after: tuple[int, str] | None = (end, "")
        while after is not None and after[0] >= begin:
            page = queries.applicant_page(
                connection, self._workplace.seat.scope, "all", after, _PAGE
            )
            found += [line for line in page.lines if begin <= line.created_at < end]
            after = page.after
        return found[::-1]


def _desk_lines(lines: Iterable[ApplicantLine], names: Mapping[str, str]) -> Iterable[DeskLine]:
    """Count by desk and clerk."""
    groups: dict[tuple[str, str], list[ApplicantLine]] = {}
    for line in lines:
        groups.setdefault((desk_of(line.receipt_number), line.created_by), []).append(line)
    for (desk, clerk), made in sorted(groups.items()):
        yield DeskLine(
            desk=desk,
            clerk=names.get(clerk, ""),
            registered=len(made),
            complete=sum(not line.missing_materials for line in made),
            approved=sum(line.review == "passed" for line in made),
            first_receipt=made[0].receipt_number,
            last_receipt=made[-1].receipt_number,
        )


def desk_of(receipt: str) -> str:
    """Read the desk's mark from a receipt number (school-desk-day-number-check)."""
    parts = receipt.split("-")
    return parts[1] if len(parts) > 1 else ""


def must_be_explained(item: OpenItem) -> bool:
    """Say whether a day cannot be signed before this is explained; the desk has the others back."""
    return item.what != SENT_BACK


def _open_items(
    lines: Iterable[ApplicantLine], drafts: int, said: Explanations
) -> Iterable[OpenItem]:
    """Name what is not finished: by receipt number, and drafts, which have none."""
    for line in lines:
        what = _what_is_open(line)
        if what:
            why, name = said.of(line.receipt_number), mask_name(line.full_name)
            yield OpenItem(line.receipt_number, what, why, name)
    for number in range(1, drafts + 1):
        yield OpenItem(draft_name(number), "没填完", said.of(draft_name(number)))


def _what_is_open(line: ApplicantLine) -> str:
    if line.missing_materials:
        return "材料未齐"
    if line.review == "passed":
        return ""
    return SENT_BACK if line.review == RETURNED and not line.amended else "未审"


def _feed_seals(feeds: Iterable[FeedRow], scope: str) -> Iterable[SealLine]:
    """Give the last entry of every laptop's feed."""
    for row in feeds:
        if row.sequence and row.facts.scope == scope:
            yield SealLine(row.facts.feed, row.sequence, row.hash.hex())


def _bundle_seals(bundles: Iterable[Carried], day: dt.date) -> Iterable[SealLine]:
    """Give the bundle that was handed over last on a day, whose digest the paper can prove."""
    begin, end = day_bounds(day)
    made = [one for one in bundles if begin <= one.carried_at < end]
    for one in sorted(made, key=lambda one: one.number)[-1:]:
        yield SealLine("交区级的包", one.number, one.digest)
