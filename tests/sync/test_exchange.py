"""A school's laptops and the district exchange bundles, and everybody holds the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import CancelledError, RuleError, WorkplaceError
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.people import PeopleDesk, grant
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.digest import state_digest
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync.answers import acknowledge, answer, answer_each
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.inbox import take_in
from desktop_app.sync.inspect import inspect
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.sync.naming import read_name
from desktop_app.sync.outbox import export
from tests.sync.site import (
    OTHER_SCHOOL,
    PASSWORD,
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    kept,
    register,
    register_many,
    reply,
    row_of,
    take,
)


def test_a_bundle_goes_to_the_district_and_an_answer_comes_back(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    applicant = register(laptop)
    handed = hand(laptop, stick)
    (taken,) = take(district, handed.path)
    assert (taken.outcome, taken.reason, taken.sender) == ("taken_in", "", feed_of(laptop))
    assert taken.fresh == taken.operations == handed.operations
    assert handed.registered == 1
    assert row_of(district, "applicant", applicant)["full_name"] == "单梓涵"
    answered = reply(district, stick)
    (back,) = take(laptop, answered.path)
    assert back.outcome == "taken_in"
    feed = feed_of(laptop)
    assert row_of(laptop, "acknowledgement", feed)["sequence"] == handed.operations
    assert content(laptop)[feed][: handed.operations] == content(district)[feed]
    assert handed.name == f"{SCHOOL}-{feed[:8]}-1.enb"
    assert kept(district) == kept(laptop) == []


def test_both_ends_have_one_digest(district: Workplace, laptop: Workplace, stick: Path) -> None:
    register_many(laptop, 3)
    take(district, hand(laptop, stick).path)
    take(laptop, reply(district, stick).path)
    digests = []
    for workplace in (district, laptop):
        with workplace.database.read() as connection:
            digests.append(state_digest(connection, SCHOOL))
    assert digests[0] == digests[1]


def test_taking_in_writes_no_operation_and_again_changes_nothing(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    register(laptop)
    handed = hand(laptop, stick)
    own = feed_of(district)
    before = len(content(district)[own])
    first = take(district, stick)[0]
    held = content(district)
    again = take(district, handed.path)[0]
    assert (again.outcome, again.fresh) == (first.outcome, 0)
    assert content(district) == held
    assert len(held[own]) == before


def test_a_lost_stick_heals_itself(district: Workplace, laptop: Workplace, stick: Path) -> None:
    register(laptop)
    hand(laptop, stick).path.unlink()
    second = register(laptop, "李梓涵")
    take(district, hand(laptop, stick).path)
    assert row_of(district, "applicant", second)["full_name"] == "李梓涵"
    feed = feed_of(laptop)
    assert content(district)[feed] == content(laptop)[feed]


def test_what_was_acknowledged_is_not_sent_again(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    register_many(laptop, 50)
    first = hand(laptop, stick)
    take(district, first.path)
    take(laptop, reply(district, stick).path)
    register(laptop)
    second = hand(laptop, stick)
    assert second.number == 2
    assert second.operations < 10
    (taken,) = take(district, second.path)
    assert taken.outcome == "taken_in"
    assert content(district)[feed_of(laptop)] == content(laptop)[feed_of(laptop)]


def test_two_laptops_learn_of_each_other_and_exchange_sideways(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    other = site.laptop(district, "other")
    first, second = register(laptop), register(other, "李梓涵")
    (refused,) = take(other, hand(laptop, stick).path)
    assert (refused.outcome, refused.reason) == ("refused", "bundle.wrong_recipient")
    take(district, hand(laptop, stick).path, hand(other, stick).path)
    answered = reply(district, stick).path
    for one in (laptop, other):
        assert take(one, answered)[0].outcome == "taken_in"
        assert row_of(one, "applicant", first)["full_name"] == "单梓涵"
        assert row_of(one, "applicant", second)["full_name"] == "李梓涵"
    third = register(laptop, "王梓涵")
    (sideways,) = take(other, hand(laptop, stick).path)
    assert sideways.outcome == "taken_in"
    assert row_of(other, "applicant", third)["full_name"] == "王梓涵"
    # Anybody may carry a feed on: the other laptop brings the first one's to the district.
    (carried_on,) = take(district, hand(other, stick).path)
    assert row_of(district, "applicant", third)["full_name"] == "王梓涵"
    assert carried_on.sender == feed_of(other)


def test_another_school_is_none_of_ours(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    stranger = site.laptop(district, "stranger", OTHER_SCHOOL)
    (passed,) = take(stranger, hand(laptop, stick).path)
    assert (passed.outcome, passed.reason) == ("relayed", "")
    assert feed_of(laptop) not in content(stranger)


def test_another_district_knows_nobody_here(
    tmp_path: Path, site: Site, laptop: Workplace, stick: Path
) -> None:
    away = Site(tmp_path / "away", site.policy)
    away.folder.mkdir()
    try:
        other = away.found()
        (refused,) = take(other, hand(laptop, stick).path)
        assert refused.outcome == "refused"
        assert refused.reason in {"bundle.other_district", "bundle.unknown_signer"}
        assert feed_of(laptop) not in content(other)
    finally:
        away.close()


def test_a_later_district_document_comes_with_an_answer_and_never_goes_back(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    take(district, hand(laptop, stick).path)
    old = reply(district, stick).path
    DistrictOffice(district).publish_again(site.folder / "root", PASSWORD)
    new = reply(district, stick).path
    take(laptop, new)
    assert laptop.district is not None
    assert laptop.district.number == 2
    assert take(laptop, old)[0].outcome == "taken_in"
    assert laptop.district.number == 2
    assert site.again(laptop).district == district.district


def test_who_was_ended_is_no_recipient_any_more(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    keys = PeopleDesk(laptop).add("钱登记", "riverbank-82", [Role.REGISTRAR])
    assert keys.recipient in inspect(hand(laptop, stick).path).recipients
    PeopleDesk(laptop).end("钱登记")
    assert keys.recipient not in inspect(hand(laptop, stick).path).recipients


def test_without_anybody_to_seal_to_nothing_is_packed(site: Site, stick: Path) -> None:
    alone = site.set_up("alone", "school", SCHOOL)
    stick.mkdir()
    with pytest.raises(RuleError, match=r"bundle\.no_recipient"):
        hand(alone, stick)
    assert list(stick.iterdir()) == []


def test_only_a_district_answers_and_only_its_schools(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    stick.mkdir()
    for workplace, school, code in (
        (laptop, SCHOOL, "bundle.not_district"),
        (district, "2141049999", "bundle.unknown_school"),
        (district, OTHER_SCHOOL, "bundle.nobody_there"),
    ):
        with pytest.raises(RuleError) as refusal:
            answer(workplace, school, stick, Progress())
        assert refusal.value.code == code


def test_a_school_whose_only_laptop_was_ended_keeps_no_other_from_its_answer(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    other = site.laptop(district, "other", OTHER_SCHOOL)
    for workplace in (laptop, other):
        register(workplace)
        take(district, hand(workplace, stick).path)
    first, last = sorted(((SCHOOL, laptop), (OTHER_SCHOOL, other)), key=lambda one: one[0])
    LaptopDesk(district).revoke(feed_of(first[1]))
    answered = ExchangeDesk(district).answer_all(stick, Progress())
    assert [read_name(one.name)[0] for one in answered.made] == [last[0]]
    assert [(one.school, one.expected) for one in answered.left] == [(first[0], True)]
    assert take(last[1], answered.made[0].path)[0].outcome == "taken_in"
    LaptopDesk(district).revoke(feed_of(last[1]))
    with pytest.raises(RuleError, match=r"bundle\.nobody_there"):
        ExchangeDesk(district).answer_all(stick, Progress())


def test_a_school_that_fails_keeps_no_other_from_its_answer(
    site: Site,
    district: Workplace,
    laptop: Workplace,
    stick: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = site.laptop(district, "other", OTHER_SCHOOL)
    for workplace in (laptop, other):
        take(district, hand(workplace, stick).path)

    def gone(workplace: Workplace, school: str) -> int:
        if school == min(SCHOOL, OTHER_SCHOOL):
            raise WorkplaceError("stick.no_space")
        return acknowledge(workplace, school)

    monkeypatch.setattr("desktop_app.sync.answers.acknowledge", gone)
    answered = answer_each(district, sorted((SCHOOL, OTHER_SCHOOL)), stick, Progress())
    assert len(answered.made) == 1
    assert [one.error.code for one in answered.left] == ["stick.no_space"]
    assert not answered.left[0].expected


def test_whoever_stops_it_stops_all_answers(
    district: Workplace, laptop: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(district, hand(laptop, stick).path)
    progress = Progress()

    def stopped(workplace: Workplace, school: str) -> int:
        progress.cancel()
        return acknowledge(workplace, school)

    monkeypatch.setattr("desktop_app.sync.answers.acknowledge", stopped)
    with pytest.raises(CancelledError):
        answer_each(district, [SCHOOL], stick, progress)


def test_a_district_whose_folder_was_copied_packs_nothing_no_school_would_take(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    take(district, hand(laptop, stick).path)
    district.close()
    site.opened.remove(district)
    shutil.copytree(site.folder / "district", site.folder / "copied")
    with pytest.raises(RuleError, match=r"bundle\.unpublished"):
        reply(site.reopen("copied"), stick)


def test_an_answer_says_nothing_twice(district: Workplace, laptop: Workplace, stick: Path) -> None:
    take(district, hand(laptop, stick).path)
    first = reply(district, stick)
    held = len(content(district)[feed_of(district, SCHOOL)])
    second = reply(district, stick)
    assert len(content(district)[feed_of(district, SCHOOL)]) == held + 1  # the export's own act
    assert second.number == first.number + 1


def test_stopping_leaves_nothing(district: Workplace, laptop: Workplace, stick: Path) -> None:
    register_many(laptop, 1500)
    handed = hand(laptop, stick)
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(CancelledError):
        take_in(district, [handed.path], stopped)
    assert feed_of(laptop) not in content(district)
    assert kept(district) == []
    with pytest.raises(CancelledError):
        export(laptop, stick, stopped)
    assert [entry.name for entry in stick.iterdir() if entry.suffix != ".hello"] == [handed.name]
    with laptop.database.read() as connection:
        assert [one.number for one in exchange.carried_bundles(connection)] == [1]


def test_scans_go_along_and_those_missing_are_asked_for(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    applicant = register(laptop)
    pages = [bytes([n]) * 5000 for n in range(3)]
    digests = [laptop.scans.store(page) for page in pages]
    with laptop.journal.begin(laptop.actor(), SCHOOL) as work:
        for n, digest in enumerate(digests):
            values: dict[str, Value] = {
                "applicant": applicant,
                "material": "HKB",
                "page": n + 1,
                "size": 5000,
            }
            work.create("scan", {**values, "digest": digest})
    # One page has rotted on this disk: the rest goes all the same.
    laptop.scans.path(digests[1]).write_bytes(b"rot")
    handed = hand(laptop, stick)
    assert (handed.scans, handed.scans_left) == (2, 1)
    (taken,) = take(district, handed.path)
    assert taken.missing_scans == (digests[1],)
    assert district.scans.read(digests[0]) == pages[0]
    take(laptop, reply(district, stick).path)
    laptop.scans.path(digests[1]).unlink()
    laptop.scans.store(pages[1])
    again = hand(laptop, stick)
    assert again.scans == 1
    assert take(district, again.path)[0].missing_scans == ()
    assert sorted(district.scans.digests()) == sorted(digests)


def test_a_folder_of_bundles_is_taken_in_and_a_bad_one_stops_none(
    site: Site, district: Workplace, laptop: Workplace, stick: Path
) -> None:
    other = site.laptop(district, "other", OTHER_SCHOOL)
    hand(laptop, stick)
    hand(other, stick)
    (stick / "000.enb").write_bytes(b"not a bundle")
    (stick / "letter.txt").write_bytes(b"not looked at")
    results = take(district, stick, stick / "not there.enb")
    assert [one.outcome for one in results] == ["refused", "taken_in", "taken_in", "failed"]
    assert [results[0].reason, results[3].reason] == ["bundle.not_a_bundle", "disk.missing"]
    with district.database.read() as connection:
        feeds = load_feeds(connection)
    assert {feed_of(laptop), feed_of(other)} <= feeds.keys()


def test_who_was_granted_nothing_exports_nothing(
    site: Site, laptop: Workplace, stick: Path
) -> None:
    """As after a recovery by code: the person has new keys, which nobody knows yet."""
    register(laptop)
    laptop.session.add_person("新校长", PASSWORD)
    laptop.close()
    site.opened.remove(laptop)
    ungranted = site.reopen("laptop", "新校长")
    before = content(ungranted)
    with pytest.raises(RuleError) as refused:
        hand(ungranted, stick)
    assert refused.value.code == "bundle.not_granted"
    assert content(ungranted) == before
    assert list(stick.iterdir()) == []
    lead = site.again(ungranted)
    keys = next(one for one in lead.session.people() if one.name == "新校长")
    grant(lead, lead.actor(), keys, [Role.REGISTRAR])
    lead.close()
    site.opened.remove(lead)
    assert hand(site.reopen("laptop", "新校长"), stick).path.exists()
