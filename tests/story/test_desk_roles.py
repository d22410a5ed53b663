"""Every role tries every use case: docs/roles.md is the table, and each of its cells is tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop_app.domain.errors import ProductError
from desktop_app.messages.catalogue import shipped
from desktop_app.security import kdf
from desktop_app.services.policies import shipped_policy
from desktop_app.services.workplace import Workplace
from desktop_app.storage import oplog
from desktop_app.storage.overview import attention
from tests.architecture.sources import REPOSITORY
from tests.story.desk_roles import DOES, PEOPLE, SEATS, WRITES, Forged, Scene, forge, make, sitting
from tests.sync.site import Site, hand, reply, take
from tests.ui.school import CHEAP

MAY, MAY_NOT, NOT_HERE = "可", "否", "不在"
LAST = (
    *("erase", "erase_at_district", "expire", "expire_at_district"),
    *("ticket", "end_person", "end_laptop"),
)
"""What changes the scene for the others comes last."""


def read_table() -> dict[str, dict[str, str]]:
    """Read the cells by use case and column."""
    text = (REPOSITORY / "docs" / "roles.md").read_text(encoding="utf-8")
    lines = [line.strip("| \n") for line in text.splitlines() if line.startswith("|")]
    head, _, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


TABLE = read_table()
SEATS.update({use: cells["seat"] for use, cells in TABLE.items()})
CELLS = [(use, who) for use in TABLE for who in PEOPLE]
VOID = [
    (use, who)
    for use, who in CELLS
    if TABLE[use]["by"] == "signature" and TABLE[use][who] == MAY_NOT
]


@dataclass
class Tried:
    """What came of every cell: the operations it wrote, or why it was refused."""

    scene: Scene
    wrote: dict[tuple[str, str], list[Forged]] = field(default_factory=dict)
    refused: dict[tuple[str, str], ProductError] = field(default_factory=dict)
    forged: dict[tuple[str, str], Forged] = field(default_factory=dict)
    void: dict[str, set[Forged]] = field(default_factory=dict)
    """What does not count, by who holds it."""


def reaches(workplace: Workplace) -> dict[str, int]:
    """Give how far the feeds reach that a workplace writes."""
    with workplace.database.read() as connection:
        return {name: row.sequence for name, row in oplog.load_feeds(connection).items() if row.own}


def try_cell(tried: Tried, use: str, who: str) -> None:
    """Let somebody do something with this program."""
    scene = tried.scene
    workplace = scene.seat(SEATS[use])
    before = reaches(workplace)
    try:
        with sitting(workplace, scene.people[who]):
            DOES[use](scene, workplace)
    except ProductError as error:
        tried.refused[use, who] = error
    tried.wrote[use, who] = [
        (feed, sequence)
        for feed, to in reaches(workplace).items()
        for sequence in range(before.get(feed, 0) + 1, to + 1)
    ]


def not_counting(workplace: Workplace) -> set[Forged]:
    """Give the operations that are held and do not count."""
    with workplace.database.read() as connection:
        lines = attention(connection, None, 10_000)
    return {(line.feed, line.sequence) for line in lines}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    folder = tmp_path_factory.mktemp("roles")
    site = Site(folder / "site", shipped_policy())
    site.folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kdf, "STANDARD", CHEAP)
        tried = Tried(make(folder, site))
        for use, who in sorted(CELLS, key=lambda cell: cell[0] in LAST):
            try_cell(tried, use, who)
        for use, who in VOID:
            tried.forged[use, who] = forge(tried.scene, use, tried.scene.people[who])
        everybody = exchange(tried.scene, folder)
        tried.void = {name: not_counting(one) for name, one in everybody.items()}
        yield tried
    site.close()


def exchange(scene: Scene, folder: Path) -> dict[str, Workplace]:
    """Let the laptops and the district hear of everything."""
    take(scene.district, hand(scene.laptop, folder / "there").path)
    take(scene.district, hand(scene.second, folder / "second").path)
    back = reply(scene.district, folder / "back").path
    for one in (scene.laptop, scene.second):
        take(one, back)
    take(scene.second, hand(scene.laptop, folder / "sideways").path)
    return {"laptop": scene.laptop, "second": scene.second, "district": scene.district}


def test_the_table_is_whole() -> None:
    assert set(TABLE) == set(DOES)
    assert {use for use, cells in TABLE.items() if cells["by"] == "signature"} == set(WRITES)
    for cells in TABLE.values():
        assert cells["seat"] in {"school", "district"}
        assert {cells[who] for who in PEOPLE} <= {MAY, MAY_NOT, NOT_HERE}
        assert cells["by"] in {"signature", "laptop", "program"}


def test_whoever_may_does_it_and_what_anybody_else_writes_is_void_at_every_holder(
    tried: Tried,
) -> None:
    wrong = {cell: said for cell in CELLS if (said := what_is_wrong(tried, *cell))}
    assert "\n".join(f"{cell}: {said}" for cell, said in wrong.items()) == ""
    assert len(CELLS) == len(TABLE) * len(PEOPLE)
    for holder, void in tried.void.items():
        counted = [cell for cell, op in tried.forged.items() if op not in void]
        assert (holder, counted) == (holder, [])
    assert tried.void["district"] == {*tried.forged.values()}  # and nothing else is
    assert len(tried.forged) == len(VOID) > 80


def what_is_wrong(tried: Tried, use: str, who: str) -> str:
    """Say how a cell differs from the table, or nothing."""
    refused, wrote = tried.refused.get((use, who)), tried.wrote[use, who]
    if TABLE[use][who] == MAY:
        if refused is not None:
            return f"refused: {refused}"
        if not wrote and TABLE[use]["by"] != "program":
            return "nothing was written"
        return "does not count" if tried.void["district"] & {*wrote} else ""
    if refused is None:
        return f"done, {len(wrote)} written"
    if refused.code not in shipped():
        return f"no sentence: {refused!r}"
    return f"written all the same: {refused.code}" if wrote else ""
