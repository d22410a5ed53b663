"""The slip of a number in the queue 排号条: the number large, and what to have ready.

It names nobody; the category stands in words fit for a public desk.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.documents.paper import Markup, listing, sheet, text


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """One paper, or a choice of several; ``wanted`` where the category asks for it."""

    label: str
    wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipView:
    """What stands on a slip."""

    school: str
    number: str
    village: str
    category: str
    papers: tuple[SlipPaper, ...]
    given_at: str
    source: str
    practice: bool = False


def queue_slip_html(view: SlipView) -> Markup:
    """Build the slip."""
    rows = [("☐", text(one.label), "要" if one.wanted else "有就带上") for one in view.papers]
    heads = (("", 6), ("材料", 74), ("", 20))
    made = {"papers": listing(heads, rows, "材料到办理台再定")}
    said = ("school", "number", "village", "category", "given_at", "source")
    return sheet("queue_slip.html", view, said, made, practice=view.practice)
