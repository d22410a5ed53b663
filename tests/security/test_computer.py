"""This computer knows its own key, and notices a database that was restored or copied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import RuleError, UntrustedError, WorkplaceError
from desktop_app.durable import files
from desktop_app.security import computer as module
from desktop_app.security.computer import SLOT_BYTES, Standing, ThisComputer, standing
from desktop_app.security.vault import Vault
from tests.security.conftest import OTHER_PASSWORD, PASSWORD, Clock, School

FEED, OTHER_FEED = "f" * 20, "g" * 20
HASHES = {number: f"{number:064x}" for number in range(1, 100)}


class Desk:
    """A data folder with its computer folder beside it."""

    def __init__(self, root: Path) -> None:
        self.school = School(root / "data", Clock())
        self.folder = root / "this-computer"
        self.computer = ThisComputer.create(self.folder, self.school.session)

    def open(self) -> ThisComputer:
        return ThisComputer.open(self.folder, self.school.session)

    def standing(self, sequence: int, hashes: dict[int, str] | None = None) -> Standing:
        known = HASHES if hashes is None else hashes
        return standing(self.folder, self.school.session, FEED, sequence, known.get)

    def hurt(self, offset: int, data: bytes) -> None:
        with (self.folder / "anchor").open("r+b") as file:
            file.seek(offset)
            file.write(data)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_replica_s_key_comes_back_with_every_login(desk: Desk) -> None:
    session = desk.school.login()
    assert ThisComputer.open(desk.folder, session).key.public == desk.computer.key.public
    secret = bytes(desk.computer.key.private_bytes())
    assert all(secret not in path.read_bytes() for path in desk.folder.iterdir())


def test_there_is_one_key_until_a_successor_replaces_it(desk: Desk) -> None:
    desk.computer.advance(FEED, 1, HASHES[1])
    with pytest.raises(RuleError) as raised:
        ThisComputer.create(desk.folder, desk.school.session)
    assert raised.value.code == "computer.exists"
    successor = ThisComputer.create(desk.folder, desk.school.session, successor=True)
    assert successor.key.public != desk.computer.key.public
    assert desk.open().anchor() == {}


def test_the_anchor_moves_forward_and_never_back(desk: Desk) -> None:
    desk.computer.advance(FEED, 1, HASHES[1])
    desk.computer.advance_all({FEED: (5, HASHES[5]), OTHER_FEED: (2, HASHES[2])})
    desk.computer.advance(FEED, 3, HASHES[3])
    expected = {FEED: (5, HASHES[5]), OTHER_FEED: (2, HASHES[2])}
    assert desk.computer.anchor() == expected
    assert desk.open().anchor() == expected, "without sync, for the system survives our crash"


def test_moving_the_anchor_costs_no_fsync_and_sync_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    monkeypatch.setattr("desktop_app.durable.files.os.fsync", calls.append)
    desk.computer.advance(FEED, 1, HASHES[1])
    assert calls == []
    desk.computer.sync()
    assert len(calls) == 2


def test_how_the_database_stands_to_the_anchor(desk: Desk) -> None:
    assert desk.standing(0) is Standing.SAME
    assert desk.standing(4) is Standing.AHEAD_OK, "a feed the anchor does not know yet"
    desk.computer.advance(FEED, 5, HASHES[5])
    assert desk.standing(5) is Standing.SAME
    assert desk.standing(7) is Standing.AHEAD_OK
    assert desk.standing(4) is Standing.RESTORED
    assert desk.standing(0) is Standing.RESTORED
    other = {**HASHES, 5: HASHES[6]}
    assert desk.standing(5, other) is Standing.FORKED
    assert desk.standing(7, other) is Standing.FORKED
    assert desk.standing(7, {}) is Standing.FORKED


def test_a_copied_folder_is_told_from_the_one_that_was_made(desk: Desk, tmp_path: Path) -> None:
    desk.computer.advance(FEED, 5, HASHES[5])
    copied = tmp_path / "copied"
    shutil.copytree(desk.folder, copied)
    session = desk.school.session
    assert standing(copied, session, FEED, 5, HASHES.get) is Standing.COPIED
    with pytest.raises(UntrustedError) as raised:
        ThisComputer.open(copied, session)
    assert raised.value.code == "computer.copied"
    desk.folder.rename(tmp_path / "away")
    copied.rename(desk.folder)
    assert desk.standing(5) is Standing.COPIED, "put back in the old place it is still a copy"


def test_a_moved_folder_is_still_the_same(desk: Desk, tmp_path: Path) -> None:
    desk.folder.rename(tmp_path / "moved")
    assert ThisComputer.open(tmp_path / "moved", desk.school.session).anchor() == {}


def test_a_missing_folder_or_key_is_missing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(WorkplaceError) as raised:
        ThisComputer.open(tmp_path / "none", desk.school.session)
    assert raised.value.code == "computer.missing"
    (desk.folder / "anchor").unlink()
    assert desk.standing(0) is Standing.COPIED, "an anchor put back would be another file"
    (desk.folder / "key").unlink()
    assert desk.standing(0) is Standing.MISSING


def test_a_lost_anchor_is_missing(desk: Desk) -> None:
    desk.computer.advance(FEED, 5, HASHES[5])
    desk.hurt(0, bytes(3 * SLOT_BYTES))
    opened = desk.open()
    assert opened.anchor_lost
    assert opened.anchor() == {}
    assert desk.standing(5) is Standing.MISSING
    opened.sync()
    assert desk.open().anchor_lost, "nothing is made up"
    opened.advance(FEED, 6, HASHES[6])
    assert desk.open().anchor() == {FEED: (6, HASHES[6])}


def test_an_unreadable_anchor_is_lost_and_not_a_crash(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.read_limited

    def failing(path: Path, limit: int) -> bytes:
        if path.name == "anchor":
            raise WorkplaceError("disk.failed")
        return real(path, limit)

    monkeypatch.setattr(module, "read_limited", failing)
    assert desk.open().anchor_lost


def test_a_failing_disk_is_not_taken_for_a_missing_folder(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> bytes:
        raise WorkplaceError("disk.failed")

    monkeypatch.setattr(module, "read_limited", failing)
    with pytest.raises(WorkplaceError) as raised:
        desk.standing(0)
    assert raised.value.code == "disk.failed"


def test_another_vault_does_not_open_it(desk: Desk, tmp_path: Path) -> None:
    foreign, _ = Vault.create(tmp_path / "other", "A", PASSWORD)
    assert standing(desk.folder, foreign, FEED, 0, HASHES.get) is Standing.MISSING


def test_a_torn_slot_falls_back_to_the_one_before(desk: Desk) -> None:
    for number in range(1, 8):
        desk.computer.advance(FEED, number, HASHES[number])
    last = 7 % 2
    desk.hurt(last * SLOT_BYTES + 30, b"torn")
    assert desk.open().anchor() == {FEED: (6, HASHES[6])}
    assert desk.standing(7) is Standing.AHEAD_OK


def test_a_power_cut_that_tears_both_leaves_what_was_synced(desk: Desk) -> None:
    desk.computer.advance(FEED, 5, HASHES[5])
    desk.computer.sync()
    for number in range(6, 20):
        desk.computer.advance(FEED, number, HASHES[number])
    for slot in (0, 1):
        desk.hurt(slot * SLOT_BYTES + 10, b"torn")
    assert desk.open().anchor() == {FEED: (5, HASHES[5])}


def test_an_old_slot_pasted_back_does_not_win(desk: Desk) -> None:
    desk.computer.advance(FEED, 1, HASHES[1])
    old = (desk.folder / "anchor").read_bytes()[SLOT_BYTES : 2 * SLOT_BYTES]
    for number in (2, 3):
        desk.computer.advance(FEED, number, HASHES[number])
    desk.hurt(SLOT_BYTES, old)
    assert desk.open().anchor() == {FEED: (2, HASHES[2])}


def test_more_feeds_than_fit_are_told(desk: Desk) -> None:
    heads = {f"{number:020d}": (1, HASHES[1]) for number in range(4000)}
    with pytest.raises(WorkplaceError) as raised:
        desk.computer.advance_all(heads)
    assert raised.value.code == "computer.too_many_feeds"


def test_closing_makes_the_anchor_durable(desk: Desk) -> None:
    desk.computer.advance(FEED, 5, HASHES[5])
    desk.computer.close()
    for slot in (0, 1):
        desk.hurt(slot * SLOT_BYTES, bytes(100))
    assert desk.open().anchor() == {FEED: (5, HASHES[5])}


# --- rotation -------------------------------------------------------------------------------------


def test_the_key_moves_to_the_new_master_key_before_the_old_one_goes(desk: Desk) -> None:
    session = desk.school.session
    session.add_person("登记员", OTHER_PASSWORD)
    clerk = desk.school.login("登记员", OTHER_PASSWORD)
    session.remove_person("登记员")
    session.finish_rotation(desk.computer)
    assert desk.open().key.public == desk.computer.key.public
    assert standing(desk.folder, clerk, FEED, 0, HASHES.get) is Standing.MISSING


def test_opening_during_a_rotation_moves_the_key(desk: Desk) -> None:
    desk.school.session.rotate()
    again = desk.school.login()
    public = ThisComputer.open(desk.folder, again).key.public
    assert ThisComputer.open(desk.folder, again).key.public == public
    again.finish_rotation()
    assert ThisComputer.open(desk.folder, desk.school.login()).key.public == public


# --- damage ----------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(position=st.integers(0, 10**6), bit=st.integers(0, 7), cut=st.booleans())
def test_any_change_of_the_key_file_is_found(
    tmp_path_factory: pytest.TempPathFactory, position: int, bit: int, *, cut: bool
) -> None:
    desk = Desk(tmp_path_factory.mktemp("flip"))
    data = bytearray((desk.folder / "key").read_bytes())
    place = position % len(data)
    if cut:
        del data[place:]
    else:
        data[place] ^= 1 << bit
    (desk.folder / "key").write_bytes(data)
    assert desk.standing(0) is Standing.MISSING


@settings(max_examples=60)
@given(
    flips=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 300), st.integers(0, 7)), max_size=4)
)
def test_flipped_bits_of_the_anchor_are_found_or_what_it_says_was_true(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int, int]]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("flip"))
    for number in range(1, 6):
        desk.computer.advance(FEED, number, HASHES[number])
    desk.computer.sync()
    data = bytearray((desk.folder / "anchor").read_bytes())
    for slot, place, bit in flips:
        data[slot * SLOT_BYTES + place] ^= 1 << bit
    desk.hurt(0, bytes(data))
    said = desk.open().anchor().get(FEED)
    assert said is None or said in {(number, HASHES[number]) for number in (4, 5)}
