"""Parts of a form that must not be broken, and how they are shared out over the pages.

Invariant: a block stands whole on one page; a heading never stands last on its page. Lengths are points, ``top`` is
the distance of the block's upper edge from the foot of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.services.documents.flow import Span, draw_spans, wrap_spans
from desktop_app.services.documents.typography import Style

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

Draw = Callable[["Canvas", float, float], None]
"""Gets the upper edge and the height."""

_TINY = 0.01
_MOST_STRETCH = 15.0


@dataclass(frozen=True, slots=True)
class Block:
    """Something that draws itself below an upper edge.

    Args:
        height: that it needs.
        keeps_next: stands on the page of the block that follows.
        is_elastic: takes some of the room that is left on its page.
    """

    height: float
    draw: Draw
    keeps_next: bool = False
    is_elastic: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A block on its page."""

    block: Block
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of words of several faces; ``leading`` is the height that it takes."""

    words: tuple[Span, ...]
    size: float
    leading: float


def set_text(
    spans: Sequence[Span], style: Style, width: float, leading: float = 1.18, indent: float = 0.0
) -> list[TextLine]:
    """Lines not wider than ``width``."""
    lines = wrap_spans(spans, style, width, indent)
    return [TextLine(tuple(line), style.size, style.size * leading) for line in lines if line]


def height_of(lines: Iterable[TextLine]) -> float:
    """What the lines take."""
    return sum(line.leading for line in lines)


def draw_lines(canvas: Canvas, lines: Iterable[TextLine], x: float, top: float, indent: float = 0.0) -> float:
    """Draw ragged lines below ``top``, the first one shifted; returns where they end."""
    for number, line in enumerate(lines):
        style = Style(line.words[0][1], line.size)
        shift = 0.0 if number else indent
        draw_spans(canvas, list(line.words), style, x + shift, top - line.leading + line.size * 0.26, 0.0)
        top -= line.leading
    return top


def share_out(blocks: Sequence[Block], first: float, later: float, foot: float) -> list[list[Placed]]:
    """Put blocks on pages one below the other and give what room is left to the elastic ones.

    Args:
        first, later: where the room of the first and of the later pages begins.
        foot: where it ends; no block may be higher than ``later - foot``.
    """
    pages: list[list[Block]] = [[]]
    room = first - foot
    for group in _groups(blocks):
        needed = sum(block.height for block in group)
        if needed > room + _TINY:
            pages.append([])
            room = later - foot
        for block in group:
            if block.height > room + _TINY and pages[-1]:
                pages.append([])
                room = later - foot
            pages[-1].append(block)
            room -= block.height
    return [_stretched(page, later if number else first, foot) for number, page in enumerate(pages)]


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Runs of blocks that stay on one page."""
    groups: list[list[Block]] = []
    is_open = False
    for block in blocks:
        if is_open:
            groups[-1].append(block)
        else:
            groups.append([block])
        is_open = block.keeps_next
    return groups


def _stretched(page: Sequence[Block], top: float, foot: float) -> list[Placed]:
    elastic = sum(block.is_elastic for block in page)
    left = top - foot - sum(block.height for block in page)
    more = max(0.0, min(_MOST_STRETCH, left / elastic)) if elastic else 0.0
    placed = []
    for block in page:
        height = block.height + (more if block.is_elastic else 0.0)
        placed.append(Placed(block, top, height))
        top -= height
    return placed
