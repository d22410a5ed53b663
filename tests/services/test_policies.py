"""The district publishes policy packages; what is unfit is refused and the old one stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import ProductError, RuleError, StaleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.load import load_package, read_files
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import policy_news
from desktop_app.services.policy_desk import Examined, PolicyDesk, Unfit
from desktop_app.services.workplace import Workplace
from desktop_app.storage.digest import state_digest
from desktop_app.storage.rows import Row, read_rows
from tests.services.packages import make_package, preschool
from tests.sync.site import PASSWORD, Site


def publish(district: Workplace, folder: Path) -> str:
    desk = PolicyDesk(district)
    return desk.publish(desk.examine(folder))


def refused(workplace: Workplace, folder: Path) -> ProductError:
    with pytest.raises(ProductError) as caught:
        PolicyDesk(workplace).examine(folder)
    return caught.value


def refusals(workplace: Workplace) -> list[Row]:
    with workplace.database.read() as connection:
        kind = RECORD_TYPES["policy_refusal"]
        return read_rows(connection, kind, workplace.seat.scope, {})


def test_a_published_package_is_in_force_from_the_next_opening(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    before = district.policy.version
    publish(district, make_package(tmp_path, 2, lock_minutes=7))
    assert district.policy.version == before, "no rule changes under somebody's hands"
    assert policy_news(district).waiting == "2"
    district = site.again(district)
    assert (district.policy.number, district.policy.lock_minutes) == ("2", 7)
    assert policy_news(district).waiting == ""


def test_what_a_package_changes_is_said_before_it_is_published(
    district: Workplace, tmp_path: Path
) -> None:
    changes = {"schools.toml": (('label = "柳树营小学"', 'label = "柳树营中心小学"'),)}
    examined = PolicyDesk(district).examine(make_package(tmp_path, 2, changes=changes))
    said = {(one.file, one.entry, one.label, one.what) for one in examined.changes}
    assert said == {
        ("policy.toml", "number", "", "changed"),
        ("schools.toml", "2141041102", "柳树营中心小学", "changed"),
    }


def test_taking_back_is_one_step_and_so_is_bringing_back(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    publish(district, make_package(tmp_path, 2))
    third = publish(district, make_package(tmp_path, 3))
    PolicyDesk(district).withdraw(third)
    district = site.again(district)
    assert district.policy.number == "2"
    PolicyDesk(district).withdraw(PolicyDesk(district).find(2))
    district = site.again(district)
    assert district.policy.number == "1", "then what the program brings"
    PolicyDesk(district).withdraw(third, again=True)
    assert site.again(district).policy.number == "3"


def test_what_would_be_in_force_is_known_before_anything_is_turned(
    district: Workplace, tmp_path: Path
) -> None:
    second = publish(district, make_package(tmp_path, 2))
    third = publish(district, make_package(tmp_path, 3))
    desk = PolicyDesk(district)
    assert [desk.after_turning(one).number for one in ("", third, second)] == ["3", "2", "3"]
    desk.withdraw(third)
    assert [desk.after_turning(one).number for one in ("", third, second)] == ["2", "3", "1"]
    assert [one.withdrawn for one in desk.lines()] == [True, False, False]


def test_a_package_is_found_in_the_only_folder_that_holds_one(
    district: Workplace, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    (stick / "photos").mkdir(parents=True)
    (stick / "photos" / "policy.txt").write_text("x")
    made = make_package(tmp_path / "elsewhere", 2)
    (stick / "linked").symlink_to(made)
    desk = PolicyDesk(district)

    def code() -> str:
        with pytest.raises(RuleError) as caught:
            desk.look(stick)
        return caught.value.code

    assert code() == "policy.no_folder", "no link is followed"
    make_package(stick, 2)
    found = desk.look(stick)
    assert isinstance(found, Examined)
    assert found.policy.number == "2"
    assert desk.look(stick / "package 2") == found
    make_package(stick, 3)
    assert code() == "policy.several_folders"
    (stick / "package 2" / "notice.toml").unlink()
    unfit = desk.look(stick / "package 2")
    assert isinstance(unfit, Unfit)
    assert [str(one) for one in unfit.faults] == ["notice.toml policy.missing_file"]


def test_the_list_says_who_published_what_and_what_is_in_force(
    district: Workplace, tmp_path: Path
) -> None:
    publish(district, make_package(tmp_path, 2))
    third = publish(district, make_package(tmp_path, 3))
    PolicyDesk(district).withdraw(third)
    lines = PolicyDesk(district).lines()
    told = [(one.number, one.person, one.withdrawn, one.in_force) for one in lines]
    assert told == [
        (3, "赵志强", True, False),
        (2, "赵志强", False, True),
        (1, "", False, False),
    ]
    assert all(one.published_at for one in lines if one.record)


def test_a_forbidden_paper_is_refused_by_its_rule_written_down_and_the_old_package_stays(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    error = refused(district, preschool(tmp_path, 2))
    assert (error.code, error.details["rule"]) == ("policy.refused", "FB01")
    refused(district, tmp_path / "package 2")
    (written,) = refusals(district)
    assert (written.text("rule"), written.text("place")) == ("FB01", "materials.toml:PRE")
    assert [one.number for one in PolicyDesk(district).lines()] == [1]
    assert site.again(district).policy.number == "1"


def test_numbers_only_go_up_so_that_a_number_names_one_package(
    district: Workplace, tmp_path: Path
) -> None:
    same = refused(district, make_package(tmp_path, 1, lock_minutes=9))
    assert (same.code, same.details["highest"]) == ("policy.number", 1)
    examined = PolicyDesk(district).examine(make_package(tmp_path, 4))
    fourth = PolicyDesk(district).publish(examined)
    PolicyDesk(district).withdraw(fourth)
    assert refused(district, tmp_path / "package 4").code == "policy.number"
    with pytest.raises(RuleError) as caught:
        PolicyDesk(district).publish(examined)
    assert caught.value.code == "policy.number"


def test_another_districts_package_is_refused(site: Site, tmp_path: Path) -> None:
    other = site.set_up("elsewhere", "district", "410402")
    error = refused(other, make_package(tmp_path, 2))
    assert (error.code, error.details["district"]) == ("policy.other_district", "410411")


def test_only_an_officer_of_the_district_publishes(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    folder = make_package(tmp_path, 2)
    assert refused(laptop, folder).code == "office.not_district"
    PeopleDesk(district).add("钱督导", PASSWORD, {Role.AUDITOR})
    district.close()
    site.opened.remove(district)
    auditor = site.reopen("district", "钱督导")
    assert refused(auditor, folder).code == "policy.not_allowed"
    with pytest.raises(RuleError):
        PolicyDesk(auditor).withdraw("")


def test_an_unknown_package_is_not_taken_back(district: Workplace) -> None:
    with pytest.raises(RuleError) as caught:
        PolicyDesk(district).find(9)
    assert caught.value.code == "policy.unknown_number"
    with pytest.raises(StaleError):
        PolicyDesk(district).withdraw("018f0000-0000-7000-8000-000000000000")


def test_the_package_in_force_is_saved_edited_and_published_again(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    publish(district, make_package(tmp_path, 2, lock_minutes=8))
    place = PolicyDesk(district).save(tmp_path / "out")
    assert place.name == "zhanhe-2"
    assert dict(read_files(place)) == dict(read_files(tmp_path / "package 2"))
    with pytest.raises(RuleError) as caught:
        PolicyDesk(district).save(tmp_path / "out")
    assert caught.value.code == "policy.folder_taken"
    text = (place / "policy.toml").read_text("utf-8")
    (place / "policy.toml").write_text(text.replace('number = "2"', 'number = "3"'), "utf-8")
    publish(district, place)
    assert site.again(district).policy.lock_minutes == 8


def test_the_shipped_package_is_saved_where_none_was_published(
    district: Workplace, tmp_path: Path
) -> None:
    place = PolicyDesk(district).save(tmp_path)
    assert load_package(place).version == district.policy.version


def test_a_package_changed_after_it_was_published_is_not_used(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    second = publish(district, make_package(tmp_path, 2))
    third = publish(district, make_package(tmp_path, 3))
    with district.journal.begin(district.actor(), district.seat.scope) as work:
        other = str(work.row("policy_package", second).values["package"])
        work.edit("policy_package", third, {"package": other}, signed=True)
    district = site.again(district)
    assert district.policy.number == "2"
    (line, *_) = PolicyDesk(district).lines()
    assert line.error is not None
    assert line.error.code == "policy.other_package"
    (known,) = policy_news(district).refused
    assert known.number == 3


def test_a_new_school_of_a_package_is_in_the_next_district_document(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    new = '[2141041199]\nlabel = "新建小学"\nmark = "XJX"\nstage = "P1"\ntownship = "410411200000"\npublic = true\nclasses = 1\nclass_size = 45\naddress = "示例"\nphone = "0375-000 0000（示例）"\nexample = true\nbasis = "示例，区教体局公布后替换"\n\n[2141041101]'
    changes = {"schools.toml": (("[2141041101]", new),)}
    publish(district, make_package(tmp_path, 2, changes=changes))
    district = site.again(district)
    assert district.district is not None
    before = {one.code for one in district.district.schools}
    DistrictOffice(district).publish_again(site.folder / "root", PASSWORD)
    assert {one.code for one in district.district.schools} == before | {"2141041199"}


def test_opening_writes_nothing(site: Site, district: Workplace, tmp_path: Path) -> None:
    publish(district, make_package(tmp_path, 2))

    def digest() -> str:
        with district.database.read() as connection:
            return state_digest(connection, district.seat.scope)

    before = digest()
    district = site.again(district)
    assert digest() == before
