"""What a form still wants, told apart: faults that block, warnings that may be kept with a reason, and what is missing.

Invariant: pure, it judges what it is given and changes nothing; a kept warning is still listed, with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop_app.services.assessment.scoring import validate_answer
from desktop_app.services.assessment.verdict import percent_text
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator
from desktop_app.services.criteria.facts import FACTS, FactValue
from desktop_app.services.vietnamese import number_text

if TYPE_CHECKING:
    from desktop_app.services.assessment.form import FormState

FAR = 30
"""So many points away from last year's total ask for a reason."""

AGAINST_FACT = 50
"""So many hundredths between a score's share of its maximum and the counted share contradict each other."""


class FindingKind(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    KEPT = "kept"
    MISSING = "missing"


FINDING_TEXT: Mapping[FindingKind, str] = {
    FindingKind.ERROR: "Lỗi",
    FindingKind.WARNING: "Cảnh báo",
    FindingKind.KEPT: "Đã ghi lý do",
    FindingKind.MISSING: "Còn thiếu",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a form.

    Args:
        code: the indicator's code; empty for the form as a whole.
        text: the sentence.
        reason: why it stands nevertheless, for kept warnings.
    """

    kind: FindingKind
    code: str
    text: str
    reason: str = ""

    @property
    def word(self) -> str:
        return FINDING_TEXT[self.kind]


def find(state: FormState) -> tuple[Finding, ...]:
    """Everything about one form: faults first, then warnings, what is missing, and warnings kept with a reason."""
    definition = state.definition
    found: list[Finding] = []
    for indicator in definition.indicators:
        found += _of_indicator(state, indicator)
    found += _of_total(state)
    if state.answers:
        found += _missing(definition, state)
    order = (FindingKind.ERROR, FindingKind.WARNING, FindingKind.MISSING, FindingKind.KEPT)
    return tuple(sorted(found, key=lambda item: order.index(item.kind)))


def _of_indicator(state: FormState, indicator: Indicator) -> list[Finding]:
    value = state.answers.get(indicator.code)
    if value is None:
        return []
    problem = validate_answer(indicator, bool(value) if indicator.answer_type is AnswerType.MET else value)
    if problem is not None:
        where = f"{_upper(state.definition.indicator_word)} {indicator.number}: {problem.message}"
        return [Finding(FindingKind.ERROR, indicator.code, where)]
    said = [
        text for text in (_without_evidence(state, indicator, value), _against_fact(state, indicator, value)) if text
    ]
    reason = state.reasons.get(indicator.code, "")
    where = f"{_upper(state.definition.indicator_word)} {indicator.number}"
    return [_warning(indicator.code, f"{where} {text}", reason) for text in said]


def _without_evidence(state: FormState, indicator: Indicator, value: float) -> str:
    """The highest score of an indicator for which the set names evidence, and none is attached."""
    is_full = indicator.answer_type is AnswerType.POINTS and value == indicator.max_score
    if not is_full or not indicator.evidence or state.evidence.get(indicator.code) or state.evidence.get(""):
        return ""
    return f"chấm tối đa {_n(value)} mà chưa có minh chứng."


def _against_fact(state: FormState, indicator: Indicator, value: float) -> str:
    """A score far from what the register counts for the same thing."""
    fact: FactValue | None = state.facts.get(indicator.fact or "")
    if indicator.answer_type is not AnswerType.POINTS or not indicator.max_score or fact is None:
        return ""
    if fact.percent is None or abs(value / indicator.max_score * 100 - fact.percent) < AGAINST_FACT:
        return ""
    is_over = value / indicator.max_score * 100 > fact.percent
    counted = f"{'mới' if is_over else 'đã'} {percent_text(fact.percent)} {FACTS[indicator.fact or ''].predicate}"
    return f"chấm {_n(value)}/{_n(indicator.max_score)} mà theo sổ {counted}."


def _of_total(state: FormState) -> list[Finding]:
    """A whole form whose total lies far from last year's, which was whole too, by a set with the same highest total."""
    before, verdict = state.earlier, state.verdict
    is_whole = before is not None and before.is_complete and verdict.complete
    if before is None or not is_whole or state.definition.max_total != before.max_total:
        return []
    apart = verdict.total - before.total
    if abs(apart) < FAR:
        return []
    way = "cao hơn" if apart > 0 else "thấp hơn"
    text = f"Tổng {_n(verdict.total)} {way} năm {before.year} ({_n(before.total)}) tới {_n(abs(apart))} điểm."
    return [_warning("", text, state.reasons.get("", ""))]


def _missing(definition: CriteriaSet, state: FormState) -> list[Finding]:
    codes = state.verdict.missing
    missing = [Finding(FindingKind.MISSING, codes[0], _unanswered(definition, codes))] if codes else []
    for prerequisite in definition.enabled_prerequisites:
        fact = state.facts.get(prerequisite.fact)
        if fact is None or fact.percent is None:
            text = f"Điều kiện chưa tính được từ sổ: {prerequisite.text}"
            missing.append(Finding(FindingKind.MISSING, "", text))
    if not missing and not (state.assessor and state.assessed_on):
        missing.append(Finding(FindingKind.MISSING, "", "Chưa ghi người chấm và ngày chấm."))
    return missing


def _unanswered(definition: CriteriaSet, codes: Sequence[str]) -> str:
    numbers = ", ".join(definition.by_code[code].number for code in codes)
    return f"{_upper(definition.indicator_word)} {numbers} chưa trả lời."


def _warning(code: str, text: str, reason: str) -> Finding:
    return Finding(FindingKind.KEPT if reason else FindingKind.WARNING, code, text, reason)


def _n(value: float) -> str:
    return number_text(value, 0 if value == int(value) else 1)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
