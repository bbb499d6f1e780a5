"""Judging a whole register stays within three times a bare loop over totals and floors."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from desktop_app.services.assessment.scoring import quick_verdict
from desktop_app.services.criteria.loader import get_set

PEOPLE = 100_000


def timed(work: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def test_a_hundred_thousand_forms_cost_at_most_three_bare_loops() -> None:
    definition = get_set("citizen.resident")
    dice = random.Random(1)
    rows = [[dice.randint(5, 10) for _ in range(10)] for _ in range(PEOPLE)]

    def bare() -> int:
        passed = 0
        for row in rows:
            total = sum(row)
            if total >= 80 and min(row) >= 5:
                passed += 1
        return passed

    def ours() -> int:
        passed = 0
        for row in rows:
            if quick_verdict(definition, row)[1]:
                passed += 1
        return passed

    pairs = [(timed(bare), timed(ours)) for _ in range(7)]
    assert {result for pair in pairs for _, result in pair} == {bare()}
    ratio = min(our[0] for _, our in pairs) / min(base[0] for base, _ in pairs)
    assert ratio <= 3, f"{ratio:.2f}x"
