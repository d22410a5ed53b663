"""Filters of 今日名单 that a person keeps under a name, on this computer alone."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple, dataclass

from desktop_app.domain.errors import RuleError
from desktop_app.services.lists import ALL, FILTERS
from desktop_app.services.workplace import Workplace

LONGEST_NAME = 20
MOST = 30
_SETTING = "filters."


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for: words of a search, one of the lists, the village of the household."""

    text: str = ""
    which: str = ALL
    village: str = ""


class FilterDesk:
    """The acting person's filters; nobody else sees them, and they never leave."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._name = f"{_SETTING}{workplace.person}"

    def kept(self) -> dict[str, Filter]:
        """Give the filters by name, in the order they were kept."""
        try:
            found = json.loads(self._workplace.settings.get(self._name, "{}"))
            read = {str(name): Filter(**given) for name, given in found.items()}
        except (ValueError, TypeError, AttributeError):  # of another version: kept anew
            return {}
        return {name: one for name, one in read.items() if _is_whole(one)}

    def keep(self, name: str, wanted: Filter) -> str:
        """Keep a filter under a name; one of that name is replaced. Gives the name as kept.

        Raises:
            RuleError: ``filter.name`` where there is none, ``filter.full``.
        """
        said = " ".join(name.split())[:LONGEST_NAME].rstrip()
        if not said:
            raise RuleError("filter.name")
        kept = self.kept()
        if said not in kept and len(kept) >= MOST:
            raise RuleError("filter.full", most=MOST)
        self._write(kept | {said: wanted})
        return said

    def drop(self, name: str) -> None:
        """Forget a filter; one that is gone already is no matter."""
        self._write({one: kept for one, kept in self.kept().items() if one != name})

    def _write(self, kept: dict[str, Filter]) -> None:
        text = json.dumps({name: asdict(one) for name, one in kept.items()}, ensure_ascii=False)
        self._workplace.settings.set(self._name, text)


def _is_whole(one: Filter) -> bool:
    """Say whether what was read is a filter of this program, and not a torn one."""
    return one.which in FILTERS and all(isinstance(said, str) for said in astuple(one))
