"""Which version of the program each laptop packed with last: mixed ones are seen on the boards.

Older and newer programs exchange all the same (docs/format-bundle.md); what one does not
understand it keeps and hands on. Only people can bring all laptops to one version.
"""

from __future__ import annotations

from msgspec import UNSET

from desktop_app.domain.version import PROGRAM
from desktop_app.services.workplace import Workplace
from desktop_app.storage.database import Connection
from desktop_app.storage.settings import read_setting, write_setting
from desktop_app.sync.manifest import Manifest

_SETTING = "program."
OLDER = "?"
"""The version of whoever packs in the first format, which names none."""


def note_program(connection: Connection, manifest: Manifest) -> None:
    """Note what a bundle's carrier packed with; an older bundle that comes late says nothing."""
    name = _SETTING + manifest.carrier.feed
    before = read_setting(connection, name).partition(" ")[0]
    if not before or int(before) <= manifest.number:
        version = OLDER if manifest.program is UNSET else manifest.program
        write_setting(connection, name, f"{manifest.number} {version}")


def programs(workplace: Workplace) -> dict[str, str]:
    """Give the version each feed's laptop packed with last, as far as any bundle of it came."""
    noted = workplace.settings.named(_SETTING)
    return {feed: said.partition(" ")[2] for feed, said in noted.items()}


def is_other(version: str) -> bool:
    """Say whether a version that is known is not this program's."""
    return version not in {"", PROGRAM}
