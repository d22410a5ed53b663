"""Made-up registrations, without product code: what is measured against it writes the same."""

from __future__ import annotations

from typing import Any, Protocol


class Creates(Protocol):
    """Whatever takes new records."""

    def create(self, kind: str, values: dict[str, Any]) -> str:
        """Take a record's values and give its id."""
        ...


def register(work: Creates, number: int) -> str:
    """Write one registration: applicant, guardian, two papers seen; give the applicant's id."""
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
    return applicant
