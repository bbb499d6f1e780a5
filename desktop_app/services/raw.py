"""Short statements on the path of one saved answer, through the driver itself.

Invariant: for constant statements with bound values inside a transaction that SQLAlchemy has begun; an error is
translated like any other, because ``Database.read`` and ``write`` know the driver's errors too. Measured: SQLAlchemy
spends 60 microseconds around a statement that SQLite answers in 5, and an answer needs a dozen of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection


def all_rows(connection: Connection, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Every row of a statement; uids are bytes, flags are 0 or 1, JSON is text."""
    driver: Any = connection.connection.driver_connection
    rows: list[tuple[Any, ...]] = driver.execute(sql, values).fetchall()
    return rows


def one_row(connection: Connection, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
    """The first row, or None."""
    driver: Any = connection.connection.driver_connection
    row: tuple[Any, ...] | None = driver.execute(sql, values).fetchone()
    return row


def among(keys: Iterable[int]) -> tuple[str, tuple[int | str]]:
    """What follows a column's name so that it is one of these local keys, with its value; one key is asked directly."""
    listed = list(keys)
    if len(listed) == 1:
        return "= ?", (listed[0],)
    return "IN (SELECT value FROM json_each(?))", (json.dumps(listed),)


def write_rows(connection: Connection, sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run a statement for each row; for derived columns only, everything else goes through the journal's writer."""
    driver: Any = connection.connection.driver_connection
    driver.executemany(sql, rows)
