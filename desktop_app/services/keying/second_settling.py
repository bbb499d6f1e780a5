"""The third view: each field of which the two entries differ is decided with the paper in hand.

Invariants: every choice is on the disk as it is made; when all are, one deed (the same as the choices of that sitting,
and undoable with them) makes the settled values the form's answers, with who decided and when; a form whose first
answers were changed since they were compared is compared again first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from desktop_app.models.journal import Operation
from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import AssessmentStatus, SecondEntryStatus, Uid
from desktop_app.services.assessment.answers import (
    OpenForm,
    checked_value,
    load_form,
    put_answer,
    require_writable,
)
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.keying.placing import sitting_args
from desktop_app.services.keying.second_entries import Entry, entry_of
from desktop_app.services.keying.second_queue import facts_of, is_stale, is_typed
from desktop_app.services.keying.second_records import Settled, Source


def choose(
    context: Context, entry_uid: Uid, code: str, source: Source | None, value: float | bool | None = None
) -> None:
    """Decide one field; nothing of the form changes before ``finish``.

    Args:
        source: first or second entry, or ``AGAIN`` with ``value`` as read from the paper (None: blank on paper); None
            takes the choice back.

    Raises:
        UserError: ``second.unknown``, ``second.settled``, ``second.changed``, ``second.not_different``,
            ``second.other_set``, ``answer.…`` for the value, and what ``require_writable`` refuses; nothing is stored
            then.
    """
    with context.read() as connection:
        entry = entry_of(connection, entry_uid)
    with context.sitting("second.settle", sitting_args(entry.model, entry.subject, entry.year)) as op:
        entry, form = _open(op, entry_uid)
        if code not in entry.differing:
            raise UserError("Hai lần nhập ô này giống nhau nên không có gì để chọn.", code="second.not_different")
        chosen = _chosen(entry)
        if source is None:
            chosen.pop(code, None)
        else:
            chosen[code] = {"value": _value(entry, form, code, source, value), "from": source.value}
        op.writer.update(tables.second_entry, entry.id, {"settled": chosen or None})


def finish(context: Context, entry_uid: Uid, *, today: dt.date | None = None) -> Settled:
    """Bring the settled values into the form, once every field is decided.

    Raises:
        UserError: ``second.undecided``, and what ``choose`` refuses; nothing is stored then.
    """
    with context.read() as connection:
        entry = entry_of(connection, entry_uid)
    with context.sitting("second.settle", sitting_args(entry.model, entry.subject, entry.year)) as op:
        entry, form = _open(op, entry_uid)
        chosen = _chosen(entry)
        left = sum(code not in chosen for code in entry.differing)
        if left:
            raise UserError(
                f"Còn {left} ô khác nhau chưa chọn nên chưa cất phiếu; những ô đã chọn vẫn giữ.",
                code="second.undecided",
            )
        done = _finish(op, entry, form, chosen, context.user, today or dt.date.today())
    context.journal.seal_open()
    return done


def leave_settling(context: Context) -> None:
    """The form is left: its choices are one closed deed."""
    context.journal.seal_open()


# -- inside ------------------------------------------------------------------------------------------------------


def _open(op: Operation, entry_uid: Uid) -> tuple[Entry, OpenForm]:
    """The entry and its form, both of which take changes; raises UserError otherwise."""
    entry = entry_of(op.connection, entry_uid)
    form = load_form(op.connection, entry.model, entry.subject, entry.year)
    require_writable(form)
    _require_settling(entry, form)
    return entry, form


def _chosen(entry: Entry) -> dict[str, dict[str, Any]]:
    return {code: dict(item) for code, item in entry.settled.items() if code in entry.differing and "value" in item}


def _require_settling(entry: Entry, form: OpenForm) -> None:
    if entry.status is not SecondEntryStatus.DIFFERS:
        raise UserError(
            "Phiếu này không còn chờ đối chiếu (đã xong, hoặc việc đối chiếu đã hoàn tác); chưa ghi gì. Hãy nhấn F5.",
            code="second.settled",
        )
    if entry.locked:
        raise UserError(entry.locked, code="second.locked")
    if form.used.id != entry.set_id:
        raise UserError(
            "Phiếu này đang chấm theo bộ tiêu chí khác với lúc đối chiếu; chưa ghi gì. Hãy nhấn F5 để đối chiếu lại.",
            code="second.other_set",
        )
    if is_stale(entry, form.values):
        raise UserError(
            "Điểm nhập lần đầu đã được sửa sau khi đối chiếu nên chưa ghi gì; những gì đã sửa vẫn giữ nguyên. Hãy nhấn "
            "Ctrl+L để đối chiếu lại phiếu này.",
            code="second.changed",
        )


def _value(entry: Entry, form: OpenForm, code: str, source: Source, value: float | bool | None) -> float | None:
    views: Mapping[Source, Any] = {Source.FIRST: entry.first.get(code), Source.SECOND: entry.second.get(code)}
    return checked_value(form.used.definition, code, views.get(source, value))


def _finish(
    op: Operation, entry: Entry, form: OpenForm, chosen: dict[str, dict[str, Any]], user: Uid | None, today: dt.date
) -> Settled:
    """The settled values become the answers."""
    was_accepted = form.status is AssessmentStatus.ACCEPTED
    values = {code: checked_value(form.used.definition, code, item["value"]) for code, item in chosen.items()}
    changed = sum(put_answer(op.writer, form, code, value) for code, value in values.items())
    if changed and form.assessment_id is not None:
        definition = form.used.definition
        facts = facts_of(op.connection, form.round, definition, form.model, [form.subject]).get(form.subject, {})
        is_whole = all(i.code in form.values or not is_typed(i, facts) for i in definition.indicators)
        status = AssessmentStatus.COMPLETE if is_whole else AssessmentStatus.DRAFT
        op.writer.update(tables.assessment, form.assessment_id, {"status": status.value})
    row = {
        "status": SecondEntryStatus.SETTLED.value,
        "settled": chosen,
        "settled_by": user,
        "settled_on": today.isoformat(),
    }
    op.writer.update(tables.second_entry, entry.id, row)
    return Settled(changed, was_accepted and changed > 0)
