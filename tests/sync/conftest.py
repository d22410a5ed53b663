"""What the tests of sync share: cheap passwords and a made-up district."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.policy.package import Policy
from desktop_app.security import kdf
from desktop_app.services.workplace import Workplace
from tests.sync import counting
from tests.sync.site import Site, shipped_policy


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the long runs counted."""
    counting.say(terminalreporter)


@pytest.fixture(autouse=True, scope="module")
def cheap_passwords() -> Iterator[None]:
    """Stretch passwords at almost no cost: that they cost much is tested with the vault."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kdf, "STANDARD", kdf.Cost(memory=8, passes=1, lanes=1))
        yield


@pytest.fixture(scope="session")
def policy() -> Policy:
    return shipped_policy()


@pytest.fixture
def site(tmp_path: Path, policy: Policy) -> Iterator[Site]:
    """Give an empty site."""
    made = Site(tmp_path / "site", policy)
    made.folder.mkdir()
    yield made
    made.close()


@pytest.fixture
def district(site: Site) -> Workplace:
    return site.found()


@pytest.fixture
def laptop(site: Site, district: Workplace) -> Workplace:
    return site.laptop(district, "laptop")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"
