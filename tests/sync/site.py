"""A made-up district with a school's laptops, built through real vaults, roots and tickets.

Only the cost of stretching passwords is lowered (``kdf.STANDARD``, by the conftest); everything
else is what the product does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.domain.declare import Value
from desktop_app.durable.places import resource_path
from desktop_app.policy.load import load_package
from desktop_app.policy.package import Policy
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.progress import Progress
from desktop_app.services.setup import NewFolder, create_workplace, open_workplace
from desktop_app.services.workplace import Workplace
from desktop_app.storage.digest import state_digest
from desktop_app.storage.exchange import lines_of
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync.answers import answer
from desktop_app.sync.inbox import INBOX, TakenIn, take_in
from desktop_app.sync.joining import use_ticket
from desktop_app.sync.outbox import Exported, export

PASSWORD = "sunflower-41"
DISTRICT, SCHOOL, OTHER_SCHOOL = "410411", "2141041101", "2141041102"


def shipped_policy() -> Policy:
    """Load the policy package that is shipped."""
    return load_package(resource_path("policy", "zhanhe-2024"))


@dataclass
class Site:
    """Folders of a district and its laptops under one temporary folder."""

    folder: Path
    policy: Policy
    opened: list[Workplace] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    def found(self) -> Workplace:
        """Set up the district, its root and its document."""
        district = self.set_up("district", "district", DISTRICT)
        DistrictOffice(district).found(self.folder / "root", PASSWORD)
        return district

    def set_up(self, name: str, kind: str, code: str) -> Workplace:
        """Set up one data folder."""
        new = NewFolder(self.folder / name, kind, code, f"made-up {name}", "赵志强")
        workplace, _ = create_workplace(new, PASSWORD, self.policy)
        self.opened.append(workplace)
        return workplace

    def laptop(self, district: Workplace, name: str, school: str = SCHOOL) -> Workplace:
        """Set up a school's laptop that joined with a ticket."""
        workplace = self.set_up(name, "school", school)
        self.join(district, workplace)
        return workplace

    def join(self, district: Workplace, workplace: Workplace) -> None:
        """Let a laptop join with a ticket of its own."""
        office = DistrictOffice(district)
        number = next(self._numbers)
        first = number * 10_000 + 1
        ticket = office.issue(workplace.seat.code, str(number), first, first + 9998)
        use_ticket(workplace, ticket.file, ticket.code, office.fingerprint())

    def again(self, workplace: Workplace) -> Workplace:
        """Close a workplace and open it again, as after a night."""
        workplace.close()
        self.opened.remove(workplace)
        return self.reopen(workplace.folder.name)

    def reopen(self, name: str, person: str = "赵志强") -> Workplace:
        """Open a folder that was closed, as one of its persons."""
        reopened = open_workplace(self.folder / name, person, PASSWORD, self.policy)
        self.opened.append(reopened)
        return reopened

    def close(self) -> None:
        """Close whatever is open."""
        for workplace in self.opened:
            workplace.close()
        self.opened.clear()


def register(workplace: Workplace, name: str = "单梓涵", **more: str) -> str:
    """Write one applicant with a guardian; give the record id."""
    with workplace.journal.begin(workplace.actor(), workplace.seat.scope) as work:
        values: dict[str, Value] = {
            "season": 2024,
            "stage": "P1",
            "full_name": name,
            "sex": "2",
            "birth_date": "2018-03-14",
            "id_type": "1",
            "id_number": "419999201803142640",
            "ethnic_code": "01",
            **more,
        }
        applicant = work.create("applicant", values)
        guardian = {"applicant": applicant, "full_name": "单志远", "relation": "51"}
        work.create("guardian", guardian)
    return applicant


def register_many(workplace: Workplace, count: int) -> None:
    """Write many applicants in one transaction."""
    with workplace.journal.begin(workplace.actor(), workplace.seat.scope) as work:
        for n in range(count):
            work.create(
                "applicant",
                {
                    "season": 2024,
                    "stage": "P1",
                    "full_name": "单梓涵",
                    "sex": "2",
                    "birth_date": "2018-03-14",
                    "id_type": "1",
                    "receipt_number": f"N{n:06}",
                    "ethnic_code": "01",
                },
            )


def register_pages(workplace: Workplace, pages: Iterable[bytes]) -> list[str]:
    """Write an applicant with sealed pages, one record each; give the pages' digests."""
    applicant = register(workplace)
    digests = [workplace.scans.store(page) for page in pages]
    with workplace.journal.begin(workplace.actor(), workplace.seat.scope) as work:
        for n, digest in enumerate(digests):
            size = workplace.scans.path(digest).stat().st_size
            values: dict[str, Value] = {"applicant": applicant, "material": "HKB", "page": n + 1}
            work.create("scan", {**values, "digest": digest, "size": size})
    return digests


def hand(workplace: Workplace, stick: Path) -> Exported:
    """Export to a stick."""
    stick.mkdir(parents=True, exist_ok=True)
    return export(workplace, stick, Progress())


def reply(district: Workplace, stick: Path, school: str = SCHOOL) -> Exported:
    """Answer onto a stick."""
    stick.mkdir(parents=True, exist_ok=True)
    return answer(district, school, stick, Progress())


def take(workplace: Workplace, *paths: Path) -> list[TakenIn]:
    """Take bundles in."""
    return take_in(workplace, paths, Progress())


def exchange_all(
    district: Workplace, laptops: Sequence[Workplace], folder: Path, rounds: int = 2
) -> None:
    """Let every laptop of a school hand in and take the answer home, some times over."""
    for number in range(rounds):
        for at, laptop in enumerate(laptops):
            take(district, hand(laptop, folder / f"in {number} {at}").path)
        answered = reply(district, folder / f"out {number}").path
        for laptop in laptops:
            take(laptop, answered)


def state(workplace: Workplace) -> str:
    """Give the digest of what is held of the school."""
    with workplace.database.read() as connection:
        return state_digest(connection, SCHOOL)


Feeds = dict[str, list[bytes]]


def content(workplace: Workplace) -> Feeds:
    """Give everything held, as lines by feed: what a bundle may add to and never change."""
    with workplace.database.read() as connection:
        return {
            name: list(lines_of(connection, row.number, 0, row.sequence))
            for name, row in load_feeds(connection).items()
        }


def row_of(workplace: Workplace, kind: str, record: str, scope: str = SCHOOL) -> dict[str, object]:
    """Give a record's values as they show, empty where it does not stand."""
    from desktop_app.domain.records import RECORD_TYPES
    from desktop_app.storage.rows import read_row

    with workplace.database.read() as connection:
        row = read_row(connection, RECORD_TYPES[kind], scope, record)
    return {} if row is None else dict(row.values)


def feed_of(workplace: Workplace, scope: str = "") -> str:
    return workplace.own_feed(scope or None).facts.feed


def kept(workplace: Workplace) -> list[str]:
    """Name what lies in the inbox."""
    inbox = workplace.folder / INBOX
    return sorted(entry.name for entry in inbox.iterdir()) if inbox.is_dir() else []
