"""The parts of the page 排号: rows, the villages that wait, the form of a new number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.documents.queue_slip import SlipPaper
from desktop_app.domain import queueing
from desktop_app.domain.queueing import Ticket
from desktop_app.policy.package import Policy
from desktop_app.services.wording import category_label, village_label
from desktop_app.ui.text import moment
from desktop_app.ui.units import column
from desktop_app.ui.views import Column, Option, PillCell, Row, State
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel, Sheet
from desktop_app.ui.widgets.pick import PickInput

_CELL = 62
_SHOWN = {
    queueing.WAITING: State.WAITING,
    queueing.CALLED: State.NEEDS,
    queueing.ENTERED: State.DONE,
    queueing.DONE: State.DONE,
    queueing.LEFT: State.UNFINISHED,
}


def _tr(words: str) -> str:
    return QCoreApplication.translate("Queue", words)


def standing_words() -> Mapping[str, str]:
    """Say where a ticket stands."""
    return {
        queueing.WAITING: _tr("等候"),
        queueing.CALLED: _tr("已叫号"),
        queueing.ENTERED: _tr("已登记"),
        queueing.DONE: _tr("办完"),
        queueing.LEFT: _tr("没来"),
    }


def queue_columns() -> tuple[Column, ...]:
    """Name the columns of the list."""
    return (
        Column(_tr("号"), 110, strong=True),
        Column(_tr("状态"), 112),
        Column(_tr("村（居）"), 0),
        Column(_tr("报名类别"), 0, secondary=True, compact=False),
        Column(_tr("台"), 60, compact=False),
        Column(_tr("取号"), 124, secondary=True, compact=False),
    )


def queue_row(ticket: Ticket, policy: Policy) -> Row:
    """Say one ticket as a row."""
    pill = PillCell(
        _SHOWN.get(ticket.standing, State.UNFINISHED),
        standing_words().get(ticket.standing, ticket.standing),
    )
    return Row(
        ticket.record,
        (
            ticket.spoken,
            pill,
            village_words(policy, ticket.village),
            category_label(policy, ticket.category) or "—",
            ticket.desk or "—",
            moment(ticket.given_at),
        ),
        strong=ticket.standing == queueing.CALLED,
    )


def village_words(policy: Policy, village: str) -> str:
    """Name a village; none was said where the family is registered elsewhere."""
    return village_label(policy, village) if village else _tr("外地或没说")


class WaitingPanel(Panel):
    """Who waits, by village; the one whose queue is shown is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_tr("各村在等"), parent)
        self.add_to_head(Text("Alt ← →", "caption", self))
        self._lines = Text("", "body", self, wrap=True)
        self.body.addWidget(self._lines)
        self.body.addStretch(1)

    def show_counts(self, counts: Mapping[str, int], shown: str | None, policy: Policy) -> None:
        """Show the counts; ``shown`` is the village chosen, None where all are shown."""
        total = sum(counts.values())
        lines = [(shown is None, _tr("全部"), total)]
        lines += [(one == shown, village_words(policy, one), many) for one, many in counts.items()]
        self._lines.setText(
            "\n".join(f"{'▶' if here else '　'} {name}　{many}" for here, name, many in lines)
        )

    @property
    def words(self) -> str:
        """Tell what is shown."""
        return self._lines.text()


class GivingForm(Sheet):
    """The form of a new number: village and category, and what the category asks for."""

    def __init__(
        self, villages: Sequence[Option], categories: Sequence[Option], parent: QWidget
    ) -> None:
        super().__init__(parent)
        lines = column(self, 0, (1, 1, 1, 1))
        self.form = Form(self)
        group = self.form.group(_tr("排号"), cell=_CELL)
        self.village = PickInput(villages, name="village")
        self.category = PickInput(categories, name="category")
        group.field(_tr("村（居）"), self.village, width=300, narrow=200)
        group.field(_tr("类别"), self.category, width=300, narrow=200)
        lines.addWidget(self.form)
        inner = column(None, 8, (20, 12, 20, 12))
        self._head = Text(_tr("这一类要带的材料（印在号条上）"), "label", self)
        self._papers = Text("", "body", self, wrap=True)
        inner.addWidget(self._head)
        inner.addWidget(self._papers)
        inner.addStretch(1)
        lines.addLayout(inner, 1)
        self.show_papers(())

    def show_papers(self, papers: Sequence[SlipPaper]) -> None:
        """Show what will stand on the slip."""
        if not papers:
            self._papers.setText(_tr("选了类别，这里列出材料。说不准就空着，到办理台再定。"))
            return
        optional = _tr("（有就带上）")
        self._papers.setText(
            "\n".join(f"· {one.label}{'' if one.wanted else optional}" for one in papers)
        )

    @property
    def papers(self) -> str:
        """Tell what is shown of the papers."""
        return self._papers.text()
