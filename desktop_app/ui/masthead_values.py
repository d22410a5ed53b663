"""What the masthead and the badges of the navigation say of an open workplace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.acts import ROLE_LABELS, Role
from desktop_app.services.answers import AnswerDesk
from desktop_app.services.appeals import AppealDesk
from desktop_app.services.conflicts import ConflictDesk
from desktop_app.services.cross_school import CrossSchoolDesk
from desktop_app.services.numbering import BlockStanding, block_standing
from desktop_app.services.policies import News, policy_news
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.ui.start import seat_word
from desktop_app.ui.text import clock_of, moment
from desktop_app.ui.views import Counter, MastheadView, State

_MAIN_ROLES = (
    Role.PRINCIPAL,
    Role.OFFICER,
    Role.AUDITOR,
    Role.REVIEWER,
    Role.REGISTRAR,
    Role.LEDGER_OFFICER,
)
_NO_NEWS = News()


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts of this seat: of registrations at a school, of schools at the district."""

    waiting: int = 0
    done: int = 0
    lacking: int = 0
    not_carried: int = 0
    exchanged_at: int = 0
    needs_look: int = 0
    to_decide: int = 0
    to_answer: int = 0
    """Children the district has still to answer, those amended or corrected since it did too."""
    pairs: int = 0
    """Pairs of children at two schools that the district has still to decide about."""
    complaints: int = 0
    """Complaints that wait for this seat."""
    block: BlockStanding | None = None
    """How far a school's receipt numbers reach."""
    packages: News = _NO_NEWS
    """What is to be told of policy packages that came."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("Masthead", words)


def read_numbers(workplace: Workplace) -> Numbers:
    """Count; called on the worker thread."""
    desk = ExchangeDesk(workplace)
    if desk.is_district:
        lines = [line for line in desk.intake() if line.state != "unnamed"]
        return Numbers(
            waiting=len(lines),
            done=sum(line.state == "whole" for line in lines),
            lacking=sum(line.state != "whole" for line in lines),
            exchanged_at=max((line.last_at for line in lines), default=0),
            needs_look=sum(line.state not in {"whole", "none"} for line in lines),
            to_decide=ConflictDesk(workplace).count(),
            to_answer=_to_answer(workplace),
            pairs=len(CrossSchoolDesk(workplace).waiting()),
            complaints=AppealDesk(workplace).waiting(),
            packages=policy_news(workplace),
        )
    with workplace.database.read() as connection:
        counted = queries.counts(connection, workplace.seat.scope)
    board = desk.board()
    return Numbers(
        waiting=counted["to_review"],
        done=counted["complete"],
        lacking=counted["missing"],
        not_carried=board.counts.declared - board.counts.carried,
        exchanged_at=max((one.at for one in board.bundles), default=0),
        to_decide=ConflictDesk(workplace).count(),
        complaints=AppealDesk(workplace).waiting(),
        block=block_standing(workplace),
        packages=policy_news(workplace),
    )


def _to_answer(workplace: Workplace) -> int:
    desk = AnswerDesk(workplace)
    counted = desk.counts()
    return counted["unanswered"] + counted["answered"] + desk.unseen()


def masthead_view(workplace: Workplace, roles: frozenset[Role], numbers: Numbers) -> MastheadView:
    """Say who sits where, and the counts."""
    role = next((ROLE_LABELS[one] for one in _MAIN_ROLES if one in roles), "")
    policy = workplace.policy
    district = workplace.seat.kind == "district"
    season = _tr("{year} 秋季").format(year=policy.season_year)
    return MastheadView(
        place=workplace.seat.name,
        season=season if district else f"{season} · {stage_word(workplace)}",
        seat=seat_word(workplace.seat.kind),
        person=f"{workplace.session.person_name} {role}".strip(),
        counters=_counters(numbers, district=district),
        exchange="" if workplace.practice else _exchange(numbers, district=district),
        clock=clock_of(datetime.now().astimezone()),
    )


def stage_word(workplace: Workplace) -> str:
    """Name the stage a school registers for."""
    school = workplace.policy.schools.get(workplace.seat.code)
    return _tr("初中一年级") if school is not None and school.stage == "J1" else _tr("小学一年级")


def _counters(numbers: Numbers, *, district: bool) -> tuple[Counter, ...]:
    words = (
        (_tr("应收"), _tr("收齐"), _tr("未齐"))
        if district
        else (_tr("待审"), _tr("材料齐"), _tr("待补"))
    )
    return (
        Counter(State.WAITING, numbers.waiting, words[0]),
        Counter(State.DONE, numbers.done, words[1]),
        Counter(State.NEEDS, numbers.lacking, words[2]),
    )


def _exchange(numbers: Numbers, *, district: bool) -> str:
    """Say when the last bundle came or went, and what was not carried yet."""
    if not numbers.exchanged_at:
        return _tr("还没有交换过")
    when = moment(numbers.exchanged_at)
    if district:
        return _tr("最近接收 {when}").format(when=when)
    return _tr("上次交换 {when} · 未拷进 U 盘 {count} 件").format(
        when=when, count=numbers.not_carried
    )
