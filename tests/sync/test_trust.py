"""Every step from bytes to verified values refuses what it is there to refuse."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
import zstandard

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.feeds.identity import feed_id
from desktop_app.feeds.operation import Operation
from desktop_app.feeds.operation import read as read_operation
from desktop_app.policy.package import Policy
from desktop_app.security import sshsig
from desktop_app.security.district import DistrictRoot
from desktop_app.security.keys import SigningKey
from desktop_app.security.seal import SealKey
from desktop_app.sync import content as content_module
from desktop_app.sync.bundle import piece_of
from desktop_app.sync.heads import Head
from desktop_app.sync.inbox import grounds_of
from desktop_app.sync.trust import Examined, Grounds, Verified, examine, replay, verify
from tests.sync.forger import Forger, Opened, heads_text, inner_tar, invented, opened
from tests.sync.site import SCHOOL, Site, content, hand, register, reply, take


class Scene:
    """A district, two laptops, a true bundle of the first, a forger at the second."""

    def __init__(self, site: Site, stick: Path) -> None:
        self.district = site.found()
        self.laptop = site.laptop(self.district, "laptop")
        self.second = site.laptop(self.district, "second")
        register(self.laptop)
        register(self.second, "李梓涵")
        self.path = hand(self.laptop, stick).path
        self.true = opened(self.path, self.district.session.seal)
        self.second_true = opened(hand(self.second, stick).path, self.district.session.seal)
        self.forger = Forger(self.second)
        self.grounds = grounds_of(self.district)
        self.feed = self.laptop.own_feed().facts.feed

    def prove(self, data: bytes, grounds: Grounds | None = None) -> Verified:
        """Examine and verify bytes as the district does."""
        file = BytesIO(data)
        trusted = grounds or self.grounds
        examined = examine(file, trusted, ignore)
        return verify(file, examined, [self.district.session.seal], trusted, {}, ignore)

    def code(self, data: bytes, grounds: Grounds | None = None) -> str:
        """Give the code with which bytes are refused."""
        with pytest.raises(UntrustedError) as refusal:
            self.prove(data, grounds)
        return refusal.value.code


def ignore(_: int) -> None:
    """Take no note of progress."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("trust")
    site = Site(folder / "site", policy)
    site.folder.mkdir()
    yield Scene(site, folder / "stick")
    site.close()


def test_a_true_bundle_is_proved(scene: Scene) -> None:
    verified = scene.prove(scene.path.read_bytes())
    span = verified.spans[scene.feed]
    assert (span.head.after, span.head.to) == (0, len(content(scene.laptop)[scene.feed]))
    facts = verified.facts[scene.feed]
    assert (facts.scope, facts.district) == (SCHOOL, False)
    assert facts.lead == scene.laptop.own_feed().facts.lead


@pytest.mark.parametrize("large", [False, True])
def test_what_is_replayed_is_what_was_proved(scene: Scene, *, large: bool) -> None:
    verified = scene.prove(scene.path.read_bytes())
    assert verified.kept is not None
    if large:
        verified = dataclasses.replace(verified, kept=None)
    seen: list[bytes] = []
    file = BytesIO(scene.path.read_bytes())

    def note(head: Head, operation: Operation) -> None:
        assert head.feed == operation.feed
        seen.append(operation.line())

    replay(file, verified, [scene.district.session.seal], note, ignore)
    assert seen == scene.true.lines


def test_a_large_bundle_is_not_kept_in_memory(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_module, "LARGEST_KEPT", 0)
    assert scene.prove(scene.path.read_bytes()).kept is None


def test_what_is_kept_is_told_like_what_is_read_again(scene: Scene) -> None:
    verified = scene.prove(scene.path.read_bytes())
    assert verified.kept is not None
    many = dataclasses.replace(verified, kept=[verified.kept[0]] * 2500)
    told: list[int] = []
    replay(BytesIO(), many, [], lambda _, __: None, told.append)
    assert told == [1000, 2000]


def test_a_second_reading_tells_how_far_it_is(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = scene.path.read_bytes()
    verified = dataclasses.replace(scene.prove(data), kept=None)
    monkeypatch.setattr(content_module, "TELL_EVERY", 1)
    told: list[int] = []
    replay(BytesIO(data), verified, [scene.district.session.seal], lambda _, __: None, told.append)
    assert told == list(range(1, len(scene.true.lines) + 1))


def test_what_changed_since_it_was_proved_does_not_count(scene: Scene) -> None:
    verified = scene.prove(scene.path.read_bytes())
    # The same carrier packs other lines of the same length: age is content, the digest is not.
    other = list(scene.true.lines)
    swapped = bytearray(other[0])
    at = swapped.index(b'"salt":"') + 8
    swapped[at] = ord("0") if swapped[at] != ord("0") else ord("1")
    other[0] = bytes(swapped)
    tar = inner_tar(heads_text(scene.true.heads), b"".join(x + b"\n" for x in other))
    data = scene.forger.bundle(scene.true, tar)
    examined = examine(BytesIO(data), scene.grounds, ignore)
    moved = Verified(examined, verified.spans, verified.facts, verified.digest)
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        replay(BytesIO(data), moved, [scene.district.session.seal], lambda _, __: None, ignore)


@pytest.mark.parametrize("line", [b"{}", b"not json", b'{"header":{},"payload":{}}'])
def test_a_replay_of_garbage_is_refused(scene: Scene, line: bytes) -> None:
    verified = scene.prove(scene.path.read_bytes())
    tar = inner_tar(heads_text(scene.true.heads), line + b"\n")
    data = scene.forger.bundle(scene.true, tar)
    examined = examine(BytesIO(data), scene.grounds, ignore)
    moved = Verified(examined, verified.spans, verified.facts, verified.digest)
    with pytest.raises(UntrustedError):
        replay(BytesIO(data), moved, [scene.district.session.seal], lambda _, __: None, ignore)


def test_a_replay_of_another_feeds_operations_is_refused(scene: Scene) -> None:
    verified = scene.prove(scene.path.read_bytes())
    stranger = invented("f" * 20, 1)[0].line()
    tar = inner_tar(heads_text(scene.true.heads), stranger + b"\n")
    data = scene.forger.bundle(scene.true, tar)
    examined = examine(BytesIO(data), scene.grounds, ignore)
    moved = Verified(examined, verified.spans, verified.facts, verified.digest)
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        replay(BytesIO(data), moved, [scene.district.session.seal], lambda _, __: None, ignore)


# --- steps 1 to 5: who packed it ------------------------------------------------------------------


def test_a_changed_payload_is_found_by_its_hash(scene: Scene) -> None:
    at = scene.path.read_bytes().index(b"age-encryption.org")
    data = bytearray(scene.path.read_bytes())
    data[at + 300] ^= 1
    assert scene.code(bytes(data)) == "bundle.altered"


def test_the_right_key_in_another_namespace_signs_nothing(scene: Scene) -> None:
    data = scene.forger.bundle(scene.true, namespace="enrollment-feed")
    assert scene.code(data) == "bundle.bad_signature"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: m["carrier"].update(public="zz" * 32), "bundle.bad_signature"),
        (lambda m: m["carrier"].update(public="00" * 32), "bundle.bad_signature"),
        (lambda m: m["carrier"].update(feed="a" * 20), "bundle.bad_signature"),
        (lambda m: m["carrier"].update(identity="ssh-rsa AAAA"), "bundle.unknown_signer"),
        (lambda m: m["carrier"].update(identity='{"certificate":""}'), "bundle.unknown_signer"),
        (lambda m: m["carrier"].update(identity="x" * 70_000), "bundle.unknown_signer"),
        (lambda m: m.update(scope="2141041102"), "bundle.other_school"),
        (lambda m: m.update(purpose="answer"), "bundle.unknown_signer"),
        (lambda m: m["payload"].update(feeds=9), "bundle.altered"),
        (lambda m: m["payload"].update(operations=1), "bundle.altered"),
        (lambda m: m["payload"].update(compressed=10), "bundle.too_large"),
        (lambda m: m["payload"].update(plain=10), "bundle.altered"),
        (lambda m: m["payload"].update(plain=10**6), "bundle.truncated"),
    ],
)
def test_a_manifest_that_lies_is_refused(
    scene: Scene, change: Callable[[dict[str, Any]], None], code: str
) -> None:
    assert scene.code(scene.forger.bundle(scene.true, change=change)) == code


def test_a_signature_for_another_school_does_not_help(scene: Scene) -> None:
    def elsewhere(manifest: dict[str, Any]) -> None:
        manifest["scope"] = manifest["carrier"]["scope"] = "2141041102"
        manifest["carrier"]["feed"] = feed_id(scene.forger.key.public, "2141041102")

    assert scene.code(scene.forger.bundle(scene.true, change=elsewhere)) == "bundle.unknown_signer"


def test_a_bundle_nobody_speaks_for_waits(scene: Scene) -> None:
    stranger = Grounds(None, scene.district.district, {})
    data = scene.forger.bundle(
        scene.true, change=lambda manifest: manifest["carrier"].update(identity="")
    )
    examined = examine(BytesIO(data), stranger, ignore)
    assert examined.carrier is None
    # One proved before stays proved when a later bundle brings less.
    facts = scene.prove(scene.forger.bundle(scene.true)).examined.carrier
    assert facts is not None
    known = Grounds(None, scene.district.district, {facts.feed: facts})
    assert examine(BytesIO(data), known, ignore).carrier == facts


def test_a_folder_that_has_not_joined_can_judge_nobody(scene: Scene) -> None:
    nothing = Grounds(SCHOOL, None, {})
    assert examine(BytesIO(scene.path.read_bytes()), nothing, ignore).carrier is None


def test_a_school_takes_its_own_bundles_only(scene: Scene) -> None:
    other = Grounds("2141041102", scene.district.district, {})
    assert scene.code(scene.path.read_bytes(), other) == "bundle.other_school"


def test_an_answer_is_signed_by_a_key_the_document_names(scene: Scene, tmp_path: Path) -> None:
    take(scene.district, scene.path)
    path = reply(scene.district, tmp_path / "answers").path
    found = opened(path, scene.laptop.session.seal)
    assert found.manifest.purpose == "answer"
    file = BytesIO(path.read_bytes())
    grounds = Grounds(SCHOOL, scene.laptop.district, {})
    examined = examine(file, grounds, ignore)
    assert examined.carrier is not None
    assert examined.carrier.district
    verified = verify(file, examined, [scene.laptop.session.seal], grounds, {}, ignore)
    assert any(facts.district for facts in verified.facts.values())
    unjoined = Grounds(SCHOOL, None, {})
    assert examine(file, unjoined, ignore).carrier is None


# --- step 4: the district's document --------------------------------------------------------------


def with_document(scene: Scene, document: tuple[bytes, bytes]) -> bytes:
    """Pack a true bundle with another document beside it."""
    found = Opened(scene.true.manifest, document, scene.true.heads, scene.true.lines)
    described = {
        "document": msgspec.to_builtins(piece_of(document[0])),
        "signature": msgspec.to_builtins(piece_of(document[1])),
    }
    return scene.forger.bundle(found, change=lambda m: m.update(district=described))


def test_a_document_of_another_root_is_refused(scene: Scene) -> None:
    held = scene.district.district
    assert held is not None
    signed = DistrictRoot.create().publish(held)
    data = with_document(scene, (signed.data, signed.signature.encode()))
    assert scene.code(data) == "bundle.other_district"


def test_a_document_with_a_signature_that_is_no_text_is_refused(scene: Scene) -> None:
    assert scene.true.document is not None
    data = with_document(scene, (scene.true.document[0], b"\xff\xfe"))
    assert scene.code(data) == "bundle.altered"


def test_a_document_signed_by_somebody_else_is_refused(scene: Scene) -> None:
    assert scene.true.document is not None
    data, _ = scene.true.document
    forged = sshsig.sign(SigningKey.generate(), sshsig.DISTRICT, data).encode()
    assert scene.code(with_document(scene, (data, forged))).startswith("signature.")


def test_an_earlier_document_is_left_aside(scene: Scene) -> None:
    held = scene.district.district
    assert held is not None
    later = Grounds(None, dataclasses.replace(held, number=held.number + 1), {})
    examined = examine(BytesIO(scene.path.read_bytes()), later, ignore)
    assert examined.newer is None
    assert examined.district == later.district


# --- steps 6 to 8: what is in it ------------------------------------------------------------------


def test_a_bundle_for_somebody_else_stays_closed(scene: Scene) -> None:
    file = BytesIO(scene.path.read_bytes())
    examined = examine(file, scene.grounds, ignore)
    with pytest.raises(UntrustedError, match=r"bundle\.wrong_recipient"):
        verify(file, examined, [SealKey.generate()], scene.grounds, {}, ignore)


@pytest.mark.parametrize("cut", [1, 40, 5000])
def test_a_payload_that_was_packed_truncated_is_refused(scene: Scene, cut: int) -> None:
    plain = inner_tar(heads_text(scene.true.heads), b"".join(x + b"\n" for x in scene.true.lines))
    squeezed = zstandard.ZstdCompressor().compress(plain)
    data = scene.forger.bundle(scene.true, plain, packed=squeezed[: len(squeezed) // cut - 1])
    assert scene.code(data) in {"bundle.altered", "bundle.truncated"}


def replaced(scene: Scene, **values: object) -> bytes:
    """Pack the true operations with something else said in the first head."""
    loose = [msgspec.to_builtins(head) for head in scene.true.heads]
    loose[0].update(values)
    lines = b"".join(x + b"\n" for x in scene.true.lines)
    return scene.forger.bundle(scene.true, inner_tar(heads_text(loose), lines))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"signature": "none"}, "bundle.bad_head"),
        ({"to": 1}, "bundle.bad_head"),
        ({"hash": "0" * 64}, "bundle.bad_head"),
        ({"public": "0" * 64}, "bundle.bad_head"),
        ({"scope": "2141041102"}, "bundle.bad_head"),
        ({"district": True}, "bundle.unknown_signer"),
        ({"from": 1}, "bundle.broken_chain"),
        ({"identity": "ssh-ed25519 AAAA"}, "bundle.unknown_signer"),
    ],
)
def test_a_head_that_lies_is_refused(scene: Scene, values: dict[str, object], code: str) -> None:
    assert scene.code(replaced(scene, **values)) == code


def test_a_head_without_identity_waits_alone(scene: Scene) -> None:
    nothing_known = Grounds(None, scene.district.district, {})
    verified = scene.prove(replaced(scene, identity=""), nothing_known)
    assert scene.feed in verified.spans
    assert scene.feed not in verified.facts


def test_nobody_writes_in_another_laptops_feed(scene: Scene) -> None:
    head = scene.true.heads[0]
    made = invented(head.feed, 3)
    claimed = scene.forger.head(head, made)
    lines = b"".join(op.line() + b"\n" for op in made)
    data = scene.forger.bundle(
        scene.true, inner_tar(heads_text([claimed]), lines), feeds=1, operations=3
    )
    assert scene.code(data) == "bundle.bad_head"


def test_a_forger_may_write_in_their_own_feed_and_no_further(scene: Scene) -> None:
    own = scene.second_true.heads[0]
    last = read_operation(scene.second_true.lines[-1])
    more = invented(own.feed, 2, last.sequence, last.hash)
    claimed = msgspec.structs.replace(scene.forger.head(own, more), after=0)
    lines = b"".join(x + b"\n" for x in scene.second_true.lines)
    lines += b"".join(op.line() + b"\n" for op in more)
    data = scene.forger.bundle(
        scene.second_true,
        inner_tar(heads_text([claimed]), lines),
        operations=len(scene.second_true.lines) + 2,
    )
    verified = scene.prove(data)
    assert verified.spans[own.feed].head.to == last.sequence + 2


def test_a_school_cannot_speak_for_another(scene: Scene) -> None:
    feed = feed_id(scene.forger.key.public, "2141041102")
    made = invented(feed, 1)
    own = scene.second_true.heads[0]
    claimed = scene.forger.head(msgspec.structs.replace(own, feed=feed, scope="2141041102"), made)
    data = scene.forger.bundle(
        scene.second_true,
        inner_tar(heads_text([claimed]), made[0].line() + b"\n"),
        operations=1,
    )
    assert scene.code(data) == "bundle.other_school"


@pytest.mark.parametrize("scope", [SCHOOL, "district:410411"])
def test_a_school_cannot_speak_for_the_district(scene: Scene, scope: str) -> None:
    feed = feed_id(scene.forger.key.public, scope)
    made = invented(feed, 1)
    own = scene.second_true.heads[0]
    claimed = scene.forger.head(
        msgspec.structs.replace(own, feed=feed, scope=scope, district=True), made
    )
    data = scene.forger.bundle(
        scene.second_true,
        inner_tar(heads_text([claimed]), made[0].line() + b"\n"),
        operations=1,
    )
    assert scene.code(data) == "bundle.unknown_signer"


def test_progress_is_told_and_may_stop(scene: Scene) -> None:
    told: list[int] = []
    examined = examine(BytesIO(scene.path.read_bytes()), scene.grounds, told.append)
    assert isinstance(examined, Examined)
    assert told == [0]


def test_a_failing_disk_is_no_accusation(scene: Scene) -> None:
    class Gone(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 8000:
                raise OSError(5, "gone")
            return super().read(size)

    data = scene.path.read_bytes()
    assert len(data) > 8000
    with pytest.raises(WorkplaceError):
        examine(cast("Any", Gone(data)), scene.grounds, ignore)
