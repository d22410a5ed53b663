"""Lists 名单: pages, counts and search of the registrations held, and the person's own drafts.

Every answer is plain values without a number; what a number is, one asks of ``case_file`` by name.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain.district_answers import ASKED
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.amendment import AMENDS
from desktop_app.services.calendar import local_day
from desktop_app.services.form import assess
from desktop_app.services.wording import (
    code_label,
    desk_of,
    paper_label,
    reason_label,
    reason_words,
    village_label,
)
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.database import Connection
from desktop_app.storage.drafts import Draft, Drafts
from desktop_app.storage.lists import (
    PageKey,
    keying_count,
    own_count,
    own_queue,
    village_page,
)
from desktop_app.storage.matters import children
from desktop_app.storage.oplog import load_feeds
from desktop_app.storage.queries import ApplicantLine, FoundLine, Hit
from desktop_app.storage.rows import read_row, read_rows
from desktop_app.storage.search import Word, folded_text, pinyin_keys, tail_key, words_of

ALL, DRAFT, QUEUE, MERGED, MINE = "all", "draft", "queue", "merged", "mine"
KEYING = "keying"
"""Paper forms that wait for their second keying: counted with the lists, shown by a page."""
FILTERS = (ALL, "passed", "missing", "to_review", "returned", "asked", DRAFT, "conflict")
"""The lists of the page 今日名单, in the order of its chips."""
MOST_FOUND = 60
"""As many lines a search lists: saying where each was hit costs more than finding it."""

_DRAFT_NUMBERS = {
    "id_number": "id_number",
    "birth_certificate": "birth_certificate",
    "guardian_id_number": "guardian_id_number",
    "guardian_phone": "phone",
}
_DRAFT_NAMES = (("full_name", "name", "pinyin"), ("guardian_name", "guardian", "guardian_pinyin"))


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a list.

    ``state`` is merged, conflict, returned, asked (by the district), answered (to it), missing,
    to_review, passed or draft, the gravest first;
    ``missing`` names papers, ``due`` is an ISO date, ``needed`` counts fields of a draft.
    """

    record: str
    state: str
    name: str
    receipt: str
    category: str
    village: str
    missing: tuple[str, ...]
    due: str
    reason: str
    answer: str
    at: int
    desk: str
    needed: int = 0
    amends: bool = False
    """Whether a draft is of a child registered already, whose registration is being amended."""
    hits: tuple[Hit, ...] = ()
    into: str = ""
    """The receipt number of the record it was merged into; only a search finds such a line."""
    asked: str = ""
    """What the district says of its answer."""
    has_family: bool = False
    """Whether brothers or sisters are registered with it."""
    holder: str = ""
    """Who else has taken it on."""


@dataclass(frozen=True, slots=True)
class ListSlice:
    """A page of a list; ``after`` begins the next one, None where there is none."""

    lines: tuple[ListLine, ...]
    after: PageKey | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: lines that match every word first, then those that match some."""

    lines: tuple[ListLine, ...]
    every: int
    some: int
    milliseconds: int
    more: bool = False
    """Whether there are more than are listed."""


class ListDesk:
    """The lists of a school as this computer holds them."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace; drafts are assessed for the stage of its school."""
        self._workplace = workplace
        self._policy = workplace.policy
        school = self._policy.schools.get(workplace.seat.code)
        self._stage = school.stage if school is not None else "P1"
        self._drafts = Drafts(workplace.database)
        self._kept: tuple[int, dict[str, int]] | None = None

    def counts(self) -> dict[str, int]:
        """Count every list by its name in ``FILTERS``; all of them include the drafts.

        What waits for a second keying is counted too, as ``KEYING``. Counts are kept until
        something is written: a search asks for them at every key.
        """
        commits = self._workplace.database.commits
        if self._kept is None or self._kept[0] != commits:
            self._kept = (commits, self._count())
        return dict(self._kept[1])

    def _count(self) -> dict[str, int]:
        with self._workplace.database.read() as connection:
            found = queries.counts(connection, self._workplace.seat.scope)
            mine = own_count(connection, self._workplace.seat.scope, self._workplace.person)
            keying = keying_count(connection, self._workplace.seat.scope)
        drafts = len(self._own_drafts())
        here = {ALL: found[ALL] + drafts, DRAFT: drafts, QUEUE: found["to_review"], MINE: mine}
        here[KEYING] = keying
        return found | here

    def has_several_laptops(self) -> bool:
        """Say whether more than one laptop registers for the school, as far as is known here."""
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            feeds = load_feeds(connection).values()
        return sum(row.facts.scope == scope and not row.facts.district for row in feeds) > 1

    def page(
        self, which: str, after: PageKey | None = None, limit: int = 50, village: str = ""
    ) -> ListSlice:
        """Give a page of a list, newest first; the queue oldest first. Drafts stand on top.

        Where a village is named, only whose household is registered there.

        Raises:
            KeyError: there is no such list.
        """
        drafts = self._draft_lines(village) if after is None and which in {ALL, DRAFT} else ()
        if which == DRAFT:
            return ListSlice(drafts, None)
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            if which == QUEUE:
                page = queries.review_queue(connection, scope, after, limit)
            elif which == MINE:
                page = own_queue(connection, scope, self._workplace.person, after, limit)
            elif village:
                page = village_page(connection, scope, which, village, after, limit)
            else:
                page = queries.applicant_page(connection, scope, which, after, limit)
            lines = self._lines(connection, page.lines, which)
        return ListSlice((*drafts, *lines), page.after)

    def pages(
        self, which: str, count: int, limit: int = 50, village: str = ""
    ) -> tuple[ListSlice, ...]:
        """Give the first pages of a list, one after the other."""
        pages = [self.page(which, None, limit, village)]
        while len(pages) < count and pages[-1].after is not None:
            pages.append(self.page(which, pages[-1].after, limit, village))
        return tuple(pages)

    def search(
        self, text: str, which: str = ALL, limit: int = MOST_FOUND, village: str = ""
    ) -> Found:
        """Find by name, pinyin, tails of numbers or receipt among a list and the own drafts."""
        begun = time.perf_counter()
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            found = queries.search(connection, scope, text, limit)
            every = self._lines(connection, _in_village(found.both, village), which)
            some = self._lines(connection, _in_village(found.any, village), which)
        drafts = self._found_drafts(words_of(text)) if which in {ALL, DRAFT} else []
        drafts = [one for one in drafts if not village or one.village == self._place(village)]
        wanted = {word.text for word in words_of(text)}
        whole = [one for one in drafts if {hit.word for hit in one.hits} == wanted]
        part = [one for one in drafts if one not in whole]
        spent = round((time.perf_counter() - begun) * 1000)
        lines = (*whole, *every, *part, *some)
        more = len(found.both) + len(found.any) >= limit
        return Found(lines, len(whole) + len(every), len(part) + len(some), spent, more)

    # --- lines ------------------------------------------------------------------------------

    def _lines(
        self, connection: Connection, lines: Iterable[ApplicantLine], which: str
    ) -> list[ListLine]:
        """Make lines of what the query gave, leaving out those that belong to another list."""
        wanted = [line for line in lines if which in {ALL, QUEUE, MINE} or which in lists_of(line)]
        scope = self._workplace.seat.scope
        twins = children(connection, [(scope, line.twin) for line in wanted if line.twin])
        into = {record: twin.receipt for (_, record), twin in twins.items()}
        return [self._line(connection, line, which, into.get(line.twin, "")) for line in wanted]

    def _line(self, connection: Connection, line: ApplicantLine, which: str, into: str) -> ListLine:
        missing = tuple(line.missing_materials.split())
        return ListLine(
            record=line.record,
            state=_state_in(which, line),
            name=line.full_name,
            receipt=line.receipt_number,
            category=line.category,
            village=village_label(self._policy, line.hukou_village),
            missing=tuple(dict.fromkeys(paper_label(self._policy, one) for one in missing)),
            due=self._due(connection, line.record, missing) if missing else "",
            reason=reason_words(self._policy, line.review_reason, line.review_note),
            asked=reason_label(self._policy, line.district_reason),
            answer=code_label("district_status", line.district_status),
            at=line.created_at,
            desk=desk_of(line.receipt_number),
            hits=line.hits if isinstance(line, FoundLine) else (),
            into=into,
            has_family=bool(line.family),
            holder=self._holder(connection, line.assigned_to),
        )

    def _holder(self, connection: Connection, person: str) -> str:
        """Name who else has taken a case on; nobody where it is the acting person."""
        if not person or person == self._workplace.person:
            return ""
        row = read_row(connection, RECORD_TYPES["person"], self._workplace.seat.scope, person)
        return row.text("full_name") if row is not None else ""

    def _due(self, connection: Connection, record: str, missing: tuple[str, ...]) -> str:
        """Give the earliest day a missing paper is due, the policy's where none was set."""
        scope = self._workplace.seat.scope
        checks = read_rows(connection, RECORD_TYPES["material_check"], scope, {"applicant": record})
        days = [row.text("due_on") for row in checks if row.text("material") in missing]
        return min(filter(None, days), default="") or self._policy.paper_deadline(
            local_day().isoformat()
        )

    # --- drafts -----------------------------------------------------------------------------

    def _own_drafts(self) -> tuple[Draft, ...]:
        return self._drafts.of_person(self._workplace.person)

    def _draft_lines(self, village: str = "") -> tuple[ListLine, ...]:
        return tuple(
            self._draft_line(draft)
            for draft in self._own_drafts()
            if not village or draft.fields.get("hukou_village") == village
        )

    def _place(self, village: str) -> str:
        return village_label(self._policy, village)

    def _draft_line(self, draft: Draft, hits: tuple[Hit, ...] = ()) -> ListLine:
        form = draft.fields
        return ListLine(
            record=draft.id,
            state=DRAFT,
            name=form.get("full_name", ""),
            receipt="",
            category=form.get("category", ""),
            village=village_label(self._policy, form.get("hukou_village", "")),
            missing=(),
            due="",
            reason="",
            answer="",
            at=draft.changed_at,
            desk="",
            needed=len(assess(form, self._policy, self._stage).needed),
            amends=AMENDS in form,
            hits=hits,
        )

    def _found_drafts(self, words: tuple[Word, ...]) -> list[ListLine]:
        found = []
        for draft in self._own_drafts():
            hits = tuple(Hit(word.text, where) for word in words for where in _places(draft, word))
            if hits:
                found.append(self._draft_line(draft, hits))
        return found


def _in_village(lines: Iterable[ApplicantLine], village: str) -> Iterable[ApplicantLine]:
    """Leave out whose household is registered elsewhere, where a village is named."""
    return (line for line in lines if not village or line.hukou_village == village)


def lists_of(line: ApplicantLine) -> frozenset[str]:
    """Name the lists a registration stands in, by the conditions the database lists it under."""
    if line.twin:
        return frozenset({MERGED})
    named = {
        "conflict": line.in_conflict,
        "returned": line.review == "returned" and not line.amended,
        "missing": bool(line.missing_materials),
        "to_review": not line.review or (line.review == "returned" and bool(line.amended)),
        "asked": line.district_status in ASKED and not line.answered,
        "answered": line.review == "passed" and bool(line.answered),
        "passed": line.review == "passed",
    }
    return frozenset(name for name, holds in named.items() if holds)


def state_of(line: ApplicantLine) -> str:
    """Give the one state by which a registration is shown, the gravest first."""
    standing = lists_of(line)
    order = (MERGED, "conflict", "returned", "asked", "answered", "missing", "to_review", "passed")
    return next((name for name in order if name in standing), "passed")


def _state_in(which: str, line: ApplicantLine) -> str:
    """Give the state shown in a list: its own, but what waits for the district says so too."""
    if which == "passed" and "answered" in lists_of(line):
        return "answered"
    return which if which in FILTERS[1:] else state_of(line)


def _places(draft: Draft, word: Word) -> list[str]:
    """Say where a word is found in a draft, as the search of the database does."""
    form = draft.fields
    if word.kind == "tail":
        wanted = tail_key(word.text)
        return [
            where
            for name, where in _DRAFT_NUMBERS.items()
            if form.get(name) and tail_key(form[name]).startswith(wanted)
        ]
    if word.kind == "name":
        return [
            where for name, where, _ in _DRAFT_NAMES if word.text in folded_text(form.get(name, ""))
        ]
    return [
        where
        for name, _, where in _DRAFT_NAMES
        if any(key.startswith(word.text) for key in pinyin_keys(form.get(name, "")))
    ]
