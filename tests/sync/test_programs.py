"""What each laptop packed with last: noted from its bundles, whatever order they come in."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from desktop_app.domain.version import PROGRAM
from desktop_app.services.workplace import Workplace
from desktop_app.sync import writing
from desktop_app.sync.manifest import Manifest
from desktop_app.sync.programs import OLDER, SILENT, Versions, note_versions, versions
from tests.sync.site import Site, feed_of, hand, register, take

MINE = "zhanhe-1-0ef1315e145a"


@pytest.fixture
def sent(laptop: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Manifest:
    """Give the manifest of a bundle as a laptop really packs one."""
    seen: list[Manifest] = []
    real = writing.Writer._manifest

    def kept(self: writing.Writer, *given: object) -> Manifest:
        seen.append(real(self, *given))  # type: ignore[arg-type]
        return seen[-1]

    monkeypatch.setattr(writing.Writer, "_manifest", kept)
    register(laptop)
    hand(laptop, tmp_path / "out")
    return seen[-1]


def note(
    workplace: Workplace,
    sent: Manifest,
    number: int,
    program: str | UnsetType,
    policy: str | UnsetType = UNSET,
) -> None:
    said = msgspec.structs.replace(sent, number=number, program=program, policy=policy)
    with workplace.database.write() as connection:
        note_versions(connection, said)


# --- what is said of a version --------------------------------------------------------------------


@given(
    st.from_regex(r"[a-z][a-z0-9-]{1,28}[a-z0-9]", fullmatch=True),
    st.integers(0, 9999),
    st.text("0123456789abcdef", min_size=12, max_size=12),
)
def test_the_number_of_a_package_is_read_whatever_it_is_called(
    name: str, number: int, digest: str
) -> None:
    said = Versions("1.0", f"{name}-{number}-{digest}")
    assert said.policy_number == str(number)
    assert not said.other_policy(said.policy)
    assert said.other_policy(f"{name}-{number + 1}-{digest}")
    assert said.other_policy(f"{name}-{number}-{digest[::-1]}x"), "one number, other content"


def test_of_whom_nothing_came_nothing_is_said() -> None:
    assert SILENT.policy_number == ""
    assert not SILENT.other_program
    assert not SILENT.other_policy(MINE)


def test_only_another_program_that_is_known_is_another() -> None:
    assert not Versions(PROGRAM).other_program
    assert Versions(OLDER).other_program, "whoever names none packs with an older one"
    assert Versions(f"{PROGRAM}.1").other_program


# --- what is noted of bundles ---------------------------------------------------------------------


def test_whatever_order_bundles_come_in_the_last_packed_one_counts(
    district: Workplace, sent: Manifest
) -> None:
    bundles = [(5, "1.0", "zhanhe-1-aa"), (6, "1.1", "zhanhe-2-bb"), (9, "1.2", "zhanhe-3-cc")]
    feeds = iter(f"{sent.carrier.feed[:-1]}{letter}" for letter in "abcdefg")
    for order in permutations(bundles):
        carrier = msgspec.structs.replace(sent.carrier, feed=next(feeds))
        of_feed = msgspec.structs.replace(sent, carrier=carrier)
        for number, program, policy in order:
            note(district, of_feed, number, program, policy)
        assert versions(district)[carrier.feed] == Versions("1.2", "zhanhe-3-cc")


def test_a_bundle_that_comes_twice_says_the_same_twice(district: Workplace, sent: Manifest) -> None:
    for _ in range(2):
        note(district, sent, 4, "1.1", MINE)
    assert versions(district) == {sent.carrier.feed: Versions("1.1", MINE)}


def test_numbers_are_compared_as_numbers_and_not_as_words(
    district: Workplace, sent: Manifest
) -> None:
    note(district, sent, 9, "1.0", MINE)
    note(district, sent, 10, "1.1", MINE)
    assert versions(district)[sent.carrier.feed].program == "1.1"
    note(district, sent, 9, "1.0", MINE)
    assert versions(district)[sent.carrier.feed].program == "1.1"


def test_a_laptop_set_back_to_an_older_program_is_seen_as_it_packs_now(
    district: Workplace, sent: Manifest
) -> None:
    note(district, sent, 4, "1.1", MINE)
    note(district, sent, 5, UNSET, UNSET)
    found = versions(district)[sent.carrier.feed]
    assert found == Versions(OLDER, "")
    assert found.other_program
    assert not found.other_policy(MINE), "what it does not say is no other package"


def test_each_laptop_is_noted_for_itself(district: Workplace, sent: Manifest) -> None:
    feed = sent.carrier.feed
    other = f"{feed[:-1]}x"
    note(district, sent, 7, "1.1", MINE)
    carrier = msgspec.structs.replace(sent.carrier, feed=other)
    note(district, msgspec.structs.replace(sent, carrier=carrier), 2, "1.0", "zhanhe-2-cc")
    assert versions(district) == {
        feed: Versions("1.1", MINE),
        other: Versions("1.0", "zhanhe-2-cc"),
    }


def test_a_real_bundle_says_program_and_package_and_both_stay_over_the_night(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    register(laptop)
    assert versions(district) == {}
    take(district, hand(laptop, tmp_path / "out").path)
    wanted = {feed_of(laptop): Versions(PROGRAM, laptop.policy.version)}
    assert versions(district) == wanted
    assert versions(site.again(district)) == wanted
    (known,) = wanted.values()
    assert not known.other_program
    assert not known.other_policy(laptop.policy.version)
    assert known.policy_number == laptop.policy.number
