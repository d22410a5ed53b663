"""The headless commands; no Qt."""

from desktop_app.commands.program import main

__all__ = ["main"]
