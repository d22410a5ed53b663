"""``own-data`` and ``consent``: a guardian's rights from the shell."""

from __future__ import annotations

from pathlib import Path

from tests.commands.site import REGISTRAR, Site, done, lines_of, run


def test_a_guardian_gets_the_page_and_withdraws_a_consent(registered: Site, tmp_path: Path) -> None:
    me, family = registered.as_person(REGISTRAR), registered.families[0]
    receipt = lines_of(registered, family)[0]["receipt_number"]
    page = tmp_path / "own.html"
    done("own-data", *me, receipt, "--out", page)
    assert family.full_name in page.read_text(encoding="utf-8")
    told = done("consent", *me, receipt)
    assert (told["told"], told["agreed"]) == ("read", [])
    assert done("consent", *me, receipt, "--agree", "photo")["agreed"] == ["photo"]
    assert done("consent", *me, receipt, "--withdraw", "photo")["agreed"] == []
    assert run("consent", *me, receipt, "--agree", "everything").code == "command.code"
