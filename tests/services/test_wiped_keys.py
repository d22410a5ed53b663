"""An opening that fails leaves no key in memory and no file open: nobody is left to wipe them."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.errors import ProductError, UntrustedError, WorkplaceError
from desktop_app.security.session import Session
from desktop_app.security.vault import Vault
from desktop_app.services import restoring, setup
from desktop_app.services.backup import back_up
from desktop_app.services.restoring import restore_by_password
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import DATABASE_NAME, Workplace
from tests.sync.site import PASSWORD, Site

LEAD = "赵志强"


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> list[bytearray]:
    """Give the master keys of every session from now on, as they lie in memory."""
    held: list[bytearray] = []
    unlock, create = Vault.unlock, Vault.create

    def remember(session: Session) -> Session:
        held.extend(session._masters.values())
        return session

    def create_remembered(*given: object) -> tuple[Session, str]:
        session, code = create(*given)  # type: ignore[arg-type]
        return remember(session), code

    monkeypatch.setattr(Vault, "unlock", lambda *given: remember(unlock(*given)))
    monkeypatch.setattr(Vault, "create", create_remembered)
    return held


def wiped(keys: list[bytearray]) -> bool:
    return bool(keys) and not any(any(key) for key in keys)


def fail(*_: object) -> None:
    raise WorkplaceError("disk.failed")


def test_a_damaged_database_leaves_no_key(
    site: Site, laptop: Workplace, keys: list[bytearray]
) -> None:
    site.close()
    database = laptop.folder / DATABASE_NAME
    database.write_bytes(bytes(4096) + database.read_bytes()[4096:])
    with pytest.raises(UntrustedError):
        open_workplace(laptop.folder, LEAD, PASSWORD, site.policy)
    assert wiped(keys)


def test_a_set_up_the_disk_refuses_leaves_no_key(
    site: Site, keys: list[bytearray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "pin_seat", fail)
    with pytest.raises(WorkplaceError):
        site.set_up("new", "school", "2141041101")
    assert wiped(keys)


def test_a_restore_that_fails_leaves_no_key_and_no_folder(
    site: Site,
    laptop: Workplace,
    keys: list[bytearray],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back_up(laptop, tmp_path / "backups")
    monkeypatch.setattr(restoring, "_proven_digest", fail)
    with pytest.raises(ProductError):
        restore_by_password(tmp_path / "backups", tmp_path / "again", LEAD, PASSWORD, site.policy)
    assert wiped(keys)
    assert not (tmp_path / "again").exists()


def test_who_is_in_keeps_the_keys(site: Site, laptop: Workplace, keys: list[bytearray]) -> None:
    """The control: keys that are in use are not wiped."""
    site.again(laptop)
    assert not wiped(keys)
