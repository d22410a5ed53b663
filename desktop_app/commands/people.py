"""``person add|remove|list``: who works at this computer."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.commands.answer import Answer, Line
from desktop_app.commands.asking import read_password
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.domain.acts import ROLE_LABELS, Role
from desktop_app.security.memory import wipe
from desktop_app.services.people import PeopleDesk


def add_to(groups: Groups) -> None:
    """Add ``person add``, ``person remove`` and ``person list``."""
    family = groups.family("person", "人员 / people")
    add = family.seat("add", add_person, "加一个人 / let a person in")
    add.add_argument("--name", required=True, help="新人姓名 / the new person's name")
    add.add_argument(
        "--roles",
        required=True,
        nargs="+",
        choices=[role.value for role in Role],
        help="角色 / roles",
    )
    add.add_argument("--new-password-file", type=Path, help="新人的密码文件 / their password file")
    remove = family.seat("remove", remove_person, "停用一个人 / end a person")
    remove.add_argument("--name", required=True, help="姓名 / the person's name")
    family.seat("list", list_people, "列出人员 / list people")


def add_person(options: argparse.Namespace) -> Answer:
    """Let a person in, with keys of their own and the roles granted by whoever acts."""
    with at_work(options) as workplace:
        password = read_password(
            options.new_password_file, "new_password", options.lang, twice=True, inherit=False
        )
        try:
            keys = PeopleDesk(workplace).add(
                options.name, password, [Role(role) for role in options.roles]
            )
        finally:
            wipe(password)
        return Answer({"person": keys.person_id, "roles": sorted(set(options.roles))})


def remove_person(options: argparse.Namespace) -> Answer:
    """End a person: their slot goes, the master key and the database's key are new."""
    with at_work(options) as workplace:
        PeopleDesk(workplace).end(options.name)
        return Answer({"removed": True, "people_left": len(workplace.session.people())})


def list_people(options: argparse.Namespace) -> Answer:
    """List everybody granted here."""
    with at_work(options) as workplace:
        lines: list[Line] = [
            {
                "name": line.name,
                "roles": "、".join(ROLE_LABELS[role] for role in sorted(line.roles)),
                "ended": line.ended,
                "opens_this_computer": line.opens_this_computer,
                "person": line.key,
            }
            for line in PeopleDesk(workplace).lines()
        ]
        return Answer({"people": lines})
