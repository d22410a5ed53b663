"""The middle of 材料审核: one case, its papers and values against what is known, and what is done.

The table keeps the focus, so that single letters work; what is done about the row of now stands
under it.
"""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from desktop_app.policy.package import Policy
from desktop_app.services.examination import Examination, PaperLine
from desktop_app.services.review import PASSED
from desktop_app.services.sent_back import RETURNED
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.examined import ExaminedRow, columns, rows_of
from desktop_app.ui.models.keyset import Chunk, KeysetModel
from desktop_app.ui.models.listing import STATES, state_word
from desktop_app.ui.pages.materials import (
    AttachForm,
    ExplainForm,
    Lower,
    NoteForm,
    Numbered,
    PaperKeys,
    ReasonList,
    material_of,
    reasons_of_paper,
    reasons_to_return,
)
from desktop_app.ui.panes import show_panes
from desktop_app.ui.text import moment
from desktop_app.ui.units import row
from desktop_app.ui.views import KeyAction
from desktop_app.ui.widgets.labels import Hairline, Plain, Text
from desktop_app.ui.widgets.paging import ROW_ROLE
from desktop_app.ui.widgets.panel import EmptyState, Panel
from desktop_app.ui.widgets.table import DataTable


class Mode(Enum):
    """What is being done about the case."""

    LOOK = "look"
    RETURN = "return"
    CORRECT = "correction_required"
    REJECT = "rejected"
    NOTE = "note"
    ATTACH = "attach"
    EXPLAIN = "explain"


REASONED = frozenset({Mode.RETURN, Mode.CORRECT, Mode.REJECT})


class _Table(DataTable):
    """The table of a case; at 200 % it may shrink to one row."""

    def minimumSizeHint(self) -> QSize:
        """Need room for the head and a few rows."""
        full = super().minimumSizeHint()
        spare = look().u(72) if look().shape is Shape.NARROW else 0
        return QSize(full.width(), full.height() - spare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the row of now in sight."""
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a row into sight with what belongs to it under it; the row itself comes first."""
        last = index.row()
        while (below := self._row_at(last + 1)) is not None and below.under:
            last += 1
        if last != index.row():
            super().scrollTo(index.sibling(last, index.column()), hint)
        super().scrollTo(index, hint)

    def _row_at(self, place: int) -> ExaminedRow | None:
        model = self.model()
        found = model.index(place, 0).data(ROW_ROLE) if place < model.rowCount() else None
        return found if isinstance(found, ExaminedRow) else None


class CasePanel(Panel):
    """One case; tells when the row of now is another, and what was entered under the table."""

    moved = Signal()
    accepted = Signal()

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        """Take the policy, whose reasons are offered."""
        super().__init__("", parent, head=46, margins=(0, 0, 0, 0), title_role="page")
        self._policy = policy
        self._case: Examination | None = None
        self.mode = Mode.LOOK
        self.begun = Mode.LOOK
        """What the words of 其他 are for."""
        self.crowded = False
        self.whole = False
        """Whether all of an amended case is shown, not what was changed alone."""
        self._kind = Text("", "secondary", self, elide=True)
        self.add_to_head(self._kind, left=True)
        self.body.setSpacing(0)
        self._caption = Plain(self)
        line = row(self._caption, 8, (14, 6, 14, 6))
        self._by = Text("", "caption", self._caption, elide=True)
        self.rule = Text("", "caption", self._caption)
        line.addWidget(self._by, 1)
        line.addWidget(self.rule)
        self.body.addWidget(self._caption)
        self.model = KeysetModel(columns(), _never, lambda _key: Chunk((), None), self)
        self.table = _Table(self.model, self, row=36)
        self.body.addWidget(self.table, 1)
        self._empty = EmptyState(
            "clipboard-check",
            self.tr("没有要审的件"),
            self.tr("登记台存一件，这里就来一件。"),
            None,
            self,
        )
        self.body.addWidget(self._empty, 1)
        self._line = Hairline(self)
        self.body.addWidget(self._line)
        self.paper_keys, self.reasons = PaperKeys(self), ReasonList(self)
        self.notes, self.attach, self.explain = NoteForm(self), AttachForm(self), ExplainForm(self)
        self._lowers: tuple[Lower, ...] = (
            self.paper_keys,
            self.reasons,
            self.notes,
            self.attach,
            self.explain,
        )
        for lower in self._lowers:
            self.body.addWidget(lower)
        self.table.moved.connect(lambda _key: self.moved.emit())
        self.table.opened.connect(lambda _key: self.accepted.emit())
        self.show_case(None)

    # --- the case ---------------------------------------------------------------------------

    @property
    def case(self) -> Examination | None:
        """Give the case that is shown."""
        return self._case

    @property
    def record(self) -> str:
        """Name the record of the case, or nothing."""
        return self._case.record if self._case is not None else ""

    @property
    def said(self) -> str:
        """Tell who registered the case, and why it was sent back."""
        return self._by.text()

    @property
    def row(self) -> ExaminedRow | None:
        """Give the row of now."""
        place = self.table.currentIndex().row()
        found = self.model.row_at(place) if 0 <= place < self.model.rowCount() else None
        return found if isinstance(found, ExaminedRow) else None

    @property
    def paper(self) -> PaperLine | None:
        """Give the paper of the row of now."""
        found = self.row
        return found.paper if found is not None else None

    def show_case(self, case: Examination | None) -> None:
        """Show a case at its first trouble; the same case again stays where the person was."""
        again = case is not None and self._case is not None and case.record == self._case.record
        key = self.table.current_key if again else ""
        self._case = case
        self.mode = Mode.LOOK
        if not again:
            self.whole = False
        rows = rows_of(case, whole=self.whole) if case is not None else ()
        self.model.begin((Chunk(rows, None),), fixed=True)
        for part in (self.table, self._caption):
            part.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        if case is None:
            self.set_title(self.tr("材料审核"))
            self._kind.setText("")
            self.clear_pill()
            return
        self._say(case)
        place = self.model.place(key) if key else -1
        self.table.go_to_row(place if place >= 0 else _first_trouble(rows))

    def _say(self, case: Examination) -> None:
        """Show whose case it is, and who may review it."""
        state = examined_state(case)
        self.set_title(case.name)
        self._kind.setText(f"{case.category} {case.category_label}".strip())
        self.set_pill(STATES[state], state_word(state))
        words = self.tr("登记：{person} · {desk} 号台 · {when}")
        said = words.format(person=case.by, desk=case.desk, when=moment(case.at))
        if case.reason and case.review == RETURNED:
            why = "：".join(filter(None, (case.reason, case.note)))
            begin = self.tr("退回后已改，请再审：{reason} · ")
            begin = begin if case.amended else self.tr("退回原因：{reason} · ")
            said = begin.format(reason=why) + said
        self._by.setText(said)
        self.rule.setText(self._rule(case))
        mine = case.is_own or case.has_own_change
        warns = bool(case.holder_name) or (mine and case.may_review)
        self.rule.set_state("needs" if warns else "")

    def _rule(self, case: Examination) -> str:
        """Say the rule of two persons as it stands for this case."""
        if case.holder_name:
            return self.tr("{name} 在办，按 G 接过来").format(name=case.holder_name)
        if case.is_own and case.may_review:
            return self.tr("这件是您登记的，请另一位审核员审")
        if case.has_own_change and case.may_review:
            return self.tr("这件您改过，请另一位审核员通过")
        return self.tr("登记人与审核人须为两人")

    def show_whole(self) -> None:
        """Show all of an amended case, or what was changed alone again."""
        self.whole = not self.whole
        self.show_case(self._case)

    def next_trouble(self) -> None:
        """Go to the next row that needs a look, from the last back to the first."""
        rows = self.model.rowCount()
        here = self.table.currentIndex().row()
        for step in range(1, rows + 1):
            place = (here + step) % rows
            found = self.model.row_at(place)
            if isinstance(found, ExaminedRow) and found.trouble:
                self.table.go_to_row(place)
                return

    def settle(self) -> None:
        """Lay out at once, so that what was hidden no longer counts when something is shown."""
        self.body.activate()
        layout = self.layout()
        if layout is not None:
            layout.activate()

    def keep_in_sight(self) -> None:
        """Bring the row of now into sight again, after the table has become smaller."""
        self.table.scrollTo(self.table.currentIndex())

    # --- under the table --------------------------------------------------------------------

    def go(self, mode: Mode) -> None:
        """Do something else about the case."""
        self.begun = self.begun if mode is Mode.EXPLAIN else mode
        self.mode = mode
        found = self.row
        if mode is Mode.NOTE and self.paper is not None:
            self.notes.show_paper(self.paper)
        elif mode is Mode.ATTACH and found is not None:
            self.attach.show_paper(found.title)
        elif mode is Mode.EXPLAIN:
            self.explain.ask(self._reason_title(found.title if found is not None else ""))

    def offered(self) -> Numbered:
        """Give the reasons whose digits work now."""
        found = self.row
        if found is None or self.mode not in REASONED:
            return ()
        if self.mode is Mode.RETURN:
            return reasons_to_return(self._policy, found.pin)
        return reasons_of_paper(self._policy, material_of(found.pin))

    def arrange(self, paper_keys: list[KeyAction], *, may_return: bool) -> None:
        """Show the part under the table that belongs to what is being done."""
        shown = self._lower(may_return=may_return)
        if shown is self.paper_keys and self.paper is not None:
            self.paper_keys.show_paper(self.paper, paper_keys)
        elif shown is self.reasons:
            self._show_reasons()
        narrow = look().shape is Shape.NARROW
        if self.mode is Mode.LOOK and (
            (look().shape is not Shape.WIDE and shown is self.reasons) or (narrow and self.crowded)
        ):
            shown = None
        alone = look().shape is not Shape.WIDE and self.mode is not Mode.LOOK
        wanted: dict[QWidget, bool] = {lower: lower is shown for lower in self._lowers}
        wanted |= {
            self._line: shown is not None,
            self.table: self._case is not None and not alone,
            self._caption: self._case is not None and not narrow,
        }
        show_panes(wanted.items())

    def _lower(self, *, may_return: bool) -> Lower | None:
        """Choose the part under the table."""
        if self._case is None:
            return None
        if self.mode is Mode.NOTE:
            return self.notes
        if self.mode is Mode.ATTACH:
            return self.attach
        if self.mode is Mode.EXPLAIN:
            return self.explain
        if self.mode in REASONED:
            return self.reasons
        if self.paper is not None:
            return self.paper_keys
        return self.reasons if may_return else None

    def _show_reasons(self) -> None:
        """Show the reasons of now, or those R would offer."""
        found = self.row
        title = found.title if found is not None and found.pin else ""
        if self.mode is Mode.LOOK:
            note = self.tr("按 R 后选数字")
            pin = found.pin if found is not None else ""
            self.reasons.show_reasons(reasons_to_return(self._policy, pin), later=True)
        else:
            note = self.tr("按数字选，Esc 不改")
            self.reasons.show_reasons(self.offered(), later=False)
        if title and self.mode in {Mode.LOOK, Mode.RETURN}:
            note += self.tr("；原因钉在“{field}”格上").format(field=title)
        self.reasons.say(self._reason_title(title), note)

    def _reason_title(self, paper: str) -> str:
        return {
            Mode.CORRECT: self.tr("{paper}要补正").format(paper=paper),
            Mode.REJECT: self.tr("{paper}不认可").format(paper=paper),
        }.get(self.begun, self.tr("退回原因"))


def examined_state(case: Examination) -> str:
    """Give the one state by which a case is shown, the gravest first."""
    if case.in_conflict:
        return "conflict"
    if case.review == RETURNED and not case.amended:
        return "returned"
    if case.asked:
        return "asked"
    if case.answered and case.review == PASSED:
        return "answered"
    if case.missing:
        return "missing"
    return "passed" if case.review == PASSED else "to_review"


def _first_trouble(rows: tuple[ExaminedRow, ...]) -> int:
    """Give the place of the first row that needs a look, else of the first paper or field."""
    places = [place for place, one in enumerate(rows) if one.trouble]
    return places[0] if places else 1


def _never(*_args: object, **_more: object) -> None:
    """Fetch nothing: the rows of a case are all there."""
