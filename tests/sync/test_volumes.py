"""Pages beyond one file go in further volumes; what is lost of a set is sent again, and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import CancelledError, WorkplaceError
from desktop_app.durable.stick import Written, write_verified
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.sync import pages, reach, writing
from desktop_app.sync.bundle import read_outer
from desktop_app.sync.handed import recall
from desktop_app.sync.manifest import LARGEST, LARGEST_SCAN
from desktop_app.sync.outbox import Exported
from desktop_app.sync.pages import fill
from desktop_app.sync.reach import Acknowledged
from tests.sync.site import (
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    kept,
    register,
    register_pages,
    reply,
    take,
)

PAGE = 5000
SMALL = 40_000
"""A volume that holds a page or two beside what every bundle holds."""


@pytest.fixture(autouse=True)
def small_volumes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LARGEST_VOLUME", SMALL)


def some_pages(count: int, first: int = 0) -> list[bytes]:
    return [bytes([first + n]) * PAGE for n in range(count)]


def files(made: Exported) -> list[Path]:
    return [made.path, *(volume.path for volume in made.volumes)]


def pages_in(path: Path) -> set[str]:
    with path.open("rb") as file:
        return set(read_outer(file).scans)


def lacks(district: Workplace, digests: Sequence[str]) -> set[str]:
    return set(district.scans.missing(digests))


def test_operations_are_in_the_first_and_pages_in_as_many_as_they_need(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    digests = register_pages(laptop, some_pages(5))
    made = hand(laptop, stick)
    assert len(made.volumes) >= 2
    assert [path.name for path in files(made)] == [
        f"{SCHOOL}-{feed_of(laptop)[:8]}-1{place}.enb"
        for place in ("", *(f"-{n + 2}" for n in range(len(made.volumes))))
    ]
    assert all(path.stat().st_size <= SMALL for path in files(made))
    held = [pages_in(path) for path in files(made)]
    assert set().union(*held) == set(digests)
    assert sum(map(len, held)) == len(digests)
    assert (made.scans_left, made.trouble) == (0, "")
    assert [volume.operations for volume in made.volumes] == [0] * len(made.volumes)
    assert [one.name for one in recall(laptop)] == [path.name for path in files(made)]
    taken = take(district, stick)
    assert [one.outcome for one in taken] == ["taken_in"] * len(files(made))
    assert taken[-1].missing_scans == ()
    assert content(district)[feed_of(laptop)] == content(laptop)[feed_of(laptop)]
    assert kept(district) == []


def test_a_volume_before_its_first_waits_and_a_missing_one_is_asked_for(
    district: Workplace, laptop: Workplace, stick: Path, tmp_path: Path
) -> None:
    digests = register_pages(laptop, some_pages(5))
    made = hand(laptop, stick)
    first, lost, *rest = files(made)
    for path in reversed(rest):
        (taken, *_) = take(district, path)
        assert (taken.outcome, list(taken.gaps)) == ("pending", [feed_of(laptop)])
    assert lacks(district, digests) == set(digests)
    assert {one.outcome for one in take(district, first)} == {"taken_in"}
    assert kept(district) == []
    assert lacks(district, digests) == pages_in(lost)
    # The answer asks for them by name; the next hand-over brings these and no other.
    take(laptop, reply(district, tmp_path / "back").path)
    again = hand(laptop, tmp_path / "other stick")
    assert set().union(*map(pages_in, files(again))) == pages_in(lost)
    take(district, tmp_path / "other stick")
    assert lacks(district, digests) == set()
    take(laptop, reply(district, tmp_path / "back").path)
    assert pages_in(hand(laptop, tmp_path / "third stick").path) == set()


def test_volumes_of_two_sets_may_be_mixed(
    district: Workplace, laptop: Workplace, stick: Path, tmp_path: Path
) -> None:
    digests = register_pages(laptop, some_pages(3))
    one = files(hand(laptop, stick))
    digests += register_pages(laptop, some_pages(3, first=9))
    other = files(hand(laptop, tmp_path / "other"))
    mixed = [other[-1], one[-1], *one[1:-1], other[0]]
    take(district, *mixed)
    assert kept(district) == []
    assert lacks(district, digests) == set(digests).difference(*map(pages_in, mixed))
    take(district, *one, *other)
    assert lacks(district, digests) == set()


def test_pages_that_do_not_fit_on_the_stick_go_with_the_next(
    district: Workplace, laptop: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = register_pages(laptop, some_pages(6))
    room = 80_000

    def small_stick(folder: Path) -> int:
        return room - sum(path.stat().st_size for path in folder.iterdir())

    monkeypatch.setattr(writing, "room_on", small_stick)
    sent: set[str] = set()
    for number in range(1, 7):
        made = hand(laptop, tmp_path / f"stick {number}")
        here = set().union(*map(pages_in, files(made)))
        # What never went goes first; only where there is room left does any page go again.
        assert not here & sent or here | sent == set(digests)
        sent |= here
        take(district, tmp_path / f"stick {number}")
        if sent == set(digests):
            break
        assert made.scans_left > 0
        assert made.trouble == "stick.no_space"
    assert lacks(district, digests) == set()
    assert number > 1


def test_what_lies_on_the_stick_already_is_not_written_again_unless_asked_for(
    district: Workplace, laptop: Workplace, stick: Path, tmp_path: Path
) -> None:
    digests = register_pages(laptop, some_pages(3))
    first = hand(laptop, stick)
    again = hand(laptop, stick)
    assert set().union(*map(pages_in, files(again))) == set()
    assert again.scans_left == 0
    # Somebody else's file with such a name is believed nothing.
    other = tmp_path / "other"
    other.mkdir()
    data = bytearray(first.path.read_bytes())
    data[700] ^= 1
    (other / first.name).write_bytes(data)
    (other / f"{SCHOOL}-{feed_of(laptop)[:8]}-9.enb").write_bytes(b"nothing")
    assert set().union(*map(pages_in, files(hand(laptop, other)))) >= pages_in(first.path)
    # A page the district asks for by name goes even if it seems to lie there.
    take(district, first.path)
    take(laptop, reply(district, tmp_path / "back").path)
    asked = lacks(district, digests)
    assert asked
    assert set().union(*map(pages_in, files(hand(laptop, stick)))) == asked


def test_an_answer_carries_no_pages(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    other = site.laptop(district, "other")
    register_pages(laptop, some_pages(1))
    take(district, hand(laptop, stick).path, hand(other, stick).path)
    made = reply(district, stick)
    assert (made.scans, made.volumes) == (0, ())
    assert take(other, made.path)[0].outcome == "taken_in"
    assert feed_of(laptop) in content(other)
    assert list(other.scans.digests()) == []


@pytest.mark.parametrize("error", [WorkplaceError("disk.gone"), CancelledError()])
def test_a_stick_pulled_among_the_further_volumes_has_the_operations_all_the_same(
    district: Workplace,
    laptop: Workplace,
    stick: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: WorkplaceError | CancelledError,
) -> None:
    digests = register_pages(laptop, some_pages(5))
    real: Callable[..., Written] = write_verified

    def pulled(path: Path, *rest: object) -> Written:
        if path.name.endswith("-3.enb"):
            raise error
        return real(path, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(writing, "write_verified", pulled)
        made = hand(laptop, stick)
    assert made.trouble == error.code
    assert len(made.volumes) == 1
    went = set().union(*map(pages_in, files(made)))
    assert made.scans_left == len(digests) - len(went) > 0
    with laptop.database.read() as connection:
        assert [one.name for one in exchange.carried_bundles(connection)] == [made.name]
    # The next hand-over, to the same stick, brings only what is missing there.
    again = hand(laptop, stick)
    assert set().union(*map(pages_in, files(again))) == set(digests) - went
    take(district, stick)
    assert lacks(district, digests) == set()


def test_rotten_pages_and_wrong_sizes_hold_nothing_up(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    digests = register_pages(laptop, some_pages(4))
    laptop.scans.path(digests[1]).write_bytes(b"rot")
    laptop.scans.path(digests[2]).unlink()
    applicant = register(laptop)
    with laptop.journal.begin(laptop.actor(), SCHOOL) as work:
        lying = laptop.scans.store(b"x" * 100)
        values: dict[str, Value] = {"applicant": applicant, "material": "HKB", "page": 1}
        work.create("scan", {**values, "digest": lying, "size": 99_999})
    made = hand(laptop, stick)
    assert made.scans_left == 1
    take(district, stick)
    assert lacks(district, [*digests, lying]) == {digests[1], digests[2]}


def test_a_volume_never_takes_more_pages_than_its_manifest_can_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = [exchange.ScanPlace(f"{n:064x}", 600, "feed", n) for n in range(pages.MOST_PAGES + 5)]
    taken, rest = fill(many, 10**9)
    assert (len(taken), len(rest)) == (pages.MOST_PAGES, 5)
    largest = len(str(LARGEST_SCAN))
    named = b"".join(
        b'{"digest":"%b","size":%b},' % (page.digest.encode(), b"9" * largest) for page in taken
    )
    assert len(named) + 300_000 < LARGEST
    assert fill(many[:2], 0) == ([], many[:2])


def test_a_list_of_missing_pages_that_was_cut_leaves_the_rest_in_doubt(
    laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = register_pages(laptop, some_pages(5))
    feed = feed_of(laptop)
    with laptop.database.read() as connection:
        places = exchange.scans_of(connection, SCHOOL)
        last = max(place.sequence for place in places)
        for longest, expected in ((100_000, []), (2 * 65, [digests[3], digests[4]])):
            monkeypatch.setattr(pages, "LONGEST_SCANS", longest)
            said = Acknowledged(last, "", frozenset({digests[0], digests[2]}), "")
            wanted = pages.wanted_pages(connection, SCHOOL, {feed: said})
            assert [page.digest for page in wanted.asked] == [digests[0], digests[2]]
            assert [page.digest for page in wanted.others] == expected
    assert reach.LONGEST_SCANS == 100_000
