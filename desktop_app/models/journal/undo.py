"""Taking an operation back: its changes reversed as a new operation, or refused with reasons.

Invariant: nothing that came later is overwritten; a row that later work hangs on is not taken away.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from desktop_app.models.errors import UserError
from desktop_app.models.journal import steps
from desktop_app.models.journal.bulk import made_rows, other_changes, pointing_at
from desktop_app.models.journal.chain import changes_of
from desktop_app.models.journal.closed import closed_rounds, is_of_people, years_of, years_text
from desktop_app.models.journal.codec import CREATE, SETTLE, Change, References, content_of, equal, to_columns
from desktop_app.models.journal.kinds import kind_of
from desktop_app.models.journal.rows import read_rows_by_uid
from desktop_app.models.journal.steps import LOOKING, SEALING, WRITING, Step, silent
from desktop_app.models.journal.unique import gives_free
from desktop_app.models.journal.writer import Writer
from desktop_app.models.tables import BY_CODE, SHARED
from desktop_app.models.tables.sync import held_field
from desktop_app.models.tables.system import change, operation
from desktop_app.models.types import LearningModel, Uid, UndoClass

SUBJECT_TABLES = {
    LearningModel.CITIZEN: "citizen",
    LearningModel.FAMILY: "household",
    LearningModel.CLAN: "clan",
    LearningModel.COMMUNITY: "hamlet",
    LearningModel.ORGANIZATION: "organization",
    LearningModel.COMMUNE: "commune",
}
"""Which table a model's subjects stand in."""


@dataclass(frozen=True)
class Reversal:
    """What to write so that an operation is taken back.

    Attributes:
        fields: table → row uid → field → value.
        rows: the rows of ``fields`` as they stand, by table and uid.
        made: rows that simply go away, being many: table → local keys.
    """

    fields: dict[str, dict[Uid, dict[str, Any]]]
    rows: dict[str, dict[Uid, dict[str, Any]]]
    made: dict[str, list[int]] = dataclasses.field(default_factory=dict)


class UndoRefused(UserError):
    """Later work stands on what should be taken back. ``later`` are the uids of those operations, newest first."""

    code = "undo.refused"

    def __init__(self, message: str, later: tuple[Uid, ...] = (), *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.later = later


def reversal_of(
    connection: Connection, operation_ids: Iterable[int], *, is_withdrawal: bool = False, step: Step = silent
) -> Reversal:
    """Work out how to take operations back (given newest first), checking every field against what stands now.

    Args:
        is_withdrawal: the operations will be applied again, so rows that they made go away as they were first made.
        step: is told how many changes were looked at.

    Raises:
        UndoRefused: a field was changed since, a removed row is referred to, the work is of a round that was closed
            since, or all values were erased by law (of an operation over many rows the erased ones stay erased and the
            others are taken back).
    """
    ids = list(operation_ids)
    step(0, 0, LOOKING)
    made = made_rows(connection, ids[0]) if len(ids) == 1 and not is_withdrawal else {}
    if made:
        changes = other_changes(connection, ids[0], made)[::-1]
    else:
        changes = [item for operation_id in ids for item in reversed(list(changes_of(connection, operation_id)))]
    if not made and changes and all(item.payload is None for item in changes):
        raise UndoRefused(
            "Không hoàn tác được: dữ liệu của thao tác này đã được xóa theo yêu cầu của người dân.", code="undo.erased"
        )
    plain = sum(map(len, made.values()))
    total = plain + len(changes)
    step(plain, total, LOOKING)
    plan = _Plan(_held(connection, ids), _Current(connection, changes), is_withdrawal)
    for at, item in enumerate(changes, start=plain):
        if at % steps.PIECE == 0:
            step(at, total, LOOKING)
        if item.payload is None or item.action == SETTLE:
            continue
        if not (plan.take_creation(item) if item.action == CREATE else plan.take_update(item)):
            raise _changed_since(connection, item, ids)
    gone = {table: list(rows) for table, rows in made.items()}
    removed = {table: list(keys) for table, keys in gone.items()}
    for table, uids in plan.removed().items():
        rows = plan.current.rows[table]
        removed.setdefault(table, []).extend(rows[uid]["id"] for uid in uids if uid in rows)
    _refuse_if_referred(connection, removed, plan.fields, ids)
    _refuse_if_target_absent(connection, plan.fields)
    _refuse_if_parent_absent(connection, plan.fields, plan.current.rows)
    _refuse_if_number_taken(connection, plan.fields)
    _refuse_if_recognised(connection, plan.fields, gone)
    _refuse_if_closed(connection, plan, gone, ids)
    return Reversal(plan.fields, plan.current.rows, gone)


class _Plan:
    """The fields to set, gathered change by change from the newest to the oldest."""

    def __init__(self, held: set[tuple[int, str]], current: _Current, is_withdrawal: bool) -> None:
        self._held = held
        self._is_withdrawal = is_withdrawal
        self._held_changes = {change_id for change_id, _ in held}
        self.current = current
        self.fields: dict[str, dict[Uid, dict[str, Any]]] = {}

    def take_creation(self, item: Change) -> bool:
        """A made row goes away with its last values, so that it can be read in the journal and brought back.

        Returns:
            False where any of its fields is not what it was made with.
        """
        spec, uid = BY_CODE[item.table_code], item.row.hex()
        content: dict[str, Any] = content_of(item.payload or "{}")
        here = self.current.row(spec.name, uid)
        if here is None:
            return False
        if not self._stands_as_made(item, spec.name, uid, here, content):
            return False
        self.current.set(spec.name, uid, "present", False)
        rows = self.fields.setdefault(spec.name, {})
        rows[uid] = {**rows.get(uid, {}), "present": False} if self._is_withdrawal else {"present": False}
        return True

    def _stands_as_made(
        self, item: Change, table: str, uid: Uid, here: dict[str, Any], content: dict[str, Any]
    ) -> bool:
        """Whether every field is what the row was made with, as far as newer changes were taken back already."""
        current, is_held = self.current, item.id in self._held_changes
        if current.known_fields(table, uid, here) == {"present": True, **content}:
            return True
        for name in SHARED[table].columns:
            value = current.of(here, table, uid, name)
            made = content.get(name, True if name == "present" else None)
            if value != made and not equal(value, made) and not (is_held and (item.id, name) in self._held):
                return False
        return True

    def take_update(self, item: Change) -> bool:
        """Fields go back to what they were; False where one is not what the change left."""
        table, uid = BY_CODE[item.table_code].name, item.row.hex()
        here = self.current.row(table, uid) or {}
        for name, (before, after) in item.fields().items():
            if (item.id, name) in self._held:
                continue
            if not equal(self.current.of(here, table, uid, name), after):
                return False
            self.current.set(table, uid, name, before)
            self.fields.setdefault(table, {}).setdefault(uid, {})[name] = before
        return True

    def removed(self) -> dict[str, set[Uid]]:
        """Rows that go away, by table."""
        found = {
            table: {uid for uid, values in rows.items() if values.get("present", True) in (False, None)}
            for table, rows in self.fields.items()
        }
        return {table: uids for table, uids in found.items() if uids}


def apply_reversal(writer: Writer, reversal: Reversal, *, step: Step = silent) -> None:
    """Write a reversal through the journal's writer; rows that give a unique number free come before the others."""
    total = sum(map(len, reversal.made.values())) + sum(map(len, reversal.fields.values()))
    done = 0
    for table_name, keys in reversal.made.items():
        for start in range(0, len(keys), steps.PIECE):
            step(done + start, total, WRITING)
            writer.remove_many(SHARED[table_name].table, keys[start : start + steps.PIECE])
        done += len(keys)
    for table_name, rows in reversal.fields.items():
        spec = SHARED[table_name]
        for field_name, target in spec.refs.items():
            writer.references.learn_many(
                target, (fields[field_name] for fields in rows.values() if fields.get(field_name))
            )
        stands = reversal.rows[table_name]
        uids = sorted(rows, key=lambda uid: not gives_free(table_name, rows[uid]))
        for start in range(0, len(uids), steps.PIECE):
            step(done + start, total, WRITING)
            piece = uids[start : start + steps.PIECE]
            values_by_id = {stands[uid]["id"]: to_columns(spec, rows[uid], writer.references) for uid in piece}
            writer.update_many(spec.table, values_by_id, {stands[uid]["id"]: stands[uid] for uid in piece})
        done += len(uids)
    step(done, total, SEALING)


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
        wanted: dict[str, dict[Uid, None]] = {}
        for item in changes:
            wanted.setdefault(BY_CODE[item.table_code].name, {})[item.row.hex()] = None
        self._references = References(connection)
        self.rows: dict[str, dict[Uid, dict[str, Any]]] = {}
        self._set: dict[tuple[str, Uid], dict[str, Any]] = {}
        self._columns = {
            name: {field: (column, target) for column, field, target in SHARED[name].plan} for name in wanted
        }
        for name, uids in wanted.items():
            spec = SHARED[name]
            rows = self.rows[name] = {row["uid"]: row for row in read_rows_by_uid(connection, name, uids)}
            for field, target in spec.refs.items():
                column = spec.columns[field].name
                self._references.learn_ids(target, (row[column] for row in rows.values() if row[column] is not None))

    def row(self, table: str, uid: Uid) -> dict[str, Any] | None:
        """The row's columns as they stand in the file."""
        return self.rows[table].get(uid)

    def of(self, row: dict[str, Any], table: str, uid: Uid, name: str) -> Any:
        """A field of a row, as far as it was taken back already."""
        if self._set:
            taken = self._set.get((table, uid))
            if taken is not None and name in taken:
                return taken[name]
        known = self._columns[table].get(name)
        if known is None:
            return None
        column, target = known
        value = row.get(column)
        return value if target is None or value is None else self._references.uid(target, value)

    def known_fields(self, table: str, uid: Uid, row: dict[str, Any]) -> dict[str, Any]:
        """Every field of a row that is not blank, quickly; nothing of a row of which fields were taken back."""
        if (table, uid) in self._set:
            return {}
        uid_of = self._references.uid
        found = {}
        for column, field, target in SHARED[table].plan:
            value = row[column]
            if value is not None:
                found[field] = value if target is None else uid_of(target, value)
        return found

    def set(self, table: str, uid: Uid, name: str, value: Any) -> None:
        self._set.setdefault((table, uid), {})[name] = value


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
        + _way_out(connection, later),
        later,
    )


def _way_out(connection: Connection, later: tuple[Uid, ...]) -> str:
    """What a person can do about later work: undo it, or void it where it is of a kind that is only voided."""
    kinds = connection.execute(select(operation.c.kind).where(operation.c.uid.in_(later))).scalars()
    if all(kind_of(kind).undo is UndoClass.UNDOABLE for kind in kinds):
        return "Hãy hoàn tác thao tác mới hơn trước."
    return (
        "Thao tác mới hơn thuộc loại chỉ hủy được, không hoàn tác được (như công nhận, cấp giấy): "
        "muốn sửa, hãy hủy giấy công nhận kèm lý do trước."
    )


def referrers(table_name: str) -> Iterator[tuple[Table, Any]]:
    """Every (table, reference column) that may point at a row of ``table_name``."""
    for spec in SHARED.values():
        for field_name, target in spec.refs.items():
            if target == table_name:
                yield spec.table, spec.columns[field_name]


def _refuse_if_referred(
    connection: Connection,
    removed: dict[str, list[int]],
    fields: dict[str, dict[Uid, dict[str, Any]]],
    ids: list[int],
) -> None:
    for table_name, keys in removed.items():
        for referring, column in referrers(table_name):
            field_name = column.name.removesuffix("_id")
            mended = fields.get(referring.name, {})
            besides = removed.get(referring.name, ())
            for row in pointing_at(connection, referring.name, column.name, keys, besides):
                if field_name not in mended.get(row.hex(), {}):
                    raise _still_used(connection, row, ids)
        _refuse_if_subject(connection, table_name, keys, removed, ids)


def _refuse_if_subject(
    connection: Connection, table_name: str, keys: list[int], removed: dict[str, list[int]], ids: list[int]
) -> None:
    models = [model.value for model, name in SUBJECT_TABLES.items() if name == table_name]
    for name in ("certificate", "assessment", "registration") if models else ():
        columns = "uid, number" if name == "certificate" else "uid"
        query = (
            f"SELECT {columns} FROM {name} WHERE present = 1 AND model = ? AND subject IN "
            f'(SELECT t.uid FROM json_each(?) AS k CROSS JOIN "{table_name}" AS t ON t.id = k.value) '
            f"AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY {'sequence' if name == 'certificate' else 'id'}"
        )
        arguments = (models[0], json.dumps(keys), json.dumps(removed.get(name, [])))
        for uid, *number in connection.exec_driver_sql(query, arguments):
            if number:
                raise UndoRefused(
                    f"Không hoàn tác được vì trong đó có người hoặc đơn vị đã được cấp giấy công nhận số {number[0]}; "
                    "số đã vào sổ thì người được cấp phải còn trong sổ, kể cả khi giấy đã hủy. Chưa có gì bị thay đổi. "
                    "Nếu chỉ nhầm những người khác, hãy xóa riêng những người ấy.",
                    _operations_of(connection, uid, ids),
                    code="undo.recognised",
                )
            raise _still_used(connection, uid, ids)


def _refuse_if_number_taken(connection: Connection, fields: dict[str, dict[Uid, dict[str, Any]]]) -> None:
    """A CCCD that comes back must not have found another holder since."""
    rows = fields.get("citizen", {})
    back = [uid for uid, values in rows.items() if values.get("cccd") or values.get("present")]
    query = """
    SELECT other.uid, c.uid FROM json_each(?) AS k CROSS JOIN citizen AS c ON c.uid = unhex(k.value)
    CROSS JOIN citizen AS other ON other.cccd = coalesce(json_extract(?, '$.' || k.value), c.cccd)
    WHERE other.present = 1 AND other.id <> c.id"""
    numbers = json.dumps({uid: rows[uid]["cccd"] for uid in back if rows[uid].get("cccd")})
    for other, own in connection.exec_driver_sql(query, (json.dumps(back), numbers)):
        if not rows[own.hex()].get("present", True) or ("cccd" in rows[own.hex()] and not rows[own.hex()]["cccd"]):
            continue
        elsewhere = rows.get(other.hex(), {})
        if elsewhere.get("present", True) and "cccd" not in elsewhere:
            raise UndoRefused(
                "Không hoàn tác được vì số CCCD sẽ trở lại nay đã ghi cho người khác; chưa có gì bị thay đổi. "
                "Hãy sửa số CCCD của người kia trước.",
                code="undo.number_taken",
            )


_FORMS = """
WITH form AS (
SELECT t.assessment_id AS id FROM json_each(?) AS k CROSS JOIN answer AS t ON t.uid = unhex(k.value)
UNION SELECT t.assessment_id FROM json_each(?) AS k CROSS JOIN answer AS t ON t.id = k.value
UNION SELECT t.id FROM json_each(?) AS k CROSS JOIN assessment AS t ON t.uid = unhex(k.value)
UNION SELECT value FROM json_each(?))
SELECT a.uid FROM form CROSS JOIN assessment AS a ON a.id = form.id WHERE a.present = 1 AND a.status = 'recognised'"""
"""Recognised forms of answers by uid, of answers by key, and among forms by uid and by key."""


def _refuse_if_recognised(
    connection: Connection, fields: dict[str, dict[Uid, dict[str, Any]]], made: dict[str, list[int]]
) -> None:
    """What was decided on stays as it was judged, unless the recognition itself goes back with it."""
    answers, forms = fields.get("answer", {}), fields.get("assessment", {})
    wanted = (list(answers), made.get("answer", []), list(forms), made.get("assessment", []))
    rows = connection.exec_driver_sql(_FORMS, tuple(map(json.dumps, wanted))).all()
    closed = [row[0] for row in rows if not {"status", "present"} & forms.get(row[0].hex(), {}).keys()]
    if closed:
        later = (
            select(operation.c.uid)
            .join(change, change.c.operation_id == operation.c.id)
            .where(change.c.row_uid == closed[0], operation.c.kind == "recognise")
            .order_by(operation.c.id.desc())
        )
        raise UndoRefused(
            "Không hoàn tác được vì phiếu đã được công nhận; điểm và kết quả vẫn giữ nguyên. "
            "Muốn sửa, phải hủy giấy công nhận kèm lý do trước.",
            tuple(connection.execute(later).scalars()),
            code="undo.recognised",
        )


def _refuse_if_closed(connection: Connection, plan: _Plan, made: dict[str, list[int]], ids: list[int]) -> None:
    """A closed round keeps what it holds, unless it is opened again by the same reversal."""
    closed = closed_rounds(connection)
    kinds = connection.execute(select(operation.c.kind).where(operation.c.id.in_(ids[:2]))).scalars().all()
    if not closed or (len(ids) == 1 and all(map(is_of_people, kinds))):
        return
    for uid, fields in plan.fields.get("assessment_round", {}).items():
        if fields.get("status", "closed") != "closed":
            closed.pop(plan.current.rows["assessment_round"][uid]["id"], None)
    rows = {table: list(keys) for table, keys in made.items()}
    for table, uids in plan.fields.items():
        standing = plan.current.rows[table]
        rows.setdefault(table, []).extend(
            standing[uid]["id"] for uid, fields in uids.items() if fields.keys() != {"subject"} and uid in standing
        )
    years = years_of(connection, rows, closed)
    if years:
        text = years_text(years)
        raise UndoRefused(
            f"Không hoàn tác được vì đợt {text} đã khóa; điểm, đăng ký và kết quả của đợt vẫn giữ nguyên. Nếu thật sự "
            f"cần, hãy mở lại đợt {text} ở màn hình Đợt đánh giá (Ctrl+Shift+K) rồi hoàn tác.",
            code="undo.round_closed",
        )


def _operations_of(connection: Connection, row: bytes, besides: list[int]) -> tuple[Uid, ...]:
    """The operations that wrote a row, newest first."""
    query = (
        select(operation.c.uid)
        .join(change, change.c.operation_id == operation.c.id)
        .where(change.c.row_uid == row, operation.c.id.not_in(besides))
        .order_by(operation.c.id.desc())
    )
    return tuple(connection.execute(query).scalars())


def _still_used(connection: Connection, row: bytes, ids: list[int]) -> UndoRefused:
    later = _operations_of(connection, row, ids)
    return UndoRefused(
        "Không hoàn tác được vì dữ liệu làm sau đó còn dựa vào những gì thao tác này đã tạo; chưa có gì bị thay đổi. "
        + _way_out(connection, later),
        later,
    )


def _refuse_if_target_absent(connection: Connection, fields: dict[str, dict[Uid, dict[str, Any]]]) -> None:
    """What comes back must not point at a row that was removed since."""
    for table_name, rows in fields.items():
        for field_name, target_name in SHARED[table_name].refs.items():
            wanted = {values[field_name] for values in rows.values() if values.get(field_name)}
            query = (
                f'SELECT t.uid FROM json_each(?) AS k CROSS JOIN "{target_name}" AS t ON t.uid = unhex(k.value) '
                "WHERE t.present = 0"
            )
            for row in connection.exec_driver_sql(query, (json.dumps(list(wanted)),)) if wanted else ():
                if not fields.get(target_name, {}).get(row[0].hex(), {}).get("present"):
                    raise _target_absent()


_PARENTS = {"answer": "assessment", "evidence": "assessment", "review": "assessment", "citizen": "household"}
"""Tables whose present rows stand nowhere without a present parent: table → field and table of the parent."""


def _refuse_if_parent_absent(
    connection: Connection,
    fields: dict[str, dict[Uid, dict[str, Any]]],
    standing: dict[str, dict[Uid, dict[str, Any]]],
) -> None:
    """A row that comes back as it stands must find its parent, or bring it along."""
    for table_name, parent in _PARENTS.items():
        back = {
            standing[table_name][uid][f"{parent}_id"]
            for uid, values in fields.get(table_name, {}).items()
            if values.get("present") and parent not in values
        }
        query = f'SELECT uid FROM "{parent}" WHERE present = 0 AND id IN (SELECT value FROM json_each(?))'
        for row in connection.exec_driver_sql(query, (json.dumps(list(back)),)) if back else ():
            if not fields.get(parent, {}).get(row[0].hex(), {}).get("present"):
                raise _target_absent()


def _target_absent() -> UndoRefused:
    return UndoRefused(
        "Không hoàn tác được vì dữ liệu mà thao tác này dựa vào đã bị xóa; chưa có gì bị thay đổi. "
        "Hãy khôi phục dữ liệu đó trước.",
    )
