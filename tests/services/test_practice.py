"""Practice: made-up people in a folder of their own, which is gone afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from desktop_app.commands.practice import furnish_practice
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.security.vault import Vault
from desktop_app.services import practice
from desktop_app.services.day import DayDesk
from desktop_app.services.form import assess
from desktop_app.services.policies import shipped_policy
from desktop_app.services.practice import begin_practice, sweep_practice
from desktop_app.services.progress import Progress
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import PRACTICE_MARK, Workplace
from desktop_app.storage.rows import read_rows
from desktop_app.sync.accepting import request
from desktop_app.sync.outbox import export

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def names_below(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*")}


def test_practice_has_made_up_people_of_its_own_and_leaves_nothing(tmp_path: Path) -> None:
    real, policy = tmp_path / "data", shipped_policy()
    made = begin_practice(real, policy, furnish_practice)
    workplace = made.workplace
    assert workplace.practice
    assert not real.exists()
    assert workplace.session.person_name == practice.TRAINEE
    with workplace.database.read() as connection:
        children = read_rows(connection, RECORD_TYPES["applicant"], workplace.seat.scope, {})
    assert len(children) == 8
    numbers = [one.text("id_number") for one in children if one.text("id_type") == "1"]
    assert numbers
    assert all(number.startswith("419999") for number in numbers)
    assert not assess(made.lesson, policy, "P1").blocks
    saved = RegistrationDesk(workplace).register(made.lesson)
    assert ReceiptDesk(workplace).view(saved.record).practice
    assert DayDesk(workplace).summary().registered == 9
    with pytest.raises(RuleError) as refused:
        practice.refuse_practice(workplace)
    assert refused.value.code == "practice.stays"
    with pytest.raises(RuleError) as refused:
        export(workplace, tmp_path, Progress())
    assert refused.value.code == "practice.stays"
    with pytest.raises(RuleError) as refused:
        request(workplace, tmp_path)
    assert refused.value.code == "practice.stays"
    assert sweep_practice(real) == 0  # it runs
    workplace.close()
    made.end()
    assert names_below(tmp_path) == set()


def test_what_a_crash_left_opens_to_nobody_and_is_erased_by_the_next_start(tmp_path: Path) -> None:
    real = tmp_path / "data"
    made = begin_practice(real, shipped_policy(), furnish_practice)
    made.workplace.close()
    made.lock.release()  # as the system does for a process that was killed
    vault = Vault.open(made.root / "data")
    assert {one.name for one in vault.people()} == {practice.TRAINER, practice.TRAINEE}
    with pytest.raises(RuleError):
        vault.unlock(practice.TRAINEE, "sunflower-41")
    assert sweep_practice(real) == 1
    assert names_below(tmp_path) == set()


def test_nothing_but_practice_is_swept_from_its_place(tmp_path: Path) -> None:
    """The place is a name beside the data folder; somebody may have put real data there."""
    real, place = tmp_path / "school", tmp_path / "school.practice"
    other = begin_practice(tmp_path / "other", shipped_policy(), furnish_practice)
    other.workplace.close()
    other.lock.release()
    (other.root / "data" / PRACTICE_MARK).unlink()  # a real folder has none
    other.root.rename(place)
    shutil.copytree(place / "data", place / "0123456789abcdef" / "data")
    (place / "photos").mkdir()
    before = names_below(place)
    assert sweep_practice(real) == 0
    assert names_below(place) == before


def test_a_place_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "documents" / "0123456789abcdef").mkdir(parents=True)
    (tmp_path / "school.practice").symlink_to(tmp_path / "documents")
    assert sweep_practice(tmp_path / "school") == 0
    assert (tmp_path / "documents" / "0123456789abcdef").is_dir()


def test_what_was_half_erased_is_erased_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = begin_practice(tmp_path / "data", shipped_policy(), furnish_practice)
    made.workplace.close()
    really, killed = shutil.rmtree, list[Path]()

    def stop(path: Path, **options: Any) -> None:
        killed.append(path)
        if len(killed) == 1:
            really(path, **options)

    monkeypatch.setattr(shutil, "rmtree", stop)
    made.end()
    monkeypatch.setattr(shutil, "rmtree", really)
    (made.root / "data" / PRACTICE_MARK).unlink()
    assert sweep_practice(tmp_path / "data") == 1
    assert names_below(tmp_path) == set()


def test_a_practice_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    def broken(_workplace: Workplace) -> dict[str, str]:
        raise RuleError("form.incomplete", field="full_name")

    with pytest.raises(RuleError):
        begin_practice(tmp_path / "data", shipped_policy(), broken)
    assert names_below(tmp_path) == set()
