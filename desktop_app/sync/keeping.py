"""What a computer leaves behind so that its successor can hand on what it wrote.

Only a feed's author can sign how far it reaches, and nobody takes in what lies beyond. So the head
is signed not only at export but whenever a person leaves and before every backup: if this computer
dies, whoever restores the backup, or finds the folder, carries all of it to the district.
"""

from __future__ import annotations

from pathlib import Path

from desktop_app.services.backup import BackedUp, back_up
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync.outbox import sign_head


def sign_reach(workplace: Workplace) -> int:
    """Sign how far each own feed reaches, where that has changed; give how many were signed.

    Raises:
        WorkplaceError: the disk refused.
    """
    with workplace.database.read() as connection:
        grown = [
            row
            for row in load_feeds(connection).values()
            if row.own and row.sequence > row.signed_sequence
        ]
    if grown:
        with workplace.journal.begin() as work:
            for row in grown:
                sign_head(workplace, work, row)
    return len(grown)


def keep(workplace: Workplace, target: Path) -> BackedUp:
    """Make a verified backup from which everything written here can still be handed on.

    Raises:
        WorkplaceError: the disk refused, or the copy is not the same.
    """
    sign_reach(workplace)
    return back_up(workplace, target)
