"""What the district asked a school for 区级点名要的: ranges of operations, and pages by name."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.services.wording import paper_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync.marks import laptop_name, mark_of
from desktop_app.sync.reach import acknowledgements


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing the district lacks.

    Either a range of a laptop's operations (``ranges``, in the district's words), or a page: the
    receipt it belongs to, the paper, the page, whether it lies on this computer (``here``), and
    whether the disk has spoilt it, so that only a new scan of the paper brings it (``spoilt``).
    """

    laptop: str
    ranges: str = ""
    receipt: str = ""
    paper: str = ""
    page: int = 0
    here: bool = True
    spoilt: bool = False


def asked_for(workplace: Workplace) -> tuple[Asked, ...]:
    """Name what the district's last answer asked this school for, ranges first."""
    scope = workplace.seat.scope
    with workplace.database.read() as connection:
        feeds = load_feeds(connection)
        said = acknowledgements(connection, feeds, scope)
        digests = sorted({digest for one in said.values() for digest in one.scans})
        pages = exchange.named_scans(connection, scope, digests)
    names = {name: laptop_name(name, mark_of(feeds[name], workplace.district)) for name in said}
    ranges = [
        Asked(names[name], ranges=one.missing.replace(" ", "、"))
        for name, one in said.items()
        if one.missing
    ]
    scans = [
        Asked(
            names.get(one.feed, laptop_name(one.feed, "")),
            receipt=one.receipt,
            paper=paper_label(workplace.policy, one.material),
            page=one.page,
            here=workplace.scans.holds(one.digest),
            spoilt=workplace.scans.is_rotten(one.digest),
        )
        for one in pages
    ]
    return (*ranges, *scans)
