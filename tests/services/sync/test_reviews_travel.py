"""Reviews between machines: a hamlet's meeting comes to the office, the commune's word is the office's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.models.tables.assessment import assessment, objection, review
from desktop_app.models.types import ReviewOutcome, ReviewStage, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.review.listing import review_list
from desktop_app.services.assessment.review.meetings import Meeting, load_meeting, save_meeting
from desktop_app.services.assessment.review.objections import add_objection, answer_objection, list_objections
from desktop_app.services.assessment.review.postings import post_list
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.review.rules import ReviewRules, save_rules
from desktop_app.services.assessment.review.standing import ReviewState
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.sync.inbox import conflicts, described_conflicts
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from tests.services.assessment.world import CITIZEN, YEAR, add_people, figures, fill, row_uid
from tests.services.sync.machines import make_star, register_state
from tests.services.sync.test_exchange import carry

HAMLET, COMMUNE = ReviewStage.HAMLET, ReviewStage.COMMUNE


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Context, Context, list[Uid]]]:
    """The office, a volunteer who has filled two forms, and the two people."""
    office, (volunteer,) = make_star(tmp_path, 1)
    _, people = add_people(volunteer, [{"full_name": "Lê An"}, {"full_name": "Lê Bình"}])
    for person in people:
        fill(volunteer, CITIZEN, person, share=0.9)
    yield office, volunteer, people
    volunteer.close()
    office.close()


def states(context: Context, stage: ReviewStage) -> list[ReviewState]:
    return [row.state for row in review_list(context, CITIZEN, YEAR, stage).rows(0, 10)]


def test_a_hamlets_meeting_and_its_results_come_to_the_office_without_a_question(
    pair: tuple[Context, Context, list[Uid]], tmp_path: Path
) -> None:
    office, volunteer, people = pair
    hamlet = row_uid(volunteer, "hamlet", "Thôn 1")
    save_meeting(volunteer, YEAR, HAMLET, hamlet, Meeting("2026-01-05", chair="Ông Ba", came=40))
    record_review(volunteer, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED, stage=HAMLET, reviewer="Ông Ba")
    assert carry(volunteer, office, tmp_path).conflicts == 0
    assert load_meeting(office, YEAR, HAMLET, hamlet).chair == "Ông Ba"
    assert states(office, HAMLET) == [ReviewState.ACCEPTED] * 2
    record_review(office, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED, stage=COMMUNE)
    carry(office, volunteer, tmp_path)
    assert states(volunteer, COMMUNE) == [ReviewState.ACCEPTED] * 2
    assert register_state(office) == register_state(volunteer)


def test_answers_that_come_after_the_communes_acceptance_are_told_at_the_office(
    pair: tuple[Context, Context, list[Uid]], tmp_path: Path
) -> None:
    office, volunteer, people = pair
    carry(volunteer, office, tmp_path)
    answer(volunteer, CITIZEN, people[0], YEAR, "1", 10)
    leave_form(volunteer)
    record_review(office, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED, stage=COMMUNE)
    carry(volunteer, office, tmp_path)
    assert states(office, COMMUNE) == [ReviewState.CHANGED, ReviewState.ACCEPTED]


def test_the_communes_stage_is_refused_on_a_volunteers_machine(pair: tuple[Context, Context, list[Uid]]) -> None:
    _, volunteer, people = pair
    with pytest.raises(UserError) as refused:
        record_review(volunteer, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED, stage=COMMUNE)
    assert refused.value.code == "review.office_only"
    with pytest.raises(UserError) as rules:
        save_rules(volunteer, ReviewRules(in_order=True))
    assert rules.value.code == "review.rules_office"


@pytest.mark.parametrize("stage", ["commune", None])
def test_a_package_with_a_communes_review_of_a_volunteer_is_refused_whole(
    pair: tuple[Context, Context, list[Uid]], tmp_path: Path, stage: str | None
) -> None:
    office, volunteer, people = pair
    carry(volunteer, office, tmp_path)
    before = register_state(office)
    with volunteer.operation("review.record", {"count": 1}) as op:
        form = op.writer.references.id("assessment", keys.assessment_uid(YEAR, CITIZEN, people[0]))
        values = {"assessment_id": form, "stage": stage, "outcome": "accepted", "reviewed_on": "2026-01-05"}
        op.writer.insert(review, values)
    create_package(volunteer, tmp_path / "odd.sht")
    with pytest.raises(UserError) as refused:
        merge_package(office, tmp_path / "odd.sht")
    assert refused.value.code == "package.commune_review"
    assert register_state(office) == before


def test_a_setting_beside_a_meeting_still_waits_for_the_office(
    pair: tuple[Context, Context, list[Uid]], tmp_path: Path
) -> None:
    from desktop_app.services.settings import OfficeSettings, save_office

    office, volunteer, _ = pair
    save_meeting(volunteer, YEAR, HAMLET, None, Meeting("2026-01-05", chair="Ông Ba"))
    save_office(volunteer, OfficeSettings(office_name="Ủy ban của tôi"))
    carry(volunteer, office, tmp_path)
    assert {item.reason for item in conflicts(office)} == {"reserved"}


def test_an_objection_taken_in_the_hamlet_is_answered_at_the_office(
    pair: tuple[Context, Context, list[Uid]], tmp_path: Path
) -> None:
    from desktop_app.models.types import ObjectionOutcome

    office, volunteer, people = pair
    carry(volunteer, office, tmp_path)
    record_review(office, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED, stage=COMMUNE)
    post_list(office, CITIZEN, YEAR, stage=COMMUNE)
    carry(office, volunteer, tmp_path)
    uid = add_objection(volunteer, keys.assessment_uid(YEAR, CITIZEN, people[0]), "Khai khống")
    with pytest.raises(UserError) as refused:
        answer_objection(volunteer, uid, ObjectionOutcome.REJECTED, "Đúng rồi")
    assert refused.value.code == "review.office_only", "the list is the commune's"
    carry(volunteer, office, tmp_path)
    answer_objection(office, uid, ObjectionOutcome.REJECTED, "Có minh chứng")
    carry(office, volunteer, tmp_path)
    assert list_objections(volunteer, YEAR)[0].answer == "Có minh chứng"


def test_what_a_volunteer_changes_of_the_communes_review_waits_for_the_office(
    pair: tuple[Context, Context, list[Uid]], tmp_path: Path
) -> None:
    office, volunteer, people = pair
    carry(volunteer, office, tmp_path)
    record_review(office, CITIZEN, YEAR, people, ReviewOutcome.RETURNED, stage=COMMUNE, reason="Thiếu minh chứng")
    record_review(volunteer, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED, stage=HAMLET)
    carry(office, volunteer, tmp_path)
    with volunteer.operation("review.record", {"count": 2}) as op:
        rows = op.connection.exec_driver_sql("SELECT id, stage FROM review ORDER BY stage").all()
        op.writer.update(review, rows[0][0], {"outcome": "accepted", "reason": None})
        op.writer.remove(review, rows[1][0])
        hamlets = [row for row in rows if row[1] == "hamlet"]
        op.writer.update(review, hamlets[0][0], {"stage": "commune"})
        form = op.writer.references.id("assessment", keys.assessment_uid(YEAR, CITIZEN, people[0]))
        op.writer.update(assessment, form, {"status": "accepted"})
    carry(volunteer, office, tmp_path)
    assert states(office, COMMUNE) == [ReviewState.RETURNED] * 2
    assert states(office, HAMLET) == [ReviewState.ACCEPTED] * 2
    held = conflicts(office)
    assert {item.reason for item in held} == {"reserved"}
    assert {(item.table, item.field) for item in held} == {
        ("review", "outcome"), ("review", "reason"), ("review", "present"), ("review", "stage"),
        ("assessment", "status"),
    }  # fmt: skip


def test_a_volunteers_answer_to_an_objection_on_the_communes_list_waits_for_the_office(
    pair: tuple[Context, Context, list[Uid]], tmp_path: Path
) -> None:
    office, volunteer, people = pair
    carry(volunteer, office, tmp_path)
    record_review(office, CITIZEN, YEAR, people, ReviewOutcome.ACCEPTED, stage=COMMUNE)
    post_list(office, CITIZEN, YEAR, stage=COMMUNE)
    carry(office, volunteer, tmp_path)
    add_objection(volunteer, keys.assessment_uid(YEAR, CITIZEN, people[0]), "Khai khống")
    with volunteer.operation("objection.answer") as op:
        row = op.connection.exec_driver_sql("SELECT id FROM objection").scalar_one()
        op.writer.update(objection, row, {"outcome": "rejected", "answer": "Không sao"})
    carry(volunteer, office, tmp_path)
    (taken,) = list_objections(office, YEAR)
    assert taken.is_open and taken.content == "Khai khống"
    assert {item.field for item in conflicts(office)} == {"outcome", "answer"}


def test_two_machines_that_write_one_meeting_differ_in_single_facts(
    pair: tuple[Context, Context, list[Uid]], tmp_path: Path
) -> None:
    office, volunteer, _ = pair
    carry(volunteer, office, tmp_path)
    hamlet = row_uid(office, "hamlet", "Thôn 1")
    save_meeting(office, YEAR, HAMLET, hamlet, Meeting("2026-01-05", chair="Ông Ba", place="Đình"))
    save_meeting(volunteer, YEAR, HAMLET, hamlet, Meeting("2026-01-05", chair="Bà Tư", place="Đình"))
    carry(volunteer, office, tmp_path)
    (told,) = described_conflicts(office)
    assert (told.what, told.label, told.mine, told.theirs) == ("Buổi họp bình xét", "Chủ trì", "Ông Ba", "Bà Tư")
    assert load_meeting(office, YEAR, HAMLET, hamlet).chair == "Ông Ba"


def test_a_volunteer_cannot_lift_the_communes_return_but_may_mend_the_form(
    pair: tuple[Context, Context, list[Uid]], tmp_path: Path
) -> None:
    office, volunteer, people = pair
    carry(volunteer, office, tmp_path)
    done = record_review(office, CITIZEN, YEAR, people, ReviewOutcome.RETURNED, stage=COMMUNE, reason="Thiếu chữ ký")
    carry(office, volunteer, tmp_path)
    assert done.operation is not None
    volunteer.journal.undo(done.operation)
    carry(volunteer, office, tmp_path)
    assert [figures(office, CITIZEN, person)["status"] for person in people] == ["returned"] * 2
    assert {(item.table, item.field) for item in conflicts(office)} == {
        ("review", "present"), ("assessment", "status"),
    }  # fmt: skip


def test_a_form_that_the_commune_returned_counts_again_once_the_volunteer_mends_it(
    pair: tuple[Context, Context, list[Uid]], tmp_path: Path
) -> None:
    office, volunteer, people = pair
    carry(volunteer, office, tmp_path)
    record_review(office, CITIZEN, YEAR, people[:1], ReviewOutcome.RETURNED, stage=COMMUNE, reason="Thiếu chữ ký")
    carry(office, volunteer, tmp_path)
    answer(volunteer, CITIZEN, people[0], YEAR, "1", 10)
    leave_form(volunteer)
    assert carry(volunteer, office, tmp_path).conflicts == 0
    assert figures(office, CITIZEN, people[0])["status"] == "draft"
    assert states(office, COMMUNE)[0] is ReviewState.CHANGED
