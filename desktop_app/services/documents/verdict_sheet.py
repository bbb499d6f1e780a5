"""One assessment's form, filled, with the verdict's sentence as the engine gave it; a page or more for each.

How sure the wording of a row is stands beside it, and in words below the table: no row looks official that is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop_app.models.types import TextStatus
from desktop_app.services.documents.administrative import (
    draw_head,
    draw_signatures,
    draw_title,
    note_of,
    signatures_height,
)
from desktop_app.services.documents.data import VerdictRow, VerdictSheetData
from desktop_app.services.documents.flow import Flow, document
from desktop_app.services.documents.fonts import Face, clean
from desktop_app.services.documents.table import Column, Row, Table
from desktop_app.services.documents.typography import MM, Align, Style, draw_line, width_of, wrap
from desktop_app.services.errors import UserError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import number_text

STATUS_MARK = {
    TextStatus.OFFICIAL: "",
    TextStatus.SUMMARY: "tóm tắt",
    TextStatus.INFERRED: "suy ra",
    TextStatus.MISSING: "chưa có văn bản",
    TextStatus.SUGGESTED: "gợi ý",
}
LEGEND = {
    TextStatus.SUMMARY: "[tóm tắt] ghi theo lời tóm tắt của nguồn đã công bố",
    TextStatus.INFERRED: "[suy ra] suy ra từ các chỉ số khác",
    TextStatus.MISSING: "[chưa có văn bản] có trong văn bản chính thức nhưng chưa tìm được nguyên văn",
    TextStatus.SUGGESTED: "[gợi ý] bản gợi ý, không phải văn bản",
}
"""What the marks beside the rows mean, for below a form."""

_FACT, _FACT_VALUE = Style(Face.REGULAR, 13), Style(Face.BOLD, 13)
_SMALL = Style(Face.ITALIC, 10)


def write_verdict_sheet(
    items: VerdictSheetData | Sequence[VerdictSheetData], out: Path, *, progress: Progress = NO_PROGRESS
) -> int:
    """Write one form, or several after each other, each numbered from 1; returns the number of pages.

    Raises:
        UserError: there is nothing to print.
        EnvironmentProblem: the file cannot be written; an older file is kept.
        Cancelled: asked to stop; nothing is kept.
    """
    sheets = [items] if isinstance(items, VerdictSheetData) else list(items)
    if not sheets:
        raise UserError("Chưa có phiếu đánh giá nào để in. Hãy chọn ít nhất một phiếu.", code="document.empty")
    with document(out, sheets[0].form_title, margin=15 * MM) as flow:
        for done, sheet in enumerate(sheets, start=1):
            _draw_sheet(flow, sheet)
            progress.step(done, len(sheets), f"Đang in phiếu {number_text(done)}/{number_text(len(sheets))}")
    return flow.pages


def _draw_sheet(flow: Flow, sheet: VerdictSheetData) -> None:
    flow.note = note_of(sheet.head)
    flow.start_section()
    draw_head(flow, sheet.head, has_number=bool(sheet.head.number))
    flow.space(-8)
    draw_title(flow, sheet.form_title)
    flow.space(-8)
    flow.centred(sheet.set_text, Style(Face.ITALIC, 12))
    flow.space(6)
    _draw_facts(flow, sheet.facts)
    flow.space(9)
    _draw_rows(flow, sheet)
    _draw_legend(flow, sheet)
    _draw_verdict(flow, sheet)
    draw_signatures(flow, sheet.signatures)


def _draw_facts(flow: Flow, facts: Sequence[tuple[str, str]]) -> None:
    """Label and value pairs, as many on a line as there is room for; a long value runs over lines of its own."""
    gap, used = 9 * MM, flow.width
    for label, value in ((f"{clean(label)}: ", clean(value)) for label, value in facts):
        needed = width_of(label, _FACT) + width_of(value, _FACT_VALUE)
        if needed > flow.width:
            flow.paragraph([(label, Face.REGULAR), (value, Face.BOLD)], _FACT, indent=0, after=0)
            used = flow.width
            continue
        if used + gap + needed > flow.width:
            flow.need(17)
            flow.space(17)
            used = -gap
        x = flow.left + used + gap
        x += draw_line(flow.canvas, x, flow.y, label, _FACT)
        draw_line(flow.canvas, x, flow.y, value, _FACT_VALUE)
        used += gap + needed


def _draw_rows(flow: Flow, sheet: VerdictSheetData) -> None:
    columns = [
        Column("TT", 9, Align.CENTRE),
        Column("Nội dung đánh giá", 127),
        Column("Tối đa", 14, Align.CENTRE),
        Column(sheet.score_label, 15, Align.CENTRE),
    ]
    rows = [Row((row.number, _marked(row), row.max_score, row.score), is_bold=row.is_heading) for row in sheet.rows]
    rows.append(Row(("", "Tổng cộng", "", sheet.total), is_bold=True))
    Table(flow, columns, size=11, least_height=5.6).draw(rows)


def _marked(row: VerdictRow) -> str:
    mark = STATUS_MARK[row.status]
    marked = f"{row.text} [{mark}]" if mark else row.text
    return f"{marked} ({row.note})" if row.note else marked


def _draw_legend(flow: Flow, sheet: VerdictSheetData) -> None:
    used = {row.status for row in sheet.rows}
    texts = [text for status, text in LEGEND.items() if status in used]
    flow.space(4)
    if texts:
        flow.paragraph(f"{'; '.join(texts)}: chưa đối chiếu với văn bản.", _SMALL, indent=0, after=2)
    if sheet.warning:
        flow.paragraph(sheet.warning, Style(Face.BOLD_ITALIC, 11), indent=0, after=2)


def _draw_verdict(flow: Flow, sheet: VerdictSheetData) -> None:
    """The result in a box: passed or not in capitals, below it the sentence that says why."""
    pad, style = 2.4 * MM, Style(Face.REGULAR, 13)
    lines = wrap(clean(sheet.verdict), style, flow.width - 2 * pad)
    height = 2 * pad + 17 + 16.5 * len(lines)
    flow.need(height + 12 + signatures_height(sheet.signatures))
    flow.space(6)
    flow.canvas.setLineWidth(0.9)
    flow.canvas.rect(flow.left, flow.y - height, flow.width, height)
    y = flow.y - pad - 11
    result = "ĐẠT" if sheet.is_passed else "CHƯA ĐẠT"
    draw_line(flow.canvas, flow.left + pad, y, f"KẾT QUẢ: {result}", Style(Face.BOLD, 13.5))
    draw_line(flow.canvas, flow.left + flow.width - pad, y, sheet.total, Style(Face.BOLD, 13.5), Align.RIGHT)
    for line in lines:
        y -= 16.5
        draw_line(flow.canvas, flow.left + pad, y, line, style)
    flow.y -= height + 6
