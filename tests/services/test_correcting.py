"""Correcting after approval: evidence, two persons, before and after; the district reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.answers import AnswerDesk, Place
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.correcting import Correction, CorrectionDesk, Proof
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.progress import Progress
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.review import DistrictDesk, ReviewDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.rows import Row
from desktop_app.sync.inbox import take_in
from desktop_app.sync.outbox import export
from tests.services.kit import let_in, log_in, number, registered
from tests.sync.site import PASSWORD, SCHOOL, Site

PROOF = Proof("evidence", "HKB", "户字 0412", "2018-04-02", "户口簿补登后的日期")
RIGHT = number("20180315")


def child(workplace: Workplace, record: str) -> Row:
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        return work.row("applicant", record)


def wanted(workplace: Workplace, record: str) -> Correction:
    """Give the correction of a birth date that was proved wrong: number and date together."""
    stored = AmendmentDesk(workplace).open(record)
    form = dict(stored.form) | {"id_number": RIGHT, "sex": "", "birth_date": ""}
    return Correction(record, form, stored.form, stored.decisions)


@pytest.fixture
def record(site: Site, laptop: Workplace) -> str:
    let_in(laptop, "周敏", Role.REVIEWER)
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    let_in(laptop, "王建军", Role.REGISTRAR)
    return registered(laptop)


@pytest.fixture
def registrar(site: Site, laptop: Workplace, record: str) -> Workplace:
    reviewer = log_in(site, laptop, "周敏")
    ReviewDesk(reviewer).approve([record])
    return log_in(site, reviewer, "刘素琴")


def test_scenario_29_the_birth_date_is_corrected_by_two_and_the_district_reads_it_as_a_change(
    registrar: Workplace, record: str, district: Workplace, stick: Path
) -> None:
    ReceiptDesk(registrar).log_print(record)
    stick.mkdir()
    export(registrar, stick, Progress())
    take_in(district, [stick], Progress())
    DistrictDesk(district).decide(SCHOOL, [record], "district_passed")
    desk = CorrectionDesk(registrar)
    asked = wanted(registrar, record)
    told = {one.label: (one.before, one.after) for one in desk.changes(asked)}
    assert told["出生日期"] == ("2018-03-14", "2018-03-15")
    second = desk.second("周敏", PASSWORD)
    made = desk.correct(asked, PROOF, second)
    assert made.record == record
    row = child(registrar, record)
    assert (row.text("birth_date"), row.text("review")) == ("2018-03-15", "passed")
    assert ReceiptDesk(registrar).view(record).corrected
    event = CaseDesk(registrar).open(record).events[-1]
    assert (event.act, event.person) == ("corrected", "刘素琴、周敏")
    assert "出生日期 2018-03-14 → 2018-03-15" in event.subject
    assert "户口簿" in event.detail
    again = stick.parent / "again"
    again.mkdir()
    export(registrar, again, Progress())
    take_in(district, [again], Progress())
    (filed,) = AnswerDesk(district).open(Place(SCHOOL, record)).corrected
    changes = {one.label: (one.before, one.after) for one in filed.changes}
    assert changes["出生日期"] == ("2018-03-14", "2018-03-15")
    assert (filed.persons, filed.reason) == (("刘素琴", "周敏"), "证件证明原来有误")
    assert filed.evidence == "户字 0412 2018-04-02"
    assert child(district, record).text("district_status") == "district_passed"


def test_without_evidence_or_a_second_person_nothing_is_corrected(
    registrar: Workplace, record: str
) -> None:
    desk = CorrectionDesk(registrar)
    asked, second = wanted(registrar, record), desk.second("周敏", PASSWORD)
    for proof, code in (
        (replace(PROOF, reason="whim"), "correct.reason"),
        (replace(PROOF, material=""), "correct.material"),
        (replace(PROOF, number=" "), "correct.evidence"),
        (replace(PROOF, dated="2018-02-30"), "correct.dated"),
        (replace(PROOF, dated="2999-01-01"), "correct.dated"),
    ):
        with pytest.raises(RuleError, match=code.replace(".", r"\.")):
            desk.correct(asked, proof, second)
    with pytest.raises(RuleError, match=r"correct\.same_person"):
        desk.correct(asked, PROOF, registrar.actor())
    with pytest.raises(RuleError, match=r"correct\.not_allowed"):  # two, and none may review
        desk.correct(asked, PROOF, desk.second("王建军", PASSWORD))
    with pytest.raises(RuleError, match=r"vault\.wrong_password"):
        desk.second("周敏", "some-other-word")
    with pytest.raises(RuleError, match=r"correct\.nothing"):
        desk.correct(replace(asked, form=asked.opened), PROOF, second)
    with pytest.raises(RuleError, match=r"amend\.passed"):
        AmendmentDesk(registrar).amend(record, asked.form, asked.opened)
    assert child(registrar, record).text("birth_date") == "2018-03-14"


def test_a_case_that_is_not_passed_is_amended_and_not_corrected(
    site: Site, laptop: Workplace, record: str
) -> None:
    registrar = log_in(site, laptop, "刘素琴")
    desk = CorrectionDesk(registrar)
    with pytest.raises(RuleError, match=r"correct\.not_passed"):
        desk.correct(wanted(registrar, record), PROOF, desk.second("周敏", PASSWORD))


def test_a_correction_signed_by_one_alone_does_not_count(registrar: Workplace, record: str) -> None:
    values = {
        "applicant": record,
        "fields": "applicant.birth_date",
        "reason": "evidence",
        "material": "HKB",
    }
    with registrar.journal.begin(registrar.actor()) as work:
        work.create("correction", dict(values), signed=True)
    with registrar.database.read() as connection:
        history = queries.history(connection, SCHOOL, record, ("correction",))
    (filed,) = [one for one in history if one.kind == "correction"]
    assert filed.verdict == "not_allowed"


def test_a_correction_goes_with_its_child(site: Site, registrar: Workplace, record: str) -> None:
    desk = CorrectionDesk(registrar)
    desk.correct(wanted(registrar, record), PROOF, desk.second("周敏", PASSWORD))
    principal = log_in(site, registrar, "赵志强")
    eraser = ErasureDesk(principal)
    eraser.erase(record, "request", eraser.second("周敏", PASSWORD))
    with principal.database.read() as connection:
        held = connection.exec_driver_sql("SELECT count(*) FROM projected_correction").scalar_one()
        found = connection.exec_driver_sql("SELECT verdict FROM projected_attention")
        verdicts = set(found.scalars())
    assert held == 0
    assert "not_signed" not in verdicts
