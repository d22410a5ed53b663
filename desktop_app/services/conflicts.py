"""Conflicts 核对: what laptops wrote without knowing of each other, and the person who decides.

Both values stay in the history whatever is chosen; choosing writes an edit that names every value
it saw. A school decides about its own fields, the district about its answers; no clock decides
anything. The queue is walked by key, and a page of it costs the same few statements at any length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Item, Mask, Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.masks import mask_address, mask_number, mask_phone
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.laptops import Names
from desktop_app.services.people import PeopleDesk
from desktop_app.services.wording import code_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import matters
from desktop_app.storage.applicant_file import HeadValue
from desktop_app.storage.database import Connection
from desktop_app.storage.journal import Work
from desktop_app.storage.matters import Child, FieldKey
from desktop_app.storage.rows import as_declared
from desktop_app.storage.tables import REMOVAL

FIELD, TWIN, PAIR, OTHER = 0, 1, 2, 3
"""The sections of the queue: values and removals, merges to look at, one number twice; and last,
what waits for nobody: addresses and telephones written apart, of which the later shows."""

QueueKey = tuple[int, str]
"""Where a page of the queue ends: its section, and the key of its last line."""

VALUE, REMOVED, PAIRED, MERGED = "value", "removed", "pair", "merged"
LATER = "later"
_PARTS = ("guardian", "material_check", "scan", "consent")


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One thing to decide.

    ``what`` is value, removed, later, tangled, changed or pair, and merged in the list of merges;
    ``label`` names the field, or the receipt number it was merged into.
    """

    key: str
    what: str
    name: str
    receipt: str
    label: str


@dataclass(frozen=True, slots=True)
class QueueSlice:
    """A page of the queue; ``after`` begins the next one, None where there is none."""

    lines: tuple[QueueLine, ...]
    after: QueueKey | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values to choose from, as a person sees it, with who wrote it when and where."""

    reference: str
    value: str
    person: str
    at: int
    laptop: str
    shown: bool
    """Whether this is the value that shows meanwhile."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A field with several values, or a removal beside changes that did not know of it."""

    key: str
    what: str
    name: str
    receipt: str
    masked_number: str
    label: str
    sides: tuple[Side, ...]


class ConflictDesk:
    """The queue of a seat, and the decisions about values and removals."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        district = workplace.seat.kind == "district"
        self._scope = None if district else workplace.seat.scope

    @property
    def is_district(self) -> bool:
        """Tell whether this is the district's queue."""
        return self._scope is None

    def count(self) -> int:
        """Count what waits for a decision here; of what shows the later value nothing waits."""
        with self._workplace.database.read() as connection:
            return matters.count_matters(connection, self._scope)

    def page(self, after: QueueKey | None = None, limit: int = 50) -> QueueSlice:
        """Give a page of the queue: disputed values first, then merges, then equal numbers."""
        section, place = after or (FIELD, "")
        lines: list[QueueLine] = []
        with self._workplace.database.read() as connection:
            for now in range(section, OTHER + 1):
                found = self._section(connection, now, place, limit + 1 - len(lines))
                lines += found
                place = ""
                if len(lines) > limit or self._scope is None:
                    break
        shown = tuple(lines[:limit])
        more = len(lines) > limit
        return QueueSlice(shown, split_key(shown[-1].key) if more else None)

    def _section(
        self, connection: Connection, section: int, after: str, limit: int
    ) -> list[QueueLine]:
        if section in {FIELD, OTHER}:
            return self._fields(connection, after, limit, section)
        if section == TWIN:
            return self._twins(connection, after, limit)
        return self._pairs(connection, after, limit)

    def merged(self, after: QueueKey | None = None, limit: int = 50) -> QueueSlice:
        """Give a page of every record that is merged into another; the district merges none."""
        if self._scope is None:
            return QueueSlice((), None)
        begin = after[1].partition("\t")[0] if after else ""
        with self._workplace.database.read() as connection:
            found = matters.merged_records(connection, self._scope, begin, limit + 1)
            named = [(self._scope, one) for line in found for one in (line.record, line.twin)]
            known = matters.children(connection, named)
        lines = []
        for one in found[:limit]:
            child, twin = known[self._scope, one.record], known[self._scope, one.twin]
            key = join_key(TWIN, one.record, one.twin)
            lines.append(QueueLine(key, MERGED, child.name, child.receipt, twin.receipt))
        more = len(found) > limit
        return QueueSlice(tuple(lines), split_key(lines[-1].key) if more else None)

    def _fields(
        self, connection: Connection, after: str, limit: int, section: int
    ) -> list[QueueLine]:
        begin = field_key(after) if after else None
        if section == OTHER:
            keys = matters.other_fields(connection, self._scope or "", begin, limit)
        else:
            keys = matters.disputed_fields(connection, self._scope, begin, limit)
        owners = matters.children_of(connection, keys)
        known = matters.children(connection, [(key[0], owners[key]) for key in keys])
        lines = []
        for key in keys:
            child = known.get((key[0], owners[key]), _NOBODY)
            what = LATER if section == OTHER else REMOVED if key[3] == REMOVAL else VALUE
            name = join_key(section, *key)
            lines.append(QueueLine(name, what, child.name, child.receipt, label_of(key)))
        return lines

    def _twins(self, connection: Connection, after: str, limit: int) -> list[QueueLine]:
        scope = self._workplace.seat.scope
        found = matters.twin_matters(connection, scope, after.partition("\t")[0], limit)
        known = matters.children(connection, [(scope, one.record) for one in found])
        lines = []
        for one in found:
            child, key = (
                known.get((scope, one.record), _NOBODY),
                join_key(TWIN, one.record, one.twin),
            )
            lines.append(QueueLine(key, one.matter, child.name, child.receipt, ""))
        return lines

    def _pairs(self, connection: Connection, after: str, limit: int) -> list[QueueLine]:
        scope = self._workplace.seat.scope
        at, _, rest = after.partition("\t")
        begin = (int(at), rest.partition("\t")[0]) if after else None
        found = matters.same_number_pairs(connection, scope, begin, limit)
        known = matters.children(connection, [(scope, one.record) for one in found])
        lines = []
        for one in found:
            child = known.get((scope, one.record), _NOBODY)
            key = join_key(PAIR, str(one.at), one.record, one.other)
            lines.append(QueueLine(key, PAIRED, child.name, child.receipt, ""))
        return lines

    # --- one dispute ------------------------------------------------------------------------

    def open(self, key: str) -> Dispute:
        """Give a disputed field or removal as it stands now.

        Raises:
            StaleError: ``conflict.settled``: somebody has decided it meanwhile.
        """
        place = field_key(split_key(key)[1])
        with self._workplace.database.read() as connection:
            heads = _heads(connection, place)
            owner = matters.children_of(connection, [place])[place]
            known = matters.children(connection, [(place[0], owner)])
            child = known.get((place[0], owner), _NOBODY)
            names = Names(connection, self._workplace)
            words = self._words(connection, place, heads)
            shown = _shown(connection, place)
            sides = tuple(
                Side(
                    reference=head.reference,
                    value=word,
                    person=names.person(head.person),
                    at=head.at,
                    laptop=names.laptop(head.feed),
                    shown=head.value == shown,
                )
                for head, word in zip(heads, words, strict=True)
            )
        what = REMOVED if place[3] == REMOVAL else VALUE
        return Dispute(
            key,
            what,
            child.name,
            child.receipt,
            mask_number(child.id_number),
            label_of(place),
            sides,
        )

    def _words(
        self, connection: Connection, place: FieldKey, heads: Sequence[HeadValue]
    ) -> list[str]:
        """Say values as a person reads them; numbers show only where they differ."""
        scope, kind, _, field = place
        if field == REMOVAL:
            return ["" for _ in heads]
        if field == "stays":
            meant = [(scope, str(head.value)) for head in heads if head.value is not None]
            known = matters.children(connection, meant)
            receipts = {record: child.receipt for (_, record), child in known.items()}
            return [receipts.get(str(head.value), "") for head in heads]
        item = RECORD_TYPES[kind].fields[field].item
        return words_of(item, [head.value for head in heads])

    # --- decisions --------------------------------------------------------------------------

    def adopt(self, key: str, reference: str) -> None:
        """Have one of the values stand: an edit that names every value there is.

        Raises:
            RuleError: ``conflict.not_allowed``: the district's answers are an officer's to choose.
            StaleError: somebody has decided it meanwhile, or the record is gone.
        """
        scope, kind, record, field = place = field_key(split_key(key)[1])
        if self._scope is None:
            if Role.OFFICER not in PeopleDesk(self._workplace).roles():
                raise RuleError("conflict.not_allowed")
            self._workplace.ensure_feed(scope)
        with self._workplace.journal.begin(self._workplace.actor(), scope) as work:
            heads = {one.reference: one for one in _heads(work.connection, place)}
            if reference not in heads:
                raise StaleError("conflict.settled")
            declared = RECORD_TYPES[kind].fields[field].type
            value = as_declared(declared, heads[reference].value)
            work.edit(kind, record, {field: value}, act="resolve", signed=True)

    def keep(self, key: str) -> None:
        """Keep a record whose removal is disputed, with what was removed with it.

        Raises:
            StaleError: somebody has decided it meanwhile, or the record is gone.
        """
        scope, kind, record, _ = place = field_key(split_key(key)[1])
        roles = PeopleDesk(self._workplace).roles()
        with self._workplace.journal.begin(self._workplace.actor(), scope) as work:
            tombstones = _heads(work.connection, place)
            work.keep(kind, record, roles)
            if kind == "applicant":
                for one in tombstones:
                    for part in matters.removed_with(work.connection, scope, record, one):
                        work.bring_back(*part)

    def remove_again(self, key: str) -> None:
        """Remove a record whose removal is disputed, knowing of what was changed.

        Raises:
            StaleError: somebody has decided it meanwhile, or the record is gone.
        """
        scope, kind, record, _ = place = field_key(split_key(key)[1])
        with self._workplace.journal.begin(self._workplace.actor(), scope) as work:
            _heads(work.connection, place)
            if kind == "applicant":
                _remove_parts(work, record)
            work.remove(kind, record, signed=True)


def _remove_parts(work: Work, record: str) -> None:
    for part in _PARTS:
        for row in work.rows(part, applicant=record):
            work.remove(part, row.record)


_NOBODY = Child("", "", "", "", "")


def _heads(connection: Connection, place: FieldKey) -> tuple[HeadValue, ...]:
    heads = matters.heads_of(connection, place)
    if not heads:
        raise StaleError("conflict.settled")
    return heads


def _shown(connection: Connection, place: FieldKey) -> Value:
    return None if place[3] == REMOVAL else matters.value_of(connection, place)


def join_key(section: int, *parts: str) -> str:
    """Write the key of a line as one text."""
    return "\n".join((str(section), "\t".join(parts)))


def split_key(key: str) -> QueueKey:
    """Read a line's section and the rest of its key."""
    section, _, rest = key.partition("\n")
    return int(section), rest


def field_key(text: str) -> FieldKey:
    """Read where a disputed field is."""
    scope, kind, record, field = text.split("\t")
    return scope, kind, record, field


def label_of(key: FieldKey) -> str:
    """Name a field as the form does, or the kind of a record whose removal is disputed."""
    _, kind, _, field = key
    known = RECORD_TYPES[kind]
    return known.fields[field].item.label if field in known.fields else known.label


def words_of(item: Item, values: Sequence[Value]) -> list[str]:
    """Say the values of one field: codes by their labels, numbers masked but where they differ."""
    texts = ["" if value is None else str(value) for value in values]
    if item.codes:
        return [code_label(item.codes, text) for text in texts]
    if item.mask is Mask.NUMBER:
        return _masked_apart(texts)
    if item.mask is Mask.PHONE:
        return list(map(mask_phone, texts))
    return list(map(mask_address, texts)) if item.mask is Mask.ADDRESS else texts


def _masked_apart(texts: Sequence[str]) -> list[str]:
    """Mask numbers, but for the places at which they differ."""
    if len({len(text) for text in texts}) > 1:
        return list(map(mask_number, texts))
    differ = {at for at, signs in enumerate(zip(*texts, strict=True)) if len(set(signs)) > 1}
    return [
        "".join(text[at] if at in differ else sign for at, sign in enumerate(mask_number(text)))
        for text in texts
    ]
