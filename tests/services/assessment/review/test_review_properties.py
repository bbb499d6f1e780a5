"""Whatever is reviewed, answered and taken back in any order: a form stands as its newest review says, unless its
answers are others than those that this review saw."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.models.types import ReviewOutcome, ReviewStage
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.review.listing import ReviewFilter, review_counts, review_list
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.review.standing import ReviewState
from desktop_app.services.context import Context
from desktop_app.services.errors import AppError
from desktop_app.services.progress import Cancelled, Progress
from tests.services.assessment.world import CITIZEN, YEAR, add_people, fill

STEP = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from(("1", "2")), st.integers(8, 10)),
    st.tuples(st.just("accept"), st.sampled_from(tuple(ReviewStage)), st.just(0)),
    st.tuples(st.just("return"), st.sampled_from(tuple(ReviewStage)), st.just(0)),
    st.tuples(st.just("undo"), st.just(""), st.just(0)),
)
_NUMBERS = count()


def expected(answers: dict[str, int], reviews: list[tuple[ReviewStage, ReviewOutcome, dict[str, int]]]) -> list[str]:
    """The state at each stage by the plain rule."""
    states = []
    for stage in ReviewStage:
        own = [item for item in reviews if item[0] is stage]
        if not own:
            states.append("waiting")
        elif own[-1][2] != answers:
            states.append("changed")
        else:
            states.append("accepted" if own[-1][1] is ReviewOutcome.ACCEPTED else "returned")
    return states


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=9))
def test_a_forms_state_is_that_of_its_newest_review_while_its_answers_are_the_same(
    context: Context, steps: list[tuple[str, object, int]]
) -> None:
    number = next(_NUMBERS)
    _, (person,) = add_people(context, [{"full_name": f"Lê {number}"}], code=f"01-{number:04d}")
    fill(context, CITIZEN, person, share=0.9)
    answers = {"1": 9, "2": 9}
    reviews: list[tuple[ReviewStage, ReviewOutcome, dict[str, int]]] = []
    past: list[tuple[str, dict[str, int], list[tuple[ReviewStage, ReviewOutcome, dict[str, int]]]]] = []
    for kind, what, value in steps:
        before = (dict(answers), list(reviews))
        if kind == "answer":
            if answers[str(what)] == value:
                continue
            answer(context, CITIZEN, person, YEAR, str(what), value)
            leave_form(context)
            answers[str(what)] = value
        elif kind in ("accept", "return"):
            stage = ReviewStage(str(what))
            outcome = ReviewOutcome.ACCEPTED if kind == "accept" else ReviewOutcome.RETURNED
            result = record_review(context, CITIZEN, YEAR, [person], outcome, stage=stage, reason="Chấm lại")
            if not result.count:
                continue
            reviews.append((stage, outcome, dict(answers)))
        elif past:
            uid, *kept = past.pop()
            try:
                context.journal.undo(uid)
            except AppError:
                continue
            answers, reviews = kept[0], kept[1]
            continue
        else:
            continue
        with context.read() as connection:
            uid = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one().hex()
        past.append((uid, *before))
    for stage, state in zip(ReviewStage, expected(answers, reviews), strict=True):
        found = review_list(context, CITIZEN, YEAR, stage)
        rows = found.rows(0, 100)
        assert next(row.state for row in rows if row.uid == person) == state
        told = {kind: many for kind, many in review_counts(found, context).states.items() if many}
        assert told == Counter(row.state for row in rows), "the counts are those of the rows"
        assert person in review_list(context, CITIZEN, YEAR, stage, ReviewFilter(state=ReviewState(state))).uids()


def test_a_bulk_review_that_is_stopped_leaves_nothing(context: Context) -> None:
    _, people = add_people(context, [{}, {}])
    for person in people:
        fill(context, CITIZEN, person, share=0.9)
    progress = Progress(lambda done, total, text: progress.cancel() if text == "Đang ghi kết quả" else None)
    with pytest.raises(Cancelled):
        record_review(context, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED, progress=progress)
    assert {row.state for row in review_list(context, CITIZEN, YEAR, ReviewStage.COMMUNE).rows(0, 9)} == {
        ReviewState.WAITING
    }
