"""A school that joined its district, for the use cases of its desks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.services.workplace import Workplace
from tests.sync.conftest import cheap_passwords, district, laptop, policy, site, stick
from tests.sync.site import Site, hand, reply, take

__all__ = ["cheap_passwords", "district", "laptop", "policy", "site", "stick"]

Exchange = Callable[[], None]


@pytest.fixture
def other(site: Site, district: Workplace, laptop: Workplace) -> Workplace:
    return site.laptop(district, "other")


@pytest.fixture
def meet(district: Workplace, laptop: Workplace, other: Workplace, tmp_path: Path) -> Exchange:
    """Give what has both laptops and the district hear of everything."""
    places = iter(range(1000))

    def exchange() -> None:
        for one in (laptop, other):
            take(district, hand(one, tmp_path / f"there {next(places)}").path)
        back = reply(district, tmp_path / f"back {next(places)}").path
        for one in (laptop, other):
            take(one, back)

    return exchange
