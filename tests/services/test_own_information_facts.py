"""What stands on the sheet of a child's information, and what must never stand there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from desktop_app.documents.own_information import own_information_html
from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import StaleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.graduates import GraduateDesk
from desktop_app.services.own_information import OwnInformationDesk
from desktop_app.services.private_notes import PrivateNotes
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from tests.documents.pictures import jpeg
from tests.services.conftest import Exchange
from tests.services.kit import form, let_in, log_in, number, registered
from tests.services.test_graduates import BORN, GOOD, JUNIOR, book
from tests.sync.site import Site, hand, reply, take

NOTE = "需要坐在前排"


def facts(workplace: Workplace, record: str) -> dict[str, str]:
    """Give everything on the sheet by its caption; of several guardians the last one's."""
    groups = OwnInformationDesk(workplace).view(record).groups
    return {label: said for _, pairs in groups for label, said in pairs}


def page(workplace: Workplace, record: str) -> str:
    return own_information_html(OwnInformationDesk(workplace).view(record))


def test_every_word_the_family_gave_stands_there_whole(laptop: Workplace) -> None:
    filled = form(multiple_birth="1", agent_relation="")
    sheet = page(laptop, RegistrationDesk(laptop).register(filled).record)
    for name in (
        "id_number",
        "full_name",
        "hukou_address",
        "guardian_name",
        "guardian_id_number",
        "guardian_phone",
    ):
        assert filled[name] in sheet
    assert "*" not in sheet.partition("</style>")[2]


def test_codes_are_said_in_words_and_no_empty_line_stands_there(laptop: Workplace) -> None:
    told = facts(laptop, registered(laptop))
    assert (told["性别"], told["民族"]) == ("女", "汉族")
    assert told["学校审核"] == "还没审核"
    assert all(told.values())
    assert "区里答复" not in told
    assert "扫描件" not in told


def test_a_sealed_declaration_is_named_and_never_opened(site: Site, laptop: Workplace) -> None:
    record = registered(laptop)
    PrivateNotes(laptop).attach(record, NOTE)
    sheet = page(laptop, record)
    assert "有，已封存" in facts(laptop, record)["私密申报"]
    assert NOTE not in sheet
    assert "age:" not in sheet
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    assert NOTE not in page(log_in(site, laptop, "刘素琴"), record)


def test_pages_are_counted_and_named_by_nothing_inside_the_program(laptop: Workplace) -> None:
    record = registered(laptop)
    scans = [ScanDesk(laptop).attach(record, "HKB", jpeg()) for _ in range(2)]
    assert facts(laptop, record)["扫描件"] == "2 页，封存"
    sheet = page(laptop, record)
    with laptop.journal.begin(laptop.actor()) as work:
        digests = [work.row("scan", one).text("digest") for one in scans]
    for inside in (record, *scans, *digests, laptop.person, laptop.seat.scope):
        assert inside not in sheet


def test_what_a_reviewer_wrote_for_colleagues_is_not_the_familys(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, "周敏", Role.REVIEWER)
    record = registered(laptop)
    ReviewDesk(log_in(site, laptop, "周敏")).send_back(record, "OTHER", "full_name", "疑似冒名")
    workplace = site.opened[-1]
    assert "疑似冒名" not in page(workplace, record)
    assert facts(workplace, record)["学校审核"] == "退回改正"


def test_of_a_field_written_apart_both_values_are_told(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    """What is held of a child is also the value that is under verification."""
    record = registered(laptop)
    meet()
    for workplace, name in ((laptop, "罗雨彤"), (other, "罗语桐")):
        with workplace.journal.begin(workplace.actor()) as work:
            work.edit("applicant", record, {"full_name": name})
    meet()
    for workplace in (laptop, other):
        said = facts(workplace, record)["姓名"]
        assert {*said.split("；另一处写 ")} == {"罗雨彤", "罗语桐"}


def test_everybody_who_looked_is_told_with_what_they_did(site: Site, laptop: Workplace) -> None:
    record = registered(laptop)
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    ReceiptDesk(laptop).log_print(record)
    clerk = log_in(site, laptop, "刘素琴")
    CaseDesk(clerk).unmask(record)
    ReceiptDesk(clerk).log_print(record)
    own = OwnInformationDesk(clerk)
    own.log_print(record)
    told = [(who, what) for _, who, what in own.view(record).looked]
    assert told == [
        ("赵志强", "打印回执第 1 份"),
        ("刘素琴", "看了证件号"),
        ("刘素琴", "打印回执第 2 份"),
        ("刘素琴", "打印"),
    ]
    assert own.view(record).clerk == "刘素琴"


def test_looking_at_the_sheet_on_the_screen_writes_nothing(laptop: Workplace) -> None:
    record = registered(laptop)
    reach = laptop.own_feed().sequence
    page(laptop, record)
    assert laptop.own_feed().sequence == reach


def test_of_a_child_who_was_taken_back_nothing_is_printed(laptop: Workplace) -> None:
    record = registered(laptop)
    RegistrationDesk(laptop).take_back(record)
    own = OwnInformationDesk(laptop)
    for act in (own.log_print, own.view):
        with pytest.raises(StaleError):
            act(record)
    with laptop.journal.begin(laptop.actor()) as work:
        assert work.rows("access", applicant=record) == []


def test_words_of_a_family_are_no_page_of_their_own(laptop: Workplace) -> None:
    """Signs that mean something in a page are printed as they were typed."""
    record = registered(laptop, hukou_address="3组<b>27</b>&号")
    sheet = page(laptop, record)
    assert "<b>27</b>&号" not in sheet
    assert "&lt;b&gt;27&lt;/b&gt;&amp;号" in sheet


def test_a_practice_sheet_says_so(laptop: Workplace) -> None:
    view = OwnInformationDesk(laptop).view(registered(laptop))
    real, practice = (
        own_information_html(dataclasses.replace(view, practice=one)) for one in (False, True)
    )
    assert "练习" in practice
    assert "练习" not in real


def test_a_graduate_reads_that_the_list_has_them_and_which_school_they_left(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    junior, desk = site.laptop(district, "junior", JUNIOR), GraduateDesk(district)
    desk.enter(desk.look(book(tmp_path / "list.xlsx", [GOOD])))
    take(district, hand(junior, tmp_path / "in").path)
    take(junior, reply(district, tmp_path / "out", JUNIOR).path)
    family = form(
        id_number=GOOD["证件号"], primary_school="湛河湾小学", national_student_no=GOOD["学籍号"]
    )
    register = RegistrationDesk(junior, "J1")
    told = facts(junior, register.register(family).record)
    assert told["毕业生名单"] == "在名单上"
    assert GOOD["学籍号"] in told.values()
    stranger = form(
        full_name="返乡娃",
        id_number=number(BORN, 333),
        graduate="returning",
        guardian_id_number=number("19890522", 333),
        guardian_phone="13800009999",
    )
    assert facts(junior, register.register(stranger).record)["毕业生名单"].startswith("返乡")


def test_no_field_of_a_child_is_forgotten_by_a_record_that_grows() -> None:
    """A field that is added to the record is put on the sheet, or here with its reason."""
    from desktop_app.services import own_information as own

    told = {*own._CHILD, *own._HOME, *own._CASE}
    said_otherwise = {
        "season": "the head of the sheet",
        "stage": "the school's own",
        "receipt_number": "the head of the sheet",
        "registered_at": "登记时间",
        "graduate": "毕业生名单",
        "list_fault": "名册有误",
        "number_disputed": "证件号码",
        "review": "学校审核",
        "district_status": "区里答复",
        "policy_version": "政策包版本",
        "private_note": "私密申报",
        "identity_reason": "证件说明, unless it speaks of another child",
        "notice_version": "告知",
        "missing_materials": "the list of papers",
    }
    fields = set(RECORD_TYPES["applicant"].fields)
    assert told | said_otherwise.keys() <= fields
    left = fields - told - said_otherwise.keys()
    assert {one for one in left if not one.startswith(("review_", "district_"))} == LEFT_OUT


LEFT_OUT = {
    "hukou_region_code",  # derived from the village
    "family",  # names another child
    "second_keying",
    "assigned_to",
    "amended",
    "answers",
}
"""What is of the school's work and not of the child."""


def test_why_there_is_no_number_is_told_and_why_one_is_disputed_is_not(
    laptop: Workplace,
) -> None:
    """The family's own word is theirs; a clerk's word about another child's number is not."""
    record = registered(laptop, id_type="Z", id_number="", sex="2", birth_date="2018-03-14")
    with laptop.journal.begin(laptop.actor()) as work:
        work.edit("applicant", record, {"identity_reason": "户口正在办理"})
    assert facts(laptop, record)["证件说明"] == "户口正在办理"
    with laptop.journal.begin(laptop.actor()) as work:
        disputed: dict[str, Value] = {
            "number_disputed": True,
            "identity_reason": "另一个孩子也是这个号",
        }
        work.edit("applicant", record, disputed)
    assert "另一个孩子也是这个号" not in page(laptop, record)
    assert facts(laptop, record)["证件号码"] == "有争议，核实中"
