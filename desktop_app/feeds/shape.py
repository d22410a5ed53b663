"""Does an operation fit the declarations: kind, schema, fields, types, and whose they are."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from desktop_app.domain.declare import Owner, RecordType, Value
from desktop_app.feeds.authority import TRUST_KINDS, FeedFacts
from desktop_app.feeds.fold import REMOVE
from desktop_app.feeds.operation import Header, Payload


class Verdict(enum.Enum):
    """Why an operation counts, or does not."""

    ELIGIBLE = "eligible"
    LATER_FORMAT = "later_format"
    UNKNOWN_KIND = "unknown_kind"
    NEWER_SCHEMA = "newer_schema"
    UNKNOWN_FIELD = "unknown_field"
    BAD_VALUE = "bad_value"
    NOT_OWNER = "not_owner"
    NOT_SIGNED = "not_signed"
    NOT_ALLOWED = "not_allowed"
    REVOKED = "revoked"
    ERASED = "erased"


def judge_shape(
    header: Header,
    payload: Payload | None,
    facts: FeedFacts,
    record_types: Mapping[str, RecordType],
) -> Verdict:
    """Check what no grant changes about an operation; an erased payload has no values."""
    record_type = record_types.get(header.kind)
    if record_type is None:
        return Verdict.UNKNOWN_KIND
    if header.schema > record_type.schema:
        return Verdict.NEWER_SCHEMA
    values = {} if payload is None else payload.values
    if header.act == REMOVE:
        return _judge_removal(header, values, record_type)
    for name in header.sets:
        declared = record_type.fields.get(name)
        if declared is None:
            return Verdict.UNKNOWN_FIELD
        if not declared.accepts(values.get(name)):
            return Verdict.BAD_VALUE
        if not _may_write(declared.item.owner, facts, header.kind):
            return Verdict.NOT_OWNER
    return Verdict.ELIGIBLE


def _judge_removal(header: Header, values: Mapping[str, Value], record_type: RecordType) -> Verdict:
    """A tombstone names every field and sets none; it may name the other side's fields too."""
    if header.kind in TRUST_KINDS:
        return Verdict.NOT_ALLOWED
    if any(name not in record_type.fields for name in header.sets):
        return Verdict.UNKNOWN_FIELD
    if any(value is not None for value in values.values()):
        return Verdict.BAD_VALUE
    return Verdict.ELIGIBLE


def _may_write(owner: Owner, facts: FeedFacts, kind: str) -> bool:
    """Say whether a feed may write a field: the district's own, the school's own, or either's."""
    if owner is Owner.EITHER:
        return True
    if facts.district:
        return owner is Owner.DISTRICT or kind == "person"
    return owner is Owner.SCHOOL
