"""Makes the pages of an office from an open site: complaints, and what the district alone does."""

from __future__ import annotations

from desktop_app.services.appeals import AppealDesk
from desktop_app.services.cross_school import CrossSchoolDesk
from desktop_app.services.policy_desk import PolicyDesk
from desktop_app.services.ticket_desk import TicketDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.ui.desk_pages import OpenSite
from desktop_app.ui.pages.appeals import AppealsPage
from desktop_app.ui.pages.crossing import CrossingPage
from desktop_app.ui.pages.laptops import LaptopPage
from desktop_app.ui.pages.policies import PolicyPage
from desktop_app.ui.pages.tickets import TicketPage


def appeals_page(site: OpenSite, workplace: Workplace) -> AppealsPage:
    """Make the page of complaints."""
    page = AppealsPage(AppealDesk(workplace), site.tasks)
    site.changes.when({"appeal", "applicant"}, page.refresh, page)
    return page


def crossing_page(site: OpenSite, workplace: Workplace) -> CrossingPage:
    """Make the page of children registered at two schools."""
    page = CrossingPage(CrossSchoolDesk(workplace), site.tasks)
    site.changes.when({"applicant", "guardian", "cross_duplicate"}, page.refresh, page)
    return page


def laptops_page(site: OpenSite, workplace: Workplace) -> LaptopPage:
    """Make the page of the laptops."""
    page = LaptopPage(LaptopDesk(workplace), site.tasks)
    site.changes.when({"admission", "feed_limit", "person"}, page.refresh, page)
    return page


def policies_page(site: OpenSite, workplace: Workplace) -> PolicyPage:
    """Make the page of the policy packages."""
    page = PolicyPage(PolicyDesk(workplace), site.tasks)
    site.changes.when({"policy_package", "person"}, page.refresh, page)
    return page


def tickets_page(site: OpenSite, workplace: Workplace) -> TicketPage:
    """Make the page that gives tickets."""
    return TicketPage(TicketDesk(workplace), site.tasks)
