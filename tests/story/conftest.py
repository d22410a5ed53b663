"""A school and its district for the stories, through real vaults, roots and tickets.

Some of the stories are told at the window, so its fixtures are here too.
"""

from __future__ import annotations

from tests.sync.conftest import cheap_passwords, district, laptop, policy, site, stick
from tests.ui.conftest import (
    _light_look,
    heard,
    pytest_configure,
    pytest_terminal_summary,
    show,
    tasks,
    window,
)

__all__ = [
    "_light_look",
    "cheap_passwords",
    "district",
    "heard",
    "laptop",
    "policy",
    "pytest_configure",
    "pytest_terminal_summary",
    "show",
    "site",
    "stick",
    "tasks",
    "window",
]
