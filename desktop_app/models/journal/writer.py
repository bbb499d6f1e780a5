"""Writing inside one operation: rows and their change records together.

Invariants: no shared row is written anywhere else, so no write lacks its change record; derived columns are
recomputed before the transaction ends; every text that is written is composed (NFC), whoever gives it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, func, select, update
from sqlalchemy.engine import Connection

from desktop_app.models.journal.codec import (
    CREATE,
    SALT_BYTES,
    SETTLE,
    UPDATE,
    References,
    composed,
    dump,
    dump_made,
    dump_made_many,
    equal,
    is_composed,
    to_fields,
)
from desktop_app.models.journal.rows import (
    BLOCK,
    insert_row,
    insert_rows,
    new_uids,
    read_rows_by_id,
    update_rows,
    widen_cache,
)
from desktop_app.models.tables.base import SHARED, SharedTable, new_uid
from desktop_app.models.tables.system import change, change_value
from desktop_app.models.types import Uid

RowDeriver = Callable[[Mapping[str, Any], AbstractSet[str] | None], dict[str, Any]]
"""From a row's full values (column → value) and the columns that changed (None: a new row) to the derived columns
that hang on them; pure and quick."""

Refresher = Callable[[Connection, Mapping[str, set[int]]], None]
"""Called once before the commit with table name → ids written: keeps what hangs on other rows or on an index."""

BatchDeriver = Callable[[Connection, Sequence[dict[str, Any]]], None]
"""Completes many new rows of one table with derived columns; a refresher must give the same."""


@dataclass(frozen=True)
class Derivers:
    """How derived columns are kept.

    Attributes:
        rows: by row.
        absent: what the row derivers say of any row that goes away: table → column → value.
        refreshers: once an operation, for what crosses rows.
        batches: what crosses rows of many new ones, before they are inserted, so that indexes are written once.
    """

    rows: Mapping[str, RowDeriver] = field(default_factory=dict)
    absent: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    refreshers: Sequence[Refresher] = ()
    batches: Mapping[str, BatchDeriver] = field(default_factory=dict)


@dataclass
class Writer:
    """Writes rows under an operation and records each change.

    Args:
        connection: the open writing transaction.
        operation_id: the operation's local key.
        derivers: by table name.
        is_sitting: merge a row's repeated changes into one record (a form being filled).
        is_recording: False where the change records exist already (a merged operation is being applied).
    """

    connection: Connection
    operation_id: int
    derivers: Derivers
    is_sitting: bool = False
    is_recording: bool = True
    touched: dict[str, set[int]] = field(default_factory=dict)
    changes: int = 0
    references: References = field(init=False)
    _defaults: dict[str, dict[str, Any]] = field(default_factory=dict, init=False)
    _cache_size: int | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.references = References(self.connection)

    # -- one row ---------------------------------------------------------------------------------------------

    def insert(self, table: Table, values: Mapping[str, Any], *, uid: Uid | None = None) -> int:
        """Make a row, or bring back the absent row that has this uid.

        Args:
            values: column name → value; enums are stored as their values.
            uid: of a row unique by nature (``natural_uid``); a UUIDv7 otherwise.

        Returns:
            The local key.
        """
        spec = SHARED[table.name]
        if uid is not None:
            found = self.references.id(table.name, uid)
            if found is not None:
                is_present = self.connection.execute(select(table.c.present).where(table.c.id == found)).scalar()
                fresh = {} if is_present else dict.fromkeys(column.name for column in spec.columns.values())
                self.update(table, found, {**fresh, **(values if is_present else self._complete(spec, values))})
                return found
        uid = uid or new_uid()
        row, payload = self._made(spec, self._complete(spec, values))
        row_id = insert_row(self.connection, table.name, {"uid": uid, **row, **self._derive(spec, row)})
        self.references.learn(table.name, row_id, uid)
        self._record(spec, uid, CREATE, payload)
        self._touch(table.name, row_id)
        return row_id

    def update(self, table: Table, row_id: int, values: Mapping[str, Any]) -> bool:
        """Change fields of a row; only what differs is written and recorded.

        Returns:
            Whether anything changed.

        Raises:
            LookupError: no such row.
        """
        spec = SHARED[table.name]
        old = self.connection.execute(select(table).where(table.c.id == row_id)).mappings().first()
        if old is None:
            raise LookupError(f"{table.name} {row_id}")
        return self._update_row(spec, dict(old), values)

    def remove(self, table: Table, row_id: int) -> bool:
        """Make a row absent; it is never deleted."""
        return self.update(table, row_id, {"present": False})

    def settle(self, table: Table, row_id: int, field_name: str, values: Sequence[Any], kept: Any) -> None:
        """Record that a disagreement over one field was settled; the row itself is written by ``update``."""
        spec = SHARED[table.name]
        uid = self.references.uid(table.name, row_id)
        self._record(spec, uid, SETTLE, dump({field_name: composed([list(values), kept])}))

    # -- many rows -------------------------------------------------------------------------------------------

    def insert_many(
        self, table: Table, rows: Sequence[Mapping[str, Any]], *, uids: Sequence[Uid] | None = None
    ) -> list[int]:
        """Make many rows that are surely new; keys come back in order.

        The rows and their change records are written by executemany; references must be local keys already.
        """
        if not rows:
            return []
        spec = SHARED[table.name]
        self._expect(len(rows))
        first = (self.connection.execute(select(func.max(table.c.id))).scalar() or 0) + 1
        made_uids = list(uids) if uids is not None else new_uids(len(rows))
        ids = list(range(first, first + len(rows)))
        self.references.learn_made(table.name, ids, made_uids)
        made, payloads = self._made_many(spec, rows)
        derive = self.derivers.rows.get(spec.name, _derives_nothing)
        full_rows = [
            {"id": row_id, "uid": uid, **row, **derive(row, None)}
            for row_id, uid, row in zip(ids, made_uids, made, strict=True)
        ]
        if (complete := self.derivers.batches.get(spec.name)) is not None:
            complete(self.connection, full_rows)
        insert_rows(self.connection, table.name, full_rows)
        self._record_many(spec, made_uids, CREATE, payloads)
        self.touched.setdefault(table.name, set()).update(ids)
        return ids

    def update_many(
        self,
        table: Table,
        values_by_id: Mapping[int, Mapping[str, Any]],
        standing: Mapping[int, dict[str, Any]] | None = None,
    ) -> int:
        """Change many rows by executemany, in the order given; returns how many differed.

        Args:
            standing: the rows' present columns by key, where the caller has read them in this transaction.
        """
        spec = SHARED[table.name]
        self._expect(len(values_by_id))
        keys = list(values_by_id)
        changed = 0
        for start in range(0, len(keys), BLOCK):
            block = keys[start : start + BLOCK]
            rows: Iterable[dict[str, Any]]
            if standing is not None:
                rows = [standing[key] for key in block]
            else:
                rows = read_rows_by_id(self.connection, table.name, block)
            changed += self._update_rows(spec, ((old, values_by_id[old["id"]]) for old in rows))
        return changed

    def remove_many(self, table: Table, ids: Sequence[int]) -> int:
        """Make many rows absent, by statements over all of them; returns how many were present."""
        spec = SHARED[table.name]
        if spec.name in self.derivers.rows and spec.name not in self.derivers.absent:
            return self.update_many(table, {key: {"present": False} for key in ids})
        self._expect(len(ids))
        keys = json.dumps(list(ids))
        if self.is_recording:
            self.changes += self._record_removals(spec, keys)
        derived = self.derivers.absent.get(spec.name, {})
        names = "".join(f', "{name}" = ?' for name in derived)
        removed = self.connection.exec_driver_sql(
            f'UPDATE "{spec.name}" SET present = 0{names} WHERE present = 1 AND id IN (SELECT value FROM json_each(?))',
            (*derived.values(), keys),
        ).rowcount
        self.touched.setdefault(spec.name, set()).update(ids)
        return removed

    # -- ending ----------------------------------------------------------------------------------------------

    def refresh_derived(self) -> None:
        """Recompute what hangs on the written rows; called once, before the commit."""
        if self.touched:
            for refresh in self.derivers.refreshers:
                refresh(self.connection, self.touched)
        if self._cache_size is not None:
            widen_cache(self.connection, self._cache_size)
            self._cache_size = None

    # -- inside ----------------------------------------------------------------------------------------------

    def _expect(self, count: int) -> None:
        """Many rows are coming: their pages should stay in memory until the commit."""
        if count >= _MANY and self._cache_size is None:
            self._cache_size = widen_cache(self.connection)

    def _defaults_for(self, spec: SharedTable) -> dict[str, Any]:
        defaults = self._defaults.get(spec.name)
        if defaults is None:
            defaults = self._defaults[spec.name] = _defaults_of(spec)
        return defaults

    def _complete(self, spec: SharedTable, values: Mapping[str, Any]) -> dict[str, Any]:
        row = {**self._defaults_for(spec), **values}
        if not row.keys() <= spec.plan_by_column.keys():
            row.pop("id", None)
            row.pop("uid", None)
            for name in row.keys() - spec.plan_by_column.keys():
                if not spec.table.c[name].info.get("local"):
                    raise KeyError(f"{spec.name}.{name} is derived")
        return row

    def _derive(
        self, spec: SharedTable, row: Mapping[str, Any], changed: AbstractSet[str] | None = None
    ) -> dict[str, Any]:
        derive = self.derivers.rows.get(spec.name)
        return derive(row, changed) if derive is not None else {}

    def _made(self, spec: SharedTable, row: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """A new row with its texts composed, and its payload; the payload tells in one look whether any was not."""
        payload = dump_made(spec, row, self.references)
        if is_composed(payload):
            return row, payload
        row = composed(row)
        return row, dump_made(spec, row, self.references)

    def _made_many(
        self, spec: SharedTable, rows: Sequence[Mapping[str, Any]]
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """``_made`` of many rows: what all of them share is looked at once a block."""
        defaults, known = self._defaults_for(spec), spec.plan_by_column.keys()
        made: list[dict[str, Any]] = []
        payloads: list[str] = []
        for start in range(0, len(rows), BLOCK):
            block = [{**defaults, **values} for values in rows[start : start + BLOCK]]
            names = block[0].keys()
            if names <= known and all(row.keys() == names for row in block):
                told = dump_made_many(spec, block, self.references)
                if is_composed("\n".join(told)):
                    made += block
                    payloads += told
                    continue
            for values in rows[start : start + BLOCK]:
                row, payload = self._made(spec, self._complete(spec, values))
                made.append(row)
                payloads.append(payload)
        return made, payloads

    def _update_row(self, spec: SharedTable, old: dict[str, Any], values: Mapping[str, Any]) -> bool:
        new, payload = self._differences(spec, old, values)
        if not new:
            return False
        table = spec.table
        self.connection.execute(update(table).where(table.c.id == old["id"]).values(**new))
        self._touch(table.name, old["id"])
        if payload:
            self._record_update(spec, old["uid"], payload)
        return True

    def _update_rows(self, spec: SharedTable, pairs: Iterable[tuple[dict[str, Any], Mapping[str, Any]]]) -> int:
        by_columns: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        uids: list[Uid] = []
        payloads: list[str] = []
        touched = self.touched.setdefault(spec.name, set())
        changed = 0
        for old, values in pairs:
            new, payload = self._differences(spec, old, values)
            if not new:
                continue
            changed += 1
            touched.add(old["id"])
            by_columns.setdefault(tuple(new), []).append((*new.values(), old["id"]))
            if payload:
                uids.append(old["uid"])
                payloads.append(dump(payload))
        for names, rows in by_columns.items():
            update_rows(self.connection, spec.name, names, rows)
        if uids:
            self._record_many(spec, uids, UPDATE, payloads)
        return changed

    def _differences(
        self, spec: SharedTable, old: dict[str, Any], values: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, list[Any]]]:
        """Columns to write (with the derived ones that follow), and journal field → [before, after]."""
        new: dict[str, Any] = {}
        for name, given in values.items():
            if not equal(old[name], given) and not equal(old[name], value := composed(given)):
                new[name] = value
        if not new:
            return {}, {}
        self.references.learn(spec.name, old["id"], old["uid"])
        before = to_fields(spec, {name: old[name] for name in new}, self.references)
        after = to_fields(spec, new, self.references)
        derived = self._derive(spec, {**old, **new}, new.keys())
        new.update((name, value) for name, value in derived.items() if old[name] != value)
        return new, {name: [before[name], after[name]] for name in after}

    def _record_update(self, spec: SharedTable, uid: Uid, fields: dict[str, list[Any]]) -> None:
        if self.is_sitting and self._fold_into_earlier(spec, uid, fields):
            return
        self._record(spec, uid, UPDATE, dump(fields))

    def _fold_into_earlier(self, spec: SharedTable, uid: Uid, fields: dict[str, list[Any]]) -> bool:
        """In a sitting a row has one record: its first before and its last after."""
        row = self.connection.execute(
            select(change.c.id, change.c.action, change_value.c.payload)
            .join(change_value, change_value.c.change_id == change.c.id)
            .where(change.c.row_uid == bytes.fromhex(uid), change.c.operation_id == self.operation_id)
        ).first()
        if row is None or (row.action == CREATE and "present" in fields):
            return False
        content = json.loads(row.payload)
        for name, (before, after) in fields.items():
            if row.action == CREATE:
                content[name] = after
            else:
                content[name] = [content[name][0] if name in content else before, after]
        self.connection.execute(
            update(change_value)
            .where(change_value.c.change_id == row.id)
            .values(salt=os.urandom(SALT_BYTES), payload=dump(content))
        )
        self.changes += 1
        return True

    def _record(self, spec: SharedTable, uid: Uid, action: int, payload: str) -> None:
        if not self.is_recording:
            return
        driver: Any = self.connection.connection.driver_connection
        made = driver.execute(_RECORD, (self.operation_id, spec.code, bytes.fromhex(uid), action))
        driver.execute(_RECORD_VALUE, (made.lastrowid, os.urandom(SALT_BYTES), payload))
        self.changes += 1

    def _record_many(self, spec: SharedTable, uids: Sequence[Uid], action: int, payloads: Iterable[str]) -> None:
        if not self.is_recording:
            return
        first = (self.connection.execute(select(func.max(change.c.id))).scalar() or 0) + 1
        salts = os.urandom(SALT_BYTES * len(uids))
        heads = [
            (first + index, self.operation_id, spec.code, bytes.fromhex(uid), action) for index, uid in enumerate(uids)
        ]
        bodies = [
            (first + index, salts[index * SALT_BYTES : (index + 1) * SALT_BYTES], payload)
            for index, payload in enumerate(payloads)
        ]
        self.connection.exec_driver_sql(
            "INSERT INTO change (id, operation_id, table_code, row_uid, action) VALUES (?, ?, ?, ?, ?)", heads
        )
        self.connection.exec_driver_sql("INSERT INTO change_value (change_id, salt, payload) VALUES (?, ?, ?)", bodies)
        self.changes += len(uids)

    def _record_removals(self, spec: SharedTable, keys: str) -> int:
        last = self.connection.execute(select(func.max(change.c.id))).scalar() or 0
        arguments = (self.operation_id, spec.code, UPDATE, keys)
        recorded = self.connection.exec_driver_sql(_RECORD_REMOVALS.format(table=f'"{spec.name}"'), arguments).rowcount
        self.connection.exec_driver_sql(_RECORD_REMOVAL_VALUES, (dump({"present": [True, False]}), last))
        return recorded

    def _touch(self, table: str, row_id: int) -> None:
        self.touched.setdefault(table, set()).add(row_id)


def _derives_nothing(row: Mapping[str, Any], changed: AbstractSet[str] | None = None) -> dict[str, Any]:
    return {}


_MANY = 500
"""Rows at once from which the page cache is widened."""


def _defaults_of(spec: SharedTable) -> dict[str, Any]:
    """What a made row has where nothing is said."""
    known = {
        column.name: getattr(column.default, "arg", None)
        for column in spec.columns.values()
        if column.default is not None
    }
    return {**known, "present": True}


_RECORD = "INSERT INTO change (operation_id, table_code, row_uid, action) VALUES (?, ?, ?, ?)"
_RECORD_VALUE = "INSERT INTO change_value (change_id, salt, payload) VALUES (?, ?, ?)"

_RECORD_REMOVALS = """
INSERT INTO change (operation_id, table_code, row_uid, action) SELECT ?, ?, uid, ? FROM {table}
WHERE present = 1 AND id IN (SELECT value FROM json_each(?)) ORDER BY id"""
_RECORD_REMOVAL_VALUES = (
    f"INSERT INTO change_value (change_id, salt, payload) SELECT id, randomblob({SALT_BYTES}), ? FROM change "
    "WHERE id > ? ORDER BY id"
)


__all__ = ["Derivers", "Refresher", "RowDeriver", "Writer"]
