"""A scan is sealed once, opened in memory, and gone when its key is."""

from __future__ import annotations

import pytest

from desktop_app.documents.images import PreparedScan
from desktop_app.domain.errors import RuleError, UntrustedError, WorkplaceError
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from tests.services.kit import registered

PAGE = PreparedScan(jpeg=b"\xff\xd8 made-up page \xff\xd9", width=8, height=8, thumbnail=b"")


@pytest.fixture
def scan(laptop: Workplace) -> str:
    return ScanDesk(laptop).attach_prepared(registered(laptop), "HKB", PAGE)


def digest_of(laptop: Workplace, scan: str) -> str:
    with laptop.journal.begin(laptop.actor()) as work:
        return work.row("scan", scan).text("digest")


def test_what_lies_on_the_disk_is_sealed_and_opens_to_the_same_page(
    laptop: Workplace, scan: str
) -> None:
    lying = laptop.scans.path(digest_of(laptop, scan)).read_bytes()
    assert PAGE.jpeg not in lying
    assert ScanDesk(laptop).read(scan) == PAGE.jpeg


def test_pages_of_a_paper_are_counted(laptop: Workplace, scan: str) -> None:
    with laptop.journal.begin(laptop.actor()) as work:
        applicant = work.row("scan", scan).text("applicant")
    second = ScanDesk(laptop).attach_prepared(applicant, "HKB", PAGE)
    with laptop.journal.begin(laptop.actor()) as work:
        assert work.row("scan", second).values["page"] == 2
    assert digest_of(laptop, scan) != digest_of(laptop, second)


def test_a_forgotten_key_forgets_the_page(laptop: Workplace, scan: str) -> None:
    with laptop.journal.begin(laptop.actor()) as work:
        (key,) = work.rows("scan_key", scan=scan)
        work.remove("scan_key", key.record)
    with pytest.raises(RuleError, match=r"scan\.erased"):
        ScanDesk(laptop).read(scan)


def test_a_page_that_was_changed_or_is_not_here_is_not_shown(laptop: Workplace, scan: str) -> None:
    place = laptop.scans.path(digest_of(laptop, scan))
    changed = bytearray(place.read_bytes())
    changed[-1] ^= 1
    place.write_bytes(changed)
    with pytest.raises(UntrustedError, match=r"scan\.altered"):
        ScanDesk(laptop).read(scan)
    place.unlink()
    with pytest.raises(WorkplaceError, match=r"scan\.missing"):
        ScanDesk(laptop).read(scan)


def test_a_page_the_disk_has_spoilt_is_replaced_by_the_next_scan_of_its_paper(
    laptop: Workplace, scan: str
) -> None:
    old = digest_of(laptop, scan)
    laptop.scans.path(old).write_bytes(b"rot")
    with laptop.journal.begin(laptop.actor()) as work:
        applicant = work.row("scan", scan).text("applicant")
    again = ScanDesk(laptop).attach_prepared(applicant, "HKB", PAGE)
    with laptop.journal.begin(laptop.actor()) as work:
        (page,) = work.rows("scan", applicant=applicant)
        assert (page.record, page.values["page"]) == (again, 1)
        assert not work.rows("scan_key", scan=scan)
    assert ScanDesk(laptop).read(again) == PAGE.jpeg


def test_the_same_page_brought_again_heals_what_the_disk_has_spoilt(
    laptop: Workplace, scan: str
) -> None:
    digest = digest_of(laptop, scan)
    place = laptop.scans.path(digest)
    sealed = place.read_bytes()
    place.write_bytes(b"rot")
    assert laptop.scans.is_rotten(digest)
    assert laptop.scans.store(sealed) == digest
    assert not laptop.scans.is_rotten(digest)
    place.unlink()
    assert not laptop.scans.is_rotten(digest)
