"""Forms of as many made-up children as a story needs, no two alike."""

from __future__ import annotations

from collections.abc import Iterator

from tests.services.kit import form, number


def children(count: int) -> Iterator[dict[str, str]]:
    """Give forms of so many children, each with a number and a phone of its own."""
    for at in range(count):
        month, day = at % 8 + 1, at // 8 % 28 + 1
        yield form(
            full_name=f"罗{chr(0x4E00 + at)}{chr(0x5A00 + at)}",
            id_number=number(f"2018{month:02d}{day:02d}", 100 + at // 224),
            guardian_id_number=number("19890522", 100 + at % 800),
            guardian_phone=f"138{at:08d}",
        )
