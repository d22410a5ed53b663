"""Which bundle to carry again, and what the district asks for by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.declare import Value
from desktop_app.services.workplace import Workplace
from desktop_app.sync import packing
from desktop_app.sync.asked import Asked, asked_for
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.ui.pages.exchange_words import MOST_ASKED, asked_rows, bundle_row
from desktop_app.ui.views import PillCell, State
from tests.sync.site import SCHOOL, content, feed_of, hand, register, register_many, reply, take


def states(laptop: Workplace) -> list[tuple[int, str]]:
    return [(one.number, one.state) for one in ExchangeDesk(laptop).board().bundles if one.outgoing]


def test_a_bundle_the_answer_does_not_know_is_to_be_carried_again(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    take(district, hand(laptop, stick).path)
    register_many(laptop, 3)
    hand(laptop, stick).path.unlink()  # the stick was lost
    assert states(laptop) == [(2, "carried"), (1, "carried")]
    take(laptop, reply(district, stick).path)
    assert states(laptop) == [(2, "again"), (1, "received")]
    again = next(one for one in ExchangeDesk(laptop).board().bundles if one.state == "again")
    pill = bundle_row(again, {}).cells[4]
    assert pill == PillCell(State.NEEDS, "要再带一次")
    lost = hand(laptop, stick).path
    assert states(laptop) == [(3, "carried"), (2, "behind"), (1, "received")]
    take(district, lost)
    take(laptop, reply(district, stick).path)
    assert {state for _, state in states(laptop)} == {"received"}


def test_missing_ranges_are_asked_for_by_laptop(
    district: Workplace, laptop: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(district, hand(laptop, stick).path)
    held = len(content(district)[feed_of(laptop)])
    register_many(laptop, 5)
    with monkeypatch.context() as patch:
        places = dict.fromkeys(content(laptop), 0) | {feed_of(laptop): held + 3}
        patch.setattr(packing, "begins", lambda *_, **__: places)
        take(district, hand(laptop, stick).path)
    assert asked_for(laptop) == ()
    take(laptop, reply(district, stick).path)
    assert ExchangeDesk(laptop).board().asked == (Asked("1", ranges=f"{held + 1}-{held + 3}"),)
    take(district, hand(laptop, stick).path)
    take(laptop, reply(district, stick).path)
    assert asked_for(laptop) == ()


def test_pages_are_asked_for_by_receipt_paper_and_page(
    district: Workplace, laptop: Workplace, stick: Path
) -> None:
    applicant = register(laptop, receipt_number="ZHW-1-0824-0012-6")
    digest = laptop.scans.store(b"sealed page")
    with laptop.journal.begin(laptop.actor(), SCHOOL) as work:
        scan: dict[str, Value] = {"applicant": applicant, "material": "HKB", "page": 2}
        work.create("scan", scan | {"digest": digest, "size": 11})
    handed = hand(laptop, stick).path
    take(district, handed)
    for path in (district.folder / "scans").rglob("*"):
        if path.is_file():
            path.unlink()
    take(laptop, reply(district, stick).path)
    (asked,) = asked_for(laptop)
    assert (asked.receipt, asked.page, asked.here) == ("ZHW-1-0824-0012-6", 2, True)
    assert asked.paper
    for path in (laptop.folder / "scans").rglob("*"):
        if path.is_file():
            path.unlink()
    assert [one.here for one in asked_for(laptop)] == [False]


def test_a_long_list_is_cut_and_counted() -> None:
    asked = [
        Asked("1", receipt=f"R{n}", paper="户口簿", page=1, here=n % 2 == 0) for n in range(50)
    ]
    rows = asked_rows([Asked("2", ranges="1-9"), *asked])
    assert len(rows) == MOST_ASKED + 1
    assert "11 项" in str(rows[-1].cells[5])
    words = [str(row.cells[5]) for row in rows[:3]]
    assert words[0].startswith("2 号台的第 1-9 条")
    assert "按 F10" in words[1]
    assert "本机没有" in words[2]
    assert asked_rows([]) == []
