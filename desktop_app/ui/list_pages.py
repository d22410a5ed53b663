"""Makes the pages behind 今日名单: tables in, and lists out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from desktop_app.services.exporting import ExportDesk
from desktop_app.services.intake import WorkbookDesk
from desktop_app.services.repairing import RepairDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.pages.workbook import WorkbookDesks, WorkbookPage
from desktop_app.ui.pages.workbook_export import ExportPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window


def behind_the_list(
    page: TodayPage,
    workplace: Workplace,
    tasks: Tasks,
    window: Window,
    go_on: Callable[[str], None],
) -> None:
    """Promise the pages that 今日名单 leads to; ``go_on`` opens a draft in the form."""
    leave = partial(window.open_page, page.nav_key)
    school = workplace.policy.schools.get(workplace.seat.code)
    stage = school.stage if school is not None else "P1"

    def workbook() -> WorkbookPage:
        desks = WorkbookDesks(
            WorkbookDesk(workplace, stage), RepairDesk(workplace), workplace.policy
        )
        made = WorkbookPage(desks, tasks, leave)
        made.draft_opened.connect(go_on)
        return made

    window.promise_page(WorkbookPage.nav_key, workbook)
    window.promise_page(ExportPage.nav_key, lambda: ExportPage(ExportDesk(workplace), tasks, leave))

    def export(which: str) -> None:
        made = window.page_of(ExportPage.nav_key)
        if isinstance(made, ExportPage):
            made.choose(which)
            window.open_page(made.nav_key)

    page.import_wanted.connect(partial(window.open_page, WorkbookPage.nav_key))
    page.export_wanted.connect(export)
