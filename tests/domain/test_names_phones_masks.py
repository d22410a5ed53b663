"""Names keep what the register says, phones never stop anybody, masks hide enough."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.dates import parse_date, parse_iso
from desktop_app.domain.masks import mask_address, mask_name, mask_number, mask_phone
from desktop_app.domain.names import check_name, name_key, tidy_name
from desktop_app.domain.phone import check_phone, tidy_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("张三丰", "张三丰"),
        (" 张 三\u3000丰 ", "张三丰"),
        ("买买提•艾合买提", "买买提·艾合买提"),
        ("买买提・艾合买提", "买买提·艾合买提"),
        ("买买提.艾合买提", "买买提·艾合买提"),
        ("买买提． 艾合买提", "买买提·艾合买提"),
        ("买买提·艾合买提", "买买提·艾合买提"),
        ("赵Ｃ", "赵C"),
        ("Jean-Luc  O’Neill", "Jean-Luc O’Neill"),
        ("\ufeff李\u200b四", "李四"),
        ("𠮷野家", "𠮷野家"),
        ("﨑山", "﨑山"),
        ("\u2f2d二", "山二"),
    ],
)
def test_names_are_tidied_without_changing_a_character(typed: str, stored: str) -> None:
    assert tidy_name(typed) == stored
    assert check_name(typed).original == typed


@pytest.mark.parametrize(
    "name",
    [
        "张山",
        "欧阳震华",
        "买买提·艾合买提·吐尔逊·阿不都热合曼",
        "𠮷𡈽",
        "\U00031350三",  # extension H, newer than Python's tables
        "\U0002ebf0三",  # extension I
        "㐀三",
        "〇三",
        "María José",
        "Nguyễn Văn",
        "O'Brien",
    ],
)
def test_real_names_pass_without_a_word(name: str) -> None:
    assert check_name(name).problems == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name.empty"),
        ("\u200b ", "name.empty"),
        ("=1+1", "name.formula"),
        ("＝cmd", "name.formula"),
        ("@张三", "name.formula"),
        ("-张三", "name.formula"),
        ("张\u202e三", "name.control"),
        ("张\u200d三", "name.control"),
        ("张\x00三", "name.control"),
        ("张\ud800三", "name.control"),
        ("张\ufffe三", "name.control"),
        ("张三1", "name.characters"),
        ("张三😀", "name.characters"),
        ("<b>张三", "name.characters"),
        ("张" * 51, "name.too_long"),
    ],
)
def test_what_no_name_holds_blocks(name: str, code: str) -> None:
    check = check_name(name)
    assert check.blocks
    assert [problem.code for problem in check.problems] == [code]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("张", "name.length"),
        ("张山" * 13, "name.length"),
        ("赵C", "name.mixed"),
        ("张\ue863三", "name.private_use"),
        ("测试", "name.test_word"),
        ("张山·", "name.dots"),
    ],
)
def test_what_is_odd_only_warns(name: str, code: str) -> None:
    check = check_name(name)
    assert not check.blocks
    assert [problem.code for problem in check.problems] == [code]


def test_names_are_compared_without_dots_width_and_case() -> None:
    assert name_key("买买提·艾合买提") == name_key("买买提 艾合买提") == "买买提艾合买提"
    assert name_key("ＪＥＡＮ luc") == name_key("Jean-Luc")
    assert name_key("\U00031350三") == "\U00031350三"


@given(st.text(max_size=60))
def test_any_text_gives_a_stable_name_and_harmless_problems(text: str) -> None:
    check = check_name(text)
    assert tidy_name(check.name) == check.name
    if not check.blocks:
        assert check.name
        assert not check.name.startswith(("=", "+", "-", "@", "\t"))
        assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs"} for c in check.name)
    for problem in check.problems:
        assert set(problem.details) <= {"limit"}


@pytest.mark.parametrize(
    ("typed", "number", "kind", "code"),
    [
        ("13800001234", "13800001234", "mobile", None),
        ("１３８ ００００ １２３４", "13800001234", "mobile", None),
        ("+86 138-0000-1234", "13800001234", "mobile", None),
        ("0375-4970000", "03754970000", "landline", None),
        ("4970000", "4970000", "landline", None),
        ("0375-4970000转8012", "03754970000-8012", "landline", None),
        ("138000016", "138000016", "other", "phone.short"),
        ("12345", "12345", "other", "phone.shape"),
        ("", "", "none", "phone.empty"),
        ("没有", "", "none", "phone.empty"),
    ],
)
def test_phones_are_tidied_and_never_block(
    typed: str, number: str, kind: str, code: str | None
) -> None:
    check = check_phone(typed)
    assert (check.number, check.kind) == (number, kind)
    assert [problem.code for problem in check.problems] == ([code] if code else [])


def test_missing_digits_are_counted_for_the_typist() -> None:
    assert check_phone("138000016").problems[0].details == {"missing": 2}


@given(st.text(max_size=40))
def test_no_phone_text_ever_blocks(text: str) -> None:
    assert not any(problem.blocks for problem in check_phone(text).problems)
    assert tidy_phone(tidy_phone(text).partition("-")[0]) == tidy_phone(text).partition("-")[0]


@pytest.mark.parametrize(
    ("masked", "plain"),
    [
        ("410411********1230", "410411201808311230"),
        ("E1*****78", "E12345678"),
        ("*****", "E1234"),
        ("", ""),
    ],
)
def test_numbers_are_masked(masked: str, plain: str) -> None:
    assert mask_number(plain) == masked


@pytest.mark.parametrize(
    ("masked", "plain"),
    [
        ("张*丰", "张三丰"),
        ("张*", "张三"),
        ("*", "张"),
        ("欧**华", "欧阳震华"),
        ("买**·***提", "买买提·艾合买提"),
        ("𠮷*家", "𠮷野家"),
        ("", ""),
    ],
)
def test_names_are_masked(masked: str, plain: str) -> None:
    assert mask_name(plain) == masked


@pytest.mark.parametrize(
    ("masked", "plain"),
    [("138****1234", "13800001234"), ("49***00", "4970000"), ("***", "123")],
)
def test_phones_are_masked(masked: str, plain: str) -> None:
    assert mask_phone(plain) == masked


@pytest.mark.parametrize(
    ("masked", "plain"),
    [
        ("湛河湾村***", "湛河湾村3组27号"),
        ("曹镇乡湛河湾村***", "曹镇乡湛河湾村3组27号"),
        ("轻工路街道***", "轻工路街道建设路1号"),
        ("建设路***", "建设路中段一百号院"),
        ("***", "某处1号"),
    ],
)
def test_addresses_end_at_their_village(masked: str, plain: str) -> None:
    assert mask_address(plain) == masked


@given(st.text(alphabet="0123456789X", min_size=8, max_size=20))
def test_a_mask_hides_at_least_three_characters(number: str) -> None:
    assert mask_number(number).count("*") >= 3
    assert len(mask_number(number)) == len(number)


@pytest.mark.parametrize(
    "text", ["20180314", "2018-03-14", "2018-3-14", "2018/3/14", "2018.3.14", "２０１８年3月14日"]
)
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert parse_date(text) == dt.date(2018, 3, 14)


@pytest.mark.parametrize(
    "text",
    [
        "20180230",
        "18-3-14",
        "2018-13-01",
        "2018/3-14",
        "2018年3-14",
        "2018-3月14日",
        "",
        "0",
        "٢٠١٨٠٣١٤",
    ],
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert parse_date(text) is None


def test_records_hold_one_form_of_date() -> None:
    assert parse_iso("2018-03-14") == dt.date(2018, 3, 14)
    assert parse_iso("2018-3-14") is None
    assert parse_iso("2018-02-30") is None
