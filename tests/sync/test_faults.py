"""A hand-over that is interrupted anywhere leaves nothing marked as carried that is not there."""

from __future__ import annotations

import errno
import hashlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.domain.errors import WorkplaceError
from desktop_app.durable import stick as sticks
from desktop_app.policy.package import Policy
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.sync import outbox, packing, writing
from desktop_app.sync.outbox import WORK
from tests.durable.failing import FailingSystem
from tests.sync.site import PASSWORD, Site, hand, register_many, take

CALLS = ("open", "fsync", "posix_fadvise")

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX calls and signals")


class PowerCutError(BaseException):
    """The program is gone: nothing after this runs but what the language insists on."""


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Workplace]:
    folder = tmp_path_factory.mktemp("faults")
    site = Site(folder / "site", policy)
    site.folder.mkdir()
    laptop = site.laptop(site.found(), "laptop")
    register_many(laptop, 20)
    yield laptop
    site.close()


def carried_and_there(laptop: Workplace, stick: Path) -> int:
    """Every bundle noted as carried lies on the stick, whole; count them."""
    with laptop.database.read() as connection:
        noted = exchange.carried_bundles(connection)
    here = [one for one in noted if (stick / one.name).exists()]
    for one in here:
        assert hashlib.sha256((stick / one.name).read_bytes()).hexdigest() == one.digest
    return len(noted)


STEPS = (
    (outbox, "remove_parts"),
    (outbox, "_write_act"),
    (outbox, "pack"),
    (packing, "encrypt_io"),
    (writing, "require_space"),
    (writing, "write_verified"),
    (writing, "write_bundle"),
    (sticks, "_drop_cache"),
    (sticks, "_require_same"),
    (sticks, "fsync_directory"),
    (exchange, "note_carried"),
)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_power_cut_at_any_step(
    laptop: Workplace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    after: bool,
) -> None:
    before = carried_and_there(laptop, tmp_path)
    real: Callable[..., Any] = getattr(module, name)

    def gone(*arguments: Any, **named: Any) -> Any:
        if after:
            real(*arguments, **named)
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(module, name, gone)
        with pytest.raises(PowerCutError):
            hand(laptop, tmp_path)
    # The note is the last step: before it, nothing is carried; a note that was rolled back is none.
    assert carried_and_there(laptop, tmp_path) == before
    work = laptop.folder / WORK
    assert not work.exists() or list(work.iterdir()) == []
    handed = hand(laptop, tmp_path)
    assert carried_and_there(laptop, tmp_path) == before + 1
    assert not list(tmp_path.glob("*.part"))
    assert handed.path.exists()


@posix_only
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EROFS])
def test_a_failing_stick_is_said_and_nothing_is_carried(
    laptop: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before = carried_and_there(laptop, tmp_path)
    for fail_at in range(1, 12):
        system = FailingSystem(CALLS, fail_at, number)
        with monkeypatch.context() as patch:
            patch.setattr(sticks, "os", system)
            try:
                hand(laptop, tmp_path)
            except WorkplaceError:
                assert carried_and_there(laptop, tmp_path) == before
                assert list(tmp_path.iterdir()) == []
                continue
        assert fail_at > 3
        return
    pytest.fail("there was always another call to fail")


def test_a_full_stick_is_said_before_anything_is_written(
    laptop: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> object:
        raise WorkplaceError("stick.no_space", wanted=1, free=0)

    monkeypatch.setattr(writing, "require_space", full)
    with pytest.raises(WorkplaceError, match=r"stick\.no_space"):
        hand(laptop, tmp_path)
    assert list(tmp_path.iterdir()) == []


# --- a process that is really killed --------------------------------------------------------------

CHILD = """
import sys
from pathlib import Path
from desktop_app.security import kdf
kdf.STANDARD = kdf.Cost(memory=8, passes=1, lanes=1)
from desktop_app.services.progress import Progress
from desktop_app.services.setup import open_workplace
from desktop_app.sync.outbox import export
from tests.sync.site import shipped_policy
folder, stick, password = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
workplace = open_workplace(folder, "赵志强", password, shipped_policy())
while True:
    done = export(workplace, stick, Progress())
    print(done.name, done.digest, flush=True)
"""


@posix_only
def test_a_killed_program_has_carried_what_it_said(
    tmp_path: Path, policy: Policy, repository: Path
) -> None:
    site = Site(tmp_path / "site", policy)
    site.folder.mkdir()
    laptop = site.laptop(site.found(), "laptop")
    register_many(laptop, 300)
    laptop.close()
    site.opened.remove(laptop)
    stick = tmp_path / "stick"
    stick.mkdir()
    said: list[str] = []
    for round_number in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(laptop.folder), str(stick), PASSWORD],
            cwd=repository,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        said.append(child.stdout.readline())
        time.sleep(0.013 * round_number)  # not to wait for anything: to be killed elsewhere
        child.send_signal(signal.SIGKILL)
        said += child.stdout.readlines()
        child.wait()
        child.stdout.close()
    laptop = site.reopen("laptop")
    with laptop.database.read() as connection:
        noted = {one.name: one.digest for one in exchange.carried_bundles(connection)}
    for line in filter(None, map(str.split, said)):
        if len(line) == 2:
            assert noted[line[0]] == line[1]
    for name, digest in noted.items():
        assert hashlib.sha256((stick / name).read_bytes()).hexdigest() == digest
    whole = hand(laptop, stick)
    assert not list(stick.glob("*.part"))
    district = site.opened[0]
    assert take(district, whole.path)[0].outcome == "taken_in"
    site.close()
