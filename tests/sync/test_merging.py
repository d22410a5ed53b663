"""A bundle enters in one transaction or not at all, and what waits is tried again."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest

from desktop_app.domain.errors import CancelledError, StaleError, UntrustedError, WorkplaceError
from desktop_app.security import certificate
from desktop_app.security.certificate import issue
from desktop_app.security.keys import SigningKey
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync import inbox, writing
from desktop_app.sync.answers import acknowledge
from desktop_app.sync.identity import prove
from desktop_app.sync.inbox import TAKING_IN, grounds_of, take_in
from desktop_app.sync.merging import Merge
from desktop_app.sync.reach import acknowledgements, said_to_hold
from desktop_app.sync.trust import examine, verify
from tests.sync.site import (
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    kept,
    register,
    register_many,
    reply,
    row_of,
    take,
)


class StopAt(Progress):
    """Stops at a step of a kind."""

    def __init__(self, note: str, at: int) -> None:
        super().__init__()
        self._note, self._at = note, at
        self.steps: list[tuple[int, int, str]] = []

    def step(self, done: int, total: int, note_code: str = "") -> None:
        self.steps.append((done, total, note_code))
        if note_code == self._note and done >= self._at:
            self.cancel()
        super().step(done, total, note_code)


@pytest.mark.parametrize("note", ["bundle.checking", TAKING_IN])
def test_stopping_in_the_middle_takes_nothing_in(
    district: Workplace, laptop: Workplace, stick: Path, note: str
) -> None:
    register_many(laptop, 1100)
    path = hand(laptop, stick).path
    stop = StopAt(note, 1000)
    with pytest.raises(CancelledError):
        take_in(district, [path], stop)
    assert (1000, stop.steps[-1][1], note) == stop.steps[-1]
    assert feed_of(laptop) not in content(district)
    assert kept(district) == []
    assert take(district, path)[0].fresh > 1100


def test_a_feed_that_grew_meanwhile_is_looked_at_again(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    register(laptop)
    take(district, hand(laptop, stick).path)
    register(laptop)
    data = BytesIO(hand(laptop, stick).path.read_bytes())
    grounds = grounds_of(district)
    examined = examine(data, grounds, lambda _: None)
    keys = [district.session.seal]
    verified = verify(data, examined, keys, grounds, {feed_of(laptop): 1}, lambda _: None)
    before = content(district)
    with pytest.raises(StaleError, match=r"bundle\.overtaken"), district.journal.begin() as work:
        Merge(work, verified, {feed_of(laptop): 1})
    assert content(district) == before


def test_a_feed_held_without_proof_is_proved_by_a_later_bundle(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    applicant = register(laptop)
    take(district, hand(laptop, stick).path)
    feed = feed_of(laptop)
    with district.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE feed SET identity = NULL, lead = NULL, lead_public = NULL WHERE feed = ?",
            (feed,),
        )
    take(district, hand(laptop, stick).path)
    with district.database.read() as connection:
        row = load_feeds(connection)[feed]
    assert row.identity is not None
    assert row.facts.lead == laptop.own_feed().facts.lead
    assert row_of(district, "applicant", applicant)


def test_a_full_disk_here_is_no_fault_of_the_bundle(
    district: Workplace, laptop: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = hand(laptop, stick).path

    def full(*_: object, **__: object) -> object:
        raise WorkplaceError("disk.full", cause="ENOSPC")

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "verify", full)
        (failed,) = take(district, path)
    assert (failed.outcome, failed.reason) == ("failed", "disk.full")
    assert feed_of(laptop) not in content(district)
    assert take(district, path)[0].outcome == "taken_in"


def test_what_is_no_file_is_refused_before_it_is_copied(district: Workplace, stick: Path) -> None:
    stick.mkdir()
    os.mkfifo(stick / "pipe.enb")
    (refused,) = take(district, stick / "pipe.enb")
    assert (refused.outcome, refused.reason) == ("refused", "file.not_regular")


def test_what_a_crash_left_in_the_inbox_is_cleaned_or_taken_in(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    path = hand(laptop, stick).path
    take(district, stick / "none.enb")
    folder = district.folder / inbox.INBOX
    (folder / ".~0123456789abcdef").write_bytes(b"half a copy")
    (folder / f"{'0' * 64}.enb").write_bytes(path.read_bytes())
    (taken,) = take(district)
    assert taken.outcome == "taken_in"
    assert kept(district) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE projected_acknowledgement SET hash = 'other'",
        "UPDATE projected_acknowledgement SET sequence = NULL",
        "UPDATE projected_acknowledgement SET record = 'gone'",
    ],
)
def test_an_acknowledgement_of_another_branch_says_nothing(
    district: Workplace, laptop: Workplace, stick: Path, change: str
) -> None:
    take(district, hand(laptop, stick).path)
    take(laptop, reply(district, stick).path)
    with laptop.database.write() as connection:
        feeds = load_feeds(connection)
        assert acknowledgements(connection, feeds, SCHOOL).keys() == {feed_of(laptop)}
        connection.exec_driver_sql(change)
        assert acknowledgements(connection, feeds, SCHOOL) == {}


def test_the_last_export_counts_whatever_the_order(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    hand(laptop, stick)
    register(laptop)
    hand(laptop, stick)
    feed = feed_of(laptop)
    with laptop.database.read() as connection:
        last = said_to_hold(connection, SCHOOL)[feed][feed]
    with laptop.database.write() as connection:
        connection.exec_driver_sql("UPDATE projected_bundle_export SET number = 9 WHERE number = 1")
        assert said_to_hold(connection, SCHOOL)[feed][feed] < last


def test_a_gap_that_was_filled_meanwhile_is_not_asked_for(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    take(district, hand(laptop, stick).path)
    feed = feed_of(laptop)
    district.ensure_feed(SCHOOL)
    with district.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE received SET outcome = ?", (f"pending {feed}:1-2 unknown:1-9",)
        )
    assert acknowledge(district, SCHOOL) == 1
    assert row_of(district, "acknowledgement", feed)["missing"] is None
    assert acknowledge(district, SCHOOL) == 0


def test_only_a_rotten_scan_is_left_out(
    laptop: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> object:
        raise UntrustedError("seal.damaged")

    monkeypatch.setattr(writing, "write_bundle", bug)
    with pytest.raises(UntrustedError, match=r"seal\.damaged"):
        hand(laptop, stick)


@pytest.mark.parametrize("wrong", ["key", "school", "ticket"])
def test_a_direct_certificate_of_somebody_else_proves_nothing(
    site: Site, district: Workplace, laptop: Workplace, wrong: str
) -> None:
    authority = DistrictOffice(district)._authority()
    own = laptop.own_feed()
    subject = SigningKey.generate().public if wrong == "key" else own.public
    school = "2141041102" if wrong == "school" else SCHOOL
    roles = ["ticket"] if wrong == "ticket" else ["registrar"]
    line = issue(authority, subject, [f"school:{school}"], 5, roles, "note")
    with pytest.raises(UntrustedError, match=r"bundle\.unknown_signer"):
        prove(own.public, SCHOOL, line, district.district)
    good = issue(authority, own.public, [f"school:{SCHOOL}"], 6, ["registrar"], "note")
    facts = prove(own.public, SCHOOL, good, district.district)
    assert facts is not None
    assert (facts.scope, facts.lead) == (SCHOOL, None)


def test_no_date_on_a_certificate_decides(
    district: Workplace, laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dates are for stock tools: a laptop with a wrong clock must come to the same judgement."""
    authority, own = DistrictOffice(district)._authority(), laptop.own_feed()
    monkeypatch.setattr(certificate, "ALWAYS", 86_400)
    expired = issue(authority, own.public, [f"school:{SCHOOL}"], 6, ["registrar"], "of 1970")
    facts = prove(own.public, SCHOOL, expired, district.district)
    assert facts is not None
    assert facts.scope == SCHOOL
