"""Which version of the program this is; bundles say it, so that a site sees mixed ones."""

from __future__ import annotations

PROGRAM = "0.1.0"
