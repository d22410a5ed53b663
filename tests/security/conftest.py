"""What the tests of security share: cheap password hashing, a clock, and a school's vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.security import kdf
from desktop_app.security.session import Session
from desktop_app.security.vault import Vault

PASSWORD = "sunflower-41"
OTHER_PASSWORD = "riverbank-82"


@pytest.fixture(autouse=True)
def cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passwords at almost no cost, except in tests that ask for ``real_cost``."""
    if "real_cost" not in request.fixturenames:
        monkeypatch.setattr(kdf, "STANDARD", kdf.Cost(memory=8, passes=1, lanes=1))


@pytest.fixture
def real_cost() -> kdf.Cost:
    """Stretch passwords as the product does."""
    return kdf.STANDARD


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class School:
    """One data folder with a vault: the lead Wei, and the printed code."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        self.session, self.code = Vault.create(folder, "韦校长", PASSWORD, clock=clock)

    @property
    def vault(self) -> Vault:
        return Vault.open(self.folder, clock=self.clock)

    def login(self, name: str = "韦校长", password: str = PASSWORD) -> Session:
        return self.vault.unlock(name, password)


@pytest.fixture
def school(tmp_path: Path, clock: Clock) -> School:
    return School(tmp_path / "data", clock)
