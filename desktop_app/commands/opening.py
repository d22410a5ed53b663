"""Open the data folder that a command names, as the person it names."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from desktop_app.commands.asking import read_password
from desktop_app.domain.errors import RuleError, UntrustedError, WorkplaceError
from desktop_app.messages.catalogue import sentence
from desktop_app.security.computer import Standing
from desktop_app.security.memory import wipe
from desktop_app.security.vault import Vault
from desktop_app.services.district_office import is_unpublished
from desktop_app.services.policies import shipped_policy
from desktop_app.services.progress import Progress
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace, closing

_SUCCEEDED = {
    Standing.RESTORED: "succeeded.restored",
    Standing.COPIED: "succeeded.copied",
    Standing.MISSING: "succeeded.missing",
    Standing.FORKED: "succeeded.forked",
}
"""What is said, once, when this computer has become a successor."""


@contextlib.contextmanager
def at_work(options: argparse.Namespace) -> Iterator[Workplace]:
    """Open the workplace of ``--data`` as ``--user``; sign how far it got, and close it.

    Raises:
        ProductError: as ``open_workplace``; or nobody was named where several could be meant.
    """
    folder: Path = options.data
    name = options.user or only_person(folder)
    password = read_password(options.password_file, "password", options.lang)
    try:
        workplace = open_workplace(folder, name, password, shipped_policy())
    finally:
        wipe(password)
    with closing(workplace):
        say_succession(options, workplace)
        if workplace.older_vault:
            print(sentence(UntrustedError("vault.older_file"), options.lang).line, file=sys.stderr)
        yield workplace


def say_succession(options: argparse.Namespace, workplace: Workplace) -> None:
    """Say that this computer goes on as a successor, if it does: once, and beside the answer.

    It stands on standard error, so that no answer is mixed with it, and ``options.succeeded``
    has the program put it into a JSON object too.
    """
    if workplace.succeeded is None:
        return
    options.succeeded = workplace.succeeded.value
    of_district = is_unpublished(workplace)
    code = "succeeded.district" if of_district else _SUCCEEDED[workplace.succeeded]
    print(sentence(code, options.lang).line, file=sys.stderr)


def only_person(folder: Path) -> str:
    """Name the person of a vault that has only one.

    Raises:
        RuleError: there are several: ``--user`` must say who acts.
        WorkplaceError: there is no vault.
    """
    if not folder.is_dir():
        raise WorkplaceError("workplace.missing")
    people = Vault.open(folder).people()
    if len(people) != 1:
        raise RuleError("command.user")
    return people[0].name


def show_progress() -> Progress:
    """Give a progress that counts on the terminal, where there is one."""
    stream = sys.stderr
    if not stream.isatty():
        return Progress()

    def report() -> None:
        step = progress.news()
        if step is not None:
            end = "\n" if step.done >= step.total else "\r"
            print(f"{step.done}/{step.total}", file=stream, end=end, flush=True)

    progress = Progress(report)
    return progress
