"""Six signs a parent can read out: short, checked, and another for every child."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.parent_code import LENGTH, parent_code, read_code
from desktop_app.domain.receipt_number import format_receipt

OWN = st.from_regex(r"[A-Z][A-Z2-7]{2}", fullmatch=True)
MARKS = st.one_of(
    st.integers(1, 999).map(str), OWN, st.from_regex(r"[A-Z0-9]{1,3}", fullmatch=True)
)
NUMBERS = st.integers(1, 999_999)


def code_of(mark: str, number: int) -> str:
    return parent_code(format_receipt("ZHW", mark, "0824", number))


@given(MARKS, NUMBERS)
def test_a_code_is_six_signs_the_first_a_digit_and_reads_back(mark: str, number: int) -> None:
    code = code_of(mark, number)
    assert len(code) == LENGTH
    assert code[0].isdigit()
    assert code.isalnum()
    assert code == code.upper()
    assert not set(code) & set("ILOUV")
    assert read_code(code) == read_code(code.lower()) == code
    assert read_code(f" {code[:3]}-{code[3:]}") == code


@given(st.integers(1, 91), st.integers(1, 91), st.integers(1, 9999), st.integers(1, 9999))
def test_laptops_with_tickets_never_share_a_code(one: int, other: int, n: int, m: int) -> None:
    assert (code_of(str(one), n) == code_of(str(other), m)) == ((one, n) == (other, m))


def test_all_codes_of_a_laptop_differ() -> None:
    assert len({code_of("7", 10_000 + n) for n in range(10_000)}) == 10_000


@given(
    MARKS, NUMBERS, st.integers(0, LENGTH - 1), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTWXYZ")
)
def test_one_wrong_sign_is_found(mark: str, number: int, at: int, sign: str) -> None:
    code = code_of(mark, number)
    wrong = code[:at] + sign + code[at + 1 :]
    assert read_code(wrong) == (code if wrong == code else "")


@given(MARKS, NUMBERS, st.integers(0, LENGTH - 2))
def test_two_neighbours_exchanged_are_found(mark: str, number: int, at: int) -> None:
    code = code_of(mark, number)
    wrong = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert read_code(wrong) == (code if wrong == code else "")


def test_what_is_mixed_up_when_read_is_taken_for_what_was_meant() -> None:
    codes = [code_of("7", n) for n in range(1, 3000)]
    code = next(one for one in codes if "0" in one and "1" in one)
    assert read_code(code.replace("0", "O").replace("1", "l")) == code


@pytest.mark.parametrize(
    "text", ["", "12345", "1234567", "ABCDEF", "12345U", "罗雨桐一二三", "１２３４５６"]
)
def test_what_is_no_code_gives_nothing(text: str) -> None:
    assert read_code(text) == ""


def test_what_is_no_receipt_number_has_no_code() -> None:
    assert parent_code("") == parent_code("ZHW-2-0824-0128-00") == ""
