"""Bảng điểm và lý do: one form's answers, total and verdict on paper, for who asks why a title was given or not.

Invariant: the sentence is the engine's own, of a recognised form the one it was recognised by; reasons that were kept
and returns that still stand are told beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import AssessmentStatus, LearningModel, TextStatus, Uid
from desktop_app.services.assessment.frozen import read_frozen
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.results import read_verdicts
from desktop_app.services.assessment.review.detail import answer_words
from desktop_app.services.assessment.review.papers import NAME_TITLES, head_of
from desktop_app.services.assessment.review.recording import today, user_name
from desktop_app.services.assessment.review.rules import STAGE_TEXT
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.subjects import SOURCES, UNITS, placed
from desktop_app.services.assessment.verdict import sentence
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator
from desktop_app.services.criteria.office import read_sets
from desktop_app.services.documents.data import DocumentHead, Signature, VerdictRow, VerdictSheetData
from desktop_app.services.documents.verdict_sheet import write_verdict_sheet
from desktop_app.services.errors import UserError
from desktop_app.services.paper import words
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.settings import read_office
from desktop_app.services.vietnamese import PartialDate, number_text

MOST_SHEETS = 2_000


@dataclass(frozen=True, slots=True)
class _Form:
    """A form as SQL gives it; ``reasons`` were kept beside its answers, by indicator, "" for the whole form."""

    id: int
    name: str
    birth: str
    hamlet: str
    detail: str
    frozen: Any
    status: str
    set_id: int | None
    assessor: str
    assessed_on: str
    answers: Mapping[str, float]
    reasons: Mapping[str, str]


def verdict_sheets_pdf(
    context: Context,
    model: LearningModel,
    year: int,
    subjects: Sequence[Uid],
    out: Path,
    *,
    progress: Progress = NO_PROGRESS,
) -> int:
    """Write the sheets of these subjects in the order given; who has no form is left out. Returns the pages.

    Raises:
        UserError: ``sheets.none``, ``sheets.too_many``, ``round.unknown``.
        EnvironmentProblem: the file cannot be written; an older file is kept.
        Cancelled: asked to stop; nothing is kept.
    """
    if len(subjects) > MOST_SHEETS:
        raise UserError(
            f"Đang chọn {number_text(len(subjects))} phiếu, mỗi lần in nhiều nhất {number_text(MOST_SHEETS)} bảng điểm "
            "nên chưa in gì. Hãy chọn từng thôn.",
            code="sheets.too_many",
        )
    with context.read() as connection:
        round_ = round_of(connection, year)
        office = read_office(connection)
        head = head_of(office, "", year, today(context))
        maker = user_name(connection, context.user)
        sheets = _sheets(connection, round_, model, subjects, head, maker)
    if not sheets:
        raise UserError(
            f"Chưa có phiếu {UNITS[model]} nào được chấm trong những phiếu đang chọn nên chưa có bảng điểm để in. "
            "Hãy chấm phiếu trước.",
            code="sheets.none",
        )
    return write_verdict_sheet(sheets, out, progress=progress)


def note_sheets(context: Context, model: LearningModel, year: int, count: int) -> None:
    """Write down that sheets with names were printed or saved (Luật 91/2025/QH15)."""
    what = f"bảng điểm {UNITS[model]} năm {year}"
    with context.operation("paper.print", {"count": count, "what": what}) as op:
        op.is_kept = True


def _sheets(
    connection: Connection,
    round_: RoundRecord,
    model: LearningModel,
    subjects: Sequence[Uid],
    head: DocumentHead,
    maker: str,
) -> list[VerdictSheetData]:
    forms = _read(connection, round_, model, subjects)
    sets = read_sets(connection, {form.set_id for form in forms if form.set_id is not None})
    judged = {
        form: (definition, verdict)
        for form, definition, verdict, _ in read_verdicts(
            connection, round_, model, [form.id for form in forms if not form.frozen]
        )
    }
    sheets = []
    for form in forms:
        used = sets.get(form.set_id) if form.set_id is not None else None
        if form.frozen and used is not None:
            kept = read_frozen(form.frozen)
            definition = used.definition
            told = (kept.sentence, kept.total, kept.max_total, kept.passed)
        elif form.id in judged:
            definition, verdict = judged[form.id]
            told = (sentence(definition, verdict), verdict.total, verdict.max_total, verdict.passed)
        else:
            continue
        said, total, most, passed = told
        returned = _returned(connection, form)
        sheets.append(
            VerdictSheetData(
                head=head,
                form_title=f"BẢNG ĐIỂM VÀ LÝ DO\n{definition.title.upper()} NĂM {round_.year}",
                set_text=words.set_line(definition),
                facts=_facts(model, form),
                rows=tuple(_rows(definition, form)),
                total=f"{words.score_text(total)}/{words.score_text(most)}",
                verdict=" ".join(part for part in (said, returned) if part),
                is_passed=passed and not returned,
                warning=words.status_line(definition),
                score_label="Kết quả" if definition.pass_mark is None else "Điểm",
                signatures=(
                    Signature(("NGƯỜI XEM",), "", words.SIGN_NOTE, 18),
                    Signature(("NGƯỜI LẬP",), maker, words.SIGN_NOTE, 18),
                ),
            )
        )
    return sheets


def _read(connection: Connection, round_: RoundRecord, model: LearningModel, subjects: Sequence[Uid]) -> list[_Form]:
    source = SOURCES[model]
    birth = "s.birth" if model is LearningModel.CITIZEN else "NULL"
    rows = all_rows(
        connection,
        f"SELECT a.id, {source.name}, {birth}, v.name, {source.detail}, a.frozen, a.status, a.criteria_set_id, "
        f"a.assessor, a.assessed_on, a.note FROM json_each(?) AS j "
        f"CROSS JOIN {subject_table(model)} AS s ON s.uid = unhex(j.value) "
        f"JOIN assessment AS a ON a.assessment_round_id = {round_.id} AND a.model = '{model.value}' "
        f"AND a.subject_id = s.id AND a.present AND (a.answered > 0 OR a.frozen IS NOT NULL) "
        f"{placed(source.joins, model, round_)} WHERE s.present ORDER BY j.key",
        (json.dumps(list(subjects)),),
    )
    answers: dict[int, dict[str, float]] = {}
    reasons: dict[int, dict[str, str]] = {row[0]: {"": row[10]} if row[10] else {} for row in rows}
    query = (
        "SELECT w.assessment_id, w.indicator, w.value, w.note FROM json_each(?) AS j "
        "CROSS JOIN answer AS w ON w.assessment_id = j.value WHERE w.present"
    )
    for form, indicator, value, note in all_rows(connection, query, (json.dumps([row[0] for row in rows]),)):
        if value is not None:
            answers.setdefault(form, {})[indicator] = value
        if note:
            reasons[form][indicator] = note
    return [
        _Form(
            row[0], row[1] or "", row[2] or "", row[3] or "", row[4] or "", row[5], row[6] or "", row[7],
            row[8] or "", row[9] or "", answers.get(row[0], {}), reasons[row[0]],
        )
        for row in rows
    ]  # fmt: skip


def _facts(model: LearningModel, form: _Form) -> tuple[tuple[str, str], ...]:
    name, detail = NAME_TITLES[model]
    birth = PartialDate.from_iso(form.birth).text() if form.birth else ""
    by = ", ".join(part for part in (form.assessor, "/".join(reversed(form.assessed_on.split("-")))) if part)
    facts = (
        (name, form.name),
        ("Năm sinh" if model is LearningModel.CITIZEN else detail, birth or form.detail),
        ("Thôn, tổ", form.hamlet if model is not LearningModel.COMMUNITY else ""),
        ("Mã hộ", form.detail if model is LearningModel.CITIZEN else ""),
        ("Người chấm", by),
    )
    return tuple((label, value) for label, value in facts if value)


def _rows(definition: CriteriaSet, form: _Form) -> list[VerdictRow]:
    """Criteria with their sums, indicators with what was answered and the reason that was kept."""
    found = []
    for criterion in definition.criteria:
        points = [item for item in criterion.indicators if item.answer_type is AnswerType.POINTS]
        given = sum(form.answers.get(item.code, 0) for item in points)
        most = words.score_text(criterion.max_score) if criterion.max_score else ""
        found.append(
            VerdictRow(
                criterion.number, criterion.name, most, words.score_text(given) if points else "", is_heading=True
            )
        )
        found += [_row(definition, item, form) for item in criterion.indicators]
    if reason := form.reasons.get(""):
        found.append(VerdictRow("", f"Ghi chú của phiếu: {reason}"))
    return found


def _row(definition: CriteriaSet, item: Indicator, form: _Form) -> VerdictRow:
    reason = form.reasons.get(item.code, "")
    return VerdictRow(
        item.number,
        item.shown_text,
        words.score_text(item.max_score) if item.max_score else "",
        answer_words(definition, item.code, form.answers.get(item.code)),
        note=f"lý do: {reason}" if reason else "",
        status=TextStatus.OFFICIAL if item.is_changed or item.shown_text.startswith("[") else item.status,
    )


def _returned(connection: Connection, form: _Form) -> str:
    """ "Phiếu bị trả lại ngày 22/11/2026 (xã thẩm định): thiếu minh chứng."; empty while it is not returned."""
    if form.status != AssessmentStatus.RETURNED or form.frozen:
        return ""
    row = one_row(
        connection,
        "SELECT coalesce(stage, 'commune'), reason, reviewed_on FROM review WHERE assessment_id = ? AND present "
        "AND outcome = 'returned' ORDER BY uid DESC LIMIT 1",
        (form.id,),
    )
    if row is None:
        return "Phiếu bị trả lại."
    stage = next((text for key, text in STAGE_TEXT.items() if key.value == row[0]), "")
    day = "/".join(reversed((row[2] or "").split("-")))
    when = f" ngày {day}" if day else ""
    reason = str(row[1] or "chưa ghi lý do").rstrip(".")
    return f"Phiếu bị trả lại{when} ({stage}): {reason}."
