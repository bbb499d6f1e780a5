"""Putting a person's form into a batch: what speaks against it is said first, in one sentence, and nothing is lost.

Invariants: a form stands in one batch at most, once; it is filled by the set of its batch; a form with answers never
changes its set silently. The deed is the person's own ("Chấm phiếu của …"), the same that its answers belong to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables import assessment as tables
from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import OpenForm, ensure_form, load_form, require_writable
from desktop_app.services.assessment.groups import group_name
from desktop_app.services.context import Context, subject_of
from desktop_app.services.criteria.office import OfficeSet, office_set
from desktop_app.services.errors import UserError
from desktop_app.services.keying.batches import find_batch, require_open_batch
from desktop_app.services.keying.control import n
from desktop_app.services.keying.records import CLOSED, BatchRecord, KeyedRow
from desktop_app.services.keying.sheet import read_rows
from desktop_app.services.raw import all_rows, one_row


@dataclass(frozen=True, slots=True)
class Standing:
    """What must be known before a person's form is put into a batch.

    Args:
        name: of whom it is.
        refusal: why it cannot be put there at all; empty when it can.
        is_here: it stands in this batch already.
        question: what a person must answer first; empty when nothing is asked.
        answer: the words of "yes" to the question.
        takes_over, changes_group: what "yes" means, to be given to ``place``.
    """

    name: str
    refusal: str = ""
    is_here: bool = False
    question: str = ""
    answer: str = ""
    takes_over: bool = False
    changes_group: bool = False


def look(context: Context, batch_uid: Uid, subject: Uid) -> Standing:
    """How a subject stands to a batch; nothing is written."""
    with context.read() as connection:
        batch = find_batch(connection, batch_uid)
        model = batch.cover.model
        name = _name(connection, model, subject)
        try:
            require_open_batch(connection, batch_uid)
            form, used = _form(connection, batch, subject)
            require_writable(form)
        except UserError as error:
            return Standing(name, refusal=f"{name}: {error.message}")
        other = _elsewhere(connection, batch, subject)
        if other is not None and other.is_here:
            return _already_here(name, other)
        wrong = _wrong_version(form, used, name)
        if wrong:
            return Standing(name, refusal=wrong)
        if other is not None and other.is_closed:
            return Standing(name, refusal=f"{other.says(name)} Tập ấy đã đóng; muốn sửa, hãy mở lại tập ấy trước.")
        return _asked(name, other, _other_group(connection, batch, form))


def place(
    context: Context, batch_uid: Uid, subject: Uid, *, takes_over: bool = False, changes_group: bool = False
) -> KeyedRow:
    """Put a form into a batch as its last row, with who collected it and when.

    Args:
        takes_over: a form that was begun elsewhere in this round goes on here.
        changes_group: the register's group of this person becomes the batch's.

    Raises:
        UserError: ``place.here``, ``place.elsewhere``, ``place.other_group``, ``place.other_version``, and what
            ``answers.require_writable`` and ``require_open_batch`` refuse; nothing is written then.
    """
    with context.read() as connection:
        batch = find_batch(connection, batch_uid)
    model = batch.cover.model
    with context.sitting("answer.form", sitting_args(model, subject, batch.year)) as op:
        row = require_open_batch(op.connection, batch_uid)
        form, used = _form(op.connection, batch, subject)
        require_writable(form)
        name = _name(op.connection, model, subject)
        _refuse(op.connection, batch, form, used, name, takes_over=takes_over, changes_group=changes_group)
        _take_group(op, batch, form)
        form_id = form.assessment_id
        is_old = form_id is not None and form.used.id != used.id
        form.used = used
        form_id = ensure_form(op.writer, form)
        op.writer.references.learn("batch", row["id"], batch_uid)
        values: dict[str, Any] = {
            "batch_id": row["id"],
            "batch_order": _next_order(op.connection, row["id"]),
            "assessor": batch.cover.collector or None,
            "assessed_on": batch.cover.collected_on,
        }
        if is_old:
            values["criteria_set_id"] = used.id
        op.writer.update(tables.assessment, form_id, values)
        return read_rows(op.connection, batch, used.definition, subject)[0]


def remove_row(context: Context, batch_uid: Uid, subject: Uid, *, clears: bool = False) -> None:
    """Take a form out of its batch; its answers stay unless ``clears``. A form that never got an answer goes whole.

    Raises:
        UserError: ``batch.unknown``, ``batch.closed``, ``round.closed``, ``answer.recognised`` for clearing.
    """
    with context.read() as connection:
        batch = find_batch(connection, batch_uid)
    args = sitting_args(batch.cover.model, subject, batch.year)
    with context.operation("assessment.clear" if clears else "answer.form", args) as op:
        row = require_open_batch(op.connection, batch_uid)
        form = load_form(op.connection, batch.cover.model, subject, batch.year)
        if form.assessment_id is None or _batch_of(op.connection, form.assessment_id) != row["id"]:
            return
        if clears:
            require_writable(form)
        op.writer.update(tables.assessment, form.assessment_id, {"batch_id": None, "batch_order": None})
        standing = {row_id: {"value": None} for row_id, value, _ in form.answers.values() if value is not None}
        if clears and standing:
            op.writer.update_many(tables.answer, standing)
            standing = {}
        if not standing and not form.is_recognised and not _has_more(op.connection, form.assessment_id):
            _remove_form(op, form)


def sitting_args(model: LearningModel, subject: Uid, year: int) -> dict[str, Any]:
    """Arguments of the deed that all of one person's answers belong to, in the grid and in the guided form alike."""
    return {"subject": subject_of(keys.subject_table(model), subject), "model": model.value, "year": year}


# -- inside ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Where a form of this round stands already."""

    is_here: bool
    is_closed: bool
    batch: str
    order: int
    assessor: str
    assessed_on: str
    keyed_by: str
    keyed_at: dt.datetime | None
    total: float
    answered: int

    def says(self, name: str) -> str:
        """ "Lê Thị Mai đã có phiếu trong đợt này: 10 ô, tổng 87 điểm; ở tập Thôn 3 · tập 1; …" """
        parts = [f"{self.answered} ô đã ghi, tổng {n(self.total)}"]
        if self.batch and not self.is_here:
            parts.append(f"trong tập “{self.batch}”")
        if self.assessor:
            day = f" ngày {dt.date.fromisoformat(self.assessed_on):%d/%m/%Y}" if self.assessed_on else ""
            parts.append(f"người thu {self.assessor}{day}")
        if self.keyed_at is not None:
            by = f"{self.keyed_by} " if self.keyed_by else ""
            parts.append(f"{by}ghi lúc {self.keyed_at:%H:%M ngày %d/%m/%Y}")
        where = f"đã có ở dòng {self.order} của tập này" if self.is_here else "đã có phiếu trong đợt này"
        return f"{name} {where}: {'; '.join(parts)}."


def _already_here(name: str, other: _Elsewhere) -> Standing:
    return Standing(name, is_here=True, question=other.says(name), answer=f"Sửa tiếp dòng {other.order}")


def _asked(name: str, other: _Elsewhere | None, group: str) -> Standing:
    """Both questions in one, so that it is answered once."""
    if other is None and not group:
        return Standing(name)
    said = [] if other is None else [other.says(name)]
    if group:
        said.append(f"{name}: {group}" if other is None else group[:1].upper() + group[1:])
    if other is None:
        answer = "Đổi nhóm và nhập"
    else:
        answer = "Chuyển sang tập này và sửa tiếp" if other.batch else "Sửa tiếp phiếu ấy"
    return Standing(
        name,
        question=" ".join(said),
        answer=answer,
        takes_over=other is not None,
        changes_group=bool(group),
    )


def _form(connection: Connection, batch: BatchRecord, subject: Uid) -> tuple[OpenForm, OfficeSet]:
    used = office_set(connection, batch.set_uid)
    return load_form(connection, batch.cover.model, subject, batch.year), used


def _name(connection: Connection, model: LearningModel, subject: Uid) -> str:
    from desktop_app.services.assessment.subjects import SOURCES

    source = SOURCES[model]
    row = one_row(
        connection,
        f"SELECT {source.name} FROM {keys.subject_table(model)} s {source.joins} WHERE s.uid = ?",
        (bytes.fromhex(subject),),
    )
    return (row[0] if row else "") or "Người này"


def _refuse(
    connection: Connection,
    batch: BatchRecord,
    form: OpenForm,
    used: OfficeSet,
    name: str,
    *,
    takes_over: bool,
    changes_group: bool,
) -> None:
    other = _elsewhere(connection, batch, form.subject)
    if other is not None and other.is_here:
        raise UserError(f"{other.says(name)} Chưa ghi thêm gì.", code="place.here")
    wrong = _wrong_version(form, used, name)
    if wrong:
        raise UserError(wrong, code="place.other_version")
    if other is not None and (not takes_over or other.is_closed):
        raise UserError(f"{other.says(name)} Chưa ghi thêm gì.", code="place.elsewhere")
    group = _other_group(connection, batch, form)
    if group and not changes_group:
        raise UserError(f"{name}: {group} Chưa ghi gì.", code="place.other_group")


def _wrong_version(form: OpenForm, used: OfficeSet, name: str) -> str:
    """A form with answers of another version of the same criteria."""
    theirs, ours = form.used.definition, used.definition
    is_same = form.used.id == used.id or theirs.group is not ours.group
    if is_same or form.assessment_id is None or not form.values:
        return ""
    return (
        f"Phiếu của {name} đã chấm theo “{theirs.name}” bản {theirs.version}, còn tập này dùng “{ours.name}” bản "
        f"{ours.version}; {len(form.values)} ô đã ghi vẫn giữ nguyên. Hãy để phiếu này cho tập của bản kia, hoặc sửa ở "
        "màn hình Đánh giá."
    )


def _other_group(connection: Connection, batch: BatchRecord, form: OpenForm) -> str:
    """What to ask where the register has another group than the forms of this batch; empty when it is the same or
    nobody has chosen one yet."""
    if batch.cover.model is not LearningModel.CITIZEN:
        return ""
    stored = _stored_group(connection, form)
    if stored is None or stored is batch.cover.group:
        return ""
    kept = f" ({len(form.values)} ô đã ghi theo nhóm cũ được giữ riêng)" if form.values else ""
    return (
        f"sổ ghi nhóm “{group_name(stored)}”, tập này là phiếu của nhóm “{group_name(batch.cover.group)}”; nhập vào "
        f"đây sẽ đổi nhóm trong sổ{kept}."
    )


def _stored_group(connection: Connection, form: OpenForm) -> CitizenGroup | None:
    row = one_row(connection, "SELECT citizen_group FROM citizen WHERE id = ?", (form.subject_id,))
    return CitizenGroup(row[0]) if row and row[0] else None


def _take_group(op: Operation, batch: BatchRecord, form: OpenForm) -> None:
    """The paper says which form this person filled."""
    group = batch.cover.group if batch.cover.model is LearningModel.CITIZEN else None
    if group is not None and _stored_group(op.connection, form) is not group:
        op.writer.update(registry.citizen, form.subject_id, {"citizen_group": group.value})


_ELSEWHERE = """
SELECT b.uid, b.status, b.name, a.batch_order, a.assessor, a.assessed_on, a.total, a.answered, a.uid
FROM assessment a LEFT JOIN batch b ON b.id = a.batch_id AND b.present WHERE a.uid = ? AND a.present"""
_KEYED = """
SELECT u.name, o.at FROM change c JOIN operation o ON o.id = c.operation_id LEFT JOIN user u ON u.uid = o.author
WHERE c.row_uid = ? ORDER BY c.id DESC LIMIT 1"""


def _elsewhere(connection: Connection, batch: BatchRecord, subject: Uid) -> _Elsewhere | None:
    uid = keys.assessment_uid(batch.year, batch.cover.model, subject)
    row = one_row(connection, _ELSEWHERE, (bytes.fromhex(uid),))
    if row is None:
        return None
    of, status, name, order, assessor, assessed_on, total, answered, row_uid = row
    is_here = of is not None and of.hex() == batch.uid
    if not is_here and not answered and of is None:
        return None
    keyed = one_row(connection, _KEYED, (row_uid,))
    return _Elsewhere(
        is_here=is_here,
        is_closed=status == CLOSED,
        batch=name or "",
        order=_place(connection, batch, order) if is_here else order or 0,
        assessor=assessor or "",
        assessed_on=assessed_on or "",
        keyed_by=(keyed[0] or "") if keyed else "",
        keyed_at=dt.datetime.fromtimestamp(keyed[1] / 1000) if keyed and keyed[1] else None,
        total=total or 0,
        answered=answered or 0,
    )


def _place(connection: Connection, batch: BatchRecord, order: int | None) -> int:
    """The line of the grid that a place in the stack is shown on."""
    row = one_row(
        connection,
        "SELECT count(*) FROM assessment a JOIN batch b ON b.id = a.batch_id "
        "WHERE b.uid = ? AND a.present AND a.batch_order <= ?",
        (bytes.fromhex(batch.uid), order or 0),
    )
    return int(row[0]) if row else 0


def _next_order(connection: Connection, batch_id: int) -> int:
    row = one_row(connection, "SELECT max(batch_order) FROM assessment WHERE batch_id = ?", (batch_id,))
    return int(row[0] or 0) + 1 if row else 1


def _batch_of(connection: Connection, assessment_id: int) -> int | None:
    row = one_row(connection, "SELECT batch_id FROM assessment WHERE id = ?", (assessment_id,))
    return row[0] if row else None


def _has_more(connection: Connection, assessment_id: int) -> bool:
    """Evidence or a review hangs on the form, so it stays even when it is empty."""
    for table in ("evidence", "review", "objection", "second_entry"):
        query = f"SELECT 1 FROM {table} WHERE assessment_id = ? AND present LIMIT 1"
        if one_row(connection, query, (assessment_id,)) is not None:
            return True
    return False


_MADE = """
SELECT g.id FROM registration g JOIN change c ON c.row_uid = g.uid AND c.action = 1
JOIN change d ON d.operation_id = c.operation_id AND d.row_uid = ? AND d.action = 1 WHERE g.uid = ? AND g.present"""


def _remove_form(op: Operation, form: OpenForm) -> None:
    """An empty form goes, and with it the registration that was only made for it."""
    assert form.assessment_id is not None
    uid = keys.assessment_uid(form.round.year, form.model, form.subject)
    registered = keys.registration_uid(form.round.year, form.model, form.subject)
    made = all_rows(op.connection, _MADE, (bytes.fromhex(uid), bytes.fromhex(registered)))
    for row_id, _, is_present in form.answers.values():
        if is_present:
            op.writer.remove(tables.answer, row_id)
    op.writer.remove(tables.assessment, form.assessment_id)
    for (registration_id,) in made:
        op.writer.remove(tables.registration, registration_id)
