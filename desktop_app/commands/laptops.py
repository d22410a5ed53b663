"""``join request|accept|list|grant|revoke``: laptops without a ticket, and lost ones.

The school leaves a request on a stick, an officer types the fingerprint that the school reads out,
and the school types the district's when the answer is there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.commands.answer import Answer, Line
from desktop_app.commands.asking import read_code, refuse_file
from desktop_app.commands.bundles import taken_answer
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work, show_progress
from desktop_app.domain.acts import read_roles
from desktop_app.durable.files import disk_errors
from desktop_app.security.paper import fingerprint
from desktop_app.services.setup import FIRST_ROLES
from desktop_app.sync.accepting import accept, request
from desktop_app.sync.laptops import LaptopDesk, LaptopLine

_FIRST_ROLES = ",".join(role.value for role in FIRST_ROLES)


def add_to(family: Groups) -> None:
    """Add the commands to ``join``."""
    ask = family.seat("request", leave_request, "学校留下接入申请 / leave a request on a stick")
    ask.add_argument("--out", type=Path, required=True, help="存到 / folder for the request")
    take = family.seat("accept", accept_answer, "学校收核对后的回包 / accept the answer")
    take.add_argument("bundle", type=Path, help="回包 / the district's answer")
    take.add_argument("--fingerprint", help="区里念的指纹（16 位）/ fingerprint the district reads")
    family.seat("list", list_laptops, "区级看各校电脑 / computers, and who waits")
    grant = family.seat("grant", let_in, "区级核对指纹后让电脑接入 / let a computer in")
    grant.add_argument("hello", type=Path, help="申请（.hello）/ the request")
    grant.add_argument("--fingerprint", help="学校念的指纹（16 位）/ fingerprint the school reads")
    grant.add_argument("--name", required=True, help="带头人姓名 / who leads on that computer")
    grant.add_argument("--roles", default=_FIRST_ROLES, help="角色，逗号分开 / roles, with commas")
    grant.add_argument("--school", default="", help="学校标识码 / school that is meant")
    end = family.seat("revoke", end_laptop, "区级停用一台电脑 / end a computer")
    end.add_argument("which", help="台号或数据流 / mark or feed")
    end.add_argument("--school", default="", help="学校标识码 / school code")
    end.add_argument("--sequence", type=int, help="有效到第几条 / last operation that counts")
    end.add_argument(
        "--other-branch", action="store_true", help="分成两支的，算另一支 / the branch kept apart"
    )
    end.add_argument("--reason", default="", help="理由 / reason")


def leave_request(options: argparse.Namespace) -> Answer:
    """Leave this computer's request in a folder, and say the fingerprint to read out."""
    refuse_file(options.out, "--out")
    with at_work(options) as workplace:
        with disk_errors():
            options.out.mkdir(parents=True, exist_ok=True)
        path = request(workplace, options.out)
        return Answer(
            {
                "request": str(path),
                "own_fingerprint": fingerprint(workplace.computer.key.public),
            }
        )


def accept_answer(options: argparse.Namespace) -> Answer:
    """Believe the district of an answer by its typed fingerprint, and take the answer in."""
    typed = options.fingerprint or read_code(None, "fingerprint", options.lang)
    with at_work(options) as workplace:
        done = accept(workplace, options.bundle, typed, show_progress())
        told = taken_answer(workplace, done.taken, options.lang)
    values = {"joined": done.joined, "district": done.district, **told.values}
    return Answer(values, told.holds)


def list_laptops(options: argparse.Namespace) -> Answer:
    """List the computers of all schools; who waits, and what is wrong, comes first."""
    with at_work(options) as workplace:
        desk = LaptopDesk(workplace)
        return Answer(
            {
                "fingerprint": desk.fingerprint(),
                "laptops": [_line(one) for one in desk.lines()],
            }
        )


def _line(one: LaptopLine) -> Line:
    return {
        "state": one.state,
        "school": one.label,
        "mark": one.mark,
        "people": "、".join(one.people),
        "fingerprint": one.fingerprint,
        "feed": one.feed,
        "operations": one.held,
        "bundles": one.bundles,
        "valid_to": one.limit,
        "fork": one.fork,
        "apart": one.apart,
        "program": one.packed_with.program,
        "policy_package": one.packed_with.policy_number,
        "same_ticket": " ".join(one.twins),
    }


def let_in(options: argparse.Namespace) -> Answer:
    """Let a computer in whose fingerprint the school has read out; take in what waited."""
    typed = options.fingerprint or read_code(None, "own_fingerprint", options.lang)
    roles = read_roles(options.roles.replace(",", " "))
    with at_work(options) as workplace:
        admitted, taken = LaptopDesk(workplace).admit_file(
            options.hello, typed, options.name, roles, options.school, show_progress()
        )
        told = taken_answer(workplace, taken, options.lang)
    stub = admitted.stub
    values = {
        "feed": admitted.feed,
        "school": admitted.school,
        "mark": stub.mark,
        "numbers": f"{stub.first}-{stub.last}",
        **told.values,
    }
    return Answer(values, told.holds)


def end_laptop(options: argparse.Namespace) -> Answer:
    """End a computer: what it wrote counts up to what is held, or to ``--sequence``."""
    with at_work(options) as workplace:
        desk = LaptopDesk(workplace)
        feed = desk.find(options.which, options.school)
        ended = desk.revoke(feed, options.sequence, options.reason, other=options.other_branch)
    return Answer(
        {
            "feed": ended.feed,
            "school": ended.school,
            "valid_to": ended.sequence,
            "void": ended.void,
        }
    )
