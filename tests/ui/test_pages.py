"""Every page: fits 1366 × 768 at every scale, hides no control, and keeps to the table of keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from desktop_app.ui.look import SCALES, THEMES, Look
from desktop_app.ui.page import Page
from desktop_app.ui.pages.first_run import FirstRunPage
from desktop_app.ui.pages.lock import LockPage, PracticeCover, PreparingPage
from desktop_app.ui.pages.login import LoginPage
from desktop_app.ui.pages.recovery import RecoveryPage
from desktop_app.ui.theme import apply_look
from desktop_app.ui.widgets.keys import KeyButton
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.ui import (
    answers,
    conflicts,
    crossing,
    merging,
    now,
    standing,
    standing_appeals,
    standing_graduates,
    standing_keying,
    standing_laptops,
    standing_papers,
    standing_policies,
    standing_queue,
    standing_review,
    standing_workbook,
)
from tests.ui.registering import (
    standing_amendment,
    standing_asked,
    standing_guardian,
    standing_notice,
    standing_private_note,
    standing_question,
    standing_receipt,
    standing_registration,
)
from tests.ui.showcase import (
    FINDINGS,
    LOGIN,
    MASTHEAD,
    NAVIGATION,
    STRIP,
    RegisterShowcase,
    TodayShowcase,
    run_now,
    some_rows,
)


def first_run() -> Page:
    return FirstRunPage(
        FINDINGS,
        lambda *_values: {},
        lambda _draft: None,
        lambda: None,
        on_practice=lambda: None,
    )


def recovery() -> Page:
    return RecoveryPage(lambda _code, _name, _password: None, lambda: None)


def first_run_code() -> Page:
    page = FirstRunPage(FINDINGS, lambda *_values: {}, lambda _draft: None, lambda: None)
    page.show_recovery("ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2-34567-89ABC")
    return page


def login() -> Page:
    return LoginPage(
        LOGIN, lambda _person, _password: None, on_power=lambda: None, on_practice=lambda: None
    )


def today_showcase() -> Page:
    return TodayShowcase(run_now, some_rows(200))


PAGES: dict[str, Callable[[], Page]] = {
    "first_run": first_run,
    "first_run_code": first_run_code,
    "recovery": recovery,
    "login": login,
    "lock": LockPage,
    "practice_cover": PracticeCover,
    "preparing": PreparingPage,
    "register": RegisterShowcase,
    "registration": standing_registration,
    "registration_amending": standing_amendment,
    "registration_asked": standing_asked,
    "private_note": standing_private_note,
    "notice": standing_notice,
    "guardian": standing_guardian,
    "receipt_sight": standing_receipt,
    "registration_asking": standing_question,
    "registration_category": standing_keying.asking,
    "registration_special": standing_keying.special,
    "second_keying": standing_keying.keying,
    "keying_deciding": standing_keying.deciding,
    "review": now.review,
    "review_passing": standing_review.passing,
    "correction": standing_review.correction,
    "correction_seen": standing_review.correction_seen,
    "today": now.today,
    "exchange": standing.exchange,
    "exchange_at_work": standing.exchange_at_work,
    "exchange_listing": standing.exchange_listing,
    "intake": standing.intake,
    "intake_school": standing.intake_school,
    "answers": answers.standing,
    "answers_reasons": answers.asking,
    "answers_anyway": answers.asking_anyway,
    "answers_back": answers.asking_back,
    "appeals": standing_appeals.appeals,
    "appeals_finding": standing_appeals.finding,
    "appeals_writing": standing_appeals.writing,
    "appeals_answering": standing_appeals.answering,
    "appeals_passing_on": standing_appeals.passing_on,
    "appeals_office": standing_appeals.office,
    "crossing": crossing.standing,
    "crossing_reasons": crossing.asking,
    "day": standing.day,
    "merge": merging.standing,
    "merge_board": merging.board,
    "merge_at_work": merging.at_work,
    "people": standing.people,
    "people_adding": standing.people_adding,
    "people_ending": standing.people_ending,
    "people_renewing": standing.people_renewing,
    "people_code": standing.people_code,
    "join": standing.join,
    "joined": standing.joined,
    "laptops": standing_laptops.laptops,
    "laptops_reading": standing_laptops.laptops_reading,
    "laptops_admitting": standing_laptops.laptops_admitting,
    "laptops_ending": standing_laptops.laptops_ending,
    "laptops_forked": standing_laptops.laptops_forked,
    "policies": standing_policies.policies,
    "policies_reading": standing_policies.reading,
    "policies_asking": standing_policies.asking,
    "policies_faults": standing_policies.faults,
    "policies_turning": standing_policies.turning,
    "workbook": standing_workbook.workbook,
    "workbook_preview": standing_workbook.preview,
    "workbook_repairs": standing_workbook.repairs,
    "workbook_away": standing_workbook.putting_away,
    "workbook_export": standing_workbook.export,
    "request": standing_laptops.request,
    "graduates": standing_graduates.schools,
    "graduates_preview": standing_graduates.preview,
    "graduates_assigning": standing_graduates.assigning,
    "arrivals": standing_graduates.arrivals,
    "queue": standing_queue.queue,
    "queue_giving": standing_queue.giving,
    "filters": standing_queue.filters,
    "statistics": standing_queue.statistics,
    "follow_up": standing_papers.follow_up,
    "follow_up_empty": standing_papers.follow_up_empty,
    "retention": standing_papers.retention,
    "retention_asking": standing_papers.retention_asking,
    "retention_office": standing_papers.retention_office,
    "retention_office_asking": standing_papers.retention_office_asking,
    "tickets": standing.tickets,
    "tickets_paper": standing.tickets_paper,
    "conflicts": conflicts.conflict,
    "conflict_removal": conflicts.conflict_removal,
    "conflict_pair": conflicts.conflict_pair,
    "conflict_tangled": conflicts.conflict_tangled,
    "conflict_held": conflicts.conflict_held,
    "conflict_late": conflicts.conflict_late,
    "conflict_empty": conflicts.conflict_empty,
    "today_showcase": today_showcase,
}

LOOKS = tuple(map(Look, cycle(THEMES), SCALES))
"""Every scale, which moves things, and every theme, which colours them."""
PARTS = 4
"""Pages are shared out, so that both workers have some."""


def stand(window: Window, name: str, wanted: Look) -> Page:
    """Show a page in a full window at a scale."""
    page = PAGES[name]()
    window.add_page(page)
    window.set_masthead(MASTHEAD)
    window.set_navigation(NAVIGATION)
    window.set_strip(STRIP)
    window.open_page(page.nav_key)
    window.wear(wanted)
    QApplication.processEvents()
    window.resize(DESIGN_SIZE)
    QApplication.processEvents()
    return page


def sizes(window: Window, page: Page) -> tuple[QSize, QSize, QSize]:
    """Give what window and page come to where each gets the least it needs: no more than is."""
    least, wanted = window.minimumSizeHint(), page.minimumSizeHint()
    return window.size(), least.expandedTo(DESIGN_SIZE), wanted.expandedTo(page.size())


def cut_keys(window: Window) -> list[str]:
    """Name the keys of the bar that are cut, outside, or over another."""
    spots: list[QRect] = []
    cut = []
    for button in window.key_bar.buttons:
        spot = QRect(button.mapTo(window, QPoint(0, 0)), button.size())
        whole = button.width() >= button.sizeHint().width() and window.rect().contains(spot)
        if not whole or any(spot.intersects(other) for other in spots):
            cut.append(button.accessibleName())
        spots.append(spot)
    return cut


def overhang(page: Page) -> list[int]:
    """Give how far each part that scrolls lies outside at the side."""
    areas = [area for area in page.findChildren(QScrollArea) if area.isVisible()]
    return [wide for area in areas if (wide := area.horizontalScrollBar().maximum())]


def keys_of(page: Page) -> set[tuple[str, str, str]]:
    """Give the keys of the page as docs/keys.md writes them."""
    named = [action for action in page.key_actions() if action.key]
    return {(page.nav_key, one.key, said(one.label, one.short)) for one in named}


def faults_of(window: Window, page: Page, repository: Path) -> list[str]:
    """Name what is wrong with a page as it stands."""
    found = []
    if sizes(window, page) != (DESIGN_SIZE, DESIGN_SIZE, page.size()):
        found.append(f"outgrows the window: {sizes(window, page)}")
    found += [f"cut: {key}" for key in cut_keys(window)]
    found += [f"overhangs by {wide}" for wide in overhang(page)]
    unknown = keys_of(page) - wordings(repository)
    found += [f"not in the table: {key}" for key in sorted(unknown)]
    found += [f"not in the table: {key}" for key in unagreed_keys(page, repository)]
    labels = page.findChildren(QLabel)
    rich = [one.text() for one in labels if one.textFormat() != Qt.TextFormat.PlainText]
    found += [f"no plain text: {text}" for text in rich]
    image = window.grab().toImage()
    step = range(0, 1366, 13)
    colours = {image.pixelColor(x, y).rgb() for x in step for y in range(0, 768, 13)}
    return found if len(colours) > 3 else [*found, "not drawn"]


@pytest.mark.parametrize("wanted", LOOKS, ids=lambda one: f"{one.theme}-{one.scale}")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_fits_is_drawn_hides_no_key_and_keeps_to_the_table(
    qapp: QApplication, wanted: Look, part: int, repository: Path
) -> None:
    apply_look(
        qapp, wanted
    )  # before a window stands: restyling what stands takes ten times as long
    found = {}
    for name in list(PAGES)[part::PARTS]:
        window = Window()
        window.resize(DESIGN_SIZE)
        window.show()
        found[name] = faults_of(window, stand(window, name, wanted), repository)
        window.close()
        window.deleteLater()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_every_page_of_the_program_is_held_to_this(repository: Path) -> None:
    modules = {
        path.stem
        for path in (repository / "desktop_app" / "ui" / "pages").glob("*.py")
        if re.search(r"^class \w+Page\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(modules) > 20
    assert modules <= {PAGES[name].__name__ for name in PAGES} | set(PAGES)


# --- the table of keys ----------------------------------------------------------------------


def wordings(repository: Path) -> set[tuple[str, str, str]]:
    """Read the second table of docs/keys.md as (page, key, wording)."""
    rows: set[tuple[str, str, str]] = set()
    for line in (repository / "docs" / "keys.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if (
            len(cells) == 3
            and re.fullmatch(r"[a-z_]+", cells[0])
            and cells[0] not in {"key", "page"}
        ):
            rows.add((cells[0], cells[1], cells[2]))
    return rows


def said(full: str, short: str) -> str:
    return f"{full} / {short}" if short and short != full else full


def test_the_table_names_no_key_that_is_not_there(repository: Path) -> None:
    pages = (repository / "desktop_app" / "ui").rglob("*.py")
    written = "".join(path.read_text(encoding="utf-8") for path in pages)
    rows = {one for one in wordings(repository) if one[0] != "login"}
    assert {one for one in rows if f'"{one[2].split(" / ")[0]}"' not in written} == set()


def unagreed_keys(page: Page, repository: Path) -> list[tuple[str, str]]:
    """Name the keys inside a page that the table does not know."""
    agreed = {(key, words.split(" / ")[0]) for _, key, words in wordings(repository)}
    inside = (button.action_view for button in page.findChildren(KeyButton))
    named = ((action.key, action.label) for action in inside)
    return [one for one in named if one[0] not in {"Enter", "Esc"} and one not in agreed]


def test_a_page_has_one_primary_key_and_explains_itself(window: Window) -> None:
    for make in PAGES.values():
        page = make()
        assert sum(action.primary for action in page.key_actions()) <= 1
        ours = type(page).__module__.startswith("desktop_app") and not page.bare
        assert not ours or page.help_view() is not None, page.nav_key
        page.deleteLater()


def test_the_table_keeps_its_families(repository: Path) -> None:
    rows = wordings(repository)
    assert len(rows) > 40
    globals_taken = {key for _, key, _ in rows} & {"F1", "F11", "F12"}
    assert not globals_taken
    prints = [words for _, key, words in rows if "打印" in words and key not in {"F9", "F10"}]
    assert prints == []
