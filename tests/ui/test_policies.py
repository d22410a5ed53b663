"""政策包 by keys alone, at a real district; what the window says of packages that came."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.comparing import Difference
from desktop_app.policy.load import FILES
from desktop_app.policy.reading import Fault
from desktop_app.services.policies import shipped_policy
from desktop_app.services.policy_desk import PackageLine, PolicyDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.ui.compose import compose, prepare
from desktop_app.ui.package_news import fault_words
from desktop_app.ui.pages.laptops import LaptopPage
from desktop_app.ui.pages.policies import Mode, PolicyPage
from desktop_app.ui.pages.policies_lists import file_word
from desktop_app.ui.pages.policies_parts import findings
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window
from tests.services.packages import make_package, preschool
from tests.sync.site import Site, exchange_all, feed_of, register, reply, take
from tests.sync.test_policy_packages import publish, publish_unchecked
from tests.ui.conftest import Plugged, Stand, focused, press, rest, said

Key = Qt.Key
SCHOOL_NAME = {"schools.toml": (('label = "柳树营小学"', 'label = "柳树营中心小学"'),)}


@pytest.fixture
def page(stand: Stand, district: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot) -> PolicyPage:
    made = PolicyPage(PolicyDesk(district), tasks, find=Plugged(stick))
    stand(made)
    qtbot.waitUntil(lambda: made.place.place == stick and bool(made.table.current_key))
    rest(qtbot, tasks)
    return made


def mode_of(page: PolicyPage) -> Mode:
    return page.mode


def numbers(district: Workplace) -> list[tuple[int, bool, bool]]:
    return [(one.number, one.withdrawn, one.in_force) for one in PolicyDesk(district).lines()]


def rows(page: PolicyPage) -> str:
    return " ".join(str(page.model.row_at(at)) for at in range(page.model.rowCount()))


def examined(page: PolicyPage, tasks: Tasks, qtbot: QtBot) -> None:
    """Press F10 and wait until a second press counts."""
    press(Key.Key_F10)
    rest(qtbot, tasks)
    qtbot.waitUntil(lambda: not page.packed_just_now)


def test_a_package_is_shown_before_it_is_published_and_esc_publishes_nothing(
    page: PolicyPage, district: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    make_package(stick, 2, changes=SCHOOL_NAME)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert mode_of(page) is Mode.ASK
    assert page.changes.asked == "发布第 2 号政策包？"
    assert page.changes.words.startswith("新增 0，去掉 0，改动 2 ")
    assert "2024 年秋季" in page.changes.words
    assert not page.changes.warning.words, "it is the season of the one in force"
    shown = str(page.changes.table.rows.row_at(1))
    assert all(one in shown for one in ("学校", "名称", "柳树营小学 → 柳树营中心小学", "改动"))
    first = str(page.changes.table.rows.row_at(0))
    assert all(one in first for one in ("总则", "政策包号", "1 → 2")), "in words, not in keys"
    assert page.changes.foot.text().startswith("政策包号：1 → 2")
    assert focused() is page.changes.table
    press(Key.Key_F10)  # a second press in haste: nobody has read anything yet
    rest(qtbot, tasks)
    assert mode_of(page) is Mode.ASK
    press(Key.Key_Escape)
    assert mode_of(page) is Mode.LIST
    assert numbers(district) == [(1, False, True)]
    examined(page, tasks, qtbot)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page) == "第 2 号政策包发布了"
    view = page.banner_place.view
    assert view is not None
    assert view.now.startswith("随下一次回包发给各校；各台重新登录后使用。")
    assert numbers(district) == [(2, False, True), (1, False, False)]
    assert "生效" in str(page.model.row_at(0))
    assert "赵志强" in str(page.model.row_at(0))
    assert "随程序" in str(page.model.row_at(1))
    assert "还在用第 1 号" in page.detail.words


def test_another_season_is_said_before_it_is_published(
    page: PolicyPage, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    folder = make_package(stick, 2)
    for name in FILES:
        text = (folder / name).read_text("utf-8")
        later = text.replace("season_year = 2024", "season_year = 2025")
        dated = (
            later.replace('"2024-', '"2025-') if name in {"policy.toml", "calendar.toml"} else later
        )
        (folder / name).write_text(dated, "utf-8")
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert mode_of(page) is Mode.ASK, said(page)
    assert page.changes.warning.words.startswith("年度不同：现在生效的是 2024 年秋季")


def test_a_refusal_lists_every_fault_with_rule_and_place_and_is_checked_again(
    page: PolicyPage, district: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    folder = preschool(stick, 2)
    good = (folder / "schools.toml").read_text("utf-8")
    (folder / "schools.toml").write_text(good.replace("public = true\n", ""), "utf-8")
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert mode_of(page) is Mode.FAULTS
    table = page.faults.table
    assert table.rows.rowCount() > 10
    assert page.faults.asked == f"package 2 不能发布：{table.rows.rowCount()} 处要改"
    first = str(table.rows.row_at(0))
    assert all(one in first for one in ("materials.toml:PRE", "FB01", "不许要：学前教育经历证明"))
    assert page.faults.foot.text().startswith("materials.toml:PRE 第 3 行 · FB01 · 不许要：")
    press(Key.Key_Down)
    assert "P108 · 缺少必填的项目（public）" in page.faults.foot.text()
    press(*[Key.Key_Down] * table.rows.rowCount())
    assert table.currentIndex().row() == table.rows.rowCount() - 1
    assert numbers(district) == [(1, False, True)]
    with district.database.read() as connection:
        kind = RECORD_TYPES["policy_refusal"]
        (written,) = read_rows(connection, kind, district.seat.scope, {})
    assert written.text("rule") == "FB01"
    make_package(stick, 2)  # mended on the stick
    press(Key.Key_F5)
    rest(qtbot, tasks)
    assert mode_of(page) is Mode.ASK


def test_taking_back_asks_with_number_and_says_what_is_in_force_then(
    page: PolicyPage, district: Workplace, tmp_path: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    publish(district, make_package(tmp_path, 2))
    publish(district, make_package(tmp_path, 3))
    page.refresh()
    rest(qtbot, tasks)
    page.table.go_to_row(0)
    press(Key.Key_T)
    rest(qtbot, tasks)
    assert page.turning.asked == "撤回第 3 号政策包？"
    assert "之后生效的是第 2 号" in page.turning.words
    press(Key.Key_Escape)
    assert numbers(district)[0] == (3, False, True)
    QTest.keyClick(focused(), Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    rest(qtbot, tasks)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page) == "第 3 号政策包撤回了"
    assert numbers(district) == [(3, True, False), (2, False, True), (1, False, False)]
    assert "已撤回" in str(page.model.row_at(0))
    assert "按 T 重新启用" in page.detail.words
    press(Key.Key_T)
    rest(qtbot, tasks)
    assert page.turning.asked == "重新启用第 3 号政策包？"
    assert "之后生效的是第 3 号" in page.turning.words
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page) == "第 3 号政策包重新启用了"
    assert numbers(district)[0] == (3, False, True)
    press(Key.Key_Down, Key.Key_Down)  # what the program brings is not taken back
    press(Key.Key_T)
    rest(qtbot, tasks)
    assert mode_of(page) is Mode.LIST


def test_the_package_in_force_is_written_out_edited_and_published(
    page: PolicyPage, district: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    press(Key.Key_F7)
    rest(qtbot, tasks)
    assert said(page) == "生效的政策包存好了，在文件夹 zhanhe-1 里"
    view = page.banner_place.view
    assert view is not None
    assert 'number = "2" 或更大（引号要留着）' in view.now
    press(Key.Key_F7)
    rest(qtbot, tasks)
    assert said(page) == "那里已经有同名的文件夹。"
    press(Key.Key_F10)  # its number is still that of the one in force
    rest(qtbot, tasks)
    assert said(page).startswith("政策包号 1 用过了")
    main = stick / "zhanhe-1" / "policy.toml"
    good = main.read_text("utf-8")
    main.write_text(good.replace('number = "1"', "number = 2"), "utf-8")
    press(Key.Key_F10)
    rest(qtbot, tasks)
    told = page.faults.foot.text()
    line = good.splitlines().index('number = "1"') + 1
    assert all(one in told for one in (f"第 {line} 行", "number = 2", "带引号的文字"))
    main.write_text(good, "utf-8")
    press(Key.Key_Escape)
    main.write_text(main.read_text("utf-8").replace('number = "1"', 'number = "2"'), "utf-8")
    examined(page, tasks, qtbot)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert numbers(district)[0] == (2, False, True)


def test_of_several_folders_the_officer_names_one(
    page: PolicyPage, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page) == "找不到政策包文件夹。"
    make_package(stick, 2)
    third = make_package(stick, 3)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page).startswith("这里有 2 个政策包文件夹")
    press(Key.Key_F3)
    page.place.path.clear()
    QTest.keyClicks(focused(), str(third))
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert page.changes.asked == "发布第 3 号政策包？"


def test_why_a_published_package_cannot_be_used_stands_beside_it(
    page: PolicyPage, district: Workplace, tmp_path: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    publish_unchecked(district, preschool(tmp_path, 2), 2)
    page.refresh()
    rest(qtbot, tasks)
    page.table.go_to_row(0)
    assert "不能用" in str(page.model.row_at(0))
    assert "materials.toml:PRE 违反 FB01，不许要：学前教育经历证明" in page.detail.words
    assert "按 T 撤回它" in page.detail.words


def test_a_package_in_force_that_holds_examples_says_so(page: PolicyPage) -> None:
    assert "生效·示例" in str(page.model.row_at(0))
    examples = shipped_policy().examples
    assert f"{examples['schools']} 所学校" in page.detail.words
    assert "是示例，不能正式用：按 F7 存一份" in page.detail.words


def test_each_standing_says_what_can_be_done() -> None:
    used = shipped_policy()

    def told(digest: str, *, withdrawn: bool = False, in_force: bool = False) -> str:
        line = PackageLine("a", 2, "", digest, 1, "", withdrawn=withdrawn, in_force=in_force)
        return "".join(findings(line, used))

    assert told(used.digest, in_force=True) == "生效的是这一个，这台电脑也在用。"
    assert "这台电脑还在用它" in told(used.digest)
    assert "这台电脑还在用它" in told(used.digest, withdrawn=True)
    assert told("other") == "号更大的在生效。把大的撤回，就退回到这一个。"


def test_every_file_and_every_rule_has_words_of_its_own() -> None:
    words = {file_word(name) for name in FILES}
    assert len(words) == len(FILES)
    assert not any("." in one for one in words)
    assert fault_words(Fault("a", "policy.twice")) == "同一项写了两次"
    assert Difference("policy.toml", "number", "", "changed").file in FILES


# --- what the window says once ------------------------------------------------------------------


class Listener:
    """Counts in a real window, and hears all that the strip then says, one after another."""

    def __init__(self, workplace: Workplace, window: Window, tasks: Tasks, qtbot: QtBot) -> None:
        self._tasks, self._window, self._qtbot = tasks, window, qtbot
        self._shell = compose(prepare(workplace), tasks, window)
        qtbot.waitUntil(lambda: not window.promised, timeout=20_000)
        self.hear()

    def hear(self) -> list[str]:
        """Count, and let each message have its time."""
        self._shell.count()
        rest(self._qtbot, self._tasks)
        heard = []
        while self._window.strip.speaking:
            heard.append(self._window.strip.words)
            self._window.strip._message_over()
        return [one for one in heard if "政策包" in one]


def test_a_school_is_told_once_what_came_what_was_refused_and_what_was_taken_back(
    site: Site,
    district: Workplace,
    window: Window,
    tasks: Tasks,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    laptop = site.laptop(district, "joined")
    listener = Listener(laptop, window, tasks, qtbot)
    assert listener.hear() == []
    second = publish(district, make_package(tmp_path, 2))
    publish_unchecked(district, preschool(tmp_path, 3), 3)
    exchange_all(district, [laptop], tmp_path / "round", rounds=1)
    refused = "区里发来的第 3 号政策包不能用（规则 FB01） 仍用第 1 号；请告诉区招生办"
    waits = "区里发来第 2 号政策包 按 F12 锁屏再登录后使用；现在填的不受影响"
    assert listener.hear() == [refused, waits]
    assert listener.hear() == []
    PolicyDesk(district).withdraw(second)
    take(laptop, reply(district, tmp_path / "back").path)
    assert listener.hear() == [], "it is back to what is in use here"


def test_a_school_that_works_by_a_package_hears_that_it_was_taken_back(
    site: Site,
    district: Workplace,
    window: Window,
    tasks: Tasks,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    laptop = site.laptop(district, "joined")
    second = publish(district, make_package(tmp_path, 2))
    exchange_all(district, [laptop], tmp_path / "round", rounds=1)
    laptop = site.again(laptop)
    listener = Listener(laptop, window, tasks, qtbot)
    PolicyDesk(district).withdraw(second)
    take(laptop, reply(district, tmp_path / "back").path)
    (told,) = listener.hear()
    assert told.startswith("区里撤回了第 2 号政策包，改用第 1 号")


def test_the_district_is_told_of_its_own(
    district: Workplace, window: Window, tasks: Tasks, tmp_path: Path, qtbot: QtBot
) -> None:
    listener = Listener(district, window, tasks, qtbot)
    publish(district, make_package(tmp_path, 2))
    (told,) = listener.hear()
    assert told.startswith("生效的是第 2 号政策包 按 F12 锁屏再登录后使用")
    publish_unchecked(district, preschool(tmp_path, 3), 3)
    (told,) = listener.hear()
    assert told.startswith("第 3 号政策包不能用（规则 FB01） 仍用第 1 号；到“政策包”页")


def test_the_page_of_laptops_says_program_and_package(
    stand: Stand,
    site: Site,
    district: Workplace,
    tmp_path: Path,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    laptop = site.laptop(district, "joined")
    register(laptop)
    exchange_all(district, [laptop], tmp_path / "round", rounds=1)
    page = LaptopPage(LaptopDesk(district), tasks, find=Plugged())
    stand(page)
    qtbot.waitUntil(lambda: page.table.current_key == feed_of(laptop))
    assert page.detail.packed_with[1] == "第 1 号"
    publish(district, make_package(tmp_path, 2))
    page.refresh()
    rest(qtbot, tasks)
    assert page.detail.packed_with[1] == "第 1 号，和区里的不同"
