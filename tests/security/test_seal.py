"""What is sealed opens for its recipients alone, and only whole."""

from __future__ import annotations

import errno
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.security import seal
from desktop_app.security.rolekeys import make_role_key, unwrap_role_key, wrap_role_key
from desktop_app.security.seal import SealKey
from tests.security.stock import needs_age, run

OURS, THEIRS = SealKey.generate(), SealKey.generate()
CONTENT = bytes(range(256)) * 1000  # several 64 KiB pieces
SEALED = seal.seal_bytes(CONTENT, [OURS.recipient])


def refused(sealed: bytes, *, limit: int = 1 << 20) -> str:
    with pytest.raises(UntrustedError) as raised:
        seal.open_bytes(sealed, [OURS], limit=limit)
    return raised.value.code


@given(st.binary(max_size=200_000))
def test_what_is_sealed_opens_for_every_recipient(content: bytes) -> None:
    sealed = seal.seal_bytes(content, [OURS.recipient, THEIRS.recipient])
    assert seal.open_bytes(sealed, [OURS]) == content
    assert seal.open_bytes(sealed, [THEIRS]) == content


def test_it_opens_for_nobody_else() -> None:
    assert refused(seal.seal_bytes(CONTENT, [THEIRS.recipient])) == "seal.not_for_us"
    assert seal.open_bytes(SEALED, [THEIRS, OURS]) == CONTENT, "one of several keys is enough"


@pytest.mark.parametrize("length", [0, 5, 21, 22, 40, 150, 200, 400, 70_000, -17, -1])
def test_every_truncation_is_found(length: int) -> None:
    assert refused(SEALED[:length]) in {"seal.truncated", "seal.damaged"}


def test_a_truncation_behind_the_header_is_called_so() -> None:
    assert refused(SEALED[:-1]) == "seal.truncated"
    assert refused(SEALED[:100_000]) == "seal.truncated"
    assert refused(SEALED + b"x") == "seal.truncated"
    assert refused(SEALED[:10]) == "seal.truncated"


@given(st.integers(0, 10**9), st.integers(0, 7))
def test_any_flipped_bit_is_found_or_the_content_is_true(position: int, bit: int) -> None:
    flipped = bytearray(SEALED)
    flipped[position % (600 if position % 2 else len(SEALED))] ^= 1 << bit
    try:
        assert seal.open_bytes(bytes(flipped), [OURS]) == CONTENT
    except UntrustedError as error:
        assert error.code.startswith("seal.")  # noqa: PT017 - either way of going on is right


def test_a_file_with_a_passphrase_is_never_accepted() -> None:
    assert refused(pyrage.passphrase.encrypt(b"x", "guess me")) == "seal.passphrase"


def test_what_is_no_sealed_file_is_damaged() -> None:
    assert refused(b"PK\x03\x04" + bytes(1000)) == "seal.damaged"
    assert refused(SEALED[:30] + b"\xff" + SEALED[31:]).startswith("seal.")


def test_no_more_than_the_limit_comes_out() -> None:
    assert refused(SEALED, limit=len(CONTENT) - 1) == "seal.too_large"
    assert seal.open_bytes(SEALED, [OURS], limit=len(CONTENT)) == CONTENT


def test_there_is_no_sealing_to_nobody_or_to_nonsense() -> None:
    with pytest.raises(pyrage.EncryptError):
        seal.seal_bytes(b"x", [])
    with pytest.raises(UntrustedError) as raised:
        seal.seal_bytes(b"x", [OURS.recipient, "age1nonsense"])
    assert raised.value.code == "seal.bad_recipient"
    assert seal.check_recipient(OURS.recipient) == OURS.recipient


def test_a_key_survives_its_secret_and_never_shows_it() -> None:
    again = SealKey.from_secret(OURS.secret())
    assert again.recipient == OURS.recipient
    assert "SECRET" not in repr(again)
    for nonsense in (b"AGE-SECRET-KEY-1", b"\xff"):
        with pytest.raises(UntrustedError):
            SealKey.from_secret(nonsense)


class Failing(BytesIO):
    """A disk that fails on reading and writing."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(b"x")
        self._error = error

    def read(self, size: int | None = -1, /) -> bytes:
        raise self._error

    def write(self, data: object, /) -> int:
        raise self._error


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_failing_disk_is_told_as_such(number: int) -> None:
    code = {errno.EIO: "disk.failed", errno.ENOSPC: "disk.full"}[number]
    error = OSError(number, "text")
    big = BytesIO(bytes(1_000_000))
    works: tuple[Callable[[], None], ...] = (
        lambda: seal.encrypt_io(Failing(error), BytesIO(), [OURS.recipient]),
        lambda: seal.encrypt_io(big, Failing(error), [OURS.recipient]),
        lambda: seal.decrypt_io(Failing(error), BytesIO(), [OURS]),
        lambda: seal.decrypt_io(BytesIO(SEALED), Failing(error), [OURS]),
    )
    for work in works:
        with pytest.raises(WorkplaceError) as raised:
            work()
        assert raised.value.code == code


def test_stopping_half_way_comes_through_unchanged() -> None:
    with pytest.raises(KeyboardInterrupt):
        seal.decrypt_io(BytesIO(SEALED), Failing(KeyboardInterrupt()), [OURS])


def test_files_are_sealed_and_opened_whole_or_not_at_all(tmp_path: Path) -> None:
    plain, sealed, private = tmp_path / "plain", tmp_path / "sealed.age", tmp_path / "private"
    plain.write_bytes(CONTENT)
    seal.seal_file(plain, sealed, [OURS.recipient])
    opened = seal.open_file(sealed, private, [OURS])
    assert opened.parent == private
    assert opened.read_bytes() == CONTENT
    opened.unlink()
    for damage, code in (
        (sealed.read_bytes()[:-1], "seal.truncated"),
        (seal.seal_bytes(CONTENT, [THEIRS.recipient]), "seal.not_for_us"),
    ):
        sealed.write_bytes(damage)
        with pytest.raises(UntrustedError) as raised:
            seal.open_file(sealed, private, [OURS])
        assert raised.value.code == code
        assert list(private.iterdir()) == [], "no released piece is left behind"
    with pytest.raises(WorkplaceError):
        seal.open_file(tmp_path / "none", private, [OURS])


@needs_age
def test_age_opens_ours_and_we_open_age_s(tmp_path: Path) -> None:
    identity = tmp_path / "identity"
    identity.write_bytes(bytes(OURS.secret()) + b"\n")
    opened = run("age", "-d", "-i", identity, stdin=SEALED)
    assert opened.stdout == CONTENT
    made = run("age", "-r", OURS.recipient, stdin=CONTENT)
    assert seal.open_bytes(made.stdout, [OURS]) == CONTENT


def test_a_role_key_reaches_the_persons_of_the_role_alone() -> None:
    role = make_role_key()
    wrapped = wrap_role_key(role, [OURS.recipient])
    got = unwrap_role_key(wrapped, OURS, recipient=role.recipient)
    assert seal.open_bytes(seal.seal_bytes(b"x", [role.recipient]), [got]) == b"x"
    with pytest.raises(UntrustedError) as raised:
        unwrap_role_key(wrapped, THEIRS, recipient=role.recipient)
    assert raised.value.code == "seal.not_for_us"
    with pytest.raises(UntrustedError) as raised:
        unwrap_role_key(wrapped, OURS, recipient=THEIRS.recipient)
    assert raised.value.code == "seal.other_key"
