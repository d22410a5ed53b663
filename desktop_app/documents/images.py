"""Prepare a scanned or photographed page through the child: upright, small, nothing but pixels."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from desktop_app.documents.launch import WALL_SECONDS, Child, ChildError, start_child
from desktop_app.domain.errors import UntrustedError
from desktop_app.durable.files import disk_errors

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_PAGE_BYTES = 300 * 1024
MAX_THUMBNAIL_BYTES = 30 * 1024
MAX_SIDE = 1_754

REFUSALS = frozenset(
    {
        "image.damaged",
        "image.too_large",
        "image.too_many_pixels",
        "image.wrong_type",
    }
)
"""The only refusals a child may name; any other answer counts as a crash."""

_Side = Annotated[int, msgspec.Meta(ge=0, le=MAX_SIDE)]
_START = b"\xff\xd8\xff"
_END = b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class PreparedScan:
    """A page ready to be sealed and kept, and its thumbnail; both are JPEGs without metadata."""

    jpeg: bytes
    width: int
    height: int
    thumbnail: bytes


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    width: _Side = 0
    height: _Side = 0
    jpeg: Annotated[int, msgspec.Meta(ge=0, le=MAX_PAGE_BYTES)] = 0
    thumbnail: Annotated[int, msgspec.Meta(ge=0, le=MAX_THUMBNAIL_BYTES)] = 0
    refused: str | None = None


_decode_head = msgspec.json.Decoder(_Head).decode


Start = Callable[..., AbstractContextManager[Child]]


def prepare_scan(
    source: Path | bytes, *, seconds: float = WALL_SECONDS, start: Start = start_child
) -> PreparedScan:
    """Decode a PNG or JPEG in the child and take back a small upright JPEG and a thumbnail.

    Args:
        source: the file, or its bytes; read by the child alone.
        seconds: wall clock for the whole page.
        start: starts the child; ``ReadyChild.start`` where a stack of pages is to come.

    Raises:
        UntrustedError: the image was refused, crashed its reader or took too long.
        WorkplaceError: the file is not there or cannot be opened.
    """
    try:
        if _size(source) > MAX_FILE_BYTES:
            raise UntrustedError("image.too_large")
        with start("prepare-scan", source, seconds=seconds) as child:
            return _receive(child)
    except ChildError as error:
        slow = error.reason == "too_slow"
        raise UntrustedError("image.too_slow" if slow else "image.unreadable") from error
    except msgspec.MsgspecError as error:
        raise UntrustedError("image.unreadable") from error


def _size(source: Path | bytes) -> int:
    with disk_errors():
        return source.stat().st_size if isinstance(source, Path) else len(source)


def _receive(child: Child) -> PreparedScan:
    head = _decode_head(child.line())
    if head.refused is not None:
        child.finish()
        raise UntrustedError(head.refused if head.refused in REFUSALS else "image.unreadable")
    jpeg = child.exactly(head.jpeg)
    thumbnail = child.exactly(head.thumbnail)
    child.finish()
    for image in (jpeg, thumbnail):
        if not (image.startswith(_START) and image.endswith(_END)):
            raise ChildError("crashed")
    if not (head.width and head.height):
        raise ChildError("crashed")
    return PreparedScan(jpeg, head.width, head.height, thumbnail)
