"""The subject's form of the last round before this one, as far as it can be compared with this year's.

Invariant: a value stands beside an indicator only where both years ask the same (one set's key, one code, one kind of
answer, one maximum); what is left out is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import AssessmentStatus, SetKind
from desktop_app.services.assessment.answers import OpenForm
from desktop_app.services.criteria.definition import CriteriaSet, Indicator
from desktop_app.services.criteria.office import set_by_id
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.vietnamese import number_text


@dataclass(frozen=True, slots=True)
class EarlierForm:
    """The subject's form of an earlier round, to stand beside this year's.

    Args:
        answers: all its answers by its own codes.
        comparable: those of indicators that this year's set asks in the same way.
        max_total: of the set it was judged by; 0 where that is not known.
        line: "Năm 2025: 82/100 điểm, đạt".
        is_complete: every indicator was answered then; the total of one that was not says little.
        note: why some or all of its answers do not stand beside this year's; empty when all do.
    """

    year: int
    total: float
    passed: bool
    answers: Mapping[str, float]
    set_key: str
    comparable: Mapping[str, float]
    max_total: float
    line: str
    note: str = ""
    is_complete: bool = True


def read_earlier(connection: Connection, form: OpenForm) -> EarlierForm | None:
    """The last answered form before the round of ``form``; None where there is none."""
    row = one_row(
        connection,
        "SELECT r.year, a.id, a.total, a.passed, a.is_complete, a.status, a.criteria_set_id FROM assessment a "
        "JOIN assessment_round r ON r.id = a.assessment_round_id "
        "WHERE a.subject = ? AND a.model = ? AND a.present AND a.answered > 0 AND r.year < ? "
        "ORDER BY r.year DESC LIMIT 1",
        (bytes.fromhex(form.subject), form.model.value, form.round.year),
    )
    if row is None:
        return None
    year, form_id, total, passed, is_complete, status, set_id = row
    passed = passed and status != AssessmentStatus.RETURNED
    rows = all_rows(
        connection,
        "SELECT indicator, value FROM answer WHERE assessment_id = ? AND present AND value IS NOT NULL",
        (form_id,),
    )
    answers: dict[str, float] = dict(rows)
    before = set_by_id(connection, set_id).definition if set_id is not None else None
    comparable, note = compare_sets(year, before, form.used.definition, answers)
    return EarlierForm(
        year=year,
        total=total or 0,
        passed=bool(passed),
        answers=answers,
        set_key=before.key if before is not None else "",
        comparable=comparable,
        max_total=before.max_total if before is not None else 0,
        line=_line(year, total or 0, before, _outcome(status, passed=bool(passed), is_complete=bool(is_complete))),
        note=note,
        is_complete=bool(is_complete),
    )


def compare_sets(
    year: int, before: CriteriaSet | None, now: CriteriaSet, answers: Mapping[str, float]
) -> tuple[dict[str, float], str]:
    """The answers of another year that may stand beside this year's indicators, and what is left out, in words."""
    if before is None or before.key != now.key:
        name = f" ({before.name})" if before is not None else ""
        return {}, f"Năm {year} chấm theo bộ tiêu chí khác{name} nên không đặt điểm cũ cạnh từng {now.indicator_word}."
    same = {i.code for i in now.indicators if is_same_question(before.by_code.get(i.code), i)}
    comparable = {code: value for code, value in answers.items() if code in same}
    changed = [i.number for i in now.indicators if i.code not in same]
    if not changed:
        return comparable, ""
    numbers = ", ".join(changed)
    return comparable, (
        f"Năm {year} chấm theo phiên bản {before.version}; {now.indicator_word} {numbers} đã khác (mới hoặc đổi điểm "
        "tối đa) nên không đặt điểm cũ bên cạnh."
    )


def is_same_question(before: Indicator | None, now: Indicator) -> bool:
    """Whether an answer given then says the same now: one kind of answer, one maximum."""
    return before is not None and before.answer_type is now.answer_type and before.max_score == now.max_score


def _outcome(status: str | None, *, passed: bool, is_complete: bool) -> str:
    if status == AssessmentStatus.RETURNED:
        return "bị trả lại"
    return "đạt" if passed else "chưa đạt" if is_complete else "chấm chưa xong"


def _line(year: int, total: float, before: CriteriaSet | None, outcome: str) -> str:
    most = f"/{_number(before.max_total)}" if before is not None else ""
    is_checklist = before is not None and before.kind is SetKind.CHECKLIST
    unit = before.indicator_word if is_checklist and before is not None else "điểm"
    return f"Năm {year}: {_number(total)}{most} {unit}, {outcome}"


def _number(value: float) -> str:
    return number_text(value, 0 if value == int(value) else 1)
