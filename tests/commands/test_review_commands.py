"""Correct, undo and appeal by command: what is refused changes nothing, and nobody is named."""

from __future__ import annotations

import datetime as dt
import json
from itertools import count

import pytest

from tests.commands.site import PRINCIPAL, REGISTRAR, REVIEWER, Site, done, lacking, lines_of, run

PROOF = {
    "--reason": "evidence",
    "--material": "HKB",
    "--number": "0412",
    "--dated": "2018-04-02",
}
PHONES = count(13900001000)


@pytest.fixture(scope="module")
def receipts(registered: Site) -> list[str]:
    """Name complete cases with a number, each once, by their receipts."""
    assert registered.sheet is not None
    return [
        str(lines_of(registered, one)[0]["receipt_number"])
        for one in registered.sheet.registered
        if one.id_number and not lacking(one)
    ][:4]


@pytest.fixture(scope="module")
def passed(registered: Site, receipts: list[str]) -> str:
    done("review", "approve", *registered.as_person(REVIEWER), receipts[0])
    return receipts[0]


def digest(site: Site) -> str:
    return str(done("digest", *site.as_person(PRINCIPAL))["digest"])


def correction(
    site: Site,
    receipt: str,
    *fields: str,
    by: str = REGISTRAR,
    second: str = PRINCIPAL,
    **changed: str,
) -> list[object]:
    """Give the words of a correction, some of them changed."""
    proof = PROOF | {f"--{name}": text for name, text in changed.items()}
    wanted = [word for one in fields for word in ("--set", one)]
    words = [word for pair in proof.items() for word in pair]
    signed = ["--second", second, "--second-password-file", site.password(second)]
    return ["correct", *site.as_person(by), receipt, *wanted, *words, *signed]


# --- correct --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "changed", "code"),
    [
        (["guardian_phone"], {}, "command.usage"),
        (["review=passed"], {}, "command.code"),
        (["full_name="], {}, "form.incomplete"),
        (["guardian_phone=13900005678"], {"reason": "whim"}, "correct.reason"),
        (["guardian_phone=13900005678"], {"material": "NONE"}, "command.code"),
        (["guardian_phone=13900005678"], {"number": "  "}, "correct.evidence"),
        (["guardian_phone=13900005678"], {"dated": "2018-13-02"}, "correct.dated"),
        (["guardian_phone=13900005678"], {"dated": "2999-01-01"}, "correct.dated"),
        (["guardian_phone=13900005678"], {"note": "字" * 201}, "review.note_long"),
        (["guardian_phone=13900005678"], {"second": REGISTRAR}, "correct.same_person"),
    ],
)
def test_what_will_not_do_is_refused_and_nothing_is_changed(
    registered: Site, passed: str, fields: list[str], changed: dict[str, str], code: str
) -> None:
    before = digest(registered)
    assert run(*correction(registered, passed, *fields, **changed)).code == code
    assert digest(registered) == before


def test_the_sentence_of_a_wrong_field_names_the_command_that_was_typed(
    registered: Site, passed: str
) -> None:
    ran = run(*correction(registered, passed, "guardian_phone"))
    assert "correct" in ran.line
    assert "amend" not in ran.line


def test_what_stands_already_is_no_correction(registered: Site, passed: str) -> None:
    phone = f"guardian_phone={next(PHONES)}"
    assert done(*correction(registered, passed, phone))["changed"] == ["guardian_phone"]
    before = digest(registered)
    assert run(*correction(registered, passed, phone)).code == "correct.nothing"
    assert digest(registered) == before


def test_the_reason_may_be_said_in_a_word_and_who_signs_first_does_not_matter(
    registered: Site, passed: str
) -> None:
    for by, second, reason in (
        (REVIEWER, REGISTRAR, "有误"),
        (PRINCIPAL, REVIEWER, "录错"),
        (REGISTRAR, REVIEWER, "区里要求"),
    ):
        words = correction(
            registered,
            passed,
            f"guardian_phone={next(PHONES)}",
            by=by,
            second=second,
            reason=reason,
        )
        told = done(*words)
        assert (told["receipt_number"], told["corrected"]) == (passed, ["联系电话"])


def test_what_a_correction_tells_names_no_family(registered: Site, passed: str) -> None:
    phone = str(next(PHONES))
    told = done(*correction(registered, passed, f"guardian_phone={phone}", note="孩子的事"))
    said = json.dumps(told, ensure_ascii=False)
    assert phone not in said
    assert "孩子的事" not in said


def test_a_case_nobody_has_and_a_second_nobody_knows(registered: Site, passed: str) -> None:
    phone = f"guardian_phone={next(PHONES)}"
    assert run(*correction(registered, "N0000000", phone)).status != 0
    words = correction(registered, passed, phone)
    words[words.index(PRINCIPAL, words.index("--second"))] = "没有这个人"
    before = digest(registered)
    assert run(*words).status != 0
    assert digest(registered) == before


# --- undo -----------------------------------------------------------------------------------------


def test_several_are_undone_at_once_and_the_rest_is_named(
    registered: Site, receipts: list[str]
) -> None:
    reviewer, principal = registered.as_person(REVIEWER), registered.as_person(PRINCIPAL)
    mine, theirs, untouched = receipts[1:4]
    done("review", "approve", *reviewer, mine)
    done("review", "approve", *principal, theirs)
    told = done("review", "undo", *reviewer, mine, theirs, untouched)
    assert (told["undone"], told["not_undone"]) == (1, [theirs, untouched])
    assert done("review", "undo", *principal, theirs)["undone"] == 1
    assert done("review", "undo", *reviewer, mine)["not_undone"] == [mine]


def test_a_registrar_undoes_nothing_and_an_unknown_receipt_stops_all(
    registered: Site, receipts: list[str]
) -> None:
    reviewer = registered.as_person(REVIEWER)
    back = ["--reason", "ADDRESS_DIFFERS", "--field", "hukou_address"]
    done("review", "send-back", *reviewer, receipts[1], *back)
    before = digest(registered)
    ran = run("review", "undo", *registered.as_person(REGISTRAR), receipts[1])
    assert ran.code == "review.not_reviewer"
    assert run("review", "undo", *reviewer, receipts[1], "N0000000").status != 0
    assert digest(registered) == before
    assert done("review", "undo", *reviewer, receipts[1])["undone"] == 1


# --- appeal ---------------------------------------------------------------------------------------


def test_complaints_are_answered_oldest_first_and_listed_without_words(
    registered: Site, receipts: list[str]
) -> None:
    me, receipt = registered.as_person(REGISTRAR), receipts[2]
    for matter, words in (("材料", "头一句话"), ("placement", "第二句话")):
        due = done("appeal", "add", *me, receipt, "--matter", matter, "--words", words)["due_on"]
        assert dt.date.fromisoformat(due) > dt.date.fromisoformat("2018-01-01")
    told = done("appeal", "list", *me)
    assert told["open_appeals"] == 2
    assert [one["matter"] for one in told["appeals"]] == ["对材料要求有意见", "对学校安排有意见"]
    assert "句话" not in json.dumps(told, ensure_ascii=False)
    assert (
        done("appeal", "answer", *me, receipt, "--words", "答一", "--passed-on")["open_appeals"]
        == 1
    )
    (left,) = done("appeal", "list", *me)["appeals"]
    assert left["matter"] == "对学校安排有意见"
    assert done("appeal", "answer", *me, receipt, "--words", "答二")["open_appeals"] == 0
    assert run("appeal", "answer", *me, receipt, "--words", "答三").code == "appeal.settled"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--matter", "whim", "--words", "要看登记表"], "appeal.matter"),
        (["--matter", "information", "--words", "   "], "appeal.words"),
        (["--matter", "information", "--words", "字" * 401], "appeal.words"),
    ],
)
def test_a_complaint_that_says_nothing_is_not_written(
    registered: Site, receipts: list[str], words: list[str], code: str
) -> None:
    me = registered.as_person(REGISTRAR)
    before = digest(registered)
    assert run("appeal", "add", *me, receipts[3], *words).code == code
    assert run("appeal", "add", *me, "N0000000", "--matter", "other", "--words", "话").status != 0
    assert digest(registered) == before
    assert done("appeal", "list", *me)["open_appeals"] == 0
