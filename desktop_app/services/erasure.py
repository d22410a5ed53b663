"""Deleting a child 删除: every holder forgets what was written, and nobody forgets that it was.

A school does it by its principal and a second person, the district by an officer (design §2,
ADR 0012; 个人信息保护法 art. 47). The record is removed first, so that what somebody elsewhere
changes without knowing is not lost but shows as a disputed removal. The child's entry in the list
of primary graduates goes along where a guardian asks and the district erases; a school cannot erase
what the district wrote, and is told that the entry is still there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain.acts import LASTING_KINDS, Role, roles_for
from desktop_app.domain.codes_case import ERASURE_REASON
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.feeds.erasing import ERASURE, may_erase, write_references
from desktop_app.security.passwords import Password
from desktop_app.services.amendment import AMENDS
from desktop_app.services.people import PeopleDesk
from desktop_app.services.second_person import second_person
from desktop_app.services.workplace import Workplace
from desktop_app.storage import belongings
from desktop_app.storage.graduates import arrived
from desktop_app.storage.journal import Actor, Work

_FORGOTTEN = "request"
"""The one reason that is about the child and not about the registration."""
_AT_ONCE = 4000
"""References in one operation, which has at most 240,000 characters for them."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: operations, and sealed pages whose files are gone from this computer."""

    operations: int
    pages: int
    still_listed: bool = False
    """Whether the child is still on the district's list of primary graduates."""


class ErasureDesk:
    """Erase what is held of a child."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def second(self, name: str, password: Password) -> Actor:
        """Let a second person sign here, who opens nothing by it.

        Raises:
            RuleError: wrong password, or locked out for a while.
        """
        return second_person(self._workplace, name, password)

    def erase(
        self, applicant: str, reason: str, second: Actor | None = None, school: str = ""
    ) -> Erased:
        """Erase a child's record with all that belongs to it.

        Args:
            applicant: the record.
            reason: a code of 删除理由.
            second: who signs beside the acting person; a school needs one.
            school: at the district, whose child it is.

        Raises:
            RuleError: no such reason, or these persons may not.
            StaleError: nothing is held of such a record, or nothing any more.
            WorkplaceError: the disk refused.
        """
        if reason not in ERASURE_REASON:
            raise RuleError("erasure.reason")
        signers = [] if second is None else [second]
        self._check(signers)
        scope = school or self._workplace.seat.scope
        self._workplace.ensure_feed(scope)
        with self._workplace.journal.begin(self._workplace.actor(), scope) as work:
            keys = belongings.of_applicant(work.connection, scope, applicant)
            keys = [key for key in keys if key[1] not in LASTING_KINDS]
            district = self._workplace.seat.kind == "district"
            entries = belongings.entry_of(work.connection, scope, applicant)
            if district and reason == _FORGOTTEN:
                keys += entries
            named = belongings.references(work.connection, keys, district=district)
            if not named:
                raise StaleError("record.gone", kind="applicant")
            pages = belongings.pages(work.connection, scope, applicant)
            _remove(work, keys)
            _erase(work, named, reason, signers)
            belongings.drop_drafts(work.connection, AMENDS, applicant)
            left = [key for key in entries if key not in keys]
            listed = any(belongings.stands(work.connection, *key) for key in left)
        return Erased(len(named), sum(map(self._workplace.scans.forget, pages)), listed)

    def expire(
        self,
        keys: Iterable[tuple[str, str]],
        pages: Iterable[str],
        second: Actor | None = None,
        school: str = "",
    ) -> Erased:
        """Erase records that were kept as long as the rule says 保存期满.

        Args:
            keys: kind and record of each.
            pages: digests of the sealed pages that can be read no more then.
            second: who signs beside the acting person; a school needs one.
            school: at the district, whose records they are.

        Raises:
            RuleError: these persons may not.
            WorkplaceError: the disk refused.
        """
        signers = [] if second is None else [second]
        self._check(signers)
        operations = self._drop(keys, "expired", signers, school or self._workplace.seat.scope)
        return Erased(operations, sum(map(self._workplace.scans.forget, pages)))

    def _drop(
        self, keys: Iterable[tuple[str, str]], reason: str, signers: list[Actor], scope: str
    ) -> int:
        """Remove records and erase their operations; give how many that were."""
        self._workplace.ensure_feed(scope)
        with self._workplace.journal.begin(self._workplace.actor(), scope) as work:
            whole = [(scope, *key) for key in keys if key[0] not in LASTING_KINDS]
            district = self._workplace.seat.kind == "district"
            named = belongings.references(work.connection, whole, district=district)
            _remove(work, whole)
            _erase(work, named, reason, signers)
        return len(named)

    def forget_entry(self, number: str, school: str) -> Erased:
        """Erase a child's entry in the list of primary graduates, where a guardian asks.

        It is for the district, once a school has erased the registration. While one stands, the
        child itself is erased and the entry goes along.

        Raises:
            RuleError: not an officer, or ``graduate.registered``.
            StaleError: nobody has that number on the school's list, or no longer.
            WorkplaceError: the disk refused.
        """
        self._check([])
        with self._workplace.database.read() as connection:
            entries = belongings.entries_with(connection, school, number)
            come = set(arrived(connection, school).values())
        if not entries:
            raise StaleError("record.gone", kind="graduate")
        if come & {record for _, record in entries}:
            raise RuleError("graduate.registered")
        return Erased(self._drop(entries, _FORGOTTEN, [], school), 0)

    def _check(self, also: Iterable[Actor]) -> None:
        """Refuse what would be written in vain."""
        desk = PeopleDesk(self._workplace)
        known = {line.key: line.roles for line in desk.lines() if not line.ended}
        roles = {self._workplace.person: desk.roles()}
        roles |= {one.person: known.get(one.person, frozenset[Role]()) for one in also}
        district = self._workplace.seat.kind == "district"
        counting = [one for one in roles.values() if one]
        if not roles[self._workplace.person] or not may_erase(counting, district=district):
            raise RuleError("erasure.not_allowed")


def _erase(work: Work, named: list[str], reason: str, also: list[Actor]) -> None:
    """Write the erasures of operations; an operation has room for some thousand references."""
    for start in range(0, len(named), _AT_ONCE):
        text = write_references(named[start : start + _AT_ONCE])
        work.create(ERASURE, {"operations": text, "reason": reason}, signed=True, also=also)


def _remove(work: Work, keys: Iterable[tuple[str, str, str]]) -> None:
    for _, kind, record in keys:
        if roles_for(kind, ()) is not None:
            continue  # What was signed by two is forgotten, and no further signature is asked.
        if belongings.stands(work.connection, work.scope, kind, record):
            work.remove(kind, record)
