"""The notice of what is still to come 补正通知: everything of one case at once, with its day.

It goes home with the family, so it names the child and no group; a paper says what would mend it.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.documents.paper import Markup, listing, sheet, strong, text


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """One paper still to come: why, what mends it, and until when."""

    label: str
    why: str
    remedy: str
    due: str
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """What stands on a notice."""

    school: str
    number: str
    name: str
    village: str
    papers: tuple[MissingPaper, ...]
    deadline: str
    missing_is_fine: str
    told_at_once: str
    no_fee: str
    hotline: str
    clerk: str
    printed_at: str
    practice: bool = False


def repair_notice_html(view: NoticeView) -> Markup:
    """Build the notice."""
    rows = [
        (
            strong(one.label),
            text("，".join(filter(None, (one.why, one.remedy)))) or "还没带来",
            strong(one.due) + ("（已过期限，仍请补来）" if one.overdue else ""),
        )
        for one in view.papers
    ]
    heads = (("材料", 36), ("情况，怎么补", 38), ("期限", 26))
    made = {"papers": listing(heads, rows, "材料都齐了"), "count": str(len(view.papers))}
    said = (
        "school",
        "number",
        "name",
        "village",
        "deadline",
        "missing_is_fine",
        "told_at_once",
        "no_fee",
        "hotline",
        "clerk",
        "printed_at",
    )
    return sheet("repair_notice.html", view, said, made, practice=view.practice)
