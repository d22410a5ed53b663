"""What the long runs counted, said at their end: ``record_property(COUNTED, sentence)``."""

from __future__ import annotations

import pytest

COUNTED = "counted"


def say(reporter: pytest.TerminalReporter) -> None:
    """Write what the tests that passed have counted."""
    for report in reporter.getreports("passed"):
        for name, said in report.user_properties:
            if name == COUNTED:
                reporter.write_line(str(said))
