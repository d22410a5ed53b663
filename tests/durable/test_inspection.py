"""What a folder's disk means for children's data is found before any is written."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.durable import inspection
from desktop_app.durable.inspection import FolderReport, inspect_folder
from desktop_app.durable.mounts import is_removable, mount_of, parse_mounts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="reads what Linux publishes")

GIGABYTE = 10**9


def line(point: str, kind: str, options: str = "rw,relatime", device: str = "8:1") -> str:
    return f"36 35 {device} / {point} {options} shared:1 - {kind} /dev/sda1 rw\n"


class Disk:
    """A made-up /proc and /sys for one folder."""

    def __init__(self, root: Path) -> None:
        self.proc, self.sys, self.data = root / "proc", root / "sys", root / "data"
        self.data.mkdir()
        (self.proc / "self").mkdir(parents=True)
        (self.sys / "dev" / "block").mkdir(parents=True)
        self.mounted(line("/", "ext4"))

    def mounted(self, *lines: str) -> None:
        (self.proc / "self" / "mountinfo").write_text("".join(lines))

    def device(self, number: str, place: str, **files: str) -> Path:
        folder = self.sys / "devices" / place
        folder.mkdir(parents=True)
        for name, content in files.items():
            path = folder / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
        (self.sys / "dev" / "block" / number).symlink_to(folder)
        return folder

    def report(self) -> FolderReport:
        return inspect_folder(self.data, proc_root=self.proc, sys_root=self.sys)

    def codes(self) -> set[str]:
        return {finding.code for finding in self.report().findings}


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    roomy = SimpleNamespace(total=100 * GIGABYTE, free=50 * GIGABYTE)
    monkeypatch.setattr(
        inspection,
        "shutil",
        SimpleNamespace(disk_usage=lambda _: roomy),
    )
    return Disk(tmp_path)


def test_an_ordinary_disk_has_no_findings(disk: Disk) -> None:
    report = disk.report()
    assert report.findings == ()
    assert report.usable
    assert report.file_system == "ext4"


@pytest.mark.parametrize(
    ("kind", "codes", "usable"),
    [
        ("tmpfs", {"folder.forgets"}, True),
        ("overlay", {"folder.forgets"}, True),
        ("nfs4", {"folder.network"}, False),
        ("vfat", {"folder.no_rights", "folder.case_folding"}, True),
        ("ntfs3", {"folder.case_folding"}, True),
    ],
)
def test_the_file_system_decides(disk: Disk, kind: str, codes: set[str], *, usable: bool) -> None:
    disk.mounted(line("/", "ext4"), line(str(disk.data), kind))
    assert disk.codes() == codes
    assert disk.report().usable is usable


def test_a_read_only_mount_makes_work_impossible(disk: Disk) -> None:
    disk.mounted(line("/", "ext4", "ro,relatime"))
    report = disk.report()
    assert [finding.code for finding in report.findings] == ["folder.read_only"]
    assert not report.usable


def test_a_stick_is_told_by_its_bus_its_mark_or_what_it_is_made_of(disk: Disk) -> None:
    disk.device("8:1", "pci0/usb1/1-4/block/sdb/sdb1")
    assert disk.codes() == {"folder.removable"}
    disk.device("8:2", "pci0/ata1/block/sr0", removable="1\n")
    assert is_removable("8:2", disk.sys)
    disk.device("179:1", "pci0/mmc_host/mmc0/block/mmcblk0", device__type="SD\n", removable="0\n")
    assert is_removable("179:1", disk.sys)
    disk.device("179:8", "pci0/mmc_host/mmc1/block/mmcblk1", device__type="MMC\n", removable="0\n")
    assert not is_removable("179:8", disk.sys), "soldered memory stays"
    crypt = disk.device("253:0", "virtual/block/dm-0", removable="0\n")
    assert not is_removable("253:0", disk.sys)
    (crypt / "slaves").mkdir()
    (crypt / "slaves" / "sdb1").symlink_to(disk.sys / "dev" / "block" / "8:1")
    assert is_removable("253:0", disk.sys)


def test_a_circle_of_devices_ends(disk: Disk) -> None:
    first = disk.device("253:1", "virtual/block/dm-1")
    (first / "slaves").mkdir()
    (first / "slaves" / "dm-1").symlink_to(disk.sys / "dev" / "block" / "253:1")
    assert not is_removable("253:1", disk.sys)


def test_a_nearly_full_disk_is_told_in_megabytes(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(total=GIGABYTE, free=199_999_999)
    monkeypatch.setattr(inspection, "shutil", SimpleNamespace(disk_usage=lambda _: usage))
    (finding,) = disk.report().findings
    assert (finding.code, dict(finding.details)) == ("folder.nearly_full", {"megabytes": 199})


@pytest.mark.parametrize(
    ("total", "free", "warned"),
    [
        (128 * GIGABYTE, 128 * GIGABYTE // 20, True),
        (128 * GIGABYTE, 128 * GIGABYTE // 20 + GIGABYTE, False),
        (4 * GIGABYTE, GIGABYTE, False),
        (2000 * GIGABYTE, 30 * GIGABYTE, False),
    ],
    ids=["at 95 %", "a little less", "a small one", "a huge one with room for a season"],
)
def test_a_disk_is_nearly_full_at_95_percent(
    disk: Disk, monkeypatch: pytest.MonkeyPatch, total: int, free: int, warned: bool
) -> None:
    usage = SimpleNamespace(total=total, free=free)
    monkeypatch.setattr(inspection, "shutil", SimpleNamespace(disk_usage=lambda _: usage))
    assert disk.codes() == ({"folder.nearly_full"} if warned else set())


def test_a_folder_not_made_yet_is_judged_by_the_one_above(disk: Disk) -> None:
    disk.mounted(line("/", "ext4"), line(str(disk.data), "tmpfs"))
    report = inspect_folder(disk.data / "not" / "yet", proc_root=disk.proc, sys_root=disk.sys)
    assert {finding.code for finding in report.findings} == {"folder.forgets"}
    assert not (disk.data / "not").exists()


def test_without_mountinfo_nothing_is_claimed(disk: Disk) -> None:
    (disk.proc / "self" / "mountinfo").unlink()
    assert disk.codes() == set()


def test_the_longest_and_last_mount_point_wins() -> None:
    mounts = parse_mounts(
        line("/", "ext4")
        + line("/home", "xfs")
        + line("/home/a\\040b", "vfat")
        + "garbage\n- - -\n"
    )
    assert [mount.kind for mount in mounts] == ["ext4", "xfs", "vfat"]
    kinds = {
        path: getattr(mount_of(path, mounts), "kind", None)
        for path in ("/", "/homely", "/home/x", "/home/a b/c")
    }
    assert kinds == {"/": "ext4", "/homely": "ext4", "/home/x": "xfs", "/home/a b/c": "vfat"}
    covered = parse_mounts(line("/", "overlay") + line("/", "tmpfs"))
    found = mount_of("/x", covered)
    assert found is not None
    assert found.kind == "tmpfs"


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    assert all(mount.kind != " " for mount in parse_mounts(text))


def test_the_real_disk_can_be_inspected(tmp_path: Path) -> None:
    report = inspect_folder(tmp_path)
    assert report.total == shutil.disk_usage(tmp_path).total
    assert report.file_system
