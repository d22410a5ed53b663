"""Which policy package is in force: the one that ships, until the district sends another."""

from __future__ import annotations

from functools import lru_cache

from desktop_app.durable.places import resource_path
from desktop_app.policy.load import load_package
from desktop_app.policy.package import Policy

SHIPPED = "zhanhe-2024"


@lru_cache(maxsize=1)
def shipped_policy() -> Policy:
    """Load the package that ships with the program, once per process.

    Raises:
        RuleError: ``policy.refused``: somebody changed its files.
    """
    return load_package(resource_path("policy", SHIPPED))
