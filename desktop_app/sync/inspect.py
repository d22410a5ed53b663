"""Look into a bundle without taking anything in: who packed it, what it holds, what is proved.

The outer part needs no key: manifest, sizes, digests and the carrier's signature. Feeds are listed
where the bundle was sealed to whoever looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop_app.domain.errors import UntrustedError
from desktop_app.durable.files import disk_errors
from desktop_app.feeds.authority import FeedFacts
from desktop_app.services.workplace import Workplace
from desktop_app.sync.heads import Head
from desktop_app.sync.inbox import grounds_of
from desktop_app.sync.trust import Examined, Grounds, examine, verify

_NO_GROUNDS = Grounds(None, None, {})


@dataclass(frozen=True, slots=True)
class InspectedFeed:
    """One feed in a bundle: the operations after ``after`` up to ``to``."""

    feed: str
    scope: str
    district: bool
    after: int
    to: int
    proved: bool


@dataclass(frozen=True, slots=True)
class Inspected:
    """What can be said of a bundle.

    ``carrier_proved`` is False where nothing trusted here speaks for the carrier; the signature
    holds all the same. ``feeds`` is None where the payload could not be opened; ``sealed`` is then
    the code that says why.
    """

    name: str
    purpose: str
    number: int
    scope: str
    carrier: str
    carrier_proved: bool
    recipients: tuple[str, ...]
    operations: int
    payload_size: int
    scans: int
    district_document: bool
    feeds: tuple[InspectedFeed, ...] | None
    sealed: str


def inspect(path: Path, workplace: Workplace | None = None) -> Inspected:
    """Look into a bundle, with what a workplace trusts and can open, or with nothing.

    Raises:
        UntrustedError: it is no bundle, damaged, or not signed by the carrier it names.
        WorkplaceError: it cannot be read.
    """
    grounds = _NO_GROUNDS if workplace is None else _any_school(grounds_of(workplace))
    with disk_errors(), path.open("rb") as file:
        examined = examine(file, grounds, lambda _: None)
        feeds, sealed = _look_inside(file, examined, grounds, workplace)
    manifest = examined.manifest
    return Inspected(
        name=path.name,
        purpose=manifest.purpose,
        number=manifest.number,
        scope=manifest.scope,
        carrier=manifest.carrier.feed,
        carrier_proved=examined.carrier is not None,
        recipients=tuple(manifest.recipients),
        operations=manifest.payload.operations,
        payload_size=manifest.payload.size,
        scans=len(manifest.scans),
        district_document=manifest.district is not None,
        feeds=feeds,
        sealed=sealed,
    )


def _any_school(grounds: Grounds) -> Grounds:
    """Another school's bundle may be looked at; it can only not be taken in."""
    return Grounds(None, grounds.district, grounds.proven)


def _look_inside(
    file: BinaryIO, examined: Examined, grounds: Grounds, workplace: Workplace | None
) -> tuple[tuple[InspectedFeed, ...] | None, str]:
    if workplace is None:
        return None, "bundle.wrong_recipient"
    try:
        keys = [workplace.session.seal]
        verified = verify(file, examined, keys, grounds, {}, lambda _: None)
    except UntrustedError as error:
        return None, error.code
    spans = verified.spans.values()
    return tuple(_feed(span.head, verified.facts.get(span.head.feed)) for span in spans), ""


def _feed(head: Head, facts: FeedFacts | None) -> InspectedFeed:
    return InspectedFeed(
        feed=head.feed,
        scope=head.scope,
        district=head.district,
        after=head.after,
        to=head.to,
        proved=facts is not None,
    )
