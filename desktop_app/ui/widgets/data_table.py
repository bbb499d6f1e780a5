"""The program's table: rows 1.9 times the text, figures to the right, chips drawn, columns that keep their width.

Invariant: shows any QAbstractTableModel; with a PagedTableModel it paints from records without loading the list.
Keys: arrows, Home/End first and last row, PageUp/PageDown, Enter opens; typing letters selects nothing by itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets import state
from desktop_app.ui.widgets.basics import Card, label
from desktop_app.ui.widgets.layouts import hbox
from desktop_app.ui.widgets.paged_model import (
    CELL_ROLE,
    COLUMN_ROLE,
    BarCell,
    Column,
    Index,
    PagedTableModel,
    PageSource,
    ToneText,
    cell_text,
)
from desktop_app.ui.widgets.painting import ChipData, chip_size, paint_bar, paint_chip

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
CELL_PADDING = 8
MOST_GIVEN = 0.3
"""A stretching column gives at most this share of its width before the table scrolls sideways."""


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
                self.viewport().update(0, top, self.viewport().width(), height)


class DataTable(Card):
    """A table in a card.

    Args:
        key: stable name under which widths, order and visibility of its columns are remembered.
        columns: what is shown; also the default widths.
        model: another model of the page's own; by default a PagedTableModel over ``set_source``.
        single: only one row can be selected.
        title, note: a heading inside the card and a quiet word at its right.

    Signals:
        row_selected(object): the record of the current row or None; with an own model, its row number.
        row_opened(object): Enter or double click.
        menu_requested(QPoint): right button or the menu key, in global coordinates.
    """

    row_selected = Signal(object)
    row_opened = Signal(object)
    menu_requested = Signal(QPoint)

    def __init__(
        self,
        key: str,
        columns: Sequence[Column],
        *,
        model: Any = None,
        single: bool = False,
        title: str = "",
        note: str = "",
    ) -> None:
        super().__init__(margins=(8, 4, 8, 8), spacing=0)
        if title:
            head = hbox(margins=(10, 12, 10, 2), spacing=16)
            head.addWidget(label(title, "strong"))
            head.addStretch(1)
            head.addWidget(label(note, "small"))
            self.body.addLayout(head)
        self._key = key
        self._columns = tuple(columns)
        self._is_fitting = False
        self._row_room = 0
        self._left_out: set[int] = set()
        self.view = TableView()
        self.view.setAccessibleName(title or "Danh sách")
        if single:
            self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.paged: PagedTableModel | None = None if model is not None else PagedTableModel(columns, parent=self)
        self.view.setModel(model if model is not None else self.paged)
        self._widths: dict[str, int] = {}
        self.body.addWidget(self.view, 1)
        self.body.addStretch(0)
        self.setFocusProxy(self.view)
        self._placeholder: QWidget | None = None
        self._restore()
        self._connect()
        self._rescale()

    def _connect(self) -> None:
        header = self.view.horizontalHeader()
        header.sectionResized.connect(self._on_resized)
        header.sectionMoved.connect(self._remember)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.show_column_menu(header.mapToGlobal(at)))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(
            lambda at: self.menu_requested.emit(self.view.viewport().mapToGlobal(at))
        )
        self.view.resized.connect(self._fit)
        self.view.opened.connect(lambda row: self.row_opened.emit(self._record(row)))
        self.view.selectionModel().currentRowChanged.connect(self._on_current_changed)
        if self.paged is not None and any(c.is_sortable for c in self._columns):
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.view.setSortingEnabled(True)
        if self.paged is not None:
            self.paged.modelReset.connect(self._on_reset)
            self.paged.layoutChanged.connect(self._on_reset)
        theme.notifier().changed.connect(self._rescale)

    def set_source(self, source: PageSource | None) -> None:
        """Show a list; the first row is made current so that the keyboard works at once."""
        assert self.paged is not None
        self.paged.set_source(source)
        self._show_placeholder()

    def reload(self) -> None:
        assert self.paged is not None
        self.paged.reload()
        self._show_placeholder()

    def set_placeholder(self, widget: QWidget) -> None:
        """What stands in place of the table while it has no rows (an EmptyState)."""
        self._placeholder = widget
        self.body.insertWidget(self.body.indexOf(self.view), widget, 1)
        self._show_placeholder()

    def show_rows(self, count: int) -> None:
        """Be exactly as high as this many rows, for short tables; 0 takes all the room there is."""
        self._row_room = count
        self._rescale()

    def current(self) -> Any | None:
        """The record of the current row."""
        return self._record(self.view.currentIndex().row())

    def selected(self) -> list[Any]:
        """The records of all selected rows, in order."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return [self._record(row) for row in rows]

    def select_row(self, row: int) -> None:
        """Make this row the only selected one and show it."""
        index = self.view.model().index(row, 0)
        self._select_only(index)
        self.view.scrollTo(index)

    def _select_only(self, index: QModelIndex) -> None:
        """Not ``selectRow``: that one asks the keyboard, and while Ctrl is held for a shortcut it toggles."""
        wanted = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.view.selectionModel().setCurrentIndex(index, wanted)

    def column_button_menu(self, owner: QWidget) -> None:
        """Show the column menu under a button ("Cột")."""
        self.show_column_menu(owner.mapToGlobal(owner.rect().bottomLeft()))

    def show_column_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        header = self.view.horizontalHeader()
        for index, column in enumerate(self._columns):
            action = menu.addAction(column.title or "(không tên)")
            action.setCheckable(True)
            action.setChecked(index in self._left_out or not header.isSectionHidden(index))
            action.setEnabled(index > 0)
            action.toggled.connect(lambda shown, i=index: self.set_column_shown(i, shown))
        menu.addSeparator()
        menu.addAction("Như ban đầu").triggered.connect(lambda _checked=False: self.reset_columns())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def set_column_shown(self, index: int, shown: bool) -> None:
        self._left_out.discard(index)
        self._is_fitting = True
        self.view.setColumnHidden(index, not shown)
        self._is_fitting = False
        self._fit()
        self._remember()

    def reset_columns(self) -> None:
        """Widths, order and visibility as they were at first."""
        state.remember(f"columns/{self._key}", "")
        self._widths.clear()
        header = self.view.horizontalHeader()
        self._is_fitting = True
        for index, column in enumerate(self._columns):
            header.moveSection(header.visualIndex(index), index)
            self.view.setColumnHidden(index, column.is_hidden)
        self._is_fitting = False
        self._fit()
        self._remember()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(36) + 4 * theme.row_height())

    def _record(self, row: int) -> Any | None:
        if self.paged is None:
            return row if row >= 0 else None
        return self.paged.row_at(row)

    def _on_current_changed(self, current: QModelIndex) -> None:
        self.view.viewport().update()
        self.row_selected.emit(self._record(current.row()))

    def _on_reset(self) -> None:
        has_rows = self.paged is not None and self.paged.rowCount() > 0
        current = self.view.currentIndex().row()
        self._select_only(self.view.model().index(0, 0)) if has_rows else self.view.clearSelection()
        if not has_rows or current == 0:
            self.row_selected.emit(self._record(0) if has_rows else None)
        self.view.scrollToTop()

    def _show_placeholder(self) -> None:
        if self._placeholder is not None and self.paged is not None:
            is_empty = self.paged.rowCount() == 0
            self._placeholder.setVisible(is_empty)
            self.view.setVisible(not is_empty)

    def _rescale(self) -> None:
        height = theme.row_height()
        vertical = self.view.verticalHeader()
        if vertical.defaultSectionSize() != height:
            vertical.setDefaultSectionSize(height)
        was, self._is_fitting = self._is_fitting, True  # a narrow column that grows with it is nobody's choice
        self.view.horizontalHeader().setMinimumSectionSize(theme.px(36))
        self._is_fitting = was
        if self._row_room:
            self.view.setFixedHeight(theme.px(50) + self._row_room * height)
        else:
            self.view.setMinimumHeight(0)
            self.view.setMaximumHeight(16777215)
        self._fit()

    def _fit(self) -> None:
        """Give each column its width; stretching ones that nobody has resized share what is left.

        When the room is short they give way up to ``MOST_GIVEN``; where that is not enough the table scrolls sideways
        at full widths.
        """
        header = self.view.horizontalHeader()
        self._make_room()
        shown = [(i, c) for i, c in enumerate(self._columns) if not header.isSectionHidden(i)]
        widths = {i: theme.px(self._widths.get(c.key, c.width)) for i, c in shown}
        spare = self.view.viewport().width() - sum(widths.values())
        stretching = [(i, c.stretch) for i, c in shown if c.stretch and c.key not in self._widths]
        shares = sum(stretch for _, stretch in stretching)
        if spare > 0 and shares:
            for index, stretch in stretching:
                widths[index] += spare * stretch // shares
            widths[stretching[-1][0]] += self.view.viewport().width() - sum(widths.values())
        pliant = sum(widths[index] for index, _ in stretching)
        if spare < 0 and -spare <= pliant * MOST_GIVEN:
            for index, _ in stretching:
                widths[index] -= -spare * widths[index] // pliant + 1
        self._is_fitting = True
        for index, width in widths.items():
            header.resizeSection(index, width)
        self._is_fitting = False

    def _make_room(self) -> None:
        """Leave out columns that give way while the chosen ones do not fit; that is never remembered as a choice."""
        room = self.view.viewport().width()
        if not any(column.gives_way for column in self._columns) or room < theme.px(36):
            return
        header = self.view.horizontalHeader()
        chosen = [i for i in range(len(self._columns)) if i in self._left_out or not header.isSectionHidden(i)]
        widths = {i: theme.px(self._widths.get(self._columns[i].key, self._columns[i].width)) for i in chosen}
        left_out: set[int] = set()
        for index in sorted(chosen, key=lambda i: -self._columns[i].gives_way):
            if not self._columns[index].gives_way or sum(widths.values()) <= room:
                break
            left_out.add(index)
            del widths[index]
        changed, self._left_out = left_out ^ self._left_out, left_out
        was, self._is_fitting = self._is_fitting, True
        for index in changed:
            self.view.setColumnHidden(index, index in left_out)
        self._is_fitting = was

    def _on_resized(self, index: int, old: int, new: int) -> None:
        if not self._is_fitting and new > 0 and index < len(self._columns):
            self._widths[self._columns[index].key] = round(new * 100 / theme.percent())
            self._remember()

    def _remember(self) -> None:
        header = self.view.horizontalHeader()
        order = sorted(range(len(self._columns)), key=header.visualIndex)
        hidden = [c.key for i, c in enumerate(self._columns) if header.isSectionHidden(i) and i not in self._left_out]
        kept = {"widths": self._widths, "order": [self._columns[i].key for i in order], "hidden": hidden}
        state.remember(f"columns/{self._key}", json.dumps(kept, ensure_ascii=False))

    def _restore(self) -> None:
        header = self.view.horizontalHeader()
        try:
            kept = json.loads(state.recall(f"columns/{self._key}") or "{}")
            self._widths = {str(k): int(v) for k, v in kept.get("widths", {}).items()}
            order = [str(k) for k in kept.get("order", [])]
            hidden = {str(k) for k in kept["hidden"]} if "hidden" in kept else None
        except (ValueError, TypeError, AttributeError):
            self._widths, order, hidden = {}, [], None
        keys = [c.key for c in self._columns]
        for place, key in enumerate(k for k in order if k in keys):
            header.moveSection(header.visualIndex(keys.index(key)), place)
        for index, column in enumerate(self._columns):
            is_hidden = column.is_hidden if hidden is None else column.key in hidden
            self.view.setColumnHidden(index, is_hidden and index > 0)
