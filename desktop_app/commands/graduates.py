"""``graduates``: the district takes in the list of primary graduates, and counts who has come."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.commands.answer import Answer, Line
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work, show_progress
from desktop_app.commands.repairs import check_name, repair_lines, write_repairs
from desktop_app.domain.identity import tidy_number
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.graduates import GraduateDesk


def add_to(groups: Groups) -> None:
    """Add the commands."""
    listed = groups.family("graduates", "毕业生名单 / the list of primary graduates")
    take = listed.seat("take", take_list, "收名单 / take a list in")
    take.add_argument("--from", dest="source", type=Path, required=True, help="表格 / .xlsx")
    take.add_argument(
        "--assign",
        nargs=2,
        action="append",
        metavar=("ROW", "SCHOOL"),
        help="没有规则的行人工定学校，可写多次 / assign a row by hand, once for each",
    )
    take.add_argument("--look", action="store_true", help="只看不写 / only look")
    take.add_argument(
        "--repairs-out", type=Path, help="待改清单写到 .xlsx 或 .json / where the repair list goes"
    )
    listed.seat("count", count_list, "各校应到、已到 / who is listed and who has come")
    forget = listed.seat("forget", forget_entry, "从名单删掉一个孩子 / erase a child's entry")
    forget.add_argument("number", help="证件号或学籍号 / ID or roll number")
    forget.add_argument("--school", required=True, help="初中标识码 / code of the junior school")


def take_list(options: argparse.Namespace) -> Answer:
    """Take a workbook in; bad rows are listed, and so are those no rule assigns."""
    check_name(options.repairs_out)
    with at_work(options) as workplace:
        desk = GraduateDesk(workplace)
        preview = desk.look(options.source, show_progress())
        for row, school in options.assign or ():
            preview = preview.assigned(int(row) if row.isdecimal() else 0, school)
        listed = preview.outcome() if options.look else desk.enter(preview, show_progress())
        labels = desk.junior_schools()
    lines = repair_lines(listed.repairs, options.lang)
    if options.repairs_out is not None:
        write_repairs(options.repairs_out, lines, options.lang)
    return Answer(
        {
            "listed": sum(listed.entered.values()),
            "by_school": [
                {"school": f"{code} {labels.get(code, '')}".strip(), "listed": count}
                for code, count in listed.entered.items()
            ],
            "listed_before": listed.held,
            "unassigned_rows": [one.row for one in preview.lines if one.state == "unassigned"],
            "alike_rows": [one.row for one in preview.lines if one.state == "alike"],
            "rejected_rows": listed.rejected_rows,
            "skipped_blank": preview.skipped_blank,
            "unknown_columns": list(preview.unknown),
            "repairs": lines,
            "repairs_out": str(options.repairs_out) if options.repairs_out else None,
        }
    )


def count_list(options: argparse.Namespace) -> Answer:
    """Count, for every junior school, who is listed, who has come and who is not on the list."""
    with at_work(options) as workplace:
        lines: list[Line] = [
            {
                "school": f"{one.school} {one.label}",
                "listed": one.listed,
                "come": one.come,
                "absent": one.absent,
                "off_list": one.unlisted,
                "list_fault": one.faulted,
            }
            for one in GraduateDesk(workplace).counts()
        ]
    return Answer({"graduates": lines})


def forget_entry(options: argparse.Namespace) -> Answer:
    """Erase a child's entry because a guardian asks; nobody brings it back."""
    with at_work(options) as workplace:
        number = tidy_number(options.number)
        erased = ErasureDesk(workplace).forget_entry(number, options.school)
    return Answer({"erased_operations": erased.operations})
