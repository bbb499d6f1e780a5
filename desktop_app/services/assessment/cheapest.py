"""The cheapest way to pass: the fewest points to add, and where. Pure and deterministic.

Invariant: the steps stay within the maxima, together they pass, and with one point less they do not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.facts import FactValue


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to raise.

    Args:
        code: the indicator's code, or the fact's key when ``is_fact``.
        before: the present score, percentage or count; None while unanswered.
        after: what it must be: a score, a percentage, 1 for a chỉ tiêu to be met, a count for a fact.
    """

    code: str
    before: float | None
    after: float
    is_fact: bool = False


def cheapest_scores(definition: CriteriaSet, scores: Sequence[float | None], mark: float) -> tuple[Step, ...]:
    """Fewest added points by which a points form passes.

    First every score is brought to its floor. What is then still missing goes evenly to the unanswered indicators,
    next to those just raised to the floor, and last to those with most room, so that few indicators are named.

    Args:
        scores: valid scores in the order of the indicators, None where unanswered.
        mark: the total to reach; at most the sum of the maxima.
    """
    floors = definition.floors
    goal = [max(floor, score or 0) for floor, score in zip(floors, scores, strict=True)]
    unit = 0.5 if definition.allows_half_points else 1
    units_needed = math.ceil((mark - sum(goal)) / unit)
    if units_needed > 0:
        _distribute(definition, scores, goal, units_needed, unit)
    return tuple(
        Step(indicator.code, score, after)
        for indicator, score, after in zip(definition.indicators, scores, goal, strict=True)
        if score is None or after > score
    )


def count_needed(fact: FactValue, percent: float) -> int:
    """The least numerator with which a share reaches a percentage."""
    count = math.ceil(percent * fact.denominator / 100)
    while count * 100 < percent * fact.denominator:
        count += 1
    while count > 0 and (count - 1) * 100 >= percent * fact.denominator:
        count -= 1
    return count


def _distribute(
    definition: CriteriaSet, scores: Sequence[float | None], goal: list[float], units: int, unit: float
) -> None:
    tops = [i.max_score or 0 for i in definition.indicators]
    lowest = [(goal[n], n) for n, score in enumerate(scores) if score is None and goal[n] < tops[n]]
    heapify(lowest)
    while units > 0 and lowest:
        n = lowest[0][1]
        goal[n] += unit
        units -= 1
        if goal[n] < tops[n]:
            heapreplace(lowest, (goal[n], n))
        else:
            heappop(lowest)
    raised = [n for n, score in enumerate(scores) if score is not None and goal[n] > score]
    others = [n for n, score in enumerate(scores) if score is not None and goal[n] == score]
    others.sort(key=lambda n: goal[n] - tops[n])
    for n in (*raised, *others):
        added = min(units, int((tops[n] - goal[n]) / unit))
        goal[n] += added * unit
        units -= added
