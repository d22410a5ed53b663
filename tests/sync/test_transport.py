"""What a stick does to a bundle on its way: zeroed, cut, renamed, doubled, in capitals, too large."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pytest

from desktop_app.durable import stick as sticks
from desktop_app.messages.catalogue import shipped
from desktop_app.services.workplace import Workplace
from desktop_app.sync import hello, inbox, writing
from desktop_app.sync.inbox import LARGEST_FILE
from tests.sync.site import (
    Site,
    content,
    feed_of,
    hand,
    kept,
    register,
    register_pages,
    take,
)

CLUSTER = 4096
FAT_LIMIT = 2**32 - 1


def refused(district: Workplace, path: Path) -> str:
    """Take a file in that must be refused and change nothing; give the code, which has words."""
    before = content(district)
    (taken,) = take(district, path)
    assert (taken.outcome, taken.fresh) == ("refused", 0)
    assert taken.reason in shipped()
    assert content(district) == before
    assert kept(district) == []
    return taken.reason


def test_a_zeroed_cluster_anywhere_is_refused(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    register_pages(laptop, [bytes([9 + n]) * 5000 for n in range(3)])
    path = hand(laptop, stick).path
    whole = path.read_bytes()
    found = set()
    for at in range(0, len(whole), CLUSTER):
        end = min(at + CLUSTER, len(whole))
        path.write_bytes(whole[:at] + bytes(end - at) + whole[end:])
        if path.read_bytes() != whole:
            found.add(refused(district, path))
    assert len(found) > 1
    path.write_bytes(whole)
    assert take(district, path)[0].outcome == "taken_in"


@pytest.mark.parametrize("size", [0, 1, 511, 512, 1024])
def test_a_file_of_hardly_any_length_is_refused(
    district: Workplace, stick: Path, size: int
) -> None:
    stick.mkdir()
    (stick / "short.enb").write_bytes(bytes(size))
    assert refused(district, stick / "short.enb") in {"bundle.truncated", "bundle.not_a_bundle"}


def test_names_in_capitals_are_read_all_the_same(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    """Some sticks and some computers write short names in capitals."""
    sibling = site.laptop(district, "sibling")
    record = register(laptop)
    path = hand(laptop, stick).path
    for one in list(stick.iterdir()):
        one.rename(one.with_name(one.name.upper()))
    assert not path.exists()
    (taken,) = take(district, stick)
    assert (taken.outcome, taken.fresh > 0) == ("taken_in", True)
    assert any(record.encode() in line for line in content(district)[feed_of(laptop)])
    assert [one.feed for one in hello.meet(sibling, stick).siblings] == [feed_of(laptop)]


def test_no_two_names_differ_by_capitals_alone(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    """A stick that folds capitals takes no file for another."""
    hand(laptop, stick)
    hand(laptop, stick)
    hand(site.laptop(district, "other"), stick)
    names = [one.name for one in stick.iterdir()]
    assert len(names) == 5
    assert len({name.casefold() for name in names}) == len(names)
    assert all(name == name.lower() for name in names)


def test_one_bundle_under_many_names_is_one(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    register(laptop)
    path = hand(laptop, stick).path
    for name in ("copy of it.enb", "新建.enb", "2141041101-aaaaaaaa-9.enb"):
        (stick / name).write_bytes(path.read_bytes())
    taken = take(district, stick)
    assert [one.outcome for one in taken] == ["taken_in"] * 4
    assert sorted(one.fresh > 0 for one in taken) == [False, False, False, True]
    assert content(district)[feed_of(laptop)] == content(laptop)[feed_of(laptop)]
    assert kept(district) == []


def test_what_was_being_written_is_nobodys_bundle_and_goes_with_the_next(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    path = hand(laptop, stick).path
    half = path.rename(path.with_name(f"{path.name}.part"))
    assert take(district, stick) == []
    hand(laptop, stick)
    assert not half.exists()
    assert [one.outcome for one in take(district, stick)] == ["taken_in"]


def test_a_volume_fits_any_stick_there_is() -> None:
    """FAT32 takes no file of 4 GiB; what comes in has a limit too."""
    assert writing.LARGEST_VOLUME < FAT_LIMIT


def test_a_file_larger_than_any_bundle_is_not_even_copied(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    path = hand(laptop, stick).path
    os.truncate(path, LARGEST_FILE + 1)
    before = content(district)
    (taken,) = take(district, path)
    assert (taken.outcome, taken.reason) == ("refused", "file.too_large")
    assert content(district) == before
    assert kept(district) == []


class Pulled:
    """A file on a stick that is pulled while it is read."""

    def __init__(self, file: Any, after: int, number: int) -> None:
        self._file, self._left, self._number = file, after, number

    def read(self, size: int) -> bytes:
        if self._left <= 0:
            raise OSError(self._number, os.strerror(self._number))
        data: bytes = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data

    def fileno(self) -> int:
        number: int = self._file.fileno()
        return number

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@pytest.mark.parametrize("number", [errno.EIO, errno.ENODEV, errno.ENXIO])
@pytest.mark.parametrize("after", [0, 700, 9000])
def test_a_stick_pulled_while_it_is_read_changes_nothing(
    district: Workplace,
    laptop: Workplace,
    stick: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    after: int,
) -> None:
    register(laptop)
    path = hand(laptop, stick).path
    before = content(district)
    real: Callable[[Path], Any] = sticks._open_regular
    with monkeypatch.context() as patch:
        patch.setattr(sticks, "_open_regular", lambda one: Pulled(real(one), after, number))
        (taken,) = take(district, path)
    assert (taken.outcome, taken.reason) == (
        "failed",
        "disk.failed" if number == errno.EIO else "disk.gone",
    )
    assert taken.reason in shipped()
    assert (content(district), kept(district)) == (before, [])
    assert list((district.folder / inbox.INBOX).iterdir()) == []
    assert take(district, path)[0].fresh > 0
