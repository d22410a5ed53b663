"""Passwords and codes: typed unseen at a terminal, or from a file, and never from anywhere else."""

from __future__ import annotations

import os
import select
import signal
import sys
from pathlib import Path

import pytest

from desktop_app.commands.asking import read_code, read_password
from desktop_app.domain.errors import ProductError
from tests.commands.site import PASSWORDS, PRINCIPAL, REGISTRAR, SCHOOL, Site, done, run

needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
SECONDS = 60.0


class Terminal:
    """A program that runs at a terminal of its own; what it shows is collected."""

    def __init__(self, repository: Path, words: list[str]) -> None:
        import pty

        code = (
            "from desktop_app.security import kdf\n"
            "kdf.STANDARD = kdf.Cost(memory=8, passes=1, lanes=1)\n"
            "import sys\nfrom desktop_app.bootstrap import run\n"
            f"sys.exit(run({words!r}))"
        )
        self.shown = b""
        self.pid, self.handle = pty.fork()
        if self.pid == 0:  # the child: nothing of this process may go on in it
            for sent in (signal.SIGINT, signal.SIGHUP):  # ignored where the tests run behind
                signal.signal(sent, signal.SIG_DFL)
            os.chdir(repository)
            os.execv(sys.executable, [sys.executable, "-c", code])  # noqa: S606 -- no shell

    def prompted(self, times: int = 1) -> None:
        """Wait until that many prompts have been shown."""
        while self.shown.count(b": ") < times:
            ready, _, _ = select.select([self.handle], [], [], SECONDS)
            assert ready, self.shown.decode(errors="replace")
            self.shown += os.read(self.handle, 4096)

    def type(self, text: str) -> None:
        """Type a line, or a control character."""
        os.write(self.handle, text.encode())

    def end(self) -> int:
        """Read to the end and give the exit status."""
        while True:
            try:
                piece = os.read(self.handle, 4096)
            except OSError:  # Linux says so where the other side is closed
                break
            if not piece:
                break
            self.shown += piece
        os.close(self.handle)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def words(site: Site, *more: str) -> list[str]:
    return ["digest", "--data", str(site.school), "--user", PRINCIPAL, *more]


@needs_terminal
def test_a_password_is_typed_and_not_shown(joined: Site, repository: Path) -> None:
    terminal = Terminal(repository, words(joined))
    terminal.prompted()
    terminal.type(PASSWORDS[PRINCIPAL] + "\n")
    assert terminal.end() == 0
    assert PASSWORDS[PRINCIPAL].encode() not in terminal.shown
    assert b"Traceback" not in terminal.shown


@needs_terminal
@pytest.mark.parametrize("key", ["\x04", "\x03"], ids=["Ctrl+D", "Ctrl+C"])
def test_who_gives_up_typing_has_stopped_the_command(
    joined: Site, repository: Path, key: str
) -> None:
    terminal = Terminal(repository, words(joined, "--lang", "en"))
    terminal.prompted()
    terminal.type(key)
    assert terminal.end() == 1
    assert b"Traceback" not in terminal.shown
    assert b"X900" not in terminal.shown


@needs_terminal
def test_a_wrong_password_typed_is_one_line(joined: Site, repository: Path) -> None:
    terminal = Terminal(repository, words(joined, "--lang", "en"))
    terminal.prompted()
    terminal.type("罗雨桐-wrong-1\n")
    assert terminal.end() == 1
    assert "罗雨桐".encode() not in terminal.shown
    done("digest", *joined.as_person(PRINCIPAL))


@needs_terminal
def test_a_new_password_typed_differently_makes_nothing(tmp_path: Path, repository: Path) -> None:
    data = tmp_path / "s"
    init = ["init", "--data", str(data), "--user", PRINCIPAL, "--lang", "en"]
    terminal = Terminal(repository, [*init, "--seat", "school", "--code", SCHOOL])
    terminal.prompted()
    terminal.type("spring-wheat-73\n")
    terminal.prompted(2)
    terminal.type("spring-wheat-74\n")
    assert terminal.end() == 1
    assert b"X105" in terminal.shown
    assert not data.exists()


@needs_terminal
def test_a_program_that_hangs_up_leaves_the_folder_free(joined: Site, repository: Path) -> None:
    terminal = Terminal(repository, words(joined))
    terminal.prompted()
    os.kill(terminal.pid, signal.SIGHUP)
    assert terminal.end() != 0
    assert done("digest", *joined.as_person(PRINCIPAL))["digest"]


@pytest.mark.parametrize(
    "content",
    [
        b"spring-wheat-73",
        b"spring-wheat-73\n",
        b"spring-wheat-73\r\n",
        b"\xef\xbb\xbfspring-wheat-73\r\n",
        b"spring-wheat-73\nsecond line\n",
    ],
)
def test_a_file_is_read_as_every_editor_writes_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p").write_bytes(content)
    assert read_password(tmp_path / "p", "password", "zh") == b"spring-wheat-73"
    if b"second" not in content:
        assert read_code(tmp_path / "p", "recovery", "zh") == "spring-wheat-73"


@pytest.mark.parametrize("kind", ["missing", "folder", "link", "pipe", "huge"])
def test_only_a_plain_small_file_holds_a_password(joined: Site, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "p"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(joined.password(PRINCIPAL))
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "huge":
        path.write_bytes(b"x" * 5000)
    with pytest.raises(ProductError) as refused:
        read_password(path, "password", "zh")
    assert refused.value.code.partition(".")[0] in {"disk", "file"}
    ran = run(*words(joined), "--password-file", path)
    assert (ran.status, ran.code) == (1, refused.value.code)


def test_an_empty_file_is_a_wrong_password_and_no_way_in(joined: Site, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"")
    ran = run(*words(joined), "--password-file", tmp_path / "p")
    assert ran.code == "vault.wrong_password"
    done("digest", *joined.as_person(PRINCIPAL))


def test_the_named_file_goes_before_the_one_of_the_environment(
    joined: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENROLLMENT_PASSWORD_FILE", "/no/such/file")
    assert run(*words(joined)).code.partition(".")[0] in {"disk", "file"}
    assert run("digest", *joined.as_person(PRINCIPAL)).status == 0


def test_a_new_persons_password_never_comes_from_the_environment(
    joined: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever lets a person in would give them their own password."""
    monkeypatch.setenv("ENROLLMENT_PASSWORD_FILE", str(joined.password(PRINCIPAL)))
    me = ["--data", str(joined.school), "--user", PRINCIPAL]
    ran = run("person", "add", *me, "--name", "新人", "--roles", "registrar")
    assert ran.code == "command.no_password"
    assert run("digest", "--data", joined.school, "--user", "新人").code == "vault.no_person"


PEOPLE = [
    (["--name", "", "--roles", "registrar"], "okay-sparrow-41", "vault.bad_name"),
    (["--name", REGISTRAR, "--roles", "registrar"], "okay-sparrow-41", "vault.name_taken"),
    (["--name", "新人", "--roles", "officer"], "okay-sparrow-41", "people.roles"),
    (["--name", "新人", "--roles", "registrar"], "12345678", "vault.weak_password"),
    (["--name", "新人", "--roles", "registrar"], "", "vault.weak_password"),
    (["--name", "新人", "--roles", "registrar"], "新人新人新人新人", "vault.weak_password"),
]


@pytest.mark.parametrize(("given", "password", "code"), PEOPLE, ids=str)
def test_a_person_who_cannot_be_let_in_is_not(
    joined: Site, given: list[str], password: str, code: str
) -> None:
    before = done("person", "list", *joined.as_person(PRINCIPAL))
    file = joined.secret(f"p {password}", password)
    me = joined.as_person(PRINCIPAL)
    assert run("person", "add", *me, *given, "--new-password-file", file).code == code
    assert done("person", "list", *joined.as_person(PRINCIPAL)) == before
