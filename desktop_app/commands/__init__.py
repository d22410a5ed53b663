"""The headless commands; no Qt."""
