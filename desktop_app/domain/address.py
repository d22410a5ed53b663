"""Addresses of villages and estates, written so that equal addresses match (feature B7).

The typed text is what prints; the key is only for comparing. Numerals turn into digits before a
unit (三组, 5号楼), never inside a name (三里湾村).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from desktop_app.domain.regions import COUNTIES

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}  # noqa: RUF001
_DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
_TRADITIONAL = str.maketrans("號組樓棟單層戶門隊鄉鎮區縣裡", "号组楼栋单层户门队乡镇区县里")
_UNITS = "村民小组|村民组|小组|生产队|组|队|号楼|号院|号|栋|幢|座|单元|楼|层|室|户|排|弄|巷"
_NUMERAL = re.compile(f"第?([零〇一二两三四五六七八九十百]+)(?={_UNITS})")
_ORDINAL = re.compile(f"第(?=[0-9]+(?:{_UNITS}))")
_SAME_WORDS = (
    (re.compile("村民小组|村民组|小组|生产队|(?<=[0-9])队"), "组"),
    (re.compile("村民委员会|村委会|行政村"), "村"),
    (re.compile("社区居民委员会|社区居委会|居民委员会|居委会"), "社区"),
    (re.compile("号楼|幢|座"), "栋"),
    (re.compile("门牌号?|(?<=[0-9])(?:室|户|房)"), ""),
)
_REGION = re.compile(
    f"(?:河南省?)?(?:平顶山市?)?(?:{'|'.join(COUNTIES.values())})?"
    # 曹镇乡 holds 镇 in its name; 北镇村 is a village and no township.
    "(?:[一-龥]{1,5}?(?:镇乡|乡|镇|街道(?:办事处)?)(?![村社组]))?(?=.)"
)
_SIGNS = ",、。.;:()#·~\u2010-\u2015\u2212-"
_BETWEEN = re.compile(f"(?<=[0-9])(?:[{_SIGNS}]+|之)(?=[0-9])")
"""27-3号 and 27之3号 are one home, 273号 is another."""
_LOOSE = re.compile(f"[{_SIGNS[:-1]}]|(?<![0-9])-|-(?![0-9])")
_FOUND = re.compile(
    r"(?P<village>[^0-9]*?(?:村|社区))?(?:(?P<group>[0-9]+)组)?(?P<rest>.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class AddressParts:
    """What an address says for a catchment: village or community, group, and the rest."""

    village: str | None
    group: int | None
    rest: str


def read_numeral(text: str) -> int:
    """Read a Chinese numeral below a thousand: 十二, 二十, 一百零三, 二〇三.

    Raises:
        ValueError: a character that is no numeral.
    """
    if not any(letter in "十百" for letter in text):
        return int("".join(str(_digit(letter)) for letter in text))
    total, current = 0, None
    for letter in text:
        if letter in "十百":
            total += (1 if current is None else current) * (10 if letter == "十" else 100)
            current = None
        else:
            current = _digit(letter)
    return total + (current or 0)


def _digit(letter: str) -> int:
    if letter not in _DIGITS:
        raise ValueError("numeral")
    return _DIGITS[letter]


def address_key(text: str) -> str:
    """Give the form by which addresses are compared."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper().translate(_TRADITIONAL)
    plain = _NUMERAL.sub(lambda found: str(read_numeral(found[1])), plain)
    plain = _ORDINAL.sub("", plain)
    for pattern, word in _SAME_WORDS:
        plain = pattern.sub(word, plain)
    plain = _LOOSE.sub("", _BETWEEN.sub("-", plain))
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", _without_region(plain))


def place_key(village: str, text: str) -> str:
    """Give what two homes are compared by: the village and the door; empty without a door.

    A village that is written before the door once more says nothing new.
    """
    named = read_address(text).village or ""
    door = address_key(text).removeprefix(named)
    return f"{village}:{door}" if door else ""


def _without_region(plain: str) -> str:
    """Leave out province to township when something of the address remains."""
    found = _REGION.match(plain)
    return plain[found.end() :] if found else plain


def read_address(text: str) -> AddressParts:
    """Read village or community and group out of an address; what is not there stays None."""
    found = next(_FOUND.finditer(address_key(text)))  # its last part matches anything
    group = int(found["group"]) if found["group"] else None
    return AddressParts(found["village"] or None, group, found["rest"])
