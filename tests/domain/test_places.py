"""Addresses, catchment and categories: equal places match, and the rule that decides is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.address import address_key, read_address, read_numeral
from desktop_app.domain.catchment import (
    CatchmentRule,
    find_rules,
    overlapping,
    schools_by_village,
    uncovered,
)
from desktop_app.domain.categories import Category, Situation, suggest_categories
from desktop_app.domain.materials import AllOf, Paper


@pytest.mark.parametrize(
    "text",
    [
        "湛河湾村3组27号",
        "湛河湾村 三组 二十七号",
        "湛河湾村第三村民小组２７号",
        "曹镇乡湛河湾村3组27号",
        "河南省平顶山市湛河区曹镇乡湛河湾村3组27号",
        "湛河区曹镇乡湛河湾村民委员会3小组27号",
        "湛河湾行政村3组027号",
        "湛河湾村3队,27号",
    ],
)
def test_equal_addresses_match(text: str) -> None:
    assert address_key(text) == "湛河湾村3组27号"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("南环路街道建设社区5号楼2单元301室", "建设社区五栋二单元301"),
        ("马庄街道办事处一心小区3幢", "一心小区3座"),
    ],
)
def test_estates_match(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


def test_numerals_inside_names_stay() -> None:
    assert address_key("三里湾村2组") == "三里湾村2组"
    assert address_key("北镇村2组") == "北镇村2组"
    assert address_key("湛河湾村3组27号") != address_key("湛河湾村3组72号")


@pytest.mark.parametrize(
    ("text", "village", "group", "rest"),
    [
        ("曹镇乡湛河湾村三组27号", "湛河湾村", 3, "27号"),
        ("湛河湾村", "湛河湾村", None, ""),
        ("建设社区5号楼", "建设社区", None, "5栋"),
        ("二十一组", None, 21, ""),
        ("建设路中段", None, None, "建设路中段"),
    ],
)
def test_addresses_are_read_for_the_catchment(
    text: str, village: str | None, group: int | None, rest: str
) -> None:
    parts = read_address(text)
    assert (parts.village, parts.group, parts.rest) == (village, group, rest)


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("十二", 12), ("二十", 20), ("一百零三", 103), ("二〇三", 203), ("两百", 200)],
)
def test_numerals_are_read(text: str, value: int) -> None:
    assert read_numeral(text) == value


def test_a_word_is_no_numeral() -> None:
    with pytest.raises(ValueError, match="numeral"):
        read_numeral("三里")
    with pytest.raises(ValueError, match="numeral"):
        read_numeral("十里")


@given(st.text(max_size=40))
def test_any_text_has_an_address_key(text: str) -> None:
    read_address(text)
    assert address_key(text) == address_key(" " + text + " ")


VILLAGE = "410411200201"
OTHER = "410411200202"
WHOLE = CatchmentRule(VILLAGE, "2141041101", "P1", "single", "附件2 第7行")
GROUPS = CatchmentRule(VILLAGE, "2141041102", "P1", "single", "附件2 第8行", groups=(5, 6))
ESTATE = CatchmentRule(OTHER, "2141041103", "P1", "single", "附件2 第9行", estates=("一心小区",))
JUNIOR = CatchmentRule(VILLAGE, "3141041101", "J1", "feeder", "附件3 第1行")
RULES = (WHOLE, GROUPS, ESTATE, JUNIOR)


def test_a_named_group_goes_before_the_whole_village() -> None:
    assert find_rules(RULES, "P1", VILLAGE, group=5) == (GROUPS,)
    assert find_rules(RULES, "P1", VILLAGE, group=3) == (WHOLE,)
    assert find_rules(RULES, "P1", VILLAGE) == (WHOLE,)
    assert find_rules(RULES, "J1", VILLAGE, group=5) == (JUNIOR,)


def test_an_estate_is_met_however_it_is_written() -> None:
    assert find_rules(RULES, "P1", OTHER, estate="一心 小区") == (ESTATE,)
    assert find_rules(RULES, "P1", OTHER, estate="二心小区") == ()
    assert find_rules(RULES, "P1", OTHER) == (ESTATE,)


def test_gaps_and_overlaps_are_found() -> None:
    assert uncovered(RULES, "P1", (VILLAGE, OTHER, "410411200203")) == ("410411200203",)
    assert uncovered(RULES, "J1", (VILLAGE, OTHER)) == (OTHER,)
    assert overlapping(RULES) == ()
    rival = CatchmentRule(VILLAGE, "2141041109", "P1", "single", "附件2 第10行", groups=(6, 7))
    assert overlapping((*RULES, rival)) == ((VILLAGE, "P1"),)
    shared = CatchmentRule(VILLAGE, "2141041109", "P1", "multi", "附件2 第10行", groups=(6, 7))
    assert overlapping((*RULES, shared)) == ()


def test_the_poster_lists_every_school_of_a_village() -> None:
    assert schools_by_village(RULES, "P1") == {
        VILLAGE: ("2141041101", "2141041102"),
        OTHER: ("2141041103",),
    }


@pytest.mark.parametrize(
    ("situation", "codes"),
    [
        (Situation("zone", "own", is_rural=True), ("A1",)),
        (Situation("zone", "own"), ("A2",)),
        (Situation("district", "own", is_rural=True), ("A2",)),
        (Situation("zone", "grandparents"), ("A3",)),
        (Situation("zone", "rented"), ("A4",)),
        (Situation("zone", "resettled"), ("A6",)),
        (Situation("zone", "bought"), ("A7",)),
        (Situation("collective", "rented"), ("A5",)),
        (Situation("elsewhere", "rented", "employed"), ("B1",)),
        (Situation("elsewhere", "rented", "business"), ("B2", "B1")),
        (Situation("elsewhere", "own", "employed"), ("B3", "B1")),
        (Situation("none"), ("D3",)),
        (Situation("hmt"), ("E1",)),
        (Situation("foreign"), ("E2",)),
        (Situation("zone", "own", is_rural=True, has_returned=True), ("B4", "A1")),
        (
            Situation("zone", "own", is_twin=True, has_sibling_here=True, wants_private=True),
            ("A2", "F1", "F2", "P1"),
        ),
    ],
)
def test_triage_suggests_the_category(situation: Situation, codes: tuple[str, ...]) -> None:
    assert suggest_categories(situation) == codes


def test_a_category_starts_its_checklist() -> None:
    required = AllOf((Paper("HKB"),))
    category = Category(
        "A1", "本片区农村户籍", "ordinary", 1, "hukou_village", required, ("DIS",), ("P1",), "…"
    )
    assert category.checklist().next_materials() == ("HKB",)
    assert category.checklist().optional == ("DIS",)
