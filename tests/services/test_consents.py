"""Notice and consents: what was told stays told, what is agreed to is what was last said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.documents.receipt import receipt_html
from desktop_app.domain.acts import Role
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.errors import StaleError
from desktop_app.policy.entries import Notice
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.consents import (
    ASKED_APART,
    ConsentDesk,
    Standing,
    notice_digest,
    read_scopes,
    short_digest,
    standing_of,
    write_scopes,
)
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row
from desktop_app.ui.pages.today_detail import event_words
from tests.services.conftest import Exchange
from tests.services.kit import let_in, log_in, number, registered
from tests.sync.site import Site

SCOPES = tuple(one.value for one in CODE_LISTS["consent_scope"].entries)
NOTICE = Notice("2024-1", "告知书", ("一、登记什么。", "二、谁看得到。"), "已告知。", "示例")
words = st.text("告知甲乙丙\n ", max_size=6)
notices = st.builds(
    Notice, words, words, st.lists(words, max_size=3).map(tuple), words, st.just("")
)


def steps(laptop: Workplace, child: str) -> list[Row]:
    with laptop.journal.begin(laptop.actor()) as work:
        return work.rows("consent", applicant=child)


# --- which text it was --------------------------------------------------------------------------


def test_any_other_word_of_the_notice_is_another_digest() -> None:
    others = (
        replace(NOTICE, version="2024-2"),
        replace(NOTICE, title="告知"),
        replace(NOTICE, paragraphs=NOTICE.paragraphs[:1]),
        replace(NOTICE, paragraphs=NOTICE.paragraphs[::-1]),
        replace(NOTICE, declaration="已告知"),
    )
    assert len({notice_digest(one) for one in (NOTICE, *others)}) == 1 + len(others)
    assert notice_digest(replace(NOTICE, basis="另一处")) == notice_digest(NOTICE)


@given(notices)
def test_a_digest_on_paper_is_the_beginning_of_the_stored_one_in_fours(notice: Notice) -> None:
    digest = notice_digest(notice)
    shown = short_digest(digest)
    assert digest.startswith(shown.replace(" ", ""))
    assert [len(part) for part in shown.split(" ")] == [4, 4, 4, 4]
    assert short_digest("") == ""


# --- what is agreed to --------------------------------------------------------------------------


@given(st.frozensets(st.sampled_from(SCOPES)))
def test_what_is_written_is_read_again_in_the_order_of_the_list(agreed: frozenset[str]) -> None:
    text = write_scopes(agreed)
    assert read_scopes(text) == agreed
    assert text.split() == [one for one in SCOPES if one in agreed]
    assert write_scopes(agreed | {"everything"}) == text
    assert read_scopes(f"{text} everything") == agreed


def row(at: int, **values: str) -> Row:
    """Give a step as it is read."""
    told = {"notice_version": "2024-1", "notice_digest": "ab" * 32, "told": "read"}
    return Row("consent", "", f"r{at}", "", "", "", at, at, 0, told | values)


@given(st.lists(st.tuples(st.sampled_from(SCOPES), st.booleans()), max_size=12))
def test_of_every_matter_the_last_word_counts(said: Sequence[tuple[str, bool]]) -> None:
    found = standing_of(
        row(at, **{"agreed" if agreed else "withdrawn": scope})
        for at, (scope, agreed) in enumerate(said)
    )
    assert found.agreed == {scope for scope, agreed in dict(said).items() if agreed}


def test_nothing_told_has_no_words_and_no_consent() -> None:
    assert standing_of([]) == Standing()
    assert Standing().words == ""


# --- at the desk --------------------------------------------------------------------------------


def test_a_registration_notes_the_notice_of_the_package_and_agrees_to_nothing_by_itself(
    laptop: Workplace,
) -> None:
    child = registered(laptop)
    (step,) = steps(laptop, child)
    assert step.text("notice_version") == laptop.policy.notice.version
    assert step.text("notice_digest") == notice_digest(laptop.policy.notice)
    standing = ConsentDesk(laptop).standing(child)
    assert (standing.told, standing.signer, standing.agreed) == ("read", "51", frozenset())


def test_agreeing_and_withdrawing_adds_a_step_each_and_keeps_those_before(
    laptop: Workplace,
) -> None:
    """That it was given is seen after it was withdrawn (个人信息保护法 art. 15)."""
    child, desk = registered(laptop, notice_read="2"), ConsentDesk(laptop)
    for scope in ASKED_APART:
        assert scope in desk.set(child, scope, agreed=True).agreed
    assert desk.set(child, "photo", agreed=False).agreed == {"phone_group"}
    assert desk.standing(child) == desk.set(child, "phone_group", agreed=True)
    said = [(one.text("agreed"), one.text("withdrawn")) for one in steps(laptop, child)]
    assert said == [("", ""), ("phone_group", ""), ("photo", ""), ("", "photo")]
    assert {one.text("told") for one in steps(laptop, child)} == {"read_aloud"}


def test_saying_what_is_so_already_writes_nothing(laptop: Workplace) -> None:
    child, desk = registered(laptop), ConsentDesk(laptop)
    desk.set(child, "photo", agreed=False)
    desk.set(child, "photo", agreed=True)
    reach = laptop.own_feed().sequence
    desk.set(child, "photo", agreed=True)
    assert laptop.own_feed().sequence == reach
    assert len(steps(laptop, child)) == 2


def test_of_a_child_who_is_gone_nothing_is_agreed_to(laptop: Workplace) -> None:
    child = registered(laptop)
    with laptop.journal.begin(laptop.actor()) as work:
        work.remove("applicant", child)
    with pytest.raises(StaleError):
        ConsentDesk(laptop).set(child, "photo", agreed=True)
    assert len(steps(laptop, child)) == 1


def test_an_amendment_changes_what_it_says_and_nothing_beside(laptop: Workplace) -> None:
    child, desk = registered(laptop, consented="photo"), AmendmentDesk(laptop)
    opened = desk.open(child).form
    assert (opened["consented"], opened["notice_read"]) == ("photo", "1")
    desk.amend(child, {**opened, "hukou_address": "5组8号"}, opened)
    assert len(steps(laptop, child)) == 1
    opened = desk.open(child).form
    desk.amend(child, {**opened, "consented": "phone_group", "notice_read": "2"}, opened)
    step = steps(laptop, child)[-1]
    assert (step.text("agreed"), step.text("withdrawn")) == ("phone_group", "photo")
    standing = ConsentDesk(laptop).standing(child)
    assert (standing.told, *standing.agreed) == ("read_aloud", "phone_group")


def test_what_was_withdrawn_at_one_laptop_is_withdrawn_at_all(
    laptop: Workplace, other: Workplace, district: Workplace, meet: Exchange
) -> None:
    child = registered(laptop, consented="photo phone_group")
    meet()
    ConsentDesk(other).set(child, "photo", agreed=False)
    meet()
    assert ConsentDesk(laptop).standing(child).agreed == {"phone_group"}
    assert len(steps(laptop, child)) == 2


def test_a_consent_needs_no_role_and_shows_no_number(site: Site, laptop: Workplace) -> None:
    """A guardian who withdraws is turned away by nobody's missing grant."""
    child = registered(laptop, consented="photo")
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    clerk = log_in(site, laptop, "刘素琴")
    assert ConsentDesk(clerk).set(child, "photo", agreed=False).agreed == frozenset()


# --- in the story -------------------------------------------------------------------------------


def test_the_story_tells_the_notice_with_the_registration_and_every_later_step(
    laptop: Workplace,
) -> None:
    child = registered(laptop, notice_read="2", consented="photo self_report")
    version = laptop.policy.notice.version
    (begun,) = CaseDesk(laptop).open(child).events
    assert begun.subject == f"告知书 {version} 版念给听过，同意照片用于通知"
    assert event_words(begun) == f"赵志强 登记，{begun.subject}"
    desk, amendments = ConsentDesk(laptop), AmendmentDesk(laptop)
    desk.set(child, "phone_group", agreed=True)
    desk.set(child, "photo", agreed=False)
    desk.set(child, "self_report", agreed=False)
    opened = amendments.open(child).form
    amendments.amend(child, {**opened, "notice_read": "1"}, opened)
    told = [event_words(one) for one in CaseDesk(laptop).open(child).events[1:]]
    assert told == [
        "赵志强 记下家长同意：进家长群",
        "赵志强 记下家长撤回同意：照片用于通知",
        f"赵志强 告知：告知书 {version} 版自己看过",
    ], "that there is a private declaration is no word of a desk"


def test_what_the_district_reads_as_a_change_is_no_consent(
    laptop: Workplace, district: Workplace, meet: Exchange
) -> None:
    child = registered(laptop)
    meet()
    ConsentDesk(laptop).set(child, "photo", agreed=True)
    meet()
    story = CaseDesk(district, laptop.seat.scope).open(child).events
    assert [one.act for one in story] == ["registered", "agreed"]


# --- on the receipt -----------------------------------------------------------------------------


def test_both_halves_of_the_receipt_say_version_digest_and_how_it_was_told(
    laptop: Workplace,
) -> None:
    child = registered(laptop, notice_read="2")
    view = ReceiptDesk(laptop).view(child)
    digest = short_digest(notice_digest(laptop.policy.notice))
    assert view.notice == (
        f"告知书 {laptop.policy.notice.version} 版，摘要 {digest}（已念给父亲听）。"
    )
    for part in ("family", "school"):
        assert digest in str(receipt_html(view, part))


def test_the_receipt_names_the_notice_that_was_told_and_not_the_newest(
    laptop: Workplace,
) -> None:
    """A package published later brings another notice; who was told before was told the old one."""
    child = registered(laptop)
    old = ReceiptDesk(laptop).view(child).notice
    notice = replace(laptop.policy.notice, version="2024-9", title="新的告知书")
    laptop.policy = replace(laptop.policy, notice=notice)
    assert ReceiptDesk(laptop).view(child).notice == old
    ConsentDesk(laptop).set(child, "photo", agreed=True)
    assert ReceiptDesk(laptop).view(child).notice == old
    newer = registered(laptop, full_name="孟一诺", id_number=number("20170905", 300))
    assert "2024-9 版" in ReceiptDesk(laptop).view(newer).notice
    assert notice_digest(notice)[:4] in ReceiptDesk(laptop).view(newer).notice


def test_telling_again_by_an_amendment_is_of_the_notice_of_that_day(laptop: Workplace) -> None:
    child, desk = registered(laptop), AmendmentDesk(laptop)
    notice = replace(laptop.policy.notice, version="2024-9")
    laptop.policy = replace(laptop.policy, notice=notice)
    desk = AmendmentDesk(laptop)
    opened = desk.open(child).form
    desk.amend(child, {**opened, "notice_read": "2"}, opened)
    found = ConsentDesk(laptop).standing(child)
    assert (found.version, found.digest) == ("2024-9", notice_digest(notice))
    assert "2024-9 版" in ReceiptDesk(laptop).view(child).notice


def test_a_registration_taken_back_gives_the_form_its_consents_again(laptop: Workplace) -> None:
    desk = RegistrationDesk(laptop)
    child = registered(laptop, consented="photo", notice_read="2")
    form = desk.take_back(child)
    assert (form["consented"], form["notice_read"]) == ("photo", "2")
    assert steps(laptop, child) == []
