"""One criteria set's form, laid out once: what all its forms share is drawn once into the document and referred to.

Invariant: a person's page differs only in the head's four values, the codes and the name; page x of y and the code
stand on every page, because sheets get loose. One sheet (two pages) is never exceeded while leaving out hints helps,
unless all levels are asked for; what is left out is said.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.documents.fonts import Face, clean
from desktop_app.services.documents.phrases import MOTTO, NATION
from desktop_app.services.documents.typography import MM, Align, Style, balance, draw_line, draw_rule, fit, width_of
from desktop_app.services.paper import words
from desktop_app.services.paper.blocks import Block, Placed, TextLine, draw_lines, height_of, set_text, share_out
from desktop_app.services.paper.rows import (
    BODY,
    LADDER,
    LEFT,
    WIDTH,
    Hints,
    column_width,
    criterion_block,
    draw_box,
    indicator_blocks,
)
from desktop_app.services.paper.shapes import FormHead

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
TOP, FOOT = PAGE_HEIGHT - 9 * MM, 17 * MM
SIDE = 33 * MM
"""Width of the head's right part, which holds the code."""

HEAD_HEIGHT = 93.0
OFFICE_LINE = 14.0
_OFFICE_LINES = 5
_OFFICE_SHARE = 0.37
STRIP = 8 * MM
FACT_LINE = 22.0
NARROW = 0.64
"""Where the narrow place of a head's line begins, as a share of the width."""

_STATUS = Style(Face.ITALIC, 12)
_TEXT = Style(Face.REGULAR, BODY)
_SHEET = 2


class FormTemplate:
    """The form of one set in one print.

    Args:
        name: of the drawn pages inside the document; another one for every set of a print.
        has_all_levels: every level of every indicator, on as many sheets as that takes.
    """

    def __init__(
        self, definition: CriteriaSet, head: FormHead, name: str = "form", *, has_all_levels: bool = False
    ) -> None:
        self.definition = definition
        self.head = head
        self.name = name
        self._has_all_levels = has_all_levels
        self._office = self._office_lines()
        self._status = fit(words.status_line(definition), _STATUS, WIDTH, smallest=11, lines=2).lines
        self.hints, self._pages = self._chosen()
        self._how = self._how_lines(self.hints)

    @property
    def pages(self) -> int:
        """Pages of one form."""
        return len(self._pages)

    @property
    def facts_top(self) -> float:
        """Upper edge of the four places of the head."""
        has_status = bool(self._status and self._status[0])
        return self._head_foot - (15 * len(self._status) if has_status else 0)

    @property
    def _head_foot(self) -> float:
        """Lower edge of the head: an office with a long name makes it higher."""
        return TOP - HEAD_HEIGHT - OFFICE_LINE * max(0, len(self._office) - 2)

    def define(self, canvas: Canvas) -> None:
        """Draw the pages into the document, to be shown by ``show``."""
        for number, page in enumerate(self._pages, start=1):
            canvas.beginForm(self._page_name(number), 0, 0, PAGE_WIDTH, PAGE_HEIGHT)
            if number == 1:
                self._draw_head(canvas)
            else:
                self._draw_strip(canvas)
            for placed in page:
                placed.block.draw(canvas, placed.top, placed.height)
            draw_line(canvas, LEFT, 9.2 * MM, f"Trang {number}/{self.pages}", Style(Face.BOLD, 12))
            canvas.endForm()

    def show(self, canvas: Canvas, number: int) -> None:
        """Put page ``number`` (from 1) onto the present page."""
        canvas.doForm(self._page_name(number))

    def _page_name(self, number: int) -> str:
        return f"{self.name}-{number}"

    # -- layout --------------------------------------------------------------------------------------------------

    def _chosen(self) -> tuple[Hints, list[list[Placed]]]:
        """The first step of the ladder that fits on one sheet, else the first of those with the fewest sheets."""
        best: tuple[Hints, list[list[Placed]]] | None = None
        for hints in LADDER:
            pages = self._laid_out(hints)
            if len(pages) <= _SHEET or self._has_all_levels:
                return hints, pages
            if best is None or _sheets(pages) < _sheets(best[1]):
                best = (hints, pages)
        assert best is not None
        return best

    def _laid_out(self, hints: Hints) -> list[list[Placed]]:
        first = self.facts_top - 2 * FACT_LINE - 8 - height_of(self._how_lines(hints)) - 6
        column = column_width(self.definition.indicators)
        room = TOP - STRIP - FOOT
        blocks: list[Block] = []
        for criterion in self.definition.criteria:
            rows = [row for item in criterion.indicators for row in indicator_blocks(item, hints, column, room - 70)]
            blocks += [criterion_block(criterion), *rows]
        blocks += self._end_blocks()
        return share_out(blocks, first, TOP - STRIP, FOOT)

    def _how_lines(self, hints: Hints) -> list[TextLine]:
        how = words.how_to(self.definition, words.left_out(self.definition, hints.levels))
        rule = words.pass_rule(self.definition)
        lead, _, rest = how.partition(":")
        spans = [(f"{lead}:", Face.BOLD), (clean(rest), Face.REGULAR)]
        return set_text([*spans, (clean(rule), Face.BOLD)] if rule else spans, _TEXT, WIDTH)

    def _end_blocks(self) -> list[Block]:
        blocks = [Block(15.5 * MM, self._draw_total, keeps_next=True)]
        small = Style(Face.REGULAR, 12)
        for text in words.prerequisites(self.definition):
            lines = set_text([(clean(text), Face.REGULAR)], small, WIDTH)[:8]
            blocks.append(Block(height_of(lines) + 3, partial(_draw_text, lines), keeps_next=True))
        blocks.append(Block(35 * MM, self._draw_signatures, keeps_next=True))
        purpose = set_text([(words.purpose(self.definition, self.head.keeper), Face.REGULAR)], small, WIDTH, 1.12)
        legend = words.legend(self.definition)
        notes = set_text([(clean(legend), Face.ITALIC)], Style(Face.ITALIC, 10.5), WIDTH, 1.12) if legend else []
        lines = [*purpose, *notes]
        return [*blocks, Block(height_of(lines) + 4, partial(_draw_text, lines))]

    # -- drawing -------------------------------------------------------------------------------------------------

    def _draw_head(self, canvas: Canvas) -> None:
        room = WIDTH - SIDE
        left, right = LEFT + 0.195 * room, LEFT + 0.7 * room
        self._draw_office(canvas, left)
        nation = fit(NATION, Style(Face.BOLD, 12), 0.6 * room, smallest=10)
        draw_line(canvas, right, TOP - 11, NATION, nation.style, Align.CENTRE)
        width = draw_line(canvas, right, TOP - 26, MOTTO, Style(Face.BOLD, 12.5), Align.CENTRE)
        draw_rule(canvas, right, TOP - 31, width)
        centre, top = LEFT + room / 2, self._head_foot + HEAD_HEIGHT
        kind, title = words.title_lines(self.definition, self.head.year)
        draw_line(canvas, centre, top - 52, kind, Style(Face.BOLD, 15), Align.CENTRE)
        fitted = fit(title, Style(Face.BOLD, 16), room - 4 * MM, smallest=11)
        draw_line(canvas, centre, top - 70, fitted.lines[0], fitted.style, Align.CENTRE)
        whose = fit(words.audience(self.definition), Style(Face.BOLD_ITALIC, BODY), room, smallest=10)
        draw_line(canvas, centre, top - 87, whose.lines[0], whose.style, Align.CENTRE)
        for number, line in enumerate(self._status):
            draw_line(canvas, LEFT, self._head_foot - 9 - 14 * number, line, _STATUS)
        self._draw_facts(canvas)
        draw_lines(canvas, self._how, LEFT, self.facts_top - 2 * FACT_LINE - 6)

    def _office_lines(self) -> list[tuple[str, Style]]:
        """The agency, each of its names on as many lines as it needs, at most ``_OFFICE_LINES`` in all."""
        names = self.head.office_lines
        lines: list[tuple[str, Style]] = []
        for number, name in enumerate(names, start=1):
            style = Style(Face.BOLD if number == len(names) else Face.REGULAR, 11.5)
            lines += [(line, style) for line in balance(clean(name), style, _OFFICE_SHARE * (WIDTH - SIDE))]
        if len(lines) <= _OFFICE_LINES:
            return lines
        last, style = lines[_OFFICE_LINES - 1]
        return [*lines[: _OFFICE_LINES - 1], (f"{last}…", style)]

    def _draw_office(self, canvas: Canvas, centre: float) -> None:
        y, length = TOP - 11, 0.0
        for line, style in self._office:
            length = draw_line(canvas, centre, y, line, style, Align.CENTRE)
            y -= OFFICE_LINE
        if length:
            draw_rule(canvas, centre, y + 9, length / 2)

    def _draw_facts(self, canvas: Canvas) -> None:
        top = self.facts_top
        canvas.setLineWidth(0.8)
        canvas.rect(LEFT, top - 2 * FACT_LINE, WIDTH, 2 * FACT_LINE)
        for place, (x, y, _) in enumerate(self.fact_places()):
            draw_line(canvas, x, y, f"{words.FACT_LABELS[self.definition.model][place]}:", _TEXT)

    def fact_places(self) -> list[tuple[float, float, float]]:
        """Where the label of each of the four values begins, and where its room ends."""
        narrow = LEFT + NARROW * WIDTH
        ends = (narrow - 6, LEFT + WIDTH - 6)
        return [
            (x, self.facts_top - FACT_LINE * (line + 0.71), end)
            for line in (0, 1)
            for x, end in zip((LEFT + 6, narrow), ends, strict=True)
        ]

    def value_x(self, place: int) -> float:
        """Where the value behind a label begins."""
        label = f"{words.FACT_LABELS[self.definition.model][place]}:"
        return self.fact_places()[place][0] + width_of(label, _TEXT) + 5

    def _draw_strip(self, canvas: Canvas) -> None:
        _, title = words.title_lines(self.definition, self.head.year)
        fitted = fit(f"{title} (tiếp theo)", Style(Face.BOLD, 11), 0.52 * WIDTH, smallest=8)
        draw_line(canvas, LEFT, TOP - 10, fitted.lines[0], fitted.style)

    def _draw_total(self, canvas: Canvas, top: float, height: float) -> None:
        canvas.setLineWidth(0.8)
        canvas.rect(LEFT, top - height, WIDTH, height)
        width = 28 * MM
        x = LEFT + WIDTH - width - 3 * MM
        draw_box(canvas, x, top - 1.5 * MM, width, height - 3 * MM)
        label = fit(words.total_label(self.definition), Style(Face.BOLD, 15), WIDTH - width - 12 * MM, smallest=11)
        draw_line(canvas, x - 4 * MM, top - height / 2 - 5, label.lines[0], label.style, Align.RIGHT)

    def _draw_signatures(self, canvas: Canvas, top: float, height: float) -> None:
        left, right = LEFT + 0.25 * WIDTH, LEFT + 0.75 * WIDTH
        day = f"Ngày …… tháng …… năm {self.head.year}"
        draw_line(canvas, right, top - 17, day, Style(Face.ITALIC, BODY), Align.CENTRE)
        signer = words.SIGNERS[self.definition.model]
        for centre, text in ((left, words.RECEIVER), (right, signer)):
            draw_line(canvas, centre, top - 33, text, Style(Face.BOLD, BODY), Align.CENTRE)
            draw_line(canvas, centre, top - 47, words.SIGN_NOTE, Style(Face.ITALIC, 12), Align.CENTRE)


def _sheets(pages: list[list[Placed]]) -> int:
    return -(-len(pages) // _SHEET)


def _draw_text(lines: list[TextLine], canvas: Canvas, top: float, height: float) -> None:
    draw_lines(canvas, lines, LEFT, top - 3)
