"""Joining without a ticket and ending a laptop, by commands alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.commands.site import DISTRICT, OFFICER, PRINCIPAL, SCHOOL, Site, run

OTHER = "2141041102"


@pytest.fixture(scope="module")
def spare(joined: Site) -> Path:
    """Set up a second laptop of the school, which nobody gave a ticket."""
    data = joined.root / "spare"
    me = joined.as_person(PRINCIPAL, data)
    seat = ["--seat", "school", "--code", SCHOOL, "--recovery-out", joined.root / "spare-code"]
    joined.do("init spare", "init", *me, *seat)
    joined.do("request", "join", "request", *me, "--out", joined.root / "request")
    return data


@pytest.fixture(scope="module")
def granted(joined: Site, spare: Path) -> dict[str, Any]:
    """Let it in by its fingerprint, as read out by telephone."""
    asked = joined.told["request"]
    me = joined.as_person(OFFICER)
    grant = ["join", "grant", *me, asked["request"], "--name", PRINCIPAL]
    for typed, code in ((joined.told["ticket"]["fingerprint"], "join.fingerprint"),):
        assert run(*grant, "--fingerprint", typed).code == code
    mine = ["--fingerprint", asked["own_fingerprint"]]
    wrong = run(*grant, *mine, "--school", OTHER)
    assert wrong.code == "join.other_school"
    assert OTHER in wrong.line
    assert SCHOOL in wrong.line
    return joined.do("grant", *grant, *mine, "--school", SCHOOL)


def listed(site: Site, feed: str) -> dict[str, Any]:
    told = site.do("list", "join", "list", *site.as_person(OFFICER))
    assert told["fingerprint"] == site.told["ticket"]["fingerprint"]
    found: list[dict[str, Any]] = told["laptops"]
    return next(one for one in found if one["feed"] == feed)


def test_a_laptop_joins_by_telephone_and_is_ended_when_it_is_lost(
    joined: Site, spare: Path, granted: dict[str, Any]
) -> None:
    assert granted["mark"] == "2"
    feed = granted["feed"]
    back = joined.root / "back"
    officer = joined.as_person(OFFICER)
    made = joined.do("answer", "export", *officer, "--to", back, "--school", SCHOOL)
    bundle = back / made["bundles"][0]["bundle"]
    me = joined.as_person(PRINCIPAL, spare)
    accept = ["join", "accept", *me, bundle, "--fingerprint"]
    assert run(*accept, joined.told["request"]["own_fingerprint"]).code == "district.other_root"
    told = joined.do("accept", *accept, joined.told["ticket"]["fingerprint"])
    assert told["joined"] is True
    stick = joined.root / "spare stick"
    joined.do("export spare", "export", *me, "--to", stick)
    taken = joined.do("ingest spare", "ingest", *officer, "--inbox", stick)
    assert taken["waiting"] == 0
    assert taken["fresh"] > 0
    line = listed(joined, feed)
    assert (line["state"], line["mark"], line["people"]) == ("member", "2", PRINCIPAL)
    assert run("join", "revoke", *officer, "2", "--sequence", "9999").code == "revoke.beyond"
    assert run("join", "revoke", *officer, "no such").code == "revoke.unknown"
    ended = joined.do("revoke", "join", "revoke", *officer, "2", "--reason", "丢失")
    assert (ended["feed"], ended["void"]) == (feed, 0)
    assert run("join", "revoke", *officer, feed).code == "revoke.before"
    joined.do("export again", "export", *me, "--to", joined.root / "found")
    late = joined.do("ingest found", "ingest", *officer, "--inbox", joined.root / "found")
    assert "B846" in late["bundles"][0]["reason"]
    line = listed(joined, feed)
    assert (line["state"], line["valid_to"]) == ("revoked", ended["valid_to"])
    again = ["join", "grant", *officer, joined.told["request"]["request"], "--name", PRINCIPAL]
    typed = ["--fingerprint", joined.told["request"]["own_fingerprint"]]
    assert run(*again, *typed).code == "join.revoked"


def test_a_seat_does_its_own_part_only(joined: Site, spare: Path) -> None:
    officer, principal = joined.as_person(OFFICER), joined.as_person(PRINCIPAL, spare)
    assert DISTRICT
    out = ["--out", joined.root / "nobody"]
    assert run("join", "request", *officer, *out).code == "join.not_school"
    assert run("join", "list", *principal).code == "office.not_district"
    assert run("join", "revoke", *principal, "2").code == "office.not_district"
