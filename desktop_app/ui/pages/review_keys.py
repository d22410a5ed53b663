"""The keys of 材料审核: which of them work for the case, the row and what is being done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop_app.services.examination import Examination, PaperLine
from desktop_app.ui.look import Shape, look
from desktop_app.ui.pages.materials import Numbered
from desktop_app.ui.views import HelpView, KeyAction, nothing

Calls = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which keys work."""

    case: Examination | None
    paper: PaperLine | None
    waiting: int
    pages: int
    seeing: bool
    """Whether the scan stands alone (large type)."""
    settled: bool
    """Whether the case shown is not the one wanted, or was just answered."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("ReviewKeys", words)


def review_help() -> HelpView:
    """Explain the page."""
    return HelpView(
        _tr("材料审核"),
        _tr(
            "登记人和审核人必须是两个人。材料逐项对原件，登记内容看差异；"
            "没有问题按 A 通过，有问题按 R 退回登记台，原因要选。"
        ),
        explanation=_tr("扫描件是政策要求才留的，加密封存，谁看过都留痕。Ctrl+Z 撤回刚才的决定。"),
    )


def paper_keys(standing: Standing, calls: Calls) -> list[KeyAction]:
    """List what can be said of the paper of now; they stand on the page, not in the bar."""
    if standing.paper is None or standing.seeing:
        return []
    words = (
        ("Enter", _tr("已见原件"), _tr("已见")),
        ("L", _tr("容缺"), ""),
        ("B", _tr("补正…"), _tr("补正")),
        ("N", _tr("不认可…"), _tr("不认")),
        ("M", _tr("免提交"), _tr("免交")),
    )
    return [KeyAction(key, label, calls[key], short, shown=False) for key, label, short in words]


def look_keys(standing: Standing, calls: Calls) -> list[KeyAction]:
    """List the keys while a case is looked at."""
    wide = look().shape is Shape.WIDE
    case = standing.case is not None
    papers = standing.case is not None and bool(standing.case.papers)
    keys = [
        KeyAction("J", _tr("下一件"), calls["J"], enabled=standing.waiting > 0),
        KeyAction("K", _tr("上一件"), calls["K"], enabled=standing.waiting > 0),
        KeyAction("D", _tr("下一处差异"), calls["D"], _tr("差异"), enabled=case),
    ]
    if not wide:
        back = _tr("看资料") if standing.seeing else _tr("看证件")
        short = _tr("资料") if standing.seeing else _tr("证件")
        keys.append(KeyAction("F6", back, calls["F6"], short, enabled=case))
    none = _tr("没有待审的件") if not case else _tr("这一类不收材料，没有可存的扫描件")
    room = look().shape is not Shape.NARROW  # a cap without a word says nothing
    words = (_tr("存扫描件"), _tr("扫描"))
    keys.append(
        KeyAction("F4", words[0], calls["F4"], words[1], enabled=papers, why=none, shown=room)
    )
    shown = wide and case
    words = (_tr("取新页"), _tr("取页"))
    keys.append(
        KeyAction("P", words[0], calls["P"], words[1], enabled=papers, why=none, shown=shown)
    )
    if standing.case is not None and standing.case.steps:
        keys.append(KeyAction("E", _tr("看全部，只看改动"), calls["E"], _tr("全部"), shown=False))
    keys += _holding_keys(standing, calls)
    keys.append(_amend_key(standing, calls))
    keys += paper_keys(standing, calls)
    keys += page_keys(standing, calls)
    if standing.case is not None and standing.case.may_review:
        keys += _answers(standing, calls)
    return keys


def _holding_keys(standing: Standing, calls: Calls) -> list[KeyAction]:
    """List the keys of who has what in hand; they stand beside the case, not in the bar."""
    case, none = standing.case, _tr("没有待审的件")
    words = (_tr("我来办"), _tr("我来"))
    if case is not None and case.holder_name:
        words = (_tr("接过来办…"), _tr("接过"))
    elif case is not None and case.holder:
        words = (_tr("放回，不办了"), _tr("放回"))
    queue = _tr("换成我在办的")
    return [
        KeyAction(
            "G", words[0], calls["G"], words[1], enabled=case is not None, why=none, shown=False
        ),
        KeyAction("Alt+←", queue, calls["Alt+←"], shown=False),
        KeyAction("Alt+→", queue, calls["Alt+→"], shown=False),
    ]


def _amend_key(standing: Standing, calls: Calls) -> KeyAction:
    """Give the key that opens the case in the form; what is passed is corrected there."""
    case = standing.case
    passed = case is not None and case.review == "passed"
    why = _tr("没有待审的件")
    open_to = standing.case is not None
    # At 200 % the bar has no room for it beside a reviewer's answers; the key works all the same.
    answers = standing.case is not None and standing.case.may_review
    shown = not (answers and look().shape is Shape.NARROW)
    words = (_tr("更正登记"), _tr("更正")) if passed else (_tr("改登记"), _tr("改"))
    return KeyAction("F2", words[0], calls["F2"], words[1], enabled=open_to, why=why, shown=shown)


def page_keys(standing: Standing, calls: Calls) -> list[KeyAction]:
    """List the keys of the page in sight; they stand in the head of its pane."""
    if not standing.pages or not (standing.seeing or look().shape is Shape.WIDE):
        return []
    turn, larger, shift = _tr("翻页"), _tr("放大"), _tr("移动")
    words = (
        ("[", turn),
        ("]", turn),
        ("+", larger),
        ("=", larger),
        ("Shift++", larger),
        ("T", _tr("转")),
        ("Shift+T", _tr("转好存下")),
        (",", _tr("往前排")),
        (".", _tr("往后排")),
        ("X", _tr("重拍这页")),
        ("Shift+←", shift),
        ("Shift+→", shift),
        ("Shift+↑", shift),
        ("Shift+↓", shift),
    )
    return [KeyAction(key, label, calls[key], shown=False) for key, label in words]


def _answers(standing: Standing, calls: Calls) -> list[KeyAction]:
    """List the answers of a reviewer."""
    holder = standing.case.holder_name if standing.case is not None else ""
    open_to = not standing.settled and not holder
    many = _tr("成批通过…")
    shown = look().shape is Shape.WIDE
    waits = standing.waiting > 0
    passed = standing.case is not None and standing.case.review == "passed"
    why = _tr("这件已经通过") if passed else ""
    held = _tr("{name} 在办；要审先按 G 接过来").format(name=holder) if holder else ""
    why = held or why
    return [
        KeyAction("Shift+A", many, calls["Shift+A"], _tr("成批"), enabled=waits, shown=shown),
        KeyAction(
            "R", _tr("退回…"), calls["R"], _tr("退回"), open_to, warns=True, right=True, why=held
        ),
        KeyAction(
            "A",
            _tr("通过并到下一件"),
            calls["A"],
            _tr("通过"),
            enabled=open_to and not passed,
            primary=True,
            why=why,
        ),
    ]


def digit_keys(reasons: Numbered, choose: Callable[[str], object]) -> list[KeyAction]:
    """List the digits of the reasons that stand on the page."""

    def chooser(code: str) -> Callable[[], object]:
        return lambda: choose(code)

    return [
        KeyAction(digit, _tr("选原因"), chooser(reason.code), shown=False)
        for digit, reason in reasons
    ]


def attach_keys(calls: Calls) -> list[KeyAction]:
    """List the keys while it is asked where a page comes from."""
    return [
        KeyAction("F4", _tr("取新页"), calls["P"], _tr("取页")),
        KeyAction("F6", _tr("取剪贴板的图"), calls["clipboard"], _tr("剪贴板")),
    ]


def leave_key(call: Callable[[], object] = nothing) -> KeyAction:
    """Give the key that leaves what is being done, without a change."""
    return KeyAction("Esc", _tr("不改，返回"), call, _tr("返回"))
