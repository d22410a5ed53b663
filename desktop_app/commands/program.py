"""Run one command: read its words, do it, answer, and say errors in one plain line.

Exit status: 0 done; 1 an error a person can act on, or an answer that is bad news (``verify``
found damage); 2 a bug of the program. Nothing a person typed is repeated in an error, since it may
be the name or number of a child; but for a file that is not there, named to whoever typed it at the
terminal and never in JSON, which others keep.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb

from desktop_app.commands.answer import Answer
from desktop_app.commands.options import read_options
from desktop_app.domain.errors import CancelledError, ProductError
from desktop_app.messages.catalogue import BUG, CatalogueError, Language, Message, sentence

DONE, REFUSED, BROKEN = 0, 1, 2
BUG_NUMBER = "X900"
_NOT_THERE = frozenset({"disk.missing", "workplace.missing"})
_TARGETS = ("--to", "out")
"""How options end that name what is yet to be written."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How this run speaks: language, JSON, and whether the places of a bug are shown."""

    lang: Language
    as_json: bool
    debug: bool

    @classmethod
    def of(cls, words: Sequence[str]) -> Speech:
        """Find out from the raw words, so that even an unreadable command is answered rightly."""
        pairs = list(itertools.pairwise(words))
        english = ("--lang", "en") in pairs or "--lang=en" in words
        return cls("en" if english else "zh", "--json" in words, "--debug" in words)

    def answer(self, answer: Answer, succeeded: str | None = None) -> int:
        """Print an answer and give the exit status.

        A person has been told already, on standard error, that this computer ``succeeded``
        another; a program finds it in the object.
        """
        more = {"succeeded": succeeded} if succeeded else {}
        _tell(answer.as_json(more) if self.as_json else answer.as_text(self.lang))
        return DONE if answer.holds else REFUSED

    def refuse(self, error: ProductError, missing: Sequence[str] = ()) -> int:
        """Say an error in one line, and as an object where JSON was asked for.

        ``missing`` are the options whose file or folder is not there.
        """
        said = sentence(error, self.lang)
        column = error.details.get(
            "column"
        )  # one of our own headers; the sentence stands beside it
        line = said.line if column is None else f"{column}: {said.line}"
        if missing and not self.as_json:
            line = f"{' '.join(missing)}: {line}"
        print(line, file=sys.stderr)
        if self.as_json:
            told = {"code": error.code, "number": said.number, "message": line}
            _tell(json.dumps({"error": told}, ensure_ascii=False))
        return REFUSED

    def admit(self, bug: BaseException) -> int:
        """Say that the program is wrong; its places only on demand, its message never."""
        said = _bug_message(self.lang)
        print(said.line, file=sys.stderr)
        if self.debug:
            kind = type(bug).__name__
            print(f"{kind}: {_places(bug)}", file=sys.stderr)
        if self.as_json:
            told = {"code": BUG, "number": said.number, "message": said.line}
            _tell(json.dumps({"error": told}, ensure_ascii=False))
        return BROKEN


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that the words name, and give the exit status."""
    given = list(sys.argv[1:] if words is None else words)
    _speak_utf8()
    speech = Speech.of(given)
    try:
        return _run(given, speech)
    except _NobodyListensError:
        return REFUSED


def _run(given: Sequence[str], speech: Speech) -> int:
    """Do the command and say what came of it."""
    options = argparse.Namespace()
    try:
        options = read_options(given)
        answer: Answer = options.run(options)
        return speech.answer(answer, getattr(options, "succeeded", None))
    except _NobodyListensError:
        raise
    except ProductError as error:
        named = _missing(given, options) if error.code in _NOT_THERE else ()
        return speech.refuse(error, named)
    except KeyboardInterrupt:
        return speech.refuse(CancelledError())
    except SystemExit as leaving:  # --help has been printed
        return leaving.code if isinstance(leaving.code, int) else DONE
    except Exception as bug:  # noqa: BLE001 -- the last line of defence: said, never shown raw
        return speech.admit(bug)


def _missing(given: Sequence[str], options: argparse.Namespace) -> tuple[str, ...]:
    """Name the options whose file or folder is not there; a file may be named after a child."""
    paths = _paths(vars(options).values())
    found: list[str] = []
    for before, word in itertools.pairwise(["", *given]):
        named = before.startswith("--") and not word.startswith("--")
        option, _, value = (before, "", word) if named else word.rpartition("=")
        if Path(value) in paths and value and not _may_be_missing(option, Path(value)):
            found.append(option)
    return tuple(one for one in found if one.startswith("--"))


def _paths(values: Iterable[object]) -> set[Path]:
    """Give the files and folders among the values of options."""
    held = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return {one for one in held if isinstance(one, Path)}


def _may_be_missing(option: str, path: Path) -> bool:
    """Tell whether a file or folder is there, or is yet to be written into one that is."""
    return path.exists() or (option.endswith(_TARGETS) and path.parent.exists())


class _NobodyListensError(Exception):
    """Standard output is closed or full: what was to be told cannot be."""


def _tell(text: str) -> None:
    """Print on standard output.

    Raises:
        _NobodyListensError: whoever read it is gone (``find … | head``), or its disk is full.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        # What is left in the buffer must not fail once more when Python ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise _NobodyListensError from error


def _speak_utf8() -> None:
    """Print Chinese whatever the console was set to."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _bug_message(lang: Language) -> Message:
    """Say that the program is wrong, even where its sentences are what is wrong."""
    try:
        return sentence(BUG, lang)
    except CatalogueError:
        return Message("程序自己出了差错。 The program is damaged.", "", "", BUG_NUMBER)


def _places(bug: BaseException) -> str:
    """Name the places a bug passed through; its message may hold what somebody typed."""
    steps = walk_tb(bug.__traceback__)
    return " > ".join(f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in steps)
