"""The registration desk: what is saved, who looks alike, what can be taken back."""

from __future__ import annotations

import pytest

from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.receipt_number import is_receipt
from desktop_app.services.day import DayDesk
from desktop_app.services.private_notes import LONGEST, PrivateNotes
from desktop_app.services.registration import DISPUTED, Decision, RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.drafts import Draft
from desktop_app.storage.rows import Row
from tests.services.kit import form, number, without
from tests.sync.site import Site


@pytest.fixture
def desk(laptop: Workplace) -> RegistrationDesk:
    return RegistrationDesk(laptop)


def rows(workplace: Workplace, kind: str) -> list[Row]:
    with workplace.journal.begin(workplace.actor()) as work:
        return work.rows(kind)


def test_a_registration_is_applicant_guardian_and_papers(
    laptop: Workplace, desk: RegistrationDesk
) -> None:
    saved = desk.register(form())
    (child,) = rows(laptop, "applicant")
    assert child.record == saved.record
    assert child.values["birth_date"] == "2018-03-14"
    assert child.values["policy_version"] == laptop.policy.version
    assert child.values["notice_version"] == laptop.policy.notice_version
    assert child.text("missing_materials") == ""
    (guardian,) = rows(laptop, "guardian")
    assert guardian.values["applicant"] == saved.record
    assert {one.text("material") for one in rows(laptop, "material_check")} == {"HKB", "GID"}


def test_receipt_numbers_are_valid_and_never_given_twice(desk: RegistrationDesk) -> None:
    given = [
        desk.register(form(id_number=number(order=order))).receipt_number
        for order in range(300, 312)
    ]
    assert len(set(given)) == len(given)
    assert all(map(is_receipt, given))


def test_an_incomplete_form_is_not_saved_and_says_where(
    laptop: Workplace, desk: RegistrationDesk
) -> None:
    with pytest.raises(RuleError) as refused:
        desk.register(without(form(), "guardian_name"))
    assert (refused.value.code, refused.value.details["field"]) == (
        "form.incomplete",
        "guardian_name",
    )
    assert rows(laptop, "applicant") == []


def test_the_same_number_stops_and_names_the_first_record_masked(desk: RegistrationDesk) -> None:
    first = desk.register(form())
    (hint, *_) = desk.duplicates(form(full_name="罗雨彤"))
    assert (hint.finding.rule, hint.finding.other) == ("D1", first.record)
    assert hint.finding.stops
    assert hint.receipt_number == first.receipt_number
    assert number()[6:14] not in hint.masked_number
    with pytest.raises(RuleError, match=r"form\.duplicate"):
        desk.register(form(full_name="罗雨彤"))


def test_number_disputed_is_the_way_through_and_needs_a_reason(
    laptop: Workplace, desk: RegistrationDesk
) -> None:
    first = desk.register(form())
    silent = Decision("D1", first.record, DISPUTED, " ")
    with pytest.raises(RuleError, match=r"form\.duplicate"):
        desk.register(form(full_name="王子涵"), [silent])
    spoken = Decision("D1", first.record, DISPUTED, "户口簿与身份证号不一致，待派出所核实")
    second = desk.register(form(full_name="王子涵"), [spoken])
    child = next(one for one in rows(laptop, "applicant") if one.record == second.record)
    assert child.values["number_disputed"] is True
    (decision,) = rows(laptop, "duplicate_decision")
    assert decision.values["reason"] == spoken.reason


def test_twins_are_found_and_both_are_saved(desk: RegistrationDesk) -> None:
    desk.register(form())
    twin = form(full_name="罗雨晨", id_number=number(order=272))
    assert [hint.finding.rule for hint in desk.duplicates(twin)] == ["D4"]
    assert desk.register(twin).record


def test_children_without_numbers_who_look_alike_are_shown_not_stopped(
    desk: RegistrationDesk,
) -> None:
    bare = without(form(id_type="Z", sex="2", birth_date="20180314"), "id_number")
    desk.register(bare)
    rules = {hint.finding.rule: hint.finding.stops for hint in desk.duplicates(bare)}
    assert rules["D3"] is False
    assert desk.register(bare).record


def test_a_registration_can_be_taken_back_mended_and_saved_again(
    laptop: Workplace, desk: RegistrationDesk
) -> None:
    saved = desk.register(form())
    again = desk.take_back(saved.record)
    assert rows(laptop, "applicant") == []
    assert rows(laptop, "guardian") == []
    assert again["full_name"] == "罗雨桐"
    assert again["material.HKB"] == "accepted"
    mended = desk.register({**again, "full_name": "罗雨彤"})
    (child,) = rows(laptop, "applicant")
    assert (child.record, child.values["full_name"]) == (mended.record, "罗雨彤")


def test_who_is_counted_in_a_signed_day_is_not_taken_back(
    laptop: Workplace, desk: RegistrationDesk
) -> None:
    saved = desk.register(form())
    DayDesk(laptop).close("还有一件没审")
    with pytest.raises(RuleError) as refused:
        desk.take_back(saved.record)
    assert refused.value.code == "registration.day_closed"
    assert [row.record for row in rows(laptop, "applicant")] == [saved.record]


def test_what_was_taken_back_cannot_be_taken_back_twice(desk: RegistrationDesk) -> None:
    saved = desk.register(form())
    desk.take_back(saved.record)
    with pytest.raises(StaleError):
        desk.take_back(saved.record)


def test_drafts_belong_to_their_person_and_survive_a_night(
    site: Site, laptop: Workplace, desk: RegistrationDesk
) -> None:
    desk.save_draft(Draft("d1", laptop.person, {"full_name": "罗"}, "full_name"))
    desk.save_draft(Draft("d1", laptop.person, {"full_name": "罗雨"}, "ethnic_code"))
    desk.save_draft(Draft("d2", "somebody-else", {"full_name": "王"}, "full_name"))
    opened = RegistrationDesk(site.again(laptop))
    (draft,) = opened.drafts()
    assert (draft.fields, draft.caret) == ({"full_name": "罗雨"}, "ethnic_code")
    opened.drop_draft("d2")
    opened.drop_draft("d1")
    assert opened.drafts() == ()


def test_a_child_its_private_declaration_and_the_end_of_its_draft_are_one_commit(
    laptop: Workplace, desk: RegistrationDesk
) -> None:
    """Whoever is killed between them would come back to the form of a registered child."""
    typed = dict(form())
    desk.save_draft(Draft("d1", laptop.person, typed, "notice_read"))
    desk.save_draft(Draft("d2", laptop.person, {"full_name": "王"}, "full_name"))
    with pytest.raises(RuleError, match=r"private\.too_long"):
        desk.register(typed, note="字" * (LONGEST + 1), draft="d1")
    assert rows(laptop, "applicant") == []
    assert {one.id for one in desk.drafts()} == {"d1", "d2"}
    before = laptop.database.commits
    made = desk.register(typed, note="要坐前排", draft="d1")
    assert laptop.database.commits == before + 1
    assert [one.id for one in desk.drafts()] == ["d2"]
    assert PrivateNotes(laptop).read(made.record) == "要坐前排"
