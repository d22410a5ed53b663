"""What exchange takes of memory does not grow with what is exchanged.

What Python's own objects take at most is counted (``tracemalloc``), so that neither the database's
page cache, which has its own bound, nor a busy machine changes it. The sizes of whole processes
are measured by ``python -m benchmarks.memory``.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from benchmarks.registrations import register
from benchmarks.season import Written
from desktop_app.policy.package import Policy
from desktop_app.security.seal import SealKey
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.sync import content, merging
from desktop_app.sync.inbox import TAKEN_IN, grounds_of, take_in
from desktop_app.sync.outbox import Exported, export
from desktop_app.sync.trust import examine, replay, verify
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site, register_pages

MIB = 2**20
MOST_GROWTH = MIB
FEW, MANY = 4_000, 12_000
"""Operations that go out and are proved; to fold so many would take a test too long."""
FOLDED = (400, 1_600)
PER_FAMILY = 4


def peak(run: Callable[[], object]) -> int:
    """Give what Python's objects take at most while something runs, beyond what was there."""
    gc.collect()
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def written(workplace: Workplace, operations: int) -> Workplace:
    """Let a laptop write operations."""
    with Written(workplace) as writing:
        for number in range(operations // PER_FAMILY):
            register(writing, number)
    return workplace


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("memory") / "site", policy)
    made.folder.mkdir()
    yield made
    made.close()


@pytest.fixture(scope="module")
def district(own: Site) -> Workplace:
    return own.found()


class Handed:
    """A hand-over, and what it took."""

    def __init__(self, workplace: Workplace, folder: Path) -> None:
        folder.mkdir()
        made: list[Exported] = []
        self.peak = peak(lambda: made.append(export(workplace, folder, Progress())))
        self.path = made[0].path
        self.operations = made[0].operations


@pytest.fixture(scope="module")
def handed(
    own: Site, district: Workplace, tmp_path_factory: pytest.TempPathFactory
) -> list[Handed]:
    """Two schools hand over, the second three times as much."""
    folder = tmp_path_factory.mktemp("sticks")
    schools = [
        written(own.laptop(district, f"laptop-{count}", school), count)
        for school, count in ((SCHOOL, FEW), (OTHER_SCHOOL, MANY))
    ]
    return [Handed(school, folder / school.folder.name) for school in schools]


def test_handing_over_three_times_as_much_takes_no_more(handed: list[Handed]) -> None:
    few, many = handed
    assert many.operations > 2 * few.operations
    assert many.peak - few.peak < MOST_GROWTH, (few.peak, many.peak)


def test_proving_three_times_as_much_takes_no_more(
    handed: list[Handed], district: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle that is small enough to be kept is left aside here; its size is the bound."""
    monkeypatch.setattr(content, "LARGEST_KEPT", 0)
    keys = [district.session.seal]
    peaks = [peak(partial(prove, one.path, district, keys)) for one in handed]
    assert peaks[1] - peaks[0] < MOST_GROWTH, peaks


def prove(path: Path, district: Workplace, keys: list[SealKey]) -> int:
    """Prove a bundle and hand every operation on, to nobody."""
    grounds, passed = grounds_of(district), 0

    def take(*_: object) -> None:
        nonlocal passed
        passed += 1

    with path.open("rb") as file:
        examined = examine(file, grounds, _quiet)
        verified = verify(file, examined, keys, grounds, {}, _quiet)
        replay(file, verified, keys, take, _quiet)
    return passed


def _quiet(_done: int) -> None:
    """Say nothing."""


def test_what_is_kept_between_proof_and_merge_would_show(
    handed: list[Handed], district: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the bound on what is kept, three times as much takes far more."""
    monkeypatch.setattr(content, "LARGEST_KEPT", 2**40)
    keys = [district.session.seal]
    peaks = [peak(partial(prove, one.path, district, keys)) for one in handed]
    assert peaks[1] - peaks[0] > 10 * MOST_GROWTH


def test_merging_more_takes_no_more(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "LARGEST_KEPT", 0)
    monkeypatch.setattr(merging, "BATCH", 100)
    district = site.found()
    peaks = []
    for school, count in zip((SCHOOL, OTHER_SCHOOL), FOLDED, strict=True):
        laptop = written(site.laptop(district, f"laptop-{count}", school), count)
        (tmp_path / school).mkdir()
        export(laptop, tmp_path / school, Progress())
        outcomes: set[str] = set()

        def bring_in(folder: Path = tmp_path / school, seen: set[str] = outcomes) -> None:
            seen.update(one.outcome for one in take_in(district, [folder], Progress()))

        peaks.append(peak(bring_in))
        assert outcomes == {TAKEN_IN}
    assert peaks[1] - peaks[0] < MOST_GROWTH, peaks


def test_pages_go_one_by_one_both_ways(site: Site, tmp_path: Path) -> None:
    """Forty pages of 400 KB take what one takes."""
    district, size = site.found(), 400_000
    laptop = site.laptop(district, "laptop")
    register_pages(laptop, (bytes([number]) * size for number in range(40)))
    out = Handed(laptop, tmp_path / "stick").peak
    back = peak(lambda: take_in(district, [tmp_path / "stick"], Progress()))
    assert len(district.scans.missing(district.scans.digests())) == 0
    assert sum(1 for _ in district.scans.digests()) == 40
    assert max(out, back) < 8 * MIB, (out, back)
