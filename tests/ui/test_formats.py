"""Numbers are bare in value and grouped on the screen, whatever the input method is doing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.ui.widgets.formats import (
    DOCUMENT,
    PHONE,
    RESIDENT_ID,
    SCHOOL_CODE,
    NumberFormat,
)

FORMATS = (RESIDENT_ID, PHONE, DOCUMENT, SCHOOL_CODE)


@pytest.mark.parametrize(
    ("rule", "typed", "bare", "shown"),
    [
        (RESIDENT_ID, "419999 20180314 2640", "419999201803142640", "419999 20180314 2640"),
        (RESIDENT_ID, "４１９９９９２０１８", "4199992018", "419999 2018"),
        (RESIDENT_ID, "41999920180314264x", "41999920180314264X", "419999 20180314 264X"),
        (RESIDENT_ID, "41999920180314264Ｘ", "41999920180314264X", "419999 20180314 264X"),
        (RESIDENT_ID, "41999920180314264*", "41999920180314264X", "419999 20180314 264X"),
        (RESIDENT_ID, "41999920180314264Х", "41999920180314264X", "419999 20180314 264X"),
        (RESIDENT_ID, "4199x99", "419999", "419999"),
        (PHONE, "138-0000-1612", "13800001612", "138 0000 1612"),
        (PHONE, "0375 1234567", "03751234567", "03751234567"),
        (DOCUMENT, "h 1234567（01）", "H123456701", "H123456701"),
    ],
)
def test_what_is_typed(rule: NumberFormat, typed: str, bare: str, shown: str) -> None:
    assert rule.bare(typed) == bare
    assert rule.shown(bare) == shown


@given(st.text(), st.sampled_from(FORMATS))
def test_the_screen_never_changes_the_value(text: str, rule: NumberFormat) -> None:
    bare = rule.bare(text)[: rule.length]
    assert rule.bare(rule.shown(bare)) == bare
    assert bare.isascii()


@given(st.text(alphabet="0123456789", max_size=18), st.data())
def test_the_caret_stands_after_the_digits_before_it(digits: str, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(digits)))
    shown = RESIDENT_ID.shown(digits)
    place = RESIDENT_ID.caret(digits, count)
    assert RESIDENT_ID.bare(shown[:place]) == digits[:count]
