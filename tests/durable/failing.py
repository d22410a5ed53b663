"""An operating system of which one call fails."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Any


class FailingSystem:
    """Stand in for ``os``: the n-th of the counted calls fails with the given error."""

    def __init__(
        self, counted: Collection[str], fail_at: int, number: int, *, writes_at_most: int = 2**31
    ) -> None:
        self.calls = 0
        self._counted = counted
        self._fail_at, self._number, self._most = fail_at, number, writes_at_most

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in self._counted:
            return real

        def counted(*arguments: Any) -> Any:
            self.calls += 1
            if self.calls == self._fail_at:
                if name == "close":
                    real(*arguments)  # a failing close still lets go of the descriptor
                raise OSError(self._number, os.strerror(self._number))
            if name == "write":
                return real(arguments[0], bytes(arguments[1])[: self._most])
            return real(*arguments)

        return counted
