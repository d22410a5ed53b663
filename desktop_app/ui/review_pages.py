"""Makes what hangs on 材料审核: passing many at once, and correcting what was passed."""

from __future__ import annotations

from functools import partial

from desktop_app.services.correcting import Correction, CorrectionDesk
from desktop_app.services.passing import PassingDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.correction import CorrectionPage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.review_passing import PassingPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window


def with_passing(
    review: ReviewPage, workplace: Workplace, tasks: Tasks, window: Window
) -> ReviewPage:
    """Have 材料审核 lead to 成批通过 and back."""
    leave = partial(window.open_page, review.nav_key)
    page = PassingPage(PassingDesk(workplace), tasks, leave)
    page.passed.connect(review.take_many)
    review.many_wanted.connect(partial(window.open_page, page.nav_key))
    window.add_page(page)
    return review


def with_correction(
    register: RegistrationPage, workplace: Workplace, tasks: Tasks, window: Window
) -> RegistrationPage:
    """Have the form of 登记 lead to 更正 where a passed case was changed, and back."""
    leave = partial(window.open_page, register.nav_key)
    page = CorrectionPage(CorrectionDesk(workplace), workplace.policy, tasks, leave)
    page.corrected.connect(register.saver.take_corrected)

    def begin(wanted: Correction) -> None:
        page.begin(wanted)
        window.open_page(page.nav_key)

    register.saver.correction_asked.connect(begin)
    window.add_page(page)
    return register
