"""The keys of 登记: which of them work for the case on the form, and what is printed on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop_app.ui.look import Shape, look
from desktop_app.ui.views import KeyAction

Calls = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which keys work."""

    lists: bool
    """Whether the form has the list of primary graduates."""
    locked: bool
    """Whether that list has filled fields which are read-only."""
    over_form: bool
    """Whether a panel lies over the form (large type)."""
    drafts: bool
    """Whether F8 takes a draft up."""
    amends: bool
    asking: bool
    """Whether it was asked what is to become of an amendment."""
    leaving: Sequence[KeyAction]
    """The keys that leave a registered case."""
    doubting: Sequence[KeyAction]
    """The keys of the question about look-alikes; F10 says yes to it."""
    undoing: Sequence[KeyAction]
    """The keys that answer whether the last case is to be taken back."""
    idle: Sequence[KeyAction]
    """Keys that stand nowhere now, but are never silent."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("RegistrationKeys", words)


def registration_keys(standing: Standing, calls: Calls) -> list[KeyAction]:
    """List the keys in the order of the key bar."""
    shape = look().shape
    wide, narrow = shape is Shape.WIDE, shape is Shape.NARROW
    park, drafts = (_tr("先放一放"), _tr("先放")), (_tr("取回草稿"), _tr("草稿"))
    eighth = drafts if standing.drafts else park
    asks = standing.asking or standing.amends or bool(standing.doubting or standing.undoing)
    keys = [
        KeyAction("F3", _tr("查找"), calls["F3"], shown=not standing.asking),
        KeyAction("F4", _tr("沿用上一件"), calls["F4"], _tr("沿用"), shown=not standing.amends),
        KeyAction("F2", _tr("划片结果"), calls["F2"], _tr("片区"), shown=False),
        KeyAction("F5", _tr("查重"), calls["F5"], shown=wide and not standing.asking),
        KeyAction("F6", _tr("材料"), calls["F6"], shown=not narrow and not standing.asking),
        KeyAction("F7", _tr("私密申报"), calls["F7"], shown=False),
        KeyAction("Shift+F7", _tr("告知书"), calls["Shift+F7"], shown=False),
        KeyAction("F8", eighth[0], calls["F8"], eighth[1]),
        KeyAction("Shift+F2", _tr("问一问，定类别"), calls["Shift+F2"], _tr("定类别"), shown=False),
        KeyAction("Shift+F4", _tr("同一家再登一个"), calls["Shift+F4"], _tr("同一家"), shown=False),
        KeyAction(
            "Shift+F6",
            _tr("来源、代办、纸表"),
            calls["Shift+F6"],
            _tr("来源"),
            shown=wide and not asks,
        ),
        *_list_keys(standing, calls, shown=wide and standing.locked and not asks),
        *standing.idle,
    ]
    if standing.doubting or standing.undoing:
        keys[:0] = standing.undoing or standing.doubting
    elif standing.over_form:
        keys.insert(0, KeyAction("Esc", _tr("返回表格"), calls["Esc"], _tr("返回")))
    else:
        keys[:0] = standing.leaving
    return [*keys, _save_key(standing, calls, narrow=narrow)]


def _list_keys(standing: Standing, calls: Calls, *, shown: bool) -> list[KeyAction]:
    """List the key that opens a field of the list of primary graduates, where there is one."""
    words = (_tr("名册有误…"), _tr("名册"))
    key = KeyAction("Shift+F5", words[0], calls["Shift+F5"], words[1], shown=shown)
    return [key] if standing.lists else []


def _save_key(standing: Standing, calls: Calls, *, narrow: bool) -> KeyAction:
    words, short = _tr("保存并打印回执"), _tr("保存") if narrow else _tr("保存打印")
    if standing.doubting:
        words, short = _tr("是另一个孩子，保存并打印"), _tr("照样存")
    elif standing.amends:
        words, short = _tr("保存改动并打印"), _tr("存改动")
    return KeyAction("F10", words, calls["F10"], short, primary=True, icon="printer")
