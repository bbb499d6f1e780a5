"""One cell of the grid: saved by itself as it is left, with the form's state and the row as it stands then.

Invariants: a cell is stored only if it is valid for its indicator, the batch and the round are open, and the form is
this batch's; a form that is answered whole is complete, one that is not is a draft.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import AssessmentStatus
from desktop_app.services.assessment.answers import (
    OpenForm,
    checked_value,
    leave_form,
    load_form,
    put_answer,
    require_writable,
)
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.errors import UserError
from desktop_app.services.keying.placing import sitting_args
from desktop_app.services.keying.records import CLOSED, BatchRecord, KeyedRow, SavedCell, is_complete
from desktop_app.services.raw import one_row


def save_cell(
    context: Context, batch: BatchRecord, row: KeyedRow, indicator: str, value: float | bool | None
) -> SavedCell:
    """Store one answer of a row, or take it back with None; all of a person's answers in turn are one deed.

    Raises:
        UserError: ``answer.…`` as in the guided form, ``batch.closed``, ``batch.unknown``, ``place.gone``.
    """
    return save_cells(context, batch, row, {indicator: value})


def save_cells(
    context: Context, batch: BatchRecord, row: KeyedRow, values: Mapping[str, float | bool | None]
) -> SavedCell:
    """Store several answers of one row at once (a pasted block); all of them or none."""
    model = batch.cover.model
    with context.sitting("answer.form", sitting_args(model, row.subject, batch.year)) as op:
        form = load_form(op.connection, model, row.subject, batch.year)
        require_writable(form)
        _require_here(op.connection, batch, form)
        definition = form.used.definition
        checked = {code: checked_value(definition, code, value) for code, value in values.items()}
        changed = [put_answer(op.writer, form, code, value) for code, value in checked.items()]
        saved = _row(row, definition, form)
        if any(changed) and is_complete(saved, definition):
            _settle(op.writer, form, AssessmentStatus.COMPLETE)
    return SavedCell(saved, dt.datetime.fromtimestamp(context.journal.clock() / 1000))


def settle_status(context: Context, batch: BatchRecord, row: KeyedRow) -> None:
    """Bring a form's state up to date after it was filled elsewhere (the guided form leaves it a draft)."""
    with context.sitting("answer.form", sitting_args(batch.cover.model, row.subject, batch.year)) as op:
        form = load_form(op.connection, batch.cover.model, row.subject, batch.year)
        is_draft = form.status is AssessmentStatus.DRAFT and not form.is_recognised
        if is_draft and is_complete(_row(row, form.used.definition, form), form.used.definition):
            _settle(op.writer, form, AssessmentStatus.COMPLETE)


def leave_row(context: Context) -> None:
    """The row is left: its answers become one closed operation of the journal."""
    leave_form(context)


def _row(row: KeyedRow, definition: CriteriaSet, form: OpenForm) -> KeyedRow:
    return replace(row, values={code: value for code, value in form.values.items() if code in definition.by_code})


def _settle(writer: Any, form: OpenForm, status: AssessmentStatus) -> None:
    if form.assessment_id is not None and form.status is not status:
        writer.update(tables.assessment, form.assessment_id, {"status": status.value})
        form.status = status


_HERE = """
SELECT b.uid, b.status, b.name FROM assessment a LEFT JOIN batch b ON b.id = a.batch_id AND b.present WHERE a.id = ?"""


def _require_here(connection: Connection, batch: BatchRecord, form: OpenForm) -> None:
    """The form still belongs to this batch, which still takes answers."""
    found = one_row(connection, _HERE, (form.assessment_id,)) if form.assessment_id is not None else None
    if found is None or found[0] is None or found[0].hex() != batch.uid:
        raise UserError(
            "Phiếu này không còn trong tập (đã hoàn tác hoặc chuyển tập khác) nên chưa lưu ô này; các ô khác vẫn giữ "
            "nguyên. Hãy nhấn F5 rồi tìm lại người này.",
            code="place.gone",
        )
    if found[1] == CLOSED:
        raise UserError(
            f"Tập “{found[2]}” đã đóng nên chưa lưu ô này; những gì đã ghi vẫn giữ nguyên. Hãy mở lại tập trước.",
            code="batch.closed",
        )
