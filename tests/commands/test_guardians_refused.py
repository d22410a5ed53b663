"""``own-data``, ``consent`` and ``graduates``: what they refuse, and that nothing is left then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.site import OFFICER, PRINCIPAL, REGISTRAR, Site, done, lines_of, run
from tests.services.test_graduates import GOOD, JUNIOR, book, child


@pytest.fixture(scope="module")
def receipt(registered: Site) -> str:
    return str(lines_of(registered, registered.families[0])[0]["receipt_number"])


def story(site: Site, receipt: str) -> list[str]:
    """Give who looked at the child, as the sheet tells the guardian."""
    page = site.root / f"story {len(list(site.root.iterdir()))}.html"
    done("own-data", *site.as_person(PRINCIPAL), receipt, "--out", page)
    return [line for line in page.read_text(encoding="utf-8").splitlines() if PRINCIPAL in line]


def test_no_page_is_written_of_a_receipt_that_is_nobodys(registered: Site, tmp_path: Path) -> None:
    me, page = registered.as_person(REGISTRAR), tmp_path / "own.html"
    assert run("own-data", *me, "ZHW-9-9999-9999-99", "--out", page).code == "command.receipt"
    assert run("consent", *me, "ZHW-9-9999-9999-99").code == "command.receipt"
    assert not page.exists()


def test_a_folder_that_is_not_there_is_told_before_anything_is_logged(
    registered: Site, receipt: str, tmp_path: Path
) -> None:
    before = len(" ".join(story(registered, receipt)))
    me, page = registered.as_person(PRINCIPAL), tmp_path / "nowhere" / "own.html"
    assert run("own-data", *me, receipt, "--out", page).status != 0
    one, other = (len(" ".join(story(registered, receipt))) for _ in range(2))
    assert one - before == other - one  # each page tells of one more print, the refused of none


def test_a_receipt_may_be_typed_small_and_with_spaces(registered: Site, receipt: str) -> None:
    me = registered.as_person(REGISTRAR)
    told = done("consent", *me, f" {receipt.lower()} ")
    assert told["receipt_number"] == receipt
    assert len(told["notice_digest"].split(" ")) == 4
    assert told["notice_told"]


def test_agreeing_and_withdrawing_at_once_ends_withdrawn(registered: Site, receipt: str) -> None:
    me = registered.as_person(REGISTRAR)
    both = ["--agree", "phone_group", "--withdraw", "photo"]
    assert done("consent", *me, receipt, *both)["agreed"] == ["phone_group"]
    same = ["--agree", "photo", "--withdraw", "photo"]
    assert done("consent", *me, receipt, *same)["agreed"] == ["phone_group"]
    assert done("consent", *me, receipt)["agreed"] == ["phone_group"]
    assert done("consent", *me, receipt, "--withdraw", "phone_group")["agreed"] == []


def test_what_no_list_knows_is_refused_and_what_stood_before_it_is_not_undone(
    registered: Site, receipt: str
) -> None:
    me = registered.as_person(REGISTRAR)
    for option in ("--agree", "--withdraw"):
        ran = run("consent", *me, receipt, option, "照片")
        assert (ran.code, option in ran.line) == ("command.code", True)
    assert done("consent", *me, receipt)["agreed"] == []


def test_a_row_that_is_not_there_is_told_and_nothing_is_listed(
    joined: Site, tmp_path: Path
) -> None:
    me = joined.as_person(OFFICER)
    source = book(tmp_path / "list.xlsx", [GOOD, child(272, "无处去", 去向意向="民办")])
    for row in ("99", "two", "-3"):
        ran = run("graduates", "take", *me, "--from", source, f"--assign={row}", JUNIOR)
        assert ran.status != 0
    for row in ("99", "二"):
        ran = run("graduates", "take", *me, "--from", source, "--assign", row, JUNIOR)
        assert ran.code == "graduate.no_row"
    assert {line["listed"] for line in done("graduates", "count", *me)["graduates"]} == {0}


def test_a_school_takes_no_list_in(joined: Site, tmp_path: Path) -> None:
    source = book(tmp_path / "list.xlsx", [GOOD])
    ran = run("graduates", "take", *joined.as_person(PRINCIPAL), "--from", source)
    assert ran.code == "graduate.not_officer"
    looked = run("graduates", "take", *joined.as_person(PRINCIPAL), "--from", source, "--look")
    assert looked.code == "graduate.not_officer"


def test_a_repair_list_of_another_kind_is_refused_before_anything_is_read(
    joined: Site, tmp_path: Path
) -> None:
    me, out = joined.as_person(OFFICER), tmp_path / "repairs.txt"
    source = book(tmp_path / "list.xlsx", [GOOD])
    ran = run("graduates", "take", *me, "--from", source, "--repairs-out", out)
    assert ran.code == "command.repairs_out"
    assert not out.exists()
    assert {line["listed"] for line in done("graduates", "count", *me)["graduates"]} == {0}
