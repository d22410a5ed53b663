"""A district and a school that tests set up and drive by commands alone."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop_app.commands import main
from desktop_app.commands.answer import Answer
from desktop_app.commands.families import Family, VillageSheet, make_families
from desktop_app.commands.families import write_village_workbook as write_sheet
from desktop_app.services.policies import shipped_policy

SCHOOL, DISTRICT = "2141041101", "410411"
OFFICER, PRINCIPAL, REGISTRAR, REVIEWER = "周敏", "陈国梁", "刘芳", "王建军"
PASSWORDS = {
    OFFICER: "mountain-lake-31",
    PRINCIPAL: "paper-lantern-52",
    REGISTRAR: "spring-wheat-73",
    REVIEWER: "river-stone-94",
    "root": "winter-plum-15",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command: exit status, the JSON object, and the line it said if it failed."""

    status: int
    told: dict[str, Any]
    line: str

    @property
    def code(self) -> str:
        """Give the code of the error."""
        assert self.status != 0, self.told
        return str(self.told["error"]["code"])


def run(*words: object, lang: str = "zh") -> Ran:
    """Run a command with --json; what it answers must be sayable in both languages too."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([*map(str, words), "--json", "--lang", lang])
    told = json.loads(out.getvalue())
    if "error" not in told and "seconds" not in told:
        for language in ("zh", "en"):
            assert Answer(told).as_text(language)
    return Ran(status, told, err.getvalue())


def done(*words: object) -> dict[str, Any]:
    """Run a command that must succeed, and give what it told; only a successor says more."""
    ran = run(*words)
    assert ran.status == 0, (ran.told, ran.line)
    assert bool(ran.line) is ("succeeded" in ran.told), ran.line
    return ran.told


@dataclass(slots=True)
class Site:
    """The folders of one district and one school, and what every command told."""

    root: Path
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    families: tuple[Family, ...] = ()
    sheet: VillageSheet | None = None

    @property
    def district(self) -> Path:
        return self.root / "district"

    @property
    def school(self) -> Path:
        return self.root / "school"

    def secret(self, name: str, text: str) -> Path:
        """Write a password or code into a file of its own."""
        path = self.root / f"secret-{len(name)}-{hash(name) % 10**6}"
        path.write_text(text + "\n", encoding="utf-8")
        return path

    def password(self, name: str) -> Path:
        return self.secret(name, PASSWORDS[name])

    def as_person(self, name: str, data: Path | None = None) -> list[str]:
        """Give the words that say where and who."""
        where = data or (self.district if name == OFFICER else self.school)
        return ["--data", str(where), "--user", name, "--password-file", str(self.password(name))]

    def do(self, step: str, *words: object) -> dict[str, Any]:
        """Run a command that must succeed and keep what it told under a name."""
        self.told[step] = done(*words)
        return self.told[step]

    def found(self) -> None:
        """Set the district up and issue a ticket."""
        me = self.as_person(OFFICER)
        seat = ["--seat", "district", "--code", DISTRICT]
        root = ["--root-out", self.root / "root", "--root-password-file", self.password("root")]
        self.do("init district", "init", *me, *seat, *root)
        where = ["--out", self.root / "ticket", "--code-out", self.root / "paper-code"]
        self.do("ticket", "join", "ticket", *me, "--school", SCHOOL, *where)

    def join(self) -> None:
        """Set the school up, join, and let people in."""
        me = self.as_person(PRINCIPAL)
        seat = ["--seat", "school", "--code", SCHOOL]
        self.do("init", "init", *me, *seat, "--recovery-out", self.root / "recovery.txt")
        ticket = self.told["ticket"]
        code = ["--code-file", ticket["paper"], "--fingerprint", ticket["fingerprint"]]
        self.do("use", "join", "use", *me, ticket["ticket"], *code)
        for name, role in ((REGISTRAR, "registrar"), (REVIEWER, "reviewer")):
            new = ["--name", name, "--roles", role, "--new-password-file", self.password(name)]
            self.do(f"add {role}", "person", "add", *me, *new)

    def register(self, count: int = 24, seed: int = 7) -> None:
        """Take a village's workbook in; one plain family has brought no papers."""
        policy = shipped_policy()
        families = list(make_families(count, seed, policy))
        plain = next(at for at, one in enumerate(families) if one.id_number and not one.traits)
        families[plain] = replace(families[plain], materials=())
        self.families = tuple(families)
        book = self.root / "village.xlsx"
        self.sheet = write_sheet(book, self.families, (), policy)
        me = self.as_person(REGISTRAR)
        out = ["--repairs-out", self.root / "repairs.xlsx"]
        self.do("register", "register", *me, "--from", book, *out)


def lines_of(site: Site, family: Family) -> list[dict[str, Any]]:
    """Find a family's registrations by the child's name."""
    found = done("find", *site.as_person(REGISTRAR), family.full_name, "--limit", "50")
    lines: list[dict[str, Any]] = found["applicants"]
    return [line for line in lines if line["birth_date"] == family.birth_date]


def lacking(family: Family) -> tuple[str, ...]:
    """Give the papers a family did not bring."""
    checklist = shipped_policy().categories[family.category].checklist()
    for material in family.materials:
        checklist = checklist.accept(material)
    return checklist.next_materials()
