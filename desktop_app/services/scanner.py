"""The scanner of this computer 查毒: which command looks at a bundle before it is opened, if any.

Off until a lead names one. The command is a setting of this computer: it lies in the encrypted
database, travels nowhere, and no stick can change it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.durable.scanning import check_scanner, scan
from desktop_app.services.people import PeopleDesk
from desktop_app.services.workplace import Workplace

SETTING = "scanner.command"
_LEADS = frozenset({Role.PRINCIPAL, Role.OFFICER})


def scanner_of(workplace: Workplace) -> tuple[str, ...]:
    """Give the command and its arguments, nothing where no scanner is named."""
    return tuple(json.loads(workplace.settings.get(SETTING, "[]")))


def name_scanner(workplace: Workplace, command: Sequence[str]) -> None:
    """Name the command that looks at bundles from now on; an empty one means none.

    Raises:
        RuleError: ``people.not_allowed``, or as ``check_scanner``.
        WorkplaceError: the disk refused.
    """
    if not _LEADS & PeopleDesk(workplace).roles():
        raise RuleError("people.not_allowed")
    if command:
        check_scanner(command)
    workplace.settings.set(SETTING, json.dumps(list(command), ensure_ascii=False))


def look_at(workplace: Workplace, path: Path) -> None:
    """Have a copy in the inbox looked at, where a scanner is named.

    Raises:
        UntrustedError: ``scanner.found``.
        WorkplaceError: ``scanner.failed``.
    """
    command = scanner_of(workplace)
    if command:
        scan(command, path)
