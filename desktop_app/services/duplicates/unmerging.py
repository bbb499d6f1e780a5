"""Taking a merge of two records back long after: the absorbed person returns with what was his and still is as it was.

Undo of the deed takes all or nothing back and is refused once something stands on it; this takes back what it can.
Invariants: nothing that was written after the merge is overwritten; a form, a title or a membership goes back whole or
stays whole with the survivor, and what stays is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.journal.chain import changes_of, changes_of_rows
from desktop_app.models.journal.codec import CREATE, Change, equal, to_columns, to_fields
from desktop_app.models.journal.undo import referrers
from desktop_app.models.tables import BY_CODE, SHARED
from desktop_app.models.tables.registry import citizen
from desktop_app.models.tables.system import operation
from desktop_app.models.types import Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.duplicates.carrying import carry
from desktop_app.services.duplicates.forms import Side, write_distinct
from desktop_app.services.errors import UserError
from desktop_app.services.history import field_label

Key = tuple[str, Uid]
"""Table and uid of a row."""


@dataclass(frozen=True)
class Unmerged:
    """What was taken back.

    Attributes:
        notes: what stays with the survivor and why.
    """

    person: Uid
    survivor: Uid
    operation: Uid
    notes: tuple[str, ...]


def unmerge(context: Context, absorbed: Uid, *, are_two: bool = True) -> Unmerged:
    """Bring an absorbed record back, with what was its own and was not changed since.

    Args:
        are_two: also remember that the two are not one, so that they are not proposed again.

    Raises:
        UserError: the record was not absorbed (``unmerge.unknown``), the journal does not hold its merge
            (``unmerge.no_journal``), or its values were erased by law (``unmerge.erased``).
    """
    with context.operation("citizen.unmerge") as op:
        gone = op.connection.execute(select(citizen).where(citizen.c.uid == absorbed)).mappings().first()
        if gone is None or gone["present"] or gone["merged_into_id"] is None:
            raise UserError(
                "Hồ sơ này không phải hồ sơ đã gộp, hoặc đã được tách lại; chưa có gì bị thay đổi. Hãy nạp lại.",
                code="unmerge.unknown",
            )
        survivor = op.writer.references.uid("citizen", gone["merged_into_id"])
        op.args.update(subject=subject_of("citizen", survivor), other=subject_of("citizen", absorbed))
        changes = _changes_of_merge(op.connection, absorbed)
        notes = _Return(op, changes, Side(gone["merged_into_id"], survivor), Side(gone["id"], absorbed)).run()
        if are_two:
            write_distinct(op, Side(gone["merged_into_id"], survivor), Side(gone["id"], absorbed))
        notes += carry(op)
    return Unmerged(absorbed, survivor, op.uid, notes)


def _changes_of_merge(connection: Connection, absorbed: Uid) -> list[Change]:
    """The changes of the newest merge that absorbed this record; of many merged together, this pair's part.

    A machine that follows an office holds the merge's effect a second time, in the operation of the package that
    brought it; only the merge itself tells what belongs to it.
    """
    code = SHARED["citizen"].code
    touching = {
        operation_id: None
        for operation_id, item in changes_of_rows(connection, [bytes.fromhex(absorbed)])
        if item.table_code == code and item.fields().get("merged_into", (None, None))[1]
    }
    query = select(operation.c.id, operation.c.kind, operation.c.args).where(
        operation.c.id.in_(list(touching)), operation.c.kind.in_(_MERGES)
    )
    found = connection.execute(query.order_by(operation.c.id.desc())).first()
    if found is None:
        raise UserError(
            "Nhật ký của sổ này không giữ lần gộp ấy nên không tách lại được; chưa có gì bị thay đổi. "
            "Hãy tách ở máy đã gộp, hoặc thêm lại người đó.",
            code="unmerge.no_journal",
        )
    changes = list(changes_of(connection, found.id))
    for _, gone, start, end in found.args.get("pairs", ()):
        if gone == absorbed:
            changes = changes[start:end]
    if any(item.payload is None for item in changes):
        raise UserError(
            "Không tách lại được: dữ liệu của lần gộp ấy đã được xóa theo yêu cầu của người dân.", code="unmerge.erased"
        )
    return changes


_MERGES = ("citizen.merge", "citizen.merge_many", "undo.citizen.unmerge")
"""Kinds by which a record is absorbed."""


class _Return:
    """Reverses a merge unit by unit; a unit is what must go together."""

    def __init__(self, op: Operation, changes: Sequence[Change], kept: Side, gone: Side) -> None:
        self._op, self._connection, self._writer = op, op.connection, op.writer
        self._changes = changes
        self._kept, self._gone = kept, gone
        self._notes: list[str] = []
        self._rows = {(BY_CODE[c.table_code].name, c.row.hex()) for c in changes}

    def run(self) -> tuple[str, ...]:
        units: dict[tuple[str, ...], list[Change]] = {}
        for item in self._changes:
            units.setdefault(self._unit(item), []).append(item)
        own = units.pop(("self",), [])
        for key, items in units.items():
            if key[0] == "field":
                self._return_fields(items)
            elif not self._return_unit(items):
                self._notes.append(self._stays(key))
        self._return_person(own)
        return tuple(self._notes)

    # -- units ---------------------------------------------------------------------------------------------------

    def _unit(self, item: Change) -> tuple[str, ...]:
        table, uid = BY_CODE[item.table_code].name, item.row.hex()
        if table == "citizen":
            return ("self",) if uid == self._gone.uid else ("field", table, uid)
        if table == "household":
            return ("field", table, uid)
        fields = self._fields(table, uid)
        if table in ("registration", "assessment"):
            return "round", str(self._year(fields["assessment_round"]))
        if table in ("answer", "evidence", "review"):
            form = self._fields("assessment", fields["assessment"])
            return "round", str(self._year(form["assessment_round"]))
        if table == "certificate":
            return "round", str(fields["year"])
        if table == "organization_member":
            return "organization", fields["organization"]
        return "row", table, uid

    def _return_unit(self, items: Sequence[Change]) -> bool:
        """Set every field of a unit back; False, and nothing is written, where one of them is another now."""
        wanted: dict[Key, dict[str, Any]] = {}
        for item in reversed(items):
            key = BY_CODE[item.table_code].name, item.row.hex()
            now = {**self._fields(*key), **wanted.get(key, {})}
            if item.action == CREATE and self._is_used(key):
                return False
            for name, (before, after) in item.fields().items():
                if not equal(now.get(name), after):
                    return False
                is_made = item.action == CREATE
                if not is_made or name == "present":
                    wanted.setdefault(key, {})[name] = before
        for key, fields in wanted.items():
            self._write(key, fields)
        return True

    def _is_used(self, key: Key) -> bool:
        """Does a row that the merge did not write hang on this one: evidence or an answer given since?"""
        table, uid = key
        row_id = self._writer.references.id(table, uid)
        for referring, column in referrers(table):
            query = select(referring.c.uid).where(column == row_id, referring.c.present)
            if any((referring.name, found) not in self._rows for found in self._connection.execute(query).scalars()):
                return True
        return False

    def _return_fields(self, items: Sequence[Change]) -> None:
        """Fields of the survivor and of households, each by itself."""
        for item in reversed(items):
            key = BY_CODE[item.table_code].name, item.row.hex()
            now = self._fields(*key)
            back = {name: before for name, (before, after) in item.fields().items() if equal(now.get(name), after)}
            kept = [name for name in item.fields() if name not in back]
            self._write(key, back)
            if kept:
                words = ", ".join(field_label(key[0], name).lower() for name in kept)
                self._notes.append(f"Giữ như đã sửa sau khi gộp: {words}.")

    def _return_person(self, items: Sequence[Change]) -> None:
        """The record itself, with a number and a household only where these are still free and there."""
        fields: dict[str, Any] = {"present": True, "merged_into": None}
        for item in items:
            others = {name: before for name, (before, _) in item.fields().items() if name not in fields}
            fields.update(others)
        row = self._connection.execute(select(citizen).where(citizen.c.id == self._gone.id)).mappings().one()
        if row["cccd"] is not None:
            holder = select(citizen.c.id).where(citizen.c.cccd == row["cccd"], citizen.c.present)
            if self._connection.execute(holder).first() is not None:
                fields["cccd"] = None
                self._notes.append("Số CCCD cũ nay đã ghi cho người khác nên để trống.")
        if row["household_id"] is not None:
            self._bring_back_home(row["household_id"])
        self._write(("citizen", self._gone.uid), fields)

    def _bring_back_home(self, household_id: int) -> None:
        """The household that went with its last double stands in the register again."""
        table = SHARED["household"].table
        if self._writer.update(table, household_id, {"present": True}):
            self._notes.append("Hộ cũ đã bỏ khỏi sổ nay có lại; hãy xem lại hộ này.")

    # -- inside --------------------------------------------------------------------------------------------------

    def _stays(self, key: tuple[str, ...]) -> str:
        if key[0] == "round":
            return f"Phiếu và giấy của năm {key[1]} đã thay đổi sau khi gộp nên ở lại với hồ sơ kia."
        if key[0] == "organization":
            return "Một tư cách thành viên đã thay đổi sau khi gộp nên ở lại với hồ sơ kia."
        return "Một phần đã thay đổi sau khi gộp nên ở lại với hồ sơ kia."

    def _fields(self, table: str, uid: Uid) -> dict[str, Any]:
        spec = SHARED[table]
        row = self._connection.execute(select(spec.table).where(spec.table.c.uid == uid)).mappings().first()
        return to_fields(spec, dict(row), self._writer.references) if row is not None else {}

    def _year(self, round_uid: Uid) -> int:
        return int(self._fields("assessment_round", round_uid)["year"])

    def _write(self, key: Key, fields: Mapping[str, Any]) -> None:
        if not fields:
            return
        spec = SHARED[key[0]]
        row_id = self._writer.references.id(*key)
        assert row_id is not None
        self._writer.update(spec.table, row_id, to_columns(spec, fields, self._writer.references))
