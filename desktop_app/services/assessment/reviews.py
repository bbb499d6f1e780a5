"""Review (thẩm định): forms accepted, or returned with a reason; and who may be recognised.

Invariants: only a form that is answered whole and passes is accepted; a returned form counts for nothing until one of
its answers is changed, which makes it a draft again; recognition takes who passes, is not returned and not recognised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import AssessmentStatus, LearningModel, ReviewOutcome, ReviewStage, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.registration import existing_rows
from desktop_app.services.assessment.results import VerdictRecord, list_verdicts
from desktop_app.services.assessment.rounds import require_open, round_of
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import read_sets
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows
from desktop_app.services.vietnamese import nfc


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A subject that an outcome does not fit, and why."""

    uid: Uid
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """What a review recorded."""

    count: int
    left_out: tuple[LeftOut, ...]
    operation: Uid | None


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """One earlier review of a form."""

    uid: Uid
    stage: ReviewStage
    outcome: ReviewOutcome
    reason: str
    reviewed_on: str
    reviewer: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may be recognised now.

    Args:
        ready: pass, are not returned and not recognised yet.
        left_out: everybody else with a form, each with the reason.
        unconfirmed: names of sets the office has not confirmed; while there are any, their forms are left out.
    """

    ready: tuple[VerdictRecord, ...]
    left_out: tuple[LeftOut, ...]
    unconfirmed: tuple[str, ...] = ()


def record_review(
    context: Context,
    model: LearningModel,
    year: int,
    subjects: Iterable[Uid],
    outcome: ReviewOutcome,
    *,
    stage: ReviewStage = ReviewStage.COMMUNE,
    reason: str = "",
    reviewer: str = "",
    reviewed_on: dt.date | None = None,
) -> ReviewResult:
    """Accept or return forms, one or many, as one operation.

    Args:
        reason: why returned; needed then.
        reviewed_on: None for the day of the machine's clock.

    Raises:
        UserError: ``review.reason_missing``, ``round.closed``, ``round.unknown``.
    """
    why = nfc(reason)
    if outcome is ReviewOutcome.RETURNED and not why:
        raise UserError(
            "Chưa ghi lý do nên chưa trả lại phiếu nào. Hãy ghi lý do để người chấm biết phải sửa gì.",
            code="review.reason_missing",
        )
    verdicts = {record.uid: record for record in list_verdicts(context, year, model)}
    fitting: list[Uid] = []
    left_out: list[LeftOut] = []
    for uid in dict.fromkeys(subjects):
        problem = _problem(verdicts.get(uid), outcome)
        if problem:
            left_out.append(LeftOut(uid, verdicts[uid].name if uid in verdicts else "", problem))
        else:
            fitting.append(uid)
    on = reviewed_on or dt.datetime.fromtimestamp(context.journal.clock() / 1000).date()
    with context.operation("review.record", {"model": model.value, "year": year, "count": len(fitting)}) as op:
        require_open(round_of(op.connection, year))
        rows = existing_rows(op.connection, "assessment", [keys.assessment_uid(year, model, uid) for uid in fitting])
        ids = [row_id for row_id, _ in rows.values()]
        values = {
            "stage": stage.value,
            "outcome": outcome.value,
            "reason": why or None,
            "reviewed_on": on.isoformat(),
            "reviewer": nfc(reviewer) or None,
        }
        op.writer.insert_many(tables.review, [{"assessment_id": row_id, **values} for row_id in ids])
        status = AssessmentStatus.ACCEPTED if outcome is ReviewOutcome.ACCEPTED else AssessmentStatus.RETURNED
        op.writer.update_many(tables.assessment, {row_id: {"status": status.value} for row_id in ids})
        operation = op.uid if ids else None
    return ReviewResult(len(fitting), tuple(left_out), operation)


def list_reviews(context: Context, model: LearningModel, subject: Uid, year: int) -> tuple[ReviewRecord, ...]:
    """The reviews of one form, the newest first."""
    with context.read() as connection:
        rows = all_rows(
            connection,
            "SELECT v.uid, v.stage, v.outcome, v.reason, v.reviewed_on, v.reviewer FROM review v "
            "JOIN assessment a ON a.id = v.assessment_id WHERE a.uid = ? AND v.present ORDER BY v.id DESC",
            (bytes.fromhex(keys.assessment_uid(year, model, subject)),),
        )
    return tuple(
        ReviewRecord(
            uid.hex(),
            ReviewStage(stage or ReviewStage.COMMUNE),
            ReviewOutcome(outcome or ReviewOutcome.ACCEPTED),
            reason or "",
            on or "",
            reviewer or "",
        )
        for uid, stage, outcome, reason, on, reviewer in rows
    )


def list_candidates(context: Context, model: LearningModel, year: int) -> Candidates:
    """Who may be recognised for a model, and why the others may not (yet).

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        sets = [item for item in read_sets(connection).values() if item]
        reasons = _return_reasons(all_rows(connection, _RETURNED, (year, model.value)))
    waiting = {
        (item.definition.key, item.definition.version): item.definition.name for item in sets if not item.is_confirmed
    }
    ready: list[VerdictRecord] = []
    left_out: list[LeftOut] = []
    blocked: set[str] = set()
    for record in list_verdicts(context, year, model):
        reason = _not_ready(record, reasons)
        name = waiting.get((record.set_key, record.set_version))
        if not reason and name:
            reason = f"“{name}” chưa được cơ quan xác nhận dùng."
            blocked.add(name)
        if reason:
            left_out.append(LeftOut(record.uid, record.name, reason))
        else:
            ready.append(record)
    return Candidates(tuple(ready), tuple(left_out), tuple(sorted(blocked)))


_RETURNED = """
SELECT a.subject, v.reason FROM review v JOIN assessment a ON a.id = v.assessment_id
JOIN assessment_round r ON r.id = a.assessment_round_id
WHERE r.year = ? AND a.model = ? AND a.status = 'returned' AND v.present AND v.outcome = 'returned' ORDER BY v.id"""


def _return_reasons(rows: list[tuple[bytes, str | None]]) -> dict[Uid, str]:
    return {subject.hex(): reason or "" for subject, reason in rows}


def _not_ready(record: VerdictRecord, reasons: dict[Uid, str]) -> str:
    if record.status is AssessmentStatus.RECOGNISED:
        return "Đã được công nhận trong đợt này."
    if record.status is AssessmentStatus.RETURNED:
        why = reasons.get(record.uid, "")
        return f"Phiếu bị trả lại: {why}." if why else "Phiếu bị trả lại, chưa sửa."
    return "" if record.passed else record.sentence


def _problem(record: VerdictRecord | None, outcome: ReviewOutcome) -> str:
    if record is None:
        return "Chưa có phiếu trong đợt này."
    if record.status is AssessmentStatus.RECOGNISED:
        return "Đã được công nhận nên không thẩm định lại."
    if outcome is ReviewOutcome.ACCEPTED and not record.passed:
        return record.sentence
    return ""
