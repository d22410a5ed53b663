"""One's own figures: sums by day, nobody's names, nothing of them in what is handed on."""

from __future__ import annotations

import datetime as dt

from desktop_app.domain.acts import Role
from desktop_app.services import statistics
from desktop_app.services.calendar import local_day
from desktop_app.services.statistics import Day, StatisticsDesk, Work
from desktop_app.services.workplace import Workplace
from tests.services.kit import let_in, log_in
from tests.sync.site import Site

ONE = Work(cases=1, seconds=70, keys=101)


def test_figures_are_summed_by_person_and_for_the_desk_without_a_name(
    site: Site, laptop: Workplace
) -> None:
    own = StatisticsDesk(laptop)
    own.add(ONE)
    own.add(ONE)
    own.add(Work(refused=1))
    own.add(Work(cases=-1, mended=1))
    let_in(laptop, "周敏", Role.REGISTRAR)
    other = log_in(site, laptop, "周敏")
    desk = StatisticsDesk(other)
    desk.add(ONE)
    today = local_day().isoformat()
    mine = Work(1, 140, 202, 1, 1)
    assert desk.days() == (Day(today, ONE, mine + ONE),)
    assert ONE.per_case("keys") == 101
    assert Work(keys=9).per_case("keys") == 0
    assert all(name.count(".") == 1 for name in other.settings.named("work."))


def test_what_is_old_or_torn_counts_nothing(laptop: Workplace) -> None:
    desk, settings = StatisticsDesk(laptop), laptop.settings
    old = (local_day() - dt.timedelta(days=statistics.DAYS)).isoformat()
    settings.set(f"work.{old}.{laptop.person}", '{"cases": 5}')
    settings.set(f"work.{local_day().isoformat()}.{laptop.person}", "[torn")
    assert [day.own for day in desk.days()] == [Work()]
    assert settings.get(f"work.{old}.{laptop.person}") == ""


def test_figures_write_no_operation(laptop: Workplace) -> None:
    with laptop.database.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM operation").scalar_one()
    StatisticsDesk(laptop).add(ONE)
    with laptop.database.read() as connection:
        after = connection.exec_driver_sql("SELECT count(*) FROM operation").scalar_one()
    assert after == before
