"""What the printed sheets share: shipped templates filled with escaped data, tables, fonts.

The HTML keeps to what Qt's rich text draws: attributes for table cells, points for sizes, no
scripts, no addresses that load anything. Black on white, grey head cells.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from functools import cache
from string import Template

from desktop_app.durable.places import resource_path

HEAD_GREY = "#EDEDED"
ROOMY, TIGHT = 4, 1
"""Padding of table cells in pixels; a full sheet is set tighter."""
_SANS = "font-family:'Noto Sans CJK SC'"

Markup = str
"""Text that is HTML already: made here or by ``text``."""


def text(data: str) -> Markup:
    """Escape data for a page; names may hold ``<``, and line breaks become blanks."""
    return html.escape(" ".join(data.split()), quote=True)


def strong(data: str) -> Markup:
    """Escape data and set it bold."""
    return f"<b>{text(data)}</b>"


def fill(template: str, values: Mapping[str, Markup]) -> Markup:
    """Fill a template of ``resources/print``; every place must be filled.

    Raises:
        KeyError: a place has no value; a bug of the page.
    """
    return _template(template).substitute(values)


@cache
def _template(name: str) -> Template:
    return Template(resource_path("print", name).read_text(encoding="utf-8"))


def sheet(
    template: str, view: object, said: Sequence[str], made: Mapping[str, Markup], *, practice: bool
) -> Markup:
    """Build a sheet: the fields named in ``said`` as they stand in the view, and what was made.

    Raises:
        KeyError: as ``fill``.
    """
    marks = "【练习，不作数】" if practice else ""
    words = {name: text(str(getattr(view, name))) for name in said}
    return page(fill(template, {"marks": marks, **words, **made}))


def page(body: Markup) -> Markup:
    """Wrap a body into the page all sheets share: Song type, 11 points, black."""
    return fill("page.html", {"body": body})


def head_cell(label: str, width: int) -> Markup:
    """Build the grey cell of a label; ``width`` is a share of the table in per cent."""
    return (
        f'<td width="{width}%" bgcolor="{HEAD_GREY}">'
        f'<span style="{_SANS};font-size:10pt">{text(label)}</span></td>'
    )


def data_cell(content: Markup, width: int | None = None, span: int = 1) -> Markup:
    """Build a cell around ready markup."""
    wide = f' width="{width}%"' if width is not None else ""
    across = f' colspan="{span}"' if span > 1 else ""
    return f"<td{wide}{across}>{content}</td>"


def table(rows: Sequence[Sequence[Markup]], padding: int = ROOMY) -> Markup:
    """Build a table of ready cells with single black lines."""
    lines = "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)
    return (
        f'<table width="100%" border="1" cellspacing="0" cellpadding="{padding}" '
        f'style="border-collapse:collapse;border-style:solid;border-color:#000000">{lines}</table>'
    )


def listing(
    heads: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[Markup]],
    empty: str,
    padding: int = ROOMY,
) -> Markup:
    """Build a table with a head row; where there are no rows it says so."""
    body = [[data_cell(content) for content in row] for row in rows]
    none = [[data_cell(text(empty), span=len(heads))]]
    return table([[head_cell(label, width) for label, width in heads], *(body or none)], padding)


def digest_groups(digest: str) -> str:
    """Group a hexadecimal digest in eights, so that it can be read aloud and compared."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
