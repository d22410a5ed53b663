"""The school's day in the demo: every step through the same desks that the pages use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop_app.commands.finding import every_applicant
from desktop_app.commands.pictures import page_png
from desktop_app.services.day import DayDesk, DaySummary
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.passing import PassingDesk
from desktop_app.services.registration import DISPUTED, Decision, RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row

DISPUTE_REASON = "户口簿已看，号码待派出所核对"
CLOSE_REASON = "材料未齐的明天接着收；号码有争议的等派出所答复。"
SENT_BACK_BECAUSE = "ADDRESS_DIFFERS"
_DIFFERENT = "different"
_LOOKED = "两家都到场，看过户口簿，是两个孩子"
_LATE_OF = 3
"""Of so many families that lack a paper, one brings it later 容缺; the others came back today."""


def mend_by_hand(workplace: Workplace, forms: Iterable[Mapping[str, str]]) -> int:
    """Register the forms of mended rows as the registrar does; give how many went in."""
    desk = RegistrationDesk(workplace)
    mended = 0
    for form in forms:
        desk.register(form, decide_look_alikes(desk, form))
        mended += 1
    return mended


def decide_look_alikes(desk: RegistrationDesk, form: Mapping[str, str]) -> list[Decision]:
    """Decide about every look-alike of a form, as the desk asks before it saves."""
    return [
        Decision(
            hint.finding.rule,
            hint.finding.other,
            DISPUTED if hint.finding.stops else _DIFFERENT,
            DISPUTE_REASON if hint.finding.stops else _LOOKED,
        )
        for hint in desk.duplicates(form)
    ]


def bring_late_papers(workplace: Workplace) -> tuple[int, int]:
    """Check what families bring later today; give how many are complete now, how many late."""
    desk = MaterialsDesk(workplace)
    complete = late = 0
    lacking = [row for row in applicants(workplace) if row.text("missing_materials")]
    for position, row in enumerate(lacking):
        is_late = position % _LATE_OF == 0
        for material in row.text("missing_materials").split():
            state = "pending_original" if is_late else "accepted"
            desk.mark(row.record, Mark(material, state))
        late += is_late
        complete += not is_late
    return complete, late


def scan_papers(workplace: Workplace, count: int) -> int:
    """Scan a page for each of the first families, for the material they brought first."""
    desk, materials = ScanDesk(workplace), MaterialsDesk(workplace)
    done = 0
    for seed, row in enumerate(applicants(workplace)[:count]):
        seen = materials.open(row.record).checklist.checks
        if seen:
            desk.attach(row.record, next(iter(seen)), page_png(seed))
            done += 1
    return done


def review(workplace: Workplace) -> tuple[int, int]:
    """Pass what is complete, and send one back; give both counts."""
    desk = ReviewDesk(workplace)
    ready, sent_back = list(PassingDesk(workplace).preview().clean), 0
    if len(ready) > 1:
        desk.send_back(ready[-1], SENT_BACK_BECAUSE, "hukou_address")
        ready, sent_back = ready[:-1], 1
    return desk.approve(ready), sent_back


def close_day(workplace: Workplace) -> DaySummary:
    """Close the day with an explanation of what is open."""
    return DayDesk(workplace).close(CLOSE_REASON)


def applicants(workplace: Workplace) -> list[Row]:
    """Give the school's applicants, oldest first."""
    return every_applicant(workplace, workplace.seat.scope)
