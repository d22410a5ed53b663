"""Whoever has new keys and no grant yet 等授权: what works, what waits, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.ui.notices import code_banner
from desktop_app.ui.views import BannerView, State


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came of the code from the envelope: the next code, and whether the person may sign."""

    code: str
    granted: bool
    district: bool


def waiting_banner(*, district: bool) -> BannerView:
    """Say that signatures do not count yet, on the page after recovery and after every login."""
    code = "window.new_keys_district" if district else "window.new_keys"
    return code_banner(code, State.NEEDS)
