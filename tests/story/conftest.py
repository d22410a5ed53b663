"""A school and its district for the stories, through real vaults, roots and tickets."""

from __future__ import annotations

from tests.sync.conftest import cheap_passwords, district, laptop, policy, site, stick

__all__ = ["cheap_passwords", "district", "laptop", "policy", "site", "stick"]
