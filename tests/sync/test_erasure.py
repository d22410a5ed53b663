"""Erased means gone everywhere, whatever came first, and nobody else can take a word away."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.feeds.operation import read
from desktop_app.services.backup import back_up
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.restoring import restore_by_password
from desktop_app.services.workplace import Workplace
from desktop_app.storage.digest import state_digest
from desktop_app.storage.finding import search
from desktop_app.sync.inbox import greet
from desktop_app.sync.verifying import verify_workplace
from tests.sync.site import (
    PASSWORD,
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    kept,
    register,
    reply,
    row_of,
    take,
)

SECOND, SECOND_PASSWORD = "王秀英", "sunflower-42"
NAME = "单梓涵"


@pytest.fixture
def other(site: Site, district: Workplace, laptop: Workplace, tmp_path: Path) -> Workplace:
    """Give a second laptop; both have met, so that each can seal to the other."""
    made = site.laptop(district, "other")
    acquaint(tmp_path / "hellos", laptop, made)
    return made


def acquaint(folder: Path, *laptops: Workplace) -> None:
    """Let laptops read each other's hellos."""
    folder.mkdir(exist_ok=True)
    for _ in range(2):
        for one in laptops:
            greet(one, folder)


@pytest.fixture(autouse=True)
def second(laptop: Workplace) -> None:
    PeopleDesk(laptop).add(SECOND, SECOND_PASSWORD, {Role.REGISTRAR})


def erase(laptop: Workplace, child: str) -> int:
    desk = ErasureDesk(laptop)
    return desk.erase(child, "request", desk.second(SECOND, SECOND_PASSWORD)).operations


def digest(workplace: Workplace) -> str:
    with workplace.database.read() as connection:
        return state_digest(connection, SCHOOL)


def holds(workplace: Workplace, *texts: str) -> bool:
    """Say whether any operation held says one of some texts."""
    lines = itertools.chain.from_iterable(content(workplace).values())
    return any(text.encode() in line for line in lines for text in texts)


def finds(workplace: Workplace, text: str) -> int:
    with workplace.database.read() as connection:
        return len(search(connection, SCHOOL, text, 50).both)


def sound(*workplaces: Workplace) -> None:
    for workplace in workplaces:
        assert verify_workplace(workplace, Progress()).flaws == ()


def settle(folder: Path, district: Workplace, *laptops: Workplace) -> None:
    """Let everybody hear of everything; then all lists must be one."""
    for n, one in enumerate(laptops):
        take(district, hand(one, folder / f"settle {n}").path)
    back = reply(district, folder / "settle").path
    for one in laptops:
        take(one, back)
    sound(district, *laptops)
    assert len({digest(one) for one in (district, *laptops)}) == 1


def edit(workplace: Workplace, child: str, **values: str) -> None:
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        work.edit("applicant", child, values)


def test_what_is_erased_is_gone_with_every_holder_and_the_chain_holds(
    laptop: Workplace, other: Workplace, district: Workplace, tmp_path: Path
) -> None:
    child, stays = register(laptop), register(laptop, "李子轩", id_number="")
    first = hand(laptop, tmp_path / "first").path
    for one in (other, district):
        take(one, first)
    assert finds(district, NAME) == 1
    assert erase(laptop, child) == 2
    second = hand(laptop, tmp_path / "second").path
    for one in (other, district):
        assert [(taken.outcome, taken.error) for taken in take(one, second)] == [("taken_in", None)]
    for one in (laptop, other, district):
        assert not holds(one, NAME, "419999201803142640")
        assert finds(one, NAME) == 0
        assert row_of(one, "applicant", child) == {}
        assert row_of(one, "applicant", stays)["full_name"] == "李子轩"
    settle(tmp_path, district, laptop, other)


def test_who_never_had_it_takes_in_the_header_with_the_erasure(
    laptop: Workplace, other: Workplace, district: Workplace, tmp_path: Path
) -> None:
    child = register(laptop)
    erase(laptop, child)
    path = hand(laptop, tmp_path / "stick").path
    for one in (other, district):
        assert [(taken.outcome, taken.error) for taken in take(one, path)] == [("taken_in", None)]
    settle(tmp_path, district, laptop, other)


def test_an_old_stick_brings_nothing_back(
    laptop: Workplace, other: Workplace, district: Workplace, tmp_path: Path
) -> None:
    child = register(laptop)
    old = hand(laptop, tmp_path / "old").path
    take(district, old)
    erase(laptop, child)
    new = hand(laptop, tmp_path / "new").path
    for one in (other, district):
        take(one, new)
        take(one, old)
        assert not holds(one, NAME)
    settle(tmp_path, district, laptop, other)


def test_what_a_sibling_wrote_of_the_child_goes_too_and_its_later_word_is_disputed(
    laptop: Workplace, other: Workplace, district: Workplace, tmp_path: Path
) -> None:
    child = register(laptop)
    take(other, hand(laptop, tmp_path / "a").path)
    edit(other, child, current_address="中兴路 7 号")
    take(laptop, hand(other, tmp_path / "b").path)
    edit(other, child, current_address="中兴路 8 号")
    erase(laptop, child)
    take(other, hand(laptop, tmp_path / "c").path)
    take(laptop, hand(other, tmp_path / "d").path)
    for one in (laptop, other):
        assert not holds(one, NAME, "中兴路 7 号")
        assert row_of(one, "applicant", child)["current_address"] == "中兴路 8 号"
        with one.journal.begin(one.actor(), SCHOOL) as work:
            assert work.row("applicant", child).removal_disputed
    settle(tmp_path, district, laptop, other)
    erase(laptop, child)
    take(other, hand(laptop, tmp_path / "e").path)
    assert row_of(other, "applicant", child) == {}
    sound(laptop, other)


def test_a_restored_backup_forgets_as_soon_as_it_hears(
    site: Site, laptop: Workplace, district: Workplace, tmp_path: Path
) -> None:
    child = register(laptop)
    backup = tmp_path / "backup"
    backup.mkdir()
    back_up(laptop, backup)
    erase(laptop, child)
    take(district, hand(laptop, tmp_path / "a").path)
    restored = restore_by_password(
        backup, tmp_path / "restored", "赵志强", PASSWORD, site.policy
    ).workplace
    site.opened.append(restored)
    assert holds(restored, NAME)
    site.join(district, restored)
    take(district, hand(restored, tmp_path / "b").path)
    assert not holds(district, NAME)
    take(restored, reply(district, tmp_path / "c").path)
    assert not holds(restored, NAME)
    settle(tmp_path, district, restored)


def test_a_later_limit_brings_nothing_back(
    laptop: Workplace, other: Workplace, district: Workplace, tmp_path: Path
) -> None:
    child = register(laptop)
    early = hand(laptop, tmp_path / "early").path
    take(other, early)
    take(district, early, hand(other, tmp_path / "other").path)
    reached = len(content(laptop)[feed_of(laptop)])
    head = read(content(laptop)[feed_of(laptop)][-1].rstrip(b"\n")).hash.hex()
    erase(laptop, child)
    late = hand(laptop, tmp_path / "late").path
    take(other, late)
    district.ensure_feed(SCHOOL)
    with district.journal.begin(district.actor(), SCHOOL) as work:
        limit: dict[str, Value] = {"feed": feed_of(laptop), "sequence": reached, "hash": head}
        work.create("feed_limit", limit, signed=True)
    take(other, reply(district, tmp_path / "limit").path)
    take(district, late)
    assert not holds(other, NAME)
    assert not holds(district, NAME)
    settle(tmp_path, district, other)


def test_the_district_erases_what_it_wrote_itself_and_a_school_cannot(
    laptop: Workplace, district: Workplace, tmp_path: Path
) -> None:
    child = register(laptop)
    take(district, hand(laptop, tmp_path / "a").path)
    district.ensure_feed(SCHOOL)
    with district.journal.begin(district.actor(), SCHOOL) as work:
        answer = {"district_status": "queried", "district_reason": "请说明情况"}
        work.edit("applicant", child, answer, signed=True)
    take(laptop, reply(district, tmp_path / "b").path)
    erase(laptop, child)
    take(district, hand(laptop, tmp_path / "c").path)
    assert holds(district, "请说明情况")
    assert not holds(district, NAME)
    ErasureDesk(district).erase(child, "request", school=SCHOOL)
    take(laptop, reply(district, tmp_path / "d").path)
    assert not holds(laptop, "请说明情况")
    settle(tmp_path, district, laptop)


def test_one_person_alone_erases_nothing(laptop: Workplace) -> None:
    child = register(laptop)
    before = digest(laptop)
    with pytest.raises(RuleError, match=r"erasure\.not_allowed"):
        ErasureDesk(laptop).erase(child, "request")
    desk = ErasureDesk(laptop)
    with pytest.raises(RuleError, match=r"erasure\.not_allowed"):
        desk.erase(child, "request", desk.second("赵志强", PASSWORD))
    with pytest.raises(RuleError, match=r"erasure\.reason"):
        desk.erase(child, "untidy", desk.second(SECOND, SECOND_PASSWORD))
    with pytest.raises(StaleError):
        erase(laptop, "nobody")
    assert digest(laptop) == before


def test_an_erasure_signed_by_one_is_listed_and_takes_nothing_away(
    laptop: Workplace, district: Workplace, tmp_path: Path
) -> None:
    child = register(laptop)
    operations = [read(line.rstrip(b"\n")) for line in content(laptop)[feed_of(laptop)]]
    named = "\n".join(one.reference for one in operations if one.record == child)
    with laptop.journal.begin(laptop.actor(), SCHOOL) as work:
        work.create("erasure", {"operations": named, "reason": "request"}, signed=True)
    take(district, hand(laptop, tmp_path / "a").path)
    for one in (laptop, district):
        assert row_of(one, "applicant", child)["full_name"] == NAME
        with one.database.read() as connection:
            listed = connection.exec_driver_sql(
                "SELECT verdict FROM projected_attention JOIN operation USING (feed, sequence)"
                " WHERE kind = 'erasure'"
            ).all()
        assert [row[0] for row in listed] == ["not_allowed"]
    settle(tmp_path, district, laptop)


def test_acts_people_answer_for_cannot_be_erased(laptop: Workplace) -> None:
    register(laptop)
    operations = [read(line.rstrip(b"\n")) for line in content(laptop)[feed_of(laptop)]]
    named = "\n".join(one.reference for one in operations if one.kind == "person")
    desk = ErasureDesk(laptop)
    also = [desk.second(SECOND, SECOND_PASSWORD)]
    with laptop.journal.begin(laptop.actor(), SCHOOL) as work:
        work.create("erasure", {"operations": named, "reason": "request"}, signed=True, also=also)
    assert holds(laptop, SECOND)
    sound(laptop)


def test_sealed_pages_and_amending_drafts_go_with_the_child(laptop: Workplace) -> None:
    from desktop_app.services.amendment import AMENDS
    from desktop_app.storage.drafts import Draft, Drafts

    child = register(laptop)
    digest_of = laptop.scans.store(b"sealed")
    with laptop.journal.begin(laptop.actor(), SCHOOL) as work:
        page: dict[str, Value] = {
            "applicant": child,
            "material": "HKB",
            "page": 1,
            "digest": digest_of,
            "size": 6,
        }
        scan = work.create("scan", page)
        work.create("scan_key", {"scan": scan, "identity": "secret", "sealed": False})
    drafts = Drafts(laptop.database)
    drafts.save(Draft("d1", laptop.person, {AMENDS: child, "full_name": NAME}, "full_name"))
    drafts.save(Draft("d2", laptop.person, {"full_name": "另一个"}, "full_name"))
    assert erase(laptop, child) == 4
    assert not laptop.scans.holds(digest_of)
    assert not holds(laptop, "secret")
    assert [one.id for one in drafts.of_person(laptop.person)] == ["d2"]
    sound(laptop)


def test_any_order_of_sticks_forgets_alike(
    site: Site, laptop: Workplace, other: Workplace, district: Workplace, tmp_path: Path
) -> None:
    third = site.laptop(district, "third")
    acquaint(tmp_path / "hellos", laptop, other, third)
    child = register(laptop)
    sticks = [hand(laptop, tmp_path / "1").path]
    take(other, sticks[0])
    edit(other, child, current_address="中兴路 7 号")
    sticks.append(hand(other, tmp_path / "2").path)
    take(laptop, sticks[1])
    erase(laptop, child)
    sticks.append(hand(laptop, tmp_path / "3").path)
    take(other, sticks[2])
    sticks.append(hand(other, tmp_path / "4").path)
    chance = random.Random(7)
    for one in (third, district):
        order = sticks * 2
        chance.shuffle(order)
        for path in order:
            take(one, path)
        assert kept(one) == []
        assert not holds(one, NAME, "中兴路 7 号")
    settle(tmp_path, district, laptop, other, third)
