"""Who opens a folder is the computer that made it, or a successor; never the old one's ghost.

The old feed is never continued, no receipt number is given twice, whatever is missing, copied or
put back, and wherever the power was cut in between.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.domain.errors import RuleError, UntrustedError, WorkplaceError
from desktop_app.durable.folder import FolderLock
from desktop_app.policy.package import Policy
from desktop_app.security.computer import Standing, ThisComputer
from desktop_app.security.slots import COPIES
from desktop_app.services import setup
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.setup import NewFolder, create_workplace, open_workplace
from desktop_app.services.workplace import DATABASE_NAME, GENERATION, Workplace, computer_folder
from desktop_app.storage import oplog
from desktop_app.storage.digest import state_digest
from desktop_app.storage.settings import Settings
from tests.services.kit import form, number, registered
from tests.sync.site import PASSWORD, SCHOOL, Site, content, feed_of, hand, take

LEAD = "赵志强"


class PowerCutError(Exception):
    """Stands for the plug being pulled between two steps."""


def cut(*_: object, **__: object) -> None:
    raise PowerCutError


def shut(site: Site, workplace: Workplace) -> Path:
    """Close a workplace as at the end of a day; give its folder."""
    workplace.close()
    site.opened.remove(workplace)
    return workplace.folder


def digest(workplace: Workplace) -> str:
    with workplace.database.read() as connection:
        return state_digest(connection)


def receipt(workplace: Workplace, order: int) -> str:
    """Register one more child; give the number that stands on the family's paper."""
    saved = RegistrationDesk(workplace).register(form(id_number=number(order=order)))
    return saved.receipt_number


def lose_computer(folder: Path) -> None:
    shutil.rmtree(computer_folder(folder))


def lose_key(folder: Path) -> None:
    (computer_folder(folder) / "key").unlink()


def lose_anchor(folder: Path) -> None:
    (computer_folder(folder) / "anchor").unlink()


def zero_anchor(folder: Path) -> None:
    """Leave what a dying disk may leave of a file: its length."""
    anchor = computer_folder(folder) / "anchor"
    with anchor.open("r+b") as file:
        file.write(bytes(anchor.stat().st_size))


def copy_computer(folder: Path) -> None:
    """Put a copy of the folder in the place of the one that was made here."""
    place = computer_folder(folder)
    shutil.copytree(place, place.with_name("copied"))
    shutil.rmtree(place)
    place.with_name("copied").rename(place)


def spoil_key(folder: Path) -> None:
    key = computer_folder(folder) / "key"
    data = bytearray(key.read_bytes())
    data[len(data) // 2] ^= 0x40
    key.write_bytes(data)


LOSSES: tuple[tuple[Callable[[Path], None], Standing], ...] = (
    (lose_computer, Standing.MISSING),
    (lose_key, Standing.MISSING),
    (lose_anchor, Standing.COPIED),
    (zero_anchor, Standing.MISSING),
    (copy_computer, Standing.COPIED),
    (spoil_key, Standing.MISSING),
)


@pytest.mark.parametrize(("lose", "standing"), LOSSES)
def test_without_its_own_folder_a_computer_is_a_successor(
    site: Site, laptop: Workplace, lose: Callable[[Path], None], standing: Standing
) -> None:
    registered(laptop)
    before, old, state = content(laptop), feed_of(laptop), digest(laptop)
    lose(shut(site, laptop))
    successor = site.reopen("laptop")
    assert successor.succeeded is standing
    assert feed_of(successor) != old
    assert digest(successor) == state
    assert receipt(successor, 300)
    assert content(successor)[old] == before[old]


def test_the_same_computer_goes_on_in_its_feed(site: Site, laptop: Workplace) -> None:
    registered(laptop)
    old = feed_of(laptop)
    again = site.again(laptop)
    assert again.succeeded is None
    assert feed_of(again) == old
    assert receipt(again, 300)
    assert again.own_feed().sequence > 0


def test_a_moved_data_folder_with_its_computer_is_still_the_same(
    site: Site, laptop: Workplace
) -> None:
    old = feed_of(laptop)
    folder = shut(site, laptop)
    moved = folder.with_name("elsewhere")
    folder.rename(moved)
    computer_folder(folder).rename(computer_folder(moved))
    assert feed_of(site.reopen("elsewhere")) == old


def test_an_older_database_put_back_is_noticed_by_the_anchor(site: Site, laptop: Workplace) -> None:
    registered(laptop)
    folder = shut(site, laptop)
    old = (folder / DATABASE_NAME).read_bytes()
    laptop = site.reopen("laptop")
    first, later = feed_of(laptop), receipt(laptop, 300)
    shut(site, laptop)
    (folder / DATABASE_NAME).write_bytes(old)
    restored = site.reopen("laptop")
    assert restored.succeeded is Standing.RESTORED
    assert feed_of(restored) != first
    assert receipt(restored, 302).split("-")[:2] != later.split("-")[:2]


def slot_files(folder: Path) -> dict[Path, bytes]:
    places = [folder / "vault" / name for name in COPIES]
    return {place: place.read_bytes() for place in places}


def test_an_older_slot_file_put_back_is_said_and_locks_nobody_out(
    site: Site, laptop: Workplace
) -> None:
    older = slot_files(laptop.folder)
    laptop.session.change_password(PASSWORD, "autumn-maple-66")
    folder = shut(site, laptop)
    newer = slot_files(folder)
    for place, content_of in older.items():
        place.write_bytes(content_of)
    for order in (301, 303):
        again = site.reopen(folder.name)
        assert again.older_vault
        assert receipt(again, order)
        shut(site, again)
    for place, content_of in newer.items():
        place.write_bytes(content_of)
    opened = open_workplace(folder, LEAD, "autumn-maple-66", site.policy)
    site.opened.append(opened)
    assert not opened.older_vault
    assert opened.succeeded is None


def test_a_full_disk_at_the_counter_of_slot_files_keeps_nobody_out(
    site: Site, laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.session.change_password(PASSWORD, "autumn-maple-66")
    laptop.session.change_password("autumn-maple-66", PASSWORD)

    def full(*_: object) -> None:
        raise WorkplaceError("disk.full")

    with monkeypatch.context() as patch:
        patch.setattr(Settings, "set", full)
        folder = shut(site, laptop)
        shut(site, site.reopen(folder.name))
    again = site.reopen(folder.name)
    assert not again.older_vault
    assert again.settings.get(GENERATION) == str(again.session.generation)


def test_another_history_under_the_same_name_is_noticed_by_the_anchor(
    site: Site, laptop: Workplace
) -> None:
    folder = shut(site, laptop)
    place, old = folder / DATABASE_NAME, (folder / DATABASE_NAME).read_bytes()
    anchor = computer_folder(folder) / "anchor"
    early = anchor.read_bytes()
    own = site.reopen("laptop")
    first, _ = feed_of(own), receipt(own, 300)
    shut(site, own)
    late = anchor.read_bytes()
    # An image of the disk as it was in the morning goes on with another child...
    place.write_bytes(old)
    with anchor.open("r+b") as file:
        file.write(early)
    twin = site.reopen("laptop")
    assert (feed_of(twin), twin.succeeded) == (first, None)
    receipt(twin, 302)
    shut(site, twin)
    # ...and meets the anchor of the history that was lived.
    with anchor.open("r+b") as file:
        file.write(late)
    found = site.reopen("laptop")
    assert found.succeeded is Standing.FORKED
    assert feed_of(found) != first


def test_an_image_of_both_folders_makes_two_computers_that_never_share_a_number(
    site: Site, laptop: Workplace
) -> None:
    given = [receipt(laptop, 300)]
    folder = shut(site, laptop)
    twin = folder.with_name("twin")
    shutil.copytree(folder, twin)
    shutil.copytree(computer_folder(folder), computer_folder(twin))
    first, second = site.reopen("laptop"), site.reopen("twin")
    assert (first.succeeded, second.succeeded) == (None, Standing.COPIED)
    assert feed_of(first) != feed_of(second)
    for order in range(302, 306):
        given += [receipt(first, order), receipt(second, order + 100)]
    assert len({one.rpartition("-")[0] for one in given}) == len(given)


def test_twins_meet_at_the_district_and_both_their_children_arrive(
    site: Site, district: Workplace, laptop: Workplace, stick: Path, tmp_path: Path
) -> None:
    registered(laptop)
    folder = shut(site, laptop)
    shutil.copytree(folder, folder.with_name("twin"))
    first, second = site.reopen("laptop"), site.reopen("twin")
    receipt(first, 310)
    hand(first, stick)
    assert [one.outcome for one in take(district, stick)] == ["taken_in"]
    # Whoever succeeded has to join with a ticket of its own before it is believed.
    receipt(second, 312)
    site.join(district, second)
    hand(second, tmp_path / "second")
    assert [one.outcome for one in take(district, tmp_path / "second")] == ["taken_in"]
    for twin in (first, second):
        assert content(district)[feed_of(twin)] == content(twin)[feed_of(twin)]


def test_a_successor_of_a_successor_still_gives_fresh_numbers(
    site: Site, laptop: Workplace
) -> None:
    given, marks = [receipt(laptop, 300)], set()
    for turn in range(4):
        folder = shut(site, laptop)
        lose_computer(folder)
        laptop = site.reopen("laptop")
        given.append(receipt(laptop, 302 + 2 * turn))
    marks = {"-".join(one.split("-")[:2]) for one in given}
    assert len(marks) == len(given)


@pytest.mark.parametrize("lose", [lose_computer, lose_key, copy_computer])
def test_power_cut_in_a_succession_never_lets_the_old_feed_go_on(
    site: Site,
    laptop: Workplace,
    monkeypatch: pytest.MonkeyPatch,
    lose: Callable[[Path], None],
) -> None:
    registered(laptop)
    old, state = feed_of(laptop), digest(laptop)
    lose(shut(site, laptop))
    for owner, step in ((oplog, "disown"), (setup, "_begin_feed"), (setup, "grant_own_block")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, step, cut)
            with pytest.raises(PowerCutError):
                site.reopen("laptop")
    successor = site.reopen("laptop")
    assert successor.succeeded is Standing.MISSING
    assert feed_of(successor) != old
    assert digest(successor) == state
    assert receipt(successor, 300)
    feed = feed_of(successor)
    assert feed_of(site.again(successor)) == feed


def test_power_cut_between_the_new_computer_and_its_key_is_made_good(
    site: Site, laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = feed_of(laptop)
    lose_computer(shut(site, laptop))
    with monkeypatch.context() as patch:
        patch.setattr(ThisComputer, "reseal", cut)
        with pytest.raises(PowerCutError):
            site.reopen("laptop")
    assert feed_of(site.reopen("laptop")) != old


@pytest.mark.parametrize("step", ["_begin_feed", "_introduce_first_person"])
def test_power_cut_in_a_set_up_leaves_a_folder_that_opens(
    site: Site, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(setup, step, cut)
        with pytest.raises(PowerCutError):
            site.set_up("desk", "desk", SCHOOL)
    opened = site.reopen("desk")
    assert opened.succeeded is None
    assert receipt(opened, 300)


def test_a_set_up_is_done_once(site: Site, policy: Policy, laptop: Workplace) -> None:
    new = NewFolder(laptop.folder, "desk", SCHOOL, "made-up", LEAD)
    with pytest.raises(RuleError) as refused:
        create_workplace(new, PASSWORD, policy)
    assert refused.value.code == "workplace.exists"


@pytest.mark.parametrize(
    ("kind", "code", "told"),
    [
        ("teacher", SCHOOL, "seat.unknown"),
        ("desk", "21410411", "seat.code"),
        ("school", "２１４１０４１１０１", "seat.code"),
        ("district", SCHOOL, "seat.code"),
        ("district", "41041a", "seat.code"),
    ],
)
def test_a_seat_that_is_none_makes_nothing(
    tmp_path: Path, policy: Policy, kind: str, code: str, told: str
) -> None:
    with pytest.raises(RuleError) as refused:
        create_workplace(NewFolder(tmp_path / "x", kind, code, "made-up", LEAD), PASSWORD, policy)
    assert refused.value.code == told
    assert not (tmp_path / "x").exists()


def test_a_weak_password_leaves_a_folder_that_can_still_be_set_up(
    tmp_path: Path, policy: Policy
) -> None:
    new = NewFolder(tmp_path / "x", "desk", SCHOOL, "made-up", LEAD)
    with pytest.raises(RuleError):
        create_workplace(new, "12345678", policy)
    workplace, _ = create_workplace(new, PASSWORD, policy)
    workplace.close()


def test_a_second_program_is_refused_and_the_first_goes_on(
    site: Site, policy: Policy, laptop: Workplace
) -> None:
    with pytest.raises(WorkplaceError) as refused:
        open_workplace(laptop.folder, LEAD, PASSWORD, policy)
    assert refused.value.code == "folder.in_use"
    assert receipt(laptop, 300)


def test_whatever_refuses_at_the_door_lets_go_of_the_folder(
    site: Site, policy: Policy, laptop: Workplace
) -> None:
    folder = shut(site, laptop)
    for person, password in ((LEAD, "wrong-password-1"), ("无名氏", PASSWORD)):
        with pytest.raises(RuleError):
            open_workplace(folder, person, password, policy)
    with FolderLock(folder):
        pass
    assert site.reopen("laptop").succeeded is None


def test_after_many_wrong_passwords_even_the_right_one_waits(
    site: Site, policy: Policy, laptop: Workplace
) -> None:
    folder = shut(site, laptop)
    codes = []
    for _ in range(5):
        with pytest.raises(RuleError) as refused:
            open_workplace(folder, LEAD, "wrong-password-1", policy)
        codes.append(refused.value.code)
    assert codes == ["vault.wrong_password"] * 4 + ["vault.wait"]
    with pytest.raises(RuleError) as refused:
        open_workplace(folder, LEAD, PASSWORD, policy)
    assert refused.value.code == "vault.wait"
    assert int(refused.value.details["seconds"]) > 0


def empty_database(folder: Path) -> None:
    (folder / DATABASE_NAME).unlink()


def empty_vault(folder: Path) -> None:
    shutil.rmtree(folder / "vault")


def empty_seat(folder: Path) -> None:
    (folder / "seat.json").unlink()


def spoil_page(folder: Path) -> None:
    with (folder / DATABASE_NAME).open("r+b") as file:
        file.seek(100)
        byte = file.read(1)[0]
        file.seek(100)
        file.write(bytes([byte ^ 1]))


@pytest.mark.parametrize(
    ("harm", "family", "code"),
    [
        (empty_database, WorkplaceError, "workplace.missing"),
        (empty_vault, WorkplaceError, "vault.missing"),
        (empty_seat, WorkplaceError, "disk.missing"),
        (spoil_page, UntrustedError, "database.wrong_key_or_damaged"),
    ],
)
def test_a_harmed_folder_is_told_and_nothing_is_made_anew(
    site: Site,
    laptop: Workplace,
    harm: Callable[[Path], None],
    family: type[Exception],
    code: str,
) -> None:
    folder = shut(site, laptop)
    harm(folder)
    before = {one.name: one.stat().st_size for one in folder.iterdir() if one.is_file()}
    with pytest.raises(family) as refused:
        site.reopen("laptop")
    assert getattr(refused.value, "code", "") == code
    after = {one.name: one.stat().st_size for one in folder.iterdir() if one.is_file()}
    assert after == before


def test_no_folder_is_no_folder(tmp_path: Path, policy: Policy) -> None:
    with pytest.raises(WorkplaceError) as refused:
        open_workplace(tmp_path / "none", LEAD, PASSWORD, policy)
    assert refused.value.code == "workplace.missing"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"kind":"desk","code":"12","name":"x"}',
        b'{"kind":"king","code":"2141041101","name":"x"}',
        b"\xff\xfe",
        b"[" * 2000,
        b'{"kind":7,"code":"2141041101","name":"x"}',
    ],
)
def test_a_damaged_seat_is_untrusted(site: Site, laptop: Workplace, data: bytes) -> None:
    folder = shut(site, laptop)
    (folder / "seat.json").write_bytes(data)
    with pytest.raises(UntrustedError) as refused:
        site.reopen("laptop")
    assert refused.value.code == "seat.damaged"


def test_a_newer_program_s_database_is_left_alone(site: Site, laptop: Workplace) -> None:
    with laptop.database.raw() as connection:
        connection.execute("PRAGMA user_version=9999")
    folder = shut(site, laptop)
    before = (folder / DATABASE_NAME).read_bytes()
    with pytest.raises(UntrustedError) as refused:
        site.reopen("laptop")
    assert refused.value.code == "database.newer"
    assert (folder / DATABASE_NAME).read_bytes() == before
    assert not (folder / f"{DATABASE_NAME}-wal").exists()
