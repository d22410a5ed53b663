"""Receipts: what stands on them for this family, what never does, and how copies are counted."""

from __future__ import annotations

import pytest

from desktop_app.documents.receipt import SPECIAL_GROUP_WORDS, receipt_html
from desktop_app.domain.acts import Role
from desktop_app.domain.errors import StaleError
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import DISPUTED, Decision, RegistrationDesk
from desktop_app.services.wording import paper_label, paper_words
from desktop_app.services.workplace import Workplace
from tests.services.kit import form, let_in, log_in, number, registered, without
from tests.sync.site import Site


def test_a_complete_case_has_nothing_left_to_do(laptop: Workplace) -> None:
    record = registered(laptop)
    view = ReceiptDesk(laptop).view(record)
    assert [line.state for line in view.materials] == ["seen", "seen"]
    assert view.materials[0].label == "户口簿"
    assert view.materials[0].original == "当场退还，未留复印件"
    assert view.deadline == ""
    assert (view.name, view.sex, view.birth) == ("罗雨桐", "女", "2018-03-14")
    assert (view.guardian, view.relation) == ("罗志远", "父亲")
    assert view.category == "A1 本片区农村户籍"
    assert (view.village, view.placement) == ("湛河湾村", "本校")
    assert view.under_verification == frozenset()


def test_a_paper_keeps_its_name_past_brackets_within_it(laptop: Workplace) -> None:
    desk = ReceiptDesk(laptop)
    assert desk._paper("PCON") == "购房合同（网签备案）和契税票或发票"
    policy = laptop.policy
    assert all(desk._paper(code) == paper_label(policy, code) for code in policy.materials)


def test_a_missing_paper_stands_there_with_its_day(laptop: Workplace) -> None:
    record = RegistrationDesk(laptop).register(form(**{"material.GID": "pending_original"})).record
    view = ReceiptDesk(laptop).view(record)
    late = view.materials[1]
    assert (late.label, late.state) == ("监护人身份证", "due")
    assert late.due.endswith("日")
    assert "17:30" in view.deadline
    assert any("不用重新登记" in step for step in view.next_steps)
    assert any("缺材料不影响" in step for step in view.next_steps)


def test_of_several_papers_that_would_do_the_noted_one_counts(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    family = form(category="A2", **{"material.PCON": "accepted"})
    view = ReceiptDesk(laptop).view(desk.register(family).record)
    assert [line.state for line in view.materials] == ["seen", "seen", "seen"]
    assert view.materials[2].label.startswith("购房合同")
    other = form(category="A2", id_number=number(order=300), full_name="孟一诺")
    options = ReceiptDesk(laptop).view(desk.register(other).record).materials[2]
    assert options.state == "due"
    assert "或" in options.label or "任选" in options.label


def test_a_correction_is_to_be_mended_and_not_called_late(laptop: Workplace) -> None:
    record = registered(laptop)
    MaterialsDesk(laptop).mark(record, Mark("HKB", "correction_required", reason="PAGE_MISSING"))
    assert ReceiptDesk(laptop).view(record).materials[0].state == "repair"


def test_a_disputed_number_is_printed_as_under_verification(laptop: Workplace) -> None:
    first = registered(laptop)
    second = RegistrationDesk(laptop).register(
        form(full_name="孟一诺"), [Decision("D1", first, DISPUTED, "户口簿已看")]
    )
    view = ReceiptDesk(laptop).view(second.record)
    assert "id_number" in view.under_verification
    assert "核实中" in receipt_html(view, "family")


@pytest.mark.parametrize("category", ["B1", "C1", "C2", "D1", "D2"])
def test_no_receipt_names_a_special_group(laptop: Workplace, category: str) -> None:
    family = without(form(category=category), "material.HKB", "material.GID")
    view = ReceiptDesk(laptop).view(RegistrationDesk(laptop).register(family).record)
    for part in ("family", "school"):
        markup = receipt_html(view, part)
        assert not [word for word in SPECIAL_GROUP_WORDS if word in markup]


def test_copies_are_counted_and_signed_by_whoever_prints(site: Site, laptop: Workplace) -> None:
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    record = registered(laptop)
    desk = ReceiptDesk(laptop)
    assert desk.printed(record) == 0
    assert [desk.log_print(record), desk.log_print(record)] == [1, 2]
    assert desk.view(record).copy == 2
    again = log_in(site, laptop, "刘素琴")
    assert ReceiptDesk(again).log_print(record) == 3
    with again.journal.begin(again.actor()) as work:
        entries = work.rows("access", applicant=record, what="print")
    assert len({row.created_by for row in entries}) == 2


def test_the_clerk_on_the_paper_is_who_registered(site: Site, laptop: Workplace) -> None:
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    record = registered(laptop)
    again = log_in(site, laptop, "刘素琴")
    assert ReceiptDesk(again).view(record).clerk == "赵志强"


def test_nothing_is_printed_of_a_case_that_was_taken_back(laptop: Workplace) -> None:
    record = registered(laptop)
    RegistrationDesk(laptop).take_back(record)
    with pytest.raises(StaleError):
        ReceiptDesk(laptop).log_print(record)
    with pytest.raises(StaleError):
        ReceiptDesk(laptop).view(record)


def test_another_school_is_named_where_the_village_is_its_own(laptop: Workplace) -> None:
    family = form(hukou_village="410411200205")
    view = ReceiptDesk(laptop).view(RegistrationDesk(laptop).register(family).record)
    assert view.placement == "青杨寨小学"


def test_only_brackets_at_the_end_of_a_paper_explain_it(laptop: Workplace) -> None:
    policy = laptop.policy
    words = {paper_words(policy, code) for code in policy.materials}
    assert ("户口簿", "首页、户主页、父母页、儿童页") in words
    assert ("劳动（务）合同", "") in words
    assert all(name.count("（") == name.count("）") for name, _told in words)
