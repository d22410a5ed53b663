"""A child program that registers without end and says so after every commit.

Each line is ``sequence hash``: the end of the feed once the commit was confirmed. Whatever happens
to the program or the power, a feed that ends before a line that was said has lost something.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.storage.kit import CHILD, PARENT, Laptop


def register_some(folder: Path, count: int, synchronous: str, say: int) -> None:
    """Register, edit and remove; ``say`` is the descriptor acknowledgements go to."""
    laptop = Laptop(folder, synchronous=synchronous, fresh=not (folder / "data.db").exists())
    if laptop.feed not in laptop.feeds():
        laptop.begin_feed(laptop.scope, None)
    with laptop.database.raw() as connection:
        connection.execute("PRAGMA wal_autocheckpoint=100")
    for number in range(count):
        with laptop.journal.begin(laptop.actor()) as work:
            applicant = work.create("applicant", CHILD | {"receipt_number": f"X-{number}"})
            guardian = work.create("guardian", PARENT | {"applicant": applicant})
        if number % 3 == 0:
            laptop.edit("applicant", applicant, category="B1")
        if number % 7 == 0:
            laptop.remove("guardian", guardian)
        sequence, head = laptop.commits[-1].heads[laptop.feed]
        os.write(say, b"%d %s\n" % (sequence, head.hex().encode()))
    laptop.close()


if __name__ == "__main__":
    register_some(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], 1)
