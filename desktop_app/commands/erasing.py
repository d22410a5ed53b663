"""``erase``: forget a child everywhere, with a second person's signature (design §2)."""

from __future__ import annotations

import argparse

from desktop_app.commands.answer import Answer
from desktop_app.commands.finding import record_of
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.commands.seconding import add_second, second_of
from desktop_app.domain.codes_case import ERASURE_REASON
from desktop_app.domain.errors import RuleError
from desktop_app.services.erasure import ErasureDesk


def add_to(groups: Groups) -> None:
    """Add the command."""
    erase = groups.seat("erase", erase_child, "删除一名儿童的全部记录 / forget a child everywhere")
    erase.add_argument("receipt", help="回执号 / receipt number")
    erase.add_argument("--reason", required=True, help="理由，见 codes / a code of erasure_reason")
    add_second(erase)
    erase.add_argument("--school", default="", help="学校标识码（区级用）/ school code")


def erase_child(options: argparse.Namespace) -> Answer:
    """Erase the child of a receipt number; nobody brings it back."""
    reason = ERASURE_REASON.parse(options.reason)
    if reason is None:
        raise RuleError("erasure.reason")
    with at_work(options) as workplace:
        record = record_of(workplace, options.receipt, options.school or None)
        second = second_of(workplace, options) if options.second else None
        erased = ErasureDesk(workplace).erase(record, reason, second, options.school)
    return Answer(
        {
            "erased_operations": erased.operations,
            "erased_pages": erased.pages,
            "still_listed": erased.still_listed,
        }
    )
