"""The parts of the page 电脑: rows, what is to be done about one, the two things that are done."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.sync.laptops import REVOKED, STRANGER, LaptopLine
from desktop_app.sync.programs import OLDER
from desktop_app.ui.units import column
from desktop_app.ui.views import Column, Option, PillCell, Row, State
from desktop_app.ui.widgets.choice import SegmentedChoice
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.formats import FINGERPRINT
from desktop_app.ui.widgets.inputs import NumberInput, TextInput
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Fact, Sheet

_CELL = 104
_SHORT = 8
_FIELDS = {"vault.bad_name": "name"}
_HELD, _APART = "held", "apart"


def _tr(words: str) -> str:
    return QCoreApplication.translate("Laptops", words)


def field_of(error: ProductError) -> str:
    """Name the field a refusal is about."""
    return _FIELDS.get(error.code, "fingerprint")


def laptop_columns() -> tuple[Column, ...]:
    """Name the columns of the list."""
    return (
        Column(_tr("学校"), 0, strong=True),
        Column(_tr("台号"), 74),
        Column(_tr("人员"), 150, secondary=True, compact=False),
        Column(_tr("状态"), 140),
    )


def laptop_row(line: LaptopLine) -> Row:
    """Say one laptop as a row."""
    people = "、".join(line.people)
    return Row(line.feed, (line.label, line.mark or "—", people or "—", _standing(line)))


def _standing(line: LaptopLine) -> PillCell:
    if line.state == STRANGER:
        return PillCell(State.NEEDS, _tr("等核对身份"))
    if line.state == REVOKED:
        return PillCell(State.UNFINISHED, _tr("已停用"))
    if line.twins:
        return PillCell(State.CONFLICT, _tr("一票两用"))
    if line.fork is not None:
        return PillCell(State.CONFLICT, _tr("分成两支"))
    return PillCell(State.DONE, _tr("已接入"))


def name_of(line: LaptopLine) -> str:
    """Name a laptop: by its mark, or by the beginning of its feed."""
    mark = _tr("{mark} 号台").format(mark=line.mark) if line.mark else line.feed[:_SHORT]
    return f"{line.label} {mark}"


def program_words(line: LaptopLine) -> str:
    """Say which program a laptop packed with last."""
    said = line.packed_with
    if not said.program:
        return _tr("还没收过它的包")
    if said.program == OLDER:
        return _tr("旧版，未说明")
    words = _tr("{version}，和区里的不同") if said.other_program else "{version}"
    return words.format(version=said.program)


def package_words(line: LaptopLine) -> str:
    """Say which policy package a laptop packed with last."""
    said = line.packed_with
    if not said.policy:
        return _tr("未说明") if said.program else _tr("还没收过它的包")
    other = said.other_policy(line.policy)
    words = _tr("第 {number} 号，和区里的不同") if other else _tr("第 {number} 号")
    return words.format(number=said.policy_number)


def has_two_branches(line: LaptopLine) -> bool:
    """Tell whether whoever ends a laptop has to say which of its branches stands."""
    return line.fork is not None and line.apart > 0


def findings(line: LaptopLine) -> list[str]:
    """Say what is to be known of a laptop, and what to do next, in sentences."""
    said = []
    if line.state == STRANGER:
        words = _tr("它的包等着：{count} 个。").format(count=line.bundles)
        said += [
            _tr("登记不受影响，区里还不收它的包。"),
            *([words] if line.bundles else []),
            _tr("打电话让学校在“接入区局”页按 F6，念屏幕上的 16 位指纹；这里按 F10 照着输入。"),
        ]
    if line.twins:
        others = "、".join(one[:_SHORT] for one in line.twins)
        words = _tr("它和 {others} 用了同一张接入票：票和票码到过两个人手里。")
        said += [
            words.format(others=others),
            _tr("打电话问清哪台是学校的，另一台按 T 停用；两台都是学校的，停用一台再发一张票。"),
        ]
    if line.fork is not None:
        words = _tr("从第 {place} 条起有两样内容，多半是整盘复制过。两支都留着，一条没丢。")
        unknown = _tr("本机收到的和停用时说的不是同一支。两支都留着，一条没丢。")
        said += [
            words.format(place=line.fork) if line.fork else unknown,
            _tr("打电话问清在用的是哪台，按 T 停用并选哪一支算数，给在用的电脑各发一张新票。"),
        ]
    if line.state == REVOKED and line.limit is not None:
        words = _tr("有效到第 {limit} 条；后来的 {void} 条留着不算数，到“核对”页按 F2 看。")
        said += [
            words.format(limit=line.limit, void=max(0, line.held - line.limit)),
            _tr("再拷来的照收，也留着不算数，学校可以重新登记；那台电脑还要用，给它发一张新票。"),
        ]
    elif line.state != STRANGER:
        said += [
            _tr("已收到它的 {held} 条。").format(held=line.held),
            _tr("丢了、坏了：按 T 停用，再给备用机发票，或核对备用机的身份。"),
        ]
    return said


class LaptopDetail(Sheet):
    """One laptop: its fingerprint once it was compared, what is known of it, what to do next."""

    _LINES = 6

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 10, (20, 14, 20, 14))
        self._title = Text("", "title", self, wrap=True)
        lines.addWidget(self._title)
        self._fingerprint = Fact(_tr("指纹"), "", self)
        self._feed = Fact(_tr("数据流"), "", self)
        self._program = Fact(_tr("程序"), "", self)
        self._package = Fact(_tr("政策包"), "", self)
        for fact in (self._fingerprint, self._feed, self._program, self._package):
            lines.addWidget(fact)
        self._said = [Text("", "body", self, wrap=True) for _ in range(self._LINES)]
        for one in self._said:
            lines.addWidget(one)
        lines.addStretch(1)
        self.show_line(None)

    @property
    def words(self) -> str:
        """Tell what is said."""
        return "".join(one.text() for one in self._said)

    @property
    def packed_with(self) -> tuple[str, str]:
        """Tell what is said of its program and its policy package."""
        return self._packed_with

    def show_line(self, line: LaptopLine | None) -> None:
        """Show a laptop, or what the page is for where there is none."""
        said = (
            [_tr("插上 U 盘，上面有接入申请的电脑会列在这里。")] if line is None else findings(line)
        )
        self._title.setText(_tr("各校的电脑") if line is None else name_of(line))
        for fact, value in (
            (self._fingerprint, "" if line is None else line.fingerprint),
            (self._feed, "" if line is None else line.feed),
        ):
            fact.set_value(value)
            # Whose identity is asked for reads out the fingerprint: here it is not to be copied.
            fact.setVisible(line is not None and line.state != STRANGER)
        self._packed_with = (
            (program_words(line), package_words(line)) if line is not None else ("", "")
        )
        for fact, value in zip((self._program, self._package), self._packed_with, strict=True):
            fact.set_value(value)
            fact.setVisible(line is not None and line.state != STRANGER)
        for place, one in enumerate(self._said):
            one.setText(said[place] if place < len(said) else "")
            one.setVisible(place < len(said))


class AdmitLaptop(Sheet):
    """The fingerprint that the school reads out, and who leads there; nothing to copy from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 0, (1, 1, 1, 1))
        head = column(None, 0, (20, 14, 20, 12))
        self._title = Text("", "title", self, wrap=True)
        head.addWidget(self._title)
        lines.addLayout(head)
        self.form = Form(self)
        phone = self.form.group(_tr("电话里"), cell=_CELL)
        typed = NumberInput(FINGERPRINT, name="fingerprint")
        typed.setProperty("r", "input")
        phone.field(_tr("指纹"), typed, width=300, narrow=326)
        phone.field(_tr("带头人"), TextInput(name="name", longest=50), width=220)
        lines.addWidget(self.form)
        notes = column(None, 6, (20, 10, 20, 12))
        for words in (
            _tr("让学校念，不要念给学校听。念的和这台电脑自己的对得上，才会接入。"),
            _tr("带头人写姓名，按校长授权；同台的别人由他自己授权。台号、号段从存根接着排。"),
        ):
            notes.addWidget(Text(words, "secondary", self, wrap=True))
        lines.addLayout(notes)
        lines.addStretch(1)

    @property
    def asked(self) -> str:
        """Tell whose identity is asked for."""
        return self._title.text()

    def begin(self, line: LaptopLine) -> None:
        """Empty the form for a laptop, and name it."""
        self.form.clear()
        self._title.setText(_tr("核对身份：{name}").format(name=name_of(line)))

    def is_right(self) -> bool:
        """Tell whether the form may be sent; everything that is wrong is marked at once."""
        values = self.form.values()
        short = FINGERPRINT.length - len(values["fingerprint"])
        wrong = {"fingerprint": _tr("还差 {count} 位").format(count=short)} if short else {}
        if not values["name"].strip():
            wrong["name"] = _tr("还没填")
        return self.form.refuse(wrong)


class EndLaptop(Sheet):
    """The question before a laptop is ended, worded with its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 12, (20, 16, 20, 16))
        self._title = Text("", "page", self, wrap=True)
        self._until = Text("", "body", self, wrap=True)
        lines.addWidget(self._title)
        lines.addWidget(self._until)
        self.form = Form(self)
        self._branch = self.form.group(_tr("哪支算数"), cell=_CELL)
        branches = (Option(_HELD, _tr("名单里的")), Option(_APART, _tr("另存的")))
        self._branch.field(_tr("选一支"), SegmentedChoice(branches, name="branch"))
        told = self.form.group(_tr("原因"), cell=_CELL)
        told.field(_tr("可不填"), TextInput(name="reason", longest=120), width=260)
        lines.addWidget(self.form)
        for words in (
            _tr("不能撤回。以后的包不再封给那台电脑上的人；在别的电脑上也有授权的人不受影响。"),
            _tr("不停用按 Esc；停用按 F10。"),
        ):
            lines.addWidget(Text(words, "body", self, wrap=True))
        lines.addStretch(1)

    @property
    def asked(self) -> str:
        """Tell the question."""
        return self._title.text()

    @property
    def words(self) -> str:
        """Tell what is said of what counts."""
        return self._until.text()

    @property
    def reason(self) -> str:
        """Tell the reason, which may be left out."""
        return self.form.values()["reason"].strip()

    @property
    def other(self) -> bool:
        """Tell whether the branch that stands apart is to stand."""
        return self._branch.isVisibleTo(self) and self.form.value("branch") == _APART

    def is_right(self) -> bool:
        """Tell whether it may be ended; of two branches one has to be chosen."""
        blank = self._branch.isVisibleTo(self) and not self.form.value("branch")
        return self.form.refuse({"branch": _tr("先选")} if blank else {})

    def ask(self, line: LaptopLine) -> None:
        """Ask about a laptop; of a forked one also which branch stands."""
        self._title.setText(_tr("停用 {name}？").format(name=name_of(line)))
        self.form.clear()
        self._branch.setVisible(has_two_branches(line))
        if has_two_branches(line):
            words = _tr(
                "从第 {fork} 条起有两支，只能一支算数：名单里的到第 {held} 条，另存的 {apart} 条。"
                "打电话问清在用的那台最后登记了谁：名单里有，选“名单里的”；没有，选“另存的”。"
                "没选的一支不算数，一条不丢。"
            )
            said = words.format(fork=line.fork or "?", held=line.held, apart=line.apart)
            self._until.setText(said)
            return
        words = _tr(
            "已收到的 {held} 条都算数；以后再来的留着不算数，“核对”页可以看、可以重新登记。"
        )
        later = _tr("手上还有它的 U 盘，先收了再停用，就都算数。")
        self._until.setText(words.format(held=line.held) + later)
