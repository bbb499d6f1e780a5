"""Random answers and facts for any criteria set, shared by the scoring tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from desktop_app.models.types import SetKind
from desktop_app.services.assessment.scoring import Answer
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator
from desktop_app.services.criteria.facts import FACTS, FactValue
from desktop_app.services.criteria.loader import load_sets
from desktop_app.services.criteria.overrides import customised

SETS = load_sets()
CITIZEN = next(s for s in SETS if s.key == "citizen.resident")
VARIANTS = (
    customised(CITIZEN, {"allows_half_points": True}),
    customised(CITIZEN, {"floor": None, "pass_mark": 72.5, "indicators": {"3": {"max_score": 25}}}),
    customised(
        next(s for s in SETS if s.key == "family"),
        {"floor": 4, "allows_half_points": True, "prerequisites": {"adults_with_title": {"is_enabled": True}}},
    ),
)
POINT_SETS = tuple(s for s in (*SETS, *VARIANTS) if s.kind is SetKind.POINTS)
CHECKLISTS = tuple(s for s in SETS if s.kind is SetKind.CHECKLIST)
ALL_SETS = (*POINT_SETS, *CHECKLISTS)


def _value(indicator: Indicator, low: float) -> st.SearchStrategy[Answer]:
    if indicator.answer_type is AnswerType.MET:
        return st.sampled_from([True, True, True, False, 1, 0])
    if indicator.answer_type is AnswerType.PERCENT:
        edges = [t.percent + d for t in indicator.thresholds for d in (-0.01, 0, 0.01)]
        return st.one_of(st.integers(0, 10_000).map(lambda n: n / 100), st.sampled_from([round(e, 2) for e in edges]))
    steps = int((indicator.max_score or 0) / indicator.step)
    start = int(steps * low)
    return st.integers(start, steps).map(lambda n: n * indicator.step)


@st.composite
def forms(
    draw: st.DrawFn, sets: tuple[CriteriaSet, ...] = ALL_SETS, *, whole: bool = False
) -> tuple[CriteriaSet, dict[str, Answer], dict[str, FactValue]]:
    """One set with answers (some missing unless ``whole``) and facts (some unknown, some of nobody)."""
    definition = draw(st.sampled_from(sets))
    low = draw(st.sampled_from([0, 0.4, 0.7, 0.8]))
    gaps = 0 if whole else draw(st.sampled_from([0, 0, 1, 3, 100]))
    left_out = set() if not gaps else draw(st.sets(st.sampled_from(list(definition.by_code)), max_size=gaps))
    answers = {i.code: draw(_value(i, low)) for i in definition.indicators if i.code not in left_out}
    facts: dict[str, FactValue] = {}
    for key in definition.fact_keys:
        if FACTS[key].is_computed and draw(st.integers(0, 5)):
            total = draw(st.integers(0, 60))
            facts[key] = FactValue(draw(st.integers(0, total)), total, FACTS[key].denominator)
    return definition, answers, facts


def as_scores(definition: CriteriaSet, answers: dict[str, Any]) -> list[Answer]:
    """Answers in the order of the form."""
    return [answers.get(code) for code in definition.by_code]
