"""The window part of the demo: a child of its own registers a few families by key presses.

It runs apart, since this process must never import Qt, and since a computer without a screen, or
without Qt, must still run the rest; then the reason is reported.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

from desktop_app.commands.answer import Json, coded, word
from desktop_app.commands.demo_seats import Seats
from desktop_app.durable.places import program_folder
from desktop_app.messages.catalogue import Language, sentence, shipped

WORD = "demo-window"
SECONDS = 300
NOT_HERE = 3
"""The exit status by which a program without a window part says so."""


def run_window(seats: Seats, name: str) -> dict[str, Json]:
    """Run the window part on the school's folder as one of its people; say what came of it.

    The child is handed its password through a pipe and answers with one JSON object.
    """
    words = [WORD, "--data", str(seats.school_data), "--user", name]
    words += ["--out", str(seats.folder("screenshots"))]
    given = f"{seats.password(name)}\n".encode()
    try:
        done = subprocess.run(
            [*program_words(), *words],
            input=given,
            capture_output=True,
            timeout=SECONDS,
            env={"QT_QPA_PLATFORM": "offscreen", **os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"ran": False, "reason": "too_slow"}
    except OSError:
        return {"ran": False, "reason": "not_started"}
    told = _object(done.stdout)
    if done.returncode:
        reason = told.get("reason") or ("not_here" if done.returncode == NOT_HERE else "failed")
        return {"ran": False, "reason": reason, "status": done.returncode}
    return {"ran": True, **told} if told else {"ran": False, "reason": "no_answer"}


def window_said(window: Mapping[str, Json], lang: Language) -> str:
    """Say in words what came of the window part."""
    if window["ran"]:
        return f"{word('window_ran', lang)} {window.get('registered', 0)}"
    reason = str(window["reason"])
    if reason in shipped():  # an error of the child's own
        return sentence(reason, lang).line
    return coded("window_reason", reason, lang)


def _object(answer: bytes) -> Mapping[str, Json]:
    """Read the one JSON object that was printed; nothing where there is none."""
    try:
        told = json.loads(answer)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def program_words() -> list[str]:
    """Give the words that start this program anew."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, str(program_folder() / "main.py")]
