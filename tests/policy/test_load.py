"""A package is loaded whole or refused with everything that is wrong with it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import ProductError, RuleError, UntrustedError
from desktop_app.durable.places import resource_path
from desktop_app.policy.load import (
    FILES,
    digest,
    digest_of,
    find_faults,
    load_files,
    load_package,
    manifest,
    read_files,
)
from tests.policy.conftest import Change, FaultsOf

HKB = "[HKB]"
NEW_MATERIAL = """[PRE]
label = "学前教育经历证明"
issuer = "幼儿园"
verifier = "学校"
original_seen = true
keep = "copy"
basis = "默认建议，区教体局可改"

[HKB]"""


SHIPPED = read_files(resource_path("policy", "zhanhe-2024"))
"""The same as the fixture ``files``, which hypothesis would print whole."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resource_path("policy", "zhanhe-2024"), tmp_path / "package"))


def test_a_package_that_asks_for_preschool_proof_is_refused(change: Change) -> None:
    with pytest.raises(RuleError) as caught:
        load_files(change("materials.toml", HKB, NEW_MATERIAL))
    assert caught.value.code == "policy.refused"
    assert caught.value.details["rule"] == "FB01"
    assert caught.value.details["place"] == "materials.toml:PRE"


def test_a_needless_field_is_refused_though_it_is_called_otherwise(faults_of: FaultsOf) -> None:
    entry = '[had_preschool]\nlabel = "是否上过幼儿园"\nsentence = "照实填写。"\nrequired = true\nbasis = "学籍信息采集表"\n\n[full_name]'
    assert faults_of("field_help.toml", "[full_name]", entry) == {
        ("field_help.toml:had_preschool", "policy.field_not_on_form"),
        ("field_help.toml:had_preschool", "FB01"),
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "rule"),
    [
        (
            "materials.toml",
            '"监护人身份证"',
            '"监护人身份证和收入证明"',
            "materials.toml:GID",
            "FB06",
        ),
        (
            "materials.toml",
            '"社保参保凭证"',
            '"社保连续缴纳满一年凭证"',
            "materials.toml:SOC",
            "FB11",
        ),
        (
            "materials.toml",
            'when = "after_start"',
            'when = "registration"',
            "materials.toml:VACC",
            "FB07",
        ),
        (
            "categories.toml",
            '"本片区农村户籍"',
            '"本片区农村户籍（面试）"',
            "categories.toml:A1",
            "FB09",
        ),
        ("notice.toml", '"不收取任何费用。', '"请带幼儿园毕业证。', "notice.toml:6", "FB01"),
        (
            "wording.toml",
            "缺材料不影响孩子登记。",
            "请带独生子女证。",
            "wording.toml:missing_is_fine",
            "FB03",
        ),
        ("reasons.toml", "请单位补盖公章。", "请写明家长职务。", "reasons.toml:NO_SEAL", "FB05"),
        (
            "field_help.toml",
            "照孩子的证件选；",
            "带捐资助学款收据；",
            "field_help.toml:id_type",
            "FB10",
        ),
        ("policy.toml", '"FB01", ', "", "policy.toml:deny", "policy.deny_shortened"),
        (
            "materials.toml",
            'keep = "none"',
            'keep = "all"',
            "materials.toml:HKB",
            "policy.code_not_listed",
        ),
        (
            "materials.toml",
            "original_seen = true",
            'original_seen = "yes"',
            "materials.toml:HKB",
            "policy.wrong_type",
        ),
        ("materials.toml", HKB, "[HKB]\ncopies = 2", "materials.toml:HKB", "policy.unknown_key"),
        (
            "materials.toml",
            'reasons = ["PAGE_MISSING", ',
            'reasons = ["LAZY", ',
            "materials.toml:HKB",
            "policy.code_not_listed",
        ),
        (
            "categories.toml",
            'require = ["HKB", "GID"]',
            'require = ["HKB", "DNA"]',
            "categories.toml:A1",
            "policy.unknown_material",
        ),
        (
            "categories.toml",
            'require = ["HKB", "GID"]',
            "require = [3]",
            "categories.toml:A1",
            "policy.wrong_type",
        ),
        (
            "categories.toml",
            'require = ["HKB", "GID"]',
            "require = []",
            "categories.toml:A1",
            "policy.wrong_type",
        ),
        (
            "categories.toml",
            'require = ["HKB", "GID"]',
            "require = [{ none_of = [] }]",
            "categories.toml:A1",
            "policy.wrong_type",
        ),
        (
            "categories.toml",
            'require = ["HKB", "GID"]',
            'require = ["HKB", { any_of = [] }]',
            "categories.toml:A1",
            "policy.wrong_type",
        ),
        (
            "categories.toml",
            'require = ["HKB", "GID"]',
            "",
            "categories.toml:A1",
            "policy.missing_key",
        ),
        (
            "categories.toml",
            'require = ["HKB", "GID"]',
            'require = ["HKB", "VACC"]',
            "categories.toml:A1",
            "FB07",
        ),
        (
            "categories.toml",
            'stages = ["P1", "J1"]',
            'stages = ["P1", "K1"]',
            "categories.toml:A1",
            "policy.code_not_listed",
        ),
        (
            "categories.toml",
            'hukou = "here"',
            'hukou = "away"',
            "categories.toml:A1",
            "policy.code_not_listed",
        ),
        (
            "categories.toml",
            'stages = ["P1", "J1"]',
            'stages = ["P1", "P1"]',
            "categories.toml:A1",
            "policy.twice",
        ),
        (
            "categories.toml",
            'basis = "平湛教体〔2024〕71号',
            'basis = "听说',
            "categories.toml:A1",
            "policy.no_basis",
        ),
        ("categories.toml", "tier = 1", "tier = 10", "categories.toml:A1", "policy.out_of_range"),
        (
            "calendar.toml",
            "2024-08-22T08:00",
            "2024-08-32T08:00",
            "calendar.toml:onsite_primary",
            "policy.wrong_date",
        ),
        (
            "calendar.toml",
            "2024-08-22T08:00",
            "2024-08-22T24:00",
            "calendar.toml:onsite_primary",
            "policy.wrong_date",
        ),
        (
            "calendar.toml",
            "2024-08-22T08:00",
            "2024-08-26T08:00",
            "calendar.toml:onsite_primary",
            "policy.wrong_date",
        ),
        (
            "calendar.toml",
            "2024-08-22T08:00",
            "2022-08-22T08:00",
            "calendar.toml:onsite_primary",
            "policy.other_season",
        ),
        (
            "calendar.toml",
            'code = "onsite_primary"',
            'code = "onsite_junior"',
            "calendar.toml:onsite_junior",
            "policy.twice",
        ),
        (
            "calendar.toml",
            "2024-08-25T18:00",
            "2024-08-30T18:00",
            "calendar.toml:onsite_primary",
            "policy.repair_before_end",
        ),
        (
            "policy.toml",
            '"2024-08-28"',
            '"2024-02-30"',
            "policy.toml.correction",
            "policy.wrong_date",
        ),
        (
            "policy.toml",
            '"2024-08-28"',
            '"2023-08-28"',
            "policy.toml:correction",
            "policy.other_season",
        ),
        (
            "policy.toml",
            '"2024-09-15"',
            '"2024-09-31"',
            "policy.toml.correction",
            "policy.wrong_date",
        ),
        (
            "policy.toml",
            "least_working_days = 3",
            "least_working_days = 1",
            "policy.toml.correction",
            "policy.out_of_range",
        ),
        (
            "policy.toml",
            "cutoff_day = 31",
            "cutoff_day = 1",
            "policy.toml.age",
            "policy.out_of_range",
        ),
        ("policy.toml", "years = 6", "years = 7", "policy.toml.age", "policy.out_of_range"),
        (
            "policy.toml",
            "images_days = 0",
            "images_days = 9000",
            "policy.toml.retention",
            "policy.out_of_range",
        ),
        (
            "policy.toml",
            'by = "tier"',
            'by = "seeded_random"',
            "policy.toml",
            "policy.chance_not_last",
        ),
        ("policy.toml", 'by = "tier"', 'by = "exam"', "policy.toml:exam", "policy.code_not_listed"),
        (
            "policy.toml",
            "湛河区2024年义务教育阳光招生政策包",
            "湛河\\u202e区",
            "policy.toml",
            "policy.unseen_character",
        ),
        (
            "policy.toml",
            "lock_minutes = 5",
            "lock_minutes = true",
            "policy.toml",
            "policy.wrong_type",
        ),
        ("policy.toml", 'id = "zhanhe"', 'id = "Zhanhe 2024"', "policy.toml", "policy.wrong_shape"),
        (
            "policy.toml",
            "湛河区2024年义务教育阳光招生政策包",
            "阳" * 61,
            "policy.toml",
            "policy.too_long",
        ),
        (
            "policy.toml",
            "湛河区2024年义务教育阳光招生政策包",
            " ",
            "policy.toml",
            "policy.missing_key",
        ),
        (
            "policy.toml",
            'title = "湛河区义',
            'file = "a.pdf"\ntitle = "湛河区义',
            "policy.toml:平湛教体〔2024〕71号",
            "policy.unknown_key",
        ),
        (
            "places.toml",
            "410411200201",
            "410412200201",
            "places.toml:410412200201",
            "policy.unknown_township",
        ),
        ("places.toml", "410411200202", "410411200201", "places.toml:410411200201", "policy.twice"),
        (
            "places.toml",
            '"410411002000"',
            '"410411001000"',
            "places.toml:410411001000",
            "policy.twice",
        ),
        (
            "schools.toml",
            "[2141041101]",
            "[3141041109]",
            "schools.toml:3141041109",
            "policy.school_kind",
        ),
        (
            "schools.toml",
            "[2141041101]",
            "[214104110]",
            "schools.toml:214104110",
            "policy.wrong_shape",
        ),
        ("schools.toml", 'mark = "LSY"', 'mark = "ZHW"', "schools.toml", "policy.twice"),
        (
            "schools.toml",
            "class_size = 45",
            "class_size = 66",
            "schools.toml:2141041101",
            "policy.out_of_range",
        ),
        (
            "catchment.toml",
            "groups = [1, 2, 3, 4, 5]",
            "groups = [1, 2, 3, 4, 9]",
            "catchment.toml:2",
            "policy.unknown_group",
        ),
        (
            "catchment.toml",
            "groups = [1, 2, 3, 4, 5]",
            "groups = [1, -2]",
            "catchment.toml:2",
            "policy.wrong_type",
        ),
        (
            "catchment.toml",
            "groups = [1, 2, 3, 4, 5]",
            "groups = [5, 6]",
            "catchment.toml:410411200202",
            "policy.catchment_overlap",
        ),
        (
            "catchment.toml",
            'row = "1"',
            'row = "1"\ngroups = [1]',
            "catchment.toml:1",
            "policy.groups_of_several_villages",
        ),
        (
            "catchment.toml",
            'row = "2"',
            'row = "2"\nestates = ["无此小区"]',
            "catchment.toml:2",
            "policy.unknown_estate",
        ),
        (
            "catchment.toml",
            'school = "2141041102"',
            'school = "3141041101"',
            "catchment.toml:2",
            "policy.school_kind",
        ),
        (
            "self_check.toml",
            'code = "T1-2"',
            'code = "T1-1"',
            "self_check.toml:T1-1",
            "policy.twice",
        ),
        ("self_check.toml", '"Z1"', '"Z26"', "self_check.toml:T1-1", "policy.code_not_listed"),
        ("self_check.toml", '"全覆盖、无空白"', "3", "self_check.toml:T1-1", "policy.wrong_type"),
        ("materials.toml", HKB, "XYZ = 3\n[HKB]", "materials.toml:XYZ", "policy.wrong_type"),
        ("materials.toml", HKB, "[HKB", "materials.toml", "policy.malformed"),
        (
            "wording.toml",
            "[no_fee]",
            "[no_fee]\nlang = 'zh'",
            "wording.toml:no_fee",
            "policy.unknown_key",
        ),
    ],
)
def test_every_fault_is_named_with_its_place(
    faults_of: FaultsOf, name: str, old: str, new: str, place: str, rule: str
) -> None:
    assert (place, rule) in faults_of(name, old, new)


def test_nesting_without_end_is_refused(faults_of: FaultsOf) -> None:
    deep = "{ any_of = [" * 8 + '"HKB"' + "] }" * 8
    found = faults_of("categories.toml", 'require = ["HKB", "GID"]', f"require = [{deep}]")
    assert ("categories.toml:A1", "policy.wrong_type") in found


def test_all_of_inside_any_of_is_understood(change: Change) -> None:
    new = 'require = ["HKB", { any_of = ["GID", { all_of = ["RESP", "SOC"] }] }]'
    files = change("categories.toml", 'require = ["HKB", "GID"]', new)
    checklist = load_files(files).categories["A1"].checklist().accept("HKB").accept("RESP")
    assert not checklist.is_complete
    assert checklist.accept("SOC").is_complete


def test_all_faults_are_told_at_once_and_the_gravest_first(change: Change) -> None:
    files = {
        **change("materials.toml", HKB, NEW_MATERIAL),
        "wording.toml": b"[x]\ntext = 1\n",
        "calendar.toml": b"window = [1]",
    }
    with pytest.raises(RuleError) as caught:
        load_files(files)
    details = caught.value.details
    assert details["rule"] == "FB01"
    assert int(details["count"]) >= 4
    assert str(details["faults"]).splitlines()[0] == (
        "materials.toml:PRE FB01 学前教育经历证明 (L3)"
    )
    assert "calendar.toml policy.wrong_type window 1" in str(details["faults"])


def test_an_estate_of_the_community_may_be_named(change: Change) -> None:
    new = 'villages = ["410411009001"]\nestates = ["河滨花园"]'
    files = change("catchment.toml", 'villages = ["410411009001", "410411009002"]', new)
    assert load_files(files).catchment


def test_no_receipt_without_its_sentences(faults_of: FaultsOf) -> None:
    assert ("wording.toml", "policy.missing_key") in faults_of("wording.toml", "[no_fee]", "[fee]")


def test_a_district_that_is_no_number_is_named(faults_of: FaultsOf) -> None:
    found = faults_of("policy.toml", 'district = "410411"', 'district = "(((((("')
    assert ("policy.toml", "policy.wrong_shape") in found


@pytest.mark.parametrize("name", FILES)
def test_an_empty_file_is_no_file(name: str) -> None:
    assert find_faults({**SHIPPED, name: b""})


def test_the_folder_holds_the_twelve_files_and_nothing_else(folder: Path) -> None:
    (folder / "autorun.inf").write_bytes(b"")
    (folder / "notice.toml").unlink()
    with pytest.raises(RuleError) as caught:
        load_package(folder)
    assert caught.value.details["count"] == 2
    assert "autorun.inf policy.unknown_file" in str(caught.value.details["faults"])
    assert "notice.toml policy.missing_file" in str(caught.value.details["faults"])


def test_no_folder_no_link_and_no_huge_file_is_read(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        load_package(tmp_path / "nowhere")
    assert caught.value.code == "policy.no_folder"
    (folder / "notice.toml").write_bytes(b"#" * (512 * 1024 + 1))
    with pytest.raises(UntrustedError) as too_large:
        load_package(folder)
    assert too_large.value.code == "file.too_large"
    (folder / "notice.toml").unlink()
    (folder / "notice.toml").symlink_to(folder / "policy.toml")
    with pytest.raises(UntrustedError) as linked:
        load_package(folder)
    assert linked.value.code == "file.not_regular"


def test_the_digest_is_that_of_the_manifest_and_stock_tools_read_it(
    folder: Path, files: Mapping[str, bytes]
) -> None:
    assert digest(folder) == digest_of(files) == hashlib.sha256(manifest(files)).hexdigest()
    assert load_package(folder).digest == digest(folder)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet"],
        input=manifest(files),
        cwd=folder,
        check=False,
    )
    assert checked.returncode == 0


@pytest.mark.parametrize("name", FILES)
def test_every_byte_of_every_file_counts(name: str, files: Mapping[str, bytes]) -> None:
    assert digest_of({**files, name: files[name] + b"\n"}) != digest_of(files)


def test_the_digest_does_not_hang_on_the_order_of_files(files: Mapping[str, bytes]) -> None:
    assert digest_of(dict(reversed(list(files.items())))) == digest_of(files)


@settings(max_examples=30)
@given(name=st.sampled_from(FILES), data=st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_refusal(name: str, data: bytes) -> None:
    try:
        load_files({**SHIPPED, name: data})
    except ProductError as error:
        assert error.code == "policy.refused"  # noqa: PT017
    else:
        raise AssertionError(name)


@settings(max_examples=60)
@given(data=st.data(), name=st.sampled_from(FILES))
def test_a_file_cut_anywhere_gives_faults_and_no_crash(name: str, data: st.DataObject) -> None:
    text = SHIPPED[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 60, len(text))))
    files = {**SHIPPED, name: text[:start] + text[end:]}
    faults = find_faults(files)
    assert all(fault.rule and fault.place for fault in faults)
    assert faults or load_files(files).digest == digest_of(files)


def test_faults_show_no_unseen_characters(change: Change) -> None:
    files = change("materials.toml", HKB, '["X\\u202eY"]\n[HKB]')
    shown = [str(fault) for fault in find_faults(files)]
    assert any("X?Y" in line for line in shown)
    assert not any("\u202e" in line for line in shown)


def test_reading_gives_the_bytes_as_they_are(folder: Path) -> None:
    assert read_files(folder)["notice.toml"] == (folder / "notice.toml").read_bytes()


def test_a_value_of_the_wrong_kind_is_named_with_its_line_and_what_is_wanted(
    files: Mapping[str, bytes], change: Change
) -> None:
    (fault,) = find_faults(change("policy.toml", 'number = "1"', "number = 2"))
    written = files["policy.toml"].decode().splitlines()
    assert written[fault.line - 1] == 'number = "1"'
    assert (fault.what, fault.key, fault.wanted) == ("number = 2", "number", "text")
    (fault,) = find_faults(change("schools.toml", "classes = 4", 'classes = "4"'))
    assert written_at(files, "schools.toml", fault.line).startswith("classes = 4")
    assert fault.wanted == "number"


def test_the_line_of_an_entry_of_a_list_is_that_of_this_entry(
    files: Mapping[str, bytes], change: Change
) -> None:
    more = 'label = "柳树营村"\ngroups = 8'
    found = find_faults(change("places.toml", more, 'label = "柳树营村"\ngroups = "8"'))
    fault = next(one for one in found if one.rule == "policy.wrong_type")
    assert written_at(files, "places.toml", fault.line) == "groups = 8"
    assert written_at(files, "places.toml", fault.line - 1) == 'label = "柳树营村"'


def written_at(files: Mapping[str, bytes], name: str, line: int) -> str:
    return files[name].decode().splitlines()[line - 1]
