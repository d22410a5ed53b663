"""How the registration page is laid out: form, side panels or summary cards, in every shape.

It knows no use case. Wide: form and three panels side by side. Large type: three cards over the
form, and a panel opens over it as a whole page, Esc back.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from desktop_app.ui.icons import Icon
from desktop_app.ui.look import Shape, look
from desktop_app.ui.pages.registration_case import RegistrationDesks
from desktop_app.ui.pages.registration_digits import DraftsPanel
from desktop_app.ui.pages.registration_form import RegistrationForm
from desktop_app.ui.pages.registration_likeness import LikenessPanel
from desktop_app.ui.pages.registration_panels import CatchmentPanel, MaterialsPanel
from desktop_app.ui.pages.registration_questions import AskPanel
from desktop_app.ui.units import column, row
from desktop_app.ui.views import KeyAction, State
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Panel, SummaryCard
from desktop_app.ui.widgets.pill import StateLine
from desktop_app.ui.widgets.scroll import FocusScroll

_SIDE = 378


class _Layers(QStackedWidget):
    """Form and opened panel; only the one of now decides how small the page may be."""

    def minimumSizeHint(self) -> QSize:
        """Need what is shown."""
        now = self.currentWidget()
        return now.minimumSizeHint() if now is not None else super().minimumSizeHint()


class _Side(FocusScroll):
    """The column of panels; as wide as drawn beside the form, as wide as there is over it."""

    def sizeHint(self) -> QSize:
        """Wish for the drawn width while the column stands beside the form."""
        wish = super().sizeHint()
        return QSize(look().u(_SIDE), wish.height()) if look().shape is Shape.WIDE else wish

    def minimumSizeHint(self) -> QSize:
        """Need the drawn width beside the form; over it whatever the page needs is enough."""
        least = super().minimumSizeHint()
        wide = look().shape is Shape.WIDE
        return QSize(look().u(_SIDE) if wide else look().u(300), least.height())


class RegistrationView(QWidget):
    """The widgets of the page in their places."""

    panel_asked = Signal(object)

    def __init__(
        self, desks: RegistrationDesks, private: KeyAction, notice: KeyAction, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._opened: QWidget | None = None
        self._has_drafts = False
        self._crowded = False
        self.form = RegistrationForm(desks.choices, desks.stage, private, notice)
        self.catchment = CatchmentPanel(desks.policy, desks.school)
        self.materials = MaterialsPanel(desks.policy)
        self.likeness = LikenessPanel()
        self.drafts = DraftsPanel()
        self.questions = AskPanel()
        self._asks = False
        self._panels: tuple[Panel, ...] = (
            self.catchment,
            self.materials,
            self.likeness,
            self.drafts,
            self.questions,
        )
        lines = column(self, 9)
        lines.addWidget(self._make_cards())
        self._halves = row(None, 10)
        self._layers = _Layers(self)
        self._layers.addWidget(self._make_sheet())
        self._over = Plain(self)
        self._over_lines = column(self._over, 0)
        self._layers.addWidget(self._over)
        self._halves.addWidget(self._layers, 1)
        self._side = self._make_side()
        self._halves.addWidget(self._side)
        lines.addLayout(self._halves, 1)
        self.arrange()

    # --- parts ------------------------------------------------------------------------------

    def _make_sheet(self) -> Panel:
        """Make the sheet with the form and its head."""
        self.sheet = Panel(
            self.tr("新登记"), self, head=46, margins=(0, 0, 0, 0), title_role="page"
        )
        self._count = Text("", "check", self.sheet)
        self._left = StateLine(self.sheet)
        self._saved_icon = Icon("device-floppy", "ok", 18, self.sheet)
        self._saved = Text("", "check", self.sheet)
        self._saved.set_state("done")
        self.sheet.add_to_head(self._count, left=True)
        self.sheet.add_to_head(self._left, left=True)
        self.sheet.add_to_head(self._saved_icon)
        self.sheet.add_to_head(self._saved)
        self.sheet.set_pill(State.UNFINISHED, self.tr("草稿"))
        self._scroll = FocusScroll(self.form, self.sheet, least=80, role="sheetscroll")
        self.sheet.body.addWidget(self._scroll)
        return self.sheet

    def _make_side(self) -> _Side:
        """Make the column of panels; in a low window it scrolls before the form does."""
        inner = Plain(self)
        lines = column(inner, 9)
        for panel in self._panels:
            lines.addWidget(panel)
        lines.addStretch(1)
        side = _Side(inner, self, least=120)
        side.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        return side

    def _make_cards(self) -> QWidget:
        """Make the three summary cells of large type."""
        self._cards = Plain(self)
        line = row(self._cards, 10)
        words = ((self.tr("片区"), "F2"), (self.tr("材料"), "F6"), (self.tr("重复"), "F5"))
        made: list[SummaryCard] = []
        for (title, key), panel in zip(words, self._panels[:3], strict=True):
            card = SummaryCard(title, key, self._cards)
            card.opened.connect(lambda panel=panel: self.panel_asked.emit(panel))
            line.addWidget(card, 1)
            made.append(card)
        self._card_of = dict(zip(self._panels[:3], made, strict=True))
        return self._cards

    # --- shapes -----------------------------------------------------------------------------

    def arrange(self) -> None:
        """Choose the layout for the shape of the look; a panel that is asked stays in sight."""
        wide, entered = look().shape is Shape.WIDE, self.entered
        # The column moves first: showing anything lays the window out, and it must fit then.
        if wide and self._over_lines.indexOf(self._side) >= 0:
            self._over_lines.removeWidget(self._side)
            self._halves.addWidget(self._side)
        elif not wide and self._over_lines.indexOf(self._side) < 0:
            self._halves.removeWidget(self._side)
            self._over_lines.addWidget(self._side)
        across = QSizePolicy.Policy.Maximum if wide else QSizePolicy.Policy.Preferred
        self._side.setSizePolicy(across, QSizePolicy.Policy.Preferred)
        if wide or entered is not None:
            self._opened = None if wide else entered
        self._show_layer()
        self._side.show()
        if entered is not None:
            entered.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_cards()
        self.sheet.set_head_visible(visible=wide)
        self.show_caret()

    def make_room(self, *, crowded: bool) -> None:
        """Give the cards' room to the form while a banner stands there at the largest type."""
        self._crowded = crowded
        self._show_cards()
        self.show_caret()

    def _show_cards(self) -> None:
        """Show the cards at large type, unless there is no room for them."""
        shape = look().shape
        full = self._crowded and shape is Shape.NARROW
        self._cards.setVisible(shape is not Shape.WIDE and not full)

    def show_caret(self) -> None:
        """Bring the row with the caret into view, once the layout has settled."""
        QTimer.singleShot(0, self, self._scroll_to_caret)

    def _scroll_to_caret(self) -> None:
        name = self.form.current()
        if name:
            self._scroll.ensureWidgetVisible(self.form.line(name), 0, look().u(48))

    @property
    def opened(self) -> QWidget | None:
        """Tell which panel lies over the form (large type only)."""
        return self._opened

    @property
    def entered(self) -> QWidget | None:
        """Tell which panel hears the keys now."""
        return next((panel for panel in self._panels if panel.hasFocus()), None)

    def enter(self, panel: QWidget) -> None:
        """Give a panel the keys, and lay it over the form at large type."""
        self._asks = panel is self.questions
        if look().shape is not Shape.WIDE:
            self._opened = panel
        self._show_layer()
        if panel.focusPolicy() != Qt.FocusPolicy.NoFocus:
            panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Show the form again."""
        self._opened, self._asks = None, False
        self._show_layer()
        self.show_caret()

    def show_drafts_instead(self, *, wanted: bool) -> bool:
        """Show the drafts in the place of the look-alikes; tell whether that is a change."""
        changed = wanted != self._has_drafts
        self._has_drafts = wanted
        if changed:
            self._show_layer()
        return changed

    def _show_layer(self) -> None:
        """Show form or panel, and the panels that have something to say."""
        self._layers.setCurrentIndex(1 if self._opened is not None else 0)
        wide = look().shape is Shape.WIDE
        for panel in self._panels:
            shown = panel is self._opened
            if wide:
                shown = panel not in {self.likeness, self.drafts, self.questions}
                beside = self.drafts if self._has_drafts else self.likeness
                shown |= panel is (self.questions if self._asks else beside)
            panel.setVisible(shown)
        self._layers.updateGeometry()

    # --- words ------------------------------------------------------------------------------

    def show_summaries(self) -> None:
        """Say in the cards what the panels say."""
        for panel, card in self._card_of.items():
            if isinstance(panel, CatchmentPanel | MaterialsPanel | LikenessPanel):
                card.say(*panel.summary)

    def show_head(self, title: str, number: int, needed: int, taken: int = 0) -> None:
        """Show title, number of the case, and how many fields are still open.

        ``taken`` counts the numbers that are somebody else's and that nobody has judged.
        """
        self.sheet.set_title(title)
        self._count.setText(self.tr("第 {number} 件").format(number=number) if number else "")
        if needed:
            words = self.tr("还需填 {count} 格").format(count=needed + taken)
            self._left.say(State.WAITING, words)
        elif taken:
            self._left.say(State.REFUSED, self.tr("号码待判断，按 F5"))
        else:
            self._left.say(State.DONE, self.tr("都填好了，按 F10"))

    def show_saved(self, clock: str) -> None:
        """Say when the draft was last kept, or that there is none."""
        self._saved_icon.setVisible(bool(clock))
        self._saved.setText(self.tr("已自动保存 {clock}").format(clock=clock) if clock else "")
        if clock:
            self.sheet.set_pill(State.UNFINISHED, self.tr("草稿"))
        else:
            self.sheet.clear_pill()

    @property
    def saved_words(self) -> str:
        """Tell what is said about the draft."""
        return self._saved.text()

    @property
    def left_words(self) -> str:
        """Tell what is said about the fields still needed."""
        return self._left.words
