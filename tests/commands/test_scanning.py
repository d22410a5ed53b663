"""The scanner is named, shown and turned off from a shell."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.commands.site import done, run
from tests.sync.site import PASSWORD, Site, hand, shipped_policy


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_scanner_is_named_asked_and_turned_off(tmp_path: Path) -> None:
    site = Site(tmp_path / "site", shipped_policy())
    site.folder.mkdir()
    district = site.found()
    handed = hand(site.laptop(district, "laptop"), tmp_path / "stick")
    site.close()
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    lead = ["--data", site.folder / "district", "--user", "赵志强", "--password-file", secret]
    refuses = tmp_path / "refuses.sh"
    refuses.write_text("#!/bin/sh\nexit $1\n")
    refuses.chmod(0o755)
    assert done("scanner", *lead) == {"scanned_first": False, "scanner": None}
    named = done("scanner", *lead, "--command", refuses, "--argument", "1")
    assert named == {"scanned_first": True, "scanner": f"{refuses} 1"}
    told = run("import", *lead, handed.path)
    assert told.told["refused"] == 1
    assert "B511" in str(told.told["bundles"])
    broken = ["--command", refuses, "--argument", "7"]
    done("scanner", *lead, *broken)
    assert "退出码 7" in str(run("import", *lead, handed.path).told["bundles"])
    done("scanner", *lead, "--command", refuses, "--argument", "1")
    assert run("scanner", *lead, "--command", "clamscan").code == "scanner.unusable"
    assert done("scanner", *lead) == {"scanned_first": True, "scanner": f"{refuses} 1"}
    assert done("scanner", *lead, "--off") == {"scanned_first": False, "scanner": None}
    assert done("import", *lead, handed.path)["refused"] == 0
