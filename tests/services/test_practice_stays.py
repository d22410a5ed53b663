"""Practice stays where it is: nothing of it leaves, and nothing of it is left, come what may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.commands.practice import furnish_practice
from desktop_app.documents.queue_slip import queue_slip_html
from desktop_app.domain.errors import ProductError, RuleError, WorkplaceError
from desktop_app.durable.folder import FolderLock
from desktop_app.security.vault import Vault
from desktop_app.services.exporting import ExportDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.practice import (
    Practice,
    begin_practice,
    end_practice,
    practice_place,
    refuse_practice,
    sweep_practice,
)
from desktop_app.services.progress import Progress
from desktop_app.services.queueing import QueueDesk
from desktop_app.services.workplace import PRACTICE_MARK, Workplace
from desktop_app.sync.accepting import request
from desktop_app.sync.joining import use_ticket
from desktop_app.sync.outbox import export
from tests.services.kit import VILLAGE, form, registered

pytestmark = pytest.mark.usefixtures("cheap_passwords")

Begin = Callable[[], Practice]


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """Give the place of a data folder, which practice never makes nor touches."""
    return tmp_path / "here" / "data"


@pytest.fixture
def begin(real: Path) -> Iterator[Begin]:
    """Begin practice without families, quickly; whatever is begun is ended."""
    real.parent.mkdir()
    begun: list[Practice] = []

    def made() -> Practice:
        begun.append(begin_practice(real, shipped_policy(), lambda _: form()))
        return begun[-1]

    yield made
    for one in begun:
        if one.root.exists():
            crash(one)
        one.end()


def crash(practice: Practice) -> None:
    """Leave everything as a process does that was killed."""
    practice.workplace.close()
    practice.lock.release()


def test_nothing_leaves_by_any_way_out_and_every_way_says_why(begin: Begin, tmp_path: Path) -> None:
    workplace = begin().workplace
    registered(workplace)
    out = tmp_path / "stick"
    out.mkdir()
    ways: tuple[Callable[[], object], ...] = (
        lambda: refuse_practice(workplace),
        lambda: export(workplace, out, Progress()),
        lambda: request(workplace, out),
        lambda: use_ticket(workplace, b"", "x", "y"),
        lambda: ExportDesk(workplace).export("all", out, "核对"),
    )
    for way in ways:
        with pytest.raises(RuleError) as caught:
            way()
        assert caught.value.code == "practice.stays"
    assert list(out.iterdir()) == []


def test_a_real_workplace_is_refused_nothing(laptop: Workplace) -> None:
    assert not laptop.practice
    refuse_practice(laptop)


def test_numbers_of_practice_say_on_the_slip_that_they_do_not_count(
    begin: Begin, laptop: Workplace
) -> None:
    practice, desk = QueueDesk(begin().workplace), QueueDesk(laptop)
    slip, counted = practice.slip(practice.give(VILLAGE, "A1")), desk.slip(desk.give(VILLAGE, "A1"))
    assert (slip.practice, counted.practice) == (True, False)
    assert "练习" in queue_slip_html(slip)
    assert "练习" not in queue_slip_html(counted)
    assert desk.view().count("waiting") == 1, "nothing of practice is in the real queue"


def test_practice_lies_beside_the_data_folder_and_the_data_folder_is_left_alone(
    begin: Begin, real: Path
) -> None:
    real.parent.joinpath("data").mkdir()
    (real / "kept").write_text("x")
    practice = begin()
    assert practice.root.parent == practice_place(real)
    assert real not in practice.root.parents
    assert [one.name for one in real.iterdir()] == ["kept"]
    crash(practice)
    assert sweep_practice(real) == 1
    assert (real / "kept").read_text() == "x"


def test_a_second_practice_begins_beside_one_that_runs_and_erases_what_a_crash_left(
    begin: Begin, real: Path
) -> None:
    first, second = begin(), begin()
    assert first.root != second.root
    assert first.root.is_dir(), "one that runs is let be"
    crash(first)
    third = begin()
    assert not first.root.exists()
    assert second.root.is_dir()
    assert {one.name for one in practice_place(real).iterdir() if one.is_dir()} >= {
        second.root.name,
        third.root.name,
    }


def test_keys_of_what_a_crash_left_are_drawn_anew_each_time(begin: Begin) -> None:
    first, second = begin(), begin()
    for one in (first, second):
        crash(one)
    vaults = [Vault.open(one.root / "data") for one in (first, second)]
    for vault in vaults:
        for person in vault.people():
            for guess in ("", "练习", person.name, "sunflower-41"):
                with pytest.raises(ProductError):
                    vault.unlock(person.name, guess)


@pytest.mark.parametrize(
    "torn",
    [
        (),
        ("data",),
        ("data/practice", "data/vault.json.part"),
        ("data/scans/ab/cd", "data/database", "data/database-wal"),
    ],
)
def test_whatever_a_crash_left_half_made_is_erased(tmp_path: Path, torn: tuple[str, ...]) -> None:
    real = tmp_path / "data"
    root = practice_place(real) / "0123456789abcdef"
    root.mkdir(parents=True)
    for name in torn:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"torn")
    assert sweep_practice(real) == 1
    assert sweep_practice(real) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_practice_leads_to_nothing_that_is_erased(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "kept").write_text("x")
    place = practice_place(tmp_path / "data")
    place.mkdir()
    (place / "linked").symlink_to(precious)
    assert sweep_practice(tmp_path / "data") == 0
    end_practice(place / "linked")
    assert (precious / "kept").read_text() == "x"


def test_what_another_process_holds_is_let_be_until_it_lets_go(tmp_path: Path) -> None:
    real = tmp_path / "data"
    root = practice_place(real) / "0123456789abcdef"
    root.mkdir(parents=True)
    lock = FolderLock(root)
    assert sweep_practice(real) == 0
    assert root.is_dir()
    lock.release()
    assert sweep_practice(real) == 1
    assert not practice_place(real).exists()


def test_an_ended_practice_ends_twice_without_harm(begin: Begin, real: Path) -> None:
    practice = begin()
    crash(practice)
    practice.end()
    practice.end()
    end_practice(practice.root)
    assert list(real.parent.iterdir()) == []


@pytest.mark.parametrize(
    "error", [RuleError("form.incomplete"), WorkplaceError("disk.full"), KeyboardInterrupt()]
)
def test_a_beginning_that_breaks_off_leaves_nothing_and_no_lock(
    tmp_path: Path, error: BaseException
) -> None:
    real = tmp_path / "data"

    def broken(_workplace: Workplace) -> dict[str, str]:
        raise error

    with pytest.raises(type(error)):
        begin_practice(real, shipped_policy(), broken)
    assert list(tmp_path.iterdir()) == []
    again = begin_practice(real, shipped_policy(), lambda _: form())
    again.workplace.close()
    again.end()
    assert list(tmp_path.iterdir()) == []


def test_the_lesson_is_of_none_of_the_families_that_are_registered_already(tmp_path: Path) -> None:
    practice = begin_practice(tmp_path / "data", shipped_policy(), furnish_practice)
    try:
        lesson = practice.lesson
        assert lesson["category"] == "A1"
        assert all(lesson[one] for one in ("id_number", "guardian_phone", "current_address"))
        assert registered(practice.workplace, **lesson), "it is registered as it stands"
    finally:
        practice.workplace.close()
        practice.end()


def test_a_mark_in_a_real_folder_makes_nobody_up(laptop: Workplace, tmp_path: Path) -> None:
    """It lies in clear: whoever can write there could stop a school's exports by an empty file."""
    registered(laptop)
    (laptop.folder / PRACTICE_MARK).touch()
    assert not laptop.practice
    (tmp_path / "stick").mkdir()
    assert export(laptop, tmp_path / "stick", Progress()).path.exists()
