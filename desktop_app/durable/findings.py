"""What an inspection of a folder finds: a code, and whether work there is impossible."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.errors import Detail


@dataclass(frozen=True, slots=True)
class FolderFinding:
    """One thing to know about a folder; ``details`` fill the sentence of ``code``."""

    code: str
    blocks: bool = False
    details: tuple[tuple[str, Detail], ...] = ()
