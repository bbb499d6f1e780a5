"""The questions of a review's deeds: accepting many, returning with a reason, the meeting, the office's rules.

Invariant: answers are read into the services' records here, and only here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from desktop_app.models.records import UserRecord
from desktop_app.models.types import ReviewStage
from desktop_app.services.assessment.review.meetings import Meeting
from desktop_app.services.assessment.review.rules import MOST_DAYS, ReviewRules
from desktop_app.services.vietnamese import PartialDate
from desktop_app.ui.recognition.deed_form import OWN_REASON
from desktop_app.ui.review.words import SHORT_STAGES, USUAL_REASONS
from desktop_app.ui.widgets.form_spec import Field


def whole_day(value: PartialDate) -> str | None:
    """The sentence for a date without its day."""
    return None if value.day and value.month else "Cần đủ ngày, tháng, năm, ví dụ 20/11/2026."


def date_of(value: Any) -> dt.date | None:
    """A date field's answer."""
    if not isinstance(value, PartialDate):
        return None
    return dt.date(value.year, value.month or 1, value.day or 1)


def day_field(key: str, words: str, *, is_required: bool = True, help_: str = "") -> Field:
    """A field for a whole day."""
    return Field(key, words, "date", is_required=is_required, check=whole_day, help=help_)


# -- a review ----------------------------------------------------------------------------------------------------


def review_fields(reasons: Sequence[str] | None) -> tuple[Field, ...]:
    """Day and person of a review; with ``reasons`` (those given lately) also why forms are returned."""
    when = (
        day_field("on", "Ngày xét"),
        Field("by", "Người hoặc nơi kết luận", max_length=100, help="Để trống thì ghi tên người đang làm việc."),
    )
    if reasons is None:
        return when
    known = tuple(dict.fromkeys((*reasons, *USUAL_REASONS)))
    choices = tuple((reason, reason) for reason in known)
    return (
        Field(
            "usual", "Lý do trả lại", "choice", is_required=True,
            choices=(*choices, (OWN_REASON, "Lý do khác (ghi bên dưới)")),
        ),
        Field("more", "Ghi thêm", "multiline", max_length=300, help="Người chấm đọc câu này để biết phải sửa gì."),
        *when,
    )  # fmt: skip


# -- the meeting -------------------------------------------------------------------------------------------------


def meeting_fields(households: int) -> tuple[Field, ...]:
    """What the minutes need; everything may stay empty and be written by hand."""
    whole = f"Sổ có {households} hộ." if households else ""
    return (
        day_field("held_on", "Ngày họp", is_required=False),
        Field("began", "Giờ bắt đầu", max_length=40, placeholder="19 giờ 30", width=160),
        Field("ended", "Giờ kết thúc", max_length=40, placeholder="21 giờ", width=160),
        Field("place", "Nơi họp", max_length=120),
        Field("chair", "Chủ trì", max_length=100, help="Đứng tên kết luận khi ghi kết quả của buổi họp này."),
        Field("secretary", "Thư ký", max_length=100),
        Field("came", "Số hộ có đại diện", "integer", minimum=0, maximum=100_000, help=whole),
        Field("stayed_away", "Số hộ vắng", "integer", minimum=0, maximum=100_000),
        Field("votes_for", "Phiếu tán thành", "integer", minimum=0, maximum=100_000, help="Để trống nếu không đếm."),
        Field("votes_against", "Phiếu không tán thành", "integer", minimum=0, maximum=100_000),
        Field("content", "Nội dung, diễn biến", "multiline", max_length=3_000),
    )


def read_meeting(values: Mapping[str, Any]) -> Meeting:
    """The meeting that the form describes."""
    on = date_of(values.get("held_on"))
    rest = {
        item.name: _given(values.get(item.name), item.default) for item in fields(Meeting) if item.name != "held_on"
    }
    return Meeting(held_on=on.isoformat() if on else "", **rest)


def _given(value: Any, default: Any) -> Any:
    return default if value is None else value


# -- the rules ---------------------------------------------------------------------------------------------------


def rules_fields(users: Sequence[UserRecord]) -> tuple[Field, ...]:
    """What an office chooses: stages, order, how long lists hang, and who records which stage."""
    found = [
        Field("hamlet", "Dùng bước Thôn", "check", help="Họp thôn bình xét."),
        Field("branch", "Dùng bước Chi hội", "check", help="Chi hội, ban khuyến học thẩm định."),
        Field("in_order", "Bước sau chờ bước trước", "check", help="Chỉ nhận phiếu các bước trước đã chấp nhận."),
        Field(
            "needs_acceptance",
            "Công nhận chờ xã chấp nhận",
            "check",
            help="Bỏ trống: phiếu đạt và không bị trả lại là công nhận được, dù xã chưa xét.",
        ),
    ]
    found.append(
        Field(
            "posting_days", "Số ngày niêm yết", "integer", is_required=True, minimum=1, maximum=MOST_DAYS,
            help="Gợi ý 10 ngày, theo Gia đình văn hóa (NĐ 86/2023/NĐ-CP); với mô hình học tập chưa thấy văn bản nào.",
        )
    )  # fmt: skip
    for stage in ReviewStage:
        for place, user in enumerate(users):
            section = f"Ai ghi bước {SHORT_STAGES[stage]}" if not place else ""
            help_ = "Không đánh dấu ai: mọi người đều ghi được." if place == len(users) - 1 else ""
            found.append(Field(f"who_{stage.value}_{user.uid}", user.name, "check", help_, section=section))
    return tuple(found)


def rules_values(rules: ReviewRules) -> dict[str, Any]:
    """The form's first answers."""
    values: dict[str, Any] = {
        "hamlet": ReviewStage.HAMLET in rules.stages,
        "branch": ReviewStage.BRANCH in rules.stages,
        "in_order": rules.in_order,
        "needs_acceptance": rules.needs_acceptance,
        "posting_days": rules.posting_days,
    }
    for stage in ReviewStage:
        values |= {f"who_{stage.value}_{uid}": True for uid in rules.who.get(stage, ())}
    return values


def read_rules(values: Mapping[str, Any], before: ReviewRules) -> ReviewRules:
    """The rules that the form describes."""
    stages = tuple(stage for stage in ReviewStage if stage is ReviewStage.COMMUNE or values.get(stage.value))
    who: dict[ReviewStage, tuple[str, ...]] = {}
    for stage in ReviewStage:
        start = f"who_{stage.value}_"
        named = tuple(key.removeprefix(start) for key, on in values.items() if key.startswith(start) and on)
        if named:
            who[stage] = named
    return ReviewRules(
        stages=stages,
        in_order=bool(values.get("in_order")),
        needs_acceptance=bool(values.get("needs_acceptance")),
        who=who,
        posting_days=int(values.get("posting_days") or before.posting_days),
    )
