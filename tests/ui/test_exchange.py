"""The exchange page: by key presses, on a real school and a real district, through a real folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.durable.sticks import plugged_in
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.handed import HandedOver
from desktop_app.sync.inbox import TakenIn
from desktop_app.sync.outbox import Exported, export
from desktop_app.sync.round import RoundDesk
from desktop_app.ui.look import SCALES, Look
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.pages.exchange_words import intake_banner, taken_banner
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State, cell_text
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.sync.site import Site, hand, register_many
from tests.ui.conftest import Plugged, focused, press, rest

Key = Qt.Key


@pytest.fixture
def school(site: Site, district: Workplace) -> Workplace:
    workplace = site.laptop(district, "laptop")
    register_many(workplace, 7)
    return workplace


MakePage = Callable[..., ExchangePage]


@pytest.fixture
def make_page(window: Window, tasks: Tasks, qtbot: QtBot) -> MakePage:
    def made(workplace: Workplace, find: Plugged, **more: object) -> ExchangePage:
        page = ExchangePage(ExchangeDesk(workplace), tasks, find=find, **more)  # type: ignore[arg-type]
        window.add_page(page)
        window.open_page(page.nav_key)
        rest(qtbot, tasks)
        return page

    return made


def rows(page: ExchangePage) -> list[list[str]]:
    found = [page.model.row_at(place) for place in range(page.model.rowCount())]
    return [[cell_text(cell) for cell in row.cells] for row in found if row is not None]


def cards(page: ExchangePage) -> list[str]:
    four = page.cards.declared, page.cards.carried, page.cards.received, page.cards.decided
    return [card.words for card in four]


def take(workplace: Workplace, place: Path) -> None:
    ExchangeDesk(workplace).take_in(place, Progress())


def test_handing_over_ends_with_the_green_banner_after_reading_back(
    make_page: MakePage, school: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(school, Plugged(stick))
    assert page.place.place == stick
    assert cards(page)[:2] == ["7 件", "0 件"]
    press(Key.Key_F10)
    assert page.busy
    assert page.out.notice.view is not None
    assert page.out.notice.view.what == "先不要拔出"
    rest(qtbot, tasks)
    banner = page.out.notice.view
    assert banner is not None
    assert (banner.state, banner.what) == (State.DONE, "可以拔出 U 盘")
    assert "7 名儿童" in banner.now
    assert len(list(stick.glob("*.enb"))) == 1
    assert cards(page)[1] == "7 件 第 1 包"
    assert cards(page)[2] == "0 件 还差 7 件"
    assert rows(page)[0][0] == "第 1 包"
    assert rows(page)[0][2:5:2] == ["交区级", "已拷进 U 盘"]
    press(Key.Key_F6)  # its own bundle still lies there: it went out, it did not come
    rest(qtbot, tasks)
    assert [row[2] for row in rows(page)] == ["交区级"]


def test_a_list_that_was_not_printed_is_no_receipt(
    make_page: MakePage, school: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    export(school, stick, Progress())

    def no_printer(_made: Sequence[HandedOver]) -> None:
        raise WorkplaceError("print.none")

    page = make_page(school, Plugged(stick), print_list=no_printer)
    press(Key.Key_F7)
    rest(qtbot, tasks)
    view = page.banner_place.view
    assert view is not None
    assert view.number == "U203"
    assert "回执" not in f"{view.what}{view.now}"


def test_a_second_press_while_busy_does_nothing(
    make_page: MakePage, school: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(school, Plugged(stick))
    for _ in range(3):
        press(Key.Key_F10)
        page.hand_over()
    rest(qtbot, tasks)
    press(Key.Key_F10)  # a moment after it was done: the same press once more
    rest(qtbot, tasks)
    assert len(list(stick.glob("*.enb"))) == 1
    page._packed.invalidate()  # as after a second
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert len(list(stick.glob("*.enb"))) == 2


def test_what_is_for_other_laptops_is_grey_beside_the_answer(
    make_page: MakePage,
    site: Site,
    school: Workplace,
    district: Workplace,
    stick: Path,
    tmp_path: Path,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    page = make_page(school, Plugged(stick))
    press(Key.Key_F10)
    rest(qtbot, tasks)
    take(district, stick)
    second = site.laptop(district, "second")
    register_many(second, 1)
    aside = hand(second, tmp_path / "aside").path  # packed before it knew of this laptop
    shutil.copy(aside, stick / aside.name)
    press(Key.Key_F6)
    rest(qtbot, tasks)
    banner = page.taken.notice.view
    assert banner is not None
    assert "1 个不是给本机的" in banner.now
    ExchangeDesk(district).answer_all(stick, Progress())
    press(Key.Key_F6)
    rest(qtbot, tasks)
    banner = page.taken.notice.view
    assert banner is not None
    assert banner.state is State.DONE
    assert "回包 1 已收" in banner.now
    assert banner.now.endswith("1 个不是给本机的")
    assert "不是给本机的" in [row[4] for row in rows(page)]
    assert "隔离" not in [row[4] for row in rows(page)]


def test_nothing_but_others_bundles_is_no_failure() -> None:
    other = TakenIn("a.enb", "refused", UntrustedError("bundle.wrong_recipient"))
    assert taken_banner([other]).state is State.UNFINISHED
    view = taken_banner([other, other])
    assert (view.state, view.what) == (State.UNFINISHED, "2 个包都不是给本机的")


def test_bundles_of_the_round_and_of_other_laptops_are_called_so(
    make_page: MakePage,
    site: Site,
    school: Workplace,
    district: Workplace,
    stick: Path,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    second = site.laptop(district, "second")
    register_many(second, 1)
    for laptop in (second, school, second, school):
        RoundDesk(laptop).take_in(stick, Progress())
        RoundDesk(laptop).hand_over(stick, Progress())
    page = make_page(school, Plugged(stick))
    assert {row[2] for row in rows(page)} == {"给本校别台", "2 号台来", "给别人的"}
    press(Key.Key_F10)
    rest(qtbot, tasks)
    press(Key.Key_F6)  # its own still lie there
    rest(qtbot, tasks)
    went = [row for row in rows(page) if row[2] == "交区级"]
    assert len(went) == 1
    assert "本校别台来" not in [row[2] for row in rows(page)]


def test_the_answer_turns_carried_into_received(
    make_page: MakePage,
    school: Workplace,
    district: Workplace,
    stick: Path,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    page = make_page(school, Plugged(stick))
    press(Key.Key_F10)
    rest(qtbot, tasks)
    take(district, stick)
    for bundle in stick.glob("*.enb"):
        bundle.unlink()
    ExchangeDesk(district).answer_all(stick, Progress())
    press(Key.Key_F6)
    rest(qtbot, tasks)
    banner = page.taken.notice.view
    assert banner is not None
    assert (banner.state, banner.what) == (State.DONE, "可以拔出 U 盘")
    assert cards(page)[2] == "7 件"
    assert [row[4] for row in rows(page)] == ["已合并", "区级已收"]
    assert rows(page)[0][2] == "区级来"
    press(Key.Key_F6)
    rest(qtbot, tasks)
    assert page.taken.notice.view is not None
    assert "没有重复" in page.taken.notice.view.now


def test_a_bundle_that_was_damaged_is_refused_and_listed(
    make_page: MakePage, school: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    ExchangeDesk(school).hand_over(stick, Progress())
    bundle = next(stick.glob("*.enb"))
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    bundle.write_bytes(data)
    page = make_page(school, Plugged(stick))
    press(Key.Key_F6)
    rest(qtbot, tasks)
    banner = page.taken.notice.view
    assert banner is not None
    assert banner.state is State.REFUSED
    assert banner.number.startswith("B")
    assert rows(page)[0][4] == "隔离"


def test_what_came_beside_a_refused_bundle_is_said_too() -> None:
    bad = TakenIn("a.enb", "refused", UntrustedError("bundle.truncated"))
    good = TakenIn("b.enb", "taken_in", operations=9, fresh=3)
    assert "收好了" not in taken_banner([bad]).what
    view = taken_banner([bad, good])
    assert (view.state, view.what) == (State.REFUSED, "1 个包没有收，1 个收好了")
    assert view.now.startswith("新 3 条。没收的不影响本机资料。这个包不完整")
    assert view.number == "B101"
    foreign = TakenIn("c.enb", "refused", UntrustedError("bundle.other_district", district="9"))
    several = taken_banner([bad, foreign, good, TakenIn("d.enb", "waiting")])
    assert several.what == "2 个包没有收，1 个收好了，1 个先留着"
    assert (several.number, "包的来往" in several.now) == ("", True)


def test_the_district_is_told_of_new_pairs_and_its_own_answers_are_no_bundles_that_came() -> None:
    own = TakenIn("a.enb", "taken_in", scope="2141041101", answer=True)
    came = TakenIn("b.enb", "taken_in", scope="2141041101", fresh=3)
    view = intake_banner([own, came, own], 2)
    assert view.state is State.DONE
    assert view.now == (
        "收了 1 个包，新 3 条；2 对孩子两所学校都登记，在“跨校查重”；2 个是区里自己的回包"
    )
    assert intake_banner([own], 0).state is State.UNFINISHED


def test_without_a_stick_the_caret_goes_to_the_place_and_a_typed_folder_will_do(
    make_page: MakePage, school: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(school, Plugged())
    press(Key.Key_F10)
    assert focused() is page.place.path
    assert not page.busy
    QTest.keyClicks(focused(), str(stick))
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert len(list(stick.glob("*.enb"))) == 1


def test_a_folder_that_is_not_there_and_one_without_bundles_are_said(
    make_page: MakePage, school: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(school, Plugged(stick))
    press(Key.Key_F6)
    rest(qtbot, tasks)
    assert page.banner_place.view is not None
    assert page.banner_place.view.number == "U201"
    page.place.path.setFocus()
    QTest.keyClicks(focused(), "gone")
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert page.banner_place.view.number == "S104"
    assert not page.busy


def test_sticks_are_walked_with_alt_and_arrows_and_seen_again_with_f5(
    make_page: MakePage, school: Workplace, stick: Path, tmp_path: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    other = tmp_path / "other"
    plugged = Plugged(stick, other)
    page = make_page(school, plugged)
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(focused(), Key.Key_Right, alt)
    assert page.place.place == other
    QTest.keyClick(focused(), Key.Key_Left, alt)
    assert page.place.place == stick
    plugged.folders = [other]
    press(Key.Key_F5)
    rest(qtbot, tasks)
    assert page.place.place == other
    plugged.folders = []
    press(Key.Key_F5)
    rest(qtbot, tasks)
    assert page.place.place is None
    assert page.place.words == "没看到 U 盘"


def test_esc_stops_and_nothing_counts_as_carried(
    make_page: MakePage,
    school: Workplace,
    stick: Path,
    tasks: Tasks,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def patient(workplace: Workplace, target: Path, progress: Progress) -> Exported:
        while not progress.cancelled:
            pass
        return export(workplace, target, progress)

    monkeypatch.setattr("desktop_app.sync.desk.export", patient)
    page = make_page(school, Plugged(stick))
    press(Key.Key_F10)
    press(Key.Key_Escape)
    rest(qtbot, tasks)
    assert list(stick.iterdir()) == []
    assert not page.busy
    assert page.banner_place.view is None
    assert page.out.notice.view is None
    assert cards(page)[1] == "0 件"


def test_the_hand_over_list_is_printed_after_a_hand_over_only(
    make_page: MakePage, school: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    printed: list[str] = []
    desk = ExchangeDesk(school)

    def print_list(made: Sequence[HandedOver]) -> None:
        view = desk.paper(made)
        printed.append(f"{view.receiver} {view.bundles[0].applicants}")

    page = make_page(school, Plugged(stick), print_list=print_list)
    press(Key.Key_F7)
    rest(qtbot, tasks)
    assert printed == []
    assert page.banner_place.view is not None
    assert page.banner_place.view.what.startswith("这台电脑还没有装过包")
    press(Key.Key_F10)
    rest(qtbot, tasks)
    press(Key.Key_F7)
    rest(qtbot, tasks)
    assert len(printed) == 1
    assert printed[0].endswith(" 7")
    assert page.banner_place.view is not None
    assert page.banner_place.view.state is State.DONE


def test_the_list_of_the_last_bundle_is_printed_after_a_restart(
    make_page: MakePage, site: Site, school: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    made = export(school, stick, Progress())  # as the command does
    again = site.again(school)
    printed: list[HandedOver] = []
    make_page(again, Plugged(stick), print_list=printed.extend)
    press(Key.Key_F7)
    rest(qtbot, tasks)
    (line,) = printed
    assert (line.name, line.number, line.size) == (made.name, made.number, made.size)
    assert (line.digest, line.registered, line.scans) == (made.digest, 7, made.scans)
    (bundle,) = ExchangeDesk(again).paper(printed).bundles
    assert (bundle.file, bundle.digest) == (made.name, made.digest)


@pytest.mark.parametrize("scale", SCALES)
def test_it_fits_at_every_scale_at_rest_and_at_work(
    make_page: MakePage,
    school: Workplace,
    stick: Path,
    window: Window,
    tasks: Tasks,
    qtbot: QtBot,
    scale: int,
) -> None:
    page = make_page(school, Plugged(stick))
    window.wear(Look("light", scale))
    window.resize(DESIGN_SIZE)
    steps: list[Callable[[], None]] = [window.update, page.hand_over, page.take_in]
    for step in steps:
        step()
        QApplication.processEvents()
        least = window.minimumSizeHint()
        assert (least.width() <= 1366, least.height() <= 768) == (True, True)
        rest(qtbot, tasks)
        least = window.minimumSizeHint()
        assert (least.width() <= 1366, least.height() <= 768) == (True, True)


def test_removable_disks_are_found_by_what_linux_publishes(tmp_path: Path) -> None:
    proc, system = tmp_path / "proc", tmp_path / "sys"
    (proc / "self").mkdir(parents=True)
    (proc / "self" / "mountinfo").write_text(
        f"21 1 8:1 / / rw - ext4 /dev/sda1 rw\n40 1 8:17 / {tmp_path} rw - vfat /dev/sdb1 rw\n"
    )
    for device, removable in (("8:1", "0"), ("8:17", "1")):
        (system / "dev" / "block" / device).mkdir(parents=True)
        (system / "dev" / "block" / device / "removable").write_text(removable)
    found = plugged_in(proc_root=proc, sys_root=system)
    assert [one.path for one in found] == [tmp_path]
    assert found[0].free > 0
    assert plugged_in(proc_root=tmp_path / "none", sys_root=system) == ()
