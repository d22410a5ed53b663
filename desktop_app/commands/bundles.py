"""``export``, ``import``, ``inspect`` and ``ingest``: bundles on a stick, and the intake."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from desktop_app.commands.answer import Answer, Json, Line
from desktop_app.commands.asking import refuse_file
from desktop_app.commands.finding import schools_held
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work, show_progress
from desktop_app.domain.errors import RuleError, WorkplaceError
from desktop_app.durable.files import disk_errors
from desktop_app.messages.catalogue import Language, sentence
from desktop_app.services.cross_school import CrossSchoolDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync.answers import Answered, Left, answer_each
from desktop_app.sync.bundle import SUFFIX
from desktop_app.sync.inbox import FAILED, KEPT, PENDING, REFUSED, WAITING, TakenIn, greet, take_in
from desktop_app.sync.inspect import inspect
from desktop_app.sync.joining import tickets_used_twice
from desktop_app.sync.outbox import Exported, export
from desktop_app.sync.relay import RELAYED

_KEPT_FOR = {PENDING: "kept.pending", WAITING: "kept.waiting", RELAYED: "kept.relayed"}
"""What is said of bundles that are kept, where nothing was wrong with them."""


def add_to(groups: Groups) -> None:
    """Add the commands."""
    out = groups.seat("export", export_bundle, "装包到盘上 / write a bundle to a stick")
    out.add_argument("--to", dest="target", type=Path, required=True, help="目标夹 / folder")
    out.add_argument("--school", default="", help="区级：给哪所学校，默认全部 / for which school")
    taken = groups.seat("import", import_bundles, "收包 / take bundles in")
    taken.add_argument("paths", nargs="+", type=Path, help="包或夹 / bundles or folders")
    look = groups.plain("inspect", inspect_bundle, "看包 / what a bundle says of itself")
    look.add_argument("path", type=Path, help="包 / bundle")
    look.add_argument("--data", type=Path, help="拿这个资料夹核对 / check with a data folder")
    look.add_argument("--user", default="", help="本人姓名 / who acts")
    look.add_argument("--password-file", type=Path, help="密码文件 / file with the password")
    ingest = groups.seat("ingest", ingest_folder, "区级成批收包 / the district's intake")
    ingest.add_argument("--inbox", type=Path, required=True, help="放包的夹 / folder of bundles")


def export_bundle(options: argparse.Namespace) -> Answer:
    """Write what others have not acknowledged; the district writes one answer per school."""
    refuse_file(options.target, "--to")
    with at_work(options) as workplace:
        with disk_errors():
            options.target.mkdir(parents=True, exist_ok=True)
        if workplace.seat.kind == "district":
            schools = [options.school] if options.school else schools_held(workplace)
            if not schools:
                raise RuleError("bundle.nobody_to_answer")
            found = answer_each(workplace, schools, options.target, show_progress())
        else:
            found = Answered((export(workplace, options.target, show_progress()),))
    bundles: list[Line] = [described(one) for one in found.made]
    values: dict[str, Json] = {"bundles": bundles, "safe_to_remove": True}
    if found.left:
        values["schools_left_out"] = [_left_out(one, options.lang) for one in found.left]
    return Answer(values, holds=all(one.expected for one in found.left))


def _left_out(left: Left, lang: Language) -> Line:
    """Say which school was given no answer, and why."""
    return {"school": left.school, "reason": sentence(left.error, lang).line}


def described(made: Exported) -> Line:
    """Say what was written, after it was read back."""
    return {
        "bundle": made.name,
        "number": made.number,
        "operations": made.operations,
        "digest": made.digest,
        "further_volumes": " ".join(volume.name for volume in made.volumes),
        "pages_left": made.scans_left,
        "relayed": made.relayed,
    }


def import_bundles(options: argparse.Namespace) -> Answer:
    """Take bundles in: what is proven and fresh is folded, the rest is named."""
    paths = bundles_in(options.paths)
    with at_work(options) as workplace:
        taken = take_in(workplace, paths, show_progress())
        for folder in filter(Path.is_dir, options.paths):
            greet(workplace, folder)
        return taken_answer(workplace, taken, options.lang)


def ingest_folder(options: argparse.Namespace) -> Answer:
    """Take in every bundle of a folder, as the district does after the sticks came."""
    with at_work(options) as workplace:
        if workplace.seat.kind != "district":
            raise RuleError("office.not_district")
        desk = CrossSchoolDesk(workplace)
        before = desk.waiting()
        taken = take_in(workplace, bundles_in([options.inbox]), show_progress())
        pairs = len(desk.waiting() - before)
        for folder in filter(Path.is_dir, [options.inbox]):
            greet(workplace, folder)
        schools = schools_held(workplace)
        told = taken_answer(workplace, taken, options.lang)
    return Answer({**told.values, "schools": schools, "new_pairs": pairs}, told.holds)


def bundles_in(paths: Iterable[Path]) -> list[Path]:
    """Name the bundles among files and folders given, in the order of their names.

    Raises:
        WorkplaceError: something named is not there, or there is no bundle.
    """
    found: list[Path] = []
    for path in paths:
        with disk_errors():
            path.stat()
            here = path.iterdir() if path.is_dir() else ()
            found += sorted(one for one in here if one.name.lower().endswith(SUFFIX))
            found += [] if path.is_dir() else [path]
    if not found:
        raise WorkplaceError("command.no_bundles")
    return found


def taken_answer(workplace: Workplace, taken: Sequence[TakenIn], lang: Language) -> Answer:
    """Say what became of each bundle; one refused or failed makes the whole answer bad news."""
    lines: list[Line] = [
        {
            "bundle": one.name,
            "outcome": one.outcome,
            "operations": one.operations,
            "fresh": one.fresh,
            "reason": _reason(one, lang),
        }
        for one in taken
    ]
    values: dict[str, Json] = {
        "bundles": lines,
        "operations": sum(one.operations for one in taken),
        "fresh": sum(one.fresh for one in taken),
        "waiting": sum(one.outcome in KEPT for one in taken),
        "refused": sum(one.outcome in {REFUSED, FAILED} for one in taken),
        "tickets_used_twice": tickets_twice(workplace),
    }
    return Answer(values, holds=not values["refused"])


def _reason(one: TakenIn, lang: Language) -> str:
    """Say why a bundle did not go in, what it waits for, or what in it does not count."""
    found = one.error or _KEPT_FOR.get(one.outcome, one.told)
    return sentence(found, lang).line if found else ""


def tickets_twice(workplace: Workplace) -> list[Line]:
    """Name the laptops that joined with one ticket: whose code and file came into two hands."""
    with workplace.database.read() as connection:
        known = load_feeds(connection)
    return [
        {"school": known[feeds[0]].facts.scope, "feeds": " ".join(feeds)}
        for _, feeds in tickets_used_twice(workplace)
    ]


def inspect_bundle(options: argparse.Namespace) -> Answer:
    """Say what a bundle states of itself, and what of it can be proved here."""
    if options.data is None:
        found = inspect(options.path)
    else:
        with at_work(options) as workplace:
            found = inspect(options.path, workplace)
    feeds: list[Line] = [
        {"feed": one.feed, "after": one.after, "to": one.to, "proved": one.proved}
        for one in found.feeds or ()
    ]
    return Answer(
        {
            "bundle": found.name,
            "purpose": found.purpose,
            "number": found.number,
            "scope": found.scope,
            "carrier": found.carrier,
            "proved": found.carrier_proved,
            "recipients": len(found.recipients),
            "operations": found.operations,
            "size": found.payload_size,
            "scans": found.scans,
            "feeds": feeds,
            "sealed": sentence(found.sealed, options.lang).line if found.sealed else None,
        }
    )
