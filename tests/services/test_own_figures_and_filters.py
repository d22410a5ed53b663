"""What a person keeps on this computer alone: figures of the day, filters under a name."""

from __future__ import annotations

import datetime as dt
import json
from functools import reduce
from operator import add

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services import statistics
from desktop_app.services.calendar import local_day
from desktop_app.services.filters import LONGEST_NAME, MOST, Filter, FilterDesk
from desktop_app.services.lists import FILTERS
from desktop_app.services.statistics import DAYS, StatisticsDesk, Work
from desktop_app.services.workplace import Workplace
from desktop_app.storage.digest import state_digest
from tests.services.kit import let_in, log_in
from tests.sync.site import Site

figures = st.integers(-3, 10_000)
works = st.builds(Work, figures, figures, figures, figures, figures)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cases", "seconds", "text", "which", "village", "a"]), inner
        )
    ),
    max_leaves=8,
)
many = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
"""Each example writes durably into a real database."""


def digest(workplace: Workplace) -> str:
    with workplace.database.read() as connection:
        return state_digest(connection, workplace.seat.scope)


# --- figures --------------------------------------------------------------------------------------


@given(st.lists(works, max_size=6))
def test_figures_add_up_in_any_order(done: list[Work]) -> None:
    assert reduce(add, done, Work()) == reduce(add, reversed(done), Work())


@given(works)
def test_nothing_done_adds_nothing(work: Work) -> None:
    assert work + Work() == Work() + work == work


@given(works, st.sampled_from(["cases", "seconds", "keys", "mended", "refused"]))
def test_a_figure_per_case_is_near_its_sum_and_never_breaks(work: Work, name: str) -> None:
    each = work.per_case(name)
    if work.cases:
        assert abs(each * work.cases - getattr(work, name)) <= abs(work.cases) / 2
    else:
        assert each == 0


@many
@given(done=st.lists(works, min_size=1, max_size=4))
def test_what_is_added_bit_by_bit_is_kept_as_its_sum(laptop: Workplace, done: list[Work]) -> None:
    name = f"work.{local_day().isoformat()}.{laptop.person}"
    laptop.settings.set(name, "")
    desk = StatisticsDesk(laptop)
    for one in done:
        desk.add(one)
    whole = reduce(add, done)
    (day,) = desk.days()
    assert (day.own, day.desk) == (whole, whole)


@many
@example(torn='{"cases": Infinity}')
@example(torn='{"cases": 1e999, "keys": 3}')
@example(torn='{"cases": NaN}')
@example(torn='{"cases": [1]}')
@given(torn=jsons.map(json.dumps) | st.text(st.characters(min_codepoint=32), max_size=20))
def test_whatever_stands_where_figures_should_the_page_is_shown(
    laptop: Workplace, torn: str
) -> None:
    laptop.settings.set(f"work.{local_day().isoformat()}.{laptop.person}", torn)
    for day in StatisticsDesk(laptop).days():
        assert isinstance(day.own.cases, int)
        assert day.own == day.desk


def test_days_come_latest_first_and_no_more_of_them_than_are_kept(
    laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, today = StatisticsDesk(laptop), local_day()
    for back in range(DAYS + 3, -1, -1):
        monkeypatch.setattr(statistics, "local_day", lambda back=back: today - dt.timedelta(back))
        desk.add(Work(cases=back))
    shown = desk.days()
    assert [one.day for one in shown] == [
        (today - dt.timedelta(back)).isoformat() for back in range(DAYS)
    ]
    assert [one.own.cases for one in shown] == list(range(DAYS))
    kept = [text for text in laptop.settings.named("work.").values() if text]
    assert len(kept) == DAYS, "what is older is forgotten, not only hidden"


def test_everybody_s_figures_are_in_the_desk_s_sum_and_only_one_s_own_stand_apart(
    site: Site, laptop: Workplace
) -> None:
    StatisticsDesk(laptop).add(Work(cases=3, keys=30))
    let_in(laptop, "周敏", Role.REGISTRAR)
    name = laptop.session.person_name
    there = log_in(site, laptop, "周敏")
    (day,) = StatisticsDesk(there).days()
    assert (day.own, day.desk) == (Work(), Work(cases=3, keys=30))
    StatisticsDesk(there).add(Work(cases=1, keys=9))
    (day,) = StatisticsDesk(there).days()
    assert (day.own, day.desk) == (Work(cases=1, keys=9), Work(cases=4, keys=39))
    (mine,) = StatisticsDesk(log_in(site, there, name)).days()
    assert (mine.own, mine.desk) == (Work(cases=3, keys=30), day.desk)


def test_neither_figures_nor_filters_change_what_is_handed_on(laptop: Workplace) -> None:
    before = digest(laptop)
    StatisticsDesk(laptop).add(Work(cases=1))
    FilterDesk(laptop).keep("待补", Filter("罗", "missing"))
    FilterDesk(laptop).drop("待补")
    assert digest(laptop) == before


# --- filters --------------------------------------------------------------------------------------

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
filters = st.builds(
    Filter,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    st.sampled_from(FILTERS),
    st.sampled_from(["", "410411200201"]),
)


@many
@example(name="一" * 19 + " 二", first=Filter(), second=Filter("x"))
@given(name=names, first=filters, second=filters)
def test_a_name_as_it_was_kept_finds_replaces_and_drops_its_filter(
    laptop: Workplace, name: str, first: Filter, second: Filter
) -> None:
    desk = FilterDesk(laptop)
    if not name.split():
        with pytest.raises(RuleError) as caught:
            desk.keep(name, first)
        assert caught.value.code == "filter.name"
        return
    kept = desk.keep(name, first)
    assert desk.kept() == {kept: first}
    assert 0 < len(kept) <= LONGEST_NAME
    assert desk.keep(kept, second) == kept, "a name as it stands in the list is that name again"
    assert desk.kept() == {kept: second}
    desk.drop(kept)
    assert desk.kept() == {}


@many
@example(torn='{"a": {"text": 1}}')
@example(torn='{"a": {"which": []}}')
@example(torn='{"a": {"which": {}, "text": "x"}}')
@example(torn='{"a": {"village": null}}')
@given(torn=st.dictionaries(st.sampled_from(["a", "b"]), jsons).map(json.dumps) | jsons.map(str))
def test_whatever_stands_where_filters_should_only_whole_ones_are_given(
    laptop: Workplace, torn: str
) -> None:
    laptop.settings.set(f"filters.{laptop.person}", torn)
    desk = FilterDesk(laptop)
    for one in desk.kept().values():
        assert one.which in FILTERS
        assert isinstance(one.text, str)
        assert isinstance(one.village, str)
    desk.keep("待补", Filter("", "missing"))
    assert desk.kept()["待补"] == Filter("", "missing")


def test_filters_are_given_in_the_order_they_were_kept_and_keep_it_over_the_night(
    site: Site, laptop: Workplace
) -> None:
    desk = FilterDesk(laptop)
    for name in ("丙", "甲", "乙"):
        desk.keep(name, Filter(name))
    desk.keep("丙", Filter("再来"))
    desk.drop("甲")
    desk = FilterDesk(site.again(laptop))
    assert list(desk.kept().items()) == [("丙", Filter("再来")), ("乙", Filter("乙"))]


def test_full_is_full_until_one_is_dropped(laptop: Workplace) -> None:
    desk = FilterDesk(laptop)
    for place in range(MOST):
        desk.keep(f"{place}", Filter())
    with pytest.raises(RuleError) as caught:
        desk.keep("再一个", Filter())
    assert (caught.value.code, caught.value.details) == ("filter.full", {"most": MOST})
    assert len(desk.kept()) == MOST
    desk.drop("0")
    desk.keep("再一个", Filter())
    assert "再一个" in desk.kept()
