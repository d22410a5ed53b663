"""The information notice 告知书 on paper: large type, with its version and digest."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.documents.paper import Markup, sheet, text


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """What stands on the notice; ``digest`` is what the receipt says too."""

    school: str
    title: str
    paragraphs: tuple[str, ...]
    declaration: str
    version: str
    digest: str
    basis: str
    practice: bool = False


def notice_html(view: NoticeView) -> Markup:
    """Build the notice."""
    style = "margin-top:0px;margin-bottom:9px"
    made = "".join(f'<p style="{style}">{text(one)}</p>' for one in view.paragraphs)
    said = ("school", "title", "declaration", "version", "digest", "basis")
    return sheet("notice.html", view, said, {"paragraphs": made}, practice=view.practice)
