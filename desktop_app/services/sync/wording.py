"""Disagreements between machines in words: whose record, which field, what stands here and there, and why it waits.

Invariant: reads only; CCCD and phone are masked; names come from the rows as they stand now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Writer, foreign
from desktop_app.models.journal.unique import keys_of
from desktop_app.models.tables import BY_CODE, SHARED
from desktop_app.models.tables.sync import pending_field
from desktop_app.models.tables.system import operation
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.history import field_label, table_word
from desktop_app.services.history.rendering import Names, value_text

if TYPE_CHECKING:
    from desktop_app.services.sync.inbox import Conflict

NOTHING = "(trống)"
RESERVED = "Việc này chỉ cơ quan quyết định; nhận hay không là do cơ quan."


@dataclass(frozen=True)
class ConflictText:
    """A disagreement in words.

    Attributes:
        what: name of the table: "Công dân".
        subject: name of the record.
        label: name of the field.
        before: what the other machine had found.
        mine, theirs: what stands here, and there.
        author: who changed it there.
        changed_at: when it was changed there, ms since 1970.
        note: why it cannot simply be taken, where values alone do not say it.
    """

    uid: Uid
    table: str
    row: Uid
    what: str
    subject: str
    label: str
    before: str
    mine: str
    theirs: str
    device_name: str
    author: str
    changed_at: int
    note: str = ""


@dataclass(frozen=True)
class PendingText:
    """A field on which a volunteer's machine and its office differ.

    Attributes:
        is_with_office: the office has this machine's value in its inbox; else it has not been sent yet.
    """

    table: str
    row: Uid
    what: str
    subject: str
    label: str
    mine: str
    office: str
    is_with_office: bool


def described(context: Context, found: Sequence[Conflict]) -> list[ConflictText]:
    """Disagreements in words, in their order."""
    with context.read() as connection:
        names = Names(connection)
        return [_described(connection, names, item) for item in found]


def described_pending(context: Context) -> list[PendingText]:
    """What waits for the office's decision on this machine, in words."""
    with context.read() as connection:
        names = Names(connection)
        return list(_pending(context, connection, names))


def _described(connection: Connection, names: Names, item: Conflict) -> ConflictText:
    head = connection.execute(
        select(operation.c.author, operation.c.at).where(operation.c.uid == item.operation)
    ).first()
    return ConflictText(
        item.uid,
        item.table,
        item.row,
        table_word(item.table),
        _subject(connection, names, item.table, item.row),
        field_label(item.table, item.field),
        _value(names, item.table, item.field, item.base),
        _value(names, item.table, item.field, item.mine),
        _value(names, item.table, item.field, item.theirs),
        item.device_name,
        names.of("user", head.author) if head is not None and head.author else "",
        head.at if head is not None else item.at,
        _note(connection, names, item),
    )


def _pending(context: Context, connection: Connection, names: Names) -> Iterator[PendingText]:
    reader = Writer(connection, 0, context.journal.derivers, is_recording=False)
    for row in connection.execute(select(pending_field).order_by(pending_field.c.table_code, pending_field.c.row_uid)):
        spec = BY_CODE[row.table_code]
        uid = row.row_uid.hex()
        mine = foreign.read_fields(reader, spec, reader.references.id(spec.name, uid)).get(row.field)
        yield PendingText(
            spec.name,
            uid,
            table_word(spec.name),
            _subject(connection, names, spec.name, uid),
            field_label(spec.name, row.field),
            _value(names, spec.name, row.field, mine),
            _value(names, spec.name, row.field, row.office_value),
            bool(row.is_held),
        )


def _subject(connection: Connection, names: Names, table: str, uid: Uid) -> str:
    """The record's name; an answer's is who was assessed and the indicator's number, a certificate's has whose."""
    name = names.of(table, uid)
    if table == "certificate":
        column = SHARED[table].table.c
        whose = connection.execute(select(column.recipient).where(column.uid == uid)).scalar()
        return " · ".join(part for part in (name, whose) if part)
    if table != "answer":
        return name
    spec = SHARED[table].table
    assessment_id = connection.execute(select(spec.c.assessment_id).where(spec.c.uid == uid)).scalar()
    who = names.by_id("assessment", assessment_id)
    return f"{who} · {name}" if who else name


def _value(names: Names, table: str, field: str, value: Any) -> str:
    return value_text(names, table, field, value) or NOTHING


def _note(connection: Connection, names: Names, item: Conflict) -> str:
    if item.reason == "reserved":
        return RESERVED
    if item.reason != "unique":
        return ""
    spec = SHARED[item.table]
    row = connection.execute(select(spec.table).where(spec.table.c.uid == item.row)).mappings().first()
    fields = {**(row or {}), item.field: item.theirs}
    for key in keys_of(item.table):
        owner = key.owner(connection, fields, row["id"] if row is not None else None)
        if owner is not None:
            name = _subject(connection, names, item.table, owner)
            return _TAKEN.get(item.table, _TAKEN_ANY).format(name=name)
    return ""


_TAKEN = {
    "citizen": "Số CCCD này đang ghi ở {name}; nếu lấy theo máy kia, {name} sẽ để trống số CCCD.",
    "certificate": (
        "Số vào sổ này đã cấp cho giấy {name}; nếu lấy theo máy kia, giấy {name} sẽ để trống số vào sổ. Giấy nào không "
        "được giữ số thì cấp lại để có số mới."
    ),
}
_TAKEN_ANY = "Số này đang ghi ở {name}; nếu lấy theo máy kia, {name} sẽ để trống."
