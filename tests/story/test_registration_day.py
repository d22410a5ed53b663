"""One registration day at a school, scenario by scenario: what families and clerks meet.

The numbers are those of the acceptance scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.durable.places import resource_path
from desktop_app.policy.load import load_files, read_files
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.day import DayDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import Decision, RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.drafts import Draft
from desktop_app.storage.rows import Row
from tests.services.kit import form, let_in, log_in, number, registered, without
from tests.sync.site import Site, hand, row_of, take

LEAD, CLERK, REVIEWER = "赵志强", "刘素琴", "周敏"


def rows(workplace: Workplace, kind: str, **equal: str) -> list[Row]:
    with workplace.journal.begin(workplace.actor()) as work:
        return work.rows(kind, **equal)


# --- scenario 2: the number fills what it says --------------------------------------------------


def test_scenario_2_a_whole_number_fills_sex_birth_and_age_on_31_august(
    laptop: Workplace,
) -> None:
    typed = number("20180314", 264)
    half = without(form(id_number=typed[:17]), "sex", "birth_date")
    assert "birth_date" not in RegistrationDesk(laptop).assess(half).derived
    found = RegistrationDesk(laptop).assess(half | {"id_number": typed})
    assert found.derived["sex"] == "2"
    assert found.derived["birth_date"] == "2018-03-14"
    assert found.age is not None
    assert (found.age.years, found.age.months, found.age.cutoff) == (6, 5, "2024-08-31")
    assert not found.blocks


@pytest.mark.parametrize("wrong", "0123456789X")
def test_scenario_2_a_wrong_check_digit_stops_and_the_right_one_is_not_told(
    laptop: Workplace, wrong: str
) -> None:
    right = number()
    typed = right[:17] + wrong
    found = RegistrationDesk(laptop).assess(form(id_number=typed))
    problem = found.problem_of("id_number")
    if typed == right:
        assert problem is None or not problem.blocks
        return
    assert problem is not None
    assert problem.blocks
    assert found.derived.get("birth_date") is None
    told = f"{problem.code} {sorted(dict(problem.details).items())}"
    assert right not in told
    assert f"'{right[-1]}'" not in told
    with pytest.raises(RuleError):
        RegistrationDesk(laptop).register(form(id_number=typed))


def test_scenario_2_what_the_number_says_wins_over_what_was_typed_before(
    laptop: Workplace,
) -> None:
    saved = registered(laptop, sex="1", birth_date="2017-01-01")
    (child,) = rows(laptop, "applicant")
    assert child.record == saved
    assert (child.text("sex"), child.text("birth_date")) == ("2", "2018-03-14")


# --- scenario 3: the same number again ----------------------------------------------------------


def test_scenario_3_the_same_number_stops_and_shows_the_first_record_masked(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, CLERK, Role.REGISTRAR)
    first = registered(laptop)
    clerk = log_in(site, laptop, CLERK)
    desk = RegistrationDesk(clerk)
    hint, *_ = desk.duplicates(form(full_name="罗雨彤", guardian_name="罗志高"))
    assert (hint.finding.rule, hint.finding.stops) == ("D1", True)
    assert hint.masked_number == f"419999********{number()[-4:]}"
    assert number() not in repr(hint)
    assert hint.registered_at > 0
    assert hint.created_by != clerk.person
    with pytest.raises(RuleError) as refused:
        desk.register(form(full_name="罗雨彤"))
    assert refused.value.code == "form.duplicate"
    assert number() not in str(refused.value)
    assert [one.record for one in rows(clerk, "applicant")] == [first]


def test_scenario_3_looking_at_the_first_record_is_logged_under_the_looker(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, CLERK, Role.REGISTRAR)
    first = registered(laptop)
    clerk = log_in(site, laptop, CLERK)
    case = CaseDesk(clerk).open(first)
    assert number() not in repr(case)
    shown = CaseDesk(clerk).unmask(first)
    assert shown.id_number == number()
    (looked,) = rows(clerk, "access", applicant=first, what="unmask")
    assert looked.created_by == clerk.person


# --- scenario 4: two children who look alike ----------------------------------------------------


def alike() -> tuple[dict[str, str], dict[str, str]]:
    """Give 李梓涵 and 李子涵: one birth date, one telephone, two numbers."""
    one = form(full_name="李梓涵", id_number=number(order=300), guardian_name="李志远")
    other = form(full_name="李子涵", id_number=number(order=462), guardian_name="李志远")
    return one, without(other, "guardian_id_number")


def test_scenario_4_the_second_shows_both_and_why_and_the_decision_travels(
    district: Workplace, laptop: Workplace, stick: object, site: Site
) -> None:
    one, other = alike()
    desk = RegistrationDesk(laptop)
    first = desk.register(one)
    (hint,) = desk.duplicates(other)
    assert (hint.finding.rule, hint.finding.stops, hint.name) == ("D5", False, "李梓涵")
    assert {"birth_date", "pinyin", "phone"} <= set(hint.finding.why)
    told = Decision("D5", first.record, "different", "父母到场，两本户口簿")
    second = desk.register(other, [told])
    (decided,) = rows(laptop, "duplicate_decision")
    assert decided.text("reason") == told.reason
    take(district, hand(laptop, site.folder / "stick").path)
    carried = row_of(district, "duplicate_decision", decided.record)
    assert carried["reason"] == told.reason
    assert row_of(district, "applicant", second.record)["full_name"] == "李子涵"


# --- scenario 6: nobody may ask for a needless paper --------------------------------------------


@pytest.fixture
def package() -> Mapping[str, bytes]:
    return read_files(resource_path("policy", "zhanhe-2024"))


@pytest.mark.parametrize(
    ("name", "entry", "rule"),
    [
        (
            "materials.toml",
            '\n[PRE]\nlabel = "学前教育经历证明"\nkeep = "none"\nbasis = "默认建议，区教体局可改"\n',
            "FB01",
        ),
        (
            "field_help.toml",
            '\n[preschool]\nlabel = "学前教育经历"\nsentence = "照实填写。"\nrequired = true\nbasis = "默认建议，区教体局可改"\n',
            "FB01",
        ),
        (
            "materials.toml",
            '\n[SS]\nlabel = "社保缴纳满6个月证明"\nkeep = "none"\nbasis = "默认建议，区教体局可改"\n',
            "FB11",
        ),
        (
            "materials.toml",
            '\n[JZ]\nlabel = "预防接种证"\nkeep = "number"\nbasis = "默认建议，区教体局可改"\n',
            "FB07",
        ),
    ],
)
def test_scenario_6_a_package_that_asks_for_a_needless_paper_is_refused_by_name(
    package: Mapping[str, bytes], laptop: Workplace, name: str, entry: str, rule: str
) -> None:
    with pytest.raises(RuleError) as refused:
        load_files({**package, name: package[name] + entry.encode()})
    assert refused.value.code == "policy.refused"
    assert rule in str(refused.value.details["faults"])
    assert load_files(package).version == laptop.policy.version


# --- scenario 7: 容缺, papers may come later ----------------------------------------------------


def test_scenario_7_a_child_without_number_or_certificate_is_registered_all_the_same(
    laptop: Workplace,
) -> None:
    bare = without(
        form(id_type="Z", sex="1", birth_date="2018-03-14", **{"material.HKB": "pending_original"}),
        "id_number",
        "material.GID",
    )
    saved = RegistrationDesk(laptop).register(bare)
    assert set(saved.missing) >= {"HKB"}
    slip = ReceiptDesk(laptop).view(saved.record)
    due = [line for line in slip.materials if line.state == "due"]
    assert due
    assert all(line.due for line in due)
    assert slip.deadline
    assert slip.number == saved.receipt_number
    listed = ListDesk(laptop).page("missing").lines
    assert [line.record for line in listed] == [saved.record]
    summary = DayDesk(laptop).summary()
    assert (summary.registered, summary.complete) == (1, 0)


def test_scenario_7_the_last_paper_takes_the_child_off_the_list(laptop: Workplace) -> None:
    record = registered(laptop, **{"material.GID": "pending_original"})
    assert ListDesk(laptop).counts()["missing"] == 1
    MaterialsDesk(laptop).mark(record, Mark("GID", "accepted"))
    assert ListDesk(laptop).counts()["missing"] == 0
    assert DayDesk(laptop).summary().complete == 1
    assert ReceiptDesk(laptop).view(record).deadline == ""


# --- scenario 9: each category asks for its own papers ------------------------------------------


def test_scenario_9_a_category_asks_exactly_its_papers_and_says_whose_catchment(
    laptop: Workplace,
) -> None:
    desk, seen = RegistrationDesk(laptop), {}
    for code, category in laptop.policy.categories.items():
        found = desk.assess(form(category=code))
        assert found.checklist is not None
        asked = [line.requirement for line in found.checklist.lines()]
        assert asked == list(category.required.parts)
        assert found.checklist.optional == category.optional
        seen[code] = found.catchment
    assert seen["A1"]
    assert all(rule.village == form()["hukou_village"] for rule in seen["A1"])
    assert all(rule.basis for rule in seen["A1"])


def test_scenario_9_a_migrant_family_brings_one_of_each_choice_and_no_more(
    laptop: Workplace,
) -> None:
    found = RegistrationDesk(laptop).assess(without(form(category="B1"), "material.GID"))
    assert found.checklist is not None
    wanted = found.checklist.next_materials()
    filled = form(category="B1", **{f"material.{code}": "accepted" for code in wanted})
    done = RegistrationDesk(laptop).assess(filled)
    assert done.checklist is not None
    assert done.checklist.is_complete
    one_less = without(filled, f"material.{wanted[-1]}")
    left = RegistrationDesk(laptop).assess(one_less)
    assert left.checklist is not None
    assert not left.checklist.is_complete
    assert RegistrationDesk(laptop).register(one_less).missing


# --- scenario 10: an original was seen ----------------------------------------------------------


def test_scenario_10_an_original_seen_needs_no_image_and_the_check_passes(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, REVIEWER, Role.REVIEWER)
    record = registered(laptop, **{"material.HKB": ""})
    reviewer = log_in(site, laptop, REVIEWER)
    done = MaterialsDesk(reviewer).mark(
        record, Mark("HKB", "accepted", number="豫房 0001234", dated="2019-05-06")
    )
    assert done.is_complete
    assert rows(reviewer, "scan") == []
    assert list(reviewer.scans.digests()) == []
    (check,) = rows(reviewer, "material_check", applicant=record, material="HKB")
    assert check.values["original_seen"] is True
    assert (check.text("number"), check.text("dated")) == ("豫房 0001234", "2019-05-06")
    assert ReviewDesk(reviewer).approve([record]) == 1


# --- scenario 11: a half-typed form -------------------------------------------------------------


def test_scenario_11_a_draft_waits_for_its_clerk_alone_to_the_last_field(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, CLERK, Role.REGISTRAR)
    clerk = log_in(site, laptop, CLERK)
    typed: dict[str, str] = {}
    for field in ("full_name", "ethnic_code", "hukou_village"):
        typed = {**typed, field: form()[field]}
        RegistrationDesk(clerk).save_draft(Draft("d1", clerk.person, typed, field))
    lead = log_in(site, clerk, LEAD)
    assert RegistrationDesk(lead).drafts() == ()
    assert [line.record for line in ListDesk(lead).page("draft").lines] == []
    back = log_in(site, lead, CLERK)
    (draft,) = RegistrationDesk(back).drafts()
    assert draft.fields == typed
    assert draft.caret == "hukou_village"
    (line,) = ListDesk(back).page("draft").lines
    assert (line.name, line.needed > 0) == ("罗雨桐", True)


def test_scenario_11_a_draft_never_leaves_the_laptop(
    site: Site, district: Workplace, laptop: Workplace
) -> None:
    RegistrationDesk(laptop).save_draft(
        Draft("d1", laptop.person, {"full_name": "夏侯半成"}, "full_name")
    )
    before = laptop.own_feed().sequence
    handed = hand(laptop, site.folder / "stick")
    assert handed.registered == 0
    assert laptop.own_feed().sequence == before + 1  # the export itself
    take(district, handed.path)
    assert [one for one in rows(laptop, "applicant") if one.text("full_name") == "夏侯半成"] == []


# --- scenario 14: found however it is typed -----------------------------------------------------


@pytest.fixture
def many(laptop: Workplace) -> dict[str, str]:
    """Register a class of children; give the receipt numbers by name."""
    names = ["罗子涵", "单梓涵", "欧阳若曦", "李子轩", "王一诺", "张雨泽"]
    given = {}
    for at, name in enumerate(names):
        saved = RegistrationDesk(laptop).register(
            form(
                full_name=name,
                id_number=number(f"201803{at + 10:02d}", 100 + 37 * at),
                guardian_name=name[0] + "建国",
                guardian_id_number=number("19890522", 300 + 2 * at),
                guardian_phone=f"1380000{at}{at}{at}{at}",
            )
        )
        given[name] = saved.receipt_number
    return given


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("lzh", "罗子涵"),
        ("luozihan", "罗子涵"),
        ("shanzihan", "单梓涵"),
        ("danzihan", "单梓涵"),
        ("ouyang", "欧阳若曦"),
        ("欧阳", "欧阳若曦"),
        ("李子轩", "李子轩"),
        ("4444", "王一诺"),
    ],
)
def test_scenario_14_a_child_is_found_among_the_first_five(
    laptop: Workplace, many: dict[str, str], typed: str, name: str
) -> None:
    found = ListDesk(laptop).search(typed).lines[:5]
    assert name in [line.name for line in found]


def test_scenario_14_a_receipt_and_the_tail_of_a_number_find_their_child(
    laptop: Workplace, many: dict[str, str]
) -> None:
    tails = {row.text("full_name"): row.text("id_number")[-4:] for row in rows(laptop, "applicant")}
    for name, receipt in many.items():
        assert ListDesk(laptop).search(tails[name]).lines[0].name == name
        assert name in [line.name for line in ListDesk(laptop).search(receipt).lines[:5]]


def test_scenario_14_a_stranger_is_not_found(laptop: Workplace, many: dict[str, str]) -> None:
    assert ListDesk(laptop).search("诸葛").lines == ()
