"""A command that cannot end well makes nothing: no folder without a code, no list without a place."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.commands import setting_up
from desktop_app.domain.errors import WorkplaceError
from tests.commands.site import (
    DISTRICT,
    OFFICER,
    PRINCIPAL,
    REGISTRAR,
    SCHOOL,
    Site,
    done,
    lines_of,
    run,
)

WEAK = "12345678"


def init_district(site: Site, data: Path, *words: object) -> list[object]:
    return [
        "init",
        *site.as_person(OFFICER, data),
        *("--seat", "district", "--code", DISTRICT),
        *words,
    ]


@pytest.mark.parametrize("there_before", [False, True])
def test_a_district_without_a_root_is_not_made(
    joined: Site, tmp_path: Path, *, there_before: bool
) -> None:
    data = tmp_path / "d"
    if there_before:
        data.mkdir()
        (data / "mine.txt").write_text("mine", encoding="utf-8")
    weak = joined.secret("weak", WEAK)
    ran = run(*init_district(joined, data, "--root-password-file", weak))
    assert ran.code == "vault.weak_password"
    assert sorted(one.name for one in data.glob("*")) == (["mine.txt"] if there_before else [])
    assert not data.with_name("d.this-computer").exists()
    told = done(*init_district(joined, data, "--root-out", tmp_path / "r"))
    assert told["recovery_code"]


def test_a_district_whose_root_is_there_already_is_not_made(joined: Site, tmp_path: Path) -> None:
    root = ["--root-out", joined.root / "root", "--root-password-file", joined.password("root")]
    before = (joined.root / "root" / "root.key").read_bytes()
    ran = run(*init_district(joined, tmp_path / "d", *root))
    assert ran.code == "office.root_exists"
    assert list(tmp_path.iterdir()) == []
    assert (joined.root / "root" / "root.key").read_bytes() == before


@pytest.mark.parametrize("place", ["d/root", "d", "d.this-computer/root", "x/../d/root"])
def test_the_root_never_lies_in_the_data_folder(joined: Site, tmp_path: Path, place: str) -> None:
    ran = run(*init_district(joined, tmp_path / "d", "--root-out", tmp_path / place))
    assert ran.code == "command.root_inside"
    assert list(tmp_path.iterdir()) == []


def test_the_root_is_no_file_and_its_folder_is_made(joined: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    ran = run(*init_district(joined, tmp_path / "d", "--root-out", tmp_path / "file"))
    assert ran.code == "command.not_folder"
    assert "--root-out" in ran.line
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    done(*init_district(joined, tmp_path / "d", "--root-out", tmp_path / "new" / "stick"))
    assert (tmp_path / "new" / "stick" / "root.key").is_file()


def test_no_folder_is_left_whose_code_could_not_be_written(
    joined: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_code: str, _file: Path | None) -> dict[str, str]:
        raise WorkplaceError("disk.full", cause="ENOSPC")

    monkeypatch.setattr(setting_up, "give_code", refuse)
    seat = ["--seat", "school", "--code", SCHOOL, "--recovery-out", tmp_path / "code"]
    ran = run("init", *joined.as_person(PRINCIPAL, tmp_path / "s"), *seat)
    assert ran.code == "disk.full"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["init", "restore"])
def test_a_code_without_a_folder_to_lie_in_stops_the_command(
    joined: Site, tmp_path: Path, command: str
) -> None:
    out = ["--recovery-out", tmp_path / "none" / "code.txt"]
    more: dict[str, list[object]] = {
        "init": ["--seat", "school", "--code", SCHOOL],
        "restore": ["--from", tmp_path / "backups"],
    }
    ran = run(command, *joined.as_person(PRINCIPAL, tmp_path / "s"), *more[command], *out)
    assert ran.code == "command.no_place"
    assert "--recovery-out" in ran.line
    assert list(tmp_path.iterdir()) == []


def test_who_is_meant_is_asked_before_a_folder_is_made(tmp_path: Path) -> None:
    for words in (["init", "--seat", "desk", "--code", SCHOOL], ["restore", "--from", tmp_path]):
        assert run(*words, "--data", tmp_path / "s").code == "command.user"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "code"), [("none/list.xlsx", "command.no_place"), ("list.csv", "command.repairs_out")]
)
def test_nothing_is_registered_whose_repair_list_has_no_place(
    joined: Site, tmp_path: Path, name: str, code: str
) -> None:
    me = joined.as_person(REGISTRAR)
    before = done("digest", *me)
    book = tmp_path / "none.xlsx"  # not even opened
    ran = run("register", *me, "--from", book, "--repairs-out", tmp_path / name)
    assert ran.code == code
    assert done("digest", *me) == before


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (PRINCIPAL, ["export", "--to"]),
        (PRINCIPAL, ["backup", "--to"]),
        (OFFICER, ["join", "ticket", "--school", SCHOOL, "--out"]),
    ],
)
def test_a_file_is_no_folder_to_write_into(
    joined: Site, tmp_path: Path, who: str, words: list[str]
) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    me = joined.as_person(who)
    before = done("digest", *me)
    depth = 2 if words[0] == "join" else 1
    ran = run(*words[:depth], *me, *words[depth:], tmp_path / "mine")
    assert ran.code == "command.not_folder"
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
    assert done("digest", *me) == before


def test_a_ticket_never_takes_the_place_of_another(joined: Site, tmp_path: Path) -> None:
    (tmp_path / f"{SCHOOL}-55.ticket").write_text("mine", encoding="utf-8")
    where = ["--school", SCHOOL, "--out", tmp_path, "--mark", "55"]
    ran = run("join", "ticket", *joined.as_person(OFFICER), *where)
    assert ran.code == "command.file_exists"
    assert (tmp_path / f"{SCHOOL}-55.ticket").read_text(encoding="utf-8") == "mine"
    # No ticket left, so its mark is free; a name that is taken stops nothing elsewhere.
    where[3] = tmp_path / "other"
    assert done("join", "ticket", *joined.as_person(OFFICER), *where)["mark"] == "55"


@pytest.mark.parametrize("place", ["stick/code", "stick/deep/../code"])
def test_a_code_never_lies_beside_its_ticket(joined: Site, tmp_path: Path, place: str) -> None:
    where = ["--school", SCHOOL, "--out", tmp_path / "stick", "--code-out", tmp_path / place]
    ran = run("join", "ticket", *joined.as_person(OFFICER), *where)
    assert ran.code == "command.code_beside"
    assert list(tmp_path.iterdir()) == []


TICKETS = [
    ["--first", "0"],
    ["--first", "-5"],
    ["--first", "9", "--last", "3"],
    ["--last", "9" * 20],
    ["--mark", ""],
    ["--mark", "../x"],
    ["--mark", "a b"],
    ["--mark", "一"],
    ["--mark", "ABCDE"],
]


@pytest.mark.parametrize("words", TICKETS, ids=" ".join)
def test_a_ticket_with_odd_numbers_is_not_written(
    joined: Site, tmp_path: Path, words: list[str]
) -> None:
    where = ["--school", SCHOOL, "--out", tmp_path / "t"]
    ran = run("join", "ticket", *joined.as_person(OFFICER), *where, *words)
    assert ran.code == "ticket.bad_numbers"
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("code", ["AAAA-BBBB", "", "罗雨桐"])
def test_a_wrong_ticket_code_joins_nobody(registered: Site, tmp_path: Path, code: str) -> None:
    site = registered
    where = ["--school", SCHOOL, "--out", tmp_path]
    ticket = done("join", "ticket", *site.as_person(OFFICER), *where)
    assert ticket["paper_code"] not in Path(ticket["ticket"]).read_text(encoding="utf-8")
    paper = site.secret(f"code {code}", code)
    words = [ticket["ticket"], "--code-file", paper, "--fingerprint", ticket["fingerprint"]]
    ran = run("join", "use", *site.as_person(PRINCIPAL), *words)
    assert ran.status == 1
    assert ran.code.partition(".")[0] in {"ticket", "paper"}


def test_another_districts_fingerprint_joins_nobody(registered: Site, tmp_path: Path) -> None:
    site = registered
    where = ["--school", SCHOOL, "--out", tmp_path / "stick", "--code-out", tmp_path / "code"]
    ticket = done("join", "ticket", *site.as_person(OFFICER), *where)
    wrong = "0000-0000-0000-0000"
    words = [ticket["ticket"], "--code-file", ticket["paper"], "--fingerprint", wrong]
    ran = run("join", "use", *site.as_person(PRINCIPAL), *words)
    assert ran.status == 1
    assert ran.code.partition(".")[0] in {"district", "ticket", "paper", "join"}


DAYS = ["20240231", "2024-13-01", "24-8-1", "yesterday", "99991231", "00010101", "19991231"]


@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_cannot_be_closed_is_refused(joined: Site, day: str) -> None:
    words = ["close-day", *joined.as_person(PRINCIPAL), "--explain", "x", "--day", day]
    assert run(*words).code in {"command.day", "command.day_not_yet"}


WRITTEN = {
    "20240816": "2024-08-16",
    "2024-8-17": "2024-08-17",
    "2024年8月18日": "2024-08-18",
    "２０２４/8/19": "2024-08-19",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_past_day_is_closed_once_as_it_was_written(joined: Site, written: str) -> None:
    words = [*joined.as_person(PRINCIPAL), "--explain", "补记", "--day", written]
    assert done("close-day", *words)["day"] == WRITTEN[written]
    assert run("close-day", *words).code == "day.closed"


@pytest.mark.parametrize("school", ["2141049999", "zzz", "district:410411"])
def test_an_empty_answer_is_never_given_for_a_school_not_held(joined: Site, school: str) -> None:
    assert run("digest", *joined.as_person(PRINCIPAL), "--school", school).code == "command.school"
    words = ["--school", school, "--all-passed", "--status", "district_passed"]
    ran = run("review", "decide", *joined.as_person(OFFICER), *words)
    assert ran.code == "command.school"


MARKS = [
    (["--material", "Z9", "--state", "accepted"], "command.code"),
    (["--material", "", "--state", "accepted"], "command.code"),
    (["--material", "{paper}", "--state", "accepted", "--reason", "Z9"], "command.code"),
    (["--material", "{paper}", "--state", "rejected", "--reason", "Z9"], "command.code"),
    (["--material", "{paper}", "--state", "accepted", "--dated", "20240231"], "materials.date"),
    (["--material", "{paper}", "--state", "accepted", "--valid-to", "x"], "materials.date"),
    (["--material", "{paper}", "--state", "rejected"], "materials.reason"),
    (["--material", "{paper}", "--state", "correction_required"], "materials.reason"),
]


@pytest.mark.parametrize(("words", "code"), MARKS, ids=str)
def test_a_paper_is_marked_rightly_or_not_at_all(
    registered: Site, words: list[str], code: str
) -> None:
    assert registered.sheet is not None
    family = next(one for one in registered.sheet.registered if one.materials and one.id_number)
    line = lines_of(registered, family)[0]
    me = registered.as_person(REGISTRAR)
    before = done("digest", *me)
    given = [word.format(paper=family.materials[0]) for word in words]
    assert run("check", *me, line["receipt_number"], *given).code == code
    assert done("digest", *me) == before


@contextlib.contextmanager
def _disk(folder: Path, number: int, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every flush of a file below a folder fail, as a full or torn-out stick does."""
    really = os.fsync

    def refuse(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").resolve().is_relative_to(folder):
            raise OSError(number, os.strerror(number))
        really(handle)

    with patch.context() as inside:
        inside.setattr(os, "fsync", refuse)
        yield


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="names of open files are read there")
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk.full"),
        (errno.EROFS, "disk.read_only"),
        (errno.EIO, "disk.failed"),
        (errno.ENODEV, "disk.gone"),
    ],
)
@pytest.mark.parametrize("command", ["export", "backup"])
def test_a_failing_stick_is_said_and_the_next_try_is_whole(
    registered: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    number: int,
    code: str,
) -> None:
    me = registered.as_person(PRINCIPAL)
    with _disk(tmp_path, number, monkeypatch):
        ran = run(command, *me, "--to", tmp_path)
    assert ran.code == code
    assert str(tmp_path) not in ran.line
    assert not list(tmp_path.glob("*.enb"))
    told = done(command, *me, "--to", tmp_path)
    if command == "export":
        names = [one.name for one in tmp_path.iterdir() if one.suffix != ".hello"]
        assert names == [told["bundles"][0]["bundle"]]
        assert done("inspect", tmp_path / told["bundles"][0]["bundle"])["operations"] > 0
    else:
        assert told["verified"] is True
    assert done("verify", *me)["holds"] is True
