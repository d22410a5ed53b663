"""How a group of commands adds itself to the parser."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop_app.commands.answer import Answer

Run = Callable[[argparse.Namespace], Answer]


@dataclass(frozen=True, slots=True)
class Groups:
    """The place where commands are added, and what all of them understand."""

    commands: Any
    everywhere: argparse.ArgumentParser
    seated: argparse.ArgumentParser

    def plain(self, name: str, run: Run, about: str) -> argparse.ArgumentParser:
        """Add a command that opens no data folder."""
        return self._add(name, run, about, [self.everywhere])

    def seat(self, name: str, run: Run, about: str) -> argparse.ArgumentParser:
        """Add a command that a person does on a data folder."""
        return self._add(name, run, about, [self.everywhere, self.seated])

    def family(self, name: str, about: str) -> Groups:
        """Add a command that has commands of its own, such as ``person add``."""
        parser = self.commands.add_parser(name, help=about)
        inner = parser.add_subparsers(required=True, metavar="COMMAND")
        return Groups(inner, self.everywhere, self.seated)

    def _add(
        self, name: str, run: Run, about: str, parents: list[argparse.ArgumentParser]
    ) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = self.commands.add_parser(
            name, help=about, description=about, parents=parents
        )
        parser.set_defaults(run=run)
        return parser
