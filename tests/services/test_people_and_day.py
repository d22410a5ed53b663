"""People come and go with the lead's signature; a day is closed by the principal."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.day import DayDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.drafts import Draft
from tests.services.kit import let_in, log_in, number, registered
from tests.sync.site import PASSWORD, Site


def test_a_person_let_in_has_the_roles_granted(laptop: Workplace) -> None:
    let_in(laptop, "周敏", Role.REVIEWER, Role.REGISTRAR)
    line = next(one for one in PeopleDesk(laptop).lines() if one.name == "周敏")
    assert line.roles == {Role.REVIEWER, Role.REGISTRAR}
    assert line.opens_this_computer
    assert Role.PRINCIPAL in PeopleDesk(laptop).roles()


@pytest.mark.parametrize("roles", [(), (Role.OFFICER,), (Role.REGISTRAR, Role.AUDITOR)])
def test_a_school_grants_only_its_own_roles(laptop: Workplace, roles: tuple[Role, ...]) -> None:
    with pytest.raises(RuleError, match=r"people\.roles"):
        PeopleDesk(laptop).add("周敏", PASSWORD, roles)


def test_an_ended_person_is_out_and_what_they_signed_before_stands(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, "周敏", Role.REVIEWER)
    record = registered(laptop)
    reviewer = log_in(site, laptop, "周敏")
    ReviewDesk(reviewer).approve([record])
    lead = log_in(site, reviewer, "赵志强")
    PeopleDesk(lead).end("周敏")
    with lead.journal.begin(lead.actor()) as work:
        assert work.row("applicant", record).values["review"] == "passed"
    lead = site.again(lead)
    line = next(one for one in PeopleDesk(lead).lines() if one.name == "周敏")
    assert line.ended
    assert not line.opens_this_computer
    lead.close()
    site.opened.remove(lead)
    with pytest.raises(RuleError):
        site.reopen("laptop", "周敏")


def test_who_may_let_nobody_in_leaves_no_slot_behind(site: Site, laptop: Workplace) -> None:
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    registrar = log_in(site, laptop, "刘素琴")
    before = registrar.session.people()
    for roles in ((Role.PRINCIPAL,), (Role.REGISTRAR,)):
        with pytest.raises(RuleError, match=r"people\.not_allowed"):
            PeopleDesk(registrar).add("某人", PASSWORD, roles)
    with pytest.raises(RuleError, match=r"people\.not_allowed"):
        PeopleDesk(registrar).end("赵志强")
    assert registrar.session.people() == before


def test_a_principal_of_a_joined_school_makes_no_second_principal(laptop: Workplace) -> None:
    with pytest.raises(RuleError, match=r"people\.roles"):
        PeopleDesk(laptop).add("某人", PASSWORD, (Role.PRINCIPAL,))
    assert [one.name for one in laptop.session.people()] == ["赵志强"]


def test_whoever_opens_this_computer_without_a_grant_is_listed_and_can_be_ended(
    laptop: Workplace,
) -> None:
    laptop.session.add_person("某人", PASSWORD)
    line = next(one for one in PeopleDesk(laptop).lines() if one.name == "某人")
    assert (line.roles, line.opens_this_computer) == (frozenset(), True)
    PeopleDesk(laptop).end("某人")
    assert [one.name for one in laptop.session.people()] == ["赵志强"]


def test_nobody_ends_themselves_or_a_stranger(laptop: Workplace) -> None:
    with pytest.raises(RuleError, match=r"people\.self"):
        PeopleDesk(laptop).end("赵志强")
    with pytest.raises(RuleError, match=r"people\.unknown"):
        PeopleDesk(laptop).end("无名氏")


def test_a_day_counts_what_is_registered_complete_and_open(laptop: Workplace) -> None:
    registered(laptop)
    registered(laptop, id_number=number(order=300), **{"material.GID": ""})
    RegistrationDesk(laptop).save_draft(Draft("d1", laptop.person, {}, "full_name"))
    summary = DayDesk(laptop).summary()
    assert (summary.registered, summary.complete, summary.drafts) == (2, 1, 1)
    assert summary.unreviewed == 2


def test_a_day_with_open_items_closes_only_with_an_explanation(laptop: Workplace) -> None:
    registered(laptop)
    desk = DayDesk(laptop)
    with pytest.raises(RuleError) as refused:
        desk.close()
    assert refused.value.code == "day.open_items"
    desk.close("审核员明早到岗")
    with laptop.journal.begin(laptop.actor()) as work:
        (closed,) = work.rows("day_close")
    assert closed.values["unreviewed"] == 1
    assert closed.created_by == laptop.person


def test_a_quiet_day_closes_without_words(laptop: Workplace) -> None:
    assert DayDesk(laptop).close().registered == 0


def test_only_a_principal_closes_a_day(site: Site, laptop: Workplace) -> None:
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    registrar = log_in(site, laptop, "刘素琴")
    with pytest.raises(RuleError, match=r"day\.not_principal"):
        DayDesk(registrar).close()
    with registrar.journal.begin(registrar.actor()) as work:
        assert work.rows("day_close") == []
