"""A case under examination: every value held against what is known, papers, pages, and roles."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.examination import Examination, ExaminationDesk
from desktop_app.services.examined_fields import FieldLine
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows
from tests.documents.pictures import jpeg
from tests.services.conftest import Exchange
from tests.services.kit import form, let_in, log_in, registered, without
from tests.sync.site import Site


@pytest.fixture
def desk(site: Site) -> Workplace:
    return site.set_up("desk", "school", "2141041101")


def lines(case: Examination) -> dict[str, FieldLine]:
    return {line.key: line for line in case.fields}


def change(workplace: Workplace, record: str, **values: Value) -> None:
    """Write what a form would refuse, as an older program or another laptop might have."""
    with workplace.journal.begin(workplace.actor()) as work:
        work.edit("applicant", record, values)


def test_what_agrees_is_the_same(desk: Workplace) -> None:
    found = lines(ExaminationDesk(desk).open(registered(desk)))
    verdicts = {key: (line.proof, line.verdict) for key, line in found.items()}
    assert verdicts == {
        "name": ("", ""),
        "number": ("checksum", "same"),
        "birth": ("derived", "same"),
        "home": ("", ""),
        "zone": ("here", "same"),
        "age": ("age", "same"),
        "guardian": ("", ""),
        "guardian_number": ("checksum", "same"),
        "phone": ("", ""),
    }
    assert found["home"].value == "湛河湾村 3组27号"


def test_a_birth_date_beside_the_number_differs(desk: Workplace) -> None:
    record = registered(desk)
    change(desk, record, birth_date="2018-03-15")
    line = lines(ExaminationDesk(desk).open(record))["birth"]
    assert (line.verdict, line.value[:10], line.against[:10]) == (
        "differs",
        "2018-03-15",
        "2018-03-14",
    )


def test_a_number_that_cannot_be_is_a_problem(desk: Workplace) -> None:
    record = registered(desk)
    change(desk, record, id_number="419999201803142641")
    line = lines(ExaminationDesk(desk).open(record))["number"]
    assert (line.proof, line.verdict) == ("problem", "differs")


def test_a_household_of_another_zone_differs(desk: Workplace) -> None:
    elsewhere = next(
        rule.village
        for rule in desk.policy.catchment
        if rule.stage == "P1" and rule.school != desk.seat.code and rule.is_whole
    )
    record = registered(desk, hukou_village=elsewhere, hukou_address="")
    line = lines(ExaminationDesk(desk).open(record))["zone"]
    assert (line.proof, line.verdict) == ("elsewhere", "differs")
    change(desk, record, hukou_village="外地")
    line = lines(ExaminationDesk(desk).open(record))["zone"]
    assert (line.proof, line.verdict) == ("unplaced", "missing")


def test_nobody_is_pressed_for_a_telephone_number(desk: Workplace) -> None:
    filled = without(form(), "guardian_phone", "guardian_id_number")
    record = RegistrationDesk(desk).register(filled).record
    found = lines(ExaminationDesk(desk).open(record))
    assert found["phone"].verdict == ""
    assert found["guardian_number"].verdict == "missing"


def test_a_return_is_pinned_to_its_field(site: Site, desk: Workplace) -> None:
    record = registered(desk)
    let_in(desk, "周敏", Role.REVIEWER)
    desk = log_in(site, desk, "周敏")
    ReviewDesk(desk).send_back(record, "NAME_DIFFERS", "full_name")
    case = ExaminationDesk(desk).open(record)
    assert case.reason == "姓名与户口簿不一致"
    pinned = [line.key for line in case.fields if line.verdict == "returned"]
    assert pinned == ["name"]


def test_papers_stand_in_published_order_and_one_choice_is_enough(desk: Workplace) -> None:
    filled = without(form(category="A4"), "material.GID")
    record = RegistrationDesk(desk).register(filled).record
    examination = ExaminationDesk(desk)
    case = examination.open(record)
    assert [(one.material, one.state, one.optional) for one in case.papers] == [
        ("HKB", "accepted", False),
        ("GID", "missing", False),
        ("LEASE", "missing", True),
        ("RESREG", "missing", True),
        ("VILL", "missing", True),
    ]
    assert case.missing == 2
    assert case.papers[4].label == "村（居）委会居住证明"
    MaterialsDesk(desk).mark(record, Mark("VILL", "accepted", dated="20240801"))
    case = examination.open(record)
    assert case.missing == 1
    assert [one.settled for one in case.papers] == [True, False, True, True, True]
    assert case.papers[4].dated == "2024-08-01"


def test_no_number_is_asked_for_where_the_school_keeps_none(desk: Workplace) -> None:
    case = ExaminationDesk(desk).open(registered(desk, category="B1"))
    notes = {one.material: one.notes for one in case.papers}
    assert notes["GID"] == ("valid_to",)
    assert notes["HKB"] == ()
    assert notes["RESP"] == ("number", "valid_to", "owner")
    kept = {code: material.keep for code, material in desk.policy.materials.items()}
    assert all("number" not in found for code, found in notes.items() if kept[code] == "none")


def test_what_laptops_wrote_apart_stands_beside_the_value(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    record = registered(laptop)
    meet()
    change(laptop, record, full_name="罗雨彤")
    change(other, record, full_name="罗语桐")
    meet()
    found = lines(ExaminationDesk(laptop).open(record))
    name = found["name"]
    assert {name.value, *name.others} == {"罗雨彤", "罗语桐"}
    assert (name.verdict, len(name.others)) == ("differs", 1)
    assert found["phone"].others == ()


def test_roles_and_own_work_are_told(site: Site, desk: Workplace) -> None:
    record = registered(desk)
    case = ExaminationDesk(desk).open(record)
    assert (case.is_own, case.may_review, case.by) == (True, True, "赵志强")
    let_in(desk, "刘素琴", Role.REGISTRAR)
    case = ExaminationDesk(log_in(site, desk, "刘素琴")).open(record)
    assert (case.is_own, case.may_review) == (False, False)


def test_the_first_look_at_a_page_is_logged(desk: Workplace) -> None:
    record = registered(desk)
    scan = ScanDesk(desk).attach(record, "HKB", jpeg())
    examination = ExaminationDesk(desk)
    (line,) = examination.open(record).scans
    assert (line.scan, line.label, line.page) == (scan, "户口簿", 1)
    assert examination.look_at(record, scan, first=True).startswith(b"\xff\xd8")
    examination.look_at(record, scan, first=False)
    with desk.database.read() as connection:
        rows = read_rows(connection, RECORD_TYPES["access"], desk.seat.scope, {"what": "view"})
    assert [row.text("applicant") for row in rows] == [record]


def test_an_erased_page_is_not_looked_at(desk: Workplace) -> None:
    record = registered(desk)
    scan = ScanDesk(desk).attach(record, "HKB", jpeg())
    with desk.journal.begin(desk.actor()) as work:
        for key in work.rows("scan_key", scan=scan):
            work.remove("scan_key", key.record)
    with pytest.raises(RuleError, match=r"scan\.erased"):
        ExaminationDesk(desk).look_at(record, scan, first=True)


def test_a_case_without_a_category_has_no_papers_but_opens(desk: Workplace) -> None:
    record = registered(desk)
    change(desk, record, category=None)
    case = ExaminationDesk(desk).open(record)
    assert case.papers == ()
    assert case.category_label == ""
