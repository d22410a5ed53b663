"""The evening and the morning after: a sealed bundle goes to the district, its answer comes back."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import WorkplaceError
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.day import DayDesk
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.lists import ListDesk
from desktop_app.services.progress import Progress
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import DistrictDesk, ReviewDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.answers import answer
from desktop_app.sync.inspect import inspect
from desktop_app.sync.joining import use_ticket
from desktop_app.sync.outbox import export
from tests.services.kit import form, let_in, log_in, number
from tests.sync.site import (
    OTHER_SCHOOL,
    PASSWORD,
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    kept,
    reply,
    row_of,
    take,
)
from tests.sync.stages import Stage, record_stages

REVIEWER = "周敏"
CHILDREN = 6


@pytest.fixture
def day(site: Site, laptop: Workplace) -> tuple[Workplace, list[str]]:
    """Register, review and close a day; give the workplace and the records."""
    let_in(laptop, REVIEWER, Role.REVIEWER)
    desk = RegistrationDesk(laptop)
    records = [
        desk.register(
            form(
                full_name=f"罗{'一二三四五六'[at]}桐",
                id_number=number(f"201804{at + 10}", 200 + 36 * at),
                guardian_id_number=number("19890522", 300 + 2 * at),
                guardian_phone=f"1380000{at}{at}{at}{at}",
            )
        ).record
        for at in range(CHILDREN)
    ]
    reviewer = log_in(site, laptop, REVIEWER)
    assert ReviewDesk(reviewer).approve(records[:-1]) == CHILDREN - 1
    lead = log_in(site, reviewer, "赵志强")
    DayDesk(lead).close("一件明早审")
    return lead, records


def test_scenario_20_the_bundle_says_outside_how_much_and_inside_who_wrote_what(
    day: tuple[Workplace, list[str]], district: Workplace, stick: Path
) -> None:
    school, _ = day
    handed = hand(school, stick)
    assert handed.registered == CHILDREN
    assert handed.operations == school.own_feed().sequence
    seen = inspect(handed.path, district)
    assert (seen.scope, seen.number, seen.carrier) == (SCHOOL, 1, feed_of(school))
    assert seen.carrier_proved
    assert seen.operations == handed.operations
    assert seen.feeds is not None
    (feed,) = [one for one in seen.feeds if one.feed == feed_of(school)]
    assert (feed.after, feed.to, feed.proved) == (0, handed.operations, True)
    assert hashlib.sha256(handed.path.read_bytes()).hexdigest() == handed.digest


def test_scenario_20_only_the_recipients_named_open_it(
    day: tuple[Workplace, list[str]], site: Site, district: Workplace, stick: Path
) -> None:
    school, _ = day
    handed = hand(school, stick)
    stranger = site.laptop(district, "stranger", OTHER_SCHOOL)
    assert inspect(handed.path).feeds is None
    shut = inspect(handed.path, stranger)
    assert (shut.feeds, shut.sealed) == (None, "bundle.wrong_recipient")
    assert inspect(handed.path, school).feeds is not None
    assert inspect(handed.path, district).feeds is not None
    for name in (form()["guardian_name"], "罗一桐", number("20180410", 200)):
        assert name.encode() not in handed.path.read_bytes()


def test_scenario_20_the_next_bundle_has_the_next_number_and_goes_on_from_the_first(
    day: tuple[Workplace, list[str]], district: Workplace, stick: Path
) -> None:
    school, _ = day
    first = hand(school, stick)
    take(district, first.path)
    take(school, reply(district, stick).path)
    RegistrationDesk(school).register(form(id_number=number(order=888)))
    second = hand(school, stick)
    seen = inspect(second.path, district)
    assert seen.feeds is not None
    (feed,) = [one for one in seen.feeds if one.feed == feed_of(school)]
    assert second.number == first.number + 1
    assert feed.after == first.operations
    (taken,) = take(district, second.path)
    assert (taken.outcome, taken.fresh) == ("taken_in", second.operations)
    assert content(district)[feed_of(school)] == content(school)[feed_of(school)]


def test_scenario_20_a_stick_pulled_while_reading_back_carries_nothing(
    day: tuple[Workplace, list[str]], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school, records = day
    stick.mkdir()
    before = record_stages(school)

    def pulled(*_: object, **__: object) -> None:
        raise WorkplaceError("disk.gone")

    with monkeypatch.context() as patch:
        patch.setattr("desktop_app.sync.writing.write_verified", pulled)
        with pytest.raises(WorkplaceError):
            export(school, stick, Progress())
    assert list(stick.glob("*.enb")) == []
    assert record_stages(school) == before
    export(school, stick, Progress())
    assert {record_stages(school)[one] for one in records} == {Stage.CARRIED}


def test_scenario_23_every_answer_stands_on_its_record_with_its_reason(
    day: tuple[Workplace, list[str]], district: Workplace, stick: Path
) -> None:
    school, records = day
    take(district, hand(school, stick).path)
    desk = DistrictDesk(district)
    desk.decide(SCHOOL, records[:3], "admitted")
    desk.decide(SCHOOL, records[3:4], "queried", "ADDRESS_DIFFERS")
    desk.decide(SCHOOL, records[4:5], "district_passed")
    (back,) = take(school, reply(district, stick).path)
    assert back.outcome == "taken_in"
    told = [row_of(school, "applicant", one).get("district_status") for one in records]
    assert told == ["admitted"] * 3 + ["queried", "district_passed", None]
    asked = row_of(school, "applicant", records[3])
    assert asked["district_reason"] == "ADDRESS_DIFFERS"
    lines = {line.record: line.answer for line in ListDesk(school).page("all").lines}
    assert lines[records[0]] == lines[records[2]] != lines[records[3]] != ""
    assert lines[records[5]] == ""
    assert "decided" in [event.act for event in CaseDesk(school).open(records[0]).events]
    stages = record_stages(school)
    assert [stages[one] for one in records] == [Stage.DECIDED] * 5 + [Stage.RECEIVED]


def test_scenario_23_an_answer_says_how_far_the_district_has_received(
    day: tuple[Workplace, list[str]], district: Workplace, stick: Path
) -> None:
    school, records = day
    handed = hand(school, stick)
    assert {record_stages(school)[one] for one in records} == {Stage.CARRIED}
    take(district, handed.path)
    assert {record_stages(school)[one] for one in records} == {Stage.CARRIED}
    take(school, reply(district, stick).path)
    assert {record_stages(school)[one] for one in records} == {Stage.RECEIVED}
    late = RegistrationDesk(school).register(form(id_number=number(order=888)))
    assert record_stages(school)[late.record] < Stage.CARRIED


def test_scenario_23_a_stranger_s_answer_is_refused_and_changes_nothing(
    day: tuple[Workplace, list[str]], site: Site, district: Workplace, tmp_path: Path
) -> None:
    school, records = day
    handed = hand(school, tmp_path / "stick")
    take(district, handed.path)
    # Somebody else's district, with a root of its own, names the same school and the same people.
    false = site.set_up("false", "district", "410411")
    DistrictOffice(false).found(site.folder / "false root", PASSWORD)
    bait = site.set_up("bait", "school", SCHOOL)
    ticket = DistrictOffice(false).issue(SCHOOL, "9", 1, 100)
    use_ticket(bait, ticket.file, ticket.code, DistrictOffice(false).fingerprint())
    take(false, hand(bait, tmp_path / "bait").path)
    forged = answer(false, SCHOOL, tmp_path / "bait", Progress())
    before, state = content(school), record_stages(school)
    (refused,) = take(school, forged.path)
    assert refused.outcome in {"refused", "waiting"}
    assert refused.error is not None
    assert content(school) == before
    assert record_stages(school) == state
    assert all(row_of(school, "applicant", one)["district_status"] is None for one in records)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9, 0.999])
def test_scenario_23_an_answer_altered_on_the_way_is_refused(
    day: tuple[Workplace, list[str]], district: Workplace, stick: Path, at: float
) -> None:
    school, records = day
    take(district, hand(school, stick).path)
    DistrictDesk(district).decide(SCHOOL, records, "admitted")
    path = reply(district, stick).path
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= 0x20
    path.write_bytes(data)
    (refused,) = take(school, path)
    assert refused.outcome == "refused"
    assert refused.reason
    assert row_of(school, "applicant", records[0])["district_status"] is None


def test_the_same_stick_read_twice_changes_nothing_more(
    day: tuple[Workplace, list[str]], district: Workplace, stick: Path, tmp_path: Path
) -> None:
    school, records = day
    handed = hand(school, stick)
    renamed = tmp_path / "副本 of the bundle.enb"
    shutil.copyfile(handed.path, renamed)
    take(district, handed.path)
    before = content(district)
    (again,) = take(district, renamed)
    assert (again.outcome, again.fresh) == ("taken_in", 0)
    assert content(district) == before
    assert kept(district) == []
    assert len(records) == CHILDREN
