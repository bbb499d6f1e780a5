"""Says a verdict in one Vietnamese sentence, with the cheapest way to pass behind it. Pure.

Invariant: the sentence begins with "Đạt" exactly when the verdict passed, and names nothing the verdict does not hold.
A set that is only a suggestion says so in every sentence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

from desktop_app.models.types import SetKind
from desktop_app.services.assessment.cheapest import Step
from desktop_app.services.assessment.scoring import Reason, ReasonKind, Verdict
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet
from desktop_app.services.criteria.facts import FACTS, FactValue
from desktop_app.services.vietnamese import number_text, number_words

MAX_NAMED = 4
"""Above so many indicators the sentence gives their number, not their names."""

MAX_STEPS = 3
"""Above so many steps the way to pass is told as a whole."""


def sentence(definition: CriteriaSet, verdict: Verdict) -> str:
    """The verdict as it stands on screen, on the printed form and in the minutes.

    Examples: "Đạt: 83/100 điểm, không chỉ số nào dưới 5." · "Chưa đạt: 78/80 điểm; chỉ số 6 được 4, phải từ 5. Nếu chỉ
    số 6 lên 6 điểm thì đạt." · "Chưa đủ: 53/80 điểm, còn 3 chỉ số chưa chấm (8, 9, 10); cần thêm ít nhất 27 điểm. …"
    """
    head, *rest = _passed(definition, verdict) if verdict.passed else _failed(definition, verdict)
    says = " theo bản gợi ý" if definition.is_suggestion else ""
    return f"{head}{says}: {'; '.join(rest)}.{_way(definition, verdict)}"


def short_verdict(definition: CriteriaSet, verdict: Verdict) -> str:
    """A few words for a chip in a table: "Đạt", "thiếu 6", "CS6 < 5", "Chưa chấm", "còn 3"."""
    if verdict.passed:
        if verdict.band:
            return f"Đạt · {verdict.band.name}"
        return f"Đạt mức {verdict.grade}" if verdict.grade else "Đạt"
    if len(verdict.missing) == len(definition.indicators):
        return "Chưa chấm"
    low = _of(verdict, ReasonKind.BELOW_FLOOR)
    if len(low) == 1:
        number = definition.by_code[low[0].code].number
        return f"{definition.indicator_abbreviation}{number} < {_n(low[0].required)}"
    if low:
        return f"{len(low)} {definition.indicator_abbreviation} < {_n(low[0].required)}"
    if verdict.missing:
        return f"còn {len(verdict.missing)}"
    if definition.kind is SetKind.CHECKLIST and verdict.shortfall:
        return f"thiếu {_n(verdict.shortfall)} {definition.indicator_abbreviation}"
    return f"thiếu {_n(verdict.shortfall)}" if verdict.shortfall else "thiếu điều kiện"


def percent_text(value: float) -> str:
    """A percentage with at most one decimal, cut and not rounded: 59,96 never looks like the 60 it has to reach."""
    cut = math.floor(value * 10 + 1e-9) / 10
    return f"{_n(cut)}%"


def share_text(fact: FactValue) -> str:
    """A counted share with its denominator: "9/20 gia đình trong dòng họ (45%)"."""
    share = f" ({percent_text(fact.percent)})" if fact.percent is not None else ""
    return f"{_n(fact.numerator)}/{_n(fact.denominator)} {fact.denominator_name}{share}"


def _passed(definition: CriteriaSet, verdict: Verdict) -> list[str]:
    if definition.kind is SetKind.CHECKLIST:
        name = next(g.name for g in definition.grades if g.number == verdict.grade)
        word = definition.indicator_word
        return [f"Đạt {_lower(name)}", f"đủ {_n(verdict.total)}/{_n(verdict.max_total)} {word}"]
    head = f"Đạt loại {verdict.band.name}" if verdict.band else "Đạt"
    score = f"{_n(verdict.total)}/{_n(verdict.max_total)} điểm"
    if definition.least_score:
        score += f", {_no_floor(definition)}"
    return [head, score, "đủ điều kiện kèm theo"] if definition.enabled_prerequisites else [head, score]


def _failed(definition: CriteriaSet, verdict: Verdict) -> list[str]:
    hard = any(r.kind not in (ReasonKind.MISSING_ANSWERS, ReasonKind.TOTAL_SHORT) for r in verdict.reasons)
    head = "Chưa đạt" if verdict.complete or hard else "Chưa đủ"
    standing, low, left = _standing(definition, verdict), _low(definition, verdict), _left(definition, verdict)
    if verdict.complete and low and verdict.total >= _mark(definition):
        parts = [f"{standing} nhưng {low}"]
    elif _is_blank(definition, verdict):
        parts = [*left, standing]
    elif left and not low:
        parts = [f"{standing}, {left[0]}", *left[1:]]
    else:
        parts = [standing, low, ", ".join(left)]
    parts += [_invalid(definition, verdict)]
    parts += [_checklist_fault(definition, r) for r in _named(definition, verdict)]
    parts += [_prerequisite_fault(definition, r) for r in verdict.reasons if r.kind in _PREREQUISITE]
    return [head, *(part for part in parts if part)]


_PREREQUISITE = (ReasonKind.PREREQUISITE_UNMET, ReasonKind.PREREQUISITE_UNKNOWN)


def _standing(definition: CriteriaSet, verdict: Verdict) -> str:
    """Where the form stands: the total against what is asked."""
    total, top = _n(verdict.total), _n(verdict.max_total)
    if definition.kind is SetKind.CHECKLIST:
        blank = _is_blank(definition, verdict)
        return (
            f"phải đạt cả {top} {definition.indicator_word}"
            if blank
            else f"{total}/{top} {definition.indicator_word} đạt"
        )
    mark = _mark(definition)
    if _is_blank(definition, verdict):
        floor = f", {_no_floor(definition)}" if definition.least_score else ""
        return f"cần từ {_n(mark)}/{top} điểm{floor}"
    if verdict.total < mark:
        return f"{total}/{_n(mark)} điểm"
    return f"đủ điểm ({total}/{top})" if verdict.complete else f"đã có {total}/{top} điểm"


def _left(definition: CriteriaSet, verdict: Verdict) -> list[str]:
    """What is not answered yet, and what a points form still needs."""
    word, count = definition.indicator_word, len(verdict.missing)
    if not count:
        return []
    done = "chấm" if definition.kind is SetKind.POINTS else "trả lời"
    if _is_blank(definition, verdict):
        return [f"chưa {done} {word} nào"]
    numbers = [definition.by_code[code].number for code in verdict.missing]
    left = f"còn {count} {word} chưa {done}{_bracket(numbers)}"
    if definition.kind is SetKind.CHECKLIST or not verdict.shortfall:
        return [left]
    return [left, f"cần thêm ít nhất {_n(verdict.shortfall)} điểm"]


def _bracket(numbers: Sequence[str]) -> str:
    return f" ({', '.join(numbers)})" if len(numbers) <= MAX_NAMED else ""


def _is_blank(definition: CriteriaSet, verdict: Verdict) -> bool:
    return len(verdict.missing) == len(definition.indicators)


def _mark(definition: CriteriaSet) -> float:
    return definition.pass_mark.value if definition.pass_mark else 0


def _no_floor(definition: CriteriaSet) -> str:
    return f"không {definition.indicator_word} nào dưới {_n(definition.least_score)}"


def _invalid(definition: CriteriaSet, verdict: Verdict) -> str:
    numbers = [definition.by_code[r.code].number for r in _of(verdict, ReasonKind.INVALID_ANSWER)]
    return f"{definition.indicator_word} {', '.join(numbers)} ghi giá trị không hợp lệ" if numbers else ""


def _low(definition: CriteriaSet, verdict: Verdict) -> str:
    low = _of(verdict, ReasonKind.BELOW_FLOOR)
    word, floor = definition.indicator_word, _n(definition.least_score)
    if len(low) > MAX_NAMED:
        numbers = ", ".join(definition.by_code[r.code].number for r in low)
        return f"{len(low)} {word} dưới {floor} điểm ({numbers})"
    named = [f"{word} {definition.by_code[r.code].number} được {_n(r.value)}" for r in low]
    return f"{', '.join(named)}, phải từ {floor}" if named else ""


def _named(definition: CriteriaSet, verdict: Verdict) -> Sequence[Reason]:
    """Faults of a checklist that are told one by one: all, or none when they are many."""
    found = _of(verdict, ReasonKind.NOT_MET, ReasonKind.THRESHOLD_UNMET)
    return found if len(found) <= MAX_NAMED else ()


def _checklist_fault(definition: CriteriaSet, reason: Reason) -> str:
    name = f"{definition.indicator_word} {definition.by_code[reason.code].number}"
    if reason.kind is ReasonKind.NOT_MET:
        return f"{name} chưa đạt"
    if reason.fact is not None:
        return f"{name} mới có {share_text(reason.fact)}, phải từ {_percent(reason.required)}"
    return f"{name} được {_percent(reason.value)}, phải từ {_percent(reason.required)}"


def _prerequisite_fault(definition: CriteriaSet, reason: Reason) -> str:
    spec = FACTS[next(p.fact for p in definition.prerequisites if p.key == reason.code)]
    if reason.fact is None:
        return f"chưa tính được tỷ lệ {spec.denominator} {spec.predicate}, phải từ {_percent(reason.required)}"
    if reason.kind is ReasonKind.PREREQUISITE_UNKNOWN:
        nobody = f"sổ chưa có {reason.fact.denominator_name} để tính"
        return f"{nobody}, phải từ {_percent(reason.required)} {spec.predicate}"
    return f"mới có {share_text(reason.fact)} {spec.predicate}, phải từ {_percent(reason.required)}"


def _way(definition: CriteriaSet, verdict: Verdict) -> str:
    """The clause " Nếu … thì đạt.", empty when there is no way to name."""
    if not verdict.way:
        return ""
    empty = [s for s in verdict.way if not s.is_fact and s.before is None]
    raised = [s for s in verdict.way if not s.is_fact and s.before is not None]
    pieces = [_step(definition, s) for s in raised] + _fill(definition, empty)
    if len(pieces) > MAX_STEPS:
        pieces = [_many(definition, verdict, len(raised) + len(empty))]
    pieces += [_count(s) for s in verdict.way if s.is_fact]
    if _of(verdict, ReasonKind.PREREQUISITE_UNKNOWN):
        pieces.append("điều kiện kèm theo được đáp ứng")
    goal = "thì đạt"
    if verdict.next_grade is not None and definition.grades:
        goal = f"thì đạt {_lower(next(g.name for g in definition.grades if g.number == verdict.next_grade))}"
    return f" Nếu {_joined(pieces)} {goal}."


def _step(definition: CriteriaSet, step: Step) -> str:
    indicator = definition.by_code[step.code]
    name = f"{definition.indicator_word} {indicator.number}"
    if indicator.answer_type is AnswerType.MET:
        return f"{name} được đáp ứng"
    unit = "%" if indicator.answer_type is AnswerType.PERCENT else " điểm"
    return f"{name} lên {_n(step.after)}{unit}"


def _fill(definition: CriteriaSet, empty: Sequence[Step]) -> list[str]:
    """What the unanswered indicators must get: together when one score serves all, else one by one."""
    if not empty:
        return []
    word = definition.indicator_word
    goals = [s.after for s in empty]
    if definition.kind is SetKind.CHECKLIST:
        return [_step(definition, s) for s in empty]
    rows = [definition.by_code[s.code] for s in empty]
    close = max(goals) - min(goals) <= rows[0].step and max(goals) <= min(r.max_score or 0 for r in rows)
    if len(empty) > 1 and close:
        count = f"{number_words(len(empty))} {word}"
        which = f"cả {count}" if len(empty) == len(definition.indicators) else f"{count} còn lại"
        return [f"{which} từ {_n(max(goals))} điểm trở lên" if max(goals) else f"chấm nốt {count}"]
    return [f"{word} {definition.by_code[s.code].number} từ {_n(s.after)} điểm" for s in empty]


def _many(definition: CriteriaSet, verdict: Verdict, count: int) -> str:
    word = definition.indicator_word
    if definition.kind is SetKind.CHECKLIST:
        return f"thêm {number_words(count)} {word} được đáp ứng"
    floor = f" mà {_no_floor(definition)}" if definition.least_score else ""
    filled = "chấm nốt và được " if verdict.missing else ""
    return f"{filled}thêm ít nhất {_n(verdict.shortfall)} điểm{floor}"


def _count(step: Step) -> str:
    spec = FACTS[step.code]
    return f"thêm {_n(step.after - (step.before or 0))} {spec.unit} {spec.predicate}"


def _of(verdict: Verdict, *kinds: ReasonKind) -> list[Reason]:
    return [r for r in verdict.reasons if r.kind in kinds]


def _joined(pieces: Iterable[str]) -> str:
    *first, last = pieces
    return f"{', '.join(first)} và {last}" if first else last


def _percent(value: float | None) -> str:
    return "?" if value is None else f"{_n(value)}%"


@lru_cache(maxsize=4096)
def _n(value: float | None) -> str:
    """A number with as many decimals (at most two) as it needs: 78 · 78,5 · 1.203."""
    if value is None:
        return "?"
    decimals = next((d for d in (0, 1) if abs(round(value, d) - value) < 1e-9), 2)
    return number_text(value, decimals)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
