"""Conflicts of two laptops that never met before, decided at a school or at the district."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import event

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.operation import Change
from desktop_app.services.conflicts import ConflictDesk, Dispute
from desktop_app.services.people import PeopleDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.heads import read_heads
from desktop_app.storage.queries import history
from desktop_app.storage.rows import read_row
from tests.services.conftest import Exchange
from tests.services.kit import form, number, registered
from tests.sync.site import PASSWORD, SCHOOL, Site, row_of


def edit(workplace: Workplace, record: str, kind: str = "applicant", **values: Value) -> None:
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        work.edit(kind, record, values, signed="district_status" in values)


def only(desk: ConflictDesk) -> Dispute:
    (line,) = desk.page().lines
    return desk.open(line.key)


def test_both_values_stand_with_who_when_and_where(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    record = registered(laptop)
    meet()
    edit(laptop, record, birth_date="2018-05-21")
    edit(other, record, birth_date="2018-05-12")
    meet()
    for desk in (ConflictDesk(laptop), ConflictDesk(other)):
        (line,) = desk.page().lines
        assert (line.what, line.name, line.label) == ("value", "罗雨桐", "出生日期")
        assert desk.count() == 1
        found = desk.open(line.key)
        assert {side.value for side in found.sides} == {"2018-05-21", "2018-05-12"}
        assert {side.person for side in found.sides} == {"赵志强"}
        assert [side.shown for side in found.sides].count(True) == 1
        assert found.masked_number.count("*") == 8
    here = {side.value: side.laptop for side in only(ConflictDesk(laptop)).sides}
    assert here["2018-05-21"] == "own"
    assert here["2018-05-12"].startswith("…")


@pytest.mark.parametrize("which", [0, 1])
def test_either_is_kept_by_one_edit_and_both_stay_in_the_history(
    laptop: Workplace, other: Workplace, meet: Exchange, which: int
) -> None:
    record = registered(laptop)
    meet()
    edit(laptop, record, full_name="罗雨彤")
    edit(other, record, full_name="罗语桐")
    meet()
    desk = ConflictDesk(other)
    found = only(desk)
    desk.adopt(found.key, found.sides[which].reference)
    meet()
    for one in (laptop, other):
        assert row_of(one, "applicant", record)["full_name"] == found.sides[which].value
        assert ConflictDesk(one).page().lines == ()
    with laptop.database.read() as connection:
        entry = history(connection, SCHOOL, record)[-1]
    assert entry.act == "resolve"
    assert {*entry.changes[0].before} == {"罗雨彤", "罗语桐"}


def test_numbers_show_only_where_they_differ(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    record = registered(laptop)
    meet()
    edit(laptop, record, id_number=number(order=262))
    edit(other, record, id_number=number(order=266))
    meet()
    first, second = (side.value for side in only(ConflictDesk(laptop)).sides)
    differ = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    assert 1 <= len(differ) <= 2
    assert first.count("*") >= 7


def test_what_somebody_settled_meanwhile_is_told(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    record = registered(laptop)
    meet()
    edit(laptop, record, sex="1")
    edit(other, record, sex="9")
    meet()
    desk = ConflictDesk(laptop)
    found = only(desk)
    desk.adopt(found.key, found.sides[0].reference)
    for late in (
        lambda: desk.open(found.key),
        lambda: desk.adopt(found.key, found.sides[1].reference),
    ):
        with pytest.raises(StaleError) as caught:
            late()
        assert caught.value.code == "conflict.settled"


def test_a_disputed_removal_is_kept_with_all_that_was_removed_with_it(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    record = registered(laptop)
    meet()
    RegistrationDesk(laptop).take_back(record)
    edit(other, record, current_address="3组28号")
    meet()
    assert rows_of(other, record) == {}
    desk = ConflictDesk(other)
    found = only(desk)
    assert (found.what, found.label, found.name) == ("removed", "报名学生", "罗雨桐")
    assert [side.person for side in found.sides] == ["赵志强"]
    desk.keep(found.key)
    meet()
    for one in (laptop, other):
        assert row_of(one, "applicant", record)["current_address"] == "3组28号"
        assert rows_of(one, record) == {"guardian": ["罗志远"], "material_check": ["GID", "HKB"]}
        assert ConflictDesk(one).count() == 0


def rows_of(workplace: Workplace, record: str) -> dict[str, list[str]]:
    """Give what belongs to an applicant."""
    found = {}
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        for kind, name in (("guardian", "full_name"), ("material_check", "material")):
            rows = work.rows(kind, applicant=record)
            if rows:
                found[kind] = sorted(row.text(name) for row in rows)
    return found


def test_a_disputed_removal_is_removed_again(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    record = registered(laptop)
    meet()
    RegistrationDesk(laptop).take_back(record)
    edit(other, record, full_name="罗语桐")
    meet()
    desk = ConflictDesk(laptop)
    desk.remove_again(only(desk).key)
    meet()
    for one in (laptop, other):
        assert row_of(one, "applicant", record) == {}
        assert ConflictDesk(one).count() == 0


def test_a_reviewed_case_is_kept_whole_by_whoever_may_review(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    record = registered(laptop)
    with laptop.journal.begin(laptop.actor()) as work:
        work.edit("applicant", record, {"review": "passed"}, signed=True)
    meet()
    RegistrationDesk(laptop).take_back(record)
    edit(other, record, full_name="罗语桐")
    meet()
    desk = ConflictDesk(other)
    desk.keep(only(desk).key)
    assert desk.count() == 0
    assert row_of(other, "applicant", record)["review"] == "passed"


def test_two_officers_who_decided_apart_are_told_and_one_of_them_chooses(
    district: Workplace, laptop: Workplace, site: Site, meet: Exchange
) -> None:
    """The two decisions come from two computers of the district; the school only reads of it."""
    record = registered(laptop)
    meet()
    district.ensure_feed(SCHOOL)
    with district.database.read() as connection:
        row = read_row(connection, RECORD_TYPES["applicant"], SCHOOL, record)
    assert row is not None
    seen = read_heads(row.heads, ["district_status"])
    edit(district, record, district_status="admitted")
    concurrent(district, record, seen, "deferred")
    desk = ConflictDesk(district)
    found = only(desk)
    assert {side.value for side in found.sides} == {"已录取", "延缓入学"}
    assert {side.laptop for side in found.sides} == {"own"}
    meet()
    assert row_of(laptop, "applicant", record)["district_status"] in {"admitted", "deferred"}
    assert ConflictDesk(laptop).count() == 0
    wanted = next(side for side in found.sides if side.value == "延缓入学")
    desk.adopt(found.key, wanted.reference)
    assert desk.count() == 0
    meet()
    assert row_of(laptop, "applicant", record)["district_status"] == "deferred"


def concurrent(
    workplace: Workplace, record: str, seen: dict[str, tuple[str, ...]], status: str
) -> None:
    """Decide as another officer would who knows only what stood before."""
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        change = Change("applicant", record, "decide", 1, {"district_status": status}, seen)
        work._write(change, signed=True)


def test_only_an_officer_chooses_at_the_district(
    district: Workplace, laptop: Workplace, site: Site, meet: Exchange
) -> None:
    record = registered(laptop)
    meet()
    district.ensure_feed(SCHOOL)
    edit(district, record, district_status="admitted")
    concurrent(district, record, {"district_status": (origin(district, record),)}, "deferred")
    PeopleDesk(district).add("何督导", PASSWORD, [Role.AUDITOR])
    district.close()
    site.opened.remove(district)
    auditor = site.reopen("district", "何督导")
    desk = ConflictDesk(auditor)
    found = only(desk)
    with pytest.raises(RuleError) as caught:
        desk.adopt(found.key, found.sides[0].reference)
    assert caught.value.code == "conflict.not_allowed"
    assert desk.count() == 1


def origin(workplace: Workplace, record: str) -> str:
    with workplace.database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT heads FROM projected_applicant WHERE record = ?", (record,)
        ).scalar_one()
    return str(found).split("\n", 1)[0]


def hear(statements: list[str], *given: object) -> None:
    statements.append(str(given[2]))


def test_the_queue_is_walked_by_key_and_a_page_costs_the_same(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    desk = RegistrationDesk(laptop)
    records = [desk.register(form(id_number=number(order=n))).record for n in range(100, 112)]
    meet()
    for record in records:
        edit(laptop, record, sex="1")
        edit(other, record, sex="9")
    meet()
    queue, counted, keys = ConflictDesk(laptop), [], []
    for limit in (2, 5, 12):
        statements: list[str] = []
        listener = partial(hear, statements)
        event.listen(laptop.database._engine, "before_cursor_execute", listener)
        queue.page(None, limit)
        event.remove(laptop.database._engine, "before_cursor_execute", listener)
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 4
    after = None
    while True:
        page = queue.page(after, 5)
        keys += [line.key for line in page.lines]
        after = page.after
        if after is None:
            break
    assert len(keys) == len(set(keys)) == queue.count() == len(records)
