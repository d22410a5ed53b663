"""What the long runs counted, said at their end: ``record_property(COUNTED, sentence)``."""

from __future__ import annotations

import pytest

COUNTED = "counted"
_told = set[tuple[str, str]]()


def say(reporter: pytest.TerminalReporter) -> None:
    """Write what the tests that passed have counted, once, however many folders ask for it."""
    for report in reporter.getreports("passed"):
        for name, said in report.user_properties:
            if name == COUNTED and (report.nodeid, str(said)) not in _told:
                _told.add((report.nodeid, str(said)))
                reporter.write_line(str(said))
