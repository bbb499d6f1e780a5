"""The head that cover sheets and assignment lists share: agency, title, what they are about."""

from __future__ import annotations

from desktop_app.services.documents.flow import Flow
from desktop_app.services.documents.fonts import Face, clean
from desktop_app.services.documents.typography import Align, Style, balance, draw_line, draw_rule, fit
from desktop_app.services.paper.shapes import FormHead


def draw_sheet_head(flow: Flow, head: FormHead, title: str, subtitle: str, *, room: float = 0.0) -> None:
    """Agency on the left, title and its lines below in the middle.

    Args:
        room: kept free at the right, in points.
    """
    width = flow.width - room
    y, length = flow.y - 11, 0.0
    centre = flow.left + 0.22 * width
    for number, name in enumerate(head.office_lines, start=1):
        style = Style(Face.BOLD if number == len(head.office_lines) else Face.REGULAR, 12)
        for line in balance(clean(name), style, 0.44 * width)[:2]:
            length = draw_line(flow.canvas, centre, y, line, style, Align.CENTRE)
            y -= 15
    if length:
        draw_rule(flow.canvas, centre, y + 9, length / 2)
    middle = flow.left + width / 2
    y -= 16
    draw_line(flow.canvas, middle, y, title, Style(Face.BOLD, 16), Align.CENTRE)
    for text in subtitle.split("\n"):
        fitted = fit(text, Style(Face.BOLD, 14), width, smallest=10, lines=2)
        for line in fitted.lines:
            y -= 19
            draw_line(flow.canvas, middle, y, line, fitted.style, Align.CENTRE)
    flow.y = y - 16
