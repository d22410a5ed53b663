"""Numbers from blocks: the cursor moves in the transaction that uses the number.

A number is never given twice on this computer, and blocks of different computers never overlap, so
receipt numbers cannot collide however many laptops work apart.
"""

from __future__ import annotations

from desktop_app.domain.errors import RuleError
from desktop_app.storage.database import Connection


def grant_block(connection: Connection, mark: str, first: int, last: int) -> None:
    """Add a block of numbers under a mark such as ``ZHW-2``; one already there is left as it is.

    Raises:
        RuleError: the block is empty, or holds numbers of another block of the mark.
    """
    blocks = connection.exec_driver_sql(
        "SELECT first, last FROM number_block WHERE mark = ?", (mark,)
    ).all()
    if (first, last) in [tuple(block) for block in blocks]:
        return
    if not 0 < first <= last or any(first <= block[1] and block[0] <= last for block in blocks):
        raise RuleError("number.overlap", mark=mark)
    connection.exec_driver_sql(
        "INSERT INTO number_block (mark, first, last, next) VALUES (?, ?, ?, ?)",
        (mark, first, last, first),
    )


def close_blocks(connection: Connection, mark: str) -> None:
    """Give no more numbers under any other mark: a ticket has named this one."""
    connection.exec_driver_sql(
        "UPDATE number_block SET open = 0 WHERE open = 1 AND mark <> ?", (mark,)
    )


def used_marks(connection: Connection) -> frozenset[str]:
    """Give every mark numbers were ever granted under."""
    rows = connection.exec_driver_sql("SELECT DISTINCT mark FROM number_block")
    return frozenset(str(row[0]) for row in rows)


def open_marks(connection: Connection) -> tuple[str, ...]:
    """Give the marks numbers are still given under, in the order they were granted."""
    rows = connection.exec_driver_sql("SELECT mark FROM number_block WHERE open = 1 ORDER BY id")
    return tuple(dict.fromkeys(str(row[0]) for row in rows))


def next_number(connection: Connection) -> tuple[str, int]:
    """Take the next number: its mark and itself.

    Raises:
        RuleError: every block is used up.
    """
    found = connection.exec_driver_sql(
        "UPDATE number_block SET next = next + 1, open = next < last"
        " WHERE id = (SELECT min(id) FROM number_block WHERE open = 1)"
        " RETURNING mark, next - 1"
    ).one_or_none()
    if found is None:
        raise RuleError("number.exhausted")
    return str(found[0]), int(found[1])


def numbers_left(connection: Connection) -> int:
    """Count the numbers that can still be given."""
    return block_counts(connection)[0]


def block_counts(connection: Connection) -> tuple[int, int]:
    """Count the numbers that can still be given, and all of the blocks they are in."""
    left, total = connection.exec_driver_sql(
        "SELECT coalesce(sum(last - next + 1), 0), coalesce(sum(last - first + 1), 0)"
        " FROM number_block WHERE open = 1"
    ).one()
    return int(left), int(total)
