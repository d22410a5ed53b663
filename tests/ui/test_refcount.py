"""Qt calls give back what they take: a binding that loses a reference of None dies after hours."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel

CALLS = 1000


@pytest.mark.usefixtures("qapp")
def test_a_thousand_qt_calls_leave_none_as_it_was() -> None:
    label = QLabel()
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        label.setText("a")
        label.update()
        thing.setObjectName("b")
        thing.setProperty("c", None)
        thing.property("c")
    assert abs(sys.getrefcount(None) - before) < CALLS // 10
