"""Filters of 今日名单: a person's own, and what a village's list holds."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.filters import MOST, Filter, FilterDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.drafts import Draft
from tests.services.kit import VILLAGE, form, let_in, log_in, number, registered
from tests.sync.site import Site

OTHER = "410411200203"


def test_filters_are_kept_replaced_and_removed_by_their_person_alone(
    site: Site, laptop: Workplace
) -> None:
    desk, wanted = FilterDesk(laptop), Filter("lyt", "missing", VILLAGE)
    assert desk.kept() == {}
    assert desk.keep("  湛河湾  待补 ", wanted) == "湛河湾 待补"
    desk.keep("湛河湾 待补", Filter("", "missing", VILLAGE))
    desk.keep("都过了", Filter("", "passed"))
    assert list(desk.kept()) == ["湛河湾 待补", "都过了"]
    assert desk.kept()["湛河湾 待补"].text == ""
    with pytest.raises(RuleError) as refused:
        desk.keep("  ", wanted)
    assert refused.value.code == "filter.name"
    let_in(laptop, "周敏", Role.REVIEWER)
    name = laptop.session.person_name
    other = log_in(site, laptop, "周敏")
    assert FilterDesk(other).kept() == {}
    desk = FilterDesk(log_in(site, other, name))
    desk.drop("都过了")
    desk.drop("都过了")
    assert list(desk.kept()) == ["湛河湾 待补"]


def test_no_more_than_can_be_chosen_from_are_kept_and_a_torn_setting_is_none(
    laptop: Workplace,
) -> None:
    desk = FilterDesk(laptop)
    for place in range(MOST):
        desk.keep(f"筛选{place}", Filter())
    with pytest.raises(RuleError) as refused:
        desk.keep("再一个", Filter())
    assert refused.value.code == "filter.full"
    desk.keep("筛选0", Filter("x"))
    for torn in ("[1]", '{"a": {"later": 1}}', '{"a": {"which": "gone"}}', "no"):
        laptop.settings.set(f"filters.{laptop.person}", torn)
        assert desk.kept() == {}


def test_a_village_s_list_and_search_hold_its_children_and_drafts_alone(laptop: Workplace) -> None:
    here = registered(laptop)
    there = registered(
        laptop,
        id_number=number(order=281),
        full_name="罗雨晴",
        hukou_village=OTHER,
        guardian_phone="13800004321",
    )
    desk = RegistrationDesk(laptop)
    desk.save_draft(Draft("d1", laptop.person, form(full_name="罗雨晨"), "full_name"))
    lists = ListDesk(laptop)
    assert {one.record for one in lists.page("all", village=VILLAGE).lines} == {here, "d1"}
    assert [one.record for one in lists.page("to_review", village=OTHER).lines] == [there]
    assert [one.record for one in lists.pages("all", 3, 1, village=OTHER)[0].lines] == [there]
    found = lists.search("ly", village=OTHER)
    assert [one.record for one in found.lines] == [there]
    assert {one.record for one in lists.search("ly").lines} == {here, there, "d1"}
