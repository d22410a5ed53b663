"""Where a package lies on a stick, and everything that is wrong with one that lies there."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from desktop_app.domain.errors import ProductError, RuleError, UntrustedError
from desktop_app.durable.places import resource_path
from desktop_app.policy.load import (
    FILES,
    MAX_FILE,
    find_faults,
    folder_faults,
    load_package,
    package_folder,
    read_files,
)
from tests.services.packages import PRESCHOOL

SHIPPED = resource_path("policy", "zhanhe-2024")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


def lay(place: Path) -> Path:
    """Lay the shipped package into a folder."""
    return Path(shutil.copytree(SHIPPED, place))


def refused(place: Path) -> RuleError:
    with pytest.raises(RuleError) as caught:
        package_folder(place)
    return caught.value


def told(folder: Path) -> list[str]:
    return [str(fault) for fault in folder_faults(folder)]


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")


# --- which folder ---------------------------------------------------------------------------------


def test_the_place_itself_is_the_folder_where_a_package_lies_in_it(stick: Path) -> None:
    made = lay(stick / "mine")
    lay(made / "older")  # what lies within a package is no other choice
    assert package_folder(made) == made


def test_the_only_folder_on_a_stick_that_holds_one_is_found_among_others(stick: Path) -> None:
    made = lay(stick / "政策包 第2号")
    (stick / "photos" / "2024").mkdir(parents=True)
    (stick / "letter.txt").write_text("x")
    (stick / "policy.txt").write_text("x")
    assert package_folder(stick) == made


def test_a_package_lies_one_folder_deep_and_no_deeper(stick: Path) -> None:
    lay(stick / "2024" / "mine")
    assert refused(stick).code == "policy.no_folder"
    assert package_folder(stick / "2024") == stick / "2024" / "mine"


@pytest.mark.parametrize("many", [2, 3, 5])
def test_of_several_none_is_guessed_and_how_many_is_said(stick: Path, many: int) -> None:
    for n in range(many):
        lay(stick / f"package {n}")
    error = refused(stick)
    assert (error.code, error.details) == ("policy.several_folders", {"count": many})


def test_one_of_several_counts_though_it_is_unfit(stick: Path) -> None:
    """Nobody is led to the other one because the first lacks a file."""
    lay(stick / "good")
    (lay(stick / "bad") / "notice.toml").unlink()
    assert refused(stick).code == "policy.several_folders"
    (stick / "bad" / "policy.toml").unlink()
    assert package_folder(stick) == stick / "good", "what has no policy.toml is no package"


def test_a_place_that_is_gone_or_a_file_is_no_folder(stick: Path) -> None:
    (stick / "policy.zip").write_bytes(b"PK")
    for place in (stick, stick / "gone", stick / "policy.zip", stick / "policy.zip" / "x"):
        assert refused(place).code == "policy.no_folder"


def test_a_folder_called_like_the_main_file_is_no_package(stick: Path) -> None:
    (stick / "odd" / "policy.toml").mkdir(parents=True)
    assert refused(stick).code == "policy.no_folder"
    assert refused(stick / "odd").code == "policy.no_folder"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_not_followed_out_of_the_place(stick: Path, tmp_path: Path) -> None:
    elsewhere = lay(tmp_path / "elsewhere")
    (stick / "linked").symlink_to(elsewhere)
    (stick / "broken").symlink_to(tmp_path / "gone")
    (stick / "round").symlink_to(stick / "round")
    assert refused(stick).code == "policy.no_folder"
    made = lay(stick / "mine")
    assert package_folder(stick) == made


def test_looking_for_a_package_writes_nothing(stick: Path) -> None:
    made = lay(stick / "mine")
    (made / "notice.toml").unlink()
    before = {one: one.stat().st_mtime_ns for one in stick.rglob("*")}
    folder_faults(package_folder(stick))
    assert {one: one.stat().st_mtime_ns for one in stick.rglob("*")} == before


# --- what is wrong with it ------------------------------------------------------------------------


def test_the_shipped_package_has_no_fault(stick: Path) -> None:
    made = lay(stick / "mine")
    assert folder_faults(made) == ()
    assert load_package(made).number == "1"


@pytest.mark.parametrize("name", FILES)
def test_every_missing_file_is_named(stick: Path, name: str) -> None:
    made = lay(stick / "mine")
    (made / name).unlink()
    assert told(made) == [f"{name} policy.missing_file"]


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "notice.toml.bak", "新建文本文档.txt"])
def test_every_file_that_does_not_belong_is_named(stick: Path, name: str) -> None:
    made = lay(stick / "mine")
    (made / name).write_bytes(b"")
    assert told(made) == [f"{name} policy.unknown_file"]
    with pytest.raises(RuleError) as caught:
        load_package(made)
    assert caught.value.details["place"] == name


def test_a_file_called_otherwise_is_named_for_both_its_names(stick: Path) -> None:
    made = lay(stick / "mine")
    (made / "notice.toml").rename(made / "Notice.toml.txt")
    assert told(made) == [
        "Notice.toml.txt policy.unknown_file",
        "notice.toml policy.missing_file",
    ]


def test_the_files_are_looked_at_first_and_what_stands_in_them_then(stick: Path) -> None:
    made = lay(stick / "mine")
    edit(made, "materials.toml", "[HKB]", PRESCHOOL)
    (made / "extra.toml").write_bytes(b"")
    assert told(made) == ["extra.toml policy.unknown_file"]
    (made / "extra.toml").unlink()
    assert {fault.rule for fault in folder_faults(made)} == {"FB01"}


def test_all_that_stands_wrong_in_the_files_is_told_at_once(stick: Path) -> None:
    made = lay(stick / "mine")
    edit(made, "policy.toml", 'number = "1"', 'number = "one"')
    edit(made, "policy.toml", "lock_minutes = 5", "lock_minutes = 500")
    (made / "wording.toml").write_bytes(b"= no toml")
    places = {fault.place.partition(":")[0] for fault in folder_faults(made)}
    assert places >= {"policy.toml", "wording.toml"}
    assert folder_faults(made) == find_faults(read_files(made))


def test_what_is_told_as_a_refusal_is_among_the_faults_and_counted_alike(stick: Path) -> None:
    made = lay(stick / "mine")
    edit(made, "policy.toml", 'number = "1"', 'number = "one"')
    edit(made, "materials.toml", "[HKB]", PRESCHOOL)
    faults = folder_faults(made)
    with pytest.raises(RuleError) as caught:
        load_package(made)
    details = caught.value.details
    assert details["rule"] == "FB01", "what is forbidden is the gravest"
    assert details["count"] == len(faults)
    assert (details["place"], details["rule"]) in {(one.place, one.rule) for one in faults}
    assert set(str(details["faults"]).splitlines()) == {str(one) for one in faults}


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\xef\xbb\xbf", b"\x00", b"a = 1\na = 2"])
def test_a_file_saved_in_another_way_is_malformed_and_nothing_worse(
    stick: Path, data: bytes
) -> None:
    made = lay(stick / "mine")
    (made / "calendar.toml").write_bytes(data)
    assert "calendar.toml policy.malformed" in told(made)


def test_a_folder_that_is_gone_and_a_file_too_large_are_refused_as_such(stick: Path) -> None:
    made = lay(stick / "mine")
    (made / "notice.toml").write_bytes(b"#" * (MAX_FILE + 1))
    with pytest.raises(UntrustedError):
        folder_faults(made)
    shutil.rmtree(made)
    with pytest.raises(ProductError) as caught:
        folder_faults(made)
    assert caught.value.code == "policy.no_folder"
