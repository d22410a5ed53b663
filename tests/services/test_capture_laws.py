"""Whatever a scanning program and a registrar do in turn, a page is one case's, and once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import CancelledError, RuleError, WorkplaceError
from desktop_app.services.capture import CaptureDesk
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from tests.documents.pictures import jpeg, picture, png
from tests.sync.site import Site

WHOLE = jpeg(picture((32, 20)))
STEPS = st.lists(st.sampled_from(["save", "half", "finish", "case", "take", "delete"]), max_size=14)


def save(folder: Path, name: str, data: bytes = WHOLE, at: int = 1) -> Path:
    """Save a page as a scanning program does, at a second of its clock."""
    place = folder / name
    place.write_bytes(data)
    os.utime(place, ns=(at * 10**9, at * 10**9))
    return place


def offered(desk: CaptureDesk) -> list[str]:
    """Name the pages that are offered, none where the desk says so."""
    try:
        return [one.name for one in desk.waiting()]
    except RuleError as refused:
        if refused.code not in {"scan.nothing_new", "scan.unfinished"}:
            raise
        return []


def desk_at(laptop: Workplace, folder: Path) -> CaptureDesk:
    made = CaptureDesk(laptop, lambda _seconds: None)
    made.watch(folder)
    return made


@given(steps=STEPS)
@settings(max_examples=25)
def test_no_page_is_offered_to_two_cases_nor_twice_nor_before_it_is_whole(
    laptop: Workplace, steps: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve()
        desk = desk_at(laptop, folder)
        desk.begin("case")
        mine: list[str] = []
        half: list[str] = []
        late: list[str] = []
        for at, step in enumerate(steps, 1):
            name = f"{at:02}.jpg"
            if step == "save":
                mine.append(save(folder, name, at=at).name)
            elif step == "half":
                half.append(save(folder, name, WHOLE[:-40], at=at).name)
            elif step == "finish" and half + late:
                done = (half + late)[0]
                save(folder, done, at=at)
                if done in half:
                    half.remove(done)
                    mine.append(done)
                else:
                    late.remove(done)  # it was begun for the case before
            elif step == "case":
                desk.begin(f"case {at}")
                late, mine, half = late + half, [], []
            elif step == "take" and mine and not half:
                desk.taken(folder / mine.pop())
            elif step == "delete" and mine:
                (folder / mine.pop(0)).unlink()
            assert offered(desk) == ([] if half else mine)


def test_what_a_scanner_overwrites_under_one_name_is_a_new_page_each_time(
    laptop: Workplace, tmp_path: Path
) -> None:
    desk = desk_at(laptop, tmp_path)
    desk.begin("case")
    for at in range(1, 5):
        page = save(tmp_path, "scan.jpg", WHOLE, at)
        assert desk.newest() == page
        desk.taken(page)
        assert offered(desk) == []


def test_a_page_taken_and_deleted_by_its_scanner_is_new_when_its_name_comes_again(
    laptop: Workplace, tmp_path: Path
) -> None:
    desk = desk_at(laptop, tmp_path)
    desk.begin("case")
    page = save(tmp_path, "scan.jpg", at=1)
    page.unlink()
    desk.taken(page)
    save(tmp_path, "scan.jpg", at=1)
    assert offered(desk) == ["scan.jpg"]


def test_names_are_pictures_in_any_case_of_letters_and_nothing_else(
    laptop: Workplace, tmp_path: Path
) -> None:
    desk = desk_at(laptop, tmp_path)
    desk.begin("case")
    for name in ("a.txt", "b", "c.jpg.part", "~d.jpg", ".e.jpg", "f.tmp", "g.exe", "h.jp"):
        save(tmp_path, name)
    assert offered(desk) == []
    names = ["1.JPG", "2.jPeG", "3.png", "4.BMP", "5.tif", "6.pdf", "罗雨桐 户口簿.jpg"]
    for at, name in enumerate(names, 1):
        save(tmp_path, name, png() if name.endswith("png") else WHOLE, at)
    assert offered(desk) == names
    save(tmp_path, "8.gif", b"", 9)
    assert offered(desk) == []  # an empty file is one that is only begun


def test_the_folder_is_remembered_and_what_lay_in_it_stays_nobody_s(
    site: Site, laptop: Workplace, tmp_path: Path
) -> None:
    save(tmp_path, "old.jpg")
    desk = desk_at(laptop, tmp_path)
    assert desk.folder() == tmp_path.resolve()
    desk.begin("case")
    assert offered(desk) == []
    again = CaptureDesk(site.again(laptop), lambda _seconds: None)
    assert again.folder() == tmp_path.resolve()
    again.begin("case")
    assert offered(again) == []
    save(tmp_path, "new.jpg", at=2)
    assert offered(again) == ["new.jpg"]


def test_another_folder_named_amid_a_case_begins_with_nothing(
    laptop: Workplace, tmp_path: Path
) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    for folder in (first, second):
        folder.mkdir()
        save(folder, "there.jpg")
    desk = desk_at(laptop, first)
    desk.begin("case")
    save(first, "mine.jpg", at=2)
    desk.watch(second)
    assert offered(desk) == []
    save(second, "new.jpg", at=3)
    assert offered(desk) == ["new.jpg"]
    with pytest.raises(WorkplaceError):
        desk.watch(tmp_path / "nowhere")
    assert desk.folder() == second.resolve()
    assert offered(desk) == ["new.jpg"]


def test_whoever_waits_for_a_page_may_stop_and_nothing_is_lost(
    laptop: Workplace, tmp_path: Path
) -> None:
    class Stopped(Progress):
        """Somebody presses Esc at the third look."""

        def step(self, done: int, total: int, note_code: str = "") -> None:
            if done == 2:
                raise CancelledError
            super().step(done, total, note_code)

    desk = desk_at(laptop, tmp_path)
    desk.begin("case")
    save(tmp_path, "slow.jpg", WHOLE[:-40])
    with pytest.raises(CancelledError):
        desk.newest(Stopped())
    page = save(tmp_path, "slow.jpg", at=2)
    assert desk.newest() == page


def test_a_place_is_a_folder_or_not(laptop: Workplace, tmp_path: Path) -> None:
    desk = CaptureDesk(laptop)
    assert desk.is_folder(tmp_path)
    assert not desk.is_folder(save(tmp_path, "a.jpg"))
    assert not desk.is_folder(tmp_path / "nowhere")
