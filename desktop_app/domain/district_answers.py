"""Answers of the district 区级答复 that leave the school something to do."""

from __future__ import annotations

ASKED = frozenset({"queried", "duplicate_void", "reallocated", "deferred", "elsewhere"})
"""The district wants an explanation, or the child gets no place here: the family is to be told."""
