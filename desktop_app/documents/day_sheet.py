"""The close-of-day sheet 日结单: counts per desk, what is still open, and the seals of the day.

Receipt numbers only, no names: the sheet is filed and may be read by many. The last number and
hash of every feed stand on it, so that paper can later prove or refute what a computer says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.documents.paper import Markup, digest_groups, listing, sheet, strong, text
from desktop_app.documents.receipt import public_wording

NEUTRAL_ITEM = "还有材料未齐"


@dataclass(frozen=True, slots=True)
class DeskLine:
    """What one desk did that day."""

    desk: str
    clerk: str
    registered: int
    complete: int
    approved: int
    first_receipt: str = ""
    last_receipt: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One case that is not finished, and the explanation the lead gave."""

    receipt: str
    what: str
    explanation: str = ""
    name: str = ""
    """The child's name, masked: for the list on the screen, never for the paper."""


@dataclass(frozen=True, slots=True)
class SealLine:
    """The last entry of one feed, or a bundle made that day: number and digest."""

    label: str
    number: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheetView:
    """What stands on a close-of-day sheet."""

    school: str
    season: str
    day: str
    desks: tuple[DeskLine, ...]
    open_items: tuple[OpenItem, ...]
    seals: tuple[SealLine, ...]
    closed_by: str
    closed_at: str
    practice: bool = False


def day_sheet_html(view: DaySheetView) -> Markup:
    """Build the sheet."""
    made = {
        "desks": _desks(view.desks),
        "open_count": str(len(view.open_items)),
        "open_items": _open_items(view.open_items),
        "seals": _seals(view.seals),
    }
    said = ("school", "season", "day", "closed_by", "closed_at")
    return sheet("day_sheet.html", view, said, made, practice=view.practice)


def _desks(desks: Sequence[DeskLine]) -> Markup:
    heads = (
        ("登记台", 12),
        ("登记员", 14),
        ("登记", 10),
        ("材料齐", 10),
        ("容缺", 10),
        ("已审", 10),
        ("回执号", 34),
    )
    rows = [
        (
            text(desk.desk),
            text(desk.clerk),
            str(desk.registered),
            str(desk.complete),
            str(desk.registered - desk.complete),
            str(desk.approved),
            _span(desk),
        )
        for desk in desks
    ]
    registered = sum(desk.registered for desk in desks)
    complete = sum(desk.complete for desk in desks)
    approved = sum(desk.approved for desk in desks)
    numbers = (registered, complete, registered - complete, approved)
    total = (strong("合计"), "", *(strong(str(number)) for number in numbers), "")
    return listing(heads, [*rows, total] if rows else (), "今天没有登记")


def _span(desk: DeskLine) -> Markup:
    if desk.first_receipt == desk.last_receipt:
        return text(desk.first_receipt)
    return text(f"{desk.first_receipt} 至 {desk.last_receipt}")


def _open_items(items: Sequence[OpenItem]) -> Markup:
    rows = [
        (
            text(item.receipt),
            f"▲ {text(public_wording(item.what, NEUTRAL_ITEM))}",
            text(item.explanation) or "（未说明）",
        )
        for item in items
    ]
    return listing((("回执号", 30), ("情况", 26), ("说明", 44)), rows, "● 都办完了")


def _seals(seals: Sequence[SealLine]) -> Markup:
    rows = [
        (text(seal.label), str(seal.number), digest_groups(text(seal.digest))) for seal in seals
    ]
    return listing((("记录流或包", 26), ("末号", 12), ("摘要", 62)), rows, "今天没有封存")
