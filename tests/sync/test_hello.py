"""Hellos: laptops of a school that never met a network learn to seal to each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.errors import UntrustedError
from desktop_app.services.workplace import Workplace
from desktop_app.storage.digest import state_digest
from desktop_app.sync import hello
from desktop_app.sync.bundle import read_outer
from desktop_app.sync.hello import read_hello, write_hello
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site, feed_of, hand, register, reply, row_of, take


def state(workplace: Workplace) -> str:
    with workplace.database.read() as connection:
        return state_digest(connection, SCHOOL)


def round_of(stick: Path, *laptops: Workplace) -> None:
    """Take one stick round: each takes in what lies there, and hands over what it has."""
    for laptop in laptops:
        take(laptop, stick)
        hand(laptop, stick)


@pytest.fixture
def laptops(site: Site, district: Workplace) -> tuple[Workplace, ...]:
    return tuple(site.laptop(district, f"laptop {n}") for n in range(3))


def test_two_rounds_of_one_stick_after_the_hellos_make_equal_lists(
    laptops: tuple[Workplace, ...], stick: Path
) -> None:
    stick.mkdir()
    for laptop in laptops:
        assert take(laptop, stick) == []
    names = {f"{SCHOOL}-{feed_of(laptop)[:8]}.hello" for laptop in laptops}
    assert {path.name for path in stick.iterdir()} == names
    children = [
        register(one, f"王{n}", id_number="") for one, n in zip(laptops, "一二三", strict=True)
    ]
    round_of(stick, *laptops)
    round_of(stick, *laptops)
    for laptop in laptops:
        assert [row_of(laptop, "applicant", child) != {} for child in children] == [True] * 3
    for laptop in laptops:  # the acts of the last round itself are all that may differ
        take(laptop, stick)
    round_of(stick, *laptops)
    for laptop in laptops:
        take(laptop, stick)
    assert len({state(laptop) for laptop in laptops}) == 1


def test_without_a_hello_nobody_seals_to_a_laptop_they_never_heard_of(
    laptops: tuple[Workplace, ...], stick: Path
) -> None:
    first, second, _ = laptops
    path = hand(first, stick).path
    (taken,) = take(second, path)
    assert taken.reason == "bundle.wrong_recipient"


def test_a_hello_says_how_far_its_laptop_holds_so_that_less_need_travel(
    district: Workplace, laptops: tuple[Workplace, ...], stick: Path, tmp_path: Path
) -> None:
    first, second, _ = laptops
    register(first)
    stick.mkdir()
    round_of(stick, first, second, first)
    take(district, stick)
    back = tmp_path / "back"
    reply(district, back)
    take(first, back)
    without = hand(first, tmp_path / "another").operations
    take(second, back)  # and leaves a hello that says so
    with_it = hand(first, back)
    assert with_it.operations < without
    (taken, *_) = take(second, with_it.path)
    assert (taken.outcome, taken.gaps) == ("taken_in", {})


def test_a_laptop_nobody_certified_waits_and_is_not_sealed_to(
    site: Site, laptops: tuple[Workplace, ...], stick: Path
) -> None:
    stranger = site.set_up("stranger", "school", SCHOOL)
    stick.mkdir()
    assert hello.leave(stranger, stick, SCHOOL)
    met = hello.meet(laptops[0], stick)
    assert [one.feed for one in met.waiting] == [feed_of(stranger)]
    assert met.siblings == ()
    made = hand(laptops[0], stick)
    with made.path.open("rb") as file:
        manifest = read_outer(file).manifest
    assert stranger.session.seal.recipient not in manifest.recipients
    assert laptops[0].session.seal.recipient in manifest.recipients


def test_another_schools_laptop_is_not_a_sibling(
    site: Site, district: Workplace, laptops: tuple[Workplace, ...], stick: Path
) -> None:
    other = site.laptop(district, "other", OTHER_SCHOOL)
    stick.mkdir()
    hello.leave(other, stick, OTHER_SCHOOL)
    assert hello.meet(laptops[0], stick) == hello.Met()
    assert [one.scope for one in hello.meet(district, stick).siblings] == [OTHER_SCHOOL]


@pytest.mark.parametrize("part", ["scope", "recipient", "identity", "signature", "reaches"])
def test_an_altered_hello_is_refused(laptop: Workplace, stick: Path, part: str) -> None:
    data = write_hello(laptop, SCHOOL)
    assert read_hello(data).feed == feed_of(laptop)
    text = data.decode()
    altered = {
        "scope": text.replace(f'"scope":"{SCHOOL}"', f'"scope":"{OTHER_SCHOOL}"', 1),
        "recipient": text.replace('"seal":"age1', '"seal":"age2', 1),
        "identity": text.replace('"identity":"', '"identity":" ', 1),
        "signature": text[:-60] + "A" + text[-59:],
        "reaches": text.replace('"reaches":"', '"reaches":"x:1 ', 1),
    }[part]
    assert altered != text
    with pytest.raises(UntrustedError) as refused:
        read_hello(altered.encode())
    assert refused.value.code.startswith("hello.")


def test_one_laptop_cannot_speak_for_another(laptops: tuple[Workplace, ...], stick: Path) -> None:
    """The ticket of one, shown by the key of another, proves nothing."""
    first, second, third = laptops
    stolen = first.own_feed().identity
    assert stolen is not None
    own = second.own_feed()
    with second.journal.begin() as work:
        work.prove_feed(own.facts, stolen)
    stick.mkdir()
    hello.leave(second, stick, SCHOOL)
    met = hello.meet(third, stick)
    assert (met.siblings, met.waiting, met.refused) == ((), (), 1)


def test_an_old_hello_that_turns_up_again_says_nothing_new(
    laptops: tuple[Workplace, ...], stick: Path
) -> None:
    first, second, _ = laptops
    stick.mkdir()
    hello.leave(first, stick, SCHOOL)
    (old,) = hello.meet(second, stick).siblings
    before = next(stick.iterdir()).read_bytes()
    register(first)
    hello.leave(first, stick, SCHOOL)
    (new,) = hello.meet(second, stick).siblings
    assert new.reaches != old.reaches
    (path,) = stick.iterdir()
    path.write_bytes(before)
    assert hello.meet(second, stick).siblings == (old,)
    assert hello.known(second, SCHOOL) == [new]


def test_a_stick_that_takes_no_hello_costs_nobody_their_bundle(
    laptop: Workplace, tmp_path: Path
) -> None:
    assert not hello.leave(laptop, tmp_path / "not there", SCHOOL)
