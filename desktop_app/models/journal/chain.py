"""The chain of hashes: each sealed operation holds the hash of its predecessor on the same device and generation.

Invariant: the hash covers the header and the salted digest of every change, so a changed row shows, and erasing
values by law (the digest stays) does not break it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.engine import Connection

from desktop_app.models.journal.codec import Change, digest_of, dump
from desktop_app.models.journal.pack import pack, values_of
from desktop_app.models.tables.system import operation
from desktop_app.models.types import OperationState, Uid

ROOT = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Header:
    """What stands on an operation besides its changes; equal on every machine."""

    uid: Uid
    device: Uid
    generation: int
    sequence: int
    author: Uid | None
    kind: str
    args: dict[str, Any]
    at: int
    undoes: Uid | None

    @classmethod
    def of(cls, row: Row[Any]) -> Header:
        return cls(
            row.uid, row.device, row.generation, row.sequence, row.author, row.kind, row.args, row.at, row.undoes
        )

    def as_list(self) -> list[Any]:
        return [
            self.uid, self.device, self.generation, self.sequence, self.author, self.kind, self.args, self.at,
            self.undoes,
        ]  # fmt: skip


def hash_of(previous: bytes, header: Header, digests: Iterable[bytes]) -> bytes:
    """The operation's link: SHA-256 over its predecessor's, its header and its changes' digests in order."""
    digest = hashlib.sha256(previous)
    digest.update(dump(header.as_list()).encode())
    for item in digests:
        digest.update(item)
    return digest.digest()


def changes_of(connection: Connection, operation_id: int) -> Iterator[Change]:
    """The changes of an operation in the order they were made; read through the driver, an import has many."""
    driver: Any = connection.connection.driver_connection
    packed = values_of(connection, operation_id)
    if packed:
        for row, (salt, payload) in zip(driver.execute(_CHANGES, (operation_id,)).fetchall(), packed, strict=True):
            yield Change(row[0], row[1], row[2], row[3], salt, payload, row[6])
        return
    rows = driver.execute(_CHANGES, (operation_id,))
    while block := rows.fetchmany(5_000):
        for row in block:
            yield Change(*row)


def digests_of(connection: Connection, operation_id: int) -> Iterator[bytes]:
    """``check_value`` of each change of an operation, as it stands in the file."""
    if values_of(connection, operation_id):
        yield from (item.check_value() for item in changes_of(connection, operation_id))
        return
    driver: Any = connection.connection.driver_connection
    rows = driver.execute(_CHANGES, (operation_id,))
    while block := rows.fetchmany(5_000):
        for _, table_code, row, action, salt, payload, digest in block:
            if payload is None or salt is None:
                yield digest or b""
            else:
                yield digest_of(salt, table_code, row, action, payload)


def changes_of_rows(connection: Connection, rows: Sequence[bytes]) -> Iterator[tuple[int, Change]]:
    """Every change of these rows with its operation's local key, in the order they were made."""
    driver: Any = connection.connection.driver_connection
    unpacked: dict[int, dict[int, Change]] = {}
    keys = json.dumps([row.hex() for row in rows])
    for operation_id, is_packed, *values in driver.execute(_CHANGES_OF_ROWS, (keys,)).fetchall():
        item = Change(*values)
        if is_packed:
            if operation_id not in unpacked:
                unpacked[operation_id] = {change.id: change for change in changes_of(connection, operation_id)}
            item = unpacked[operation_id][item.id]
        yield operation_id, item


_CHANGES_OF_ROWS = """
SELECT c.operation_id, p.operation_id IS NOT NULL, c.id, c.table_code, c.row_uid, c.action, v.salt, v.payload, c.digest
FROM json_each(?) AS k CROSS JOIN change AS c ON c.row_uid = unhex(k.value)
LEFT JOIN change_value AS v ON v.change_id = c.id LEFT JOIN change_pack AS p ON p.operation_id = c.operation_id
ORDER BY c.id"""

_CHANGES = """
SELECT c.id, c.table_code, c.row_uid, c.action, v.salt, v.payload, c.digest
FROM change AS c LEFT JOIN change_value AS v ON v.change_id = c.id WHERE c.operation_id = ? ORDER BY c.id"""


def previous_hash(connection: Connection, device: Uid, generation: int, sequence: int) -> bytes | None:
    """The hash of the operation before ``sequence``; ROOT before the first; None where it is not in this file."""
    if sequence == 1:
        return ROOT
    return connection.execute(
        select(operation.c.hash).where(
            operation.c.device == device,
            operation.c.generation == generation,
            operation.c.sequence == sequence - 1,
        )
    ).scalar()


def seal(connection: Connection, operation_id: int) -> None:
    """Give an operation its hash and close it."""
    row = connection.execute(select(operation).where(operation.c.id == operation_id)).one()
    previous = previous_hash(connection, row.device, row.generation, row.sequence)
    assert previous is not None, "the operation before this one is not sealed"
    link = hash_of(previous, Header.of(row), digests_of(connection, operation_id))
    connection.execute(
        update(operation).where(operation.c.id == operation_id).values(hash=link, state=OperationState.APPLIED)
    )
    pack(connection, operation_id)


def broken_links(connection: Connection) -> list[Uid]:
    """Every sealed operation whose stored hash does not follow from what stands in the file.

    One that waits for an earlier operation, still on its way, cannot be judged and is none of them.
    """
    broken: list[Uid] = []
    previous: dict[tuple[Uid, int], tuple[int, bytes]] = {}
    rows = connection.execute(
        select(operation)
        .where(operation.c.hash.is_not(None))
        .order_by(operation.c.device, operation.c.generation, operation.c.sequence)
    ).all()
    for row in rows:
        key = (row.device, row.generation)
        last_sequence, last_hash = previous.get(key, (0, ROOT))
        digests = digests_of(connection, row.id)
        if row.state == OperationState.WAITING and row.sequence > last_sequence + 1:
            previous[key] = (row.sequence, row.hash)
            continue
        if row.sequence != last_sequence + 1 or hash_of(last_hash, Header.of(row), digests) != row.hash:
            broken.append(row.uid)
        previous[key] = (row.sequence, row.hash)
    return broken
