"""Fixtures: a school's folder, the registration page open on it, and a hand at the keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.security import kdf
from desktop_app.services.workplace import Workplace
from desktop_app.ui.tasks import Tasks
from tests.ui.conftest import Heard, Show
from tests.ui.registering import CHEAP, Hand, Room, make_school


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Workplace]:
    made = make_school(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def room(school: Workplace, tasks: Tasks, show: Show, heard: Heard) -> Iterator[Room]:
    made = Room(school, tasks)
    show(made.window)
    made.open()
    yield made
    made.settle()
    assert heard.bugs == []


@pytest.fixture
def hand() -> Hand:
    return Hand()
