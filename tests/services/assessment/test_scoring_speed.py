"""Judging a whole register stays within three times a bare loop over totals and floors."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from desktop_app.services.assessment.scoring import quick_verdict
from desktop_app.services.criteria.loader import get_set

PEOPLE = 100_000


def best_of(runs: int, work: Callable[[], int]) -> tuple[float, int]:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def test_a_hundred_thousand_forms_cost_at_most_three_bare_loops() -> None:
    definition = get_set("citizen.resident")
    dice = random.Random(1)
    rows = [[dice.randint(4, 10) for _ in range(10)] for _ in range(PEOPLE)]

    def bare() -> int:
        passed = 0
        for row in rows:
            total = sum(row)
            passed += total >= 80 and min(row) >= 5
        return passed

    def ours() -> int:
        return sum(quick_verdict(definition, row)[1] for row in rows)

    bare_time, expected = best_of(3, bare)
    our_time, passed = best_of(3, ours)
    assert passed == expected > 0
    assert our_time <= 3 * bare_time, f"{our_time / bare_time:.2f}x"
