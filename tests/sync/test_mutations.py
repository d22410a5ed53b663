"""A thousand damaged and forged bundles: nothing but what was truly written gets in.

Half are damaged on the way, half are sealed and signed anew with the valid keys of another laptop
that joined. After each, what the district holds of every feed is a beginning of what that laptop
wrote; the untouched bundle is proved in every round and taken in at the end.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desktop_app.messages.catalogue import shipped
from desktop_app.policy.package import Policy
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync.inbox import REFUSED, TakenIn, grounds_of
from desktop_app.sync.trust import examine, verify
from tests.sync.forger import Forger, Opened, heads_text, inner_tar, invented, opened
from tests.sync.site import Feeds, Site, content, hand, register_many, take

MUTATIONS = int(os.environ.get("ENROLLMENT_MUTATIONS", "1000"))
ROUND = 50
SEED = int(os.environ.get("ENROLLMENT_SEED", "41"))

Bytes = Callable[[random.Random, bytes], bytes]
Loose = list[dict[str, Any]]
Inside = Callable[[random.Random, Loose, list[bytes]], None]


class Target:
    """A district nothing has come to yet, the truth, and a true bundle."""

    def __init__(self, site: Site, stick: Path, district: Workplace | None = None) -> None:
        self.district = site.found() if district is None else district
        first = site.laptop(self.district, "first")
        second = site.laptop(self.district, "second")
        register_many(first, 12)
        register_many(second, 7)
        self.path = hand(first, stick).path
        self.other = hand(second, stick).path
        self.truth: Feeds = content(first) | content(second) | content(self.district)
        self.forger = Forger(second)
        key = self.district.session.seal
        self.opened = opened(self.path, key)
        self.others = opened(self.other, key)
        self.whole = self.path.read_bytes()
        self.scratch = stick / "mutated.enb"
        self.seen: dict[str, int] = {}

    def attempt(self, data: bytes) -> TakenIn:
        """Offer bytes to the district, and look whether anything untrue got in."""
        self.scratch.write_bytes(data)
        (taken, *_) = take(self.district, self.scratch)
        key = taken.reason or taken.outcome
        self.seen[key] = self.seen.get(key, 0) + 1
        if taken.outcome == REFUSED:
            assert taken.reason in shipped(), taken.reason
            assert taken.fresh == 0
        else:
            assert_only_truth(self.district, self.truth)
        return taken

    def proves(self) -> None:
        """The untouched bundle is proved as ever."""
        grounds = grounds_of(self.district)
        file = BytesIO(self.whole)
        examined = examine(file, grounds, lambda _: None)
        key = self.district.session.seal
        verified = verify(file, examined, [key], grounds, {}, lambda _: None)
        assert sum(span.head.to for span in verified.spans.values()) == len(self.opened.lines)


def assert_only_truth(workplace: Workplace, truth: Feeds) -> None:
    """Every feed held is a beginning of what its author wrote."""
    for feed, lines in content(workplace).items():
        assert lines == truth[feed][: len(lines)], feed


def stored(found: Opened) -> list[bytes]:
    """Give the lines of a bundle as they are read back from a database."""
    return [line + b"\n" for line in found.lines]


@pytest.fixture
def target(tmp_path: Path, policy: Policy) -> Iterator[Target]:
    site = Site(tmp_path / "site", policy)
    site.folder.mkdir()
    yield Target(site, tmp_path / "stick")
    site.close()


# --- damage on the way ----------------------------------------------------------------------------


def flip(chance: random.Random, data: bytes) -> bytes:
    """Flip one bit."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def cut(chance: random.Random, data: bytes) -> bytes:
    """Lose the rest."""
    return data[: chance.randrange(len(data))]


def zero(chance: random.Random, data: bytes) -> bytes:
    """Lose a cluster."""
    at = chance.randrange(len(data))
    return data[:at] + bytes(min(512, len(data) - at)) + data[at + 512 :]


def insert(chance: random.Random, data: bytes) -> bytes:
    """Gain bytes."""
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(chance.choice((1, 5, 512))) + data[at:]


def move(chance: random.Random, data: bytes) -> bytes:
    """Swap two blocks of the tar."""
    blocks = [data[at : at + 512] for at in range(0, len(data), 512)]
    one, two = chance.randrange(len(blocks)), chance.randrange(len(blocks))
    blocks[one], blocks[two] = blocks[two], blocks[one]
    return b"".join(blocks)


def append(chance: random.Random, data: bytes) -> bytes:
    """Gain a tail."""
    return data + chance.randbytes(chance.choice((1, 511, 512, 1024)))


DAMAGE: tuple[Bytes, ...] = (flip, cut, zero, insert, move, append)


def test_damage_on_the_way_is_refused_or_changes_nothing(target: Target) -> None:
    chance = random.Random(SEED)
    for number in range(MUTATIONS // 2):
        damaged = chance.choice(DAMAGE)(chance, target.whole)
        target.attempt(damaged)
        if number % ROUND == 0:
            target.proves()
    assert target.seen.keys() >= {"bundle.truncated", "bundle.altered", "bundle.bad_signature"}
    assert take(target.district, target.path)[0].outcome == "taken_in"
    held = content(target.district)
    assert held[target.opened.heads[0].feed] == stored(target.opened)


# --- forged by a laptop that joined ---------------------------------------------------------------


def pick(chance: random.Random, items: list[Any]) -> int:
    return chance.randrange(len(items))


def drop_line(chance: random.Random, _: Loose, lines: list[bytes]) -> None:
    del lines[pick(chance, lines)]


def double_line(chance: random.Random, _: Loose, lines: list[bytes]) -> None:
    at = pick(chance, lines)
    lines.insert(at, lines[at])


def swap_lines(chance: random.Random, _: Loose, lines: list[bytes]) -> None:
    one, two = pick(chance, lines), pick(chance, lines)
    lines[one], lines[two] = lines[two], lines[one]


def flip_in_line(chance: random.Random, _: Loose, lines: list[bytes]) -> None:
    at = pick(chance, lines)
    lines[at] = flip(chance, lines[at]).replace(b"\n", b" ")


def rewrite_value(chance: random.Random, _: Loose, lines: list[bytes]) -> None:
    at = pick(chance, lines)
    lines[at] = lines[at].replace("单梓涵".encode(), "假梓涵".encode()).replace(b"2018", b"2017")


def strip_payload(chance: random.Random, _: Loose, lines: list[bytes]) -> None:
    at = pick(chance, lines)
    lines[at] = lines[at][: lines[at].index(b',"payload":')] + b',"payload":null}'


def cut_feed(chance: random.Random, heads: Loose, lines: list[bytes]) -> None:
    keep = chance.randrange(len(lines))
    del lines[keep:]
    heads[0]["to"] = keep


def change_head(chance: random.Random, heads: Loose, _: list[bytes]) -> None:
    changes: list[tuple[str, Any]] = [
        ("to", chance.randrange(1, 40)),
        ("from", chance.randrange(40)),
        ("hash", chance.randbytes(32).hex()),
        ("public", chance.randbytes(32).hex()),
        ("feed", "a" * 20),
        ("scope", chance.choice(["2141041102", "district:410411", ""])),
        ("district", True),
        ("identity", chance.choice(["", "x", "{}", "ssh-ed25519-cert-v01@openssh.com AAAA"])),
        ("signature", chance.choice(["", "-----BEGIN SSH SIGNATURE-----\n"])),
    ]
    name, value = chance.choice(changes)
    chance.choice(heads)[name] = value


def drop_head(chance: random.Random, heads: Loose, _: list[bytes]) -> None:
    del heads[pick(chance, heads)]


def double_head(chance: random.Random, heads: Loose, _: list[bytes]) -> None:
    heads.append(chance.choice(heads))


INSIDE: tuple[Inside, ...] = (
    drop_line,
    double_line,
    swap_lines,
    flip_in_line,
    rewrite_value,
    strip_payload,
    cut_feed,
    change_head,
    drop_head,
    double_head,
)


def forged_inside(chance: random.Random, target: Target, found: Opened) -> bytes:
    """Change heads or operations, count anew, seal and sign anew."""
    heads: Loose = [msgspec.to_builtins(head) for head in found.heads]
    lines = list(found.lines)
    for _ in range(chance.choice((1, 1, 2))):
        if heads and lines:
            chance.choice(INSIDE)(chance, heads, lines)
    tar = inner_tar(heads_text(heads), b"".join(line + b"\n" for line in lines))
    return target.forger.bundle(found, tar, feeds=len(heads), operations=len(lines))


def forged_bytes(chance: random.Random, target: Target, found: Opened) -> bytes:
    """Damage the inner tar, seal and sign anew."""
    lines = b"".join(line + b"\n" for line in found.lines)
    damaged = chance.choice(DAMAGE)(chance, inner_tar(heads_text(found.heads), lines))
    return target.forger.bundle(found, damaged)


def forged_feed(chance: random.Random, target: Target, found: Opened) -> bytes:
    """Write a whole history in another laptop's feed."""
    made = invented(found.heads[0].feed, chance.randrange(1, 9))
    head = target.forger.head(found.heads[0], made)
    tar = inner_tar(heads_text([head]), b"".join(one.line() + b"\n" for one in made))
    return target.forger.bundle(found, tar, feeds=1, operations=len(made))


def forged_manifest(chance: random.Random, target: Target, found: Opened) -> bytes:
    """Say something else of the same payload."""

    def change(manifest: dict[str, Any]) -> None:
        match chance.randrange(6):
            case 0:
                manifest["purpose"] = "answer"
            case 1:
                manifest["scope"] = "2141041102"
            case 2:
                manifest["carrier"].update(target_identity(found))
            case 3:
                manifest["payload"]["operations"] += chance.choice((-1, 1))
            case 4:
                manifest["payload"]["plain"] += chance.choice((-512, 512))
            case _:
                manifest["carrier"]["identity"] = ""

    return target.forger.bundle(found, change=change)


def target_identity(found: Opened) -> dict[str, str]:
    """Pretend to be the true carrier."""
    carrier = found.manifest.carrier
    return {"feed": carrier.feed, "public": carrier.public, "identity": carrier.identity}


FORGERIES = (
    forged_inside,
    forged_inside,
    forged_inside,
    forged_bytes,
    forged_feed,
    forged_manifest,
)


def test_what_another_laptop_forges_is_refused_or_true(target: Target) -> None:
    chance = random.Random(SEED)
    for number in range(MUTATIONS // 2):
        # The forger's own operations are theirs to pack; the first laptop's are not.
        target.attempt(chance.choice(FORGERIES)(chance, target, target.opened))
        if number % ROUND == 0:
            target.proves()
    assert target.seen.keys() >= {
        "bundle.bad_head",
        "bundle.bad_operation",
        "bundle.broken_chain",
        "bundle.unknown_signer",
        "bundle.other_school",
    }
    results = take(target.district, target.path, target.other)
    assert {one.outcome for one in results} == {"taken_in"}
    held = content(target.district)
    for found in (target.opened, target.others):
        assert held[found.heads[0].feed] == stored(found)
    with target.district.database.read() as connection:
        assert set(load_feeds(connection)) <= target.truth.keys()
