"""What the window says once of policy packages 政策包 that came, and of unfit ones."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.errors import ProductError
from desktop_app.domain.forbidden import FORBIDDEN
from desktop_app.messages.catalogue import sentence
from desktop_app.policy.reading import Fault
from desktop_app.services.policies import News
from desktop_app.services.workplace import Workplace
from desktop_app.ui.text import language

Said = tuple[str, str]
"""What happened, and what now."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("PackageNews", words)


def rule_code(rule: str) -> str:
    """Give the number by which a rule is named to people: FB01, or that of its sentence."""
    return rule if rule.startswith("FB") else sentence(rule, language()).number


def fault_words(fault: Fault) -> str:
    """Say what is wrong at one place."""
    label = next((one.label for one in FORBIDDEN if one.code == fault.rule), "")
    if label:
        said = _tr("不许要：{label}").format(label=label)
    else:
        said = sentence(fault.rule, language()).what.rstrip("。")
    said = f"{said}（{fault.what}）" if fault.what else said
    wanted = _wanted(fault)
    return f"{said}，{wanted}" if wanted else said


def fault_place(fault: Fault) -> str:
    """Say where to look: file, entry and, where it is known, the line."""
    if not fault.line:
        return fault.place
    return _tr("{place} 第 {line} 行").format(place=fault.place, line=fault.line)


def _wanted(fault: Fault) -> str:
    """Say how a value of the wrong kind is to be written."""
    words = {
        "text": _tr('要写成带引号的文字，例如 {key} = "2"'),
        "number": _tr("要写成不带引号的整数，例如 {key} = 5"),
        "flag": _tr("要写成 true（是）或 false（否），不带引号"),
        "list": _tr('要写成方括号里的几项，例如 {key} = ["甲", "乙"]'),
        "table": _tr("要写成一段，例如 [{key}]，下面每行一项"),
    }
    return words[fault.wanted].format(key=fault.key) if fault.wanted in words else ""


def _broken(error: ProductError) -> str:
    """Name the rule a package breaks, or the refusal where it is no rule of its content."""
    return rule_code(str(error.details.get("rule", error.code)))


class PackageNews:
    """Says each thing once as long as the window stands."""

    def __init__(self, workplace: Workplace) -> None:
        """Take the workplace whose package is in use."""
        self._workplace = workplace
        self._told: set[Said] = set()

    def fresh(self, news: News) -> list[Said]:
        """Give what was not said yet: refused packages first, then the one that waits."""
        found = [*self._refused(news), *self._waiting(news)]
        fresh = [one for one in found if one not in self._told]
        self._told.update(fresh)
        return fresh

    def _refused(self, news: News) -> list[Said]:
        here = self._workplace.seat.kind == "district"
        what = (
            _tr("第 {number} 号政策包不能用（规则 {rule}）")
            if here
            else _tr("区里发来的第 {number} 号政策包不能用（规则 {rule}）")
        )
        now = (
            _tr("仍用第 {used} 号；到“政策包”页看哪一处要改")
            if here
            else _tr("仍用第 {used} 号；请告诉区招生办")
        ).format(used=self._workplace.policy.number)
        return [
            (what.format(number=one.number, rule=_broken(one.error)), now) for one in news.refused
        ]

    def _waiting(self, news: News) -> list[Said]:
        if not news.waiting:
            return []
        used = self._workplace.policy.number
        back = int(news.waiting) < int(used)
        if self._workplace.seat.kind == "district":
            what = _tr("生效的是第 {number} 号政策包")
        elif back:
            what = _tr("区里撤回了第 {used} 号政策包，改用第 {number} 号")
        else:
            what = _tr("区里发来第 {number} 号政策包")
        now = _tr("按 F12 锁屏再登录后使用；现在填的不受影响")
        return [(what.format(number=news.waiting, used=used), now)]
