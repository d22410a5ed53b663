"""Cheap passwords and one site per module, so that a day is set up once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop_app.security import kdf
from tests.commands.site import Site


@pytest.fixture(scope="module", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Stretch passwords at almost no cost; the cost itself is tested in security."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kdf, "STANDARD", kdf.Cost(memory=8, passes=1, lanes=1))
        yield


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Set up a district and a school that joined it."""
    site = Site(tmp_path_factory.mktemp("site"))
    site.found()
    site.join()
    return site


@pytest.fixture(scope="module")
def registered(joined: Site) -> Site:
    """Take a village's workbook in at the school."""
    joined.register()
    return joined
