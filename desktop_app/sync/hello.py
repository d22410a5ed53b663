"""Hellos: how laptops that never met a network learn to seal to each other (招呼文件).

A hello is a small public file ``<school>-<feed>.hello`` on any stick: whose feed it is, what proves
it, to which age recipients its people read, and how far it holds every feed. It carries no name and
nothing of a child. Whoever's identity the district has certified is a sibling, and bundles are
sealed to them from then on; whoever's is not waits until an officer has compared fingerprints.

Exact form: docs/format-bundle.md, Hello.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.durable.files import disk_errors, read_limited
from desktop_app.durable.stick import Hashing, remove_parts, write_verified
from desktop_app.feeds.grants import read_places
from desktop_app.feeds.identity import feed_id, key_id
from desktop_app.security import sshsig
from desktop_app.security.certificate import line_of
from desktop_app.security.district import District
from desktop_app.security.seal import check_recipient
from desktop_app.services.workplace import Workplace
from desktop_app.storage.exchange import write_places
from desktop_app.storage.oplog import FeedRow, load_feeds
from desktop_app.sync.heads import PUBLIC_BYTES
from desktop_app.sync.identity import LARGEST as LARGEST_IDENTITY
from desktop_app.sync.identity import prove
from desktop_app.sync.reach import limited_feeds

SUFFIX = ".hello"
FORMAT = 1
LARGEST = 256 * 1024
MOST_FILES = 256
MOST_PEOPLE = 64
_SETTING = "hello."
_KEY_DIGITS = 2 * PUBLIC_BYTES


class Reader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person who reads on that laptop: signing key in hexadecimal, age recipient."""

    sign: str
    seal: str


class Hello(msgspec.Struct, frozen=True):
    """What a laptop says of itself; ``reaches`` is how far it holds each feed."""

    format: int
    feed: str
    scope: str
    public: str
    identity: str
    people: tuple[Reader, ...]
    reaches: str

    @property
    def key(self) -> bytes:
        """Give the laptop's public key."""
        return bytes.fromhex(self.public)

    @property
    def recipients(self) -> frozenset[str]:
        """Give the age recipients of its people."""
        return frozenset(one.seal for one in self.people)


@dataclass(frozen=True, slots=True)
class Met:
    """Whose hellos lay on a stick: siblings to seal to, strangers that wait, files refused."""

    siblings: tuple[Hello, ...] = ()
    waiting: tuple[Hello, ...] = ()
    refused: int = 0


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Hello).decode
_decode_any = msgspec.json.Decoder().decode


def write_hello(workplace: Workplace, scope: str) -> bytes:
    """Give this computer's hello: a canonical line, and its signature."""
    own = workplace.own_feed(scope)
    with workplace.database.read() as connection:
        feeds = load_feeds(connection)
    people = tuple(
        Reader(one.sign_public.hex(), one.recipient) for one in workplace.session.people()
    )
    said = Hello(
        format=FORMAT,
        feed=own.facts.feed,
        scope=scope,
        public=own.public.hex(),
        identity=(own.identity or b"").decode(),
        people=tuple(sorted(people, key=lambda one: (not _leads(own, one), one.sign))),
        reaches=write_places({name: row.sequence for name, row in feeds.items()}),
    )
    line = _encode(said) + b"\n"
    signature = sshsig.sign(
        workplace.computer.key, sshsig.HELLO, line, certificate=line_of(own.identity)
    )
    return line + signature.encode()


def _leads(own: FeedRow, one: Reader) -> bool:
    """Say whether a person leads on a laptop that has not joined: they stand first."""
    return key_id(bytes.fromhex(one.sign)) == own.facts.lead


def read_hello(data: bytes) -> Hello:
    """Read a hello that its own key has signed; whose key that is, ``prove`` says.

    Raises:
        UntrustedError: ``hello.malformed``, ``hello.newer_format``, ``hello.bad_signature``.
    """
    line, _, signature = data.partition(b"\n")
    hello = _read_line(line)
    try:
        sshsig.verify(hello.key, sshsig.HELLO, line + b"\n", signature)
    except UntrustedError as error:
        raise UntrustedError("hello.bad_signature") from error
    return hello


def _read_line(line: bytes) -> Hello:
    if len(line) > LARGEST:
        raise UntrustedError("hello.malformed")
    try:
        loose = _decode_any(line)
        _refuse_unless(isinstance(loose, dict) and _encode(loose) == line)
        _refuse_newer(loose.get("format"))
        hello = _decode(line)
        _refuse_unless(hello.format == FORMAT and _encode(hello) == line)
        _refuse_unless(len(hello.public) == _KEY_DIGITS)
        _refuse_unless(feed_id(hello.key, hello.scope) == hello.feed)
        _refuse_unless(0 < len(hello.people) <= MOST_PEOPLE)
        _refuse_unless(len(hello.identity) <= LARGEST_IDENTITY)
        for one in hello.people:
            check_recipient(one.seal)
            _refuse_unless(len(bytes.fromhex(one.sign)) == PUBLIC_BYTES)
    except (ValueError, RecursionError) as error:
        raise UntrustedError("hello.malformed") from error
    except UntrustedError as error:
        if error.code.startswith("hello."):
            raise
        raise UntrustedError("hello.malformed") from error
    return hello


def _refuse_newer(version: object) -> None:
    if type(version) is int and version > FORMAT:
        raise UntrustedError("hello.newer_format")


def _refuse_unless(condition: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise UntrustedError("hello.malformed")


def leave(workplace: Workplace, folder: Path, scope: str) -> bool:
    """Leave this computer's hello in a folder; say whether the stick took it.

    A stick that is full or write-protected costs nobody their bundle, so nothing is raised.
    """
    with contextlib.suppress(WorkplaceError):
        put(workplace, folder, scope)
        return True
    return False


def put(workplace: Workplace, folder: Path, scope: str) -> Path:
    """Write this computer's hello into a folder; give its path.

    Raises:
        WorkplaceError: the disk refused.
    """
    data = write_hello(workplace, scope)

    def write(file: Hashing) -> None:
        file.write(data)

    path = folder / f"{scope}-{workplace.own_feed(scope).facts.feed[:8]}{SUFFIX}"
    remove_parts(folder, SUFFIX)
    write_verified(path, write)
    return path


def meet(workplace: Workplace, folder: Path) -> Met:
    """Read every hello in a folder, and remember those of this computer's schools.

    Raises:
        WorkplaceError: the disk refused.
    """
    with disk_errors():
        paths = sorted(one for one in folder.iterdir() if one.name.lower().endswith(SUFFIX))
    with workplace.database.read() as connection:
        feeds = load_feeds(connection)
    wanted = None if workplace.seat.kind == "district" else workplace.seat.scope
    greeted: list[Hello] = []
    waiting: list[Hello] = []
    refused = max(0, len(paths) - MOST_FILES)
    for path in paths[:MOST_FILES]:
        try:
            hello = read_hello(read_limited(path, LARGEST))
            proven = is_proven(hello, feeds, workplace.district)
        except (UntrustedError, WorkplaceError):
            refused += 1
            continue
        row = feeds.get(hello.feed)
        if (row is not None and row.own) or (wanted is not None and hello.scope != wanted):
            continue
        (greeted if proven else waiting).append(hello)
        remember(workplace, hello)
    return Met(tuple(greeted), tuple(waiting), refused)


def is_proven(hello: Hello, feeds: Mapping[str, FeedRow], district: District | None) -> bool:
    """Say whether the district speaks for a hello's laptop, by what is held or what it brings.

    Raises:
        UntrustedError: something speaks for it that does not hold.
    """
    row = feeds.get(hello.feed)
    if row is not None and row.identity is not None:
        return True
    return prove(hello.key, hello.scope, hello.identity, district) is not None


def remember(workplace: Workplace, hello: Hello) -> None:
    """Keep the latest hello of a laptop; an older one that turns up again says nothing new."""
    before = workplace.settings.get(_SETTING + hello.feed)
    if before and _age(_decode(before.encode())) > _age(hello):
        return
    workplace.settings.set(_SETTING + hello.feed, _encode(hello).decode())


def _age(hello: Hello) -> tuple[int, int]:
    """Give how far a laptop had written, and all it held: of two hellos the later has more.

    Of others it may hold less than before, where it has set a branch apart.
    """
    reaches = read_places(hello.reaches)
    return reaches.get(hello.feed, 0), sum(reaches.values())


def known(workplace: Workplace, scope: str) -> list[Hello]:
    """Give the hellos remembered of a school's laptops, proven or not, by feed."""
    texts = workplace.settings.named(_SETTING).values()
    hellos = [_decode(text.encode()) for text in texts]
    return sorted((one for one in hellos if one.scope == scope), key=lambda one: one.feed)


def siblings(workplace: Workplace, scope: str) -> list[Hello]:
    """Give the hellos of a school's laptops the district speaks for and has not revoked."""
    with workplace.database.read() as connection:
        feeds = load_feeds(connection)
        revoked = limited_feeds(connection, feeds)
    found = []
    for hello in known(workplace, scope):
        with contextlib.suppress(UntrustedError):
            if hello.feed not in revoked and is_proven(hello, feeds, workplace.district):
                found.append(hello)
    return found


def strangers(workplace: Workplace, feeds: Mapping[str, FeedRow]) -> list[Hello]:
    """Give the hellos of laptops that nothing speaks for yet, of any school, by school and feed."""
    found = []
    for text in workplace.settings.named(_SETTING).values():
        said = _decode(text.encode())
        with contextlib.suppress(UntrustedError):
            if not is_proven(said, feeds, workplace.district):
                found.append(said)
    return sorted(found, key=lambda one: (one.scope, one.feed))


def reaches_of(hellos: Iterable[Hello]) -> dict[str, Mapping[str, int]]:
    """Give what laptops said to hold, by their feed."""
    return {one.feed: read_places(one.reaches) for one in hellos}
