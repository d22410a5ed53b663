"""Lists and cases: every registration in its lists, drafts of the person, masked and logged."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import StaleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.lists import FILTERS, ListDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.database import Connection
from desktop_app.storage.drafts import Draft
from desktop_app.storage.rows import read_rows
from tests.services.kit import form, let_in, log_in, number, registered, without
from tests.sync.site import Site

REVIEWER = "周敏"


@pytest.fixture
def desk(site: Site) -> Workplace:
    return site.set_up("desk", "school", "2141041101")


def family(order: int, name: str, **more: str) -> dict[str, str]:
    return {
        "full_name": name,
        "id_number": number(order=order),
        "guardian_id_number": number("19890522", order),
        "guardian_phone": f"138000{order:05d}",
        **more,
    }


def states(lists: ListDesk, which: str = "all") -> dict[str, str]:
    return {line.name: line.state for line in lists.page(which).lines}


def test_every_registration_shows_its_gravest_state(site: Site, desk: Workplace) -> None:
    complete = registered(desk, **family(101, "王子涵"))
    registered(desk, **family(103, "魏振豪", **{"material.GID": "pending_original"}))
    returned = registered(desk, **family(105, "汪芷晗"))
    registered(desk, **family(107, "吴梓航"))
    let_in(desk, REVIEWER, Role.REVIEWER)
    desk = log_in(site, desk, REVIEWER)
    ReviewDesk(desk).approve([complete])
    ReviewDesk(desk).send_back(returned, "ADDRESS_DIFFERS", "hukou_address")
    lists = ListDesk(desk)
    assert states(lists) == {
        "王子涵": "passed",
        "魏振豪": "missing",
        "汪芷晗": "returned",
        "吴梓航": "to_review",
    }
    assert states(lists, "to_review") == {"魏振豪": "to_review", "吴梓航": "to_review"}
    assert {one: lists.counts()[one] for one in FILTERS} == {
        "all": 4,
        "passed": 1,
        "missing": 1,
        "to_review": 2,
        "returned": 1,
        "asked": 0,
        "draft": 0,
        "conflict": 0,
    }
    reasons = {line.name: line.reason for line in lists.page("returned").lines}
    assert reasons == {"汪芷晗": "地址与户口簿不符"}
    assert [line.name for line in lists.page("queue").lines] == ["魏振豪", "吴梓航"]


def test_a_missing_paper_is_named_with_its_day(desk: Workplace) -> None:
    RegistrationDesk(desk).register(without(form(), "material.GID"))
    (line,) = ListDesk(desk).page("missing").lines
    assert line.missing == ("监护人身份证",)
    assert line.due >= desk.policy.repair_until


def test_pages_follow_each_other_without_gap_or_repetition(desk: Workplace) -> None:
    names = [f"王{sign}" for sign in "一二三四五六七"]
    for order, name in enumerate(names):
        registered(desk, **family(101 + 2 * order, name))
    lists = ListDesk(desk)
    first = lists.page("all", None, 3)
    second = lists.page("all", first.after, 3)
    third = lists.page("all", second.after, 3)
    walked = [line.name for page in (first, second, third) for line in page.lines]
    assert walked == names[::-1]
    assert third.after is None
    together = [line.name for page in lists.pages("all", 2, 3) for line in page.lines]
    assert together == walked[:6]


def test_drafts_of_the_person_stand_on_top_and_are_found(site: Site, desk: Workplace) -> None:
    registered(desk, **family(101, "王子涵"))
    typed = {"full_name": "万紫涵", "guardian_phone": "13800000427"}
    RegistrationDesk(desk).save_draft(Draft("d1", desk.person, typed, "id_number"))
    lists = ListDesk(desk)
    top = lists.page("all").lines[0]
    assert (top.record, top.state, top.name) == ("d1", "draft", "万紫涵")
    assert top.needed > 0
    assert lists.counts()["all"] == 2
    found = lists.search("wzh 0427")
    assert [(line.name, line.state) for line in found.lines] == [
        ("万紫涵", "draft"),
        ("王子涵", "to_review"),
    ]
    assert (found.every, found.some) == (1, 1)
    assert [(hit.word, hit.where) for hit in found.lines[0].hits] == [
        ("wzh", "pinyin"),
        ("0427", "phone"),
    ]
    assert not lists.search("万", "passed").lines
    let_in(desk, REVIEWER, Role.REVIEWER)
    other = ListDesk(log_in(site, desk, REVIEWER))
    assert other.counts()["draft"] == 0
    assert other.search("万").lines == ()


@pytest.mark.parametrize("typed", ["子涵", "王", "wzh", "wangzihan", "tail", "00101"])
def test_anyone_is_found_by_name_pinyin_or_tail(desk: Workplace, typed: str) -> None:
    registered(desk, **family(101, "王子涵"))
    found = ListDesk(desk).search(number(order=101)[-4:] if typed == "tail" else typed)
    assert [line.name for line in found.lines] == ["王子涵"]
    assert found.every == 1


def test_a_search_stays_within_the_list_of_now(desk: Workplace) -> None:
    registered(desk, **family(101, "王子涵"))
    registered(desk, **family(103, "王梓涵", **{"material.GID": "pending_original"}))
    lists = ListDesk(desk)
    assert [line.name for line in lists.search("wzh", "missing").lines] == ["王梓涵"]
    assert len(lists.search("wzh").lines) == 2


def test_a_search_says_when_there_are_more_than_it_lists(desk: Workplace) -> None:
    for order in (101, 103, 105):
        registered(desk, **family(order, "王子涵"))
    lists = ListDesk(desk)
    assert (len(lists.search("wzh", "all", 2).lines), lists.search("wzh", "all", 2).more) == (
        2,
        True,
    )
    assert (len(lists.search("wzh").lines), lists.search("wzh").more) == (3, False)


def test_a_case_is_masked_and_tells_its_story(site: Site, desk: Workplace) -> None:
    record = registered(desk, **family(101, "王子涵", **{"material.GID": "pending_original"}))
    case = CaseDesk(desk).open(record)
    assert case.masked_number == "419999********" + number(order=101)[-4:]
    assert case.masked_phone == "138****0101"
    assert [(one.label, one.state) for one in case.due] == [("监护人身份证", "pending_original")]
    assert case.is_own
    assert [event.act for event in case.events] == ["registered"]
    let_in(desk, REVIEWER, Role.REVIEWER)
    desk = log_in(site, desk, REVIEWER)
    ReviewDesk(desk).send_back(record, "ADDRESS_DIFFERS", "hukou_address")
    case = CaseDesk(desk).open(record)
    assert not case.is_own
    assert [(event.person, event.act, event.detail) for event in case.events] == [
        ("赵志强", "registered", ""),
        (REVIEWER, "returned", "地址与户口簿不符"),
    ]


def test_unmasking_is_logged_with_a_signature(desk: Workplace) -> None:
    record = registered(desk, **family(101, "王子涵"))
    shown = CaseDesk(desk).unmask(record)
    assert shown.id_number == number(order=101)
    assert shown.phone == "13800000101"
    assert shown.address == "湛河湾村 3组27号"
    with desk.database.read() as connection:
        rows = read_rows(connection, RECORD_TYPES["access"], desk.seat.scope, {"what": "unmask"})
    assert [(row.text("applicant"), row.created_by) for row in rows] == [(record, desk.person)]
    assert [event.act for event in CaseDesk(desk).open(record).events] == [
        "registered",
        "unmasked",
    ]


def test_no_word_of_a_list_or_case_names_a_special_group(desk: Workplace) -> None:
    for order, category in ((101, "D1"), (103, "C2"), (105, "D3")):
        registered(desk, **family(order, "王子涵", category=category))
    lists, cases = ListDesk(desk), CaseDesk(desk)
    lines = lists.page("all").lines
    words = " ".join(" ".join(line.missing) for line in lines)
    for line in lines:
        case = cases.open(line.record)
        words += case.category_label + " ".join(one.label for one in case.due)
    assert not [word for word in ("孤", "烈士", "牺牲", "残", "无户", "福利") if word in words]


def test_a_case_that_was_taken_back_is_gone(desk: Workplace) -> None:
    record = registered(desk, **family(101, "王子涵"))
    RegistrationDesk(desk).take_back(record)
    with pytest.raises(StaleError):
        CaseDesk(desk).open(record)
    with pytest.raises(StaleError):
        CaseDesk(desk).unmask(record)


def test_lists_are_counted_once_until_something_is_written(
    desk: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists, counted = ListDesk(desk), []
    real = queries.counts

    def count(connection: Connection, scope: str) -> dict[str, int]:
        counted.append(scope)
        return real(connection, scope)

    monkeypatch.setattr(queries, "counts", count)
    registered(desk, **family(1, "王小明"))
    assert lists.counts()["all"] == lists.counts()["all"] == 1
    lists.counts().clear()
    assert lists.counts()["mine"] == 0
    assert len(counted) == 1
    registered(desk, **family(2, "李小红"))
    assert lists.counts()["all"] == 2
    assert len(counted) == 2
