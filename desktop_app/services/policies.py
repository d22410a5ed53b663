"""Policy packages 政策包: which one is in force, and what the district publishes (ADR 0014).

In force is the highest published one that was not withdrawn and can be used here, else the one that
ships with the program. It is settled when a folder is opened and holds until it is closed, so that
no rule changes under a form; what comes meanwhile is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import ProductError, RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.places import resource_path
from desktop_app.policy.load import load_files, load_package
from desktop_app.policy.package import Policy
from desktop_app.policy.parcel import unpack
from desktop_app.services.workplace import Workplace
from desktop_app.storage.database import Connection
from desktop_app.storage.rows import Row, read_rows

SHIPPED = "zhanhe-2024"
PACKAGE, REFUSAL = "policy_package", "policy_refusal"
_LONGEST = {"rule": 60, "place": 120}


@lru_cache(maxsize=1)
def shipped_policy() -> Policy:
    """Load the package that ships with the program, once per process.

    Raises:
        RuleError: ``policy.refused``: somebody changed its files.
    """
    return load_package(resource_path("policy", SHIPPED))


@dataclass(frozen=True, slots=True)
class Refused:
    """A published package that cannot be used here, and why."""

    number: int
    digest: str
    error: ProductError


@dataclass(frozen=True, slots=True)
class Choice:
    """The package in force: its record, empty for the shipped one, and what was passed over."""

    policy: Policy
    record: str = ""
    refused: tuple[Refused, ...] = ()


def choose(connection: Connection, scope: str, shipped: Policy, *, turned: str = "") -> Choice:
    """Choose the package in force for a district's common scope, by what is held alone.

    ``turned`` is a record that is taken for withdrawn where it stands, and the other way round.
    """
    refused: list[Refused] = []
    for row in published(connection, scope):
        if (row.values.get("withdrawn") is True) is not (row.record == turned):
            continue
        found = _read(row.text("package"), row.text("digest"), number_of(row), scope)
        if isinstance(found, Policy):
            return Choice(found, row.record, tuple(refused))
        refused.append(Refused(number_of(row), row.text("digest"), found))
    return Choice(shipped, "", tuple(refused))


def settle_policy(workplace: Workplace) -> None:
    """Take the package in force into use; called while the folder is opened."""
    workplace.policy = current_choice(workplace).policy


def current_choice(workplace: Workplace) -> Choice:
    """Say which package is in force by what is held now; it may have come since the opening."""
    scope = common_scope(workplace)
    if not scope:
        return Choice(workplace.shipped)
    with workplace.database.read() as connection:
        return choose(connection, scope, workplace.shipped)


@dataclass(frozen=True, slots=True)
class News:
    """What came since the opening: a package that waits for the next one, and refused ones."""

    waiting: str = ""
    """The number of the package that is in force by now, where another one is in use."""
    refused: tuple[Refused, ...] = ()


def policy_news(workplace: Workplace) -> News:
    """Say what is to be told of packages that came."""
    choice = current_choice(workplace)
    other = choice.policy.version != workplace.policy.version
    return News(choice.policy.number if other else "", choice.refused)


def common_scope(workplace: Workplace) -> str:
    """Give the scope of the district's common feed, empty where no district is known."""
    if workplace.seat.kind == "district":
        return workplace.seat.scope
    return "" if workplace.district is None else f"district:{workplace.district.code}"


def published(connection: Connection, scope: str) -> list[Row]:
    """Give the published packages, the highest number first; of equal ones the lower record."""
    rows = read_rows(connection, RECORD_TYPES[PACKAGE], scope, {})
    return sorted(rows, key=lambda row: (-number_of(row), row.record))


def number_of(row: Row) -> int:
    """Give a package's number, 0 where it has none."""
    number = row.values.get("number")
    return number if isinstance(number, int) else 0


@lru_cache(maxsize=8)
def _read(package: str, digest: str, number: int, scope: str) -> Policy | ProductError:
    """Load a packed package, once per process, or say why it cannot be used."""
    try:
        policy = load_files(unpack(package))
        require_fit(policy, scope)
    except ProductError as error:
        return error
    if (policy.digest, int(policy.number)) != (digest, number):
        return RuleError("policy.other_package")
    return policy


def require_fit(policy: Policy, scope: str) -> None:
    """Refuse another district's package."""
    if scope != f"district:{policy.district}":
        raise RuleError("policy.other_district", district=policy.district)


# --- refusals ---------------------------------------------------------------------------------


def note_refusals(workplace: Workplace, refused: Iterable[Refused]) -> None:
    """Write down what was refused here and is not written down yet (audit; ADR 0014)."""
    scope, feed = workplace.seat.scope, workplace.own_feed().facts.feed
    with workplace.database.read() as connection:
        rows = read_rows(connection, RECORD_TYPES[REFUSAL], scope, {})
    known = {row.text("digest") for row in rows if row.created_in == feed}
    fresh = [one for one in refused if one.digest not in known]
    if not fresh:
        return
    with workplace.journal.begin(workplace.actor(), scope) as work:
        for one in fresh:
            work.create(REFUSAL, _said(one), signed=True)


def _said(refused: Refused) -> dict[str, Value]:
    details = refused.error.details
    return {
        "digest": refused.digest,
        "number": refused.number or None,
        "rule": str(details.get("rule", refused.error.code))[: _LONGEST["rule"]],
        "place": str(details.get("place", ""))[: _LONGEST["place"]] or None,
        "faults": int(str(details.get("count", 1))),
    }
