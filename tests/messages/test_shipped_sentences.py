"""Every shipped sentence can be said: whole, on one line, in both languages, with whatever details."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import (
    CancelledError,
    Detail,
    RuleError,
    StaleError,
    UntrustedError,
    WorkplaceError,
)
from desktop_app.messages.catalogue import BUG, Language, sentence, shipped

CODES = sorted(shipped())
LANGUAGES: tuple[Language, ...] = ("zh", "en")
FAMILIES = (RuleError, StaleError, WorkplaceError, UntrustedError)
HAN = re.compile("[\u4e00-\u9fff]")
WIDE = re.compile("[\u3000-\u303f\uff00-\uffef]")


def details_of(code: str) -> dict[str, Detail]:
    """Give a value for every place of a sentence."""
    return dict.fromkeys(shipped()[code].placeholders, 7)


@pytest.mark.parametrize("code", CODES)
def test_a_sentence_is_whole_on_one_line_in_both_languages(code: str) -> None:
    details = details_of(code)
    for lang in LANGUAGES:
        line = sentence(RuleError(code, **details), lang).line
        assert "\n" not in line
        assert "{" not in line
        assert "}" not in line
        assert line.count(shipped()[code].number) == 1
        assert line.endswith((")", "）"))
        assert not details or "7" in line


@given(st.text(max_size=30))
def test_a_detail_of_many_lines_still_makes_one_line_of_a_command(text: str) -> None:
    line = sentence(RuleError("policy.refused", faults=f"{text}\n{text}")).line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("code", CODES)
def test_chinese_is_chinese_and_english_is_english(code: str) -> None:
    entry = shipped()[code]
    for part in (entry.what, entry.safe, entry.now):
        assert HAN.search(part), part
        assert part.endswith(("。", "？", "！", "：", "）", "}")), part
    english = sentence(RuleError(code, **details_of(code)), "en")
    assert not HAN.search(english.what)
    assert not WIDE.search(english.what), english.what
    assert english.what.endswith((".", "?"))
    assert english.what[0].isupper() or english.what[0].isdigit()


@pytest.mark.parametrize("code", CODES)
def test_a_detail_that_is_missing_leaves_a_mark_and_breaks_nothing(code: str) -> None:
    for lang in LANGUAGES:
        line = sentence(RuleError(code), lang).line
        assert shipped()[code].number in line


def test_every_family_says_the_same_of_one_code() -> None:
    for code in CODES:
        lines = {sentence(family(code, **details_of(code))).line for family in FAMILIES}
        assert len(lines) == 1


def test_numbers_tell_sentences_apart() -> None:
    numbers = [shipped()[code].number for code in CODES]
    assert len(set(numbers)) == len(numbers)
    spoken = {(shipped()[code].what, shipped()[code].now) for code in CODES}
    assert len(spoken) > 0.95 * len(CODES)


def test_who_stopped_it_hears_that_it_was_stopped_and_no_bug() -> None:
    assert sentence(CancelledError()).number != sentence(BUG).number


@given(st.sampled_from(CODES), st.text(max_size=20), st.integers())
def test_a_detail_stands_in_its_place_and_is_never_read(code: str, text: str, number: int) -> None:
    names = sorted(shipped()[code].placeholders)
    details: dict[str, Detail] = {name: text if at % 2 else number for at, name in enumerate(names)}
    said = sentence(RuleError(code, **details, never_asked_for="419999201803140012"))
    whole = said.what + said.safe + said.now
    assert "419999201803140012" not in whole
    for name in names:
        in_chinese = any(
            f"{{{name}}}" in part
            for part in (shipped()[code].what, shipped()[code].safe, shipped()[code].now)
        )
        assert not in_chinese or str(details[name]) in whole


@given(st.one_of(st.builds(ValueError, st.text()), st.builds(KeyError, st.text()), st.text()))
def test_nothing_of_a_bug_is_repeated(error: BaseException | str) -> None:
    if isinstance(error, str) and error in shipped():
        return
    assert sentence(error) == sentence(BUG)
    assert sentence(error, "en") == sentence(BUG, "en")
