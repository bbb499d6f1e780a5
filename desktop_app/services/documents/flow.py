"""Running text on A4 pages of an administrative document: paragraphs, page breaks, page numbers, a note at the foot.

Sizes follow NĐ 30/2020/NĐ-CP, Phụ lục I (margins 20/20/30/15 mm, number centred in the top margin from page 2 on).
Lengths are points; ``y`` is the distance of the pen from the foot of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.services.documents.fonts import Face, clean, font_named
from desktop_app.services.documents.output import replacing
from desktop_app.services.documents.typography import (
    MM,
    Align,
    Style,
    balance,
    draw_justified,
    draw_line,
    width_of,
    wrap,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

REFERENCE_NOTE = "Mẫu tham khảo: cơ quan thay bằng mẫu của mình khi có."
BODY = Style(Face.REGULAR, 14)
Span = tuple[str, Face]
_LEFT, _RIGHT = 30 * MM, 15 * MM
_SHORT, _LONG = 210 * MM, 297 * MM


@dataclass(slots=True)
class Flow:
    """The pen of one document; use ``document`` to make one.

    Args:
        note: printed small at the foot of every page, empty for none.
        margin: above and below the text.
        number: page number within the present section; an annex is numbered by itself.
    """

    canvas: Canvas
    is_landscape: bool = False
    note: str = ""
    margin: float = 20 * MM
    number: int = 0
    pages: int = 0
    y: float = 0.0

    @property
    def page_width(self) -> float:
        return _LONG if self.is_landscape else _SHORT

    @property
    def page_height(self) -> float:
        return _SHORT if self.is_landscape else _LONG

    @property
    def left(self) -> float:
        return _LEFT

    @property
    def width(self) -> float:
        """Width of the text between the margins."""
        return self.page_width - _LEFT - _RIGHT

    @property
    def height(self) -> float:
        """Height of the text of one page."""
        return self.page_height - 2 * self.margin

    def start_section(self) -> None:
        """Begin on a new page numbered 1 (which shows no number)."""
        self.number = 0
        self.new_page()

    def new_page(self) -> None:
        self.close_page()
        self.number += 1
        self.pages += 1
        self.canvas.setPageSize((self.page_width, self.page_height))
        self.y = self.page_height - self.margin
        if self.number > 1:
            place = self.page_height - 12 * MM
            draw_line(self.canvas, self.page_width / 2, place, str(self.number), Style(Face.REGULAR, 13), Align.CENTRE)
        if self.note:
            draw_line(self.canvas, self.left, 10 * MM, self.note, Style(Face.ITALIC, 8.5))

    def close_page(self) -> None:
        if self.pages:
            self.canvas.showPage()

    def need(self, height: float) -> bool:
        """Begin a new page unless ``height`` is left on this one; tells whether it did."""
        if self.y - height >= self.margin or height > self.height:
            return False
        self.new_page()
        return True

    def space(self, height: float) -> None:
        self.y -= height

    def centred(self, text: str, style: Style, *, leading: float = 1.25, width: float | None = None) -> None:
        """Lines of about the same length, centred between the margins; a line break in the text is kept."""
        for part in text.split("\n"):
            for line in balance(clean(part), style, width or self.width):
                self.need(style.size * leading)
                self.y -= style.size * leading
                draw_line(self.canvas, self.left + self.width / 2, self.y, line, style, Align.CENTRE)

    def paragraph(
        self, spans: str | Sequence[Span], style: Style = BODY, *, indent: float = 12.7 * MM, after: float = 6.0
    ) -> None:
        """A justified paragraph of one or several faces, its first line indented."""
        runs = [(spans, style.face)] if isinstance(spans, str) else list(spans)
        lines = wrap_spans(runs, style, self.width, indent)
        leading = style.size * 1.25
        self.need(leading * min(2, len(lines)))
        for number, line in enumerate(lines, start=1):
            self.need(leading)
            self.y -= leading
            shift = indent if number == 1 else 0.0
            is_last = number == len(lines)
            draw_spans(self.canvas, line, style, self.left + shift, self.y, 0.0 if is_last else self.width - shift)
        self.space(after)


@contextmanager
def document(
    out: Path, title: str, *, is_landscape: bool = False, note: str = "", margin: float = 20 * MM
) -> Iterator[Flow]:
    """Open a flow whose pages are written whole to ``out`` when the block ends without an error."""
    from reportlab.pdfgen.canvas import Canvas

    for face in Face:
        font_named(face.value)
    with replacing(out) as stream:
        canvas = Canvas(stream, pageCompression=1, lang="vi-VN")
        canvas.setTitle(clean(title))
        canvas.setCreator("Sổ Học Tập")
        flow = Flow(canvas, is_landscape=is_landscape, note=note, margin=margin)
        yield flow
        flow.close_page()
        canvas.save()


def wrap_spans(spans: Sequence[Span], style: Style, width: float, indent: float = 0.0) -> list[list[Span]]:
    """Cut a text of several faces into lines of words, each with its face; the first line is shorter by ``indent``."""
    lines: list[list[Span]] = [[]]
    room = width - indent
    for text, face in spans:
        set_style = Style(face, style.size)
        gap = width_of(" ", set_style)
        for long_word in clean(text).split(" "):
            for word in wrap(long_word, set_style, width - indent):
                needed = width_of(word, set_style)
                if lines[-1] and needed + gap > room:
                    lines.append([])
                    room = width
                room -= needed + (gap if lines[-1] else 0.0)
                lines[-1].append((word, face))
    return lines


def draw_spans(canvas: Canvas, words: list[Span], style: Style, x: float, y: float, width: float) -> None:
    """Draw one line of words; ``width`` 0 leaves it ragged."""
    runs: list[Span] = []
    for word, face in words:
        if runs and runs[-1][1] is face:
            runs[-1] = (f"{runs[-1][0]} {word}", face)
        else:
            runs.append((word, face))
    if len(runs) == 1 and width:
        draw_justified(canvas, x, y, runs[0][0], Style(runs[0][1], style.size), width)
        return
    natural = sum(width_of(word, Style(face, style.size)) for word, face in words)
    gaps = len(words) - 1
    space = width_of(" ", style)
    if width and gaps:
        space = (width - natural) / gaps
    for text, face in runs:
        set_style = Style(face, style.size)
        for word in text.split(" "):
            x += draw_line(canvas, x, y, word, set_style) + space
