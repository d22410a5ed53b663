"""The made-up case that the printed sheets are tested with."""

from __future__ import annotations

from desktop_app.documents.day_sheet import DaySheetView, DeskLine, OpenItem, SealLine
from desktop_app.documents.hand_over import BundleLine, HandOverView
from desktop_app.documents.receipt import MaterialLine, ReceiptView
from desktop_app.domain.receipt_number import format_receipt

NUMBER = format_receipt("ZHW", "2", "0824", 129)

VIEW = ReceiptView(
    school="湛河湾小学",
    season="2024 年秋季",
    stage="小学一年级",
    number=NUMBER,
    name="罗雨桐",
    sex="女",
    birth="2018-03-14",
    id_number="419999201803140020",
    guardian="罗志远",
    relation="父亲",
    phone="13800001612",
    category="A1 本片区农村户籍",
    village="湛河湾村 3 组",
    placement="本校",
    materials=(
        MaterialLine("户口簿", "seen", "当场退还，未留复印件"),
        MaterialLine("监护人身份证", "due", "", "8 月 28 日"),
    ),
    next_steps=(
        "带监护人身份证原件到本校任一登记台，报回执号即可，不用重新登记。",
        "8 月 30 日在校门口公示栏看分配结果。",
        "9 月 1 日凭录取通知书报到。缺材料不影响孩子登记。",
    ),
    notices=(
        "本次登记不收取任何费用。",
        "本回执不是录取通知书；对结果有异议，可向区招生办提出申诉。",
    ),
    hotline="咨询与监督：湛河区教体局招生办 0375-000 0000（样例）。",
    declaration="以上信息和材料真实。已阅读《个人信息收集告知书》（2024-3 版），知道收集哪些信息、用于入学登记、保存到何时；已收到家长联，并被一次性告知所缺材料和期限。",
    clerk="刘素琴",
    desk="2 号台",
    printed_at="2024 年 8 月 24 日 14:26",
    deadline="8 月 28 日（周三）17:30",
)

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

DAY = DaySheetView(
    school="湛河湾小学",
    season="2024 年秋季",
    day="2024 年 8 月 24 日（周六）",
    desks=(
        DeskLine("1 号台", "刘素琴", 88, 80, 79, "ZHW-1-0824-0001-X", "ZHW-1-0824-0088-X"),
        DeskLine("2 号台", "王建国", 55, 50, 50, "ZHW-2-0824-0101-X", "ZHW-2-0824-0155-X"),
    ),
    open_items=(OpenItem(NUMBER, "容缺：监护人身份证", "8 月 28 日前补"), OpenItem(NUMBER, "未审")),
    seals=(SealLine("1 号台记录流", 1204, DIGEST), SealLine("交区里的包", 7, DIGEST)),
    closed_by="张校长",
    closed_at="2024 年 8 月 24 日 18:10",
)

HAND_OVER = HandOverView(
    sender="湛河湾小学",
    receiver="湛河区教体局招生办",
    made_at="2024 年 8 月 24 日 18:20",
    bundles=(
        BundleLine("2141041101-k7q2m4xw-0007.enb", 7, 3_600_000, 1204, 143, 12, DIGEST),
        BundleLine("2141041101-k7q2m4xw-0007-v2.enb", 7, 900, 0, 0, 3, DIGEST),
    ),
    signer="张校长",
    fingerprint="K7Q2 M4XW 9ABC DEFG",
)
