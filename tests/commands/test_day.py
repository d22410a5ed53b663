"""A school's day by commands alone: each command's way when all is well, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from desktop_app.commands.families import Family
from desktop_app.documents.reader import read_workbook
from desktop_app.services.day_sheet import DaySheetDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import closing
from tests.commands.site import (
    DISTRICT,
    OFFICER,
    PASSWORDS,
    PRINCIPAL,
    REGISTRAR,
    REVIEWER,
    SCHOOL,
    Site,
    done,
    lacking,
    lines_of,
    run,
)

LATE = "家长明早送证"


@pytest.fixture(scope="module")
def day(registered: Site) -> Site:
    """Run the rest of the day, command by command, and keep what each told."""
    site = registered
    registrar, reviewer = site.as_person(REGISTRAR), site.as_person(REVIEWER)
    principal, officer = site.as_person(PRINCIPAL), site.as_person(OFFICER)
    late = _incomplete(site)
    paper = ["--material", lacking(late)[0], "--state", "pending_original"]
    receipt = lines_of(site, late)[0]["receipt_number"]
    site.do("check", "check", *registrar, receipt, *paper)
    site.do("approve", "review", "approve", *reviewer, "--all-complete")
    item = ["--explain-item", receipt, LATE]
    wrong = run("close-day", *principal, "--explain", "x", "--explain-item", "nobody", "x")
    assert wrong.code == "day.no_such_item"
    site.do("close-day", "close-day", *principal, "--explain", "其余的明天接着收", *item)
    site.do("find", "find", *registrar, late.full_name)
    stick, back = site.root / "stick", site.root / "back"
    site.do("export", "export", *principal, "--to", stick)
    bundle = stick / site.told["export"]["bundles"][0]["bundle"]
    site.do("inspect", "inspect", bundle)
    site.do("inspect inside", "inspect", bundle, *site.as_person(OFFICER))
    site.do("ingest", "ingest", *officer, "--inbox", stick)
    site.do("ingest again", "ingest", *officer, "--inbox", stick)
    passed = ["--school", SCHOOL, "--all-passed", "--status", "district_passed"]
    site.do("decide", "review", "decide", *officer, *passed)
    site.do("answer", "export", *officer, "--to", back)
    site.do("import", "import", *principal, back)
    site.do("digest", "digest", *principal, "--school", SCHOOL)
    site.do("district digest", "digest", *officer, "--school", SCHOOL)
    site.do("verify", "verify", *principal)
    site.do("district verify", "verify", *officer)
    return site


def _incomplete(site: Site) -> Family:
    """Choose a family that was registered without all its papers."""
    assert site.sheet is not None
    return next(one for one in site.sheet.registered if one.id_number and lacking(one))


def test_init_names_the_seat_and_writes_the_recovery_code_once(day: Site) -> None:
    told = day.told["init"]
    assert (told["seat"], told["code"], told["name"]) == ("school", SCHOOL, "湛河湾小学")
    code = (day.root / "recovery.txt").read_text(encoding="utf-8").strip()
    assert code not in str(told)
    assert (day.root / "recovery.txt").stat().st_mode & 0o077 == 0
    assert day.told["init district"]["code"] == DISTRICT
    assert len(day.told["init district"]["recovery_code"]) > 30


def test_ticket_and_paper_travel_apart(day: Site) -> None:
    told = day.told["ticket"]
    paper = (day.root / "paper-code").read_text(encoding="utf-8").strip()
    assert told["paper"] == str(day.root / "paper-code")
    assert [one.name for one in (day.root / "ticket").iterdir()] == [f"{SCHOOL}-1.ticket"]
    assert paper.encode() not in (day.root / "ticket" / f"{SCHOOL}-1.ticket").read_bytes()
    assert day.told["use"] == {
        "joined": True,
        "feed": day.told["init"]["feed"],
        "district_number": 1,
    }


def test_every_bad_row_of_the_workbook_is_on_the_written_list(day: Site) -> None:
    told = day.told["register"]
    assert day.sheet is not None
    assert told["registered"] == len(day.sheet.registered)
    assert [one["row"] for one in told["repairs"]] == [one.row for one in day.sheet.expected]
    written = read_workbook(day.root / "repairs.xlsx")
    assert written.headers == ("行", "列", "代码", "原因")
    assert len(written.rows) == len(told["repairs"])


def test_a_late_paper_has_a_day_until_which_it_may_come(day: Site) -> None:
    assert day.told["check"]["due"]
    assert day.told["check"]["complete"] is False


def test_review_passes_what_is_complete_and_leaves_the_rest(day: Site) -> None:
    assert day.told["approve"]["approved"] > 0
    assert day.told["approve"]["unreviewed"] > 0
    told = {one["receipt_number"]: one["why"].split() for one in day.told["approve"]["to_look_at"]}
    late = lines_of(day, _incomplete(day))[0]["receipt_number"]
    assert "missing" in told[late]
    assert all(told.values()), "each with its reason"
    words = {one["receipt_number"]: one["in_words"] for one in day.told["approve"]["to_look_at"]}
    assert words[late].startswith("还缺材料：")
    assert all(len(words[one].split("；")) == len(codes) for one, codes in told.items())
    registered = day.told["register"]["registered"]
    assert day.told["close-day"]["registered"] == registered
    assert day.told["close-day"]["unreviewed"] == registered - day.told["approve"]["approved"]


def test_each_open_item_has_its_own_explanation_or_the_one_of_the_others(day: Site) -> None:
    password = PASSWORDS[PRINCIPAL]
    with closing(open_workplace(day.school, PRINCIPAL, password, shipped_policy())) as workplace:
        said = [one.explanation for one in DaySheetDesk(workplace).open_items()]
    assert said.count(LATE) == 1
    assert set(said) == {LATE, "其余的明天接着收"}


def test_find_shows_numbers_masked(day: Site) -> None:
    late = _incomplete(day)
    lines = day.told["find"]["applicants"]
    assert late.full_name in {line["full_name"] for line in lines}
    assert late.id_number not in str(lines)
    assert any("*" in line["id_number"] for line in lines)


def test_a_bundle_says_what_it_is_without_any_key(day: Site) -> None:
    told = day.told["inspect"]
    assert told["scope"] == SCHOOL
    assert told["operations"] == day.told["export"]["bundles"][0]["operations"]
    assert (told["proved"], told["feeds"]) == (False, [])
    assert told["sealed"]
    inside = day.told["inspect inside"]
    assert inside["proved"] is True
    assert [one["feed"] for one in inside["feeds"]] == [day.told["init"]["feed"]]


def test_the_district_takes_everything_in_once(day: Site) -> None:
    operations = day.told["export"]["bundles"][0]["operations"]
    assert day.told["ingest"]["fresh"] == operations
    assert day.told["ingest"]["schools"] == [SCHOOL]
    assert day.told["ingest again"]["fresh"] == 0


def test_the_district_passes_no_child_that_is_not_ready_without_a_word(day: Site) -> None:
    receipt = lines_of(day, _incomplete(day))[0]["receipt_number"]
    words = ["--school", SCHOOL, "--status", "district_passed", receipt]
    refused = run("review", "decide", *day.as_person(OFFICER), *words)
    assert refused.code == "decision.unready"


def test_after_the_answer_both_hold_the_same(day: Site) -> None:
    assert day.told["decide"]["decided"] == day.told["approve"]["approved"]
    assert day.told["import"]["bundles"][0]["outcome"] == "taken_in"
    assert day.told["digest"]["digest"] == day.told["district digest"]["digest"]


@pytest.mark.parametrize("which", ["verify", "district verify"])
def test_everything_holds_at_the_end(day: Site, which: str) -> None:
    told = day.told[which]
    assert told["holds"] is True
    assert told["flaws"] == []
    assert told["records"] > day.told["register"]["registered"]


def test_the_record_shows_the_districts_answer(day: Site) -> None:
    assert day.sheet is not None
    shown = [
        line["district_status"]
        for family in day.sheet.registered
        if not lacking(family)
        for line in lines_of(day, family)
        if line["review"] == "passed"
    ]
    assert set(shown) == {"district_passed"}


REFUSED: list[tuple[str, list[str], str]] = [
    (REGISTRAR, ["review", "approve", "--all-complete", "X"], "command.which"),
    (REGISTRAR, ["review", "approve"], "command.which"),
    (REGISTRAR, ["review", "approve", "ZHW-9-0101-0001-11"], "command.receipt"),
    (REVIEWER, ["review", "send-back", "ZHW-9-0101-0001-11", "--reason", "X"], "command.receipt"),
    (PRINCIPAL, ["close-day"], "day.closed"),
    (PRINCIPAL, ["close-day", "--day", "20240231"], "command.day"),
    (PRINCIPAL, ["ingest", "--inbox", "/"], "office.not_district"),
    (PRINCIPAL, ["import", "/"], "command.no_bundles"),
    (PRINCIPAL, ["import", "/no-such-file.enb"], "disk.missing"),
    (PRINCIPAL, ["register", "--from", "/no-such-file.xlsx"], "disk.missing"),
    (PRINCIPAL, ["join", "ticket", "--school", SCHOOL, "--out", "/"], "office.not_district"),
    (PRINCIPAL, ["person", "remove", "--name", "没有这人"], "people.unknown"),
    (PRINCIPAL, ["person", "remove", "--name", PRINCIPAL], "people.self"),
    (OFFICER, ["join", "ticket", "--school", "2141049999", "--out", "/"], "ticket.unknown_school"),
    (OFFICER, ["export", "--school", "2141049999", "--to", "{stick}"], "bundle.unknown_school"),
]


@pytest.mark.parametrize(("name", "words", "code"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_done_is_refused_in_one_line(
    day: Site, name: str, words: list[str], code: str
) -> None:
    depth = 2 if words[0] in {"review", "join", "person"} else 1
    given = [word.format(stick=day.root / "stick") for word in words]
    ran = run(*given[:depth], *day.as_person(name), *given[depth:])
    assert ran.code == code
    assert ran.status == 1
    assert ran.line.count("\n") == 1
    _says_nobody(day, ran.line)


def test_a_registrar_passes_nothing_least_of_all_their_own_work(day: Site) -> None:
    receipt = lines_of(day, _incomplete(day))[0]["receipt_number"]
    ran = run("review", "approve", *day.as_person(REGISTRAR), receipt)
    assert ran.code == "review.not_reviewer"


def test_people_are_listed_with_their_roles(day: Site) -> None:
    told = done("person", "list", *day.as_person(PRINCIPAL))
    roles = {line["name"]: line["roles"] for line in told["people"]}
    assert roles[REVIEWER] == "审核员"
    assert "校长" in roles[PRINCIPAL]


def test_an_error_is_said_in_english_on_demand(day: Site) -> None:
    ran = run("close-day", *day.as_person(PRINCIPAL), lang="en")
    assert ran.line.isascii()
    assert ran.told["error"]["number"] == "D533"


def _says_nobody(site: Site, line: str) -> None:
    """Check that an error names no child, no guardian, no number and none of the words typed."""
    personal: list[Any] = [OFFICER, PRINCIPAL, REGISTRAR, REVIEWER, str(site.root)]
    for family in site.families:
        personal += [family.full_name, family.guardian_name, family.id_number]
    assert not [word for word in personal if word and word in line]
