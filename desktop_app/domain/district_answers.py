"""Answers of the district 区级答复 that leave the school something to do."""

from __future__ import annotations

QUERIED = "queried"
"""The district wants an explanation 要求说明: the school changes something, or passes it anew."""

ASKED = frozenset({QUERIED, "duplicate_void", "reallocated", "deferred", "elsewhere"})
"""The district wants an explanation, or the child gets no place here: the family is to be told."""

VOID = "duplicate_void"
"""The child keeps its place at another school 跨校查重."""

PLACED = frozenset({"district_passed", "provisional", "published", "admitted"})
"""Answers that lead to a place: nobody gives one unawares to a child whose school is not done."""
