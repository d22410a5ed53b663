"""The window part of the demo: the real window, key presses, and pictures of every page.

Started as a process of its own: ``demo-window --data DIR --user NAME --out DIR [--families N]``,
the password on standard input. Answers with one JSON object; a computer that cannot show a window
says why.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop_app.domain.errors import ProductError, RuleError

DONE, REFUSED, NOT_HERE = 0, 1, 3
_WORDS = frozenset({"--data", "--user", "--out"})
_FAMILIES = "--families"


def run(words: Sequence[str]) -> int:
    """Play the demo's part at the window and print what came of it."""
    # Pictures are the same on every computer, and no screen is needed.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        given = dict(zip(words[::2], words[1::2], strict=True))
        if set(given) - {_FAMILIES} != _WORDS:
            raise RuleError("window.usage")
        families = int(given.get(_FAMILIES, "3"))
        password = bytearray(sys.stdin.buffer.readline().rstrip(b"\r\n"))
        # Here, so that a computer that lacks a library of Qt's can say so.
        from desktop_app.ui.demo_player import play

        data, out = Path(given["--data"]), Path(given["--out"])
        answer = play(data, given["--user"], password, out, families)
    except ImportError as error:
        return _say({"reason": "no_qt", "module": error.name or ""}, NOT_HERE)
    except ValueError:
        return _say({"reason": "window.usage"}, REFUSED)
    except ProductError as error:
        return _say({"reason": error.code}, REFUSED)
    return _say(answer, DONE)


def _say(answer: Mapping[str, object], status: int) -> int:
    """Print one JSON object."""
    print(json.dumps(answer, ensure_ascii=False), flush=True)  # noqa: T201 -- read by the demo
    return status
