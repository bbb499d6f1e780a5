"""The papers of a review: the posted list without anything private, and minutes with what was said and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.tables.assessment import meeting
from desktop_app.models.types import ReviewOutcome, ReviewStage, Uid
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.review.finding import find_forms, form_words
from desktop_app.services.assessment.review.meetings import (
    Meeting,
    households_of,
    load_meeting,
    meeting_uid,
    save_meeting,
)
from desktop_app.services.assessment.review.papers import minutes_pdf, posted_list_pdf
from desktop_app.services.assessment.review.postings import post_list, posting_changes
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.registry.personal import erase_citizen
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_people, figures, fill, row_uid
from tests.services.documents.helpers import page_texts

HAMLET = ReviewStage.HAMLET


def last_deed(context: Context) -> Uid:
    with context.read() as connection:
        found: bytes = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one()
    return found.hex()


def make(context: Context) -> list[str]:
    household, people = add_people(
        context,
        [
            {"full_name": "Lê Văn An", "birth": "1980-05-08", "cccd": "079080001234"},
            {"full_name": "Lê Văn Bình", "birth": "1981"},
            {"full_name": "Lê Văn Chi", "birth": "1982"},
        ],
    )
    for person, share in zip(people, (0.9, 0.9, 0.6), strict=True):
        fill(context, CITIZEN, person, share=share)
    fill(context, FAMILY, household)
    record_review(context, CITIZEN, YEAR, people[:1], ReviewOutcome.ACCEPTED, stage=HAMLET)
    record_review(context, CITIZEN, YEAR, people[1:2], ReviewOutcome.RETURNED, stage=HAMLET, reason="Thiếu chữ ký")
    return people


def test_a_posted_list_shows_the_year_of_birth_and_no_number(context: Context, tmp_path: Path) -> None:
    make(context)
    uid = post_list(context, CITIZEN, YEAR, stage=HAMLET, place="Nhà văn hóa")
    assert posted_list_pdf(context, uid, tmp_path / "list.pdf") == 1
    words = " ".join(page_texts(tmp_path / "list.pdf"))
    for said in ("DANH SÁCH CÔNG KHAI", "Lê Văn An", "1980", "Thôn 1", "Nhà văn hóa", "Mẫu tham khảo"):
        assert said in words
    for private in ("079080001234", "08/05", "Lê Văn Bình"):
        assert private not in words


def test_minutes_tell_who_came_what_was_said_and_why_somebody_was_left(context: Context, tmp_path: Path) -> None:
    make(context)
    hamlet = row_uid(context, "hamlet", "Thôn 1")
    save_meeting(
        context,
        YEAR,
        HAMLET,
        hamlet,
        Meeting(
            "2026-01-05", "19 giờ", "21 giờ", "Nhà văn hóa", "Trần Văn Ba", "Lê Thị Hồng", 1, 0, 1, 0, "Đọc phiếu."
        ),
    )
    minutes_pdf(context, YEAR, HAMLET, hamlet, [CITIZEN, FAMILY], tmp_path / "minutes.pdf")
    words = " ".join(page_texts(tmp_path / "minutes.pdf"))
    for said in (
        "BIÊN BẢN",
        "Trần Văn Ba",
        "Lê Thị Hồng",
        "19 giờ",
        "Đọc phiếu.",
        "Thiếu chữ ký",
        "Chưa đạt: ",
        "1 công dân",
    ):
        assert said in words
    assert "trên tổng số 1 hộ" in words and "Tán thành: 1 phiếu" in words


def test_who_was_accepted_stays_in_the_minutes_when_the_form_is_changed_later(context: Context, tmp_path: Path) -> None:
    people = make(context)
    answer(context, CITIZEN, people[0], YEAR, "1", 8)
    answer(context, CITIZEN, people[1], YEAR, "1", 8)
    leave_form(context)
    minutes_pdf(context, YEAR, HAMLET, None, [CITIZEN], tmp_path / "minutes.pdf")
    words = " ".join(page_texts(tmp_path / "minutes.pdf"))
    assert "Đề nghị công nhận: 1 công dân" in words and "Trả lại để chấm hoặc bổ sung: 1 công dân" in words
    assert words.count("(sửa điểm sau buổi họp)") == 2 and "Thiếu chữ ký" in words


def test_minutes_of_an_unwritten_meeting_have_dots_to_fill_in(context: Context, tmp_path: Path) -> None:
    assert minutes_pdf(context, YEAR, HAMLET, None, [CITIZEN], tmp_path / "minutes.pdf") == 1
    words = " ".join(page_texts(tmp_path / "minutes.pdf"))
    assert "Chủ trì: ……" in words and "Chưa có phiếu nào được xét" in words


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        (Meeting(held_on="2999-01-01"), "meeting.date"),
        (Meeting(came=-1), "meeting.count"),
        (Meeting(came=5, votes_for=4, votes_against=2), "meeting.votes"),
        (Meeting(chair="x" * 200), "meeting.long"),
    ],
)
def test_an_odd_meeting_is_refused_and_the_kept_one_stays(context: Context, odd: Meeting, code: str) -> None:
    kept = save_meeting(context, YEAR, HAMLET, None, Meeting(chair="Ông Ba"))
    with pytest.raises(UserError) as refused:
        save_meeting(context, YEAR, HAMLET, None, odd)
    assert refused.value.code == code
    assert load_meeting(context, YEAR, HAMLET, None) == kept


def test_a_meeting_with_a_day_that_is_none_is_read_without_it(context: Context) -> None:
    save_meeting(context, YEAR, HAMLET, None, Meeting("2026-01-05", place="Đình", came=3))
    with context.operation("review.meeting", {"year": YEAR}) as op:
        row = op.writer.references.id("meeting", meeting_uid(YEAR, HAMLET, None))
        assert row is not None
        op.writer.update(meeting, row, {"held_on": "hôm qua"})
    assert load_meeting(context, YEAR, HAMLET, None) == Meeting(place="Đình", came=3)


def test_a_meeting_is_corrected_in_its_single_facts_and_taken_back(context: Context) -> None:
    first = save_meeting(context, YEAR, HAMLET, None, Meeting("2026-01-05", chair="Ông Ba", votes_for=0))
    save_meeting(context, YEAR, HAMLET, None, Meeting("2026-01-05", chair="Bà Tư"))
    deed = last_deed(context)
    with context.read() as connection:
        changes = connection.exec_driver_sql(
            "SELECT count(*) FROM change WHERE operation_id = (SELECT max(id) FROM operation)"
        ).scalar()
    assert changes == 1 and load_meeting(context, YEAR, HAMLET, None).votes_for is None
    context.journal.undo(deed)
    assert load_meeting(context, YEAR, HAMLET, None) == first


def test_the_paper_of_a_posted_list_stays_as_it_was_posted(context: Context, tmp_path: Path) -> None:
    people = make(context)
    record_review(context, CITIZEN, YEAR, people[1:2], ReviewOutcome.ACCEPTED, stage=HAMLET)
    uid = post_list(context, CITIZEN, YEAR, stage=HAMLET)
    posted_list_pdf(context, uid, tmp_path / "first.pdf")
    answer(context, CITIZEN, people[1], YEAR, "1", 0)
    leave_form(context)
    assert posted_list_pdf(context, uid, tmp_path / "later.pdf") == 1
    assert page_texts(tmp_path / "later.pdf") == page_texts(tmp_path / "first.pdf")
    (fallen,) = posting_changes(context, uid).gone
    assert fallen.total != figures(context, CITIZEN, people[1])["total"]
    erase_citizen(context, people[1])
    posted_list_pdf(context, uid, tmp_path / "erased.pdf")
    words = " ".join(page_texts(tmp_path / "erased.pdf"))
    assert "Lê Văn Bình" not in words and "2 (hai) công dân" in words


def test_forms_are_found_by_words_of_a_name_those_on_the_list_first(context: Context) -> None:
    people = make(context)
    assert households_of(context, None) == 1
    uid = post_list(context, CITIZEN, YEAR, stage=HAMLET)
    found = find_forms(context, YEAR, "le van", posting=uid)
    assert found[0][1].split(" · ")[0] == "Lê Văn An"
    assert len(found) == len(people) + 1, "and the family of the head"
    assert "Lê Văn An" in form_words(context, found[0][0])
    assert find_forms(context, YEAR, "khong co ai") == []
