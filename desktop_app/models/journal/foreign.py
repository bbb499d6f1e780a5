"""Operations of other machines: kept word for word, checked against their chain, applied by the authority.

Invariants: an operation is stored once; it is applied after its predecessor of the same stream; where the present
value is neither what it found nor what it left, the field is *held* and goes to the inbox with both values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from desktop_app.models.journal.blank import blank_values, ensure_rows, ensure_targets, is_blank
from desktop_app.models.journal.chain import Header, changes_of, hash_of, previous_hash
from desktop_app.models.journal.codec import CREATE, SETTLE, Change, composed, content_of, equal, to_columns, to_fields
from desktop_app.models.journal.pack import pack
from desktop_app.models.journal.unique import UniqueKey, keys_of
from desktop_app.models.journal.writer import Writer
from desktop_app.models.tables import BY_CODE, SharedTable, new_uid
from desktop_app.models.tables.sync import conflict, held_field
from desktop_app.models.tables.system import change, operation
from desktop_app.models.types import OperationState, Uid

Reserves = Callable[[str, Change], bool]
"""Whether a change of a row of that table is only proposed by its author: it waits for who has the say."""


def nothing(_table: str, _item: Change) -> bool:
    """Everything is its author's to change."""
    return False


class TamperedError(Exception):
    """An operation's hash does not follow from its content and its predecessor."""


@dataclass(frozen=True, slots=True)
class ForeignChange:
    """A change as it travels; ``held`` are the fields that the office did not apply."""

    table_code: int
    row: bytes
    action: int
    salt: bytes | None
    payload: str | None
    digest: bytes | None
    held: tuple[str, ...] = ()

    def as_change(self) -> Change:
        return Change(0, self.table_code, self.row, self.action, self.salt, self.payload, self.digest)


@dataclass(frozen=True, slots=True)
class ForeignOperation:
    """A sealed operation as it travels; ``position`` is its place in the office's log."""

    header: Header
    hash: bytes
    changes: tuple[ForeignChange, ...]
    position: int | None = None

    def without_held(self) -> ForeignOperation:
        """As its author made it: what is held is decided by who applies it, also when the author had it back."""
        return replace(self, changes=tuple(replace(item, held=()) if item.held else item for item in self.changes))


@dataclass(slots=True)
class Applied:
    """What applying did: fields written, fields that were so already, fields held for the inbox."""

    written: int = 0
    already: list[tuple[int, str]] = field(default_factory=list)
    held: list[tuple[int, str, str, Any, Any, Any]] = field(default_factory=list)
    """(change id, field, reason, base, mine, theirs)"""


def store(connection: Connection, foreign: ForeignOperation, merged_in: int | None) -> int:
    """Keep an operation as waiting; returns its local key.

    Raises:
        TamperedError: its hash does not follow from its content (checked as far as the predecessor is here), or
            another operation stands in its place.
    """
    header = foreign.header
    check(connection, foreign)
    _refuse_second(connection, header)
    result = connection.execute(
        insert(operation).values(
            uid=header.uid, device=header.device, generation=header.generation, sequence=header.sequence,
            author=header.author, kind=header.kind, args=header.args, at=header.at, undoes=header.undoes,
            merged_in=merged_in, state=OperationState.WAITING, hash=foreign.hash,
        )
    )  # fmt: skip
    key = result.inserted_primary_key
    assert key is not None
    first = (connection.execute(select(change.c.id).order_by(change.c.id.desc()).limit(1)).scalar() or 0) + 1
    heads: list[tuple[object, ...]] = []
    bodies: list[tuple[object, ...]] = []
    held: list[tuple[int, str]] = []
    for change_id, item in enumerate(foreign.changes, start=first):
        heads.append((change_id, key[0], item.table_code, item.row, item.action, item.digest))
        if item.payload is not None:
            bodies.append((change_id, item.salt, item.payload))
        held.extend((change_id, name) for name in item.held)
    if heads:
        connection.exec_driver_sql(
            "INSERT INTO change (id, operation_id, table_code, row_uid, action, digest) VALUES (?, ?, ?, ?, ?, ?)",
            heads,
        )
    if bodies:
        connection.exec_driver_sql("INSERT INTO change_value (change_id, salt, payload) VALUES (?, ?, ?)", bodies)
    if held:
        connection.exec_driver_sql("INSERT INTO held_field (change_id, field) VALUES (?, ?)", held)
    pack(connection, key[0])
    return int(key[0])


def _refuse_second(connection: Connection, header: Header) -> None:
    place = (operation.c.device == header.device) & (operation.c.generation == header.generation)
    if connection.execute(
        select(operation.c.id).where(
            (operation.c.uid == header.uid) | (place & (operation.c.sequence == header.sequence))
        )
    ).first():
        raise TamperedError(header.uid)


def check(connection: Connection, foreign: ForeignOperation) -> None:
    """Compare the hash with the content; silent where the predecessor has not arrived yet.

    Raises:
        TamperedError: they do not agree.
    """
    header = foreign.header
    previous = previous_hash(connection, header.device, header.generation, header.sequence)
    if previous is None:
        return
    digests = (item.as_change().check_value() for item in foreign.changes)
    if hash_of(previous, header, digests) != foreign.hash:
        raise TamperedError(header.uid)


def load(connection: Connection, operation_id: int) -> ForeignOperation:
    """An operation of this file as it travels."""
    row = connection.execute(select(operation).where(operation.c.id == operation_id)).one()
    held: dict[int, list[str]] = {}
    for change_id, name in connection.execute(
        select(held_field.c.change_id, held_field.c.field)
        .join(change, change.c.id == held_field.c.change_id)
        .where(change.c.operation_id == operation_id, held_field.c.is_already.is_(False))
    ):
        held.setdefault(change_id, []).append(name)
    changes = tuple(
        ForeignChange(
            item.table_code, item.row, item.action, item.salt, item.payload, item.digest, tuple(held.get(item.id, ()))
        )
        for item in changes_of(connection, operation_id)
    )
    return ForeignOperation(Header.of(row), row.hash, changes)


def apply_as_authority(writer: Writer, operation_id: int, reserves: Reserves = nothing) -> Applied:
    """Apply a stored operation field by field (compare and set); what disagrees is held and listed.

    Args:
        reserves: what its author may only propose to change: what differs there is held for a decision.
    """
    applied = Applied()
    for (code, action), run in groupby(
        changes_of(writer.connection, operation_id), key=lambda item: (item.table_code, item.action)
    ):
        items = [item for item in run if item.payload is not None]
        if action == SETTLE or not items:
            continue
        spec = BY_CODE[code]
        writer.references.learn_many(spec.name, (item.row.hex() for item in items))
        held = [reserves(spec.name, item) for item in items]
        if action == CREATE and not any(held) and _is_all_new(writer, spec, items):
            _create_many(writer, spec, items)
            applied.written += len(items)
        else:
            for item, is_reserved in zip(items, held, strict=True):
                _apply_change(writer, spec, item, applied, is_reserved)
    marks = [{"change_id": item[0], "field": item[1], "is_already": False} for item in applied.held]
    marks += [{"change_id": item[0], "field": item[1], "is_already": True} for item in applied.already]
    if marks:
        writer.connection.execute(insert(held_field), marks)
    return applied


def _is_all_new(writer: Writer, spec: SharedTable, items: Sequence[Change]) -> bool:
    if any(writer.references.id(spec.name, item.row.hex()) is not None for item in items):
        return False
    if len({item.row for item in items}) < len(items):
        return False
    for key in keys_of(spec.name):
        made = ({"present": True, **content_of(item.payload or "{}")} for item in items)
        taken = [values for fields in made if (values := key.values_of(fields)) is not None]
        if key.is_taken(writer.connection, taken):
            return False
    return True


def _create_many(writer: Writer, spec: SharedTable, items: Sequence[Change]) -> None:
    contents = [content_of(item.payload or "{}") for item in items]
    for name, target in spec.refs.items():
        writer.references.learn_many(target, (c[name] for c in contents if c.get(name)))
        ensure_rows(writer, target, dict.fromkeys(c[name] for c in contents if c.get(name)))
    rows = [to_columns(spec, content, writer.references) for content in contents]
    writer.insert_many(spec.table, rows, uids=[item.row.hex() for item in items])


def _apply_change(writer: Writer, spec: SharedTable, item: Change, applied: Applied, is_reserved: bool = False) -> None:
    uid = item.row.hex()
    row_id = writer.references.id(spec.name, uid)
    current = read_fields(writer, spec, row_id)
    wanted: dict[str, Any] = {}
    for name, (before, after) in item.fields().items():
        mine = composed(current.get(name))
        if not current.get("present"):
            mine, before = (None if is_blank(spec, name, value) else value for value in (mine, before))
        if equal(mine, after):
            applied.already.append((item.id, name))
        elif equal(mine, before):
            wanted[name] = after
        else:
            applied.held.append((item.id, name, "differs", before, mine, after))
    for key in keys_of(spec.name):
        _hold_taken(writer, key, row_id, current, wanted, item, applied)
    if is_reserved:
        _hold_reserved(row_id, current, wanted, item, applied)
    if not wanted:
        return
    applied.written += len(wanted)
    write_fields(writer, spec, uid, row_id, wanted)


def _hold_taken(
    writer: Writer,
    key: UniqueKey,
    row_id: int | None,
    current: dict[str, Any],
    wanted: dict[str, Any],
    item: Change,
    applied: Applied,
) -> None:
    """What stands once only (a CCCD, a register number) stays where it is: the second goes to the inbox."""
    if not key.touching & wanted.keys() or key.owner(writer.connection, {**current, **wanted}, row_id) is None:
        return
    for name in key.to_hold(wanted):
        before, after = item.fields()[name]
        applied.held.append((item.id, name, "unique", before, current.get(name), after))
        del wanted[name]


def _hold_reserved(
    row_id: int | None, current: dict[str, Any], wanted: dict[str, Any], item: Change, applied: Applied
) -> None:
    """What only the office may decide: a new row is made but absent, a changed field keeps its value."""
    fields = item.fields()
    for name in ["present"] if row_id is None else list(wanted):
        if name in wanted:
            before, after = fields[name]
            applied.held.append((item.id, name, "reserved", before, current.get(name), after))
            del wanted[name]


def read_fields(writer: Writer, spec: SharedTable, row_id: int | None) -> dict[str, Any]:
    """The present fields of a row; empty where there is none."""
    if row_id is None:
        return {}
    row = writer.connection.execute(select(spec.table).where(spec.table.c.id == row_id)).mappings().one()
    return to_fields(spec, dict(row), writer.references)


def write_fields(writer: Writer, spec: SharedTable, uid: Uid, row_id: int | None, fields: dict[str, Any]) -> int:
    """Set fields of a row, making it where it is not, and what it refers to as well; returns its key."""
    ensure_targets(writer, spec, fields)
    values = to_columns(spec, fields, writer.references)
    if row_id is None:
        return writer.insert(spec.table, {**blank_values(writer, spec, uid), **values}, uid=uid)
    writer.update(spec.table, row_id, values)
    return row_id


# -- the inbox ---------------------------------------------------------------------------------------------------


def note_conflicts(connection: Connection, operation_id: int, applied: Applied, now: int) -> int:
    """Put what was held into the inbox, following up an open disagreement of the same machine; returns how many."""
    if not applied.held:
        return 0
    head = connection.execute(select(operation).where(operation.c.id == operation_id)).one()
    for change_id, name, reason, base, mine, theirs in applied.held:
        item = connection.execute(select(change).where(change.c.id == change_id)).one()
        key = (
            (conflict.c.table_code == item.table_code)
            & (conflict.c.row_uid == item.row_uid)
            & (conflict.c.field == name)
            & (conflict.c.device == head.device)
            & (conflict.c.status == "open")
        )
        found = connection.execute(select(conflict).where(key)).first()
        if found is not None:
            seen = merged_values(found.seen, [mine, theirs])
            connection.execute(
                update(conflict)
                .where(conflict.c.id == found.id)
                .values(mine=mine, theirs=theirs, seen=seen, operation_uid=head.uid, reason=reason)
            )
            continue
        connection.execute(
            insert(conflict).values(
                uid=new_uid(), table_code=item.table_code, row_uid=item.row_uid, field=name, device=head.device,
                operation_uid=head.uid, reason=reason, base=base, mine=mine, theirs=theirs,
                seen=merged_values([], [mine, theirs]), at=now, status="open",
            )
        )  # fmt: skip
    return len(applied.held)


def close_agreed(connection: Connection, operation_id: int, applied: Applied) -> None:
    """An open disagreement ends when a later operation of that machine comes to what stands here."""
    if not applied.already:
        return
    head = connection.execute(select(operation.c.uid, operation.c.device).where(operation.c.id == operation_id)).one()
    is_open = (conflict.c.device == head.device) & (conflict.c.status == "open")
    if connection.execute(select(conflict.c.id).where(is_open).limit(1)).first() is None:
        return
    for change_id, name in applied.already:
        item = connection.execute(select(change.c.table_code, change.c.row_uid).where(change.c.id == change_id)).one()
        connection.execute(
            update(conflict)
            .where(is_open, conflict.c.table_code == item.table_code, conflict.c.row_uid == item.row_uid)
            .where(conflict.c.field == name)
            .values(status="agreed", settled_by=head.uid)
        )


def merged_values(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """Both lists as one without repeats, in order."""
    result: list[Any] = []
    for value in [*first, *second]:
        if not any(equal(value, other) for other in result):
            result.append(value)
    return result


def forget_conflicts(connection: Connection, operation_uids: Sequence[Uid]) -> None:
    """A merge was withdrawn: its open disagreements wait with it, those that it ended are open again."""
    connection.execute(
        update(conflict)
        .where(conflict.c.settled_by.in_(operation_uids), conflict.c.status == "agreed")
        .values(status="open", settled_by=None)
    )
    connection.execute(
        update(conflict)
        .where(conflict.c.operation_uid.in_(operation_uids), conflict.c.status == "open")
        .values(status="withdrawn")
    )


def stored_uids(connection: Connection, uids: Sequence[Uid]) -> set[Uid]:
    """Which of these operations this file holds already."""
    found: set[Uid] = set()
    for start in range(0, len(uids), 500):
        chunk = uids[start : start + 500]
        found.update(connection.execute(select(operation.c.uid).where(operation.c.uid.in_(chunk))).scalars())
    return found


def waiting(connection: Connection, device: Uid) -> Iterator[tuple[int, int, int]]:
    """(generation, sequence, local key) of a device's waiting operations, in order."""
    rows = connection.execute(
        select(operation.c.generation, operation.c.sequence, operation.c.id)
        .where(operation.c.device == device, operation.c.state == OperationState.WAITING)
        .order_by(operation.c.generation, operation.c.sequence)
    ).all()
    for row in rows:
        yield row.generation, row.sequence, row.id


__all__ = [
    "Applied",
    "ForeignChange",
    "ForeignOperation",
    "TamperedError",
    "apply_as_authority",
    "close_agreed",
    "load",
    "note_conflicts",
    "store",
]
