"""Laws of lists taken out: what is masked is nowhere in the file, who took it is always logged."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.commands.practice import furnish_practice
from desktop_app.documents.reader import read_workbook
from desktop_app.domain.acts import SCHOOL_ROLES, Role
from desktop_app.domain.errors import CancelledError, RuleError, WorkplaceError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.exporting import REASON_MOST, SHOWN, ExportDesk, Exported
from desktop_app.services.practice import begin_practice
from desktop_app.services.progress import Progress
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row, read_rows
from tests.services.kit import form, let_in, log_in, number, registered, without
from tests.sync.site import Site

WHY = "学籍核对"
PHONE, PARENT = "13912345678", number("19890522", 141)
SECRETS = {
    "id_number": number(order=300),
    "full_name": "欧阳子涵",
    "hukou_address": "7组88号后院",
    "guardian_name": "欧阳志远",
    "guardian_id_number": PARENT,
    "guardian_phone": PHONE,
}


def told(path: Path) -> str:
    """Give every word of a workbook, the footer and the second sheet too."""
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def log(workplace: Workplace) -> list[Row]:
    with workplace.database.read() as connection:
        return read_rows(connection, RECORD_TYPES["access"], workplace.seat.scope, {})


def lines(place: Path, done: Exported) -> list[dict[str, str]]:
    """Give the children of a list, each by its headings."""
    sheet = openpyxl.load_workbook(place / done.name).worksheets[0]
    rows = [[str(one.value or "") for one in row] for row in sheet.iter_rows()]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1 : 1 + done.rows]]


def incomplete(workplace: Workplace, **more: str) -> str:
    """Register a child whose parent showed no identity card."""
    filled = without(form(**more), "material.GID", "material.HKB")
    return RegistrationDesk(workplace).register(filled).record


# --- masks ---------------------------------------------------------------------------------------


def test_nothing_that_is_masked_stands_anywhere_in_the_file(
    laptop: Workplace, tmp_path: Path
) -> None:
    registered(laptop, **SECRETS)
    desk = ExportDesk(laptop)
    masked = told(tmp_path / desk.export("all", tmp_path, WHY).name)
    whole = told(tmp_path / desk.export("all", tmp_path, WHY, whole=True).name)
    hidden = {*SECRETS.values(), "2018-03-14", "20180314", PHONE[3:7], PARENT[6:14]}
    assert {one for one in hidden if one in masked} == set()
    assert {one for one in SECRETS.values() if one not in whole} == set()
    assert "2018-03" in masked


@given(st.lists(st.integers(100, 998), min_size=1, max_size=3, unique=True))
@settings(max_examples=5)
def test_a_masked_list_differs_from_the_whole_one_in_what_is_masked_alone(
    laptop: Workplace, tmp_path: Path, orders: list[int]
) -> None:
    for order in orders:
        if not RegistrationDesk(laptop).duplicates(form(id_number=number(order=order))):
            registered(laptop, id_number=number(order=order))
    desk = ExportDesk(laptop)
    if not desk.count("all"):
        registered(laptop)
    masked = lines(tmp_path, desk.export("all", tmp_path, WHY))
    whole = lines(tmp_path, desk.export("all", tmp_path, WHY, whole=True))
    differs = {
        head
        for one, other in zip(masked, whole, strict=True)
        for head in one
        if one[head] != other[head]
    }
    assert differs == {
        "姓名",
        "证件号",
        "出生日期",
        "户籍地址",
        "监护人姓名",
        "监护人证件号",
        "联系电话",
    }
    assert len(masked) == desk.count("all")


def test_a_child_without_number_phone_or_second_guardian_is_masked_too(
    laptop: Workplace, tmp_path: Path
) -> None:
    registered(laptop, id_type="Z", id_number="", sex="2", birth_date="2018-03-14")
    (line,) = lines(tmp_path, ExportDesk(laptop).export("all", tmp_path, WHY))
    assert (line["证件号"], line["出生日期"], line["姓名"]) == ("", "2018-03", "罗*桐")


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(SCHOOL_ROLES - {Role.PRINCIPAL}))
def test_only_the_principal_takes_numbers_out_whole(
    site: Site, laptop: Workplace, tmp_path: Path, role: Role
) -> None:
    registered(laptop, **SECRETS)
    let_in(laptop, "刘素琴", role)
    acting = log_in(site, laptop, "刘素琴")
    desk = ExportDesk(acting)
    assert not desk.may_whole()
    masked = told(tmp_path / desk.export("all", tmp_path, WHY).name)
    assert SECRETS["id_number"] not in masked
    with pytest.raises(RuleError, match=r"export\.principal"):
        desk.export("all", tmp_path, WHY, whole=True)
    assert {row.created_by for row in log(acting)} == {acting.person}
    assert len(log(acting)) == len(list(tmp_path.glob("名单*.xlsx")))
    assert "刘素琴" in masked


def test_of_practice_nothing_leaves(laptop: Workplace, tmp_path: Path) -> None:
    made = begin_practice(tmp_path / "data", laptop.policy, furnish_practice)
    try:
        with pytest.raises(RuleError, match=r"practice\.stays"):
            ExportDesk(made.workplace).export("all", tmp_path, WHY)
        assert log(made.workplace) == []
    finally:
        made.workplace.close()
        made.end()
    assert list(tmp_path.glob("*.xlsx")) == []


# --- reason and log ------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", " ", "\n\t", "\u3000"])
def test_without_a_word_why_nothing_is_taken_out(
    laptop: Workplace, tmp_path: Path, reason: str
) -> None:
    registered(laptop)
    with pytest.raises(RuleError, match=r"export\.reason"):
        ExportDesk(laptop).export("all", tmp_path, reason)
    assert (log(laptop), list(tmp_path.glob("*.xlsx"))) == ([], [])


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        (" 学籍 \n 核对 ", "学籍 核对"),
        ("长" * 200, "长" * REASON_MOST),
        ("=1+1", "=1+1"),
        ("&P&D<x>", "&P&D<x>"),
    ],
)
def test_the_reason_is_one_line_the_same_in_the_log_and_on_every_sheet(
    laptop: Workplace, tmp_path: Path, reason: str, kept: str
) -> None:
    child = registered(laptop)
    done = ExportDesk(laptop).export("all", tmp_path, reason)
    assert [(row.text("applicant"), row.text("reason")) for row in log(laptop)] == [(child, kept)]
    book = openpyxl.load_workbook(tmp_path / done.name)
    marks = [str(row[0].value) for row in book.worksheets[0].iter_rows() if row[0].value]
    assert marks[-1].endswith(f"用途：{kept}")
    note = {str(row[0].value): row[1] for row in book.worksheets[1].iter_rows()}
    assert (note["用途"].value, note["用途"].data_type) == (kept, "s")
    assert note["行数"].value == "1"


def test_the_log_is_signed_and_names_each_child_of_the_list_and_no_other(
    laptop: Workplace, tmp_path: Path
) -> None:
    registered(laptop)
    lacking = incomplete(laptop, full_name="王子涵", id_number=number(order=300))
    ExportDesk(laptop).export("missing", tmp_path, WHY)
    (row,) = log(laptop)
    assert (row.text("applicant"), row.text("what")) == (lacking, "export")
    with laptop.database.read() as connection:
        signed = connection.exec_driver_sql(
            "SELECT signed FROM operation WHERE kind = 'access'"
        ).scalars()
        assert list(signed) == [1]


def test_a_list_that_was_stopped_is_neither_logged_nor_written(
    laptop: Workplace, tmp_path: Path
) -> None:
    registered(laptop)
    registered(laptop, full_name="王子涵", id_number=number(order=300))

    class StopAtTheSecond(Progress):
        def step(self, done: int, total: int, note_code: str = "") -> None:
            if done == 1:
                self.cancel()
            super().step(done, total, note_code)

    with pytest.raises(CancelledError):
        ExportDesk(laptop).export("all", tmp_path, WHY, progress=StopAtTheSecond())
    assert (log(laptop), list(tmp_path.glob("*.xlsx"))) == ([], [])


def test_what_the_disk_refused_is_logged_and_leaves_no_file(
    laptop: Workplace, tmp_path: Path
) -> None:
    registered(laptop)
    gone = tmp_path / "gone"
    with pytest.raises(WorkplaceError):
        ExportDesk(laptop).export("all", gone, WHY)
    assert len(log(laptop)) == 1, "an entry too many is better than a list nobody knows of"
    assert not gone.exists()


# --- lists ---------------------------------------------------------------------------------------


def receipts(of: Sequence[dict[str, str]]) -> set[str]:
    return {one["回执号"] for one in of}


def test_each_list_holds_whom_it_counts_and_an_empty_one_is_refused(
    laptop: Workplace, tmp_path: Path
) -> None:
    registered(laptop)
    incomplete(laptop, full_name="王子涵", id_number=number(order=300))
    desk = ExportDesk(laptop)
    taken = {}
    for which in SHOWN:
        if desk.count(which):
            done = desk.export(which, tmp_path, WHY)
            taken[which] = receipts(lines(tmp_path, done))
            assert len(taken[which]) == done.rows == desk.count(which)
        else:
            with pytest.raises(RuleError, match=r"export\.nobody"):
                desk.export(which, tmp_path, WHY)
    assert len(taken["all"]) == 2
    assert len(taken["missing"]) == 1
    assert all(one <= taken["all"] for one in taken.values())
    assert len(list(tmp_path.glob("名单*.xlsx"))) == len(taken)


def test_drafts_are_nobody_s_registration(laptop: Workplace, tmp_path: Path) -> None:
    registered(laptop)
    for which in ("draft", "drafts", ""):
        with pytest.raises(RuleError, match=r"export\.nobody"):
            ExportDesk(laptop).export(which, tmp_path, WHY)
    assert log(laptop) == []


def test_a_list_taken_out_passes_the_product_s_own_guard_and_says_its_numbers_as_text(
    laptop: Workplace, tmp_path: Path
) -> None:
    registered(laptop, **SECRETS)
    done = ExportDesk(laptop).export("all", tmp_path, WHY, whole=True)
    sheet = read_workbook(tmp_path / done.name)
    at = sheet.headers.index("证件号")
    cell = sheet.rows[0].cell(at)
    assert (cell.kind, cell.text) == ("text", SECRETS["id_number"])
    assert sheet.others == ("导出说明",)
