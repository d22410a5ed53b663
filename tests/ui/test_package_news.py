"""The words about packages that came: said once, by whom they concern, with what to do now."""

from __future__ import annotations

import pytest

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.domain.forbidden import FORBIDDEN
from desktop_app.durable.places import resource_path
from desktop_app.messages.catalogue import sentence
from desktop_app.policy.load import find_faults, read_files
from desktop_app.policy.reading import Fault
from desktop_app.services.policies import SHIPPED, News, Refused
from desktop_app.services.workplace import Workplace
from desktop_app.ui.package_news import PackageNews, fault_words, rule_code
from tests.services.packages import PRESCHOOL

FB01 = RuleError("policy.refused", rule="FB01", place="materials.toml:PRE", count=1, faults="")


def refused(number: int, error: RuleError | UntrustedError = FB01) -> Refused:
    return Refused(number, f"{number:064x}", error)


@pytest.fixture
def school(laptop: Workplace) -> PackageNews:
    return PackageNews(laptop)


@pytest.fixture
def office(district: Workplace) -> PackageNews:
    return PackageNews(district)


def test_where_nothing_came_nothing_is_said(school: PackageNews) -> None:
    assert school.fresh(News()) == []


def test_each_thing_is_said_once_and_what_is_new_beside_it_alone(school: PackageNews) -> None:
    first = News("2", (refused(3),))
    assert len(school.fresh(first)) == 2
    assert school.fresh(first) == []
    (said,) = school.fresh(News("2", (refused(3), refused(4))))
    assert "第 4 号" in said[0]
    (said,) = school.fresh(News("5", (refused(3), refused(4))))
    assert "第 5 号" in said[0]
    assert school.fresh(News()) == []


def test_the_refused_ones_are_said_before_the_one_that_waits(school: PackageNews) -> None:
    told = [what for what, _ in school.fresh(News("2", (refused(4), refused(3))))]
    assert told == [
        "区里发来的第 4 号政策包不能用（规则 FB01）",
        "区里发来的第 3 号政策包不能用（规则 FB01）",
        "区里发来第 2 号政策包",
    ]


def test_a_school_is_told_whom_to_ask_and_the_office_where_to_look(
    school: PackageNews, office: PackageNews
) -> None:
    news = News(refused=(refused(2),))
    ((at_school, then),) = school.fresh(news)
    ((at_office, there),) = office.fresh(news)
    assert (at_school, then) == (
        "区里发来的第 2 号政策包不能用（规则 FB01）",
        "仍用第 1 号；请告诉区招生办",
    )
    assert at_office == "第 2 号政策包不能用（规则 FB01）"
    assert there == "仍用第 1 号；到“政策包”页看哪一处要改"


def test_what_waits_is_used_after_the_next_login_and_that_is_said(
    school: PackageNews, office: PackageNews
) -> None:
    ((what, now),) = school.fresh(News("2"))
    ((whose, then),) = office.fresh(News("2"))
    assert (what, whose) == ("区里发来第 2 号政策包", "生效的是第 2 号政策包")
    assert now == then == "按 F12 锁屏再登录后使用；现在填的不受影响"


def test_one_taken_back_is_told_as_taken_back(laptop: Workplace) -> None:
    news = PackageNews(laptop)
    ((what, _),) = news.fresh(News("0"))
    assert what == "区里撤回了第 1 号政策包，改用第 0 号"
    # Numbers are compared as numbers: the tenth is no earlier one than the ninth.
    ((what, _),) = news.fresh(News("10"))
    assert what == "区里发来第 10 号政策包"


def test_another_package_under_the_number_in_use_is_no_earlier_one(school: PackageNews) -> None:
    ((what, _),) = school.fresh(News("1"))
    assert what == "区里发来第 1 号政策包"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UntrustedError("policy.damaged"), "policy.damaged"),
        (RuleError("policy.other_package"), "policy.other_package"),
        (RuleError("policy.other_district", district="410402"), "policy.other_district"),
        (RuleError("policy.refused", rule="policy.twice", place="a", count=1), "policy.twice"),
    ],
)
def test_every_refusal_is_named_by_the_number_people_read_out(
    school: PackageNews, error: RuleError, code: str
) -> None:
    ((what, _),) = school.fresh(News(refused=(refused(2, error),)))
    assert f"（规则 {sentence(code, 'zh').number}）" in what
    assert code not in what, "no code of ours is shown"


def test_the_forbidden_items_are_named_by_their_own_numbers() -> None:
    for one in FORBIDDEN:
        assert rule_code(one.code) == one.code
        assert fault_words(Fault("x", one.code)) == f"不许要：{one.label}"
        assert fault_words(Fault("x", one.code, "甲")) == f"不许要：{one.label}（甲）"


def test_every_fault_of_a_spoiled_package_has_words_and_none_shows_its_code() -> None:
    spoiled = {
        "policy.toml": (b'number = "1"', b'number = "one"'),
        "materials.toml": (b"[HKB]", PRESCHOOL.encode()),
        "notice.toml": (b"=", b""),
        "wording.toml": (b"text", b"said"),
    }
    files = dict(read_files(resource_path("policy", SHIPPED)))
    for name, (old, new) in spoiled.items():
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)
    faults = find_faults(files)
    assert {one.place.partition(":")[0] for one in faults} >= set(spoiled)
    for one in faults:
        words = fault_words(one)
        assert words
        assert one.rule not in words
        assert "。）" not in words
        assert not words.endswith("。")
        assert rule_code(one.rule)[0].isupper()
