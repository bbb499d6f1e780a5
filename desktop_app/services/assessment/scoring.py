"""Judges answers by a criteria set. Pure: no session, no clock, no file; the same input gives the same verdict.

Invariant: a form passes only when it is answered whole, reaches the pass mark, keeps every floor (or meets every chỉ
tiêu at a grade) and fulfils every enabled prerequisite; raising a score never makes a passed form fail.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeGuard

from desktop_app.models.types import SetKind
from desktop_app.services.assessment.cheapest import Step, cheapest_scores, count_needed
from desktop_app.services.criteria.definition import AnswerType, Band, CriteriaSet, Indicator, Level, Prerequisite
from desktop_app.services.criteria.facts import FACTS, FactValue

Answer = float | bool | None
"""A score, a percentage, met or not met; None while unanswered."""

NO_FACTS: Mapping[str, FactValue] = MappingProxyType({})


class ReasonKind(StrEnum):
    """Why a form does not pass (yet)."""

    MISSING_ANSWERS = "missing_answers"
    INVALID_ANSWER = "invalid_answer"
    TOTAL_SHORT = "total_short"
    BELOW_FLOOR = "below_floor"
    NOT_MET = "not_met"
    THRESHOLD_UNMET = "threshold_unmet"
    PREREQUISITE_UNMET = "prerequisite_unmet"
    PREREQUISITE_UNKNOWN = "prerequisite_unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Args:
        code: the indicator's code or the prerequisite's key; empty for the form as a whole.
        value: what is there (score, total, percent, number of missing answers); None when unknown.
        required: what is asked.
        fact: the counted share behind it, if there is one.
    """

    kind: ReasonKind
    code: str = ""
    value: float | None = None
    required: float | None = None
    fact: FactValue | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one form.

    Args:
        total: sum of the valid scores, or number of chỉ tiêu met at mức độ 1.
        max_total: the highest total.
        passed: the title may be given (a set that waits for confirmation is not the engine's concern).
        complete: every indicator has a valid answer or a counted fact.
        band: the xếp loại of a passed form where the set has bands.
        grade: the mức độ reached by a checklist, None below 1.
        next_grade: the grade that ``way`` leads to, for checklists.
        reasons: why not passed, in the order they are told; empty when passed.
        shortfall: points to add at least, floors included; chỉ tiêu still to meet for a checklist. 0 when passed.
        way: the cheapest way to pass, or to the next grade; empty when there is none to go. A prerequisite that could
            not be counted has no step.
        missing: codes of the indicators without a valid answer, in order.
    """

    total: float
    max_total: float
    passed: bool
    complete: bool
    band: Band | None = None
    grade: int | None = None
    next_grade: int | None = None
    reasons: tuple[Reason, ...] = ()
    shortfall: float = 0
    way: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """Why a value cannot be an answer: a stable code and a plain sentence."""

    code: str
    message: str


def evaluate(
    definition: CriteriaSet, answers: Mapping[str, Answer], facts: Mapping[str, FactValue] = NO_FACTS
) -> Verdict:
    """Judge one form.

    Args:
        answers: by indicator code; what is absent, None or not valid counts as missing.
        facts: shares counted from the register by fact key; a counted fact stands before a typed percentage.
    """
    if definition.kind is SetKind.CHECKLIST:
        return _evaluate_checklist(definition, answers, facts)
    return _evaluate_points(definition, answers, facts)


def quick_verdict(
    definition: CriteriaSet, scores: Sequence[Answer], facts: Mapping[str, FactValue] = NO_FACTS
) -> tuple[float, bool]:
    """Total and passed alone, for judging a whole register; agrees with ``evaluate``.

    Args:
        scores: valid answers in the order of ``definition.indicators``, None where one is missing.
    """
    is_points, mark, floor, has_conditions = definition.quick_rule
    if is_points:
        given: Any = scores
        try:
            total: float = sum(given)
        except TypeError:  # one is missing: asking for that first costs every whole form a pass over its scores
            return sum(score for score in scores if score is not None), False
        passed = total >= mark and min(given) >= floor
        if has_conditions and passed:
            passed = not _prerequisite_reasons(definition, facts)
        return total, passed
    verdict = evaluate(definition, dict(zip(definition.by_code, scores, strict=True)), facts)
    return verdict.total, verdict.passed


def validate_answer(indicator: Indicator, value: object) -> AnswerProblem | None:
    """Why a value cannot answer an indicator; None when it can.

    Points: a whole number from 0 to the maximum, or a half where the set allows halves. Percent: 0 to 100 with at
    most two decimals. Met: true or false (1 and 0 as stored). Text, NaN and (for numbers) true/false are refused.
    """
    if indicator.answer_type is AnswerType.MET:
        if isinstance(value, bool) or (isinstance(value, int | float) and value in (0, 1)):
            return None
        return AnswerProblem("answer.not_yes_no", f"Chỉ tiêu {indicator.number} chỉ trả lời đạt hoặc chưa đạt.")
    if not _is_number(value):
        return AnswerProblem("answer.not_number", f"Ô {indicator.number} phải là một số.")
    if indicator.answer_type is AnswerType.PERCENT:
        return _percent_problem(indicator, value)
    top = indicator.max_score or 0
    if not 0 <= value <= top:
        most = f"{top:g}".replace(".", ",")
        return AnswerProblem("answer.out_of_range", f"Chỉ số {indicator.number} chấm từ 0 đến {most} điểm.")
    if value % indicator.step:
        unit = "nửa điểm" if indicator.half_points else "điểm nguyên, không chấm lẻ"
        return AnswerProblem("answer.wrong_step", f"Chỉ số {indicator.number} chấm theo {unit}.")
    return None


def _is_number(value: object) -> TypeGuard[float]:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def level_for(indicator: Indicator, score: float | None) -> Level | None:
    """The guidance level a score lies in; a half between two levels belongs to the lower one."""
    if score is None or not 0 <= score <= (indicator.max_score or 0):
        return None
    return max((level for level in indicator.levels if level.min <= score), key=lambda level: level.min, default=None)


def _percent_problem(indicator: Indicator, value: float) -> AnswerProblem | None:
    if not 0 <= value <= 100:
        return AnswerProblem("answer.out_of_range", f"Tỷ lệ của chỉ tiêu {indicator.number} từ 0 đến 100%.")
    if abs(round(value, 2) - value) > 1e-9:
        return AnswerProblem("answer.wrong_step", f"Tỷ lệ của chỉ tiêu {indicator.number} lấy nhiều nhất hai số lẻ.")
    return None


def _evaluate_points(definition: CriteriaSet, answers: Mapping[str, Answer], facts: Mapping[str, FactValue]) -> Verdict:
    mark = definition.pass_mark.value if definition.pass_mark else 0
    scores, invalid = _valid_scores(definition, answers)
    missing = tuple(i.code for i, s in zip(definition.indicators, scores, strict=True) if s is None)
    total = sum(s for s in scores if s is not None)
    reasons = [*invalid]
    if missing:
        reasons.append(Reason(ReasonKind.MISSING_ANSWERS, value=len(missing), required=len(scores)))
    if total < mark:
        reasons.append(Reason(ReasonKind.TOTAL_SHORT, value=total, required=mark))
    reasons += [
        Reason(ReasonKind.BELOW_FLOOR, i.code, s, floor)
        for i, s, floor in zip(definition.indicators, scores, definition.floors, strict=True)
        if s is not None and s < floor
    ]
    unmet = _prerequisite_reasons(definition, facts)
    reasons += unmet
    if not reasons:
        return Verdict(total, definition.max_total, True, True, band=_band(definition, total))
    way = cheapest_scores(definition, scores, mark)
    return Verdict(
        total,
        definition.max_total,
        passed=False,
        complete=not missing,
        reasons=tuple(reasons),
        shortfall=sum(step.after - (step.before or 0) for step in way),
        way=(*way, *_fact_steps(definition, unmet)),
        missing=missing,
    )


def _valid_scores(definition: CriteriaSet, answers: Mapping[str, Answer]) -> tuple[list[float | None], list[Reason]]:
    scores: list[float | None] = []
    invalid: list[Reason] = []
    for indicator in definition.indicators:
        value = answers.get(indicator.code)
        if value is not None and validate_answer(indicator, value) is not None:
            invalid.append(Reason(ReasonKind.INVALID_ANSWER, indicator.code, required=indicator.max_score))
            value = None
        scores.append(value)
    return scores, invalid


def _band(definition: CriteriaSet, total: float) -> Band | None:
    return max((b for b in definition.bands if b.min <= total), key=lambda b: b.min, default=None)


def _prerequisite_reasons(definition: CriteriaSet, facts: Mapping[str, FactValue]) -> list[Reason]:
    found = []
    for p in definition.enabled_prerequisites:
        fact = facts.get(p.fact)
        if fact is None or fact.percent is None:
            found.append(Reason(ReasonKind.PREREQUISITE_UNKNOWN, p.key, required=p.percent, fact=fact))
        elif not fact.reaches(p.percent):
            found.append(Reason(ReasonKind.PREREQUISITE_UNMET, p.key, fact.percent, p.percent, fact))
    return found


def _fact_steps(definition: CriteriaSet, unmet: Sequence[Reason]) -> list[Step]:
    by_key: dict[str, Prerequisite] = {p.key: p for p in definition.prerequisites}
    steps: dict[str, Step] = {}
    for reason in unmet:
        if reason.kind is ReasonKind.PREREQUISITE_UNMET and reason.fact and reason.required is not None:
            key = by_key[reason.code].fact
            needed = count_needed(reason.fact, reason.required)
            if key not in steps or needed > steps[key].after:
                steps[key] = Step(key, reason.fact.numerator, needed, is_fact=True)
    return list(steps.values())


@dataclass(frozen=True, slots=True)
class _Checked:
    """One chỉ tiêu with what is known of it; ``value`` None while unanswered."""

    indicator: Indicator
    value: float | None
    fact: FactValue | None

    def is_met(self, grade: int) -> bool:
        if self.value is None:
            return False
        if self.indicator.answer_type is AnswerType.MET:
            return self.value == 1
        required = self.indicator.required_percent(grade) or 0
        return self.fact.reaches(required) if self.fact else self.value >= required


def _evaluate_checklist(
    definition: CriteriaSet, answers: Mapping[str, Answer], facts: Mapping[str, FactValue]
) -> Verdict:
    invalid: list[Reason] = []
    rows = [_checked(i, answers, facts, invalid) for i in definition.indicators]
    missing = tuple(r.indicator.code for r in rows if r.value is None)
    unmet = _prerequisite_reasons(definition, facts)
    grade = 0 if unmet else _grade(definition, rows)
    target = grade + 1 if grade < len(definition.grades) else None
    reasons: list[Reason] = []
    if not grade:
        reasons = [*invalid]
        if missing:
            reasons.append(Reason(ReasonKind.MISSING_ANSWERS, value=len(missing), required=len(rows)))
        reasons += [_checklist_reason(r) for r in rows if r.value is not None and not r.is_met(1)]
        reasons += unmet
    steps = [_checklist_step(r, target) for r in rows if not r.is_met(target)] if target else []
    return Verdict(
        total=sum(r.is_met(1) for r in rows),
        max_total=definition.max_total,
        passed=grade > 0,
        complete=not missing,
        grade=grade or None,
        next_grade=_grade_after(definition, rows, target) if target else None,
        reasons=tuple(reasons),
        shortfall=0 if grade else sum(not r.is_met(1) for r in rows),
        way=tuple(_without_repeats([*steps, *_fact_steps(definition, unmet)])),
        missing=missing,
    )


def _checked(
    indicator: Indicator, answers: Mapping[str, Answer], facts: Mapping[str, FactValue], invalid: list[Reason]
) -> _Checked:
    if indicator.answer_type is AnswerType.PERCENT and indicator.fact and FACTS[indicator.fact].is_computed:
        fact = facts.get(indicator.fact)
        if fact is not None and fact.percent is not None:
            return _Checked(indicator, fact.percent, fact)
    value = answers.get(indicator.code)
    if value is not None and validate_answer(indicator, value) is not None:
        invalid.append(Reason(ReasonKind.INVALID_ANSWER, indicator.code))
        value = None
    return _Checked(indicator, None if value is None else float(value), None)


def _grade(definition: CriteriaSet, rows: Sequence[_Checked]) -> int:
    reached = 0
    for grade in definition.grades:
        if not all(row.is_met(grade.number) for row in rows):
            break
        reached = grade.number
    return reached


def _grade_after(definition: CriteriaSet, rows: Sequence[_Checked], target: int) -> int:
    """The grade that a form has once the steps to ``target`` are taken: a higher one where nothing else is wanting."""
    reached = target
    for grade in range(target + 1, len(definition.grades) + 1):
        if not all(row.is_met(grade) or _is_met_by_step(row, target, grade) for row in rows):
            break
        reached = grade
    return reached


def _is_met_by_step(row: _Checked, target: int, grade: int) -> bool:
    if row.is_met(target):
        return False
    indicator = row.indicator
    is_met_kind = indicator.answer_type is AnswerType.MET
    return is_met_kind or indicator.required_percent(grade) == indicator.required_percent(target)


def _checklist_reason(row: _Checked) -> Reason:
    if row.indicator.answer_type is AnswerType.MET:
        return Reason(ReasonKind.NOT_MET, row.indicator.code, 0, 1)
    required = row.indicator.required_percent(1)
    return Reason(ReasonKind.THRESHOLD_UNMET, row.indicator.code, row.value, required, row.fact)


def _checklist_step(row: _Checked, grade: int) -> Step:
    if row.indicator.answer_type is AnswerType.MET:
        return Step(row.indicator.code, row.value, 1)
    required = row.indicator.required_percent(grade) or 0
    if row.fact is not None and row.indicator.fact is not None:
        return Step(row.indicator.fact, row.fact.numerator, count_needed(row.fact, required), is_fact=True)
    return Step(row.indicator.code, row.value, required)


def _without_repeats(steps: Sequence[Step]) -> list[Step]:
    """One step a fact, the highest asked: two chỉ tiêu may rest on the same count."""
    kept: dict[tuple[str, bool], Step] = {}
    for step in steps:
        key = (step.code, step.is_fact)
        if key not in kept or kept[key].after < step.after:
            kept[key] = step
    return list(kept.values())
