"""Every code list is complete, and what people write is read as its official value."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.codelist import Code, CodeList
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.codes_care import (
    inclusive_fits,
    is_orphan,
    is_unattended,
    roll_relation,
)
from desktop_app.domain.codes_person import ETHNIC, ID_TYPE, ROLL_SEXES, SEX
from desktop_app.domain.records import RECORD_TYPES

COUNTS = {
    "sex": 4,
    "ethnic": 59,
    "id_type": 9,
    "hmt_overseas": 16,
    "hukou_nature": 3,
    "hukou_kind": 3,
    "health": 5,
    "political": 4,
    "boarding": 4,
    "commute": 6,
    "disability_type": 9,
    "disability_grade": 4,
    "inclusive": 5,
    "placement": 7,
    "left_behind": 3,
    "migrant_origin": 4,
    "guardian_relation": 20,
    "guardianship_basis": 4,
    "parent_state": 11,
    "hardship": 15,
    "material_result": 6,
    "enrol_mode": 2,
    "dropout_reason": 11,
    "urban_rural": 7,
    "nationality": 249,
    "school_kind": 5,
}
GONE = ("dead", "missing")
CANNOT_CARE = tuple(set(CODE_LISTS["parent_state"].values) - {"ok", *GONE})


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_list_is_complete(name: str, count: int) -> None:
    assert len(CODE_LISTS[name].entries) == count


@pytest.mark.parametrize("codes", CODE_LISTS.values(), ids=CODE_LISTS.keys())
def test_every_way_of_writing_leads_to_its_code(codes: CodeList) -> None:
    for entry in codes.entries:
        wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in entry.value)
        for text in (entry.value, entry.label, f" {entry.label} ", wide, *entry.aliases):
            assert codes.parse(text) == entry.value
        assert codes.label_of(entry.value) == entry.label
        assert entry.value in codes


@pytest.mark.parametrize("record", RECORD_TYPES.values(), ids=RECORD_TYPES.keys())
def test_every_declared_code_list_exists_and_fits_its_field(record: object) -> None:
    for field in record.fields.values():  # type: ignore[attr-defined]
        if field.item.codes is not None:
            longest = max(len(value) for value in CODE_LISTS[field.item.codes].values)
            assert longest <= field.item.max_length, field.name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("汉", "01"),
        ("汉族", "01"),
        ("1", "01"),
        ("毛难族", "36"),
        ("崩龙族", "46"),
        ("傈傈族", "20"),
        ("达翰尔族", "31"),
        ("革家人", "97"),
        ("穿青人", "81"),
        ("外国血统中国籍人士", "98"),
        ("基诺", "56"),
        ("57", None),
        ("", None),
        ("汉语", None),
    ],
)
def test_ethnic_groups_are_read_as_desks_and_readers_write_them(
    text: str, code: str | None
) -> None:
    assert ETHNIC.parse(text) == code


def test_the_56_groups_carry_their_suffix_in_exports() -> None:
    assert all(entry.label.endswith("族") for entry in ETHNIC.entries[:56])
    assert [entry.value for entry in ETHNIC.entries[:56]] == [f"{n:02d}" for n in range(1, 57)]


def test_roll_sexes_are_written_as_the_roll_wants() -> None:
    assert [SEX.label_of(code) for code in ROLL_SEXES] == ["男", "女"]


def test_lower_case_letters_of_document_types_are_read() -> None:
    assert ID_TYPE.parse("ａ") == "A"
    assert ID_TYPE.parse("永居证") == "F"


def test_countries_have_three_letters_and_china_goes_first() -> None:
    countries = CODE_LISTS["nationality"]
    assert all(re.fullmatch("[A-Z]{3}", value) for value in countries.values)
    assert countries.values[0] == "CHN"
    assert list(countries.values[1:]) == sorted(countries.values[1:])
    assert countries.parse("越南") == "VNM"
    assert countries.parse("usa") == "USA"


def test_a_list_refuses_a_double_value_and_a_word_with_two_meanings() -> None:
    with pytest.raises(ValueError, match="twice"):
        CodeList("x", "x", (Code("1", "a"), Code("1", "b")))
    with pytest.raises(ValueError, match="two codes"):
        CodeList("x", "x", (Code("1", "a"), Code("2", "b", ("a",))))


@given(st.text())
def test_parsing_any_text_gives_an_official_value_or_nothing(text: str) -> None:
    for codes in CODE_LISTS.values():
        read = codes.parse(text)
        assert read is None or read in codes


@pytest.mark.parametrize("father", CODE_LISTS["parent_state"].values)
@pytest.mark.parametrize("mother", CODE_LISTS["parent_state"].values)
def test_orphans_and_unattended_children_follow_the_published_table(
    father: str, mother: str
) -> None:
    both_gone = father in GONE and mother in GONE
    both_unable = father in CANNOT_CARE and mother in CANNOT_CARE
    one_each = {father in GONE, mother in GONE} == {True, False} and (
        father in CANNOT_CARE or mother in CANNOT_CARE
    )
    assert is_orphan(father, mother) is both_gone
    assert is_unattended(father, mother) is (both_unable or one_each)


@pytest.mark.parametrize(
    ("inclusive", "disability", "placement", "fits"),
    [
        ("0", "0", None, True),
        ("0", "1", None, False),
        ("0", "1", "3", True),
        ("0", "7", "4", True),
        ("0", "7", "1", False),
        ("1", "1", None, True),
        ("1", "2", None, False),
        ("2", "2", None, True),
        ("5", "5", None, True),
        ("9", "4", None, True),
        ("9", "1", None, False),
    ],
)
def test_inclusive_education_agrees_with_the_disability(
    inclusive: str, disability: str, placement: str | None, fits: bool
) -> None:
    assert inclusive_fits(inclusive, disability, placement) is fits


def test_relations_are_exported_by_the_words_of_the_roll() -> None:
    assert roll_relation("51") == "父亲"
    assert roll_relation("64") == "祖父母或外祖父母"
    assert roll_relation("98") == "其他"
