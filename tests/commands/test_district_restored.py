"""A restored or a new district is told what to do, and packs nothing that no school would take."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.site import OFFICER, PRINCIPAL, SCHOOL, Site, done, run


@pytest.mark.parametrize("by", ["password", "code"])
def test_a_restored_district_publishes_itself_before_it_answers(tmp_path: Path, by: str) -> None:
    site = Site(tmp_path)
    site.found()
    site.join()
    me = site.as_person(OFFICER)
    done("export", *site.as_person(PRINCIPAL), "--to", tmp_path / "stick")
    done("ingest", *me, "--inbox", tmp_path / "stick")
    done("backup", *me, "--to", tmp_path / "backups")
    data = tmp_path / "data"
    again = site.as_person(OFFICER, data)
    code = site.secret("code", site.told["init district"]["recovery_code"])
    words = ["--by", by, *(["--code-file", code] if by == "code" else [])]
    back = run("restore", *again, "--from", tmp_path / "backups", *words)
    assert back.status == 0
    assert "join publish" in back.line
    assert "接入票" not in back.line
    out = tmp_path / "back"
    refused = run("export", *again, "--to", out)
    assert refused.code == "bundle.unpublished"
    assert "join publish" in refused.line
    assert not list(out.glob("*.enb"))
    root = ["--root", site.root / "root", "--root-password-file", site.password("root")]
    done("join", "publish", *again, *root)
    done("join", "ticket", *again, "--school", SCHOOL, "--out", tmp_path / "ticket")
    done("export", *again, "--to", out)
    taken = done("import", *site.as_person(PRINCIPAL), out)
    assert [one["outcome"] for one in taken["bundles"]] == ["taken_in"]


def test_a_district_nobody_has_come_to_yet_is_told_so_and_packs_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.found()
    out = tmp_path / "back"
    refused = run("export", *site.as_person(OFFICER), "--to", out)
    assert refused.code == "bundle.nobody_to_answer"
    assert not list(out.glob("*.enb"))
