"""A record's heads as one compact column: the creating operation, then only the exceptions."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.feeds.fold import Projection


def write_heads(projection: Projection) -> str:
    """Write heads compactly: the creating operation, then only the fields it is not the head of."""
    lines = [projection.created]
    lines += [
        f"{name}={','.join(references)}"
        for name, references in sorted(projection.heads.items())
        if references != (projection.created,)
    ]
    return "\n".join(lines)


def read_heads(text: str, fields: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Read the heads of some fields from what ``write_heads`` wrote."""
    created, *exceptions = text.split("\n")
    heads = {}
    for line in exceptions:
        name, _, references = line.partition("=")
        heads[name] = tuple(references.split(","))
    return {name: heads.get(name, (created,)) for name in fields}
