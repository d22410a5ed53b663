"""The laptops of the district 电脑: who waits for a comparison, who is in, what is wrong with one.

Every line is made of what is held: hellos, bundles that wait, feeds, admissions, limits, forks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.files import read_limited
from desktop_app.security.paper import fingerprint
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.policies import current_choice
from desktop_app.services.progress import Progress
from desktop_app.services.setup import FIRST_ROLES
from desktop_app.services.ticket_book import TicketBook
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.branches import count_apart
from desktop_app.storage.oplog import load_feeds
from desktop_app.storage.rows import read_rows
from desktop_app.sync import hello
from desktop_app.sync.admitting import Admitted, admit
from desktop_app.sync.belonging import laptops_of_people
from desktop_app.sync.hello import Hello
from desktop_app.sync.inbox import TakenIn, take_in
from desktop_app.sync.programs import SILENT, Versions, versions
from desktop_app.sync.reach import limited_feeds, off_the_limit
from desktop_app.sync.revoking import Revoked, revoke

STRANGER, MEMBER, REVOKED = "stranger", "member", "revoked"
_ORDER = (STRANGER, MEMBER, REVOKED)


@dataclass(frozen=True, slots=True)
class LaptopLine:
    """One laptop as the district knows it.

    ``state`` is ``stranger`` (waits for a comparison by telephone), ``member`` or ``revoked``.
    ``bundles`` counts what waits in the inbox for it; ``limit`` is the last operation that counts;
    ``fork`` the first operation of a second branch, 0 where it is not known, None where there is
    none; ``apart`` counts what stands apart of it; ``twins`` are the other feeds that joined with
    the same ticket; ``packed_with`` are the versions it packed
    with last, ``policy`` is the one in force at the district.
    """

    school: str
    label: str
    feed: str
    fingerprint: str
    state: str
    mark: str = ""
    people: tuple[str, ...] = ()
    held: int = 0
    bundles: int = 0
    limit: int | None = None
    fork: int | None = None
    apart: int = 0
    packed_with: Versions = SILENT
    policy: str = ""
    twins: tuple[str, ...] = ()

    @property
    def needs_look(self) -> bool:
        """Tell whether an officer has to do something about it."""
        open_finding = self.fork is not None or bool(self.twins)
        return self.state == STRANGER or (open_finding and self.state == MEMBER)


class LaptopDesk:
    """The use cases of the page on which the district lets laptops in and ends them."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open district workplace.

        Raises:
            RuleError: it is a school's.
        """
        self._workplace = workplace
        self._book = TicketBook(workplace)
        self._office = DistrictOffice(workplace)

    # --- what is known ------------------------------------------------------------------------

    def lines(self) -> tuple[LaptopLine, ...]:
        """List the laptops: who needs a look comes first, then school by school."""
        found = [*self._strangers(), *self._known()]
        return tuple(sorted(found, key=_place))

    def fingerprint(self) -> str:
        """Give the district's own fingerprint, which the school types at its end.

        Raises:
            RuleError: the district has no document yet.
        """
        return self._office.fingerprint()

    def meet(self, place: Path) -> None:
        """Read the hellos on a stick, so that who waits there is listed.

        Raises:
            WorkplaceError: the disk refused.
        """
        hello.meet(self._workplace, place)

    def _strangers(self) -> Sequence[LaptopLine]:
        """Give who left a hello and is proved by nothing, with what waits of theirs."""
        with self._workplace.database.read() as connection:
            feeds = load_feeds(connection)
            waiting = [
                one.sender
                for one in exchange.received_bundles(connection)
                if one.outcome == "waiting"
            ]
        return [
            LaptopLine(
                school=one.scope,
                label=self._label(one.scope),
                feed=one.feed,
                fingerprint=fingerprint(one.key),
                state=STRANGER,
                bundles=waiting.count(one.feed),
            )
            for one in hello.strangers(self._workplace, feeds)
        ]

    def _known(self) -> Sequence[LaptopLine]:
        workplace = self._workplace
        with workplace.database.read() as connection:
            feeds = load_feeds(connection)
            limits = limited_feeds(connection, feeds)
            forks: dict[str, int] = dict.fromkeys(off_the_limit(connection, feeds), 0)
            apart = count_apart(connection)
            forks |= {name: first for name, (first, _) in apart.items()}
            shared = exchange.shared_leads(connection)
            rows = [row for row in feeds.values() if not row.facts.district]
            schools = sorted({row.facts.scope for row in rows})
            people = {
                school: {
                    row.record: row.text("full_name")
                    for row in read_rows(connection, RECORD_TYPES["person"], school, {})
                }
                for school in schools
            }
            came = {school: laptops_of_people(connection, feeds, school) for school in schools}
        packed_with, policy = versions(workplace), current_choice(workplace).policy.version
        twins = {name: names for _, names in shared for name in names}
        return [
            LaptopLine(
                school=row.facts.scope,
                label=self._label(row.facts.scope),
                feed=name,
                fingerprint=fingerprint(row.public),
                state=REVOKED if name in limits else MEMBER,
                mark="、".join(self._book.marks(row)),
                people=_names(name, people[row.facts.scope], came[row.facts.scope]),
                held=row.sequence,
                limit=limits.get(name),
                fork=forks.get(name),
                apart=apart.get(name, (0, 0))[1],
                packed_with=packed_with.get(name, SILENT),
                policy=policy,
                twins=tuple(one for one in twins.get(name, ()) if one != name),
            )
            for row in rows
            for name in (row.facts.feed,)
        ]

    def _label(self, school: str) -> str:
        district = self._workplace.district
        found = None if district is None else district.school(school)
        return school if found is None else found.name

    # --- what is done -------------------------------------------------------------------------

    def admit(
        self,
        feed: str,
        typed: str,
        name: str,
        roles: frozenset[Role] = frozenset(FIRST_ROLES),
        progress: Progress | None = None,
    ) -> tuple[Admitted, list[TakenIn]]:
        """Let a stranger in, and take in what waited for that.

        Raises:
            RuleError: ``join.no_hello``, or as ``admit``.
            WorkplaceError: the disk refused.
        """
        with self._workplace.database.read() as connection:
            feeds = load_feeds(connection)
        said = next(
            (one for one in hello.strangers(self._workplace, feeds) if one.feed == feed), None
        )
        if said is None:
            raise RuleError("join.no_hello")
        return self._admit(said, typed, name, roles, progress)

    def admit_file(
        self,
        path: Path,
        typed: str,
        name: str,
        roles: frozenset[Role] = frozenset(FIRST_ROLES),
        school: str = "",
        progress: Progress | None = None,
    ) -> tuple[Admitted, list[TakenIn]]:
        """Let the laptop of a hello file in, and take in what waited for that.

        Args:
            path: the hello.
            typed: the fingerprint the school read out.
            name: of whoever leads on the laptop.
            roles: what they may sign as.
            school: the school that was meant, any where it is empty.
            progress: is told how far it is.

        Raises:
            RuleError: ``join.other_school``, or as ``admit``.
            UntrustedError: the file is no hello, or was altered.
            WorkplaceError: the disk refused.
        """
        said = hello.read_hello(read_limited(path, hello.LARGEST))
        if school and school != said.scope:
            ours, theirs = (f"{self._label(one)}（{one}）" for one in (school, said.scope))
            raise RuleError("join.other_school", ours=ours, theirs=theirs)
        return self._admit(said, typed, name, roles, progress)

    def _admit(
        self,
        said: Hello,
        typed: str,
        name: str,
        roles: frozenset[Role],
        progress: Progress | None,
    ) -> tuple[Admitted, list[TakenIn]]:
        admitted = admit(self._workplace, said, typed, name, roles)
        return admitted, take_in(self._workplace, (), progress or Progress())

    def revoke(
        self, feed: str, sequence: int | None = None, reason: str = "", *, other: bool = False
    ) -> Revoked:
        """End a laptop, at a place of what is held or, of a forked one, of the other branch.

        Raises:
            RuleError: as ``revoking.revoke``.
        """
        return revoke(self._workplace, feed, sequence, reason, other=other)

    def find(self, which: str, school: str = "") -> str:
        """Give the feed meant by its name, its beginning, or a laptop's mark.

        Raises:
            RuleError: ``revoke.unknown``, or ``revoke.several`` of them are meant.
        """
        lines = [one for one in self._known() if school in {"", one.school}]
        district = self._workplace.district
        prefixes = {} if district is None else {one.code: one.mark for one in district.schools}
        meant = [
            one.feed
            for one in lines
            if which == one.feed
            or which in one.mark.split("、")
            or which in {f"{prefixes.get(one.school)}-{mark}" for mark in one.mark.split("、")}
            or (len(which) >= _LEAST_OF_FEED and one.feed.startswith(which))
        ]
        if not meant:
            raise RuleError("revoke.unknown")
        if len(meant) > 1:
            raise RuleError("revoke.several", count=len(meant))
        return meant[0]


def _place(line: LaptopLine) -> tuple[bool, int, str, str]:
    """Order lines: who needs a look, then who is in, then who is ended."""
    return not line.needs_look, _ORDER.index(line.state), line.school, line.mark


_LEAST_OF_FEED = 8
"""So much of a feed's name stands in the names of its bundles."""


def _names(
    feed: str, people: Mapping[str, str], came: Mapping[str, frozenset[str]]
) -> tuple[str, ...]:
    """Name the people who came with a laptop."""
    return tuple(name for person, name in people.items() if name and feed in came.get(person, ()))
