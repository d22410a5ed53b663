"""The page of complaints as it stands, on made-up families; nothing is asked."""

from __future__ import annotations

from desktop_app.services.appeals import AppealDesk, AppealLine, Book, Known, Step
from desktop_app.ui.pages.appeals import AppealsPage, Mode
from tests.ui.registering import NeverAnswering, standing_school

AT = 1_724_295_600_000
WORDS = "来了三趟都说材料不齐，第一次没有说清要租房合同还是房产证，请给个说法"
SCHOOL = "2141041101"
COUNTS = {"open": 4, "passed_on": 2, "answered": 17, "all": 23}


def line(place: int, standing: str = "open", **more: object) -> AppealLine:
    """Give one line; the days left differ by its place."""
    matters = ("conduct", "materials", "placement", "information")
    labels = ("对办理过程有意见", "对材料要求有意见", "对学校安排有意见", "要求查看或更正信息")
    values: dict[str, object] = {
        "record": f"a{place}",
        "applicant": f"r{place}",
        "name": ("单梓涵", "欧阳诗雨彤", "马小军", "赵一诺")[place % 4],
        "receipt": f"ZHW-2-0824-012{place}-6",
        "matter": labels[place % 4],
        "words": WORDS,
        "standing": standing,
        "answer": "",
        "due": f"2024-08-{24 + place}",
        "late": place == 0,
        "school": SCHOOL,
        "code": matters[place % 4],
        "left": place - 1 if place else 0,
        "gone": place == 1,
        "at": AT,
    }
    return AppealLine(**(values | more))  # type: ignore[arg-type]


def appeals() -> AppealsPage:
    """Give a school's page with complaints of every kind, one of them open."""
    page = AppealsPage(AppealDesk(standing_school()), NeverAnswering())
    lines = (*map(line, range(4)), line(4, "passed_on", answer="家长第二次才带来户口簿"))
    page.show_book(Book((*lines, line(5, "answered", answer="已当面说清")), COUNTS))
    page.table.go_to_row(1)
    page.show_line((lines[1], (Step(AT, "刘素琴", "open"),)))
    return page


def finding() -> AppealsPage:
    """Give the page while a child is looked for."""
    page = appeals()
    page.begin_finding()
    page._show_found((known(), Known(SCHOOL, "r9", "单于飞", "ZHW-2-0824-0129-4", "北渡社区")))
    return page


def known() -> Known:
    return Known(SCHOOL, "r1", "单梓涵", "ZHW-2-0824-0121-6", "湛河湾村")


def writing() -> AppealsPage:
    """Give the page while a complaint is written down."""
    page = finding()
    page.take()
    return page


def answering() -> AppealsPage:
    """Give the page while a complaint is answered."""
    page = appeals()
    page.begin_reply(Mode.ANSWER)
    return page


def passing_on() -> AppealsPage:
    """Give the page while a complaint is passed on."""
    page = appeals()
    page.begin_reply(Mode.PASS_ON)
    return page


class Office(AppealDesk):
    """The district's desk, at a workplace that is only looked at."""

    def __init__(self) -> None:
        super().__init__(standing_school())
        self.at_district = True


def office() -> AppealsPage:
    """Give the district's page."""
    page = AppealsPage(Office(), NeverAnswering())
    lines = tuple(line(place, "passed_on", answer="学校的说明") for place in range(4))
    page.show_book(Book(lines, COUNTS))
    page.show_line((lines[0], (Step(AT, "刘素琴", "open"), Step(AT, "", "passed_on"))))
    return page
