"""The journal read back: deeds newest first, and what each changed, for the page of the journal and of a record.

Invariant: reading never changes anything; values that were erased by law show as erased.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import kind_of
from desktop_app.models.journal.chain import changes_of, changes_of_rows
from desktop_app.models.journal.codec import CREATE, SETTLE, Change
from desktop_app.models.records import FieldChange, HistoryFilter, OperationRecord, RecordHistory, RowChange
from desktop_app.models.tables import BY_CODE
from desktop_app.models.types import OperationState, Uid
from desktop_app.services.context import Context
from desktop_app.services.history import order
from desktop_app.services.history.labels import field_label, table_word
from desktop_app.services.history.rendering import Names, sentence, value_text

_OPERATION = """
SELECT o.id, o.uid, o.sequence, o.kind, o.args, o.author, o.device, o.at, o.undone_by, o.undoes, o.state,
       (SELECT count(*) FROM change AS c WHERE c.operation_id = o.id) AS changes
FROM operation AS o"""
_HIDDEN = frozenset({"subject", "position", "assessment", "indicator", "model", "assessment_round"})
"""Fields of which the row's name tells already."""


def operations(
    context: Context, limit: int = 50, before: Uid | None = None, filters: HistoryFilter | None = None
) -> list[OperationRecord]:
    """Deeds of this file's journal, newest first (also a form still open); what a merge brought stands under it.

    Args:
        before: uid of the last one shown: the page after it.
    """
    chosen = filters or HistoryFilter()
    where, parameters = conditions(chosen)
    with context.read() as connection:
        place = order.place_of(connection, before) if before is not None else None
        if before is not None and place is None:
            return []
        found = connection.exec_driver_sql(
            order.newest_first(where, place), (*parameters, *parameters, max(limit, 0), 0)
        )
        return records_of(context, connection, [row[0] for row in found])


def find_operation(context: Context, uid: Uid) -> OperationRecord | None:
    """One deed by its uid; None where this journal does not have it."""
    with context.read() as connection:
        rows = connection.exec_driver_sql(f"{_OPERATION} WHERE o.uid = ?", (bytes.fromhex(uid),)).all()
        return next(iter(_records(context, connection, rows)), None)


def operation_changes(context: Context, uid: Uid, limit: int = 200, offset: int = 0) -> tuple[RowChange, ...]:
    """What a deed changed, row by row in the order it was done; a page of it for imports of thousands."""
    with context.read() as connection:
        query = "SELECT id FROM operation WHERE uid = ?"
        key = connection.exec_driver_sql(query, (bytes.fromhex(uid),)).scalar()
        found = islice(changes_of(connection, key), offset, offset + limit) if key is not None else ()
        names = Names(connection)
        return tuple(_row_change(names, item) for item in list(found))


def record_history(context: Context, table: str, uid: Uid, limit: int = 20) -> tuple[RecordHistory, ...]:
    """The deeds that touched a record or what hangs on it (forms, registrations, memberships), newest first.

    Each carries only what it changed of these rows: an import shows this person, not its thousands.
    """
    with context.read() as connection:
        rows = _related(connection, table, uid)
        marks = ", ".join("?" * len(rows))
        found = connection.exec_driver_sql(
            f"SELECT DISTINCT operation_id FROM change WHERE row_uid IN ({marks}) ORDER BY operation_id DESC LIMIT ?",
            (*rows, limit),
        )
        ids = {row[0] for row in found} | _local_deeds(context, connection, uid, limit)
        wanted = sorted(ids, reverse=True)[:limit]
        by_operation = _changes_of_rows(connection, wanted, rows)
        heads = _operations_by_id(connection, wanted)
        records = _records(context, connection, heads)
        names = Names(connection)
        return tuple(
            RecordHistory(record, tuple(_row_change(names, item) for item in by_operation.get(head[0], ())))
            for head, record in zip(heads, records, strict=True)
        )


def conditions(chosen: HistoryFilter) -> tuple[list[str], list[Any]]:
    """Conditions on ``operation AS o`` with their parameters."""
    where: list[str] = []
    parameters: list[Any] = []
    if chosen.kinds:
        where.append("(" + " OR ".join(["substr(o.kind, 1, ?) = ?"] * len(chosen.kinds)) + ")")
        for kind in chosen.kinds:
            parameters += [len(kind), kind]
    for uid, column in ((chosen.user, "author"), (chosen.device, "device")):
        if uid is not None:
            where.append(f"o.{column} = ?")
            parameters.append(bytes.fromhex(uid))
    if chosen.since is not None:
        where.append("o.at >= ?")
        parameters.append(int(chosen.since.timestamp() * 1000))
    if chosen.until is not None:
        where.append("o.at < ?")
        parameters.append(int(chosen.until.timestamp() * 1000))
    if chosen.is_undone is not None:
        where.append(f"o.undone_by IS {'NOT ' if chosen.is_undone else ''}NULL")
    return where, parameters


def records_of(context: Context, connection: Connection, ids: Sequence[int]) -> list[OperationRecord]:
    """Deeds by their local keys, in the order given."""
    rows = {row.id: row for row in _operations_by_id(connection, ids)}
    return _records(context, connection, [rows[key] for key in ids])


def _records(context: Context, connection: Connection, rows: Sequence[Any]) -> list[OperationRecord]:
    names = Names(connection)
    devices = _device_names(connection)
    return [
        OperationRecord(
            id=row.uid.hex(),
            sequence=row.sequence,
            kind=row.kind,
            sentence=sentence(names, row.kind, json.loads(row.args)),
            user=names.of("user", row.author.hex()) if row.author else "",
            device_name=devices.get(row.device, ""),
            at=dt.datetime.fromtimestamp(row.at / 1000, dt.UTC),
            undone_by=row.undone_by.hex() if row.undone_by else None,
            undoes=row.undoes.hex() if row.undoes else None,
            undo_class=kind_of(row.kind).undo,
            is_mine=row.device.hex() == context.device,
            is_open=row.state == OperationState.OPEN,
            is_waiting=row.state == OperationState.WAITING,
            changes=row.changes,
        )
        for row in rows
    ]


def _device_names(connection: Connection) -> dict[bytes, str]:
    rows = connection.exec_driver_sql(
        "SELECT device, name FROM peer UNION ALL SELECT uid, name FROM device WHERE present = 1"
    )
    return {row[0]: row[1] or "" for row in rows}


def _operations_by_id(connection: Connection, ids: Sequence[int]) -> Sequence[Any]:
    query = f"{_OPERATION} WHERE o.id IN (SELECT value FROM json_each(?)) ORDER BY o.id DESC"
    return connection.exec_driver_sql(query, (json.dumps(list(ids)),)).all()


def _changes_of_rows(
    connection: Connection, operation_ids: Sequence[int], rows: Sequence[bytes]
) -> dict[int, list[Change]]:
    wanted = set(operation_ids)
    found: dict[int, list[Change]] = {}
    for operation_id, item in changes_of_rows(connection, rows):
        if operation_id in wanted:
            found.setdefault(operation_id, []).append(item)
    return found


def _row_change(names: Names, item: Change) -> RowChange:
    spec = BY_CODE[item.table_code]
    uid = item.row.hex()
    changed = {
        field: (before, after)
        for field, (before, after) in item.fields().items()
        if field not in _HIDDEN and not (item.action == CREATE and field == "present")
    }
    return RowChange(
        table=spec.name,
        uid=uid,
        what=table_word(spec.name),
        name=names.of(spec.name, uid),
        is_created=item.action == CREATE,
        is_erased=item.payload is None,
        fields=tuple(
            FieldChange(
                field,
                field_label(spec.name, field),
                _before_text(names, spec.name, field, before, is_settled=item.action == SETTLE),
                value_text(names, spec.name, field, after),
            )
            for field, (before, after) in changed.items()
        ),
    )


def _before_text(names: Names, table: str, field: str, before: Any, *, is_settled: bool) -> str:
    """A settled disagreement shows every value that stood in it."""
    if not is_settled:
        return value_text(names, table, field, before)
    return " / ".join(value_text(names, table, field, value) or "(trống)" for value in before)


_SUBJECTS = ("registration", "assessment", "certificate", "former_title")
_ON_ASSESSMENT = ("answer", "evidence", "review", "second_entry", "objection")
_JOINED = {
    "citizen": (("organization_member", "citizen_id"), ("residence", "citizen_id"), ("site_account", "citizen_id")),
    "household": (
        ("clan_household", "household_id"),
        ("household_place", "household_id"),
        ("residence", "household_id"),
    ),
    "hamlet": (("hamlet", "successor_id"),),
    "clan": (("clan_household", "clan_id"),),
    "organization": (("organization_member", "organization_id"),),
}


def _related(connection: Connection, table: str, uid: Uid) -> list[bytes]:
    """The record's own uid and those of the rows that hang on it alone."""
    own = bytes.fromhex(uid)
    found = [own]
    for name in _SUBJECTS:
        rows = connection.exec_driver_sql(f"SELECT uid FROM {name} WHERE subject = ?", (own,))
        found += [row[0] for row in rows]
    for name in _ON_ASSESSMENT:
        query = f"SELECT t.uid FROM {name} AS t JOIN assessment AS a ON a.id = t.assessment_id WHERE a.subject = ?"
        found += [row[0] for row in connection.exec_driver_sql(query, (own,))]
    for name, column in _JOINED.get(table, ()):
        query = f'SELECT uid FROM {name} WHERE {column} = (SELECT id FROM "{table}" WHERE uid = ?) LIMIT 500'
        found += [row[0] for row in connection.exec_driver_sql(query, (own,))]
    return found[:2_000]


def _local_deeds(context: Context, connection: Connection, uid: Uid, limit: int) -> set[int]:
    """Deeds that changed nothing but concern the record: its number was shown, its data were exported."""
    query = """
    SELECT id FROM operation WHERE device = ? AND generation = 0 AND kind IN ('citizen.reveal', 'person.export')
    AND json_extract(args, '$.subject.uid') = ? ORDER BY id DESC LIMIT ?"""
    return {row[0] for row in connection.exec_driver_sql(query, (bytes.fromhex(context.device), uid, limit))}


def sentences(context: Context, uids: Iterable[Uid]) -> list[str]:
    """The sentences of some deeds with when they were done, in the order given."""
    found = []
    for uid in uids:
        record = find_operation(context, uid)
        if record is not None:
            found.append(f"“{record.sentence}” ({record.at.astimezone():%d/%m/%Y %H:%M})")
    return found
