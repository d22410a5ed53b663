"""The outer form of a bundle: every byte of the file is accounted for."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.sync import bundle, manifest, tape
from desktop_app.sync.bundle import Extract, Outer, Section, read_outer, write_bundle
from desktop_app.sync.manifest import Carrier, DistrictPieces, Manifest, PayloadFacts, Piece

PAYLOAD = b"payload " * 200
SCANS = {hashlib.sha256(data).hexdigest(): data for data in (b"scan one" * 99, b"scan two" * 64)}
DOCUMENT = (b'{"district":1}', b"signature of the district")


def made(*, scans: bool = True, document: bool = True) -> Manifest:
    """Describe the pieces above."""
    described = DistrictPieces(*map(bundle.piece_of, DOCUMENT)) if document else None
    listed = [Piece(digest, len(SCANS[digest])) for digest in sorted(SCANS)] if scans else []
    payload = bundle.piece_of(PAYLOAD)
    return Manifest(
        format=1,
        minimum_reader=1,
        suite=manifest.SUITE,
        purpose="submission",
        number=1,
        scope="2141041101",
        carrier=Carrier("f" * 20, "2141041101", "0" * 64, ""),
        recipients=["age1"],
        payload=PayloadFacts(payload.size, payload.digest, 9, 9, 1, 1),
        district=described,
        scans=listed,
    )


def packed(described: Manifest, *, document: bool = True) -> bytes:
    """Write a bundle of the pieces above."""
    target = io.BytesIO()
    write_bundle(
        target,
        described,
        lambda data: b"signed " + hashlib.sha256(data).digest(),
        io.BytesIO(PAYLOAD),
        DOCUMENT if document else None,
        lambda digest: io.BytesIO(SCANS[digest]),
    )
    return target.getvalue()


WHOLE = packed(made())


def outer_of(data: bytes) -> Outer:
    return read_outer(io.BytesIO(data))


@pytest.mark.parametrize("scans", [True, False])
@pytest.mark.parametrize("document", [True, False])
def test_what_was_written_is_read(scans: bool, document: bool) -> None:
    described = made(scans=scans, document=document)
    data = packed(described, document=document)
    outer = outer_of(data)
    assert outer.manifest == described
    assert outer.signature.startswith(b"signed ")
    assert outer.document == (DOCUMENT if document else None)
    file = io.BytesIO(data)
    found = {name: b"".join(bundle.pieces_of(file, at)) for name, at, _ in bundle.sections(outer)}
    assert found.pop("payload.age") == PAYLOAD
    assert found == {f"scans/{digest}.age": SCANS[digest] for digest in (SCANS if scans else ())}
    assert bundle.whole_size(described, len(outer.signature)) == len(data)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_truncated_file_is_refused(size: int) -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.truncated"):
        outer_of(WHOLE[:size])


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_lies_in_what_is_hashed_and_signed(
    at: int, change: int
) -> None:
    data = bytearray(WHOLE)
    data[at] ^= change
    try:
        outer = outer_of(bytes(data))
    except UntrustedError:
        return
    true = outer_of(WHOLE)
    sections = [section for _, section, _ in bundle.sections(outer)]
    in_section = any(one.offset <= at < one.offset + one.size for one in sections)
    assert outer.manifest_bytes == true.manifest_bytes
    assert in_section or outer.signature != true.signature


@pytest.mark.parametrize("data", [b"PK\3\4" + bytes(600), b"x", b"manifest.jsox" + bytes(600)])
def test_what_is_no_bundle_is_called_so(data: bytes) -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.not_a_bundle"):
        outer_of(data)


@pytest.mark.parametrize("more", [bytes(1), bytes(512), b"more"])
def test_nothing_may_follow(more: bytes) -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        outer_of(WHOLE + more)


def with_member(name: str) -> bytes:
    """Put another member where the end should be."""
    extra = tape.header(name, 1) + b"x" + bytes(511)
    return WHOLE[: -len(tape.END)] + extra + tape.END


def test_an_extra_member_is_refused() -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.extra_member"):
        outer_of(with_member("more"))


def test_a_member_of_another_name_is_refused() -> None:
    data = WHOLE.replace(tape.header("SHA256SUMS", sums_size()), tape.header("SUMS", sums_size()))
    with pytest.raises(UntrustedError, match=r"bundle\.extra_member"):
        outer_of(data)


def test_a_path_in_a_name_is_refused() -> None:
    there = tape.header("SHA256SUMS", sums_size())
    data = WHOLE.replace(there, tape.header("../SHA256SUMS", sums_size()))
    with pytest.raises(UntrustedError, match=r"bundle\.bad_path"):
        outer_of(data)


def sums_size() -> int:
    described = made()
    return len(bundle.checksums(described, manifest.write_manifest(described)))


def test_checksums_that_say_something_else_are_refused() -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        outer_of(WHOLE.replace(b"  payload.age", b"  payload.agf"))


def test_another_document_than_described_is_refused() -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        outer_of(WHOLE.replace(DOCUMENT[0], b'{"district":2}'))


def test_another_size_than_described_is_refused() -> None:
    described = made(scans=False, document=False)
    other = msgspec.structs.replace(
        described, payload=msgspec.structs.replace(described.payload, size=len(PAYLOAD) + 1)
    )
    target = io.BytesIO()
    write_bundle(target, other, lambda _: b"s", io.BytesIO(PAYLOAD + b"x"), None, io.BytesIO)  # type: ignore[arg-type]
    there = tape.header("payload.age", len(PAYLOAD) + 1)
    data = target.getvalue().replace(there, tape.header("payload.age", len(PAYLOAD)))
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        outer_of(data)


def test_a_large_signature_is_refused() -> None:
    target = io.BytesIO()
    described = made(scans=False, document=False)
    large = b"s" * (bundle.LARGEST_SIGNATURE + 1)
    write_bundle(target, described, lambda _: large, io.BytesIO(PAYLOAD), None, io.BytesIO)  # type: ignore[arg-type]
    with pytest.raises(UntrustedError, match=r"bundle\.too_large"):
        outer_of(target.getvalue())


def test_a_scan_that_shrank_meanwhile_stops_the_packing() -> None:
    with pytest.raises(ValueError, match="shorter"):
        write_bundle(
            io.BytesIO(),
            made(),
            lambda _: b"s",
            io.BytesIO(PAYLOAD),
            DOCUMENT,
            lambda digest: io.BytesIO(SCANS[digest][:-1]),
        )


def test_an_extract_gives_its_section_and_no_more() -> None:
    extract = Extract(io.BytesIO(b"0123456789"), Section(2, 5))
    assert [extract.read(2), extract.read(), extract.read(3)] == [b"23", b"456", b""]


class Failing(io.BytesIO):
    """A stick that is pulled out: reads fail from the n-th on."""

    def __init__(self, data: bytes, good: int) -> None:
        super().__init__(data)
        self.good = good

    def read(self, size: int | None = -1, /) -> bytes:
        self.good -= 1
        if self.good < 0:
            raise OSError(5, "gone")
        return super().read(size)


@pytest.mark.parametrize("good", range(12))
def test_a_failing_disk_is_a_matter_of_the_workplace(good: int) -> None:
    with pytest.raises(WorkplaceError, match=r"disk\.failed"):
        read_outer(Failing(WHOLE, good))


def test_a_disk_failing_in_a_member_is_a_matter_of_the_workplace() -> None:
    with pytest.raises(WorkplaceError, match=r"disk\.failed"):
        list(bundle.pieces_of(Failing(WHOLE, 0), outer_of(WHOLE).payload))


def test_the_file_is_a_tar_any_tool_opens(tmp_path: Path) -> None:
    import tarfile

    with tarfile.open(fileobj=io.BytesIO(WHOLE)) as archive:
        names = archive.getnames()
        archive.extractall(tmp_path, filter="data")
    assert names[:3] == ["manifest.json", "manifest.json.sig", "SHA256SUMS"]
    for line in (tmp_path / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
