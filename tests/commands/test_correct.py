"""A passed case corrected by command, and an answer taken back: two persons, nothing lost."""

from __future__ import annotations

import pytest

from desktop_app.commands.families import Family
from tests.commands.site import PRINCIPAL, REGISTRAR, REVIEWER, Site, done, lacking, lines_of, run

PROOF = ("--reason", "evidence", "--material", "HKB", "--number", "0412", "--dated", "2018-04-02")


@pytest.fixture(scope="module")
def family(registered: Site) -> Family:
    """Choose a family with a number and all its papers."""
    assert registered.sheet is not None
    return next(one for one in registered.sheet.registered if one.id_number and not lacking(one))


def test_a_case_is_corrected_by_two_an_answer_is_taken_back_a_complaint_is_answered(
    registered: Site, family: Family
) -> None:
    receipt = str(lines_of(registered, family)[0]["receipt_number"])
    registrar, reviewer = registered.as_person(REGISTRAR), registered.as_person(REVIEWER)
    done("review", "approve", *reviewer, receipt)
    assert done("review", "undo", *reviewer, receipt)["undone"] == 1
    told = done("review", "undo", *reviewer, receipt)
    assert told["not_undone"] == [receipt]
    words = ["correct", *registrar, receipt, "--set", "guardian_phone=13900005678", *PROOF]
    second = ["--second", PRINCIPAL, "--second-password-file", registered.password(PRINCIPAL)]
    assert run(*words, *second).code == "correct.not_passed"
    done("review", "approve", *reviewer, receipt)
    told = done(*words, *second)
    assert (told["changed"], told["corrected"]) == (["guardian_phone"], ["联系电话"])
    complaint = ["--matter", "materials", "--words", "为什么还要租房合同"]
    due = done("appeal", "add", *registrar, receipt, *complaint)["due_on"]
    (line,) = done("appeal", "list", *registrar)["appeals"]
    assert (line["receipt_number"], line["due_on"]) == (receipt, due)
    answer = ["--words", "不用交，已经核对过"]
    assert done("appeal", "answer", *registrar, receipt, *answer)["open_appeals"] == 0
    refused = ["--second", PRINCIPAL, "--second-password-file", registered.password(REVIEWER)]
    words[words.index("guardian_phone=13900005678")] = "guardian_phone=13900009999"
    assert run(*words, *refused).code == "vault.wrong_password"
