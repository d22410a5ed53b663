"""核对 as it stands, on made-up values; nothing is asked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from desktop_app.services.attention import HeldLine
from desktop_app.services.conflicts import Dispute, QueueLine, Side
from desktop_app.services.leftover import LeftChild, LeftContent
from desktop_app.services.merging import TwinSide, TwinView
from desktop_app.ui.models.keyset import Chunk
from desktop_app.ui.pages.conflict_lists import Answer, ConflictDesks, LineRow, Which
from desktop_app.ui.pages.conflict_parts import held_cells, queue_cells
from desktop_app.ui.pages.conflicts import ConflictPage
from tests.ui.registering import NeverAnswering

AT = 1_724_300_000_000
RECEIPT = "ZHW-1-0824-0119-07"
VALUE = QueueLine("0\n2141041101\tapplicant\ta\tbirth_date", "value", "王泽宏", RECEIPT, "出生日期")
PAIR = QueueLine("2\n1\ta\tb", "pair", "罗雨桐", RECEIPT, "")
TANGLED = QueueLine("1\ta\tb", "tangled", "高梦瑶", RECEIPT, "")
REMOVED = QueueLine(
    "0\n2141041101\tapplicant\tc\t", "removed", "买买提·吐尔逊", RECEIPT, "报名学生"
)
SIDES = (
    Side("x:1:0", "2018-05-21", "陈国庆", AT, "own", shown=True),
    Side("y:1:0", "2018-05-12", "何丽华", AT, "3", shown=False),
    Side("z:1:0", "2018-05-02", "", AT, "…k3fa", shown=False),
)
DISPUTE = Dispute(VALUE.key, "value", "王泽宏", RECEIPT, "419999********3174", "出生日期", SIDES)
HELD = HeldLine("1:7", "program", "unknown_kind", "", "", "", "何丽华", AT, "3")


LATE = LeftChild(
    "2141041101\ta", "买买提·吐尔逊", RECEIPT, "419999********2640", "2018-05-20", "3", "", "何丽华",
    AT, 9, counts=False, removed=False, anew="",
)  # fmt: skip
HELD_LATE = HeldLine(
    "laptop:a", "laptop", "revoked", "", LATE.name, RECEIPT, "何丽华", AT, "3", 9, LATE
)
LATE_CONTENT = LeftContent(
    LATE,
    (
        ("number", "419999********2640"),
        ("birth", "2018-05-20 女"),
        ("household", "北渡街道 徐洼村 3组27号"),
        ("home", "北渡街道 徐洼村 3组27号"),
        ("category", "本地户籍"),
        ("guardian", "罗志远 父亲"),
        ("guardian_number", "419999********1414"),
        ("phone", "138****1234"),
        ("papers", "户口簿（已见原件）、监护人身份证（已见原件）"),
        ("scans", "2"),
    ),
    {},
    "",
    (),
    "a",
)


class Nothing:
    """A desk nobody asks."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


def _page(*lines: QueueLine) -> ConflictPage:
    nothing: Any = Nothing()
    school: Any = SimpleNamespace(leftover=SimpleNamespace(is_school=True, open=str))
    page = ConflictPage(ConflictDesks(nothing, nothing, nothing, school), NeverAnswering())
    page._details.ask = lambda *_given: None  # type: ignore[method-assign]
    rows = tuple(LineRow(line.key, queue_cells(line), line=line) for line in lines)
    page._show(Answer(Which.QUEUE, Chunk(rows, None), len(rows)))
    return page


def conflict() -> ConflictPage:
    """Give a field with three values."""
    page = _page(VALUE, PAIR, TANGLED, REMOVED)
    page._show_opened(VALUE, DISPUTE)
    return page


def conflict_removal() -> ConflictPage:
    """Give a disputed removal, the detail in place of the list where there is room for one."""
    page = _page(REMOVED)
    sides = (Side("x:1:0", "", "陈国庆", AT, "2", shown=False),)
    page._show_opened(REMOVED, Dispute(REMOVED.key, "removed", "", RECEIPT, "", "报名学生", sides))
    page._turn(other=True)
    return page


def _twin(record: str, *, stays: bool) -> TwinSide:
    return TwinSide(
        record, "罗雨桐", RECEIPT, "419999********2640", "2018-03-14", "女", "罗志远", 5, "陈国庆",
        AT, "2", stays,
    )  # fmt: skip


def conflict_pair() -> ConflictPage:
    """Give two records with one number."""
    page = _page(PAIR)
    page._show_opened(PAIR, TwinView("pair", (_twin("a", stays=True), _twin("b", stays=True))))
    page._turn(other=True)
    return page


def conflict_tangled() -> ConflictPage:
    """Give a merge whose decisions contradict each other."""
    page = _page(TANGLED)
    view = TwinView("tangled", (_twin("a", stays=False), _twin("b", stays=True)))
    page._show_opened(TANGLED, view)
    page._turn(other=True)
    return page


def conflict_held() -> ConflictPage:
    """Give the list of what does not count."""
    page = _page()
    page.which = Which.HELD
    page._show(
        Answer(Which.HELD, Chunk((LineRow(HELD.key, held_cells(HELD), line=HELD),), None), 1)
    )
    return page


def conflict_late() -> ConflictPage:
    """Give a child that a lost laptop registered after its end."""
    page = _page()
    page.which = Which.HELD
    page.left_behind._details.ask = lambda *_given: None  # type: ignore[method-assign]
    line = LineRow(HELD_LATE.key, held_cells(HELD_LATE), line=HELD_LATE)
    page._show(Answer(Which.HELD, Chunk((line,), None), 1))
    page.left_behind._show(LATE_CONTENT)
    page._turn(other=True)
    return page


def conflict_empty() -> ConflictPage:
    """Give a seat where nothing waits."""
    return _page()
