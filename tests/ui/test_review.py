"""材料审核 with real keys on a real school: two persons, approve and next, send back, at any scale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.sent_back import note_amended
from desktop_app.services.workplace import Workplace, closing
from desktop_app.storage.journal import Actor
from desktop_app.storage.rows import read_row
from desktop_app.ui.look import SCALES, Look, Shape, look
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.review_case import Mode
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.services.kit import number, without
from tests.ui.cases import (
    REVIEWER,
    cells,
    enter,
    family,
    here,
    press,
    review_page,
    school_of,
)
from tests.ui.conftest import focused
from tests.ui.school import CHEAP, PRINCIPAL, REGISTRAR

Key = Qt.Key
FIRST, SECOND, THIRD = "王子涵", "魏振豪", "汪芷晗"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.security.kdf.STANDARD", CHEAP)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def records(folder: Path) -> dict[str, str]:
    forms = {
        FIRST: family(101, FIRST),
        SECOND: without(family(103, SECOND), "material.GID"),
        THIRD: family(105, THIRD),
    }
    return school_of(folder, forms)


@pytest.fixture
def reviewer(folder: Path, records: dict[str, str]) -> Iterator[Workplace]:
    assert records
    workplace = enter(folder, REVIEWER)
    yield workplace
    workplace.close()


Stand = Callable[[Workplace], ReviewPage]


@pytest.fixture
def stand(tasks: Tasks, window: Window, qtbot: QtBot) -> Stand:
    def made(workplace: Workplace) -> ReviewPage:
        page = review_page(workplace, tasks)
        window.add_page(page)
        window.open_page("review")
        qtbot.waitUntil(lambda: not tasks.busy and page.queue.known)
        return page

    return made


@pytest.fixture
def page(stand: Stand, reviewer: Workplace, qtbot: QtBot) -> ReviewPage:
    made = stand(reviewer)
    wait_for(made, FIRST, qtbot)
    return made


def name(page: ReviewPage) -> str:
    return page.case.case.name if page.case.case is not None else ""


def wait_for(page: ReviewPage, wanted: str, qtbot: QtBot) -> None:
    """Wait until a case is shown and may be answered."""
    qtbot.waitUntil(lambda: name(page) == wanted and not page.busy)


def mode_of(page: ReviewPage) -> Mode:
    return page.case.mode


def review_of(workplace: Workplace, record: str) -> tuple[str, str, str]:
    with workplace.database.read() as connection:
        row = read_row(connection, RECORD_TYPES["applicant"], workplace.seat.scope, record)
    assert row is not None
    return row.text("review"), row.text("review_reason"), row.text("review_field")


def test_the_oldest_stands_first_with_its_papers_and_values(page: ReviewPage) -> None:
    assert page.queue.count == 3
    assert page.queue.place.text() == "第 1 件"
    assert cells(page, 0)[:4] == ["材料", "户口簿", "监护人身份证", "登记内容"]
    values = dict(zip(cells(page, 0), cells(page, 1), strict=True))
    whole = number(order=101)
    assert values["证件号"] == f"{whole[:6]} {whole[6:14]} {whole[14:]}"
    assert values["登记内容"] == "无差异"
    proofs = dict(zip(cells(page, 0), cells(page, 3), strict=True))
    assert (proofs["证件号"], proofs["出生"], proofs["片区"]) == ("一致", "一致", "一致")


def test_j_and_k_walk_the_queue(page: ReviewPage, qtbot: QtBot) -> None:
    press(Key.Key_J)
    wait_for(page, SECOND, qtbot)
    assert page.queue.place.text() == "第 2 件"
    press(Key.Key_J, Key.Key_J, Key.Key_J)
    wait_for(page, THIRD, qtbot)
    press(Key.Key_K)
    wait_for(page, SECOND, qtbot)


def test_a_passes_with_a_signature_and_goes_on(
    page: ReviewPage, reviewer: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    press(Key.Key_A)
    press(Key.Key_A)  # a second press while the next case is on its way does nothing
    wait_for(page, SECOND, qtbot)
    assert review_of(reviewer, records[FIRST]) == ("passed", "", "")
    assert review_of(reviewer, records[SECOND])[0] == ""
    qtbot.waitUntil(lambda: page.queue.count == 2)
    assert page.hint() == "已审 1 · 退回 0"


def test_a_never_answers_a_case_that_is_not_shown_yet(
    page: ReviewPage, reviewer: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    press(Key.Key_J, Key.Key_A)
    wait_for(page, SECOND, qtbot)
    qtbot.wait(100)
    assert [review_of(reviewer, record)[0] for record in records.values()] == ["", "", ""]
    assert page.banner_place.view is None


def test_what_is_not_complete_is_refused_with_a_sentence(
    page: ReviewPage, reviewer: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    press(Key.Key_J)
    wait_for(page, SECOND, qtbot)
    press(Key.Key_A)
    qtbot.waitUntil(lambda: page.banner_place.view is not None)
    view = page.banner_place.view
    assert view is not None
    assert "材料还没齐" in view.what
    assert review_of(reviewer, records[SECOND])[0] == ""
    assert name(page) == SECOND


def test_r_and_a_digit_send_back_pinned_to_the_field(
    page: ReviewPage, reviewer: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    while here(page) != "户籍地":
        press(Key.Key_Down)
    assert page.case.reasons.isVisible()
    assert "户籍地" in page.case.reasons.note
    press(Key.Key_1)
    assert mode_of(page) is Mode.LOOK  # a digit does nothing before R
    press(Key.Key_R)
    assert mode_of(page) is Mode.RETURN
    assert page.case.offered()[0][1].code == "ADDRESS_DIFFERS"
    press(Key.Key_1)
    wait_for(page, SECOND, qtbot)
    answer = review_of(reviewer, records[FIRST])
    assert answer == ("returned", "ADDRESS_DIFFERS", "hukou_address")
    assert page.hint() == "已审 0 · 退回 1"
    view = page.banner_place.view
    assert view is not None
    assert view.what == f"{FIRST} 已退回：地址与户口簿不符"
    assert "Ctrl+Z" in view.now
    for key in (Key.Key_Z, Key.Key_Return):
        QTest.keyClick(focused(), key, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.hint() == "已审 0 · 退回 0")
    assert review_of(reviewer, records[FIRST])[0] == ""


def test_esc_leaves_the_reasons_without_a_change(
    page: ReviewPage, reviewer: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    press(Key.Key_R, Key.Key_Escape, Key.Key_1)
    qtbot.wait(150)
    assert page.case.mode is Mode.LOOK
    assert review_of(reviewer, records[FIRST])[0] == ""
    assert name(page) == FIRST


def test_a_returned_case_shows_why_and_where(
    page: ReviewPage, records: dict[str, str], qtbot: QtBot
) -> None:
    while here(page) != "姓名":
        press(Key.Key_Down)
    press(Key.Key_R, Key.Key_1)
    wait_for(page, SECOND, qtbot)
    page.show_record(records[FIRST])
    wait_for(page, FIRST, qtbot)
    assert here(page) == "姓名"
    shown = dict(zip(cells(page, 0), cells(page, 3), strict=True))
    assert shown["姓名"] == "退回"
    assert page.queue.place.text() == "", "nobody in the queue is marked as the one shown"
    press(Key.Key_J)
    wait_for(page, SECOND, qtbot)
    assert page.queue.place.text() != ""


def test_d_goes_to_the_next_difference(page: ReviewPage, qtbot: QtBot) -> None:
    press(Key.Key_J)
    wait_for(page, SECOND, qtbot)
    assert here(page) == "监护人身份证"
    press(Key.Key_Down, Key.Key_Down, Key.Key_D)
    assert here(page) == "监护人身份证"


def test_who_registered_a_case_cannot_review_it(
    folder: Path, records: dict[str, str], stand: Stand, qtbot: QtBot
) -> None:
    workplace = enter(folder, REGISTRAR)
    page = stand(workplace)
    wait_for(page, FIRST, qtbot)
    assert "A" not in [one.key for one in page.key_actions()]  # a registrar has no such role
    press(Key.Key_A, Key.Key_R)
    qtbot.wait(150)
    assert review_of(workplace, records[FIRST])[0] == ""
    assert page.case.mode is Mode.LOOK
    workplace.close()


def test_a_reviewer_is_told_that_their_own_case_needs_another(
    folder: Path, stand: Stand, qtbot: QtBot
) -> None:
    school_of(folder, {})
    workplace = enter(folder, PRINCIPAL)
    RegistrationDesk(workplace).register(family(101, FIRST))
    page = stand(workplace)
    wait_for(page, FIRST, qtbot)
    assert page.case.rule.text() == "这件是您登记的，请另一位审核员审"
    press(Key.Key_A)
    qtbot.waitUntil(lambda: page.banner_place.view is not None)
    view = page.banner_place.view
    assert view is not None
    assert "您自己登记的" in view.what
    workplace.close()


def test_an_empty_queue_says_so(folder: Path, stand: Stand) -> None:
    school_of(folder, {})
    workplace = enter(folder, REVIEWER)
    page = stand(workplace)
    assert not page.case.table.isVisible()
    press(Key.Key_J, Key.Key_D)
    assert page.case.case is None
    workplace.close()


@pytest.mark.parametrize("scale", SCALES)
def test_the_page_fits_whatever_is_being_done(
    page: ReviewPage, window: Window, scale: int, qtbot: QtBot
) -> None:
    window.wear(Look("light", scale))
    window.resize(DESIGN_SIZE)
    press(Key.Key_J)
    wait_for(page, SECOND, qtbot)
    for keys in ((), (Key.Key_R,), (Key.Key_Escape, Key.Key_B), (Key.Key_Escape, Key.Key_A)):
        press(*keys)
        qtbot.wait(120)
        QApplication.processEvents()
        least = window.minimumSizeHint()
        assert least.width() <= DESIGN_SIZE.width()
        assert least.height() <= DESIGN_SIZE.height()
        assert window.size() == DESIGN_SIZE


@pytest.mark.parametrize(
    "scale", [one for one in SCALES if Look("light", one).shape is not Shape.WIDE]
)
def test_f6_swaps_case_and_page_at_large_type(page: ReviewPage, window: Window, scale: int) -> None:
    window.wear(Look("light", scale))
    window.resize(DESIGN_SIZE)
    buttons = window.key_bar.buttons
    assert all(one.width() > one.width_in("key") for one in buttons), "no cap without a word"
    assert (page.case.isVisible(), page.pane.isVisible()) == (True, False)
    press(Key.Key_F6)
    assert (page.case.isVisible(), page.pane.isVisible()) == (False, True)
    press(Key.Key_F6)
    assert (page.case.isVisible(), page.pane.isVisible()) == (True, False)
    assert window.size() == DESIGN_SIZE


# --- the words of 其他, and what comes back ---------------------------------------------------------


def note_of(workplace: Workplace, record: str) -> str:
    with workplace.database.read() as connection:
        row = read_row(connection, RECORD_TYPES["applicant"], workplace.seat.scope, record)
    assert row is not None
    return row.text("review_note")


def test_other_asks_for_words_and_the_desk_reads_them(
    page: ReviewPage, reviewer: Workplace, records: dict[str, str], tasks: Tasks, qtbot: QtBot
) -> None:
    press(Key.Key_R, Key.Key_0)
    assert mode_of(page) is Mode.EXPLAIN
    press(Key.Key_Return)
    assert mode_of(page) is Mode.EXPLAIN
    assert review_of(reviewer, records[FIRST])[0] == ""
    QTest.keyClicks(focused(), "house number differs")
    press(Key.Key_Return)
    wait_for(page, SECOND, qtbot)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert review_of(reviewer, records[FIRST])[:2] == ("returned", "OTHER")
    assert note_of(reviewer, records[FIRST]) == "house number differs"
    page.show_record(records[FIRST])
    wait_for(page, FIRST, qtbot)
    assert "house number differs" in page.case.said


def test_esc_leaves_the_words_of_other_without_a_change(
    page: ReviewPage, reviewer: Workplace, records: dict[str, str]
) -> None:
    press(Key.Key_R, Key.Key_0)
    QTest.keyClicks(focused(), "never mind")
    press(Key.Key_Escape)
    assert mode_of(page) is Mode.LOOK
    assert review_of(reviewer, records[FIRST])[0] == ""
    press(Key.Key_R, Key.Key_0)
    assert page.case.explain.words.value() == ""


def test_a_paper_refused_for_another_reason_keeps_its_words(
    page: ReviewPage, reviewer: Workplace, records: dict[str, str], tasks: Tasks, qtbot: QtBot
) -> None:
    page.case.table.go_to_row(1)
    press(Key.Key_N, Key.Key_0)
    assert mode_of(page) is Mode.EXPLAIN
    QTest.keyClicks(focused(), "page torn")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not tasks.busy and page.case.mode is Mode.LOOK)
    papers = ExaminationDesk(reviewer).open(records[FIRST]).papers
    assert [one.note for one in papers if one.state == "rejected"] == ["page torn"]


def amend_as_its_registrar(workplace: Workplace, record: str) -> None:
    """Change a case as whoever registered it: a reviewer does not pass what they changed."""
    with workplace.database.read() as connection:
        row = read_row(connection, RECORD_TYPES["applicant"], workplace.seat.scope, record)
    assert row is not None
    registrar = Actor(row.created_by, workplace.actor().sign)
    with workplace.journal.begin(registrar) as work:
        work.edit("applicant", record, {"hukou_address": "3组28号"})
        note_amended(work, record)


def test_a_case_that_was_sent_back_returns_by_itself_once_it_is_amended(
    page: ReviewPage, reviewer: Workplace, records: dict[str, str], tasks: Tasks, qtbot: QtBot
) -> None:
    press(Key.Key_R, Key.Key_1)
    wait_for(page, SECOND, qtbot)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert page.queue.count == 2
    amend_as_its_registrar(reviewer, records[FIRST])
    page.refresh()
    qtbot.waitUntil(lambda: page.queue.count == 3 and not tasks.busy)
    press(Key.Key_K)
    wait_for(page, FIRST, qtbot)
    assert page.case.said.startswith("退回后已改，请再审")
    press(Key.Key_A)
    wait_for(page, SECOND, qtbot)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert review_of(reviewer, records[FIRST])[0] == "passed"
    assert page.queue.count == 2


def test_a_paper_brought_after_a_send_back_brings_the_case_back_by_keys(
    stand: Stand, folder: Path, records: dict[str, str], tasks: Tasks, qtbot: QtBot
) -> None:
    with closing(enter(folder, REVIEWER)) as workplace:
        ReviewDesk(workplace).send_back(records[SECOND], "OTHER", "material.GID", "bring it")
    with closing(enter(folder, REGISTRAR)) as workplace:
        page = stand(workplace)
        assert page.queue.count == 2
        page.show_record(records[SECOND])
        wait_for(page, SECOND, qtbot)
        assert "bring it" in page.case.said
        page.case.next_trouble()
        press(Key.Key_L)
        qtbot.waitUntil(lambda: page.queue.count == 3 and not tasks.busy)
        assert review_of(workplace, records[SECOND])[0] == "returned"


def test_what_was_written_apart_stands_whole_under_the_value(
    page: ReviewPage, window: Window
) -> None:
    case = page.case.case
    assert case is not None
    phone = case.fields[-1]
    assert phone.key == "phone"
    apart = replace(phone, verdict="differs", others=("13900005678", "13900005679"))
    page.case.show_case(replace(case, fields=(*case.fields[:-1], apart)))
    model, table = page.case.model, page.case.table
    below = [model.row_at(model.rowCount() - place) for place in (3, 2, 1)]
    assert [one.cells[1] for one in below if one is not None] == [
        "138 0000 0101",
        "139 0000 5678",
        "139 0000 5679",
    ]
    for scale in (100, 200):
        window.wear(Look("light", scale))
        table.go_to_row(0)
        table.go_to_row(model.rowCount() - 3)
        QApplication.processEvents()
        assert here(page) == "电话"
        needed = QFontMetrics(look().font("body")).horizontalAdvance("139 0000 5678")
        assert needed <= table.columnWidth(1) - look().u(16)
    window.wear(Look("light", 100))
    QApplication.processEvents()
    table.go_to_row(0)
    table.go_to_row(model.rowCount() - 3)
    last = table.visualRect(model.index(model.rowCount() - 1, 1))
    assert table.viewport().rect().contains(last)
    # R on such a row is about the same field.
    table.go_to_row(model.rowCount() - 1)
    assert page.case.row is not None
    assert (here(page), page.case.row.pin) == ("电话", phone.field)


def test_what_is_open_stands_beside_the_changes_and_is_asked_about(
    folder: Path, stand: Stand, tasks: Tasks, qtbot: QtBot
) -> None:
    records = school_of(folder, {FIRST: family(101, FIRST, guardian_relation="52")})
    with closing(enter(folder, REVIEWER)) as workplace:
        ReviewDesk(workplace).send_back(records[FIRST], "ADDRESS_DIFFERS", "hukou_address")
        amend_as_its_registrar(workplace, records[FIRST])
        page = stand(workplace)
        wait_for(page, FIRST, qtbot)
        states = dict(zip(cells(page, 0), cells(page, 3), strict=True))
        assert states["监护人"] == "不符"
        assert "还没办完的" in states
        assert cells(page, 1)[-1] == "关系与证件性别不符", "as the form has it"
        press(Key.Key_A)
        view = page.banner_place.view
        assert view is not None
        assert "监护人不符" in view.what
        press(Key.Key_Escape)
        assert review_of(workplace, records[FIRST])[0] == "returned"
        press(Key.Key_A)
        QTest.keyClick(focused(), Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: review_of(workplace, records[FIRST])[0] == "passed")
        qtbot.waitUntil(lambda: not tasks.busy)
