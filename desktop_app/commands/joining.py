"""``join``: a laptop joins with no network, by a ticket; the district publishes its document."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from desktop_app.commands.answer import Answer
from desktop_app.commands.asking import read_code, read_password, refuse_existing, refuse_file
from desktop_app.commands.groups import Groups
from desktop_app.commands.laptops import add_to as add_laptops
from desktop_app.commands.opening import at_work
from desktop_app.domain.errors import RuleError
from desktop_app.durable.files import make_private_folder, read_limited, write_atomically
from desktop_app.security.memory import wipe
from desktop_app.security.ticket import LIMIT
from desktop_app.services.district_office import DistrictOffice, IssuedTicket
from desktop_app.services.ticket_book import TicketBook
from desktop_app.services.ticket_desk import TicketDesk, ticket_name
from desktop_app.sync.joining import use_ticket


def add_to(groups: Groups) -> None:
    """Add ``join ticket``, ``join use``, ``join publish``, and what needs no ticket."""
    family = groups.family("join", "电脑接入区局 / joining, without a network")
    ticket = family.seat("ticket", issue_ticket, "区级开接入票 / issue a ticket")
    ticket.add_argument("--school", required=True, help="学校标识码 / school code")
    ticket.add_argument("--out", type=Path, required=True, help="票存到 / folder for the ticket")
    ticket.add_argument(
        "--code-out", type=Path, help="票码写到，不和票放一处 / file for the code, kept apart"
    )
    ticket.add_argument(
        "--mark", help="台号，默认下一个 / the laptop's mark in receipt numbers, else the next"
    )
    ticket.add_argument("--first", type=int, help="首号，默认接着排 / first number, else the next")
    ticket.add_argument("--last", type=int, help="末号 / last number")
    again = family.seat("publish", publish_again, "重新发布区级文件 / publish the next document")
    again.add_argument(
        "--root", type=Path, required=True, help="根钥匙的夹 / folder of the root key"
    )
    again.add_argument("--root-password-file", type=Path, help="根钥匙的口令文件 / its passphrase")
    use = family.seat("use", join_with, "学校用票接入区局 / join with a ticket")
    use.add_argument("ticket", type=Path, help="票文件 / ticket file")
    use.add_argument("--code-file", type=Path, help="纸上的票码 / file with the ticket's code")
    use.add_argument(
        "--fingerprint", help="纸上的区级指纹（16 位）/ the district's fingerprint from paper"
    )
    add_laptops(family)


def issue_ticket(options: argparse.Namespace) -> Answer:
    """Issue a ticket: the file goes to a stick; its code is shown, or goes to a place apart."""
    refuse_file(options.out, "--out")
    keep_apart(options.out, options.code_out)
    with at_work(options) as workplace:
        desk, book = TicketDesk(workplace), TicketBook(workplace)
        stub = book.allot(options.school, options.mark, options.first, options.last)
        write = partial(write_ticket, options.out, options.school, options.code_out)
        given = desk.give(options.school, stub, write)
    code = {"paper": str(options.code_out)} if options.code_out else {"paper_code": given.code}
    return Answer(
        {
            "ticket": str(given.path),
            **code,
            "fingerprint": given.fingerprint,
            "serial": given.serial,
            "mark": stub.mark,
            "numbers": f"{stub.first}-{stub.last}",
        }
    )


def keep_apart(folder: Path, code_file: Path | None) -> None:
    """Refuse a code beside its ticket: whoever finds the stick could join with the two.

    Raises:
        RuleError: ``command.code_beside``, or the file is there already.
        WorkplaceError: there is no folder for it.
    """
    if code_file is None:
        return
    if code_file.resolve().is_relative_to(folder.resolve()):
        raise RuleError("command.code_beside")
    refuse_existing(code_file, "--code-out")


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


def write_ticket(folder: Path, school: str, code_file: Path | None, ticket: IssuedTicket) -> Path:
    """Write a ticket's file into a folder, its code into a file elsewhere; give the ticket's path.

    Raises:
        RuleError: a ticket of that name is there already.
        WorkplaceError: the disk refused.
    """
    make_private_folder(folder)
    file = folder / ticket_name(school, ticket.mark)
    if file.exists():
        raise RuleError("command.file_exists", option="--out")
    if code_file is not None:
        write_atomically(code_file, ticket.code.encode() + b"\n")
    write_atomically(file, ticket.file)
    return file


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
