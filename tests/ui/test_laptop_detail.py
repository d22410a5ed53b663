"""What is read out by telephone does not stand on the screen before it was typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop_app.ui.pages.laptops import LaptopPage
from desktop_app.ui.window import Window
from tests.ui.conftest import press
from tests.ui.standing_laptops import PRINT, laptops


def shown(page: LaptopPage) -> str:
    """Give every word that stands on the page."""
    return " ".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def test_the_fingerprint_of_who_asks_is_hidden_until_it_was_compared(window: Window) -> None:
    page = laptops()
    window.add_page(page)
    window.open_page(page.nav_key)
    page.table.setFocus()
    assert "湛河湾小学 aaaaaaaa" in shown(page)
    assert PRINT not in shown(page)
    press(Qt.Key.Key_F10)  # the form is headed by the school and the laptop
    assert "核对身份：湛河湾小学 aaaaaaaa" in shown(page)
    assert PRINT not in shown(page)
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Down)
    assert PRINT in shown(page)  # a member's was compared when it joined
