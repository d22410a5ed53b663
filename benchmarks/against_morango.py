"""Target 12: ten thousand records from a laptop to the district, against Morango.

    make bench-morango                                             two rounds each
    python -m benchmarks.against_morango PYTHON --rounds N         N rounds each

Morango carries the same records between two SQLite files over the loopback, as shipped and with its
sleeps between requests taken away, in an environment of its own (PYTHON); what starting it takes is
not counted. Ours hands over by a folder and takes in: signed, sealed, encrypted at rest, folded.
Rounds run Morango, ours, ours, Morango.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bundle import open_folder
from benchmarks.bundle import prepare as prepare_folders
from benchmarks.paired import LEAST_ROUNDS, estimate
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import DATABASE_NAME
from desktop_app.sync.inbox import TAKEN_IN, take_in
from desktop_app.sync.outbox import export

RECORDS = 10_000
TARGETS = {"as shipped": 40.0, "without its sleeps": 20.0}
_PEER = ("-m", "benchmarks.rival.peer")
_CLIENT, _SERVER = "client.sqlite3", "server.sqlite3"
_COUNT = "SELECT count(*) FROM projected_applicant"


class Morango:
    """Two peers, one of them a server; every run begins with fresh copies of their files."""

    def __init__(self, python: Path, folder: Path) -> None:
        """Prepare both files."""
        self._python, self._folder = python, folder
        folder.mkdir()
        self._ask("prepare", str(folder), str(RECORDS))

    def _ask(self, *arguments: str) -> str:
        command = [str(self._python), *_PEER, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def seconds(self, how: str) -> float:
        """Push everything once and give the seconds by Morango's own clock."""
        for name in (_CLIENT, _SERVER):
            shutil.copy(self._folder / name, self._folder / f"run-{name}")
        awake = ["--awake"] if how != "as shipped" else []
        client, server = (str(self._folder / f"run-{name}") for name in (_CLIENT, _SERVER))
        command = [str(self._python), *_PEER, "serve", server, *awake]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
            assert serving.stdout is not None
            port = serving.stdout.readline().strip()
            try:
                answer = self._ask("push", client, port, *awake)
            finally:
                serving.terminate()
        assert int(self._ask("count", server)) == RECORDS
        return float(answer.split()[0])


class Ours:
    """A school that hands over everything, and a district that has nothing of it yet."""

    def __init__(self, folder: Path) -> None:
        """Prepare both folders."""
        self._folder = folder
        folder.mkdir()
        prepare_folders(folder)
        shutil.copy(folder / "district" / DATABASE_NAME, folder / "empty.db")

    def seconds(self) -> float:
        """Hand over and take in once; opening the two folders is not counted."""
        shutil.copy(self._folder / "empty.db", self._folder / "district" / DATABASE_NAME)
        stick = self._folder / "stick"
        stick.mkdir()
        school, district = (open_folder(self._folder, name) for name in ("school", "district"))
        begun = time.perf_counter()
        export(school, stick, Progress())
        (taken,) = take_in(district, [stick], Progress())
        seconds = time.perf_counter() - begun
        assert taken.outcome == TAKEN_IN
        assert taken.fresh > RECORDS
        with district.database.read() as connection:
            assert connection.exec_driver_sql(_COUNT).scalar_one() == RECORDS // 4
        school.close()
        district.close()
        shutil.rmtree(stick)
        return seconds


def row(how: str, morango: list[float], ours: list[float], ratios: list[float]) -> str:
    """Write a row: medians, and by how much ours is faster."""
    found = f"{statistics.median(ratios):.1f} [{min(ratios):.1f}, {max(ratios):.1f}]"
    if len(ratios) >= LEAST_ROUNDS:
        found = str(estimate(ratios))
    verdict = "pass" if min(ratios) >= TARGETS[how] else "FAIL"
    return (
        f"| {how} | {statistics.median(morango):.1f} s | {statistics.median(ours):.2f} s"
        f" | {found} | >= {TARGETS[how]:g} | {len(ratios)} | {verdict} |"
    )


def main(arguments: list[str]) -> int:
    """Measure both ways; the status is 1 unless both targets are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against_morango")
    parser.add_argument("python", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args(arguments)
    met = True
    with tempfile.TemporaryDirectory(prefix="bench-morango-") as place:
        rival = Morango(given.python.absolute(), Path(place) / "rival")
        own = Ours(Path(place) / "ours")
        own.seconds()
        print("| Morango | takes | ours takes | times as fast | target | rounds | verdict |")
        print("|---|---|---|---|---|---|---|")
        for how, target in TARGETS.items():
            morango, ours, ratios = list[float](), list[float](), list[float]()
            for _ in range(given.rounds):
                first = rival.seconds(how)
                two = [own.seconds(), own.seconds()]
                four = [first, rival.seconds(how)]
                morango += four
                ours += two
                ratios.append(sum(four) / sum(two))
            met &= min(ratios) >= target
            print(row(how, morango, ours, ratios), flush=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
