"""What the review list shows of each form.

Invariant: a column's key is an order that the list's service knows, or the column is not sortable.
"""

from __future__ import annotations

from desktop_app.services.assessment.review.listing import ReviewRow
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.review.words import state_chip
from desktop_app.ui.widgets.paged_model import Column, ToneText
from desktop_app.ui.widgets.painting import ChipData


def _verdict(row: ReviewRow) -> ToneText:
    return ToneText(row.short or "–", "passed" if row.passed else "failed")


def _changes(row: ReviewRow) -> str:
    parts = [f"{number_text(row.changes)} điểm đổi" if row.changes else ""]
    parts.append(f"{number_text(row.objections)} ý kiến" if row.objections else "")
    return ", ".join(part for part in parts if part)


def _chip(row: ReviewRow) -> ChipData:
    return ChipData("Đã công nhận", "accent", "award") if row.is_recognised else state_chip(row.state)


COLUMNS = (
    Column("name", "Họ và tên", 168, "strong", stretch=3),
    Column("birth", "Sinh", 92, is_sortable=False, gives_way=3),
    Column("hamlet", "Thôn", 92, stretch=1, gives_way=2),
    Column("detail", "Hộ", 84, "quiet", is_sortable=False, gives_way=4),
    Column("total", "Điểm", 62, "number", value=lambda row: row.total, decimals=0),
    Column("short", "Kết quả", 92, value=_verdict),
    Column("state", "Ở bước này", 140, "chip", value=_chip),
    Column("changes", "Từ lần xét trước", 120, "small", value=_changes, is_sortable=False, gives_way=1, stretch=1),
)
