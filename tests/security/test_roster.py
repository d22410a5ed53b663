"""The login page's names come from the newest whole copy, and cost no cryptography."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.domain.errors import ProductError
from desktop_app.security import roster
from desktop_app.security.vault import Vault

HEAVY = ("cryptography", "pyrage", "msgspec", "desktop_app.security.vault")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    session, _ = Vault.create(tmp_path, "赵志强", bytearray(b"a long made-up sentence 7"))
    session.close()
    return tmp_path


def test_it_names_whom_the_vault_names(folder: Path) -> None:
    assert roster.is_present(folder)
    assert roster.names(folder) == ("赵志强",)
    assert [one.name for one in Vault.open(folder).people()] == ["赵志强"]


def test_one_torn_copy_is_passed_over_and_two_are_damage(folder: Path) -> None:
    first, second = roster.slot_paths(folder)
    first.write_bytes(first.read_bytes()[:-9])
    assert roster.names(folder) == ("赵志强",)
    second.write_bytes(second.read_bytes().replace(b'"suite"', b'"suitE"'))
    with pytest.raises(ProductError) as caught:
        roster.names(folder)
    assert caught.value.code == "vault.damaged"


def test_no_vault_and_one_of_another_suite_are_told_apart(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ProductError) as caught:
        roster.names(tmp_path / "elsewhere")
    assert caught.value.code == "vault.missing"
    for path in roster.slot_paths(folder):
        body, mac = roster.unframe(path.read_bytes())
        path.write_bytes(roster.frame(body.replace(roster.SUITE.encode(), b"other"), mac))
    with pytest.raises(ProductError) as caught:
        roster.names(folder)
    assert caught.value.code == "vault.unknown_suite"


def test_no_cryptography_is_imported_for_the_names() -> None:
    program = (
        "import sys, desktop_app.security.roster, desktop_app.services.seat;"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[]"
