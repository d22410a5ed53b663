"""The five errors a person may meet, and the problems a form may have.

An error carries a code and details, never text and never personal data: the sentences live in
``resources/text/messages`` and are looked up where they are shown. Everything that is not one of
these five families is a bug.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Detail = str | int


class ProductError(Exception):
    """Something a person must be told, named by a code such as ``bundle.truncated``."""

    def __init__(self, code: str, **details: Detail) -> None:
        super().__init__(code)
        self.code = code
        self.details: Mapping[str, Detail] = MappingProxyType(details)

    def __str__(self) -> str:
        """Name the code and its details; both are free of personal data by rule."""
        shown = ", ".join(f"{key}={value}" for key, value in self.details.items())
        return f"{self.code} ({shown})" if shown else self.code


class RuleError(ProductError):
    """A rule of the field forbids it: the person must decide otherwise."""


class StaleError(ProductError):
    """What the person looked at has changed meanwhile: load it again."""


class WorkplaceError(ProductError):
    """Disk, stick, printer or folder: something at this workplace must be mended."""


class UntrustedError(ProductError):
    """What came from outside is not what it claims to be: refused and recorded."""


class CancelledError(ProductError):
    """The person stopped it; nothing is to be said."""

    def __init__(self) -> None:
        super().__init__("cancelled")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field of a form; all are reported at once, beside their fields.

    ``blocks`` problems stop a save, the others only warn (ux: warn early, block late).
    """

    field: str
    code: str
    blocks: bool
    details: Mapping[str, Detail] = dataclasses.field(default_factory=dict)
