"""The questions about posted lists, objections and answers.

Invariant: a form is found by the name of its subject; what is chosen is the form's uid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from desktop_app.models.types import LearningModel, ObjectionOutcome, ReviewStage, Uid
from desktop_app.services.assessment.review.finding import find_forms, form_words
from desktop_app.ui.assessment.words import SEGMENTS
from desktop_app.ui.review.forms import day_field
from desktop_app.ui.review.words import STAGES
from desktop_app.ui.widgets.form_spec import Choices, Field

ALL_WHO_PASS = "passed"
WHOLE_COMMUNE = "all"


def posting_fields(hamlets: Sequence[tuple[Any, str]], stages: Sequence[ReviewStage]) -> tuple[Field, ...]:
    """Which list, where and for how long."""
    accepted = tuple((stage, f"{STAGES[stage]} đã chấp nhận") for stage in stages)
    return (
        Field(
            "model", "Mô hình", "choice", is_required=True,
            choices=tuple((model, SEGMENTS[model]) for model in LearningModel),
        ),
        Field(
            "stage", "Gồm phiếu", "choice", is_required=True,
            choices=(*accepted, (ALL_WHO_PASS, "Mọi phiếu đạt, không bị trả lại")),
        ),
        Field("hamlet", "Phạm vi", "choice", is_required=True, choices=((WHOLE_COMMUNE, "Toàn xã"), *hamlets)),
        day_field("posted_on", "Niêm yết từ ngày"),
        day_field("until", "Nhận ý kiến đến hết ngày", is_required=False, help_="Để trống thì tính theo số ngày."),
        Field("place", "Nơi niêm yết", max_length=200, placeholder="Nhà văn hóa thôn"),
        Field("note", "Ghi chú", max_length=200),
    )  # fmt: skip


def posting_place_fields() -> tuple[Field, ...]:
    """Where and for how long, of a list that hangs already."""
    return (
        day_field("posted_on", "Niêm yết từ ngày"),
        day_field("until", "Nhận ý kiến đến hết ngày"),
        Field("place", "Nơi niêm yết", max_length=200),
        Field("note", "Ghi chú", max_length=200),
    )


def objection_fields(find: Callable[[str], Choices] | None, words_of: Callable[[Any], str] | None) -> tuple[Field, ...]:
    """What was said; about whom only where it is not known yet."""
    about = (
        Field(
            "about", "Về ai", "search", is_required=True, find=find, words_of=words_of,
            help="Gõ tên người, chủ hộ, dòng họ, thôn hoặc đơn vị có phiếu trong đợt.",
        ),
    )  # fmt: skip
    return (
        *(about if find is not None else ()),
        Field("content", "Nội dung ý kiến", "multiline", is_required=True, max_length=2_000),
        Field("raised_by", "Người nói", max_length=100, help="Để trống nếu người nói không muốn ghi tên."),
        day_field("received_on", "Nhận ngày"),
    )


def answer_fields() -> tuple[Field, ...]:
    """What was found, by whom, when, and whether the form goes back."""
    return (
        Field(
            "outcome", "Kết luận", "choice", is_required=True,
            choices=(
                (ObjectionOutcome.UPHELD, "Ý kiến đúng"),
                (ObjectionOutcome.REJECTED, "Ý kiến không đúng"),
            ),
        ),
        Field("answer", "Đã xem xét thế nào", "multiline", is_required=True, max_length=2_000),
        Field("returns", "Trả lại phiếu với lý do này", "check"),
        Field("by", "Người trả lời", max_length=100, help="Để trống thì ghi tên người đang làm việc."),
        day_field("on", "Ngày trả lời"),
    )  # fmt: skip


def find_form(context: Any, year: int, posting: Uid | None) -> Callable[[str], Choices]:
    """Forms of the round by the name of their subject; those of the posting first."""
    return lambda text: find_forms(context, year, text, posting=posting)


def words_of_form(context: Any) -> Callable[[Any], str]:
    return lambda uid: form_words(context, str(uid))
