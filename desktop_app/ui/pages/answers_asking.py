"""What is asked at 答复 before something is written: a reason by its digit, words, or once more."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.policy.package import Policy
from desktop_app.ui.pages.materials import ExplainForm, ReasonList, reasons_to_return
from desktop_app.ui.widgets.panel import Panel


class Mode(Enum):
    """What is asked."""

    NOTHING = ""
    REASON = "reason"
    WORDS = "words"
    UNREADY = "unready"
    """Whether a child is passed that is not ready."""
    BACK = "back"
    """Whether the last answer is taken back."""


IN_PANEL = frozenset({Mode.REASON, Mode.WORDS})
"""What is asked beside the list; the rest is asked in the banner."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("AnswersAsking", words)


class AskingPanel(Panel):
    """The reasons with their digits, or the words of 其他; ``said`` carries what was typed."""

    said = Signal(str)

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        """Take the policy, whose reasons are offered."""
        super().__init__("", parent, margins=(0, 0, 0, 0))
        self._policy = policy
        self.reasons, self.explain = ReasonList(self), ExplainForm(self)
        for part in (self.reasons, self.explain):
            self.body.addWidget(part)
        self.set_head_visible(visible=False)
        self.explain.said.connect(self.said)

    def digits(self) -> list[tuple[str, str]]:
        """Give the digits that work now, each with its reason."""
        return [(digit, reason.code) for digit, reason in self.reasons.reasons]

    def ask_reason(self, school: str) -> None:
        """Offer the reasons for which a school is asked."""
        self.reasons.say(_tr("要 {school} 说明什么？").format(school=school), "")
        self.reasons.show_reasons(reasons_to_return(self._policy, ""), later=False)

    def ask_words(self) -> None:
        """Ask for the words of 其他."""
        self.explain.ask(_tr("要说明什么"))
        self.explain.begin()

    def parts(self, mode: Mode) -> tuple[tuple[QWidget, bool], ...]:
        """Give the parts and whether each is shown."""
        return (
            (self, mode in IN_PANEL),
            (self.reasons, mode is Mode.REASON),
            (self.explain, mode is Mode.WORDS),
        )
