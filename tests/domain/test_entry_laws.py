"""One home in any spelling, test words in any dress, and what joins twins and look-alikes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.address import address_key, place_key
from desktop_app.domain.duplicates import WAYS, Candidate, blocking_keys, find_duplicates
from desktop_app.domain.names import check_name
from desktop_app.domain.placeholders import is_placeholder, is_placeholder_number

VILLAGE = "410411200201"
DIGITS = "零一二三四五六七八九"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def numeral(number: int) -> str:
    """Write a number below a hundred as people do."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


NUMBERS = st.integers(1, 99)
Write = Callable[[int], str]
DRESSED: st.SearchStrategy[Write] = st.sampled_from(
    [
        lambda one: f"{one}",
        numeral,
        lambda one: f"第{one}",
        lambda one: f"0{one}",
        lambda one: str(one).translate(WIDE),
        lambda one: f" {one} ",
    ]
)
BEFORE = st.sampled_from(
    ["", "湛河湾村", "曹镇乡湛河湾村", "湛河区曹镇鄉", "河南省平顶山市湛河区曹镇乡湛河湾村委会"]
)
GROUPS = st.sampled_from(["组", "組", "小组", "村民组", "村民小组", "生产队", "队", "隊"])
AFTER = st.sampled_from(["号", "號", " 号 ", "号。"])
GAPS = st.sampled_from(["", " ", "，", ",", "、", "-", "—", "\u3000"])


@st.composite
def homes(draw: st.DrawFn, group: int, house: int) -> str:
    """Write one home as any hand might."""
    first, second = draw(DRESSED)(group), draw(DRESSED)(house)
    return f"{draw(BEFORE)}{first}{draw(GROUPS)}{draw(GAPS)}{second}{draw(AFTER)}"


# --- homes ------------------------------------------------------------------------------------


@given(st.data(), NUMBERS, NUMBERS)
def test_one_home_has_one_key_in_any_spelling(data: st.DataObject, group: int, house: int) -> None:
    written = data.draw(homes(group, house))
    assert place_key(VILLAGE, written) == place_key(VILLAGE, f"{group}组{house}号")


@given(st.data(), st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS))
def test_two_homes_have_two_keys_in_any_spelling(
    data: st.DataObject, one: tuple[int, int], other: tuple[int, int]
) -> None:
    keys = {place_key(VILLAGE, data.draw(homes(*home))) for home in (one, other)}
    assert len(keys) == len({one, other})


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["-", "—", "–", "－", "之", ",", "."]))
def test_a_door_of_two_numbers_is_no_door_of_one(
    block: int, door: int, other_block: int, other_door: int, sign: str
) -> None:
    one = place_key(VILLAGE, f"{block}{sign}{door}")
    other = place_key(VILLAGE, f"{other_block}-{other_door}")
    assert (one == other) is ((block, door) == (other_block, other_door))
    assert one != place_key(VILLAGE, f"{block}{door}")


@given(st.data(), NUMBERS, NUMBERS)
def test_the_same_door_in_another_village_is_another_home(
    data: st.DataObject, group: int, house: int
) -> None:
    written = data.draw(homes(group, house))
    assert place_key(VILLAGE, written) != place_key("410411200204", written)


@pytest.mark.parametrize("text", ["", "  ", "，", "湛河湾村", "曹镇乡湛河湾村民委员会", "。-。"])
def test_where_no_door_was_written_no_home_is_known(text: str) -> None:
    assert place_key(VILLAGE, text) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("建设社区5号楼2单元301室", "5栋2单元301"),
        ("一心社区居委会3幢12户", "3座12"),
        ("五号院三号楼二单元四层", "5号院3号楼2单元4层"),
        ("27之3号", "27－3號"),
        ("桃源里12弄6号", "桃源里 十二弄 六号"),
        ("一百零三号", "103号"),
        ("二〇三室", "203"),
    ],
)
def test_estates_and_lanes_are_one_home(one: str, other: str) -> None:
    assert place_key(VILLAGE, one) == place_key(VILLAGE, other) != ""


@given(st.text(max_size=60), st.sampled_from([" ", "\u3000", "\t", "\n"]))
def test_gaps_around_whatever_is_typed_are_nothing(text: str, gap: str) -> None:
    assert address_key(f"{gap}{text}{gap}") == address_key(text)
    assert place_key(VILLAGE, f"{gap}{text}") == place_key(VILLAGE, text)


# --- test words ---------------------------------------------------------------------------------


WORDS = ["测试", "试试", "张三", "李四", "王五", "赵六", "某某某", "test", "abc", "无名", "同上"]
WORDS += ["qwer", "asdfgh", "1234", "啊啊啊啊", "xxxx", "测试学生", "Testing", "试填一户"]
DRESSES = st.sampled_from(
    [
        str,
        str.upper,
        str.title,
        " ".join,
        "·".join,
        lambda text: f"（{text}）",
        lambda text: f" {text}。",
        lambda text: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text),
    ]
)


@given(st.sampled_from(WORDS), DRESSES, DRESSES)
def test_a_test_word_is_seen_in_any_dress(word: str, one: object, other: object) -> None:
    assert callable(one)
    assert callable(other)
    assert is_placeholder(other(one(word)))


HANZI = "罗雨桐思远志强梅兰竹菊子涵浩宇轩若曦张李王赵三四五六"


@given(st.lists(st.sampled_from(HANZI), min_size=2, max_size=5, unique=True).map("".join))
def test_a_name_of_different_characters_is_none_unless_it_is_the_word_itself(name: str) -> None:
    assert is_placeholder(name) is (name in {"张三", "李四", "王五", "赵六"})
    (*warned,) = (one for one in check_name(name).problems if one.code == "name.test_word")
    assert [one.blocks for one in warned] == [False] * is_placeholder(name)


@given(st.integers(1, 99), st.integers(1, 999))
def test_a_door_of_a_village_is_no_test_word(group: int, house: int) -> None:
    assert not is_placeholder(f"{group}组{house}号")


RUNS = ("12345678901234567890", "09876543210987654321")


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_a_telephone_is_a_test_by_its_end_alone(phone: str, gap: str) -> None:
    said = gap.join((phone[:3], phone[3:7], phone[7:]))
    end = phone[-8:]
    expected = len(set(phone[-7:])) == 1 or any(end in run for run in RUNS)
    assert is_placeholder_number(said) is expected
    assert is_placeholder_number(said.translate(WIDE)) is expected


@given(st.from_regex(r"1[3-9][0-9]", fullmatch=True), st.sampled_from("0123456789"))
def test_seven_equal_digits_are_a_test_and_six_are_none(start: str, digit: str) -> None:
    other = "5" if digit != "5" else "6"
    assert is_placeholder_number(f"{start}{other}{digit * 7}")
    assert not is_placeholder_number(f"{start}{other * 2}{digit * 6}")


# --- twins and look-alikes ----------------------------------------------------------------------

SPELLINGS = ["3组27号", "第三組27號", "湛河湾村三组二十七号", "3组28号", "5-2-301"]


def some(*values: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


children = st.builds(
    Candidate,
    record=st.sampled_from("ab"),
    school=st.just("2141041101"),
    name_keys=some("罗雨桐", "罗宇彤", "罗雨晨"),
    pinyin_keys=some("luoyutong", "luoyuchen"),
    sexes=some("1", "2"),
    birth_dates=some("2018-03-14", "2018-03-15"),
    guardian_numbers=some("g1", "g2"),
    phones=some("p1", "p2"),
    addresses=some(*(place_key(VILLAGE, one) for one in SPELLINGS)),
)


def rules(one: Candidate, other: Candidate) -> set[str]:
    return {found.rule for found in find_duplicates(one, [other])}


@given(children, children)
def test_d4_is_one_guardian_one_birthday_and_two_names(one: Candidate, other: Candidate) -> None:
    twins = (
        one.record != other.record
        and bool(one.guardian_numbers & other.guardian_numbers)
        and bool(one.birth_dates & other.birth_dates)
        and not one.name_keys & other.name_keys
    )
    assert ("D4" in rules(one, other)) is twins


@given(children, children)
def test_d5_is_one_sound_one_birthday_and_one_thing_of_the_home(
    one: Candidate, other: Candidate
) -> None:
    near = (
        one.phones & other.phones
        or one.guardian_numbers & other.guardian_numbers
        or one.addresses & other.addresses
    )
    alike = (
        one.record != other.record
        and bool(one.pinyin_keys & other.pinyin_keys)
        and bool(one.birth_dates & other.birth_dates)
        and bool(near)
    )
    assert ("D5" in rules(one, other)) is alike


@given(children, children)
def test_neither_stops_anybody_and_both_are_told_to_both(one: Candidate, other: Candidate) -> None:
    there, back = find_duplicates(one, [other]), find_duplicates(other, [one])
    assert [(f.rule, f.why) for f in there] == [(f.rule, f.why) for f in back]
    for found in there:
        if found.rule in {"D4", "D5"}:
            assert (found.stops, found.way_through) == (False, WAYS[found.rule])
            assert "birth_date" in found.why


@given(children, children)
def test_whom_a_home_joins_the_database_can_fetch(one: Candidate, other: Candidate) -> None:
    shared = blocking_keys(one) & blocking_keys(other)
    assert shared or not rules(one, other)


@given(children, st.sampled_from(SPELLINGS[:3]), st.sampled_from(SPELLINGS[:3]))
def test_how_a_home_is_spelt_changes_no_finding(child: Candidate, here: str, there: str) -> None:
    one = replace(child, record="a", addresses=frozenset({place_key(VILLAGE, here)}))
    other = replace(child, record="b", addresses=frozenset({place_key(VILLAGE, "3组27号")}))
    spelt = replace(other, addresses=frozenset({place_key(VILLAGE, there)}))
    assert find_duplicates(one, [other]) == find_duplicates(one, [spelt])


def test_all_who_are_alike_are_told_in_one_order_however_they_come() -> None:
    child = Candidate(
        "me",
        "s",
        name_keys=frozenset({"罗雨桐"}),
        pinyin_keys=frozenset({"luoyutong"}),
        birth_dates=frozenset({"2018-03-14"}),
        guardian_numbers=frozenset({"g"}),
    )
    twin = replace(child, record="t", name_keys=frozenset({"罗雨晨"}), pinyin_keys=frozenset())
    alike = replace(child, record="l")
    found = [(one.rule, one.other) for one in find_duplicates(child, [alike, twin])]
    assert found == [("D4", "t"), ("D5", "l")]
    assert found == [(one.rule, one.other) for one in find_duplicates(child, [twin, alike])]
