"""The papers of a review: the posted list without anything private, and minutes with what was said and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.types import ReviewOutcome, ReviewStage
from desktop_app.services.assessment.review.finding import find_forms, form_words
from desktop_app.services.assessment.review.meetings import (
    Meeting,
    households_of,
    load_meeting,
    meeting_key,
    save_meeting,
)
from desktop_app.services.assessment.review.papers import minutes_pdf, posted_list_pdf
from desktop_app.services.assessment.review.postings import post_list
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.settings import write_setting
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_people, fill, row_uid
from tests.services.documents.helpers import page_texts

HAMLET = ReviewStage.HAMLET


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


def test_minutes_of_an_unwritten_meeting_have_dots_to_fill_in(context: Context, tmp_path: Path) -> None:
    assert minutes_pdf(context, YEAR, HAMLET, None, [CITIZEN], tmp_path / "minutes.pdf") == 1
    words = " ".join(page_texts(tmp_path / "minutes.pdf"))
    assert "Chủ trì: ……" in words and "Chưa có phiếu nào được xét" in words


@pytest.mark.parametrize(
    ("meeting", "code"),
    [
        (Meeting(held_on="2999-01-01"), "meeting.date"),
        (Meeting(present=-1), "meeting.count"),
        (Meeting(present=5, votes_for=4, votes_against=2), "meeting.votes"),
        (Meeting(chair="x" * 200), "meeting.long"),
    ],
)
def test_an_odd_meeting_is_refused_and_the_kept_one_stays(context: Context, meeting: Meeting, code: str) -> None:
    kept = save_meeting(context, YEAR, HAMLET, None, Meeting(chair="Ông Ba"))
    with pytest.raises(UserError) as refused:
        save_meeting(context, YEAR, HAMLET, None, meeting)
    assert refused.value.code == code
    assert load_meeting(context, YEAR, HAMLET, None) == kept


@pytest.mark.parametrize("stored", [1, [], {"held_on": "hôm qua", "present": True, "chair": 5, "place": "Đình"}])
def test_a_meeting_that_is_stored_oddly_is_read_as_far_as_it_goes(context: Context, stored: object) -> None:
    with context.operation("review.meeting", {"year": YEAR}) as op:
        write_setting(op.writer, meeting_key(YEAR, HAMLET, None), stored)
    found = load_meeting(context, YEAR, HAMLET, None)
    assert found == Meeting(place="Đình" if isinstance(stored, dict) else "")


def test_forms_are_found_by_words_of_a_name_those_on_the_list_first(context: Context) -> None:
    people = make(context)
    assert households_of(context, None) == 1
    uid = post_list(context, CITIZEN, YEAR, stage=HAMLET)
    found = find_forms(context, YEAR, "le van", posting=uid)
    assert found[0][1].split(" · ")[0] == "Lê Văn An"
    assert len(found) == len(people) + 1, "and the family of the head"
    assert "Lê Văn An" in form_words(context, found[0][0])
    assert find_forms(context, YEAR, "khong co ai") == []
