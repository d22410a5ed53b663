"""What reads a stick's bytes refuses whatever it is given with a code, or takes it: no bugs.

Coverage-guided: a second and a half in the tests, a minute and more in ``make forge``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds import operation
from desktop_app.feeds.block import read_block
from desktop_app.policy.package import Policy
from desktop_app.security import district
from desktop_app.security.district import SignedDistrict
from desktop_app.sync.bundle import read_outer
from desktop_app.sync.heads import read_heads
from desktop_app.sync.hello import read_hello
from tests.sync.counting import COUNTED
from tests.sync.forger import heads_text
from tests.sync.fuzzing import Found, Target, fuzz, watched
from tests.sync.kinds import Everything, make
from tests.sync.site import Site

SECONDS = 13.0 if os.environ.get("ENROLLMENT_FORGE") == "full" else 0.3
SEED = int(os.environ.get("ENROLLMENT_SEED", "41"))


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Everything]:
    folder = tmp_path_factory.mktemp("fuzzing")
    site = Site(folder / "site", policy)
    site.folder.mkdir()
    (folder / "stick").mkdir()
    yield make(site, folder / "stick")
    site.close()


def outer(data: bytes) -> object:
    return read_outer(BytesIO(data))


def lines(data: bytes) -> object:
    """A block is believed only where every line of it is, one by one."""
    read = read_block(data)
    if read is None:
        return [operation.read(line) for line in data.removesuffix(b"\n").split(b"\n")]
    assert [operation.read(line) for line in data[:-1].split(b"\n")] == read
    return read


def document(everything: Everything) -> Target:
    held = everything.grounds.district

    def read(data: bytes) -> object:
        found, _, signature = data.partition(b"\0")
        return district.read(
            SignedDistrict(found, signature.decode("ascii", "ignore")), previous=held
        )

    return read


def seeds(everything: Everything) -> dict[str, tuple[Target, list[bytes]]]:
    kinds = everything.kinds
    documents = [kind.open.document for kind in kinds if kind.open.document is not None]
    return {
        "outer": (outer, [kind.data for kind in kinds]),
        "heads": (read_heads, [heads_text(kind.open.heads) for kind in kinds]),
        "lines": (lines, [line + b"\n" for kind in kinds for line in kind.open.lines]),
        "hello": (read_hello, [everything.hello]),
        "document": (document(everything), [b"\0".join(one) for one in documents[:1]]),
    }


@pytest.mark.parametrize("name", ["outer", "heads", "lines", "hello", "document"])
def test_whatever_is_read_is_taken_or_refused_with_a_code(
    everything: Everything, name: str, record_property: Callable[[str, object], None]
) -> None:
    target, first = seeds(everything)[name]
    found: Found = fuzz(target, first, SECONDS, SEED)
    # The controls: the seeds are true, and varying them led to lines they do not reach.
    assert all(watched(target, seed)[1] == "" for seed in first)
    plain = set().union(*(watched(target, seed)[0] for seed in first))
    assert len(found.lines - plain) > 0
    assert found.codes - {""}
    assert len(found.corpus) < found.tried
    record_property(
        COUNTED,
        f"fuzzed for {SECONDS:g} s, {name}: {found.tried} tried, {found.taken} taken,"
        f" {found.tried - found.taken} refused by {len(found.codes - {''})} codes,"
        f" {len(found.lines)} lines reached ({len(plain)} by the seeds), 0 unexpected exceptions",
    )


def test_the_fuzzer_finds_what_is_hidden_behind_three_bytes(tmp_path: Path) -> None:
    """The control: a bug behind a condition that chance alone would hardly meet is found."""
    module = tmp_path / "desktop_app" / "sync" / "planted.py"
    source = (
        "def planted(data):\n"
        "    if data[:1] == b'{':\n"
        "        if data[1:2] == b'[':\n"
        "            if data[2:3] == b'9':\n"
        "                raise RuntimeError\n"
    )
    space: dict[str, Target] = {}
    exec(compile(source, str(module), "exec"), space)  # noqa: S102 - our own text, a line above
    with pytest.raises(AssertionError, match="RuntimeError"):
        fuzz(space["planted"], [b"xyz"], 300, SEED)
    with pytest.raises(UntrustedError):
        read_heads(b"x")
