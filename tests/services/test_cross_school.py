"""Children at two schools: found across schools, decided, and never named to the other school."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from desktop_app.domain.errors import ProductError, RuleError, StaleError
from desktop_app.security import kdf
from desktop_app.services.cross_school import (
    DIFFERENT,
    OPEN,
    SAME,
    CrossSchoolDesk,
)
from desktop_app.services.merging import MergeDesk
from desktop_app.services.review import DistrictDesk
from desktop_app.services.workplace import Workplace
from tests.sync.site import (
    OTHER_SCHOOL,
    SCHOOL,
    Site,
    content,
    hand,
    register,
    reply,
    row_of,
    shipped_policy,
    take,
)

HERE, THERE = "419999201803142640", "419999201803142667"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kdf, "STANDARD", kdf.Cost(memory=8, passes=1, lanes=1))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path / "site", shipped_policy())
    made.folder.mkdir()
    yield made
    made.close()


class Two:
    """A district and two schools, with a stick that goes round."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.stick = folder / "stick"
        self.district = site.found()
        self.one = site.laptop(self.district, "one", SCHOOL)
        self.other = site.laptop(self.district, "other", OTHER_SCHOOL)
        self.desk = CrossSchoolDesk(self.district)

    def send(self, *laptops: Workplace) -> None:
        """Let the district take in what schools hand over."""
        for laptop in laptops or (self.one, self.other):
            take(self.district, hand(laptop, self.stick).path)

    def reply(self, laptop: Workplace) -> None:
        """Let a school take in the district's answer."""
        take(laptop, reply(self.district, self.stick, laptop.seat.scope).path)

    def status(self, scope: str, record: str) -> str:
        return str(row_of(self.district, "applicant", record, scope)["district_status"] or "")


@pytest.fixture
def two(site: Site, tmp_path: Path) -> Two:
    return Two(site, tmp_path)


def pair_up(two: Two, **more: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Register one child at both schools, and let the district have them."""
    left = register(two.one, receipt_number="ZHW-1")
    right = register(two.other, receipt_number="QGL-1", **more)
    two.send()
    return (SCHOOL, left), (OTHER_SCHOOL, right)


def test_one_number_at_two_schools_is_found_with_its_reasons(two: Two) -> None:
    left, right = pair_up(two)
    (found,) = two.desk.crossings()
    assert found.pair == (left, right)
    assert found.found.rules == ("D2",)
    assert (found.found.score, found.is_open) == (100, True)
    number = next(line for line in found.fields if line.label == "证件号")
    assert (number.left, number.same) == ("419999********2640", True)


def test_a_number_that_lost_a_conflict_is_found_too(two: Two) -> None:
    left, right = pair_up(two, id_number=THERE, full_name="单子涵", birth_date="2018-03-15")
    assert two.desk.crossings() == ()
    # Two laptops of the other school changed the number apart; whichever does not show counts.
    with two.district.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO projected_head (scope, kind, record, field, reference, value, person, feed,"
            " at, conflict) VALUES (?, 'applicant', ?, 'id_number', 'r', ?, 'p', 'f', 1, 1)",
            (*right, HERE),
        )
        connection.exec_driver_sql(
            "UPDATE projected_applicant SET state = 1 WHERE record = ?", (right[1],)
        )
    assert [one.pair for one in two.desk.crossings()] == [(left, right)]


def test_a_record_its_school_has_put_into_its_twin_is_left_out(two: Two) -> None:
    left, right = pair_up(two)
    twin = register(two.other, receipt_number="QGL-2")
    two.send()
    assert len(two.desk.crossings()) == 2
    MergeDesk(two.other).merge(twin, right[1])
    two.send()
    assert [one.pair for one in two.desk.crossings()] == [(left, right)]


@pytest.mark.parametrize(
    ("more", "rules", "score"),
    [
        ({"id_number": THERE}, ("D7",), 10),
        ({"id_number": THERE, "birth_date": "2018-03-15"}, (), None),
        ({"id_type": "Z", "id_number": ""}, ("D3",), 40),
        ({"full_name": "善梓晗", "sex": "1"}, ("D2",), 85),
    ],
)
def test_the_score_follows_what_is_equal(
    two: Two, more: dict[str, str], rules: tuple[str, ...], score: int | None
) -> None:
    pair_up(two, **more)
    found = two.desk.crossings()
    if score is None:
        assert found == ()
    else:
        assert [(one.found.rules, one.found.score) for one in found] == [(rules, score)]


def test_same_voids_one_side_and_each_school_hears_of_its_own_child_alone(two: Two) -> None:
    left, right = pair_up(two, full_name="善梓晗", current_address="轻工路 9 号")
    two.desk.decide((left, right), SAME, keeps=left, reason="family")
    (now,) = two.desk.crossings()
    assert (now.decision, now.keeps, now.reason, now.is_open) == (SAME, left, "family", False)
    assert (two.status(*left), two.status(*right)) == ("", "duplicate_void")
    two.reply(two.one)
    two.reply(two.other)
    gone = row_of(two.other, "applicant", right[1], OTHER_SCHOOL)
    assert gone["district_status"] == "duplicate_void"
    assert gone["district_reason"] == "跨校重复：家长选定"
    assert row_of(two.one, "applicant", left[1])["district_status"] is None
    for laptop, foreign, names in (
        (two.one, right, ("善梓晗", "轻工路", "QGL-1", OTHER_SCHOOL)),
        (two.other, left, ("单梓涵", "ZHW-1", SCHOOL)),
    ):
        held = b"\n".join(line for lines in content(laptop).values() for line in lines).decode()
        # Both guardians are called the same here, so that a name alone proves nothing.
        for word in (foreign[1], *names):
            assert word not in held
        kept = content(laptop)
        assert any("cross_duplicate" in line.decode() for lines in kept.values() for line in lines)


HOUR = 3_600_000
NOON = 1_724_300_000_000
"""A time on 2024-08-22, in milliseconds."""


def note_times(two: Two, *places: tuple[tuple[str, str], int]) -> None:
    """Let registrations have been written down at these times, as their laptops' clocks said."""
    with two.district.database.write() as connection:
        for (scope, record), at in places:
            connection.exec_driver_sql(
                "UPDATE projected_applicant SET created_at = ? WHERE scope = ? AND record = ?",
                (at, scope, record),
            )


def test_who_was_later_is_not_kept_as_the_first(two: Two) -> None:
    left, right = pair = pair_up(two)
    note_times(two, (left, NOON), (right, NOON + HOUR))
    (found,) = two.desk.crossings()
    assert found.earlier == 0
    assert "earlier" not in found.reasons(SAME, right)
    with pytest.raises(RuleError) as error:
        two.desk.decide(pair, SAME, keeps=right, reason="earlier")
    assert error.value.code == "crossing.not_so"
    assert (two.status(*left), two.status(*right)) == ("", "")
    for reason in ("family", "earlier", "zone"):  # why a school keeps a child, not why two are two
        with pytest.raises(RuleError) as error:
            two.desk.decide(pair, DIFFERENT, reason=reason)
        assert error.value.code == "crossing.reason"
    two.desk.decide(pair, SAME, keeps=left, reason="earlier")
    assert [one.keeps for one in two.desk.crossings()] == [left]


@pytest.mark.parametrize("apart", [0, 5 * 366 * 24 * HOUR])
def test_times_that_do_not_tell_forbid_no_side(two: Two, apart: int) -> None:
    left, right = pair = pair_up(two)
    note_times(two, (left, NOON), (right, NOON - apart))
    assert [one.earlier for one in two.desk.crossings()] == [None]
    for place in pair:
        two.desk.decide(pair, SAME, keeps=place, reason="earlier")


def test_the_day_on_a_paper_form_goes_before_the_hour_it_was_keyed(two: Two) -> None:
    left, right = pair_up(two, paper_date="2024-08-20")
    note_times(two, (left, NOON), (right, NOON + HOUR))
    (found,) = two.desk.crossings()
    assert found.earlier == 1
    assert found.fields[-1].right == "2024-08-20"


@pytest.mark.parametrize(
    ("door", "same", "differs"),
    [("湛河湾村", True, False), ("北渡村", False, True), ("", False, True)],
)
def test_homes_are_told_and_compared_with_their_village(
    two: Two, door: str, same: bool, differs: bool
) -> None:
    known = two.district.policy.villages.values()
    one, other = (place for place, _ in zip(known, range(2), strict=False))
    here = {"hukou_village": one.code, "hukou_address": "2组26号"}
    there = dict(here) if same else {**here, "hukou_village": other.code if door else "外县村"}
    left = register(two.one, **here)
    register(two.other, **(there | {"hukou_address": "二组 26 号"}))
    two.send()
    (found,) = two.desk.crossings()
    assert found.pair[0] == (SCHOOL, left)
    home = next(line for line in found.fields if line.label == "户籍地址")
    assert home.left == f"{one.label} 2组26号"
    assert (home.same, home.differs) == (same, differs)


def test_what_waits_is_counted_until_it_is_decided(two: Two) -> None:
    assert two.desk.waiting() == frozenset()
    left, right = pair = pair_up(two)
    assert two.desk.waiting() == {f"{' '.join(left)} {' '.join(right)}"}
    two.desk.decide(pair, DIFFERENT, reason="papers")
    assert two.desk.waiting() == frozenset()


def test_a_decision_can_be_turned_round_and_taken_back(two: Two) -> None:
    left, right = pair = pair_up(two)
    two.desk.decide(pair, SAME, keeps=left, reason="earlier")
    two.desk.decide(pair, SAME, keeps=right, reason="family")
    assert (two.status(*left), two.status(*right)) == ("duplicate_void", "")
    assert [one.keeps for one in two.desk.crossings()] == [right]
    two.desk.decide(pair, DIFFERENT, reason="papers")
    assert (two.status(*left), two.status(*right)) == ("", "")
    assert [one.decision for one in two.desk.crossings()] == [DIFFERENT]
    two.desk.decide(pair, OPEN)
    assert [(one.decision, one.is_open) for one in two.desk.crossings()] == [(OPEN, True)]
    with two.district.database.read() as connection:
        halves = connection.exec_driver_sql(
            "SELECT count(*), count(DISTINCT matter) FROM projected_cross_duplicate"
        ).one()
    assert tuple(halves) == (2, 1)


def test_a_power_cut_between_the_halves_leaves_it_open_and_voids_nobody(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, right = pair = pair_up(two)
    write = CrossSchoolDesk._write
    written: list[object] = []

    def cut(desk: CrossSchoolDesk, place: tuple[str, str], *rest: object) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(place)
        write(desk, place, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(CrossSchoolDesk, "_write", cut)
    with pytest.raises(KeyboardInterrupt):
        two.desk.decide(pair, SAME, keeps=right, reason="family")
    monkeypatch.undo()
    assert written == [right]
    assert (two.status(*left), two.status(*right)) == ("", "")
    assert [one.is_open for one in two.desk.crossings()] == [True]
    two.desk.decide(pair, SAME, keeps=right, reason="family")
    assert [one.keeps for one in two.desk.crossings()] == [right]


def test_a_child_never_loses_both_places(two: Two, site: Site) -> None:
    third = site.laptop(two.district, "third", "2141041103")
    left, right = pair_up(two)
    far = ("2141041103", register(third))
    two.send(third)
    two.desk.decide((left, right), SAME, keeps=left, reason="family")
    # With one side void there is nothing left to decide between it and the third.
    assert {one.pair for one in two.desk.crossings()} == {(left, right), (left, far)}
    with pytest.raises(StaleError):
        two.desk.decide((right, far), SAME, keeps=right, reason="family")
    two.desk.decide((left, far), SAME, keeps=far, reason="family")
    with pytest.raises(RuleError) as error:
        two.desk.decide((left, right), SAME, keeps=left, reason="zone")
    assert error.value.code == "crossing.stays_void"
    states = [two.status(*place) for place in (left, right, far)]
    assert states == ["duplicate_void", "duplicate_void", ""]


def test_who_is_admitted_is_not_made_void(two: Two) -> None:
    left, right = pair = pair_up(two)
    DistrictDesk(two.district).decide(SCHOOL, [left[1]], "admitted")
    with pytest.raises(RuleError) as error:
        two.desk.decide(pair, SAME, keeps=right, reason="family")
    assert error.value.code == "crossing.admitted"
    assert [one.decision for one in two.desk.crossings()] == [""]


@pytest.mark.parametrize(
    ("decision", "keeps", "reason", "code"),
    [
        (SAME, False, "family", "crossing.keeps"),
        (DIFFERENT, True, "papers", "crossing.keeps"),
        (SAME, True, "because of the Shan family", "crossing.reason"),
        (DIFFERENT, False, "", "crossing.reason"),
        ("void", False, "family", "decision.unknown"),
    ],
)
def test_a_decision_without_its_parts_is_refused(
    two: Two, decision: str, keeps: bool, reason: str, code: str
) -> None:
    left, _ = pair = pair_up(two)
    with pytest.raises(ProductError) as error:
        two.desk.decide(pair, decision, keeps=left if keeps else None, reason=reason)
    assert error.value.code == code
    assert [one.decision for one in two.desk.crossings()] == [""]


def test_a_school_decides_nothing_of_this(two: Two) -> None:
    pair = pair_up(two)
    with pytest.raises(RuleError) as error:
        CrossSchoolDesk(two.one).decide(pair, SAME, keeps=pair[0], reason="family")
    assert error.value.code == "decision.not_officer"


def test_the_statements_do_not_grow_with_the_children(two: Two) -> None:
    counted: list[str] = []

    def count() -> int:
        counted.clear()
        assert two.desk.crossings()
        return len(counted)

    def hear(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    pair_up(two)
    event.listen(two.district.database._engine, "before_cursor_execute", hear)
    few = count()
    for _ in range(6):
        register(two.one)
        register(two.other)
    two.send()
    assert len(two.desk.crossings()) > 40
    assert count() == few
    event.remove(two.district.database._engine, "before_cursor_execute", hear)
