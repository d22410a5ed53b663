"""``init``: make a data folder; for a district also its root, authority and first document."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from desktop_app.commands.answer import Answer, Json
from desktop_app.commands.asking import (
    RECOVERY_OUT,
    give_code,
    read_password,
    refuse_existing,
    refuse_file,
)
from desktop_app.commands.groups import Groups
from desktop_app.domain.errors import RuleError, WorkplaceError
from desktop_app.durable.inspection import inspect_folder
from desktop_app.messages.catalogue import Language, sentence
from desktop_app.policy.package import Policy
from desktop_app.security.memory import wipe
from desktop_app.services.district_office import ROOT_FILE, DistrictOffice
from desktop_app.services.policies import shipped_policy
from desktop_app.services.seat import KINDS
from desktop_app.services.setup import NewFolder, create_workplace
from desktop_app.services.workplace import Workplace, closing, computer_folder


def add_to(groups: Groups) -> None:
    """Add ``init``."""
    init = groups.seat("init", set_up, "建资料夹 / make a data folder")
    init.add_argument("--seat", choices=KINDS, required=True, help="席位 / seat")
    init.add_argument("--code", required=True, help="学校标识码或区划代码 / school or district")
    init.add_argument("--name", default="", help="单位名称 / name of the school or district")
    init.add_argument("--recovery-out", type=Path, help="恢复码写到 / write the recovery code to")
    init.add_argument("--root-out", type=Path, help="根钥匙存到（区级）/ where the root key goes")
    init.add_argument(
        "--root-password-file", type=Path, help="根钥匙的口令文件 / file with the root's passphrase"
    )


def set_up(options: argparse.Namespace) -> Answer:
    """Make the data folder and say what it is."""
    if not options.user:
        raise RuleError("command.user")
    refuse_existing(options.recovery_out, RECOVERY_OUT)
    need_place_for_root(options)
    policy = shipped_policy()
    name = options.name or official_name(policy, options.code)
    new = NewFolder(options.data, options.seat, options.code, name, options.user)
    password = read_password(options.password_file, "new_password", options.lang, twice=True)
    passphrase = _root_passphrase(options)
    values: dict[str, Json] = {"seat": new.kind, "code": new.code, "name": name}
    there = things_there(new.folder)
    try:
        workplace, code = create_workplace(new, password, policy)
        try:
            with closing(workplace):
                values["feed"] = workplace.own_feed().facts.feed
                if new.kind == "district":
                    values |= found_district(workplace, root_folder(options), passphrase)
            values |= give_code(code, options.recovery_out)
        except BaseException:
            # Whoever has no recovery code must not begin to work: nobody could give it later.
            take_away(new.folder, there)
            raise
    finally:
        wipe(password)
        wipe(passphrase)
    values["warnings"] = warnings(options.data, options.lang)
    return Answer(values)


def _root_passphrase(options: argparse.Namespace) -> bytearray:
    """Ask for the root's passphrase before anything is made; other seats have no root."""
    if options.seat != "district":
        return bytearray()
    file = options.root_password_file or options.password_file
    return read_password(file, "root_password", options.lang, twice=True)


def found_district(workplace: Workplace, place: Path, passphrase: bytearray) -> dict[str, Json]:
    """Make the district's root and first document, and say where and what they are."""
    published = DistrictOffice(workplace).found(place, passphrase)
    return {
        "root": str(place),
        "fingerprint": published.fingerprint,
        "district_number": published.number,
    }


def things_there(folder: Path) -> frozenset[Path]:
    """Name what lies in a folder, with the folder itself and what stands beside it for it."""
    beside = computer_folder(folder)
    inside = folder.iterdir() if folder.is_dir() else ()
    return frozenset({*inside, *(one for one in (folder, beside) if one.exists())})


def take_away(folder: Path, there: frozenset[Path]) -> None:
    """Remove what a set-up that failed has made, and nothing that was there before."""
    for path in things_there(folder) - there:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def official_name(policy: Policy, code: str) -> str:
    """Give the name that the policy package knows a code by, or the code."""
    if code == policy.district:
        return policy.district_label
    school = policy.schools.get(code)
    return school.label if school is not None else code


def root_folder(options: argparse.Namespace) -> Path:
    """Give the folder of the root key: the one named, or one beside the data folder."""
    data: Path = options.data
    named: Path | None = options.root_out
    return named or data.with_name(f"{data.name}.root")


def need_place_for_root(options: argparse.Namespace) -> None:
    """Refuse a place for the root's key before anything is made.

    Whoever takes the laptop must not have the root with it, so it never lies in the data folder or
    in this computer's own.

    Raises:
        RuleError: the place lies in the data folder, is a file, or holds a root already.
    """
    if options.seat != "district":
        return
    place = root_folder(options)
    if any(
        place.resolve().is_relative_to(own.resolve())
        for own in (options.data, computer_folder(options.data))
    ):
        raise RuleError("command.root_inside")
    refuse_file(place, "--root-out")
    if (place / ROOT_FILE).exists():
        raise RuleError("office.root_exists")


def warnings(folder: Path, lang: Language) -> list[str]:
    """Say what should be known of the folder chosen: a stick, a disk that forgets, little space."""
    return [
        sentence(WorkplaceError(finding.code, **dict(finding.details)), lang).what
        for finding in inspect_folder(folder).findings
    ]
