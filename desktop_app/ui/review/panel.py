"""One form under review beside the list: verdict, stages, what changed, open objections, answers, earlier reviews.

Invariant: shows what it is given; deeds are the page's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.services.assessment.review.detail import AnswerLine, ReviewDetail
from desktop_app.services.assessment.review.listing import ReviewRow
from desktop_app.services.assessment.review.standing import ReviewState
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.review.words import SHORT_STAGES, STATE_TONES, day, points, review_words, standing_words, state_chip
from desktop_app.ui.widgets.basics import label
from desktop_app.ui.widgets.layouts import hbox
from desktop_app.ui.widgets.painting import ChipData
from desktop_app.ui.widgets.panels import SidePanel


def fill(panel: SidePanel, row: ReviewRow, detail: ReviewDetail) -> None:
    """Show one form."""
    panel.clear()
    panel.set_title(row.name, *_chips(row))
    facts = (row.birth, row.hamlet, row.detail, f"{points(row.total)} điểm" if row.total is not None else "")
    panel.add_text(" · ".join(part for part in facts if part), "quiet")
    panel.add_text(detail.sentence or row.sentence, "body", tone="passed" if row.passed else "failed")
    panel.add_section("Các bước")
    for item in detail.stages:
        tone = STATE_TONES[item.state][0] if item.state is not ReviewState.WAITING else ""
        panel.add_row(SHORT_STAGES[item.stage], standing_words(item), tone=tone)
    _add_changes(panel, detail)
    waiting = [item for item in detail.objections if item.is_open]
    if waiting:
        panel.add_section("Ý kiến chưa trả lời")
        for raised in waiting:
            who = raised.raised_by or "Không ghi tên"
            panel.add_text(f"{who}, {day(raised.received_on)}: {raised.content}", tone="attention")
    if detail.lines:
        panel.add_section("Câu trả lời")
        for line in detail.lines:
            panel.add(_answer(line))
    if detail.reviews:
        panel.add_section("Đã xét")
        for record in detail.reviews:
            panel.add_text(review_words(record), "small")


def _chips(row: ReviewRow) -> list[ChipData]:
    chips = [state_chip(row.state)]
    chips.append(ChipData("Đạt", "passed") if row.passed else ChipData(row.short or "Chưa đạt", "failed"))
    if row.is_recognised:
        chips.append(ChipData("Đã công nhận", "accent", "award"))
    if row.objections:
        chips.append(ChipData(f"{number_text(row.objections)} ý kiến", "attention", "gavel"))
    return chips


def _add_changes(panel: SidePanel, detail: ReviewDetail) -> None:
    if not (detail.changed or detail.register or detail.evidence):
        return
    panel.add_section("Đổi từ lần xét trước")
    for line in detail.changed:
        panel.add_text(f"{line.number}. {line.text}: {line.before} → {line.value}", tone="attention")
    for fact in detail.register:
        panel.add_text(fact.text)
    if detail.evidence:
        panel.add_text(f"{number_text(detail.evidence)} minh chứng thêm hoặc bỏ")


def _answer(line: AnswerLine) -> QWidget:
    holder = QWidget()
    across = hbox(holder, margins=(0, 4, 0, 4), spacing=12)
    across.addWidget(label(f"{line.number}. {line.text}", "small", wrap=True), 1)
    most = f"/{line.most}" if line.most and line.value[:1].isdigit() else ""
    value = label(f"{line.value}{most}", "strong", tone="attention" if line.is_changed else "")
    across.addWidget(value, 0, Qt.AlignmentFlag.AlignTop)
    return holder
