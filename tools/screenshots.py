"""Make the pictures of ``docs/screenshots``: a made-up district and school, a day, every page.

    .venv/bin/python tools/screenshots.py docs/screenshots

The window part of the demo takes the pictures, as in ``main.py demo``; here the first bundle has
already been answered, so that the pages show something of every kind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from desktop_app.commands.demo_exchange import answer_school, hand_over, take_answer  # noqa: E402
from desktop_app.commands.demo_school import (  # noqa: E402
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
from desktop_app.services.intake import WorkbookDesk  # noqa: E402
from desktop_app.services.policies import shipped_policy  # noqa: E402
from desktop_app.services.progress import Progress  # noqa: E402

FAMILIES = 90
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
    },
    REVIEWER: {"review"},
    PRINCIPAL: {"exchange", "day", "people", "join"},
    OFFICER: {"intake", "tickets"},
}
"""Whose pictures are kept: each page as the person it is for sees it."""


def play_a_day(seats: Seats) -> None:
    """Set both seats up, register, review, exchange once, and register a few more."""
    set_up_school(seats, *set_up_district(seats))
    village = make_village(seats.out / "village.xlsx", FAMILIES, 7, seats.policy)
    with seats.at_school(REGISTRAR) as workplace:
        WorkbookDesk(workplace).take_in(village.path, Progress())
        bring_late_papers(workplace)
        scan_papers(workplace, 12)
    with seats.at_school(REVIEWER) as workplace:
        review(workplace)
    stick, back = seats.folder("stick"), seats.folder("back")
    with seats.at_school(PRINCIPAL) as workplace:
        hand_over(workplace, stick)
    with seats.district() as workplace:
        answer_school(workplace, seats.school, stick, back)
    with seats.at_school(PRINCIPAL) as workplace:
        take_answer(workplace, back)
    with seats.at_school(REGISTRAR) as workplace:
        mend_by_hand(workplace, village.mended_forms())


def take_pictures(seats: Seats, person: str, out: Path) -> None:
    """Run the window part as one person, and keep the pictures of theirs."""
    folder = seats.district_data if person == OFFICER else seats.school_data
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
        if picture.stem in PAGES[person]:
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
        for person in (REGISTRAR, REVIEWER, PRINCIPAL, OFFICER):
            take_pictures(seats, person, out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
