"""Ruled tables that run over pages: wrapped cells, headings between rows, the header repeated on every page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop_app.services.documents.flow import Flow
from desktop_app.services.documents.fonts import Face, clean
from desktop_app.services.documents.typography import ELLIPSIS, MM, Align, Style, draw_line, width_of, wrap
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import number_text

_PAD = 1.3 * MM
_PAD_ABOVE = 0.9 * MM
_LEADING = 1.18
_MOST_LINES = 16
_MOST_LETTERS = 2000
_RULE = 0.45


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``width`` in millimetres."""

    title: str
    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Band:
    """A heading across the whole table, e.g. a hamlet's name."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cells, as many as there are columns; a bold row is a subtotal or a criterion's heading."""

    cells: tuple[str, ...]
    is_bold: bool = False


@dataclass(slots=True)
class Table:
    """A table being drawn.

    Args:
        size: of the text, in points.
        least_height: of a row in millimetres, e.g. to leave room for signatures.
    """

    flow: Flow
    columns: Sequence[Column]
    size: float = 12.0
    least_height: float = 6.5

    def draw(self, rows: Iterable[Row | Band], total: int = 0, progress: Progress = NO_PROGRESS) -> None:
        """Draw header and rows from the pen downward, with a new header after each page break."""
        header = self._set_cells([column.title for column in self.columns], Face.BOLD)
        self.flow.need(self._height(header) + 3 * self.least_height * MM)
        self._draw_cells(header, Face.BOLD, is_header=True)
        for done, row in enumerate(rows, start=1):
            if done % 50 == 0:
                progress.step(done, total, _how_far(done, total))
            if isinstance(row, Band):
                self._draw_band(row.text, header)
                continue
            face = Face.BOLD if row.is_bold else Face.REGULAR
            cells = self._set_cells(row.cells, face)
            if self.flow.need(self._height(cells)):
                self._draw_cells(header, Face.BOLD, is_header=True)
            self._draw_cells(cells, face)

    def _set_cells(self, texts: Sequence[str], face: Face) -> list[list[str]]:
        style = Style(face, self.size)
        return [
            _set_cell(clean(text), style, column.width * MM - 2 * _PAD)
            for text, column in zip(texts, self.columns, strict=True)
        ]

    def _height(self, cells: list[list[str]]) -> float:
        lines = max(map(len, cells))
        return max(self.least_height * MM, lines * self.size * _LEADING + 2 * _PAD_ABOVE)

    def _draw_cells(self, cells: list[list[str]], face: Face, *, is_header: bool = False) -> None:
        height = self._height(cells)
        x = self.flow.left
        canvas = self.flow.canvas
        canvas.setLineWidth(_RULE)
        for lines, column in zip(cells, self.columns, strict=True):
            width = column.width * MM
            canvas.rect(x, self.flow.y - height, width, height)
            align = Align.CENTRE if is_header else column.align
            anchor = x + _PAD + (width - 2 * _PAD) * align.value
            self._draw_lines(lines, Style(face, self.size), anchor, height, align)
            x += width
        self.flow.space(height)

    def _draw_lines(self, lines: list[str], style: Style, anchor: float, height: float, align: Align) -> None:
        """Lines of a cell, centred in its height."""
        step = style.size * _LEADING
        y = self.flow.y - (height - len(lines) * step) / 2 - style.size * 0.92
        for line in lines:
            draw_line(self.flow.canvas, anchor, y, line, style, align)
            y -= step

    def _draw_band(self, text: str, header: list[list[str]]) -> None:
        style = Style(Face.BOLD, self.size)
        height = max(self.least_height * MM, style.size * _LEADING + 2 * _PAD_ABOVE)
        if self.flow.need(2 * height):
            self._draw_cells(header, Face.BOLD, is_header=True)
        width = sum(column.width for column in self.columns) * MM
        self.flow.canvas.setLineWidth(_RULE)
        self.flow.canvas.rect(self.flow.left, self.flow.y - height, width, height)
        line = _set_cell(clean(text), style, width - 2 * _PAD)[:1]
        self._draw_lines(line, style, self.flow.left + _PAD, height, Align.LEFT)
        self.flow.space(height)


def _how_far(done: int, total: int) -> str:
    return f"Đang lập danh sách: {number_text(done)}/{number_text(total)}" if total else "Đang lập danh sách"


def _set_cell(text: str, style: Style, width: float) -> list[str]:
    if not text:
        return []
    text = text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS] + ELLIPSIS
    if width_of(text, style) <= width:
        return [text]
    lines = wrap(text, style, width)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], ELLIPSIS]
    return lines
