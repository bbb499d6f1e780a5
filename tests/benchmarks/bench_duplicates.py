"""Searching 100,000 people for duplicates, against the time that the office was promised.

Run: ``python -m tests.benchmarks.bench_duplicates``; prints one JSON object a line.

- ``duplicates``: the whole search (read, block, weigh, show) over families with namesakes and planted doubles, in
  processor time, against 20 s; with the memory that it takes and the share of planted doubles that it shows.
- ``duplicates_among``: the same for what one small import brought, against 20 s as well.
- ``merge_many``: merging the sure pairs as one deed, against 20 ms a pair.
"""

from __future__ import annotations

import json
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

from desktop_app.services.context import Context
from desktop_app.services.duplicates.merging import merge_many
from desktop_app.services.duplicates.search import DuplicateSearch, find_duplicates
from tests.services.duplicates.world import make_world, write_world

PEOPLE, DOUBLES, HAMLETS = 100_000, 100, 40
LIMIT = 20.0
"""Seconds that a search may take."""
A_PAIR = 0.02
"""Seconds that merging a pair may take among many."""


def measure_search(context: Context, truth: dict[Any, str]) -> tuple[dict[str, Any], DuplicateSearch]:
    start = time.process_time()
    found = find_duplicates(context)
    took = time.process_time() - start
    shown = {frozenset(pair.key) for pair in found.pairs}
    recall = sum(uids in shown for uids in truth) / len(truth)
    return {
        "name": "duplicates", "s": round(took, 2), "pairs": len(found.pairs), "sure": len(found.sure),
        "shown": round(recall, 3), "ratio": round(took / LIMIT, 2), "limit": 1.0,
    }, found  # fmt: skip


def measure_memory(context: Context) -> int:
    """Megabytes at the peak of a search, above what was there before."""
    tracemalloc.start()
    find_duplicates(context)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak // 1_000_000


def measure_among(context: Context, found: DuplicateSearch) -> dict[str, Any]:
    some = {pair.second.uid for pair in found.pairs[:50]}
    start = time.process_time()
    find_duplicates(context, among=some)
    took = time.process_time() - start
    return {"name": "duplicates_among", "s": round(took, 2), "ratio": round(took / LIMIT, 2), "limit": 1.0}


def measure_merging(context: Context, found: DuplicateSearch) -> dict[str, Any]:
    start = time.process_time()
    merged = merge_many(context, [pair.key for pair in found.sure])
    took = time.process_time() - start
    ratio = took / (A_PAIR * max(merged.merged, 1))
    return {
        "name": "merge_many", "s": round(took, 2), "pairs": merged.merged, "ratio": round(ratio, 2), "limit": 1.0,
    }  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(PEOPLE, DOUBLES, hamlets=HAMLETS, seed=11)
        context, truth = write_world(Path(folder), world, HAMLETS)
        searched, found = measure_search(context, truth)
        results = [searched, measure_among(context, found)]
        searched["peak_mb"] = measure_memory(context)
        results.append(measure_merging(context, found))
        context.close()
    for result in results:
        print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
