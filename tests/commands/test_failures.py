"""What can go wrong at a folder is said in one line, with a number, naming nobody."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from desktop_app.commands import main, program
from desktop_app.durable.folder import FolderLock
from desktop_app.services.policies import shipped_policy
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace, closing
from tests.commands.site import OFFICER, PASSWORDS, PRINCIPAL, REGISTRAR, SCHOOL, Site, done, run


@pytest.fixture
def copied(joined: Site, tmp_path: Path) -> Path:
    """Give a copy of the school's folder that may be spoiled."""
    return Path(shutil.copytree(joined.school, tmp_path / "copy"))


def test_a_wrong_password_is_counted_and_says_nobody(joined: Site) -> None:
    wrong = joined.secret("wrong", "not-the-password-1")
    ran = run("digest", "--data", joined.school, "--user", PRINCIPAL, "--password-file", wrong)
    assert ran.code == "vault.wrong_password"
    assert PRINCIPAL not in ran.line
    done("digest", *joined.as_person(PRINCIPAL))


def test_a_second_program_is_told_that_the_folder_is_in_use(joined: Site) -> None:
    with FolderLock(joined.school):
        ran = run("digest", *joined.as_person(PRINCIPAL))
    assert ran.code == "folder.in_use"
    done("digest", *joined.as_person(PRINCIPAL))


def test_who_acts_must_be_said_where_several_could(joined: Site) -> None:
    secret = joined.password(PRINCIPAL)
    assert run("digest", "--data", joined.school, "--password-file", secret).code == "command.user"
    alone = ["--data", joined.district, "--password-file", joined.password(OFFICER)]
    assert done("digest", *alone)["digest"]


def test_somebody_unknown_is_refused(joined: Site) -> None:
    secret = joined.password(PRINCIPAL)
    ran = run("digest", "--data", joined.school, "--user", "外人", "--password-file", secret)
    assert ran.code == "vault.no_person"
    assert "外人" not in ran.line


def test_a_missing_folder_or_vault_is_named(joined: Site, tmp_path: Path, copied: Path) -> None:
    secret = ["--password-file", str(joined.password(PRINCIPAL))]
    nowhere = ["--data", str(tmp_path / "none"), *secret]
    assert run("digest", *nowhere).code == "workplace.missing"
    assert run("digest", *nowhere, "--user", PRINCIPAL).code == "workplace.missing"
    shutil.rmtree(copied / "vault")
    assert run("digest", *joined.as_person(PRINCIPAL, copied)).code == "vault.missing"
    assert run("digest", "--data", str(copied), *secret).code == "vault.missing"


def test_a_folder_without_database_is_not_made_anew(joined: Site, copied: Path) -> None:
    (copied / "data.db").unlink()
    assert run("digest", *joined.as_person(PRINCIPAL, copied)).code == "workplace.missing"
    assert not (copied / "data.db").exists()


def test_a_newer_programs_data_is_left_alone(joined: Site, copied: Path) -> None:
    with closing(_open(copied)) as workplace, workplace.database.raw() as connection:
        connection.execute("PRAGMA user_version = 999")
    before = (copied / "data.db").read_bytes()
    ran = run("digest", *joined.as_person(PRINCIPAL, copied))
    assert ran.code == "database.newer"
    assert (copied / "data.db").read_bytes() == before


def test_a_damaged_page_is_found(joined: Site, copied: Path) -> None:
    with closing(_open(copied)):
        pass
    data = bytearray((copied / "data.db").read_bytes())
    for page in range(2, len(data) // 4096):
        data[page * 4096 + 100] ^= 0xFF
    (copied / "data.db").write_bytes(data)
    ran = run("verify", *joined.as_person(PRINCIPAL, copied))
    assert ran.status == 1
    assert ran.code in {"database.damaged", "database.wrong_key_or_damaged"}


def test_a_damaged_slot_file_is_found(joined: Site, copied: Path) -> None:
    for name in ("slots.a", "slots.b"):
        (copied / "vault" / name).write_bytes(b"{}")
    assert run("digest", *joined.as_person(PRINCIPAL, copied)).code == "vault.damaged"


def test_a_read_only_folder_is_said(
    joined: Site, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_open = os.open

    def refuse(path: str | Path, flags: int, *rest: int, **named: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR) and str(copied) in str(path):
            raise OSError(errno.EROFS, "read-only", str(path))
        return really_open(path, flags, *rest, **named)

    me = joined.as_person(PRINCIPAL, copied)
    monkeypatch.setattr(os, "open", refuse)
    ran = run("digest", *me)
    assert ran.code == "disk.read_only"
    assert str(copied) not in ran.line


def test_there_is_no_second_set_up_in_a_folder(joined: Site) -> None:
    me = joined.as_person(PRINCIPAL)
    ran = run("init", *me, "--seat", "school", "--code", SCHOOL)
    assert ran.code == "workplace.exists"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--seat", "school", "--code", "12"], "seat.code"),
        (["--seat", "district", "--code", SCHOOL], "seat.code"),
        (["--seat", "office", "--code", SCHOOL], "command.usage"),
        (["--seat", "school"], "command.usage"),
    ],
)
def test_a_wrong_seat_makes_nothing(
    joined: Site, tmp_path: Path, words: list[str], code: str
) -> None:
    data = tmp_path / "new"
    ran = run("init", *joined.as_person(PRINCIPAL, data), *words)
    assert ran.code == code
    assert not data.exists()


def test_the_recovery_code_never_overwrites_a_file(joined: Site, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    seat = ["--seat", "school", "--code", SCHOOL, "--recovery-out", str(taken)]
    ran = run("init", *joined.as_person(PRINCIPAL, tmp_path / "new"), *seat)
    assert ran.code == "command.file_exists"
    assert taken.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "words", [["frobnicate"], [], ["--data"], ["Zhang San"], ["person"], ["digest", "--dat", "x"]]
)
def test_an_unreadable_command_line_is_refused_without_quoting_it(words: list[str]) -> None:
    ran = run(*words)
    assert ran.code in {"command.unknown", "command.usage"}
    assert ran.status == 1
    assert "frobnicate" not in ran.line
    assert "Zhang" not in ran.line


def test_no_password_can_be_given_on_the_command_line(joined: Site) -> None:
    words = ["digest", "--data", joined.school, "--user", PRINCIPAL, "--password", "x"]
    assert run(*words).code == "command.unknown"


def test_without_terminal_or_file_nobody_waits_for_a_password(joined: Site) -> None:
    ran = run("digest", "--data", joined.school, "--user", PRINCIPAL)
    assert ran.code == "command.no_password"


def test_the_password_may_come_from_the_file_the_environment_names(
    joined: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENROLLMENT_PASSWORD_FILE", str(joined.password(PRINCIPAL)))
    assert done("digest", "--data", joined.school, "--user", PRINCIPAL)["digest"]


def test_a_bug_is_admitted_without_saying_what_it_saw(
    joined: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> object:
        message = "王小明 419999201803142640"
        raise ValueError(message)

    monkeypatch.setattr(program, "read_options", broken)
    ran = run("digest")
    for words in ([], ["--debug"]):
        ran = run("digest", *words)
        assert ran.status == 2
        assert ran.code == "program.bug"
        assert "王小明" not in ran.line
        assert "4199" not in ran.line
        assert "Traceback" not in ran.line
    assert "ValueError: " in ran.line


def test_an_interrupted_command_says_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "read_options", stopped)
    assert run("digest").code == "cancelled"


def _open(folder: Path) -> Workplace:
    return open_workplace(folder, PRINCIPAL, PASSWORDS[PRINCIPAL], shipped_policy())


def test_the_option_of_a_file_that_is_not_there_is_named_and_the_file_is_not(
    joined: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["register", *joined.as_person(REGISTRAR), "--from", "名单.xlsx"]
    assert main(words) == 1
    said = capsys.readouterr().err
    assert said.startswith("--from: 要找的文件或文件夹不在了")
    assert said.count("\n") == 1
    assert "名单" not in said
    assert main(["inspect", "a\nb.enb"]) == 1
    said = capsys.readouterr().err
    assert "S104" in said
    assert said.count("\n") == 1
    assert "名单" not in run(*words).line
