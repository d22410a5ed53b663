"""Laws of the rules: what must hold for every text, not only for the examples of a table."""

from __future__ import annotations

import datetime as dt
import itertools
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop_app.domain.acts import ANY_ROLE, Role, read_roles, roles_for, write_roles
from desktop_app.domain.address import address_key, read_address, read_numeral
from desktop_app.domain.age import LAW, AgeRule, age_on, check_age
from desktop_app.domain.catchment import CatchmentRule, find_rules, overlapping, uncovered
from desktop_app.domain.categories import Situation, suggest_categories
from desktop_app.domain.dates import parse_date, parse_iso
from desktop_app.domain.masks import mask_address, mask_name, mask_number, mask_phone
from desktop_app.domain.materials import (
    AllOf,
    AnyOf,
    Checklist,
    Paper,
    Requirement,
    repair_deadline,
)
from desktop_app.domain.names import check_name, name_key, tidy_name
from desktop_app.domain.phone import check_phone, tidy_phone

HANZI = st.text("罗雨桐单欧阳志远子涵若曦建国龘鹮翾", min_size=1, max_size=6)
ANY_TEXT = st.text(max_size=30)


def shown(masked: str) -> int:
    return sum(letter != "*" for letter in masked)


# --- masks never show more than they may --------------------------------------------------------


@given(ANY_TEXT)
def test_a_masked_number_keeps_its_length_and_shows_six_and_four_at_most(number: str) -> None:
    masked = mask_number(number)
    assert len(masked) == len(number)
    plain = number.replace("*", "x")
    covered = mask_number(plain)
    assert shown(covered) <= (10 if len(plain) >= 15 else 4 if len(plain) >= 8 else 0)
    if len(plain) >= 15:
        assert covered[6:-4] == "*" * (len(plain) - 10)


@given(st.text("0123456789", min_size=17, max_size=17), st.sampled_from("0123456789X"))
def test_no_mask_tells_the_birth_date_of_a_resident_number(body: str, last: str) -> None:
    assert mask_number(body + last)[6:14] == "*" * 8


@given(st.text("罗雨桐·. ab", max_size=12))
def test_a_masked_name_hides_at_least_one_letter_and_shows_two_at_most(name: str) -> None:
    masked = mask_name(name)
    assert len(masked) == len(name)
    letters = [letter for letter in name if letter not in "·. "]
    if letters:
        assert "*" in masked
    assert sum(letter not in "*·. " for letter in masked) <= 2


@given(ANY_TEXT.map(lambda text: text.replace("*", "x")))
def test_a_masked_phone_shows_seven_digits_at_most_and_hides_something(phone: str) -> None:
    masked = mask_phone(phone)
    assert len(masked) == len(phone)
    assert shown(masked) <= 7
    if phone:
        assert "*" in masked


@given(
    st.sampled_from(["湛河区", "平顶山市湛河区", ""]),
    st.sampled_from(["北渡街道", "曹镇乡", "荆山街道", ""]),
    st.sampled_from(["湾村", "北渡村", "姚孟社区"]),
    st.integers(1, 99),
    st.integers(1, 2000),
    st.sampled_from(["", "李村附近", "村委会对面", "幸福社区旁", "王庄乡亲楼"]),
)
def test_a_masked_address_ends_at_its_village_whatever_stands_behind(
    region: str, town: str, village: str, group: int, house: int, behind: str
) -> None:
    masked = mask_address(f"{region}{town}{village}{group}组{house}号{behind}")
    assert masked == f"{region}{town}{village}***"


@given(ANY_TEXT.map(lambda text: text.replace("*", "x")))
def test_no_masked_address_shows_a_house_number(address: str) -> None:
    masked = mask_address(address)
    assert masked.endswith("***")
    place = masked.removesuffix("***")
    assert len(place) <= 3 or not any(letter.isdecimal() for letter in place)


# --- names --------------------------------------------------------------------------------------


@given(ANY_TEXT)
def test_a_tidied_name_is_tidy(text: str) -> None:
    once = tidy_name(text)
    assert tidy_name(once) == once
    assert check_name(text).name == once
    assert once == once.strip()


@given(HANZI, HANZI, st.sampled_from("·•‧∙⋅・･"))
def test_every_dot_of_a_long_name_is_the_same_dot(left: str, right: str, dot: str) -> None:
    assert (
        tidy_name(f"{left}{dot}{right}")
        == tidy_name(f" {left} {dot} {right} ")
        == f"{left}·{right}"
    )
    assert name_key(f"{left}{dot}{right}") == name_key(f"{left}{right}")


@given(HANZI, st.integers(0, 6), st.sampled_from(" 　\u200b\u00ad\ufeff\t"))
def test_gaps_and_unseen_signs_never_part_a_child_from_itself(
    name: str, at: int, sign: str
) -> None:
    place = min(at, len(name))
    assert name_key(name[:place] + sign + name[place:]) == name_key(name)


@given(HANZI, HANZI)
def test_two_names_of_other_characters_stay_two_names(one: str, other: str) -> None:
    assert (name_key(one) == name_key(other)) == (one == other)


@given(HANZI, st.sampled_from("\u202e\u2066\x00\x07\x1b\u2028\ud800"), st.integers(0, 6))
def test_a_sign_that_turns_or_breaks_a_line_blocks_wherever_it_stands(
    name: str, sign: str, at: int
) -> None:
    found = check_name(name[:at] + sign + name[at:] + "李")
    assert found.blocks or sign not in found.name


@given(st.sampled_from("=+-@"), HANZI)
def test_no_name_begins_a_formula(sign: str, rest: str) -> None:
    assert check_name(sign + rest).blocks


# --- phones and dates ---------------------------------------------------------------------------


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86", "0086", "86"]))
def test_a_mobile_number_is_one_number_however_it_is_written(digits: str, before: str) -> None:
    for gap in ("", " ", "-", "　"):
        written = before + gap.join((digits[:3], digits[3:7], digits[7:]))
        wide = "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in written)
        assert tidy_phone(written) == tidy_phone(wide) == digits
        assert check_phone(written).kind == "mobile"
        assert check_phone(written).problems == ()


@given(st.text("0123456789-转 +()ext", max_size=20))
def test_a_tidied_phone_is_tidy(text: str) -> None:
    once = tidy_phone(text)
    main, dash, extension = once.partition("-")
    assert not extension or dash
    assert all(one in "0123456789" for one in main + extension)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_a_date_is_read_in_every_way_it_is_written(day: dt.date) -> None:
    y, m, d = day.year, day.month, day.day
    for text in (
        f"{y}{m:02d}{d:02d}",
        f"{y}-{m}-{d}",
        f"{y}-{m:02d}-{d:02d}",
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{y}年{m}月{d}日",
        f" {y} 年 {m} 月 {d} 日 ",
    ):
        wide = "".join(
            chr(ord(one) + 0xFEE0) if one.isascii() and one.isdigit() else one for one in text
        )
        assert parse_date(text) == parse_date(wide) == day
    assert parse_iso(day.isoformat()) == day
    assert parse_iso(f"{y}{m:02d}{d:02d}") is None


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_a_day_that_does_not_exist_is_no_date(year: int, month: int, day: int) -> None:
    try:
        real: dt.date | None = dt.date(year, month, day)
    except ValueError:
        real = None
    assert parse_date(f"{year:04d}{month:02d}{day:02d}") == real
    assert parse_iso(f"{year:04d}-{month:02d}-{day:02d}") == real


@given(ANY_TEXT)
def test_reading_a_date_never_fails(text: str) -> None:
    read = parse_date(text)
    if read is not None:
        assert (
            str(read.year) in unicodedata.normalize("NFKC", text).replace(" ", "")
            or read.year < 1000
        )


# --- age ----------------------------------------------------------------------------------------


@given(
    st.dates(dt.date(2010, 1, 1), dt.date(2024, 8, 31)),
    st.dates(dt.date(2024, 1, 1), dt.date(2030, 1, 1)),
)
def test_age_counts_birthdays_that_have_come(born: dt.date, day: dt.date) -> None:
    assume(born <= day)
    years, months = age_on(born, day)
    had = sum(
        (born.month, born.day) <= (day.month, day.day) if year == day.year else True
        for year in range(born.year + 1, day.year + 1)
    )
    assert years == had
    assert 0 <= months < 12


@given(st.dates(dt.date(2010, 1, 1), dt.date(2024, 12, 31)))
def test_six_years_by_31_august_decide_and_nothing_else(born: dt.date) -> None:
    found = check_age(born.isoformat(), 2024, "P1")
    assert (found.state == "under") == (born > dt.date(2018, 8, 31))
    assert bool(found.problems) == (found.state == "under")
    assert found.is_silently_over == (found.years >= LAW.over_years)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2024, 12, 31)), st.integers(5, 8))
def test_junior_one_goes_by_graduates_at_any_age(born: dt.date, years: int) -> None:
    found = check_age(born.isoformat(), 2024, "J1", AgeRule(years=years))
    assert (found.state, found.problems) == ("graduates", ())


# --- addresses ----------------------------------------------------------------------------------


def numeral(number: int) -> str:
    """Write a number below a hundred as people do."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


@given(st.integers(1, 99))
def test_a_numeral_is_its_number(number: int) -> None:
    assert read_numeral(numeral(number)) == number


@given(
    st.integers(1, 99),
    st.integers(1, 99),
    st.sampled_from(["", "湛河区", "平顶山市湛河区", "河南省平顶山市湛河区"]),
    st.sampled_from(["组", "村民组", "村民小组", "小组", "生产队", "队"]),
    st.sampled_from(["湾村", "湾行政村", "湾村委会"]),
)
def test_one_house_has_one_key_however_the_register_writes_it(
    group: int, house: int, region: str, unit: str, village: str
) -> None:
    key = address_key(f"湾村{group}组{house}号")
    for written in (str(group), f"第{group}", numeral(group), f"第{numeral(group)}", f"0{group}"):
        text = f"{region}{village}{written}{unit}{house}号"
        assert address_key(text) == key
        spaced = f" {region} {village}{written}{unit} {house}号 "
        assert address_key(spaced) == key
        parts = read_address(text)
        assert (parts.village, parts.group) == ("湾村", group)


@given(st.integers(1, 99), st.integers(1, 99), st.integers(1, 99), st.integers(1, 99))
def test_two_houses_have_two_keys(g1: int, h1: int, g2: int, h2: int) -> None:
    same = address_key(f"湾村{g1}组{h1}号") == address_key(f"湾村{numeral(g2)}组{h2}号")
    assert same == ((g1, h1) == (g2, h2))


# --- papers, against brute force ----------------------------------------------------------------

CODES = "ABCDE"
PAPERS = st.sampled_from(CODES).map(Paper)


def parts_of(inner: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return several.map(AllOf) | several.map(AnyOf)


REQUIREMENTS: st.SearchStrategy[Requirement] = st.recursive(PAPERS, parts_of, max_leaves=6)


def holds(part: Requirement, seen: frozenset[str]) -> bool:
    """Say by the meaning of the words whether what was seen is enough."""
    if isinstance(part, Paper):
        return part.code in seen
    if isinstance(part, AllOf):
        return all(holds(each, seen) for each in part.parts)
    return any(holds(each, seen) for each in part.options)


def accepted(part: Requirement, seen: frozenset[str]) -> Checklist:
    found = Checklist(AllOf((part,)), optional=tuple(CODES))
    for code in sorted(seen):
        found = found.accept(code)
    return found


SUBSETS = [
    frozenset(one) for size in range(len(CODES) + 1) for one in itertools.combinations(CODES, size)
]


@given(REQUIREMENTS)
def test_a_list_is_complete_exactly_when_its_words_say_so(part: Requirement) -> None:
    for seen in SUBSETS:
        assert accepted(part, seen).is_complete == holds(part, seen)


@given(REQUIREMENTS)
def test_the_next_papers_are_the_fewest_that_complete_the_list_for_plain_choices(
    part: Requirement,
) -> None:
    for seen in SUBSETS[:8]:
        wanted = accepted(part, seen).next_materials()
        assert holds(part, seen | set(wanted))
        assert not set(wanted) & seen
        assert len(set(wanted)) == len(wanted)
        if holds(part, seen):
            assert wanted == ()


@given(REQUIREMENTS, st.sampled_from(SUBSETS), st.sampled_from(CODES))
def test_any_state_but_accepted_or_waived_leaves_the_paper_open(
    part: Requirement, seen: frozenset[str], code: str
) -> None:
    before = accepted(part, seen - {code})
    for state in (
        before.defer(code, "2024-08-28"),
        before.ask_correction(code, "PAGE_MISSING", "2024-08-28"),
        before.reject(code, "PAGE_MISSING"),
    ):
        assert state.is_complete == before.is_complete
        assert state.accept(code).is_complete == before.accept(code).is_complete
        assert state.withdraw(code).lines() == before.lines()
    assert before.waive(code, "police").is_complete == before.accept(code).is_complete


@given(REQUIREMENTS, st.permutations(CODES))
def test_the_order_in_which_papers_come_does_not_matter(
    part: Requirement, order: list[str]
) -> None:
    found = Checklist(AllOf((part,)), optional=tuple(CODES))
    for code in order[:3]:
        found = found.accept(code)
    assert found.lines() == accepted(part, frozenset(order[:3])).lines()


@given(REQUIREMENTS, st.sampled_from(CODES), st.dates(dt.date(2024, 8, 1), dt.date(2024, 9, 30)))
def test_a_deadline_is_told_while_its_paper_is_open_and_never_after(
    part: Requirement, code: str, day: dt.date
) -> None:
    deferred = accepted(part, frozenset()).defer(code, day.isoformat())
    is_asked = code in set(part.codes())
    assert deferred.deadline() == (day.isoformat() if is_asked else None)
    everything = deferred
    for one in CODES:
        everything = everything.accept(one)
    assert everything.deadline() is None


@given(
    st.dates(dt.date(2024, 8, 1), dt.date(2024, 9, 30)).map(dt.date.isoformat),
    st.lists(
        st.dates(dt.date(2024, 8, 1), dt.date(2024, 10, 30)).map(dt.date.isoformat),
        min_size=3,
        max_size=6,
        unique=True,
    ).map(sorted),
)
def test_nobody_has_less_than_three_working_days(until: str, days: list[str]) -> None:
    given_day = repair_deadline(until, days)
    assert given_day >= days[2]
    assert given_day >= until
    assert given_day in {until, days[2]}


# --- catchment, against brute force -------------------------------------------------------------

RULES = st.lists(
    st.builds(
        CatchmentRule,
        village=st.sampled_from(["v1", "v2"]),
        school=st.sampled_from(["s1", "s2", "s3"]),
        stage=st.sampled_from(["P1", "J1"]),
        kind=st.sampled_from(["single", "multi", "feeder"]),
        basis=st.just("b"),
        groups=st.sampled_from([(), (1,), (2,), (1, 2)]),
        estates=st.just(()),
    ),
    max_size=6,
)


@given(
    RULES,
    st.sampled_from(["P1", "J1"]),
    st.sampled_from(["v1", "v2"]),
    st.sampled_from([None, 1, 2, 3]),
)
def test_a_place_is_told_every_rule_that_names_it_and_no_other(
    rules: list[CatchmentRule], stage: str, village: str, group: int | None
) -> None:
    found = find_rules(rules, stage, village, group)
    assert all((one.stage, one.village) == (stage, village) for one in found)
    here = [one for one in rules if (one.stage, one.village) == (stage, village)]
    if group is not None and any(group in one.groups for one in here):
        assert all(group in one.groups for one in found)
    elif group is None and here:
        assert found
    assert bool(uncovered(rules, stage, [village])) == (not here)


@given(RULES)
def test_a_village_claimed_twice_is_named_whatever_the_order(rules: list[CatchmentRule]) -> None:
    assert set(overlapping(rules)) == set(overlapping(rules[::-1]))
    doubled = [*rules, *rules]
    assert set(overlapping(doubled)) == set(overlapping(rules))


# --- categories and roles, all of them ----------------------------------------------------------

HUKOU = ("zone", "district", "elsewhere", "collective", "none", "hmt", "foreign")
HOMES = ("own", "grandparents", "bought", "resettled", "rented", "none")
GUARANTEED = {"C1", "C2", "C3", "C4", "D1", "D2"}


def test_triage_always_suggests_something_and_never_guesses_a_special_group() -> None:
    yes_no = (False, True)
    for hukou, home, work in itertools.product(HUKOU, HOMES, ("employed", "business", "none")):
        for rural, returned, twin, sibling, private in itertools.product(yes_no, repeat=5):
            found = suggest_categories(
                Situation(hukou, home, work, rural, returned, twin, sibling, private)
            )
            assert found
            assert found[0] not in {"F1", "F2", "P1"}
            assert len(set(found)) == len(found)
            assert not set(found) & GUARANTEED
            assert ("F2" in found, "F1" in found, "P1" in found) == (twin, sibling, private)


@given(st.sets(st.sampled_from(list(Role))), st.text("abc xyz", max_size=10))
def test_roles_are_read_as_they_were_written_and_unknown_words_grant_nothing(
    roles: set[Role], noise: str
) -> None:
    assert read_roles(write_roles(roles)) == roles
    assert read_roles(f"{noise} {write_roles(roles)} king") == roles


@pytest.mark.parametrize("kind", ["day_close", "acknowledgement", "feed_limit"])
def test_acts_of_authority_stay_so_whatever_fields_they_touch(kind: str) -> None:
    alone = roles_for(kind, ())
    assert alone is not None
    assert alone < ANY_ROLE
    assert roles_for(kind, ("anything", "else")) == alone


def test_one_field_that_needs_a_signature_makes_the_whole_act_need_it() -> None:
    assert roles_for("applicant", ("full_name",)) is None
    assert roles_for("applicant", ("full_name", "review")) == roles_for("applicant", ("review",))
    both = roles_for("applicant", ("review", "district_status"))
    assert both == frozenset()
