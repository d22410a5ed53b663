"""USTAR, the little of it a bundle needs: plain files in a fixed order and nothing else.

The writer emits one exact header per name and size. The reader takes name and size out of a header,
emits it again and compares bytes, so links, devices, paths, owners, dates and stray bytes cannot
stand anywhere (docs/format-bundle.md, Tar).
"""

from __future__ import annotations

import tarfile

from desktop_app.domain.errors import UntrustedError

BLOCK = 512
END = bytes(2 * BLOCK)
LARGEST_SIZE = 8 * 1024**3 - 1
"""What eleven octal digits hold."""

_NAME = slice(0, 100)
_SIZE = slice(124, 135)
_OCTAL = frozenset(b"01234567")


def header(name: str, size: int) -> bytes:
    """Give the header of a plain file: mode 0644, no owner, no date."""
    member = tarfile.TarInfo(name)
    member.size = size
    return member.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")


def padding(size: int) -> int:
    """Give how many zero bytes follow a content of this size."""
    return -size % BLOCK


def occupied(size: int) -> int:
    """Give the bytes a member takes with its header and padding."""
    return BLOCK + size + padding(size)


def read_header(block: bytes) -> tuple[str, int]:
    """Read name and size of a plain file.

    Raises:
        UntrustedError: ``bundle.bad_path`` for a name that leads anywhere, ``bundle.altered`` for
            anything that is not the one header this name and size have.
    """
    try:
        name = block[_NAME].rstrip(b"\0").decode("ascii")
    except ValueError as error:
        raise UntrustedError("bundle.altered", part="tar") from error
    digits = block[_SIZE]
    if not digits or not _OCTAL.issuperset(digits):  # int() would take signs and spaces too
        raise UntrustedError("bundle.altered", part="tar")
    size = int(digits, 8)
    if _leads_away(name):
        raise UntrustedError("bundle.bad_path")
    if header(name, size) != block:
        raise UntrustedError("bundle.altered", part="tar")
    return name, size


def _leads_away(name: str) -> bool:
    """Say whether a name is empty or could be understood as another folder's."""
    parts = name.split("/")
    return (
        not set(parts).isdisjoint({"", ".", ".."})
        or "\\" in name
        or ":" in name
        or not name.isprintable()
    )


def expect(block: bytes, wanted: str, limit: int) -> int:
    """Read the header of the member that must stand here and give its size.

    Raises:
        UntrustedError: another member stands here, or it is larger than allowed.
    """
    name, size = read_header(block)
    if name != wanted:
        raise UntrustedError("bundle.extra_member")
    if size > limit:
        raise UntrustedError("bundle.too_large", limit=limit)
    return size


def expect_zeros(data: bytes) -> None:
    """Refuse slack that holds anything.

    Raises:
        UntrustedError: ``bundle.altered``.
    """
    if data.strip(b"\0"):
        raise UntrustedError("bundle.altered", part="slack")
