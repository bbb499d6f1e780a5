"""Words of the keying screens: kinds of forms, days, scores.

Invariant: pure.
"""

from __future__ import annotations

import datetime as dt

from desktop_app.models.types import LearningModel
from desktop_app.services.keying.records import BatchRecord
from desktop_app.services.vietnamese import number_text

NAME_TITLES = {
    LearningModel.CITIZEN: "Họ và tên",
    LearningModel.FAMILY: "Hộ (chủ hộ)",
    LearningModel.CLAN: "Dòng họ",
    LearningModel.COMMUNITY: "Thôn, tổ",
    LearningModel.ORGANIZATION: "Đơn vị",
    LearningModel.COMMUNE: "Xã",
}
BESIDE_TITLES = {LearningModel.CITIZEN: "Sinh", LearningModel.FAMILY: "Mã hộ"}
"""Heading over what stands beside the names, where anything does."""

FIND_HINTS = {
    LearningModel.CITIZEN: "Quét mã, gõ tên, 4 số cuối CCCD, mã hộ; ↓ người kế",
    LearningModel.FAMILY: "Quét mã, gõ mã hộ hoặc tên một người; ↓ hộ kế",
}
FIND_UNIT = "Quét mã, gõ tên; ↓ xem danh sách"


def score_text(value: float) -> str:
    """A score with as many decimals (at most two) as it needs: "78", "78,5", "3.214"."""
    decimals = next((d for d in (0, 1) if abs(round(value, d) - value) < 1e-9), 2)
    return number_text(value, decimals)


def day_text(iso: str | None) -> str:
    """ "20/11/2026"; empty for none."""
    return f"{dt.date.fromisoformat(iso):%d/%m/%Y}" if iso else ""


def kind_words(batch: BatchRecord) -> str:
    """The kind of forms in few words: "người dân trong xã", "Gia đình học tập"."""
    title, _, group = batch.set_name.partition(": ")
    return f"{group[:1].upper()}{group[1:]}" if group else title


def cover_line(batch: BatchRecord) -> str:
    """What the paper cover says: "40 phiếu · tổng 3.214"."""
    parts = []
    if batch.cover.form_count is not None:
        parts.append(f"{number_text(batch.cover.form_count)} phiếu")
    if batch.cover.score_sum is not None:
        parts.append(f"tổng {score_text(batch.cover.score_sum)}")
    return " · ".join(parts) or "không ghi số"
