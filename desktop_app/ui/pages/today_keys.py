"""The keys of 今日名单: which of them work for the line of now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop_app.ui.look import Shape, look
from desktop_app.ui.views import HelpView, KeyAction

Calls = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which keys work."""

    here: bool
    """Whether there is a line of now."""
    case: bool
    """Whether it is a registration, not a draft."""
    alone: bool
    """Whether the case stands in place of the list (large type)."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("TodayKeys", words)


def list_help() -> HelpView:
    """Explain the page."""
    return HelpView(
        _tr("今日名单"),
        _tr(
            "这台电脑有的登记都在这里，别的电脑合并来的也在；草稿只有您自己看得到。"
            "查找可以打姓名、拼音首字母、证件尾号、电话尾号、回执号。"
        ),
        explanation=_tr("证件号平时遮着，按 F8 显示并留痕。Alt+← → 换状态。"),
    )


def list_keys(standing: Standing, calls: Calls) -> list[KeyAction]:
    """List the keys; those of a case are closed while none is chosen."""
    wide = look().shape is Shape.WIDE
    back = [KeyAction("Esc", _tr("返回"), calls["Esc"])] if standing.alone else []
    return [
        *back,
        KeyAction("F3", _tr("查找"), calls["F3"]),
        KeyAction("Enter", _tr("打开"), calls["Enter"], enabled=standing.here),
        *_case_keys(calls, case=standing.case),
        KeyAction("F4", _tr("导入名册"), calls["F4"], _tr("导入"), shown=wide),
        KeyAction("F7", _tr("导出名单"), calls["F7"], _tr("导出"), shown=wide),
        KeyAction("Shift+F4", _tr("复录纸表"), calls["Shift+F4"], _tr("复录"), shown=False),
        KeyAction("Shift+F2", _tr("应到未到"), calls["Shift+F2"], shown=False),
        KeyAction("F5", _tr("存的筛选"), calls["F5"], _tr("筛选"), shown=wide),
        KeyAction("Alt+←", _tr("换状态"), calls["Alt+←"], shown=False),
        KeyAction("Alt+→", _tr("换状态"), calls["Alt+→"], shown=False),
        _print_key(calls, case=standing.case),
    ]


def _case_keys(calls: Calls, *, case: bool) -> list[KeyAction]:
    """List what is done with a registration; at 200 % the bar has no room for F9's sister."""
    room = look().shape is not Shape.NARROW

    def key(name: str, words: str, short: str = "", *, shown: bool = True) -> KeyAction:
        why = _why()
        return KeyAction(name, words, calls[name], short, enabled=case, why=why, shown=shown)

    return [
        key("F2", _tr("改登记"), _tr("改")),
        key("F6", _tr("补材料")),
        key("F8", _tr("显示证件号"), _tr("显示")),
        key("Shift+F7", _tr("给家长看"), shown=False),
        key("Shift+F9", _tr("看回执"), _tr("看"), shown=room),
    ]


def _print_key(calls: Calls, *, case: bool) -> KeyAction:
    """Give the primary key of the page, where the hand rests."""
    return KeyAction(
        "F9",
        _tr("重打回执"),
        calls["F9"],
        _tr("重打"),
        enabled=case,
        primary=True,
        icon="printer",
        why=_why(),
    )


def _why() -> str:
    return _tr("先在名单里选一件已登记的（↑↓），再按这个键")
