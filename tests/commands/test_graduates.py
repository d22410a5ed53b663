"""``graduates`` at the district: a list taken in from the shell, and counted."""

from __future__ import annotations

from pathlib import Path

from tests.commands.site import OFFICER, Site, done, run
from tests.services.test_graduates import JUNIOR, ROWS, book


def test_a_list_is_looked_at_taken_in_and_counted(joined: Site, tmp_path: Path) -> None:
    me, source = joined.as_person(OFFICER), book(tmp_path / "list.xlsx", ROWS)
    looked = done("graduates", "take", *me, "--from", source, "--look")
    assert (looked["listed"], looked["unassigned_rows"], looked["rejected_rows"]) == (3, [5, 6], 2)
    before = done("graduates", "count", *me)["graduates"]
    assert {line["listed"] for line in before} == {0}
    repairs = tmp_path / "repairs.json"
    by_hand = ["--assign", "5", JUNIOR, "--repairs-out", repairs]
    taken = done("graduates", "take", *me, "--from", source, *by_hand)
    assert (taken["listed"], taken["unassigned_rows"]) == (4, [6])
    assert repairs.exists()
    again = done("graduates", "take", *me, "--from", source)
    assert (again["listed"], again["listed_before"]) == (0, 5)
    counts = {line["school"]: line for line in done("graduates", "count", *me)["graduates"]}
    assert next(one["listed"] for name, one in counts.items() if JUNIOR in name) == 2
    wrong = ["--assign", "6", "2141041101"]
    assert run("graduates", "take", *me, "--from", source, *wrong).code == "graduate.no_school"
