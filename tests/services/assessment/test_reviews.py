"""Review: accepting, returning with a reason, and who may be recognised."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.models.types import AssessmentStatus, ReviewOutcome, ReviewStage, RoundStatus
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.reviews import list_candidates, list_reviews, record_review
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import confirm_set, sets_in_use
from desktop_app.services.errors import UserError
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_people, figures, fill, freeze, operations


def test_accepting_takes_those_who_pass_and_tells_why_not_the_others(context: Context) -> None:
    _, people = add_people(context, [{"full_name": "Lê An"}, {"full_name": "Lê Bình"}, {"full_name": "Lê Chi"}])
    fill(context, CITIZEN, people[0], share=0.9)
    fill(context, CITIZEN, people[1], share=0.7)
    result = record_review(
        context, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED, stage=ReviewStage.HAMLET, reviewer="Ban công tác thôn"
    )
    assert (result.count, len(result.left_out)) == (1, 2)
    assert result.left_out[0].name == "Lê Bình" and "70/80" in result.left_out[0].reason
    assert result.left_out[1].reason == "Chưa có phiếu trong đợt này."
    assert figures(context, CITIZEN, people[0])["status"] == "accepted"
    (review,) = list_reviews(context, CITIZEN, people[0], YEAR)
    assert (review.stage, review.outcome, review.reviewer) == (
        ReviewStage.HAMLET,
        ReviewOutcome.ACCEPTED,
        "Ban công tác thôn",
    )
    assert dt.date.fromisoformat(review.reviewed_on)
    assert operations(context)[-1] == "review.record"


def test_returning_needs_a_reason_and_takes_the_title_until_the_form_is_mended(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    with pytest.raises(UserError) as refused:
        record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.RETURNED, reason="  ")
    assert refused.value.code == "review.reason_missing"
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.RETURNED, reason="Thiếu minh chứng")
    left = list_candidates(context, CITIZEN, YEAR)
    assert not left.ready and left.left_out[0].reason == "Phiếu bị trả lại: Thiếu minh chứng."
    answer(context, CITIZEN, person, YEAR, "1", 10)
    assert open_form(context, CITIZEN, person, YEAR).status is AssessmentStatus.DRAFT
    assert [record.uid for record in list_candidates(context, CITIZEN, YEAR).ready] == [person]


def test_an_accepted_form_that_is_changed_must_be_reviewed_again(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED)
    answer(context, CITIZEN, person, YEAR, "1", 9)
    assert figures(context, CITIZEN, person)["status"] == "accepted"
    answer(context, CITIZEN, person, YEAR, "1", 8)
    assert figures(context, CITIZEN, person)["status"] == "draft"


def test_a_review_is_undone_as_one_deed(context: Context) -> None:
    _, people = add_people(context, [{}, {}])
    for person in people:
        fill(context, CITIZEN, person, share=0.9)
    result = record_review(context, CITIZEN, YEAR, people, ReviewOutcome.RETURNED, reason="Chấm lại")
    assert result.operation is not None
    context.journal.undo(result.operation)
    assert [figures(context, CITIZEN, p)["status"] for p in people] == ["draft", "draft"]
    assert list_reviews(context, CITIZEN, people[0], YEAR) == ()


def test_candidates_are_those_who_pass_and_are_neither_returned_nor_recognised(context: Context) -> None:
    _, people = add_people(context, [{} for _ in range(4)])
    for person, share in zip(people, (0.9, 0.9, 0.9, 0.5), strict=True):
        fill(context, CITIZEN, person, share=share)
    record_review(context, CITIZEN, YEAR, people[1:2], ReviewOutcome.RETURNED, reason="Chấm lại")
    freeze(context, CITIZEN, people[2])
    candidates = list_candidates(context, CITIZEN, YEAR)
    assert [record.uid for record in candidates.ready] == people[:1]
    assert {item.uid for item in candidates.left_out} == set(people[1:])
    assert all(item.reason for item in candidates.left_out)


def test_forms_of_a_set_that_is_not_confirmed_wait(context: Context) -> None:
    household, _ = add_people(context, [{}])
    fill(context, FAMILY, household)
    waiting = list_candidates(context, FAMILY, YEAR)
    assert not waiting.ready and len(waiting.unconfirmed) == 1
    assert "chưa được cơ quan xác nhận" in waiting.left_out[0].reason
    uid = next(item.uid for item in sets_in_use(context) if item.definition.key == "family")
    confirm_set(context, uid, "15/HD-HKH", dt.date(2026, 3, 5))
    assert [record.uid for record in list_candidates(context, FAMILY, YEAR).ready] == [household]


def test_a_recognised_form_and_a_closed_round_take_no_review(context: Context) -> None:
    _, people = add_people(context, [{}, {}])
    for person in people:
        fill(context, CITIZEN, person, share=0.9)
    freeze(context, CITIZEN, people[0])
    result = record_review(context, CITIZEN, YEAR, people[:1], ReviewOutcome.RETURNED, reason="Chấm lại")
    assert (result.count, result.operation) == (0, None)
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    with pytest.raises(UserError) as refused:
        record_review(context, CITIZEN, YEAR, people[1:], ReviewOutcome.ACCEPTED)
    assert refused.value.code == "round.closed"
