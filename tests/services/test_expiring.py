"""What is erased, by rule or for one child, is gone from log and disk, and nothing beside it."""

from __future__ import annotations

import pytest

from desktop_app.documents.images import PreparedScan
from desktop_app.domain.acts import LASTING_KINDS, Role
from desktop_app.domain.errors import ProductError
from desktop_app.services.erasure import Erased, ErasureDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.journal import Actor
from desktop_app.sync.verifying import verify_workplace
from tests.services.conftest import Exchange
from tests.services.kit import form, let_in, log_in, number, registered
from tests.sync.site import PASSWORD, SCHOOL, Site, hand, reply, take

SECOND, CLERK = "王秀英", "李小兰"
SECRET = "AGE-SECRET-KEY"


def page(text: str = "made-up page") -> PreparedScan:
    jpeg = b"\xff\xd8 " + text.encode() + b" \xff\xd9"
    return PreparedScan(jpeg=jpeg, width=8, height=8, thumbnail=b"")


@pytest.fixture
def second(laptop: Workplace) -> Actor:
    let_in(laptop, SECOND, Role.REVIEWER)
    return ErasureDesk(laptop).second(SECOND, bytearray(PASSWORD, "utf-8"))


def other_child(laptop: Workplace) -> str:
    return registered(laptop, id_number=number(order=301), full_name="王子涵")


def payloads(workplace: Workplace, kind: str) -> int:
    """Count the operations on a kind of record that still say something and remove nothing."""
    with workplace.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT payload FROM operation WHERE kind = ? AND payload IS NOT NULL", (kind,)
        ).all()
    return len(rows)


def secrets(workplace: Workplace) -> int:
    """Count the operations that still hold a page's key."""
    with workplace.database.read() as connection:
        return int(
            connection.exec_driver_sql(
                "SELECT count(*) FROM operation WHERE payload IS NOT NULL"
                " AND instr(CAST(payload AS TEXT), ?) > 0",
                (SECRET,),
            ).scalar_one()
        )


def records(workplace: Workplace, kind: str, **where: str) -> list[str]:
    with workplace.journal.begin(workplace.actor()) as work:
        return sorted(row.record for row in work.rows(kind, **where))


def refused(desk: ErasureDesk, keys: list[tuple[str, str]], also: Actor | None = None) -> str:
    with pytest.raises(ProductError) as caught:
        desk.expire(keys, [], also)
    return caught.value.code


def test_a_child_s_pages_are_forgotten_with_those_that_were_taken_again(
    laptop: Workplace, second: Actor
) -> None:
    child, stays, scans = registered(laptop), other_child(laptop), ScanDesk(laptop)
    first = scans.attach_prepared(child, "HKB", page("one"))
    scans.attach_prepared(child, "HKB", page("two"), instead=first)
    kept = scans.attach_prepared(stays, "HKB", page("three"))
    assert (secrets(laptop), len(list(laptop.scans.digests()))) == (3, 3)
    erased = ErasureDesk(laptop).erase(child, "request", second)
    assert erased.pages == 2
    assert (secrets(laptop), len(list(laptop.scans.digests()))) == (1, 1)
    assert scans.read(kept) == page("three").jpeg


def test_what_is_named_goes_and_what_stands_beside_it_stays(
    laptop: Workplace, second: Actor
) -> None:
    child, other = registered(laptop), other_child(laptop)
    gone = records(laptop, "material_check", applicant=child)
    stays = records(laptop, "material_check", applicant=other)
    assert len(gone) == len(stays) == 2
    before = payloads(laptop, "applicant")
    erased = ErasureDesk(laptop).expire([("material_check", record) for record in gone], [], second)
    assert erased == Erased(2, 0)
    assert records(laptop, "material_check") == stays
    assert payloads(laptop, "applicant") == before
    assert records(laptop, "applicant") == sorted([child, other])
    assert verify_workplace(laptop, Progress()).sound


def test_an_erasure_says_that_the_time_was_over_and_is_signed_by_both(
    laptop: Workplace, second: Actor
) -> None:
    registered(laptop)
    keys = [("material_check", one) for one in records(laptop, "material_check")]
    ErasureDesk(laptop).expire(keys, [], second)
    with laptop.journal.begin(laptop.actor()) as work:
        (row,) = work.rows("erasure")
    assert row.text("reason") == "expired"
    assert len(row.text("operations").splitlines()) == len(keys)


def test_what_nobody_holds_costs_nothing_and_once_all_is_gone_nothing_is_written(
    laptop: Workplace, second: Actor
) -> None:
    registered(laptop)
    desk = ErasureDesk(laptop)
    keys = [("material_check", one) for one in records(laptop, "material_check")]
    assert desk.expire([("material_check", "nobody")], ["0" * 64], second) == Erased(0, 0)
    assert desk.expire(keys, [], second).operations == len(keys)
    assert payloads(laptop, "material_check") == len(keys), "that they were removed stays"
    assert desk.expire(keys, [], second) == Erased(0, 0)
    assert payloads(laptop, "material_check") == len(keys)
    assert len(records(laptop, "erasure")) == 1


@pytest.mark.parametrize("kind", sorted(LASTING_KINDS))
def test_who_may_do_what_is_never_forgotten_by_a_rule(
    laptop: Workplace, second: Actor, kind: str
) -> None:
    known = payloads(laptop, kind)
    assert ErasureDesk(laptop).expire(
        [(kind, one) for one in _all_of(laptop, kind)], [], second
    ) == Erased(0, 0)
    assert payloads(laptop, kind) == known
    assert PeopleDesk(laptop).roles()


def _all_of(workplace: Workplace, kind: str) -> list[str]:
    with workplace.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT record FROM operation WHERE kind = ?", (kind,)
        ).all()
    return [str(row[0]) for row in rows]


def test_nobody_signs_twice_and_nobody_without_the_role_counts(
    site: Site, laptop: Workplace, second: Actor
) -> None:
    registered(laptop)
    let_in(laptop, CLERK, Role.REGISTRAR)
    desk = ErasureDesk(laptop)
    keys = [("material_check", one) for one in records(laptop, "material_check")]
    alone = desk.second("赵志强", bytearray(PASSWORD, "utf-8"))
    assert refused(desk, keys) == "erasure.not_allowed"
    assert refused(desk, keys, alone) == "erasure.not_allowed"
    folder_of_clerk = log_in(site, laptop, CLERK)
    clerks = ErasureDesk(folder_of_clerk)
    reviewer = clerks.second(SECOND, bytearray(PASSWORD, "utf-8"))
    assert refused(clerks, keys, reviewer) == "erasure.not_allowed"
    assert len(records(folder_of_clerk, "material_check")) == len(keys)
    assert not records(folder_of_clerk, "erasure")


def test_whoever_s_time_has_ended_signs_nothing_any_more(laptop: Workplace, second: Actor) -> None:
    registered(laptop)
    people = PeopleDesk(laptop)
    people.end(SECOND)
    keys = [("material_check", one) for one in records(laptop, "material_check")]
    assert refused(ErasureDesk(laptop), keys, second) == "erasure.not_allowed"


def test_a_wrong_password_gives_no_second_signature(laptop: Workplace, second: Actor) -> None:
    with pytest.raises(ProductError) as caught:
        ErasureDesk(laptop).second(SECOND, bytearray(b"another-41"))
    assert caught.value.code == "vault.wrong_password"


def test_what_a_rule_erased_is_erased_with_every_holder_and_refused_ever_after(
    district: Workplace, laptop: Workplace, other: Workplace, second: Actor, meet: Exchange
) -> None:
    child = registered(laptop)
    ScanDesk(laptop).attach_prepared(child, "HKB", page())
    meet()
    assert secrets(other) == secrets(district) == 1
    keys = [("scan_key", one) for one in records(laptop, "scan_key")]
    pages = list(laptop.scans.digests())
    assert ErasureDesk(laptop).expire(keys, pages, second) == Erased(1, 1)
    meet()
    assert [secrets(one) for one in (laptop, other, district)] == [0, 0, 0]
    assert records(other, "scan_key") == []
    assert records(other, "applicant") == [child]


def test_the_district_erases_of_a_school_by_one_officer_alone(
    district: Workplace, laptop: Workplace, second: Actor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    registered(laptop)
    take(district, hand(laptop, tmp_path_factory.mktemp("there")).path)
    keys = [("material_check", one) for one in records(laptop, "material_check")]
    assert ErasureDesk(district).expire(keys, [], None, SCHOOL).operations == len(keys)
    take(laptop, reply(district, tmp_path_factory.mktemp("back")).path)
    assert records(laptop, "material_check") == []
    assert payloads(laptop, "material_check") == len(keys)  # the removals, which say nothing


def test_a_stranger_s_draft_of_another_child_outlives_an_erasure(
    laptop: Workplace, second: Actor
) -> None:
    child, other = registered(laptop), other_child(laptop)
    ErasureDesk(laptop).erase(child, "request", second)
    assert records(laptop, "applicant") == [other]
    assert len(records(laptop, "material_check")) == len(
        [name for name in form() if name.startswith("material.")]
    )
