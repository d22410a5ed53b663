"""Every category with every state of its papers: one half sheet, nothing lost, no group named."""

from __future__ import annotations

import base64
import itertools
import re
from dataclasses import replace
from functools import cache

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from desktop_app.documents.qr import qr_data_uri, qr_matrix, qr_png
from desktop_app.documents.receipt import (
    SPECIAL_GROUP_WORDS,
    MaterialLine,
    Part,
    ReceiptView,
    State,
    receipt_html,
)
from desktop_app.domain.receipt_number import format_receipt
from desktop_app.policy.package import Policy
from desktop_app.services.policies import shipped_policy
from tests.documents.papers import NUMBER, VIEW
from tests.documents.test_paper import HALF, WIDTH, laid_out, shown

PARTS: tuple[Part, ...] = ("family", "school")
STATES: tuple[State, ...] = ("seen", "checked", "due", "repair")
LONG = {
    "name": "买买提·艾力·阿卜杜热合曼",
    "guardian": "古丽娜尔·阿卜杜热合曼",
    "relation": "其他监护人",
    "school": "平顶山市湛河区北渡街道中心小学湛河湾校区",
    "village": "北渡街道湛河湾社区居民委员会 12 组",
    "placement": "北渡街道中心小学湛河湾校区",
    "clerk": "欧阳娜娜",
}


@cache
def policy() -> Policy:
    return shipped_policy()


def view_of(category: str, states: tuple[State, ...], **changed: str) -> ReceiptView:
    """Give the receipt of a category whose papers stand as wished, in turn."""
    package = policy()
    kind = package.categories[category]
    papers = dict.fromkeys(kind.checklist().next_materials())
    lines = tuple(
        MaterialLine(
            package.materials[code].label,
            state,
            "当场退还，未留复印件" if state in {"seen", "checked"} else "",
            "8 月 28 日" if state in {"due", "repair"} else "",
        )
        for code, state in zip(papers, itertools.cycle(states), strict=False)
    )
    view = replace(VIEW, category=f"{kind.code} {kind.label}", materials=lines)
    return replace(view, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("states", [(one,) for one in STATES] + [STATES], ids=str)
def test_every_category_fits_half_a_sheet_with_every_state(
    part: Part, states: tuple[State, ...], qtbot: QtBot
) -> None:
    del qtbot
    for category in policy().categories:
        view = replace(view_of(category, states), copy=3, corrected=True, practice=True)
        assert laid_out(receipt_html(view, part)).size().height() < HALF, category


READABLE = 0.84
"""The smallest size the longest names may bring a sheet down to: 9.2 of its 11 points."""


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("state", STATES)
def test_the_longest_names_fit_at_a_size_that_can_be_read(
    part: Part, state: State, qtbot: QtBot
) -> None:
    del qtbot
    for category in policy().categories:
        view = replace(view_of(category, (state,), **LONG), copy=3, corrected=True, practice=True)
        document = laid_out(receipt_html(view, part))
        document.setTextWidth(WIDTH / READABLE)
        assert document.size().height() * READABLE < HALF, category


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("state", STATES)
def test_no_state_of_any_category_names_a_group(part: Part, state: State) -> None:
    for category in policy().categories:
        view = view_of(category, (state,))
        view = replace(
            view, under_verification=frozenset({"name", "sex", "birth", "id_number", "guardian"})
        )
        said = shown(receipt_html(view, part))
        assert not [word for word in SPECIAL_GROUP_WORDS if word in said], category


@pytest.mark.parametrize("part", PARTS)
def test_every_open_paper_has_its_sign_its_word_and_its_day(part: Part) -> None:
    for category in policy().categories:
        view = view_of(category, ("due", "repair"))
        said = shown(receipt_html(view, part))
        assert said.count("▲ 容缺") == sum(one.state == "due" for one in view.materials)
        assert said.count("■ 待补正") == sum(one.state == "repair" for one in view.materials)
        assert said.count("8 月 28 日前补") == len(view.materials)


LINES = st.lists(st.sampled_from(STATES), max_size=24)


@given(LINES)
def test_whatever_the_papers_nothing_still_to_do_is_left_out(states: list[State]) -> None:
    lines = tuple(
        MaterialLine(f"第{number}份", state, "", f"9 月 {number + 1} 日")
        for number, state in enumerate(states)
    )
    said = shown(receipt_html(replace(VIEW, materials=lines), "family"))
    for number, state in enumerate(states):
        if state in {"due", "repair"}:
            assert f"第{number}份" in said
            assert f"9 月 {number + 1} 日前补" in said
    gathered = re.search(r"另有 ([0-9]+) 项材料", said)
    settled = [f"第{n}份" in said for n, one in enumerate(states) if one in {"seen", "checked"}]
    missing = settled.count(False)
    if gathered:
        assert int(gathered[1]) == missing
    else:
        assert missing == 0


@given(
    school=st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=1, max_size=6),
    desk=st.text("ABC0123456789", min_size=1, max_size=3),
    number=st.integers(1, 999_999),
)
def test_a_code_is_what_any_reader_makes_of_its_number(school: str, desk: str, number: int) -> None:
    receipt = format_receipt(school, desk, "0824", number)
    other = segno.make_qr(receipt, error="m", boost_error=False)
    assert qr_matrix(receipt) == tuple(tuple(map(bool, row)) for row in other.matrix)
    uri = qr_data_uri(receipt)
    assert base64.b64decode(uri.partition(",")[2]) == qr_png(receipt)


@given(st.text(max_size=40))
def test_nothing_but_a_receipt_number_becomes_a_code(text: str) -> None:
    with pytest.raises(ValueError, match="receipt number only"):
        qr_matrix(text)


@pytest.mark.parametrize(
    "text",
    [f"{NUMBER} ", f"{NUMBER}\n", NUMBER.lower(), NUMBER[:-1], "罗雨桐", "419999201803140020"],
)
def test_a_number_with_anything_about_it_becomes_no_code(text: str) -> None:
    with pytest.raises(ValueError, match="receipt number only"):
        qr_matrix(text)


@given(
    identity=st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True),
    phone=st.from_regex(r"1[0-9]{10}", fullmatch=True),
)
def test_no_number_is_ever_printed_whole(identity: str, phone: str) -> None:
    view = replace(VIEW, id_number=identity, phone=phone)
    for part in PARTS:
        said = re.sub(r"\s", "", shown(receipt_html(view, part)))
        assert identity not in said
        assert phone not in said
