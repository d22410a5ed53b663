"""How a record is declared: a frozen dataclass whose fields are ``Annotated`` with an ``Item``.

Table columns, value checks, workbook headers, masks and print fields all read the declaration, so
a field is named in one place. This is not a form language: layout, permissions, cross-record rules
and the signed format do not read it.
"""

from __future__ import annotations

import dataclasses
import enum
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, NoneType

Value = str | int | bool | None


class Merge(enum.Enum):
    """What is shown when two operations set one field without knowing of each other."""

    IDENTITY = "identity"
    """Identity and legal fields: a conflict opens and waits for a person."""
    LATEST = "latest"
    """Contact, address, class: the later one shows, the other is listed."""
    SET = "set"
    """Checklists and memberships: every value stands until removed; add wins."""
    LOG = "log"
    """Notes and visits: entries are only ever added."""


class Stage(enum.Enum):
    """When a field is asked for (domain reference §1.1)."""

    REGISTRATION = "报名"
    CATEGORY = "类别"
    ROLL = "学籍"
    DERIVED = "派生"


class Mask(enum.Enum):
    """How a field is masked for those without need to see it."""

    NONE = "none"
    NAME = "name"
    NUMBER = "number"
    PHONE = "phone"
    ADDRESS = "address"
    HIDDEN = "hidden"


class Owner(enum.Enum):
    """Whose feeds may write a field."""

    SCHOOL = "school"
    DISTRICT = "district"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Item:
    """What is declared of a field besides its name and type."""

    label: str
    merge: Merge = Merge.LATEST
    codes: str | None = None
    stage: Stage = Stage.DERIVED
    required: bool = False
    max_length: int = 120
    mask: Mask = Mask.NONE
    owner: Owner = Owner.SCHOOL
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field: its name, its type and its item."""

    name: str
    type: type
    item: Item

    def accepts(self, value: object) -> bool:
        """Say whether a value read from an operation may stand in this field; null always may."""
        if value is None:
            return True
        if type(value) is not self.type:
            return False
        if isinstance(value, str):
            return len(value) <= self.item.max_length
        return isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**53)


@dataclass(frozen=True, slots=True)
class RecordType:
    """A declared kind of record."""

    kind: str
    label: str
    schema: int
    cls: type
    fields: Mapping[str, Field]


def declare(kind: str, label: str, schema: int, cls: type) -> RecordType:
    """Read the declaration of a record class.

    Raises:
        TypeError: a field is not annotated with an ``Item``, or its type is not str, int or bool.
    """
    fields = {}
    hints = typing.get_type_hints(cls, include_extras=True)
    for declared in dataclasses.fields(cls):
        hint = hints[declared.name]
        if typing.get_origin(hint) is not typing.Annotated:
            message = f"{kind}.{declared.name}: not annotated with an Item"
            raise TypeError(message)
        bare, item = typing.get_args(hint)[:2]
        fields[declared.name] = Field(declared.name, _plain(kind, declared.name, bare), item)
    return RecordType(kind, label, schema, cls, MappingProxyType(fields))


def _plain(kind: str, name: str, hint: object) -> type:
    """Give the one plain type of ``str | None`` and the like."""
    options = [option for option in typing.get_args(hint) if option is not NoneType] or [hint]
    if len(options) != 1 or options[0] not in (str, int, bool):
        message = f"{kind}.{name}: a field is text, integer or boolean"
        raise TypeError(message)
    plain: type = options[0]
    return plain


@cache
def field_names(record: RecordType) -> tuple[str, ...]:
    """Give the names of the fields in the order of their declaration."""
    return tuple(record.fields)
