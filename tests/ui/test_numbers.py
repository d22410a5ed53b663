"""What the registrar sees where receipt numbers run out: told in time, told once, nobody stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.security import kdf
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.policies import shipped_policy
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.joining import use_ticket
from desktop_app.ui.compose import compose, prepare
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.window import Window
from tests.services.kit import form, number
from tests.sync.site import SCHOOL, Site
from tests.ui.school import CHEAP

BLOCK = 10


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)
    site = Site(tmp_path / "site", shipped_policy())
    site.folder.mkdir()
    office = DistrictOffice(site.found())
    made = site.set_up("laptop", "school", SCHOOL)
    ticket = office.issue(SCHOOL, "1", 1, BLOCK)
    use_ticket(made, ticket.file, ticket.code, office.fingerprint())
    yield made
    site.close()


def save(laptop: Workplace, at: int) -> str:
    filled = form(id_number=number(f"201803{at + 1:02d}"), guardian_phone=f"1380000{at:04d}")
    return RegistrationDesk(laptop).register(filled).receipt_number


def test_the_strip_says_in_time_that_numbers_run_out_and_that_they_have(
    laptop: Workplace, window: Window, tasks: Tasks, qtbot: QtBot
) -> None:
    shell = compose(prepare(laptop), tasks, window)

    def told() -> str:
        shell.count()
        qtbot.waitUntil(lambda: not tasks.busy, timeout=20_000)
        return window.strip.words

    for at in range(BLOCK - 2):
        save(laptop, at)
    assert "回执号" not in told()
    save(laptop, BLOCK - 2)
    assert "回执号只剩 1 个了，照常登记" in told()
    save(laptop, BLOCK - 1)
    assert save(laptop, BLOCK).split("-")[1] != "1"
    assert "已改用本机备用号，照常登记" in told()
    window.say(State.DONE, "已保存")
    assert "回执号" not in told()
