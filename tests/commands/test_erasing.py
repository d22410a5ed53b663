"""A child is forgotten by two persons, and then nobody finds it."""

from __future__ import annotations

from tests.commands.site import OFFICER, PRINCIPAL, REVIEWER, Site, run


def test_two_persons_erase_a_child_and_nobody_brings_it_back(registered: Site) -> None:
    principal, officer = registered.as_person(PRINCIPAL), registered.as_person(OFFICER)
    child = registered.families[0]
    found = registered.do("find", "find", *principal, child.full_name)["applicants"][0]
    receipt = found["receipt_number"]
    old = registered.root / "old"
    made = registered.do("old", "export", *principal, "--to", old)
    registered.do("old taken", "ingest", *officer, "--inbox", old)
    by_two = ["--second", REVIEWER, "--second-password-file", registered.password(REVIEWER)]
    erase = ["erase", *principal, receipt]
    assert run(*erase, "--reason", "request").code == "erasure.not_allowed"
    assert run(*erase, "--reason", "whim", *by_two).code == "erasure.reason"
    wrong = ["--second", REVIEWER, "--second-password-file", registered.password(PRINCIPAL)]
    assert run(*erase, "--reason", "request", *wrong).code == "vault.wrong_password"
    told = registered.do("erase", *erase, "--reason", "监护人要求删除", *by_two)
    assert told["erased_operations"] > 2
    assert run(*erase, "--reason", "request", *by_two).code == "command.receipt"
    new = registered.root / "new"
    registered.do("new", "export", *principal, "--to", new)
    registered.do("new taken", "ingest", *officer, "--inbox", new)
    registered.do("again", "import", *officer, old / made["bundles"][0]["bundle"])
    for me in (principal, officer):
        left = registered.do("left", "find", *me, receipt)["applicants"]
        assert [one for one in left if one["receipt_number"] == receipt] == []
        assert registered.do("verify", "verify", *me)["holds"]
