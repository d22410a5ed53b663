"""A real school's folder for the tests of the window; only the cost of passwords is lowered."""

from __future__ import annotations

from pathlib import Path

from desktop_app.domain.acts import Role
from desktop_app.security import kdf
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.setup import NewFolder, create_workplace
from desktop_app.services.workplace import Workplace, closing

SCHOOL, DISTRICT = "2141041101", "410411"
PRINCIPAL, REGISTRAR = "赵志强", "刘素琴"
PASSWORD = "sunflower-41"
CHEAP = kdf.Cost(memory=8, passes=1, lanes=1)


def make_folder(folder: Path, kind: str = "school", code: str = SCHOOL) -> Workplace:
    """Set up a data folder and give it open."""
    new = NewFolder(folder, kind, code, "湛河湾小学", PRINCIPAL)
    workplace, _ = create_workplace(new, PASSWORD, shipped_policy())
    return workplace


def make_school(folder: Path) -> Path:
    """Set up a school with a registrar, closed."""
    with closing(make_folder(folder)) as workplace:
        PeopleDesk(workplace).add(REGISTRAR, PASSWORD, [Role.REGISTRAR])
    return folder
