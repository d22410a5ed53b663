"""``register``, ``check``, ``review``, ``close-day`` and ``find``: the school's day."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop_app.commands.answer import Answer, Line
from desktop_app.commands.coding import need_code, passing_words
from desktop_app.commands.finding import every_applicant, need_school, record_of, schools_held
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work, show_progress
from desktop_app.commands.repairs import check_name, repair_lines, write_repairs
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.dates import parse_date
from desktop_app.domain.district_answers import PLACED
from desktop_app.domain.errors import RuleError
from desktop_app.domain.masks import mask_number
from desktop_app.policy.entries import School
from desktop_app.services.calendar import local_day
from desktop_app.services.day import DayDesk
from desktop_app.services.intake import WorkbookDesk
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.passing import PassingDesk
from desktop_app.services.registration import missing_codes
from desktop_app.services.review import DistrictDesk, ReviewDesk
from desktop_app.services.undoing import UndoDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries

STAGES = ("P1", "J1")
STATES = ("accepted", "waived", "pending_original", "correction_required", "rejected")
_FOUND = 20
_MOST_FOUND = 1000
_EARLIEST_DAY = dt.date(2000, 1, 1)


def add_to(groups: Groups) -> None:
    """Add the commands."""
    register = groups.seat("register", take_in_workbook, "从表格登记 / register from a workbook")
    register.add_argument("--from", dest="source", type=Path, required=True, help="表格 / .xlsx")
    register.add_argument("--stage", choices=STAGES, default="P1", help="学段 / stage")
    register.add_argument(
        "--repairs-out", type=Path, help="待改清单写到 .xlsx 或 .json / where the repair list goes"
    )
    check = groups.seat("check", mark_material, "核验材料 / note what became of a paper")
    check.add_argument("receipt", help="回执号 / receipt number")
    check.add_argument(
        "--material", required=True, help="材料代码，见 codes materials / code of the paper"
    )
    check.add_argument("--state", choices=STATES, required=True, help="结果 / what became of it")
    check.add_argument("--number", default="", help="材料编号 / its number")
    check.add_argument("--dated", default="", help="材料日期 / its date")
    check.add_argument("--valid-to", default="", help="有效期至 / valid until")
    check.add_argument("--owner", default="", help="谁的，监护人关系代码 / whose, as a relation")
    check.add_argument("--reason", default="", help="原因代码，见 codes reasons / coded reason")
    check.add_argument("--note", default="", help="写明，原因 OTHER 必填 / words, needed for OTHER")
    _add_review(groups)
    close = groups.seat("close-day", close_day, "日结 / close the day")
    close.add_argument("--explain", default="", help="未了事项的说明 / why something is open")
    one = "某一件的说明，可写多次 / why this one is open, once for each"
    words = ("RECEIPT", "WHY")
    close.add_argument("--explain-item", nargs=2, action="append", metavar=words, help=one)
    close.add_argument("--day", default="", help="哪一天，默认今天 / which day, today by default")
    find = groups.seat("find", find_applicants, "查找 / search")
    find.add_argument("text", nargs="+", help="姓名、拼音、证件尾号、电话尾号、回执号")
    find.add_argument("--limit", type=_limit, default=_FOUND, help="最多几条 / at most")


def _limit(text: str) -> int:
    """Read how many to show.

    Raises:
        ValueError: argparse refuses the command line.
    """
    count = int(text)
    if not 1 <= count <= _MOST_FOUND:
        raise ValueError("out of range")
    return count


def _add_review(groups: Groups) -> None:
    review = groups.family("review", "审核 / review")
    approve = review.seat("approve", approve_records, "通过 / pass")
    approve.add_argument("receipts", nargs="*", help="回执号 / receipt numbers")
    approve.add_argument(
        "--all-complete",
        action="store_true",
        help="材料齐、没有疑点的全部 / all that are complete and leave nothing to look at",
    )
    undo = review.seat("undo", undo_decisions, "撤销自己的审核 / take back one's own answer")
    undo.add_argument("receipts", nargs="+", help="回执号 / receipt numbers")
    back = review.seat("send-back", send_back, "退回 / send back to the desk")
    back.add_argument("receipt", help="回执号 / receipt number")
    back.add_argument("--reason", required=True, help="原因代码，见 codes reasons / coded reason")
    back.add_argument("--field", default="", help="所指的格 / which field")
    back.add_argument("--note", default="", help="写明，原因 OTHER 必填 / words, needed for OTHER")
    decide = review.seat("decide", decide_records, "区级答复 / the district answers")
    decide.add_argument("receipts", nargs="*", help="回执号 / receipt numbers")
    decide.add_argument("--school", required=True, help="学校标识码 / school code")
    decide.add_argument("--all-passed", action="store_true", help="校审通过的全部 / all passed")
    decide.add_argument("--status", required=True, help=f"答复代码 / coded answer: {_answers()}")
    decide.add_argument("--reason", default="", help="理由 / reason")
    decide.add_argument(
        "--note", default="", help="写明，原因 OTHER 必填 / words, needed for OTHER"
    )
    decide.add_argument(
        "--anyway",
        action="store_true",
        help="学校没审、缺材料、跨校查重没判断也照办 / though not ready",
    )


def _answers() -> str:
    entries = CODE_LISTS["district_status"].entries
    return ", ".join(f"{one.value} {one.label}" for one in entries)


def take_in_workbook(options: argparse.Namespace) -> Answer:
    """Register the families of a workbook; what could not go in is listed by row."""
    check_name(options.repairs_out)
    with at_work(options) as workplace:
        desk = WorkbookDesk(workplace, options.stage)
        intake = desk.take_in(options.source, show_progress())
    lines = repair_lines(intake.repairs, options.lang)
    if options.repairs_out is not None:
        write_repairs(options.repairs_out, lines, options.lang)
    return Answer(
        {
            "registered": len(intake.registered),
            "rejected_rows": intake.rejected_rows,
            "duplicates_found": intake.duplicates,
            "skipped_blank": intake.skipped_blank,
            "unknown_columns": list(intake.unknown_columns),
            "repairs": lines,
            "repairs_out": str(options.repairs_out) if options.repairs_out else None,
        }
    )


def mark_material(options: argparse.Namespace) -> Answer:
    """Note what became of one paper, and say what is missing now."""
    with at_work(options) as workplace:
        need_code(workplace.policy, "materials", options.material, "--material")
        if options.reason and options.state != "waived":  # which names a source instead
            need_code(workplace.policy, "reasons", options.reason, "--reason")
        checklist = MaterialsDesk(workplace).mark(
            record_of(workplace, options.receipt),
            Mark(
                material=options.material,
                state=options.state,
                number=options.number,
                dated=options.dated,
                valid_to=options.valid_to,
                owner=options.owner,
                reason=options.reason,
                note=options.note,
            ),
        )
        names = workplace.policy.materials
        missing = [f"{code} {names[code].label}" for code in missing_codes(checklist)]
        due = checklist.checks[options.material].due
    return Answer({"complete": not missing, "missing": missing, "due": due})


def approve_records(options: argparse.Namespace) -> Answer:
    """Pass the records named, or all that are clean; what has to be looked at is told with why."""
    if options.all_complete == bool(options.receipts):
        raise RuleError("command.which")
    with at_work(options) as workplace:
        if options.all_complete:
            seen = PassingDesk(workplace).preview()
            records, flagged = list(seen.clean), seen.flagged
        else:
            records, flagged = [record_of(workplace, one) for one in options.receipts], ()
        approved = ReviewDesk(workplace).approve(records)
        left = DayDesk(workplace).summary().unreviewed
        policy = workplace.policy
    lines: list[Line] = [
        {
            "receipt_number": one.receipt,
            "why": " ".join(why.code for why in one.why),
            "in_words": "；".join(passing_words(policy, why) for why in one.why),
        }
        for one in flagged
    ]
    return Answer({"approved": approved, "unreviewed": left, "to_look_at": lines})


def undo_decisions(options: argparse.Namespace) -> Answer:
    """Take back the acting person's last decision about some cases; others are named."""
    with at_work(options) as workplace:
        receipts = {record_of(workplace, one): one for one in options.receipts}
        undone = UndoDesk(workplace).undo(receipts)
    kept = [receipts[one.record] for one in undone.kept]
    return Answer({"undone": len(undone.records), "not_undone": kept})


def send_back(options: argparse.Namespace) -> Answer:
    """Send one record back with its reason."""
    with at_work(options) as workplace:
        record = record_of(workplace, options.receipt)
        need_code(workplace.policy, "reasons", options.reason, "--reason")
        ReviewDesk(workplace).send_back(record, options.reason, options.field, options.note)
    return Answer({"sent_back": True})


def decide_records(options: argparse.Namespace) -> Answer:
    """Answer records of a school; the answer travels back in the next bundle."""
    if options.all_passed == bool(options.receipts):
        raise RuleError("command.which")
    with at_work(options) as workplace:
        need_school(workplace, options.school)
        need_code(workplace.policy, "status", options.status, "--status")
        if options.all_passed:
            records = [
                row.record
                for row in every_applicant(workplace, options.school)
                if row.text("review") == "passed" and not row.text("district_status")
            ]
        else:
            records = [
                record_of(workplace, receipt, options.school) for receipt in options.receipts
            ]
        desk = DistrictDesk(workplace)
        if options.status in PLACED and not options.anyway:
            _refuse_unready(desk, options.school, records)
        decided = desk.decide(options.school, records, options.status, options.reason, options.note)
    return Answer({"decided": decided})


def _refuse_unready(desk: DistrictDesk, school: str, records: Sequence[str]) -> None:
    """Refuse to pass a child whose school is not done, or who may be at another school too."""
    unready = desk.unready(school, records)
    if unready:
        raise RuleError("decision.unready", count=unready)
    count, passed = desk.undecided(school, records)
    if count:
        raise RuleError("decision.undecided", count=count, passed=passed)


def close_day(options: argparse.Namespace) -> Answer:
    """Close the day with the principal's signature."""
    day = parse_date(options.day) if options.day else None
    if options.day and day is None:
        raise RuleError("command.day")
    if day is not None and not _EARLIEST_DAY <= day <= local_day():
        raise RuleError("command.day_not_yet")
    with at_work(options) as workplace:
        items = {item.strip().upper(): why for item, why in options.explain_item or ()}
        summary = DayDesk(workplace).close(options.explain, day, items)
    return Answer(
        {
            "day": summary.day.isoformat(),
            "registered": summary.registered,
            "complete_count": summary.complete,
            "unreviewed": summary.unreviewed,
            "drafts": summary.drafts,
        }
    )


def find_applicants(options: argparse.Namespace) -> Answer:
    """Search by name, pinyin, tails of numbers, receipt; the district searches all its schools."""
    with at_work(options) as workplace:
        found = search_everywhere(workplace, " ".join(options.text), options.limit)
        schools = workplace.policy.schools
        lines = [
            _school_of(workplace, school, schools)
            | {
                "receipt_number": line.receipt_number,
                "full_name": line.full_name,
                "birth_date": line.birth_date,
                "id_number": mask_number(line.id_number or ""),
                "category": line.category,
                "review": line.review,
                "district_status": line.district_status,
            }
            for school, line in found
        ]
    return Answer({"found": len(lines), "applicants": lines})


def search_everywhere(
    workplace: Workplace, text: str, limit: int
) -> list[tuple[str, queries.FoundLine]]:
    """Search this school, or every school held at the district; the best matches come first."""
    at_district = workplace.seat.kind == "district"
    schools = schools_held(workplace) if at_district else [workplace.seat.scope]
    with workplace.database.read() as connection:
        found = [(school, queries.search(connection, school, text, limit)) for school in schools]
    both = [(school, line) for school, one in found for line in one.both]
    some = [(school, line) for school, one in found for line in one.any]
    return [*both, *some][:limit]


def _school_of(workplace: Workplace, school: str, known: Mapping[str, School]) -> dict[str, str]:
    """Name the school of a line where there are several."""
    if workplace.seat.kind != "district":
        return {}
    return {"school": f"{school} {known[school].label}" if school in known else school}
