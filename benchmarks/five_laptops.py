"""Five laptops, one stick: the round of 午间汇总 by keys, its time and its key presses counted.

    python -m benchmarks.five_laptops [--laptops 5] [--children 100] [--json FILE]

Every laptop joined with a ticket of its own and registered its children apart; at each but the
first, some of them had been at the laptop before. Then one folder, standing for the stick, goes
from laptop to laptop; on each the page is opened and F10 pressed until it says that the stick may
be pulled. Two rounds carry everything, and a last look at each tells it that all are equal. What
is timed is all of that, pages built and stick read back included; walking and plugging are not.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.measure import scratch
from desktop_app.commands.demo_desks import at_desk, register_families, set_up_desks, walk_ins
from desktop_app.commands.demo_seats import Seats, set_up_district, set_up_school
from desktop_app.commands.families import Family
from desktop_app.durable.sticks import Stick
from desktop_app.services.conflicts import PAIRED, ConflictDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.workplace import Workplace
from desktop_app.sync.round import DONE, HAND, RoundDesk
from desktop_app.ui.look import Look
from desktop_app.ui.pages.merge import MergePage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.theme import apply_look
from desktop_app.ui.window import DESIGN_SIZE, Window

SHARED = 2
"""Of the children of each laptop but the first, so many were at the laptop before as well."""
MOST_KEYS, MOST_SECONDS = 10, 120.0
"""What scenario 16 allows: keys at one laptop, and all of it."""
TO_OPEN = 1
"""The key that opens the page, at every visit."""
_ROOM = 16_000_000_000
Spent = tuple[float, float]
"""Seconds by the clock on the wall, and of the processor."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the walk came to."""

    laptops: int
    children: int
    keys: tuple[int, ...]
    keys_in_all: int
    seconds: float
    processor_seconds: float
    boards: tuple[int, ...]
    equal: bool
    pairs: tuple[int, ...]
    pairs_planted: int

    @property
    def holds(self) -> bool:
        """Say whether it was within the target, and everything arrived."""
        return (
            self.equal
            and set(self.boards) == {self.laptops * self.children}
            and set(self.pairs) == {self.pairs_planted}
            and max(self.keys) <= MOST_KEYS
            and self.seconds <= MOST_SECONDS
        )


class Walk:
    """Walks from laptop to laptop with one stick; presses keys and counts them."""

    def __init__(self, window: Window, tasks: Tasks, stick: Path) -> None:
        """Take a window, the door to its worker thread, and the stick."""
        self._window, self._tasks, self._stick = window, tasks, stick

    def visit(self, laptop: Workplace) -> int:
        """Open the page of a laptop and press F10 until the stick may go; give the keys."""
        page = MergePage(RoundDesk(laptop), self._tasks, find=self._find)
        self._window.add_page(page)
        self._window.open_page(page.nav_key)
        self._rest()
        keys = TO_OPEN
        while True:
            QTest.keyClick(_focused(), Qt.Key.Key_F10)
            keys += 1
            self._rest()
            if page.standing is None or page.standing.next != HAND:
                break
        self._window.remove_page(page.nav_key)
        return keys

    def _find(self) -> Sequence[Stick]:
        return [Stick(self._stick, self._stick.name, _ROOM, _ROOM)]

    def _rest(self) -> None:
        """Let the window work until nothing is being done."""
        while self._tasks.busy:
            QApplication.processEvents()
            time.sleep(0.001)
        QApplication.processEvents()


def _focused() -> Window:
    focused = QApplication.focusWidget() or QApplication.activeWindow()
    if focused is None:
        raise LookupError
    return focused  # type: ignore[return-value]


def go_round(walk: Walk, laptops: Sequence[Workplace]) -> tuple[list[int], Spent]:
    """Carry the stick round twice, and once more to whoever does not know yet that all is equal."""
    keys = [0] * len(laptops)
    began, worked = time.perf_counter(), time.process_time()
    for _ in range(2):
        for place, laptop in enumerate(laptops):
            keys[place] += walk.visit(laptop)
    for place, laptop in enumerate(laptops):
        if RoundDesk(laptop).standing().next != DONE:
            keys[place] += walk.visit(laptop)
    return keys, (time.perf_counter() - began, time.process_time() - worked)


def result_of(laptops: Sequence[Workplace], children: int, keys: list[int], spent: Spent) -> Result:
    """Look at every laptop's board and queue."""
    boards = [RoundDesk(one).standing().board for one in laptops]
    return Result(
        laptops=len(laptops),
        children=children,
        keys=tuple(keys),
        keys_in_all=sum(keys),
        seconds=round(spent[0], 1),
        processor_seconds=round(spent[1], 1),
        boards=tuple(ListDesk(one).counts()["all"] for one in laptops),
        equal=all(board.all_equal for board in boards)
        and len({tuple(sorted((one.feed, one.registered) for one in b.lines)) for b in boards})
        == 1,
        pairs=tuple(
            sum(line.what == PAIRED for line in ConflictDesk(one).page(limit=1000).lines)
            for one in laptops
        ),
        pairs_planted=SHARED * (len(laptops) - 1),
    )


def make_laptops(folder: Path, count: int, children: int, stack: ExitStack) -> list[Workplace]:
    """Set up a district and a school's laptops, and have each register its children apart."""
    policy = shipped_policy()
    school = next(one.code for one in policy.schools.values() if one.stage == "P1")
    seats = Seats(folder, policy, school)
    set_up_school(seats, *set_up_district(seats))
    set_up_desks(seats, count)
    made: list[Workplace] = []
    before: list[Family] = []
    for number in range(1, count + 1):
        laptop = stack.enter_context(at_desk(seats, number))
        again = before[:SHARED]
        own = walk_ins(seats, number, children - len(again), seed=2024)
        register_families(laptop, [*own, *again])
        before = [one for one in own if one.id_type == "1"]
        made.append(laptop)
    return made


def measure(folder: Path, count: int, children: int) -> Result:
    """Set everything up, carry the stick round by keys, and say what it came to."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise TypeError
    apply_look(application, Look())
    stick = folder / "stick"
    stick.mkdir()
    window = Window()
    window.resize(DESIGN_SIZE)
    window.show()
    window.activateWindow()
    problems: list[BaseException] = []
    tasks = Tasks(problems.append, problems.append)
    try:
        with ExitStack() as stack:
            laptops = make_laptops(folder, count, children, stack)
            keys, spent = go_round(Walk(window, tasks, stick), laptops)
            found = result_of(laptops, children, keys, spent)
    finally:
        tasks.close()
        window.close()
    if problems:
        raise problems[0]
    return found


def main(arguments: list[str]) -> int:
    """Run it and print what it came to; exit status 1 where it missed the target."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.five_laptops", description=__doc__)
    parser.add_argument("--laptops", type=int, default=5)
    parser.add_argument("--children", type=int, default=100)
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    with scratch() as folder:
        found = measure(folder, given.laptops, given.children)
    verdict = "holds" if found.holds else "MISSED"
    print(f"{found.laptops} laptops x {found.children} children, one stick: {verdict}")
    print(f"wall        {found.seconds / 60:.2f} min ({found.seconds:.1f} s, scripted)")
    print(f"processor   {found.processor_seconds:.1f} s")
    print(
        f"keys        {' '.join(map(str, found.keys))} (at most {MOST_KEYS}), in all"
        f" {found.keys_in_all}"
    )
    print(f"lists       {' '.join(map(str, found.boards))}, boards equal: {found.equal}")
    print(
        f"same child  {' '.join(map(str, found.pairs))} pairs in the queue of each,"
        f" {found.pairs_planted} planted"
    )
    if given.json:
        given.json.write_text(json.dumps(asdict(found), indent=1), encoding="utf-8")
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
