"""How the grid is painted: one pass over the rows in sight, the scores first, what stays at the sides over them.

Invariant: paints from the store's values and keeps nothing; a status is never told by colour alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from desktop_app.services.criteria.definition import AnswerType
from desktop_app.ui import icons, theme
from desktop_app.ui.keying.cell_keys import CellSpec, shown_of
from desktop_app.ui.keying.grid_shape import BIRTH, CHIP, CODE, NAME, NUMBER, TITLES, TOTAL
from desktop_app.ui.keying.grid_store import Lead, Tail
from desktop_app.ui.widgets.painting import paint_chip

if TYPE_CHECKING:
    from desktop_app.ui.keying.grid_view import GridView

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_CENTER = int(Qt.AlignmentFlag.AlignCenter)
PAD = 10


class GridPainter:
    """One painting of a grid."""

    def __init__(self, grid: GridView, painter: QPainter) -> None:
        self._grid, self._painter = grid, painter
        self._shape = grid.shape
        self._scrolled = grid.horizontalScrollBar().value()

    def paint(self, area: QRect) -> None:
        grid = self._grid
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.fillRect(area, theme.color("card"))
        for row in grid.rows_in(area):
            self._paint_row(row)
        if grid.entry_row_in(area):
            self._paint_entry()
        if area.top() < grid.head_height:
            self._paint_head()

    # -- head --------------------------------------------------------------------------------------------------

    def _paint_head(self) -> None:
        grid, painter = self._grid, self._painter
        band = QRect(0, 0, grid.viewport().width(), grid.head_height)
        painter.fillRect(band, theme.color("card"))
        font = theme.font(theme.SMALL, strong=True)
        self._clip_to_cells(band)
        for column, cell in enumerate(grid.cells):
            is_current = column == grid.column and not grid.is_adding
            rect = self._cell_rect(column, band)
            ink = "accent_deep" if is_current else "quiet"
            self._text(rect, cell.number, ink, font, _CENTER)
            if is_current:
                painter.fillRect(
                    QRect(rect.left(), band.bottom() - theme.px(2), rect.width(), theme.px(2)), theme.color("accent")
                )
        painter.setClipping(False)
        for key, (x, width) in {**self._shape.lead, **self._shape.tail}.items():
            box = QRect(x, 0, width, band.height())
            flags = _RIGHT if key == TOTAL else _LEFT
            title = {NAME: grid.name_title, BIRTH: grid.birth_title, CHIP: grid.corner}.get(key, TITLES[key])
            self._text(box, title, "quiet", font, flags)
        painter.fillRect(QRect(0, band.bottom(), band.width(), 1), theme.color("line"))

    # -- rows --------------------------------------------------------------------------------------------------

    def _paint_row(self, row: int) -> None:
        grid, painter = self._grid, self._painter
        band = grid.row_rect(row)
        is_current = row == grid.row and not grid.is_adding
        ground = theme.color("accent_ground" if is_current else "hover" if row == grid.hovered else "card")
        painter.fillRect(band, ground)
        self._clip_to_cells(band)
        low = theme.font(bold=True)
        plain = theme.font()
        first, last = grid.columns_in_sight()
        for column in range(first, last):
            self._paint_cell(row, column, band, plain, low)
        painter.setClipping(False)
        self._paint_lead(row, band, grid.store.lead(row))
        if grid.store.has_tail:
            self._paint_tail(band, grid.store.tail(row), is_current=is_current)
        if self._shape.hidden:
            self._paint_edges(band)
        painter.fillRect(QRect(0, band.bottom(), band.width(), 1), theme.color("line_soft"))
        if is_current:
            self._paint_current(row, band)

    def _paint_cell(self, row: int, column: int, band: QRect, plain: QFont, low: QFont) -> None:
        grid = self._grid
        cell, value = grid.cells[column], grid.store.value(row, column)
        rect = self._cell_rect(column, band)
        if value is None:
            if grid.store.why_shut(row, column):
                self._text(rect, "–", "quiet", plain, _CENTER)
            return
        is_low = value < cell.least or (cell.kind is AnswerType.MET and not value)
        if cell.kind is AnswerType.MET:
            self._paint_met(rect, bool(value))
            return
        ink = "failed" if is_low else "quiet" if grid.store.why_shut(row, column) else "ink"
        self._text(rect, shown_of(cell, value), ink, low if is_low else plain, _CENTER)

    def _paint_met(self, rect: QRect, is_met: bool) -> None:
        """A tick or a cross with its letter: two signs besides the colour."""
        side = theme.px(14)
        tint = "passed" if is_met else "failed"
        letter = "Đ" if is_met else "C"
        width = side + theme.px(4) + QFontMetrics(theme.font()).horizontalAdvance(letter)
        left = rect.center().x() - width // 2
        icons.paint(
            self._painter, "check" if is_met else "x", QRect(left, rect.center().y() - side // 2, side, side), tint
        )
        box = QRect(left + side + theme.px(4), rect.top(), width, rect.height())
        self._painter.setFont(theme.font())
        self._painter.setPen(theme.color(tint))
        self._painter.drawText(box, _LEFT, letter)

    def _paint_lead(self, row: int, band: QRect, lead: Lead) -> None:
        texts = {NUMBER: (str(row + 1), "quiet", False), CODE: (lead.code, "quiet", False)}
        texts |= {NAME: (lead.name, "ink", True), BIRTH: (lead.birth, "quiet", False)}
        for key, (x, width) in self._shape.lead.items():
            text, ink, is_strong = texts[key]
            size = theme.SMALL if key in (CODE, BIRTH) else theme.BODY
            self._text(QRect(x, band.top(), width, band.height()), text, ink, theme.font(size, strong=is_strong), _LEFT)

    def _paint_tail(self, band: QRect, tail: Tail, *, is_current: bool) -> None:
        for key, (x, width) in self._shape.tail.items():
            box = QRect(x, band.top(), width, band.height())
            if key == TOTAL:
                self._text(box, tail.total, "ink", theme.font(bold=True), _RIGHT)
            elif key == CHIP and tail.chip is not None:
                room = box.adjusted(theme.px(PAD), 0, -theme.px(4), 0)
                paint_chip(self._painter, room, tail.chip, on_selection=is_current)

    def _paint_edges(self, band: QRect) -> None:
        """A line where scores go on out of sight."""
        edge = theme.color("line")
        if self._scrolled:
            self._painter.fillRect(QRect(self._shape.left, band.top(), 1, band.height()), edge)
        if self._scrolled < self._shape.hidden:
            self._painter.fillRect(QRect(self._shape.right - 1, band.top(), 1, band.height()), edge)

    def _paint_current(self, row: int, band: QRect) -> None:
        grid, painter = self._grid, self._painter
        rect = self._cell_rect(grid.column, band).adjusted(1, 1, -1, -1)
        if rect.right() <= self._shape.left or rect.left() >= self._shape.right:
            return
        self._clip_to_cells(band)
        has_focus = grid.hasFocus()
        painter.setBrush(theme.color("card"))
        painter.setPen(QPen(theme.color("accent" if has_focus else "accent_soft"), theme.px(2)))
        painter.drawRect(rect)
        text = grid.shown_text
        font = theme.font(bold=grid.is_typing)
        self._text(rect, text, "ink", font, _CENTER)
        if has_focus and (grid.is_typing or not text):
            width = QFontMetrics(font).horizontalAdvance(text)
            x = rect.center().x() + width // 2 + theme.px(2)
            height = theme.px(19)
            caret = QRect(x, rect.center().y() - height // 2, theme.px(2), height)
            painter.fillRect(caret, theme.color("ink"))
        painter.setClipping(False)

    def _paint_entry(self) -> None:
        """The line on which the next person is looked for: its number, and a pale ground below the field."""
        band = self._grid.row_rect(self._grid.store.count())
        if self._grid.is_adding:
            self._painter.fillRect(band, theme.color("accent_faint"))
        x, width = self._shape.lead[NUMBER]
        number = str(self._grid.store.count() + 1)
        self._text(QRect(x, band.top(), width, band.height()), number, "quiet", theme.font(), _LEFT)
        self._painter.fillRect(QRect(0, band.bottom(), band.width(), 1), theme.color("line_soft"))

    # -- pieces ------------------------------------------------------------------------------------------------

    def _cell_rect(self, column: int, band: QRect) -> QRect:
        return QRect(self._shape.cell_x(column, self._scrolled), band.top(), self._shape.cell_width, band.height())

    def _clip_to_cells(self, band: QRect) -> None:
        box = QRect(self._shape.left, band.top(), self._shape.right - self._shape.left, band.height())
        self._painter.setClipRect(box)

    def _text(self, rect: QRect, text: str, ink: str | QColor, font: QFont, flags: int) -> None:
        if not text:
            return
        self._painter.setFont(font)
        self._painter.setPen(theme.color(ink) if isinstance(ink, str) else ink)
        pad = 0 if flags == _CENTER else theme.px(PAD)
        right = {_LEFT: 4, _RIGHT: 6}.get(flags, 0)
        room = rect.adjusted(pad, 0, -theme.px(right), 0)
        shown = text
        if flags == _LEFT:
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        self._painter.drawText(room, flags, shown)


def cell_words(cell: CellSpec, value: float | None) -> str:
    """A cell for screen readers: "chỉ số 5, đang là 9" or "…, trống"."""
    standing = f"đang là {shown_of(cell, value)}" if value is not None else "trống"
    return f"{cell.word} {cell.number}, {standing}, {cell.range_text}"
