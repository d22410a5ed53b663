"""The page 答复 as it stands, on made-up children; nothing is asked."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.services.answers import AnswerCase, AnswerLine, AnswerSlice, Given, Place, Twin
from desktop_app.services.case_file import CaseFile, Due, Event
from desktop_app.services.changes import Changed, Corrected
from desktop_app.services.policies import shipped_policy
from desktop_app.ui.pages.answers import AnswersPage
from desktop_app.ui.pages.answers_parts import Listed, chunk
from tests.ui.crossing import Nothing
from tests.ui.registering import NeverAnswering

NAMES = ("单梓涵", "善梓晗", "欧阳诗雨彤", "马小军", "赵一诺", "孟庆川")
STATES = ("answered", "queried", "unanswered", "missing", "unreviewed", "corrected_since")
QUESTION = "区要求说明：地址与户口簿不符：首页与地址页写的村组不一致，请核对原件后改正"
AT = 1_724_295_600_000


def line(place: int) -> AnswerLine:
    """Give one line; the state differs by its place."""
    told = {"answered": QUESTION, "queried": QUESTION, "decided": "区复核通过"}
    return AnswerLine(
        Place("2141041101", f"r{place}"),
        "湛河区湛河湾小学",
        NAMES[place],
        f"ZHW-2-0824-012{place}-6",
        "A1",
        STATES[place],
        told.get(STATES[place], ""),
        AT,
    )


def case() -> AnswerCase:
    """Give one child the district asked about, changed since."""
    file = CaseFile(
        record="r0",
        name="单梓涵",
        age=(6, 5),
        receipt="ZHW-2-0824-0120-6",
        masked_number="419999********2640",
        village="湛河湾村",
        category="A1",
        category_label="本村户籍",
        guardian="单志远",
        relation="父亲",
        masked_phone="138****1234",
        due=(Due("居民户口簿", "2024-08-30", "missing"),),
        review="passed",
        amended=False,
        in_conflict=False,
        by="刘素琴",
        desk="2",
        at=AT,
        is_own=False,
        events=(Event(AT, "刘素琴", "registered"), Event(AT, "周敏", "passed")),
        question=QUESTION,
    )
    return AnswerCase(
        place=Place("2141041101", "r0"),
        school="湛河区湛河湾小学",
        file=file,
        state="answered",
        facts=(
            ("证件号", "419999********2640"),
            ("出生", "2018-03-14 女"),
            ("户籍地址", "湛河湾村 3 组 27 号"),
            ("监护人", "单志远 父亲"),
            ("电话", "138****1234"),
        ),
        papers=(("居民户口簿", "未收"), ("儿童预防接种证", "已认可")),
        review="校审通过",
        answer=QUESTION,
        changes=(Changed("户籍地址", "3 组 27 号", "5 组 27 号"),),
        corrected=(
            Corrected(
                at=AT,
                persons=("刘素琴", "周敏"),
                reason="证件证明原来有误",
                paper="户口簿",
                evidence="410411200 2018-03-20",
                note="",
                changes=(Changed("出生日期", "2018-03-14", "2018-03-15"),),
            ),
        ),
        ready=False,
    )


def standing() -> AnswersPage:
    """Give the page with children of every state, one of them open."""
    desk = Nothing()
    page = AnswersPage(desk, shipped_policy(), Nothing(), NeverAnswering())  # type: ignore[arg-type]
    counts = {
        "unanswered": 128,
        "queried": 3,
        "answered": 1,
        "decided": 341,
        "corrected": 7,
        "all": 482,
    }
    lines = tuple(line(place) for place in range(len(STATES)))
    page.panel.show_list(Listed((chunk(AnswerSlice(lines, None)),), counts, 1))
    page._take_case(case())
    return page


def asking() -> AnswersPage:
    """Give the page while it asks for a reason, as after R."""
    page = standing()
    page.ask()
    return page


def asking_anyway() -> AnswersPage:
    """Give the page while it asks whether a child that is not ready is to be passed."""
    page = standing()
    page.approve()
    return page


def asking_back() -> AnswersPage:
    """Give the page while it asks whether the last answer is taken back; a pair is undecided."""
    page = standing()
    twins = (Twin("湛河区柳树营小学", placed=True),)
    page._take_case(replace(case(), state="corrected_since", twins=twins))
    page._given = Given(Place("2141041101", "r0"), "欧阳诗雨彤", "district_passed", ("", "", ""))
    page.take_back()
    return page
