"""Numbers of made-up people: identity documents, birth certificates, telephones.

Resident numbers are of region 419999, which does not exist, with right check digits; permits have
the last serials of a day, the foreigners' card a country number nobody has, telephones a prefix
nobody was given. So no real person can be hit.
"""

from __future__ import annotations

import datetime as dt
import random

from desktop_app.domain.identity import make_check_digit
from desktop_app.domain.materials import AllOf, AnyOf, Paper, Requirement

REGION = "419999"
_PHONE_PREFIXES = ("160", "161", "163", "169")
_PERMIT_REGIONS = ("810000", "820000", "830000")
_FOREIGN_REGION = "911999"
_CERTIFICATE_PROVINCE = "99"


class Papers:
    """Draws numbers from one seeded source; none is given twice."""

    def __init__(self, chance: random.Random) -> None:
        """Draw from a source of chance that the caller seeded."""
        self._chance = chance
        self._given: set[str] = set()

    def resident(self, birth: dt.date, sex: str) -> str:
        """Draw a resident identity number 公民身份号码."""
        return self._numbered(REGION, birth, sex, range(1, 999))

    def permit(self, birth: dt.date, sex: str) -> str:
        """Draw a residence permit 港澳台居民居住证 number."""
        return self._numbered(self._chance.choice(_PERMIT_REGIONS), birth, sex, range(980, 1000))

    def foreign_card(self, birth: dt.date, sex: str) -> str:
        """Draw a foreigner's permanent residence card 外国人永久居留身份证 number."""
        return self._numbered(_FOREIGN_REGION, birth, sex, range(1, 999))

    def _numbered(self, region: str, birth: dt.date, sex: str, serials: range) -> str:
        """Draw 18 characters whose serial is odd for boys and even for girls."""
        parity = 1 if sex == "1" else 0
        serial = self._chance.choice([one for one in serials if one % 2 == parity])
        number = with_check_digit(f"{region}{birth:%Y%m%d}{serial:03d}")
        return self._once(number) or self._numbered(region, birth, sex, serials)

    def passport(self) -> str:
        """Draw a passport number of no country."""
        number = f"XX{self._chance.randrange(10**7):07d}"
        return self._once(number) or self.passport()

    def taiwan_pass(self) -> str:
        """Draw a number of the 台湾居民来往大陆通行证, eight digits."""
        number = f"0{self._chance.randrange(10**7):07d}"
        return self._once(number) or self.taiwan_pass()

    def birth_certificate(self, birth: dt.date) -> str:
        """Draw a birth certificate 出生医学证明 number; its letter runs with the year."""
        letter = chr(ord("A") + birth.year - 2000)
        number = f"{letter}{_CERTIFICATE_PROVINCE}{self._chance.randrange(10**7):07d}"
        return self._once(number) or self.birth_certificate(birth)

    def phone(self) -> str:
        """Draw a mobile number."""
        number = f"{self._chance.choice(_PHONE_PREFIXES)}{self._chance.randrange(10**8):08d}"
        return self._once(number) or self.phone()

    def _once(self, number: str) -> str:
        """Give the number, or nothing where it was given before."""
        if number in self._given:
            return ""
        self._given.add(number)
        return number


def with_check_digit(first17: str) -> str:
    """Give 17 digits their check digit."""
    return first17 + make_check_digit(first17)


def brought(requirement: Requirement, chance: random.Random) -> tuple[str, ...]:
    """Choose papers that meet a requirement, as one family may bring them."""
    match requirement:
        case Paper(code):
            return (code,)
        case AnyOf(options):
            return brought(chance.choice(options), chance)
        case AllOf(parts):
            return tuple(code for part in parts for code in brought(part, chance))
