"""Reading and writing many shared rows at once, through the driver: an import or its reversal has tens of thousands.

Invariant: values come and go as SQLAlchemy would give and take them (uids as hex, flags as bool, JSON read); only
``Writer`` calls the writing half.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Boolean
from sqlalchemy.engine import Connection

from desktop_app.models.tables.base import SHARED, UidType
from desktop_app.models.types import Uid

BLOCK = 5_000
"""Rows of one statement."""

Convert = Callable[[Any], Any]


def read_rows_by_id(connection: Connection, table: str, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Rows by local key; keys without a row are left out."""
    query = "FROM json_each(?) AS k CROSS JOIN {table} AS t ON t.id = k.value ORDER BY k.key"
    for start in range(0, len(ids), BLOCK):
        yield from _read(connection, table, query, json.dumps(ids[start : start + BLOCK]))


def read_rows_by_uid(connection: Connection, table: str, uids: Iterable[Uid]) -> Iterator[dict[str, Any]]:
    """Rows by uid; uids without a row are left out."""
    query = "FROM json_each(?) AS k CROSS JOIN {table} AS t ON t.uid = unhex(k.value) ORDER BY k.key"
    wanted = list(uids)
    for start in range(0, len(wanted), BLOCK):
        yield from _read(connection, table, query, json.dumps(wanted[start : start + BLOCK]))


def insert_rows(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert full rows; a column that one of them names and another does not is NULL in the other."""
    first = rows[0].keys()
    is_even = all(row.keys() == first for row in rows)
    names = tuple(first) if is_even else tuple(dict.fromkeys(name for row in rows for name in row))
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    values: Iterable[Sequence[Any]]
    if is_even and len(names) > 1:
        values = map(itemgetter(*names), rows)
    else:
        values = ([row.get(name) for name in names] for row in rows)
    _write_many(connection, f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', table, names, values)


def insert_row(connection: Connection, table: str, row: Mapping[str, Any]) -> int:
    """Insert one row; returns its key."""
    columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    binds = _binds(table)
    places = [(place, binds[name]) for place, name in enumerate(row) if name in binds]
    driver: Any = connection.connection.driver_connection
    made = driver.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', _bound(list(row.values()), places))
    return int(made.lastrowid)


def update_rows(connection: Connection, table: str, names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Set these columns of many rows; each row gives their values in order and then its key."""
    assignments = ", ".join(f'"{name}" = ?' for name in names)
    _write_many(connection, f'UPDATE "{table}" SET {assignments} WHERE id = ?', table, (*names, "id"), rows)


def widen_cache(connection: Connection, size: int = -65_536) -> int:
    """Let the connection keep so much of the file in memory (SQLite: pages, or KiB below zero); returns what it was.

    With the default of 2 MB the indexes' pages of a big operation go out and come back again and again.
    """
    driver: Any = connection.connection.driver_connection
    before = int(driver.execute("PRAGMA cache_size").fetchone()[0])
    driver.execute(f"PRAGMA cache_size = {size}")
    return before


def new_uids(count: int) -> list[Uid]:
    """Fresh UUIDv7s in ascending order, as ``new_uid`` makes them."""
    head = (time.time_ns() // 1_000_000) << 16 | 0x7000
    noise = os.urandom(10 * count)
    tails = sorted(int.from_bytes(noise[at : at + 10]) for at in range(0, 10 * count, 10))
    return [f"{head | tail >> 68:016x}{tail & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000:016x}" for tail in tails]


def _write_many(
    connection: Connection, statement: str, table: str, names: tuple[str, ...], rows: Iterable[Sequence[Any]]
) -> None:
    binds = _binds(table)
    places = [(place, binds[name]) for place, name in enumerate(names) if name in binds]
    driver: Any = connection.connection.driver_connection
    driver.executemany(statement, (_bound(row, places) for row in rows) if places else rows)


def _bound(row: Sequence[Any], places: Sequence[tuple[int, Convert]]) -> Sequence[Any]:
    values = list(row)
    for place, convert in places:
        if values[place] is not None:
            values[place] = convert(values[place])
    return values


@cache
def _binds(table: str) -> dict[str, Convert]:
    found: dict[str, Convert] = {}
    for column in SHARED[table].table.columns:
        if isinstance(column.type, UidType):
            found[column.name] = bytes.fromhex
        elif isinstance(column.type, JSON):
            found[column.name] = json.dumps
    return found


def _read(connection: Connection, table: str, query: str, keys: str) -> Iterator[dict[str, Any]]:
    names, converts = _columns(table)
    selected = ", ".join(f't."{name}"' for name in names)
    quoted = f'"{table}"'
    driver: Any = connection.connection.driver_connection
    rows = driver.execute(f"SELECT {selected} {query.format(table=quoted)}", (keys,)).fetchall()
    for row in rows:
        found = dict(zip(names, row, strict=True))
        for name, convert in converts:
            if found[name] is not None:
                found[name] = convert(found[name])
        yield found


def _loaded(stored: Any) -> Any:
    """A JSON column's value; SQLite stores a bare number in it as a number (its affinity is numeric)."""
    return json.loads(stored) if isinstance(stored, str | bytes) else stored


@cache
def _columns(table: str) -> tuple[tuple[str, ...], tuple[tuple[str, Convert], ...]]:
    columns = SHARED[table].table.columns
    converts: list[tuple[str, Convert]] = []
    for column in columns:
        if isinstance(column.type, UidType):
            converts.append((column.name, bytes.hex))
        elif isinstance(column.type, JSON):
            converts.append((column.name, _loaded))
        elif isinstance(column.type, Boolean):
            converts.append((column.name, bool))
    return tuple(column.name for column in columns), tuple(converts)
