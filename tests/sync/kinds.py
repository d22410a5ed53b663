"""True bundles of every kind, each with who reads it; and the judge of what is made of them.

A forged bundle may be refused, or wait for somebody's identity. If it is believed, then every
operation in it must be one that its author wrote, at its own place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest

from desktop_app.domain.errors import UntrustedError
from desktop_app.messages.catalogue import shipped
from desktop_app.security.seal import SealKey
from desktop_app.services.workplace import Workplace
from desktop_app.sync import writing
from desktop_app.sync.bundle import read_outer
from desktop_app.sync.hello import read_hello
from desktop_app.sync.identity import prove
from desktop_app.sync.inbox import grounds_of
from desktop_app.sync.trust import Grounds, examine, verify
from tests.sync.forger import Forger, Opened, opened
from tests.sync.site import Site, content, hand, register, register_pages, reply, take

WAITS, BELIEVED = "waits", "believed"
SMALL_VOLUME = 40_000


def worded(code: str) -> str:
    """Give a code, for which there must be words."""
    assert code in shipped(), code
    return code


@dataclass
class Truth:
    """Everything every author wrote, by feed; a file may only say what stands here."""

    lines: dict[str, list[bytes]] = field(default_factory=dict)
    documents: set[bytes] = field(default_factory=set)

    def add(self, workplace: Workplace) -> None:
        for feed, lines in content(workplace).items():
            if len(lines) > len(self.lines.get(feed, ())):
                self.lines[feed] = lines


@dataclass(frozen=True)
class Kind:
    """A true bundle, its reader, and what a forger needs of it."""

    name: str
    data: bytes
    grounds: Grounds
    key: SealKey
    truth: Truth
    open: Opened
    pages: dict[str, bytes]

    def judge(self, data: bytes) -> str:
        """Read as its reader would; give the code of the refusal, or how far it got."""
        file = BytesIO(data)
        try:
            examined = examine(file, self.grounds, _nobody)
            if examined.newer is not None:
                assert examined.newer.data in self.truth.documents
            if examined.carrier is None:
                return WAITS
            verified = verify(file, examined, [self.key], self.grounds, {}, _nobody)
        except UntrustedError as error:
            return worded(error.code)
        assert verified.kept is not None
        stripped = False
        for operation in verified.kept:
            if operation.feed in verified.facts:
                wrote = self.truth.lines[operation.feed][operation.sequence - 1]
                true = operation.line() + b"\n"
                # Without its payload it waits for an erasure, which none of these bundles holds.
                stripped |= operation.payload_bytes is None
                assert wrote == true or wrote.startswith(true.removesuffix(b"null}\n"))
        for digest, section in examined.outer.scans.items():
            held = data[section.offset : section.offset + section.size]
            assert self.pages.get(digest, held) == held
        return WAITS if stripped else BELIEVED


def _nobody(_: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Everything:
    """Bundles of every kind, a true hello with its reader's grounds, and a laptop that forges."""

    kinds: Sequence[Kind]
    hello: bytes
    grounds: Grounds
    forger: Forger

    def judge_hello(self, data: bytes) -> str:
        """Read a hello; whoever is believed must be whose hello it truly was."""
        try:
            said = read_hello(data)
            facts = prove(said.key, said.scope, said.identity, self.grounds.district)
        except UntrustedError as error:
            return worded(error.code)
        if facts is None:
            return WAITS
        assert said == read_hello(self.hello) or facts.feed == self.forger.own.facts.feed
        return BELIEVED


def make(site: Site, stick: Path) -> Everything:
    """Let a school and its district exchange for a while, and keep one bundle of each kind."""
    district = site.found()
    first, second, third = (site.laptop(district, name) for name in ("first", "second", "third"))
    at_district = (grounds_of(district), district.session.seal)
    register(second)
    found: list[tuple[str, Path, tuple[Grounds, SealKey]]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "LARGEST_VOLUME", SMALL_VOLUME)
        register_pages(first, [bytes([9 + n]) * 5000 for n in range(3)])
        made = hand(first, stick / "2")
    found.append(("pages", made.path, at_district))
    found.append(("volume", made.volumes[0].path, at_district))
    found.append(("submission", hand(second, stick / "3").path, at_district))
    take(district, stick / "2", stick / "3")
    (stick / "4").mkdir()
    found.append(("answer", reply(district, stick / "4").path, _school(first)))
    for one in (first, second):
        take(one, stick / "4")
    register(second, "李梓涵")
    take(first, hand(second, stick / "5").path)
    found.append(("sideways", hand(first, stick / "6").path, _school(second)))
    truth = Truth()
    for one in (district, first, second, third):
        truth.add(one)
    kinds = [_kind(name, path, reader, truth) for name, path, reader in found]
    hello = next((stick / "6").glob("*.hello")).read_bytes()
    return Everything(kinds, hello, grounds_of(second), Forger(third))


def _school(laptop: Workplace) -> tuple[Grounds, SealKey]:
    return grounds_of(laptop), laptop.session.seal


def _kind(name: str, path: Path, reader: tuple[Grounds, SealKey], truth: Truth) -> Kind:
    grounds, key = reader
    data = path.read_bytes()
    outer = read_outer(BytesIO(data))
    if outer.document is not None:
        truth.documents.add(outer.document[0])
    pages = {
        digest: data[place.offset : place.offset + place.size]
        for digest, place in outer.scans.items()
    }
    return Kind(name, data, grounds, key, truth, opened(path, key), pages)
