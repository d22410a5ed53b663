"""Printed sheets: what they say, what they never say, and that each half fits its half."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QTextDocument
from pytestqt.qtbot import QtBot

from desktop_app.documents.day_sheet import DaySheetView, day_sheet_html
from desktop_app.documents.hand_over import file_size, hand_over_html
from desktop_app.documents.paper import digest_groups, text
from desktop_app.documents.qr import QUIET_MODULES, qr_matrix, qr_png, qr_svg
from desktop_app.documents.receipt import (
    NEUTRAL_CATEGORY,
    NEUTRAL_MATERIAL,
    SPECIAL_GROUP_WORDS,
    MaterialLine,
    Part,
    names_special_group,
    public_wording,
    receipt_html,
)
from desktop_app.domain.forbidden import FORBIDDEN
from desktop_app.durable.places import resource_path
from desktop_app.policy.load import load_package
from tests.documents.papers import DAY, DIGEST, HAND_OVER, NUMBER, VIEW

GOLDEN = Path(__file__).parent / "golden"
PARTS: tuple[Part, ...] = ("family", "school")
WIDTH, HALF = 680.0, 1123 / 2 - 40
"""Print width and height of a half sheet of A4 at 96 dpi, margins taken off."""


def shown(markup: str) -> str:
    """Give the text of a page, without tags and pictures."""
    plain = re.sub(r"<[^>]*>", " ", markup).replace("&nbsp;", " ")
    return re.sub(r"\s+", " ", plain)


def without_code(markup: str) -> str:
    """Leave the picture of the code out: its bytes depend on the compressor."""
    return re.sub(r'src="data:image/png;base64,[^"]+"', 'src="code"', markup)


@pytest.mark.parametrize(
    ("name", "markup"),
    [
        ("receipt_family.html", receipt_html(VIEW, "family")),
        ("receipt_school.html", receipt_html(VIEW, "school")),
        ("day_sheet.html", day_sheet_html(DAY)),
        ("hand_over.html", hand_over_html(HAND_OVER)),
    ],
)
def test_the_sheet_is_the_golden_one(name: str, markup: str) -> None:
    assert without_code(markup) == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("part", PARTS)
def test_every_receipt_says_in_bold_that_nothing_is_charged(part: Part) -> None:
    bold = re.findall(r"<b(?: [^>]*)?>([^<]*)</b>", receipt_html(VIEW, part))
    assert "本次登记不收取任何费用。" in bold


@pytest.mark.parametrize("part", PARTS)
def test_a_receipt_shows_no_whole_number_of_anybody(part: Part) -> None:
    markup = receipt_html(VIEW, part)
    assert VIEW.id_number not in markup
    assert VIEW.phone not in markup
    assert "419999********0020" in markup
    assert "138 **** 1612" in markup
    assert not re.search(r"[0-9]{9}", shown(markup))


def test_numbers_that_come_masked_stay_as_they_are() -> None:
    masked = replace(VIEW, id_number="419999********0020", phone="138****1612")
    assert receipt_html(masked, "family") == receipt_html(VIEW, "family")


def test_a_child_without_a_number_is_not_made_one() -> None:
    assert "暂无" in receipt_html(replace(VIEW, id_number=""), "family")


def test_states_are_told_by_sign_and_word() -> None:
    lines = (
        MaterialLine("甲", "seen", "当场退还"),
        MaterialLine("乙", "due", due="8 月 28 日"),
        MaterialLine("丙", "repair", due="8 月 28 日"),
        MaterialLine("丁", "checked"),
        MaterialLine("戊", "due"),
    )
    said = shown(receipt_html(replace(VIEW, materials=lines), "family"))
    for part in (
        "● 已见原件 当场退还 无",
        "▲ 容缺",
        "■ 待补正",
        "● 系统已核对",
        "8 月 28 日前补正",
    ):
        assert part in said


def test_a_case_without_papers_says_so() -> None:
    assert "本类别不需要材料" in receipt_html(replace(VIEW, materials=()), "family")


@pytest.mark.parametrize("part", PARTS)
def test_no_category_and_no_paper_of_the_policy_brings_a_special_group_onto_a_receipt(
    part: Part,
) -> None:
    policy = load_package(resource_path("policy", "zhanhe-2024"))
    for category in policy.categories.values():
        lines = tuple(
            MaterialLine(one.label, "seen", "当场退还") for one in policy.materials.values()
        )
        notices = tuple(one.text for one in policy.wording.values())
        view = replace(
            VIEW, category=f"{category.code} {category.label}", materials=lines, notices=notices
        )
        said = shown(receipt_html(view, part))
        assert not [word for word in SPECIAL_GROUP_WORDS if word in said]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("A1 本片区农村户籍", "A1 本片区农村户籍"),
        ("D1 孤儿、事实无人抚养儿童", NEUTRAL_CATEGORY),
        ("D2 残疾儿童", NEUTRAL_CATEGORY),
        ("B1 进城务工人员随迁子女", NEUTRAL_CATEGORY),
        ("出生医学证明（无户口时）", "出生医学证明"),
    ],
)
def test_a_label_that_names_a_group_is_worded_neutrally(label: str, expected: str) -> None:
    assert public_wording(label, NEUTRAL_CATEGORY) == expected


def test_the_seven_groups_of_the_notice_are_all_hunted() -> None:
    groups = (
        "辍学儿童 进城务工人员随迁子女 留守儿童 事实无人抚养儿童 孤儿 家庭经济困难儿童 残疾儿童"
    )
    assert all(names_special_group(group) for group in groups.split())
    assert not names_special_group(NEUTRAL_MATERIAL + NEUTRAL_CATEGORY)


def test_a_sentence_that_names_a_group_is_left_out() -> None:
    view = replace(
        VIEW, notices=("残疾儿童另见。", "可以申诉。"), next_steps=("孤儿另见。", "报到。")
    )
    said = shown(receipt_html(view, "family"))
    assert "另见" not in said
    assert "可以申诉。" in said
    assert "① 报到。" in said


def test_nothing_forbidden_is_asked_for_on_paper() -> None:
    said = shown(receipt_html(VIEW, "family") + receipt_html(VIEW, "school"))
    assert not [one.code for one in FORBIDDEN if one.pattern.search(said)]


def test_fields_in_conflict_are_marked_beside_themselves() -> None:
    view = replace(VIEW, under_verification=frozenset({"name", "birth", "id_number", "guardian"}))
    said = shown(receipt_html(view, "family"))
    assert said.count("（核实中）") == 4
    assert "罗雨桐 （核实中）" in said
    assert "核实中" not in receipt_html(VIEW, "family")


def test_copies_corrections_and_practice_are_marked_in_words() -> None:
    plain = receipt_html(VIEW, "school")
    assert "补打" not in plain
    marked = receipt_html(replace(VIEW, copy=3, corrected=True, practice=True), "school")
    assert "【练习，不作数】【更正】【补打】" in marked
    assert "第 3 次打印" in marked


@given(st.text(max_size=40))
def test_data_can_never_become_markup(data: str) -> None:
    view = replace(VIEW, name=data, village=data, clerk=data, school=data)
    tags = re.findall(r"<[a-z/]+", without_code(receipt_html(view, "family")))
    assert tags == re.findall(r"<[a-z/]+", without_code(receipt_html(VIEW, "family")))


def test_a_name_with_signs_of_markup_is_shown_as_typed() -> None:
    assert text('<b>"罗"&\n雨桐') == "&lt;b&gt;&quot;罗&quot;&amp; 雨桐"
    assert "${" in receipt_html(replace(VIEW, name="${number}"), "family")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("count", [0, 3, 6, 20])
def test_a_half_with_any_number_of_papers_fits_half_a_sheet(
    part: Part, count: int, qtbot: QtBot
) -> None:
    lines = tuple(
        MaterialLine(f"材料{number}", "due" if number < 5 else "seen", "", "8 月 28 日")
        for number in range(count)
    )
    view = replace(VIEW, materials=lines, copy=2, corrected=True)
    assert laid_out(receipt_html(view, part)).size().height() < HALF


def test_papers_beyond_the_room_are_gathered_and_none_to_be_done_is_lost() -> None:
    lines = tuple(
        MaterialLine(f"第{number}份", "due" if number % 4 == 0 else "seen", due="8 月 28 日")
        for number in range(20)
    )
    said = shown(receipt_html(replace(VIEW, materials=lines), "family"))
    assert all(f"第{number}份" in said for number in range(0, 20, 4))
    assert "另有 15 项材料" in said


def test_the_code_is_drawn_in_the_page(qtbot: QtBot) -> None:
    image = QImage(int(WIDTH), 200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    laid_out(receipt_html(VIEW, "family")).drawContents(painter)
    painter.end()
    corner = [(x, y) for x in range(int(WIDTH) - 88, int(WIDTH)) for y in range(88)]
    dark = sum(image.pixelColor(x, y).lightness() < 128 for x, y in corner)
    assert len(corner) // 4 < dark < len(corner) * 3 // 4


def laid_out(markup: str) -> QTextDocument:
    """Lay a page out as the printer would, at 96 dpi."""
    assert QGuiApplication.instance() is not None
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setHtml(markup)
    document.setTextWidth(WIDTH)
    return document


# --- codes ---------------------------------------------------------------------------------------


def test_a_code_holds_the_receipt_number_only() -> None:
    for other in ("419999201803140020", "罗雨桐", "", NUMBER.lower(), NUMBER + " 罗雨桐"):
        with pytest.raises(ValueError, match="receipt number"):
            qr_matrix(other)


def test_a_code_has_its_three_corners_and_is_the_same_twice() -> None:
    matrix = qr_matrix(NUMBER)
    size = len(matrix)
    assert all(len(row) == size for row in matrix)
    corner = [True] * 7
    assert list(matrix[0][:7]) == list(matrix[0][-7:]) == list(matrix[-1][:7]) == corner
    assert matrix == qr_matrix(NUMBER)
    assert qr_png(NUMBER) == qr_png(NUMBER)


def test_the_drawing_has_the_size_of_the_matrix_and_its_margin() -> None:
    size = len(qr_matrix(NUMBER)) + 2 * QUIET_MODULES
    assert f'width="{size}" height="{size}"' in qr_svg(NUMBER)


def test_the_picture_shows_exactly_the_matrix() -> None:
    image = QImage()
    assert image.loadFromData(qr_png(NUMBER, scale=1))
    matrix = qr_matrix(NUMBER)
    seen = tuple(
        tuple(
            image.pixelColor(x + QUIET_MODULES, y + QUIET_MODULES).lightness() < 128
            for x in range(len(matrix))
        )
        for y in range(len(matrix))
    )
    assert seen == matrix


# --- day sheet and hand-over list ----------------------------------------------------------------


def test_the_day_sheet_adds_up() -> None:
    said = shown(day_sheet_html(DAY))
    assert "合计 143 130 13 129" in said
    assert "还没办完的（2）" in said
    assert "（未说明）" in said


def test_the_day_sheet_names_no_child_and_no_group() -> None:
    item = replace(DAY.open_items[0], what="容缺：残疾人证")
    said = shown(day_sheet_html(replace(DAY, open_items=(item,))))
    assert "还有材料未齐" in said
    assert not [word for word in SPECIAL_GROUP_WORDS if word in said]


def test_a_day_without_anything_says_so() -> None:
    empty: DaySheetView = replace(DAY, desks=(), open_items=(), seals=(), practice=True)
    said = shown(day_sheet_html(empty))
    for sentence in ("今天没有登记", "● 都办完了", "今天没有封存", "【练习，不作数】"):
        assert sentence in said


def test_the_hand_over_list_shows_every_digest_whole() -> None:
    said = shown(hand_over_html(HAND_OVER))
    assert said.count(digest_groups(DIGEST)) == 2
    assert digest_groups(DIGEST).replace(" ", "") == DIGEST
    assert "合计 2 个文件" in said
    assert "不等于对方已收到" in said


@pytest.mark.parametrize(
    ("size", "written"), [(0, "1 KB"), (900, "1 KB"), (831_488, "812 KB"), (3_600_000, "3.4 MB")]
)
def test_sizes_are_written_as_people_read_them(size: int, written: str) -> None:
    assert file_size(size) == written
