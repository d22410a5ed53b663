"""Explanations of a day go into one text and come out the same, whoever wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import RuleError
from desktop_app.domain.receipt_number import format_receipt
from desktop_app.services.explaining import (
    LONGEST,
    draft_name,
    read_explanations,
    write_explanations,
)

RECEIPTS = st.integers(1, 9999).map(lambda number: format_receipt("ZHW", "2", "0824", number))
ITEMS = st.one_of(RECEIPTS, st.integers(1, 9).map(draft_name))
WORDS = st.text("等家长 送证明早\n\tZHW-2", max_size=30).map(lambda text: " ".join(text.split()))


@given(st.dictionaries(ITEMS, WORDS.filter(bool), max_size=8), WORDS)
def test_what_was_explained_is_read_again(own: dict[str, str], others: str) -> None:
    said = read_explanations(write_explanations(own, others))
    assert (dict(said.own), said.others) == (own, others)
    assert {item: said.of(item) for item in own} == own
    assert said.of(format_receipt("ZHW", "3", "0824", 1)) == others


def test_lines_within_an_explanation_do_not_become_items() -> None:
    item = format_receipt("ZHW", "2", "0824", 1)
    said = read_explanations(write_explanations({item: "one\ntwo"}, f"three\n{item} four"))
    assert (dict(said.own), said.others) == ({item: "one two"}, f"three {item} four")


def test_what_an_older_program_wrote_is_meant_for_all() -> None:
    said = read_explanations("明早审\n其余等派出所")
    assert (dict(said.own), said.others) == ({}, "明早审 其余等派出所")
    assert read_explanations("").of("any") == ""


def test_too_many_words_are_refused() -> None:
    with pytest.raises(RuleError, match=r"day\.explanations_long"):
        write_explanations({draft_name(1): "x" * LONGEST}, "")
