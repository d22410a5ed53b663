"""Sentences: every error is said in words, and a malformed catalogue is refused whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import CancelledError, RuleError, WorkplaceError
from desktop_app.messages.catalogue import (
    BUG,
    CatalogueError,
    Entry,
    Message,
    read_catalogue,
    said,
    sentence,
    shipped,
)

BUG_TABLE = """
["program.bug"]
number = "X900"
what = "错。"
safe = "没丢。"
now = "重开。"
en = "Wrong."
"""
FULL = Entry("W101", "盘上只剩 {free} MB。", "没丢。", "清一清 {folder}。", "{free} MB left.")
ENTRIES = {BUG: Entry("X900", "错。", "没丢。", "重开。", "Wrong."), "disk.full": FULL}


def test_details_stand_in_the_sentence() -> None:
    message = said(WorkplaceError("disk.full", free=3, folder="D:"), "zh", ENTRIES)
    assert message == Message("盘上只剩 3 MB。", "没丢。", "清一清 D:。", "W101")
    assert message.line == "盘上只剩 3 MB。没丢。清一清 D:。（W101）"


def test_english_is_one_sentence_and_the_same_number() -> None:
    message = said(WorkplaceError("disk.full", free=3, folder="D:"), "en", ENTRIES)
    assert message.line == "3 MB left. (W101)"


def test_a_detail_that_was_not_given_stays_a_question_mark() -> None:
    assert said(RuleError("disk.full"), "zh", ENTRIES).what == "盘上只剩 ？ MB。"


def test_a_code_alone_is_said_too() -> None:
    assert said("disk.full", "zh", ENTRIES).number == "W101"


@pytest.mark.parametrize("error", [RuleError("no.such_code"), ValueError("secret"), "no.such_code"])
def test_whatever_has_no_sentence_is_said_to_be_a_bug(error: Exception | str) -> None:
    message = said(error, "zh", ENTRIES)
    assert message.number == "X900"
    assert "secret" not in message.line


@given(st.text())
def test_a_detail_is_never_read_as_a_placeholder(text: str) -> None:
    assert said(RuleError("disk.full", free=text, folder=""), "zh", ENTRIES).what == (
        f"盘上只剩 {text} MB。"
    )


def test_the_shipped_sentences_are_well_formed_and_say_a_stop() -> None:
    assert BUG in shipped()
    assert sentence(CancelledError()).number == shipped()["cancelled"].number


def test_placeholders_are_those_of_all_sentences() -> None:
    assert FULL.placeholders == {"free", "folder"}


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ('["a.b"]\nnumber = "X101"', "needs exactly"),
        ('[a.b]\nnumber = "X101"', "needs exactly"),
        (
            '["a.b"]\nnumber = "X101"\nwhat = "a"\nsafe = "b"\nnow = "c"\nen = "d"\nold = "e"',
            "needs exactly",
        ),
        ('["a.b"]\nnumber = 101\nwhat = "a"\nsafe = "b"\nnow = "c"\nen = "d"', "trimmed text"),
        ('["a.b"]\nnumber = "X101"\nwhat = " a"\nsafe = "b"\nnow = "c"\nen = "d"', "trimmed text"),
        ('["a.b"]\nnumber = "X101"\nwhat = "a"\nsafe = ""\nnow = "c"\nen = "d"', "safe is empty"),
        ('["A.b"]\nnumber = "X101"\nwhat = "a"\nsafe = "b"\nnow = "c"\nen = "d"', "lower case"),
        ('["a.b"]\nnumber = "Y101"\nwhat = "a"\nsafe = "b"\nnow = "c"\nen = "d"', "number is not"),
        ('["a.b"]\nnumber = "X900"\nwhat = "a"\nsafe = "b"\nnow = "c"\nen = "d"', "belongs to"),
        ('["a.b"]\nnumber = "X101"\nwhat = "{"\nsafe = "b"\nnow = "c"\nen = "d"', "placeholder"),
        (
            '["a.b"]\nnumber = "X101"\nwhat = "{a.b}"\nsafe = "b"\nnow = "c"\nen = "d"',
            "placeholder",
        ),
        (
            '["a.b"]\nnumber = "X101"\nwhat = "{a:9}"\nsafe = "b"\nnow = "c"\nen = "d"',
            "placeholder",
        ),
        ('["a.b"]\nnumber = "X101"\nwhat = "{}"\nsafe = "b"\nnow = "c"\nen = "d"', "placeholder"),
    ],
)
def test_a_malformed_table_is_refused_by_name(tmp_path: Path, table: str, fault: str) -> None:
    (tmp_path / "a.toml").write_text(BUG_TABLE, encoding="utf-8")
    (tmp_path / "b.toml").write_text(table, encoding="utf-8")
    with pytest.raises(CatalogueError, match=fault):
        read_catalogue(tmp_path)


def test_a_code_in_two_files_and_a_missing_bug_sentence_are_both_named(tmp_path: Path) -> None:
    table = '["a.b"]\nnumber = "X101"\nwhat = "a"\nsafe = "b"\nnow = "c"\nen = "d"\n'
    (tmp_path / "a.toml").write_text(table, encoding="utf-8")
    (tmp_path / "b.toml").write_text(table, encoding="utf-8")
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(tmp_path)
    assert "b.toml: a.b: stands twice" in str(refused.value)
    assert f"{BUG} is missing" in str(refused.value)
