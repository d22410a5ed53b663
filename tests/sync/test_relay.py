"""A central school takes along its villages' bundles and brings their answers, opening nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop_app.domain.errors import CancelledError, WorkplaceError
from desktop_app.messages.catalogue import shipped
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.sync import outbox, relay
from desktop_app.sync.desk import ExchangeDesk
from tests.sync.site import (
    OTHER_SCHOOL,
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    kept,
    register,
    register_pages,
    reply,
    row_of,
    take,
)


@pytest.fixture
def village(site: Site, district: Workplace) -> Workplace:
    return site.laptop(district, "village", OTHER_SCHOOL)


def names(workplace: Workplace) -> list[str]:
    return [one.path.name for one in relay.listed(workplace)]


def files(stick: Path) -> set[str]:
    return {path.name for path in stick.glob("*.enb")}


def test_a_village_hands_in_and_is_answered_by_way_of_the_central_school(
    district: Workplace, laptop: Workplace, village: Workplace, tmp_path: Path
) -> None:
    child = register(village, "李梓涵")
    register(laptop)
    handed = hand(village, tmp_path / "from the village")
    (passed,) = take(laptop, tmp_path / "from the village")
    assert (passed.outcome, passed.scope, passed.sender) == (
        "relayed",
        OTHER_SCHOOL,
        feed_of(village),
    )
    assert kept(laptop) == []
    assert names(laptop) == [handed.name]
    assert relay.listed(laptop)[0].path.read_bytes() == handed.path.read_bytes()
    # Nothing of it is opened or known here.
    assert feed_of(village) not in content(laptop)
    assert row_of(laptop, "applicant", child, OTHER_SCHOOL) == {}
    made = hand(laptop, tmp_path / "to the district")
    assert made.relayed == 1
    assert files(tmp_path / "to the district") == {made.name, handed.name}
    taken = take(district, tmp_path / "to the district")
    assert {one.outcome for one in taken} == {"taken_in"}
    assert row_of(district, "applicant", child, OTHER_SCHOOL)["full_name"] == "李梓涵"
    # Back: both answers on the stick where the village's own file still lies.
    answered = reply(district, tmp_path / "to the district", OTHER_SCHOOL)
    reply(district, tmp_path / "to the district")
    outcomes = {one.name: one.outcome for one in take(laptop, tmp_path / "to the district")}
    assert outcomes[answered.name] == "relayed"
    assert names(laptop) == [answered.name]
    hand(laptop, tmp_path / "to the village")
    assert answered.name in files(tmp_path / "to the village")
    results = {one.name: one for one in take(village, tmp_path / "to the village")}
    assert results[answered.name].outcome == "taken_in"
    acknowledged = row_of(village, "acknowledgement", feed_of(village), OTHER_SCHOOL)
    assert acknowledged["sequence"] == handed.operations


def test_the_board_names_the_school_it_is_carried_for(
    laptop: Workplace, village: Workplace, stick: Path
) -> None:
    hand(village, stick)
    take(laptop, stick)
    (note,) = ExchangeDesk(laptop).board().bundles
    assert (note.outgoing, note.partner, note.state) == (False, OTHER_SCHOOL, "relayed")


def test_only_what_is_proved_outside_is_carried_on(
    site: Site, laptop: Workplace, village: Workplace, stick: Path, tmp_path: Path
) -> None:
    handed = hand(village, stick)
    data = bytearray(handed.path.read_bytes())
    data[-2000] ^= 1
    (stick / "changed.enb").write_bytes(data)
    assert take(laptop, stick / "changed.enb")[0].reason == "bundle.altered"
    away = Site(tmp_path / "away", site.policy)
    away.folder.mkdir()
    try:
        stranger = away.laptop(away.found(), "stranger", OTHER_SCHOOL)
        (refused,) = take(laptop, hand(stranger, tmp_path / "other").path)
    finally:
        away.close()
    assert refused.outcome == "refused"
    # Who has not joined knows no district that could speak for anybody.
    alone = site.set_up("alone", "school", SCHOOL)
    assert take(alone, handed.path)[0].reason == "bundle.other_school"
    assert relay.listed(laptop) == relay.listed(alone) == ()


def test_volumes_keep_their_places_and_a_strange_name_says_nothing(
    laptop: Workplace, village: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.sync.writing.LARGEST_VOLUME", 40_000)
    register_pages(village, [bytes([n]) * 5000 for n in range(3)])
    made = hand(village, stick)
    assert made.volumes
    shutil.copy(made.path, stick / "../evil name.enb")
    take(laptop, stick, stick / "../evil name.enb")
    assert set(names(laptop)) == {made.name, *(volume.name for volume in made.volumes)}


def test_what_is_kept_for_others_has_an_end(
    laptop: Workplace, village: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hand(village, stick)
    take(laptop, first.path)
    monkeypatch.setattr(relay, "LARGEST", first.size + 10)
    (full,) = take(laptop, hand(village, stick).path)
    assert (full.outcome, full.reason) == ("failed", "relay.full")
    assert "relay.full" in shipped()
    assert names(laptop) == [first.name]
    assert relay.drop(laptop, SCHOOL) == 0
    assert relay.drop(laptop) == 1
    assert relay.listed(laptop) == ()


def test_an_older_answer_does_not_take_the_place_of_a_later(
    district: Workplace, laptop: Workplace, village: Workplace, stick: Path
) -> None:
    take(district, hand(village, stick).path)
    older, later = (reply(district, stick, OTHER_SCHOOL) for _ in range(2))
    for path in (later.path, older.path):
        assert take(laptop, path)[0].outcome == "relayed"
    assert names(laptop) == [later.name]
    assert kept(laptop) == []


def test_a_stick_that_refuses_others_files_has_its_own_bundle_all_the_same(
    laptop: Workplace, village: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(laptop, hand(village, tmp_path / "one").path)

    def refuse(error: Exception) -> None:
        def refused(*_: object) -> None:
            raise error

        monkeypatch.setattr(relay, "write_verified", refused)

    refuse(WorkplaceError("disk.full"))
    assert hand(laptop, tmp_path / "two").relayed == 0
    refuse(CancelledError())
    made = hand(laptop, tmp_path / "three")
    assert (made.relayed, made.path.exists()) == (0, True)
    monkeypatch.undo()
    assert hand(laptop, tmp_path / "three").relayed == 1
    # What lies there already is not written again; what only has its name is.
    place = tmp_path / "three" / names(laptop)[0]
    before = place.stat().st_mtime_ns
    assert relay.put_on(laptop, tmp_path / "three", Progress()) == 1
    assert place.stat().st_mtime_ns == before
    place.write_bytes(bytes(place.stat().st_size))
    assert relay.put_on(laptop, tmp_path / "three", Progress()) == 1
    assert place.read_bytes() == relay.listed(laptop)[0].path.read_bytes()
    assert outbox.WORK != relay.RELAY


def test_nothing_is_carried_on_for_whoever_shows_anothers_identity(
    site: Site, district: Workplace, laptop: Workplace, village: Workplace, stick: Path
) -> None:
    stolen = village.own_feed().identity
    assert stolen is not None
    thief = site.laptop(district, "thief", OTHER_SCHOOL)
    with thief.journal.begin() as work:
        work.prove_feed(thief.own_feed().facts, stolen)
    (taken,) = take(laptop, hand(thief, stick).path)
    assert (taken.outcome, taken.reason) == ("refused", "bundle.other_school")
    assert names(laptop) == []
