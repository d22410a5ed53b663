"""What is kept for other schools is listed and dropped from a shell."""

from __future__ import annotations

from pathlib import Path

from tests.commands.site import done
from tests.sync.site import OTHER_SCHOOL, PASSWORD, Site, hand, shipped_policy, take


def test_what_is_kept_for_others_is_listed_and_dropped(tmp_path: Path) -> None:
    site = Site(tmp_path / "site", shipped_policy())
    site.folder.mkdir()
    district = site.found()
    laptop = site.laptop(district, "laptop")
    handed = hand(site.laptop(district, "village", OTHER_SCHOOL), tmp_path / "stick")
    take(laptop, tmp_path / "stick")
    site.close()
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    lead = ["--data", site.folder / "laptop", "--user", "赵志强", "--password-file", secret]
    line = {"bundle": handed.name, "school": OTHER_SCHOOL, "number": 1, "size": handed.size}
    assert done("relay", *lead) == {"carried_on": [line], "dropped": 0}
    assert done("relay", *lead, "--drop", "2141049999") == {"carried_on": [line], "dropped": 0}
    assert done("relay", *lead, "--drop", OTHER_SCHOOL) == {"carried_on": [], "dropped": 1}
    assert done("relay", *lead, "--drop", "all") == {"carried_on": [], "dropped": 0}
