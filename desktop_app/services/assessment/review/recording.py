"""Recording reviews: who an outcome fits, who is left out and why, and the deed, one form or twenty thousand.

Invariants: only a form that is answered whole and passes, of somebody who is still to be assessed, is accepted; a
returned form counts for nothing until one of its answers is changed or a review of the same or a later stage accepts
it; what is left out is told with a reason, and the preview and the deed use one rule. The form's own status follows
returns of any stage and acceptance by the commune.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Writer
from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import AssessmentStatus, LearningModel, ReviewOutcome, ReviewStage, Uid
from desktop_app.services.assessment.keys import assessment_uid, subject_table
from desktop_app.services.assessment.results import read_verdicts
from desktop_app.services.assessment.review.rules import ORDER, STAGE_TEXT, ReviewRules, read_rules, require_may
from desktop_app.services.assessment.review.standing import accepted_forms, changed_forms, latest
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_of
from desktop_app.services.assessment.subjects import SOURCES, eligible, placed
from desktop_app.services.assessment.verdict import sentence
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.vietnamese import nfc, number_text

BLOCK = 2_000
MOST_SENTENCES = 200
"""Verdict sentences are made for so many who are left out; the others say only that they do not pass."""
MOST_REASON = 500
RECENT = 8


class Hindrance(StrEnum):
    """Why an outcome does not fit a form."""

    NO_FORM = "no_form"
    RECOGNISED = "recognised"
    GONE = "gone"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    RETURNED_LATER = "returned_later"
    RETURNED_HERE = "returned_here"
    NOT_YET = "not_yet"
    ALREADY = "already"


HINDRANCE_TEXT: dict[Hindrance, str] = {
    Hindrance.NO_FORM: "chưa có phiếu trong đợt này",
    Hindrance.RECOGNISED: "đã được công nhận nên không thẩm định lại",
    Hindrance.GONE: "đã mất, đã chuyển đi hoặc không còn thuộc diện đánh giá",
    Hindrance.INCOMPLETE: "chấm chưa đủ",
    Hindrance.FAILED: "chưa đạt",
    Hindrance.RETURNED_LATER: "bị cấp sau trả lại, chưa sửa điểm",
    Hindrance.RETURNED_HERE: "đã trả lại ở bước này, chưa sửa điểm",
    Hindrance.NOT_YET: "bước trước chưa chấp nhận",
    Hindrance.ALREADY: "đã chấp nhận từ trước, không có gì đổi",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A subject that an outcome does not fit, and why."""

    uid: Uid
    name: str
    reason: str
    hindrance: Hindrance = Hindrance.FAILED


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """What a review would record: how many forms, and who is left out."""

    count: int
    left_out: tuple[LeftOut, ...]

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """The reasons of those left out with how many each has, in a fixed order."""
        counted = {item: sum(each.hindrance is item for each in self.left_out) for item in Hindrance}
        return tuple((HINDRANCE_TEXT[item], count) for item, count in counted.items() if count)

    @property
    def words(self) -> str:
        """ "3 chưa đạt; 2 chấm chưa đủ"; empty where nobody is left out."""
        return "; ".join(f"{number_text(count)} {text}" for text, count in self.groups)


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
class _Form:
    """A subject with its form as the rules need it; local keys."""

    uid: Uid
    name: str
    form: int | None
    status: str
    is_complete: bool
    passed: bool
    form_uid: Uid | None = None
    is_counted: bool = True


def preview_review(
    context: Context,
    model: LearningModel,
    year: int,
    subjects: Iterable[Uid],
    outcome: ReviewOutcome,
    *,
    stage: ReviewStage = ReviewStage.COMMUNE,
    keeps_returned: bool = False,
    progress: Progress = NO_PROGRESS,
) -> ReviewPlan:
    """What ``record_review`` would do now, without doing it; the same refusals."""
    with context.read() as connection:
        round_ = _checked(context, connection, year, stage)
        fitting, left_out = _parted(connection, round_, model, subjects, outcome, stage, progress, keeps_returned)
    return ReviewPlan(len(fitting), tuple(left_out))


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
    keeps_returned: bool = False,
    progress: Progress = NO_PROGRESS,
) -> ReviewResult:
    """Accept or return forms, one or many, as one operation.

    Args:
        keeps_returned: accepting many leaves out what this stage returned and nobody changed since.
        reason: why returned; needed then.
        reviewer: who decided; the present user where nothing is said.
        reviewed_on: None for the day of the machine's clock.

    Raises:
        UserError: ``review.reason_missing``, ``review.reason_long``, ``review.date``, ``review.stage_unused``,
            ``review.office_only``, ``review.not_allowed``, ``round.closed``, ``round.unknown``.
        Cancelled: asked to stop; nothing is kept.
    """
    why = checked_reason(reason, outcome)
    on = reviewed_on or today(context)
    if on > today(context):
        raise UserError(
            f"Ngày {on:%d/%m/%Y} còn ở phía trước nên chưa ghi kết quả nào; hãy xem lại ngày xét.", code="review.date"
        )
    with context.operation("review.record", {"model": model.value, "year": year}) as op:
        round_ = _checked(context, op.connection, year, stage)
        fitting, left_out = _parted(op.connection, round_, model, subjects, outcome, stage, progress, keeps_returned)
        op.args["count"] = len(fitting)
        values = {
            "stage": stage.value,
            "outcome": outcome.value,
            "reason": why or None,
            "reviewed_on": on.isoformat(),
            "reviewer": nfc(reviewer) or user_name(op.connection, context.user) or None,
        }
        write_reviews(op.writer, [item for item in fitting if item.form is not None], values, progress)
        operation = op.uid if fitting else None
    return ReviewResult(len(fitting), tuple(left_out), operation)


def write_reviews(
    writer: Writer, forms: Sequence[_Form], values: dict[str, Any], progress: Progress = NO_PROGRESS
) -> None:
    """Write the same review for many forms, with the status that follows."""
    done = 0
    for block in _blocks(forms):
        progress.step(done, len(forms), "Đang ghi kết quả")
        for item in block:
            if item.form is not None and item.form_uid is not None:
                writer.references.learn("assessment", item.form, item.form_uid)
        writer.insert_many(tables.review, [{"assessment_id": item.form, **values} for item in block])
        status = {item.form: _status_after(item, values["stage"], values["outcome"]) for item in block}
        changed = {item.form: status[item.form] for item in block if status[item.form] != item.status}
        writer.update_many(tables.assessment, {key: {"status": new} for key, new in changed.items() if key is not None})
        done += len(block)
    progress.step(done, len(forms), "Đang tính lại")


def return_form(context: Context, writer: Writer, form: int, stage: ReviewStage, reason: str, reviewer: str) -> bool:
    """Return one form inside another deed (an objection that is upheld); False where it is recognised already."""
    row = one_row(writer.connection, "SELECT status, frozen IS NOT NULL FROM assessment WHERE id = ?", (form,))
    if row is None or row[1] or row[0] == AssessmentStatus.RECOGNISED:
        return False
    values = {
        "stage": stage.value,
        "outcome": ReviewOutcome.RETURNED.value,
        "reason": checked_reason(reason, ReviewOutcome.RETURNED),
        "reviewed_on": today(context).isoformat(),
        "reviewer": nfc(reviewer) or user_name(writer.connection, context.user) or None,
    }
    write_reviews(writer, [_Form("", "", form, row[0] or "", True, True)], values)
    return True


def list_reviews(context: Context, model: LearningModel, subject: Uid, year: int) -> tuple[ReviewRecord, ...]:
    """The reviews of one form, the newest first."""
    with context.read() as connection:
        return read_reviews(connection, assessment_uid(year, model, subject))


def read_reviews(connection: Connection, assessment: Uid) -> tuple[ReviewRecord, ...]:
    """The same within a reading transaction, by the form's uid."""
    rows = all_rows(
        connection,
        "SELECT v.uid, v.stage, v.outcome, v.reason, v.reviewed_on, v.reviewer FROM review v "
        "JOIN assessment a ON a.id = v.assessment_id WHERE a.uid = ? AND v.present ORDER BY v.uid DESC",
        (bytes.fromhex(assessment),),
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


def recent_reasons(context: Context, year: int, limit: int = RECENT) -> tuple[str, ...]:
    """The reasons given lately in this round, the latest first, each once."""
    query = (
        "SELECT v.reason FROM review AS v JOIN assessment AS a ON a.id = v.assessment_id "
        "JOIN assessment_round AS r ON r.id = a.assessment_round_id WHERE r.year = ? AND v.outcome = 'returned' "
        "AND v.present AND v.reason IS NOT NULL GROUP BY v.reason ORDER BY max(v.uid) DESC LIMIT ?"
    )
    with context.read() as connection:
        return tuple(row[0] for row in all_rows(connection, query, (year, limit)))


def today(context: Context) -> dt.date:
    """The day of this machine's clock."""
    return dt.datetime.fromtimestamp(context.journal.clock() / 1000).date()


def user_name(connection: Connection, user: Uid | None) -> str:
    """The name of who works now; empty where nobody has chosen one."""
    if user is None:
        return ""
    row = one_row(connection, "SELECT name FROM user WHERE uid = ?", (bytes.fromhex(user),))
    return str(row[0] or "") if row else ""


def checked_reason(reason: str, outcome: ReviewOutcome) -> str:
    """The reason as it is stored; raises UserError ``review.reason_missing``, ``review.reason_long``."""
    why = nfc(reason)
    if outcome is ReviewOutcome.RETURNED and not why:
        raise UserError(
            "Chưa ghi lý do nên chưa trả lại phiếu nào. Hãy ghi lý do để người chấm biết phải sửa gì.",
            code="review.reason_missing",
        )
    if len(why) > MOST_REASON:
        raise UserError(
            f"Lý do dài {len(why)} chữ, quá {MOST_REASON}; chưa ghi gì. Hãy viết gọn lại.", code="review.reason_long"
        )
    return why


# -- who it fits -------------------------------------------------------------------------------------------------


def _checked(context: Context, connection: Connection, year: int, stage: ReviewStage) -> RoundRecord:
    round_ = round_of(connection, year)
    require_open(round_)
    require_may(context, read_rules(connection), stage)
    return round_


def _parted(
    connection: Connection,
    round_: RoundRecord,
    model: LearningModel,
    subjects: Iterable[Uid],
    outcome: ReviewOutcome,
    stage: ReviewStage,
    progress: Progress,
    keeps_returned: bool,
) -> tuple[list[_Form], list[LeftOut]]:
    """The forms that an outcome fits, and everybody else with the reason, in the order given."""
    wanted = list(dict.fromkeys(subjects))
    known = _Known(connection, round_, model, stage)
    fitting: list[_Form] = []
    rest: list[tuple[_Form, Hindrance]] = []
    done = 0
    for block in _blocks(wanted):
        progress.step(done, len(wanted), "Đang xem phiếu")
        found = _read_forms(connection, round_, model, block)
        for uid in block:
            item = found.get(uid) or _Form(uid, "", None, "", False, False)
            problem = known.hindrance(item, outcome, keeps_returned)
            if problem is None:
                fitting.append(item)
            else:
                rest.append((item, problem))
        done += len(block)
    return fitting, _told(connection, round_, model, rest)


class _Known:
    """What the rules ask of the whole list, read once."""

    def __init__(self, connection: Connection, round_: RoundRecord, model: LearningModel, stage: ReviewStage) -> None:
        rules: ReviewRules = read_rules(connection)
        self._accepted = accepted_forms(connection, round_, model, stage)
        self._before = [accepted_forms(connection, round_, model, item) for item in rules.before(stage)]
        self._returned_here = _still_returned(connection, round_, model, stage)
        self._returned_later: set[int] = set()
        for later in ORDER[ORDER.index(stage) + 1 :]:
            self._returned_later |= _still_returned(connection, round_, model, later)

    def hindrance(self, item: _Form, outcome: ReviewOutcome, keeps_returned: bool) -> Hindrance | None:
        if item.form is None:
            return Hindrance.NO_FORM
        if item.status == AssessmentStatus.RECOGNISED:
            return Hindrance.RECOGNISED
        if outcome is ReviewOutcome.RETURNED:
            return None
        if not item.is_counted:
            return Hindrance.GONE
        if not item.passed:
            return Hindrance.FAILED if item.is_complete else Hindrance.INCOMPLETE
        if item.status == AssessmentStatus.RETURNED and item.form in self._returned_later:
            return Hindrance.RETURNED_LATER
        if keeps_returned and item.status == AssessmentStatus.RETURNED and item.form in self._returned_here:
            return Hindrance.RETURNED_HERE
        if any(item.form not in forms for forms in self._before):
            return Hindrance.NOT_YET
        is_standing = item.form in self._accepted and item.status != AssessmentStatus.RETURNED
        return Hindrance.ALREADY if is_standing else None


def _still_returned(connection: Connection, round_: RoundRecord, model: LearningModel, stage: ReviewStage) -> set[int]:
    """Forms that a stage returned last and whose answers stand as they did."""
    rows = all_rows(connection, f"SELECT l.form FROM {latest(round_, model, stage)} AS l WHERE l.outcome = 'returned'")
    return {row[0] for row in rows} - changed_forms(connection, round_, model, stage)


def _status_after(item: _Form, stage: str, outcome: str) -> str:
    if outcome == ReviewOutcome.RETURNED:
        return AssessmentStatus.RETURNED.value
    if stage == ReviewStage.COMMUNE:
        return AssessmentStatus.ACCEPTED.value
    return AssessmentStatus.COMPLETE.value if item.status == AssessmentStatus.RETURNED else item.status


def _read_forms(
    connection: Connection, round_: RoundRecord, model: LearningModel, uids: Sequence[Uid]
) -> dict[Uid, _Form]:
    source = SOURCES[model]
    rows = all_rows(
        connection,
        f"SELECT s.uid, {source.name}, a.id, a.status, a.is_complete, a.passed, a.frozen IS NOT NULL, a.answered, "
        f"a.uid, coalesce(({eligible(model, round_, everyone=True)}), 0) "
        f"FROM json_each(?) AS k JOIN {subject_table(model)} AS s ON s.uid = unhex(k.value) "
        f"LEFT JOIN assessment AS a ON a.assessment_round_id = {round_.id} AND a.model = '{model.value}' "
        f"AND a.subject_id = s.id AND a.present {placed(source.joins, model, round_)} WHERE s.present",
        (json.dumps(list(uids)),),
    )
    return {
        uid.hex(): _Form(
            uid.hex(),
            name or "",
            form if answered or frozen else None,
            AssessmentStatus.RECOGNISED.value if frozen else status or AssessmentStatus.DRAFT.value,
            bool(complete),
            bool(passed),
            form_uid.hex() if form_uid else None,
            bool(counted),
        )
        for uid, name, form, status, complete, passed, frozen, answered, form_uid, counted in rows
    }


def _told(
    connection: Connection, round_: RoundRecord, model: LearningModel, rest: Sequence[tuple[_Form, Hindrance]]
) -> list[LeftOut]:
    judged = (Hindrance.FAILED, Hindrance.INCOMPLETE)
    asked = [item.form for item, problem in rest if problem in judged and item.form is not None][:MOST_SENTENCES]
    sentences = {
        form: sentence(definition, verdict)
        for form, definition, verdict, _ in read_verdicts(connection, round_, model, asked)
    }
    return [
        LeftOut(item.uid, item.name, sentences.get(item.form or 0) or _capital(HINDRANCE_TEXT[problem]), problem)
        for item, problem in rest
    ]


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _blocks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), BLOCK):
        yield items[start : start + BLOCK]


def stage_words(stage: ReviewStage) -> str:
    """ "Thôn bình xét"."""
    text = STAGE_TEXT[stage]
    return text[:1].upper() + text[1:]
