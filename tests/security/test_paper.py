"""Codes on paper are typed back right, or the slip is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import RuleError
from desktop_app.security import paper
from desktop_app.security.keys import SigningKey

GROUPS = 7
symbols = st.sampled_from(paper.ALPHABET)


def test_no_two_codes_are_alike_and_none_holds_confusing_letters() -> None:
    codes = {paper.make_code(GROUPS) for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("ILOU")
    assert {len(code) for code in codes} == {GROUPS * 5 + GROUPS - 1}


@given(st.sampled_from(["", " ", "-", "—", " ", " - "]), st.booleans(), st.booleans())
def test_a_code_is_read_however_it_is_typed(gap: str, lower: bool, wide: bool) -> None:
    code = paper.make_code(GROUPS)
    typed = gap.join(code.split("-")).replace("0", "O").replace("1", "l")
    if lower:
        typed = typed.lower()
    if wide:
        typed = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in typed)
    assert paper.read_code(typed, GROUPS) == paper.read_code(code, GROUPS)


@given(st.integers(0, GROUPS * 5 - 1), symbols)
def test_every_single_slip_is_named_by_its_group(position: int, slip: str) -> None:
    code = list(paper.make_code(GROUPS).replace("-", ""))
    changed = code[position] != slip
    code[position] = slip
    if not changed:
        assert paper.read_code("".join(code), GROUPS)
        return
    with pytest.raises(RuleError) as raised:
        paper.read_code("".join(code), GROUPS)
    assert raised.value.details["group"] == position // 5 + 1


@given(st.integers(0, GROUPS - 1), st.integers(0, 4), st.integers(0, 4))
def test_every_swap_of_two_symbols_of_a_group_is_found(group: int, left: int, right: int) -> None:
    code = list(paper.make_code(GROUPS).replace("-", ""))
    before = "".join(code)
    one, two = group * 5 + left, group * 5 + right
    code[one], code[two] = code[two], code[one]
    if "".join(code) == before:
        return
    with pytest.raises(RuleError):
        paper.read_code("".join(code), GROUPS)


def test_groups_in_another_order_are_found() -> None:
    groups = paper.make_code(GROUPS).split("-")
    with pytest.raises(RuleError) as raised:
        paper.read_code("-".join([groups[1], groups[0], *groups[2:]]), GROUPS)
    assert raised.value.code == "paper.mistyped"


@pytest.mark.parametrize("typed", ["", "ABCD", "A" * 36])
def test_a_wrong_length_is_told(typed: str) -> None:
    with pytest.raises(RuleError) as raised:
        paper.read_code(typed, GROUPS)
    assert dict(raised.value.details) == {"wanted": 35, "typed": len(typed)}


def test_letters_outside_the_alphabet_are_slips() -> None:
    with pytest.raises(RuleError) as raised:
        paper.read_code("U" * 35, GROUPS)
    assert raised.value.details["group"] == 1


def test_a_fingerprint_is_four_groups_of_four_and_is_compared_as_typed() -> None:
    public, other = SigningKey.generate().public, SigningKey.generate().public
    shown = paper.fingerprint(public)
    assert [len(group) for group in shown.split("-")] == [4, 4, 4, 4]
    for typed in (shown, shown.lower().replace("-", ""), shown.replace("0", "o")):
        assert paper.same_fingerprint(typed, public)
        assert not paper.same_fingerprint(typed, other)
    for nonsense in (shown[:-1], shown + "0", "U" * 16):
        with pytest.raises(RuleError):
            paper.same_fingerprint(nonsense, public)


def test_a_known_fingerprint_stays_what_is_printed_on_old_paper() -> None:
    # SHA-256 of 32 zero bytes begins 66687aad f862bd77 6c8f; by hand 01100 11001 10100 00111 ...
    assert paper.fingerprint(bytes(32)) == "CSM7-NBFR-CAYQ-EV4F"
