"""Review at size: pages, counts and filters over all forms of a round, and one bulk acceptance of 20,000.

python -m tests.benchmarks.bench_review
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop_app.models.types import CitizenGroup, LearningModel, ReviewOutcome, ReviewStage
from desktop_app.services.assessment.bulk import FilledForm, write_forms
from desktop_app.services.assessment.review.listing import ReviewFilter, review_counts, review_list
from desktop_app.services.assessment.review.recording import preview_review, record_review
from desktop_app.services.assessment.review.standing import ReviewState
from desktop_app.services.assessment.rounds import round_of
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import set_in_use
from desktop_app.services.register import open_register
from tests.benchmarks.big_register import big_register

FORMS = 100_000
BULK = 20_000
CITIZEN, COMMUNE = LearningModel.CITIZEN, ReviewStage.COMMUNE


def fill_forms(context: Context, count: int) -> list[str]:
    """Forms of the citizens who stand first, most of which pass."""
    chance = random.Random(3)
    with context.operation("import.scores", {"count": count, "file": "benchmark"}) as op:
        round_ = round_of(op.connection, 2026)
        used = set_in_use(op.connection, CITIZEN, CitizenGroup.RESIDENT)
        people = op.connection.exec_driver_sql("SELECT uid FROM citizen ORDER BY id LIMIT ?", (count,)).all()
        codes = [indicator.code for indicator in used.definition.indicators]
        forms = [FilledForm(row[0].hex(), used.id, {c: chance.randint(7, 10) for c in codes}) for row in people]
        write_forms(op.writer, round_, CITIZEN, forms)
    return [form.subject for form in forms]


def tell(name: str, work: Callable[[], Any]) -> Any:
    """Do it and print its seconds."""
    begin = time.perf_counter()
    result = work()
    print(json.dumps({"name": name, "seconds": round(time.perf_counter() - begin, 3)}), flush=True)
    return result


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = open_register(big_register(Path(folder) / "data"))
        people = tell("fill", lambda: fill_forms(context, FORMS))
        shown = tell("list", lambda: review_list(context, CITIZEN, 2026, COMMUNE))
        tell("count", shown.count)
        tell("first page", lambda: shown.rows(0, 100))
        tell("far page", lambda: shown.rows(60_000, 100))
        tell("counts", lambda: review_counts(shown, context))
        tell("preview", lambda: preview_review(context, CITIZEN, 2026, people[:BULK], ReviewOutcome.ACCEPTED))
        tell("accept", lambda: record_review(context, CITIZEN, 2026, people[:BULK], ReviewOutcome.ACCEPTED))
        tell("accept the rest", lambda: record_review(context, CITIZEN, 2026, people[BULK:], ReviewOutcome.ACCEPTED))
        found = tell("list again", lambda: review_list(context, CITIZEN, 2026, COMMUNE))
        tell("counts again", lambda: review_counts(found, context))
        tell("page again", lambda: found.rows(200, 100))
        waiting = ReviewFilter(state=ReviewState.WAITING)
        narrowed = tell("waiting", lambda: review_list(context, CITIZEN, 2026, COMMUNE, waiting))
        tell("waiting page", lambda: narrowed.rows(0, 100))
        tell("next", lambda: found.next_to_review(people[5]))
        context.close()


if __name__ == "__main__":
    main()
