"""How the exchange is said: bundles as rows, and what came of a bundle in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from desktop_app.messages.catalogue import sentence
from desktop_app.sync.answers import Left
from desktop_app.sync.asked import Asked
from desktop_app.sync.bundle_notes import BundleNote
from desktop_app.sync.inbox import TakenIn
from desktop_app.sync.naming import read_name
from desktop_app.ui.text import language, moment
from desktop_app.ui.views import BannerView, Column, PillCell, Row, State

DONE, NEEDS, REFUSED, WAITING = State.DONE, State.NEEDS, State.REFUSED, State.WAITING
UNFINISHED = State.UNFINISHED

NOT_OURS = frozenset({"bundle.wrong_recipient", "bundle.other_school"})
"""Refusals of what lies on the stick for somebody else: nothing is wrong with it."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("Exchange", words)


def bundle_columns() -> tuple[Column, ...]:
    """Name the columns of the list of bundles."""
    return (
        Column(_tr("包"), 110, strong=True),
        Column(_tr("时间"), 136, secondary=True, compact=False),
        Column(_tr("方向"), 130, compact=False),
        Column(_tr("记录"), 84, compact=False),
        Column(_tr("状态"), 140),
        Column(_tr("说明"), 0, secondary=True),
    )


def bundle_row(note: BundleNote, labels: Mapping[str, str]) -> Row:
    """Say one bundle as a row; ``labels`` name schools by code."""
    state, word, said = _state_of(note)
    number = _tr("第 {number} 包").format(number=note.number) if note.number else "—"
    if not note.outgoing and note.partner == "district":
        number = _tr("回包 {number}").format(number=note.number)
    key = f"{note.at}:{note.name}"
    cells = (
        number,
        moment(note.at),
        _direction(note, labels),
        str(note.operations) if note.operations else "—",
        PillCell(state, word),
        said,
    )
    return Row(key, cells)


_MOST_NAMED = 3

MOST_ASKED = 40
"""So many things the district asked for stand in the list; the rest are counted."""


def asked_rows(asked: Sequence[Asked]) -> list[Row]:
    """Say what the district asked for, as rows above the bundles."""
    rows = [
        Row(
            f"asked:{place}",
            (
                _tr("区级点名要"),
                "—",
                _tr("交区级"),
                "—",
                _asked_pill(one),
                _asked_words(one),
            ),
        )
        for place, one in enumerate(asked[:MOST_ASKED])
    ]
    left = len(asked) - len(rows)
    if left > 0:
        words = _tr("还有 {count} 项，下一包会一起带上").format(count=left)
        pill = PillCell(NEEDS, _tr("要补"))
        rows.append(Row("asked:", (_tr("区级点名要"), "—", _tr("交区级"), "—", pill, words)))
    return rows


def _asked_pill(one: Asked) -> PillCell:
    if one.spoilt:
        return PillCell(REFUSED, _tr("要重扫"))
    return PillCell(NEEDS, _tr("要补")) if one.here else PillCell(REFUSED, _tr("找原件"))


def _asked_words(one: Asked) -> str:
    if one.ranges:
        words = _tr("{laptop} 号台的第 {ranges} 条：按 F10 装包就带上")
        return words.format(laptop=one.laptop, ranges=one.ranges)
    name = _tr("{receipt} {paper} 第 {page} 张").format(
        receipt=one.receipt, paper=one.paper, page=one.page
    )
    if one.spoilt:
        return _tr("{name}：存的坏了，请对着原件重扫一张，再装包").format(name=name)
    if one.here:
        return _tr("{name}：按 F10 装包就带上").format(name=name)
    return _tr("{name}：本机没有，请 {laptop} 号台装包").format(name=name, laptop=one.laptop)


def _direction(note: BundleNote, labels: Mapping[str, str]) -> str:
    if note.outgoing:
        if note.partner in {"district", "siblings"}:
            return _tr("交区级") if note.partner == "district" else _tr("给本校别台")
        return _tr("给 {school}").format(school=labels.get(note.partner, note.partner))
    if note.reason in NOT_OURS:
        return _tr("给别人的")
    if note.laptop:
        return _tr("{laptop} 号台来").format(laptop=note.laptop)
    words = {"district": _tr("区级来"), "siblings": _tr("本校别台来"), "": _tr("来历不明")}
    return words.get(note.partner) or labels.get(note.partner, note.partner)


def _state_of(note: BundleNote) -> tuple[State, str, str]:
    """Name the state of a bundle, and what follows from it."""
    return _went(note) if note.outgoing else _came(note)


def _went(note: BundleNote) -> tuple[State, str, str]:
    if note.state == "received":
        return DONE, _tr("区级已收"), _tr("区级签名的回执已到")
    if note.state == "again":
        said = _tr("回包里没有这一包的回执：按 F10 重装带去；U 盘还在路上就等下一个回包")
        return NEEDS, _tr("要再带一次"), said
    if note.partner == "siblings":
        return DONE, _tr("已拷进 U 盘"), _tr("午间汇总；收到没有看“午间汇总”页")
    if note.state == "behind":
        return WAITING, _tr("后一包已带上"), _tr("没有回执，内容都在后面的包里，等回执")
    return WAITING, _tr("已拷进 U 盘"), _tr("等区级回执；写成文件不等于送达")


def _came(note: BundleNote) -> tuple[State, str, str]:
    if note.reason in NOT_OURS:
        return UNFINISHED, _tr("不是给本机的"), _tr("封给别人的，本机不用收，资料没有动")
    fresh = _tr("新 {fresh} 条").format(fresh=note.fresh)
    words = {
        "taken_in": (DONE, _tr("已合并"), fresh if note.fresh else _tr("都有了，没有重复")),
        "pending": (NEEDS, _tr("缺前一包"), _tr("已留着，等缺的包到了接着收")),
        "waiting": (WAITING, _tr("等核身份"), _tr("已留着，核对装包电脑的身份后再收")),
        "relayed": (WAITING, _tr("捎带"), _tr("外校的包，打不开；下次装包时一起拷上，替他们带走")),
        "refused": (REFUSED, _tr("隔离"), _why_refused(note)),
    }
    return words.get(note.state, (REFUSED, _tr("没读成"), _tr("请重新拷一份再收")))


def _why_refused(note: BundleNote) -> str:
    """Say why a bundle was refused, and what is to be done."""
    if not note.reason:
        return _tr("没有收，也没有动本机资料；请对方重新装包")
    said = sentence(note.reason, language())
    return f"{said.what}{said.now}"


def is_own_answer(one: TakenIn) -> bool:
    """Say whether a bundle is an answer the district itself left on the stick."""
    return one.answer and not one.fresh and not one.reason


def intake_banner(taken: Sequence[TakenIn], pairs: int) -> BannerView:
    """Say at the district what came of all bundles; ``pairs`` are the new ones of two schools."""
    came = [one for one in taken if not is_own_answer(one)]
    own = len(taken) - len(came)
    if not came:
        what = _tr("盘里只有区里自己装的 {count} 个回包").format(count=own)
        return BannerView(UNFINISHED, what, _tr("没有学校的包。回包照旧留在盘里，给学校带回去"))
    view = taken_banner(came, where=_tr("选中那一行按 Enter，逐个写着"))
    doubles = _tr("{count} 对孩子两所学校都登记，在“跨校查重”").format(count=pairs)
    aside = _tr("{count} 个是区里自己的回包").format(count=own)
    said = (view.now, doubles if pairs else "", aside if own else "")
    return replace(view, now="；".join(one.rstrip("。") for one in said if one))


def taken_banner(taken: Sequence[TakenIn], questions: int = 0, *, where: str = "") -> BannerView:
    """Say what came of all bundles together; the gravest decides the colour.

    What is not for this computer is no failure and stands last; ``questions`` counts what the
    district asks about, ``where`` says where each refused one and its reason can be read.
    """
    ours = [one for one in taken if one.reason not in NOT_OURS]
    if not ours:
        return _nothing_for_us(taken)
    view = _gravest(ours, where or _tr("“交换”页的“包的来往”里逐个写着"))
    left = len(taken) - len(ours)
    aside = _tr("{count} 个不是给本机的").format(count=left) if left else ""
    said = (view.now, _answers(ours), _asks(questions), aside)
    return replace(view, now="；".join(one.rstrip("。") for one in said if one))


def _nothing_for_us(taken: Sequence[TakenIn]) -> BannerView:
    """Say, in grey, that whatever lies there is for somebody else."""
    error = taken[0].error
    if error is None:
        raise ValueError(taken)
    said = sentence(error, language())
    what = _tr("{count} 个包都不是给本机的").format(count=len(taken))
    return BannerView(
        UNFINISHED,
        said.what if len(taken) == 1 else what,
        f"{said.safe}{said.now}",
        said.number,
    )


def _answers(taken: Sequence[TakenIn]) -> str:
    """Name the district's answers among what came."""
    numbers = [str(read_name(one.name)[1]) for one in taken if one.answer and not one.reason]
    return _tr("回包 {numbers} 已收").format(numbers="、".join(numbers)) if numbers else ""


def left_out_words(left: Sequence[Left], labels: Mapping[str, str]) -> list[str]:
    """Name the schools that were given no answer: first whose answer failed, and why."""
    failed = [one for one in left if not one.expected]
    shut = [one for one in left if one.expected]
    words = []
    if failed:
        why = sentence(failed[0].error, language()).what.rstrip("。")
        said = _tr("没有出成：{schools}（{why}）")
        words.append(said.format(schools=_schools(failed, labels), why=why))
    if shut:
        said = _tr("没有能打开回包的电脑，没有给：{schools}")
        words.append(said.format(schools=_schools(shut, labels)))
    return words


def _schools(left: Sequence[Left], labels: Mapping[str, str]) -> str:
    named = "、".join(labels.get(one.school, one.school) for one in left[:_MOST_NAMED])
    more = len(left) - _MOST_NAMED
    return _tr("{named} 等 {count} 所").format(named=named, count=len(left)) if more > 0 else named


def _asks(count: int) -> str:
    return _tr("区里要问 {count} 件，在“今日名单”").format(count=count) if count else ""


def _gravest(taken: Sequence[TakenIn], where: str) -> BannerView:
    """Say what came of the bundles for this computer."""
    fresh = sum(one.fresh for one in taken)
    bad = [one for one in taken if one.reason]
    kept = [one for one in taken if one.outcome in {"pending", "waiting"}]
    if bad:
        return _refused(taken, bad, where)
    if kept:
        what = _tr("{count} 个包先留着，还缺前面的包或身份").format(count=len(kept))
        return BannerView(NEEDS, what, _tr("可以拔出。缺的到了会自动接着收，不用再拷"))
    finding = next((one.told for one in taken if one.finding), None)
    if finding is not None:
        said = sentence(finding, language())
        return BannerView(NEEDS, said.what, f"{said.safe}{said.now}", said.number)
    if not fresh:
        return BannerView(DONE, _tr("可以拔出 U 盘"), _tr("包里的都已经有了，没有重复"))
    said_fresh = _tr("收了 {count} 个包，新 {fresh} 条").format(count=len(taken), fresh=fresh)
    return BannerView(DONE, _tr("可以拔出 U 盘"), said_fresh)


def _refused(taken: Sequence[TakenIn], bad: Sequence[TakenIn], where: str) -> BannerView:
    """Say how many bundles were taken in and how many not; why, where they have one reason."""
    said = sentence(bad[0].error or bad[0].reason, language())
    if len(taken) == 1:
        return BannerView(REFUSED, said.what, f"{said.safe}{said.now}", said.number)
    kept = sum(one.outcome in {"pending", "waiting"} for one in taken)
    whole = len(taken) - len(bad) - kept
    counted = (
        (_tr("{count} 个包没有收"), len(bad)),
        (_tr("{count} 个收好了"), whole),
        (_tr("{count} 个先留着"), kept),
    )
    what = "，".join(words.format(count=count) for words, count in counted if count)
    fresh = sum(one.fresh for one in taken)
    now = _tr("新 {fresh} 条。").format(fresh=fresh) if whole else ""
    now += _tr("没收的不影响本机资料。")
    if len({one.reason for one in bad}) == 1:
        return BannerView(REFUSED, what, f"{now}{said.what}{said.now}", said.number)
    return BannerView(REFUSED, what, now + _tr("原因不止一种：{where}").format(where=where))


def taken_word(taken: Sequence[TakenIn]) -> str:
    """Say in a word how taking in ended."""
    if any(one.reason and one.reason not in NOT_OURS for one in taken):
        return _tr("有没收的")
    if all(one.reason for one in taken):
        return _tr("没有本机的")
    if any(one.outcome in {"pending", "waiting"} for one in taken):
        return _tr("先留着")
    return _tr("完成")
