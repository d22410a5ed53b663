"""``policy check|list|save|publish|withdraw|restore``: the packages of a district (ADR 0014)."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from desktop_app.commands.answer import Answer, Line
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.domain.errors import RuleError
from desktop_app.messages.catalogue import Language, sentence
from desktop_app.policy.comparing import Difference
from desktop_app.policy.item_words import item_word
from desktop_app.policy.load import load_package
from desktop_app.policy.package import Policy
from desktop_app.services.calendar import local_time
from desktop_app.services.policy_desk import PackageLine, PolicyDesk


def add_to(groups: Groups) -> None:
    """Add the commands."""
    family = groups.family("policy", "政策包 / the district's policy packages")
    look = family.plain("check", check_folder, "检查一个政策包夹 / check a folder")
    family.seat("list", list_packages, "列出政策包，看在用哪个 / list, and which is in use")
    save = family.seat("save", save_files, "存出在用的，拿去改 / write out the one in force")
    save.add_argument("--out", type=Path, required=True, help="存到 / folder")
    out = family.seat("publish", publish, "区级发布，随回包发给各校 / publish to all schools")
    for one in (look, out):
        one.add_argument("folder", type=Path, help="政策包夹 / folder of the package")
    for name, about, again in (
        ("withdraw", "区级撤回一个，用回前一个 / take one back", False),
        ("restore", "区级重新启用撤回的 / bring one back", True),
    ):
        back = family.seat(name, partial(_turn, again=again), about)
        back.add_argument("number", help="政策包号 / its number")


def check_folder(options: argparse.Namespace) -> Answer:
    """Check a folder without publishing it; all that is wrong is said at once."""
    return Answer(_named(load_package(options.folder)))


def list_packages(options: argparse.Namespace) -> Answer:
    """List the packages, and say which one this computer works by."""
    with at_work(options) as workplace:
        desk = PolicyDesk(workplace)
        lines = [_line(one, options.lang) for one in desk.lines()]
        return Answer({"in_use": desk.in_use.version, "policies": lines})


def save_files(options: argparse.Namespace) -> Answer:
    """Write the files of the package in force into a folder, to be edited."""
    with at_work(options) as workplace:
        return Answer({"policy_folder": str(PolicyDesk(workplace).save(options.out))})


def publish(options: argparse.Namespace) -> Answer:
    """Publish a package; it travels with every answer from now on."""
    with at_work(options) as workplace:
        desk = PolicyDesk(workplace)
        examined = desk.examine(options.folder)
        desk.publish(examined)
        changes = [line for one in examined.changes for line in _changed(one)]
        return Answer({**_named(examined.policy), "policy_changes": changes})


def _turn(options: argparse.Namespace, *, again: bool) -> Answer:
    with at_work(options) as workplace:
        desk = PolicyDesk(workplace)
        desk.withdraw(desk.find(_number(options.number)), again=again)
        lines = [_line(one, options.lang) for one in desk.lines()]
        return Answer({"policies": lines})


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit()):
        raise RuleError("command.usage", command="policy", option="number")
    return int(typed)


def _named(policy: Policy) -> dict[str, str]:
    return {"policy_package": policy.number, "title": policy.title, "version": policy.version}


def _line(one: PackageLine, lang: Language) -> Line:
    error = None if one.error is None else sentence(one.error, lang).line
    when = local_time(one.published_at) if one.published_at else None
    return {
        "policy_package": one.number,
        "title": one.title,
        "digest": one.digest,
        "published": "" if when is None else f"{when:%Y-%m-%d %H:%M}",
        "publisher": one.person,
        "withdrawn": one.withdrawn,
        "in_force": one.in_force,
        "example_entries": sum(one.examples.values()),
        "unusable": error or "",
    }


def _changed(one: Difference) -> Iterator[Line]:
    """Say a difference, an item of its entry in each line, with what it was and what it is."""
    line: Line = {"file": one.file, "entry": f"{one.entry} {one.label}".strip()}
    for part in one.parts:
        word = item_word(part.key or one.entry)
        said = {"item": word, "before": part.before, "now": part.after}
        yield {**line, "change": one.what, **said}
    if not one.parts:
        yield {**line, "change": one.what}
