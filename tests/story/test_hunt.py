"""The hunt for plain text finds what it claims to find, and nothing where there is nothing."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import random
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QPainter, QPdfWriter

from tests.story.hunt import CHUNK, hunt, hunt_report

NAME = "单梓涵"
RARE = "赵𫘬㼆"
NUMBER = "419999201803142640"
NUMBER_X = "41999920180314272X"
PHONE = "13800001234"
NEEDLES = (NAME, RARE, NUMBER, NUMBER_X, PHONE)


def put(folder: Path, data: bytes, name: str = "file.bin") -> None:
    """Write bytes amid noise, so that nothing is found by lying at the start."""
    noise = random.Random(7).randbytes(5000)
    (folder / name).write_bytes(noise + data + noise)


def found(folder: Path) -> set[str]:
    """Name the needles found below a folder."""
    return {hit.needle for hit in hunt([folder], NEEDLES)}


def workbook() -> bytes:
    """Make a workbook that holds every needle."""
    book = openpyxl.Workbook()
    for needle in NEEDLES:
        book.worksheets[0].append([needle])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def zipped(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack bytes as one zip member."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("empty.txt", b"")
        archive.writestr("a/member.xlsx", data)
    return target.getvalue()


def tarred(data: bytes) -> bytes:
    """Pack bytes as one tar member."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        member = tarfile.TarInfo("member")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return target.getvalue()


def pdf_stream(data: bytes) -> bytes:
    """Write a flated stream as a PDF holds it."""
    packed = zlib.compress(data)
    return b"1 0 obj<</Length %d/Filter/FlateDecode>>\nstream\r\n" % len(packed) + packed


TEXT = "|".join(NEEDLES).encode()
PACKED: dict[str, bytes] = {
    "as it is": TEXT,
    "utf-16 little": "|".join(NEEDLES).encode("utf-16-le"),
    "utf-16 big": "|".join(NEEDLES).encode("utf-16-be"),
    "gb18030": "|".join(NEEDLES).encode("gb18030"),
    "json escapes": json.dumps(NEEDLES).encode(),
    "zip": zipped(TEXT),
    "zip, stored": zipped(TEXT, zipfile.ZIP_STORED),
    "zip, torn": zipped(os.urandom(20000) + TEXT * 2000)[:20600],
    "workbook": workbook(),
    "workbook in a zip": zipped(workbook()),
    "workbook in a zip in a zip": zipped(zipped(workbook())),
    "gzip": gzip.compress(TEXT),
    "zstd": zstandard.compress(TEXT),
    "zstd of a tar": zstandard.compress(tarred(TEXT)),
    "zstd frames one after the other": zstandard.compress(b"first") + zstandard.compress(TEXT),
    "tar": tarred(TEXT),
    "tar of a workbook": tarred(workbook()),
    "tar.gz of a zip": gzip.compress(tarred(zipped(TEXT))),
    "bzip2": bz2.compress(TEXT),
    "xz": lzma.compress(TEXT),
    "pdf stream": pdf_stream(TEXT),
}


@pytest.mark.parametrize("packing", PACKED)
def test_every_packing_is_seen_through(tmp_path: Path, packing: str) -> None:
    put(tmp_path, PACKED[packing])
    assert found(tmp_path) == set(NEEDLES)


def test_numbers_are_found_as_screens_group_them(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("419999 20180314 2640", encoding="utf-8")
    (tmp_path / "b").write_text("419999-20180314-272x", encoding="utf-16-le")
    (tmp_path / "c").write_text("138 0000 1234", encoding="gb18030")
    assert found(tmp_path) == {NUMBER, NUMBER_X, PHONE}
    assert all(hit.form.startswith("grouped ") for hit in hunt([tmp_path], NEEDLES))


def test_pages_of_a_plain_database_are_read_as_they_are(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "plain.db") as connection:
        connection.execute("CREATE TABLE child (name TEXT, number TEXT)")
        connection.execute("INSERT INTO child VALUES (?, ?)", (NAME, NUMBER))
    connection.close()
    assert found(tmp_path) == {NAME, NUMBER}


def test_a_blob_in_a_database_is_opened(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "plain.db") as connection:
        connection.execute("CREATE TABLE page (data BLOB)")
        connection.execute("INSERT INTO page VALUES (?)", (zstandard.compress(TEXT),))
    connection.close()
    assert found(tmp_path) == set(NEEDLES)


@pytest.mark.usefixtures("qapp")
def test_a_pdf_is_read_as_its_reader_sees_it(tmp_path: Path) -> None:
    """Fonts hold glyph numbers: the bytes alone would never show the text."""
    writer = QPdfWriter(str(tmp_path / "receipt.pdf"))
    painter = QPainter(writer)
    painter.drawText(1000, 1000, NUMBER)
    painter.end()
    assert {(hit.needle, hit.inside) for hit in hunt([tmp_path], NEEDLES)} == {
        (NUMBER, ("pdf text",))
    }


def test_file_and_folder_names_are_searched(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / f"{NUMBER}.jpg").write_bytes(b"x")
    assert found(tmp_path) == {NAME, NUMBER}


@pytest.mark.parametrize("distance", range(-40, 41, 8))
@pytest.mark.parametrize("pack", [bytes, zstandard.compress, zipped])
def test_nothing_is_lost_where_two_chunks_meet(
    tmp_path: Path, distance: int, pack: Callable[[bytes], bytes]
) -> None:
    data = pack(TEXT)
    (tmp_path / "file").write_bytes(bytes(CHUNK + distance - len(data) // 2) + data + bytes(99))
    assert found(tmp_path) == set(NEEDLES)


def test_needles_inside_needles_are_all_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("李明华", encoding="utf-8")
    assert {hit.needle for hit in hunt([tmp_path], ["李明", "李明华", "明华"])} == {
        "李明",
        "李明华",
        "明华",
    }


def test_a_hit_says_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"123456" + gzip.compress(b"12345678" + NAME.encode()))
    (hit,) = hunt([tmp_path], [NAME])
    assert (hit.inside, hit.offset, hit.form) == (("gzip@6",), 8, "utf-8")


def test_noise_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(random.Random(3).randbytes(4 << 20))
    (tmp_path / "noise.zst").write_bytes(zstandard.compress(random.Random(4).randbytes(1 << 20)))
    report = hunt_report([tmp_path], NEEDLES)
    assert not report.hits
    assert report.files == 2
    assert report.bytes > 5 << 20
    assert report.opened >= 1


@given(st.binary(max_size=3000))
def test_broken_packings_are_survived(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    heads = (b"PK\x03\x04", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"stream\n", b"%PDF-1.4\n")
    (folder / "file").write_bytes(b"".join(head + data for head in heads))
    assert not hunt([folder], [NUMBER])


def test_a_bomb_is_searched_without_being_held(tmp_path: Path) -> None:
    (tmp_path / "bomb").write_bytes(zstandard.compress(bytes(16 << 20) + TEXT))
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(16 << 20) + TEXT, 1))
    assert found(tmp_path) == set(NEEDLES)


def test_nothing_to_search_is_no_proof(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        hunt([tmp_path / "absent"], NEEDLES)
    with pytest.raises(ValueError, match="needles"):
        hunt([tmp_path], [])
    with pytest.raises(ValueError, match="needle"):
        hunt([tmp_path], ["单"])


def test_a_season_of_needles_is_quick_enough(tmp_path: Path) -> None:
    """A thousand families in every form, over data that is nearly digits alone."""
    chance = random.Random(1)
    needles = [f"419999{chance.randrange(10**12):012d}" for _ in range(1000)]
    digits = "".join(chance.choices("0123456789", k=2 << 20))
    (tmp_path / "digits").write_text(digits[: 1 << 20] + needles[500] + digits, encoding="ascii")
    assert {hit.needle for hit in hunt([tmp_path], needles)} == {needles[500]}
