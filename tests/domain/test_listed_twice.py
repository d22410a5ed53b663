"""One child listed twice is seen where it can be known, and two children are never made one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.listed_twice import Listed
from tests.services.kit import number

BORN = "20120314"
ONE, TWO = number(BORN), number(BORN, 272)
TOLD = {"full_name": "罗雨桐", "birth_date": "2012-03-14", "school": "湛河湾小学"}


def entry(**more: str) -> Listed:
    return Listed.of(TOLD | more)


def test_an_id_number_alone_and_a_roll_number_alone_may_be_one_child() -> None:
    by_id = entry(id_number=ONE)
    assert by_id.may_be(entry(national_student_no="L" + TWO))
    assert by_id.may_be(entry(national_student_no="G" + ONE, full_name="罗宇桐")), "made of it"
    assert by_id.may_be(entry())
    assert set(by_id.traits()) & set(entry(national_student_no="L" + TWO).traits())


def test_what_contradicts_is_two_children() -> None:
    by_id = entry(id_number=ONE)
    for other in (
        entry(id_number=TWO),
        entry(national_student_no="G" + TWO),
        entry(national_student_no="L" + TWO, full_name="孟一诺"),
        entry(national_student_no="L" + TWO, birth_date="2012-03-15"),
        entry(national_student_no="L" + TWO, school="东园小学"),
        entry(national_student_no="L" + TWO, school=""),
    ):
        assert not by_id.may_be(other)
    assert not entry(school="").may_be(entry(school="")), "a name and a birth date are not enough"


numbers = st.sampled_from(["", ONE, TWO])
rolls = st.sampled_from(["", "G" + ONE, "G" + TWO, "L" + ONE, "J" + TWO, "damaged"])
entries = st.builds(
    lambda one, roll, name, school: entry(
        id_number=one, national_student_no=roll, full_name=name, school=school
    ),
    numbers,
    rolls,
    st.sampled_from(["罗雨桐", "孟一诺"]),
    st.sampled_from(["湛河湾小学", ""]),
)


@given(entries, entries)
def test_it_is_the_same_both_ways_and_whoever_may_be_one_is_found_by_a_key(
    one: Listed, other: Listed
) -> None:
    assert one.may_be(other) == other.may_be(one)
    if one.may_be(other):
        assert set(one.traits()) & set(other.traits())
    if one.id_number and other.id_number and one.id_number != other.id_number:
        assert not one.may_be(other)
