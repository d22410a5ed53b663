"""A school with cases to examine, and the page 材料审核 standing over it, for its tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop_app.domain.acts import Role
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.assigning import AssigningDesk
from desktop_app.services.capture import CaptureDesk
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.materials import MaterialsDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.setup import open_workplace
from desktop_app.services.undoing import UndoDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row, read_rows
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.review_desks import ReviewDesks
from desktop_app.ui.tasks import Tasks
from tests.services.kit import form, number
from tests.ui.conftest import focused
from tests.ui.school import PASSWORD, REGISTRAR, make_folder

REVIEWER = "周敏"


def family(order: int, name: str, **more: str) -> dict[str, str]:
    """Give a form of a made-up family."""
    return form(
        full_name=name,
        id_number=number(order=order),
        guardian_name=f"{name[0]}建军",
        guardian_id_number=number("19890522", order),
        guardian_phone=f"138000{order:05d}",
        **more,
    )


def school_of(folder: Path, forms: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Set up a school whose registrar has registered families; give their records, closed."""
    workplace = make_folder(folder)
    people = PeopleDesk(workplace)
    people.add(REGISTRAR, PASSWORD, [Role.REGISTRAR])
    people.add(REVIEWER, PASSWORD, [Role.REVIEWER])
    workplace.close()
    workplace = enter(folder, REGISTRAR)
    desk = RegistrationDesk(workplace)
    records = {name: desk.register(one).record for name, one in forms.items()}
    workplace.close()
    return records


def enter(folder: Path, person: str) -> Workplace:
    """Open the school as a person."""
    return open_workplace(folder, person, PASSWORD, shipped_policy())


def review_page(workplace: Workplace, tasks: Tasks) -> ReviewPage:
    """Make the page on the real desks."""
    desks = ReviewDesks(
        lists=ListDesk(workplace),
        examination=ExaminationDesk(workplace),
        materials=MaterialsDesk(workplace),
        review=ReviewDesk(workplace),
        undoing=UndoDesk(workplace),
        assigning=AssigningDesk(workplace),
        scans=ScanDesk(workplace),
        capture=CaptureDesk(workplace),
    )
    return ReviewPage(desks, workplace.policy, tasks)


def rows_of(workplace: Workplace, kind: str, **equal: str) -> list[Row]:
    """Read records of a kind as they stand."""
    with workplace.database.read() as connection:
        return read_rows(connection, RECORD_TYPES[kind], workplace.seat.scope, dict(equal))


def press(*keys: Qt.Key) -> None:
    """Press keys one after the other, wherever the focus is."""
    for key in keys:
        QTest.keyClick(focused(), key)


def cells(page: ReviewPage, column: int) -> list[str]:
    """Give what a column of the case says."""
    model = page.case.model
    return [str(model.index(place, column).data()) for place in range(model.rowCount())]


def here(page: ReviewPage) -> str:
    """Give the title of the row of now."""
    found = page.case.row
    return found.title if found is not None else ""


def shown(widget: QWidget) -> bool:
    """Tell whether a part is to be seen."""
    return widget.isVisible()
