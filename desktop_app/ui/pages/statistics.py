"""我的统计: one's own figures of entry by day, and this computer's; no names, no ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.services.statistics import Day, StatisticsDesk, Work
from desktop_app.ui.page import Page
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import Column, HelpView, KeyAction, Row
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.table import WholeTable


class StatisticsPage(Page):
    """The figures of whoever is at the desk."""

    nav_key = "statistics"
    within = "people"

    def __init__(
        self,
        desk: StatisticsDesk,
        tasks: Tasks,
        leave: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the worker thread and the way back."""
        super().__init__(parent)
        self._desk, self._tasks, self._leave = desk, tasks, leave
        self.panel = Panel(self.tr("我的统计"), self, margins=(0, 0, 0, 0))
        columns = (
            Column(self.tr("日期"), 120),
            Column(self.tr("谁"), 110, strong=True),
            Column(self.tr("登记"), 80),
            Column(self.tr("每件用时"), 110),
            Column(self.tr("每件按键"), 110),
            Column(self.tr("净用时"), 110, compact=False),
            Column(self.tr("改过"), 80, compact=False),
            Column(self.tr("按存时还没填好"), 0, secondary=True, compact=False),
        )
        self.table = WholeTable(columns, tasks.run, self.panel, row=38)
        self.table.say_nothing(self.tr("还没有数。登记几件以后再来看。"))
        self.panel.body.addWidget(self.table)
        self.lines.addWidget(self.panel, 1)
        words = self.tr(
            "只给自己看：不排名，没有别人的名字，不装包，不离开这台电脑。停手不算时间。"
        )
        self.lines.addWidget(Text(words, "secondary", self, wrap=True))
        self.lines.addWidget(self.banner_place)

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("我的统计")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        return [KeyAction("Esc", self.tr("返回"), self._leave)]

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("我的统计"),
            self.tr("净用时只算在登记表上按键的时间，停手 30 秒以上不算。"),
            explanation=self.tr("“这台电脑”是今天在这台电脑上登记的人加在一起。"),
        )

    def on_enter(self) -> None:
        """Take the focus and fresh figures."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def refresh(self) -> None:
        """Fetch the figures."""
        self._tasks.run(lambda _progress: self._desk.days(), self.show_days, owner=self)

    def show_days(self, days: Sequence[Day]) -> None:
        """Show the figures of some days."""
        self.table.show_rows(row for day in days for row in self._rows(day))

    def _rows(self, day: Day) -> Iterator[Row]:
        yield self._row(f"{day.day}.own", day.day, self.tr("我"), day.own)
        yield self._row(f"{day.day}.desk", "", self.tr("这台电脑"), day.desk)

    def _row(self, key: str, day: str, who: str, work: Work) -> Row:
        count = self.tr("{count} 次")
        return Row(
            key,
            (
                day,
                who,
                self.tr("{count} 件").format(count=work.cases),
                _spent(work.per_case("seconds")) if work.cases else "—",
                count.format(count=work.per_case("keys")) if work.cases else "—",
                _spent(work.seconds),
                count.format(count=work.mended),
                count.format(count=work.refused),
            ),
        )


def _spent(seconds: int) -> str:
    """Write a time as minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02d}"
