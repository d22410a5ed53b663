"""What is held about one child, on paper for the guardian 打印我的信息 (个人信息保护法 art. 45).

Nothing of their own is masked, and nothing of another family or of a reviewer's thoughts is on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.documents.paper import TIGHT, Markup, data_cell, head_cell, listing, sheet, table
from desktop_app.documents.paper import text as said_text

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnInformation:
    """What stands on the sheet; ``groups`` are a title and its facts each."""

    school: str
    season: str
    number: str
    name: str
    groups: tuple[tuple[str, Pairs], ...]
    papers: tuple[tuple[str, str, str], ...]
    """Paper, what became of it, number and dates."""
    looked: tuple[tuple[str, str, str], ...]
    """When, who, what: everybody who opened, printed or took out."""
    complaints: tuple[tuple[str, str, str], ...] = ()
    """What the family complained of or asked: when and about what, its words, what came of it."""
    printed_at: str
    clerk: str
    hotline: str
    practice: bool = False


def own_information_html(view: OwnInformation) -> Markup:
    """Build the sheet."""
    made = {
        "groups": "".join(_group(title, pairs) for title, pairs in view.groups),
        "papers": listing(
            (("材料", 34), ("情况", 22), ("编号、日期", 44)),
            [[said_text(cell) for cell in line] for line in view.papers],
            "没有登记材料",
            TIGHT,
        ),
        "complaints": _complaints(view.complaints),
        "looked": listing(
            (("时间", 30), ("谁", 30), ("做了什么", 40)),
            [[said_text(cell) for cell in line] for line in view.looked],
            "没有人另外查看、打印或导出过",
            TIGHT,
        ),
    }
    said = ("school", "season", "number", "name", "printed_at", "clerk", "hotline")
    return sheet("own_information.html", view, said, made, practice=view.practice)


def _group(title: str, pairs: Pairs) -> Markup:
    """Build one group: two facts a line."""
    style = "margin-top:6px;margin-bottom:2px"
    head = f'<p style="{style}"><b>{said_text(title)}</b></p>'
    return head + table([_line(pairs[at : at + 2]) for at in range(0, len(pairs), 2)], TIGHT)


def _complaints(told: Sequence[tuple[str, str, str]]) -> Markup:
    """Build the list of complaints; most families have none, and then nothing stands there."""
    if not told:
        return ""
    style = "margin-top:6px;margin-bottom:2px"
    rows = [[said_text(cell) for cell in line] for line in told]
    heads = (("诉求", 24), ("内容", 38), ("办理", 38))
    return f'<p style="{style}"><b>诉求和答复</b></p>{listing(heads, rows, "", TIGHT)}'


def _line(pairs: Sequence[tuple[str, str]]) -> list[Markup]:
    cells: list[Markup] = []
    for label, value in pairs:
        span = 3 if len(pairs) == 1 else 1
        wide = None if span > 1 else 34
        cells += [head_cell(label, 16), data_cell(said_text(value), wide, span)]
    return cells
