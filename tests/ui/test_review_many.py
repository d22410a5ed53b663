"""Scenario 30 at the window: sixty clean, five flagged; passed at once, taken back at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.commands.coding import PASSING
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.passing import Why
from desktop_app.services.review import ReviewDesk
from desktop_app.services.workplace import Workplace, closing
from desktop_app.storage.rows import read_rows
from desktop_app.ui.compose import compose, prepare
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.review_passing import PassingPage, why_words
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window
from tests.services.kit import number, without
from tests.ui.cases import REVIEWER, enter, family, school_of
from tests.ui.registering import Hand
from tests.ui.school import CHEAP, PASSWORD, REGISTRAR

Key = Qt.Key
CLEAN, LATE = 60, 2
STATUS = ("review", "review_reason", "review_field", "review_note", "amended", "answers")


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.security.kdf.STANDARD", CHEAP)


def states(workplace: Workplace) -> dict[str, tuple[object, ...]]:
    with workplace.database.read() as connection:
        kind = RECORD_TYPES["applicant"]
        rows = read_rows(connection, kind, workplace.seat.scope, {})
    return {row.record: tuple(row.values.get(name) for name in STATUS) for row in rows}


def child(place: int, name: str) -> dict[str, str]:
    """Give a family whose child has a birthday of its own, so that none looks like another."""
    order = 101 + 2 * place
    return family(order, name) | {
        "id_number": number(f"2018{1 + place // 28:02d}{1 + place % 28:02d}", order)
    }


def flagged_school(folder: Path) -> tuple[Workplace, dict[str, str]]:
    """Give a reviewer's workplace with 60 clean cases and five to be looked at."""
    forms = {f"万{place:03d}": child(place, "万子涵") for place in range(CLEAN)}
    forms |= {f"缺{at}": without(child(70 + at, "文浩然"), "material.GID") for at in range(LATE)}
    forms |= {f"退{at}": child(80 + at, "韦若曦") for at in range(3)}
    records = school_of(folder, forms)
    with closing(enter(folder, REVIEWER)) as workplace:
        for place in range(3):
            ReviewDesk(workplace).send_back(
                records[f"退{place}"], "ADDRESS_DIFFERS", "hukou_address"
            )
    with closing(enter(folder, REGISTRAR)) as workplace:
        desk = AmendmentDesk(workplace)
        opened = dict(desk.open(records["退0"]).form)
        desk.amend(records["退0"], opened | {"hukou_address": "6组1号"})
    return enter(folder, REVIEWER), records


def test_scenario_30_sixty_are_passed_five_stay_with_why_and_undo_restores_all(
    tmp_path: Path, tasks: Tasks, window: Window, qtbot: QtBot
) -> None:
    workplace, records = flagged_school(tmp_path / "data")
    hand = Hand()
    with closing(workplace):
        before = states(workplace)
        shell = compose(prepare(workplace), tasks, window)
        window.open_page("review")
        review = window.page_of("review")
        assert isinstance(review, ReviewPage)
        qtbot.waitUntil(lambda: review.case.case is not None and not tasks.busy, timeout=20000)
        hand.press(Key.Key_A, shift=True)
        page = window.page_of("passing")
        assert isinstance(page, PassingPage)
        qtbot.waitUntil(lambda: page.preview is not None, timeout=20000)
        assert page.preview is not None
        why = {one.record: one.why[0].code for one in page.preview.flagged}
        assert sorted(why.values()) == ["amended", "missing", "missing", "returned", "returned"]
        assert page.table.isVisible()
        assert page.table.rows.rowCount() == 5
        assert (page.clean, len(page.preview.clean)) == (CLEAN, CLEAN)
        hand.press(Key.Key_F10)  # without a password nothing happens
        qtbot.wait(60)
        assert states(workplace) == before
        hand.type(PASSWORD)
        hand.press(Key.Key_F10)
        qtbot.waitUntil(review.isVisible, timeout=20000)
        qtbot.waitUntil(lambda: review.banner_place.view is not None and not tasks.busy)
        after = states(workplace)
        changed = {one for one in after if after[one] != before[one]}
        assert (len(changed), changed & set(why)) == (CLEAN, set())
        assert {after[one][0] for one in changed} == {"passed"}
        hand.press(Key.Key_Z, control=True)
        assert review.banner_place.view is not None
        assert "60 件" in review.banner_place.view.what
        hand.press(Key.Key_Return, control=True)
        qtbot.waitUntil(lambda: states(workplace) == before, timeout=20000)
        qtbot.waitUntil(lambda: not tasks.busy, timeout=20000)
        assert review.queue.count == len(before) - 2  # those sent back wait at the desk
        events = CaseDesk(workplace).open(records["万000"]).events
        assert [one.act for one in events][-2:] == ["passed", "undone"]
        assert shell is not None


def test_the_commands_have_words_for_every_reason_the_window_has() -> None:
    for code in PASSING:
        assert why_words(Why(code))
    with pytest.raises(KeyError):
        why_words(Why("unheard of"))
