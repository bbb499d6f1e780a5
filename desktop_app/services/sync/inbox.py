"""The conflict inbox of the office: both values side by side, settled once and told to every machine.

Invariant: what is settled goes out as an operation that names every value of the disagreement and the one kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select, update

from desktop_app.models.journal import Writer, foreign
from desktop_app.models.journal.codec import to_columns
from desktop_app.models.journal.unique import keys_of
from desktop_app.models.tables import BY_CODE, SharedTable
from desktop_app.models.tables.sync import conflict, peer
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.moves.mend import mend_households
from desktop_app.services.sync.wording import ConflictText, described

Keep = Literal["mine", "theirs"]


@dataclass(frozen=True)
class Conflict:
    """One field on which this register and another machine disagree.

    Attributes:
        uid: of the disagreement.
        table, row, field: where; ``row`` is the row's uid.
        base: what the other machine had found; ``mine`` stands here now, ``theirs`` stands there.
        reason: ``differs``, ``unique`` (the number stands at another person already), or ``reserved`` (only the office
            decides such a thing).
        device, device_name: the other machine.
        operation: the other machine's operation.
        at: when it was seen, ms since 1970, UTC.
    """

    uid: Uid
    table: str
    row: Uid
    field: str
    base: Any
    mine: Any
    theirs: Any
    reason: str
    device: Uid
    device_name: str
    operation: Uid
    at: int


def conflicts(context: Context) -> list[Conflict]:
    """The open disagreements, oldest first; ``mine`` is what stands in the register now."""
    with context.read() as connection:
        rows = connection.execute(
            select(conflict, peer.c.name)
            .outerjoin(peer, peer.c.device == conflict.c.device)
            .where(conflict.c.status == "open")
            .order_by(conflict.c.id)
        ).all()
        reader = Writer(connection, 0, context.journal.derivers, is_recording=False)
        found = []
        for row in rows:
            spec = BY_CODE[row.table_code]
            row_id = reader.references.id(spec.name, row.row_uid.hex())
            mine = foreign.read_fields(reader, spec, row_id).get(row.field)
            found.append(
                Conflict(
                    row.uid, spec.name, row.row_uid.hex(), row.field, row.base, mine, row.theirs, row.reason,
                    row.device, row.name or "", row.operation_uid, row.at,
                )
            )  # fmt: skip
    return found


def described_conflicts(context: Context) -> list[ConflictText]:
    """The open disagreements in words, oldest first; CCCD and phone masked."""
    return described(context, conflicts(context))


def settle(context: Context, uids: Sequence[Uid], keep: Keep) -> Uid:
    """Settle disagreements: keep what stands here, or take the other machine's value.

    Returns:
        The uid of the operation that tells every machine.

    Raises:
        UserError: unknown or settled already.
    """
    with context.operation("conflict.settle", {"count": len(uids)}) as op:
        for uid in uids:
            row = op.connection.execute(
                select(conflict).where(conflict.c.uid == uid, conflict.c.status == "open")
            ).first()
            if row is None:
                raise UserError(
                    "Chỗ khác nhau này đã được phân xử hoặc không còn; chưa có gì thay đổi. Hãy nạp lại danh sách.",
                    code="conflict.unknown",
                )
            _settle_one(op.writer, row, keep)
            op.connection.execute(
                update(conflict).where(conflict.c.id == row.id).values(status="settled", kept=keep, settled_by=op.uid)
            )
        op.is_kept = True
    mend_households(context)
    return op.uid


def _settle_one(writer: Writer, row: Any, keep: Keep) -> None:
    spec = BY_CODE[row.table_code]
    row_id = writer.references.id(spec.name, row.row_uid.hex())
    if row_id is None:
        row_id = foreign.write_fields(writer, spec, row.row_uid.hex(), None, {"present": False})
    mine = foreign.read_fields(writer, spec, row_id).get(row.field)
    kept = mine if keep == "mine" else row.theirs
    if keep == "theirs":
        _free_taken(writer, spec, row_id, {row.field: kept})
        writer.update(spec.table, row_id, to_columns(spec, {row.field: kept}, writer.references))
    seen = foreign.merged_values(row.seen, [mine, row.theirs])
    writer.settle(spec.table, row_id, row.field, seen, kept)


def _free_taken(writer: Writer, spec: SharedTable, row_id: int, fields: dict[str, Any]) -> None:
    """Another row that has what stands once only gives it up: the office decided whose it is."""
    standing = {**foreign.read_fields(writer, spec, row_id), **fields}
    for key in keys_of(spec.name):
        owner = key.owner(writer.connection, standing, row_id) if key.touching & fields.keys() else None
        if owner is not None:
            owner_id = writer.references.id(spec.name, owner)
            assert owner_id is not None
            writer.update(spec.table, owner_id, {key.held: None})
