"""Whoever has no role sees, takes out and prints nothing: nobody would count who did.

Tried as somebody who was never let in, as somebody who was ended, and, so that the refusal is seen
to be about the person alone, as a registrar: the same acts leave one signed entry that counts.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.policy.package import Policy
from desktop_app.security.session import Session
from desktop_app.security.vault import Vault
from desktop_app.services.arrivals import ArrivalDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.exporting import ExportDesk
from desktop_app.services.follow_up import FollowUpDesk
from desktop_app.services.leftover import LeftoverDesk
from desktop_app.services.own_information import OwnInformationDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.private_notes import PrivateNotes
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.overview import attention
from tests.documents.pictures import jpeg
from tests.services.kit import let_in, registered
from tests.services.test_leftover import Lost, lost, opened
from tests.story.desk_roles import sitting
from tests.sync.site import OTHER_SCHOOL, PASSWORD, SCHOOL, Site, hand, reply, take

__all__ = ["lost"]

LISTED: dict[str, Value] = {
    "season": 2024,
    "full_name": "孟一诺",
    "sex": "2",
    "birth_date": "2012-03-14",
}


@dataclass(frozen=True)
class Desk:
    """A school's laptop with a child, a sealed page, a note and an entry of the list."""

    laptop: Workplace
    child: str
    scan: str
    entry: str
    folder: Path
    people: dict[str, Session]


@pytest.fixture
def desk(site: Site, district: Workplace, laptop: Workplace, tmp_path: Path) -> Desk:
    child = registered(laptop, **{"material.GID": "pending_original"})
    PrivateNotes(laptop).attach(child, "需要坐在前排")
    scan = ScanDesk(laptop).attach(child, "HKB", jpeg())
    take(district, hand(laptop, tmp_path / "there").path)
    district.ensure_feed(SCHOOL)
    with district.journal.begin(district.actor(), SCHOOL) as work:
        entry = work.create("graduate", {**LISTED, "phone": "13800001234"})
    take(laptop, reply(district, tmp_path / "back").path)
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    let_in(laptop, "已离开", Role.REVIEWER)
    ended = Vault.open(laptop.folder).unlock("已离开", PASSWORD)
    PeopleDesk(laptop).end("已离开")
    people = {
        "registrar": Vault.open(laptop.folder).unlock("刘素琴", PASSWORD),
        "stranger": site.laptop(district, "elsewhere", OTHER_SCHOOL).session,
        "ended": ended,
    }
    return Desk(laptop, child, scan, entry, tmp_path, people)


ACTS: dict[str, Callable[[Desk], object]] = {
    "numbers of a case": lambda d: CaseDesk(d.laptop).unmask(d.child),
    "telephone of a family": lambda d: FollowUpDesk(d.laptop).phone(d.child),
    "telephone on the list": lambda d: ArrivalDesk(d.laptop).unmask(d.entry),
    "sealed page": lambda d: ExaminationDesk(d.laptop).look_at(d.child, d.scan, first=True),
    "private note": lambda d: PrivateNotes(d.laptop).read(d.child),
    "list": lambda d: ExportDesk(d.laptop).export("all", d.folder, "核对"),
    "receipt": lambda d: ReceiptDesk(d.laptop).log_print(d.child),
    "notice of missing papers": lambda d: FollowUpDesk(d.laptop).log_print(d.child),
    "own data": lambda d: OwnInformationDesk(d.laptop).log_print(d.child),
}
"""What shows a number, takes a list out or prints a paper."""


def entries(laptop: Workplace) -> list[tuple[str, str]]:
    """Give who looked at whom."""
    with laptop.journal.begin(laptop.actor()) as work:
        return [(row.created_by, row.text("applicant")) for row in work.rows("access")]


def reach(laptop: Workplace) -> int:
    return laptop.own_feed().sequence


@pytest.mark.parametrize("who", ["stranger", "ended"])
def test_without_a_role_every_unmask_export_and_print_is_refused_and_leaves_nothing(
    desk: Desk, who: str
) -> None:
    before, files = reach(desk.laptop), sorted(desk.folder.iterdir())
    done = []
    with sitting(desk.laptop, desk.people[who]):
        for name, act in ACTS.items():
            try:
                act(desk)
            except RuleError as error:
                if error.code != "people.not_granted":
                    done.append((name, error.code))
            else:
                done.append((name, "done"))
    assert done == []
    assert reach(desk.laptop) == before
    assert sorted(desk.folder.iterdir()) == files
    assert entries(desk.laptop) == []


def test_with_a_role_each_leaves_one_entry_that_counts(desk: Desk) -> None:
    registrar = desk.people["registrar"]
    with sitting(desk.laptop, registrar):
        for act in ACTS.values():
            with suppress(UntrustedError):  # the note is sealed to others; that one tried is told
                act(desk)
    told = entries(desk.laptop)
    assert {who for who, _ in told} == {registrar.sign.key_id}
    assert len(told) == len(ACTS)
    assert [about for _, about in told].count(desk.entry) == 1
    with desk.laptop.database.read() as connection:
        assert not attention(connection, None, 100)


def test_a_later_page_is_shown_to_nobody_without_a_role_either(desk: Desk) -> None:
    """Only the first look at a case is logged; that is no way in for the pages after it."""
    examination = ExaminationDesk(desk.laptop)
    stranger, refused = desk.people["stranger"], pytest.raises(RuleError, match="not_granted")
    with sitting(desk.laptop, stranger), refused:
        examination.look_at(desk.child, desk.scan, first=False)


def test_whoever_is_let_in_meanwhile_may_at_once(desk: Desk) -> None:
    """The role is asked for anew each time; nobody has to log in again."""
    let_in(desk.laptop, "新来的", Role.LEDGER_OFFICER)
    newcomer = Vault.open(desk.laptop.folder).unlock("新来的", PASSWORD)
    with sitting(desk.laptop, newcomer):
        assert ReceiptDesk(desk.laptop).log_print(desk.child) == 1
    PeopleDesk(desk.laptop).end("新来的")
    with sitting(desk.laptop, newcomer), pytest.raises(RuleError, match=r"people\.not_granted"):
        ReceiptDesk(desk.laptop).log_print(desk.child)
    assert ReceiptDesk(desk.laptop).printed(desk.child) == 1


def test_before_joining_whoever_set_the_computer_up_may(site: Site) -> None:
    """A school that has no ticket yet works with its families all the same."""
    alone = site.set_up("alone", "school", SCHOOL)
    child = registered(alone)
    assert ReceiptDesk(alone).log_print(child) == 1
    assert CaseDesk(alone).unmask(child).phone == "13800001234"


def test_what_an_ended_laptop_left_is_shown_whole_to_nobody_without_a_role(
    lost: Lost, tmp_path: Path, policy: Policy
) -> None:
    other = Site(tmp_path / "strangers", policy)
    other.folder.mkdir()
    stranger = other.set_up("stranger", "school", OTHER_SCHOOL).session
    desk, key = LeftoverDesk(lost.here), opened(lost.here, lost.late).child.key
    before = reach(lost.here)
    refused = pytest.raises(RuleError, match=r"people\.not_granted")
    with sitting(lost.here, stranger), refused:
        desk.unmask(key)
    assert (reach(lost.here), entries(lost.here)) == (before, [])
    assert dict(desk.unmask(key).facts)["phone"]
    assert [about for _, about in entries(lost.here)] == [lost.late]
    other.close()
