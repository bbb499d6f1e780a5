"""Taking an operation back: its changes reversed as a new operation, or refused with reasons.

Invariant: nothing that came later is overwritten; a row that later work hangs on is not taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from desktop_app.models.errors import UserError
from desktop_app.models.journal.chain import changes_of
from desktop_app.models.journal.codec import SETTLE, Change, References, equal, to_columns, to_fields
from desktop_app.models.journal.writer import Writer
from desktop_app.models.tables import BY_CODE, SHARED
from desktop_app.models.tables.sync import held_field
from desktop_app.models.tables.system import change, operation
from desktop_app.models.types import LearningModel, Uid

SUBJECT_TABLES = {
    LearningModel.CITIZEN: "citizen",
    LearningModel.FAMILY: "household",
    LearningModel.CLAN: "clan",
    LearningModel.COMMUNITY: "hamlet",
    LearningModel.ORGANIZATION: "organization",
    LearningModel.COMMUNE: "commune",
}
"""Which table a model's subjects stand in."""

_CHUNK = 400


@dataclass(frozen=True)
class Reversal:
    """The fields to set so that an operation is taken back: table → row uid → field → value."""

    fields: dict[str, dict[Uid, dict[str, Any]]]


class UndoRefused(UserError):
    """Later work stands on what should be taken back. ``later`` are the uids of those operations, newest first."""

    code = "undo.refused"

    def __init__(self, message: str, later: tuple[Uid, ...] = (), *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.later = later


def reversal_of(connection: Connection, operation_ids: Iterable[int]) -> Reversal:
    """Work out how to take operations back (given newest first), checking every field against what stands now.

    Raises:
        UndoRefused: a field was changed since, a removed row is referred to, or all values were erased by law (of
            an operation over many rows the erased ones stay erased and the others are taken back).
    """
    ids = list(operation_ids)
    changes = [item for operation_id in ids for item in reversed(list(changes_of(connection, operation_id)))]
    if changes and all(item.payload is None for item in changes):
        raise UndoRefused(
            "Không hoàn tác được: dữ liệu của thao tác này đã được xóa theo yêu cầu của người dân.", code="undo.erased"
        )
    held = _held(connection, ids)
    current = _Current(connection, changes)
    fields: dict[str, dict[Uid, dict[str, Any]]] = {}
    for item in changes:
        if item.payload is None or item.action == SETTLE:
            continue
        table = BY_CODE[item.table_code].name
        uid = item.row.hex()
        for name, (before, after) in item.fields().items():
            if (item.id, name) in held:
                continue
            if not equal(current.value(table, uid, name), after):
                raise _changed_since(connection, item, ids)
            current.set(table, uid, name, before)
            fields.setdefault(table, {}).setdefault(uid, {})[name] = before
    removed = {
        table: {uid for uid, values in rows.items() if values.get("present", True) in (False, None)}
        for table, rows in fields.items()
    }
    created_removed = {table: uids for table, uids in removed.items() if uids}
    _refuse_if_referred(connection, created_removed, fields, ids)
    _refuse_if_target_absent(connection, fields)
    return Reversal(_only_presence_of_removed(fields, created_removed))


def apply_reversal(writer: Writer, reversal: Reversal) -> None:
    """Write a reversal through the journal's writer, parents before children when rows come back."""
    for table_name, rows in reversal.fields.items():
        spec = SHARED[table_name]
        writer.references.learn_many(table_name, rows)
        for uids in _chunks(list(rows)):
            values_by_id: dict[int, dict[str, Any]] = {}
            for uid in uids:
                row_id = writer.references.id(table_name, uid)
                assert row_id is not None
                values_by_id[row_id] = to_columns(spec, rows[uid], writer.references)
            writer.update_many(spec.table, values_by_id)


def _only_presence_of_removed(
    fields: dict[str, dict[Uid, dict[str, Any]]], removed: dict[str, set[Uid]]
) -> dict[str, dict[Uid, dict[str, Any]]]:
    """A row that goes away keeps its last values, so that it can be read in the journal and brought back."""
    return {
        table: {uid: {"present": False} if uid in removed.get(table, ()) else values for uid, values in rows.items()}
        for table, rows in fields.items()
    }


def _held(connection: Connection, operation_ids: list[int]) -> set[tuple[int, str]]:
    rows = connection.execute(
        select(held_field.c.change_id, held_field.c.field)
        .join(change, change.c.id == held_field.c.change_id)
        .where(change.c.operation_id.in_(operation_ids))
    )
    return {(row.change_id, row.field) for row in rows}


class _Current:
    """The present fields of every row that the changes touch, read in few statements."""

    def __init__(self, connection: Connection, changes: Iterable[Change]) -> None:
        wanted: dict[str, set[Uid]] = {}
        for item in changes:
            wanted.setdefault(BY_CODE[item.table_code].name, set()).add(item.row.hex())
        references = References(connection)
        self._rows: dict[tuple[str, Uid], dict[str, Any]] = {}
        for name, uids in wanted.items():
            spec = SHARED[name]
            for chunk in _chunks(sorted(uids)):
                rows = connection.execute(select(spec.table).where(spec.table.c.uid.in_(chunk))).mappings()
                for row in rows.all():
                    self._rows[name, row["uid"]] = to_fields(spec, dict(row), references)

    def value(self, table: str, uid: Uid, name: str) -> Any:
        return self._rows.get((table, uid), {}).get(name)

    def set(self, table: str, uid: Uid, name: str, value: Any) -> None:
        self._rows.setdefault((table, uid), {})[name] = value


def _changed_since(connection: Connection, item: Change, ids: list[int]) -> UndoRefused:
    rows = connection.execute(
        select(operation.c.uid)
        .join(change, change.c.operation_id == operation.c.id)
        .where(change.c.row_uid == item.row, change.c.id > item.id, operation.c.id.not_in(ids))
        .where(operation.c.undone_by.is_(None))
        .order_by(operation.c.id.desc())
        .distinct()
    ).scalars()
    later = tuple(rows)
    return UndoRefused(
        "Không hoàn tác được vì sau đó có thao tác khác đã sửa cùng dữ liệu này; chưa có gì bị thay đổi. "
        "Hãy hoàn tác thao tác mới hơn trước.",
        later,
    )


def referrers(table_name: str) -> Iterator[tuple[Table, Any]]:
    """Every (table, reference column) that may point at a row of ``table_name``."""
    for spec in SHARED.values():
        for field_name, target in spec.refs.items():
            if target == table_name:
                yield spec.table, spec.columns[field_name]


def _refuse_if_referred(
    connection: Connection,
    removed: dict[str, set[Uid]],
    fields: dict[str, dict[Uid, dict[str, Any]]],
    ids: list[int],
) -> None:
    for table_name, uids in removed.items():
        target = SHARED[table_name].table
        for referring, column in referrers(table_name):
            field_name = column.name.removesuffix("_id")
            for chunk in _chunks(sorted(uids)):
                rows = connection.execute(
                    select(referring.c.uid)
                    .join(target, target.c.id == column)
                    .where(target.c.uid.in_(chunk), referring.c.present)
                    if referring is not target
                    else _self_reference(target, column, chunk)
                ).scalars()
                for uid in rows:
                    mended = fields.get(referring.name, {}).get(uid, {})
                    if uid not in removed.get(referring.name, ()) and field_name not in mended:
                        raise _still_used(connection, uid, ids)
        _refuse_if_subject(connection, table_name, uids, removed, ids)


def _self_reference(target: Table, column: Any, uids: list[Uid]) -> Any:
    pointed = target.alias()
    return select(target.c.uid).join(pointed, pointed.c.id == column).where(pointed.c.uid.in_(uids), target.c.present)


def _refuse_if_subject(
    connection: Connection, table_name: str, uids: set[Uid], removed: dict[str, set[Uid]], ids: list[int]
) -> None:
    models = [model for model, name in SUBJECT_TABLES.items() if name == table_name]
    for name in ("registration", "assessment", "certificate") if models else ():
        table = SHARED[name].table
        for chunk in _chunks(sorted(uids)):
            rows = connection.execute(
                select(table.c.uid).where(table.c.subject.in_(chunk), table.c.model.in_(models), table.c.present)
            ).scalars()
            for uid in rows:
                if uid not in removed.get(name, ()):
                    raise _still_used(connection, uid, ids)


def _still_used(connection: Connection, uid: Uid, ids: list[int]) -> UndoRefused:
    later = tuple(
        connection.execute(
            select(operation.c.uid)
            .join(change, change.c.operation_id == operation.c.id)
            .where(change.c.row_uid == bytes.fromhex(uid), operation.c.id.not_in(ids))
            .order_by(operation.c.id.desc())
        ).scalars()
    )
    return UndoRefused(
        "Không hoàn tác được vì dữ liệu làm sau đó còn dựa vào những gì thao tác này đã tạo; chưa có gì bị thay đổi. "
        "Hãy hoàn tác thao tác mới hơn trước.",
        later,
    )


def _refuse_if_target_absent(connection: Connection, fields: dict[str, dict[Uid, dict[str, Any]]]) -> None:
    for table_name, rows in fields.items():
        for field_name, target_name in SHARED[table_name].refs.items():
            wanted = {values[field_name] for values in rows.values() if values.get(field_name)}
            target = SHARED[target_name].table
            for chunk in _chunks(sorted(wanted)):
                for uid in connection.execute(
                    select(target.c.uid).where(target.c.uid.in_(chunk), target.c.present.is_(False))
                ).scalars():
                    if not fields.get(target_name, {}).get(uid, {}).get("present"):
                        raise UndoRefused(
                            "Không hoàn tác được vì dữ liệu mà thao tác này dựa vào đã bị xóa; chưa có gì bị thay đổi. "
                            "Hãy khôi phục dữ liệu đó trước.",
                        )


def _chunks(items: list[Uid]) -> Iterator[list[Uid]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
