"""What is already held of a guardian 监护人: asked beside the form, decides nothing."""

from __future__ import annotations

from desktop_app.services.workplace import Workplace
from desktop_app.storage.guardians import guardian_names


class GuardianDesk:
    """Looks guardians up by their number."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def names_of(self, number: str) -> tuple[str, ...]:
        """Give the names a number stands under so far; none for an empty number."""
        if not number:
            return ()
        with self._workplace.database.read() as connection:
            return guardian_names(connection, number)
