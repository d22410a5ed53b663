"""The demo with several laptops: apart all morning, one list after the stick went round."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.commands import demo_window, main
from tests.commands.site import run

DESKS, COUNT = 3, 24


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run the demo once, without its window part; give what it says of itself."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    words = ["demo", "--out", folder, "--applicants", COUNT, "--desks", DESKS, "--scans", 2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_window, "program_words", lambda: ["/no-such-program"])
        with contextlib.redirect_stdout(io.StringIO()) as told:
            status = main([*map(str, words), "--lang", "en"])
    assert status == 0, told.getvalue()
    assert "All laptops equal" in told.getvalue()
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert (folder / "desk-2").is_dir()
    return found


def test_every_laptop_and_the_district_end_with_one_digest(summary: dict[str, Any]) -> None:
    assert summary["holds"] is True
    assert summary["desks_equal"] is True
    digests = {summary["digest_school"], summary["digest_district"], *summary["digest_desks"]}
    assert len(digests) == 1
    assert len(summary["digest_desks"]) == DESKS - 1


def test_whoever_went_to_two_laptops_is_one_child_in_the_end(summary: dict[str, Any]) -> None:
    apart = sum(one["registered"] for one in summary["desks"])
    again = sum(one["registered_elsewhere"] for one in summary["desks"])
    assert summary["pairs_merged"] == again == 2 * (DESKS - 1)
    assert summary["registered_apart"] == apart - again
    held = summary["registered"]
    assert held == summary["applicants_held"] == summary["district_records"]
    assert summary["records"]["received"] == held
    # A merged twin lies in the bundle too and is no further child; one in two feeds is one.
    assert summary["exported_records"] == held


def test_so_many_laptops_no_school_has() -> None:
    for desks in ("0", "21"):
        ran = run("demo", "--out", Path("/nowhere/at/all"), "--desks", desks)
        assert ran.code == "command.usage"
