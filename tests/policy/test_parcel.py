"""A package goes into one text and comes out as it was; anything else is refused."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.load import FILES, digest_of
from desktop_app.policy.parcel import LARGEST_PLAIN, LARGEST_TEXT, pack, unpack


def text_of(plain: bytes) -> str:
    return base64.b64encode(gzip.compress(plain, mtime=0)).decode()


def test_a_package_comes_out_as_it_went_in(files: Mapping[str, bytes]) -> None:
    packed = pack(files)
    assert dict(unpack(packed)) == dict(files)
    assert digest_of(unpack(packed)) == digest_of(files)
    assert pack(files) == packed
    assert len(packed) < LARGEST_TEXT // 4  # room for a district with many more villages


def test_stock_tools_open_it(files: Mapping[str, bytes]) -> None:
    zipped = subprocess.run(
        ["base64", "-d"], input=pack(files).encode(), capture_output=True, check=True
    )
    opened = subprocess.run(["gunzip"], input=zipped.stdout, capture_output=True, check=True)
    assert json.loads(opened.stdout) == {name: data.decode() for name, data in files.items()}


def test_what_no_operation_can_carry_is_not_packed(files: Mapping[str, bytes]) -> None:
    noise = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(120_000))
    with pytest.raises(RuleError) as caught:
        pack({**files, "notice.toml": f"# {noise}".encode()})
    assert caught.value.code == "policy.too_large"
    field = RECORD_TYPES["policy_package"].fields["package"]
    assert field.item.max_length == LARGEST_TEXT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64!",
        base64.b64encode(b"no gzip").decode(),
        text_of(b"no json"),
        text_of(b"[]"),
        text_of(b'{"calendar.toml":1}'),
        text_of(b"{}"),
        text_of(json.dumps(dict.fromkeys((*FILES, "more.toml"), "")).encode()),
        text_of(b" " * (LARGEST_PLAIN + 1)),
        base64.b64encode(gzip.compress(b"{}", mtime=0) + b"tail").decode(),
    ],
)
def test_what_is_no_package_is_refused(text: str) -> None:
    with pytest.raises(UntrustedError) as caught:
        unpack(text)
    assert caught.value.code == "policy.damaged"


def test_a_text_cut_short_is_refused(files: Mapping[str, bytes]) -> None:
    packed = pack(files)
    for length in range(0, len(packed), 997):
        with pytest.raises(UntrustedError):
            unpack(packed[: length - length % 4])


@given(text=st.text(max_size=200) | st.binary(max_size=200).map(lambda one: one.hex()))
def test_any_text_is_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(UntrustedError):
        unpack(text)
