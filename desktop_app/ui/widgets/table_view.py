"""The view inside the program's table: how a cell is painted by its column's kind, and the keys of a list.

Invariant: paints from a record's values, never from widgets; typing letters selects nothing by itself.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.paged_model import (
    CELL_ROLE,
    COLUMN_ROLE,
    BarCell,
    Column,
    Index,
    ToneText,
    cell_text,
)
from desktop_app.ui.widgets.painting import ChipData, chip_size, paint_bar, paint_chip
from desktop_app.ui.widgets.sight import viewport_size

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
CELL_PADDING = 8


class CellDelegate(QStyledItemDelegate):
    """Paints a cell by its column's kind; a plain model without Column data is painted as text."""

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        column = index.data(COLUMN_ROLE)
        value = index.data(CELL_ROLE)
        if isinstance(value, ChipData):
            width = chip_size(value).width()
        else:
            text = cell_text(column, value) if column is not None else str(index.data() or "")
            strong = column is not None and column.kind == "strong"
            width = QFontMetrics(theme.font(strong=strong)).horizontalAdvance(text)
        return QSize(width + 2 * theme.px(CELL_PADDING), theme.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        painter.save()
        self._paint_ground(painter, rect, index, option)
        column = index.data(COLUMN_ROLE)
        room = rect.adjusted(theme.px(CELL_PADDING), 0, -theme.px(CELL_PADDING), 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if column is None:
            self._paint_text(painter, room, Column("", ""), index.data())
        else:
            value = index.data(CELL_ROLE)
            if isinstance(value, ChipData):
                selected = bool(option.state & QStyle.StateFlag.State_Selected)
                paint_chip(painter, room, value, on_selection=selected)
            else:
                self._paint_value(painter, room, column, value)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, index: Index, option: QStyleOptionViewItem) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.color("accent_ground"))
        elif index.row() == self._view.hovered_row:
            painter.fillRect(rect, theme.color("hover"))
        line = theme.color("line_soft")
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), line)
        is_current = index.row() == self._view.currentIndex().row() and self._view.hasFocus()
        if is_current:
            ring = theme.px(2)
            accent = theme.color("accent")
            painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), ring), accent)
            painter.fillRect(QRect(rect.left(), rect.bottom() - ring + 1, rect.width(), ring), accent)
            header = self._view.horizontalHeader()
            visual = header.visualIndex(index.column())
            if self._view.is_edge(visual, first=True):
                painter.fillRect(QRect(rect.left(), rect.top(), ring, rect.height()), accent)
            if self._view.is_edge(visual, first=False):
                painter.fillRect(QRect(rect.right() - ring + 1, rect.top(), ring, rect.height()), accent)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """A cell that is cut shows its whole words."""
        rect: QRect = option.rect
        if event.type() == QEvent.Type.ToolTip and self.sizeHint(option, index).width() > rect.width():
            QToolTip.showText(event.globalPos(), str(index.data() or ""), view)
            return True
        return super().helpEvent(event, view, option, index)

    def _paint_value(self, painter: QPainter, room: QRect, column: Column, value: Any) -> None:
        if isinstance(value, BarCell):
            height = theme.px(10)
            bar = QRectF(room.left(), room.center().y() - height / 2, room.width(), height)
            paint_bar(painter, bar, value.done, also=value.also, target=value.target)
        elif column.kind == "check":
            side = theme.px(16)
            box = QRect(room.left(), room.center().y() - side // 2, side, side)
            if value:
                icons.paint(painter, "check", box, "passed")
        else:
            self._paint_text(painter, room, column, value)

    def _paint_text(self, painter: QPainter, room: QRect, column: Column, value: Any) -> None:
        text = cell_text(column, value)
        if not text:
            return
        strong = column.kind == "strong"
        ink = "quiet" if column.kind in ("quiet", "small") or value is None else "ink"
        if isinstance(value, ToneText):
            ink = value.tone if value.tone != "neutral" else ink
            strong = value.is_strong
        font = theme.font(theme.SMALL if column.kind == "small" else theme.BODY, strong=strong)
        painter.setFont(font)
        painter.setPen(theme.color(ink))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _RIGHT if column.kind == "number" else _LEFT, shown)


class TableView(QTableView):
    """The view inside a DataTable; use DataTable."""

    opened = Signal(int)
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.hovered_row = -1
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)  # a greater one costs 20 s with 100,000 rows at each zoom
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setSectionsMovable(True)
        header.setSortIndicatorClearable(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setItemDelegate(CellDelegate(self))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def is_edge(self, visual: int, *, first: bool) -> bool:
        """Is the column at this place the first or last that is shown?"""
        header = self.horizontalHeader()
        places = range(visual) if first else range(visual + 1, header.count())
        return all(header.isSectionHidden(header.logicalIndex(place)) for place in places)

    def repaint_rows(self) -> None:
        """Paint all rows in sight anew, without touching the viewport; see ``sight``."""
        self.setDirtyRegion(QRegion(QRect(QPoint(0, 0), viewport_size(self))))

    def setSelectionModel(self, selection: QItemSelectionModel) -> None:
        """The heading gets one of its own: painting it asks of every row whether its column is chosen (100,000)."""
        super().setSelectionModel(selection)
        header = self.horizontalHeader()
        header.setSelectionModel(QItemSelectionModel(self.model(), header))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        last = self.model().rowCount() - 1 if self.model() is not None else -1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif key == Qt.Key.Key_Home and last >= 0 and not event.modifiers():
            self.selectRow(0)
        elif key == Qt.Key.Key_End and last >= 0 and not event.modifiers():
            self.selectRow(last)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Typing letters moves nothing: search stands in the header (F3)."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_hovered(self.rowAt(int(event.position().y())))
        super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._set_hovered(-1)
        return super().viewportEvent(event)

    def _set_hovered(self, row: int) -> None:
        if row == self.hovered_row:
            return
        old, self.hovered_row = self.hovered_row, row
        for changed in (old, row):
            if changed >= 0:
                top, height = self.rowViewportPosition(changed), self.rowHeight(changed)
                self.setDirtyRegion(QRegion(0, top, viewport_size(self).width(), height))
