"""What else lies on a stick is not opened, nothing there is run, and a scanner may look first."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError, WorkplaceError
from desktop_app.durable import scanning
from desktop_app.durable.findings import FolderFinding
from desktop_app.durable.inspection import FolderReport
from desktop_app.messages.catalogue import shipped
from desktop_app.services.people import PeopleDesk
from desktop_app.services.scanner import name_scanner, scanner_of
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.sync import inbox
from desktop_app.sync.inbox import greet
from desktop_app.sync.joining import JoiningDesk
from tests.sync.site import PASSWORD, Site, content, hand, kept, register, take

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts")
STRANGE = (
    "autorun.inf",
    "setup.exe",
    "名单.xlsm",
    "readme.html",
    "photo.lnk",
    "run.sh",
    "x.enb.exe",
    ".hidden",
    "ticket.py",
)
RUNS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile")


class Ear:
    """Hears which files are opened and what is run while it listens."""

    def __init__(self) -> None:
        self.listening = False
        self.opened: list[str] = []
        self.run: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.listening and event == "open" and isinstance(arguments[0], str | os.PathLike):
            self.opened.append(Path(arguments[0]).name)
        if self.listening and event in RUNS:
            self.run.append(event)


_ear = Ear()


@pytest.fixture
def ear() -> Iterator[Ear]:
    _ear.opened.clear()
    _ear.run.clear()
    _ear.listening = True
    yield _ear
    _ear.listening = False


def test_nothing_but_known_kinds_is_opened_and_nothing_is_run(
    district: Workplace, laptop: Workplace, stick: Path, ear: Ear
) -> None:
    register(laptop)
    path = hand(laptop, stick).path
    for name in STRANGE:
        (stick / name).write_bytes(b"#!/bin/sh\ntouch /tmp/was-run\n")
        (stick / name).chmod(0o755)
    (stick / "folder.enb.d").mkdir()
    ear.opened.clear()
    ear.run.clear()
    (taken,) = take(district, stick)
    greet(laptop, stick)
    JoiningDesk(laptop).tickets(stick)
    hand(laptop, stick)
    ear.listening = False
    assert taken.fresh > 0
    assert path.name in ear.opened
    assert not set(STRANGE) & set(ear.opened)
    assert ear.run == []
    assert {one.name for one in stick.iterdir()} >= set(STRANGE)


# --- the scanner ----------------------------------------------------------------------------------


def scanner(folder: Path, body: str) -> list[str]:
    """Write a scanner, which says in ``said`` what it was given."""
    path = folder / "scanner.sh"
    path.write_text(f'#!/bin/sh\nenv > "{folder}/env"\necho "$@" > "{folder}/said"\n{body}\n')
    path.chmod(0o755)
    return [str(path), "--quiet"]


def names(district: Workplace, command: list[str]) -> None:
    name_scanner(district, command)
    assert scanner_of(district) == tuple(command)


@posix_only
def test_a_scanner_is_off_until_it_is_named(
    district: Workplace, laptop: Workplace, stick: Path, ear: Ear
) -> None:
    path = hand(laptop, stick).path
    ear.run.clear()
    assert scanner_of(district) == ()
    take(district, path)
    assert ear.run == []


@posix_only
def test_what_passes_the_scanner_is_taken_in(
    district: Workplace,
    laptop: Workplace,
    stick: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = hand(laptop, stick).path
    names(district, scanner(tmp_path, f'cmp -s "$2" "{path}"'))
    monkeypatch.setenv("ENROLLMENT_PASSWORD_FILE", "secret place")
    (taken,) = take(district, path)
    assert taken.outcome == "taken_in"
    quiet, copy = (tmp_path / "said").read_text().split()
    assert (quiet, Path(copy).parent) == ("--quiet", district.folder / inbox.INBOX)
    assert "ENROLLMENT" not in (tmp_path / "env").read_text()
    name_scanner(district, [])
    (tmp_path / "said").unlink()
    take(district, path)
    assert not (tmp_path / "said").exists()


@posix_only
@pytest.mark.parametrize(
    ("body", "outcome", "reason"),
    [
        ("exit 1", "refused", "scanner.found"),
        ("exit 2", "failed", "scanner.failed"),
        ("kill -9 $$", "failed", "scanner.failed"),
        ('rm "$2"; exit 0', "failed", "disk.missing"),
    ],
)
def test_what_does_not_pass_is_never_opened(
    district: Workplace,
    laptop: Workplace,
    stick: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    outcome: str,
    reason: str,
) -> None:
    path = hand(laptop, stick).path
    names(district, scanner(tmp_path, body))
    before = content(district)

    def never(*_: object) -> object:
        pytest.fail("it was opened")

    with monkeypatch.context() as patch:
        if reason.startswith("scanner"):
            patch.setattr(inbox, "examine", never)
        (taken,) = take(district, path)
    assert (taken.outcome, taken.reason) == (outcome, reason)
    assert taken.reason in shipped()
    assert (content(district), kept(district)) == (before, [])
    assert path.exists()
    with district.database.read() as connection:
        noted = [one.reason for one in exchange.received_bundles(connection)]
    assert noted == (["scanner.found"] if outcome == "refused" else [])
    name_scanner(district, [])
    assert take(district, path)[0].outcome == "taken_in"


@posix_only
def test_a_scanner_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    command = scanner(tmp_path, "exec sleep 600")
    with pytest.raises(WorkplaceError, match=r"scanner\.failed"):
        scanning.scan(command, tmp_path / "bundle", patience=0.2)
    with pytest.raises(WorkplaceError, match=r"scanner\.failed"):
        scanning.scan([str(tmp_path / "none")], tmp_path / "bundle")


@posix_only
def test_a_command_that_cannot_be_run_is_not_named(district: Workplace, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no program")
    text.chmod(0o644)
    for command in ("clamscan", "/none/at/all", str(text), "/"):
        with pytest.raises(RuleError, match=r"scanner\.unusable"):
            name_scanner(district, [command])
    assert scanner_of(district) == ()


@posix_only
def test_a_program_on_a_stick_is_never_the_scanner(
    district: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = FolderReport(1, 1, "vfat", (FolderFinding("folder.removable"),))
    monkeypatch.setattr(scanning, "inspect_folder", lambda _: found)
    with pytest.raises(RuleError, match=r"scanner\.on_stick"):
        name_scanner(district, scanner(tmp_path, "exit 0"))
    assert not (tmp_path / "said").exists()


@posix_only
def test_only_a_lead_names_the_scanner(site: Site, laptop: Workplace, tmp_path: Path) -> None:
    PeopleDesk(laptop).add("钱登记", PASSWORD, [Role.REGISTRAR])
    laptop.close()
    site.opened.remove(laptop)
    desk = site.reopen("laptop", "钱登记")
    with pytest.raises(RuleError, match=r"people\.not_allowed"):
        name_scanner(desk, scanner(tmp_path, "exit 0"))
