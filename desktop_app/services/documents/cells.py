"""Cells of ruled tables, set once and drawn as PDF operators: a list of 100,000 rows has near a million of them.

Invariant: what is drawn equals what ``typography.draw_line`` and ``Canvas.rect`` would draw; a text that needs care
(letters of another font, marks to be placed) goes through ``draw_line`` itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.services.documents.fonts import clean, font_named, is_plain
from desktop_app.services.documents.typography import ELLIPSIS, Align, Style, draw_line, width_of, wrap

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

LEADING = 1.18
"""From one line of a cell to the next, in sizes of the letters."""
_MOST_LINES = 16
_MOST_LETTERS = 2000
_MOST_KEPT = 20_000
_RULE = 0.45


@dataclass(frozen=True, slots=True)
class SetCell:
    """A cell's lines, the width of each, and for each the operators that show it (None: it needs care)."""

    lines: tuple[str, ...]
    widths: tuple[float, ...]
    shows: tuple[str | None, ...]


_EMPTY = SetCell((), (), ())


@dataclass(slots=True)
class CellPen:
    """Sets and draws the cells of one canvas; remembers what it has set, for lists say the same things often."""

    canvas: Canvas
    _kept: dict[tuple[str, Style, float], SetCell] = field(default_factory=dict)

    def set(self, text: str, style: Style, width: float) -> SetCell:
        """Cut a text into the lines of a cell; what is far too long ends in "…"."""
        key = (text, style, width)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = self._set(clean(text), style, width)
        return found

    def _set(self, text: str, style: Style, width: float) -> SetCell:
        if not text:
            return _EMPTY
        text = text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS] + ELLIPSIS
        natural = width_of(text, style)
        if natural <= width:
            return SetCell((text,), (natural,), (self._show(text, style),))
        lines = wrap(text, style, width)
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 1], ELLIPSIS]
        widths = tuple(width_of(line, style) for line in lines)
        return SetCell(tuple(lines), widths, tuple(self._show(line, style) for line in lines))

    def _show(self, line: str, style: Style) -> str | None:
        """The operators that choose the fonts of a line and show it, from wherever the pen stands."""
        if not is_plain(line, style.face) or style.tracking or style.is_kerned:
            return None
        font, document = font_named(style.face.value), self.canvas._doc
        return " ".join(
            f"{font.getSubsetInternalName(subset, document)} {style.size:g} Tf <{letters.hex()}> Tj"
            for subset, letters in font.splitString(line, document)
        )

    def text(
        self, cell: SetCell, style: Style, left: float, width: float, top: float, height: float, align: Align
    ) -> str:
        """The operators that draw a cell's lines, centred in its height; lines that need care are drawn at once."""
        step = style.size * LEADING
        y = top - (height - len(cell.lines) * step) / 2 - style.size * 0.92
        anchor = left + width * align.value
        shown = ""
        for line, natural, show in zip(cell.lines, cell.widths, cell.shows, strict=True):
            if show is None:
                draw_line(self.canvas, anchor, y, line, style, align)
            else:
                shown += f"1 0 0 1 {anchor - natural * align.value:.3f} {y:.3f} Tm {show} "
            y -= step
        return shown

    def draw_text(self, shown: str) -> None:
        """Draw what ``text`` gave, of one cell or of several."""
        if shown:
            self.canvas.addLiteral(f"BT {shown}ET")

    def rule(self, left: float, top: float, height: float, widths: Sequence[float]) -> None:
        """The rules around a row's cells and between them."""
        foot = top - height
        between, x = "", left
        for width in widths[:-1]:
            x += width
            between += f"{x:.3f} {top:.3f} m {x:.3f} {foot:.3f} l "
        self.canvas.addLiteral(f"{_RULE} w n {left:.3f} {foot:.3f} {sum(widths):.3f} {height:.3f} re {between}S")
