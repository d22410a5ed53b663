"""Sticks as they come back: good, bad, foreign and double bundles, programs killed in mid-write."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.commands.site import OFFICER, PRINCIPAL, REGISTRAR, SCHOOL, Site, done, run

SECONDS = 60


@pytest.fixture(scope="module")
def packed(registered: Site) -> Path:
    """Pack the school's bundle, and give it."""
    made = done("export", *registered.as_person(PRINCIPAL), "--to", registered.root / "stick")
    return Path(registered.root / "stick" / made["bundles"][0]["bundle"])


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pack a bundle between a school and a district of their own."""
    site = Site(tmp_path_factory.mktemp("foreign"))
    site.found()
    site.join()
    made = done("export", *site.as_person(PRINCIPAL), "--to", site.root / "stick")
    return Path(site.root / "stick" / made["bundles"][0]["bundle"])


@pytest.fixture
def district(registered: Site, tmp_path: Path) -> Path:
    """Give a copy of the district, its computer with it, that may take things in."""
    site = registered
    shutil.copytree(site.district, tmp_path / "district")
    return tmp_path / "district"


BAD = {
    "empty.enb": b"",
    "hole.enb": bytes(10240),
    "page.enb": b"<html>" * 400,
    "sheet.enb": b"PK\x03\x04" + bytes(600),
}


def spoil(good: Path, folder: Path) -> set[str]:
    """Write bundles that must not go in, and a folder that only looks like one; name them."""
    data = good.read_bytes()
    for name, content in BAD.items():
        (folder / name).write_bytes(content)
    (folder / "cut.enb").write_bytes(data[: len(data) * 2 // 3])
    flipped = bytearray(data)
    flipped[-len(data) // 3] ^= 1
    (folder / "flipped.enb").write_bytes(flipped)
    (folder / "doubled.enb").write_bytes(data + data)
    (folder / "folder.enb").mkdir()
    return {*BAD, "cut.enb", "flipped.enb", "doubled.enb"}


def outcomes(told: dict[str, Any]) -> dict[str, str]:
    return {line["bundle"]: line["outcome"] for line in told["bundles"]}


def test_the_good_go_in_and_each_bad_one_is_named(
    registered: Site, district: Path, foreign: Path, tmp_path: Path
) -> None:
    principal = registered.as_person(PRINCIPAL)
    made = done("export", *principal, "--to", tmp_path / "stick")["bundles"][0]
    packed = tmp_path / "stick" / made["bundle"]
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    wrong = spoil(packed, inbox)
    shutil.copy(packed, inbox / "good.enb")
    shutil.copy(packed, inbox / "again.enb")
    shutil.copy(foreign, inbox / "other.enb")
    (inbox / "letter.txt").write_text("kein Paket", encoding="utf-8")
    (inbox / "half.enb.part").write_bytes(packed.read_bytes()[:1000])
    before = {path.name: path.stat().st_mtime_ns for path in inbox.iterdir()}
    ran = run("ingest", *registered.as_person(OFFICER, district), "--inbox", inbox)
    assert ran.status == 1  # one refused bundle makes it bad news
    assert ran.line.count("\n") == 1
    assert "X145" in ran.line  # the district's folder was copied; nothing else is said there
    told = ran.told
    assert told["schools"] == [SCHOOL]
    found = outcomes(told)
    assert found["good.enb"] == "taken_in"
    assert found["again.enb"] == "taken_in"
    assert {found[name] for name in wrong} <= {"refused", "failed"}
    assert told["refused"] >= len(wrong)
    assert found["other.enb"] != "taken_in"
    assert not {"letter.txt", "half.enb.part", "folder.enb"} & found.keys()
    assert told["fresh"] == done("inspect", packed)["operations"]
    for line in told["bundles"]:
        assert bool(line["reason"]) is (line["outcome"] != "taken_in"), line
    assert {path.name: path.stat().st_mtime_ns for path in inbox.iterdir()} == before
    assert run("verify", *registered.as_person(OFFICER, district)).told["holds"] is True


def test_one_bad_bundle_before_the_good_one_stops_nothing(
    registered: Site, district: Path, packed: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.enb").write_bytes(b"x" * 5000)
    shutil.copy(packed, tmp_path / "z.enb")
    me = registered.as_person(OFFICER, district)
    ran = run("import", *me, tmp_path / "a.enb", tmp_path / "z.enb")
    assert outcomes(ran.told) == {"a.enb": "refused", "z.enb": "taken_in"}


def test_taking_in_again_and_under_another_name_changes_nothing(
    registered: Site, district: Path, packed: Path, tmp_path: Path
) -> None:
    me = registered.as_person(OFFICER, district)
    assert done("import", *me, packed)["fresh"] > 0
    digest = done("digest", *me)["digest"]
    renamed = tmp_path / "改了名字 (1).enb"
    shutil.copy(packed, renamed)
    for path in (packed, renamed):
        assert done("import", *me, path)["fresh"] == 0
    assert done("digest", *me)["digest"] == digest


def test_an_empty_or_missing_inbox_is_said(registered: Site, tmp_path: Path) -> None:
    me = registered.as_person(OFFICER)
    assert run("ingest", *me, "--inbox", tmp_path).code == "command.no_bundles"
    assert run("ingest", *me, "--inbox", tmp_path / "none").code == "disk.missing"


@pytest.mark.parametrize("name", [*BAD, "cut.enb", "flipped.enb", "folder.enb", "none.enb"])
def test_whatever_is_no_bundle_is_inspected_in_one_line(
    packed: Path, tmp_path: Path, name: str
) -> None:
    spoil(packed, tmp_path)
    ran = run("inspect", tmp_path / name)
    if name == "flipped.enb" and ran.status == 0:
        # The envelope says what it is; only who holds a key sees that the inside is not true.
        assert ran.told["proved"] is False
        return
    assert ran.status == 1
    assert ran.code.partition(".")[0] in {"bundle", "disk", "file"}
    assert ran.line.count("\n") == 1
    assert str(tmp_path) not in ran.line


def test_devices_and_pipes_are_no_bundles(tmp_path: Path) -> None:
    assert run("inspect", "/dev/zero").status == 1
    assert run("inspect", "/dev/null").status == 1


def test_a_flipped_bundle_proves_nothing_even_with_a_key(
    registered: Site, packed: Path, tmp_path: Path
) -> None:
    spoil(packed, tmp_path)
    ran = run("inspect", tmp_path / "flipped.enb", *registered.as_person(OFFICER))
    assert ran.status == 1 or ran.told["sealed"] or not ran.told["proved"]


def test_another_districts_bundle_is_not_believed_even_to_look_into(
    registered: Site, foreign: Path
) -> None:
    assert run("inspect", foreign, *registered.as_person(REGISTRAR)).code == "bundle.other_district"
    assert done("inspect", foreign)["proved"] is False


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("moment", [0.0, 0.25, 0.45, 0.6])
def test_a_program_killed_in_mid_export_is_repeated_whole(
    registered: Site, tmp_path: Path, repository: Path, moment: float
) -> None:
    stick = tmp_path / "stick"
    me = registered.as_person(PRINCIPAL)
    before = done("digest", *me)["sequence"]
    code = (
        "from desktop_app.security import kdf\n"
        "kdf.STANDARD = kdf.Cost(memory=8, passes=1, lanes=1)\n"
        "from desktop_app.commands import main\n"
        f"main({['export', *me, '--to', str(stick)]!r})"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=repository,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_for_lock(registered.school, child)
    with_delay = time.monotonic() + moment
    while child.poll() is None and time.monotonic() < with_delay:
        os.sched_yield()
    child.send_signal(signal.SIGKILL)
    child.wait(SECONDS)
    made = done("export", *me, "--to", stick)["bundles"][0]
    names = {path.name for path in stick.iterdir()}
    assert not [name for name in names if not name.endswith((".enb", ".hello"))]
    inside = done("inspect", stick / made["bundle"], *registered.as_person(OFFICER))
    assert inside["proved"] is True
    assert inside["operations"] == made["operations"]
    assert done("verify", *me)["holds"] is True
    assert done("digest", *me)["sequence"] >= before + 1


def _wait_for_lock(folder: Path, child: subprocess.Popen[bytes]) -> None:
    """Wait until the child has the folder open, or is done already."""
    end = time.monotonic() + SECONDS
    while child.poll() is None and time.monotonic() < end:
        if any(folder.glob("*-wal")):
            return
        os.sched_yield()
