"""A new key for the database: whatever step the power is cut at, nothing and nobody is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.security.computer import ThisComputer
from desktop_app.security.session import Session
from desktop_app.security.slots import SlotFile
from desktop_app.services.backup import back_up
from desktop_app.services.people import PeopleDesk
from desktop_app.services.restoring import restore_by_code, restore_by_password
from desktop_app.services.rotation import finish_rotation
from desktop_app.services.setup import NewFolder, create_workplace
from desktop_app.services.workplace import Workplace
from desktop_app.storage.database import Database
from desktop_app.storage.digest import state_digest
from tests.services.kit import let_in, number, registered
from tests.sync.site import PASSWORD, SCHOOL, Site, feed_of

LEAD, REVIEWER = "赵志强", "周敏"


class PowerCutError(Exception):
    """Stands for the plug being pulled between two steps."""


def cut(*_: object, **__: object) -> None:
    raise PowerCutError


def digest(workplace: Workplace) -> str:
    with workplace.database.read() as connection:
        return state_digest(connection)


def cut_after(step: Callable[..., object]) -> Callable[..., object]:
    """Let a step be done, and cut the power then."""

    def done(*given: object, **named: object) -> object:
        step(*given, **named)
        raise PowerCutError

    return done


def before(owner: type, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(owner, name, cut)


def after(owner: type, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(owner, name, cut_after(getattr(owner, name)))


STEPS = {
    "before the slots are written": before(Session, "store_with_new_master"),
    "both keys in the slots": after(Session, "store_with_new_master"),
    "before the rekey": before(Database, "rekey"),
    "after the rekey": after(Database, "rekey"),
    "before the check": before(Database, "damaged_pages"),
    "after the check": after(Database, "damaged_pages"),
    "before the computer is sealed anew": before(ThisComputer, "reseal"),
    "after the computer is sealed anew": after(ThisComputer, "reseal"),
    "before the last write of the slots": before(Session, "_forget"),
    "after everything": after(Session, "finish_rotation"),
}


def pull_the_plug(site: Site, workplace: Workplace) -> None:
    """Leave without any orderly step but what the system does: files closed, lock gone."""
    workplace.database.close()
    workplace.lock.release()
    site.opened.remove(workplace)


@pytest.mark.parametrize("step", STEPS)
def test_power_cut_at_any_step_of_ending_somebody_loses_nothing(
    site: Site, laptop: Workplace, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    registered(laptop)
    let_in(laptop, REVIEWER, Role.REVIEWER)
    feed = feed_of(laptop)
    with monkeypatch.context() as patch:
        STEPS[step](patch)
        with pytest.raises(PowerCutError):
            PeopleDesk(laptop).end(REVIEWER)
    state = digest(laptop)
    pull_the_plug(site, laptop)
    opened = site.reopen("laptop")
    assert opened.succeeded is None
    assert feed_of(opened) == feed
    assert digest(opened) == state
    assert not opened.session.rotation_pending
    assert registered(opened, id_number=number(order=300))
    assert site.again(opened).succeeded is None


@pytest.mark.parametrize("step", ["after the rekey", "before the computer is sealed anew"])
def test_power_cut_twice_in_one_rotation_loses_nothing(
    site: Site, laptop: Workplace, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    registered(laptop)
    state = digest(laptop)
    with monkeypatch.context() as patch:
        STEPS[step](patch)
        laptop.session.rotate()
        with pytest.raises(PowerCutError):
            finish_rotation(laptop.session, laptop.database, laptop.computer)
        pull_the_plug(site, laptop)
        with pytest.raises(PowerCutError):
            site.reopen("laptop")
    assert digest(site.reopen("laptop")) == state


def test_one_torn_copy_of_the_slots_in_mid_rotation_is_mended(
    site: Site, laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(laptop)
    state = digest(laptop)
    with monkeypatch.context() as patch:
        STEPS["after the rekey"](patch)
        laptop.session.rotate()
        with pytest.raises(PowerCutError):
            finish_rotation(laptop.session, laptop.database, laptop.computer)
    pull_the_plug(site, laptop)
    torn = laptop.folder / "vault" / "slots.a"
    torn.write_bytes(torn.read_bytes()[:100])
    opened = site.reopen("laptop")
    assert digest(opened) == state
    assert len(SlotFile(opened.folder).copies()) == 2


def test_the_database_opens_under_the_new_key_alone(site: Site, laptop: Workplace) -> None:
    old = bytes(laptop.session.database_key())
    laptop.session.rotate()
    finish_rotation(laptop.session, laptop.database, laptop.computer)
    new = bytes(laptop.session.database_key())
    path = laptop.database.path
    laptop.close()
    site.opened.remove(laptop)
    assert new != old
    with pytest.raises(UntrustedError):
        Database(path, lambda: bytearray(old))
    Database(path, lambda: bytearray(new)).close()


def test_after_a_rotation_the_same_sitting_goes_on(laptop: Workplace) -> None:
    let_in(laptop, REVIEWER, Role.REVIEWER)
    PeopleDesk(laptop).end(REVIEWER)
    # Two at a time: the second connection is opened with the key the database holds on to.
    with laptop.database.read() as first, laptop.database.read() as second:
        assert state_digest(first) == state_digest(second)
    assert laptop.database.damaged_pages() == 0
    let_in(laptop, "刘素琴", Role.REVIEWER)
    PeopleDesk(laptop).end("刘素琴")
    with laptop.database.read() as first, laptop.database.read() as second:
        assert state_digest(first) == state_digest(second)


def test_a_backup_made_right_after_somebody_ended_is_restored(
    site: Site, laptop: Workplace, tmp_path: Path
) -> None:
    registered(laptop)
    let_in(laptop, REVIEWER, Role.REVIEWER)
    PeopleDesk(laptop).end(REVIEWER)
    made = back_up(laptop, tmp_path / "backups")
    restored = restore_by_password(made.path, tmp_path / "new", LEAD, PASSWORD, site.policy)
    with pytest.raises(RuleError) as refused:
        restore_by_password(made.path, tmp_path / "his", REVIEWER, PASSWORD, site.policy)
    restored.workplace.close()
    assert restored.digest == made.label.digest
    assert refused.value.code == "vault.no_person"


@pytest.mark.parametrize("by", ["password", "code"])
@pytest.mark.parametrize("step", ["before the rekey", "before the last write of the slots"])
def test_a_backup_made_in_mid_rotation_is_restored(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch, step: str, by: str
) -> None:
    new = NewFolder(tmp_path / "desk", "desk", SCHOOL, "made-up", LEAD)
    workplace, code = create_workplace(new, PASSWORD, site.policy)
    site.opened.append(workplace)
    registered(workplace)
    workplace.session.rotate()
    with monkeypatch.context() as patch:
        STEPS[step](patch)
        if step == "before the last write of the slots":
            patch.setattr(Session, "finish_rotation", cut)
        with pytest.raises(PowerCutError):
            finish_rotation(workplace.session, workplace.database, workplace.computer)
    made = back_up(workplace, tmp_path / "backups")
    target = tmp_path / "restored"
    if by == "code":
        restored = restore_by_code(made.path, target, code, LEAD, PASSWORD, site.policy)
    else:
        restored = restore_by_password(made.path, target, LEAD, PASSWORD, site.policy)
    site.opened.append(restored.workplace)
    assert restored.digest == made.label.digest == digest(restored.workplace)
    assert not restored.workplace.session.rotation_pending


def test_a_damaged_page_stops_the_rotation_and_the_old_key_is_kept(
    laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.session.rotate()
    monkeypatch.setattr(Database, "damaged_pages", lambda _: 1)
    with pytest.raises(UntrustedError) as refused:
        finish_rotation(laptop.session, laptop.database, laptop.computer)
    assert refused.value.code == "database.damaged"
    assert laptop.session.rotation_pending
    assert laptop.session.database_key() != laptop.session.next_database_key()


def test_nothing_is_rekeyed_where_no_rotation_is_pending(
    laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "rekey", cut)
    finish_rotation(laptop.session, laptop.database, laptop.computer)
    with pytest.raises(RuleError) as refused:
        laptop.session.next_database_key_kept()
    assert refused.value.code == "vault.no_rotation"
