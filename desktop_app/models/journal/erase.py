"""Erasing one person's data by law: out of the rows, out of the journal's values, out of what the exchange remembers.

Invariants: the chain of hashes stands, because each erased change keeps its digest; the operation that erases names
in its arguments the rows and what stays of them (keys, dates of issue, numbers: nothing personal), so that carrying
it out again, here or on another machine, in any order, comes to the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.engine import Connection

from desktop_app.models.journal.chain import changes_of_rows
from desktop_app.models.journal.codec import Change, to_columns, to_fields
from desktop_app.models.journal.pack import unpack
from desktop_app.models.journal.writer import Writer
from desktop_app.models.tables import BY_CODE, SHARED
from desktop_app.models.tables.sync import conflict, pending_field
from desktop_app.models.tables.system import change, change_pack, change_value, meta, operation
from desktop_app.models.types import LearningModel, OperationState, Uid

ERASE = "citizen.erase"

_KEPT: dict[str, frozenset[str]] = {
    "citizen": frozenset(),
    "registration": frozenset({"assessment_round", "model", "subject", "kind"}),
    "assessment": frozenset({"assessment_round", "model", "subject", "criteria_set"}),
    "answer": frozenset({"assessment", "indicator"}),
    "evidence": frozenset({"assessment"}),
    "review": frozenset({"assessment"}),
    "organization_member": frozenset({"organization", "citizen"}),
    "residence": frozenset({"citizen"}),
    "site_account": frozenset({"assessment_round", "citizen"}),
    "former_title": frozenset({"model", "subject", "year"}),
    "second_entry": frozenset({"assessment"}),
    "objection": frozenset({"assessment"}),
    "distinct_pair": frozenset({"first", "second"}),
    "certificate": frozenset(
        {
            "present", "decision", "assessment", "model", "year", "subject", "sequence", "number", "issued_on",
            "status", "printed_count", "handed_over_on", "voided_on", "reissue_of",
        }
    ),
}  # fmt: skip
"""Table → fields that stay. Everything else of the row goes, and the row with it, except certificates: the register
book keeps its numbers (a number once given is never given again), without the name."""

ErasedRow = list[Any]
"""[table code, uid, fields that stay], as it stands in the operation's arguments."""


_WHO = """WITH RECURSIVE who (id, uid) AS (
SELECT id, uid FROM citizen WHERE uid = ?
UNION SELECT c.id, c.uid FROM citizen AS c JOIN who ON c.merged_into_id = who.id)
"""
"""The person, and the absent records that were merged into the person's."""


def person_rows(connection: Connection, citizen_uid: Uid) -> list[tuple[str, int]]:
    """(table, local key) of every row that is about one person alone, parents before children."""
    model = LearningModel.CITIZEN.value
    about = f"a.subject IN (SELECT uid FROM who) AND a.model = '{model}'"
    queries: list[tuple[str, str]] = [
        ("citizen", "SELECT id FROM who ORDER BY id"),
        *(
            (name, f"SELECT a.id FROM {name} AS a WHERE {about} ORDER BY a.id")
            for name in ("registration", "assessment", "former_title")
        ),
        *(
            (
                name,
                f"SELECT t.id FROM {name} AS t JOIN assessment AS a ON a.id = t.assessment_id WHERE {about} "
                "ORDER BY t.id",
            )
            for name in ("answer", "evidence", "review", "second_entry", "objection")
        ),
        *(
            (name, f"SELECT id FROM {name} WHERE citizen_id IN (SELECT id FROM who) ORDER BY id")
            for name in ("organization_member", "residence", "site_account")
        ),
        (
            "distinct_pair",
            "SELECT id FROM distinct_pair WHERE first_id IN (SELECT id FROM who) "
            "OR second_id IN (SELECT id FROM who) ORDER BY id",
        ),
        ("certificate", f"SELECT a.id FROM certificate AS a WHERE {about} ORDER BY a.id"),
    ]
    own = (bytes.fromhex(citizen_uid),)
    return [(name, row[0]) for name, query in queries for row in connection.exec_driver_sql(_WHO + query, own)]


def erased_rows(writer: Writer, rows: Sequence[tuple[str, int]]) -> list[ErasedRow]:
    """What the operation's arguments say of these rows: table, uid, and what stays of them."""
    found: list[ErasedRow] = []
    for name, row_id in rows:
        spec = SHARED[name]
        row = writer.connection.execute(select(spec.table).where(spec.table.c.id == row_id)).mappings().one()
        fields = to_fields(spec, dict(row), writer.references)
        kept = {field: fields[field] for field in sorted(_KEPT[name]) if fields[field] is not None}
        kept["present"] = bool(row["present"]) if "present" in _KEPT[name] else False
        found.append([spec.code, row["uid"], kept])
    return found


def carry_out(writer: Writer, rows: Iterable[ErasedRow]) -> int:
    """Blank these rows and erase their values wherever the file remembers them; returns erased changes.

    A row that this file never had is made, absent and blank, so that what refers to it finds it. Of a row that is
    here only what is personal goes: a certificate may have been handed over since.
    """
    uids: list[Uid] = []
    for code, uid, kept in rows:
        spec = BY_CODE[code]
        uids.append(uid)
        row_id = writer.references.id(spec.name, uid)
        if row_id is None:
            writer.insert(spec.table, {"present": False, **to_columns(spec, kept, writer.references)}, uid=uid)
            continue
        stays = _KEPT[spec.name]
        values: dict[str, Any] = {
            column.name: None for field, column in spec.columns.items() if field not in stays and field != "present"
        }
        if "present" not in stays:
            values["present"] = False
        writer.update(spec.table, row_id, values)
    _forget_in_exchange(writer.connection, uids)
    return erase_values(writer.connection, uids, is_meant=_is_personal)


def carry_out_all(writer: Writer) -> None:
    """Carry out every erasure that this file knows of, again: after packages brought older work on those people."""
    erasures = writer.connection.execute(
        select(operation.c.args).where(operation.c.kind == ERASE, operation.c.state != OperationState.WAITING)
    ).scalars()
    for args in erasures.all():
        try:
            carry_out(writer, args.get("rows", ()))
        except LookupError:
            continue  # a row that stays refers to one that has not come yet; the next package carries it out


def _is_personal(item: Change) -> bool:
    """Whether a change holds more than what stays of its row."""
    return bool(item.fields().keys() - _KEPT[BY_CODE[item.table_code].name] - {"present"})


def erase_values(
    connection: Connection, row_uids: Iterable[Uid], *, is_meant: Callable[[Change], bool] = lambda item: True
) -> int:
    """Erase what the journal remembers of these rows' values; the digests stay, so the chain stands.

    Also values of the operation at hand, which is sealed over the digests afterwards.

    Args:
        is_meant: which of their changes; all by default.

    Returns:
        How many changes lost their values.
    """
    erased = 0
    for found in _changes_with_values(connection, list(row_uids)):
        changes = [item for item in found if is_meant(item)]
        if not changes:
            continue
        digests = [{"key": item.id, "digest": item.check_value()} for item in changes]
        connection.execute(
            update(change).where(change.c.id == bindparam("key")).values(digest=bindparam("digest")), digests
        )
        connection.execute(delete(change_value).where(change_value.c.change_id.in_([item.id for item in changes])))
        erased += len(changes)
    return erased


def count_values(connection: Connection, row_uids: Sequence[Uid]) -> int:
    """How many changes hold personal values of these rows."""
    found = changes_of_rows(connection, [bytes.fromhex(uid) for uid in row_uids])
    return sum(1 for _, item in found if item.payload is not None and _is_personal(item))


def _changes_with_values(connection: Connection, row_uids: Sequence[Uid]) -> Iterator[list[Change]]:
    for start in range(0, len(row_uids), 400):
        chunk = [bytes.fromhex(uid) for uid in row_uids[start : start + 400]]
        for operation_id in connection.execute(_packed_of(chunk)).scalars().all():
            unpack(connection, operation_id)
        yield [item for _, item in changes_of_rows(connection, chunk) if item.payload is not None]


def _packed_of(rows: Sequence[bytes]) -> Any:
    return (
        select(change_pack.c.operation_id)
        .join(change, change.c.operation_id == change_pack.c.operation_id)
        .where(change.c.row_uid.in_(rows))
        .distinct()
    )


def _forget_in_exchange(connection: Connection, uids: Sequence[Uid]) -> None:
    """Disagreements keep that they were, not their values; fields that waited for the office wait no more."""
    rows = [bytes.fromhex(uid) for uid in uids]
    for start in range(0, len(rows), 400):
        chunk = rows[start : start + 400]
        about = conflict.c.row_uid.in_(chunk)
        connection.execute(
            update(conflict)
            .where(about)
            .values(
                base=None,
                mine=None,
                theirs=None,
                seen=None,
                status=func.replace(conflict.c.status, "open", "withdrawn"),
            )
        )
        connection.execute(delete(pending_field).where(pending_field.c.row_uid.in_(chunk)))
    before = connection.execute(select(meta.c.value).where(meta.c.key == "before_merge")).scalar()
    if before and before.get("pending"):
        gone = set(uids)
        kept = {**before, "pending": [item for item in before["pending"] if item[1] not in gone]}
        connection.execute(update(meta).where(meta.c.key == "before_merge").values(value=kept))


def holds_open_conflict(connection: Connection, uids: Sequence[Uid]) -> bool:
    """Whether the inbox waits for a decision on one of these rows."""
    query = """
    SELECT 1 FROM conflict WHERE status = 'open' AND lower(hex(row_uid)) IN (SELECT value FROM json_each(?)) LIMIT 1"""
    return connection.exec_driver_sql(query, (json.dumps(list(uids)),)).first() is not None
