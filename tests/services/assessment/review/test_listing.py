"""The list of forms under review: states at each stage, what changed since, filters and the next one to review."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.models.types import ReviewOutcome, ReviewStage, Uid
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.review.detail import review_detail
from desktop_app.services.assessment.review.listing import ReviewFilter, ReviewList, review_counts, review_list
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.review.standing import ReviewState
from desktop_app.services.context import Context
from desktop_app.services.registry.citizens import save_citizen
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_people, add_unit, fill, freeze, row_uid

HAMLET, COMMUNE = ReviewStage.HAMLET, ReviewStage.COMMUNE


def make(context: Context, count: int = 3) -> list[Uid]:
    _, people = add_people(context, [{"full_name": f"Lê Văn {n}", "birth": "1980-05-08"} for n in "ABCDEFGH"[:count]])
    for person in people:
        fill(context, CITIZEN, person, share=0.9)
    return people


def states(found: ReviewList) -> list[ReviewState]:
    return [row.state for row in found.rows(0, 100)]


def test_a_form_stands_at_each_stage_by_its_newest_review(context: Context) -> None:
    people = make(context)
    record_review(context, CITIZEN, YEAR, people[:1], ReviewOutcome.ACCEPTED, stage=HAMLET, reviewer="Ông Ba")
    record_review(context, CITIZEN, YEAR, people[1:2], ReviewOutcome.ACCEPTED, stage=HAMLET)
    record_review(context, CITIZEN, YEAR, people[1:2], ReviewOutcome.RETURNED, stage=HAMLET, reason="Thiếu chữ ký")
    found = review_list(context, CITIZEN, YEAR, HAMLET)
    assert states(found) == [ReviewState.ACCEPTED, ReviewState.RETURNED, ReviewState.WAITING]
    first, second, third = found.rows(0, 3)
    assert (first.stages[0].by, first.short, first.passed) == ("Ông Ba", "Đạt", True)
    assert second.stages[0].reason == "Thiếu chữ ký" and third.sentence.startswith("Đạt")
    assert states(review_list(context, CITIZEN, YEAR, COMMUNE)) == [ReviewState.WAITING] * 3
    assert review_counts(found, context).states == {
        ReviewState.WAITING: 1, ReviewState.CHANGED: 0, ReviewState.RETURNED: 1, ReviewState.ACCEPTED: 1,
    }  # fmt: skip


def test_an_answer_that_changed_after_the_review_is_told_with_before_and_after(context: Context) -> None:
    (person,) = make(context, 1)
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED)
    answer(context, CITIZEN, person, YEAR, "1", 8)
    answer(context, CITIZEN, person, YEAR, "1", 10)
    leave_form(context)
    (row,) = review_list(context, CITIZEN, YEAR, COMMUNE).rows(0, 1)
    assert (row.state, row.changes) == (ReviewState.CHANGED, 1)
    (line,) = review_detail(context, CITIZEN, YEAR, person, COMMUNE).changed
    assert (line.number, line.before, line.value) == ("1", "9", "10")
    answer(context, CITIZEN, person, YEAR, "1", 9)
    assert states(review_list(context, CITIZEN, YEAR, COMMUNE)) == [ReviewState.ACCEPTED], "again as it was accepted"


def test_an_answer_that_is_undone_leaves_the_acceptance(context: Context) -> None:
    (person,) = make(context, 1)
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED)
    answer(context, CITIZEN, person, YEAR, "1", 8)
    leave_form(context)
    with context.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one().hex()
    assert states(review_list(context, CITIZEN, YEAR, COMMUNE)) == [ReviewState.CHANGED]
    context.journal.undo(uid)
    assert states(review_list(context, CITIZEN, YEAR, COMMUNE)) == [ReviewState.ACCEPTED]


def test_what_changed_in_the_register_since_the_review_is_told(context: Context) -> None:
    household, (person,) = add_people(context, [{"full_name": "Lê Lan"}])
    fill(context, CITIZEN, person, share=0.9)
    fill(context, FAMILY, household)
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED)
    record_review(context, FAMILY, YEAR, [household], ReviewOutcome.RETURNED, reason="Xem lại")
    save_citizen(context, person, {"birth": "1981"})
    told = review_detail(context, CITIZEN, YEAR, person, COMMUNE).register
    assert [item.text for item in told] == ["Ngày sinh: 1980 → 1981"]
    told = review_detail(context, FAMILY, YEAR, household, COMMUNE).register
    assert [item.text for item in told] == ["1 người của hộ có thay đổi trong sổ"]


def test_the_list_is_narrowed_by_hamlet_unit_state_and_words(context: Context) -> None:
    people = make(context)
    _, others = add_people(context, [{"full_name": "Trần Thị Hoa"}], hamlet="Thôn 2", code="02-0001")
    fill(context, CITIZEN, others[0], share=0.5)
    unit = add_unit(context, people[:2])
    record_review(context, CITIZEN, YEAR, people[:1], ReviewOutcome.ACCEPTED)

    def names(**wanted: object) -> list[str]:
        found = review_list(context, CITIZEN, YEAR, COMMUNE, ReviewFilter(**wanted))  # type: ignore[arg-type]
        assert found.count() == len(found.rows(0, 50)) == len(found.uids())
        return [row.name for row in found.rows(0, 50)]

    assert names(hamlet=row_uid(context, "hamlet", "Thôn 2")) == ["Trần Thị Hoa"]
    assert names(organization=unit) == ["Lê Văn A", "Lê Văn B"]
    assert names(state=ReviewState.ACCEPTED) == ["Lê Văn A"]
    assert names(text="hoa tran") == ["Trần Thị Hoa"]
    assert names(passed=False) == ["Trần Thị Hoa"]
    assert len(names()) == 4


def test_every_order_shows_every_form_once(context: Context) -> None:
    people = make(context)
    record_review(context, CITIZEN, YEAR, people[1:2], ReviewOutcome.ACCEPTED)
    for state in (None, ReviewState.WAITING):
        found = review_list(context, CITIZEN, YEAR, COMMUNE, ReviewFilter(state=state))
        for column in ("name", "hamlet", "total", "short", "state", "nothing"):
            for descending in (False, True):
                rows = found.sorted(column, descending=descending).rows(0, 10)
                assert len({row.uid for row in rows}) == found.count()


def test_the_next_one_to_review_is_the_next_that_waits_and_then_from_the_start(context: Context) -> None:
    people = make(context, 4)
    record_review(context, CITIZEN, YEAR, people[1:2], ReviewOutcome.ACCEPTED)
    freeze(context, CITIZEN, people[2])
    found = review_list(context, CITIZEN, YEAR, COMMUNE)
    assert found.next_to_review(None) == people[0]
    assert found.next_to_review(people[0]) == people[3]
    assert found.next_to_review(people[3]) == people[0]
    record_review(context, CITIZEN, YEAR, [people[0], people[3]], ReviewOutcome.ACCEPTED)
    assert review_list(context, CITIZEN, YEAR, COMMUNE).next_to_review(people[0]) is None


def test_the_next_one_is_also_found_far_down_the_list(monkeypatch: pytest.MonkeyPatch, context: Context) -> None:
    monkeypatch.setattr("desktop_app.services.assessment.review.listing._NEAR_ONES", 1)
    people = make(context, 5)
    record_review(context, CITIZEN, YEAR, people[:4], ReviewOutcome.ACCEPTED)
    found = review_list(context, CITIZEN, YEAR, COMMUNE)
    assert found.next_to_review(people[0]) == people[4]
    assert found.next_to_review(people[4]) is None
    answer(context, CITIZEN, people[1], YEAR, "1", 10)
    assert found.next_to_review(people[4]) == people[1]


def test_the_commune_itself_is_reviewed_too(context: Context) -> None:
    from desktop_app.models.types import LearningModel

    commune = row_uid(context, "commune")
    fill(context, LearningModel.COMMUNE, commune)
    (row,) = review_list(context, LearningModel.COMMUNE, YEAR, COMMUNE).rows(0, 5)
    assert row.uid == commune
    record_review(
        context,
        LearningModel.COMMUNE,
        YEAR,
        [commune],
        ReviewOutcome.RETURNED,
        reason="Xem",
        reviewed_on=dt.date(2026, 1, 5),
    )
    assert states(review_list(context, LearningModel.COMMUNE, YEAR, COMMUNE)) == [ReviewState.RETURNED]
