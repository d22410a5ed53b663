"""Bundles put together by somebody clever: every one is refused with words, and changes nothing.

``test_forging`` makes many at random; here each trick has a name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from desktop_app.feeds.operation import LARGEST_LINE, Operation
from desktop_app.messages.catalogue import shipped
from desktop_app.services.workplace import Workplace
from desktop_app.sync import tape
from desktop_app.sync.bundle import read_outer
from desktop_app.sync.inbox import grounds_of
from desktop_app.sync.trust import examine, verify
from tests.sync.forger import Forger, Opened, heads_text, inner_tar, invented, opened
from tests.sync.site import (
    Site,
    content,
    feed_of,
    hand,
    kept,
    register,
    take,
)


@dataclass(frozen=True)
class Scene:
    """A true bundle on its way to the district, another of the same laptop, and a forger."""

    district: Workplace
    laptop: Workplace
    path: Path
    later: Path
    true: Opened
    forger: Forger

    def refused(self, data: bytes) -> str:
        """Put other bytes in the bundle's place; it must be refused and change nothing."""
        before = content(self.district)
        self.path.write_bytes(data)
        (taken,) = take(self.district, self.path)
        assert (taken.outcome, taken.fresh) == ("refused", 0)
        assert taken.reason in shipped()
        assert (content(self.district), kept(self.district)) == (before, [])
        return taken.reason


@pytest.fixture
def scene(site: Site, district: Workplace, laptop: Workplace, stick: Path) -> Scene:
    register(laptop)
    path = hand(laptop, stick).path
    register(laptop, "李梓涵")
    later = hand(laptop, stick).path
    forger = Forger(site.laptop(district, "forger"))
    return Scene(district, laptop, path, later, opened(path, district.session.seal), forger)


def members(data: bytes) -> dict[str, bytes]:
    """Cut a bundle into its members."""
    outer = read_outer(BytesIO(data))
    found, at = {}, 0
    while data[at : at + 1] != b"\0":
        name = data[at : at + 100].rstrip(b"\0").decode()
        size = int(data[at + 124 : at + 135], 8)
        found[name] = data[at + 512 : at + 512 + size]
        at += 512 + size + tape.padding(size)
    assert found["manifest.json"] == outer.manifest_bytes
    return found


def tar_of(found: dict[str, bytes]) -> bytes:
    """Put members together again."""
    return (
        b"".join(
            tape.header(name, len(data)) + data + bytes(tape.padding(len(data)))
            for name, data in found.items()
        )
        + tape.END
    )


def test_taken_apart_and_put_together_it_is_the_same(scene: Scene) -> None:
    """The control of these tests."""
    data = scene.path.read_bytes()
    assert tar_of(members(data)) == data


Trick = Callable[[dict[str, bytes], dict[str, bytes]], dict[str, bytes]]

TRICKS: dict[str, Trick] = {
    "another payload under this manifest": lambda one, other: (
        one | {"payload.age": other["payload.age"]}
    ),
    "another manifest over this payload": lambda one, other: (
        one | {name: other[name] for name in ("manifest.json", "manifest.json.sig", "SHA256SUMS")}
    ),
    "this manifest with the signature of another": lambda one, other: (
        one | {"manifest.json.sig": other["manifest.json.sig"]}
    ),
    "no signature": lambda one, _: {
        name: data for name, data in one.items() if name != "manifest.json.sig"
    },
    "an empty signature": lambda one, _: one | {"manifest.json.sig": b""},
    "the signature of a text": lambda one, _: one | {"manifest.json.sig": b"signed: by me\n"},
    "another suite": lambda one, _: (
        one | {"manifest.json": one["manifest.json"].replace(b"/sha-256/", b"/md5/")}
    ),
    "no suite": lambda one, _: (
        one
        | {
            "manifest.json": one["manifest.json"].replace(
                b'"suite":"age-x25519/ed25519/sha-256/zstd",', b""
            )
        }
    ),
    "a number of seventeen digits": lambda one, _: (
        one
        | {"manifest.json": one["manifest.json"].replace(b'"number":1', b'"number":' + b"9" * 17)}
    ),
    "a number of five thousand digits": lambda one, _: (
        one
        | {"manifest.json": one["manifest.json"].replace(b'"number":1', b'"number":' + b"9" * 5000)}
    ),
    "no number at all": lambda one, _: (
        one | {"manifest.json": one["manifest.json"].replace(b'"number":1', b'"number":NaN')}
    ),
    "a key that stands twice": lambda one, _: (
        one | {"manifest.json": one["manifest.json"][:-1] + b',"number":1}'}
    ),
    "a hundred thousand brackets": lambda one, _: one | {"manifest.json": b"[" * 100_000},
    "a hundred thousand brackets in a later format": lambda one, _: (
        one
        | {
            "manifest.json": one["manifest.json"].replace(b'"format":1', b'"format":2')[:-1]
            + b',"deep":'
            + b"[" * 100_000
            + b"]" * 100_000
            + b"}"
        }
    ),
}


@pytest.mark.parametrize("name", TRICKS)
def test_members_that_do_not_belong_together_are_refused(scene: Scene, name: str) -> None:
    one, other = members(scene.path.read_bytes()), members(scene.later.read_bytes())
    assert tar_of(one) != tar_of(other)
    forged = tar_of(TRICKS[name](one, other))
    assert forged != scene.path.read_bytes()
    scene.refused(forged)
    assert take(scene.district, scene.later)[0].outcome == "taken_in"


def test_a_recipient_slipped_in_on_the_way_is_noticed(scene: Scene) -> None:
    """Who adds a reader changes the sealed file, and the manifest binds its bytes."""
    found = members(scene.path.read_bytes())
    sealed = found["payload.age"]
    first = sealed.index(b"-> X25519 ")
    stanza = sealed[first : sealed.index(b"\n-> ", first + 1) + 1]
    slipped = sealed[:first] + stanza + sealed[first:]
    assert slipped.count(b"-> X25519 ") == sealed.count(b"-> X25519 ") + 1
    resized = found | {"payload.age": slipped}
    assert scene.refused(tar_of(resized)) in {"bundle.malformed", "bundle.altered"}
    shorter = slipped[: len(sealed)]
    assert scene.refused(tar_of(found | {"payload.age": shorter})) == "bundle.altered"


def test_a_reader_added_to_the_list_is_noticed(scene: Scene) -> None:
    found = members(scene.path.read_bytes())
    thief = scene.forger.own.public.hex()[:58]
    listed = found["manifest.json"].replace(
        b'"recipients":[', b'"recipients":["age1%b",' % thief.encode()
    )
    assert scene.refused(tar_of(found | {"manifest.json": listed})) in shipped()


def test_a_courier_may_pack_anothers_operations_and_changes_none_of_them(scene: Scene) -> None:
    """Signed anew by a laptop that joined: it is theirs to carry, and still the author's words."""
    forged = scene.path.with_name("carried.enb")
    forged.write_bytes(scene.forger.bundle(scene.true))
    (taken,) = take(scene.district, forged)
    assert (taken.outcome, taken.sender) == ("taken_in", scene.forger.own.facts.feed)
    feed = feed_of(scene.laptop)
    held = content(scene.district)[feed]
    assert held == content(scene.laptop)[feed][: len(held)]
    assert len(held) > 0


def test_a_payload_addressed_to_another_school_is_refused(scene: Scene) -> None:
    def elsewhere(manifest: dict[str, object]) -> None:
        manifest["scope"] = "2141041102"

    assert scene.refused(scene.forger.bundle(scene.true, change=elsewhere)) == "bundle.other_school"


def own_bundle(scene: Scene, made: Sequence[Operation], lines: Sequence[bytes]) -> bytes:
    """Pack a history of the forger's own feed, its head signed, with any lines for it."""
    own = scene.forger.own
    head = next(one for one in scene.true.heads if not one.district)
    mine = msgspec.structs.replace(
        head,
        feed=own.facts.feed,
        public=own.public.hex(),
        identity=(own.identity or b"").decode(),
    )
    heads = heads_text([scene.forger.head(mine, made)])
    tar = inner_tar(heads, b"".join(line + b"\n" for line in lines))
    return scene.forger.bundle(scene.true, tar, feeds=1, operations=len(lines))


def test_one_bad_operation_among_ten_thousand_is_named_and_nothing_goes_in(scene: Scene) -> None:
    made = invented(scene.forger.own.facts.feed, 10_000)
    lines = [one.line() for one in made]
    grounds, keys = grounds_of(scene.district), [scene.district.session.seal]
    whole = BytesIO(own_bundle(scene, made, lines))
    examined = examine(whole, grounds, lambda _: None)
    proved = verify(whole, examined, keys, grounds, {}, lambda _: None)
    assert len(proved.kept or ()) == 10_000
    lines[7_000] = lines[7_000].replace("假名".encode(), "真名".encode())
    before = content(scene.district)
    scene.path.write_bytes(own_bundle(scene, made, lines))
    (taken,) = take(scene.district, scene.path)
    assert (taken.outcome, taken.reason) == ("refused", "bundle.bad_operation")
    assert taken.error is not None
    assert taken.error.details["line"] == 7_001
    assert content(scene.district) == before


def test_an_operation_larger_than_any_may_be_is_refused(scene: Scene) -> None:
    """A laptop that joined writes it in its own feed, signs it, and is refused all the same."""
    made = invented(scene.forger.own.facts.feed, 1)
    long = made[0].line().replace("假".encode(), "假".encode() * LARGEST_LINE)
    assert scene.refused(own_bundle(scene, made, [long])) == "operation.too_large"
    # The control: the same, as long as an operation may be, is taken in.
    scene.path.write_bytes(own_bundle(scene, made, [made[0].line()]))
    (taken,) = take(scene.district, scene.path)
    assert (taken.outcome, taken.fresh) == ("taken_in", 1)
