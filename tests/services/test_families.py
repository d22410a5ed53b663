"""Families, ways of coming and whoever comes instead, through the desk that saves."""

from __future__ import annotations

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.materials import MaterialsDesk
from desktop_app.services.registration import Decision, RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row, read_rows
from tests.services.kit import form, number

YOUNG = number("20190305", 417)
"""Five years old on the day that counts."""


def applicant(workplace: Workplace, record: str) -> Row:
    with workplace.database.read() as connection:
        rows = read_rows(connection, RECORD_TYPES["applicant"], workplace.seat.scope, {})
    return next(one for one in rows if one.record == record)


def test_brothers_and_sisters_name_the_record_of_the_first(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    first = desk.register(form()).record
    second = desk.register(
        form(id_number=number("20171102", 272), full_name="罗雨晨", family=first)
    ).record
    third = desk.register(
        form(id_number=number("20160902", 272), full_name="罗雨阳", family=first)
    ).record
    families = [applicant(laptop, one).text("family") for one in (first, second, third)]
    assert families == [first] * 3


def test_twins_said_to_be_twins_become_one_family_and_are_marked(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    first = desk.register(form()).record
    twin = form(id_number=number(order=272), full_name="罗雨晨")
    (hint,) = desk.duplicates(twin)
    assert hint.finding.rule == "D4"
    second = desk.register(twin, [Decision("D4", first, "siblings")]).record
    for one in (first, second):
        row = applicant(laptop, one)
        assert (row.text("family"), row.values["multiple_birth"]) == (first, True)


def test_a_first_child_taken_back_takes_nobody_along(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    first = desk.register(form()).record
    desk.take_back(first)
    second = desk.register(form(family=first)).record
    assert applicant(laptop, second).text("family") == first


def test_whoever_keeps_their_roll_is_asked_for_no_age_but_for_the_roll(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    young = form(id_number=YOUNG)
    assert [one.code for one in desk.assess(young).problems if one.blocks] == ["age.under"]
    for entry in ("transfer", "reinstated", "deferred"):
        assert not desk.assess(young | {"entry": entry}).blocks
    made = desk.register(young | {"entry": "transfer"})
    assert made.missing == ("ROLL",)
    assert applicant(laptop, made.record).text("entry") == "transfer"
    assert desk.assess(young | {"entry": "nonsense"}).blocks


def test_a_letter_of_authority_may_come_later_and_the_guardian_stays_who_they_are(
    laptop: Workplace,
) -> None:
    desk = RegistrationDesk(laptop)
    made = desk.register(form(agent_relation="61") | {"material.AUTH": "pending_original"})
    assert made.missing == ("AUTH",)
    row = applicant(laptop, made.record)
    assert (row.text("agent_relation"), row.text("missing_materials")) == ("61", "AUTH")
    checklist = MaterialsDesk(laptop).open(made.record).checklist
    assert checklist.checks["AUTH"].state == "pending_original"
    with laptop.database.read() as connection:
        kind = RECORD_TYPES["guardian"]
        (guardian,) = read_rows(connection, kind, laptop.seat.scope, {"applicant": made.record})
    assert (guardian.text("full_name"), guardian.text("relation")) == ("罗志远", "51")


def test_a_case_opened_again_keeps_its_marks_and_one_taken_off_takes_its_paper_off(
    laptop: Workplace,
) -> None:
    made = RegistrationDesk(laptop).register(form(agent_relation="61", entry="transfer"))
    desk = AmendmentDesk(laptop)
    stored = desk.open(made.record)
    kept = desk.amend(made.record, dict(stored.form) | {"guardian_phone": "13900001111"})
    assert kept.changed == ("guardian_phone",)
    now = dict(desk.open(made.record).form)
    assert (now["agent_relation"], now["entry"]) == ("61", "transfer")
    del now["agent_relation"]
    assert desk.amend(made.record, now).missing == ("ROLL",)


def test_the_same_home_in_another_spelling_finds_a_child_keyed_twice(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    desk.register(form())
    again = form(
        id_number=number(order=444),
        full_name="罗宇桐",
        hukou_address="第三組27號",
        guardian_id_number="",
        guardian_phone="",
    )
    assert [one.finding.rule for one in desk.duplicates(again)] == ["D5"]


def test_a_test_value_is_warned_of_and_saved(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    tried = form(full_name="张三", hukou_address="测试", guardian_phone="13800000000")
    codes = {(one.field, one.code) for one in desk.assess(tried).problems}
    assert codes >= {
        ("full_name", "name.test_word"),
        ("hukou_address", "form.test_value"),
        ("guardian_phone", "form.test_value"),
    }
    assert desk.register(tried).record


def test_a_case_shows_its_family_how_it_came_and_who_brought_it(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    first = desk.register(form())
    second = desk.register(
        form(
            id_number=number("20171102", 272),
            full_name="罗雨晨",
            family=first.record,
            entry="reinstated",
            agent_relation="62",
        )
    )
    cases = CaseDesk(laptop)
    case = cases.open(second.record)
    assert [(one.name, one.receipt) for one in case.siblings] == [("罗雨桐", first.receipt_number)]
    assert (case.entry, case.agent) == ("复学", "祖母")
    assert [one.name for one in cases.open(first.record).siblings] == ["罗雨晨"]


def test_the_list_says_who_has_a_family_here(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    first = desk.register(form()).record
    desk.register(form(id_number=number("20171102", 272), full_name="罗雨晨", family=first))
    desk.register(form(id_number=number("20180612", 301), full_name="吴桐"))
    lines = ListDesk(laptop).page("all").lines
    assert {one.name: one.has_family for one in lines} == {
        "罗雨桐": True,
        "罗雨晨": True,
        "吴桐": False,
    }
    assert ListDesk(laptop).search("罗雨晨").lines[0].has_family
