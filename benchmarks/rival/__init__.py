"""Morango as the measure of target 12: the same records between two SQLite files.

Runs in an environment of its own (``make bench-morango``), which nothing else uses.
"""
