"""How far each applicant has come, worked out slowly and plainly; ``count_records`` must agree."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.database import Connection
from desktop_app.storage.oplog import FeedRow, load_feeds
from desktop_app.storage.rows import read_rows
from desktop_app.sync.reach import acknowledgements
from desktop_app.sync.standing import Counts


class Stage(enum.IntEnum):
    """How far a record has come; each includes those before it."""

    DECLARED = 0
    CARRIED = 1
    RECEIVED = 2
    DECIDED = 3


def record_stages(workplace: Workplace, scope: str | None = None) -> dict[str, Stage]:
    """Say of every applicant how far the record has come, by record id."""
    wanted = scope or workplace.seat.scope
    with workplace.database.read() as connection:
        feeds = {
            name: row for name, row in load_feeds(connection).items() if not row.facts.district
        }
        said = acknowledgements(connection, feeds, wanted)
        received = {row.number: said[name].sequence for name, row in feeds.items() if name in said}
        carried = _carried(connection, feeds)
        stages = {}
        for row in read_rows(connection, RECORD_TYPES["applicant"], wanted, {}):
            places = connection.exec_driver_sql(
                "SELECT feed, sequence FROM operation WHERE scope = ? AND record = ?"
                " AND kind = 'applicant' AND feed IN (SELECT number FROM feed WHERE district = 0)",
                (wanted, row.record),
            ).all()
            if row.values.get("district_status") is not None:
                stages[row.record] = Stage.DECIDED
            elif all(sequence <= received.get(feed, 0) for feed, sequence in places):
                stages[row.record] = Stage.RECEIVED
            elif all(sequence <= carried.get(feed, 0) for feed, sequence in places):
                stages[row.record] = Stage.CARRIED
            else:
                stages[row.record] = Stage.DECLARED
    return stages


def _carried(connection: Connection, feeds: Mapping[str, FeedRow]) -> dict[int, int]:
    """Give how far each feed was ever carried from here, by number."""
    reached: dict[int, int] = {}
    for bundle in exchange.carried_bundles(connection):
        for feed, sequence in bundle.heads.items():
            if feed in feeds:
                number = feeds[feed].number
                reached[number] = max(sequence, reached.get(number, 0))
    return reached


def counts(workplace: Workplace, scope: str | None = None) -> Counts:
    """Count the stages as ``count_records`` does."""
    stages = list(record_stages(workplace, scope).values())
    return Counts(*(sum(stage >= least for stage in stages) for least in Stage))
