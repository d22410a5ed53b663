"""A stack of pages: quick, and yet each page has a process of its own that knows no other page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.documents import launch, ready
from desktop_app.documents.images import prepare_scan
from desktop_app.documents.launch import ChildError
from desktop_app.documents.ready import ReadyChild
from desktop_app.domain.errors import UntrustedError, WorkplaceError
from tests.documents.pictures import DECEPTIVE, HOSTILE, jpeg, photograph, scans_without_end

PAGE = jpeg(photograph((900, 600)))


@pytest.fixture
def stack() -> Iterator[ReadyChild]:
    kept = ReadyChild()
    yield kept
    kept.close()


def server_of(stack: ReadyChild) -> int:
    """Tell the number of the process that is kept."""
    assert stack._server is not None
    return stack._server._process.pid


def test_pages_come_back_as_from_a_child_started_for_each(
    stack: ReadyChild, tmp_path: Path
) -> None:
    path = tmp_path / "page"
    path.write_bytes(PAGE)
    alone = prepare_scan(PAGE)
    assert prepare_scan(PAGE, start=stack.start) == alone
    kept = server_of(stack)
    assert prepare_scan(path, start=stack.start) == alone
    assert server_of(stack) == kept


def test_a_hostile_page_is_refused_and_the_pages_after_it_are_what_they_were(
    stack: ReadyChild,
) -> None:
    good = prepare_scan(PAGE, start=stack.start)
    for name, (code, make) in sorted(HOSTILE.items()):
        with pytest.raises(UntrustedError) as caught:
            prepare_scan(make(), start=stack.start)
        assert (name, caught.value.code) == (name, code)
        assert prepare_scan(PAGE, start=stack.start) == good, name
    for name, make_one in sorted(DECEPTIVE.items()):
        assert prepare_scan(make_one(), start=stack.start) == prepare_scan(make_one()), name


def test_this_process_never_loads_what_forks() -> None:
    code = (
        "import sys, desktop_app.bootstrap, desktop_app.ui.compose, desktop_app.services.scans,"
        "desktop_app.documents.ready; print('desktop_app.documents.ready_child' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "False"


def serving(job: str) -> list[str]:
    """Give a command that does ``job`` for each file, as the child's own loop has it done."""
    code = (
        "import os, sys, time\nfrom desktop_app.documents.ready_child import serve\nseen = []\n"
        f"def job():\n    global seen\n    {job}\nserve(job)"
    )
    return [sys.executable, "-c", code]


def lines(stack: ReadyChild, source: bytes = b"x", seconds: float = 20.0) -> list[str]:
    """Give the first line of the answer, and what became of the process."""
    with stack.start("any", source, seconds=seconds) as child:
        told = child.line().decode()
        child.finish()
    return told.split()


def test_no_process_knows_what_another_was_given(
    stack: ReadyChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = "seen.append(os.read(0, 9)); os.write(1, f'{os.getpid()} {len(seen)} {seen}\\n'.encode())"
    monkeypatch.setattr(launch, "child_command", lambda _name: serving(job))
    told = [lines(stack, data) for data in (b"one", b"two", b"three")]
    assert [one[1:] for one in told] == [["1", f"[b'{word}']"] for word in ("one", "two", "three")]
    assert len({one[0] for one in told}) == 3


def test_a_process_holds_nothing_but_its_file_and_its_answer(
    stack: ReadyChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = "os.write(1, ' '.join(os.listdir('/proc/self/fd')).encode() + b'\\n')"
    monkeypatch.setattr(launch, "child_command", lambda _name: serving(job))
    held = [set(lines(stack)), set(lines(stack))]
    # 0, 1, 2, and the handle by which it looks.
    assert all(len(one) == 4 and {"0", "1", "2"} <= one for one in held)


def test_the_limits_of_memory_and_time_hold_for_each(
    stack: ReadyChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = (
        "import resource as r; os.write(1, ' '.join(str(r.getrlimit(k)[0]) for k in"
        " (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)).encode() + b'\\n')"
    )
    command = serving("from desktop_app.documents.child import limit_resources; " + job)
    command[-1] = command[-1].replace(
        "serve(job)",
        "import desktop_app.documents.child as c; c._JOBS = {'it': lambda: serve(job)}; c.main('it')",
    )
    monkeypatch.setattr(launch, "child_command", lambda _name: command)
    for _ in range(2):
        assert lines(stack) == [str(1 << 30), "30", "0", "0"]


@pytest.mark.parametrize(
    "job",
    [
        "os.abort()",
        "os.write(1, b'half a line')",
        "raise SystemExit",
        "os.write(1, b'a line\\n'); os.kill(os.getppid(), 9)",
        "os.write(1, b'a line\\n'); os.kill(os.getpid(), 9)",
        "os.write(1, b'a line\\nand more')",
    ],
)
def test_a_process_that_breaks_its_promise_is_not_believed_and_nothing_of_it_is_kept(
    job: str, stack: ReadyChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(launch, "child_command", lambda _name: serving(job))
        with pytest.raises(ChildError):
            lines(stack)
    assert stack._server is None
    assert prepare_scan(PAGE, start=stack.start).width > 0


def test_a_page_without_end_is_ended_with_all_that_was_forked(
    stack: ReadyChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = "os.write(1, f'{os.getpid()}\\n'.encode()); time.sleep(60)"
    monkeypatch.setattr(launch, "child_command", lambda _name: serving(job))
    with stack.start("any", bytes(10_000_000), seconds=3) as child:
        forked, server = int(child.line()), server_of(stack)
        with pytest.raises(ChildError) as caught:
            child.finish()
    assert caught.value.reason == "too_slow"
    assert is_gone(forked)
    assert is_gone(server)


def is_gone(number: int) -> bool:
    """Say whether a process ends within a few seconds; nobody's child any more, init waits for it."""
    for _ in range(100):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        if "Z" in Path(f"/proc/{number}/stat").read_text().split(")")[1][:3]:
            return True
        time.sleep(0.05)
    return False


def test_scans_without_end_are_ended_in_time(stack: ReadyChild) -> None:
    try:
        prepare_scan(scans_without_end(), seconds=20, start=stack.start)
    except UntrustedError as error:
        assert error.code in {"image.damaged", "image.too_slow"}  # noqa: PT017


def test_one_that_was_killed_meanwhile_is_started_again(stack: ReadyChild) -> None:
    prepare_scan(PAGE, start=stack.start)
    killed = server_of(stack)
    os.kill(killed, signal.SIGKILL)
    assert is_gone(killed)
    assert prepare_scan(PAGE, start=stack.start).width > 0
    assert server_of(stack) != killed


def test_after_so_many_files_another_is_started(
    stack: ReadyChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "MOST_FILES", 2)
    numbers = []
    for _ in range(4):
        with stack.start("prepare-scan", PAGE) as child:
            numbers.append(server_of(stack))
            while child.output.read(65536):
                pass
            child.finish()
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]


def test_it_ends_with_who_started_it() -> None:
    code = (
        "import os, sys\nfrom desktop_app.documents.ready import ReadyChild\n"
        "from desktop_app.documents.images import prepare_scan\nkept = ReadyChild()\n"
        "prepare_scan(sys.stdin.buffer.read(), start=kept.start)\n"
        "print(kept._server._process.pid, flush=True)\nos._exit(0)"
    )
    told = subprocess.run([sys.executable, "-c", code], input=PAGE, capture_output=True, check=True)
    assert is_gone(int(told.stdout))


def test_nothing_runs_before_the_first_page_and_none_after_the_last(stack: ReadyChild) -> None:
    assert stack._server is None
    prepare_scan(PAGE, start=stack.start)
    kept = server_of(stack)
    stack.close()
    assert is_gone(kept)
    stack.close()


def test_where_nothing_can_be_forked_each_is_started(
    stack: ReadyChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "FORKS", False)
    assert prepare_scan(PAGE, start=stack.start) == prepare_scan(PAGE)
    assert stack._server is None


def test_a_program_that_cannot_start_again_says_unreadable(
    stack: ReadyChild, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(launch, "child_command", lambda _name: [str(tmp_path / "gone")])
    with pytest.raises(UntrustedError) as caught:
        prepare_scan(PAGE, start=stack.start)
    assert caught.value.code == "image.unreadable"
    monkeypatch.setattr(launch, "child_command", lambda _name: ["/bin/false"])
    with pytest.raises(UntrustedError):
        prepare_scan(PAGE, start=stack.start)


def test_a_missing_file_or_a_pipe_is_refused_and_the_child_stays(
    stack: ReadyChild, tmp_path: Path
) -> None:
    prepare_scan(PAGE, start=stack.start)
    kept = server_of(stack)
    with pytest.raises(WorkplaceError):
        prepare_scan(tmp_path / "gone.jpg", start=stack.start)
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(UntrustedError):
        prepare_scan(tmp_path / "pipe.jpg", start=stack.start)
    prepare_scan(PAGE, start=stack.start)
    assert server_of(stack) == kept
