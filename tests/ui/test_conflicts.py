"""核对 by keys alone, on two real laptops of a school and their district."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.domain.declare import Value
from desktop_app.security import kdf
from desktop_app.services.attention import AttentionDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.conflicts import ConflictDesk
from desktop_app.services.lists import ListDesk, ListLine
from desktop_app.services.merging import MergeDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.branches import keep_apart
from desktop_app.storage.oplog import load_feeds, operations_after
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.ui.look import Look
from desktop_app.ui.models.listing import row_of as row_of_line
from desktop_app.ui.models.listing import short_receipt
from desktop_app.ui.pages.conflict_leftover import TakingUp
from desktop_app.ui.pages.conflict_lists import ConflictDesks
from desktop_app.ui.pages.conflicts import ConflictPage
from desktop_app.ui.pages.today_detail import DetailPanel, event_words
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State, cell_text
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.window import Window
from tests.services.kit import number, registered
from tests.sync.site import SCHOOL, Site, feed_of, hand, reply, row_of, take
from tests.ui.conftest import focused, rest
from tests.ui.school import CHEAP

Key = Qt.Key
Alt = Qt.KeyboardModifier.AltModifier


class School:
    """Two laptops that meet over a stick."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder / "site", shipped_policy())
        self.site.folder.mkdir()
        self.district = self.site.found()
        self.here = self.site.laptop(self.district, "here")
        self.there = self.site.laptop(self.district, "there")
        self._places = (folder / f"stick {n}" for n in range(1000))

    def meet(self) -> None:
        for one in (self.here, self.there):
            take(self.district, hand(one, next(self._places)).path)
        back = reply(self.district, next(self._places)).path
        for one in (self.here, self.there):
            take(one, back)


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)
    made = School(tmp_path)
    yield made
    made.site.close()


@pytest.fixture
def make_page(
    school: School, window: Window, tasks: Tasks, qtbot: QtBot
) -> Callable[[], ConflictPage]:
    def made() -> ConflictPage:
        here = school.here
        held = AttentionDesk(here)
        desks = ConflictDesks(ConflictDesk(here), MergeDesk(here), held, TakingUp.of(here))
        page = ConflictPage(desks, tasks)
        window.add_page(page)
        window.open_page("conflict")
        rest(qtbot, tasks)
        return page

    return made


def edit(workplace: Workplace, record: str, **values: Value) -> None:
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        work.edit("applicant", record, values)


def lines(page: ConflictPage) -> list[list[str]]:
    found = [page.model.row_at(place) for place in range(page.model.rowCount())]
    return [[cell_text(cell) for cell in row.cells] for row in found if row is not None]


def banner(page: ConflictPage) -> tuple[State, str]:
    view = page.banner_place.view
    assert view is not None
    return view.state, view.what


def disputed(school: School) -> str:
    record = registered(school.here)
    school.meet()
    edit(school.here, record, birth_date="2018-05-21")
    edit(school.there, record, birth_date="2018-05-12")
    school.meet()
    return record


@pytest.mark.parametrize("way", ["digit", "arrows"])
def test_one_key_keeps_either_value(
    school: School,
    make_page: Callable[[], ConflictPage],
    tasks: Tasks,
    qtbot: QtBot,
    way: str,
) -> None:
    record = disputed(school)
    page = make_page()
    assert lines(page) == [["罗雨桐", "出生日期 两种说法"]]
    wanted = page._choices[1].value
    if way == "digit":
        QTest.keyClick(focused(), Key.Key_2)
    else:
        page.choices.choose(0)
        QTest.keyClick(focused(), Key.Key_Right, Alt)
        QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    assert banner(page) == (State.DONE, f"定好了：{wanted}")
    assert lines(page) == []
    assert row_of(school.here, "applicant", record)["birth_date"] == wanted


def test_at_large_type_nothing_out_of_sight_is_decided(
    school: School,
    make_page: Callable[[], ConflictPage],
    window: Window,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    disputed(school)
    page = make_page()
    window.wear(Look("light", 200))
    QTest.keyClick(focused(), Key.Key_2)
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    assert ConflictDesk(school.here).count() == 1
    QTest.keyClick(focused(), Key.Key_F6)
    assert page.detail.isVisible()
    QTest.keyClick(focused(), Key.Key_2)
    rest(qtbot, tasks)
    assert ConflictDesk(school.here).count() == 0


def test_what_was_settled_elsewhere_meanwhile_is_said_and_nothing_is_written(
    school: School, make_page: Callable[[], ConflictPage], tasks: Tasks, qtbot: QtBot
) -> None:
    record = disputed(school)
    page = make_page()
    edit(school.here, record, birth_date="2018-05-21")
    QTest.keyClick(focused(), Key.Key_2)
    rest(qtbot, tasks)
    assert banner(page) == (State.REFUSED, "这一处刚才已经有人定过了。")
    assert row_of(school.here, "applicant", record)["birth_date"] == "2018-05-21"
    assert lines(page) == []


@pytest.mark.parametrize(("key", "stands"), [(Key.Key_1, True), (Key.Key_2, False)])
def test_a_disputed_removal_is_kept_or_removed_again_by_one_key(
    school: School,
    make_page: Callable[[], ConflictPage],
    tasks: Tasks,
    qtbot: QtBot,
    key: Qt.Key,
    stands: bool,
) -> None:
    record = registered(school.here)
    school.meet()
    RegistrationDesk(school.there).take_back(record)
    edit(school.here, record, current_address="3组28号")
    school.meet()
    page = make_page()
    assert lines(page) == [["罗雨桐", "报名学生：有人撤销，有人还在改"]]
    QTest.keyClick(focused(), key)
    rest(qtbot, tasks)
    assert banner(page)[0] is State.DONE
    assert bool(row_of(school.here, "applicant", record)) is stands


def test_two_records_of_one_child_are_merged_and_separated_by_keys(
    school: School, make_page: Callable[[], ConflictPage], tasks: Tasks, qtbot: QtBot
) -> None:
    older, younger = registered(school.here), registered(school.there)
    school.meet()
    page = make_page()
    assert lines(page) == [["罗雨桐", "两件证件号相同"]]
    QTest.keyClick(focused(), Key.Key_2)
    rest(qtbot, tasks)
    assert [line.record for line in ListDesk(school.here).page("all").lines] == [younger]
    assert lines(page) == []
    QTest.keyClick(focused(), Key.Key_F2)
    rest(qtbot, tasks)
    ((name, where),) = lines(page)
    assert (name, where[:3]) == ("罗雨桐", "已并入")
    QTest.keyClick(focused(), Key.Key_N)
    rest(qtbot, tasks)
    assert {line.record for line in ListDesk(school.here).page("all").lines} == {older, younger}
    assert banner(page) == (State.DONE, "分开了，两件都在名单里")


def test_two_children_with_one_number_are_told_apart_by_one_key(
    school: School, make_page: Callable[[], ConflictPage], tasks: Tasks, qtbot: QtBot
) -> None:
    older = registered(school.here)
    registered(school.there)
    school.meet()
    page = make_page()
    QTest.keyClick(focused(), Key.Key_N)
    rest(qtbot, tasks)
    assert lines(page) == []
    assert row_of(school.here, "applicant", older)["number_disputed"] is True
    assert ListDesk(school.here).counts()["all"] == 2


def test_what_does_not_count_is_listed_with_what_it_waits_for(
    school: School, make_page: Callable[[], ConflictPage], tasks: Tasks, qtbot: QtBot
) -> None:
    record = registered(school.here)
    with school.here.journal.begin(school.here.actor()) as work:
        work.edit("applicant", record, {"review": "passed"})
    page = make_page()
    QTest.keyClick(focused(), Key.Key_F2)
    QTest.keyClick(focused(), Key.Key_F2)
    rest(qtbot, tasks)
    found = lines(page)
    assert ["罗雨桐", "等授权"] in found
    QTest.keyClick(focused(), Key.Key_Down)
    assert "校长或区局给了授权" in page.about.text()
    assert "没有丢" in page.about.text()
    assert page.panel._title.text() == f"没算数的 {len(found)} 处"


def test_what_stands_apart_of_a_forked_laptop_is_counted(
    school: School, make_page: Callable[[], ConflictPage], tasks: Tasks, qtbot: QtBot
) -> None:
    registered(school.there)
    with school.there.database.read() as connection:
        own = load_feeds(connection)[school.there.own_feed().facts.feed]
        other = [one for _, one in operations_after(connection, own.number, 0)]
    with school.here.database.write() as connection:
        for operation in other:
            keep_apart(connection, operation, "fork")
    page = make_page()
    QTest.keyClick(focused(), Key.Key_F2)
    QTest.keyClick(focused(), Key.Key_F2)
    rest(qtbot, tasks)
    (place,) = [at for at, line in enumerate(lines(page)) if f"{len(other)} 条另放着" in line[1]]
    QTest.keyClick(focused(), Key.Key_Home)
    for _ in range(place):
        QTest.keyClick(focused(), Key.Key_Down)
    rest(qtbot, tasks)
    assert f"这一支有 {len(other)} 条，没有算进名单" in page.about.text()
    assert "没有丢" in page.about.text()


def test_the_list_and_the_story_say_where_a_merged_record_went(
    school: School, window: Window
) -> None:
    older, younger = registered(school.here), registered(school.here, **disputed_number())
    MergeDesk(school.here).merge(younger, older, "HAND")
    lists = ListDesk(school.here).search("罗雨桐").lines
    gone = next(row_of_line(line, searching=True) for line in lines_of(lists, younger))
    receipt = next(line.receipt for line in lists if line.record == older)
    assert cell_text(gone.cells[4]) == "已合并"
    assert gone.cells[5] == f"已并入 {short_receipt(receipt)}"
    panel = DetailPanel(window)
    panel.show_case(CaseDesk(school.here).open(younger))
    assert f"已并入 {short_receipt(receipt)}；到核对页按 F2 可以分开" in panel.words()
    story = [event_words(one) for one in CaseDesk(school.here).open(older).events]
    assert [words.count("并来的") for words in story].count(1) >= 1
    assert any("把两件并成一件" in words for words in story)


def disputed_number() -> dict[str, str]:
    """Give another number and birth, as a slip of the first desk would."""
    return {"id_number": number("20180315", 264)}


def lines_of(lines: tuple[ListLine, ...], record: str) -> list[ListLine]:
    return [line for line in lines if line.record == record]


@pytest.fixture
def late(school: School, tmp_path: Path) -> str:
    """Give the child a lost laptop registered after its end, whose stick came to this computer."""
    school.meet()
    registered(school.there)
    school.meet()
    LaptopDesk(school.district).revoke(feed_of(school.there), reason="丢失")
    take(school.here, reply(school.district, tmp_path / "answer").path)
    record = registered(school.there, full_name="李梓涵", id_number=number("20180520", 264))
    take(school.here, hand(school.there, tmp_path / "late").path)
    return record


def held_list(page: ConflictPage, qtbot: QtBot, tasks: Tasks) -> None:
    QTest.keyClick(focused(), Key.Key_F2)
    QTest.keyClick(focused(), Key.Key_F2)
    rest(qtbot, tasks)


def card_words(page: ConflictPage) -> str:
    content = page.left_behind.content
    assert content is not None
    return " ".join(fact.text() for card in page.choices.cards for fact in card.findChildren(Text))


def test_a_child_of_a_lost_laptop_is_seen_unmasked_and_taken_into_the_form_by_keys(
    school: School, late: str, make_page: Callable[[], ConflictPage], tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page()
    drafts: list[str] = []
    page.draft_opened.connect(drafts.append)
    held_list(page, qtbot, tasks)
    assert lines(page)[0] == ["李梓涵", "2 号台停用后登记的"]
    assert "装包" in lines(page)[-1][0]
    assert lines(page)[-1][1].startswith("2 号台停用后")
    assert "按 F10 拿进登记表" in page.about.text()
    assert "罗志远" in card_words(page)
    assert "27号" not in card_words(page)
    QTest.keyClick(focused(), Key.Key_F8)
    rest(qtbot, tasks)
    assert "3组27号" in card_words(page)
    with school.here.journal.begin(school.here.actor()) as work:
        assert [row.text("what") for row in work.rows("access", applicant=late)] == ["unmask"]
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    (draft,) = RegistrationDesk(school.here).drafts()
    assert drafts == [draft.id]
    assert (draft.fields["full_name"], draft.fields["guardian_name"]) == ("李梓涵", "罗志远")
    done = RegistrationDesk(school.here).register(draft.fields)
    page.refresh()
    rest(qtbot, tasks)
    assert lines(page)[0] == ["李梓涵", "已重新登记"]
    assert short_receipt(done.receipt_number) in page.about.text()
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    assert drafts == [draft.id]
    assert ConflictDesk(school.here).count() == 0


def test_a_draft_that_was_begun_is_opened_again_and_not_written_over(
    school: School, late: str, make_page: Callable[[], ConflictPage], tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page()
    held_list(page, qtbot, tasks)
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    desk = RegistrationDesk(school.here)
    (draft,) = desk.drafts()
    desk.save_draft(replace(draft, fields={**draft.fields, "hukou_address": "3组28号"}))
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    (again,) = desk.drafts()
    assert (again.id, again.fields["hukou_address"]) == (draft.id, "3组28号")


def test_telephones_written_apart_are_listed_after_the_conflicts_and_one_key_restores(
    school: School, make_page: Callable[[], ConflictPage], tasks: Tasks, qtbot: QtBot
) -> None:
    record = disputed(school)
    guardians = {}
    for workplace, phone in ((school.here, "13900001111"), (school.there, "13900002222")):
        with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
            guardian = work.rows("guardian", applicant=record)[0].record
            work.edit("guardian", guardian, {"phone": phone})
            guardians[phone] = guardian
    school.meet()
    page = make_page()
    assert [words for _, words in lines(page)] == [
        "出生日期 两种说法",
        "联系电话 两种写法，先显示后写的",
    ]
    assert ConflictDesk(school.here).count() == 1
    assert page.panel._title.text() == "要定的 1 处"
    QTest.keyClick(focused(), Key.Key_Down)
    rest(qtbot, tasks)
    shown = row_of(school.here, "guardian", guardians["13900001111"])["phone"]
    assert shown == "13900002222"
    other = next(n for n, one in enumerate(page._choices) if not one.facts[3:])
    QTest.keyClick(focused(), (Key.Key_1, Key.Key_2)[other])
    rest(qtbot, tasks)
    assert banner(page)[0] is State.DONE
    assert row_of(school.here, "guardian", guardians["13900001111"])["phone"] == "13900001111"
    assert [words for _, words in lines(page)] == ["出生日期 两种说法"]
