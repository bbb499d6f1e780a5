"""The values of a small sealed operation in one compressed piece: a form's ten answers share nearly all their bytes.

Invariant: a pack holds the salt and payload of every change of its operation, in the order of the changes, byte for
byte; where one of them must be erased by law the pack is first unpacked.
"""

from __future__ import annotations

import zlib

from sqlalchemy.engine import Connection

from desktop_app.models.journal.codec import SALT_BYTES

LEAST, MOST = 2, 64
"""Operations with fewer changes gain nothing; those with more (imports) are looked into row by row."""

FORMAT = 1
_WORDS = (
    b'{"citizen_group":[null,"resident"]}\n{"status":["draft","complete"]}\n'
    b'{"assessment_round":"","kind":"new","model":"citizen","subject":""}\n'
    b'{"assessment_round":"","criteria_set":"","model":"citizen","status":"draft","subject":""}\n'
    b'{"value":[8.0,9.0]}\n{"assessment":"","indicator":"10","value":8.0}\n'
)
"""What most packed payloads consist of; part of format 1, never changed."""


def pack(connection: Connection, operation_id: int) -> None:
    """Pack a sealed operation whose changes all have their values; any other is left as it is."""
    driver = connection.connection.driver_connection
    assert driver is not None
    rows = driver.execute(_VALUES, (operation_id, MOST + 1)).fetchall()
    if not LEAST <= len(rows) <= MOST or any(salt is None for _, salt, _ in rows):
        return
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_WORDS)
    text = packer.compress("\n".join(payload for _, _, payload in rows).encode()) + packer.flush()
    piece = bytes([FORMAT, len(rows)]) + b"".join(salt for _, salt, _ in rows) + text
    driver.execute("INSERT INTO change_pack (operation_id, piece) VALUES (?, ?)", (operation_id, piece))
    driver.execute(_FORGET, (rows[0][0], rows[-1][0], operation_id))


def values_of(connection: Connection, operation_id: int) -> list[tuple[bytes, str]]:
    """(salt, payload) of each change of a packed operation, in order; empty where it is not packed."""
    driver = connection.connection.driver_connection
    assert driver is not None
    row = driver.execute("SELECT piece FROM change_pack WHERE operation_id = ?", (operation_id,)).fetchone()
    if row is None:
        return []
    piece: bytes = row[0]
    if piece[0] != FORMAT:
        raise ValueError(f"pack format {piece[0]}")
    count = piece[1]
    end = 2 + count * SALT_BYTES
    payloads = zlib.decompressobj(-15, zdict=_WORDS).decompress(piece[end:]).decode().split("\n")
    salts = [piece[2 + index * SALT_BYTES : 2 + (index + 1) * SALT_BYTES] for index in range(count)]
    return list(zip(salts, payloads, strict=True))


def unpack(connection: Connection, operation_id: int) -> None:
    """Put an operation's values back into rows of their own, so that one of them can be erased."""
    values = values_of(connection, operation_id)
    if not values:
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    ids = [row[0] for row in driver.execute(_IDS, (operation_id,))]
    rows = [(change_id, salt, payload) for change_id, (salt, payload) in zip(ids, values, strict=True)]
    driver.executemany("INSERT INTO change_value (change_id, salt, payload) VALUES (?, ?, ?)", rows)
    driver.execute("DELETE FROM change_pack WHERE operation_id = ?", (operation_id,))


_VALUES = """
SELECT c.id, v.salt, v.payload FROM change AS c LEFT JOIN change_value AS v ON v.change_id = c.id
WHERE c.operation_id = ? ORDER BY c.id LIMIT ?"""

_IDS = "SELECT id FROM change WHERE operation_id = ? ORDER BY id"

_FORGET = """
DELETE FROM change_value WHERE change_id BETWEEN ? AND ?
AND change_id IN (SELECT id FROM change WHERE operation_id = ?)"""
