"""The page 毕业生名单 as it stands, on made-up children; nothing is asked."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.services.arrivals import ArrivalDesk, Entry
from desktop_app.services.graduate_rows import Leaver
from desktop_app.services.graduates import GraduateDesk, LeaverPreview, SchoolCount
from desktop_app.services.intake_rows import Repair
from desktop_app.ui.pages.arrivals import ArrivalsPage, Roll
from desktop_app.ui.pages.graduates import GraduatesPage
from tests.ui.registering import NeverAnswering, standing_school

JUNIOR = "3141041101"


def schools() -> GraduatesPage:
    page = GraduatesPage(GraduateDesk(standing_school()), NeverAnswering(), find=tuple)
    counts = [
        SchoolCount(code, label, 120 + place, 80 + place, place)
        for place, (code, label) in enumerate(page._schools.items())
    ]
    page.show_schools(tuple(counts))
    return page


def preview() -> GraduatesPage:
    page = schools()
    basis = "示例，区教体局公布后替换（划片表第14行）"
    child = {"full_name": "买买提·吐尔逊"}
    lines = [
        Leaver(2, child, JUNIOR, basis),
        Leaver(3, child),
        Leaver(4, {**child, "intention": "private"}),
        Leaver(5, child, repairs=(Repair(5, "证件号", "identity.checksum"),)),
        Leaver(6, child, held="湛河湾初级中学"),
    ]
    page.show_preview(LeaverPreview("名单.xlsx", tuple(lines), (), 0))
    return page


def assigning() -> GraduatesPage:
    page = preview()
    page.tables[page.mode].go_to_row(1)
    page.ask()
    return page


def arrivals() -> ArrivalsPage:
    page = ArrivalsPage(ArrivalDesk(standing_school()), NeverAnswering(), lambda: None)
    child = Entry(
        "e1",
        "买买提·吐尔逊",
        "2012-03-14",
        "湛河湾小学",
        "六1班",
        "142640",
        "142640",
        "4199****2640",
        "138****1234",
        "罗志远",
        "对口学校",
        come=False,
    )
    page.show_roll(Roll(tuple(replace(child, record=f"e{n}") for n in range(30)), 2))
    return page
