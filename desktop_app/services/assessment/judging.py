"""One criteria set made ready to judge many forms quickly; the same judgement as ``evaluate``.

Invariant: a stored value that no longer fits its indicator (the office lowered a maximum) counts as unanswered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.models.types import SetKind
from desktop_app.services.assessment.facts import Parameters, asked_facts
from desktop_app.services.assessment.scoring import NO_FACTS, Verdict, evaluate, quick_verdict
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.facts import FactValue


@dataclass(frozen=True)
class Judge:
    """Judges forms by one set.

    Attributes:
        definition: the effective set.
        asked: the counted facts that the judgement needs; empty for most sets.
    """

    definition: CriteriaSet
    asked: Mapping[str, Parameters]
    _rows: tuple[tuple[str, float, float], ...]
    _is_plain: bool

    def __init__(self, definition: CriteriaSet) -> None:
        rows = tuple((i.code, i.max_score or 0, i.step) for i in definition.indicators)
        plain = definition.kind is SetKind.POINTS and not definition.enabled_prerequisites and not definition.bands
        object.__setattr__(self, "definition", definition)
        object.__setattr__(self, "asked", asked_facts(definition))
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_is_plain", plain)

    def figures(
        self, answers: Mapping[str, float], facts: Mapping[str, FactValue] = NO_FACTS
    ) -> tuple[float, int, bool, bool, str | None]:
        """Total, number answered, complete, passed, and the band's key or grade's number.

        Args:
            answers: stored values by indicator code; codes that are not of this set are left out.
            facts: counted shares by fact key.
        """
        if self._is_plain:
            get = answers.get
            scores = [
                value if (value := get(code)) is not None and 0 <= value <= top and not value % step else None
                for code, top, step in self._rows
            ]
            total, passed = quick_verdict(self.definition, scores)
            answered = len(scores) - scores.count(None)
            return float(total), answered, answered == len(scores), passed, None
        return figures_of(self.definition, answers, self.verdict(answers, facts))

    def verdict(self, answers: Mapping[str, float], facts: Mapping[str, FactValue] = NO_FACTS) -> Verdict:
        """The whole verdict with its reasons."""
        return evaluate(self.definition, answers, facts)


_JUDGES: dict[int, Judge] = {}
_KEPT = 64


def judge_for(definition: CriteriaSet) -> Judge:
    """The judge of a set, made once for each definition object (effective sets are kept by ``criteria.office``)."""
    known = _JUDGES.get(id(definition))
    if known is None or known.definition is not definition:
        if len(_JUDGES) >= _KEPT:
            _JUDGES.clear()
        known = _JUDGES[id(definition)] = Judge(definition)
    return known


def figures_of(
    definition: CriteriaSet, answers: Mapping[str, float], verdict: Verdict
) -> tuple[float, int, bool, bool, str | None]:
    """The figures of a whole verdict, as ``Judge.figures`` gives them."""
    answered = sum(i.code in answers and i.code not in verdict.missing for i in definition.indicators)
    return float(verdict.total), answered, verdict.complete, verdict.passed, grade_of(verdict)


def grade_of(verdict: Verdict) -> str | None:
    """The band's key or the grade's number as text; None where there is neither."""
    if verdict.band is not None:
        return verdict.band.key
    return None if verdict.grade is None else str(verdict.grade)
