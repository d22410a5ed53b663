"""``appeal``: complaints about a case are written down, listed with their day, and answered."""

from __future__ import annotations

import argparse

from desktop_app.commands.answer import Answer
from desktop_app.commands.finding import need_school, record_of
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.domain.codes_desk import APPEAL_MATTER
from desktop_app.domain.errors import RuleError
from desktop_app.services.appeals import AppealDesk
from desktop_app.services.workplace import Workplace


def add_to(groups: Groups) -> None:
    """Add the commands."""
    family = groups.family("appeal", "诉求 / complaints")
    add = family.seat("add", add_appeal, "记一件诉求 / write a complaint down")
    add.add_argument("receipt", help="回执号 / receipt number")
    matters = ", ".join(f"{one.value} {one.label}" for one in APPEAL_MATTER.entries)
    add.add_argument("--matter", required=True, help=f"哪一类 / about what: {matters}")
    add.add_argument("--words", required=True, help="家长的原话 / what was said")
    give = family.seat("answer", answer_appeal, "答复最早的一件 / answer the oldest that waits")
    give.add_argument("receipt", help="回执号 / receipt number")
    give.add_argument("--words", required=True, help="答复 / the answer")
    give.add_argument("--passed-on", action="store_true", help="转区里 / pass it on")
    for one in (add, give):
        one.add_argument("--school", default="", help="区里用：学校代码 / at the district: school")
    family.seat("list", list_appeals, "在办的诉求 / those that wait here")


def _child(workplace: Workplace, options: argparse.Namespace) -> str:
    """Find the child; the district names whose it is."""
    if options.school:
        need_school(workplace, options.school)
    return record_of(workplace, options.receipt, options.school or None)


def add_appeal(options: argparse.Namespace) -> Answer:
    """Write a complaint down, and say by when it is to be answered."""
    with at_work(options) as workplace:
        desk, record = AppealDesk(workplace), _child(workplace, options)
        matter = APPEAL_MATTER.parse(options.matter) or ""
        made = desk.record(record, matter, options.words, options.school)
        due = next(line.due for line in desk.lines(record, options.school) if line.record == made)
    return Answer({"due_on": due})


def answer_appeal(options: argparse.Namespace) -> Answer:
    """Answer the oldest complaint about a case that waits here."""
    with at_work(options) as workplace:
        desk = AppealDesk(workplace)
        record = _child(workplace, options)
        waiting = [one for one in desk.book(desk.lists[0]).lines if one.applicant == record]
        if not waiting:
            raise RuleError("appeal.settled")
        line = waiting[0]
        desk.answer(line.record, options.words, passed_on=options.passed_on, school=line.school)
        left = desk.waiting()
    return Answer({"open_appeals": left})


def list_appeals(options: argparse.Namespace) -> Answer:
    """List what waits here, the soonest due first; names and words stay in the window."""
    with at_work(options) as workplace:
        desk = AppealDesk(workplace)
        lines = [
            {"receipt_number": one.receipt, "matter": one.matter, "due_on": one.due}
            for one in desk.book(desk.lists[0]).lines
        ]
    return Answer({"open_appeals": len(lines), "appeals": lines})
