"""Load a policy package: a folder of small TOML files becomes one checked ``Policy``.

All faults are collected before any is raised. Which bytes a package is, is said by its manifest, in
the form of ``sha256sum``, and by the digest of that manifest; signing them is the caller's.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from desktop_app.domain.age import AgeRule
from desktop_app.domain.declare import Stage
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.files import read_limited
from desktop_app.policy.asking import ALSO, read_additions, read_questions
from desktop_app.policy.checks import check_deny_list, check_policy
from desktop_app.policy.entries import Document
from desktop_app.policy.lines import line_of
from desktop_app.policy.package import Policy
from desktop_app.policy.places import read_catchment, read_schools, read_townships, read_villages
from desktop_app.policy.reading import Entry, Fault, Faults
from desktop_app.policy.rules import (
    STAGES,
    read_categories,
    read_correction,
    read_materials,
    read_ranking,
    read_reasons,
    read_retention,
    read_windows,
)
from desktop_app.policy.texts import (
    read_field_help,
    read_notice,
    read_self_check,
    read_wording,
)

FILES = (
    "calendar.toml",
    "catchment.toml",
    "categories.toml",
    "field_help.toml",
    "materials.toml",
    "notice.toml",
    "places.toml",
    "policy.toml",
    "reasons.toml",
    "schools.toml",
    "self_check.toml",
    "wording.toml",
)
"""Every file of a package; more or fewer are refused."""

MAX_FILE = 512 * 1024
_MAIN = "policy.toml"
_OWN_FIELDS = frozenset({"same_address", "notice_read"})
_SHOWN_FAULTS = 20


def form_fields() -> frozenset[str]:
    """Name the fields that registration may ask, from the declared records.

    A guardian's are prefixed, as they stand beside the child's on one form.
    """
    asked = {Stage.REGISTRATION, Stage.CATEGORY}
    applicant = {
        name for name, one in RECORD_TYPES["applicant"].fields.items() if one.item.stage in asked
    }
    guardian = {
        "guardian_" + name.removeprefix("full_")
        for name, one in RECORD_TYPES["guardian"].fields.items()
        if one.item.stage in asked
    }
    return frozenset(applicant | guardian) | _OWN_FIELDS


def read_files(folder: Path) -> Mapping[str, bytes]:
    """Read the bytes of a package folder, following no link.

    Raises:
        RuleError: a file is missing, or one is there that does not belong.
        UntrustedError: a file is too large or no regular file.
        WorkplaceError: the disk failed.
    """
    _refuse_if_any(_names_amiss(folder))
    return MappingProxyType({name: read_limited(folder / name, MAX_FILE) for name in FILES})


def package_folder(place: Path) -> Path:
    """Find the folder of a package: the place itself, or the only one in it that holds one.

    Raises:
        RuleError: ``policy.no_folder``, or ``policy.several_folders`` of them are there.
    """
    try:
        if (place / _MAIN).is_file():
            return place
        found = [one for one in place.iterdir() if not one.is_symlink() and _holds_package(one)]
    except OSError as error:
        raise RuleError("policy.no_folder") from error
    if not found:
        raise RuleError("policy.no_folder")
    if len(found) > 1:
        raise RuleError("policy.several_folders", count=len(found))
    return found[0]


def _holds_package(folder: Path) -> bool:
    """Tell whether a folder holds a package; what cannot be looked at holds none."""
    try:
        return (folder / _MAIN).is_file()
    except OSError:
        return False


def folder_faults(folder: Path) -> tuple[Fault, ...]:
    """Give everything wrong with a package folder; its files first, what stands in them then.

    Raises:
        RuleError: ``policy.no_folder``.
        UntrustedError: a file is too large or no regular file.
        WorkplaceError: the disk failed.
    """
    return tuple(_names_amiss(folder).found) or find_faults(read_files(folder))


def _names_amiss(folder: Path) -> Faults:
    """Note files that are missing, and files that do not belong."""
    try:
        names = {one.name for one in folder.iterdir()}
    except OSError as error:
        raise RuleError("policy.no_folder") from error
    faults = Faults()
    for name in sorted(names - set(FILES)):
        faults.add(name, "policy.unknown_file")
    for name in sorted(set(FILES) - names):
        faults.add(name, "policy.missing_file")
    return faults


def manifest(files: Mapping[str, bytes]) -> bytes:
    """List the files with their SHA-256, in the form ``sha256sum --check`` reads."""
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items()]
    return "".join(sorted(lines, key=lambda line: line[66:])).encode()


def digest_of(files: Mapping[str, bytes]) -> str:
    """Give the digest that names a package: SHA-256 of its manifest, in hexadecimal."""
    return hashlib.sha256(manifest(files)).hexdigest()


def digest(folder: Path) -> str:
    """Give the digest of a package folder."""
    return digest_of(read_files(folder))


def load_package(folder: Path) -> Policy:
    """Load and check a package folder.

    Raises:
        RuleError: ``policy.refused`` with the first fault's rule and place, how many there are,
            and the first twenty of them, one per line.
    """
    return load_files(read_files(folder))


def load_files(files: Mapping[str, bytes]) -> Policy:
    """Load and check a package from the bytes whose signature was verified.

    Raises:
        RuleError: ``policy.refused``, as ``load_package``.
    """
    faults = Faults()
    policy = _build(files, faults)
    _refuse_if_any(Faults(_with_lines(files, faults)))
    return policy


def find_faults(files: Mapping[str, bytes]) -> tuple[Fault, ...]:
    """Give everything wrong with a package, for the officer who writes it."""
    faults = Faults()
    _build(files, faults)
    return tuple(_with_lines(files, faults))


def _with_lines(files: Mapping[str, bytes], faults: Faults) -> list[Fault]:
    """Say of every fault in which line of its file it stands, where that can be said."""
    return [replace(one, line=_line(files, one)) for one in faults.found]


def _line(files: Mapping[str, bytes], fault: Fault) -> int:
    name = next((one for one in FILES if fault.place.startswith(one)), "")
    if not name or fault.rule == "policy.malformed":
        return 0
    entry = re.split("[:.]", fault.place.removeprefix(name))[-1]
    text = files.get(name, b"").decode(errors="replace")
    return line_of(text, entry, fault.key)


def _refuse_if_any(faults: Faults) -> None:
    """Raise one error for all faults; a forbidden item goes first, it is the gravest."""
    if not faults.found:
        return
    ordered = sorted(faults.found, key=lambda fault: not fault.rule.startswith("FB"))
    raise RuleError(
        "policy.refused",
        rule=ordered[0].rule,
        place=ordered[0].place,
        count=len(ordered),
        faults="\n".join(map(str, ordered[:_SHOWN_FAULTS])),
    )


def _parse(files: Mapping[str, bytes], faults: Faults) -> dict[str, Entry]:
    """Parse every file; what is no TOML counts as empty."""
    parsed: dict[str, Entry] = {}
    for name in FILES:
        try:
            table = tomllib.loads(files[name].decode("utf-8"))
        except (ValueError, RecursionError, KeyError):
            faults.add(name, "policy.malformed")
            table = {}
        parsed[name] = Entry(name, table, faults)
    return parsed


def _build(files: Mapping[str, bytes], faults: Faults) -> Policy:
    """Build the policy and note all faults; with faults it must not be used."""
    file = _parse(files, faults)
    main, fields = file["policy.toml"], form_fields()
    reasons = read_reasons(file["reasons.toml"], fields)
    materials = read_materials(file["materials.toml"], reasons)
    district = main.pattern("district", "[0-9]{6}")
    townships = read_townships(file["places.toml"], district)
    villages = read_villages(file["places.toml"], townships)
    schools = read_schools(file["schools.toml"], townships)
    check_deny_list(main.texts("deny"), faults)
    categories = read_categories(file["categories.toml"], materials, ALSO)
    policy = Policy(
        id=main.pattern("id", "[a-z][a-z0-9-]{2,30}"),
        number=main.pattern("number", "[0-9]{1,4}"),
        title=main.text("title", limit=60),
        district=district,
        district_label=main.text("district_label", limit=20),
        season_year=main.number("season_year", 2020, 2099),
        stages=main.codes("stages", STAGES),
        hotline=main.text("hotline", limit=40),
        lock_minutes=main.number("lock_minutes", 1, 30),
        hmt_as_resident=main.flag("hmt_as_resident"),
        age=_read_age(main),
        correction=read_correction(main),
        retention=read_retention(main),
        documents=_read_documents(main),
        categories=MappingProxyType(categories),
        materials=MappingProxyType(materials),
        reasons=MappingProxyType(reasons),
        townships=MappingProxyType(townships),
        villages=MappingProxyType(villages),
        schools=MappingProxyType(schools),
        catchment=read_catchment(file["catchment.toml"], villages, schools),
        windows=read_windows(file["calendar.toml"]),
        ranking=read_ranking(main),
        self_check=read_self_check(file["self_check.toml"]),
        field_help=MappingProxyType(read_field_help(file["field_help.toml"], fields)),
        notice=read_notice(file["notice.toml"]),
        wording=MappingProxyType(read_wording(file["wording.toml"])),
        digest=digest_of(files),
        questions=read_questions(file["categories.toml"], categories),
        additions=read_additions(file["categories.toml"], materials),
    )
    for entry in file.values():
        entry.done()
    check_policy(policy, faults)
    return policy


def _read_age(main: Entry) -> AgeRule:
    """Read the entry age."""
    entry = main.table("age")
    rule = AgeRule(
        years=entry.number("years", 6, 7),
        over_years=entry.number("over_years", 7, 8),
        cutoff_month=entry.number("cutoff_month", 8, 8),
        cutoff_day=entry.number("cutoff_day", 31, 31),
    )
    if rule.over_years <= rule.years:
        entry.fault("policy.out_of_range", f"over_years={rule.over_years}")
    entry.basis()
    entry.done()
    return rule


def _read_documents(main: Entry) -> tuple[Document, ...]:
    """Read the documents that entries may cite."""
    found: list[Document] = []
    for entry in main.tables("document", "number"):
        found.append(
            Document(
                number=entry.text("number", limit=60),
                title=entry.text("title", limit=120),
                issuer=entry.text("issuer", limit=40),
                issued=entry.date("issued", default=""),
            )
        )
        entry.done()
    return tuple(found)
