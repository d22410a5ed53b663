"""Bundles of every kind, damaged at every byte and forged with valid keys: nothing untrue gets in.

The short form takes a sample of the bytes and a few hundred forgeries. ``make forge`` flips every
byte of every kind, cuts at every length, and makes 100,000 mutations, half of them sealed and
signed anew by a laptop that joined.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from desktop_app.policy.package import Policy
from desktop_app.security import sshsig
from desktop_app.sync import bundle
from tests.sync.counting import COUNTED
from tests.sync.forger import heads_text, inner_tar, invented
from tests.sync.kinds import BELIEVED, WAITS, Everything, Kind, make
from tests.sync.site import Site
from tests.sync.test_mutations import DAMAGE, INSIDE, Loose, target_identity

FULL = os.environ.get("ENROLLMENT_FORGE") == "full"
STEP = 1 if FULL else 53
MUTATIONS = 100_000 if FULL else 600
ARMOUR = (b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----")
SEED = int(os.environ.get("ENROLLMENT_SEED", "41"))
Record = Callable[[str, object], None]


def told(seen: Counter[str]) -> str:
    """Say what was tried and what came of it; whatever was believed was proved to be true."""
    refused = seen.total() - seen[BELIEVED] - seen[WAITS]
    return (
        f"{seen.total()} tried, {refused} refused, {seen[WAITS]} wait for an identity or an erasure,"
        f" {seen[BELIEVED]} with nothing but true content, 0 accepted beyond it"
    )


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Everything]:
    folder = tmp_path_factory.mktemp("forging")
    site = Site(folder / "site", policy)
    site.folder.mkdir()
    (folder / "stick").mkdir()
    yield make(site, folder / "stick")
    site.close()


def test_every_kind_is_there_and_true(everything: Everything) -> None:
    kinds = {kind.name: kind for kind in everything.kinds}
    assert set(kinds) == {"pages", "volume", "submission", "answer", "sideways"}
    assert all(kind.judge(kind.data) == BELIEVED for kind in everything.kinds)
    assert everything.judge_hello(everything.hello) == BELIEVED
    assert all(kind.open.manifest.district is not None for kind in everything.kinds)
    assert kinds["pages"].pages
    assert kinds["volume"].open.lines == []
    assert kinds["volume"].pages
    feeds = {head.feed for head in kinds["sideways"].open.heads if not head.district}
    assert len(feeds) > 1


def is_armour(data: bytes, at: int) -> bool:
    """Say whether a byte belongs to the carrier's signature, whose white space says nothing."""
    member = data.find(b"manifest.json.sig\0")
    begin = data.rindex(ARMOUR[0]) if member < 0 else data.index(ARMOUR[0], member)
    return begin <= at <= data.index(ARMOUR[1], begin) + len(ARMOUR[1])


def flipped(data: bytes, step: int, bits: int) -> Iterator[tuple[int, bytes]]:
    """Flip bits of every ``step``-th byte, the next bits each time."""
    changed = bytearray(data)
    for place, at in enumerate(range(0, len(data), step)):
        for bit in range(bits):
            mask = 1 << (place + bit) % 8
            changed[at] ^= mask
            yield at, bytes(changed)
            changed[at] ^= mask


def test_no_flipped_bit_and_no_cut_is_believed(
    everything: Everything, record_property: Record
) -> None:
    seen: Counter[str] = Counter()
    finer = max(1, STEP // 9)
    readers = [(kind.data, kind.judge, STEP, 1) for kind in everything.kinds]
    readers.append((everything.hello, everything.judge_hello, finer, 8))
    for whole, judge, step, bits in readers:
        for at, data in flipped(whole, step, bits):
            code = judge(data)
            seen[code] += 1
            assert code != BELIEVED or is_armour(whole, at)
        for length in range(0, len(whole), step):
            code = judge(whole[:length])
            seen[code] += 1
            # A hello ends with its signature's last line feed, which says nothing.
            assert code != BELIEVED or whole[length:] == b"\n"
    assert seen[WAITS] == 0
    assert seen.total() > (12_000 if FULL else 1_000)
    assert {"bundle.truncated", "bundle.altered", "bundle.bad_signature"} <= seen.keys()
    record_property(COUNTED, f"flips and cuts: {told(seen)}")


# --- forged with valid keys -----------------------------------------------------------------------


def rewritten(chance: random.Random, all_kinds: Everything, kind: Kind) -> bytes:
    """Change heads or operations, count anew, seal and sign anew."""
    heads: Loose = [msgspec.to_builtins(head) for head in kind.open.heads]
    lines = list(kind.open.lines)
    for _ in range(chance.choice((1, 1, 2))):
        if heads and lines:
            chance.choice(INSIDE)(chance, heads, lines)
    tar = inner_tar(heads_text(heads), b"".join(line + b"\n" for line in lines))
    return all_kinds.forger.bundle(
        kind.open, tar, feeds=len(heads), operations=len(lines), pages=kind.pages
    )


def damaged_inside(chance: random.Random, all_kinds: Everything, kind: Kind) -> bytes:
    """Damage the inner tar, seal and sign anew."""
    lines = b"".join(line + b"\n" for line in kind.open.lines)
    tar = inner_tar(heads_text(kind.open.heads), lines)
    return all_kinds.forger.bundle(kind.open, chance.choice(DAMAGE)(chance, tar), pages=kind.pages)


def history(chance: random.Random, all_kinds: Everything, kind: Kind) -> bytes:
    """Write a history in somebody else's feed."""
    claimed = chance.choice(kind.open.heads)
    made = invented(claimed.feed, chance.randrange(1, 9), after=chance.randrange(20))
    head = all_kinds.forger.head(claimed, made)
    tar = inner_tar(heads_text([head]), b"".join(one.line() + b"\n" for one in made))
    return all_kinds.forger.bundle(kind.open, tar, feeds=1, operations=len(made))


def readdressed(chance: random.Random, all_kinds: Everything, kind: Kind) -> bytes:
    """Say something else of the same payload."""

    def change(manifest: dict[str, Any]) -> None:
        match chance.randrange(8):
            case 0:
                manifest["purpose"] = chance.choice(("answer", "submission"))
            case 1:
                manifest["scope"] = "2141041102"
            case 2:
                manifest["carrier"].update(target_identity(kind.open))
            case 3:
                manifest["payload"]["operations"] += chance.choice((-1, 1))
            case 4:
                manifest["payload"]["plain"] += chance.choice((-512, 512))
            case 5:
                manifest["district"] = None
            case 6:
                manifest["number"] = 2**31 - chance.randrange(3)
            case _:
                manifest["carrier"]["identity"] = ""

    return all_kinds.forger.bundle(kind.open, change=change, pages=kind.pages)


def other_pages(chance: random.Random, all_kinds: Everything, kind: Kind) -> bytes:
    """Send other pages under the names of the true ones."""
    pages = {digest: chance.choice(DAMAGE)(chance, page) for digest, page in kind.pages.items()}
    return all_kinds.forger.bundle(kind.open, pages={d: page or b"x" for d, page in pages.items()})


def other_namespace(chance: random.Random, all_kinds: Everything, kind: Kind) -> bytes:
    """Sign with the right key what was meant for something else."""
    namespace = chance.choice((sshsig.HELLO, sshsig.DISTRICT, "enrollment-feed", "file"))
    return all_kinds.forger.bundle(kind.open, namespace=namespace, pages=kind.pages)


def own_document(all_kinds: Everything, kind: Kind, document: tuple[bytes, bytes]) -> bytes:
    """Send another district document along, described as it is."""
    pieces = [msgspec.to_builtins(bundle.piece_of(one)) for one in document]

    def change(manifest: dict[str, Any]) -> None:
        manifest["district"] = dict(zip(("document", "signature"), pieces, strict=True))

    found = replace(kind.open, document=document)
    return all_kinds.forger.bundle(found, change=change, pages=kind.pages)


FORGERIES = (rewritten, rewritten, rewritten, damaged_inside, history, readdressed, other_pages,
             other_namespace)  # fmt: skip


def forged_hello(chance: random.Random, all_kinds: Everything) -> bytes:
    """Change somebody's hello and sign it with the forger's key."""
    line, _, _ = all_kinds.hello.partition(b"\n")
    loose: dict[str, Any] = msgspec.json.decode(line)
    own = all_kinds.forger.own
    changes: list[tuple[str, Any]] = [
        ("public", own.public.hex()),
        ("feed", own.facts.feed),
        ("scope", "2141041102"),
        ("identity", chance.choice(["", "{}", (own.identity or b"").decode()])),
        ("reaches", f"{own.facts.feed}:{2**40}"),
        ("people", loose["people"][:1]),
        ("format", chance.choice([0, 1, 2, True, "1"])),
    ]
    loose.update(dict(chance.sample(changes, chance.choice((0, 1, 2, 3)))))
    said = msgspec.json.encode(loose) + b"\n"
    return said + sshsig.sign(all_kinds.forger.key, sshsig.HELLO, said).encode()


def test_what_is_forged_with_valid_keys_is_refused_or_true(
    everything: Everything, record_property: Record
) -> None:
    chance = random.Random(SEED)
    seen: Counter[str] = Counter()
    for number in range(MUTATIONS):
        kind = everything.kinds[number % len(everything.kinds)]
        if number % 2:
            forged = chance.choice(FORGERIES)(chance, everything, kind)
            seen[kind.judge(forged)] += 1
        else:
            data = kind.data
            for _ in range(chance.choice((1, 1, 2, 3))):
                data = chance.choice(DAMAGE)(chance, data) or b"\0"
            seen[kind.judge(data)] += 1
        if number % 25 == 0:
            seen[everything.judge_hello(forged_hello(chance, everything))] += 1
        if number % 500 == 0:
            assert kind.judge(kind.data) == BELIEVED
    # The control: the forger's seals and signatures hold, or the inside would never be reached.
    assert seen.keys() >= {
        "bundle.bad_head",
        "bundle.bad_operation",
        "bundle.broken_chain",
        "bundle.unknown_signer",
        "bundle.other_school",
        "bundle.altered",
        "bundle.bad_signature",
        BELIEVED,
    }, seen
    record_property(COUNTED, f"mutations, half of them sealed and signed anew: {told(seen)}")
