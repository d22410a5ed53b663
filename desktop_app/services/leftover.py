"""What an ended laptop wrote after its end 停用以后写的: whom it is about, and registered again.

It does not count and never will; reading it changes nothing. A person looks at what would have been
registered, and a school takes it into the registration form as a draft: what is saved there is that
person's own registration, judged as any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.masks import mask_number, mask_phone
from desktop_app.services.access_log import note_access
from desktop_app.services.laptops import Names
from desktop_app.services.leftover_records import (
    CHILD,
    Folded,
    Key,
    as_form,
    field_label,
    fold,
    gather,
    label_of,
    text_of,
)
from desktop_app.services.people import PeopleDesk
from desktop_app.services.wording import (
    category_label,
    code_label,
    desk_of,
    paper_label,
    village_label,
)
from desktop_app.services.workplace import Workplace
from desktop_app.storage import matters
from desktop_app.storage.database import Connection
from desktop_app.storage.leftover import Leftover, registered_anew

_BETWEEN = "\t"
_DRAFTS = uuid.UUID("5a1d1c0e-6d0b-4d0c-9a52-6b2c6f0a7d11")


@dataclass(frozen=True, slots=True)
class LeftChild:
    """A child an ended laptop wrote about after its end.

    ``counts`` tells that the child was registered before and only what was changed later does not
    count; ``removed`` that the laptop took the registration back itself; ``anew`` is the receipt
    under which the child stands in the list as it was written. ``laptop`` is a mark, or the end of
    a feed's name.
    """

    key: str
    name: str
    receipt: str
    masked_number: str
    birth_date: str
    laptop: str
    school: str
    person: str
    at: int
    operations: int
    counts: bool
    removed: bool
    anew: str


@dataclass(frozen=True, slots=True)
class LeftActs:
    """What else such a laptop wrote: hand-overs, closes of day, looks; it needs no work."""

    feed: str
    laptop: str
    school: str
    labels: tuple[str, ...]
    operations: int


LeftLists = tuple[tuple[LeftChild, ...], tuple[LeftActs, ...]]
"""The children, and what is about none."""


@dataclass(frozen=True, slots=True)
class LeftContent:
    """What a child's registration would have been, by the names of captions, and as a form.

    ``amends`` names the registration that stands and that ``form`` changes; it is empty where the
    child is to be registered anew. ``changed`` are the fields written too late.
    """

    child: LeftChild
    facts: tuple[tuple[str, str], ...]
    form: Mapping[str, str]
    amends: str
    changed: tuple[str, ...]
    draft: str


class LeftoverDesk:
    """Reading what came too late, and taking it up again."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._kept: tuple[int, LeftLists] | None = None

    @property
    def is_school(self) -> bool:
        """Tell whether children are registered at this seat."""
        return self._workplace.seat.kind != "district"

    def lists(self, connection: Connection) -> LeftLists:
        """Give the children by name, and apart from them what is about no child.

        All of it is read and folded at once, and kept until something is written.
        """
        commits = self._workplace.database.commits
        if self._kept is None or self._kept[0] != commits:
            self._kept = (commits, self._read_lists(connection))
        return self._kept[1]

    def _read_lists(self, connection: Connection) -> LeftLists:
        children, acts = gather(connection)
        names = Names(connection, self._workplace)
        found = [self._child(connection, names, key, each) for key, each in children.items()]
        found.sort(key=lambda one: (bool(one.anew), one.school, one.name, one.key))
        marks = {one[-1].feed: self._mark(names, one) for one in children.values()}
        rest = [
            LeftActs(
                feed=feed,
                laptop=marks.get(feed) or names.laptop(feed),
                school=self._school(each[0].scope),
                labels=tuple(dict.fromkeys(map(label_of, each))),
                operations=len(each),
            )
            for feed, each in acts.items()
        ]
        return tuple(found), tuple(rest)

    def open(self, key: str) -> LeftContent:
        """Show what a child's registration would have been; numbers and addresses are masked.

        Raises:
            StaleError: ``leftover.gone``: it counts now, or was erased.
        """
        return self._content(key, whole=False)

    def unmask(self, key: str) -> LeftContent:
        """Show it whole, and log with a signature that somebody looked.

        Raises:
            StaleError: see ``open``.
            RuleError: ``leftover.not_school``: the district looks at no child's numbers here;
                ``people.not_granted``: nobody would count who looked.
        """
        self._must_be_school()
        PeopleDesk(self._workplace).must_count()
        shown = self._content(key, whole=True)
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            record = key.split(_BETWEEN)[1]
            note_access(work, record, "unmask")
        return shown

    def again(self, key: str) -> LeftContent:
        """Give the form in which a child is registered again, by whoever reviews it.

        Raises:
            StaleError: see ``open``.
            RuleError: ``leftover.not_school``; ``leftover.anew`` where the child stands in the
                list already.
        """
        self._must_be_school()
        found = self._content(key, whole=False)
        if found.child.anew:
            raise RuleError("leftover.anew", receipt=found.child.anew)
        return found

    def _must_be_school(self) -> None:
        if not self.is_school:
            raise RuleError("leftover.not_school")

    def _content(self, key: str, *, whole: bool) -> LeftContent:
        scope, _, record = key.partition(_BETWEEN)
        with self._workplace.database.read() as connection:
            written = gather(connection)[0].get((scope, record))
            if written is None:
                raise StaleError("leftover.gone")
            names = Names(connection, self._workplace)
            child = self._child(connection, names, (scope, record), written)
            folded = fold(connection, (scope, record), written)
        draft = uuid.uuid5(_DRAFTS, f"{record} {self._workplace.person}").hex
        return LeftContent(
            child=child,
            facts=self._facts(folded, whole=whole),
            form=as_form(folded),
            amends=record if child.counts else "",
            changed=tuple(sorted(map(field_label, folded.late))) if child.counts else (),
            draft=draft,
        )

    def _child(
        self, connection: Connection, names: Names, key: Key, written: Sequence[Leftover]
    ) -> LeftChild:
        scope, _ = key
        stands = matters.children(connection, [key]).get(key)
        folded = fold(connection, key, written)
        number = text_of(folded.applicant, "id_number")
        name = text_of(folded.applicant, "full_name")
        birth = text_of(folded.applicant, "birth_date")
        if stands is None:
            anew = registered_anew(connection, scope, number, name, birth)
        else:
            anew = stands.receipt if folded.settled else ""
        last = written[-1]
        return LeftChild(
            key=_BETWEEN.join(key),
            name=name,
            receipt=text_of(folded.applicant, "receipt_number"),
            masked_number=mask_number(number),
            birth_date=birth,
            laptop=self._mark(names, written),
            school=self._school(scope),
            person=names.person(last.person),
            at=last.stamp[0],
            operations=len(written),
            counts=stands is not None,
            removed=any(one.removes and one.kind == CHILD for one in written),
            anew=anew,
        )

    def _mark(self, names: Names, written: Sequence[Leftover]) -> str:
        """Name the laptop: where no receipt that counts shows its mark, a late one does."""
        known = names.laptop(written[-1].feed)
        late = (text_of(one.values, "receipt_number") for one in written)
        mark = next((desk_of(receipt) for receipt in late if receipt), "")
        return mark if known.startswith("…") and mark else known

    def _school(self, scope: str) -> str:
        """Name the school at the district; at a school there is but one."""
        if self.is_school:
            return ""
        known = self._workplace.policy.schools.get(scope)
        return known.label if known is not None else scope

    def _facts(self, folded: Folded, *, whole: bool) -> tuple[tuple[str, str], ...]:
        policy, child, guardian = self._workplace.policy, folded.applicant, folded.guardian
        number = text_of(child, "id_number")
        id_number, phone = text_of(guardian, "id_number"), text_of(guardian, "phone")
        village = village_label(policy, text_of(child, "hukou_village"))
        home = village_label(policy, text_of(child, "current_village"))
        if whole:
            village = f"{village} {text_of(child, 'hukou_address')}".strip()
            home = f"{home} {text_of(child, 'current_address')}".strip()
        papers = "、".join(
            f"{paper_label(policy, code)}（{code_label('material_result', result)}）"
            for code, result in folded.papers.items()
        )
        relation = code_label("guardian_relation", text_of(guardian, "relation"))
        sex = code_label("sex", text_of(child, "sex"))
        facts = (
            ("number", number if whole else mask_number(number)),
            ("birth", f"{text_of(child, 'birth_date')} {sex}".strip()),
            (
                "household",
                f"{village} {text_of(child, 'hukou_address')}".strip() if whole else village,
            ),
            ("home", home),
            ("category", category_label(policy, text_of(child, "category"))),
            ("guardian", f"{text_of(guardian, 'full_name')} {relation}".strip()),
            ("guardian_number", id_number if whole else mask_number(id_number)),
            ("phone", phone if whole else mask_phone(phone)),
            ("papers", papers),
            ("scans", str(folded.scans or "")),
        )
        return tuple(fact for fact in facts if fact[1])


def count_children(workplace: Workplace, feeds: Iterable[str]) -> dict[str, int]:
    """Count by feed the children it wrote about after its end."""
    wanted = set(feeds)
    found: dict[str, int] = dict.fromkeys(wanted, 0)
    with workplace.database.read() as connection:
        for written in gather(connection)[0].values():
            for feed in wanted & {one.feed for one in written}:
                found[feed] += 1
    return found
