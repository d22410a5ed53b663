"""Which sticks are plugged in is read from what the system publishes, and a pulled one is none."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop_app.durable import sticks
from desktop_app.durable.sticks import Stick, plugged_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="reads what Linux publishes")


class Plugs:
    """A made-up /proc and /sys with disks plugged in and out."""

    def __init__(self, root: Path) -> None:
        self.root, self.proc, self.sys = root, root / "proc", root / "sys"
        (self.proc / "self").mkdir(parents=True)
        (self.sys / "dev" / "block").mkdir(parents=True)
        self.lines: list[str] = []

    def plug(self, name: str, number: str, *, removable: bool, mounted: bool = True) -> Path:
        place = self.root / "media" / name
        if mounted:
            place.mkdir(parents=True)
        folder = self.sys / "devices" / number.replace(":", "-")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "removable").write_text("1\n" if removable else "0\n")
        link = self.sys / "dev" / "block" / number
        if not link.exists():
            link.symlink_to(folder)
        escaped = str(place).replace(" ", "\\040")
        self.lines.append(f"36 35 {number} / {escaped} rw shared:1 - vfat /dev/sdb1 rw\n")
        (self.proc / "self" / "mountinfo").write_text("".join(self.lines))
        return place

    def found(self) -> tuple[Stick, ...]:
        return plugged_in(proc_root=self.proc, sys_root=self.sys)


@pytest.fixture
def plugs(tmp_path: Path) -> Plugs:
    return Plugs(tmp_path)


def test_a_stick_is_told_with_its_name_and_room(plugs: Plugs) -> None:
    place = plugs.plug("招生 U盘", "8:17", removable=True)
    (stick,) = plugs.found()
    assert (stick.path, stick.name) == (place, "招生 U盘")
    assert 0 < stick.free <= stick.total == shutil.disk_usage(place).total


def test_a_built_in_disk_is_no_stick(plugs: Plugs) -> None:
    plugs.plug("inside", "8:1", removable=False)
    assert plugs.found() == ()


def test_several_sticks_stand_in_the_order_of_their_places(plugs: Plugs) -> None:
    for name, number in (("c", "8:33"), ("a", "8:17"), ("b", "8:49")):
        plugs.plug(name, number, removable=True)
    assert [stick.name for stick in plugs.found()] == ["a", "b", "c"]


def test_one_stick_mounted_twice_at_one_place_is_one(plugs: Plugs) -> None:
    plugs.plug("a", "8:17", removable=True)
    plugs.lines.append(plugs.lines[0])
    (plugs.proc / "self" / "mountinfo").write_text("".join(plugs.lines))
    assert len(plugs.found()) == 1


def test_a_stick_that_is_just_being_pulled_is_left_out_and_the_others_stay(plugs: Plugs) -> None:
    plugs.plug("gone", "8:17", removable=True, mounted=False)
    plugs.plug("here", "8:33", removable=True)
    assert [stick.name for stick in plugs.found()] == ["here"]


def test_a_stick_whose_disk_fails_is_left_out(
    plugs: Plugs, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugs.plug("bad", "8:17", removable=True)

    def fail(_: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sticks, "shutil", SimpleNamespace(disk_usage=fail))
    assert plugs.found() == ()


def test_where_the_system_publishes_nothing_no_stick_is_claimed(tmp_path: Path) -> None:
    assert plugged_in(proc_root=tmp_path / "none", sys_root=tmp_path) == ()


def test_a_list_that_is_no_text_is_read_as_far_as_it_goes(plugs: Plugs) -> None:
    plugs.plug("a", "8:17", removable=True)
    info = plugs.proc / "self" / "mountinfo"
    info.write_bytes(b"\xff\xfe garbage\n" + info.read_bytes() + b"\x00\n36 35\n")
    assert [stick.name for stick in plugs.found()] == ["a"]
