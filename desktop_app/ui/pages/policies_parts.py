"""The parts of the page 政策包: rows, the package of now, the question before one is taken back."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.messages.catalogue import sentence
from desktop_app.policy.package import Policy
from desktop_app.policy.reading import Fault
from desktop_app.services.policy_desk import PackageLine
from desktop_app.ui.package_news import fault_words, rule_code
from desktop_app.ui.text import language, moment
from desktop_app.ui.units import column
from desktop_app.ui.views import Column, PillCell, Row, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Fact, Sheet

SHORT = 12
"""So many digits of a digest are shown."""
_SHIPPED = "shipped"


def _tr(words: str) -> str:
    return QCoreApplication.translate("Policies", words)


# --- the list ---------------------------------------------------------------------------------


def package_columns() -> tuple[Column, ...]:
    """Name the columns of the list."""
    return (
        Column(_tr("号"), 52, strong=True),
        Column(_tr("标题"), 0),
        Column(_tr("发布"), 170, secondary=True, compact=False),
        Column(_tr("状态"), 132),
    )


def key_of(line: PackageLine) -> str:
    """Give the key of a package's row."""
    return line.record or _SHIPPED


def package_row(line: PackageLine) -> Row:
    """Say one package as a row."""
    cells = (str(line.number), line.title, _since(line), _standing(line))
    return Row(key_of(line), cells, strong=line.in_force)


def _since(line: PackageLine) -> str:
    """Say when and by whom it was published."""
    if not line.record:
        return _tr("随程序")
    return f"{moment(line.published_at)} {line.person}".strip()


def _standing(line: PackageLine) -> PillCell:
    if line.withdrawn:
        return PillCell(State.UNFINISHED, _tr("已撤回"))
    if line.in_force and line.examples:
        return PillCell(State.NEEDS, _tr("生效·示例"))
    if line.in_force:
        return PillCell(State.DONE, _tr("生效"))
    if line.error is not None:
        return PillCell(State.REFUSED, _tr("不能用"))
    return PillCell(State.WAITING, _tr("旧的"))


def named(number: int | str) -> str:
    """Name a package by its number."""
    return _tr("第 {number} 号政策包").format(number=number)


# --- the package of now -----------------------------------------------------------------------


def findings(line: PackageLine, in_use: Policy) -> list[str]:
    """Say how a package stands and what can be done about it, in sentences."""
    if line.error is not None and not line.withdrawn:
        return [_refusal(line.error), _tr("按 T 撤回它；改好的用下一个号发布。")]
    used = line.digest == in_use.digest
    if line.in_force:
        example = [example_words(line.examples)] if line.examples else []
        if used:
            return [*example, _tr("生效的是这一个，这台电脑也在用。")]
        words = _tr("已经生效。这台电脑还在用第 {number} 号，按 F12 锁屏再登录后改用这一个。")
        return [*example, words.format(number=in_use.number)]
    here = [_tr("这台电脑还在用它，按 F12 锁屏再登录后改用生效的。")] if used else []
    if line.withdrawn:
        return [_tr("已撤回，各台重新登录后不再用它。按 T 重新启用。"), *here]
    if not line.record:
        return [_tr("随程序带来的。发布的都撤回了，就用这一个。"), *here]
    return [_tr("号更大的在生效。把大的撤回，就退回到这一个。"), *here]


def example_words(examples: Mapping[str, int]) -> str:
    """Say that a package holds made-up entries, and what to do before it is used for real."""
    words = {
        "schools": _tr("{count} 所学校"),
        "villages": _tr("{count} 个村社区"),
        "catchment": _tr("{count} 条划片"),
    }
    said = "、".join(words[kind].format(count=count) for kind, count in examples.items())
    told = _tr("里面的{said}是示例，不能正式用：按 F7 存一份，改成本区的，再按 F10 发布。")
    return told.format(said=said)


def _refusal(error: ProductError) -> str:
    """Say why a published package cannot be used, with rule and place."""
    said = sentence(error, language())
    if error.code != "policy.refused":
        return f"{said.what}（{said.number}）"
    details = error.details
    place, rule = str(details.get("place", "")), str(details.get("rule", ""))
    words = _tr("不能用，共 {count} 处不合规。最要紧的：{place} 违反 {rule}，{what}。")
    return words.format(
        count=details.get("count", 1),
        place=place,
        rule=rule_code(rule),
        what=fault_words(Fault(place, rule)),
    )


class PackageDetail(Sheet):
    """One package: its digest, who published it, how it stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 10, (20, 14, 20, 14))
        self._title = Text("", "title", self, wrap=True)
        self._label = Text("", "body", self, wrap=True)
        self._digest = Fact(_tr("摘要"), "", self)
        self._since = Fact(_tr("发布"), "", self)
        self._said = Text("", "body", self, wrap=True)
        for part in (self._title, self._label, self._digest, self._since, self._said):
            lines.addWidget(part)
        lines.addStretch(1)

    @property
    def words(self) -> str:
        """Tell what is said."""
        return self._said.text()

    def show_line(self, line: PackageLine, in_use: Policy) -> None:
        """Show a package."""
        self._title.setText(named(line.number))
        self._label.setText(line.title)
        self._digest.set_value(line.digest[:SHORT])
        self._since.set_value(_since(line))
        self._said.setText("\n".join(findings(line, in_use)))


class TurnPackage(Sheet):
    """The question before a package is taken back or brought back, with what is in force then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line: PackageLine | None = None
        self.after = ""
        lines = column(self, 12, (20, 16, 20, 16))
        self._title = Text("", "page", self, wrap=True)
        self._then = Text("", "strong", self, wrap=True)
        self._told = Text("", "body", self, wrap=True)
        for part in (self._title, self._then, self._told):
            lines.addWidget(part)
        lines.addStretch(1)

    @property
    def again(self) -> bool:
        """Tell whether it is brought back."""
        return self.line is not None and self.line.withdrawn

    @property
    def asked(self) -> str:
        """Tell the question."""
        return self._title.text()

    @property
    def words(self) -> str:
        """Tell what is said of what follows."""
        return f"{self._then.text()}{self._told.text()}"

    def ask(self, line: PackageLine, after: Policy) -> None:
        """Ask about a package."""
        self.line, self.after = line, after.number
        name = named(line.number)
        words = _tr("重新启用{name}？") if line.withdrawn else _tr("撤回{name}？")
        self._title.setText(words.format(name=name))
        then = _tr("之后生效的是第 {number} 号：{title}。")
        self._then.setText(then.format(number=after.number, title=after.title))
        told = _tr("随下一次回包告诉各校，各台重新登录后改用；已登记的不变，仍按当时的包。")
        undo = (
            _tr("不启用按 Esc；启用按 F10。")
            if line.withdrawn
            else _tr("撤回了还能按 T 重新启用。不撤回按 Esc；撤回按 F10。")
        )
        self._told.setText(f"{told}\n{undo}")
