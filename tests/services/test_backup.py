"""A backup is proved when made; what is restored is what was saved, under a new key."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import ProductError, RuleError, UntrustedError, WorkplaceError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.package import Policy
from desktop_app.security.computer import Standing
from desktop_app.security.slots import COPIES
from desktop_app.services import backup as backup_module
from desktop_app.services.backup import KEPT, LABEL, Label, back_up, find_backup, numbered
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.restoring import drill, restore_by_code, restore_by_password
from desktop_app.services.setup import NewFolder, create_workplace, open_workplace
from desktop_app.services.workplace import DATABASE_NAME, Workplace, closing, computer_folder
from desktop_app.storage.digest import state_digest
from desktop_app.storage.rows import read_rows
from tests.services.kit import form, let_in, number, registered
from tests.sync.site import PASSWORD, SCHOOL, content, feed_of

LEAD, NEW_PASSWORD = "赵志强", "autumn-maple-66"


@dataclass
class Desk:
    """A school's desk that was set up here, with the code on its paper."""

    root: Path
    policy: Policy
    workplace: Workplace
    code: str

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    def digest(self) -> str:
        with self.workplace.database.read() as connection:
            return state_digest(connection)

    def by_password(self, source: Path, name: str = "new") -> Workplace:
        restored = restore_by_password(source, self.root / name, LEAD, PASSWORD, self.policy)
        return restored.workplace

    def reopen(self) -> None:
        self.workplace = open_workplace(self.root / "desk", LEAD, PASSWORD, self.policy)


@pytest.fixture
def desk(tmp_path: Path, policy: Policy) -> Iterator[Desk]:
    new = NewFolder(tmp_path / "desk", "desk", SCHOOL, "made-up", LEAD)
    workplace, code = create_workplace(new, PASSWORD, policy)
    made = Desk(tmp_path, policy, workplace, code)
    registered(workplace)
    yield made
    made.workplace.close()


def names(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def flip(path: Path, at: float = 0.5) -> None:
    """Let one bit of a file rot."""
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= 0x10
    path.write_bytes(data)


def put_scan(workplace: Workplace, text: bytes = b"a sealed page") -> Path:
    return workplace.scans.path(workplace.scans.store(text))


def refuse_removal(monkeypatch: pytest.MonkeyPatch, *kept: str) -> None:
    """Let the disk remove everything but files of these names."""
    real = os.unlink

    def unlink(path: str | Path, *, dir_fd: int | None = None) -> None:
        if Path(path).name in kept:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        real(path, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", unlink)


# --- made ---------------------------------------------------------------------------------------


def test_a_backup_holds_what_opens_it_and_nothing_that_is_this_computer(desk: Desk) -> None:
    made = back_up(desk.workplace, desk.backups)
    assert names(made.path) == {
        "data.db",
        "backup.json",
        "seat.json",
        "vault/slots.a",
        "vault/slots.b",
    }
    assert (made.label.number, made.kept, made.rotten_scans) == (1, 1, 0)
    assert made.label.digest == desk.digest()


def test_the_newest_three_are_kept_and_numbers_are_never_given_again(desk: Desk) -> None:
    for turn in range(1, KEPT + 3):
        assert back_up(desk.workplace, desk.backups).label.number == turn
    assert numbered(desk.backups) == [3, 4, 5]
    shutil.rmtree(desk.backups / "backup-0003")
    assert back_up(desk.workplace, desk.backups).label.number == 6


def test_a_backup_the_disk_only_half_removes_is_never_taken_for_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(KEPT):
        back_up(desk.workplace, desk.backups)
    with monkeypatch.context() as patch:
        refuse_removal(patch, DATABASE_NAME)
        made = back_up(desk.workplace, desk.backups)
        assert (made.kept, numbered(desk.backups)) == (KEPT, [2, 3, 4])
        assert names(desk.backups / "backup-0001.part") == {DATABASE_NAME}
        # What an older removal left keeps no later backup back.
        assert back_up(desk.workplace, desk.backups).label.number == KEPT + 2
    back_up(desk.workplace, desk.backups)
    assert list(desk.backups.glob("*.part")) == []


def test_a_backup_the_disk_will_not_rename_stays_whole_and_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = [back_up(desk.workplace, desk.backups) for _ in range(KEPT)]
    real = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path == first.path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    assert back_up(desk.workplace, desk.backups).kept == KEPT + 1
    assert (first.path / LABEL).is_file()
    desk.by_password(first.path).close()


def test_a_drill_whose_folder_stays_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = back_up(desk.workplace, desk.backups)
    refuse_removal(monkeypatch, DATABASE_NAME)
    with pytest.raises(WorkplaceError) as told:
        drill(made.path, desk.root / "scratch", desk.code, NEW_PASSWORD, desk.policy)
    assert told.value.code == "backup.scratch_left"
    assert not (desk.root / "scratch").exists()


def test_what_a_refused_restore_could_not_take_away_stands_in_nobodys_way(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer, _ = three_backups(desk)
    whole = (newer / DATABASE_NAME).read_bytes()
    shutil.copyfile(older / DATABASE_NAME, newer / DATABASE_NAME)
    with monkeypatch.context() as patch:
        refuse_removal(patch, DATABASE_NAME)
        with pytest.raises(WorkplaceError) as refused:
            desk.by_password(newer)
    assert refused.value.code == "backup.differs"
    assert not (desk.root / "new").exists()
    (newer / DATABASE_NAME).write_bytes(whole)
    desk.by_password(newer).close()


def test_a_folder_that_cannot_be_renamed_is_emptied_after_a_refused_restore(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(desk.workplace, desk.backups)
    place = desk.root / "new"
    place.mkdir()

    def rename(_path: Path, _target: Path) -> Path:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(RuleError) as refused:
        restore_by_password(made.path, place, LEAD, "wrong-password-1", desk.policy)
    assert refused.value.code == "vault.wrong_password"
    assert not any(place.rglob("*"))


@pytest.mark.parametrize("step", ["copy_database", "copy_small", "_copy_scans", "write_atomically"])
def test_a_backup_that_broke_off_has_no_number_and_the_earlier_ones_stand(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = back_up(desk.workplace, desk.backups)

    def full(*_: object, **__: object) -> None:
        raise WorkplaceError("disk.full")

    with monkeypatch.context() as patch:
        patch.setattr(backup_module, step, full)
        with pytest.raises(WorkplaceError):
            back_up(desk.workplace, desk.backups)
    assert numbered(desk.backups) == [1]
    assert find_backup(desk.backups) == first.path
    assert back_up(desk.workplace, desk.backups).label.number == 2
    assert not list(desk.backups.glob("*.part"))


def test_a_copy_that_is_not_the_same_gets_no_number(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.storage.backup.check_copy", lambda *_: "another state")
    with pytest.raises(WorkplaceError) as refused:
        back_up(desk.workplace, desk.backups)
    assert refused.value.code == "backup.differs"
    assert numbered(desk.backups) == []


def test_a_backup_is_one_state_and_what_comes_later_is_not_in_it(desk: Desk) -> None:
    made = back_up(desk.workplace, desk.backups)
    later = registered(desk.workplace, id_number=number(order=300))
    with desk.by_password(made.path).database.read() as connection:
        assert state_digest(connection) == made.label.digest
    assert desk.digest() != made.label.digest
    assert later


def test_pages_are_copied_once_and_shared_by_all_backups(desk: Desk) -> None:
    put_scan(desk.workplace)
    first = back_up(desk.workplace, desk.backups)
    page = next((desk.backups / "scans").iterdir())
    before = page.stat().st_mtime_ns
    put_scan(desk.workplace, b"another sealed page")
    second = back_up(desk.workplace, desk.backups)
    assert (first.label.scans, second.label.scans) == (1, 2)
    assert page.stat().st_mtime_ns == before


def test_one_rotten_page_keeps_no_backup_from_being_made(desk: Desk) -> None:
    flip(put_scan(desk.workplace))
    good = put_scan(desk.workplace, b"another sealed page")
    made = back_up(desk.workplace, desk.backups)
    assert (made.label.scans, made.rotten_scans) == (1, 1)
    assert [one.name for one in (desk.backups / "scans").iterdir()] == [good.name]


def test_a_stranger_in_the_folder_of_backups_is_left_alone(desk: Desk) -> None:
    desk.backups.mkdir()
    for name in ("backup-1", "backup-00001x", "notes.txt"):
        (desk.backups / name).write_text("mine", encoding="utf-8")
    for _ in range(KEPT + 1):
        back_up(desk.workplace, desk.backups)
    assert numbered(desk.backups) == [2, 3, 4]
    assert (desk.backups / "notes.txt").read_text("utf-8") == "mine"
    assert (desk.backups / "backup-1").exists()


@pytest.mark.parametrize("made", [False, True])
def test_where_there_is_no_backup_it_is_said(tmp_path: Path, made: bool) -> None:
    if made:
        (tmp_path / "empty").mkdir()
    with pytest.raises(WorkplaceError) as refused:
        find_backup(tmp_path / "empty")
    assert refused.value.code == "backup.none"


# --- restored -----------------------------------------------------------------------------------


def three_backups(desk: Desk) -> list[Path]:
    paths = []
    for turn in range(KEPT):
        registered(desk.workplace, id_number=number(order=300 + 2 * turn))
        paths.append(back_up(desk.workplace, desk.backups).path)
    return paths


@pytest.mark.parametrize("back", range(KEPT))
@pytest.mark.parametrize("by", ["password", "code"])
def test_the_newest_and_the_two_before_restore_to_what_they_were(
    desk: Desk, by: str, back: int
) -> None:
    source = three_backups(desk)[-1 - back]
    label = msgspec.json.decode((source / LABEL).read_bytes(), type=Label)
    target = desk.root / "new"
    if by == "password":
        restored = restore_by_password(source, target, LEAD, PASSWORD, desk.policy)
        assert restored.recovery_code is None
    else:
        restored = restore_by_code(source, target, desk.code, LEAD, NEW_PASSWORD, desk.policy)
        assert restored.recovery_code not in {None, desk.code}
    with restored.workplace.database.read() as connection:
        assert state_digest(connection) == label.digest == restored.digest
        children = read_rows(connection, RECORD_TYPES["applicant"], SCHOOL, {})
    assert len(children) == 1 + KEPT - back
    restored.workplace.close()


def test_the_old_feed_is_never_continued_and_its_numbers_are_not_given_again(desk: Desk) -> None:
    made = back_up(desk.workplace, desk.backups)
    old, before = feed_of(desk.workplace), content(desk.workplace)
    lost = RegistrationDesk(desk.workplace).register(form(id_number=number(order=300)))
    workplace = desk.by_password(made.path)
    assert workplace.succeeded is Standing.MISSING
    given = RegistrationDesk(workplace).register(form(id_number=number(order=302)))
    after = content(workplace)
    assert given.receipt_number.rpartition("-")[0] != lost.receipt_number.rpartition("-")[0]
    assert after[old] == before[old]
    assert len(after[feed_of(workplace)]) > 0
    workplace.close()


def test_restored_in_the_place_of_the_lost_folder_it_is_a_successor_too(desk: Desk) -> None:
    made = back_up(desk.workplace, desk.backups)
    registered(desk.workplace, id_number=number(order=300))
    old = feed_of(desk.workplace)
    desk.workplace.close()
    shutil.rmtree(desk.root / "desk")
    desk.workplace = desk.by_password(made.path, "desk")
    assert desk.workplace.succeeded is Standing.RESTORED
    assert feed_of(desk.workplace) != old


def test_a_used_code_is_worth_nothing_in_the_restored_folder(desk: Desk) -> None:
    made = back_up(desk.workplace, desk.backups)
    first = restore_by_code(
        made.path, desk.root / "new", desk.code, LEAD, NEW_PASSWORD, desk.policy
    )
    again = back_up(first.workplace, desk.root / "later")
    first.workplace.close()
    with pytest.raises(RuleError) as refused:
        restore_by_code(again.path, desk.root / "x", desk.code, LEAD, NEW_PASSWORD, desk.policy)
    assert refused.value.code == "vault.wrong_code"
    assert first.recovery_code is not None
    fresh = first.recovery_code
    second = restore_by_code(again.path, desk.root / "x", fresh, LEAD, NEW_PASSWORD, desk.policy)
    second.workplace.close()


def test_the_code_lets_a_new_person_in_and_nobody_else_is_shut_out(desk: Desk) -> None:
    let_in(desk.workplace, "周敏", Role.REVIEWER)
    made = back_up(desk.workplace, desk.backups)
    target = desk.root / "new"
    opened = restore_by_code(made.path, target, desk.code, "新校长", NEW_PASSWORD, desk.policy)
    assert opened.workplace.session.person_name == "新校长"
    opened.workplace.close()
    for person in (LEAD, "周敏"):
        open_workplace(target, person, PASSWORD, desk.policy).close()


def test_who_restored_by_the_code_with_new_keys_writes_as_the_lead_of_the_new_feed(
    desk: Desk,
) -> None:
    made = back_up(desk.workplace, desk.backups)
    target = desk.root / "new"
    opened = restore_by_code(made.path, target, desk.code, "新校长", NEW_PASSWORD, desk.policy)
    workplace = opened.workplace
    record = registered(workplace, id_number=number(order=300))
    with workplace.journal.begin(workplace.actor()) as work:
        assert work.row("applicant", record).created_by == workplace.person
        assert workplace.person in {row.record for row in work.rows("person")}
    workplace.close()


def test_a_page_comes_back_with_the_rest_and_a_rotten_one_keeps_nothing_back(desk: Desk) -> None:
    good, bad = put_scan(desk.workplace), put_scan(desk.workplace, b"another sealed page")
    made = back_up(desk.workplace, desk.backups)
    flip(desk.backups / "scans" / bad.name)
    workplace = desk.by_password(made.path)
    assert workplace.scans.read(good.stem) == b"a sealed page"
    assert not workplace.scans.holds(bad.stem)
    workplace.close()


def gone(path: Path) -> None:
    path.unlink()


def torn(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [flip, gone, torn, empty])
@pytest.mark.parametrize("name", ["data.db", "backup.json", "seat.json", "slots"])
def test_a_damaged_backup_is_found_and_leaves_no_folder(
    desk: Desk, name: str, harm: Callable[[Path], None]
) -> None:
    made = back_up(desk.workplace, desk.backups)
    harmed = ("vault/slots.a", "vault/slots.b") if name == "slots" else (name,)
    for one in harmed:
        harm(made.path / one)
    with pytest.raises((UntrustedError, WorkplaceError)) as refused:
        restore_by_password(made.path, desk.root / "new", LEAD, PASSWORD, desk.policy)
    assert refused.value.code.partition(".")[0] in {"backup", "database", "vault", "seat", "disk"}
    assert not (desk.root / "new").exists()
    assert not computer_folder(desk.root / "new").exists()


def test_one_torn_copy_of_the_slots_does_not_matter(desk: Desk) -> None:
    made = back_up(desk.workplace, desk.backups)
    torn(made.path / "vault" / "slots.a")
    with closing(desk.by_password(made.path)) as restored:
        feed = feed_of(desk.workplace)
        assert content(restored)[feed] == content(desk.workplace)[feed]
    first, second = ((desk.root / "new" / "vault" / name).read_bytes() for name in COPIES)
    assert first == second == (made.path / "vault" / "slots.b").read_bytes()


def test_the_database_of_another_backup_under_this_label_is_found(desk: Desk) -> None:
    older, newer, _ = three_backups(desk)
    shutil.copyfile(older / DATABASE_NAME, newer / DATABASE_NAME)
    with pytest.raises(WorkplaceError) as refused:
        restore_by_password(newer, desk.root / "new", LEAD, PASSWORD, desk.policy)
    assert refused.value.code == "backup.differs"


@pytest.mark.parametrize(
    ("person", "password", "code"),
    [
        (LEAD, "wrong-password-1", "vault.wrong_password"),
        ("无名氏", PASSWORD, "vault.no_person"),
    ],
)
def test_who_may_not_open_it_gets_nothing_and_takes_nothing_away(
    desk: Desk, person: str, password: str, code: str
) -> None:
    made = back_up(desk.workplace, desk.backups)
    desk.workplace.close()
    # The data folder lies aside; this computer's own folder still stands beside its place.
    (desk.root / "desk").rename(desk.root / "aside")
    with pytest.raises(RuleError) as refused:
        restore_by_password(made.path, desk.root / "desk", person, password, desk.policy)
    assert refused.value.code == code
    assert not (desk.root / "desk").exists()
    (desk.root / "aside").rename(desk.root / "desk")
    desk.reopen()
    assert desk.workplace.succeeded is None


def test_nothing_is_restored_over_something(desk: Desk) -> None:
    made = back_up(desk.workplace, desk.backups)
    target = desk.root / "new"
    target.mkdir()
    (target / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        restore_by_password(made.path, target, LEAD, PASSWORD, desk.policy)
    assert refused.value.code == "command.not_empty"
    assert names(target) == {"mine.txt"}


def test_a_drill_proves_backup_and_paper_and_leaves_nothing(desk: Desk) -> None:
    made = back_up(desk.workplace, desk.backups)
    scratch = desk.root / "drill"
    assert drill(made.path, scratch, desk.code, NEW_PASSWORD, desk.policy) == made.label.digest
    assert not scratch.exists()
    assert not computer_folder(scratch).exists()
    wrong = desk.code[:-1] + ("A" if desk.code[-1] != "A" else "B")
    with pytest.raises(ProductError):
        drill(made.path, scratch, wrong, NEW_PASSWORD, desk.policy)
    assert not scratch.exists()


def test_a_joined_laptop_is_restored_with_its_district(
    laptop: Workplace, policy: Policy, tmp_path: Path
) -> None:
    registered(laptop)
    made = back_up(laptop, tmp_path / "backups")
    restored = restore_by_password(made.path, tmp_path / "new", LEAD, PASSWORD, policy)
    workplace = restored.workplace
    assert workplace.district == laptop.district
    assert workplace.own_feed().public == workplace.computer.key.public
    workplace.close()
