"""The receipt of a registration 报名登记与材料接收回执, in two halves: family and school.

It carries what a guardian needs and nothing a bystander should read: masked numbers, no word of a
special group whatever category or paper the case has. Its code holds the receipt number only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from desktop_app.documents.paper import (
    ROOMY,
    TIGHT,
    Markup,
    data_cell,
    fill,
    head_cell,
    listing,
    page,
    strong,
    table,
    text,
)
from desktop_app.documents.qr import qr_data_uri
from desktop_app.domain.masks import mask_number, mask_phone
from desktop_app.domain.parent_code import parent_code

NO_FEE = "本次登记不收取任何费用。"
"""Bold on every receipt (平湛教体〔2024〕71号 二（二）)."""  # noqa: RUF001 -- the notice's number
MOST_LINES = 6
"""Papers a half sheet has room for; settled ones beyond are told in one line."""
ROOMY_LINES = 3

NEUTRAL_CATEGORY = "按招生政策登记"
NEUTRAL_MATERIAL = "其他证明材料"

SPECIAL_GROUP_WORDS = (
    "辍学", "随迁", "留守", "抚养", "孤", "困难", "残", "福利", "低保",
    "特困", "脱贫", "贫困", "监测", "单亲", "无户", "烈士", "牺牲", "病故",
    "特教", "特殊", "送教", "随班", "资助", "军人", "优抚", "优待",
)  # fmt: skip
"""Words that would tell a bystander which group a child belongs to (visual: public desk)."""

_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")

Part = Literal["family", "school"]
State = Literal["seen", "checked", "due", "repair"]
_SHOWN: dict[State, str] = {
    "seen": "● 已见原件",
    "checked": "● 系统已核对",
    "due": "▲ 容缺",
    "repair": "■ 待补正",
}
_OPEN: dict[State, str] = {"due": "前补", "repair": "前补正"}
_UNDER_VERIFICATION = "（核实中）"


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One paper of the case: seen (●), still to come (▲ 容缺) or to be mended (■ 待补正)."""

    label: str
    state: State
    original: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """What stands on a receipt; texts are local and ready to read, numbers are masked here too."""

    school: str
    season: str
    stage: str
    number: str
    name: str
    sex: str
    birth: str
    id_number: str
    guardian: str
    relation: str
    phone: str
    category: str
    village: str
    placement: str
    materials: tuple[MaterialLine, ...]
    next_steps: tuple[str, ...]
    notices: tuple[str, ...]
    hotline: str
    declaration: str
    clerk: str
    desk: str
    printed_at: str
    copy: int = 1
    deadline: str = ""
    under_verification: frozenset[str] = frozenset()
    """Field names that are in conflict: name, sex, birth, id_number, guardian."""
    corrected: bool = False
    practice: bool = False
    notice: str = ""
    """Which notice the guardian was told, its digest, and how: on both halves."""


def receipt_html(view: ReceiptView, part: Part) -> Markup:
    """Build one half of the A4 sheet.

    Raises:
        ValueError: the receipt number is none; nothing else may go into the code.
    """
    own = fill("receipt_family.html", _family(view)) if part == "family" else _school(view)
    return page(
        fill(
            "receipt.html",
            {
                "part": "家长联（请保管）" if part == "family" else "学校留存联",
                "marks": _marks(view),
                "school": text(view.school),
                "season": text(view.season),
                "stage": text(view.stage),
                "number": text(view.number),
                "short": text(parent_code(view.number)),
                "code": qr_data_uri(view.number),
                "child": _child_table(view),
                "materials": _materials_table(view.materials),
                "own": own,
            },
        )
    )


def public_wording(label: str, neutral: str) -> str:
    """Give a label that names no special group: without its brackets, or the neutral wording."""
    if not names_special_group(label):
        return label
    bare = _BRACKETS.sub("", label)
    return neutral if names_special_group(bare) else bare


def names_special_group(words: str) -> bool:
    """Tell whether a text holds a word that must not stand on a receipt."""
    return any(word in words for word in SPECIAL_GROUP_WORDS)


def _marks(view: ReceiptView) -> Markup:
    """Say in words what sets this sheet apart: practice, correction, a further copy."""
    marks = [
        mark
        for mark, holds in (
            ("练习，不作数", view.practice),
            ("更正", view.corrected),
            ("补打", view.copy > 1),
        )
        if holds
    ]
    return "".join(f"【{mark}】" for mark in marks)


def _child_table(view: ReceiptView) -> Markup:
    def checked(field: str, content: Markup) -> Markup:
        return content + (_UNDER_VERIFICATION if field in view.under_verification else "")

    gap = "&nbsp;&nbsp;"
    child = gap.join(
        (
            checked("name", strong(view.name)),
            checked("sex", text(view.sex)),
            checked("birth", text(view.birth)),
        )
    )
    guardian = checked("guardian", text(f"{view.guardian}（{view.relation}）"))
    zone = text(f"{view.village} → {view.placement}")
    rows = (
        ("儿童姓名", child, "证件号", checked("id_number", text(_masked_id(view.id_number)))),
        ("监护人", guardian, "联系电话", text(_masked_phone(view.phone))),
        ("报名类别", text(public_wording(view.category, NEUTRAL_CATEGORY)), "划片结果", zone),
    )
    return table(
        [
            [head_cell(left, 13), data_cell(one, 37), head_cell(right, 13), data_cell(other, 37)]
            for left, one, right, other in rows
        ],
        _padding(view.materials),
    )


def _padding(materials: Sequence[MaterialLine]) -> int:
    return ROOMY if len(materials) <= ROOMY_LINES else TIGHT


def _within_room(materials: Sequence[MaterialLine]) -> list[MaterialLine]:
    """Keep what is still to be done in full; gather settled papers that find no room."""
    if len(materials) <= MOST_LINES:
        return list(materials)
    still_open = [line for line in materials if line.state in _OPEN]
    settled = [line for line in materials if line.state not in _OPEN]
    kept = max(MOST_LINES - len(still_open) - 1, 0)
    rest = MaterialLine(f"另有 {len(settled) - kept} 项材料", "seen")
    return [*settled[:kept], rest, *still_open] if len(settled) > kept else still_open


def _masked_id(number: str) -> str:
    if not number:
        return "暂无"
    return number if "*" in number else mask_number(number)


def _masked_phone(phone: str) -> str:
    shown = phone if "*" in phone else mask_phone(phone)
    return f"{shown[:3]} {shown[3:7]} {shown[7:]}" if len(shown) == 11 else shown


def _materials_table(materials: Sequence[MaterialLine]) -> Markup:
    rows: list[tuple[Markup, Markup, Markup, Markup]] = []
    for number, line in enumerate(_within_room(materials), start=1):
        label = f"{number}&nbsp;&nbsp;{text(public_wording(line.label, NEUTRAL_MATERIAL))}"
        shown = _SHOWN[line.state]
        ending = _OPEN.get(line.state)
        if ending is None:
            rows.append((label, text(shown), text(line.original), "无"))
        else:
            rows.append(
                (
                    label,
                    strong(shown),
                    text(line.original or "未带"),
                    strong(f"{line.due}{ending}" if line.due else ending.removeprefix("前")),
                )
            )
    heads = (("材料", 27), ("情况", 20), ("原件", 27), ("还要做什么", 26))
    return listing(heads, rows, "本类别不需要材料", _padding(materials))


def _family(view: ReceiptView) -> dict[str, Markup]:
    steps = [step for step in view.next_steps if not names_special_group(step)]
    numbered = " ".join(
        f"{chr(0x2460 + number)} {text(step)}" for number, step in enumerate(steps[:9])
    )
    notices = [notice for notice in view.notices if not names_special_group(notice)]
    before = f"{strong(view.deadline)} 前补齐。" if view.deadline else ""
    return {
        "steps": before + numbered,
        "no_fee": NO_FEE,
        "hotline": text(view.hotline),
        "notices": text("".join(one for one in (*notices, view.notice) if one != NO_FEE)),
        "clerk": text(view.clerk),
        "desk": text(view.desk),
        "printed_at": text(view.printed_at),
        "copy": str(view.copy),
    }


def _school(view: ReceiptView) -> Markup:
    return fill(
        "receipt_school.html",
        {
            "declaration": text(f"{view.declaration}{view.notice}"),
            "no_fee": NO_FEE,
            "clerk": text(view.clerk),
            "desk": text(view.desk),
            "printed_at": text(view.printed_at),
            "copy": str(view.copy),
        },
    )
