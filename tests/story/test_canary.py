"""The canary: names and numbers planted in a school's day lie nowhere in clear.

Looked through are data, temporary and log folders of a process that registered, searched, printed,
exported, backed up and restored. The hunt itself is proved by what it does find: a planted file,
the pages of a sort that SQLCipher was allowed to put into a temporary file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.domain.identity import make_check_digit
from tests.story.hunt import hunt, hunt_report

FAMILIES = 20

DAY = """
import json, logging, sys
from pathlib import Path

root, families = Path(sys.argv[1]), json.loads(sys.stdin.read())
logging.basicConfig(filename=root / "logs" / "all.log", level=logging.DEBUG)

from desktop_app.security import kdf
kdf.STANDARD = kdf.Cost(memory=8, passes=1, lanes=1)

from desktop_app.domain.errors import ProductError
from desktop_app.services.backup import back_up
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.private_notes import PrivateNotes
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import Decision, RegistrationDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.domain.acts import Role
from desktop_app.storage.drafts import Draft
from desktop_app.services.restoring import restore_by_password
from tests.sync.site import PASSWORD, Site, hand, reply, shipped_policy, take

site = Site(root / "data", shipped_policy())
district = site.found()
laptop = site.laptop(district, "laptop")
desk, said = RegistrationDesk(laptop), logging.getLogger("day")
records = []
for at, family in enumerate(families):
    desk.save_draft(Draft(f"d{at}", laptop.person, family, "guardian_phone"))
    records.append(desk.register(family).record)
    for again in (family, family | {"id_number": family["id_number"][:17] + "A"}):
        try:
            desk.register(again)
        except ProductError as error:
            said.warning("refused: %s %s", error, error.details)
    if at % 2:
        desk.drop_draft(f"d{at}")
for record, family in zip(records, families):
    MaterialsDesk(laptop).mark(record, Mark("HKB", "accepted", number=family["id_number"]))
    PrivateNotes(laptop).attach(record, family["full_name"] + family["guardian_phone"])
    ReceiptDesk(laptop).view(record)
    ReceiptDesk(laptop).log_print(record)
    CaseDesk(laptop).unmask(record)
    ListDesk(laptop).search(family["full_name"])
    ListDesk(laptop).search(family["id_number"][-4:])
desk.take_back(records[0])
PeopleDesk(laptop).add(families[1]["guardian_name"], "autumn-maple-66", [Role.REVIEWER])
PeopleDesk(laptop).end(families[1]["guardian_name"])
handed = hand(laptop, root / "data" / "stick")
take(district, handed.path)
take(laptop, reply(district, root / "data" / "stick").path)
made = back_up(laptop, root / "data" / "backups")
again = restore_by_password(made.path, root / "data" / "again", "赵志强", PASSWORD, site.policy)
again.workplace.close()
if sys.argv[2] == "die":
    import os
    os._exit(9)
site.close()
"""

SORT = """
import sys
from pathlib import Path
from desktop_app.storage import database

kept, place = sys.argv[1], Path(sys.argv[2])
database.PRAGMAS["temp_store"] = kept
database.PRAGMAS["cache_size"] = "100"
names = sys.stdin.read().split()
base = database.Database(place / "sort.db", lambda: bytearray(48))
with base.write() as connection:
    connection.exec_driver_sql("CREATE TABLE child (name TEXT, filler TEXT)")
    for at in range(12_000):
        row = (f"{names[at % len(names)]}{at * 7919 % 12_000}", "x" * 300)
        connection.exec_driver_sql("INSERT INTO child VALUES (?, ?)", row)
with base.read() as connection:
    rows = connection.exec_driver_sql("SELECT name, filler FROM child ORDER BY name, filler")
    rows.fetchone()
    for number, link in enumerate(sorted(Path("/proc/self/fd").iterdir())):
        name = link.readlink().as_posix() if link.is_symlink() else ""
        if name.startswith(str(place / "temporary")):
            (place / "found" / str(number)).write_bytes(link.read_bytes())
base.close()
"""


def family(at: int) -> dict[str, str]:
    """Make up one family that occurs nowhere else in the world."""
    body = f"4199992018{at % 8 + 1:02d}{at % 27 + 1:02d}{700 + at}"
    parent = f"4199991988{at % 9 + 1:02d}{at % 27 + 1:02d}{300 + at}"
    sign, other = "鸢鹮麒鼐龘"[at % 5], "甯懿皛翾"[at % 4]
    return {
        "id_number": body + make_check_digit(body),
        "full_name": f"夏侯{sign}{other}{'一二三四五六七八九十'[at % 10]}",
        "ethnic_code": "01",
        "hukou_village": "410411200201",
        "hukou_address": f"3组{27 + at}号院鹮翾楼",
        "same_address": "1",
        "category": "A1",
        "boarding_code": "1",
        "guardian_name": f"夏侯{other}{sign}{'甲乙丙丁戊己庚辛壬癸'[at % 10]}",
        "guardian_relation": "51",
        "guardian_id_number": parent + make_check_digit(parent),
        "guardian_phone": f"1390417{at:02d}{(at * 37) % 100:02d}",
        "notice_read": "1",
        "material.HKB": "accepted",
    }


def needles() -> list[str]:
    planted = ("id_number", "full_name", "guardian_name", "guardian_id_number", "guardian_phone")
    return [family(at)[name] for at in range(FAMILIES) for name in planted]


@dataclass
class Day:
    """Folders of one school's day, and how the process that lived it ended."""

    root: Path
    status: int
    told: str


def run(repository: Path, script: str, given: str, folder: Path, *words: str) -> tuple[int, str]:
    """Run a script in a process of its own whose temporary files lie in a folder of ours."""
    temporary = str(folder)
    environment = {
        **os.environ,
        "TMPDIR": temporary,
        "SQLITE_TMPDIR": temporary,
        "PYTHONPATH": str(repository),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    ran = subprocess.run(
        [sys.executable, "-c", script, *words],
        input=given.encode(),
        capture_output=True,
        env=environment,
        check=False,
        timeout=120,
    )
    return ran.returncode, (ran.stdout + ran.stderr).decode("utf-8", "replace")


@pytest.fixture(scope="module")
def lived() -> dict[str, Day]:
    """Keep the days that were lived, whatever order the tests come in."""
    return {}


@pytest.fixture(params=["close", "die"])
def day(
    request: pytest.FixtureRequest,
    lived: dict[str, Day],
    tmp_path_factory: pytest.TempPathFactory,
    repository: Path,
) -> Day:
    """Live the day once to its close, and once until the process dies where it stands."""
    ending = str(request.param)
    if ending not in lived:
        root = tmp_path_factory.mktemp("canary")
        for name in ("data", "temporary", "logs"):
            (root / name).mkdir()
        given = json.dumps([family(at) for at in range(FAMILIES)])
        status, told = run(repository, DAY, given, root / "temporary", str(root), ending)
        assert status == (9 if ending == "die" else 0), told
        lived[ending] = Day(root, status, told)
    return lived[ending]


def test_nothing_planted_lies_in_clear_in_data_temporary_or_log_folders(day: Day) -> None:
    report = hunt_report([day.root / name for name in ("data", "temporary", "logs")], needles())
    assert not report.hits
    assert report.files > 20
    assert report.bytes > 1_000_000


def test_nothing_planted_is_said_on_the_console(day: Day) -> None:
    assert not [needle for needle in needles() if needle in day.told]


def test_the_logs_were_written_and_name_codes_only(day: Day) -> None:
    written = (day.root / "logs" / "all.log").read_text("utf-8")
    assert written.count("refused:") == 2 * FAMILIES
    assert "form.duplicate" in written


def test_a_dead_process_leaves_the_log_of_its_database_and_nothing_readable_in_it(
    day: Day,
) -> None:
    logs = [one for one in (day.root / "data").rglob("*-wal") if one.stat().st_size]
    assert bool(logs) == (day.status == 9)
    assert hunt(logs, needles()) == [] if logs else day.status == 0


@pytest.mark.parametrize("where", ["data", "temporary", "logs"])
def test_the_hunt_finds_each_planted_needle(day: Day, where: str, tmp_path: Path) -> None:
    planted = tmp_path / where
    planted.mkdir()
    (planted / "leak").write_bytes(b"\0".join(one.encode() for one in needles()))
    assert {hit.needle for hit in hunt([planted], needles())} == set(needles())


def sorted_in(repository: Path, folder: Path, store: str) -> list[str]:
    """Sort more than the cache holds with a ``temp_store``; give the needles that spilled."""
    for name in ("temporary", "found"):
        (folder / name).mkdir()
    names = [family(at)["full_name"] for at in range(FAMILIES)]
    status, told = run(repository, SORT, " ".join(names), folder / "temporary", store, str(folder))
    assert status == 0, told
    return sorted({hit.needle for hit in hunt([folder / "found"], names)})


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at open files in /proc")
def test_a_sort_on_the_disk_would_be_found_and_the_product_s_setting_leaves_nothing(
    repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").mkdir()
    (tmp_path / "memory").mkdir()
    spilled = sorted_in(repository, tmp_path / "file", "1")
    assert len(spilled) == FAMILIES
    assert sorted_in(repository, tmp_path / "memory", "2") == []
    assert list((tmp_path / "memory" / "found").iterdir()) == []
