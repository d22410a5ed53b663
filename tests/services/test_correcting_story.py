"""Corrections as they are told: every field, masked, by whom, and nothing that is told nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.codes_desk import CORRECTION_REASON
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.answers import AnswerDesk
from desktop_app.services.appeals import AppealDesk
from desktop_app.services.assigning import AssigningDesk
from desktop_app.services.case_file import CaseDesk, Event
from desktop_app.services.correcting import Correction, CorrectionDesk, Proof
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.form import CASE_MARKS, FORM_FIELDS
from desktop_app.services.people import PeopleDesk
from desktop_app.services.review import CORRECT, ReviewDesk
from desktop_app.services.undoing import UndoDesk
from desktop_app.services.wording import code_label
from desktop_app.services.workplace import Workplace
from tests.services.kit import let_in, log_in, number, registered
from tests.services.test_passing import child
from tests.sync.site import PASSWORD, SCHOOL, Site, hand, reply, take

PROOF = Proof("slip", "HKB", "户字 0412", "2018-04-02")
PHONE = {"guardian_phone": "13900005678"}


@pytest.fixture
def record(laptop: Workplace) -> str:
    let_in(laptop, "周敏", Role.REVIEWER)
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    return registered(laptop)


@pytest.fixture
def registrar(site: Site, laptop: Workplace, record: str) -> Workplace:
    """A passed case, with the registrar at the desk."""
    reviewer = log_in(site, laptop, "周敏")
    ReviewDesk(reviewer).approve([record])
    return log_in(site, reviewer, "刘素琴")


def wanted(workplace: Workplace, record: str, **fields: str) -> Correction:
    stored = AmendmentDesk(workplace).open(record)
    return Correction(record, {**stored.form, **fields}, stored.form, stored.decisions)


def correct(workplace: Workplace, record: str, second: str = "周敏", **fields: str) -> None:
    desk = CorrectionDesk(workplace)
    desk.correct(wanted(workplace, record, **fields), PROOF, desk.second(second, PASSWORD))


def told(workplace: Workplace, record: str) -> list[Event]:
    return [one for one in CaseDesk(workplace).open(record).events if one.act == "corrected"]


def everything(workplace: Workplace) -> str:
    """Give all that the tables of a computer hold, as one text."""
    with workplace.database.read() as connection:
        tables = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).scalars()
        rows = [
            row
            for table in list(tables)
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"')  # noqa: S608
        ]
    cells = (cell for row in rows for cell in row)
    return "\n".join(
        one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in cells
    )


# --- what is told ---------------------------------------------------------------------------------


def test_every_correction_is_told_with_its_own_changes_alone(
    registrar: Workplace, record: str
) -> None:
    correct(registrar, record, **PHONE)
    correct(registrar, record, hukou_address="3组28号")
    correct(registrar, record, guardian_name="罗志强")
    subjects = [one.subject for one in told(registrar, record)]
    assert len(subjects) == 3
    assert "联系电话" in subjects[0]
    assert "户籍地址 3组27号 → 3组28号" in subjects[1]
    assert subjects[2] == "监护人姓名 罗志远 → 罗志强"


def test_numbers_are_masked_in_the_story_and_whole_at_the_desk(
    registrar: Workplace, record: str
) -> None:
    phone = PHONE["guardian_phone"]
    shown = CorrectionDesk(registrar).changes(wanted(registrar, record, **PHONE))
    assert [(one.before, one.after) for one in shown] == [("13800001234", phone)]
    correct(registrar, record, **PHONE)
    (event,) = told(registrar, record)
    assert phone not in event.subject
    assert "13800001234" not in event.subject


def test_the_district_lists_each_corrected_child_once_with_the_last_correction(
    site: Site, registrar: Workplace, record: str, district: Workplace
) -> None:
    """Oldest correction first, page by page, of all schools or of one; who was not is not there."""
    numbers = {"guardian_id_number": number("19890522", 301), "guardian_phone": "13800000301"}
    more = {"id_number": number(order=301), "full_name": "王子涵"} | numbers
    other = registered(registrar, **more)
    registered(
        registrar,
        id_number=number(order=303),
        full_name="赵一诺",
        guardian_id_number=number("19890522", 303),
        guardian_phone="13800000303",
    )
    reviewer = log_in(site, registrar, "周敏")
    ReviewDesk(reviewer).approve([other])
    registrar = log_in(site, reviewer, "刘素琴")
    correct(registrar, other, **PHONE)
    correct(registrar, record, **PHONE)
    correct(registrar, record, hukou_address="9组9号")
    take(district, hand(registrar, site.folder / "there").path)
    desk = AnswerDesk(district)
    for school in ("", SCHOOL):
        first = desk.page("corrected", school, limit=1)
        then = desk.page("corrected", school, first.after, limit=1)
        assert [one.name for one in (*first.lines, *then.lines)] == ["王子涵", "罗雨桐"]
        assert then.after is None
        assert desk.counts(school)["corrected"] == 2
    line = desk.page("corrected").lines[-1]
    assert line.told.endswith("更正：录入差错，户口簿")
    case = desk.open(line.place)
    assert [one.persons for one in case.corrected] == [("刘素琴", "周敏")] * 2
    assert [one.label for one in case.corrected[-1].changes] == ["户籍地址"]
    assert desk.counts("2141041102")["corrected"] == 0


def test_a_correction_of_two_kinds_is_one_event(registrar: Workplace, record: str) -> None:
    before = len(CaseDesk(registrar).open(record).events)
    correct(registrar, record, boarding_code="2", guardian_name="罗志强", **PHONE)
    events = CaseDesk(registrar).open(record).events
    assert len(events) == before + 1
    assert events[-1].subject.count("→") == 3


def test_a_correction_has_room_to_name_every_field_of_the_form() -> None:
    fields = RECORD_TYPES["applicant"].fields.keys() & {*FORM_FIELDS, *CASE_MARKS, "private_note"}
    named = [f"applicant.{name}" for name in fields]
    named += [f"guardian.{name}" for name in RECORD_TYPES["guardian"].fields]
    assert len(" ".join(named)) <= (
        RECORD_TYPES["correction"].fields["fields"].item.max_length or 0
    )


def test_many_fields_at_once_are_corrected_too(registrar: Workplace, record: str) -> None:
    made = {
        "full_name": "罗雨彤",
        "id_number": number("20180315"),
        "sex": "",
        "birth_date": "",
        "nationality": "156",
        "ethnic_code": "11",
        "hukou_address": "4组1号",
        "current_address": "5组2号",
        "same_address": "",
        "current_village": "410411200202",
        "boarding_code": "2",
        "multiple_birth": "1",
        "sibling_enrolled": "1",
        "guardian_name": "罗志强",
        "guardian_relation": "52",
        "guardian_id_number": number("19890523", 142),
        "guardian_phone": "13900005678",
        "hukou_nature": "1",
        "birth_certificate": "A410123456",
        "private_note": "家里的事",
    }
    desk = CorrectionDesk(registrar)
    asked = wanted(registrar, record, **made)
    shown = desk.changes(asked)
    assert len(shown) >= 14
    desk.correct(asked, PROOF, desk.second("周敏", PASSWORD))
    (event,) = told(registrar, record)
    assert event.subject.count("→") >= 14
    assert "家里的事" not in event.subject
    assert child(registrar, record).text("full_name") == "罗雨彤"


@pytest.mark.parametrize("reason", [one.value for one in CORRECTION_REASON.entries])
def test_every_reason_is_told_in_its_words(registrar: Workplace, record: str, reason: str) -> None:
    desk = CorrectionDesk(registrar)
    proof = replace(PROOF, reason=reason, note=" 看过原件 ")
    desk.correct(wanted(registrar, record, **PHONE), proof, desk.second("周敏", PASSWORD))
    (event,) = told(registrar, record)
    assert event.detail.startswith(f"{code_label('correction_reason', reason)}，看过原件，")
    assert event.detail.endswith("户字 0412 2018-04-02")


def test_a_change_that_no_correction_stands_behind_is_told_as_a_change(
    registrar: Workplace, record: str
) -> None:
    values = {
        "applicant": record,
        "fields": "applicant.hukou_address",
        "reason": "slip",
        "material": "HKB",
    }
    with registrar.journal.begin(registrar.actor()) as work:
        work.create("correction", dict(values), signed=True)  # by one alone: it counts nowhere
        work.edit("applicant", record, {"hukou_address": "9组9号"}, act=CORRECT)
    assert told(registrar, record) == []
    event = CaseDesk(registrar).open(record).events[-1]
    assert (event.act, event.person, event.subject) == ("changed", "刘素琴", "户籍地址")
    assert event.detail == "3组27号 → 9组9号"


def test_a_true_correction_hides_no_change_written_before_it_under_its_name(
    registrar: Workplace, record: str
) -> None:
    with registrar.journal.begin(registrar.actor()) as work:
        work.edit("applicant", record, {"hukou_address": "9组9号"}, act=CORRECT)
    correct(registrar, record, **PHONE)
    acts = [one.act for one in CaseDesk(registrar).open(record).events]
    assert acts == ["registered", "passed", "changed", "corrected"]
    (event,) = told(registrar, record)
    assert "9组9号" not in event.subject


# --- what follows ---------------------------------------------------------------------------------


def test_the_case_stays_passed_and_may_be_corrected_back(registrar: Workplace, record: str) -> None:
    correct(registrar, record, hukou_address="3组28号")
    correct(registrar, record, hukou_address="3组27号")
    assert child(registrar, record).text("review") == "passed"
    assert AmendmentDesk(registrar).open(record).passed
    row = child(registrar, record)
    assert row.text("hukou_address") == "3组27号"
    subjects = [one.subject for one in told(registrar, record)]
    assert "3组27号 → 3组28号" in subjects[0]
    assert "3组28号 → 3组27号" in subjects[1]


def test_whoever_corrected_it_does_not_pass_it_anew(
    site: Site, registrar: Workplace, record: str
) -> None:
    reviewer = log_in(site, registrar, "周敏")
    correct(reviewer, record, second="刘素琴", **PHONE)
    assert UndoDesk(reviewer).undo([record]).records == (record,)
    with pytest.raises(RuleError, match=r"review\.own_change"):
        ReviewDesk(reviewer).approve([record])
    ReviewDesk(reviewer).send_back(record, "ADDRESS_DIFFERS")
    assert ExaminationDesk(reviewer).open(record).steps == ()


def test_what_was_changed_by_another_meanwhile_is_not_overwritten(
    registrar: Workplace, record: str
) -> None:
    late = wanted(registrar, record, hukou_address="3组28号", **PHONE)
    correct(registrar, record, hukou_address="6组1号")
    desk = CorrectionDesk(registrar)
    before = len(told(registrar, record))
    with pytest.raises(StaleError, match=r"amend\.overtaken"):
        desk.correct(late, PROOF, desk.second("周敏", PASSWORD))
    assert child(registrar, record).text("hukou_address") == "6组1号"
    assert len(told(registrar, record)) == before  # nor does the correction itself stand


def test_who_may_sign_beside_is_listed_without_oneself_and_without_who_was_ended(
    site: Site, registrar: Workplace, record: str
) -> None:
    assert set(CorrectionDesk(registrar).seconds()) == {"赵志强", "周敏"}
    principal = log_in(site, registrar, "赵志强")
    second = CorrectionDesk(principal).second("周敏", PASSWORD)
    PeopleDesk(principal).end("周敏")
    assert set(CorrectionDesk(principal).seconds()) == {"刘素琴"}
    again = log_in(site, principal, "刘素琴")
    with pytest.raises(RuleError, match=r"correct\.not_allowed"):
        CorrectionDesk(again).correct(wanted(again, record, **PHONE), PROOF, second)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "字" * 41}, "correct.evidence"),
        ({"number": ""}, "correct.evidence"),
        ({"note": "字" * 201}, "review.note_long"),
        ({"dated": ""}, "correct.dated"),
        ({"dated": "2018-4-2"}, "correct.dated"),
        ({"material": "NONE"}, "correct.material"),
        ({"reason": ""}, "correct.reason"),
    ],
)
def test_a_proof_that_proves_nothing_is_refused_before_anybody_signs(
    registrar: Workplace, change: dict[str, str], code: str
) -> None:
    with pytest.raises(RuleError) as refused:
        CorrectionDesk(registrar).check(replace(PROOF, **change))
    assert refused.value.code == code


def test_a_longest_proof_will_do(registrar: Workplace, record: str) -> None:
    desk = CorrectionDesk(registrar)
    proof = replace(PROOF, number="字" * 40, note="字" * 200)
    desk.correct(wanted(registrar, record, **PHONE), proof, desk.second("周敏", PASSWORD))
    assert "字" * 40 in told(registrar, record)[0].detail


# --- in hand --------------------------------------------------------------------------------------


def test_the_story_tells_who_took_a_case_on_over_and_back(
    site: Site, laptop: Workplace, record: str
) -> None:
    reviewer = log_in(site, laptop, "周敏")
    desk = AssigningDesk(reviewer)
    desk.take(record)
    desk.take(record)  # what one has already is not written again
    mine = reviewer.person
    principal = log_in(site, reviewer, "赵志强")
    desk = AssigningDesk(principal)
    desk.put_back(record)  # somebody else's is left alone
    for seen in ("", "somebody"):
        with pytest.raises(StaleError, match=r"assign\.overtaken"):
            desk.take(record, seen)
    desk.take(record, mine)
    desk.put_back(record)
    desk.put_back(record)
    events = [(one.act, one.person) for one in CaseDesk(principal).open(record).events]
    assert events[1:] == [("taken", "周敏"), ("taken", "赵志强"), ("put_back", "赵志强")]
    assert child(principal, record).values["assigned_to"] is None
    with pytest.raises(StaleError, match=r"record\.gone"):
        desk.take("never-heard-of")


# --- forgotten ------------------------------------------------------------------------------------


def test_a_child_with_corrections_and_complaints_is_forgotten_at_school_and_district(
    site: Site, registrar: Workplace, record: str, district: Workplace
) -> None:
    kept = registered(
        registrar,
        id_number=number(order=301),
        full_name="王子涵",
        guardian_id_number=number("19890522", 301),
        guardian_phone="13800000301",
    )
    AppealDesk(registrar).record(kept, "other", "别的孩子说的话")
    desk = CorrectionDesk(registrar)
    proof = replace(PROOF, number="证号八八八八", note="补登说明文字")
    desk.correct(
        wanted(registrar, record, hukou_address="七组更正处"),
        proof,
        desk.second("周敏", PASSWORD),
    )
    appeals = AppealDesk(registrar)
    made = appeals.record(record, "conduct", "家长说的原话在此")
    appeals.answer(made, "学校答的原话在此", passed_on=True)
    words = ("证号八八八八", "补登说明文字", "七组更正处", "家长说的原话在此", "学校答的原话在此")
    take(district, hand(registrar, site.folder / "there").path)
    for workplace in (registrar, district):
        assert [one for one in words if one not in everything(workplace)] == []
    principal = log_in(site, registrar, "赵志强")
    eraser = ErasureDesk(principal)
    eraser.erase(record, "request", eraser.second("周敏", PASSWORD))
    take(district, hand(principal, site.folder / "again").path)
    for workplace in (principal, district):
        held = everything(workplace)
        assert [one for one in words if one in held] == []
        assert "别的孩子说的话" in held
    take(principal, reply(district, site.folder / "back").path)
    assert [one for one in words if one in everything(principal)] == []
    assert [one.applicant for one in AppealDesk(principal).lines()] == [kept]
    with pytest.raises(StaleError):
        CaseDesk(principal).open(record)
    with pytest.raises(StaleError):
        AppealDesk(principal).answer(made, "再答一次")
    with pytest.raises(StaleError):
        AppealDesk(principal).record(record, "other", "再说一次")
    with principal.database.read() as connection:
        left = connection.exec_driver_sql(
            "SELECT count(*) FROM projected_correction WHERE scope = ?", (SCHOOL,)
        ).scalar_one()
    assert left == 0
