"""How reviews, posted lists and objections read on screen: chips, days, short lines. Pure.

Invariant: every state has a chip with icon and word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from desktop_app.models.types import LearningModel, ObjectionOutcome, ReviewOutcome, ReviewStage
from desktop_app.services.assessment.review.objections import ObjectionRecord
from desktop_app.services.assessment.review.postings import PostingRecord
from desktop_app.services.assessment.review.recording import ReviewRecord
from desktop_app.services.assessment.review.standing import STATE_TEXT, ReviewState, Standing
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.widgets.painting import ChipData

LISTS, SAID = "lists", "said"
"""The two parts of the screen of posted lists."""

STAGES: Mapping[ReviewStage, str] = {
    ReviewStage.HAMLET: "Thôn bình xét",
    ReviewStage.BRANCH: "Chi hội thẩm định",
    ReviewStage.COMMUNE: "Xã thẩm định",
}
SHORT_STAGES: Mapping[ReviewStage, str] = {
    ReviewStage.HAMLET: "Thôn",
    ReviewStage.BRANCH: "Chi hội",
    ReviewStage.COMMUNE: "Xã",
}
STATE_TONES: Mapping[ReviewState, tuple[str, str]] = {
    ReviewState.WAITING: ("neutral", "minus"),
    ReviewState.CHANGED: ("attention", "refresh-cw"),
    ReviewState.RETURNED: ("attention", "undo-2"),
    ReviewState.ACCEPTED: ("passed", "check"),
}
NAME_TITLES: Mapping[LearningModel, str] = {
    LearningModel.CITIZEN: "Họ và tên",
    LearningModel.FAMILY: "Chủ hộ",
    LearningModel.CLAN: "Dòng họ",
    LearningModel.COMMUNITY: "Thôn, tổ",
    LearningModel.ORGANIZATION: "Đơn vị",
    LearningModel.COMMUNE: "Xã, phường",
}
USUAL_REASONS = (
    "Thiếu minh chứng",
    "Thiếu chữ ký hoặc ngày",
    "Điểm chưa đúng với thực tế",
    "Chấm nhầm phiếu của nhóm khác",
)
"""Offered where nobody has given a reason yet."""


def state_chip(state: ReviewState, text: str = "") -> ChipData:
    """A form's state at a stage."""
    tone, icon = STATE_TONES[state]
    return ChipData(text or STATE_TEXT[state], tone, icon)


def day(iso: str) -> str:
    """ "22/11/2026"; empty for none."""
    return "/".join(reversed(iso.split("-"))) if iso else ""


def standing_words(item: Standing) -> str:
    """ "Chấp nhận · 22/11/2026 · Ông Ba", with the reason of a return."""
    parts = [STATE_TEXT[item.state]]
    if item.state is ReviewState.CHANGED and item.outcome is not None:
        parts = ["Đã chấp nhận, nay đổi" if item.outcome is ReviewOutcome.ACCEPTED else "Đã trả lại, nay sửa"]
    parts += [day(item.on), item.by]
    line = " · ".join(part for part in parts if part)
    return f"{line}: {item.reason}" if item.reason else line


def review_words(item: ReviewRecord) -> str:
    """One line of a form's history."""
    what = "chấp nhận" if item.outcome is ReviewOutcome.ACCEPTED else "trả lại"
    line = " · ".join(part for part in (f"{STAGES[item.stage]}: {what}", day(item.reviewed_on), item.reviewer) if part)
    return f"{line}: {item.reason}" if item.reason else line


def points(total: float | None) -> str:
    """ "84"; "84,5"."""
    return "" if total is None else number_text(total, 0 if total == int(total) else 1)


def posting_chip(item: PostingRecord, on: dt.date) -> ChipData:
    """Where a posted list's period stands."""
    if not item.has_begun(on):
        return ChipData("Chưa đến ngày", "neutral", "clock")
    left = item.days_left(on)
    if left:
        return ChipData(f"Còn {left} ngày", "accent", "hourglass")
    return ChipData("Hết hạn", "neutral", "check")


def objection_chip(item: ObjectionRecord) -> ChipData:
    """Whether it is answered, and how."""
    if item.outcome is None:
        return ChipData("Chưa trả lời", "attention", "hourglass")
    if item.outcome is ObjectionOutcome.UPHELD:
        return ChipData("Ý kiến đúng", "accent", "check")
    return ChipData("Không đúng", "neutral", "x")


def posting_title(item: PostingRecord) -> str:
    """ "Thôn 1, niêm yết 22/11/2026"."""
    return f"{item.where}, niêm yết {day(item.posted_on)}"
