"""Review: accepting, returning with a reason, and who may be recognised."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.models.types import AssessmentStatus, ReviewOutcome, ReviewStage, RoundStatus
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.review.recording import (
    Hindrance,
    list_reviews,
    preview_review,
    recent_reasons,
    record_review,
)
from desktop_app.services.assessment.review.rules import ReviewRules, load_rules, save_rules
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.recognition.candidates import candidates
from desktop_app.services.registry.users import add_user, switch_user
from desktop_app.services.settings import write_setting
from tests.services.assessment.world import CITIZEN, YEAR, add_people, figures, fill, freeze, operations


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
    assert figures(context, CITIZEN, people[0])["status"] == "draft", "only the commune's acceptance is the form's own"
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
    left = candidates(context, YEAR, CITIZEN)
    assert not left.ready and "Thiếu minh chứng" in left.left_out[0].reason
    answer(context, CITIZEN, person, YEAR, "1", 10)
    assert open_form(context, CITIZEN, person, YEAR).status is AssessmentStatus.DRAFT
    assert [item.uid for item in candidates(context, YEAR, CITIZEN).ready] == [person]


def test_a_returned_form_that_was_mended_is_accepted_with_the_others(context: Context) -> None:
    _, people = add_people(context, [{}, {}, {}])
    for person in people:
        fill(context, CITIZEN, person, share=0.9)
    record_review(context, CITIZEN, YEAR, people[:2], ReviewOutcome.RETURNED, reason="Thiếu minh chứng")
    answer(context, CITIZEN, people[1], YEAR, "1", 10)
    result = record_review(context, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED, keeps_returned=True)
    assert result.count == 2
    assert [(item.uid, item.hindrance) for item in result.left_out] == [(people[0], Hindrance.RETURNED_HERE)]


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


def test_what_a_bulk_review_will_leave_out_is_told_before_it_is_done(context: Context) -> None:
    _, people = add_people(context, [{"full_name": f"Lê {n}"} for n in ("An", "Bình", "Chi", "Dũng")])
    fill(context, CITIZEN, people[0], share=0.9)
    fill(context, CITIZEN, people[1], share=0.6)
    answer(context, CITIZEN, people[2], YEAR, "1", 9)
    plan = preview_review(context, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED)
    assert plan.count == 1
    assert [item.hindrance for item in plan.left_out] == [Hindrance.FAILED, Hindrance.INCOMPLETE, Hindrance.NO_FORM]
    assert plan.words == "1 chưa có phiếu trong đợt này; 1 chấm chưa đủ; 1 chưa đạt"
    result = record_review(context, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED)
    assert (result.count, result.left_out) == (plan.count, plan.left_out)
    again = preview_review(context, CITIZEN, YEAR, people[:1], ReviewOutcome.ACCEPTED)
    assert (again.count, again.left_out[0].hindrance) == (0, Hindrance.ALREADY)


def test_the_order_of_stages_is_kept_where_the_office_asks_for_it(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    save_rules(context, ReviewRules(stages=(ReviewStage.HAMLET,), in_order=True))
    assert load_rules(context).stages == (ReviewStage.HAMLET, ReviewStage.COMMUNE), "the commune always reviews"
    early = record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED)
    assert early.left_out[0].hindrance is Hindrance.NOT_YET
    with pytest.raises(UserError) as unused:
        record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED, stage=ReviewStage.BRANCH)
    assert unused.value.code == "review.stage_unused"
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED, stage=ReviewStage.HAMLET)
    answer(context, CITIZEN, person, YEAR, "1", 10)
    stale = record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED)
    assert stale.left_out[0].hindrance is Hindrance.NOT_YET, "the hamlet accepted other answers"
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED, stage=ReviewStage.HAMLET)
    assert record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED).count == 1


def test_a_hamlet_does_not_lift_what_the_commune_returned(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.RETURNED, reason="Thiếu minh chứng")
    result = record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED, stage=ReviewStage.HAMLET)
    assert result.left_out[0].hindrance is Hindrance.RETURNED_LATER
    assert record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED).count == 1
    assert figures(context, CITIZEN, person)["status"] == "accepted"


def test_a_stage_that_is_given_to_some_is_refused_to_others_in_a_plain_sentence(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    other = add_user(context, "Chị Hoa").uid
    assert other is not None
    save_rules(context, ReviewRules(who={ReviewStage.COMMUNE: (other,)}))
    with pytest.raises(UserError) as refused:
        record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED)
    assert refused.value.code == "review.not_allowed" and "chưa ghi gì" in refused.value.message
    switch_user(context, other)
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED)
    assert list_reviews(context, CITIZEN, person, YEAR)[0].reviewer == "Chị Hoa"


def test_reasons_given_before_are_offered_again(context: Context) -> None:
    _, people = add_people(context, [{}, {}])
    for person, reason in zip(people, ("Thiếu chữ ký", "Thiếu minh chứng"), strict=True):
        fill(context, CITIZEN, person, share=0.9)
        record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.RETURNED, reason=reason)
    assert recent_reasons(context, YEAR) == ("Thiếu minh chứng", "Thiếu chữ ký")


@pytest.mark.parametrize(
    ("reason", "day", "code"),
    [("x" * 501, None, "review.reason_long"), ("Chấm lại", dt.date(2999, 1, 1), "review.date")],
)
def test_a_bad_reason_or_day_is_refused(context: Context, reason: str, day: dt.date | None, code: str) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    with pytest.raises(UserError) as refused:
        record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.RETURNED, reason=reason, reviewed_on=day)
    assert refused.value.code == code
    assert list_reviews(context, CITIZEN, person, YEAR) == ()


def test_recognition_waits_for_the_commune_only_where_the_office_says_so(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    assert [item.uid for item in candidates(context, YEAR, CITIZEN).ready] == [person]
    save_rules(context, ReviewRules(needs_acceptance=True))
    assert "chưa chấp nhận" in candidates(context, YEAR, CITIZEN).left_out[0].reason
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED)
    assert [item.uid for item in candidates(context, YEAR, CITIZEN).ready] == [person]
    answer(context, CITIZEN, person, YEAR, "1", 10)
    assert not candidates(context, YEAR, CITIZEN).ready, "other answers than those that were accepted"


@pytest.mark.parametrize("stored", [7, ["x"], {"stages": 3, "who": [], "posting_days": "nhiều", "in_order": "có"}])
def test_rules_that_are_stored_oddly_are_the_lenient_ones(context: Context, stored: object) -> None:
    with context.operation("settings.change", {"what": "thử"}) as op:
        write_setting(op.writer, "review", stored)
    assert load_rules(context) == ReviewRules()


def test_what_an_earlier_stage_returns_after_the_communes_acceptance_the_commune_may_accept_again(
    context: Context,
) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED)
    record_review(
        context, CITIZEN, YEAR, [person], ReviewOutcome.RETURNED, stage=ReviewStage.HAMLET, reason="Nhầm người"
    )
    assert not candidates(context, YEAR, CITIZEN).ready
    assert record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED).count == 1
    assert figures(context, CITIZEN, person)["status"] == "accepted"
    assert [item.uid for item in candidates(context, YEAR, CITIZEN).ready] == [person]
    assert record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED).count == 0, "nothing changed since"
