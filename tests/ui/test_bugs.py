"""A bug is logged without anything personal, shown once, and ends the program safely."""

from __future__ import annotations

import logging
import sys
import threading

import pytest
from PySide6.QtWidgets import QMessageBox

from desktop_app.ui.bugs import BugHandler
from tests.conftest import AllowLog

NAME = "罗雨桐 419999201803142640"


def fall(secret: str) -> BaseException:
    table: dict[str, str] = {}
    try:
        table[secret]
    except KeyError as bug:
        return bug
    raise AssertionError


def test_the_log_names_places_and_no_values(
    allow_log: AllowLog, caplog: pytest.LogCaptureFixture
) -> None:
    allow_log("desktop_app.bug", "KeyError")
    shown: list[str] = []
    left: list[int] = []
    handler = BugHandler(lambda: left.append(1), shown.append)
    with caplog.at_level(logging.ERROR):
        handler(fall(NAME))
    assert "test_bugs" in caplog.text
    assert "419999" not in caplog.text + "".join(shown)
    assert "罗" not in caplog.text + "".join(shown)
    assert shown[0].startswith("KeyError")
    assert left == [1]


def test_a_second_bug_is_only_logged(allow_log: AllowLog) -> None:
    allow_log("desktop_app.bug", "KeyError")
    shown: list[str] = []
    left: list[int] = []
    handler = BugHandler(lambda: left.append(1), shown.append)
    handler(fall("a"))
    handler(fall("b"))
    assert (len(shown), left) == (1, [1])


def test_exceptions_of_any_thread_are_taken(
    allow_log: AllowLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_log("desktop_app.bug", "KeyError")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    shown: list[str] = []
    allow_log("desktop_app.bug", "IndexError")
    BugHandler(lambda: None, shown.append).install()
    bug = fall(NAME)
    sys.excepthook(type(bug), bug, bug.__traceback__)
    assert len(shown) == 1
    thread = threading.Thread(target=lambda: [][len(NAME)])
    thread.start()
    thread.join()
    assert len(shown) == 1


def test_the_dialog_speaks_from_the_catalogue(
    allow_log: AllowLog, monkeypatch: pytest.MonkeyPatch, qapp: object
) -> None:
    allow_log("desktop_app.bug", "KeyError")
    said: list[str] = []
    monkeypatch.setattr(
        QMessageBox, "exec", lambda box: said.append(f"{box.text()} {box.informativeText()}")
    )
    BugHandler(lambda: None)(fall(NAME))
    assert "X900" in said[0]
    assert "419999" not in said[0]
