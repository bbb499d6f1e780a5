"""Review at size, each against the same rows by the bare driver: pages, counts, filters, one acceptance of 100,000.

python -m tests.benchmarks.bench_review
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

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
from tests.benchmarks.floors import Floor, tell

FORMS = 100_000
BULK = 20_000
CITIZEN, COMMUNE, ACCEPTED = LearningModel.CITIZEN, ReviewStage.COMMUNE, ReviewOutcome.ACCEPTED


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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = open_register(big_register(Path(folder) / "data"))
        people = fill_forms(context, FORMS)
        floor = Floor(context)
        shown = review_list(context, CITIZEN, 2026, COMMUNE)
        tell("first page and count", lambda: (shown.count(), shown.rows(0, 100)), floor.page, 3.0)
        tell("far page", lambda: shown.rows(60_000, 100), lambda: floor.page(60_000), 3.0)
        tell("counts", lambda: review_counts(shown, context), floor.forms, 3.0)
        tell("preview", lambda: preview_review(context, CITIZEN, 2026, people[:BULK], ACCEPTED), floor.forms, 3.0)
        record_review(context, CITIZEN, 2026, people[:1], ACCEPTED)
        writes = lambda: floor.write("review", FORMS - 1)  # noqa: E731 - one floor for one deed
        tell("accept", lambda: record_review(context, CITIZEN, 2026, people[1:], ACCEPTED), writes, 6.0)
        found = review_list(context, CITIZEN, 2026, COMMUNE)
        tell("counts again", lambda: review_counts(found, context), floor.forms, 3.0)
        tell("page again", lambda: (found.count(), found.rows(200, 100)), lambda: floor.page(200), 3.0)
        waiting = ReviewFilter(state=ReviewState.WAITING)
        narrowed = review_list(context, CITIZEN, 2026, COMMUNE, waiting)
        tell("waiting", lambda: (narrowed.count(), narrowed.rows(0, 100)), floor.page, 3.0)
        tell("next", lambda: found.next_to_review(people[5]), floor.page, 3.0)
        floor.close()
        context.close()


if __name__ == "__main__":
    main()
