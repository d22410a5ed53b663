"""Makes the pages about papers from an open site: what is still to come, what is due to go."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop_app.documents.repair_notice import NoticeView, repair_notice_html
from desktop_app.services.follow_up import FollowUpDesk
from desktop_app.services.retention import RetentionDesk, RetentionOffice
from desktop_app.services.workplace import Workplace
from desktop_app.ui.desk_pages import OpenSite
from desktop_app.ui.pages.follow_up import FollowUpPage
from desktop_app.ui.pages.retention import RetentionPage
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.printing.sheet import draw_page

_SHOWN = frozenset({"applicant", "guardian", "material_check"})


def _tr(words: str) -> str:
    return QCoreApplication.translate("Compose", words)


def follow_up_page(site: OpenSite, workplace: Workplace) -> FollowUpPage:
    """Make the follow-up list; a line opens at 材料审核."""
    window, printer = site.window, site.printer

    def print_notice(view: NoticeView) -> None:
        markup = repair_notice_html(view)
        printer.print_page(
            lambda device, painter: draw_page(device, painter, markup), _tr("补正通知")
        )

    def show(record: str) -> None:
        review = window.page_of(ReviewPage.nav_key)
        if isinstance(review, ReviewPage):
            review.show_record(record)
            window.open_page(review.nav_key)

    page = FollowUpPage(FollowUpDesk(workplace), site.tasks, print_notice, printer.require)
    page.opened.connect(show)
    site.changes.when(_SHOWN, page.refresh, page)
    return page


def retention_page(site: OpenSite, workplace: Workplace, *, may_erase: bool) -> RetentionPage:
    """Make the page of what is due to be erased, here or at every school of the district."""
    known = workplace.policy.schools.values()
    at_district = workplace.seat.kind == "district"
    page = RetentionPage(
        RetentionOffice(workplace) if at_district else RetentionDesk(workplace),
        site.tasks,
        may_erase=may_erase,
        schools={one.code: one.label for one in known},
    )
    site.changes.when({"erasure", "scan"}, page.refresh, page)
    return page
