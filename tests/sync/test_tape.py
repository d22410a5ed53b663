"""The tar of a bundle has one form: whatever else a tar may be is refused."""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop_app.domain.errors import UntrustedError
from desktop_app.sync import tape

NAMES = st.text("abcdefghijklmnop0123456789-_", min_size=1, max_size=60)


@given(NAMES, st.integers(0, tape.LARGEST_SIZE))
def test_what_was_written_is_read(name: str, size: int) -> None:
    assert tape.read_header(tape.header(name, size)) == (name, size)


@given(NAMES, st.integers(0, 10**6), st.integers(0, tape.BLOCK - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_names_another_file_that_is_whole(
    name: str, size: int, at: int, change: int
) -> None:
    block = bytearray(tape.header(name, size))
    block[at] ^= change
    # One byte changes the checksum's sum, so no single change can stand.
    with pytest.raises(UntrustedError):
        tape.read_header(bytes(block))


@given(NAMES, st.binary(min_size=11, max_size=11) | st.text("-+_ 0127", min_size=11, max_size=11))
@example("a", "-0000005500")
@example("a", "+0000000700")
@example("a", "0_000000700")
def test_a_size_that_is_no_octal_number_is_refused(name: str, size: bytes | str) -> None:
    block = bytearray(tape.header(name, 0o700))
    field = size.encode() if isinstance(size, str) else size
    block[124:135] = field
    if all(0x30 <= byte < 0x38 for byte in field) and int(field, 8) == 0o700:
        return
    with pytest.raises(UntrustedError) as refusal:
        tape.read_header(bytes(block))
    assert refusal.value.code == "bundle.altered"


@given(st.binary(max_size=2 * tape.BLOCK))
def test_any_bytes_are_refused_or_are_a_header(block: bytes) -> None:
    with pytest.raises(UntrustedError):
        tape.read_header(block)


def test_stock_tar_reads_what_is_written() -> None:
    data = b"x" * 700
    whole = tape.header("a", 700) + data + bytes(tape.padding(700)) + tape.END
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        member = archive.getmembers()[0]
        assert (member.name, member.size, member.mode) == ("a", 700, 0o644)
        taken = archive.extractfile(member)
        assert taken is not None
        assert taken.read() == data
    assert len(whole) == tape.occupied(700) + len(tape.END)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_only_plain_files_are_read(kind: bytes) -> None:
    member = tarfile.TarInfo("payload.age")
    member.type = kind
    with pytest.raises(UntrustedError):
        tape.read_header(member.tobuf(tarfile.USTAR_FORMAT))


@pytest.mark.parametrize(
    "name", ["../x", "/x", "a/../b", "a//b", "./a", "..", "a\\b", "C:x", "a\nb", "a/"]
)
def test_a_name_that_leads_anywhere_is_refused(name: str) -> None:
    with pytest.raises(UntrustedError) as refusal:
        tape.read_header(tape.header(name, 3))
    assert refusal.value.code in {"bundle.bad_path", "bundle.altered"}


@pytest.mark.parametrize("name", ["../x", "/etc/passwd"])
def test_a_path_is_called_a_path(name: str) -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.bad_path"):
        tape.read_header(tape.header(name, 3))


@pytest.mark.parametrize("block", [b"\xff" * 512, bytes(512), b"a" * 512])
def test_what_is_no_header_is_refused(block: bytes) -> None:
    with pytest.raises(UntrustedError):
        tape.read_header(block)


def test_another_member_and_a_larger_one_are_refused() -> None:
    assert tape.expect(tape.header("a", 9), "a", 9) == 9
    with pytest.raises(UntrustedError, match=r"bundle\.extra_member"):
        tape.expect(tape.header("b", 9), "a", 9)
    with pytest.raises(UntrustedError, match=r"bundle\.too_large"):
        tape.expect(tape.header("a", 10), "a", 9)


def test_slack_must_be_empty() -> None:
    tape.expect_zeros(bytes(511))
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        tape.expect_zeros(b"\0\0x")
