"""Anyone is found by whatever a person types: characters, readings, tails, the slip; nobody shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_app.commands.families import Family, make_families, write_village_workbook
from desktop_app.services.policies import shipped_policy
from tests.commands.site import OFFICER, PRINCIPAL, SCHOOL, Site, done, run

NAMES = (
    "单雨桐", "曾子涵", "仇小雨", "欧阳娜娜", "吕一诺", "张三", "𠮷川平", "买买提·艾力",
)  # fmt: skip


@pytest.fixture(scope="module")
def families() -> tuple[Family, ...]:
    """Make families of awkward names, each plain otherwise."""
    plain = [one for one in make_families(60, 17, shipped_policy()) if not one.traits]
    numbered = [one for one in plain if one.id_type == "1" and one.guardian_phone]
    return tuple(replace(one, full_name=name) for one, name in zip(numbered, NAMES, strict=False))


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, families: tuple[Family, ...]) -> Site:
    """Register them at a school of its own."""
    site = Site(tmp_path_factory.mktemp("find"))
    me = site.as_person(PRINCIPAL)
    done("init", *me, "--seat", "school", "--code", SCHOOL)
    book = site.root / "book.xlsx"
    write_village_workbook(book, families, (), shipped_policy())
    assert done("register", *me, "--from", book)["registered"] == len(NAMES)
    return site


def found(school: Site, *words: str) -> list[dict[str, Any]]:
    told = done("find", *school.as_person(PRINCIPAL), *words)
    assert told["found"] == len(told["applicants"])
    lines: list[dict[str, Any]] = told["applicants"]
    return lines


def names(school: Site, *words: str) -> set[str]:
    return {line["full_name"] for line in found(school, *words)}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_whole_and_by_its_first_and_last_signs(school: Site, name: str) -> None:
    assert name in names(school, name)
    assert name in names(school, name[0])
    assert name in names(school, name[-2:])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("shan", "单雨桐"),
        ("dan", "单雨桐"),
        ("syt", "单雨桐"),
        ("dyt", "单雨桐"),
        ("SHANYUTONG", "单雨桐"),
        ("danyutong", "单雨桐"),
        ("yutong", "单雨桐"),
        ("zeng", "曾子涵"),
        ("ceng", "曾子涵"),
        ("czh", "曾子涵"),
        ("qiu", "仇小雨"),
        ("chouxiaoyu", "仇小雨"),
        ("oyn", "欧阳娜娜"),
        ("ouyang", "欧阳娜娜"),
        ("lv", "吕一诺"),
        ("lvyinuo", "吕一诺"),
        ("ｓｈａｎ", "单雨桐"),
    ],
)
def test_every_reading_finds_its_name(school: Site, typed: str, name: str) -> None:
    assert name in names(school, typed)


@pytest.mark.parametrize("typed", ["yu tong", "单 雨", "雨 桐"])
def test_words_are_found_in_any_order_together_first(school: Site, typed: str) -> None:
    assert found(school, *typed.split())[0]["full_name"] == "单雨桐"


def test_the_tail_of_a_number_finds_its_family(school: Site, families: tuple[Family, ...]) -> None:
    for family in families:
        for tail in (family.id_number[-4:], family.id_number[-6:], family.id_number):
            assert family.full_name in names(school, tail)
        assert family.full_name in names(school, family.guardian_phone[-4:])
        assert family.full_name in names(school, family.guardian_phone)
        wide = "".join(chr(ord(sign) + 0xFEE0) for sign in family.id_number[-6:])
        assert family.full_name in names(school, wide)


def test_the_slip_finds_exactly_its_child(school: Site) -> None:
    for name in NAMES:
        receipt = next(one for one in found(school, name) if one["full_name"] == name)
        number = receipt["receipt_number"]
        assert names(school, number) == {name}
        assert names(school, number.lower()) == {name}


def test_a_name_and_a_tail_together_leave_the_one_meant_first(
    school: Site, families: tuple[Family, ...]
) -> None:
    family = families[0]
    assert found(school, "shan", family.id_number[-4:])[0]["full_name"] == family.full_name


def test_no_line_shows_a_number_whole(school: Site, families: tuple[Family, ...]) -> None:
    for family in families:
        shown = str(found(school, family.id_number))
        assert family.id_number not in shown
        assert family.guardian_phone not in shown
        assert family.guardian_id_number not in shown


AWKWARD = [
    "", " ", "%", "_", "*", '"', "'", "' OR 1=1 --", "NEAR(", "AND OR NOT", "names:x", "^", "()",
    "-", "a\x00b", "\udc80", "😀", "x" * 5000, "单" * 5000, "9" * 5000, "\u200b", "\n", "{}", "\\",
]  # fmt: skip


@pytest.mark.parametrize("text", AWKWARD, ids=lambda text: ascii(text)[:20])
def test_nothing_typed_is_taken_for_a_query_of_the_database(school: Site, text: str) -> None:
    ran = run("find", *school.as_person(PRINCIPAL), f" {text}")
    assert ran.status == 0
    assert ran.told["found"] <= len(NAMES)
    if not any(sign.isalnum() for sign in text):
        assert ran.told["found"] == 0


def test_the_limit_is_kept(school: Site) -> None:
    me = school.as_person(PRINCIPAL)
    assert done("find", *me, "yu", "--limit", "1")["found"] == 1


def test_searching_writes_nothing(school: Site) -> None:
    me = school.as_person(PRINCIPAL)
    before = done("digest", *me)
    done("find", *me, "单")
    assert done("digest", *me) == before


def test_the_other_school_finds_nobody_of_this_one(school: Site, tmp_path: Path) -> None:
    me = school.as_person(PRINCIPAL, tmp_path / "other")
    done("init", *me, "--seat", "school", "--code", "2141041102")
    assert done("find", *me, "单")["found"] == 0


def test_the_district_finds_the_children_of_every_school(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.found()
    site.join()
    site.register(4)
    done("export", *site.as_person(PRINCIPAL), "--to", tmp_path / "stick")
    officer = site.as_person(OFFICER)
    done("ingest", *officer, "--inbox", tmp_path / "stick")
    assert site.sheet is not None
    name = site.sheet.registered[0].full_name
    told = done("find", *officer, name)
    mine = done("find", *site.as_person(PRINCIPAL), name)
    assert told["found"] == mine["found"] > 0
    for line, at_school in zip(told["applicants"], mine["applicants"], strict=True):
        assert line.pop("school").startswith(f"{SCHOOL} ")
        assert line == at_school
    assert done("find", *officer, name, "--limit", "1")["found"] == 1
