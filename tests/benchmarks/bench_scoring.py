"""Judging 100,000 filled citizen forms against a bare loop over totals and floors, in the same run.

Run: ``python -m tests.benchmarks.bench_scoring``; prints one JSON object.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable

from desktop_app.services.assessment.scoring import quick_verdict
from desktop_app.services.criteria.loader import get_set

PEOPLE = 100_000
TURNS = 7


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Seconds and result of one turn."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def main() -> None:
    """Measure and print."""
    definition = get_set("citizen.resident")
    dice = random.Random(1)
    rows = [[dice.randint(5, 10) for _ in range(10)] for _ in range(PEOPLE)]

    def bare() -> int:
        return sum(1 for row in rows if sum(row) >= 80 and min(row) >= 5)

    def ours() -> int:
        return sum(1 for row in rows if quick_verdict(definition, row)[1])

    pairs = [(timed(bare), timed(ours)) for _ in range(TURNS)]
    assert len({result for pair in pairs for _, result in pair}) == 1
    floor, spent = (min(pair[place][0] for pair in pairs) for place in (0, 1))
    print(json.dumps({"name": "score_again", "ratio": round(spent / floor, 2), "limit": 3.0, "ms": round(spent * 1e3)}))


if __name__ == "__main__":
    main()
