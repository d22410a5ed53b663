"""Backups are proved when made; who restores, or copies a folder, becomes a successor."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from desktop_app.commands import asking, main
from desktop_app.domain.errors import WorkplaceError
from desktop_app.services.backup import KEPT, numbered
from desktop_app.services.policies import shipped_policy
from desktop_app.services.restoring import drill
from desktop_app.services.setup import SCANS_NAME
from desktop_app.storage.scans import ScanStore
from tests.commands.site import OFFICER, PRINCIPAL, REGISTRAR, SCHOOL, Site, done, run

OTHER_SCHOOL = "2141041102"
NEW_PASSWORD = "autumn-maple-66"


@pytest.fixture(scope="module")
def saved(registered: Site) -> Site:
    """Make a backup of a school that has registered, and note its state."""
    me = registered.as_person(PRINCIPAL)
    registered.do("before", "digest", *me)
    registered.do("backup", "backup", *me, "--to", registered.root / "backups")
    return registered


def restore(site: Site, data: Path, *words: object) -> dict[str, Any]:
    """Restore the newest backup by the code on the paper."""
    code = ["--code-file", site.root / "recovery.txt"]
    new = ["--user", PRINCIPAL, "--password-file", site.secret("new", NEW_PASSWORD)]
    source = ["--from", site.root / "backups"]
    return done("restore", "--data", data, *source, *code, *new, *words)


def test_a_backup_has_the_state_it_was_made_of(saved: Site) -> None:
    told = saved.told["backup"]
    assert told["digest"] == saved.told["before"]["digest"]
    assert told["verified"] is True
    folder = Path(told["backup"])
    assert {"data.db", "vault", "seat.json", "backup.json"} <= {
        one.name for one in folder.iterdir()
    }
    assert not [one for one in folder.rglob("*") if "computer" in one.name]


def test_only_the_newest_are_kept(joined: Site, tmp_path: Path) -> None:
    told: dict[str, Any] = {}
    for number in range(1, KEPT + 3):
        told = done("backup", *joined.as_person(PRINCIPAL), "--to", tmp_path)
        assert told["number"] == number
    assert numbered(tmp_path) == [3, 4, 5]
    assert told["kept"] == KEPT


def test_pages_the_disk_has_spoilt_are_told(joined: Site, tmp_path: Path) -> None:
    scans = ScanStore(joined.school / SCANS_NAME)
    place = scans.path(scans.store(b"a sealed page"))
    place.write_bytes(b"rotten")
    try:
        ran = run("backup", *joined.as_person(PRINCIPAL), "--to", tmp_path)
    finally:
        place.unlink()
    assert (ran.told["rotten_scans"], ran.told["scans"]) == (1, 0)
    assert ran.status != 0
    assert numbered(tmp_path) == [1]


def test_restored_by_code_it_is_the_same_state_under_a_new_key(saved: Site, tmp_path: Path) -> None:
    out = tmp_path / "new-code.txt"
    told = restore(saved, tmp_path / "data", "--recovery-out", out)
    assert told["digest"] == saved.told["backup"]["digest"]
    assert told["successor"] is True
    assert told["feed"] != saved.told["init"]["feed"]
    assert out.read_text(encoding="utf-8") != (saved.root / "recovery.txt").read_text("utf-8")
    me = ["--data", tmp_path / "data", "--user", PRINCIPAL]
    me += ["--password-file", saved.secret("new", NEW_PASSWORD)]
    after = done("digest", *me)
    assert after["digest"] == saved.told["before"]["digest"]
    assert after["sequence"] == 0
    assert done("verify", *me)["holds"] is True


def test_a_code_the_disk_refuses_is_shown_since_the_old_one_is_gone(
    saved: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise WorkplaceError("disk.full", cause="ENOSPC")

    monkeypatch.setattr(asking, "write_atomically", full)
    told = restore(saved, tmp_path / "data", "--recovery-out", tmp_path / "code")
    assert told["recovery_code"]
    assert "recovery_out" not in told


def test_a_used_code_opens_the_restored_folder_no_more(saved: Site, tmp_path: Path) -> None:
    restore(saved, tmp_path / "data")
    done("backup", *_new(saved, tmp_path / "data"), "--to", tmp_path / "again")
    ran = run(
        *("restore", "--data", tmp_path / "third", "--from", tmp_path / "again"),
        *("--code-file", saved.root / "recovery.txt", "--user", PRINCIPAL),
        *("--password-file", saved.secret("new", NEW_PASSWORD)),
    )
    assert ran.code == "vault.wrong_code"
    assert not (tmp_path / "third").exists()


def test_a_successor_goes_on_in_a_feed_of_its_own(saved: Site, tmp_path: Path) -> None:
    restore(saved, tmp_path / "data")
    me = _new(saved, tmp_path / "data")
    done("close-day", *me, "--explain", "恢复之后")
    after = done("digest", *me)
    assert after["sequence"] > 0
    assert after["digest"] != saved.told["before"]["digest"]
    assert done("verify", *me)["holds"] is True


def test_restored_by_password_everybody_can_log_in_again(saved: Site, tmp_path: Path) -> None:
    source = ["--from", saved.told["backup"]["backup"], "--by", "password"]
    told = done("restore", *saved.as_person(REGISTRAR, tmp_path / "data"), *source)
    assert told["digest"] == saved.told["before"]["digest"]
    assert "recovery_code" not in told
    assert done("digest", *saved.as_person(PRINCIPAL, tmp_path / "data"))["digest"]


def test_the_drill_leaves_nothing_behind(saved: Site, tmp_path: Path) -> None:
    code = (saved.root / "recovery.txt").read_text(encoding="utf-8").strip()
    backup = Path(saved.told["backup"]["backup"])
    digest = drill(backup, tmp_path / "drill", code, NEW_PASSWORD, shipped_policy())
    assert digest == saved.told["before"]["digest"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("spoiled", ["data.db", "backup.json", "vault/slots.a", "seat.json"])
def test_a_spoiled_backup_is_not_restored(saved: Site, tmp_path: Path, spoiled: str) -> None:
    backup = Path(shutil.copytree(saved.told["backup"]["backup"], tmp_path / "backup-0001"))
    for name in (spoiled, spoiled.replace(".a", ".b")):
        data = bytearray((backup / name).read_bytes())
        data[len(data) // 2] ^= 0xFF
        (backup / name).write_bytes(data)
        if name == spoiled.replace(".a", ".b"):
            break
    ran = run(
        *("restore", "--data", tmp_path / "data", "--from", backup),
        *("--code-file", saved.root / "recovery.txt", "--user", PRINCIPAL),
        *("--password-file", saved.secret("new", NEW_PASSWORD)),
    )
    assert ran.status == 1
    assert ran.code.partition(".")[0] in {"backup", "database", "vault", "seat"}
    assert not (tmp_path / "data").exists()


def test_a_wrong_code_leaves_the_folder_empty(saved: Site, tmp_path: Path) -> None:
    wrong = saved.secret("wrong code", "AAAAA-BBBBB")
    words = ["--user", PRINCIPAL, "--password-file", saved.secret("new", NEW_PASSWORD)]
    source = ["--from", saved.root / "backups", "--code-file", wrong]
    ran = run("restore", "--data", tmp_path / "data", *source, *words)
    assert ran.code == "paper.length"
    assert not (tmp_path / "data").exists()


def test_nothing_is_restored_over_something(saved: Site) -> None:
    words = ["--from", saved.root / "backups", "--by", "password"]
    assert run("restore", *saved.as_person(PRINCIPAL), *words).code == "command.not_empty"
    assert done("digest", *saved.as_person(PRINCIPAL))["digest"]


def test_where_there_is_no_backup_it_is_said(joined: Site, tmp_path: Path) -> None:
    words = ["--from", tmp_path / "empty", "--by", "password"]
    assert (
        run("restore", *joined.as_person(PRINCIPAL, tmp_path / "d"), *words).code == "backup.none"
    )


@pytest.mark.parametrize("with_computer", [False, True])
def test_a_copied_folder_is_a_successor_and_the_old_one_goes_on(
    saved: Site, tmp_path: Path, *, with_computer: bool
) -> None:
    shutil.copytree(saved.school, tmp_path / "copy")
    if with_computer:
        beside = saved.school.with_name("school.this-computer")
        shutil.copytree(beside, tmp_path / "copy.this-computer")
    before = done("digest", *saved.as_person(PRINCIPAL))
    after = done("digest", *saved.as_person(PRINCIPAL, tmp_path / "copy"))
    assert after["digest"] == before["digest"]
    assert after["feed"] != before["feed"]
    assert after["sequence"] == 0
    assert after["succeeded"] == ("copied" if with_computer else "missing")
    again = done("digest", *saved.as_person(PRINCIPAL, tmp_path / "copy"))
    assert "succeeded" not in again
    assert done("digest", *saved.as_person(PRINCIPAL))["feed"] == before["feed"]


def test_a_database_put_back_is_noticed(saved: Site, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(saved.school, folder)
    me = saved.as_person(PRINCIPAL, folder)
    mine = done("digest", *me)
    old = (folder / "data.db").read_bytes()
    done("close-day", *me, "--explain", "写一笔")
    (folder / "data.db").write_bytes(old)
    after = done("digest", *me)
    assert after["feed"] != mine["feed"]
    assert after["succeeded"] == "restored"


@pytest.mark.parametrize(("lang", "word"), [("zh", "接入票"), ("en", "new ticket")])
def test_a_successor_is_told_what_may_be_missing_and_what_now(
    saved: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, word: str
) -> None:
    shutil.copytree(saved.school, tmp_path / "copy")
    words = ["digest", *saved.as_person(PRINCIPAL, tmp_path / "copy"), "--lang", lang]
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert word in said.err
    assert "X143" in said.err
    assert "X143" not in said.out
    assert main(words) == 0
    assert capsys.readouterr().err == ""


def test_an_ended_person_can_open_nothing_and_the_rest_still_can(
    saved: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(saved.school, folder)
    told = done("person", "remove", *saved.as_person(PRINCIPAL, folder), "--name", REGISTRAR)
    assert told["people_left"] == 2
    assert run("digest", *saved.as_person(REGISTRAR, folder)).code == "vault.no_person"
    assert done("verify", *saved.as_person(PRINCIPAL, folder))["holds"] is True


def test_a_restored_district_names_itself_again(joined: Site, tmp_path: Path) -> None:
    done("backup", *joined.as_person(OFFICER), "--to", tmp_path / "b")
    me = joined.as_person(OFFICER, tmp_path / "d")
    restored = done("restore", *me, "--from", tmp_path / "b", "--by", "password")
    root = ["--root", joined.root / "root", "--root-password-file", joined.password("root")]
    told = done("join", "publish", *me, *root)
    assert told["district_number"] == 2
    assert told["fingerprint"] == joined.told["ticket"]["fingerprint"]
    ticket = ["--school", SCHOOL, "--out", tmp_path / "t"]
    assert done("join", "ticket", *me, *ticket)["mark"] not in {"", "1"}  # its book was saved
    assert restored["successor"] is True


def _new(site: Site, data: Path) -> list[object]:
    return [
        *("--data", data, "--user", PRINCIPAL),
        *("--password-file", site.secret("new", NEW_PASSWORD)),
    ]


def test_a_restored_laptop_joins_again_and_is_believed(saved: Site, tmp_path: Path) -> None:
    restore(saved, tmp_path / "data")
    me = _new(saved, tmp_path / "data")
    officer = saved.as_person(OFFICER)
    done("export", *me, "--to", tmp_path / "before")
    waiting = done("ingest", *officer, "--inbox", tmp_path / "before")
    assert waiting["waiting"] == 1
    assert "X151" in waiting["bundles"][0]["reason"]
    assert "join ticket" in waiting["bundles"][0]["reason"]
    assert waiting["fresh"] == 0
    where = ["--school", SCHOOL, "--out", tmp_path / "ticket", "--code-out", tmp_path / "code"]
    ticket = done("join", "ticket", *officer, *where)
    code = ["--code-file", ticket["paper"], "--fingerprint", ticket["fingerprint"]]
    done("join", "use", *me, ticket["ticket"], *code)
    made = done("export", *me, "--to", tmp_path / "after")["bundles"][0]
    taken = done("ingest", *officer, "--inbox", tmp_path / "after")
    assert taken["refused"] == 0
    assert taken["bundles"][0]["outcome"] == "taken_in"
    assert taken["bundles"][0]["operations"] == made["operations"] == taken["fresh"]
    # What the lost computer had never exported went along: its head was signed in the backup.
    inside = done("inspect", tmp_path / "after" / made["bundle"], *officer)
    reaches = {one["feed"]: one["to"] for one in inside["feeds"]}
    assert reaches[saved.told["init"]["feed"]] == saved.told["before"]["sequence"]
    assert done("verify", *officer)["holds"] is True


def test_a_ticket_in_two_hands_is_reported_at_the_district(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.found()
    site.join()
    officer, me = site.as_person(OFFICER), site.as_person(PRINCIPAL, tmp_path / "second")
    ticket = site.told["ticket"]
    done("init", *me, "--seat", "school", "--code", SCHOOL)
    code = ["--code-file", ticket["paper"], "--fingerprint", ticket["fingerprint"]]
    second = done("join", "use", *me, ticket["ticket"], *code)
    done("export", *site.as_person(PRINCIPAL), "--to", tmp_path / "stick")
    assert done("ingest", *officer, "--inbox", tmp_path / "stick")["tickets_used_twice"] == []
    done("export", *me, "--to", tmp_path / "stick")
    (found,) = done("ingest", *officer, "--inbox", tmp_path / "stick")["tickets_used_twice"]
    assert found["school"] == SCHOOL
    assert set(found["feeds"].split()) == {second["feed"], site.told["init"]["feed"]}


def test_the_next_ticket_has_the_next_mark_numbers_and_name(joined: Site, tmp_path: Path) -> None:
    officer = joined.as_person(OFFICER)
    where = ["--school", OTHER_SCHOOL, "--out", tmp_path]
    one, two = (done("join", "ticket", *officer, *where) for _ in range(2))
    assert (one["mark"], one["numbers"]) == ("1", "1-9999")
    assert (two["mark"], two["numbers"]) == ("2", "10000-19998")
    assert one["ticket"] != two["ticket"]
    assert run("join", "ticket", *officer, *where, "--mark", "2").code == "office.mark_given"


@pytest.mark.parametrize(("lang", "word"), [("zh", "钥匙文件"), ("en", "key file")])
def test_an_older_key_file_put_back_is_told_beside_the_answer(
    saved: Site, tmp_path: Path, lang: str, word: str
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(saved.school, folder)
    me = saved.as_person(PRINCIPAL, folder)
    done("digest", *me)
    older = {place: place.read_bytes() for place in (folder / "vault").glob("slots.*")}
    new = ["--name", "新人", "--roles", "registrar"]
    done("person", "add", *me, *new, "--new-password-file", saved.secret("new", NEW_PASSWORD))
    for place, content in older.items():
        place.write_bytes(content)
    ran = run("digest", *me, lang=lang)
    assert ran.status == 0
    assert word in ran.line
    assert "S218" in ran.line
