"""The exchange in the demo: bundle to the district, answer back, digests compared, backup tried."""

from __future__ import annotations

from pathlib import Path

from desktop_app.commands.answer import Json
from desktop_app.commands.demo_school import applicants
from desktop_app.commands.demo_seats import Seats
from desktop_app.commands.finding import every_applicant
from desktop_app.commands.opening import show_progress
from desktop_app.services.backup import back_up
from desktop_app.services.restoring import drill
from desktop_app.services.review import DistrictDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.digest import state_digest
from desktop_app.sync.answers import answer
from desktop_app.sync.inbox import TAKEN_IN, take_in
from desktop_app.sync.outbox import export
from desktop_app.sync.standing import count_records, feed_standings
from desktop_app.sync.verifying import verify_workplace

PASSED, QUERIED = "district_passed", "queried"
QUERY = "请学校核对户籍地址后再报"


def hand_over(workplace: Workplace, stick: Path) -> dict[str, Json]:
    """Write the school's bundle to a stick."""
    made = export(workplace, stick, show_progress())
    return {
        "bundle": made.name,
        "bundle_size": made.size,
        "bundle_digest": made.digest,
        "exported_operations": made.operations,
        "exported_records": made.registered,
        "exported_scans": made.scans,
    }


def answer_school(workplace: Workplace, school: str, stick: Path, back: Path) -> dict[str, Json]:
    """Take the bundle in, decide what the school has passed, and write the answer."""
    taken = take_in(workplace, [stick], show_progress())
    rows = every_applicant(workplace, school)
    passed = [row.record for row in rows if row.text("review") == "passed"]
    desk = DistrictDesk(workplace)
    decided = desk.decide(school, passed[1:], PASSED)
    decided += desk.decide(school, passed[:1], QUERIED, QUERY)
    made = answer(workplace, school, back, show_progress())
    with workplace.database.read() as connection:
        digest = state_digest(connection, school)
    return {
        "district_received": sum(one.fresh for one in taken if one.outcome == TAKEN_IN),
        "district_records": len(rows),
        "decided": decided,
        "answer": made.name,
        "answer_operations": made.operations,
        "digest_district": digest,
    }


def take_answer(workplace: Workplace, back: Path) -> dict[str, Json]:
    """Take the district's answer in at the school."""
    taken = take_in(workplace, [back], show_progress())
    standings = feed_standings(workplace)
    counts = count_records(workplace)
    return {
        "answer_outcomes": [one.outcome for one in taken],
        "acknowledged": sum(one.received for one in standings),
        "operations": sum(one.declared for one in standings),
        "records": {
            "declared": counts.declared,
            "carried": counts.carried,
            "received": counts.received,
            "decided": counts.decided,
        },
    }


def closing_state(workplace: Workplace) -> dict[str, Json]:
    """Digest and verify the school's folder at the end of the day."""
    with workplace.database.read() as connection:
        digest = state_digest(connection, workplace.seat.scope)
    report = verify_workplace(workplace, show_progress())
    return {
        "digest_school": digest,
        "applicants_held": len(applicants(workplace)),
        "verified": report.sound and not report.missing_scans,
        "verified_records": report.records,
    }


def drill_backup(workplace: Workplace, seats: Seats) -> dict[str, Json]:
    """Make a backup, restore it by the code on the paper into a folder of its own, and compare."""
    made = back_up(workplace, seats.out / "backup")
    with workplace.database.read() as connection:
        whole = state_digest(connection)
    restored = drill(
        made.path,
        seats.out / "drill",
        seats.recovery_code,
        seats.password("drill"),
        seats.policy,
    )
    return {"backup": made.path.name, "digest_backup": restored, "digest_whole": whole}
