"""Who and where: the names of persons and laptops behind the ids that operations carry."""

from __future__ import annotations

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.identity import is_common
from desktop_app.services.wording import desk_of
from desktop_app.services.workplace import Workplace
from desktop_app.storage import matters, oplog
from desktop_app.storage.database import Connection
from desktop_app.storage.rows import read_row

OWN, DISTRICT = "own", "district"
"""What ``laptop`` answers for this computer and for the district's."""

_TAIL = 4


class Names:
    """Names looked up within one read; each is asked for once."""

    def __init__(self, connection: Connection, workplace: Workplace) -> None:
        """Look up in an open database."""
        self._connection = connection
        self._feeds = oplog.load_feeds(connection)
        common = {row.facts.scope for row in self._feeds.values() if is_common(row.facts.scope)}
        held = {row.facts.scope for row in self._feeds.values()} - common
        own = workplace.seat.scope
        schools = held if is_common(own) else {own}
        self._scopes = sorted(schools | common)
        self._persons: dict[str, str] = {}
        self._laptops: dict[str, str] = {}

    def person(self, person: str) -> str:
        """Name a person, empty where nobody has introduced them."""
        if person not in self._persons:
            rows = (
                read_row(self._connection, RECORD_TYPES["person"], scope, person)
                for scope in self._scopes
            )
            self._persons[person] = next((row.text("full_name") for row in rows if row), "")
        return self._persons[person]

    def laptop(self, feed: str) -> str:
        """Name a laptop by its mark, or by the end of its feed's name where no receipt shows it.

        This computer is ``own``, the district's ``district``.
        """
        if feed not in self._laptops:
            self._laptops[feed] = self._laptop(feed)
        return self._laptops[feed]

    def _laptop(self, feed: str) -> str:
        row = self._feeds.get(feed)
        if row is not None and row.own:
            return OWN
        if row is not None and row.facts.district:
            return DISTRICT
        return desk_of(matters.desk_receipt(self._connection, feed)) or f"…{feed[-_TAIL:]}"
