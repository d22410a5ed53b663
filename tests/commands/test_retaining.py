"""What is due by rule is listed from the shell, and a clock in another year erases nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.site import DISTRICT, OFFICER, PRINCIPAL, REVIEWER, SCHOOL, Site, done, run


def test_the_rules_are_listed_and_a_clock_of_another_year_erases_nothing(
    registered: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    principal = registered.as_person(PRINCIPAL)
    monkeypatch.setattr("desktop_app.services.retention.stray_year", lambda _season: 2031)
    told = registered.do("rules", "retention", *principal)
    assert told["clock_year"] == 2031
    assert "D864" in told["reason"], "why nothing is due is said at once"
    (rows,) = [one for one in told["rules"] if one["rule"] == "material_rows"]
    assert (rows["keep_until"], rows["is_due"]) == ("2027-10-31", False)
    assert rows["records"] > 0
    by_two = ["--second", REVIEWER, "--second-password-file", registered.password(REVIEWER)]
    erase = ["retention", *principal, "--erase", "material_rows"]
    assert run(*erase, *by_two).code == "retention.clock"
    monkeypatch.setattr("desktop_app.services.retention.stray_year", lambda _season: 0)
    assert run(*erase, "--season", "2090", *by_two).code == "retention.not_due"
    again = registered.do("rules again", "retention", *principal)
    assert again["rules"][-1]["records"] == rows["records"]


def test_the_district_lists_every_school_and_says_so_where_nothing_is_held(
    registered: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.services.retention.stray_year", lambda _season: 0)
    officer = registered.as_person(OFFICER)
    done("export", *registered.as_person(PRINCIPAL), "--to", tmp_path)
    done("import", *officer, tmp_path)
    told = done("retention", *officer)
    assert {one["school"] for one in told["rules"]} == {SCHOOL}
    assert told["reason"] is None
    alone = [*registered.as_person(OFFICER, tmp_path / "new")]
    done("init", *alone, "--seat", "district", "--code", DISTRICT)
    nothing = done("retention", *alone)
    assert nothing["rules"] == []
    assert "没有按保存期限要清理的" in nothing["reason"]
