"""``demo``: a whole registration day on made-up families, from workbook to district answer.

It begins with an empty folder and uses nothing but what people at their seats use: the district is
set up, a school joins with a ticket, a village's workbook is taken in, bad rows are listed and
mended, papers are checked, another person reviews, the day is closed, a bundle goes to the district
on a stick and the answer comes back; then a backup is restored by the code on the paper. With
several laptops (``--desks``) the others register apart, and one stick goes round before the review.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from pathlib import Path

from desktop_app.commands.answer import Answer, Json
from desktop_app.commands.demo_desks import MOST_DESKS, day_of_the_desks, tell_the_desks
from desktop_app.commands.demo_exchange import (
    answer_school,
    closing_state,
    drill_backup,
    hand_over,
    take_answer,
)
from desktop_app.commands.demo_school import (
    bring_late_papers,
    close_day,
    mend_by_hand,
    review,
    scan_papers,
)
from desktop_app.commands.demo_seats import (
    PRINCIPAL,
    REGISTRAR,
    REVIEWER,
    Seats,
    set_up_district,
    set_up_school,
)
from desktop_app.commands.demo_village import Village, make_village, proof_of
from desktop_app.commands.demo_window import run_window, window_said
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import show_progress
from desktop_app.commands.repairs import repair_lines, write_repairs
from desktop_app.domain.errors import RuleError
from desktop_app.durable.files import disk_errors, write_atomically
from desktop_app.messages.catalogue import Language
from desktop_app.services.intake import WorkbookDesk
from desktop_app.services.policies import shipped_policy

APPLICANTS, SEED, SCANS = 300, 2024, 6
SUMMARY, MARKER = "summary.json", "demo.txt"
_MARK = "演示用的资料夹，人名和号码都是编的，可以整个删掉。\nA demo of made-up people; delete it.\n"
_OWN_NAMES = frozenset(
    {
        *(SUMMARY, MARKER, "village.xlsx", "repairs.xlsx"),
        *("district", "district.this-computer", "district-root"),
        *("school", "school.this-computer", "drill", "drill.this-computer"),
        *("stick", "stick-back", "stick-round", "backup", "screenshots"),
        *(f"desk-{n}{end}" for n in range(2, MOST_DESKS + 1) for end in ("", ".this-computer")),
    }
)
"""What a demo makes; a folder that holds anything else is left alone."""
_SHOWN = (
    "registered",
    "registered_apart",
    "pairs_merged",
    "rejected_rows",
    "duplicates_found",
    "repairs",
    "repaired",
    "window_part",
    "bundle",
    "exported_operations",
    "district_received",
    "acknowledged",
    "digest_school",
    "digest_district",
    "desks_equal",
    "digest_backup",
    "verified",
    "holds",
    "seconds",
    "summary",
)
Facts = dict[str, Json]


def add_to(groups: Groups) -> None:
    """Add ``demo``."""
    demo = groups.plain("demo", run_demo, "演示一整天 / a whole registration day")
    demo.add_argument("--out", type=Path, required=True, help="空文件夹 / an empty folder")
    demo.add_argument("--applicants", type=int, default=APPLICANTS, help="几个孩子 / children")
    demo.add_argument("--desks", type=int, default=1, help="学校几台电脑 / the school's laptops")
    demo.add_argument("--seed", type=int, default=SEED, help="种子 / seed")
    demo.add_argument("--scans", type=int, default=SCANS, help="扫描几页 / pages to scan")


def run_demo(options: argparse.Namespace) -> Answer:
    """Run the day and write what came of it to ``summary.json``."""
    began = time.monotonic()
    out: Path = options.out
    _check(options)
    make_room(out)
    policy = shipped_policy()
    school = next(one.code for one in policy.schools.values() if one.stage == "P1")
    seats = Seats(out, policy, school)
    ticket, code, fingerprint = set_up_district(seats)
    set_up_school(seats, ticket, code, fingerprint)
    village = make_village(out / "village.xlsx", options.applicants, options.seed, policy, school)
    facts = _register(seats, village, options.scans, options.lang)
    window = run_window(seats, REGISTRAR)
    by_keys = window.get("registered")
    facts["window"] = window
    facts["registered"] = count_of(facts["registered"]) + count_of(by_keys)
    facts |= _others(seats, village, options)
    facts["registered"] = count_of(facts["registered"]) + count_of(facts.get("registered_apart"))
    facts |= _close(seats)
    facts |= _exchange(seats, options.desks)
    facts["seconds"] = round(time.monotonic() - began, 1)
    facts["holds"] = everything_holds(facts)
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    write_atomically(out / SUMMARY, text.encode() + b"\n")
    told = {"window_part": window_said(window, options.lang), "summary": str(out / SUMMARY)}
    values = {**facts, **told}
    # One desk has nothing to say of what several found apart.
    shown = tuple(name for name in _SHOWN if name in values)
    return Answer(values, facts["holds"] is True, shown)


def _check(options: argparse.Namespace) -> None:
    if options.applicants < 1:
        raise RuleError("command.usage", command="demo", option="--applicants")
    if not 1 <= options.desks <= MOST_DESKS:
        raise RuleError("command.usage", command="demo", option="--desks")


def make_room(out: Path) -> None:
    """Make the demo's folder, or empty it where an earlier demo, and nothing else, lies in it.

    Raises:
        RuleError: there is something else in it.
        WorkplaceError: the disk refused.
    """
    with disk_errors():
        if out.exists() and any(out.iterdir()):
            held = {entry.name for entry in out.iterdir()}
            if MARKER not in held or not held <= _OWN_NAMES:
                raise RuleError("command.not_empty")
            shutil.rmtree(out)
        out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / MARKER, _MARK.encode())


def count_of(value: Json) -> int:
    """Give a count that a child may have told; anything else counts nothing."""
    return value if isinstance(value, int) else 0


def _register(seats: Seats, village: Village, scans: int, lang: Language) -> Facts:
    """Do what the registrar does: workbook, repairs, papers, scans."""
    with seats.at_school(REGISTRAR) as workplace:
        intake = WorkbookDesk(workplace).take_in(village.path, show_progress())
        lines = repair_lines(intake.repairs, lang)
        write_repairs(seats.out / "repairs.xlsx", lines, lang)
        mended = mend_by_hand(workplace, village.mended_forms())
        complete, late = bring_late_papers(workplace)
        scanned = scan_papers(workplace, scans)
    return {
        "applicants": len(village.families),
        "registered": len(intake.registered) + mended,
        "registered_from_workbook": len(intake.registered),
        "repaired": mended,
        "rejected_rows": intake.rejected_rows,
        "duplicates_found": intake.duplicates,
        "skipped_blank": intake.skipped_blank,
        "repairs": lines,
        "planted": proof_of(village, intake.repairs),
        "papers_completed": complete,
        "papers_late": late,
        "scans": scanned,
    }


def _others(seats: Seats, village: Village, options: argparse.Namespace) -> Facts:
    """Have the school's other laptops register apart, and one stick make all of them equal."""
    if options.desks == 1:
        return {}
    known = [one for one in village.sheet.registered if one.id_type == "1"]
    return day_of_the_desks(seats, options.desks, known, options.applicants, options.seed)


def _close(seats: Seats) -> Facts:
    """Have the reviewer review, and the principal close the day."""
    with seats.at_school(REVIEWER) as workplace:
        passed, sent_back = review(workplace)
    with seats.at_school(PRINCIPAL) as workplace:
        day = close_day(workplace)
    return {
        "passed": passed,
        "sent_back": sent_back,
        "day": {"registered": day.registered, "complete": day.complete, "open": day.open_items},
    }


def _exchange(seats: Seats, desks: int) -> Facts:
    """Carry the bundle there and the answer back, then try the backup."""
    stick = seats.folder("stick")
    with seats.at_school(PRINCIPAL) as workplace:
        facts = hand_over(workplace, stick)
    with seats.district() as workplace:
        facts |= answer_school(workplace, seats.school, stick, seats.folder("stick-back"))
    with seats.at_school(PRINCIPAL) as workplace:
        facts |= take_answer(workplace, seats.folder("stick-back"))
        facts |= closing_state(workplace)
        facts |= drill_backup(workplace, seats)
    if desks > 1:
        back = seats.folder("stick-back")
        facts |= tell_the_desks(seats, desks, back, facts["digest_school"])
    return facts


def everything_holds(facts: Facts) -> bool:
    """Say whether everything came out as it must."""
    planted = facts["planted"]
    return bool(
        isinstance(planted, dict)
        and planted["proved"] is True
        and facts["digest_school"] == facts["digest_district"] == facts["digest_backup"]
        and facts["acknowledged"] == facts["exported_operations"] == facts["district_received"]
        and facts["verified"] is True
        and facts.get("desks_equal", True) is True
    )
