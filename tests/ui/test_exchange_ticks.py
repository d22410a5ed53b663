"""The window answers within a tenth of a second while a stick is written and while one is read.

A timer of five milliseconds runs in the thread of the window; its longest pause is how long a key
press could have waited. What the program itself used of the processor meanwhile is held to the
bound always; the pause by the clock is where an idle second of the same run had no such pause.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.security import kdf
from desktop_app.services.policies import shipped_policy
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.inbox import greet
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from tests.sync.counting import COUNTED
from tests.sync.site import Site, hand, register_many, register_pages
from tests.ui.conftest import Plugged, Stand, press, rest
from tests.ui.school import CHEAP
from tests.ui.ticking import Ticks

Key = Qt.Key
LONGEST = 0.1
"""Seconds; whoever types does not notice less."""
RESTLESS = 0.03
"""A machine on which nothing happens, and which pauses for so long, is busy with something else."""
TRIES = 4
IDLE_MS = 1000
OPERATIONS = int(os.environ.get("ENROLLMENT_TICK_OPERATIONS", "3000"))
PAGES = int(os.environ.get("ENROLLMENT_TICK_PAGES", "60"))
PAGE = 200_000
Record = Callable[[str, object], None]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)
    made = Site(tmp_path / "site", shipped_policy())
    made.folder.mkdir()
    yield made
    made.close()


def idle(qtbot: QtBot) -> Ticks:
    """Measure a second in which nothing happens."""
    with Ticks() as ticks:
        qtbot.wait(IDLE_MS)
    assert ticks.count > 1
    return ticks


def longest(key: Qt.Key, qtbot: QtBot, tasks: Tasks) -> Ticks:
    """Press a key and measure until the work is done."""
    with Ticks() as ticks:
        press(key)
        assert tasks.busy
        rest(qtbot, tasks)
    return ticks


def hold_to(begin: Callable[[], Ticks], qtbot: QtBot) -> str:
    """Hold work to the bound and say what came.

    Pauses by the clock are tried again where a machine that does nothing pauses too.
    """
    said = []
    for _ in range(TRIES):
        quiet, busy = idle(qtbot), begin()
        said.append(
            f"{busy.longest * 1000:.0f} ms, {busy.used * 1000:.0f} ms of them its own"
            f" (idle {quiet.longest * 1000:.0f} ms)"
        )
        assert busy.used <= LONGEST, said
        if busy.longest <= LONGEST or quiet.longest > RESTLESS:
            break
    else:
        pytest.fail(f"too slow: {said}")
    return "; ".join(said)


def test_the_window_goes_on_while_a_bundle_is_packed_written_and_read_back(
    site: Site, stand: Stand, tasks: Tasks, qtbot: QtBot, tmp_path: Path, record_property: Record
) -> None:
    chance = random.Random(41)
    district = site.found()
    school = site.laptop(district, "laptop")
    register_many(school, OPERATIONS)
    register_pages(school, (chance.randbytes(PAGE) for _ in range(PAGES)))
    sticks = [tmp_path / f"stick-{number}" for number in range(TRIES)]
    plugged = Plugged()
    page = ExchangePage(ExchangeDesk(school), tasks, find=plugged)
    stand(page)

    def hand_over() -> Ticks:
        plug(page, plugged, sticks.pop(), qtbot, tasks)
        found = longest(Key.Key_F10, qtbot, tasks)
        banner = page.out.notice.view
        assert banner is not None
        assert banner.state is State.DONE
        assert f"{OPERATIONS + 1} 名儿童" in banner.now
        return found

    said = hold_to(hand_over, qtbot)
    record_property(COUNTED, f"longest pause while {OPERATIONS} operations go out: {said}")


def test_the_window_goes_on_while_a_bundle_is_taken_in(
    site: Site, stand: Stand, tasks: Tasks, qtbot: QtBot, tmp_path: Path, record_property: Record
) -> None:
    district = site.found()
    laptops = [site.laptop(district, f"laptop-{number}") for number in range(2)]
    sticks = [tmp_path / f"stick-{number}" for number in range(TRIES)]
    for stick in sticks:
        stick.mkdir()
        greet(laptops[0], stick)
        register_many(laptops[1], OPERATIONS // TRIES)
        hand(laptops[1], stick)
    plugged = Plugged()
    page = ExchangePage(ExchangeDesk(laptops[0]), tasks, find=plugged)
    stand(page)

    def bring_in() -> Ticks:
        plug(page, plugged, sticks.pop(0), qtbot, tasks)
        found = longest(Key.Key_F6, qtbot, tasks)
        banner = page.taken.notice.view
        assert banner is not None
        assert banner.state is State.DONE
        return found

    said = hold_to(bring_in, qtbot)
    record_property(COUNTED, f"longest pause while {OPERATIONS} operations come in: {said}")


def test_a_worker_that_holds_the_interpreter_is_noticed(tasks: Tasks, qtbot: QtBot) -> None:
    """The control: what the bound forbids does show."""
    chance = random.Random(41)
    numbers = [chance.random() for _ in range(1_000_000)]
    with Ticks() as ticks:
        tasks.run(lambda _: numbers.sort(), lambda _: None)
        rest(qtbot, tasks)
    assert ticks.longest > LONGEST
    assert ticks.used > LONGEST


def plug(page: ExchangePage, plugged: Plugged, stick: Path, qtbot: QtBot, tasks: Tasks) -> None:
    """Plug another stick in."""
    stick.mkdir(exist_ok=True)
    plugged.folders = [stick]
    press(Key.Key_F5)
    rest(qtbot, tasks)
    assert page.place.place == stick
