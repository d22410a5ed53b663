"""Test values are warned of; real families go through."""

from __future__ import annotations

import pytest

from desktop_app.domain.address import place_key
from desktop_app.domain.duplicates import Candidate, find_duplicates
from desktop_app.domain.names import by_code_point, check_name
from desktop_app.domain.placeholders import is_placeholder, is_placeholder_number


@pytest.mark.parametrize(
    "text", ["测试", "测试01", "张三", "王 五", "啊啊啊啊", "asdf", "QWER", "test", "1111", "同上"]
)
def test_a_test_word_is_seen(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    ["", "张三丰", "罗雨桐", "李思", "丽丽", "买买提·吐尔逊", "3组27号", "3-27", "㼆", "Ada"],
)
def test_a_real_name_or_door_is_none(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["11111111111", "13800000000", "１３９１２３４５６７８", "12345678"]
)
def test_a_test_telephone_is_seen(text: str) -> None:
    assert is_placeholder_number(text)


@pytest.mark.parametrize("text", ["", "13800001612", "13812345670", "0375-2001234", "666"])
def test_a_real_telephone_is_none(text: str) -> None:
    assert not is_placeholder_number(text)


def test_a_child_called_so_is_warned_of_and_goes_through() -> None:
    found = check_name("张三")
    assert [one.code for one in found.problems] == ["name.test_word"]
    assert not found.blocks


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("U+343C", "㐼"),
        ("张u343c", "张㐼"),
        ("U+2B62C", "𫘬"),
        ("U+0041", "U+0041"),
        ("U+110000", "U+110000"),
        ("罗雨桐", "罗雨桐"),
    ],
)
def test_a_code_point_is_written_where_it_is_a_chinese_character(typed: str, written: str) -> None:
    assert by_code_point(typed) == written


@pytest.mark.parametrize(
    "text",
    ["3组27号", "三组27号", "第三组 27 号", "３組２７號", "3村民组27号", "湛河区曹镇乡3组27号"],
)
def test_a_home_is_one_in_every_spelling(text: str) -> None:
    assert place_key("410411200201", text) == place_key("410411200201", "3组27号")


def test_homes_without_a_door_are_not_alike() -> None:
    assert place_key("410411200201", " ") == ""


def test_the_same_sound_birth_and_home_are_asked_about() -> None:
    home = frozenset({place_key("410411200201", "三组27號")})
    one = Candidate(
        "a",
        "s",
        pinyin_keys=frozenset({"luoyutong"}),
        birth_dates=frozenset({"2018-03-14"}),
        addresses=home,
    )
    other = Candidate(
        "b",
        "s",
        pinyin_keys=frozenset({"luoyutong"}),
        birth_dates=frozenset({"2018-03-14"}),
        addresses=frozenset({place_key("410411200201", "3组27号")}),
    )
    (found,) = find_duplicates(one, [other])
    assert (found.rule, found.stops, found.way_through) == ("D5", False, "review")
