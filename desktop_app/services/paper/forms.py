"""Draws forms one after the other: the shared pages of their sets, and on them who each form is for.

Invariant: a form begins on a new sheet when the print is two-sided; memory does not grow with what the forms share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from desktop_app.models.types import LearningModel
from desktop_app.services.documents.fonts import Face
from desktop_app.services.documents.qr import draw_qr, qr_matrix
from desktop_app.services.documents.typography import MM, Align, Style, draw_line, fit
from desktop_app.services.paper.barcode import bars_of, draw_bars
from desktop_app.services.paper.codes import grouped
from desktop_app.services.paper.rows import LEFT, WIDTH, draw_box, draw_dots
from desktop_app.services.paper.shapes import FormHead, PaperForm, PreparedSet
from desktop_app.services.paper.template import PAGE_HEIGHT, PAGE_WIDTH, SIDE, TOP, FormTemplate

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

QR_SIZE = 26 * MM
BAR_WIDTH, BAR_HEIGHT = 33 * MM, 8 * MM
_VALUE = Style(Face.BOLD, 14)
_DIGITS = Style(Face.BOLD, 11.5)


class FormPrinter:
    """Draws forms of several sets on one canvas.

    Args:
        templates: by the local key of their set.
        is_two_sided: a form of an odd number of pages is followed by an empty one.
    """

    def __init__(self, canvas: Canvas, templates: Mapping[int, FormTemplate], *, is_two_sided: bool = False) -> None:
        self._canvas = canvas
        self._is_two_sided = is_two_sided
        self._templates = templates
        self._defined: set[int] = set()
        self.pages = 0

    def draw(self, form: PaperForm) -> None:
        """One form on pages of its own."""
        template = self._templates[form.set_id]
        if form.set_id not in self._defined:
            template.define(self._canvas)
            self._defined.add(form.set_id)
        bars = bars_of(form.code) if form.code else ()
        for number in range(1, template.pages + 1):
            self._canvas.setPageSize((PAGE_WIDTH, PAGE_HEIGHT))
            template.show(self._canvas, number)
            if number == 1:
                self._draw_person(template, form)
            else:
                name = fit(form.name, Style(Face.BOLD, 12), 0.46 * WIDTH, smallest=8)
                draw_line(self._canvas, LEFT + WIDTH, TOP - 10, name.lines[0], name.style, Align.RIGHT)
            self._draw_foot(form, bars)
            self.end_page()
        if self._is_two_sided and template.pages % 2:
            self.end_page()

    def end_page(self) -> None:
        """Close the page at hand, empty or not."""
        self._canvas.showPage()
        self.pages += 1

    def _draw_person(self, template: FormTemplate, form: PaperForm) -> None:
        canvas = self._canvas
        for place, ((_, y, end), value) in enumerate(zip(template.fact_places(), form.values, strict=True)):
            x = template.value_x(place)
            if not value:
                draw_dots(canvas, x, end, y - 1.5)
                continue
            fitted = fit(value, _VALUE, end - x, smallest=9.5, lines=2)
            rise = fitted.style.size * 0.55 if len(fitted.lines) > 1 else 0.0
            for number, line in enumerate(fitted.lines):
                draw_line(canvas, x, y + rise - number * fitted.style.size * 1.06, line, fitted.style)
        centre = LEFT + WIDTH - SIDE / 2 + 1 * MM
        if form.is_blank and form.model is LearningModel.CITIZEN:
            _draw_tail_boxes(canvas, centre)
        if form.is_blank:
            return
        draw_qr(canvas, qr_matrix(form.qr), centre - QR_SIZE / 2, TOP - QR_SIZE, QR_SIZE)
        draw_line(canvas, centre, TOP - QR_SIZE - 12, grouped(form.code), _DIGITS, Align.CENTRE)

    def _draw_foot(self, form: PaperForm, bars: tuple[tuple[int, int], ...]) -> None:
        canvas = self._canvas
        text = f"Mã phiếu: {grouped(form.code)}" if form.code else "Phiếu trống, chưa ghi tên"
        draw_line(canvas, LEFT + 24 * MM, 9.2 * MM, text, Style(Face.REGULAR, 12))
        if bars:
            draw_bars(canvas, bars, LEFT + WIDTH - BAR_WIDTH, 6 * MM, BAR_WIDTH, BAR_HEIGHT)


def templates_of(
    sets: Iterable[PreparedSet], head: FormHead, *, has_all_levels: bool = False
) -> Mapping[int, FormTemplate]:
    """The layout of each set's form."""
    return {
        item.id: FormTemplate(item.definition, head, f"set{item.id}", has_all_levels=has_all_levels) for item in sets
    }


def _draw_tail_boxes(canvas: Canvas, centre: float) -> None:
    """A form of nobody yet asks for what finds the person again: the last digits of the CCCD, not the whole."""
    side = 7 * MM
    draw_line(canvas, centre, TOP - 30, "4 số cuối CCCD", Style(Face.REGULAR, 12), Align.CENTRE)
    for place in range(4):
        draw_box(canvas, centre + (place - 2) * side, TOP - 36, side, 10 * MM)
