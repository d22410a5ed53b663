"""The queue by commands: given, called, marked, listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.commands.site import PRINCIPAL, SCHOOL, Site, done, run

VILLAGE = "410411200201"


def test_numbers_are_given_called_marked_and_listed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    me = site.as_person(PRINCIPAL)
    done("init", *me, "--seat", "school", "--code", SCHOOL)

    def queue(word: str, *words: str) -> dict[str, Any]:
        return done("queue", word, *me, *words)

    first = queue("give", "--village", VILLAGE, "--category", "A1")
    assert "户口簿" in first["papers"]
    queue("give")
    called = queue("next", "--village", VILLAGE)
    assert (called["queue_number"], called["queue_state"]) == (first["queue_number"], "called")
    assert queue("mark", first["queue_number"].lower(), "--state", "left")["queue_state"] == "left"
    assert [line["queue_state"] for line in queue("list")["queue"]] == ["waiting", "left"]
    assert run("queue", "mark", *me, "X-1", "--state", "left").code == "queue.no_number"
    assert run("queue", "give", *me, "--village", "1").code == "queue.unknown"
