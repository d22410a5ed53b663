"""The keys of 答复: which of them work for what is asked, and for the child of now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication

from desktop_app.ui.look import Shape, look
from desktop_app.ui.views import KeyAction

Calls = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which keys work while a child is looked at."""

    here: bool
    """Whether there is a child of now."""
    beside: bool
    """Whether the child stands in place of the list (large type)."""
    one_school: bool
    given: bool
    """Whether an answer was given that can be taken back."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("AnswersKeys", words)


def leave_key(leave: Callable[[], object]) -> KeyAction:
    """Give the key that leaves a question without a change."""
    return KeyAction("Esc", _tr("不改，返回"), leave, short=_tr("返回"))


def reason_keys(digits: list[tuple[str, str]], choose: Callable[[str], object]) -> list[KeyAction]:
    """List the digits of the reasons that stand on the page."""
    word = _tr("选原因")
    return [KeyAction(digit, word, partial(choose, code), shown=False) for digit, code in digits]


def anyway_keys(anyway: Callable[[], object]) -> list[KeyAction]:
    """List the keys by which a child is passed that is not ready."""
    words = (_tr("仍然通过"), _tr("仍通过"))
    return [
        KeyAction("Ctrl+Enter", words[0], anyway, words[1], warns=True),
        KeyAction("Ctrl+Return", words[0], anyway, words[1], shown=False),
    ]


def back_keys(back: Callable[[], object]) -> list[KeyAction]:
    """List the keys by which the last answer is taken back."""
    words = (_tr("撤回这个答复"), _tr("撤回"))
    return [
        KeyAction("Ctrl+Enter", words[0], back, words[1], warns=True),
        KeyAction("Ctrl+Return", words[0], back, words[1], shown=False),
    ]


def look_keys(standing: Standing, calls: Calls) -> list[KeyAction]:
    """List the keys while a child is looked at."""
    here = standing.here
    why = _tr("先在名单里选一个孩子（↑↓）")
    keys = [
        KeyAction("J", _tr("下一件"), calls["J"], shown=False),
        KeyAction("K", _tr("上一件"), calls["K"], shown=False),
        KeyAction("Alt+←", _tr("换状态"), calls["Alt+←"], shown=False),
        KeyAction("Alt+→", _tr("换状态"), calls["Alt+→"]),
    ]
    if standing.beside or standing.one_school:
        back = _tr("返回") if standing.beside else _tr("看所有学校")
        keys.insert(0, KeyAction("Esc", back, calls["Esc"], short=_tr("返回")))
    if look().shape is not Shape.WIDE and not standing.beside:
        keys.append(KeyAction("Enter", _tr("打开"), calls["Enter"], enabled=here))
    if standing.given:
        undo = _tr("撤回上一个答复…")
        keys.append(KeyAction("Ctrl+Z", undo, calls["Ctrl+Z"], short=_tr("撤回")))
    show = (_tr("显示证件号"), _tr("显示"))
    ask = (_tr("要求说明…"), _tr("要说明"))
    passing = (_tr("区复核通过"), _tr("通过"))
    return [
        *keys,
        KeyAction("F8", show[0], calls["F8"], show[1], enabled=here, why=why),
        KeyAction("R", ask[0], calls["R"], ask[1], enabled=here, why=why),
        KeyAction("A", passing[0], calls["A"], passing[1], enabled=here, why=why, primary=True),
    ]
