"""Read one TOML entry key by key, noting every fault with its place instead of stopping.

A district's officer mends a package once, not fault by fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from desktop_app.domain.dates import parse_iso

MAX_TEXT = 600
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_Value = TypeVar("_Value")
_KINDS: Mapping[type, str] = {
    str: "text",
    int: "number",
    bool: "flag",
    list: "list",
    dict: "table",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a package: where, which rule, and what was met."""

    place: str
    """file:entry, such as materials.toml:HKB."""
    rule: str
    """policy.unknown_key and the like, or the code of a forbidden item such as FB01."""
    what: str = ""
    key: str = ""
    """The key it is about, where it is about one."""
    wanted: str = ""
    """Of a value of the wrong kind: text, number, flag, list or table."""
    line: int = 0
    """The line of the file, 0 where it is not known."""

    def __str__(self) -> str:
        """Name place, rule and what was met."""
        said = f"{self.place} {self.rule} {self.what}".rstrip()
        return f"{said} (L{self.line})" if self.line else said


@dataclass(slots=True)
class Faults:
    """All faults of a package in the order they were met, and the bases it cites."""

    found: list[Fault] = field(default_factory=list)
    cited: list[tuple[str, str]] = field(default_factory=list)

    def add(
        self, place: str, rule: str, what: str = "", *, key: str = "", wanted: str = ""
    ) -> None:
        """Note a fault; what was met is cut, since it is only to be recognised."""
        key = key or re.split("[ =]", what, maxsplit=1)[0]
        self.found.append(Fault(_show(place), rule, _show(what), key, wanted))


class Entry:
    """One table of a package file, read with types; faults go to the common list."""

    def __init__(self, place: str, data: Mapping[str, object], faults: Faults) -> None:
        self.place = place
        self._data = data
        self._faults = faults
        self._read: set[str] = set()

    @property
    def faults(self) -> Faults:
        """The common list of faults."""
        return self._faults

    def has(self, key: str) -> bool:
        """Tell whether a key is there; that alone reads nothing."""
        return key in self._data

    def fault(self, rule: str, what: str = "") -> None:
        """Note a fault of this entry."""
        self._faults.add(self.place, rule, what)

    def text(self, key: str, *, default: str | None = None, limit: int = MAX_TEXT) -> str:
        """Read a printable text; a required one may not be empty."""
        value = self._take(key, str, default)
        if value is None:
            return ""
        if not value.strip() and default is None:
            self.fault("policy.missing_key", key)
        if len(value) > limit:
            self.fault("policy.too_long", key)
        if not _is_printable(value):
            self.fault("policy.unseen_character", key)
        return value

    def basis(self) -> str:
        """Read the document and clause that an entry rests on; they are checked at the end."""
        value = self.text("basis")
        if value:
            self._faults.cited.append((self.place, value))
        return value

    def code(self, key: str, listed: Collection[str], *, default: str | None = None) -> str:
        """Read a text that must stand in a list."""
        value = self.text(key, default=default)
        if value and value not in listed:
            self.fault("policy.code_not_listed", f"{key}={value}")
        return value

    def pattern(self, key: str, shape: str, *, default: str | None = None) -> str:
        """Read a text of a given shape."""
        value = self.text(key, default=default)
        if value and re.fullmatch(shape, value) is None:
            self.fault("policy.wrong_shape", f"{key}={value}")
        return value

    def number(self, key: str, low: int, high: int, *, default: int | None = None) -> int:
        """Read an integer within bounds."""
        value = self._take(key, int, default)
        if value is None:
            return low
        if not low <= value <= high:
            self.fault("policy.out_of_range", f"{key}={value}")
        return value

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Read true or false."""
        return bool(self._take(key, bool, default))

    def date(self, key: str, *, default: str | None = None) -> str:
        """Read an ISO date that exists."""
        value = self.text(key, default=default)
        if value and parse_iso(value) is None:
            self.fault("policy.wrong_date", f"{key}={value}")
        return value

    def moment(self, key: str) -> str:
        """Read a local time to the minute, 2024-08-22T08:00."""
        value = self.text(key)
        day, _, time = value.partition("T")
        is_time = re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", time) is not None
        if value and not (is_time and parse_iso(day)):
            self.fault("policy.wrong_date", f"{key}={value}")
        return value

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Read a list of printable texts."""
        values = self._take(key, list, None if default is None else list(default))
        kept: list[str] = []
        for value in values or ():
            if isinstance(value, str) and value.strip() and _is_printable(value):
                kept.append(value)
            else:
                self.fault("policy.wrong_type", key)
        return tuple(kept)

    def codes(
        self, key: str, listed: Collection[str], *, default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """Read a list of texts that must stand in a list, none twice."""
        values = self.texts(key, default=default)
        for value in values:
            if value not in listed:
                self.fault("policy.code_not_listed", f"{key}={value}")
        if len(set(values)) != len(values):
            self.fault("policy.twice", key)
        return values

    def numbers(self, key: str) -> tuple[int, ...]:
        """Read a list of positive integers, empty when absent."""
        values = self._take(key, list, [])
        good = [value for value in values or () if type(value) is int and 0 < value < 1000]
        if values is not None and len(good) != len(values):
            self.fault("policy.wrong_type", key)
        return tuple(good)

    def raw(self, key: str) -> object:
        """Give a value as it is, for nested shapes of their own."""
        self._read.add(key)
        if key not in self._data:
            self.fault("policy.missing_key", key)
        return self._data.get(key)

    def table(self, key: str) -> Entry:
        """Read a nested table."""
        value = self._take(key, dict, None)
        return Entry(f"{self.place}.{key}", value or {}, self._faults)

    def tables(self, key: str, name_key: str) -> Iterable[Entry]:
        """Read a list of tables; each is placed by its name."""
        values = self._take(key, list, None)
        for at, value in enumerate(values or (), start=1):
            if not isinstance(value, dict):
                self.fault("policy.wrong_type", f"{key} {at}")
                continue
            name = value.get(name_key)
            shown = name if isinstance(name, str) and name else f"{key} {at}"
            yield Entry(f"{self.place}:{shown[:40]}", value, self._faults)

    def named(self, beside: Collection[str] = ()) -> Iterable[tuple[str, Entry]]:
        """Read a file whose every top-level key names a table, at least one; some stand beside."""
        if not self._data.keys() - set(beside):
            self.fault("policy.empty")
        for name, value in self._data.items():
            if name in beside:
                continue
            self._read.add(name)
            place = f"{self.place}:{name[:40]}"
            if isinstance(value, dict):
                yield name, Entry(place, value, self._faults)
            else:
                self._faults.add(place, "policy.wrong_type")

    def done(self) -> None:
        """Note every key that nothing has read."""
        for key in self._data:
            if key not in self._read:
                self.fault("policy.unknown_key", key)

    def _take(self, key: str, kind: type[_Value], default: _Value | None) -> _Value | None:
        """Take a value of a type; a missing or wrong one is noted and gives the default."""
        self._read.add(key)
        if key not in self._data:
            if default is None:
                self.fault("policy.missing_key", key)
            return default
        value = self._data[key]
        if type(value) is not kind:
            met = f"{key} = {value}" if isinstance(value, int | float) else key
            if isinstance(value, bool):
                met = met.lower()
            wanted = _KINDS.get(kind, "")
            self._faults.add(self.place, "policy.wrong_type", met, key=key, wanted=wanted)
            return default
        return value


def _show(text: str) -> str:
    """Cut a met text to what one line shows; unseen characters become a mark."""
    cut = text[:60]
    return "".join("?" if unicodedata.category(letter) in _UNSEEN else letter for letter in cut)


def _is_printable(text: str) -> bool:
    return not any(unicodedata.category(letter) in _UNSEEN for letter in text)
