"""The parts of 午间汇总: laptops as rows, and how each step of the round stands."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from desktop_app.sync.round import CARRY, DONE, HAND, TAKE, RoundStanding
from desktop_app.sync.siteboard import LaptopLine
from desktop_app.ui.text import moment
from desktop_app.ui.views import Column, PillCell, Row, State

_PLACES = {TAKE: 0, HAND: 1, CARRY: 2, DONE: 4}


def _tr(words: str) -> str:
    return QCoreApplication.translate("Merge", words)


def laptop_columns() -> tuple[Column, ...]:
    """Name the columns of the board."""
    return (
        Column(_tr("电脑"), 122, strong=True),
        Column(_tr("谁在用"), 0, secondary=True),
        Column(_tr("登记"), 66),
        Column(_tr("最近合并"), 136, secondary=True, compact=False),
        Column(_tr("没到本机"), 84, compact=False),
        Column(_tr("没到那台"), 84, compact=False),
        Column(_tr("状态"), 132),
    )


def laptop_row(one: LaptopLine) -> Row:
    """Say one laptop as a row."""
    name = _laptop(one)
    if one.own:
        name = _tr("{name}（本机）").format(name=name)
    merged = moment(one.merged_at) if one.merged_at else "—"
    return Row(
        one.feed,
        (
            name,
            "、".join(one.people) or "—",
            str(one.registered),
            "—" if one.own else merged,
            _count(one.not_here, own=one.own),
            _count(one.not_there, own=one.own),
            PillCell(*_state(one)),
        ),
        strong=one.own,
    )


def _count(count: int, *, own: bool) -> str:
    return "—" if own else _tr("{count} 条").format(count=count)


def _state(one: LaptopLine) -> tuple[State, str]:
    if one.own:
        return State.DONE, _tr("本机")
    if one.revoked:
        return State.REFUSED, _tr("已停用")
    if not one.heard:
        return State.UNFINISHED, _tr("还没来过")
    if not one.is_equal:
        return State.NEEDS, _tr("没并完")
    if one.is_other_program:
        return State.NEEDS, _tr("程序不同版")
    if one.is_other_policy:
        return State.NEEDS, _tr("政策包不同版")
    return State.DONE, _tr("一致")


def names_of(lines: Iterable[LaptopLine]) -> str:
    """Name laptops, with who works there."""
    return "、".join(
        _tr("{name}（{people}）").format(name=_laptop(one), people="、".join(one.people))
        if one.people
        else _laptop(one)
        for one in lines
    )


def _laptop(one: LaptopLine) -> str:
    """Name a laptop in a sentence: a bare mark would be read as a count."""
    return one.name if one.name.startswith("…") else _tr("{mark} 号台").format(mark=one.name)


def step_words(standing: RoundStanding) -> tuple[tuple[State, str], ...]:
    """Say of each step whether it is done, comes next or is to come, with its count."""
    board = standing.board
    next_one = _PLACES[standing.next]
    equal = _tr("{done} / {all} 台").format(
        done=len(board.others) - len(board.unequal), all=len(board.others)
    )
    notes = (
        _taken_words(standing),
        _handed_words(standing),
        names_of(board.unequal) if standing.next == CARRY else "",
        equal if board.others else "",
    )
    return tuple((_step_state(place, next_one), note) for place, note in enumerate(notes))


def _step_state(place: int, next_one: int) -> State:
    if place == next_one:
        return State.WAITING
    return State.DONE if place < next_one else State.UNFINISHED


def _taken_words(standing: RoundStanding) -> str:
    """Say how often the stick was here today, and what came last."""
    now = standing.round
    words = _tr("第 {turn} 次 · 新 {count} 条")
    return words.format(turn=now.turn, count=now.fresh) if now.took_at else ""


def _handed_words(standing: RoundStanding) -> str:
    """Say what was left on the stick, or that nothing had to be."""
    now = standing.round
    if now.handed_at >= now.took_at > 0:
        return _tr("{count} 条").format(count=now.handed)
    return _tr("不用再交") if now.took_at and standing.next in {CARRY, DONE} else ""
