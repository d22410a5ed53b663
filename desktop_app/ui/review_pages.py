"""Makes what hangs on 材料审核: passing many at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop_app.services.passing import PassingDesk
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.review_passing import PassingPage

if TYPE_CHECKING:
    from desktop_app.ui.compose import Site


def with_passing(site: Site, review: ReviewPage) -> ReviewPage:
    """Have 材料审核 lead to 成批通过 and back."""
    window = site.window
    leave = partial(window.open_page, review.nav_key)
    page = PassingPage(PassingDesk(site.parts.workplace), site.tasks, leave)
    page.passed.connect(review.take_many)
    review.many_wanted.connect(partial(window.open_page, page.nav_key))
    window.add_page(page)
    return review
