"""Receipt numbers find every slip of one sign and every exchange of neighbours."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.receipt_number import format_receipt, is_receipt

MARKS = st.text(alphabet=string.ascii_uppercase + string.digits, min_size=1, max_size=3)
DAYS = st.from_regex(r"(0[1-9]|1[0-2])([0-2][0-9]|3[01])", fullmatch=True)


@st.composite
def receipts(draw: st.DrawFn) -> str:
    """Draw a receipt number of any school, desk and day."""
    return format_receipt(draw(MARKS), draw(MARKS), draw(DAYS), draw(st.integers(1, 999_999)))


@given(receipts())
def test_what_is_written_is_read(number: str) -> None:
    assert is_receipt(number)


@given(receipts())
def test_every_single_wrong_sign_is_found(number: str) -> None:
    wrong = [
        number[:place] + sign + number[place + 1 :]
        for place, old in enumerate(number)
        for sign in string.ascii_uppercase + string.digits
        if old not in ("-", sign)
    ]
    assert not [one for one in wrong if is_receipt(one)]


@given(receipts())
def test_every_exchange_of_neighbours_is_found(number: str) -> None:
    for place in range(len(number) - 1):
        left, right = number[place], number[place + 1]
        changed = number[:place] + right + left + number[place + 2 :]
        assert changed == number or not is_receipt(changed)


@pytest.mark.parametrize("mark", ["", "zhw", "湛河湾", "ZHWANWAN"])
def test_a_mark_that_does_not_fit_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        format_receipt(mark, "2", "0824", 1)
