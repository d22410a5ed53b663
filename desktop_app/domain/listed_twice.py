"""One child on the list of graduates twice, once by ID number and once by roll number 学籍号 alone.

Nothing is merged by this: it is a finding, and a person says whether it is one child or two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.domain.declare import Value
from desktop_app.domain.identity import is_roll_number
from desktop_app.domain.names import name_key

_ID, _ROLL = "id_number", "national_student_no"
_OF_IDENTITY = "G"
"""How a roll number begins that was made of the child's ID number; L and J were not."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What one entry of the list is known by."""

    id_number: str
    roll_number: str
    told: tuple[str, str, str]
    """Name as it is compared, birth date, and the school left."""

    @classmethod
    def of(cls, values: Mapping[str, Value]) -> Listed:
        """Read an entry."""
        name, *rest = (str(values.get(one) or "") for one in ("full_name", "birth_date", "school"))
        return cls(
            id_number=str(values.get(_ID) or ""),
            roll_number=str(values.get(_ROLL) or ""),
            told=(name_key(name), rest[0], rest[1]),
        )

    def traits(self) -> tuple[str, ...]:
        """Give what another entry of the same child has in common with it."""
        return tuple(filter(None, (self._identity(), " ".join(self.told) if self.is_told else "")))

    @property
    def is_told(self) -> bool:
        """Say whether name, birth date and school are all there."""
        return all(self.told)

    def _identity(self) -> str:
        """Give the ID number, or the one the roll number was made of."""
        if self.id_number:
            return self.id_number
        made = is_roll_number(self.roll_number) and self.roll_number.startswith(_OF_IDENTITY)
        return self.roll_number[1:] if made else ""

    def may_be(self, other: Listed) -> bool:
        """Say whether two entries may be one child: nothing that both say contradicts it.

        Two ID numbers, or two roll numbers, are two children; twins of one name have two.
        """
        pairs = (
            (self.id_number, other.id_number),
            (self.roll_number, other.roll_number),
            (self._identity(), other._identity()),
        )
        if any(mine and theirs and mine != theirs for mine, theirs in pairs):
            return False
        one_identity = bool(self._identity()) and self._identity() == other._identity()
        return one_identity or (self.is_told and self.told == other.told)
