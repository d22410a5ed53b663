"""Make the pictures of ``docs/screenshots``: a made-up district and school, a day, every page.

    .venv/bin/python tools/screenshots.py docs/screenshots

The window part of the demo takes the pictures, as in ``main.py demo``; here the first bundle has
already been answered, a second laptop has written apart, one child is registered at two schools,
and a spare laptop asks to be let in, so that the pages show something of every kind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from desktop_app.commands.demo_desks import (  # noqa: E402
    at_desk,
    go_round,
    register_families,
    set_up_desks,
    visit,
    walk_ins,
)
from desktop_app.commands.demo_exchange import answer_school, hand_over, take_answer  # noqa: E402
from desktop_app.commands.demo_school import (  # noqa: E402
    applicants,
    bring_late_papers,
    mend_by_hand,
    review,
    scan_papers,
)
from desktop_app.commands.demo_seats import (  # noqa: E402
    OFFICER,
    PRINCIPAL,
    REGISTRAR,
    REVIEWER,
    Seats,
    set_up_district,
    set_up_school,
)
from desktop_app.commands.demo_village import make_village  # noqa: E402
from desktop_app.commands.families import Family  # noqa: E402
from desktop_app.services.appeals import AppealDesk  # noqa: E402
from desktop_app.services.district_office import DistrictOffice  # noqa: E402
from desktop_app.services.intake import WorkbookDesk  # noqa: E402
from desktop_app.services.policies import shipped_policy  # noqa: E402
from desktop_app.services.policy_desk import PolicyDesk  # noqa: E402
from desktop_app.services.progress import Progress  # noqa: E402
from desktop_app.services.queueing import QueueDesk  # noqa: E402
from desktop_app.services.setup import NewFolder, create_workplace  # noqa: E402
from desktop_app.services.workplace import Workplace, closing  # noqa: E402
from desktop_app.sync.accepting import request  # noqa: E402
from desktop_app.sync.joining import use_ticket  # noqa: E402
from desktop_app.sync.laptops import LaptopDesk  # noqa: E402

FAMILIES = 90
ELSEWHERE = 6
"""So many families go to the second laptop, beside two that come again."""
SCREEN = {"width": 1366, "height": 768, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
PAGES = {
    REGISTRAR: {
        "first_run",
        "login",
        "lock",
        "registration",
        "registration_150",
        "registration_200",
        "registration_dark",
        "today",
        "queue",
        "follow_up",
    },
    REVIEWER: {"review"},
    PRINCIPAL: {"exchange", "merge", "conflict", "day", "people", "appeals", "retention"},
    OFFICER: {"intake", "answers", "crossing", "graduates", "tickets", "laptops", "policies"},
}
"""Whose pictures are kept: each page as the person it is for sees it."""
COMPLAINTS = (
    ("placement", "住在村东头，怎么划到了别的学校"),
    ("materials", "居住证在办，问能不能先登记"),
)
SPARE_PAGES = {"join", "request"}
"""The pages that a laptop needs which has not joined."""


def play_a_day(seats: Seats) -> None:
    """Set both seats up, register, review, exchange once, and register a few more."""
    set_up_school(seats, *set_up_district(seats))
    village = make_village(seats.out / "village.xlsx", FAMILIES, 7, seats.policy, seats.school)
    with seats.at_school(REGISTRAR) as workplace:
        WorkbookDesk(workplace).take_in(village.path, Progress())
        bring_late_papers(workplace)
        scan_papers(workplace, 12)
        busy_desk(workplace)
    known = [one for one in village.sheet.registered if one.id_type == "1"]
    write_apart(seats, known)
    with seats.at_school(REVIEWER) as workplace:
        review(workplace)
    stick, back = seats.folder("stick"), seats.folder("back")
    with seats.at_school(PRINCIPAL) as workplace:
        hand_over(workplace, stick)
    other_school(seats, known, stick)
    with seats.district() as workplace:
        answer_school(workplace, seats.school, stick, back)
    with seats.at_school(PRINCIPAL) as workplace:
        take_answer(workplace, back)
    with seats.at_school(REGISTRAR) as workplace:
        mend_by_hand(workplace, village.mended_forms())
    asks_to_be_let_in(seats)
    publish_packages(seats)


def busy_desk(workplace: Workplace) -> None:
    """Give numbers to families that wait, call two of them, and write two complaints down."""
    queue, appeals = QueueDesk(workplace), AppealDesk(workplace)
    for village in list(workplace.policy.villages)[:4] * 3:
        queue.give(village, "A1")
    for _ in range(2):
        queue.call_next()
    for row, (matter, words) in zip(applicants(workplace)[6:], COMPLAINTS, strict=False):
        appeals.record(row.record, matter, words)


def write_apart(seats: Seats, known: Sequence[Family]) -> None:
    """Register at a second laptop, go round with a stick, and write one date in two ways."""
    set_up_desks(seats, 2)
    with at_desk(seats, 2) as workplace:
        register_families(workplace, [*walk_ins(seats, 2, ELSEWHERE, 7), *known[:2]])
    go_round(seats, 2, seats.folder("round"))
    with at_desk(seats, 1) as workplace:
        record = applicants(workplace)[4].record
    for number, date in ((1, "2018-03-21"), (2, "2018-03-12")):
        with at_desk(seats, number) as workplace:
            scope = workplace.seat.scope
            with workplace.journal.begin(workplace.actor(), scope) as work:
                work.edit("applicant", record, {"birth_date": date})
    for number in (1, 2, 1):
        with at_desk(seats, number) as workplace:
            visit(workplace, seats.folder("apart"))


def other_school(seats: Seats, known: Sequence[Family], stick: Path) -> None:
    """Register one of the children at a second school too."""
    code = next(
        one.code
        for one in seats.policy.schools.values()
        if one.stage == "P1" and one.code != seats.school
    )
    with seats.district() as workplace:
        office = DistrictOffice(workplace)
        ticket = office.issue(code, "1", 1, 9_999)
        fingerprint = office.fingerprint()
    folder, label = seats.out / "other-school", seats.policy.schools[code].label
    new = NewFolder(folder, "school", code, label, PRINCIPAL)
    workplace, _ = create_workplace(new, seats.password(PRINCIPAL), seats.policy)
    with closing(workplace):
        use_ticket(workplace, ticket.file, ticket.code, fingerprint)
        register_families(workplace, known[2:5])
        hand_over(workplace, stick)


def asks_to_be_let_in(seats: Seats) -> None:
    """Set up a laptop without a ticket, and let the district hear of it."""
    label = seats.policy.schools[seats.school].label
    new = NewFolder(spare(seats), "school", seats.school, label, PRINCIPAL)
    workplace, _ = create_workplace(new, seats.password(PRINCIPAL), seats.policy)
    with closing(workplace):
        request(workplace, seats.folder("asking"))
    with seats.district() as district:
        LaptopDesk(district).meet(seats.folder("asking"))


def publish_packages(seats: Seats) -> None:
    """Publish two packages, and take the later one back."""
    with seats.district() as district:
        desk = PolicyDesk(district)
        place = desk.save(seats.folder("packages"))
        main = place / "policy.toml"
        records = []
        for number in (2, 3):
            before, after = (f'number = "{one}"' for one in (number - 1, number))
            main.write_text(main.read_text("utf-8").replace(before, after), "utf-8")
            records.append(desk.publish(desk.examine(place)))
        desk.withdraw(records[-1])


def spare(seats: Seats) -> Path:
    """Name the folder of the laptop that has not joined."""
    return seats.out / "spare"


def take_pictures(seats: Seats, person: str, folder: Path, wanted: set[str], out: Path) -> None:
    """Run the window part as one person, and keep the pictures that are wanted."""
    shots = seats.folder(f"shots-{len(list(seats.out.iterdir()))}")
    words = ["demo-window", "--data", str(folder), "--user", person, "--out", str(shots)]
    words += ["--families", "3" if person == REGISTRAR else "0"]
    screen = seats.out / "screen.json"
    screen.write_text(json.dumps({"screens": [{"name": "one", "x": 0, "y": 0, **SCREEN}]}))
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *words],
        input=f"{seats.password(person)}\n".encode(),
        stdout=subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={screen}"},
        check=False,
    )
    print(person, done.returncode, json.loads(done.stdout or b"{}"))
    for picture in sorted(shots.glob("*.png")):
        if picture.stem in wanted:
            (out / picture.name).write_bytes(picture.read_bytes())


def main() -> int:
    """Make all pictures."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots")
    out.mkdir(parents=True, exist_ok=True)
    policy = shipped_policy()
    school = next(one.code for one in policy.schools.values() if one.stage == "P1")
    with tempfile.TemporaryDirectory() as folder:
        seats = Seats(Path(folder), policy, school)
        play_a_day(seats)
        for person, wanted in PAGES.items():
            data = seats.district_data if person == OFFICER else seats.school_data
            take_pictures(seats, person, data, wanted, out)
        take_pictures(seats, PRINCIPAL, spare(seats), SPARE_PAGES, out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
