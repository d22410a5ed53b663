"""``amend``: change fields of a registered child, as the form of the window does."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping

from desktop_app.commands.answer import Answer
from desktop_app.commands.coding import need_code
from desktop_app.commands.finding import record_of
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.domain.errors import RuleError
from desktop_app.policy.package import Policy
from desktop_app.services.amendment import AmendmentDesk

_SET = "--set"
_FROM_NUMBER = ("sex", "birth_date")
"""What an ID number fills in: with another number what stood there before is asked for no more."""


def add_to(groups: Groups) -> None:
    """Add ``amend``."""
    amend = groups.seat("amend", amend_record, "改登记 / amend a registration")
    amend.add_argument("receipt", help="回执号 / receipt number")
    amend.add_argument(
        _SET,
        dest="fields",
        action="append",
        required=True,
        metavar="FIELD=VALUE",
        help="改哪一格，可写多次，见 codes fields；等号后空着是清空 / field, may be repeated",
    )


def amend_record(options: argparse.Namespace) -> Answer:
    """Write what differs from what is stored, and say which fields that were."""
    with at_work(options) as workplace:
        changes = read_changes(workplace.policy, options.fields)
        desk = AmendmentDesk(workplace)
        stored = desk.open(record_of(workplace, options.receipt))
        form = corrected_form(stored.form, changes)
        made = desk.amend(stored.record, form, stored.form, stored.decisions)
        names = workplace.policy.materials
        missing = [f"{code} {names[code].label}" for code in made.missing]
    return Answer(
        {
            "receipt_number": made.receipt_number,
            "changed": list(made.changed),
            "complete": not missing,
            "missing": missing,
        }
    )


def corrected_form(stored: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """Give the form as it is to be: with another number, what it fills in is asked for no more."""
    form = {**stored, **changes}
    if "id_number" in changes:
        form |= {name: "" for name in _FROM_NUMBER if name not in changes}
    return form


def read_changes(policy: Policy, given: Iterable[str], command: str = "amend") -> dict[str, str]:
    """Read ``FIELD=VALUE``; the last word about a field counts.

    Raises:
        RuleError: ``command.usage`` without an equals sign, ``command.code`` for no such field.
    """
    changes = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise RuleError("command.usage", command=command, option=_SET)
        need_code(policy, "fields", name, _SET)
        changes[name] = value
    return changes
