"""Where the program's own files lie, in the source tree and in the packaged program alike.

Not the data folder: that one belongs to a workstation and is named when the program starts.
"""

from __future__ import annotations

import sys
from pathlib import Path


def program_folder() -> Path:
    """Name the folder that holds ``resources``: the unpacked package, or the source tree."""
    unpacked: str | None = getattr(sys, "_MEIPASS", None)  # set by PyInstaller's boot code
    if unpacked is not None:
        return Path(unpacked)
    return Path(__file__).resolve().parents[2]


def resource_path(*parts: str) -> Path:
    """Name a shipped file or folder under ``resources``.

    Raises:
        ValueError: a part would lead out of ``resources``; parts come from the program's own
            code, so this is a bug and no error for a person.
    """
    root = program_folder() / "resources"
    path = root.joinpath(*parts)
    if ".." in path.parts or not path.is_relative_to(root):
        msg = "a resource lies under resources"
        raise ValueError(msg)
    return path
