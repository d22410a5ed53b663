"""The demo runs a whole day from an empty folder, proves itself, and leaves nothing in clear."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.commands import demo_window, main
from desktop_app.commands.demo import make_room
from desktop_app.commands.demo_seats import REGISTRAR, Seats
from desktop_app.commands.families import make_families
from desktop_app.services.policies import shipped_policy
from tests.commands.site import run
from tests.story.hunt import hunt_report

COUNT, SEED = 40, 2024


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the demo once as a person does, without its window part, which has tests of its own."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    with _no_window(), contextlib.redirect_stdout(io.StringIO()) as told:
        status = main(["demo", "--out", str(folder), "--applicants", str(COUNT)])
    assert status == 0, told.getvalue()
    assert str(folder / "summary.json") in told.getvalue()
    return folder


@contextlib.contextmanager
def _no_window() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_window, "program_words", lambda: ["/no-such-program"])
        yield


@pytest.fixture(scope="module")
def summary(out: Path) -> dict[str, Any]:
    """Read what the demo says of itself."""
    told: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return told


def test_both_sides_hold_the_same_at_the_end(summary: dict[str, Any]) -> None:
    assert summary["digest_school"] == summary["digest_district"] == summary["digest_backup"]
    assert summary["verified"] is True


def test_every_operation_was_carried_received_and_acknowledged(summary: dict[str, Any]) -> None:
    assert summary["exported_operations"] == summary["district_received"]
    assert summary["acknowledged"] == summary["exported_operations"] > COUNT
    records = summary["records"]
    assert records["declared"] == records["carried"] == records["received"]
    assert records["declared"] == summary["registered"] == summary["applicants_held"]
    assert records["decided"] == summary["decided"] == summary["passed"] > 0


def test_every_planted_row_is_listed_with_its_reason_and_no_other(summary: dict[str, Any]) -> None:
    rows = summary["planted"]["rows"]
    assert rows
    assert all(row["listed"] for row in rows)
    assert summary["planted"]["unexpected_rows"] == []
    assert summary["rejected_rows"] == len(rows)
    assert summary["repaired"] > 0
    assert summary["registered"] == summary["registered_from_workbook"] + summary["repaired"]


def test_pages_were_scanned_and_went_along(summary: dict[str, Any]) -> None:
    assert summary["scans"] == summary["exported_scans"] > 0


def test_a_missing_window_part_is_told_and_is_not_fatal(summary: dict[str, Any]) -> None:
    assert summary["window"] == {"ran": False, "reason": "not_started"}


def test_nothing_of_anybody_lies_in_clear(out: Path, summary: dict[str, Any]) -> None:
    families = make_families(COUNT, SEED, shipped_policy())
    needles = {family.id_number for family in families if len(family.id_number) > 10}
    needles |= {family.guardian_phone for family in families if family.guardian_phone}
    needles |= {family.full_name for family in families if len(family.full_name) > 2}
    needles |= {family.guardian_name for family in families if len(family.guardian_name) > 2}
    kept = [one for one in out.iterdir() if one.name != "village.xlsx"]
    assert len(kept) > 7
    report = hunt_report(kept, needles)
    assert not report.hits
    assert report.files > 20
    # The hunt is not blind: the workbook the village sent does hold them.
    assert hunt_report([out / "village.xlsx"], needles).hits
    assert summary["bundle"] in {one.name for one in (out / "stick").iterdir()}


def test_nothing_is_left_of_the_drill(out: Path) -> None:
    assert not [one for one in out.iterdir() if one.name.startswith("drill")]


def test_the_demo_takes_nothing_away_but_an_earlier_demo(out: Path, tmp_path: Path) -> None:
    other = tmp_path / "mine"
    other.mkdir()
    (other / "village.xlsx").write_bytes(b"mine")
    assert run("demo", "--out", other).code == "command.not_empty"
    make_room(tmp_path / "again")
    (tmp_path / "again" / "school").mkdir()
    make_room(tmp_path / "again")
    assert [one.name for one in (tmp_path / "again").iterdir()] == ["demo.txt"]
    (tmp_path / "again" / "letter").write_bytes(b"mine")
    assert run("demo", "--out", tmp_path / "again").code == "command.not_empty"
    assert (tmp_path / "again" / "letter").exists()
    assert run("demo", "--out", out.parent / "none", "--applicants", "0").code == "command.usage"
    assert not (out.parent / "none").exists()


def test_the_window_part_is_asked_through_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text(
        "import json, sys\n"
        "password = sys.stdin.readline().strip()\n"
        "print(json.dumps({'registered': len(password) > 8, 'words': sys.argv[1:4]}))\n",
        encoding="utf-8",
    )
    words = [sys.executable, str(child)]
    monkeypatch.setattr(demo_window, "program_words", lambda: words)
    seats = Seats(tmp_path, shipped_policy(), "2141041101")
    told = demo_window.run_window(seats, REGISTRAR)
    assert told["ran"] is True
    assert told["registered"] is True
    assert told["words"] == ["demo-window", "--data", str(tmp_path / "school")]
    child.write_text("raise SystemExit(3)\n", encoding="utf-8")
    assert demo_window.run_window(seats, REGISTRAR)["reason"] == "not_here"
    child.write_text("print('no object')\n", encoding="utf-8")
    assert demo_window.run_window(seats, REGISTRAR)["reason"] == "no_answer"
    child.write_text('print(\'{"reason": "no_qt"}\')\nraise SystemExit(3)\n', encoding="utf-8")
    assert demo_window.run_window(seats, REGISTRAR)["reason"] == "no_qt"
    child.write_text("raise SystemExit(1)\n", encoding="utf-8")
    assert demo_window.run_window(seats, REGISTRAR)["reason"] == "failed"
