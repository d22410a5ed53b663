"""Duplicate rules D1 to D7 (domain reference §3.6): findings, never constraints.

Every finding names a way through, so that no child is refused for somebody else's slip. A record
is compared with *all* values that laptops have written for it, not only the one that shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

STOP_FIRST = ("D1", "D6", "D2", "D3", "D4", "D5", "D7")
"""The order in which findings are shown."""

WAYS: dict[str, str] = {
    "D1": "number_disputed",
    "D2": "district_decides",
    "D3": "review",
    "D4": "sibling_group",
    "D5": "review",
    "D6": "certificate_disputed",
    "D7": "review",
}
"""The way through of each rule: what the person at the desk can do next."""

_STOPS = frozenset({"D1", "D6"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """What duplicate rules know of a registration; texts are tidied, empty ones left out.

    ``name_keys`` are from ``names.name_key``; ``pinyin_keys`` are the caller's, one per reading.
    """

    record: str
    school: str
    id_numbers: frozenset[str] = frozenset()
    name_keys: frozenset[str] = frozenset()
    pinyin_keys: frozenset[str] = frozenset()
    sexes: frozenset[str] = frozenset()
    birth_dates: frozenset[str] = frozenset()
    guardian_numbers: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    birth_certificates: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    """From ``address.place_key``: a village and a door, in one spelling."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that joins a record with another, and the way through."""

    rule: str
    other: str
    stops: bool
    why: tuple[str, ...]
    way_through: str


_COMPARED = (
    ("id_number", "id_numbers"),
    ("name", "name_keys"),
    ("sex", "sexes"),
    ("birth_date", "birth_dates"),
    ("guardian_number", "guardian_numbers"),
    ("phone", "phones"),
    ("birth_certificate", "birth_certificates"),
    ("pinyin", "pinyin_keys"),
    ("address", "addresses"),
)


def find_duplicates(subject: Candidate, candidates: Iterable[Candidate]) -> tuple[Finding, ...]:
    """Find every rule that joins the subject with another record, stopping ones first."""
    found = [
        Finding(rule, other.record, rule in _STOPS, same, WAYS[rule])
        for other in candidates
        if other.record != subject.record
        for same in [same_fields(subject, other)]
        for rule in _rules(subject, other, frozenset(same))
    ]
    return tuple(sorted(found, key=lambda one: (STOP_FIRST.index(one.rule), one.other)))


def same_fields(one: Candidate, other: Candidate) -> tuple[str, ...]:
    """Name the fields of which the two records share a value."""
    return tuple(
        name for name, attribute in _COMPARED if getattr(one, attribute) & getattr(other, attribute)
    )


def _rules(one: Candidate, other: Candidate, same: frozenset[str]) -> Iterator[str]:
    """Give the rules that hold between two records; every one is symmetric."""
    if "id_number" in same:
        yield "D1" if one.school == other.school else "D2"
    if "birth_certificate" in same:
        yield "D6"
    without_number = not one.id_numbers or not other.id_numbers
    if same >= {"name", "sex", "birth_date"} and without_number:
        yield "D3"
    if same >= {"guardian_number", "birth_date"} and "name" not in same:
        yield "D4"
    if same >= {"birth_date", "pinyin"} and same & {"phone", "guardian_number", "address"}:
        yield "D5"
    if "id_number" not in same and _numbers_are_near(one, other, same):
        yield "D7"


def _numbers_are_near(one: Candidate, other: Candidate, same: frozenset[str]) -> bool:
    """Say whether two numbers look like one number and a slip (D7).

    Two numbers with right check digits never differ by one slip. They may when somebody
    worked the check digit out anew, and then only the same name makes it more than twins.
    """
    named_alike = bool(same & {"name", "pinyin"})
    return any(
        _is_one_slip(left, right) or (named_alike and _is_one_slip(left[:17], right[:17]))
        for left in one.id_numbers
        for right in other.id_numbers
        if len(left) == len(right) == 18
    )


def _is_one_slip(left: str, right: str) -> bool:
    """Say whether texts of one length differ by one character or two swapped neighbours."""
    differ = [at for at, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    if len(differ) == 2 and differ[1] == differ[0] + 1:
        first, second = differ
        return left[first] == right[second] and left[second] == right[first]
    return len(differ) <= 1


def blocking_keys(candidate: Candidate) -> frozenset[str]:
    """Give the keys by which a database fetches who might be the same child.

    Two records that share a finding share a key. Near numbers (D7) are met by four pieces: any
    one slip, the check digit aside, leaves one of them whole.
    """
    return frozenset(_keys(candidate))


def _keys(one: Candidate) -> Iterator[str]:
    for number in one.id_numbers:
        yield f"id:{number}"
        if len(number) == 18:
            yield f"near:a:{number[:14]}"
            yield f"near:b:{number[8:17]}"
            yield f"near:c:{number[:6]}{number[14:17]}"
            yield f"near:d:{number[:13]}{number[15:17]}"
    for certificate in one.birth_certificates:
        yield f"birth:{certificate}"
    for birth in one.birth_dates:
        yield from (f"nsb:{name}:{sex}:{birth}" for name in one.name_keys for sex in one.sexes)
        yield from (f"gb:{number}:{birth}" for number in one.guardian_numbers)
        yield from (f"pb:{phone}:{birth}" for phone in one.phones)
        yield from (f"ab:{address}:{birth}" for address in one.addresses)
