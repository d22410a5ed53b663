"""打印我的信息: everything of the child whole, nothing of anybody else, and it is logged."""

from __future__ import annotations

from desktop_app.documents.own_information import own_information_html
from desktop_app.domain.acts import Role
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.appeals import AppealDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.consents import ConsentDesk
from desktop_app.services.own_information import OwnInformationDesk
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import Decision, RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.today_detail import event_words
from tests.services.kit import form, let_in, log_in, number
from tests.sync.site import Site


def test_a_guardian_gets_all_that_is_held_of_the_child_and_nothing_else(
    site: Site, laptop: Workplace
) -> None:
    """A twin is registered, the case is sent back with a note: neither stands on the sheet."""
    desk = RegistrationDesk(laptop)
    first = desk.register(form(consented="photo", notice_read="2")).record
    twin = form(id_number=number(order=272), full_name="罗雨晨")
    (hint, *_more) = desk.duplicates(twin)
    seen = [Decision(one.finding.rule, first, "siblings") for one in (hint, *_more)]
    desk.register(twin, seen)
    let_in(laptop, "周敏", Role.REVIEWER)
    laptop = log_in(site, laptop, "周敏")
    ReviewDesk(laptop).send_back(first, "OTHER", "full_name", "疑似冒名")

    own = OwnInformationDesk(laptop)
    own.log_print(first)
    view = own.view(first)
    page = own_information_html(view)
    for said in (number(), "罗雨桐", "3组27号", "罗志远", number("19890522", 141), "13800001234"):
        assert said in page
    for other in ("罗雨晨", number(order=272), "疑似冒名", "siblings", first):
        assert other not in page
    assert ("周敏", "打印") in {(who, what) for _, who, what in view.looked}
    told = dict(view.groups[-1][1])
    assert "已念给父亲听" in told["告知"]
    assert told["照片用于通知"] == "同意"
    ConsentDesk(laptop).set(first, "photo", agreed=False)
    assert dict(own.view(first).groups[-1][1])["照片用于通知"] == "没有同意"


def test_a_print_for_the_guardian_is_no_copy_of_the_receipt(laptop: Workplace) -> None:
    """It is told as what it was, and a receipt printed first after an amendment corrects none."""
    record = RegistrationDesk(laptop).register(form()).record
    OwnInformationDesk(laptop).log_print(record)
    (event,) = (one for one in CaseDesk(laptop).open(record).events if one.act == "printed")
    assert event_words(event) == "赵志强 打印了一份（不是回执）"
    desk = AmendmentDesk(laptop)
    opened = desk.open(record).form
    desk.amend(record, {**opened, "full_name": "罗雨彤"}, opened)
    receipts = ReceiptDesk(laptop)
    assert receipts.printed(record) == 0
    assert not receipts.view(record).corrected
    assert receipts.log_print(record) == 1


def test_what_the_family_complained_of_stands_there_with_its_answer(laptop: Workplace) -> None:
    record, desk = RegistrationDesk(laptop).register(form()).record, AppealDesk(laptop)
    own = OwnInformationDesk(laptop)
    assert "诉求" not in own_information_html(own.view(record))
    answered = desk.record(record, "materials", "为什么还要租房合同")
    desk.answer(answered, "不用交，已经核对过")
    desk.record(record, "placement", "想去离家近的学校")
    (one, other) = own.view(record).complaints
    assert one[1:] == ("为什么还要租房合同", "学校：不用交，已经核对过")
    assert "对材料要求有意见" in one[0]
    assert other[1] == "想去离家近的学校"
    assert other[2].startswith("在办，")
    page = own_information_html(own.view(record))
    assert "诉求和答复" in page
    assert "不用交" in page
