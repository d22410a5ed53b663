"""Laptops that are closed when the test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.storage.kit import Laptop

MakeLaptop = Callable[..., Laptop]


@pytest.fixture
def make_laptop(tmp_path: Path) -> Iterator[MakeLaptop]:
    """Make laptops of any kind, each in a folder of its own."""
    made: list[Laptop] = []

    def make(seed: str = "desk", **options: object) -> Laptop:
        made.append(Laptop(tmp_path / f"{seed}-{len(made)}", seed, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for laptop in made:
        laptop.close()


@pytest.fixture
def laptop(make_laptop: MakeLaptop) -> Laptop:
    """Make one desk whose feed the principal leads."""
    return make_laptop()
