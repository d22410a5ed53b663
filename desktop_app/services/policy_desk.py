"""The desk on which the district publishes packages 政策包 and takes them back (ADR 0014)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import ProductError, RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.files import disk_errors, make_private_folder, write_atomically
from desktop_app.durable.places import resource_path
from desktop_app.policy.comparing import Difference, differences
from desktop_app.policy.load import (
    digest_of,
    folder_faults,
    load_files,
    package_folder,
    read_files,
)
from desktop_app.policy.package import Policy
from desktop_app.policy.parcel import pack, unpack
from desktop_app.policy.reading import Fault
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import (
    PACKAGE,
    SHIPPED,
    Refused,
    choose,
    common_scope,
    current_choice,
    note_refusals,
    number_of,
    published,
    require_fit,
)
from desktop_app.services.workplace import Workplace
from desktop_app.storage.database import Connection
from desktop_app.storage.rows import read_rows


@dataclass(frozen=True, slots=True)
class PackageLine:
    """One package as the page lists it; ``error`` says why it cannot be used here."""

    record: str
    number: int
    title: str
    digest: str
    published_at: int
    person: str
    withdrawn: bool
    in_force: bool
    error: ProductError | None = None
    examples: Mapping[str, int] = field(default_factory=dict)
    """Of the one in force: how many made-up entries it holds, by kind."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A folder's package that may be published, and what it changes against the one in force."""

    files: Mapping[str, bytes]
    policy: Policy
    changes: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A folder's package that is refused, and everything that is wrong with it."""

    folder: str
    faults: tuple[Fault, ...]


class PolicyDesk:
    """The use cases of the page on which the district publishes packages."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace; a school's can only look."""
        self._workplace = workplace

    # --- what is known ------------------------------------------------------------------------

    @property
    def in_use(self) -> Policy:
        """Give the package this opening works by."""
        return self._workplace.policy

    def lines(self) -> tuple[PackageLine, ...]:
        """List the published packages, the highest first, and the shipped one last."""
        workplace, scope = self._workplace, common_scope(self._workplace)
        with workplace.database.read() as connection:
            rows = published(connection, scope) if scope else []
            choice = choose(connection, scope, workplace.shipped)
            people = _names(connection, scope)
        passed = {one.digest: one.error for one in choice.refused}
        lines = [
            PackageLine(
                record=row.record,
                number=number_of(row),
                title=row.text("title"),
                digest=row.text("digest"),
                published_at=row.created_at,
                person=people.get(row.created_by, ""),
                withdrawn=row.values.get("withdrawn") is True,
                in_force=row.record == choice.record,
                error=passed.get(row.text("digest")),
                examples=choice.policy.examples if row.record == choice.record else {},
            )
            for row in rows
        ]
        return (*lines, _shipped_line(workplace.shipped, in_force=not choice.record))

    def examine(self, folder: Path) -> Examined:
        """Read a folder's package before it is published; a refusal is written down.

        Raises:
            RuleError: ``policy.refused`` with what is wrong, ``policy.other_district``,
                ``policy.number``, ``policy.too_large``, ``policy.not_allowed``.
            WorkplaceError: the disk refused.
        """
        self._check()
        files = read_files(folder)
        try:
            policy = load_files(files)
            require_fit(policy, self._workplace.seat.scope)
        except RuleError as error:
            note_refusals(self._workplace, [Refused(0, digest_of(files), error)])
            raise
        highest = max(one.number for one in self.lines())
        if int(policy.number) <= highest:
            raise RuleError("policy.number", number=int(policy.number), highest=highest)
        pack(files)
        return Examined(files, policy, differences(self._files_in_force(), files))

    def look(self, place: Path) -> Examined | Unfit:
        """Examine the package at a place: in the folder itself, or in the only one that holds one.

        Raises:
            ProductError: ``policy.several_folders``, or as ``examine`` but for ``policy.refused``.
        """
        folder = package_folder(place)
        try:
            return self.examine(folder)
        except RuleError as error:
            if error.code != "policy.refused":
                raise
        faults = folder_faults(folder)
        return Unfit(folder.name, tuple(sorted(faults, key=lambda one: one.rule[:2] != "FB")))

    def publish(self, examined: Examined) -> str:
        """Publish a package to all schools; give its record.

        Raises:
            RuleError: ``policy.not_allowed``, ``policy.number``: another one came first.
        """
        self._check()
        policy = examined.policy
        highest = max(one.number for one in self.lines())
        if int(policy.number) <= highest:
            raise RuleError("policy.number", number=int(policy.number), highest=highest)
        values: dict[str, Value] = {
            "number": int(policy.number),
            "title": policy.title,
            "digest": policy.digest,
            "package": pack(examined.files),
        }
        workplace = self._workplace
        with workplace.journal.begin(workplace.actor(), workplace.seat.scope) as work:
            return work.create(PACKAGE, values, signed=True)

    def withdraw(self, record: str, *, again: bool = False) -> None:
        """Take a package back, so that the one before it is in force, or bring it back.

        Raises:
            RuleError: ``policy.not_allowed``.
            StaleError: there is no such package.
        """
        self._check()
        workplace = self._workplace
        with workplace.journal.begin(workplace.actor(), workplace.seat.scope) as work:
            act = "restore" if again else "withdraw"
            work.edit(PACKAGE, record, {"withdrawn": not again}, act=act, signed=True)

    def after_turning(self, record: str) -> Policy:
        """Say which package would be in force if this one were withdrawn, or brought back.

        No record is turned where it is empty: it is the one in force now.
        """
        workplace, scope = self._workplace, common_scope(self._workplace)
        with workplace.database.read() as connection:
            return choose(connection, scope, workplace.shipped, turned=record).policy

    def save(self, folder: Path) -> Path:
        """Write the files of the package in force into a new folder, to be edited there.

        Raises:
            RuleError: ``policy.folder_taken``: something lies there.
            WorkplaceError: the disk refused.
        """
        choice = current_choice(self._workplace)
        place = folder / f"{choice.policy.id}-{choice.policy.number}"
        with disk_errors():
            if place.exists():
                raise RuleError("policy.folder_taken")
        files = self._files_in_force()
        make_private_folder(place)
        try:
            for name, data in files.items():
                write_atomically(place / name, data)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)  # half of it would bar the next try
            raise
        return place

    def find(self, number: int) -> str:
        """Give the record of a published package by its number.

        Raises:
            RuleError: ``policy.unknown_number``.
        """
        found = [one.record for one in self.lines() if one.number == number and one.record]
        if not found:
            raise RuleError("policy.unknown_number", number=number)
        return found[0]

    def _files_in_force(self) -> Mapping[str, bytes]:
        record = current_choice(self._workplace).record
        if not record:
            return read_files(resource_path("policy", SHIPPED))
        scope = common_scope(self._workplace)
        with self._workplace.database.read() as connection:
            row = next(one for one in published(connection, scope) if one.record == record)
        return unpack(row.text("package"))

    def _check(self) -> None:
        """Refuse what nobody would count."""
        if self._workplace.seat.kind != "district":
            raise RuleError("office.not_district")
        if Role.OFFICER not in PeopleDesk(self._workplace).roles():
            raise RuleError("policy.not_allowed")


def _shipped_line(shipped: Policy, *, in_force: bool) -> PackageLine:
    return PackageLine(
        record="",
        number=int(shipped.number),
        title=shipped.title,
        digest=shipped.digest,
        published_at=0,
        person="",
        withdrawn=False,
        in_force=in_force,
        examples=shipped.examples if in_force else {},
    )


def _names(connection: Connection, scope: str) -> dict[str, str]:
    """Name the persons of a scope."""
    rows = read_rows(connection, RECORD_TYPES["person"], scope, {})
    return {row.record: row.text("full_name") for row in rows}
