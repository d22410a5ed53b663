"""No query of the product scans a table or sorts in memory; a registration has a fixed price."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from desktop_app.domain.acts import Role
from desktop_app.domain.duplicates import Candidate
from desktop_app.storage import answering, appeals, crossing, numbers, queries
from desktop_app.storage.drafts import Draft, Drafts
from desktop_app.storage.settings import Settings
from tests.feeds.kit import SCHOOL
from tests.storage.kit import CHILD, OFFICER, PARENT, PRINCIPAL, REVIEWER, Laptop

REPOSITORY = Path(__file__).resolve().parents[2]
WHOLE = ("FROM feed ORDER BY feed", "FROM carried")
"""Small tables read whole on purpose: feeds once per work, and what was carried."""
EXPLAINED = re.compile(r"\s*(SELECT|UPDATE|DELETE|INSERT)\b", re.IGNORECASE)


@contextmanager
def heard(laptop: Laptop) -> Iterator[list[tuple[str, object]]]:
    """Listen to the statements of a laptop's database."""
    statements: list[tuple[str, object]] = []

    def hear(*arguments: object) -> None:
        statements.append((str(arguments[2]), arguments[3]))

    engine = laptop.database._engine
    event.listen(engine, "before_cursor_execute", hear)
    yield statements
    event.remove(engine, "before_cursor_execute", hear)


def use_everything(laptop: Laptop) -> None:
    """Use every query and every kind of write once, on records of every sort."""
    write_everything(laptop)
    drafts = Drafts(laptop.database)
    drafts.save(Draft("d1", "p1", {"full_name": "单"}, "sex"))
    assert drafts.of_person("p1")
    assert drafts.count() == 1
    drafts.drop("d1", "p1")
    settings = Settings(laptop.database)
    settings.set("x", "y")
    assert settings.get("x") == "y"
    with laptop.database.write() as connection:
        numbers.grant_block(connection, "ZHW-2", 1, 9)
        assert numbers.next_number(connection) == ("ZHW-2", 1)
        assert numbers.numbers_left(connection) == 8
        numbers.close_blocks(connection, "ZHW-3")
    read_everything(laptop)


def write_everything(laptop: Laptop) -> None:
    laptop.grant(PRINCIPAL, Role.PRINCIPAL, Role.REVIEWER)
    laptop.grant(REVIEWER, Role.REVIEWER)
    record = laptop.register(missing_materials="HKB")
    laptop.create(
        "material_check", applicant=record, material="HKB", result="missing", due_on="2024-08-30"
    )
    laptop.edit("applicant", record, full_name="单子涵")
    laptop.edit("applicant", record, REVIEWER, signed=True, review="passed")
    laptop.remove("applicant", laptop.register())
    with laptop.journal.begin(laptop.actor()) as work:
        work.rows("guardian", applicant=record)
        work.keep("applicant", record)
        work.judge_everything_again()
    laptop.create("day_close", signed=True, day="2024-08-24")


def read_everything(laptop: Laptop) -> None:
    probe = Candidate(
        "",
        SCHOOL,
        id_numbers=frozenset({str(CHILD["id_number"])}),
        birth_dates=frozenset({str(CHILD["birth_date"])}),
        birth_certificates=frozenset({"T410000001"}),
        guardian_numbers=frozenset({str(PARENT["id_number"])}),
        phones=frozenset({str(PARENT["phone"])}),
    )
    with laptop.database.read() as connection:
        for which in queries.FILTERS:
            queries.applicant_page(connection, SCHOOL, which, None, 50)
        page = queries.applicant_page(connection, SCHOOL, "all", (2**61, ""), 50)
        assert sum(queries.counts(connection, SCHOOL).values()) == 4
        for which in answering.ANSWER_FILTERS:
            for school in ("", SCHOOL):
                answering.answer_page(connection, which, school, None, 50)
        answering.answer_page(connection, "all", "", (SCHOOL, 1, ""), 50)
        assert answering.answer_counts(connection, SCHOOL)["all"] == 1
        assert answering.answer_counts(connection, "")["unanswered"] == 1
        assert answering.answered_by_school(connection) == {}
        assert answering.unseen_corrections(connection, SCHOOL) == frozenset()
        assert answering.unseen_corrections(connection) == frozenset()
        for school in ("", SCHOOL):
            assert appeals.appeals(connection, school) == []
            assert appeals.appeal_counts(connection, school) == {}
        assert queries.day_counts(connection, SCHOOL, 0, 2**61)[0] == 1
        assert queries.review_queue(connection, SCHOOL, None, 50) is not None
        assert queries.follow_up(connection, SCHOOL, "2024-09-01", None, 50)
        assert queries.search(connection, SCHOOL, "单 2640", 20).both
        assert queries.search(connection, SCHOOL, "单 9999", 20).any
        record = page.lines[0].record
        assert queries.applicant_file(connection, SCHOOL, record).record == record
        assert queries.history(connection, SCHOOL, record)
        assert queries.duplicate_candidates(connection, SCHOOL, probe)
        assert queries.duplicate_candidates(connection, None, probe)
        assert queries.feeds_overview(connection)
        assert queries.attention(connection, None, 50)
        assert appeals.appeals_of(connection, SCHOOL, record) == []
        assert crossing.crossing_pairs(connection) == set()
        assert crossing.crossing_matters(connection) == {}


def faults_of(plan: list[str]) -> list[str]:
    """Name the steps of a plan that read a whole table or sort."""
    return [
        step
        for step in plan
        if ("SCAN" in step or "TEMP B-TREE" in step)
        and "VIRTUAL TABLE" not in step
        and ("COVERING INDEX" not in step or "TEMP B-TREE" in step)
        # ``shared`` is no table: it is what an index was found to hold in two schools.
        and not re.fullmatch(r"SCAN (CONSTANT ROW|\d+ CONSTANT ROWS?|json_each|shared)", step)
    ]


def plans(laptop: Laptop, statements: list[tuple[str, object]]) -> Iterator[tuple[str, list[str]]]:
    with laptop.database.raw() as connection:
        chosen = {text: given for text, given in statements if EXPLAINED.match(text)}
        for statement, parameters in chosen.items():
            one = parameters[0] if isinstance(parameters, list) else parameters
            rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", one).fetchall()
            yield statement, [row[3] for row in rows]


def test_no_product_query_scans_or_sorts(laptop: Laptop) -> None:
    district = Laptop(laptop.path.parent / "d", "d", "district:410411", district=True, lead=None)
    district.create("feed_limit", OFFICER, signed=True, feed=laptop.feed, sequence=9**9, hash="0")
    with heard(laptop) as statements:
        district.give(laptop)
        use_everything(laptop)
    district.close()
    found = {text: faults_of(plan) for text, plan in plans(laptop, statements)}
    assert len(found) > 60
    bad = {
        text: faults
        for text, faults in found.items()
        if faults and not any(sign in text for sign in WHOLE)
    }
    assert not bad


def test_a_scan_or_a_sort_would_be_seen(laptop: Laptop) -> None:
    laptop.register()
    bad: list[tuple[str, object]] = [
        ("SELECT * FROM projected_applicant WHERE category = 'A1' ORDER BY full_name", ()),
        ("SELECT * FROM operation", ()),
        ("SELECT kind FROM operation WHERE scope = ? GROUP BY hash", ("s",)),
    ]
    assert all(faults_of(plan) for _, plan in plans(laptop, bad))


def register_a_family(laptop: Laptop, number: int) -> None:
    with laptop.journal.begin(laptop.actor()) as work:
        applicant = work.create("applicant", CHILD | {"receipt_number": f"X-{number}"})
        work.create("guardian", PARENT | {"applicant": applicant})
        for material in ("HKB", "GID"):
            values = {"applicant": applicant, "material": material, "result": "accepted"}
            work.create("material_check", values)


def test_a_registration_costs_eleven_statements_however_many_there_are(laptop: Laptop) -> None:
    counted = []
    register_a_family(laptop, 0)  # the first after the start works the authority out
    for number in range(1, 4):
        with heard(laptop) as statements:
            register_a_family(laptop, number)
        counted.append([text.split(" (")[0] for text, _ in statements])
    assert counted[0] == counted[1] == counted[2]
    assert [text.split()[0] for text in counted[0]] == [
        "SELECT", "INSERT", "UPDATE", *["INSERT"] * 3, *["SELECT"] * 2, "INSERT",
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace counts the system calls")
def test_a_registration_costs_one_fsync(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from tests.storage.kit import Laptop\n"
        "from tests.storage.test_plans import register_a_family\n"
        "laptop = Laptop(Path(sys.argv[1]))\n"
        "for number in range(12):\n"
        "    os.write(1, b'begin')\n"
        "    register_a_family(laptop, number)\n"
        "os.write(1, b'end')\n"
    )
    trace = tmp_path / "trace"
    subprocess.run(
        [
            *("strace", "-o", str(trace), "-e", "trace=fsync,fdatasync,write"),
            *(sys.executable, "-c", script, str(tmp_path / "data")),
        ],
        cwd=REPOSITORY,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    parts = trace.read_text().split('write(1, "begin", 5)')[1:]
    counts = [len(re.findall(r"^f(?:data)?sync\(", part, re.MULTILINE)) for part in parts]
    assert len(counts) == 12
    # The log's first frame after the migration may bring its header's sync; no commit has more.
    assert counts[1:].count(1) >= 10
    assert max(counts) <= 3
