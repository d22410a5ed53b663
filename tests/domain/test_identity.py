"""Identity numbers: what is right passes, what is wrong is named, nothing useful is given away."""

from __future__ import annotations

import datetime as dt
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.iso7064 import mod_11_2

from desktop_app.domain.identity import (
    IdentityCheck,
    check_birth_certificate,
    check_disability_card,
    check_identity,
    export_id_type,
    has_valid_checksum,
    is_roll_number,
    looks_excel_damaged,
    make_check_digit,
    tidy_number,
)


def codes(check: IdentityCheck) -> set[str]:
    return {problem.code for problem in check.problems}


bodies = st.builds(
    lambda region, day, sequence: f"{region:06d}{day:%Y%m%d}{sequence:03d}",
    st.integers(110000, 659999),
    st.dates(
        min_value=dt.date(1930, 1, 1),
        max_value=dt.date(2030, 12, 31),
    ),
    st.integers(0, 999),
)
numbers = bodies.map(lambda body: body + make_check_digit(body))


@pytest.mark.parametrize(
    ("id_type", "number", "sex", "birth"),
    [
        ("1", "11010519491231002X", "2", "1949-12-31"),
        ("1", "410411201808311230", "1", "2018-08-31"),
        ("H", "810000201801010025", "2", "2018-01-01"),
        ("H", "830000201801010010", "1", "2018-01-01"),
        ("F", "91112420180101123X", None, "2018-01-01"),
    ],
)
def test_published_vectors_are_right(
    id_type: str, number: str, sex: str | None, birth: str
) -> None:
    check = check_identity(id_type, number, sex=sex, birth=birth)
    assert check.problems == ()
    assert (check.sex, check.birth, check.number) == (sex, birth, number)


def test_a_hong_kong_permit_of_an_early_birth_is_right() -> None:
    number = "81000019940101002" + make_check_digit("81000019940101002")
    assert not check_identity("H", number).problems


@pytest.mark.parametrize("region", ["410471", "410472", "419999", "410411", "654321"])
def test_no_region_ever_blocks(region: str) -> None:
    body = f"{region}20180314264"
    check = check_identity("1", body + make_check_digit(body))
    assert not check.blocks
    assert check.region == region


def test_an_unknown_province_warns_only() -> None:
    body = "99041120180314264"
    check = check_identity("1", "89" + body[2:] + make_check_digit("89" + body[2:]))
    assert codes(check) == {"identity.region"}
    assert not check.blocks
    assert check.region_name is None


def test_the_region_is_named_as_finely_as_known() -> None:
    body = "41041120180314264"
    assert check_identity("1", body + make_check_digit(body)).region_name == "河南省平顶山市湛河区"
    body = "41999920180314264"
    assert check_identity("1", body + make_check_digit(body)).region_name == "河南省"


def test_disagreement_of_sex_and_birth_warns_only() -> None:
    check = check_identity("1", "410411201808311230", sex="2", birth="2018-08-30")
    assert codes(check) == {"identity.sex_differs", "identity.birth_differs"}
    assert not check.blocks


@pytest.mark.parametrize(
    ("id_type", "number", "code"),
    [
        ("1", "410411201808311231", "identity.checksum"),
        ("1", "41041120180831123", "identity.length"),
        ("1", "4104112018083112301", "identity.length"),
        ("1", "41041120180831A230", "identity.characters"),
        ("1", "410411180831123", "identity.fifteen_digits"),
        ("1", "410411201808311000", "identity.excel_damaged"),
        ("1", "4.10411E+17", "identity.excel_damaged"),
        ("1", "", "identity.empty"),
        ("1", "X" * 18, "identity.characters"),
        ("H", "410411201808311230", "identity.not_hmt"),
        ("F", "410411201808311230", "identity.not_foreign"),
        ("A", "E1", "identity.pass_characters"),
        ("A", "E1;DROP TABLE", "identity.pass_characters"),
        ("A", "", "identity.empty"),
    ],
)
def test_wrong_numbers_block_with_their_reason(id_type: str, number: str, code: str) -> None:
    check = check_identity(id_type, number)
    assert check.blocks
    assert codes(check) == {code}


@pytest.mark.parametrize("block", ["20180230", "20181301", "20180001", "18990101", "21000101"])
def test_dates_that_do_not_exist_block(block: str) -> None:
    body = f"410411{block}123"
    check = check_identity("1", body + make_check_digit(body))
    assert codes(check) == {"identity.date"}
    assert check.blocks


def test_a_leap_day_is_an_ordinary_birthday() -> None:
    body = "41999920200229264"
    assert check_identity("1", body + make_check_digit(body)).birth == "2020-02-29"


@pytest.mark.parametrize(
    ("id_type", "number", "warning"),
    [
        ("6", "H12345678", None),
        ("6", "A123456(3)", None),
        ("7", "M12345678", None),
        ("7", "1234567(8)", None),
        ("8", "12345678", None),
        ("8", "1234567890", None),
        ("8", "123", "identity.pass_characters"),
        ("8", "ABCDEFGH", "identity.pass_shape"),
        ("6", "ZZZZZZZZ", "identity.pass_shape"),
        ("9", "CAN110120", None),
        ("A", "E12345678", None),
        ("F", "CAN110119800101", None),
    ],
)
def test_passes_are_judged_loosely(id_type: str, number: str, warning: str | None) -> None:
    assert codes(check_identity(id_type, number)) == ({warning} if warning else set())


def test_a_child_without_a_number_is_never_blocked() -> None:
    check = check_identity("Z", "")
    assert not check.blocks
    assert codes(check) == {"identity.no_number"}
    assert check.status == "id_pending_hukou"
    assert codes(check_identity("Z", "123")) == {"identity.number_without_type"}


@pytest.mark.parametrize(
    ("id_type", "status"),
    [("1", "id_ok"), ("H", "hmt"), ("8", "hmt"), ("A", "foreign"), ("F", "foreign")],
)
def test_status_follows_the_document(id_type: str, status: str) -> None:
    assert IdentityCheck(id_type, "").status == status


def test_a_permit_typed_as_a_resident_card_is_pointed_out() -> None:
    assert codes(check_identity("1", "830000201801010010")) == {"identity.is_hmt"}
    assert codes(check_identity("1", "91112420180101123X")) == {"identity.is_foreign"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("４１０４１１２０１８０８３１１２３０", "410411201808311230"),
        ("410411 20180831 1230", "410411201808311230"),
        ("410411-20180831-1230", "410411201808311230"),
        ("11010519491231002x", "11010519491231002X"),
        ("11010519491231002Х", "11010519491231002X"),
        ("11010519491231002×", "11010519491231002X"),
        ("11010519491231002ｘ", "11010519491231002X"),
        ("4l0411201808311230", "410411201808311230"),
        ("41041120I8O8311230", "410411201808311230"),
        ("E0l2345I", "E0L2345I"),
        ("41041120Q808311230", "41041120Q808311230"),
        ("\u200b410411201808311230\u3000", "410411201808311230"),
        ("A123456(3)", "A123456(3)"),
    ],
)
def test_typed_numbers_are_tidied(typed: str, stored: str) -> None:
    assert tidy_number(typed) == stored


@given(st.text(alphabet=string.printable + "０１９ＸｘХх×年 \u200b－", max_size=30))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = tidy_number(text)
    assert tidy_number(once) == once


@given(st.text(alphabet=string.printable + "Х×０Ｘ年", max_size=25), st.sampled_from("16789AHFZ"))
def test_no_text_makes_the_check_fail_or_leak(text: str, id_type: str) -> None:
    check = check_identity(id_type, text)
    for problem in check.problems:
        assert not problem.details
        assert problem.code.startswith("identity.")


@given(numbers)
def test_made_numbers_agree_with_an_independent_library(number: str) -> None:
    assert mod_11_2.is_valid(number)
    assert ric.calc_check_digit(number) == number[17]
    check = check_identity("1", number)
    assert not check.blocks
    assert check.sex == ("1" if int(number[16]) % 2 else "2")
    assert check.birth == ric.get_birth_date(number).isoformat()


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_character_is_caught(number: str, at: int, other: str) -> None:
    assume(number[at] != other)
    assert not has_valid_checksum(number[:at] + other + number[at + 1 :])


@given(numbers, st.integers(0, 16))
def test_any_swapped_neighbours_are_caught(number: str, at: int) -> None:
    assume(number[at] != number[at + 1])
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert not has_valid_checksum(swapped)


@given(numbers)
def test_the_expected_digit_is_never_told(number: str) -> None:
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    check = check_identity("1", wrong)
    assert codes(check) <= {"identity.checksum", "identity.excel_damaged"}
    assert all(not problem.details for problem in check.problems)


@pytest.mark.parametrize(
    "text", ["1234567890123456", "", "1234567890123456X", "12345678901234５67"]
)
def test_a_check_digit_needs_seventeen_digits(text: str) -> None:
    with pytest.raises(ValueError, match="first17"):
        make_check_digit(text)


@pytest.mark.parametrize(
    ("text", "damaged"),
    [
        ("4.1E+17", True),
        ("4.10411201808311E+17", True),
        ("4.1e17", True),
        ("４.1E+17", True),
        ("410411201808311000", True),
        ("410411201808311230.0", True),
        ("410411201808311230", False),
        ("410411201808311", False),
        ("13800001234", False),
        ("", False),
    ],
)
def test_excel_damage_is_known_by_sight(text: str, damaged: bool) -> None:
    assert looks_excel_damaged(text) is damaged


def test_a_right_number_that_ends_in_noughts_only_warns() -> None:
    body = next(
        body for day in range(1, 29) if make_check_digit(body := f"410411201808{day:02d}100") == "0"
    )
    assert codes(check_identity("1", body + "0")) == {"identity.maybe_rounded"}


@pytest.mark.parametrize(
    ("number", "birth", "code"),
    [
        ("S410000001", "2018-03-14", None),
        ("t410000001", "2018-03-14", None),
        ("X320101001", "2018-03-14", "birth_certificate.year"),
        ("X320101001", None, None),
        ("320101001", "2018-03-14", "birth_certificate.shape"),
    ],
)
def test_birth_certificates_warn_only(number: str, birth: str | None, code: str | None) -> None:
    found = check_birth_certificate(number, birth, "birth_certificate")
    assert [problem.code for problem in found] == ([code] if code else [])
    assert not any(problem.blocks for problem in found)


def test_disability_cards_hold_their_owner() -> None:
    own = "410411201808311230"
    assert check_disability_card(own + "52", own, "n") == ()
    assert check_disability_card(own + "52B1", own, "n") == ()
    assert check_disability_card(own + "92", own, "n")[0].code == "disability_card.shape"
    other = check_disability_card("11010519491231002X52", own, "n")[0]
    assert (other.code, other.blocks) == ("disability_card.other_person", False)


def test_roll_numbers_have_their_shape() -> None:
    assert is_roll_number("G410411201808311230")
    assert is_roll_number("L11010519491231002X")
    assert not is_roll_number("K410411201808311230")
    assert not is_roll_number("G41041120180831123")


@pytest.mark.parametrize(
    ("id_type", "number", "as_resident", "value"),
    [
        ("H", "810000201801010025", False, "6"),
        ("H", "830000201801010010", False, "8"),
        ("H", "830000201801010010", True, "1"),
        ("H", "", False, "Z"),
        ("F", "91112420180101123X", False, "9"),
        ("1", "410411201808311230", False, "1"),
    ],
)
def test_own_document_types_are_exported_by_official_ones(
    id_type: str, number: str, as_resident: bool, value: str
) -> None:
    assert export_id_type(id_type, number, hmt_as_resident=as_resident) == value
