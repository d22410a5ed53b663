"""Forget secrets as far as Python lets us.

What lies in a ``bytearray`` can be overwritten; ``str`` and ``bytes`` cannot. Locking therefore
ends the process (design §5), and this is only the second line.
"""

from __future__ import annotations


def wipe(*secrets: bytearray) -> None:
    """Overwrite secrets with zeros, in place."""
    for secret in secrets:
        secret[:] = bytes(len(secret))
