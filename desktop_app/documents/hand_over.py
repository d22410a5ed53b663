"""The list that goes with a stick 移交清单: bundles, counts, digests, two signatures.

It says what was packed, never that it arrived: that is what the district's answer is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.documents.paper import Markup, digest_groups, listing, sheet, strong, text

_KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class BundleLine:
    """One bundle on the stick, as its manifest declares it."""

    file: str
    number: int
    size: int
    """Bytes of the file."""
    operations: int
    applicants: int
    scans: int
    digest: str
    """SHA-256 of the file, hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverView:
    """What stands on a hand-over list."""

    sender: str
    receiver: str
    made_at: str
    bundles: tuple[BundleLine, ...]
    signer: str
    fingerprint: str
    copy: int = 1
    practice: bool = False


def hand_over_html(view: HandOverView) -> Markup:
    """Build the list."""
    made = {"bundles": _bundles(view.bundles), "digests": _digests(view.bundles)}
    said = ("sender", "receiver", "made_at", "copy", "signer", "fingerprint")
    return sheet("hand_over.html", view, said, made, practice=view.practice)


def _bundles(bundles: Sequence[BundleLine]) -> Markup:
    heads = (
        ("文件", 44),
        ("包号", 10),
        ("大小", 14),
        ("记录", 10),
        ("儿童", 10),
        ("扫描件", 12),
    )
    rows = [
        (
            text(bundle.file),
            str(bundle.number),
            file_size(bundle.size),
            str(bundle.operations),
            str(bundle.applicants),
            str(bundle.scans),
        )
        for bundle in bundles
    ]
    total = (
        strong(f"合计 {len(bundles)} 个文件"),
        "",
        strong(file_size(sum(bundle.size for bundle in bundles))),
        "",
        "",
        "",
    )
    return listing(heads, [*rows, total] if rows else (), "没有文件")


def _digests(bundles: Sequence[BundleLine]) -> Markup:
    rows = [(str(bundle.number), digest_groups(text(bundle.digest))) for bundle in bundles]
    return listing((("包号", 12), ("摘要", 88)), rows, "没有文件")


def file_size(size: int) -> str:
    """Write a size in bytes as people read it: 812 KB, 3.4 MB."""
    kilobytes = size / _KILOBYTE
    if kilobytes < _KILOBYTE:
        return f"{max(1, round(kilobytes))} KB"
    return f"{kilobytes / _KILOBYTE:.1f} MB"
