"""Complaints: written down with a day, answered once, told in the story, gone with the child."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.appeals import AppealDesk
from desktop_app.services.calendar import local_day
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.workplace import Workplace
from tests.services.kit import let_in, registered
from tests.sync.site import PASSWORD


def test_a_complaint_has_a_day_an_answer_and_goes_with_its_child(laptop: Workplace) -> None:
    let_in(laptop, "周敏", Role.REVIEWER)
    record, desk = registered(laptop), AppealDesk(laptop)
    for matter, words, code in (
        ("whim", "要看登记表", "appeal.matter"),
        ("materials", "  ", "appeal.words"),
        ("materials", "字" * 401, "appeal.words"),
    ):
        with pytest.raises(RuleError, match=code.replace(".", r"\.")):
            desk.record(record, matter, words)
    first = desk.record(record, "materials", "为什么还要 租房合同")
    second = desk.record(record, "placement", "想去离家近的学校")
    due = laptop.policy.working_days_after(local_day().isoformat(), 5)[-1]
    lines = desk.lines()
    assert [(one.record, one.due, one.late) for one in lines] == [
        (first, due, False),
        (second, due, False),
    ]
    assert (lines[0].words, lines[0].matter) == ("为什么还要 租房合同", "对材料要求有意见")
    desk.answer(first, "不用交，已经核对过")
    desk.answer(second, "片区由区里定", passed_on=True)
    assert desk.lines() == ()
    assert [one.standing for one in desk.lines(record)] == ["answered", "passed_on"]
    with pytest.raises(RuleError, match=r"appeal\.settled"):
        desk.answer(first, "再答一次")
    told = [one.detail for one in CaseDesk(laptop).open(record).events if one.act == "appeal"]
    assert told == ["在办", "在办", "已答复", "转区里"]
    eraser = ErasureDesk(laptop)
    eraser.erase(record, "request", eraser.second("周敏", PASSWORD))
    assert desk.lines(record) == ()
