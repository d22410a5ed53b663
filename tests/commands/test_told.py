"""What every command tells: the agreed names, in both languages, and nobody's name or number."""

from __future__ import annotations

import contextlib
import io
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop_app.commands import main
from desktop_app.services.policies import shipped_policy
from tests.commands.site import (
    OFFICER,
    PRINCIPAL,
    REGISTRAR,
    REVIEWER,
    SCHOOL,
    Site,
    lacking,
    lines_of,
)
from tests.story.hunt import hunt

BUNDLE = {"bundle", "number", "operations", "digest", "further_volumes", "pages_left", "relayed"}
TAKEN = {"bundles", "operations", "fresh", "waiting", "refused", "tickets_used_twice"}
KEYS: dict[str, set[str]] = {
    "init": {"seat", "code", "name", "feed", "recovery_out", "warnings"},
    "init district": {
        "seat", "code", "name", "feed", "recovery_code", "root", "fingerprint",
        "district_number", "warnings",
    },
    "ticket": {"ticket", "paper", "fingerprint", "serial", "mark", "numbers"},
    "use": {"joined", "feed", "district_number"},
    "add registrar": {"person", "roles"},
    "person list": {"people"},
    "register": {
        "registered", "rejected_rows", "duplicates_found", "skipped_blank", "unknown_columns",
        "repairs", "repairs_out",
    },
    "check": {"complete", "missing", "due"},
    "approve": {"approved", "to_look_at", "unreviewed"},
    "send back": {"sent_back"},
    "close-day": {"day", "registered", "complete_count", "unreviewed", "drafts"},
    "find": {"found", "applicants"},
    "export": {"bundles", "safe_to_remove"},
    "inspect": {
        "bundle", "purpose", "number", "scope", "carrier", "proved", "recipients", "operations",
        "size", "scans", "feeds", "sealed",
    },
    "ingest": TAKEN | {"schools", "new_pairs"},
    "relay": {"carried_on", "dropped"},
    "decide": {"decided"},
    "import": TAKEN,
    "digest": {"digest", "feed", "sequence"},
    "verify": {
        "holds", "digest", "feeds", "operations", "records", "scans", "missing_scans", "flaws",
        "more_flaws",
    },
    "backup": {"backup", "number", "digest", "scans", "kept", "rotten_scans", "verified"},
    "restore": {"data", "digest", "successor", "feed", "succeeded"},
    "publish": {"district_number", "fingerprint"},
    "remove": {"removed", "people_left"},
}  # fmt: skip
LINES: dict[tuple[str, str], set[str]] = {
    ("person list", "people"): {"name", "roles", "ended", "opens_this_computer", "person"},
    ("find", "applicants"): {
        "receipt_number", "full_name", "birth_date", "id_number", "category", "review",
        "district_status",
    },
    ("export", "bundles"): BUNDLE,
    ("ingest", "bundles"): {"bundle", "outcome", "operations", "fresh", "reason"},
}  # fmt: skip


@dataclass(slots=True)
class Season:
    """Everything that was told and logged while every command ran, by command."""

    site: Site
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    log: io.StringIO = field(default_factory=io.StringIO)

    def run(self, step: str, *words: object) -> dict[str, Any]:
        """Run a command as a program does, and as a person of either language where it may be."""
        told = self.site.do(step, *words)
        if step in {"find", "digest", "verify", "inspect", "person list"}:
            for lang in ("zh", "en"):
                out, err = io.StringIO(), io.StringIO()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    assert main([*map(str, words), "--lang", lang]) == 0
                self.texts[step, lang] = out.getvalue()
                self.errors.append(err.getvalue())
        return told

    def refused(self, *words: object) -> None:
        """Run what must be refused, and keep the line."""
        for lang in ("zh", "en"):
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                assert main([*map(str, words), "--lang", lang, "--debug"]) == 1
            assert out.getvalue() == ""
            self.errors.append(err.getvalue())


@pytest.fixture(scope="module")
def season(registered: Site) -> Season:
    """Run every command once, and the likely mistakes."""
    site = registered
    season = Season(site)
    handler = logging.StreamHandler(season.log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        _run_everything(season, site)
        _make_mistakes(season, site)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return season


def _run_everything(season: Season, site: Site) -> None:
    registrar, reviewer = site.as_person(REGISTRAR), site.as_person(REVIEWER)
    principal, officer = site.as_person(PRINCIPAL), site.as_person(OFFICER)
    assert site.sheet is not None
    late = next(one for one in site.sheet.registered if one.id_number and lacking(one))
    receipt = lines_of(site, late)[0]["receipt_number"]
    paper = ["--material", lacking(late)[0], "--state", "pending_original"]
    season.run("check", "check", *registrar, receipt, *paper)
    season.run("person list", "person", "list", *principal)
    season.run("send back", "review", "send-back", *reviewer, receipt, "--reason", _reason())
    season.run("approve", "review", "approve", *reviewer, "--all-complete")
    season.run("close-day", "close-day", *principal, "--explain", "其余的明天接着收")
    season.run("find", "find", *registrar, late.full_name)
    stick, back = site.root / "stick", site.root / "back"
    season.run("export", "export", *principal, "--to", stick)
    season.run("inspect", "inspect", next(stick.glob("*.enb")))
    season.run("ingest", "ingest", *officer, "--inbox", stick)
    passed = ["--school", SCHOOL, "--all-passed", "--status", "district_passed"]
    season.run("decide", "review", "decide", *officer, *passed)
    season.run("answer", "export", *officer, "--to", back)
    season.run("import", "import", *principal, back)
    season.run("relay", "relay", *principal, "--drop", "all")
    season.run("digest", "digest", *principal)
    season.run("verify", "verify", *principal)
    season.run("backup", "backup", *principal, "--to", site.root / "backups")
    source = ["--from", site.root / "backups", "--by", "password"]
    season.run("restore", "restore", *site.as_person(PRINCIPAL, site.root / "restored"), *source)
    root = ["--root", site.root / "root", "--root-password-file", site.password("root")]
    season.run("publish", "join", "publish", *officer, *root)
    season.run("remove", "person", "remove", *principal, "--name", REGISTRAR)


def _reason() -> str:
    return next(iter(shipped_policy().reasons))


def _make_mistakes(season: Season, site: Site) -> None:
    family = site.families[0]
    principal = site.as_person(PRINCIPAL)
    personal = [family.full_name, family.id_number, family.guardian_phone]
    for word in personal:
        season.refused("review", "approve", *principal, word)
        season.refused("check", *principal, word, "--material", word, "--state", "accepted")
        season.refused("review", "send-back", *principal, word, "--reason", word)
        season.refused("register", *principal, "--from", site.root / f"{word}.xlsx")
        season.refused("import", *principal, site.root / f"{word}.enb")
        season.refused("inspect", site.root / f"{word}.enb")
        season.refused("close-day", *principal, "--day", word)
        season.refused("digest", *principal, "--school", word)
        season.refused("person", "remove", *principal, "--name", word)
        season.refused("find", *principal, word, "--limit", word)
        season.refused(word, *principal)
        season.refused("digest", "--data", site.root / word, "--user", word)


@pytest.mark.parametrize("step", sorted(KEYS))
def test_the_names_told_are_those_agreed(season: Season, step: str) -> None:
    assert set(season.site.told[step]) == KEYS[step]


@pytest.mark.parametrize(("step", "name"), sorted(LINES), ids=str)
def test_the_lines_told_have_the_names_agreed(season: Season, step: str, name: str) -> None:
    lines = season.site.told[step][name]
    assert lines
    assert {frozenset(line) for line in lines} == {frozenset(LINES[step, name])}


@pytest.mark.parametrize("step", ["find", "digest", "verify", "inspect", "person list"])
def test_a_person_reads_it_in_either_language(season: Season, step: str) -> None:
    chinese = season.texts[step, "zh"].splitlines()
    english = season.texts[step, "en"].splitlines()
    assert len(chinese) == len(english) > 0
    for one, other in zip(chinese, english, strict=True):
        if one.startswith("  "):
            continue  # a line of values
        assert "：" in one
        assert one.partition("：")[0] != other.partition(":")[0]
        assert other.partition(":")[0].isascii()


def test_nobody_is_named_in_any_error_or_log(season: Season) -> None:
    said = "\n".join(season.errors) + season.log.getvalue()
    assert len(season.errors) > 70
    for family in season.site.families:
        for word in (family.full_name, family.guardian_name, family.id_number):
            assert not word or word not in said
        assert not family.guardian_phone or family.guardian_phone not in said
    for name in (OFFICER, PRINCIPAL, REGISTRAR, REVIEWER):
        assert name not in said
    assert str(season.site.root) not in said
    assert "Traceback" not in said


def test_every_refusal_is_one_line_with_its_number(season: Season) -> None:
    refused = [line for line in season.errors if line]
    assert refused
    for line in refused:
        assert line.count("\n") == 1
        assert any(mark in line for mark in ("（", "(")), line


def test_nothing_readable_lies_in_any_folder(season: Season) -> None:
    site = season.site
    needles = {family.id_number for family in site.families if family.id_number}
    needles |= {family.guardian_phone for family in site.families if family.guardian_phone}
    needles |= {family.full_name for family in site.families if len(family.full_name) > 2}
    folders = [site.school, site.district, site.root / "stick", site.root / "back"]
    folders += [site.root / "backups", site.root / "restored"]
    assert hunt(folders, needles) == []
    village = [hit.path for hit in hunt([site.root], needles)]
    assert set(village) == {site.root / "village.xlsx"}  # the hunt does find what is readable


def test_secrets_stand_in_no_answer(season: Season) -> None:
    told = str(season.site.told) + str(season.texts)
    secrets = [path.read_text("utf-8").strip() for path in season.site.root.glob("secret-*")]
    secrets.append((season.site.root / "recovery.txt").read_text("utf-8").strip())
    secrets.append(Path(season.site.told["ticket"]["paper"]).read_text("utf-8").strip())
    assert len(secrets) > 4
    assert not [one for one in secrets if one in told]
