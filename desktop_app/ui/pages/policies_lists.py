"""The long lists of the page 政策包: what a package changes, and what is wrong with one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.policy.comparing import ADDED, CHANGED, REMOVED, Difference, Part
from desktop_app.policy.item_words import item_word
from desktop_app.policy.package import Policy
from desktop_app.policy.reading import Fault
from desktop_app.services.policy_desk import Examined, Unfit
from desktop_app.ui.package_news import fault_place, fault_words, rule_code
from desktop_app.ui.pages.policies_parts import SHORT, named
from desktop_app.ui.units import column, set_units
from desktop_app.ui.views import Column, PillCell, Row, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.paging import Runner
from desktop_app.ui.widgets.panel import Sheet
from desktop_app.ui.widgets.pill import StateLine
from desktop_app.ui.widgets.table import WholeTable

_LEAST_ROWS = (70, 142)


def _tr(words: str) -> str:
    return QCoreApplication.translate("Policies", words)


# --- what a package changes -------------------------------------------------------------------


def file_word(name: str) -> str:
    """Say which part of a package a file is."""
    words = {
        "calendar.toml": _tr("日历"),
        "catchment.toml": _tr("划片"),
        "categories.toml": _tr("类别"),
        "field_help.toml": _tr("字段说明"),
        "materials.toml": _tr("材料"),
        "notice.toml": _tr("告知书"),
        "places.toml": _tr("村社区"),
        "policy.toml": _tr("总则"),
        "reasons.toml": _tr("原因"),
        "schools.toml": _tr("学校"),
        "self_check.toml": _tr("自查"),
        "wording.toml": _tr("文书用语"),
    }
    return words.get(name, name)


def change_rows(changes: Sequence[Difference]) -> Iterator[Row]:
    """Say the differences as rows, an item of an entry in each."""
    pills = {
        ADDED: PillCell(State.DONE, _tr("新增")),
        REMOVED: PillCell(State.REFUSED, _tr("去掉")),
        CHANGED: PillCell(State.NEEDS, _tr("改动")),
    }
    rows = ((one, part) for one in changes for part in one.parts or (None,))
    for place, (one, part) in enumerate(rows):
        cells = (file_word(one.file), _item(one, part), _turned(one, part), pills[one.what])
        yield Row(f"{place}", cells)


def _item(one: Difference, part: Part | None) -> str:
    """Name an entry, and the item of it."""
    kind, _, name = one.entry.partition(" ")
    shown = item_word(kind) + (f" {name}" if name else "")
    item = "" if part is None or not part.key else f" · {item_word(part.key)}"
    return f"{one.label or shown}{item}"


def _turned(one: Difference, part: Part | None) -> str:
    """Say what an item was and what it will be; of a whole entry, by which code it is known."""
    if part is None:
        return one.entry if one.label else ""
    nothing = _tr("（没有）")
    return f"{part.before or nothing} → {part.after or nothing}"


class ListSheet(Sheet):
    """A heading, a few words, and a list one walks: it stands in the place of the page."""

    def __init__(
        self, columns: Sequence[Column], run: Runner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        lines = column(self, 8, (1, 12, 1, 12))
        head = column(None, 6, (19, 0, 19, 0))
        self._title = Text("", "page", self, elide=True)
        self._words = Text("", "body", self, elide=True)
        self.warning = StateLine(self, bold=True)
        for part in (self._title, self._words, self.warning):
            head.addWidget(part)
        lines.addLayout(head)
        self.table = WholeTable(columns, run, self, row=34)
        lines.addWidget(self.table, 1)
        foot = column(None, 0, (19, 0, 19, 0))
        self.foot = Text("", "body", self, wrap=True)
        foot.addWidget(self.foot)
        lines.addLayout(foot)

    @property
    def asked(self) -> str:
        """Tell the heading."""
        return self._title.text()

    @property
    def words(self) -> str:
        """Tell the words under the heading."""
        return self._words.text()

    def head(self, title: str, words: str, warning: str = "") -> None:
        """Show heading, words, and a warning where there is one."""
        self._title.setText(title)
        self._words.setText(words)
        self.warning.say(State.NEEDS, warning)
        self.warning.setVisible(bool(warning))

    def set_narrow(self, *, narrow: bool) -> None:
        """Leave the room to the list at the largest type."""
        set_units(self.table, min_height=_LEAST_ROWS[0] if narrow else _LEAST_ROWS[1])


class ChangesSheet(ListSheet):
    """What a package changes, and the question whether it is published."""

    def __init__(self, run: Runner, parent: QWidget | None = None) -> None:
        columns = (
            Column(_tr("哪一份"), 96),
            Column(_tr("哪一项"), 260),
            Column(_tr("原来 → 现在"), 0, strong=True),
            Column(_tr("变化"), 92),
        )
        super().__init__(columns, run, parent)
        self.table.moved.connect(self._moved)

    def _moved(self, _key: str = "") -> None:
        """Say the row of now in full, and what publishing does."""
        words = _tr(
            "各校收了回包、重新登录后才用；已登记的仍按当时的包。不发布按 Esc；发布按 F10。"
        )
        row = self.table.rows.row_at(self.table.currentIndex().row())
        said = "" if row is None else "：".join(str(one) for one in row.cells[1:3] if one)
        self.foot.setText(f"{said}\n{words}" if said else words)

    def ask(self, examined: Examined, before: Policy) -> None:
        """Show what an examined package changes; ``before`` is the one that is in force."""
        policy, changes = examined.policy, examined.changes
        counts = Counter(one.what for one in changes)
        words = _tr(
            "新增 {new}，去掉 {gone}，改动 {other} · {title} · {year} 年秋季 · 摘要 {digest}"
        )
        said = words.format(
            title=policy.title,
            year=policy.season_year,
            digest=policy.digest[:SHORT],
            new=counts[ADDED],
            gone=counts[REMOVED],
            other=counts[CHANGED],
        )
        season = _tr("年度不同：现在生效的是 {year} 年秋季。启用后登记的孩子算新的年度")
        other = season.format(year=before.season_year)
        title = _tr("发布{name}？").format(name=named(policy.number))
        self.head(title, said, other if policy.season_year != before.season_year else "")
        self.table.show_rows(change_rows(changes))
        self.table.go_to_row(0)
        self._moved()


# --- what is wrong with a package -------------------------------------------------------------


class FaultsSheet(ListSheet):
    """Everything that is wrong with a package, with rule and place; the one of now in full."""

    def __init__(self, run: Runner, parent: QWidget | None = None) -> None:
        columns = (
            Column(_tr("位置"), 230),
            Column(_tr("规则"), 70, strong=True),
            Column(_tr("问题"), 0),
        )
        super().__init__(columns, run, parent)
        self._faults: dict[str, Fault] = {}
        self.table.moved.connect(self._moved)

    def show_faults(self, unfit: Unfit) -> None:
        """Show what is wrong with a folder's package."""
        title = _tr("{folder} 不能发布：{count} 处要改")
        self.head(
            title.format(folder=unfit.folder, count=len(unfit.faults)),
            _tr("没有发布，各校仍用原来的。改好文件，按 F5 再检查。"),
        )
        self._faults = {f"{place}": one for place, one in enumerate(unfit.faults)}
        self.table.show_rows(
            Row(key, (fault_place(one), rule_code(one.rule), fault_words(one)))
            for key, one in self._faults.items()
        )
        self.table.go_to_row(0)
        self._moved()

    def _moved(self, _key: str = "") -> None:
        one = self._faults.get(self.table.current_key)
        said = () if one is None else (fault_place(one), rule_code(one.rule), fault_words(one))
        self.foot.setText(" · ".join(said))
