"""Erasure 删除: which operations' payloads are gone for good, as a function of the set (ADR 0012).

An ``erasure`` names operations by reference. It counts for everybody who ever could sign it, even
behind a later limit or end: a payload once dropped cannot come back, and holders of equal sets must
see the same. A school erases in its own feeds, by its principal and a second person; the district
in all feeds that speak for the same scope, by an officer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from desktop_app.domain.acts import LASTING_KINDS, Role
from desktop_app.feeds.operation import Operation

ERASURE = "erasure"
PERSONS_NEEDED = 2
"""How many persons sign an erasure of a school."""


@dataclass(frozen=True, slots=True)
class Erasures:
    """The references erased in one scope, by its school and by the district."""

    school: frozenset[str] = frozenset()
    district: frozenset[str] = frozenset()

    def cover(self, operation: Operation, *, district: bool) -> bool:
        """Say whether an operation, in a feed of the district or not, is erased."""
        return self.names(operation.kind, operation.reference, district=district)

    def names(self, kind: str, reference: str, *, district: bool) -> bool:
        """Say the same of an operation's kind and reference."""
        if kind in LASTING_KINDS:
            return False
        return reference in self.district or (not district and reference in self.school)

    def beyond(self, other: Erasures) -> frozenset[str]:
        """Give the references that these name and others do not."""
        return (self.school - other.school) | (self.district - other.district)


def may_erase(roles: Collection[frozenset[Role]], *, district: bool) -> bool:
    """Say whether persons with these roles, who all signed, may erase in such a feed together."""
    held = frozenset[Role]().union(*roles)
    if district:
        return Role.OFFICER in held
    return Role.PRINCIPAL in held and len(roles) >= PERSONS_NEEDED


def read_references(text: str) -> frozenset[str]:
    """Read the references an erasure names, one a line."""
    return frozenset(text.splitlines())


def write_references(references: Collection[str]) -> str:
    """Write references the way ``read_references`` reads them, in one order."""
    return "\n".join(sorted(references))
