"""A child who is to be forgotten goes from the list of primary graduates too, and no other does."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services.arrivals import ArrivalDesk
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.graduates import GraduateDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from tests.services.kit import form, let_in, number
from tests.services.test_graduates import BORN, GOOD, JUNIOR, book, child
from tests.sync.site import PASSWORD, Site, content, hand, reply, take

SECOND = "王秀英"
ORDERS = {"罗雨桐": 264, "孟一诺": 272, "单于飞": 280}


@pytest.fixture
def junior(site: Site, district: Workplace, tmp_path: Path) -> Workplace:
    """A junior school whose three children are listed and registered."""
    school = site.laptop(district, "junior", JUNIOR)
    desk = GraduateDesk(district)
    rows = [child(order, name) for name, order in ORDERS.items()]
    desk.enter(desk.look(book(tmp_path / "list.xlsx", rows)))
    take(district, hand(school, tmp_path / "asked").path)
    take(school, reply(district, tmp_path / "list", JUNIOR).path)
    for entry in ArrivalDesk(school).entries():
        filled = ArrivalDesk(school).fill(entry.record)
        RegistrationDesk(school, "J1").register(form(**filled, guardian_id_number=""))
    take(district, hand(school, tmp_path / "registered").path)
    return school


def record_of(workplace: Workplace, name: str) -> str:
    with workplace.database.read() as connection:
        return str(
            connection.exec_driver_sql(
                "SELECT record FROM projected_applicant WHERE full_name = ?", (name,)
            ).scalar_one()
        )


def listed(workplace: Workplace) -> set[str]:
    return {row.text("full_name") for row in GraduateDesk(workplace).children(JUNIOR)}


def says(workplace: Workplace, text: str) -> bool:
    return any(text.encode() in line for lines in content(workplace).values() for line in lines)


def test_who_is_to_be_forgotten_is_on_no_list_and_who_withdrew_still_has_to_come(
    district: Workplace, junior: Workplace, tmp_path: Path
) -> None:
    desk = ErasureDesk(district)
    gone = desk.erase(record_of(district, "罗雨桐"), "request", school=JUNIOR)
    assert not gone.still_listed
    stays = desk.erase(record_of(district, "孟一诺"), "withdrawn", school=JUNIOR)
    assert stays.still_listed
    assert listed(district) == {"孟一诺", "单于飞"}
    take(junior, reply(district, tmp_path / "erased", JUNIOR).path)
    for one in (district, junior):
        assert not says(one, number(BORN))
        assert says(one, number(BORN, 272))
    assert [one.name for one in ArrivalDesk(junior).entries() if not one.come] == ["孟一诺"]


def test_a_school_is_told_that_the_district_still_lists_whom_it_erased(
    district: Workplace, junior: Workplace, tmp_path: Path
) -> None:
    let_in(junior, SECOND, Role.REVIEWER)
    desk, officer = ErasureDesk(junior), ErasureDesk(district)
    with pytest.raises(RuleError, match=r"graduate\.registered"):
        officer.forget_entry(GOOD["证件号"], JUNIOR)
    second = desk.second(SECOND, bytearray(PASSWORD, "utf-8"))
    assert desk.erase(record_of(junior, "罗雨桐"), "request", second).still_listed
    assert [one.name for one in ArrivalDesk(junior).entries() if not one.come] == ["罗雨桐"]
    take(district, hand(junior, tmp_path / "told").path)
    assert officer.forget_entry(GOOD["学籍号"], JUNIOR).operations == 1
    assert listed(district) == {"孟一诺", "单于飞"}
    assert not says(district, number(BORN))
    with pytest.raises(StaleError):
        officer.forget_entry(GOOD["学籍号"], JUNIOR)
    with pytest.raises(RuleError, match=r"erasure\.not_allowed"):
        desk.forget_entry(number(BORN, 272), JUNIOR)


def test_while_another_registration_is_the_same_entry_it_stays(
    district: Workplace, junior: Workplace
) -> None:
    entry = next(one for one in ArrivalDesk(junior).entries() if one.name == "罗雨桐")
    filled = ArrivalDesk(junior).fill(entry.record) | {"id_number": number(BORN, 302)}
    typed = form(**filled, guardian_id_number="") | {"full_name": "罗宇童"}
    RegistrationDesk(junior, "J1").register(typed)
    let_in(junior, SECOND, Role.REVIEWER)
    desk = ErasureDesk(junior)
    second = desk.second(SECOND, bytearray(PASSWORD, "utf-8"))
    assert not desk.erase(record_of(junior, "罗宇童"), "request", second).still_listed
    assert listed(district) == {"罗雨桐", "孟一诺", "单于飞"}
