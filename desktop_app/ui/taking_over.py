"""The process that takes over at a lock: it starts while this one is still finishing its work.

This window covers the screen until the other one has been painted; between the two nobody looks at
an empty desktop. Whoever logs in there waits until this process has ended.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from desktop_app.durable.anew import start_anew


class Successor:
    """The new process, and the pipe on which it says that its window stands."""

    def __init__(self, words: Sequence[str]) -> None:
        """Start it.

        Raises:
            OSError: the system would not.
        """
        self._reading, writing = os.pipe()
        try:
            start_anew(words, writing)
        except OSError:
            os.close(self._reading)
            raise
        finally:
            os.close(writing)

    def wait(self) -> None:
        """Wait until its window stands, or until it has ended without one."""
        os.read(self._reading, 1)
        os.close(self._reading)
