"""The page 跨校查重 as it stands, on made-up children; nothing is asked."""

from __future__ import annotations

from typing import Any

from desktop_app.domain.resemblance import Resemblance
from desktop_app.services.cross_school import Compared, Crossing
from desktop_app.ui.pages.crossing import CrossingPage
from tests.ui.registering import NeverAnswering

NAMES = ("单梓涵", "善梓晗", "欧阳诗雨彤", "马小军", "赵一诺")
SCHOOLS = ("湛河湾小学", "北渡镇中心学校")
FIELDS = (
    Compared("姓名", "单梓涵", "善梓晗", same=False, differs=True),
    Compared("证件号", "419999********2640", "419999********2640", same=True),
    Compared("性别", "女", "女", same=True),
    Compared("出生日期", "2018-03-14", "2018-03-14", same=True),
    Compared("出生证号", "", "", same=False),
    Compared("监护人", "单志远", "单志远", same=True),
    Compared("监护人证件", "419999********1417", "", same=False),
    Compared("联系电话", "138****1234", "138****1234", same=True),
    Compared("户籍地址", "湛河湾村 3 组 27 号", "湛河湾村 27 号", same=False, differs=True),
    Compared("回执号", "ZHW-2-0824-0128-6", "BDZ-1-0824-0031-2", same=False),
    Compared("登记时间", "2024-08-22 09:14", "2024-08-23 16:40", same=False),
)


class Nothing:
    """A desk nobody asks."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


def crossing(place: int) -> Crossing:
    """Give one pair; the decision differs by its place."""
    pair = (("2141041101", f"a{place}"), ("2141041102", f"b{place}"))
    same = ("id_number", "sex", "birth_date", "phone", "pinyin")
    decision = ("", "", "open", "different", "same")[place]
    return Crossing(
        pair=pair,
        names=(NAMES[place], NAMES[0]),
        schools=SCHOOLS,
        found=Resemblance(100 - 11 * place, same, ("D2",)),
        fields=FIELDS,
        earlier=0,
        decision=decision,
        keeps=pair[0] if decision == "same" else None,
        disputed=place == 1,
    )


def standing() -> CrossingPage:
    """Give the page with pairs of every state."""
    page = CrossingPage(Nothing(), NeverAnswering())  # type: ignore[arg-type]
    page._show([crossing(place) for place in range(5)])
    return page


def asking() -> CrossingPage:
    """Give the page while it asks for a reason."""
    page = standing()
    page.keep(0)
    return page
