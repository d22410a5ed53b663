"""``digest`` and ``verify``: what state this is, and whether everything in it holds."""

from __future__ import annotations

import argparse

from desktop_app.commands.answer import Answer
from desktop_app.commands.finding import need_school
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work, show_progress
from desktop_app.storage.digest import state_digest
from desktop_app.sync.verifying import verify_workplace


def add_to(groups: Groups) -> None:
    """Add the commands."""
    digest = groups.seat("digest", give_digest, "状态摘要 / digest of the state")
    digest.add_argument("--school", default="", help="只算这所学校 / of this school alone")
    groups.seat("verify", verify, "全面核验 / verify everything")


def give_digest(options: argparse.Namespace) -> Answer:
    """Digest everything held, or one school's part: equal holders give equal digests."""
    with at_work(options) as workplace:
        if options.school:
            need_school(workplace, options.school)
        with workplace.database.read() as connection:
            digest = state_digest(connection, options.school or None)
        feed = workplace.own_feed()
        return Answer({"digest": digest, "feed": feed.facts.feed, "sequence": feed.sequence})


def verify(options: argparse.Namespace) -> Answer:
    """Work everything out again from the operations and compare; damage is bad news."""
    with at_work(options) as workplace:
        report = verify_workplace(workplace, show_progress())
    return Answer(
        {
            "holds": report.sound,
            "digest": report.digest,
            "feeds": report.feeds,
            "operations": report.operations,
            "records": report.records,
            "scans": report.scans,
            "missing_scans": report.missing_scans,
            "flaws": [{"code": flaw.code, "place": flaw.place} for flaw in report.flaws],
            "more_flaws": report.more_flaws,
        },
        holds=report.sound,
    )
