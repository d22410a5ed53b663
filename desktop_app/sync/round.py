"""The round of one stick 汇总: take in, hand over, carry on; a second round makes all boards equal.

How far this computer is in the round of today is kept, so that the check list goes on after a
restart; what is still to be done follows from the board and is never ticked off by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop_app.durable.files import disk_errors
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.services.calendar import local_day
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.sync.inbox import TakenIn, take_in
from desktop_app.sync.outbox import Exported, export
from desktop_app.sync.sideways import note_sideways
from desktop_app.sync.siteboard import SiteBoard, site_board

_SETTING = "merge.round"
TAKE, HAND, CARRY, DONE = "take", "hand", "carry", "done"


class Round(msgspec.Struct, frozen=True):
    """How far this computer is in the round of a day.

    ``turn`` counts how often the stick was here; ``fresh`` and ``handed`` count the operations that
    came and that lie on the stick since; times are UTC milliseconds, 0 where it was not done.
    """

    day: str
    turn: int = 0
    took_at: int = 0
    fresh: int = 0
    handed_at: int = 0
    handed: int = 0


@dataclass(frozen=True, slots=True)
class RoundStanding:
    """The round with its board, and which step comes next."""

    round: Round
    board: SiteBoard
    joined: bool

    @property
    def next(self) -> str:
        """Give the step that comes next: take, hand, carry or done."""
        now = self.round
        if not now.took_at:
            return TAKE
        if now.handed_at < now.took_at and self._somebody_lacks:
            return HAND
        return DONE if self.board.all_equal else CARRY

    @property
    def _somebody_lacks(self) -> bool:
        """Say whether what is here is to be left on the stick for somebody."""
        others = self.board.others
        return not others or any(one.not_there or not one.heard for one in others)


class RoundDesk:
    """The use cases of the page 午间汇总."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace of a school."""
        self._workplace = workplace

    def standing(self) -> RoundStanding:
        """Say how far the round of today is; yesterday's is over."""
        joined = self._workplace.district is not None
        return RoundStanding(self._round(), site_board(self._workplace), joined)

    def _round(self) -> Round:
        today = local_day().isoformat()
        kept = self._workplace.settings.get(_SETTING)
        held = msgspec.json.decode(kept, type=Round) if kept else Round(today)
        return held if held.day == today else Round(today)

    def _keep(self, now: Round) -> None:
        self._workplace.settings.set(_SETTING, msgspec.json.encode(now).decode())

    def take_in(self, place: Path, progress: Progress) -> list[TakenIn]:
        """Take in what lies on the stick, be it nothing, and leave this computer's hello.

        Raises:
            WorkplaceError: the disk refused.
            CancelledError: the person stopped it; what was taken in before stays.
        """
        with disk_errors():
            place.stat()
        taken = take_in(self._workplace, [place], progress)
        before, now = self._round(), wall_milliseconds()
        again = before.took_at and not before.handed_at and before.turn
        fresh = sum(one.fresh for one in taken)
        self._keep(
            Round(
                day=before.day,
                turn=before.turn if again else before.turn + 1,
                took_at=now,
                fresh=fresh + (before.fresh if again else 0),
            )
        )
        return taken

    def hand_over(self, place: Path, progress: Progress) -> Exported:
        """Leave on the stick what the others lack.

        Raises:
            ProductError: as ``outbox.export``.
        """
        with disk_errors():
            place.stat()
        made = export(self._workplace, place, progress)
        note_sideways(self._workplace, made.number)
        before = self._round()
        # Never before the taking in, whatever the clock says: the step is done.
        done_at = max(wall_milliseconds(), before.took_at)
        self._keep(msgspec.structs.replace(before, handed_at=done_at, handed=made.operations))
        return made
