"""What an officer compares of two registrations, side by side, masked where lists mask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from desktop_app.domain.address import place_key
from desktop_app.domain.masks import mask_number, mask_phone
from desktop_app.policy.package import Policy
from desktop_app.services.calendar import local_time
from desktop_app.services.wording import code_label, village_label
from desktop_app.storage.applicant_file import ApplicantFile
from desktop_app.storage.rows import Row


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both children, masked where lists mask it.

    ``same`` and ``differs`` are judged on the whole; neither where a side says nothing, or where
    it tells nothing of the child.
    """

    label: str
    left: str
    right: str
    same: bool
    differs: bool = False


def _plain(text: str) -> str:
    return text


def _coded(name: str) -> Callable[[str], str]:
    return lambda value: code_label(name, value) if value else ""


_CHILD: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("full_name", "姓名", _plain),
    ("id_number", "证件号", mask_number),
    ("sex", "性别", _coded("sex")),
    ("birth_date", "出生日期", _plain),
    ("birth_certificate", "出生证号", mask_number),
)
_PARENT: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("full_name", "监护人", _plain),
    ("id_number", "监护人证件", mask_number),
    ("phone", "联系电话", mask_phone),
)
_HOMES = (("hukou", "户籍地址"), ("current", "现住址"))
_CASE: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("receipt_number", "回执号", _plain),
    ("review", "校审", _coded("review")),
    ("district_status", "区级答复", _coded("district_status")),
)
_Sides = tuple[Row | None, Row | None]


def compare(policy: Policy, left: ApplicantFile, right: ApplicantFile) -> Iterator[Compared]:
    """Put what an officer compares side by side."""
    children = (left.applicant, right.applicant)
    parents = (_first_guardian(left), _first_guardian(right))
    for fields, sides in ((_CHILD, children), (_PARENT, parents)):
        for name, label, show in fields:
            one, other = _texts(sides, name)
            yield _judged(label, (show(one), show(other)), (one, other))
    for kind, label in _HOMES:
        yield _home(policy, kind, label, children)
    for name, label, show in _CASE:
        one, other = _texts(children, name)
        yield Compared(label, show(one), show(other), same=False)
    yield Compared("登记时间", registered_at(left), registered_at(right), same=False)
    if any(child.text("paper_date") for child in children):
        yield Compared("纸质表日期", *_texts(children, "paper_date"), same=False)


def registered_at(file: ApplicantFile) -> str:
    """Say to the minute when a computer wrote a registration down, by its clock."""
    return f"{local_time(file.applicant.created_at):%Y-%m-%d %H:%M}"


def came_at(file: ApplicantFile) -> str:
    """Say when a family came: the day on its paper form, or when it was written down."""
    return file.applicant.text("paper_date") or registered_at(file)


def _first_guardian(file: ApplicantFile) -> Row | None:
    return file.guardians[0] if file.guardians else None


def _texts(sides: _Sides, name: str) -> tuple[str, str]:
    one, other = ("" if row is None else row.text(name) for row in sides)
    return one, other


def _judged(label: str, shown: tuple[str, str], by: tuple[str, str]) -> Compared:
    """Judge two values by what they are compared by."""
    both = all(by)
    return Compared(label, *shown, same=both and by[0] == by[1], differs=both and by[0] != by[1])


def _home(policy: Policy, kind: str, label: str, children: tuple[Row, Row]) -> Compared:
    """Compare two homes, the village too; one door in two spellings is one home."""
    shown, by = [], []
    for child in children:
        village, door = child.text(f"{kind}_village"), child.text(f"{kind}_address")
        words = f"{village_label(policy, village)} {door}".strip()
        shown.append(words)
        by.append(place_key(village, door) or words)
    return _judged(label, (shown[0], shown[1]), (by[0], by[1]))
