"""The notice that goes home: every paper with its day, what a hand typed harmless, no group named."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.documents.repair_notice import MissingPaper, NoticeView, repair_notice_html

VIEW = NoticeView(
    school="湛河湾小学",
    number="ZHW-2-0824-0129-08",
    name="罗雨桐",
    village="湛河湾村",
    papers=(
        MissingPaper("户口簿", "缺页", "请带齐缺少的那一页原件。", "8 月 28 日"),
        MissingPaper("监护人身份证", "", "", "8 月 30 日", overdue=True),
    ),
    deadline="8 月 30 日17:30",
    missing_is_fine="缺材料不影响孩子登记。",
    told_at_once="缺什么一次说清。",
    no_fee="本次登记不收取任何费用。",
    hotline="咨询与监督 0375-000 0000。",
    clerk="刘素琴",
    printed_at="2024-08-24 14:26",
)
SAID = ("school", "number", "name", "village", "deadline", "hotline", "clerk", "printed_at")
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9)


def shown(view: NoticeView) -> str:
    """Give the text of the sheet, without tags."""
    plain = unescape(re.sub(r"<[^>]*>", " ", repair_notice_html(view)))
    return re.sub(r"\s+", " ", plain)


def tags(view: NoticeView) -> list[str]:
    return re.findall(r"<[^>]*>", repair_notice_html(view))


def test_every_paper_stands_with_why_what_mends_it_and_its_day() -> None:
    told = shown(VIEW)
    assert re.search("还差下面 2 项，一次说清", told)
    assert re.search("户口簿 .*缺页，请带齐缺少的那一页原件。.* 8 月 28 日", told)
    assert re.search("监护人身份证 .*还没带来 .*8 月 30 日 （已过期限，仍请补来）", told)
    assert told.count("已过期限") == 1
    for sentence in (VIEW.missing_is_fine, VIEW.told_at_once, VIEW.no_fee):
        assert sentence in told


def test_only_a_practice_sheet_says_that_it_is_one() -> None:
    plain, practice = shown(VIEW), shown(replace(VIEW, practice=True))
    assert plain != practice
    assert "练习" in practice
    assert "练习" not in plain


@given(st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS, st.booleans()), max_size=12))
def test_as_many_papers_as_are_owed_stand_in_the_order_given(
    papers: list[tuple[str, str, str, str, bool]],
) -> None:
    view = replace(VIEW, papers=tuple(MissingPaper(*one[:4], overdue=one[4]) for one in papers))
    told = shown(view)
    assert re.search(f"还差下面 {len(papers)} 项", told)
    assert told.count("已过期限，仍请补来") >= sum(one[4] for one in papers)
    at = 0
    for label, why, remedy, due, _ in papers:
        for text in (label, f"{why}，{remedy}", due):
            at = told.index(text, at) + len(text)


@given(
    st.sampled_from(SAID), st.sampled_from(["<b>", "&amp;", "</p><script>", "${name}", "\"'", "&"])
)
def test_what_a_hand_typed_is_text_and_never_markup(field: str, typed: str) -> None:
    changed: dict[str, Any] = {field: typed}
    view = replace(VIEW, **changed)
    assert typed in shown(view) or re.sub(r"\s+", " ", typed) in unescape(repair_notice_html(view))
    assert tags(view) == tags(VIEW)
    papers = (replace(VIEW.papers[0], why=typed, label=typed), VIEW.papers[1])
    assert tags(replace(VIEW, papers=papers)) == tags(VIEW)
