"""The cover sheet of a stack: whose it is, its control totals to be filled in by hand, the names in it with ticks.

Invariant: what the program knows (forms handed out) is printed; what only the returned stack shows (forms, sum of
scores) is a box to write in, so that keying can be checked against it.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.models.types import Uid
from desktop_app.services.documents.flow import Flow
from desktop_app.services.documents.fonts import Face, clean
from desktop_app.services.documents.qr import draw_qr, qr_matrix
from desktop_app.services.documents.table import Column, Row, Table
from desktop_app.services.documents.typography import MM, Align, Style, draw_line, fit
from desktop_app.services.paper.codes import stack_qr
from desktop_app.services.paper.rows import draw_box, draw_dots
from desktop_app.services.paper.shapes import FormHead, PreparedSet, Stack
from desktop_app.services.paper.sheet_head import draw_sheet_head
from desktop_app.services.paper.stacks import spaced
from desktop_app.services.paper.words import SHORT_NAMES
from desktop_app.services.vietnamese import number_text

QR_SIZE = 24 * MM
_LABEL, _VALUE = Style(Face.REGULAR, 13), Style(Face.BOLD, 13.5)
_LINE = 25.0


def draw_cover(flow: Flow, stack: Stack, sets: Mapping[int, PreparedSet], head: FormHead) -> None:
    """One cover on pages of its own, numbered from 1."""
    flow.note = f"Tập {spaced(stack.code)} · {stack.place}"
    flow.start_section()
    draw_sheet_head(flow, head, "BÌA TẬP PHIẾU", _subtitle(stack, sets, head), room=QR_SIZE + 8 * MM)
    _draw_code(flow, stack, sets[stack.set_id].uid, head)
    _draw_people(flow, stack, head)
    _draw_totals(flow, stack)
    flow.space(12)
    columns = [
        Column("TT", 10, Align.CENTRE),
        Column(SHORT_NAMES[stack.forms[0].model], 56),
        Column("Mã hộ", 24, Align.CENTRE),
        Column("Mã phiếu", 35, Align.CENTRE),
        Column("Đã thu", 17, Align.CENTRE),
        Column("Tổng điểm", 23, Align.CENTRE),
    ]
    rows = [
        [str(number), form.name, form.household, f"…{form.code[4:8]} {form.code[8:12]} {form.code[12:]}", "", ""]
        for number, form in enumerate(stack.forms, start=1)
    ]
    if not any(form.household for form in stack.forms):
        columns = [columns[0], Column(columns[1].title, 80), *columns[3:]]
        rows = [cells[:2] + cells[3:] for cells in rows]
    Table(flow, columns, size=12, least_height=8.4).draw(Row(tuple(cells)) for cells in rows)


def _subtitle(stack: Stack, sets: Mapping[int, PreparedSet], head: FormHead) -> str:
    definition = sets[stack.set_id].definition
    group = f": {definition.group_name[:1].lower()}{definition.group_name[1:]}" if definition.group_name else ""
    number = f"tập {stack.number}/{stack.count}"
    place = f"{stack.place} – {number}" if stack.place else number
    return f"{definition.title} năm {head.year}{group}\n{place}"


def _draw_code(flow: Flow, stack: Stack, set_uid: Uid, head: FormHead) -> None:
    """The batch's code at the upper right, for the scanner and for the eye."""
    x, y = flow.left + flow.width - QR_SIZE, flow.page_height - flow.margin - QR_SIZE
    draw_qr(flow.canvas, qr_matrix(stack_qr(head.year, stack.code, stack.forms[0].place_uid, set_uid)), x, y, QR_SIZE)
    text = f"Tập {spaced(stack.code)}"
    draw_line(flow.canvas, x + QR_SIZE / 2, y - 14, text, Style(Face.BOLD, 13), Align.CENTRE)


def _draw_people(flow: Flow, stack: Stack, head: FormHead) -> None:
    half = flow.width / 2
    _draw_pair(flow, flow.left, half - 8, "Người đi thu", stack.collector)
    _draw_pair(flow, flow.left + half, half, "Điện thoại", "", is_last=True)
    _draw_pair(flow, flow.left, half - 8, "Ngày giao", "")
    _draw_pair(flow, flow.left + half, half, "Ngày thu về", "", is_last=True)


def _draw_pair(flow: Flow, x: float, width: float, label: str, value: str, *, is_last: bool = False) -> None:
    y = flow.y - _LINE * 0.72
    used = draw_line(flow.canvas, x, y, f"{label}:", _LABEL) + 5
    if value:
        fitted = fit(clean(value), _VALUE, width - used, smallest=8)
        draw_line(flow.canvas, x + used, y, fitted.lines[0], fitted.style)
    else:
        draw_dots(flow.canvas, x + used, x + width, y - 1.5)
    if is_last:
        flow.space(_LINE)


def _draw_totals(flow: Flow, stack: Stack) -> None:
    """Four boxes in a row: forms out (printed), forms back, blank forms added, sum of the scores."""
    flow.space(6)
    boxes = (
        ("Số phiếu giao", number_text(len(stack.forms)), 1.0),
        ("Số phiếu thu về", "", 1.0),
        ("Phiếu trống thêm", "", 1.0),
        ("Cộng tổng điểm các phiếu", "", 1.6),
    )
    gap = 4 * MM
    unit = (flow.width - 3 * gap) / sum(share for _, _, share in boxes)
    x, height = flow.left, 14 * MM
    for label, value, share in boxes:
        width = unit * share
        title = fit(label, Style(Face.REGULAR, 12), width, smallest=9)
        draw_line(flow.canvas, x + width / 2, flow.y - 12, title.lines[0], title.style, Align.CENTRE)
        draw_box(flow.canvas, x, flow.y - 17, width, height)
        if value:
            draw_line(
                flow.canvas, x + width / 2, flow.y - 17 - height * 0.68, value, Style(Face.BOLD, 18), Align.CENTRE
            )
        x += width + gap
    flow.space(17 + height)
