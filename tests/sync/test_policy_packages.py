"""Policy packages go where the district's answers go, and nobody is left with half a package."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.load import digest_of, read_files
from desktop_app.policy.parcel import pack
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import policy_news
from desktop_app.services.policy_desk import PolicyDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows
from desktop_app.sync import writing
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.sync.manifest import Manifest
from desktop_app.sync.siteboard import site_board
from tests.services.kit import number, registered
from tests.services.packages import make_package, preschool
from tests.sync.site import (
    PASSWORD,
    Site,
    exchange_all,
    feed_of,
    hand,
    register,
    reply,
    row_of,
    take,
)


def publish(district: Workplace, folder: Path) -> str:
    desk = PolicyDesk(district)
    return desk.publish(desk.examine(folder))


def publish_unchecked(district: Workplace, folder: Path, numbered: int) -> str:
    """Publish as a program without our checks would, with an officer's good signature."""
    files = read_files(folder)
    values: dict[str, Value] = {
        "number": numbered,
        "title": "示例",
        "digest": digest_of(files),
        "package": pack(files),
    }
    with district.journal.begin(district.actor(), district.seat.scope) as work:
        return work.create("policy_package", values, signed=True)


def test_a_package_comes_with_the_answer_and_is_used_from_the_next_opening(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    early = register(laptop)
    publish(district, make_package(tmp_path, 2, lock_minutes=9))
    exchange_all(district, [laptop], tmp_path / "round", rounds=1)
    assert laptop.policy.number == "1"
    assert policy_news(laptop).waiting == "2"
    laptop = site.again(laptop)
    assert (laptop.policy.number, laptop.policy.lock_minutes) == ("2", 9)
    assert row_of(laptop, "applicant", early)


def test_a_laptop_hands_the_package_on_to_its_siblings(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    sibling = site.laptop(district, "sibling")
    exchange_all(district, [laptop, sibling], tmp_path / "before", rounds=1)
    publish(district, make_package(tmp_path, 2))
    take(laptop, reply(district, tmp_path / "answer").path)
    take(sibling, hand(laptop, tmp_path / "sideways").path)
    assert site.again(sibling).policy.number == "2"


def test_taking_back_arrives_the_same_way(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    record = publish(district, make_package(tmp_path, 2))
    exchange_all(district, [laptop], tmp_path / "there", rounds=1)
    laptop = site.again(laptop)
    assert laptop.policy.number == "2"
    PolicyDesk(district).withdraw(record)
    take(laptop, reply(district, tmp_path / "back").path)
    assert site.again(laptop).policy.number == "1"


def test_a_laptop_refuses_a_forbidden_paper_even_from_the_district_and_says_so(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    publish(district, make_package(tmp_path, 2))
    publish_unchecked(district, preschool(tmp_path, 3), 3)
    exchange_all(district, [laptop], tmp_path / "round", rounds=1)
    laptop = site.again(laptop)
    assert laptop.policy.number == "2", "the one before stays"
    (known,) = policy_news(laptop).refused
    assert (known.number, known.error.details["rule"]) == (3, "FB01")
    assert site.again(district).policy.number == "2", "the district's own computer uses it neither"


def test_a_refusal_is_written_down_once_and_reaches_the_district(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    publish_unchecked(district, preschool(tmp_path, 2), 2)
    exchange_all(district, [laptop], tmp_path / "round", rounds=3)
    with district.database.read() as connection:
        kind = RECORD_TYPES["policy_refusal"]
        (row,) = read_rows(connection, kind, laptop.seat.scope, {})
    told = (row.values["number"], row.text("rule"), row.text("place"), row.created_in)
    assert told == (2, "FB01", "materials.toml:PRE", feed_of(laptop))


def test_nobody_but_an_officer_publishes_whatever_their_program_writes(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """A school writes the kind into its own feed, which the fold does not read as the district's."""
    publish_unchecked(laptop, make_package(tmp_path, 2), 2)
    exchange_all(district, [laptop], tmp_path / "round", rounds=1)
    assert site.again(laptop).policy.number == "1"
    assert site.again(district).policy.number == "1"


def test_two_officers_who_publish_one_number_apart_agree_everywhere(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    publish_unchecked(district, make_package(tmp_path / "one", 2, lock_minutes=7), 2)
    publish_unchecked(district, make_package(tmp_path / "other", 2, lock_minutes=8), 2)
    exchange_all(district, [laptop], tmp_path / "round", rounds=1)
    assert site.again(laptop).policy.version == site.again(district).policy.version


def test_laptops_with_another_package_are_seen_on_both_boards(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    sibling = site.laptop(district, "sibling")
    exchange_all(district, [laptop, sibling], tmp_path / "before", rounds=1)
    publish(district, make_package(tmp_path, 2))
    take(laptop, reply(district, tmp_path / "answer").path)
    laptop, district = site.again(laptop), site.again(district)
    late = hand(sibling, tmp_path / "late").path
    take(laptop, late)
    take(district, late)

    feed = feed_of(sibling)

    def seen() -> tuple[bool, str, str]:
        line = next(one for one in site_board(laptop).lines if one.feed == feed)
        known = next(one for one in LaptopDesk(district).lines() if one.feed == feed)
        return line.is_other_policy, line.packed_with.policy_number, known.packed_with.policy_number

    assert seen() == (True, "1", "1")
    take(sibling, reply(district, tmp_path / "again").path)
    sibling = site.again(sibling)
    new = hand(sibling, tmp_path / "new").path
    take(laptop, new)
    take(district, new)
    assert seen() == (False, "2", "2")


@pytest.mark.parametrize("said", ["zhanhe 1", "zhanhe-1", "<b>", "zhanhe-1-" + "g" * 12])
def test_a_manifest_with_no_such_version_is_malformed(
    district: Workplace,
    laptop: Workplace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
) -> None:
    register(laptop)
    real = writing.Writer._manifest

    def other(self: writing.Writer, *given: object) -> Manifest:
        return msgspec.structs.replace(real(self, *given), policy=said)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(writing.Writer, "_manifest", other)
        made = hand(laptop, tmp_path / "out").path
    (taken,) = take(district, made)
    assert taken.reason == "bundle.malformed"


def test_every_judged_record_keeps_the_package_it_was_judged_by(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    first, version = registered(laptop), laptop.policy.version
    publish(district, make_package(tmp_path, 2))
    exchange_all(district, [laptop], tmp_path / "round", rounds=1)
    laptop = site.again(laptop)
    second = registered(laptop, full_name="单子墨", id_number=number(order=266))
    assert row_of(laptop, "applicant", first)["policy_version"] == version
    assert row_of(laptop, "applicant", second)["policy_version"] == laptop.policy.version != version


def test_only_an_officer_gives_the_districts_answer(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    register(laptop)
    take(district, hand(laptop, tmp_path / "in").path)
    PeopleDesk(district).add("钱督导", PASSWORD, {Role.AUDITOR})
    district.close()
    site.opened.remove(district)
    auditor = site.reopen("district", "钱督导")
    with pytest.raises(RuleError) as caught:
        reply(auditor, tmp_path / "out")
    assert caught.value.code == "decision.not_officer"
