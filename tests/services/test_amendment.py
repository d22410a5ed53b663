"""Amending a registration: only what changed is written, and nobody's value is lost over it."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.private_notes import PrivateNotes
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import DISPUTED, Decision, RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row
from tests.services.kit import form, let_in, log_in, number, registered, without
from tests.sync.site import Site

REASON = "户口簿与身份证号不一致，待派出所核实"


@pytest.fixture
def desk(laptop: Workplace) -> AmendmentDesk:
    return AmendmentDesk(laptop)


def rows(workplace: Workplace, kind: str, **equal: str) -> list[Row]:
    with workplace.journal.begin(workplace.actor()) as work:
        return work.rows(kind, **equal)


def child(workplace: Workplace, record: str) -> Row:
    return next(one for one in rows(workplace, "applicant") if one.record == record)


def test_only_what_changed_is_written(laptop: Workplace, desk: AmendmentDesk) -> None:
    record = registered(laptop)
    before = laptop.own_feed().sequence
    amended = desk.amend(record, form(guardian_phone="13900004321"))
    assert amended.changed == ("guardian_phone",)
    assert laptop.own_feed().sequence == before + 1
    assert rows(laptop, "guardian")[0].values["phone"] == "13900004321"
    assert desk.amend(record, form(guardian_phone="13900004321")).changed == ()
    assert laptop.own_feed().sequence == before + 1


def test_what_is_stored_opens_as_the_form_that_would_have_made_it(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    record = registered(laptop, birth_certificate="O410123456", multiple_birth="1")
    stored = desk.open(record)
    assert stored.form["full_name"] == "罗雨桐"
    assert stored.form["guardian_phone"] == "13800001234"
    assert stored.form["multiple_birth"] == "1"
    assert stored.form["material.HKB"] == "accepted"
    assert (stored.reason, stored.note, stored.field) == ("", "", "")
    before = laptop.own_feed().sequence
    assert desk.amend(record, stored.form, stored.form).changed == ()
    assert laptop.own_feed().sequence == before


def test_a_field_may_be_emptied_and_a_tick_taken_away(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    record = registered(laptop, multiple_birth="1")
    stored = desk.open(record)
    less = without(stored.form, "multiple_birth", "guardian_phone")
    assert set(desk.amend(record, less, stored.form).changed) == {
        "multiple_birth",
        "guardian_phone",
    }
    assert child(laptop, record).values["multiple_birth"] is None
    assert rows(laptop, "guardian")[0].values["phone"] is None


def test_an_incomplete_form_is_not_written_and_says_where(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    record = registered(laptop)
    stored = desk.open(record)
    for wrong, field in (
        (without(stored.form, "guardian_name"), "guardian_name"),
        ({**stored.form, "id_number": "419999201803142643"}, "id_number"),
    ):
        with pytest.raises(RuleError, match=r"form\.incomplete") as refused:
            desk.amend(record, wrong, stored.form)
        assert refused.value.details["field"] == field
    assert child(laptop, record).text("id_number") == number()


# --- two people at once -----------------------------------------------------------------------


def test_what_others_changed_meanwhile_stays_and_is_not_undone(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    record = registered(laptop)
    stored = desk.open(record)
    desk.amend(record, {**stored.form, "guardian_phone": "13900004321"}, stored.form)
    changed = desk.amend(record, {**stored.form, "hukou_address": "3组28号"}, stored.form).changed
    assert "hukou_address" in changed
    assert "guardian_phone" not in changed
    assert rows(laptop, "guardian")[0].values["phone"] == "13900004321"


def test_the_same_field_changed_elsewhere_stops_and_nothing_is_overwritten(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    record = registered(laptop)
    stored = desk.open(record)
    desk.amend(record, {**stored.form, "guardian_phone": "13900004321"}, stored.form)
    desk.amend(record, {**stored.form, "guardian_phone": "13900004321"}, stored.form)
    mine = {**stored.form, "guardian_phone": "13700001111", "boarding_code": "2"}
    with pytest.raises(StaleError, match=r"amend\.overtaken") as refused:
        desk.amend(record, mine, stored.form)
    assert dict(refused.value.details) == {"field": "guardian_phone", "count": 1}
    assert child(laptop, record).text("boarding_code") == "1"
    assert rows(laptop, "guardian")[0].values["phone"] == "13900004321"


def test_what_was_taken_back_is_neither_opened_nor_amended(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    record = registered(laptop)
    stored = desk.open(record)
    RegistrationDesk(laptop).take_back(record)
    with pytest.raises(StaleError):
        desk.open(record)
    with pytest.raises(StaleError):
        desk.amend(record, {**stored.form, "boarding_code": "2"}, stored.form)
    assert rows(laptop, "applicant") == []


# --- review -----------------------------------------------------------------------------------


def test_a_passed_case_is_sent_back_before_it_is_amended(site: Site, laptop: Workplace) -> None:
    let_in(laptop, "周敏", Role.REVIEWER)
    record = registered(laptop)
    stored = AmendmentDesk(laptop).open(record)
    reviewer = log_in(site, laptop, "周敏")
    ReviewDesk(reviewer).approve([record])
    desk = AmendmentDesk(reviewer)
    assert desk.open(record).passed  # what is changed of it is a correction
    with pytest.raises(RuleError, match=r"amend\.passed"):
        desk.amend(record, {**stored.form, "boarding_code": "2"}, stored.form)
    ReviewDesk(reviewer).send_back(record, "NAME_DIFFERS", "full_name")
    opened = desk.open(record)
    assert (opened.reason, opened.field) == ("姓名与户口簿不一致", "full_name")
    desk.amend(record, {**opened.form, "full_name": "罗雨彤"}, opened.form)
    assert desk.open(record).reason == ""


# --- papers -----------------------------------------------------------------------------------


def test_papers_are_noted_and_missing_ones_told_anew_with_the_category(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    record = registered(laptop)
    stored = desk.open(record)
    amended = desk.amend(record, {**stored.form, "material.GID": "pending_original"}, stored.form)
    assert amended.changed == ("material.GID",)
    assert amended.missing == ("GID",)
    row = rows(laptop, "material_check", material="GID")[0]
    assert row.text("due_on")
    assert row.values["original_seen"] is None
    assert child(laptop, record).text("missing_materials") == "GID"
    again = desk.open(record)
    other = desk.amend(record, {**again.form, "category": "B1"}, again.form)
    assert other.missing == MaterialsDesk(laptop).open(record).checklist.next_materials()
    assert child(laptop, record).text("missing_materials") == " ".join(other.missing)
    assert len(rows(laptop, "material_check")) == 2


def test_what_a_reviewer_said_of_a_paper_stands_until_it_is_brought(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    record = registered(laptop)
    MaterialsDesk(laptop).mark(record, Mark("GID", "rejected", reason="EXPIRED"))
    MaterialsDesk(laptop).mark(record, Mark("HKB", "waived", reason="data_match"))
    stored = desk.open(record)
    assert stored.form["material.GID"] == "rejected"
    amended = desk.amend(record, {**stored.form, "boarding_code": "2"}, stored.form)
    assert (amended.changed, amended.missing) == (("boarding_code",), ("GID",))
    brought = desk.amend(record, {**stored.form, "material.GID": "accepted"}, stored.form)
    assert brought.missing == ()
    row = rows(laptop, "material_check", material="GID")[0]
    assert (row.text("result"), row.text("reason")) == ("accepted", "")


# --- numbers that are taken -------------------------------------------------------------------


def test_a_number_that_is_taken_needs_a_dispute_with_a_reason(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    first = registered(laptop)
    second = registered(laptop, id_number=number(order=301), full_name="王子涵")
    stored = desk.open(second)
    wrong = {**stored.form, "id_number": number()}
    for decisions in ([], [Decision("D1", first, "same")], [Decision("D1", first, DISPUTED, " ")]):
        with pytest.raises(RuleError, match=r"form\.duplicate"):
            desk.amend(second, wrong, stored.form, decisions)
    spoken = [Decision("D1", first, DISPUTED, REASON)]
    desk.amend(second, wrong, stored.form, spoken)
    assert child(laptop, second).values["number_disputed"] is True
    assert child(laptop, second).text("identity_reason") == REASON
    assert [one.other for one in desk.open(second).decisions] == [first]
    assert [one.other for one in desk.open(first).decisions] == [second]
    kept = desk.open(second)
    before = laptop.own_feed().sequence
    desk.amend(second, {**kept.form, "guardian_phone": ""}, kept.form, kept.decisions)
    assert laptop.own_feed().sequence == before + 1
    assert child(laptop, second).values["number_disputed"] is True


def test_a_dispute_ends_with_the_number_that_was_wrong(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    first = registered(laptop)
    spoken = [Decision("D1", first, DISPUTED, REASON)]
    second = RegistrationDesk(laptop).register(form(full_name="王子涵"), spoken).record
    stored = desk.open(second)
    mended = {**stored.form, "id_number": number(order=301)}
    desk.amend(second, mended, stored.form)
    assert child(laptop, second).values["number_disputed"] is None
    assert child(laptop, second).text("identity_reason") == ""


def test_a_dispute_ends_when_the_other_case_was_the_wrong_one(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    first = registered(laptop)
    spoken = [Decision("D1", first, DISPUTED, REASON)]
    second = RegistrationDesk(laptop).register(form(full_name="王子涵"), spoken).record
    other = desk.open(first)
    desk.amend(first, {**other.form, "id_number": number(order=301)}, other.form)
    stored = desk.open(second)
    desk.amend(second, stored.form, stored.form)
    assert child(laptop, second).values["number_disputed"] is None


def test_nobody_is_their_own_double(laptop: Workplace) -> None:
    record = registered(laptop)
    desk = RegistrationDesk(laptop)
    assert desk.duplicates(form(), record) == ()
    assert [one.finding.rule for one in desk.duplicates(form())][:1] == ["D1"]


# --- beside the form --------------------------------------------------------------------------


def test_a_sealed_declaration_stays_sealed_and_is_not_written_again(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    record = registered(laptop)
    PrivateNotes(laptop).attach(record, "需要坐前排")
    stored = desk.open(record)
    sealed = child(laptop, record).text("private_note")
    assert stored.form["private_note"] == sealed
    assert "前排" not in sealed
    assert desk.amend(record, stored.form, stored.form).changed == ()


def test_the_receipt_printed_after_an_amendment_says_that_it_is_corrected(
    laptop: Workplace, desk: AmendmentDesk
) -> None:
    record = registered(laptop)
    receipts = ReceiptDesk(laptop)
    desk.amend(record, form(boarding_code="2"))
    receipts.log_print(record)
    assert not receipts.view(record).corrected
    desk.amend(record, form(boarding_code="2", full_name="罗雨彤"))
    receipts.log_print(record)
    view = receipts.view(record)
    assert (view.name, view.copy, view.corrected) == ("罗雨彤", 2, True)
