"""The use cases of the page 材料审核."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.services.assigning import AssigningDesk
from desktop_app.services.capture import CaptureDesk
from desktop_app.services.examination import Examination, ExaminationDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.materials import MaterialsDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.undoing import UndoDesk


@dataclass(frozen=True, slots=True)
class ReviewDesks:
    """The use cases of the page."""

    lists: ListDesk
    examination: ExaminationDesk
    materials: MaterialsDesk
    review: ReviewDesk
    scans: ScanDesk
    undoing: UndoDesk
    assigning: AssigningDesk
    capture: CaptureDesk

    def open(self, record: str) -> Examination:
        """Give a case; what a scanning program saves from now on is offered for it."""
        self.capture.begin(record)
        return self.examination.open(record)
