"""What is sent back waits for review again once the school has amended it, whatever clocks say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.day import DayDesk
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.lists import QUEUE, ListDesk
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.workplace import Workplace
from tests.services.kit import form, let_in, log_in, registered
from tests.sync.site import Site

WORDS = "户口簿上的门牌和填的不一样"


@pytest.fixture
def record(laptop: Workplace) -> str:
    let_in(laptop, "周敏", Role.REVIEWER)
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    return registered(laptop)


def lists_with(workplace: Workplace, record: str) -> set[str]:
    """The lists a case stands in."""
    desk = ListDesk(workplace)
    names = ("to_review", "returned", "passed", QUEUE)
    return {one for one in names if record in {line.record for line in desk.page(one).lines}}


def sent_back(site: Site, laptop: Workplace, record: str) -> Workplace:
    """Send a case back, and give the school's registrar at the desk."""
    reviewer = log_in(site, laptop, "周敏")
    ReviewDesk(reviewer).send_back(record, "OTHER", "hukou_address", WORDS)
    assert lists_with(reviewer, record) == {"returned"}
    return log_in(site, reviewer, "刘素琴")


def mend(workplace: Workplace, record: str) -> None:
    AmendmentDesk(workplace).amend(record, form(hukou_address="湛河湾村 3 组 28 号"))


def mend_guardian(workplace: Workplace, record: str) -> None:
    AmendmentDesk(workplace).amend(record, form(guardian_phone="13800009999"))


def bring_paper(workplace: Workplace, record: str) -> None:
    MaterialsDesk(workplace).mark(record, Mark("HKB", "accepted"))


@pytest.mark.parametrize("amend", [mend, mend_guardian, bring_paper])
def test_what_the_school_amended_waits_for_review_again(
    site: Site, laptop: Workplace, record: str, amend: Callable[[Workplace, str], None]
) -> None:
    registrar = sent_back(site, laptop, record)
    amend(registrar, record)
    assert lists_with(registrar, record) == {"to_review", QUEUE}
    assert ListDesk(registrar).counts()["returned"] == 0
    assert CaseDesk(registrar).open(record).amended
    assert DayDesk(registrar).summary().unreviewed == 1


def test_saving_without_a_change_brings_nothing_back(
    site: Site, laptop: Workplace, record: str
) -> None:
    registrar = sent_back(site, laptop, record)
    AmendmentDesk(registrar).amend(record, form())
    assert lists_with(registrar, record) == {"returned"}


def test_a_paper_found_wanting_brings_nothing_back(
    site: Site, laptop: Workplace, record: str
) -> None:
    registrar = sent_back(site, laptop, record)
    mark = Mark("HKB", "correction_required", reason="OTHER", note=WORDS)
    MaterialsDesk(registrar).mark(record, mark)
    assert lists_with(registrar, record) == {"returned"}


def test_it_is_sent_back_a_second_time_and_then_passed(
    site: Site, laptop: Workplace, record: str
) -> None:
    registrar = sent_back(site, laptop, record)
    mend(registrar, record)
    reviewer = log_in(site, registrar, "周敏")
    ReviewDesk(reviewer).send_back(record, "OTHER", "", WORDS)
    assert lists_with(reviewer, record) == {"returned"}
    registrar = log_in(site, reviewer, "刘素琴")
    mend_guardian(registrar, record)
    reviewer = log_in(site, registrar, "周敏")
    ReviewDesk(reviewer).approve([record])
    assert lists_with(reviewer, record) == {"passed"}
    with pytest.raises(RuleError, match=r"amend\.passed"):
        mend(reviewer, record)
    assert lists_with(reviewer, record) == {"passed"}


def test_a_clock_set_back_changes_nothing(
    site: Site, laptop: Workplace, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    registrar = sent_back(site, laptop, record)
    monkeypatch.setattr("desktop_app.durable.wallclock.time.time_ns", lambda: 1)
    mend(registrar, record)
    assert lists_with(registrar, record) == {"to_review", QUEUE}


# --- the words of 其他 ----------------------------------------------------------------------------


def test_other_needs_words_and_the_school_reads_them(
    site: Site, laptop: Workplace, record: str
) -> None:
    reviewer = log_in(site, laptop, "周敏")
    for words, code in (("  ", "review.note"), ("长" * 201, "review.note_long")):
        with pytest.raises(RuleError) as refused:
            ReviewDesk(reviewer).send_back(record, "OTHER", "", words)
        assert refused.value.code == code
    ReviewDesk(reviewer).send_back(record, "OTHER", "", f" {WORDS}\n")
    registrar = log_in(site, reviewer, "刘素琴")
    assert ExaminationDesk(registrar).open(record).note == WORDS
    told = [event.detail for event in CaseDesk(registrar).open(record).events]
    assert f"其他，写明：{WORDS}" in told
    (line,) = ListDesk(registrar).page("returned").lines
    assert line.reason == WORDS, "the list says the words, not that there are some"


def test_other_of_a_paper_needs_words_too(laptop: Workplace) -> None:
    record = registered(laptop)
    desk = MaterialsDesk(laptop)
    with pytest.raises(RuleError, match=r"review\.note"):
        desk.mark(record, Mark("HKB", "rejected", reason="OTHER"))
    desk.mark(record, Mark("HKB", "rejected", reason="OTHER", note=WORDS))
    papers = {one.material: one for one in ExaminationDesk(laptop).open(record).papers}
    assert papers["HKB"].note == WORDS
