"""Rows of the list of primary graduates: what a cell says plainly is taken, all else is told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.documents.rows import ParsedRow
from desktop_app.domain.declare import Value
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.package import Policy
from desktop_app.services.graduate_rows import COLUMNS, Leaver, LeaverReader, keys_of
from tests.services.kit import number
from tests.sync.site import shipped_policy

HERE, NEXT, THIRD = "3141041101", "3141041102", "3141041103"
BORN = "20120314"
CHILD = {
    "full_name": "罗雨桐",
    "id_number": number(BORN),
    "school": "湛河湾小学",
    "hukou_address": "湛河湾村3组27号",
    "current_address": "湛河湾村3组27号",
}


@pytest.fixture(scope="module")
def reader(policy: Policy) -> LeaverReader:
    return LeaverReader(policy)


@cache
def shipped_reader() -> LeaverReader:
    return LeaverReader(shipped_policy())


def read(reader: LeaverReader, row: int = 2, /, **more: str) -> Leaver:
    """Read a row of the sheet, as its cells were parsed."""
    return reader.read(ParsedRow(row, CHILD | more, ()))


def told(leaver: Leaver) -> set[tuple[str, str]]:
    return {(one.column, one.code) for one in leaver.repairs}


# --- values -------------------------------------------------------------------------------------


def test_the_number_says_type_sex_and_birth_and_the_package_the_year(
    reader: LeaverReader, policy: Policy
) -> None:
    values = read(reader).values
    assert (values["id_type"], values["sex"], values["birth_date"]) == ("1", "2", "2012-03-14")
    assert values["season"] == policy.season_year


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"sex": "不详"}, "性别", "form.not_in_list"),
        ({"intention": "出家"}, "去向意向", "form.not_in_list"),
        ({"id_type": "会员卡"}, "证件类型", "form.not_in_list"),
        ({"sex": "男"}, "证件号", "identity.sex_differs"),
        ({"birth_date": "2012-04-14"}, "证件号", "identity.birth_differs"),
        ({"id_number": ""}, "出生日期", "form.required"),
        ({"full_name": "罗" * 51}, "姓名", "form.too_long"),
        ({"class_name": "六" * 21}, "毕业班级", "form.too_long"),
        ({"school": "小" * 61}, "毕业学校", "form.too_long"),
        ({"guardian_name": "罗" * 51}, "监护人", "form.too_long"),
        ({"hukou_address": "湛" * 121}, "户籍地", "form.too_long"),
    ],
)
def test_what_is_not_plain_is_told_by_its_column_and_goes_nowhere(
    reader: LeaverReader, cells: dict[str, str], column: str, code: str
) -> None:
    found = read(reader, 7, **cells)
    assert (column, code) in told(found)
    assert (found.state, found.school, {one.row for one in found.repairs}) == ("wrong", "", {7})
    assert told(read(reader)) == set()


def test_all_that_is_wrong_with_a_row_is_told_at_once(reader: LeaverReader) -> None:
    found = read(reader, sex="不详", intention="出家", class_name="六" * 21)
    assert {column for column, _ in told(found)} == {"性别", "去向意向", "毕业班级"}


def test_words_and_codes_of_a_list_say_the_same(reader: LeaverReader) -> None:
    for word, code in (("对口学校", "assigned"), ("对口", "assigned"), ("缓学", "deferred")):
        assert read(reader, intention=word).values["intention"] == code
    assert "intention" not in read(reader).values


def test_a_child_without_a_number_needs_a_birth_date_and_gets_no_type(
    reader: LeaverReader,
) -> None:
    found = read(reader, id_number="", birth_date="2012-03-14", sex="女")
    assert found.state == "good"
    assert "id_type" not in found.values


cells_of_a_row = {one.field: st.text(min_size=int(one.required), max_size=12) for one in COLUMNS}
"""A required cell that is empty is told before the row is read."""


@given(st.fixed_dictionaries({}, optional=cells_of_a_row))
def test_whatever_the_cells_say_the_row_can_be_stored_or_says_why_not(
    cells: Mapping[str, str],
) -> None:
    """A good row fits the record; a wrong one names a column of the sheet."""
    found = shipped_reader().read(ParsedRow(3, CHILD | dict(cells), ()))
    fields = RECORD_TYPES["graduate"].fields
    assert {one.column for one in found.repairs} <= {column.header for column in COLUMNS}
    if found.state != "wrong":
        assert found.values.keys() <= fields.keys()
        for name, value in found.values.items():
            assert not isinstance(value, str) or len(value) <= fields[name].item.max_length
        assert found.values["full_name"]
        assert found.values["birth_date"]
    assert found.school in {"", *(rule.school for rule in found.rules)}


# --- where they go ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "school"),
    [
        ({}, HERE),
        ({"school": "东园小学"}, NEXT),
        ({"school_code": "2141041105"}, NEXT),  # the code goes before the name
        ({"school": "外地小学"}, HERE),  # no school of the district: by the household
        ({"school": "外地小学", "hukou_address": "外县"}, HERE),  # and then by where they live
        ({"school": "", "hukou_address": "", "current_address": ""}, ""),
        ({"school": "外地小学", "hukou_address": "湛河湾村或柳树营村", "current_address": ""}, ""),
        ({"intention": "缓学"}, HERE),
        ({"intention": "民办"}, ""),
        ({"intention": "外县"}, ""),
        ({"intention": "外省"}, ""),
        ({"intention": "特教"}, ""),
    ],
)
def test_a_child_goes_where_a_rule_says_and_else_waits_for_a_person(
    reader: LeaverReader, cells: dict[str, str], school: str
) -> None:
    found = read(reader, **cells)
    assert (found.school, found.state) == (school, "good" if school else "unassigned")
    assert bool(found.basis) is bool(school)


def test_an_address_that_names_one_village_wherever_it_stands_in_it(
    reader: LeaverReader, policy: Policy
) -> None:
    for village in policy.villages.values():
        code, group = reader.home(f"河南省平顶山市湛河区{village.label}第十二组8号")
        within = {one.label for one in policy.villages.values() if village.label in one.label}
        assert (code, group) == (village.code, 12), within
        assert reader.home(village.label) == (village.code, None)


def test_two_villages_are_none_and_the_longer_of_two_names_is_the_one_meant(
    reader: LeaverReader,
) -> None:
    assert reader.home("") == ("", None)
    assert reader.home("柳树营村、湛河湾村") == ("", None)
    assert reader.home("湛河湾村湛河湾村3组")[0] == "410411200201"


# --- the same child -----------------------------------------------------------------------------

some_child = st.fixed_dictionaries(
    {"full_name": st.sampled_from(("罗雨桐", "孟一诺")), "birth_date": st.just("2012-03-14")},
    optional={
        "id_number": st.sampled_from((number(BORN), number(BORN, 272))),
        "national_student_no": st.sampled_from(("G1", "G2")),
        "school": st.sampled_from(("湛河湾小学", "东园小学")),
    },
)


@given(some_child, some_child)
def test_a_number_in_common_makes_one_child_whatever_else_differs(
    one: dict[str, Value], other: dict[str, Value]
) -> None:
    both = bool(keys_of(one) & keys_of(other))
    assert both is bool(keys_of(other) & keys_of(one))
    names = ("id_number", "national_student_no")
    if any(one.get(name) and one.get(name) == other.get(name) for name in names):
        assert both
    elif any(each.get(name) for each in (one, other) for name in names):
        assert not both  # somebody with a number is never taken for another by the name
    else:
        assert both is (one == other)


def test_without_a_number_name_birth_and_school_make_the_child() -> None:
    child: dict[str, Value] = {"full_name": "买买提·吐尔逊", "birth_date": "2012-03-14"}
    assert keys_of(child) == keys_of(child | {"full_name": "买买提•吐尔逊"})
    assert not keys_of(child) & keys_of(child | {"birth_date": "2012-03-15"})
    assert not keys_of(child) & keys_of(child | {"school": "东园小学"})
