"""Finding an entry of a pick list by what a hand types: pinyin initials, code, or characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from desktop_app.ui.views import Option


def plain_query(text: str) -> str:
    """Bring a query to the form the keys have: half width, lower case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _rank(option: Option, query: str) -> int | None:
    """Rank an entry for a query, 0 best; None when it does not match."""
    code, label = option.code.lower(), plain_query(option.label)
    # Whoever types 1 for the first of a list means 01, and no code that goes on behind the 1.
    if query in {code, code.lstrip("0"), label, *option.keys}:
        return 0
    if any(key.startswith(query) for key in option.keys) or label.startswith(query):
        return 1
    if code.startswith(query):
        return 2
    if query in label:
        return 3
    return 4 if any(query in key for key in option.keys) else None


def find_options(options: Sequence[Option], text: str) -> tuple[Option, ...]:
    """List the entries that match, best first; equal ones stay in the order given (most used)."""
    query = plain_query(text)
    if not query:
        return tuple(options)
    ranked = [(rank, option) for option in options if (rank := _rank(option, query)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    return tuple(option for _, option in ranked)


def digit_chooses(options: Sequence[Option], text: str, digit: str, *, stepped: bool) -> bool:
    """Tell whether a digit picks a line of the open list, or belongs to the query.

    It picks once the Down key has been pressed; before that, only when the query holds letters or
    characters and no digit, and no code or key goes on with that digit (A1, A2 …).
    """
    if stepped:
        return True
    query = plain_query(text)
    if not query or any(sign.isdigit() for sign in query):
        return False
    longer = query + digit
    return not any(
        option.code.lower().startswith(longer) or any(key.startswith(longer) for key in option.keys)
        for option in options
    )
