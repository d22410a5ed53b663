"""Which package is in force after any turning, and what is saved, looked at and published then."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import ProductError, RuleError, WorkplaceError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.files import write_atomically
from desktop_app.policy.load import FILES, digest_of, load_package, read_files
from desktop_app.services import policy_desk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import current_choice, policy_news
from desktop_app.services.policy_desk import Examined, PolicyDesk, Unfit
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows
from tests.services.packages import make_package, preschool
from tests.sync.site import PASSWORD, Site

NUMBERS = (2, 3, 7)


@pytest.fixture
def published(district: Workplace, tmp_path: Path) -> dict[int, str]:
    """Publish three packages; give their records by number."""
    desk = PolicyDesk(district)
    return {
        number: desk.publish(desk.examine(make_package(tmp_path / "made", number)))
        for number in NUMBERS
    }


def in_force(desk: PolicyDesk) -> int:
    """Give the number of the package in force, which exactly one line says it is."""
    (line,) = [one for one in desk.lines() if one.in_force]
    assert int(desk.after_turning("").number) == line.number
    return line.number


def refused(desk: PolicyDesk, place: Path) -> ProductError:
    with pytest.raises(ProductError) as caught:
        desk.look(place)
    return caught.value


def refusals(workplace: Workplace) -> int:
    with workplace.database.read() as connection:
        scope = workplace.seat.scope
        return len(read_rows(connection, RECORD_TYPES["policy_refusal"], scope, {}))


def test_after_any_turning_the_highest_that_was_not_withdrawn_is_in_force_as_was_said(
    district: Workplace, published: dict[int, str]
) -> None:
    desk, withdrawn = PolicyDesk(district), set[int]()
    wanted = [set(some) for n in range(len(NUMBERS) + 1) for some in combinations(NUMBERS, n)]
    for target in wanted:
        for number in sorted(target ^ withdrawn):
            foretold = int(desk.after_turning(published[number]).number)
            desk.withdraw(published[number], again=number in withdrawn)
            withdrawn ^= {number}
            assert in_force(desk) == foretold == max({1, *NUMBERS} - withdrawn)
        assert {one.number for one in desk.lines() if one.withdrawn} == target


def test_asking_what_would_be_turns_nothing(district: Workplace, published: dict[int, str]) -> None:
    desk = PolicyDesk(district)
    before = desk.lines()
    assert [int(desk.after_turning(published[n]).number) for n in NUMBERS] == [7, 7, 3]
    assert int(desk.after_turning("no such record").number) == 7
    assert desk.lines() == before
    assert current_choice(district).record == published[7]


def test_withdrawing_twice_is_withdrawing_once(
    district: Workplace, published: dict[int, str]
) -> None:
    desk = PolicyDesk(district)
    desk.withdraw(published[7])
    desk.withdraw(published[7])
    assert in_force(desk) == 3
    desk.withdraw(published[7], again=True)
    assert in_force(desk) == 7


def test_a_withdrawn_number_is_never_given_again(
    district: Workplace, published: dict[int, str], tmp_path: Path
) -> None:
    desk = PolicyDesk(district)
    for record in published.values():
        desk.withdraw(record)
    assert in_force(desk) == 1
    for number in (1, *NUMBERS, 5):
        error = refused(desk, make_package(tmp_path / "again", number))
        assert error.code == "policy.number"
        assert error.details == {"number": number, "highest": 7}
    found = desk.look(make_package(tmp_path / "next", 8))
    assert isinstance(found, Examined)
    assert {one.entry for one in found.changes} == {"number"}, "against the shipped one"


def test_news_tells_what_is_in_force_by_now_and_nothing_where_it_is_in_use(
    site: Site, district: Workplace, published: dict[int, str]
) -> None:
    assert policy_news(district).waiting == "7"
    district = site.again(district)
    assert policy_news(district).waiting == ""
    PolicyDesk(district).withdraw(published[7])
    assert policy_news(district).waiting == "3"
    PolicyDesk(district).withdraw(published[7], again=True)
    assert policy_news(district).waiting == "", "it is the one in use again"


@pytest.mark.parametrize("withdrawn", [(), (7,), (7, 3), NUMBERS])
def test_what_is_saved_is_to_the_byte_what_is_in_force(
    district: Workplace, published: dict[int, str], tmp_path: Path, withdrawn: tuple[int, ...]
) -> None:
    desk = PolicyDesk(district)
    for number in withdrawn:
        desk.withdraw(published[number])
    number = in_force(desk)
    place = desk.save(tmp_path)
    assert place.parent == tmp_path
    assert place.name == f"zhanhe-{number}"
    assert {one.name for one in place.iterdir()} == set(FILES)
    (line,) = [one for one in desk.lines() if one.in_force]
    assert digest_of(read_files(place)) == line.digest == load_package(place).digest


def test_nothing_that_lies_there_is_written_over(district: Workplace, tmp_path: Path) -> None:
    desk = PolicyDesk(district)
    place = desk.save(tmp_path)
    (place / "notice.toml").write_text("mine", "utf-8")
    with pytest.raises(RuleError) as caught:
        desk.save(tmp_path)
    assert caught.value.code == "policy.folder_taken"
    assert (place / "notice.toml").read_text("utf-8") == "mine"
    other = tmp_path / "other"
    other.mkdir()
    (other / place.name).write_text("a file", "utf-8")
    with pytest.raises(RuleError):
        desk.save(other)
    assert (other / place.name).read_text("utf-8") == "a file"


def test_a_school_saves_what_it_works_by_but_publishes_and_turns_nothing(
    laptop: Workplace, tmp_path: Path
) -> None:
    desk = PolicyDesk(laptop)
    assert load_package(desk.save(tmp_path)).digest == laptop.policy.digest == desk.in_use.digest
    made = make_package(tmp_path, 2)
    for act in (
        lambda: desk.look(made),
        lambda: desk.examine(made),
        lambda: desk.withdraw("x"),
    ):
        with pytest.raises(RuleError) as caught:
            act()
        assert caught.value.code == "office.not_district"
    assert refusals(laptop) == 0


def test_an_unfit_folder_is_told_whole_the_forbidden_first_and_written_down_once(
    district: Workplace, tmp_path: Path
) -> None:
    desk, folder = PolicyDesk(district), preschool(tmp_path / "stick", 2)
    main = folder / "policy.toml"
    main.write_text(main.read_text("utf-8").replace("lock_minutes = 5", "lock_minutes = 500"))
    for place in (folder, folder.parent, folder):
        unfit = desk.look(place)
        assert isinstance(unfit, Unfit)
        assert unfit.folder == folder.name
        rules = [one.rule for one in unfit.faults]
        assert rules[0] == "FB01"
        assert rules == sorted(rules, key=lambda rule: not rule.startswith("FB"))
        assert "policy.toml" in {one.place.partition(":")[0] for one in unfit.faults}
    assert refusals(district) == 1
    assert in_force(desk) == 1


def test_of_several_folders_none_is_examined_and_nothing_is_written_down(
    district: Workplace, tmp_path: Path
) -> None:
    desk = PolicyDesk(district)
    make_package(tmp_path, 2)
    preschool(tmp_path, 3)
    error = refused(desk, tmp_path)
    assert (error.code, error.details) == ("policy.several_folders", {"count": 2})
    assert refusals(district) == 0


def test_what_was_looked_at_is_published_as_it_was_looked_at(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    """Whoever changes a file on the stick after the look changes nothing of what goes out."""
    desk = PolicyDesk(district)
    folder = make_package(tmp_path, 2, lock_minutes=9)
    found = desk.look(folder)
    assert isinstance(found, Examined)
    main = folder / "policy.toml"
    main.write_text(main.read_text("utf-8").replace("lock_minutes = 9", "lock_minutes = 30"))
    record = desk.publish(found)
    assert desk.find(2) == record
    assert site.again(district).policy.lock_minutes == 9


def test_of_two_looked_at_together_only_one_is_published_under_the_number(
    district: Workplace, tmp_path: Path
) -> None:
    desk = PolicyDesk(district)
    first = desk.examine(make_package(tmp_path / "a", 2, lock_minutes=7))
    second = desk.examine(make_package(tmp_path / "b", 2, lock_minutes=8))
    desk.publish(first)
    with pytest.raises(RuleError) as caught:
        desk.publish(second)
    assert (caught.value.code, caught.value.details["highest"]) == ("policy.number", 2)
    assert [one.number for one in desk.lines()] == [2, 1]


def test_an_auditor_of_the_district_looks_at_the_list_and_turns_nothing(
    site: Site, district: Workplace, published: dict[int, str]
) -> None:
    PeopleDesk(district).add("周敏", PASSWORD, (Role.AUDITOR,))
    district.close()
    site.opened.remove(district)
    desk = PolicyDesk(site.reopen("district", "周敏"))
    assert [one.number for one in desk.lines()] == [7, 3, 2, 1]
    with pytest.raises(RuleError) as caught:
        desk.withdraw(published[7])
    assert caught.value.code == "policy.not_allowed"
    assert in_force(desk) == 7


def test_a_number_nobody_published_is_not_found_and_the_shipped_one_is_no_record(
    district: Workplace, published: dict[int, str]
) -> None:
    desk = PolicyDesk(district)
    assert {number: desk.find(number) for number in NUMBERS} == published
    for number in (1, 4, 0, 8):
        with pytest.raises(RuleError) as caught:
            desk.find(number)
        assert caught.value.code == "policy.unknown_number"
        assert caught.value.details == {"number": number}


def test_a_saving_that_the_disk_stops_leaves_no_half_package_and_may_be_tried_again(
    district: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, written = PolicyDesk(district), list[str]()

    def full(path: Path, data: bytes) -> None:
        if len(written) == len(FILES) // 2:
            raise WorkplaceError("disk.full")
        written.append(path.name)
        write_atomically(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(policy_desk, "write_atomically", full)
        with pytest.raises(WorkplaceError) as caught:
            desk.save(tmp_path / "stick")
    assert caught.value.code == "disk.full"
    assert written
    assert load_package(desk.save(tmp_path / "stick")).digest == desk.in_use.digest
