"""A school that joined its district, for the use cases of its desks."""

from __future__ import annotations

from tests.sync.conftest import cheap_passwords, district, laptop, policy, site, stick

__all__ = ["cheap_passwords", "district", "laptop", "policy", "site", "stick"]
