"""Ruled tables that run over pages: wrapped cells, headings between rows, the header repeated on every page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from desktop_app.services.documents.cells import LEADING, CellPen, SetCell
from desktop_app.services.documents.flow import Flow
from desktop_app.services.documents.fonts import Face
from desktop_app.services.documents.typography import MM, Align, Style
from desktop_app.services.progress import NO_PROGRESS, Progress

_PAD = 1.3 * MM
_PAD_ABOVE = 0.9 * MM


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

    _pen: CellPen = field(init=False)
    _widths: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self._pen = CellPen(self.flow.canvas)
        self._widths = [column.width * MM for column in self.columns]

    def draw(self, rows: Iterable[Row | Band], total: int = 0, progress: Progress = NO_PROGRESS) -> None:
        """Draw header and rows from the pen downward, with a new header after each page break."""
        header = self._set_cells([column.title for column in self.columns], Face.BOLD)
        self.flow.need(self._height(header) + 3 * self.least_height * MM)
        self._draw_cells(header, Face.BOLD, is_header=True)
        for done, row in enumerate(rows, start=1):
            if done % 50 == 0:
                progress.step(done, total, "Đang lập danh sách")
            if isinstance(row, Band):
                self._draw_band(row.text, header)
                continue
            face = Face.BOLD if row.is_bold else Face.REGULAR
            cells = self._set_cells(row.cells, face)
            if self.flow.need(self._height(cells)):
                self._draw_cells(header, Face.BOLD, is_header=True)
            self._draw_cells(cells, face)

    def _set_cells(self, texts: Sequence[str], face: Face) -> list[SetCell]:
        style, pen = Style(face, self.size), self._pen
        return [pen.set(text, style, width - 2 * _PAD) for text, width in zip(texts, self._widths, strict=True)]

    def _height(self, cells: list[SetCell]) -> float:
        lines = max(len(cell.lines) for cell in cells)
        return max(self.least_height * MM, lines * self.size * LEADING + 2 * _PAD_ABOVE)

    def _draw_cells(self, cells: list[SetCell], face: Face, *, is_header: bool = False) -> None:
        height, style, pen = self._height(cells), Style(face, self.size), self._pen
        x, y = self.flow.left, self.flow.y
        pen.rule(x, y, height, self._widths)
        shown = ""
        for cell, column, width in zip(cells, self.columns, self._widths, strict=True):
            align = Align.CENTRE if is_header else column.align
            if cell.lines:
                shown += pen.text(cell, style, x + _PAD, width - 2 * _PAD, y, height, align)
            x += width
        pen.draw_text(shown)
        self.flow.space(height)

    def _draw_band(self, text: str, header: list[SetCell]) -> None:
        style, pen = Style(Face.BOLD, self.size), self._pen
        height = max(self.least_height * MM, style.size * LEADING + 2 * _PAD_ABOVE)
        if self.flow.need(2 * height):
            self._draw_cells(header, Face.BOLD, is_header=True)
        width = sum(self._widths)
        pen.rule(self.flow.left, self.flow.y, height, [width])
        whole = pen.set(text, style, width - 2 * _PAD)
        first = SetCell(whole.lines[:1], whole.widths[:1], whole.shows[:1])
        pen.draw_text(pen.text(first, style, self.flow.left + _PAD, width - 2 * _PAD, self.flow.y, height, Align.LEFT))
        self.flow.space(height)
