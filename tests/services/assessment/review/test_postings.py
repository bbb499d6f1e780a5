"""Posted lists and objections: who stands on a list, what changed since, objections in time and late, and answers."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.models.types import LearningModel, ObjectionOutcome, ReviewOutcome, ReviewStage, RoundStatus, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.review.objections import (
    add_objection,
    answer_objection,
    edit_objection,
    list_objections,
    open_objections,
    remove_objection,
    withdraw_answer,
)
from desktop_app.services.assessment.review.postings import (
    edit_posting,
    last_day,
    list_postings,
    post_list,
    posted_forms,
    posting_changes,
    remove_posting,
    still_hanging,
)
from desktop_app.services.assessment.review.recording import list_reviews, record_review, today
from desktop_app.services.assessment.review.rules import ReviewRules, save_rules
from desktop_app.services.assessment.round_closing import unfinished
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.moves.deeds import record_death
from desktop_app.services.recognition.candidates import candidates
from desktop_app.services.recognition.records import CandidateState
from desktop_app.services.registry.personal import erase_citizen, export_person
from tests.services.assessment.world import CITIZEN, YEAR, add_people, figures, fill, row_uid

COMMUNE = ReviewStage.COMMUNE
DAY = dt.timedelta(days=1)


def make(context: Context, count: int = 3) -> list[Uid]:
    _, people = add_people(context, [{"full_name": f"Lê Văn {n}", "birth": "1980-05-08"} for n in "ABCDEF"[:count]])
    for person in people:
        fill(context, CITIZEN, person, share=0.9)
    record_review(context, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED)
    return people


def form(person: Uid) -> Uid:
    return keys.assessment_uid(YEAR, CITIZEN, person)


def test_a_list_holds_what_its_stage_accepted_and_hangs_for_the_offices_days(context: Context) -> None:
    people = make(context, 2)
    _, (other,) = add_people(context, [{"full_name": "Trần Hoa"}], hamlet="Thôn 2", code="02-0001")
    fill(context, CITIZEN, other, share=0.9)
    save_rules(context, ReviewRules(posting_days=7))
    first = today(context)
    uid = post_list(context, CITIZEN, YEAR, stage=COMMUNE, place="Nhà văn hóa thôn 1")
    (posted,) = list_postings(context, YEAR)
    assert (posted.count, posted.where, posted.place) == (2, "Toàn xã", "Nhà văn hóa thôn 1")
    assert posted.until == (first + 6 * DAY).isoformat() == last_day(context, first).isoformat()
    assert (posted.days_left(first), posted.days_left(first + 7 * DAY)) == (7, 0)
    assert [(item.name, item.birth_year) for item in posted_forms(context, uid)] == [
        ("Lê Văn A", "1980"), ("Lê Văn B", "1980"),
    ]  # fmt: skip
    everybody = post_list(context, CITIZEN, YEAR, stage=None)
    assert [item.subject for item in posted_forms(context, everybody)] == [*people, other]
    hamlet = row_uid(context, "hamlet", "Thôn 2")
    with pytest.raises(UserError) as empty:
        post_list(context, CITIZEN, YEAR, stage=COMMUNE, hamlet=hamlet)
    assert empty.value.code == "posting.empty"


def test_who_is_new_who_fell_out_and_whose_answers_changed_is_told(context: Context) -> None:
    people = make(context, 4)
    record_review(context, CITIZEN, YEAR, people[3:], ReviewOutcome.RETURNED, reason="Xem lại")
    uid = post_list(context, CITIZEN, YEAR, stage=None)
    assert not posting_changes(context, uid).is_any
    record_review(context, CITIZEN, YEAR, people[3:], ReviewOutcome.ACCEPTED)
    record_review(context, CITIZEN, YEAR, people[:1], ReviewOutcome.RETURNED, reason="Khai sai")
    answer(context, CITIZEN, people[1], YEAR, "1", 10)
    answer(context, CITIZEN, people[2], YEAR, "1", 0)
    leave_form(context)
    changes = posting_changes(context, uid)
    assert [item.subject for item in changes.new] == people[3:]
    assert [(item.subject, item.note[:16]) for item in changes.gone] == [
        (people[0], "phiếu bị trả lại"), (people[2], "nay chưa đạt (CS"),
    ]  # fmt: skip
    assert [(item.subject, item.note) for item in changes.rescored] == [
        (people[1], "90 → 91 điểm, sửa 1 câu trả lời sau khi niêm yết")
    ]


def test_place_and_days_are_corrected_and_a_list_is_taken_off(context: Context) -> None:
    make(context)
    uid = post_list(context, CITIZEN, YEAR, stage=COMMUNE)
    first = today(context)
    edit_posting(context, uid, place="Trụ sở", posted_on=first - DAY, until=first + DAY, note="bảng tin")
    (posted,) = list_postings(context, YEAR)
    assert (posted.place, posted.until, posted.count, posted.note) == (
        "Trụ sở",
        (first + DAY).isoformat(),
        3,
        "bảng tin",
    )
    with pytest.raises(UserError) as refused:
        edit_posting(context, uid, place="", posted_on=first, until=first - DAY)
    assert refused.value.code == "posting.days"
    remove_posting(context, uid)
    assert list_postings(context, YEAR) == ()
    with pytest.raises(UserError) as gone:
        remove_posting(context, uid)
    assert gone.value.code == "posting.unknown"


def test_an_objection_finds_its_list_and_a_late_one_is_taken_and_marked(context: Context) -> None:
    people = make(context)
    first = today(context) - 20 * DAY
    uid = post_list(context, CITIZEN, YEAR, stage=COMMUNE, posted_on=first)
    add_objection(context, form(people[0]), "Không tham gia lớp học", raised_by="Bà Tư", received_on=first + 3 * DAY)
    add_objection(context, form(people[1]), "Khai khống điểm")
    late, early = list_objections(context, YEAR)
    assert (early.raised_by, early.is_late, early.posting, early.name) == ("Bà Tư", False, uid, "Lê Văn A")
    assert (late.raised_by, late.is_late, late.hamlet) == ("", True, "Thôn 1")
    (posted,) = list_postings(context, YEAR)
    assert (posted.objections, posted.waiting) == (2, 2)
    with pytest.raises(UserError) as before:
        add_objection(context, form(people[0]), "Sớm quá", received_on=first - DAY)
    assert before.value.code == "objection.date"
    with pytest.raises(UserError) as silent:
        add_objection(context, form(people[0]), "  ")
    assert silent.value.code == "objection.content_missing"


def test_nobody_is_recognised_while_an_objection_waits_and_the_round_says_so(context: Context) -> None:
    people = make(context)
    add_objection(context, form(people[0]), "Khai khống điểm")
    assert open_objections(context, YEAR) == 1
    left = [item for item in candidates(context, YEAR, CITIZEN).left_out if item.uid == people[0]]
    assert left[0].state is CandidateState.OBJECTED and "ý kiến chưa trả lời" in left[0].reason
    assert "1 ý kiến chưa trả lời" in [line.text for line in unfinished(context, YEAR)]
    (taken,) = list_objections(context, YEAR)
    assert not answer_objection(context, taken.uid, ObjectionOutcome.REJECTED, "Đã kiểm tra: có sổ theo dõi lớp học")
    assert len(candidates(context, YEAR, CITIZEN).ready) == 3
    (answered,) = list_objections(context, YEAR)
    assert (answered.is_open, answered.outcome) == (False, ObjectionOutcome.REJECTED)
    withdraw_answer(context, taken.uid)
    assert open_objections(context, YEAR) == 1


def test_an_objection_that_is_upheld_returns_the_form_in_the_same_deed(context: Context) -> None:
    (person, *_) = make(context)
    uid = add_objection(context, form(person), "Khai khống điểm")
    assert answer_objection(context, uid, ObjectionOutcome.UPHELD, "Không có minh chứng", is_form_returned=True)
    assert figures(context, CITIZEN, person)["status"] == "returned"
    assert list_reviews(context, CITIZEN, person, YEAR)[0].reason == "Có ý kiến đúng: Không có minh chứng"
    with context.read() as connection:
        deed = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one().hex()
    context.journal.undo(deed)
    assert figures(context, CITIZEN, person)["status"] == "accepted"
    assert open_objections(context, YEAR) == 1


def test_what_was_taken_down_is_corrected_or_taken_off(context: Context) -> None:
    (person, *_) = make(context)
    uid = add_objection(context, form(person), "Khai khống")
    edit_objection(context, uid, "Khai khống điểm chỉ số 3", raised_by="Ông Năm")
    (taken,) = list_objections(context, YEAR)
    assert (taken.content, taken.raised_by) == ("Khai khống điểm chỉ số 3", "Ông Năm")
    for day in (today(context) + DAY, today(context) - DAY):
        with pytest.raises(UserError) as refused:
            answer_objection(context, uid, ObjectionOutcome.REJECTED, "Sai", answered_on=day)
        assert refused.value.code == "objection.answer_date"
    remove_objection(context, uid)
    assert list_objections(context, YEAR) == ()


def test_a_closed_round_takes_no_list_and_no_objection(context: Context) -> None:
    people = make(context)
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    with pytest.raises(UserError) as posted:
        post_list(context, CITIZEN, YEAR, stage=COMMUNE)
    with pytest.raises(UserError) as raised:
        add_objection(context, form(people[0]), "Khai khống")
    assert posted.value.code == raised.value.code == "round.closed"


def test_objections_stand_on_a_persons_sheet_and_are_erased_with_it(context: Context) -> None:
    person = make(context)[1]
    add_objection(context, form(person), "Khai khống điểm", raised_by="Bà Tư")
    sheet = repr(export_person(context, person))
    assert "Khai khống điểm" in sheet
    erase_citizen(context, person)
    with context.read() as connection:
        rows = connection.exec_driver_sql("SELECT content, raised_by FROM objection").all()
        kept = connection.exec_driver_sql(
            "SELECT count(*) FROM change_value WHERE payload LIKE '%Khai khống%'"
        ).scalar()
    assert (rows, kept) == ([(None, None)], 0)


def test_a_hamlet_is_posted_as_a_model_of_its_own(context: Context) -> None:
    hamlet = row_uid(context, "hamlet", "Thôn 1")
    fill(context, LearningModel.COMMUNITY, hamlet)
    uid = post_list(context, LearningModel.COMMUNITY, YEAR, stage=None)
    assert [(item.name, item.birth_year) for item in posted_forms(context, uid)] == [("Thôn 1", "")]


def test_a_list_whose_period_is_not_over_is_told_before_recognition(context: Context) -> None:
    make(context, 1)
    first = today(context)
    assert still_hanging(context, YEAR, CITIZEN, first) == ""
    post_list(context, CITIZEN, YEAR, stage=COMMUNE)
    last = first + 9 * DAY
    assert still_hanging(context, YEAR, CITIZEN, last) == (
        f"1 danh sách còn nhận ý kiến, muộn nhất hết {last:%d/%m/%Y}"
    )
    assert still_hanging(context, YEAR, CITIZEN, last + DAY) == ""
    assert still_hanging(context, YEAR, LearningModel.FAMILY, first) == ""


def test_a_list_too_long_for_a_package_is_refused_and_nothing_is_posted(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(context, 3)
    monkeypatch.setattr("desktop_app.services.assessment.review.postings.MOST_LISTED", 2)
    with pytest.raises(UserError) as refused:
        post_list(context, CITIZEN, YEAR, stage=COMMUNE)
    assert refused.value.code == "posting.too_many" and "từng thôn" in refused.value.message
    assert list_postings(context, YEAR) == ()


def test_the_dead_stand_on_no_list_and_are_accepted_no_more(context: Context) -> None:
    people = make(context, 3)
    uid = post_list(context, CITIZEN, YEAR, stage=COMMUNE)
    record_death(context, people[1], on=today(context).isoformat(), today=today(context))
    assert [(item.subject, item.note[:6]) for item in posting_changes(context, uid).gone] == [(people[1], "đã mất")]
    again = post_list(context, CITIZEN, YEAR, stage=None)
    assert [item.subject for item in posted_forms(context, again)] == [people[0], people[2]]
    (left,) = record_review(context, CITIZEN, YEAR, people[1:2], ReviewOutcome.ACCEPTED).left_out
    assert left.reason.startswith("Đã mất, đã chuyển đi")
