"""Pages laid out with the kit for the tests: a registration form and a list, on made-up people."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop_app.services.progress import Progress
from desktop_app.ui.look import Shape, look
from desktop_app.ui.page import Page
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import (
    BannerView,
    Column,
    Counter,
    FindingView,
    HelpView,
    HitCell,
    KeyAction,
    LoginView,
    MastheadView,
    NavItem,
    Option,
    PersonView,
    PillCell,
    Row,
    State,
    StripView,
)
from desktop_app.ui.widgets.banner import Banner
from desktop_app.ui.widgets.choice import CheckInput, Derived, SegmentedChoice
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.formats import PHONE, RESIDENT_ID
from desktop_app.ui.widgets.inputs import NumberInput, TextInput
from desktop_app.ui.widgets.keys import key_button
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.paging import PagedModel
from desktop_app.ui.widgets.panel import EmptyState, Fact, Panel, SummaryCard
from desktop_app.ui.widgets.pick import PickInput
from desktop_app.ui.widgets.pill import StateLine, StatusPill
from desktop_app.ui.widgets.progress import ProgressLine, Steps
from desktop_app.ui.widgets.scroll import FocusScroll
from desktop_app.ui.widgets.table import DataTable

VILLAGES = (
    Option("0301", "湛河湾村", ("zhw", "zhanhewan"), "今天 96 件"),
    Option("0302", "中和湾村", ("zhw", "zhonghewan"), "12"),
    Option("0317", "占河湾新村", ("zhwxc", "zhanhewanxincun"), "3"),
    Option("0322", "张湖湾", ("zhw", "zhanghuwan"), "0"),
    Option("0330", "单庄", ("sz", "dz", "shanzhuang", "danzhuang"), "0"),
)
CATEGORIES = (
    Option("A1", "A1  本片区农村户籍", ("bpqnchj",)),
    Option("A2", "A2  房户一致", ("fhyz",)),
    Option("B1", "B1  随迁子女", ("sqzn",)),
)
NATURES = (Option("1", "农业", ("ny",)), Option("2", "非农业", ("fny",)))
BOARDING = (Option("0", "走读", ("zd",)), Option("1", "住校", ("zx",)))
ID_TYPES = (Option("1", "身份证", ("sfz",)), Option("Z", "无证件", ("wzj",)))
RELATIONS = (Option("51", "父亲", ("fq",)), Option("52", "母亲", ("mq",)))
NATIONS = (Option("01", "汉族", ("hz",)), Option("03", "回族", ("huiz",)))

NAVIGATION = (
    NavItem("register", "user-plus", "登记"),
    NavItem("review", "clipboard-check", "材料审核", 23),
    NavItem("today", "list-search", "今日名单"),
    NavItem("exchange", "usb", "交换"),
    NavItem("conflict", "arrows-join", "冲突", 3),
    NavItem("ledger", "notebook", "台账"),
    NavItem("check", "chart-bar", "自查统计"),
    NavItem("settings", "settings", "设置"),
)
MASTHEAD = MastheadView(
    "湛河湾小学",
    "2024 秋季 · 小学一年级",
    "登记台 2",
    "刘素琴 登记员",
    (
        Counter(State.WAITING, 41, "等候"),
        Counter(State.DONE, 128, "已办"),
        Counter(State.NEEDS, 9, "待补"),
    ),
    "上次交换 今天 12:35 · 未交区级 37 件",
    "14:26",
)
STRIP = StripView(
    "上一件",
    "赵一诺",
    State.DONE,
    "已办",
    "回执 ZHW-2-0824-0128-6　今天 14:22 已保存、已打印 1 份",
    "14:22 回执已打印",
    (KeyAction("Ctrl+Z", "撤销这一件", short="撤销"), KeyAction("F9", "重打回执", short="重打")),
)
LOGIN = LoginView(
    "湛河湾小学 · 登记台 2",
    "2024 秋季 · 小学一年级",
    (
        PersonView("a", "刘素琴", "登记员", "离开时有草稿 1 件"),
        PersonView("b", "周敏", "审核员"),
        PersonView("c", "赵志强", "校长"),
    ),
    "监督电话 0375-000 0000（样例）",
    "版本 1.0.0 · 政策包 湛河 2024-3",
)
FINDINGS = (
    FindingView(State.DONE, "通过", "屏幕字体", "1366×768，Noto Sans CJK SC，生僻字可显示"),
    FindingView(State.DONE, "通过", "磁盘空间", "剩 84 GB，写盘 6 毫秒"),
    FindingView(State.NEEDS, "注意", "资料位置", "资料夹在同步盘里，请换到本机硬盘的普通文件夹"),
)


class RegisterShowcase(Page):
    """Fourteen rows in five groups, side panels, summary cards at large type."""

    nav_key = "register"
    strip = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.saved = 0
        self.cards = Plain(self)
        line = row(self.cards, 10)
        for title, key, state, words in (
            ("片区", "F2", State.DONE, "本校"),
            ("材料", "F6", State.NEEDS, "1 / 2"),
            ("重复", "F5", State.CONFLICT, "1 人"),
        ):
            card = SummaryCard(title, key, self.cards)
            card.say(state, words)
            line.addWidget(card, 1)
        self.lines.addWidget(self.cards)
        halves = row(None, 10)
        self.form = Form()
        self._fill_form()
        self.panel = Panel("新登记", self, head=46, margins=(0, 0, 0, 0), title_role="page")
        self.panel.add_to_head(Text("第 129 件", "check", self), left=True)
        left = StateLine(self)
        left.say(State.WAITING, "还需填 1 格")
        self.panel.add_to_head(left, left=True)
        self.panel.set_pill(State.UNFINISHED, "草稿")
        self.panel.body.addWidget(FocusScroll(self.form, self.panel, role="sheetscroll"))
        halves.addWidget(self.panel, 1)
        self.side = self._make_side()
        halves.addWidget(self.side)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)
        self.arrange()

    def _fill_form(self) -> None:
        child = self.form.group("儿童", stretch=3)
        line = child.row("证件号")
        self.form.put(line, PickInput(ID_TYPES, name="id_type"), width=102, narrow=96)
        self.form.put(line, NumberInput(RESIDENT_ID, name="id"))
        line = child.row("自动带出")
        self.form.put(line, Derived(name="sex"), width=56)
        self.form.put(line, Derived(name="birth"), width=124, narrow=106)
        self.form.put(line, Derived(name="age"))
        line = child.row("姓名")
        self.form.put(line, TextInput(name="name"), width=180)
        line.add_word("民族")
        self.form.put(line, PickInput(NATIONS, name="nation"))
        home = self.form.group("户籍住址", stretch=3)
        line = home.row("户籍地")
        self.form.put(line, PickInput(VILLAGES, name="village"), width=196)
        self.form.put(line, TextInput(name="house"))
        line = home.row("户口性质")
        self.form.put(line, SegmentedChoice(NATURES, name="nature"))
        line = home.row("现住址")
        self.form.put(line, CheckInput("与户籍地相同", name="same"), wanted=False)
        kind = self.form.group("类别", stretch=2)
        kind.field("报名类别", PickInput(CATEGORIES, name="category"))
        kind.field("就读方式", SegmentedChoice(BOARDING, name="boarding"))
        guardian = self.form.group("监护人", stretch=3)
        line = guardian.row("姓名")
        self.form.put(line, TextInput(name="guardian"), width=180)
        line.add_word("关系")
        self.form.put(line, PickInput(RELATIONS, name="relation"))
        line = guardian.row("证件号")
        self.form.put(line, PickInput(ID_TYPES, name="gid_type"), width=102, narrow=96)
        self.form.put(line, NumberInput(RESIDENT_ID, name="gid"))
        line = guardian.field("电话", NumberInput(PHONE, name="phone"), width=200)
        more = self.form.group("申报", stretch=2)
        line = more.row("标记")
        self.form.put(line, CheckInput("双/多胞胎", name="twin", short="多胞胎"), wanted=False)
        self.form.put(line, CheckInput("兄姐在本校", name="elder", short="兄姐"), wanted=False)
        line.add(key_button("F7", "私密申报", lambda: None))
        line.say(None, "自愿填写，不在此屏显示", "自愿，不在此屏显示")
        line = more.row("告知书")
        self.form.put(line, CheckInput("监护人已阅读并签字", name="notice"))

    def _make_side(self) -> QWidget:
        side = Plain(self)
        set_units(side, width=366)
        lines = column(side, 9)
        zone = Panel("划片结果", side, key="F2")
        line = StateLine(zone, bold=True)
        line.say(State.DONE, "湛河湾村 3 组 → 湛河湾小学（本校）")
        zone.body.addWidget(line)
        zone.body.addWidget(Text("依据 湛教体〔2024〕18 号 附件 2 第 7 行", "caption", zone))
        papers = Panel("材料清单  A1", side, key="F6")
        papers.set_pill(State.NEEDS, "1 / 2 待补")
        papers.body.addWidget(Fact("户口簿", "首页 · 户主页 · 父母页 · 儿童页"))
        twins = Panel("疑似重复  1 人", side, key="F5")
        twins.set_pill(State.CONFLICT, "待你判断")
        twins.body.addWidget(Fact("监护人", "罗志远"))
        for panel in (zone, papers, twins):
            lines.addWidget(panel)
        lines.addStretch(1)
        return side

    def arrange(self) -> None:
        wide = look().shape is Shape.WIDE
        self.side.setVisible(wide)
        self.cards.setVisible(not wide)
        self.panel.set_head_visible(visible=wide)

    def fill(self) -> None:
        self.form.set_values(
            {
                "id_type": "1",
                "id": "419999201803142640",
                "name": "罗雨桐",
                "nation": "01",
                "village": "0301",
                "house": "3 组 27 号",
                "nature": "1",
                "same": "1",
                "category": "A1",
                "boarding": "0",
                "guardian": "罗志远",
                "relation": "51",
                "gid_type": "1",
                "gid": "419999198905221417",
                "phone": "138000016",
                "notice": "1",
            }
        )
        for name, words in (("sex", "女"), ("birth", "2018-03-14"), ("age", "8月31日 满6岁5个月")):
            self.form.derive(name, words)
        self.form.mark("id", State.DONE, "校验位正确 · 本机无重号", "校验位正确")
        self.form.mark("phone", State.NEEDS, "还差 2 位 · 可先存，不拦", "还差 2 位 · 可先存")

    def key_actions(self) -> list[KeyAction]:
        return [
            KeyAction("F3", "查找"),
            KeyAction("F4", "沿用上一件", short="沿用"),
            KeyAction("F5", "查重", shown=look().shape is Shape.WIDE),
            KeyAction("F6", "材料", shown=look().shape is not Shape.NARROW),
            KeyAction("F8", "先放一放", short="先放"),
            KeyAction(
                "F10", "保存并打印回执", self._save, "保存打印", primary=True, icon="printer"
            ),
        ]

    def _save(self) -> None:
        self.saved += 1

    def hint(self) -> str:
        return "Enter 到下一个还需填的格 · Shift+Enter 返回"

    def help_view(self) -> HelpView:
        return HelpView(
            "户籍地",
            "“地方各级人民政府应当保障适龄儿童、少年在户籍所在地学校就近入学。”",
            "《义务教育法》第十二条",
            "本格只要村名和组号，不要门楼照片、不要证明。",
            "政策包 湛河 2024-3 · 区级签名有效",
        )

    def on_enter(self) -> None:
        self.form.go_first()


class TodayShowcase(Page):
    """A search field, a table of pages, a side panel."""

    nav_key = "today"

    def __init__(
        self, run: Callable[..., object], rows: Sequence[Row], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rows = {one.key: one for one in rows}
        columns = (
            Column("回执号", 82, secondary=True, compact=False),
            Column("姓名", 92, strong=True),
            Column("命中在哪", 200),
            Column("类别", 56, compact=False),
            Column("状态", 110),
            Column("缺什么 / 下一步", 0, secondary=True),
        )
        self.model = PagedModel(columns, run, lambda ids: [self.rows[one] for one in ids])
        panel = Panel("今日名单", self, margins=(0, 0, 0, 0))
        self.table = DataTable(self.model, panel)
        panel.body.addWidget(self.table, 1)
        self.lines.addWidget(panel, 1)
        self.model.set_ids([one.key for one in rows])

    def key_actions(self) -> list[KeyAction]:
        return [
            KeyAction("F3", "查找"),
            KeyAction("Enter", "打开"),
            KeyAction("F6", "补材料"),
            KeyAction("F8", "显示证件号", short="显示"),
            KeyAction("F9", "重打回执", short="重打", primary=True, icon="printer"),
        ]

    def on_enter(self) -> None:
        self.table.setFocus()


def some_rows(count: int) -> list[Row]:
    states = ((State.NEEDS, "待补"), (State.DONE, "已办"), (State.REFUSED, "退回"))
    return [
        Row(
            f"r{i}",
            (
                f"{i:04}-8",
                HitCell("王子涵", ((0, 3),)),
                HitCell("拼音 wzh · 证件尾 0427", ((3, 3), (13, 4))),
                "A1",
                PillCell(*states[i % 3]),
                "监护人身份证 8/28" if i % 3 == 0 else "—",
            ),
        )
        for i in range(count)
    ]


def run_now(
    use_case: Callable[[Progress], object],
    on_success: Callable[[object], None],
    **_rest: object,
) -> None:
    """Run a use case at once, in place of the worker thread."""
    on_success(use_case(Progress()))


class PartsShowcase(Page):
    """Every part of the kit in every state."""

    nav_key = "check"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        halves = row(None, 12)
        left, right = column(None, 9), column(None, 9)
        states = Panel("状态：字 + 形 + 色", self)
        line = row(None, 8)
        for state, word in zip(
            State, ("已办", "待补", "退回", "待审核", "冲突", "草稿"), strict=True
        ):
            line.addWidget(StatusPill(state, word, self))
        line.addStretch(1)
        states.body.addLayout(line)
        left.addWidget(states)
        banners = (
            BannerView(State.DONE, "可以拔出 U 盘", "178 件，回读核对一致"),
            BannerView(
                State.WAITING, "3 号台的政策包旧一版（2024-2）", "不影响登记；交换时自动换新"
            ),
            BannerView(State.NEEDS, "先不要拔出", "约还需 20 秒。拔了也不丢，重插后接着做"),
            BannerView(
                State.REFUSED,
                "打印机没有反应",
                "资料没有受影响。按 F6 再找；回执先排队",
                "W301",
                (KeyAction("F6", "再找"),),
            ),
            BannerView(State.CONFLICT, "出生日期两种说法", "解决前不打印证明"),
        )
        for view in banners:
            right.addWidget(Banner(view, self))
        work = Panel("进度：数件数，不数百分比", self)
        progress = ProgressLine(lambda: None, work)
        progress.count(96, 143)
        steps = Steps(("拷到收件箱", "验签名", "合并"), work)
        steps.set_step(0, State.DONE, "143 件")
        steps.set_step(1, State.WAITING)
        work.body.addWidget(progress)
        work.body.addWidget(steps)
        left.addWidget(work)
        empty = Panel("空页：说为什么空，下一步去哪", self)
        key = KeyAction("Alt+3", "去看今日名单")
        empty.body.addWidget(
            EmptyState("inbox", "还没有要审的件", "登记台存一件，这里就来一件。", key)
        )
        left.addWidget(empty, 1)
        right.addStretch(1)
        halves.addLayout(left, 1)
        halves.addLayout(right, 1)
        self.lines.addLayout(halves, 1)
