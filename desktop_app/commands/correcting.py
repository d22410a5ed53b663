"""``correct``: change a passed case, with the proving paper and a second person's signature."""

from __future__ import annotations

import argparse

from desktop_app.commands.amending import corrected_form, read_changes
from desktop_app.commands.answer import Answer
from desktop_app.commands.coding import need_code
from desktop_app.commands.finding import record_of
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.commands.seconding import add_second, second_of
from desktop_app.domain.codes_desk import CORRECTION_REASON
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.correcting import Correction, CorrectionDesk, Proof


def add_to(groups: Groups) -> None:
    """Add ``correct``."""
    correct = groups.seat("correct", correct_record, "更正已通过的登记 / correct a passed case")
    correct.add_argument("receipt", help="回执号 / receipt number")
    correct.add_argument(
        "--set",
        dest="fields",
        action="append",
        required=True,
        metavar="FIELD=VALUE",
        help="改哪一格，可写多次，见 codes fields；等号后空着是清空 / field, may be repeated",
    )
    reasons = ", ".join(f"{one.value} {one.label}" for one in CORRECTION_REASON.entries)
    correct.add_argument("--reason", required=True, help=f"更正理由 / why: {reasons}")
    correct.add_argument(
        "--material", required=True, help="证明材料代码，见 codes materials / the proving paper"
    )
    correct.add_argument("--number", required=True, help="材料编号 / its number")
    correct.add_argument("--dated", required=True, help="材料日期 / its date, 2018-03-14")
    correct.add_argument("--note", default="", help="说明 / words")
    add_second(correct, required=True)


def correct_record(options: argparse.Namespace) -> Answer:
    """Write the correction and what it changes, and say what stood there before."""
    with at_work(options) as workplace:
        need_code(workplace.policy, "materials", options.material, "--material")
        changes = read_changes(workplace.policy, options.fields, "correct")
        stored = AmendmentDesk(workplace).open(record_of(workplace, options.receipt))
        form = corrected_form(stored.form, changes)
        wanted = Correction(stored.record, form, stored.form, stored.decisions)
        proof = Proof(
            reason=CORRECTION_REASON.parse(options.reason) or "",
            material=options.material,
            number=options.number,
            dated=options.dated,
            note=options.note,
        )
        desk = CorrectionDesk(workplace)
        desk.check(proof)
        told = desk.changes(wanted)
        made = desk.correct(wanted, proof, second_of(workplace, options))
    return Answer(
        {
            "receipt_number": made.receipt_number,
            "corrected": [one.label for one in told],
            "changed": list(made.changed),
        },
        shown=("receipt_number", "corrected"),
    )
