"""Objections (ý kiến) to a form on a posted list: taken, answered, and what follows from an answer.

Invariants: an objection is taken also after the period, and marked so; who raises it may stay unnamed; while it has no
answer its subject is not recognised; one that is upheld may return the form in the same deed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Writer
from desktop_app.models.tables.assessment import objection
from desktop_app.models.types import LearningModel, ObjectionOutcome, ReviewStage, Uid
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.review.recording import return_form, today, user_name
from desktop_app.services.assessment.review.rules import ReviewRules, read_rules, require_may
from desktop_app.services.assessment.rounds import require_open, round_by_id
from desktop_app.services.assessment.subjects import SOURCES
from desktop_app.services.context import Context, subject_of
from desktop_app.services.errors import UserError
from desktop_app.services.history.rendering import Names
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.vietnamese import nfc, nfc_lines

MOST_WORDS = 2_000
"""Letters of what is said and of an answer."""
MOST_NAME = 100


@dataclass(frozen=True, slots=True)
class ObjectionRecord:
    """One objection.

    Args:
        assessment, subject: uids of the form and of whom it is about.
        raised_by: empty where nobody gave a name.
        is_late: it came after the last day of the list's period.
        outcome: None while it waits for an answer.
        posting: uid of the list it is about; None for none.
    """

    uid: Uid
    assessment: Uid
    subject: Uid
    model: LearningModel
    name: str
    hamlet: str
    content: str
    raised_by: str
    received_on: str
    is_late: bool
    outcome: ObjectionOutcome | None
    answer: str
    answered_by: str
    answered_on: str
    posting: Uid | None = None
    posting_words: str = ""

    @property
    def is_open(self) -> bool:
        return self.outcome is None


def list_objections(
    context: Context, year: int, *, posting: Uid | None = None, is_open: bool | None = None
) -> tuple[ObjectionRecord, ...]:
    """The objections of a round: those without an answer first, then the newest."""
    where, values = ["r.year = ?"], [year]
    parameters: list[Any] = list(values)
    if posting is not None:
        where.append("p.uid = ?")
        parameters.append(bytes.fromhex(posting))
    if is_open is not None:
        where.append(f"b.outcome IS {'' if is_open else 'NOT '}NULL")
    with context.read() as connection:
        return read_objections(connection, " AND ".join(where), tuple(parameters))


def read_objections(connection: Connection, where: str, values: Sequence[Any]) -> tuple[ObjectionRecord, ...]:
    """Objections by a condition on the objection ``b``, its form ``a``, round ``r`` and posting ``p``."""
    rows = all_rows(connection, f"{_SELECT} AND {where} ORDER BY {_ORDER}", tuple(values))
    names = Names(connection)
    return tuple(_record(connection, names, row) for row in rows)


def open_objections(context: Context, year: int) -> int:
    """How many objections of a round wait for an answer."""
    query = (
        "SELECT count(*) FROM objection AS b JOIN assessment AS a ON a.id = b.assessment_id "
        "JOIN assessment_round AS r ON r.id = a.assessment_round_id "
        "WHERE r.year = ? AND a.present AND b.present AND b.outcome IS NULL"
    )
    with context.read() as connection:
        return int(all_rows(connection, query, (year,))[0][0])


def add_objection(
    context: Context,
    assessment: Uid,
    content: str,
    *,
    raised_by: str = "",
    received_on: dt.date | None = None,
    posting: Uid | None = None,
) -> Uid:
    """Take an objection to a form.

    Args:
        raised_by: may stay empty.
        received_on: None for the day of the machine's clock.
        posting: the list it is about; None for the newest list on which the form stood.

    Raises:
        UserError: ``objection.content_missing``, ``objection.long``, ``objection.date``, ``assessment.unknown``,
            ``posting.unknown``, ``round.closed``.
    """
    on = received_on or today(context)
    words, who = _checked(context, content, raised_by, on)
    with context.operation("objection.add") as op:
        form, round_id, model, subject = _form(op.connection, assessment)
        require_open(round_by_id(op.connection, round_id))
        posting_id = _posting_of(op.connection, assessment, round_id, posting)
        _require_after(op.connection, posting_id, on)
        values = {
            "assessment_id": form,
            "posting_id": posting_id,
            "raised_by": who or None,
            "content": words,
            "received_on": on.isoformat(),
        }
        row_id = op.writer.insert(objection, values)
        op.args["subject"] = subject_of(subject_table(model), subject)
        return op.writer.references.uid("objection", row_id)


def edit_objection(
    context: Context, uid: Uid, content: str, *, raised_by: str = "", received_on: dt.date | None = None
) -> None:
    """Correct what was taken down; the answer stays.

    Raises:
        UserError: as ``add_objection``; ``objection.unknown``.
    """
    on = received_on or today(context)
    words, who = _checked(context, content, raised_by, on)
    with context.operation("objection.edit", {"subject": _about(context, uid)}) as op:
        row = _open_row(op.connection, uid)
        _require_after(op.connection, row[2], on)
        values = {"content": words, "raised_by": who or None, "received_on": on.isoformat()}
        op.writer.update(objection, row[0], values)


def remove_objection(context: Context, uid: Uid) -> None:
    """Take an objection off that was written down by mistake; undoable."""
    with context.operation("objection.remove", {"subject": _about(context, uid)}) as op:
        op.writer.remove(objection, _open_row(op.connection, uid)[0])


def answer_objection(
    context: Context,
    uid: Uid,
    outcome: ObjectionOutcome,
    answer: str,
    *,
    answered_by: str = "",
    answered_on: dt.date | None = None,
    is_form_returned: bool = False,
) -> bool:
    """Answer an objection; an answer may be given anew.

    Args:
        is_form_returned: of one that is upheld: return the form with the answer as the reason, in the same deed.

    Returns:
        Whether the form was returned; a recognised one is not.

    Raises:
        UserError: ``objection.answer_missing``, ``objection.long``, ``objection.answer_date``, ``objection.unknown``,
            ``round.closed``, and the refusals of the list's stage (``review.not_allowed`` …).
    """
    words = nfc_lines(answer)
    if not words:
        raise UserError(
            "Chưa ghi nội dung trả lời nên chưa lưu. Hãy ghi đã xem xét thế nào và kết luận ra sao.",
            code="objection.answer_missing",
        )
    _check_length(words, "Nội dung trả lời")
    on = answered_on or today(context)
    with context.operation("objection.answer", {"subject": _about(context, uid)}) as op:
        row_id, form, posting_id, received = _open_row(op.connection, uid)
        if on > today(context) or on.isoformat() < (received or ""):
            raise UserError(
                f"Ngày trả lời {on:%d/%m/%Y} phải từ ngày nhận ý kiến đến hôm nay; chưa lưu. Hãy xem lại ngày.",
                code="objection.answer_date",
            )
        stage = _stage_of(op.connection, posting_id, read_rules(op.connection))
        require_may(context, read_rules(op.connection), stage)
        by = nfc(answered_by) or user_name(op.connection, context.user)
        values = {
            "outcome": outcome.value,
            "answer": words,
            "answered_by": by or None,
            "answered_on": on.isoformat(),
        }
        op.writer.update(objection, row_id, values)
        if not (is_form_returned and outcome is ObjectionOutcome.UPHELD):
            return False
        return _return(context, op.writer, form, stage, words, by)


def withdraw_answer(context: Context, uid: Uid) -> None:
    """Take the answer back: the objection waits again. A form that was returned stays returned; undoable."""
    with context.operation("objection.answer", {"subject": _about(context, uid)}) as op:
        row_id, _, posting_id, _ = _open_row(op.connection, uid)
        rules = read_rules(op.connection)
        require_may(context, rules, _stage_of(op.connection, posting_id, rules))
        op.writer.update(objection, row_id, dict.fromkeys(("outcome", "answer", "answered_by", "answered_on")))


def _return(context: Context, writer: Writer, form: int, stage: ReviewStage, words: str, by: str) -> bool:
    reason = f"Có ý kiến đúng: {' '.join(words.split())}"
    return return_form(context, writer, form, stage, reason[:480], by)


# -- reading -----------------------------------------------------------------------------------------------------

_SELECT = """
SELECT b.uid, a.uid, a.subject, a.model, b.content, b.raised_by, b.received_on, b.outcome, b.answer, b.answered_by,
       b.answered_on, p.uid, p.until, p.posted_on
FROM objection AS b JOIN assessment AS a ON a.id = b.assessment_id
JOIN assessment_round AS r ON r.id = a.assessment_round_id LEFT JOIN posting AS p ON p.id = b.posting_id AND p.present
WHERE b.present AND a.present"""
_ORDER = "b.outcome IS NOT NULL, b.received_on DESC, b.id DESC"


def _record(connection: Connection, names: Names, row: tuple[Any, ...]) -> ObjectionRecord:
    uid, form, subject, model, content, by, received, outcome, answer, answerer, on, posting, until, posted = row
    kind = LearningModel(model)
    day = "/".join(reversed((posted or "").split("-")))
    return ObjectionRecord(
        uid=uid.hex(),
        assessment=form.hex(),
        subject=subject.hex(),
        model=kind,
        name=names.subject(model, subject.hex()),
        hamlet=_hamlet(connection, kind, subject),
        content=content or "",
        raised_by=by or "",
        received_on=received or "",
        is_late=bool(until and received and received > until),
        outcome=ObjectionOutcome(outcome) if outcome else None,
        answer=answer or "",
        answered_by=answerer or "",
        answered_on=on or "",
        posting=posting.hex() if posting else None,
        posting_words=f"niêm yết ngày {day}" if posting else "",
    )


def _hamlet(connection: Connection, model: LearningModel, subject: bytes) -> str:
    query = (
        f"SELECT v.name FROM {subject_table(model)} AS s JOIN hamlet AS v ON v.id = {SOURCES[model].hamlet} "
        "WHERE s.uid = ?"
    )
    row = one_row(connection, query, (subject,))
    return str(row[0] or "") if row else ""


def _about(context: Context, uid: Uid) -> dict[str, str]:
    """Of whom an objection is, as an operation's argument."""
    with context.read() as connection:
        row = one_row(
            connection,
            "SELECT a.model, a.subject FROM objection AS b JOIN assessment AS a ON a.id = b.assessment_id "
            "WHERE b.uid = ? AND b.present",
            (bytes.fromhex(uid),),
        )
    if row is None:
        raise _unknown()
    return subject_of(subject_table(LearningModel(row[0])), row[1].hex())


def _open_row(connection: Connection, uid: Uid) -> tuple[int, int, int | None, str | None]:
    """Key, form, posting and day of an objection whose round is not closed."""
    row = one_row(
        connection,
        "SELECT b.id, b.assessment_id, b.posting_id, b.received_on, a.assessment_round_id FROM objection AS b "
        "JOIN assessment AS a ON a.id = b.assessment_id WHERE b.uid = ? AND b.present",
        (bytes.fromhex(uid),),
    )
    if row is None:
        raise _unknown()
    require_open(round_by_id(connection, row[4]))
    return row[0], row[1], row[2], row[3]


def _unknown() -> UserError:
    return UserError(
        "Không tìm thấy ý kiến này (có thể đã được bỏ); chưa có gì thay đổi. Hãy nạp lại danh sách.",
        code="objection.unknown",
    )


def _form(connection: Connection, assessment: Uid) -> tuple[int, int, LearningModel, Uid]:
    row = one_row(
        connection,
        "SELECT id, assessment_round_id, model, subject FROM assessment WHERE uid = ? AND present",
        (bytes.fromhex(assessment),),
    )
    if row is None:
        raise UserError(
            "Không tìm thấy phiếu mà ý kiến nói tới; chưa ghi gì. Hãy chọn lại người hoặc hộ trong danh sách.",
            code="assessment.unknown",
        )
    return row[0], row[1], LearningModel(row[2]), row[3].hex()


def _posting_of(connection: Connection, assessment: Uid, round_id: int, posting: Uid | None) -> int | None:
    if posting is not None:
        row = one_row(connection, "SELECT id FROM posting WHERE uid = ? AND present", (bytes.fromhex(posting),))
        if row is None:
            raise UserError(
                "Không tìm thấy danh sách niêm yết này; chưa ghi gì. Hãy nạp lại trang.", code="posting.unknown"
            )
        return int(row[0])
    row = one_row(
        connection,
        "SELECT p.id FROM posting AS p WHERE p.assessment_round_id = ? AND p.present "
        "AND EXISTS (SELECT 1 FROM json_each(p.subjects) AS j WHERE j.value = ?) "
        "ORDER BY p.posted_on DESC, p.id DESC LIMIT 1",
        (round_id, assessment),
    )
    return int(row[0]) if row else None


def _require_after(connection: Connection, posting_id: int | None, on: dt.date) -> None:
    row = one_row(connection, "SELECT posted_on FROM posting WHERE id = ?", (posting_id,)) if posting_id else None
    if row is not None and row[0] and on.isoformat() < row[0]:
        day = "/".join(reversed(row[0].split("-")))
        raise UserError(
            f"Ngày nhận ý kiến {on:%d/%m/%Y} đứng trước ngày niêm yết {day}; chưa ghi gì. Hãy xem lại ngày nhận.",
            code="objection.date",
        )


def _stage_of(connection: Connection, posting_id: int | None, rules: ReviewRules) -> ReviewStage:
    """The stage whose people answer: the list's, else the first that is used."""
    row = one_row(connection, "SELECT stage FROM posting WHERE id = ?", (posting_id,)) if posting_id else None
    stage = ReviewStage(row[0]) if row is not None and row[0] else rules.stages[0]
    return stage if stage in rules.stages else ReviewStage.COMMUNE


def _checked(context: Context, content: str, raised_by: str, on: dt.date) -> tuple[str, str]:
    words, who = nfc_lines(content), nfc(raised_by)
    if not words:
        raise UserError(
            "Chưa ghi nội dung ý kiến nên chưa lưu. Hãy ghi người dân nói gì; tên người nói có thể để trống.",
            code="objection.content_missing",
        )
    _check_length(words, "Nội dung ý kiến")
    if len(who) > MOST_NAME:
        raise UserError(
            f"Tên người có ý kiến dài quá {MOST_NAME} chữ; chưa lưu. Hãy viết gọn lại.", code="objection.long"
        )
    if on > today(context):
        raise UserError(
            f"Ngày nhận {on:%d/%m/%Y} còn ở phía trước; chưa ghi gì. Hãy xem lại ngày nhận ý kiến.",
            code="objection.date",
        )
    return words, who


def _check_length(words: str, what: str) -> None:
    if len(words) > MOST_WORDS:
        raise UserError(
            f"{what} dài {len(words)} chữ, quá {MOST_WORDS}; chưa lưu. Hãy viết gọn lại.", code="objection.long"
        )
