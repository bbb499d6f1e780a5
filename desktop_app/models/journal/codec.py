"""Changes as the journal stores them: field values as JSON, references as uids, and their salted digests.

Invariants: a payload's bytes are what its digest was taken of; they are never re-encoded. What is read of it is
composed (NFC), whatever the author's program wrote, so every machine that applies it has the same text.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.tables.base import SHARED, SharedTable
from desktop_app.models.types import Uid

CREATE, UPDATE, SETTLE = 1, 2, 3
"""Actions: a row made (payload: field → value); fields changed (field → [before, after]); a disagreement settled
(field → [values that stood in it, the value kept])."""

SALT_BYTES = 12


@dataclass(frozen=True, slots=True)
class Change:
    """One row's change inside an operation. ``payload`` is None where the values were erased by law."""

    id: int
    table_code: int
    row: bytes
    action: int
    salt: bytes | None
    payload: str | None
    digest: bytes | None

    def fields(self) -> dict[str, tuple[Any, Any]]:
        """Field → (before, after); a created row's befores are None and its presence False → True."""
        if self.payload is None:
            return {}
        content = content_of(self.payload)
        if self.action == CREATE:
            made: dict[str, tuple[Any, Any]] = {"present": (False, content.pop("present", True))}
            made.update((name, (None, value)) for name, value in content.items())
            return made
        if self.action == SETTLE:
            return {name: (values, kept) for name, (values, kept) in content.items()}
        return {name: (before, after) for name, (before, after) in content.items()}

    def check_value(self) -> bytes:
        """What the chain holds of this change: SHA-256 over salt, table, row, action and payload."""
        if self.payload is None or self.salt is None:
            return self.digest or b""
        return digest_of(self.salt, self.table_code, self.row, self.action, self.payload)


def digest_of(salt: bytes, table_code: int, row: bytes, action: int, payload: str) -> bytes:
    """Salted digest of one change (32 bytes)."""
    return hashlib.sha256(b"%b%d|%b%d|%b" % (salt, table_code, row, action, payload.encode())).digest()


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def dump(value: Any) -> str:
    """Compact JSON, keys sorted, Vietnamese letters as they are."""
    return _encoder.encode(value)


def dump_made(spec: SharedTable, row: Mapping[str, Any], references: References) -> str:
    """The payload of a made row from its columns: ``dump`` of the fields that are not blank, in a third of the time.

    Presence is left out, being what a made row has anyway.
    """
    parts: list[str] = []
    for column, key, target in _made_plan(spec, tuple(row)):
        value = row[column]
        if value is None:
            continue
        kind = type(value)
        if target is not None:
            parts.append(f'{key}"{references.uid(target, value)}"')
        elif kind is str:
            parts.append(key + _quoted(value))
        elif kind is int:
            parts.append(f"{key}{value}")
        elif value is not True or column != "present":
            parts.append(key + dump(value))
    return f"{{{','.join(parts)}}}"


def dump_made_many(spec: SharedTable, rows: Sequence[Mapping[str, Any]], references: References) -> list[str]:
    """``dump_made`` of rows that have the same columns, a column at a time: in half the time of row by row."""
    columns: list[list[str | None]] = []
    for column, key, target in _made_plan(spec, tuple(rows[0])):
        values = [row[column] for row in rows]
        if target is not None:
            pieces = [None if value is None else f'{key}"{references.uid(target, value)}"' for value in values]
        else:
            pieces = [
                key + _quoted(value)
                if type(value) is str
                else None
                if value is None or (value is True and column == "present")
                else f"{key}{value}"
                if type(value) is int
                else key + dump(value)
                for value in values
            ]
        columns.append(pieces)
    if not columns:
        return ["{}"] * len(rows)
    return [f"{{{','.join(filter(None, pieces))}}}" for pieces in zip(*columns, strict=True)]


_quoted: Callable[[str], str] = json.encoder.encode_basestring  # what dump quotes with


@lru_cache(maxsize=256)
def _made_plan(spec: SharedTable, columns: tuple[str, ...]) -> tuple[tuple[str, str, str | None], ...]:
    """(column, quoted field with its colon, referenced table) of these, in the order in which ``dump`` sorts fields."""
    ordered = sorted((item for item in spec.plan if item[0] in columns), key=lambda item: item[1])
    return tuple((column, f'"{name}":', target) for column, name, target in ordered)


def content_of(payload: str) -> Any:
    """What a payload says, its texts composed."""
    content = json.loads(payload)
    return content if is_composed(payload) and "\\u" not in payload else composed(content)


def is_composed(payload: str) -> bool:
    """Whether every text of a payload without escapes is surely composed."""
    return payload.isascii() or unicodedata.is_normalized("NFC", payload)


def composed(value: Any) -> Any:
    """A field's value with its texts in NFC."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return [composed(item) for item in value]
    if isinstance(value, dict):
        return {composed(name): composed(item) for name, item in value.items()}
    return value


def equal(left: Any, right: Any) -> bool:
    """Whether two field values are the same: an absent presence is False, 8 equals 8.0."""
    if left is None:
        left = False if isinstance(right, bool) else None
    if right is None:
        right = False if isinstance(left, bool) else None
    if left is None or right is None:
        return left is right
    return bool(left == right)


class References:
    """Local keys and uids of referenced rows, looked up once a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._uids: dict[str, dict[int, Uid]] = defaultdict(dict)
        self._ids: dict[str, dict[Uid, int]] = defaultdict(dict)

    def learn(self, table: str, row_id: int, uid: Uid) -> None:
        self._uids[table][row_id] = uid
        self._ids[table][uid] = row_id

    def learn_made(self, table: str, ids: Sequence[int], uids: Sequence[Uid]) -> None:
        """Remember many rows that were just made."""
        self._uids[table].update(zip(ids, uids, strict=True))
        self._ids[table].update(zip(uids, ids, strict=True))

    def uid(self, table: str, row_id: int) -> Uid:
        """The uid of a local row.

        Raises:
            LookupError: no such row.
        """
        found = self._uids[table].get(row_id)
        if found is None:
            target = SHARED[table].table
            found = self._connection.execute(select(target.c.uid).where(target.c.id == row_id)).scalar()
            if found is None:
                raise LookupError(f"{table} {row_id}")
            self.learn(table, row_id, found)
        return found

    def id(self, table: str, uid: Uid) -> int | None:
        """The local key of a uid, or None where this file has no such row."""
        found = self._ids[table].get(uid)
        if found is None:
            driver: Any = self._connection.connection.driver_connection
            row = driver.execute(f'SELECT id FROM "{table}" WHERE uid = ?', (bytes.fromhex(uid),)).fetchone()
            if row is not None:
                found = int(row[0])
                self.learn(table, found, uid)
        return found

    def is_known(self, table: str, uid: Uid) -> bool:
        """Whether the row was met in this transaction; asks nothing of the file (see ``learn_many``)."""
        return uid in self._ids[table]

    def learn_ids(self, table: str, ids: Iterable[int]) -> None:
        """Look up the uids of many local keys in few statements."""
        known = self._uids[table]
        missing = [row_id for row_id in dict.fromkeys(ids) if row_id not in known]
        driver: Any = self._connection.connection.driver_connection
        query = f'SELECT t.id, t.uid FROM json_each(?) AS k CROSS JOIN "{SHARED[table].name}" AS t ON t.id = k.value'
        for start in range(0, len(missing), 5_000):
            for row_id, uid in driver.execute(query, (json.dumps(missing[start : start + 5_000]),)).fetchall():
                self.learn(table, row_id, uid.hex())

    def learn_many(self, table: str, uids: Iterable[Uid]) -> None:
        """Look up many uids of one table in few statements."""
        target = SHARED[table].table
        known = self._ids[table]
        missing = [uid for uid in dict.fromkeys(uids) if uid not in known]
        for start in range(0, len(missing), 500):
            chunk = missing[start : start + 500]
            for row_id, uid in self._connection.execute(
                select(target.c.id, target.c.uid).where(target.c.uid.in_(chunk))
            ):
                self.learn(table, row_id, uid)


def to_fields(spec: SharedTable, values: Mapping[str, Any], references: References) -> dict[str, Any]:
    """Column values → journal fields (references become uids); columns that are not journalled are left out."""
    fields: dict[str, Any] = {}
    plan = spec.plan_by_column
    for column_name, value in values.items():
        known = plan.get(column_name)
        if known is not None:
            name, target = known
            fields[name] = value if target is None or value is None else references.uid(target, value)
    return fields


def to_columns(spec: SharedTable, fields: Mapping[str, Any], references: References) -> dict[str, Any]:
    """Journal fields → column values.

    Raises:
        LookupError: a reference's row is not in this file; the argument is the field.
    """
    values: dict[str, Any] = {}
    for name, value in fields.items():
        column = spec.columns.get(name)
        if column is None:
            continue
        if value is not None and name in spec.refs:
            row_id = references.id(spec.refs[name], value)
            if row_id is None:
                raise LookupError(name)
            value = row_id
        values[column.name] = value
    return values
