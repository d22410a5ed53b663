"""Which program and policy package each laptop packed with last: mixed ones show on the boards.

Older and newer programs exchange all the same (docs/format-bundle.md); what one does not
understand it keeps and hands on. Only people can bring all laptops to one version.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import UNSET

from desktop_app.domain.version import PROGRAM
from desktop_app.services.workplace import Workplace
from desktop_app.storage.database import Connection
from desktop_app.storage.settings import read_setting, write_setting
from desktop_app.sync.manifest import Manifest

_PROGRAM, _POLICY = "program.", "policy."
OLDER = "?"
"""The version of whoever packs in the first format, which names none."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What a laptop packed with last; each is empty where it never said."""

    program: str = ""
    policy: str = ""

    @property
    def policy_number(self) -> str:
        """Give the number of its policy package, empty where it never said."""
        return self.policy.rpartition("-")[0].rpartition("-")[2]

    @property
    def other_program(self) -> bool:
        """Say whether it is known and not this program's."""
        return self.program not in {"", PROGRAM}

    def other_policy(self, version: str) -> bool:
        """Say whether its package is known and not the one of this version."""
        return self.policy not in {"", version}


SILENT = Versions()
"""Of a laptop of which nothing came."""


def note_versions(connection: Connection, manifest: Manifest) -> None:
    """Note what a bundle's carrier packed with; an older bundle that comes late says nothing."""
    for setting, said, older in (
        (_PROGRAM, manifest.program, OLDER),
        (_POLICY, manifest.policy, ""),
    ):
        name = setting + manifest.carrier.feed
        before = read_setting(connection, name).partition(" ")[0]
        if not before or int(before) <= manifest.number:
            version = older if said is UNSET else said
            write_setting(connection, name, f"{manifest.number} {version}")


def versions(workplace: Workplace) -> dict[str, Versions]:
    """Give what each feed's laptop packed with last, as far as any bundle of it came."""
    programs, policies = (
        {feed: said.partition(" ")[2] for feed, said in workplace.settings.named(one).items()}
        for one in (_PROGRAM, _POLICY)
    )
    return {feed: Versions(said, policies.get(feed, "")) for feed, said in programs.items()}
