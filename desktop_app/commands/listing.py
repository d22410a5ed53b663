"""``list`` and ``blank-form``: a list taken out as a workbook, and the form a village fills in."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.commands.answer import Answer
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work, show_progress
from desktop_app.services.blank_form import save_blank_form
from desktop_app.services.exporting import SHOWN, ExportDesk
from desktop_app.services.lists import ALL


def add_to(groups: Groups) -> None:
    """Add the commands."""
    out = groups.seat("list", take_out, "导出名单 / a list as a workbook")
    out.add_argument("--to", dest="place", type=Path, required=True, help="文件夹 / folder")
    out.add_argument("--reason", required=True, help="用途，写在表上和留痕里 / what it is for")
    out.add_argument("--which", choices=SHOWN, default=ALL, help="哪一类 / which list")
    out.add_argument(
        "--whole",
        action="store_true",
        help="号码不遮盖，只有校长 / numbers in full, principal only",
    )
    blank = groups.seat("blank-form", save_form, "空白登记表 / the blank form for a village")
    blank.add_argument("--to", dest="place", type=Path, required=True, help="文件夹 / folder")


def take_out(options: argparse.Namespace) -> Answer:
    """Write a list into a folder; masked, unless the principal asks for it whole."""
    with at_work(options) as workplace:
        done = ExportDesk(workplace).export(
            options.which,
            options.place,
            options.reason,
            whole=options.whole,
            progress=show_progress(),
        )
    return Answer({"file": done.name, "rows_out": done.rows, "masked": not done.whole})


def save_form(options: argparse.Namespace) -> Answer:
    """Write the blank form into a folder."""
    with at_work(options) as workplace:
        path = save_blank_form(workplace.policy, options.place)
    return Answer({"file": path.name})
