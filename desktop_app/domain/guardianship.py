"""What the relation of a guardian 监护人关系 says of the guardian, held against their number.

A finding warns and never stops: families are as they are, and a number may be the one that is
wrong (domain reference §2.13; codes of GB/T 4761).
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.domain.names import name_key

MALE, FEMALE = "1", "2"
SEX_OF_RELATION: Mapping[str, str] = {
    **dict.fromkeys(("51", "53", "55", "57", "61", "63", "71", "73"), MALE),
    **dict.fromkeys(("52", "54", "56", "58", "62", "64", "75", "77"), FEMALE),
}
"""Father, grandfather, brother …; mother, grandmother, sister …; other relations have no sex."""


def sex_differs(relation: str, sex: str | None) -> bool:
    """Say whether a relation and the sex in the guardian's number contradict each other."""
    expected = SEX_OF_RELATION.get(relation)
    return bool(expected and sex) and expected != sex


def other_name(name: str, known: tuple[str, ...]) -> str:
    """Give a name the same number was registered under, unless this very name is among them."""
    if not name or name_key(name) in {name_key(one) for one in known}:
        return ""
    return known[0] if known else ""
