"""The rows of a form: a criterion's heading, an indicator with its hints, its boxes and the line for evidence.

Invariant: what a person reads to answer is never set smaller than ``BODY`` unless the form would not fit its sheet, and
never below ``SMALLEST``; a box to write in is at least ``BOX`` high.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from desktop_app.services.criteria.definition import NOT_COMPARED, AnswerType, Criterion, Indicator, Level
from desktop_app.services.documents.flow import Span
from desktop_app.services.documents.fonts import Face, clean
from desktop_app.services.documents.typography import MM, Align, Style, draw_line, fit
from desktop_app.services.paper import words
from desktop_app.services.paper.blocks import Block, TextLine, draw_lines, height_of, set_text

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

BODY = 13.0
SMALLEST = 12.0
BOX = 11.5 * MM
LEFT, WIDTH = 13 * MM, 186 * MM
_PAD = 2 * MM
_ABOVE = 1.0 * MM
_EVIDENCE = 6.2 * MM
_SCORE_COLUMN, _CHOICE_COLUMN = 21 * MM, 33 * MM
_SMALL_BOX = 10.5 * MM
_UNDER_BOX = 17.0
_LABEL = Style(Face.REGULAR, 11.5)
_DOTS = (0.6, 2.2)


@dataclass(frozen=True, slots=True)
class Hints:
    """How much guidance a form carries.

    Args:
        levels: how many of an indicator's levels, the most telling first: 4 all, 3 without the lowest, 2 the highest
            and the lowest that passes, 0 none.
        size: of their text.
        is_listed: each level begins on a line of its own.
    """

    levels: int
    size: float
    is_listed: bool = False


LADDER = (
    Hints(4, BODY, is_listed=True), Hints(4, BODY), Hints(3, BODY, is_listed=True), Hints(3, BODY),
    Hints(2, BODY, is_listed=True), Hints(2, BODY), Hints(3, 12.5), Hints(2, 12.5), Hints(2, SMALLEST),
    Hints(1, BODY), Hints(1, SMALLEST), Hints(0, SMALLEST),
)  # fmt: skip
"""What is tried in turn until the form fits on one sheet."""


def column_width(indicators: Sequence[Indicator]) -> float:
    """Width of the column with the boxes."""
    is_choice = any(item.answer_type is not AnswerType.POINTS for item in indicators)
    return _CHOICE_COLUMN if is_choice else _SCORE_COLUMN


def criterion_block(criterion: Criterion) -> Block:
    """The band above a criterion's indicators."""
    maximum = f" ({words.score_text(criterion.max_score)} điểm)" if criterion.max_score else ""
    name = criterion.name.strip() or NOT_COMPARED
    text = clean(f"{criterion.number}. {name}{maximum}")
    lines = set_text([(text, Face.BOLD)], Style(Face.BOLD, BODY), WIDTH - 2 * _PAD, 1.12)[:4]
    return Block(height_of(lines) + 2 * _ABOVE, partial(_draw_band, lines), keeps_next=True)


def _draw_band(lines: list[TextLine], canvas: Canvas, top: float, height: float) -> None:
    canvas.setLineWidth(0.8)
    canvas.setFillGray(0.9)
    canvas.rect(LEFT, top - height, WIDTH, height, fill=1)
    canvas.setFillGray(0)
    draw_lines(canvas, lines, LEFT + _PAD, top - _ABOVE)


def indicator_blocks(item: Indicator, hints: Hints, column: float, room: float) -> list[Block]:
    """The rows of one indicator: one, unless its text alone is longer than a page.

    Args:
        column: width of the boxes' column.
        room: the height of a page.
    """
    lines = _text_lines(item, hints, WIDTH - column - 2 * _PAD)
    first, rest = _split(lines, room - 2 * _ABOVE - _EVIDENCE)
    blocks = [_row(item, first, column, is_last=not rest)]
    while rest:
        part, rest = _split(rest, room - 2 * _ABOVE - _EVIDENCE)
        blocks.append(_row(None, part, column, is_last=not rest))
    return blocks


def _split(lines: list[TextLine], room: float) -> tuple[list[TextLine], list[TextLine]]:
    used = 0.0
    for number, line in enumerate(lines):
        used += line.leading
        if used > room:
            return lines[:number], lines[number:]
    return lines, []


def _text_lines(item: Indicator, hints: Hints, width: float) -> list[TextLine]:
    spans: list[Span] = [(f"{clean(item.number)}.", Face.BOLD), (clean(words.wording(item)), Face.BOLD)]
    lines = set_text(spans, Style(Face.REGULAR, BODY), width, 1.14)
    if item.thresholds:
        lines += set_text([(clean(words.thresholds(item)), Face.REGULAR)], Style(Face.REGULAR, BODY), width, 1.14)
    more = [line for spans in _hint_spans(item, hints) for line in set_text(spans, _style(hints), width, 1.13)]
    is_free = height_of(lines) + height_of(more) + _EVIDENCE <= BOX + _UNDER_BOX
    return lines + more if hints.levels or is_free else lines


def _style(hints: Hints) -> Style:
    return Style(Face.REGULAR, hints.size)


def _hint_spans(item: Indicator, hints: Hints) -> list[list[Span]]:
    """Levels, each behind its range, as one text or one each; the indicator's help where it has none."""
    chosen = _chosen_levels(item.levels, hints.levels) if hints.levels else []
    if not chosen:
        return [[(clean(item.help), Face.REGULAR)]] if item.help.strip() else []
    each: list[list[Span]] = [
        [(f"{words.level_range(level)} điểm:", Face.BOLD), (clean(level.description), Face.REGULAR)] for level in chosen
    ]
    return each if hints.is_listed else [[span for spans in each for span in spans]]


def _chosen_levels(levels: Sequence[Level], count: int) -> list[Level]:
    """The highest first; of four, three leave out the lowest and two keep the highest and the last above the lowest."""
    ordered = sorted(levels, key=lambda level: -level.max)
    if count >= len(ordered):
        return ordered
    above = ordered[:-1] if len(ordered) > 1 else ordered
    if count >= len(above):
        return above
    return [above[0], above[-1]] if count == 2 else above[-1:]


def _row(item: Indicator | None, lines: list[TextLine], column: float, *, is_last: bool) -> Block:
    height = height_of(lines) + 2 * _ABOVE + (_EVIDENCE if is_last else 0.0)
    if item is not None:
        height = max(height, BOX + _UNDER_BOX + 2 * _ABOVE)
    return Block(height, partial(_draw_row, item, lines, column, is_last), is_elastic=is_last)


def _draw_row(
    item: Indicator | None,
    lines: list[TextLine],
    column: float,
    is_last: bool,
    canvas: Canvas,
    top: float,
    height: float,
) -> None:
    canvas.setLineWidth(0.6)
    canvas.rect(LEFT, top - height, WIDTH, height)
    canvas.line(LEFT + WIDTH - column, top, LEFT + WIDTH - column, top - height)
    draw_lines(canvas, lines, LEFT + _PAD, top - _ABOVE)
    if is_last:
        label = draw_line(canvas, LEFT + _PAD, top - height + 5.5, "Minh chứng:", Style(Face.ITALIC, 12))
        draw_dots(canvas, LEFT + _PAD + label + 4, LEFT + WIDTH - column - _PAD, top - height + 4.5)
    if item is not None:
        _draw_boxes(canvas, item, LEFT + WIDTH - column / 2, column, top)


def draw_dots(canvas: Canvas, left: float, right: float, y: float) -> None:
    """A dotted line to write on."""
    canvas.saveState()
    canvas.setLineWidth(0.7)
    canvas.setLineCap(1)
    canvas.setDash(*_DOTS)
    canvas.line(left, y, right, y)
    canvas.restoreState()


def draw_box(canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
    """A box to write in."""
    canvas.setLineWidth(1.3)
    canvas.rect(x, top - height, width, height)


def _draw_boxes(canvas: Canvas, item: Indicator, centre: float, column: float, top: float) -> None:
    if item.answer_type is AnswerType.MET:
        for text, side in (("Có", -1), ("Không", 1)):
            middle = centre + side * column / 4
            draw_line(canvas, middle, top - 14, text, Style(Face.REGULAR, 12), Align.CENTRE)
            draw_box(canvas, middle - _SMALL_BOX / 2, top - 18, _SMALL_BOX, _SMALL_BOX)
        return
    width = 15 * MM if item.answer_type is AnswerType.POINTS else 21 * MM
    x = centre - width / 2
    if item.answer_type is AnswerType.PERCENT:
        x -= 2.5 * MM
        draw_line(canvas, x + width + 1.5 * MM, top - 6 - BOX * 0.68, "%", Style(Face.BOLD, 15))
    draw_box(canvas, x, top - 6, width, BOX)
    if item.answer_type is AnswerType.POINTS:
        label = fit(words.maximum(item), _LABEL, column - 4, smallest=9)
        draw_line(canvas, centre, top - 6 - BOX - 11.5, label.lines[0], label.style, Align.CENTRE)
    else:
        draw_line(canvas, centre, top - 6 - BOX - 11.5, "tỷ lệ", _LABEL, Align.CENTRE)
