"""A query of the product is prepared once, however often it runs."""

from __future__ import annotations

import re
from pathlib import Path

from tests.storage.kit import Laptop
from tests.storage.test_plans import heard, use_everything

_QUERY = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)


def prepared_again(laptop: Laptop, statement: str, parameters: object) -> bool:
    """Tell whether a statement is prepared anew when it runs a third time."""
    asked: list[str] = []

    def ask(*_what: object) -> int:
        asked.append(statement)
        return 0

    with laptop.database.raw() as connection:
        connection.set_authorizer(ask)
        try:
            for _ in range(2):
                connection.execute(statement, parameters).fetchall()
            before = len(asked)
            connection.execute(statement, parameters).fetchall()
            return len(asked) > before
        finally:
            connection.set_authorizer(None)


def test_no_query_is_prepared_anew_at_every_run(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path)
    with heard(laptop) as statements:
        use_everything(laptop)
    queries = {text: given for text, given in statements if _QUERY.match(text)}
    assert len(queries) > 20
    assert {text for text, given in queries.items() if prepared_again(laptop, text, given)} == set()
    with laptop.database.raw() as connection:
        connection.execute("CREATE TEMP TABLE many (one)")
    assert prepared_again(laptop, "SELECT one FROM many LIMIT ?", (3,))
    laptop.close()
