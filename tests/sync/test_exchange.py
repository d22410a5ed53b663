"""A school's laptops and the district exchange bundles, and everybody holds the same."""

from __future__ import annotations

from pathlib import Path

from tests.sync.site import SCHOOL, Site, content, hand, register, reply, row_of, take


def test_a_bundle_goes_to_the_district_and_an_answer_comes_back(site: Site, tmp_path: Path) -> None:
    district = site.found()
    laptop = site.laptop(district, "laptop")
    applicant = register(laptop)
    handed = hand(laptop, tmp_path / "stick")
    (taken,) = take(district, handed.path)
    assert taken.outcome == "taken_in", taken
    assert taken.fresh == taken.operations == handed.operations
    assert row_of(district, "applicant", applicant)["full_name"] == "单梓涵"
    answered = reply(district, tmp_path / "stick")
    (back,) = take(laptop, answered.path)
    assert back.outcome == "taken_in", back
    feed = laptop.own_feed().facts.feed
    assert row_of(laptop, "acknowledgement", feed)["sequence"] == handed.operations
    assert content(laptop)[feed][: handed.operations] == content(district)[feed]
    assert SCHOOL in handed.name
