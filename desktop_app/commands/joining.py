"""``join``: a laptop joins with no network, by a ticket; the district publishes its document."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.commands.answer import Answer
from desktop_app.commands.asking import read_code, read_password, refuse_file
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.domain.errors import RuleError
from desktop_app.durable.files import make_private_folder, read_limited, write_atomically
from desktop_app.security.memory import wipe
from desktop_app.security.ticket import LIMIT
from desktop_app.services.district_office import DistrictOffice, IssuedTicket
from desktop_app.sync.joining import use_ticket

FIRST_NUMBER, LAST_NUMBER = 1, 9999


def add_to(groups: Groups) -> None:
    """Add ``join ticket``, ``join use`` and ``join publish``."""
    family = groups.family("join", "电脑入网 / joining, without a network")
    ticket = family.seat("ticket", issue_ticket, "区级开入网票 / issue a ticket")
    ticket.add_argument("--school", required=True, help="学校标识码 / school code")
    ticket.add_argument("--out", type=Path, required=True, help="票存到 / folder for the ticket")
    ticket.add_argument("--mark", default="1", help="台号 / the laptop's mark in receipt numbers")
    ticket.add_argument("--first", type=int, default=FIRST_NUMBER, help="首号 / first number")
    ticket.add_argument("--last", type=int, default=LAST_NUMBER, help="末号 / last number")
    again = family.seat("publish", publish_again, "重新发布区级文件 / publish the next document")
    again.add_argument(
        "--root", type=Path, required=True, help="根钥匙的夹 / folder of the root key"
    )
    again.add_argument("--root-password-file", type=Path, help="根钥匙的口令文件 / its passphrase")
    use = family.seat("use", join_with, "学校用票入网 / join with a ticket")
    use.add_argument("ticket", type=Path, help="票文件 / ticket file")
    use.add_argument("--code-file", type=Path, help="纸上的票码 / file with the ticket's code")
    use.add_argument(
        "--fingerprint", help="纸上的区级指纹（16 位）/ the district's fingerprint from paper"
    )


def issue_ticket(options: argparse.Namespace) -> Answer:
    """Issue a ticket: one file for the stick, one for the paper; they travel apart."""
    refuse_file(options.out, "--out")
    with at_work(options) as workplace:
        office = DistrictOffice(workplace)
        ticket = office.issue(options.school, options.mark, options.first, options.last)
        fingerprint = office.fingerprint()
    file, paper = write_ticket(options.out, options.school, ticket)
    return Answer(
        {
            "ticket": str(file),
            "paper": str(paper),
            "fingerprint": fingerprint,
            "serial": ticket.serial,
            "mark": ticket.mark,
        }
    )


def publish_again(options: argparse.Namespace) -> Answer:
    """Publish the next document: it names today's officers, and this computer after a restore."""
    with at_work(options) as workplace:
        passphrase = read_password(
            options.root_password_file, "root_password", options.lang, inherit=False
        )
        try:
            published = DistrictOffice(workplace).publish_again(options.root, passphrase)
        finally:
            wipe(passphrase)
    return Answer({"district_number": published.number, "fingerprint": published.fingerprint})


def write_ticket(folder: Path, school: str, ticket: IssuedTicket) -> tuple[Path, Path]:
    """Write a ticket's file and its paper code into a folder; give both paths.

    Raises:
        RuleError: a ticket of that name is there already.
        WorkplaceError: the disk refused.
    """
    make_private_folder(folder)
    file = folder / f"{school}-{ticket.mark}.ticket"
    paper = folder / f"{school}-{ticket.mark}.code.txt"
    if file.exists() or paper.exists():
        raise RuleError("command.file_exists", option="--out")
    write_atomically(file, ticket.file)
    write_atomically(paper, ticket.code.encode() + b"\n")
    return file, paper


def join_with(options: argparse.Namespace) -> Answer:
    """Join with a ticket: from now on everybody can verify this laptop's bundles."""
    code = read_code(options.code_file, "ticket_code", options.lang)
    fingerprint = options.fingerprint or read_code(None, "fingerprint", options.lang)
    data = read_limited(options.ticket, LIMIT)
    with at_work(options) as workplace:
        use_ticket(workplace, data, code, fingerprint)
        document = workplace.district
        return Answer(
            {
                "joined": True,
                "feed": workplace.own_feed().facts.feed,
                "district_number": document.number if document else None,
            }
        )
