"""Made-up families and a school to register them at, through the real services."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.domain.acts import Role
from desktop_app.domain.identity import make_check_digit
from desktop_app.services.people import PeopleDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from tests.sync.site import PASSWORD, Site

VILLAGE = "410411200201"
REGION = "419999"


def number(birth: str = "20180314", order: int = 264) -> str:
    """Give a valid number in the region that does not exist."""
    body = f"{REGION}{birth}{order:03d}"
    return body + make_check_digit(body)


def form(**more: str) -> dict[str, str]:
    """Give a form of a child of the village that may be saved as it stands."""
    filled = {
        "id_number": number(),
        "full_name": "罗雨桐",
        "ethnic_code": "01",
        "hukou_village": VILLAGE,
        "hukou_address": "3组27号",
        "same_address": "1",
        "category": "A1",
        "boarding_code": "1",
        "guardian_name": "罗志远",
        "guardian_relation": "51",
        "guardian_id_number": number("19890522", 141),
        "guardian_phone": "13800001234",
        "notice_read": "1",
        "material.HKB": "accepted",
        "material.GID": "accepted",
    }
    return filled | more


def without(filled: Mapping[str, str], *names: str) -> dict[str, str]:
    """Leave some fields of a form empty."""
    return {name: text for name, text in filled.items() if name not in names}


def let_in(workplace: Workplace, name: str, *roles: Role) -> None:
    """Let another person in at an open workplace."""
    PeopleDesk(workplace).add(name, PASSWORD, roles)


def log_in(site: Site, workplace: Workplace, name: str) -> Workplace:
    """Close a workplace and open it as another person."""
    workplace.close()
    site.opened.remove(workplace)
    return site.reopen(workplace.folder.name, name)


def registered(workplace: Workplace, **more: str) -> str:
    """Register a child and give the record."""
    return RegistrationDesk(workplace).register(form(**more)).record
