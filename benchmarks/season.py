"""What the cases share: a school's file with a fixed key, and the driver opened upon it raw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.identity import feed_id, key_id
from desktop_app.feeds.operation import Signature
from desktop_app.storage.database import Database
from desktop_app.storage.journal import Actor, Journal, Work

KEY = bytes(range(48))
SCOPE = "2141041101"
PERSON = key_id(bytes(32))


def _no_signature(_message: bytes) -> Signature:
    raise AssertionError("a registration is not signed")


ACTOR = Actor(PERSON, _no_signature)


def open_journal(path: Path) -> Journal:
    """Open a journal as the product does, with a fixed key; nothing signed occurs here."""
    return Journal(Database(path, lambda: bytearray(KEY)), RECORD_TYPES, lambda *_: False)


def begin_feed(journal: Journal) -> None:
    """Begin the feed that the registrations go to."""
    facts = FeedFacts(
        feed_id(bytes(32), SCOPE), SCOPE, district=False, lead=PERSON, lead_public=bytes(32)
    )
    with journal.begin() as work:
        work.add_feed(facts, bytes(32), None, own=True)


def open_raw(path: Path, synchronous: str = "FULL", key: bytes = KEY) -> Any:
    """Open the file with the driver alone, under the product's settings."""
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    for setting in (
        "cipher_memory_security=ON",
        "journal_mode=wal",
        f"synchronous={synchronous}",
        "temp_store=2",
        "cache_size=-65536",
        "foreign_keys=1",
        "secure_delete=FAST",
    ):
        connection.execute(f"PRAGMA {setting}")
    return connection


def register(work: Work, number: int) -> None:
    """Write one registration: applicant, guardian, two papers seen."""
    born = f"2018-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
    given = chr(0x4E00 + number % 6000) + chr(0x5A00 + number % 99)
    name = "赵钱孙李周吴郑王"[number % 8] + given
    place = f"{number % 9 + 1}组{number % 200}号"
    applicant = work.create(
        "applicant",
        {
            "season": 2024,
            "stage": "P1",
            "full_name": name,
            "sex": str(number % 2 + 1),
            "birth_date": born,
            "ethnic_code": "01",
            "id_type": "1",
            "id_number": f"419999{born.replace('-', '')}{number % 10000:04d}",
            "hukou_village": "410411200201",
            "hukou_address": place,
            "current_village": "410411200201",
            "current_address": place,
            "category": "A1",
            "boarding_code": "1",
            "notice_version": "2024-1",
            "policy_version": "zhanhe-2024-1-0123456789ab",
            "receipt_number": f"ZHW-2-0824-{number:05d}-6",
            "registered_at": 1_724_000_000_000 + number,
        },
    )
    work.create(
        "guardian",
        {
            "applicant": applicant,
            "full_name": f"{name[0]}志远",
            "relation": "51",
            "id_type": "1",
            "id_number": f"41999919880101{number % 10000:04d}",
            "phone": f"160{number:08d}",
        },
    )
    for material in ("HKB", "GID"):
        work.create(
            "material_check",
            {
                "applicant": applicant,
                "material": material,
                "result": "accepted",
                "original_seen": True,
            },
        )
