"""A policy package from the officer's folder to a school's laptop, by commands alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.commands.site import OFFICER, PRINCIPAL, Site, done, run
from tests.services.packages import make_package, preschool


def listed(site: Site) -> dict[int, dict[str, Any]]:
    """List the packages as the officer sees them, by their numbers."""
    lines = done("policy", "list", *site.as_person(OFFICER))["policies"]
    return {int(one["policy_package"]): one for one in lines}


def following(site: Site) -> int:
    """Give a number that is not taken: the tests share one site."""
    return max(listed(site)) + 1


def test_a_package_is_saved_checked_published_and_used_by_the_school(
    registered: Site, tmp_path: Path
) -> None:
    officer, principal = registered.as_person(OFFICER), registered.as_person(PRINCIPAL)
    saved = done("policy", "save", *officer, "--out", tmp_path / "edit")["policy_folder"]
    told = done("policy", "check", saved)
    assert run("policy", "publish", *officer, saved).code == "policy.number"
    number = following(registered)
    folder = make_package(tmp_path, number, lock_minutes=9)
    published = done("policy", "publish", *officer, folder)
    assert {"number", "lock_minutes"} <= {one["entry"] for one in published["policy_changes"]}
    assert published["version"] != told["version"]
    done("export", *principal, "--to", tmp_path / "stick")
    done("ingest", *officer, "--inbox", tmp_path / "stick")
    done("export", *officer, "--to", tmp_path / "back")
    done("import", *principal, tmp_path / "back")
    assert done("policy", "list", *principal)["in_use"] == published["version"]
    assert [one for one in listed(registered) if listed(registered)[one]["in_force"]] == [number]


def test_a_package_is_taken_back_and_brought_back_by_its_number(
    registered: Site, tmp_path: Path
) -> None:
    officer, number = registered.as_person(OFFICER), following(registered)
    done("policy", "publish", *officer, make_package(tmp_path, number))
    done("policy", "withdraw", *officer, number)
    assert (listed(registered)[number]["withdrawn"], listed(registered)[number]["in_force"]) == (
        True,
        False,
    )
    done("policy", "restore", *officer, number)
    assert listed(registered)[number]["in_force"]
    assert run("policy", "withdraw", *officer, "7777").code == "policy.unknown_number"


def test_a_forbidden_paper_is_refused_by_check_and_by_publish_with_rule_and_place(
    registered: Site, tmp_path: Path
) -> None:
    officer, number = registered.as_person(OFFICER), following(registered)
    folder = preschool(tmp_path, number)
    for refused in (run("policy", "check", folder), run("policy", "publish", *officer, folder)):
        assert refused.code == "policy.refused"
        assert "FB01" in refused.line
        assert "materials.toml:PRE" in refused.line
    assert number not in listed(registered)


def test_a_school_publishes_nothing(registered: Site, tmp_path: Path) -> None:
    principal = registered.as_person(PRINCIPAL)
    folder = make_package(tmp_path, 9999)
    assert run("policy", "publish", *principal, folder).code == "office.not_district"
