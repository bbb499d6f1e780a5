"""Who filled a form and when, and the reasons for which a warning was kept.

Invariant: saved as given and journalled; nothing is filled in by itself, a default is only proposed.
"""

from __future__ import annotations

import datetime as dt

from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import ensure_form, load_form, require_writable
from desktop_app.services.context import Context, subject_of
from desktop_app.services.errors import UserError
from desktop_app.services.raw import one_row
from desktop_app.services.vietnamese import nfc, parse_date

MAX_REASON = 500
MAX_NAME = 120


def sign_form(
    context: Context, model: LearningModel, subject_uid: Uid, year: int, assessor: str, assessed_on: str
) -> None:
    """Write down who filled the form and on which day; both empty takes it back (undoable).

    Args:
        assessed_on: a whole day as typed ("5/11/2026"), or empty.

    Raises:
        UserError: ``sign.no_name``, ``sign.long_name``, ``sign.bad_date``, ``sign.future``, ``sign.no_form`` and those
            of a form that takes no changes; nothing is stored then.
    """
    name = _checked_name(assessor, assessed_on)
    day = checked_day(assessed_on, dt.datetime.fromtimestamp(context.journal.clock() / 1000).date())
    values = {"assessor": name or None, "assessed_on": day.isoformat() if day is not None else None}
    with context.operation("assessment.sign", _arguments(model, subject_uid, year)) as op:
        form = load_form(op.connection, model, subject_uid, year)
        require_writable(form)
        if form.assessment_id is None and not name:
            return
        op.writer.update(tables.assessment, ensure_form(op.writer, form), values)


def checked_day(typed: str, today: dt.date) -> dt.date | None:
    """The day as typed; None when nothing was.

    Raises:
        UserError: ``sign.bad_date``, ``sign.future``.
    """
    if not typed.strip():
        return None
    value = parse_date(typed).value
    if value is None or value.month is None or value.day is None:
        raise UserError(
            f"Ngày chấm “{nfc(typed)[:30]}” không đọc được nên chưa ghi; hãy gõ đủ ngày, tháng, năm như "
            f"{today:%d/%m/%Y}.",
            code="sign.bad_date",
        )
    day = dt.date(value.year, value.month, value.day)
    if day > today:
        raise UserError(
            f"Ngày chấm {day:%d/%m/%Y} chưa tới (hôm nay {today:%d/%m/%Y}) nên chưa ghi; hãy sửa lại ngày.",
            code="sign.future",
        )
    return day


def keep_with_reason(
    context: Context, model: LearningModel, subject_uid: Uid, year: int, indicator: str, reason: str
) -> None:
    """Keep what a warning is about, with a written reason; an empty one takes it back (undoable).

    Args:
        indicator: code; empty for a warning of the form as a whole.

    Raises:
        UserError: ``reason.long``, ``reason.no_answer`` and those of a form that takes no changes.
    """
    words = nfc(reason)
    if len(words) > MAX_REASON:
        raise UserError(f"Lý do dài quá {MAX_REASON} chữ cái nên chưa ghi; hãy rút gọn.", code="reason.long")
    with context.operation("answer.reason", _arguments(model, subject_uid, year)) as op:
        form = load_form(op.connection, model, subject_uid, year)
        require_writable(form)
        known = form.answers.get(indicator)
        if form.assessment_id is None or (indicator and (known is None or not known[2] or known[1] is None)):
            raise UserError("Mục này chưa có điểm nên chưa ghi lý do; hãy chấm trước.", code="reason.no_answer")
        if indicator and known is not None:
            op.writer.update(tables.answer, known[0], {"note": words or None})
        else:
            op.writer.update(tables.assessment, form.assessment_id, {"note": words or None})


def proposed_assessor(context: Context, model: LearningModel, name: str) -> str:
    """Who is proposed for a form that nobody signed: of a self-assessment the person; otherwise the present user."""
    if model is LearningModel.CITIZEN:
        return name
    if not context.user:
        return ""
    with context.read() as connection:
        row = one_row(connection, "SELECT name FROM user WHERE uid = ?", (bytes.fromhex(context.user),))
    return str(row[0] or "") if row is not None else ""


def _checked_name(assessor: str, assessed_on: str) -> str:
    name = " ".join(nfc(assessor).split())
    if len(name) > MAX_NAME:
        raise UserError(f"Tên người chấm dài quá {MAX_NAME} chữ cái nên chưa ghi.", code="sign.long_name")
    if not name and assessed_on.strip():
        raise UserError("Chưa có tên người chấm nên chưa ghi; hãy gõ tên bên cạnh ngày.", code="sign.no_name")
    return name


def _arguments(model: LearningModel, subject: Uid, year: int) -> dict[str, object]:
    return {"subject": subject_of(keys.subject_table(model), subject), "model": model.value, "year": year}
