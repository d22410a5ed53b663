"""``own-data`` and ``consent``: what a guardian may ask for at the desk."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.commands.answer import Answer
from desktop_app.commands.asking import need_folder_of
from desktop_app.commands.coding import need_code
from desktop_app.commands.finding import record_of
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.documents.own_information import own_information_html
from desktop_app.durable.files import write_atomically
from desktop_app.services.consents import ConsentDesk, short_digest
from desktop_app.services.own_information import OwnInformationDesk


def add_to(groups: Groups) -> None:
    """Add the commands."""
    own = groups.seat("own-data", write_own_data, "打印孩子的信息 / all that is held of a child")
    own.add_argument("receipt", help="回执号 / receipt number")
    own.add_argument("--out", type=Path, required=True, help="写到 .html / where the page goes")
    consent = groups.seat("consent", show_consent, "告知与同意 / notice and consent")
    consent.add_argument("receipt", help="回执号 / receipt number")
    consent.add_argument("--agree", default="", help="同意的事项代码 / what is agreed to now")
    consent.add_argument("--withdraw", default="", help="撤回的事项代码 / what is withdrawn")


def write_own_data(options: argparse.Namespace) -> Answer:
    """Write everything held of a child onto one page; that it was taken out is logged first."""
    need_folder_of(options.out, "--out")
    with at_work(options) as workplace:
        record = record_of(workplace, options.receipt)
        desk = OwnInformationDesk(workplace)
        desk.log_print(record)
        write_atomically(options.out, own_information_html(desk.view(record)).encode())
    return Answer({"own_data": str(options.out)})


def show_consent(options: argparse.Namespace) -> Answer:
    """Say what a guardian was told and agreed to; note what is agreed to or withdrawn now."""
    with at_work(options) as workplace:
        record = record_of(workplace, options.receipt)
        desk = ConsentDesk(workplace)
        for scope, agreed in ((options.agree, True), (options.withdraw, False)):
            if scope:
                need_code(workplace.policy, "consent", scope, "--agree" if agreed else "--withdraw")
                desk.set(record, scope, agreed=agreed)
        standing = desk.standing(record)
    return Answer(
        {
            "receipt_number": options.receipt.strip().upper(),
            "notice_told": standing.version,
            "notice_digest": short_digest(standing.digest),
            "told": standing.told,
            "agreed": sorted(standing.agreed),
        }
    )
