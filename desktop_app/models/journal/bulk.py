"""Taking back the rows of a big operation by a few statements over sets instead of row by row.

Invariant: a row is taken so only where every change it ever had is this operation's and none was erased or held: it
then stands as it was left, since no shared row is written without a change record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal.codec import CREATE, Change
from desktop_app.models.tables import BY_CODE

FEWEST = 500
"""Operations that made fewer rows are as quick row by row."""


def made_rows(connection: Connection, operation_id: int) -> dict[str, dict[int, bytes]]:
    """Present rows that the operation made and nothing else has touched: table → local key → uid."""
    driver: Any = connection.connection.driver_connection
    if driver.execute(_IS_HELD, (operation_id,)).fetchone() is not None:
        return {}
    made: dict[str, dict[int, bytes]] = {}
    for code, count in driver.execute(_COUNTS, (operation_id, CREATE)).fetchall():
        if count >= FEWEST:
            name = BY_CODE[code].name
            rows = driver.execute(_MADE.format(table=f'"{name}"'), (operation_id, code, CREATE)).fetchall()
            made[name] = dict(rows)
    return {name: rows for name, rows in made.items() if rows}


def other_changes(connection: Connection, operation_id: int, made: dict[str, dict[int, bytes]]) -> list[Change]:
    """The operation's changes of all rows but these, in the order they were made."""
    driver: Any = connection.connection.driver_connection
    known = {uid for rows in made.values() for uid in rows.values()}
    heads = driver.execute("SELECT id, row_uid FROM change WHERE operation_id = ? ORDER BY id", (operation_id,))
    ids = [change_id for change_id, uid in heads.fetchall() if uid not in known]
    return [Change(*row) for row in driver.execute(_OTHERS, (json.dumps(ids),)).fetchall()] if ids else []


def pointing_at(
    connection: Connection, table: str, column: str, ids: Iterable[int], besides: Iterable[int]
) -> Iterator[bytes]:
    """Uids of present rows of ``table``, other than ``besides``, whose reference is one of these keys."""
    driver: Any = connection.connection.driver_connection
    query = (
        f'SELECT uid FROM "{table}" WHERE present = 1 AND "{column}" IN (SELECT value FROM json_each(?)) '
        "AND id NOT IN (SELECT value FROM json_each(?))"
    )
    for row in driver.execute(query, (json.dumps(list(ids)), json.dumps(list(besides)))):
        yield row[0]


_IS_HELD = """
SELECT 1 FROM held_field AS h JOIN change AS c ON c.id = h.change_id WHERE c.operation_id = ? LIMIT 1"""

_COUNTS = "SELECT table_code, count(*) FROM change WHERE operation_id = ? AND action = ? GROUP BY table_code"

_MADE = """
SELECT t.id, t.uid FROM change AS c CROSS JOIN {table} AS t ON t.uid = c.row_uid
WHERE c.operation_id = ?1 AND c.table_code = ?2 AND c.action = ?3 AND t.present = 1 AND NOT EXISTS (
    SELECT 1 FROM change AS o WHERE o.row_uid = c.row_uid AND (
        o.operation_id <> ?1 OR NOT EXISTS (SELECT 1 FROM change_value AS v WHERE v.change_id = o.id)))
ORDER BY t.id"""

_OTHERS = """
SELECT c.id, c.table_code, c.row_uid, c.action, v.salt, v.payload, c.digest
FROM json_each(?) AS k CROSS JOIN change AS c ON c.id = k.value LEFT JOIN change_value AS v ON v.change_id = c.id
ORDER BY c.id"""
