"""``queue``: give numbers, call the next, say where a number has come to, list the day."""

from __future__ import annotations

import argparse

from desktop_app.commands.answer import Answer, Line
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.domain.errors import RuleError
from desktop_app.domain.queueing import DONE, LEFT, WAITING, Ticket
from desktop_app.services.queueing import QueueDesk

_MARKS = (WAITING, DONE, LEFT)


def add_to(groups: Groups) -> None:
    """Add the commands."""
    queue = groups.family("queue", "排号 / numbers of the queue")
    village = "村（居）代码，外地不写 / code of the village, none elsewhere"
    give = queue.seat("give", give_number, "发一个号 / give a number")
    give.add_argument("--village", default="", help=village)
    give.add_argument("--category", default="", help="报名类别 / category")
    call = queue.seat("next", call_next, "叫下一号 / call the next")
    call.add_argument("--village", default="", help="只叫这个村 / of this village alone")
    mark = queue.seat("mark", mark_number, "标一个号 / say where a number has come to")
    mark.add_argument("number", help="号，如 KQR-017 / the number")
    mark.add_argument("--state", choices=_MARKS, required=True, help="状态 / its state")
    queue.seat("list", list_numbers, "今天的号 / the numbers of today")


def give_number(options: argparse.Namespace) -> Answer:
    """Give the next number, and the papers its family should have ready."""
    with at_work(options) as workplace:
        desk = QueueDesk(workplace)
        ticket = desk.give(options.village, options.category)
        papers = [one.label for one in desk.papers(ticket.category) if one.wanted]
    return Answer({**_line(ticket), "papers": papers})


def call_next(options: argparse.Namespace) -> Answer:
    """Call whoever has waited longest."""
    with at_work(options) as workplace:
        return Answer(_line(QueueDesk(workplace).call_next(options.village)))


def mark_number(options: argparse.Namespace) -> Answer:
    """Say where a number of today has come to."""
    wanted = options.number.strip().upper()
    with at_work(options) as workplace:
        desk = QueueDesk(workplace)
        found = [one for one in desk.view().tickets if one.spoken == wanted]
        if len(found) != 1:
            raise RuleError("queue.no_number")
        return Answer(_line(desk.move(found[0].record, options.state)))


def list_numbers(options: argparse.Namespace) -> Answer:
    """List the numbers of today: who was called first, then who waits; on an empty day, nobody."""
    with at_work(options) as workplace:
        view = QueueDesk(workplace).view()
    lines = [_line(one) for one in view.tickets]
    return Answer({"queue_waiting": view.count(WAITING), "queue": lines})


def _line(ticket: Ticket) -> Line:
    return {
        "queue_number": ticket.spoken,
        "queue_state": ticket.standing,
        "village": ticket.village,
        "category": ticket.category,
        "called_at_desk": ticket.desk,
    }
