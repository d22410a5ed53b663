"""Older and later programs in one season: what one does not know the other keeps and hands on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desktop_app.domain.version import PROGRAM
from desktop_app.feeds.operation import Change, Operation, write
from desktop_app.security import district as documents
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage.digest import state_digest
from desktop_app.sync import bundle, writing
from desktop_app.sync.hello import read_hello
from desktop_app.sync.identity import prove
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.sync.manifest import Manifest, read_manifest
from desktop_app.sync.programs import OLDER
from desktop_app.sync.siteboard import site_board
from desktop_app.sync.trust import Grounds, examine, verify
from desktop_app.sync.verifying import verify_workplace
from tests.sync.first_format import HELLO, FirstFormat, digest_of, key_of
from tests.sync.forger import Forger, heads_text, inner_tar, opened
from tests.sync.site import (
    OTHER_SCHOOL,
    SCHOOL,
    Site,
    content,
    exchange_all,
    feed_of,
    hand,
    register,
    reply,
    row_of,
    take,
)

KINDS = ("pages", "volume", "submission", "answer", "sideways")


@pytest.fixture(scope="module")
def first(repository: Path) -> FirstFormat:
    return FirstFormat(repository / "tests" / "fixtures" / "first-format")


# --- what the first program wrote, for ever after -------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_a_bundle_of_the_first_format_is_read(first: FirstFormat, name: str) -> None:
    fixture = first.said()
    said = next(one for one in fixture.bundles if one.file == f"{name}.enb")
    trusted = documents.read(first.document(), fingerprint=fixture.fingerprint)
    grounds = Grounds(None if said.at_district else SCHOOL, trusted, {})
    with (first.folder / said.file).open("rb") as file:
        examined = examine(file, grounds, lambda _: None)
        verified = verify(file, examined, [key_of(said)], grounds, {}, lambda _: None)
    manifest = examined.manifest
    assert (manifest.carrier.feed, manifest.number, manifest.purpose) == (
        said.carrier,
        said.number,
        said.purpose,
    )
    assert verified.kept is not None
    assert len(verified.kept) == said.operations
    assert digest_of([one.line() for one in verified.kept]) == said.lines
    spans = {feed: (s.head.after, s.head.to, s.head.hash) for feed, s in verified.spans.items()}
    assert spans == said.feeds
    assert set(verified.facts) == set(said.feeds)
    assert sorted(examined.outer.scans) == said.pages


def test_a_hello_of_the_first_format_is_read(first: FirstFormat) -> None:
    fixture = first.said()
    said = read_hello((first.folder / HELLO).read_bytes())
    trusted = documents.read(first.document(), fingerprint=fixture.fingerprint)
    facts = prove(said.key, said.scope, said.identity, trusted)
    assert facts is not None
    assert facts.feed == fixture.hello_of


def test_the_first_bundles_are_folded_by_todays_program(site: Site, first: FirstFormat) -> None:
    fixture = first.said()
    office = site.set_up("later", "district", "410411")
    office.district = documents.read(first.document(), fingerprint=fixture.fingerprint)
    office.session.seal = key_of(fixture.bundles[0])
    names = [f"{name}.enb" for name in ("volume", "pages", "submission")]
    taken = take(office, *(first.folder / name for name in names))
    assert [(one.name, one.outcome) for one in taken] == [
        ("volume.enb", "pending"),
        ("pages.enb", "taken_in"),
        ("submission.enb", "taken_in"),
        ("volume.enb", "taken_in"),
    ]
    with office.database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT full_name, id_number FROM projected_applicant ORDER BY full_name"
        ).all()
    assert [tuple(row) for row in found] == [("单梓涵", "419999201803142640")] * 2
    assert len(list(office.scans.digests())) == 2
    assert verify_workplace(office, Progress()).flaws == ()


# --- what a later program writes ------------------------------------------------------------------


def later_manifest(manifest: Manifest) -> bytes:
    """Write what a later format adds, readable from format 1 on."""
    loose: dict[str, Any] = msgspec.to_builtins(manifest)
    return msgspec.json.encode({**loose, "format": 3, "weather": {"rain": [1, 2]}})


def test_a_later_manifest_that_names_this_reader_is_read(
    district: Workplace, laptop: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = register(laptop)
    with monkeypatch.context() as patch:
        patch.setattr(bundle, "write_manifest", later_manifest)
        handed = hand(laptop, stick)
    with handed.path.open("rb") as file:
        assert read_manifest(bundle.read_outer(file).manifest_bytes).format == 3
    assert take(district, handed.path)[0].outcome == "taken_in"
    assert row_of(district, "applicant", record)["full_name"] == "单梓涵"


def later_operations(laptop: Workplace, lines: list[bytes]) -> list[Operation]:
    """Write in the laptop's own feed as a later program would: a kind, a field, a schema to come."""
    feed = feed_of(laptop)
    row = laptop.own_feed()
    assert row.hash is not None
    record = "0190a7c0-0000-7000-8000-000000000001"
    changes: tuple[tuple[str, str, int, Mapping[str, str]], ...] = (
        ("pet", record, 1, {"full_name": "旺财"}),
        ("applicant", record, 99, {"full_name": "李梓涵", "star_sign": "双鱼"}),
        ("guardian", record, 1, {"full_name": "李志远", "shoe_size": "43"}),
    )
    made: list[Operation] = []
    for kind, name, schema, values in changes:
        change = Change(kind, name, "create", schema, dict(values), {})
        previous = made[-1].hash if made else row.hash
        made.append(
            write(
                change,
                feed=feed,
                sequence=row.sequence + len(made) + 1,
                previous=previous,
                person=laptop.person,
                stamp=(1_720_000_000_000, len(made)),
                salt=bytes(16),
            )
        )
    return made


def test_what_a_later_program_wrote_is_kept_and_handed_on_to_the_byte(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    sibling = site.laptop(district, "sibling")
    stranger = site.laptop(district, "stranger", OTHER_SCHOOL)
    record = register(laptop)
    take(district, hand(sibling, stick).path, hand(stranger, stick).path)
    true = opened(hand(laptop, stick).path, district.session.seal)
    written = later_operations(laptop, true.lines)
    feed = feed_of(laptop)
    forger = Forger(laptop)
    heads = [
        msgspec.structs.replace(forger.head(head, written), after=head.after)
        if head.feed == feed
        else head
        for head in true.heads
    ]
    ends = {head.feed: head.to for head in heads}
    held = [one for one in true.lines if f'"feed":"{feed}"'.encode() in one]
    others = [one for one in true.lines if one not in held]
    ordered = {feed: held + [one.line() for one in written]}
    lines = [
        line
        for head in heads
        for line in ordered.get(
            head.feed, [one for one in others if f'"feed":"{head.feed}"'.encode() in one]
        )
    ]
    tar = inner_tar(heads_text(heads), b"".join(line + b"\n" for line in lines))
    later = stick / "later.enb"
    later.write_bytes(forger.bundle(true, tar, feeds=len(heads), operations=len(lines)))
    (taken,) = take(district, later)
    assert (taken.outcome, taken.reason) == ("taken_in", "")
    truth = [line + b"\n" for line in ordered[feed]]
    assert content(district)[feed] == truth
    assert len(truth) == ends[feed]
    # What is known shows; the rest is held, and the answer hands all of it on, byte for byte.
    assert row_of(district, "applicant", record)["full_name"] == "单梓涵"
    answered = reply(district, stick).path
    assert take(sibling, answered)[0].outcome == "taken_in"
    assert content(sibling)[feed] == truth
    # A third one that holds nothing gets it sideways, and everybody has the same digest.
    third = site.laptop(district, "third")
    back = hand(third, stick).path
    (sideways, *_) = take(third, hand(sibling, stick).path)
    assert sideways.outcome == "taken_in"
    assert content(third)[feed] == truth
    for one in (district, sibling, third):
        assert verify_workplace(one, Progress()).flaws == ()
    assert take(sibling, back)[0].outcome == "taken_in"
    digests = []
    for one in (sibling, third):
        with one.database.read() as connection:
            digests.append(state_digest(connection, SCHOOL))
    assert digests[0] == digests[1]


# --- mixed versions are seen ----------------------------------------------------------------------


def as_version(patch: pytest.MonkeyPatch, version: str) -> None:
    """Have bundles packed as another version of the program would, or as the first format."""
    real = writing.Writer._manifest

    def other(self: writing.Writer, *given: Any) -> Manifest:
        made = real(self, *given)
        if version == OLDER:
            unset = msgspec.UNSET
            return msgspec.structs.replace(made, format=1, program=unset, policy=unset)
        return msgspec.structs.replace(made, program=version)

    patch.setattr(writing.Writer, "_manifest", other)


@pytest.mark.parametrize("version", ["0.0.9", "7.2.1", OLDER])
def test_a_laptop_with_another_program_is_seen_on_both_boards_until_it_is_brought_up(
    site: Site,
    district: Workplace,
    laptop: Workplace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
) -> None:
    sibling = site.laptop(district, "sibling")
    record = register(sibling)
    with monkeypatch.context() as patch:
        as_version(patch, version)
        exchange_all(district, [laptop, sibling], tmp_path / "before", rounds=1)
        late = hand(sibling, tmp_path / "late").path
    (first,) = take(laptop, late)
    assert first.outcome == "taken_in"
    assert row_of(laptop, "applicant", record)

    def seen() -> tuple[str, bool, str]:
        feed = feed_of(sibling)
        line = next(one for one in site_board(laptop).lines if one.feed == feed)
        known = next(one for one in LaptopDesk(district).lines() if one.feed == feed)
        return line.packed_with.program, line.is_other_program, known.packed_with.program

    assert seen() == (version, True, version)
    new = hand(sibling, tmp_path / "new").path
    take(laptop, new)
    take(district, new)
    assert seen() == (PROGRAM, False, PROGRAM)
    # An older bundle that comes late takes nothing of it back.
    take(laptop, late)
    assert seen() == (PROGRAM, False, PROGRAM)
    own = next(one for one in site_board(laptop).lines if one.own)
    assert not own.is_other_program
