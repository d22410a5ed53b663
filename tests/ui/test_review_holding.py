"""A case taken on by one person at 材料审核: shown to the others, taken over after a question."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import StaleError
from desktop_app.services.assigning import AssigningDesk
from desktop_app.services.lists import MINE, ListDesk
from desktop_app.services.workplace import closing
from desktop_app.ui.pages.review_queue import queue_note
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window
from tests.ui.cases import REVIEWER, enter, family, review_page, rows_of, school_of
from tests.ui.registering import Hand
from tests.ui.school import CHEAP, PRINCIPAL

Key = Qt.Key
FIRST, SECOND = "王子涵", "魏振豪"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.security.kdf.STANDARD", CHEAP)


def test_what_somebody_has_in_hand_is_shown_and_taken_over_after_a_question(
    tmp_path: Path, tasks: Tasks, window: Window, qtbot: QtBot
) -> None:
    folder, hand = tmp_path / "data", Hand()
    records = school_of(folder, {FIRST: family(101, FIRST), SECOND: family(103, SECOND)})
    with closing(enter(folder, REVIEWER)) as workplace:
        AssigningDesk(workplace).take(records[FIRST])
        reviewer = workplace.person
        mine = ListDesk(workplace).page(MINE).lines
        assert [line.record for line in mine] == [records[FIRST]]
        assert ListDesk(workplace).counts()[MINE] == 1
    with closing(enter(folder, PRINCIPAL)) as workplace:
        with pytest.raises(StaleError, match=r"assign\.overtaken"):
            AssigningDesk(workplace).take(records[FIRST])
        page = review_page(workplace, tasks)
        window.add_page(page)
        window.open_page("review")
        qtbot.waitUntil(lambda: page.case.record == records[FIRST] and not tasks.busy)
        assert page.case.rule.text() == f"{REVIEWER} 在办，按 G 接过来"
        line = ListDesk(workplace).page("queue").lines[0]
        assert queue_note(line) == f"{REVIEWER} 在办"
        hand.press(Key.Key_A, Key.Key_R)  # nobody answers unawares what somebody else has in hand
        qtbot.wait(80)

        def holder() -> str:
            return next(
                one.text("assigned_to")
                for one in rows_of(workplace, "applicant")
                if one.record == records[FIRST]
            )

        assert all(not one.text("review") for one in rows_of(workplace, "applicant"))
        hand.press(Key.Key_G)
        assert page.banner_place.view is not None
        assert REVIEWER in page.banner_place.view.what
        hand.press(Key.Key_Escape)
        assert holder() == reviewer
        hand.press(Key.Key_G)
        hand.press(Key.Key_Return, control=True)
        qtbot.waitUntil(lambda: holder() == workplace.person and not tasks.busy)
        qtbot.waitUntil(lambda: page.case.case is not None and not page.case.case.holder_name)
        hand.press(Key.Key_G)  # one's own is put back
        qtbot.waitUntil(lambda: holder() == "" and not tasks.busy)
