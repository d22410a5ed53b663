"""What an ended laptop wrote after its end, through real vaults, sticks and the district's limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services import leftover_records
from desktop_app.services.attention import LAPTOP, AttentionDesk
from desktop_app.services.conflicts import ConflictDesk
from desktop_app.services.leftover import LeftContent, LeftoverDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.database import Connection
from desktop_app.storage.digest import state_digest
from desktop_app.storage.leftover import Leftover, leftovers
from desktop_app.sync.laptops import LaptopDesk
from tests.services.kit import form, number, registered
from tests.sync.site import Site, feed_of, hand, reply, row_of, take

LATE = {"full_name": "李梓涵", "id_number": number("20180520", 264)}


@dataclass
class Lost:
    """A school's laptop that was ended, and whose late stick came to the other and the district."""

    district: Workplace
    here: Workplace
    lost: Workplace
    early: str
    late: str


@pytest.fixture
def lost(tmp_path: Path) -> Iterator[Lost]:
    folder = tmp_path / "site"
    folder.mkdir()
    site = Site(folder, shipped_policy())
    district = site.found()
    here, there = site.laptop(district, "here"), site.laptop(district, "there")
    meet = partial(_meet, district, here, there)
    meet(tmp_path / "first")
    early = registered(there)
    meet(tmp_path / "second")
    LaptopDesk(district).revoke(feed_of(there), reason="丢失")
    take(here, reply(district, tmp_path / "answer").path)
    late = registered(there, **LATE)
    with there.journal.begin(there.actor()) as work:
        guardian = work.rows("guardian", applicant=early)[0]
        work.edit("guardian", guardian.record, {"phone": "13900005678"})
    found = hand(there, tmp_path / "late").path
    for one in (district, here):
        (taken,) = take(one, found)
        assert taken.revoked == (feed_of(there),)
    yield Lost(district, here, there, early, late)
    site.close()


def _meet(district: Workplace, here: Workplace, there: Workplace, stick: Path) -> None:
    for one in (here, there):
        take(district, hand(one, stick / one.folder.name).path)
    back = reply(district, stick / "back").path
    for one in (here, there):
        take(one, back)


def _digest(workplace: Workplace) -> object:
    with workplace.database.read() as connection:
        return state_digest(connection)


def opened(workplace: Workplace, record: str) -> LeftContent:
    desk = AttentionDesk(workplace)
    keys = [line.child.key for line in desk.page().lines if line.child is not None]
    return LeftoverDesk(workplace).open(next(key for key in keys if key.endswith(record)))


def test_what_came_too_late_is_listed_by_child_and_hand_overs_apart_and_last(lost: Lost) -> None:
    for workplace, school in ((lost.here, ""), (lost.district, "湛河区第一小学")):
        lines = [one for one in AttentionDesk(workplace).page().lines if one.waits_for == LAPTOP]
        named = [one.name for one in lines]
        assert sorted(named[:2]) == sorted(["李梓涵", "罗雨桐"])
        assert named[2:] == [""]
        assert "装包" in lines[-1].kind
        child = next(one.child for one in lines if one.name == "李梓涵")
        assert child is not None
        assert (child.laptop, bool(child.school)) == ("2", bool(school))
        assert child.receipt.startswith("ZHW-2-") or "-2-" in child.receipt
        assert not child.counts
        assert not child.anew
        assert AttentionDesk(workplace).count() == len(AttentionDesk(workplace).page().lines)


def test_what_it_would_have_been_is_masked_and_shown_whole_with_a_signed_entry(lost: Lost) -> None:
    content = opened(lost.here, lost.late)
    facts = dict(content.facts)
    assert facts["number"].startswith("419999****")
    assert facts["guardian"] == "罗志远 父亲"
    assert "已核原件" in facts["papers"] or facts["papers"]
    assert "27号" not in facts["household"]
    whole = dict(LeftoverDesk(lost.here).unmask(content.child.key).facts)
    assert whole["number"] == LATE["id_number"]
    assert whole["household"].endswith("3组27号")
    with lost.here.journal.begin(lost.here.actor()) as work:
        looked = work.rows("access", applicant=lost.late)
    assert [row.text("what") for row in looked] == ["unmask"]
    with pytest.raises(RuleError, match=r"leftover\.not_school"):
        LeftoverDesk(lost.district).unmask(content.child.key)


def test_reading_makes_nothing_count(lost: Lost) -> None:
    before = [_digest(one) for one in (lost.here, lost.district)]
    for workplace in (lost.here, lost.district):
        opened(workplace, lost.late)
        opened(workplace, lost.early)
    assert [_digest(one) for one in (lost.here, lost.district)] == before
    assert row_of(lost.here, "applicant", lost.late) == {}


def test_the_form_of_it_registers_the_child_and_afterwards_says_so(lost: Lost) -> None:
    content = LeftoverDesk(lost.here).again(opened(lost.here, lost.late).child.key)
    assert content.amends == ""
    kept = {name: text for name, text in form(**LATE).items() if name != "same_address"}
    assert {name: content.form.get(name) for name in kept} == kept
    done = RegistrationDesk(lost.here).register(content.form)
    after = opened(lost.here, lost.late).child
    assert after.anew == done.receipt_number
    with pytest.raises(RuleError, match=r"leftover\.anew"):
        LeftoverDesk(lost.here).again(after.key)
    assert ConflictDesk(lost.here).count() == 0


def test_a_late_change_of_a_child_that_counts_is_shown_as_a_change(lost: Lost) -> None:
    content = opened(lost.here, lost.early)
    assert content.child.counts
    assert (content.amends, content.changed) == (lost.early, ("联系电话",))
    assert content.form["guardian_phone"] == "13900005678"
    with lost.here.journal.begin(lost.here.actor()) as work:
        guardian = work.rows("guardian", applicant=lost.early)[0]
        work.edit("guardian", guardian.record, {"phone": "13900005678"})
    assert opened(lost.here, lost.early).child.anew


def test_what_is_not_there_is_refused(lost: Lost) -> None:
    with pytest.raises(StaleError, match=r"leftover\.gone"):
        LeftoverDesk(lost.here).open("2141041101\tnobody")


def test_the_lists_are_read_once_until_something_changes(
    lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []

    def counted(connection: Connection) -> Iterator[Leftover]:
        reads.append(1)
        return leftovers(connection)

    monkeypatch.setattr(leftover_records, "leftovers", counted)
    desk = AttentionDesk(lost.here)
    counts, pages = [desk.count() for _ in range(3)], [desk.page() for _ in range(3)]
    assert len(reads) == 1
    assert pages[0] == pages[2]
    late = next(one.child for one in pages[0].lines if one.name == "李梓涵" and one.child)
    assert not late.anew
    again = RegistrationDesk(lost.here).register(
        LeftoverDesk(lost.here).again(opened(lost.here, lost.late).child.key).form
    )
    reads.clear()
    assert desk.count() == counts[0]
    after = next(one.child for one in desk.page().lines if one.name == "李梓涵" and one.child)
    assert (len(reads), after.anew) == (1, again.receipt_number)
