"""A volunteer's machine follows its office's log, keeping what it has not sent or what the office still holds.

Invariants: for each field the office's value is known; where this machine has nothing of its own outstanding, its
value becomes the office's; otherwise it keeps its own and the field is marked "chờ cơ quan quyết định". So once
everything was exchanged and settled, both hold the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from desktop_app.models.journal import LOCAL_GENERATION, Operation, erase, foreign, get_meta, set_meta
from desktop_app.models.journal.blank import demanded_fields
from desktop_app.models.journal.chain import changes_of
from desktop_app.models.journal.codec import SETTLE, equal
from desktop_app.models.journal.journal import mark_standing, mark_undone
from desktop_app.models.journal.undo import UndoRefused, apply_reversal, reversal_of
from desktop_app.models.journal.writer import Writer
from desktop_app.models.tables import BY_CODE
from desktop_app.models.tables.sync import peer, pending_field
from desktop_app.models.tables.system import operation
from desktop_app.models.types import OperationState, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.sync.manifest import Manifest
from desktop_app.services.sync.rows import Row, Wish, read_many, write_wishes
from desktop_app.services.vietnamese import nfc


@dataclass(frozen=True)
class Outcome:
    """Counts of operations, and of fields that disagree."""

    applied: int
    already: int
    conflicts: int
    waiting: int


@dataclass
class _Fields:
    """What the office holds of each touched field, and which of ours are held by it."""

    office: dict[Row, dict[str, Any]] = field(default_factory=dict)
    held: dict[Row, dict[str, bool]] = field(default_factory=dict)
    order: list[Row] = field(default_factory=list)

    def put(self, row: Row, name: str, value: Any) -> None:
        if row not in self.office:
            self.office[row] = {}
            self.order.append(row)
        self.office[row][name] = value

    def hold(self, row: Row, name: str, is_held: bool) -> None:
        self.held.setdefault(row, {})[name] = is_held


def follow(
    context: Context,
    op: Operation,
    manifest: Manifest,
    operations: Sequence[foreign.ForeignOperation],
    progress: Progress,
) -> Outcome:
    """Take in a part of the office's log.

    Raises:
        UserError: the office started a new log (a restored backup) and the package does not begin at its start.
    """
    connection = op.connection
    log, position = get_meta(connection, "office_position") or [0, 0]
    is_new_log = manifest.generation != log
    if manifest.generation < log:
        return Outcome(0, len(operations), 0, 0)
    if is_new_log and manifest.log_from > 0:
        raise UserError(
            "Máy xã đã khôi phục sổ, nên máy này cần một gói đầy đủ; chưa có gì thay đổi. "
            "Hãy gửi gói của máy này cho máy xã rồi xin gói mới.",
            code="package.need_full",
        )
    if not is_new_log and manifest.log_from > position:
        raise UserError(
            f"Còn thiếu gói trước gói số {manifest.number} của máy xã; chưa có gì thay đổi. "
            "Hãy nhận gói đó trước, hoặc gửi gói của máy này cho máy xã rồi xin gói mới.",
            code="package.gap",
        )
    done = 0 if is_new_log else position
    fresh = [item for item in operations if (item.position or 0) > done]
    known = foreign.stored_uids(connection, [item.header.uid for item in operations])
    lost = _lost(context, connection, operations) if is_new_log else []
    _remember(connection)
    fields = _Fields()
    _start_with_pending(connection, fields)
    for index, item in enumerate(fresh):
        progress.step(index, len(fresh), "Đang nhận thao tác")
        is_own = item.header.device == context.device and item.header.uid in known
        _keep(connection, op, item, is_known=item.header.uid in known)
        _read_into(fields, item, is_own)
        _read_erasure(fields, item)
    _take_back_lost(connection, fields, lost)
    _note_office(context, connection, manifest, max(position if not is_new_log else 0, manifest.log_to))
    conflicts = _settle_fields(context, op, fields, progress)
    erase.carry_out_all(op.writer)
    applied = sum(1 for item in fresh if item.header.device != context.device or item.header.uid not in known)
    return Outcome(applied, len(operations) - applied, conflicts, 0)


def _keep(connection: Connection, op: Operation, item: foreign.ForeignOperation, *, is_known: bool) -> None:
    """The operation stands in the journal as in force: stored now, or kept since its merge was withdrawn."""
    if not is_known:
        foreign.store(connection, item, op.id)
    in_force = connection.execute(
        update(operation)
        .where(operation.c.uid == item.header.uid, operation.c.state == OperationState.WAITING)
        .values(state=OperationState.APPLIED, merged_in=op.id)
    )
    if in_force.rowcount and item.header.undoes is not None:
        mark_undone(connection, item.header.undoes, item.header.uid)


def _read_into(fields: _Fields, item: foreign.ForeignOperation, is_own: bool) -> None:
    for part in item.changes:
        row = (part.table_code, part.row)
        for name, (before, after) in part.as_change().fields().items():
            if name not in part.held:
                fields.put(row, name, after)
                if is_own or part.action == SETTLE:
                    fields.hold(row, name, False)
            elif is_own:
                if name not in fields.office.get(row, {}):
                    fields.put(row, name, before)
                fields.hold(row, name, True)


def _read_erasure(fields: _Fields, item: foreign.ForeignOperation) -> None:
    """Rows that were erased by law: what came before of them has no values any more, so they are made blank."""
    for code, uid, kept in item.header.args.get("rows", ()) if item.header.kind == erase.ERASE else ():
        row = (code, bytes.fromhex(uid))
        for name in BY_CODE[code].columns:
            fields.put(row, name, kept.get(name))


def _start_with_pending(connection: Connection, fields: _Fields) -> None:
    for row in connection.execute(select(pending_field)):
        key = (row.table_code, row.row_uid)
        fields.put(key, row.field, row.office_value)
        fields.hold(key, row.field, row.is_held)


# -- a new log after the office restored a backup ----------------------------------------------------------------


def _lost(
    context: Context, connection: Connection, operations: Sequence[foreign.ForeignOperation]
) -> list[tuple[int, Uid]]:
    """Foreign operations of the old log that the new one does not know."""
    kept = {item.header.uid for item in operations}
    rows = connection.execute(
        select(operation.c.id, operation.c.uid)
        .where(operation.c.device != context.device, operation.c.state == OperationState.APPLIED)
        .order_by(operation.c.id)
    ).all()
    return [(row.id, row.uid) for row in rows if row.uid not in kept]


def _take_back_lost(connection: Connection, fields: _Fields, lost: Sequence[tuple[int, Uid]]) -> None:
    for operation_id, uid in lost:
        for item in changes_of(connection, operation_id):
            row = (item.table_code, item.row)
            blank = demanded_fields(BY_CODE[item.table_code], item.row.hex())
            for name, (before, _) in item.fields().items() if item.action != SETTLE else ():
                if name not in fields.office.get(row, {}):
                    fields.put(row, name, blank.get(name) if before is None else before)
        mark_standing(connection, [uid])
        connection.execute(update(operation).where(operation.c.id == operation_id).values(state=OperationState.WAITING))


# -- deciding each field -----------------------------------------------------------------------------------------


def _note_office(context: Context, connection: Connection, manifest: Manifest, position: int) -> None:
    row = connection.execute(select(peer).where(peer.c.device == manifest.sender)).one()
    set_meta(connection, "office_position", [manifest.generation, position])
    if (manifest.generation, manifest.number) <= (row.their_generation, row.last_package):
        return
    has = manifest.has.get(context.device, {})
    connection.execute(
        update(peer)
        .where(peer.c.device == manifest.sender)
        .values(
            their_generation=manifest.generation,
            last_package=manifest.number,
            name=nfc(manifest.sender_name),
            acked_own={str(generation): last for generation, last in has.items()},
        )
    )


def outstanding(context: Context, connection: Connection) -> dict[Row, dict[str, Any]]:
    """Fields that this machine changed and the office has not taken in: row → field → value found before."""
    office = get_meta(connection, "office")
    acked = connection.execute(select(peer.c.acked_own).where(peer.c.device == office)).scalar() or {}
    rows = connection.execute(
        select(operation.c.id, operation.c.generation, operation.c.sequence)
        .where(operation.c.device == context.device, operation.c.generation > LOCAL_GENERATION)
        .order_by(operation.c.id)
    ).all()
    found: dict[Row, dict[str, Any]] = {}
    for row in rows:
        if row.sequence <= int(acked.get(str(row.generation), 0)):
            continue
        for item in changes_of(connection, row.id):
            names = found.setdefault((item.table_code, item.row), {})
            for name, (before, _) in item.fields().items():
                names.setdefault(name, before)
    return found


def _settle_fields(context: Context, op: Operation, fields: _Fields, progress: Progress) -> int:
    connection = op.connection
    mine = outstanding(context, connection)
    connection.execute(delete(pending_field))
    standing = read_many(op.writer, fields.order)
    wishes: list[Wish] = []
    conflicts = 0
    for index, row in enumerate(fields.order):
        if index % 500 == 0:
            progress.step(index, len(fields.order), "Đang ghi vào sổ")
        current = standing.get(row, {})
        wanted: dict[str, Any] = {}
        for name, value in fields.office[row].items():
            is_held = fields.held.get(row, {}).get(name, False)
            if equal(current.get(name), value):
                continue
            if name in mine.get(row, {}) or is_held:
                _mark_pending(connection, row, name, value, is_held)
                conflicts += 1
            else:
                wanted[name] = value
        if wanted:
            wishes.append((row, wanted))
    for row, name, value in write_wishes(op.writer, wishes, standing):
        _mark_pending(connection, row, name, value, False)
    return conflicts


def _mark_pending(connection: Connection, row: Row, name: str, value: Any, is_held: bool) -> None:
    connection.execute(
        insert(pending_field).values(table_code=row[0], row_uid=row[1], field=name, office_value=value, is_held=is_held)
    )


# -- withdrawing -------------------------------------------------------------------------------------------------


def _remember(connection: Connection) -> None:
    """Keep what a withdrawn merge must give back: position, acknowledgements, pending fields."""
    office = get_meta(connection, "office")
    row = connection.execute(select(peer).where(peer.c.device == office)).one()
    pending = [
        [item.table_code, item.row_uid.hex(), item.field, item.office_value, item.is_held]
        for item in connection.execute(select(pending_field))
    ]
    set_meta(
        connection,
        "before_merge",
        {
            "position": get_meta(connection, "office_position"),
            "their_generation": row.their_generation,
            "last_package": row.last_package,
            "acked_own": row.acked_own,
            "pending": pending,
        },
    )


def withdraw(op: Operation, merge_id: int, progress: Progress = NO_PROGRESS) -> None:
    """Take the newest merge back: rows, position and marks stand as before it; merging again applies it.

    Raises:
        UndoRefused: something was done since.
    """
    connection = op.connection
    newest = connection.execute(
        select(operation.c.id)
        .where(operation.c.id < op.id, operation.c.merged_in.is_(None))
        .order_by(operation.c.id.desc())
        .limit(1)
    ).scalar()
    before = get_meta(connection, "before_merge")
    if newest != merge_id or before is None:
        raise UndoRefused(
            "Chỉ rút lại được lần nhận gói mới nhất, khi chưa làm gì sau đó; chưa có gì bị thay đổi.",
            code="undo.not_newest",
        )
    writer = Writer(connection, op.id, op.writer.derivers, is_recording=False)
    apply_reversal(writer, reversal_of(connection, [merge_id], step=progress.step), step=progress.step)
    for table, ids in writer.touched.items():
        op.writer.touched.setdefault(table, set()).update(ids)
    _forget_merged(connection, merge_id)
    connection.execute(delete(pending_field))
    for code, uid, name, value, is_held in before["pending"]:
        _mark_pending(connection, (code, bytes.fromhex(uid)), name, value, is_held)
    set_meta(connection, "office_position", before["position"])
    office = get_meta(connection, "office")
    connection.execute(
        update(peer)
        .where(peer.c.device == office)
        .values({name: before[name] for name in ("their_generation", "last_package", "acked_own")})
    )
    set_meta(connection, "before_merge", None)


def _forget_merged(connection: Connection, merge_id: int) -> None:
    """The merged operations wait: they stand in the journal, but nothing of them is in force."""
    merged = (operation.c.merged_in == merge_id) & (operation.c.state == OperationState.APPLIED)
    uids = connection.execute(select(operation.c.uid).where(merged).order_by(operation.c.id.desc())).scalars().all()
    mark_standing(connection, uids)
    connection.execute(update(operation).where(merged).values(state=OperationState.WAITING))


def pending_of(connection: Connection, rows: Iterable[Row]) -> dict[Row, dict[str, Any]]:
    """Fields of these rows that wait for the office's decision, with the office's value."""
    found: dict[Row, dict[str, Any]] = {}
    for code, uid in rows:
        for item in connection.execute(
            select(pending_field.c.field, pending_field.c.office_value).where(
                pending_field.c.table_code == code, pending_field.c.row_uid == uid
            )
        ):
            found.setdefault((code, uid), {})[item.field] = item.office_value
    return found


__all__ = ["Outcome", "follow", "outstanding", "pending_of", "withdraw"]
