"""Whether the recovery code was typed back from its paper: it is shown once, and then it is gone.

A mark beside the vault, in clear, says only that nobody confirmed it yet. It is believed for a
reminder and for nothing else.
"""

from __future__ import annotations

from pathlib import Path

from desktop_app.durable.files import remove_durably, write_atomically

_MARK = "recovery-code.unconfirmed"


def await_copy(folder: Path) -> None:
    """Remember that a code is about to be shown.

    Raises:
        WorkplaceError: the disk refused; no code was made yet.
    """
    write_atomically(folder / _MARK, b"")


def confirm_copy(folder: Path) -> None:
    """Remember that the code stands on paper.

    Raises:
        WorkplaceError: the disk refused.
    """
    if is_unconfirmed(folder):
        remove_durably(folder / _MARK)


def is_unconfirmed(folder: Path) -> bool:
    """Tell whether a code was shown and never typed back."""
    return (folder / _MARK).exists()
